"""Where a figure comes from: its event, its entry and its document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.history.facts import Document, StatedFact


@dataclass(frozen=True, slots=True)
class Origin:
    """The event a line comes from, its place in the register, its document and article."""

    on: date
    """The day it took effect, by the basis of the question."""
    action: str | None
    """None where the line is not an event, as in `kind`, `key` and `entry`."""
    kind: str | None
    event: str
    key: str | None
    entry: int | None
    legal_basis: str | None
    source: Document | None


def origin(fact: StatedFact, on: date | None = None) -> Origin:
    """Where a line comes from; `on` where the event took effect on another day than its own."""
    event = fact.event
    return Origin(
        event.on if on is None else on,
        event.action,
        event.action_kind,
        event.name,
        event.key,
        fact.entry.number,
        event.legal_basis,
        event.source or fact.entry.source,
    )
