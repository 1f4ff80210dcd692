"""The history replayed from the first stored row, and compared with the answers of the queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from ledger.counts.basis import Basis
from ledger.errors import StoreUnusable, damaged
from ledger.events.entry import Entry
from ledger.events.event import Event
from ledger.events.recorded import EntryLine, Fact
from ledger.history.history import History
from ledger.history.knowledge import EVERYTHING, Knowledge
from ledger.proof.commit import Commit, instant, root_text
from ledger.proof.merkle import EMPTY_ROOT, Edge
from ledger.recording.issuer_record import Book
from ledger.store.ledger import Ledger
from ledger.store.rows import decoded
from ledger.store.stored import Snapshot, StoredRow
from ledger.values.fields import Source
from ledger.values.ids import action_id, register_id
from projections.actions.actions import own_fields
from projections.audit.answers import answer_lines
from projections.audit.walk import Committed, all_commits, commit_of_entry, last_commit, leaf_now
from projections.shares.counts import ShareCounts
from projections.shares.index import index_differences
from projections.shares.touched import counts_after


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
    """Nothing where `what` says it all."""
    answered: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What goes into the working papers: equal digests mean equal history and equal answers."""

    root: str
    """The root over all rows up to the last entry walked, base64."""
    answers: str
    """The SHA-256 over every answer at every day that changes one, hexadecimal."""

    @property
    def text(self) -> str:
        return f"{self.root}.{self.answers}"


@dataclass
class IssuerWalk:
    """One issuer's history as far as it has been walked."""

    issuer: str
    last: int = 0
    """The number of the last entry walked."""
    events: int = 0
    """How many events its entries hold."""
    entries: list[EntryLine] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    """With their entries, where details are wanted: else the rows alone are walked."""

    def take(self, entry: Entry, recorded_at: datetime, events: list[Event] | None) -> list[Fact]:
        """Add an entry, and its events where they are at hand."""
        self.last = entry.number
        self.events += sum(part.last - part.first + 1 for part in entry.events)
        line = EntryLine(entry.number, recorded_at, entry.by, entry.source, entry.key)
        facts = [Fact(event, line, number) for number, event in enumerate(events or (), start=1)]
        if events is None:
            self.entries.clear()
        self.entries.append(line)
        self.facts += facts
        return facts

    @property
    def history(self) -> History:
        return History(self.issuer, self.entries, self.facts)


def replay(
    ledger: Ledger,
    issuer: str | None = None,
    *,
    knowledge: Knowledge = EVERYTHING,
    details: bool = True,
) -> Iterator[ReplayedEntry | Difference | Digest]:
    """Walk every stored row from the first, entry by entry; end by comparing with the queries.

    Yields the entries up to that state of knowledge (without their events and the counts after
    each, where no details are wanted), then every difference there is, none where the history
    holds; last the digest.
    """
    with ExitStack() as stack:
        moment = stack.enter_context(ledger.snapshot())
        codes = [issuer] if issuer is not None else ledger.issuers()
        last = {code: moment.last_version(register_id(code).hex) or 0 for code in codes}
        walks = {code: IssuerWalk(code) for code in codes}
        root = EMPTY_ROOT
        strays: list[Difference] = []
        roots = _Roots(moment)
        commits = all_commits(moment) if issuer is None else _of(moment, issuer, last[issuer])
        for commit, rows in commits:
            recorded_at = instant(commit.recorded_at)
            if knowledge.at is not None and not knowledge.includes_time(recorded_at):
                continue
            entry, wrong = _read(commit, rows)
            strays += wrong
            if entry is None or entry.issuer not in walks:
                continue  # not an entry, or of an issuer registered since the replay began
            if isinstance(knowledge.at, int) and entry.number > knowledge.at:
                continue
            root = roots.at(commit.last_row)
            if root != commit.root:
                what = f"the root over the rows up to {commit.last_row}"
                stored_root = root_text(commit.root)
                strays.append(
                    Difference(entry.issuer, entry.number, what, root_text(root), stored_root)
                )
            walk = walks[entry.issuer]
            yield _replayed(
                walk, walk.take(entry, recorded_at, _events(entry, rows) if details else None)
            )
        if issuer is None:
            strays += _in_no_commit(moment, knowledge)
    yield from strays
    answers = sha256()
    for code in sorted(codes):
        book = Book(ledger, code)
        if issuer is not None:
            yield from _unnamed(book)
        answered = book.history.as_of(Knowledge(last[code])).as_of(knowledge)
        yield from _differences(walks.pop(code), answered, details=details)
        yield from _index_differences(ledger, answered, knowledge)
        for line in answer_lines(answered):
            answers.update(line.encode())
    yield Digest(root_text(root), answers.hexdigest())


class _Roots:
    """The root after each commit, from the leaves that all commits before it hold."""

    def __init__(self, moment: Snapshot) -> None:
        self._commits = moment.commits()
        self._edge = Edge()

    def at(self, row: int) -> bytes:
        while self._edge.size < row:
            stored = next(self._commits, None)
            if stored is None:
                break
            for leaf in stored.read().leaf_hashes():
                self._edge.append(leaf)
        return self._edge.root


