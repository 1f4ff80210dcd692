"""Events and entries read from their rows: a closed registry of names, and no code."""

from __future__ import annotations

import json
from typing import Any

import ledger.actions  # noqa: F401 - makes every kind known
from ledger.errors import StoreUnusable
from ledger.events.entry import Entry
from ledger.events.event import Event
from ledger.events.kinds import EVENTS
from ledger.proof.commit import Row


def decoded(originator_id: Any, version: Any, topic: Any, state: Any) -> Event | Entry:
    """The event or entry of a stored row.

    Raises StoreUnusable where the row cannot be read or holds the body of another.
    """
    row = f"event {version} of {originator_id}"
    event_class: type[Event | Entry] | None = (
        Entry if topic == Entry.__name__ else EVENTS.get(topic)
    )
    if event_class is None:
        raise damaged(f"{row} is a {topic!r}, which this version does not know")
    try:
        data = json.loads(state)
        if not isinstance(data, dict):
            raise damaged(f"{row} ({topic}) is no JSON object")
        event: Event | Entry = event_class.stored(data)
    except (ValueError, TypeError, RecursionError) as error:
        raise damaged(f"{row} ({topic}) cannot be read: {error}") from None
    if (event.originator_id.hex, event.originator_version) != (originator_id, version):
        raise damaged(f"{row} ({topic}) holds the body of another event")
    return event


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
