"""Events and entries read from their rows: a closed registry of names, and no code."""

from __future__ import annotations

import json
from typing import Any

import ledger.actions  # noqa: F401 - makes every kind known
from ledger.errors import StoreUnusable, shown
from ledger.events.entry import Entry
from ledger.events.event import Event
from ledger.events.kinds import EVENTS
from ledger.proof.commit import Row
from ledger.values import quick


def decoded(originator_id: Any, version: Any, topic: Any, state: Any) -> Event | Entry:
    """The event or entry of a stored row, with every check that a document goes through.

    Raises StoreUnusable where the row cannot be read or holds the body of another; the message
    names the event by its issuer, action and version.
    """
    row = f"event {version} of {originator_id}"
    event_class: type[Event | Entry] | None = (
        Entry if topic == Entry.__name__ else EVENTS.get(topic)
    )
    if event_class is None:
        raise damaged(f"{row} is a {topic!r}, which this version does not know")
    try:
        data = json.loads(state)
    except (ValueError, TypeError, RecursionError) as error:
        raise damaged(f"{row} ({topic}) cannot be read: {error}") from None
    if not isinstance(data, dict):
        raise damaged(f"{row} ({topic}) is no JSON object")
    try:
        event = quick.read(event_class, data)
    except quick.Unusual:
        event = _validated(event_class, state, f"{_name(data, version) or row} ({topic})")
    if (event.originator_id.hex, event.originator_version) != (originator_id, version):
        raise damaged(f"{row} ({topic}) holds the body of another event")
    return event


def _validated(event_class: type[Event | Entry], state: Any, row: str) -> Event | Entry:
    from pydantic import ValidationError  # noqa: PLC0415 - most rows are read without it

    from ledger.values.validation import first_problem, from_json  # noqa: PLC0415 - the same

    try:
        return from_json(event_class, state)
    except ValidationError as error:
        problem = ": ".join(part for part in first_problem(error, event_class) if part)
        raise damaged(f"{row} cannot be read: {problem}") from None
    except RecursionError as error:
        raise damaged(f"{row} cannot be read: {error}") from None


def _name(data: dict[str, Any], version: Any) -> str | None:
    """What a user calls the event or entry of this body, where it still says so."""
    issuer, action = data.get("issuer"), data.get("action")
    if not isinstance(issuer, str):
        return None
    if isinstance(action, str):
        return f"event {version} of {shown(issuer)} {shown(action)}"
    return f"entry {version} of {shown(issuer)}"


READ_BACK = 20
"""How many rows of an entry are read back before it is saved: all that anybody types. Of a file,
every line was read from text just before, and a property holds that what is read is read back."""


def row_of(event: Event | Entry) -> Row:
    """An event or entry as it is stored: under its bare name, as compact JSON."""
    return Row(
        event.originator_id.hex,
        event.originator_version,
        type(event).__name__,
        event.to_json().encode(),
    )


def damaged(what: str) -> StoreUnusable:
    """The error of a store that cannot be read as a ledger."""
    return StoreUnusable(
        f"the ledger is damaged or of a newer version: {what}",
        "see what happened with: capital audit verify; work on a copy of a backup, and keep this "
        "file for the auditor",
    )
