"""Events and entries as they are stored, and back: a closed registry of names, compact JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from eventsourcing.persistence import Mapper, StoredEvent
from pydantic import ValidationError

import ledger.actions  # noqa: F401 - makes every kind known
from ledger.action import EVENTS
from ledger.errors import StoreUnusable
from ledger.event import Event
from ledger.register import Entry


class LedgerMapper(Mapper[UUID]):
    """Stores an event under its bare name as compact JSON, and reads nothing else back.

    A row names no code: what is not in the registry, or whose body disagrees with its row, is
    damage and never executed (the library's own mapper resolves a topic as `module:name`).
    """

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=type(domain_event).__name__,
            state=domain_event.model_dump_json(exclude_unset=True).encode(),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return decoded(
            stored_event.originator_id,
            stored_event.originator_version,
            stored_event.topic,
            stored_event.state,
        )


def read_row(originator_id: Any, version: Any, topic: Any, state: Any) -> Event | Entry:
    """The event or entry of a row as it lies in a file; raises StoreUnusable as `decoded` does."""
    try:
        return decoded(UUID(originator_id), version, topic, state)
    except (ValueError, TypeError, AttributeError) as problem:
        raise damaged(f"event {version!r} of {originator_id!r}: {problem}") from None


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
        event = event_class.model_validate_json(state)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise damaged(f"{row} ({topic}) cannot be read: {where} {first['msg']}") from None
    if (event.originator_id, event.originator_version) != (originator_id, version):
        raise damaged(f"{row} ({topic}) holds the body of another event")
    return event


def damaged(what: str) -> StoreUnusable:
    """The error of a store that cannot be read as a ledger."""
    return StoreUnusable(
        f"the ledger is damaged or of a newer version: {what}",
        "see what happened with: capital audit verify; work on a copy of a backup, and keep this "
        "file for the auditor",
    )