def _of(moment: Snapshot, issuer: str, last: int) -> Iterator[Committed]:
    for number in range(1, last + 1):
        found = commit_of_entry(moment, issuer, number)
        if found is None:
            raise damaged(f"entry {number} of {issuer} is in no commit")
        yield found


def _read(commit: Commit, rows: list[StoredRow]) -> tuple[Entry | None, list[Difference]]:
    """The entry of a commit; and rows that are not what they were, or not what it names."""
    leaves = commit.leaf_hashes()
    entry: Entry | None = None
    altered: list[int] = []
    stored: dict[tuple[str, int], StoredRow] = {}
    for row in rows:
        if row.topic == Entry.__name__ and isinstance(read := decoded(*row[1:]), Entry):
            entry = read
        else:
            stored[row.originator_id, row.originator_version] = row
        place = row.row - commit.first_row
        recorded = leaves[place] if 0 <= place < len(leaves) else None
        leaf = leaf_now(commit, row)
        if leaf is None or leaf != recorded:
            altered.append(row.row)
    issuer, number = (entry.issuer, entry.number) if entry is not None else ("", 0)
    differences = [
        Difference(issuer, number, f"row {row}", "altered since", "recorded otherwise")
        for row in altered
    ]
    named = {} if entry is None else _named(entry)
    differences += [
        _stray(event, number)
        for place, row in stored.items()
        if place not in named and isinstance(event := decoded(*row[1:]), Event)
    ]
    differences += [
        Difference(issuer, number, f"event {place[1]} of {action}", "missing", "in the entry")
        for place, action in named.items()
        if place not in stored
    ]
    return entry, differences


def _named(entry: Entry) -> dict[tuple[str, int], str]:
    """Where the events of an entry are stored, by log and version; and of which action."""
    return {
        (log, version): part.action
        for part in entry.events
        for log in (action_id(entry.issuer, part.action).hex,)
        for version in range(part.first, part.last + 1)
    }


def _events(entry: Entry, rows: list[StoredRow]) -> list[Event]:
    """The events of an entry, in the order they are stored."""
    named = _named(entry)
    found = (
        decoded(*row[1:]) for row in rows if (row.originator_id, row.originator_version) in named
    )
    return [event for event in found if isinstance(event, Event)]


def _stray(event: Event, entry: int) -> Difference:
    what = f"event {event.version} of {event.action} ({event.name} on {event.on})"
    return Difference(event.issuer, entry, what, "stored", "in no entry")


def _in_no_commit(moment: Snapshot, knowledge: Knowledge) -> Iterator[Difference]:
    """Events behind the last commit, where everything is walked."""
    if knowledge.at is not None:
        return
    last = last_commit(moment)
    for row in moment.rows(1 if last is None else last.last_row + 1):
        read = decoded(*row[1:])
        if isinstance(read, Event):
            yield _stray(read, 0)
        else:
            yield Difference(read.issuer, read.number, f"entry {read.number}", "stored", "nowhere")


def _unnamed(book: Book) -> Iterator[Difference]:
    """Events that are in an action's log and in no entry."""
    named = {(fact.event.action, fact.event.version) for fact in book.history.facts}
    for log in book.actions.values():
        for event in log:
            if (event.action, event.version) not in named:
                yield _stray(event, book.history.last_entry or 0)


def _replayed(walk: IssuerWalk, facts: list[Fact]) -> ReplayedEntry:
    line = walk.entries[-1]
    return ReplayedEntry(
        walk.issuer,
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
        counts_after(walk.history.as_of(EVERYTHING), facts),
    )


def _differences(walk: IssuerWalk, answered: History, *, details: bool) -> Iterator[Difference]:
    """Hold what was walked against what queries read.

    Every row was compared with its leaf and its entry on the way: if queries read as many, they
    read the same. What was shown in detail is compared with them day by day.
    """
    last = answered.last_entry or 0
    for what, replayed, read in (
        ("entries", walk.last, last),
        ("events", walk.events, len(answered.facts)),
    ):
        if replayed != read:
            yield Difference(walk.issuer, max(walk.last, last), what, str(replayed), str(read))
    if details:
        replayed_history = walk.history
        for share_class in sorted({*replayed_history.classes, *answered.classes}):
            for basis in Basis:
                yield from _different_counts(replayed_history, answered, share_class, basis)


def _index_differences(
    ledger: Ledger, answered: History, knowledge: Knowledge
) -> Iterator[Difference]:
    """Hold what the events add up to against the index, which is of all that is known."""
    if knowledge != EVERYTHING:
        return
    try:
        texts = list(index_differences(ledger, answered))
    except StoreUnusable as problem:
        texts = [f"{problem.message}; make the index again with: capital rebuild"]
    for text in texts:
        yield Difference(answered.issuer, answered.last_entry or 0, text, "", "")


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
