"""Events and entries as rows, and read back; a row names no code."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

import ledger.actions  # noqa: F401 - makes every kind known
from ledger.errors import damaged, shown
from ledger.events.entry import Entry
from ledger.events.event import Event
from ledger.events.kinds import EVENTS
from ledger.proof.commit import Row
from ledger.values.problems import problem_in_words


def decoded(originator_id: Any, version: Any, topic: Any, state: Any) -> Event | Entry:
    """The event or entry of a stored row, with every check that a line from outside passes.

    Raises StoreUnusable if the row cannot be read or contains the data of a different event; the
    message names the event by issuer, action and version.
    """
    row = f"event {version} of {originator_id}"
    event_class: type[Event | Entry] | None = (
        Entry if topic == Entry.__name__ else EVENTS.get(topic)
    )
    if event_class is None:
        raise damaged(f"{row} is of type {topic!r}, which this version does not know")
    try:
        event = event_class.read(state)
    except ValidationError as error:
        row = _name(state, version) or row
        raise damaged(
            f"{row} ({topic}) cannot be read: {problem_in_words(error, event_class)}"
        ) from None
    except (ValueError, TypeError) as error:
        raise damaged(f"{row} ({topic}) cannot be read: {error}") from None
    if (event.originator_id.hex, event.originator_version) != (originator_id, version):
        raise damaged(f"{row} ({topic}) contains the data of a different event")
    return event


def _name(state: Any, version: Any) -> str | None:
    """The name of the event or entry for a user, if the data still has it."""
    try:
        data = json.loads(state)
    except (ValueError, TypeError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(issuer := data.get("issuer"), str):
        return None
    action = data.get("action")
    if isinstance(action, str):
        return f"event {version} of {shown(issuer)} {shown(action)}"
    return f"entry {version} of {shown(issuer)}"


def row_of(event: Event | Entry) -> Row:
    """An event or entry as it is stored: under its bare name, as compact JSON."""
    return Row(
        event.originator_id.hex,
        event.originator_version,
        type(event).__name__,
        event.to_json(),
    )
