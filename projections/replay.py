"""The history walked again from the first stored row, and held against what the queries answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ledger.book import Book
from ledger.errors import StoreUnusable
from ledger.event import Event
from ledger.fact import EntryLine, Fact
from ledger.movement import Basis
from ledger.register import Entry
from ledger.store import Ledger
from ledger.timeline import History, Knowledge
from ledger.values import Source
from projections.actions import own_fields
from projections.positions import ShareCounts, share_counts
from projections.question import Question


@dataclass(frozen=True, slots=True)
class ReplayedEvent:
    """One event of an entry, in words a reader of the minute book understands."""

    action: str
    version: int
    event: str
    on: date | None
    fields: dict[str, Any]
    source: Source | None


@dataclass(frozen=True, slots=True)
class ReplayedEntry:
    """One entry of a register: who recorded what when, on which document, and what came out."""

    issuer: str
    entry: int
    recorded_at: datetime
    by: str
    source: Source | None
    events: list[ReplayedEvent]
    positions: list[ShareCounts]
    """The counts of each class the entry touched, after its latest event."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A replayed figure that is not what the queries answer."""

    issuer: str
    entry: int
    what: str
    replayed: str
    answered: str


@dataclass
class _Walk:
    """One issuer's history as far as it has been replayed."""

    pending: dict[tuple[str, int], Event] = field(default_factory=dict)
    entries: list[EntryLine] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)


def replay(
    ledger: Ledger, issuer: str | None = None, *, to: int | None = None, until: date | None = None
) -> Iterator[ReplayedEntry | Difference]:
    """Walk every stored row from the first, entry by entry; end by comparing with the queries.

    `to` is the last entry of the issuer to walk, `until` the last (UTC) day of recording. Yields
    the entries, then every difference there is: none where the history holds.
    """
    knowledge = Knowledge(to if to is not None else until)
    books = {code: Book(ledger, code) for code in ([issuer] if issuer else ledger.issuers())}
    recorded = {
        (code, entry.number): entry
        for code, book in books.items()
        for entry in book.history.entries
    }
    walks: dict[str, _Walk] = defaultdict(_Walk)
    for row in ledger.stored_rows():
        code = row.issuer
        if issuer is not None and code != issuer:
            continue
        walk = walks[code]
        if isinstance(row, Entry):
            line = recorded.get((code, row.number))
            if line is None:
                continue  # recorded since the replay began
            if _beyond(line, to, until):
                continue
            facts = _facts_of(row, line, walk)
            walk.entries.append(line)
            walk.facts += facts
            yield _replayed(code, line, facts, History(code, walk.entries, walk.facts))
        else:
            walk.pending[row.action, row.version] = row
    for code, book in books.items():
        yield from _strays(walks[code], book.history)
        yield from _differences(walks[code], book.history.known(knowledge))


def _beyond(line: EntryLine, to: int | None, until: date | None) -> bool:
    return (to is not None and line.number > to) or (
        until is not None and line.recorded_at.date() > until
    )


def _facts_of(entry: Entry, line: EntryLine, walk: _Walk) -> list[Fact]:
    facts: list[Fact] = []
    for part in entry.events:
        for version in range(part.first, part.last + 1):
            event = walk.pending.pop((part.action, version), None)
            if event is None:
                raise StoreUnusable(
                    f"the ledger is damaged: entry {line.number} of {entry.issuer} names version "
                    f"{version} of {part.action}, which is not stored before it",
                    "work on a copy of a backup; keep this file for the auditor",
                )
            facts.append(Fact(event, line, len(facts) + 1))
    return facts


def _replayed(issuer: str, line: EntryLine, facts: list[Fact], history: History) -> ReplayedEntry:
    days: dict[str, date] = {}
    for fact in facts:
        event = fact.event
        code = event.share_class
        if code is not None and code in history.classes and event.is_dated:
            days[code] = max(event.settles or event.on, days.get(code, date.min))
    return ReplayedEntry(
        issuer,
        line.number,
        line.recorded_at,
        line.by,
        line.source,
        [
            ReplayedEvent(
                fact.event.action,
                fact.event.version,
                fact.event.name,
                fact.event.on if fact.event.is_dated else None,
                own_fields(fact.event),
                fact.event.source,
            )
            for fact in facts
        ],
        [share_counts(history, code, Question(day)) for code, day in sorted(days.items())],
    )


def _strays(walk: _Walk, history: History) -> Iterator[Difference]:
    """Events that are stored and that no entry of the register names."""
    named = {(fact.event.action, fact.event.version) for fact in history.facts}
    for event in walk.pending.values():
        if (event.action, event.version) not in named:
            yield Difference(
                event.issuer,
                history.last_entry or 0,
                f"event {event.version} of {event.action} ({event.name} on {event.on})",
                "stored",
                "in no entry",
            )


def _differences(walk: _Walk, answered: History) -> Iterator[Difference]:
    """Hold the replayed history against the queried one, at every day anything moved."""
    replayed = History(answered.issuer, walk.entries, walk.facts)
    if replayed.last_entry != answered.last_entry:
        yield Difference(
            answered.issuer,
            max(replayed.last_entry or 0, answered.last_entry or 0),
            "entries",
            str(replayed.last_entry),
            str(answered.last_entry),
        )
    for share_class in sorted({*replayed.classes, *answered.classes}):
        for basis in Basis:
            yield from _different_counts(replayed, answered, share_class, basis)


def _different_counts(
    replayed: History, answered: History, share_class: str, basis: Basis
) -> Iterator[Difference]:
    mine, theirs = replayed.positions(share_class, basis), answered.positions(share_class, basis)
    days = sorted({position.step.day for position in (*mine, *theirs)})
    for day in days:
        left, right = mine.at(day), theirs.at(day)
        for name in ("authorized", "issued", "treasury", "outstanding", "cost"):
            here, there = getattr(left, name), getattr(right, name)
            if here != there:
                yield Difference(
                    answered.issuer,
                    answered.last_entry or 0,
                    f"{name} of class {share_class} on {day} ({basis} basis)",
                    str(here),
                    str(there),
                )
