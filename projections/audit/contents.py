"""What stored rows say together: versions without a gap, entries that name their events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ledger.errors import StoreUnusable
from ledger.events.entry import Entry
from ledger.events.event import Event
from ledger.proof.checkpoint import issuer_leaf, issuers_tree
from ledger.store.rows import decoded
from ledger.store.stored import StoredRow
from projections.audit.fault import Fault, FaultKind

Decode = Callable[[], "Event | Entry"]


@dataclass(frozen=True, slots=True)
class LastEntry:
    """An issuer's last entry so far, and the salt of its commit."""

    number: int
    salt: bytes


@dataclass(frozen=True, slots=True)
class Read:
    """What one commit says: whose entry it is, and what is wrong with it."""

    issuer: str | None
    entry: int | None
    faults: Sequence[Fault]


@dataclass
class Contents:
    """What has been read of a log so far: the last version of every action and register."""

    versions: dict[tuple[str, str], int] = field(default_factory=dict)
    """By issuer and action; the register's own action is the empty text."""
    entries: dict[str, LastEntry] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)
    """How many events of each issuer."""
    entries_read: int = 0
    sequence: bool = True
    """Whether the rows are all there are, so that versions must follow one another."""

    def take(self, rows: Sequence[tuple[int, Decode]], salt: bytes) -> Read:
        """Read the rows of one commit: the events of one entry, then the entry."""
        read: list[tuple[int, Event | Entry]] = []
        unreadable: list[tuple[int, str]] = []
        for row, decode in rows:
            try:
                read.append((row, decode()))
            except StoreUnusable as problem:
                unreadable.append((row, problem.message))
        issuer, number = _whose(read)
        faults = [
            Fault(FaultKind.UNREADABLE, row, issuer, number, f"row {row}: {message}")
            for row, message in unreadable
        ]
        for row, event in read:
            faults += self._in_sequence(row, event, number)
        if rows and not unreadable:
            faults += _names_its_events([event for _, event in read], rows[-1][0])
        if issuer is not None and number is not None:
            self.entries[issuer] = LastEntry(number, salt)
            self.entries_read += 1
        return Read(issuer, number, faults)

    def _in_sequence(self, row: int, event: Event | Entry, entry: int | None) -> Iterator[Fault]:
        action = "" if isinstance(event, Entry) else event.action
        place = event.issuer, action
        due = self.versions.get(place, 0) + 1
        found = event.originator_version
        if found != due and self.sequence:
            what = f"event of {action}" if action else "entry"
            yield Fault(
                FaultKind.VERSION_GAP,
                row,
                event.issuer,
                entry,
                f"row {row}: {what} {found} of {event.issuer} follows {due - 1}; expected {due}",
            )
        self.versions[place] = found
        if action:
            self.events[event.issuer] = self.events.get(event.issuer, 0) + 1


def _whose(read: Sequence[tuple[int, Event | Entry]]) -> tuple[str | None, int | None]:
    for _, event in reversed(read):
        if isinstance(event, Entry):
            return event.issuer, event.number
    return (read[0][1].issuer, None) if read else (None, None)


def whose_row(row: StoredRow) -> tuple[str | None, int | None]:
    """The issuer and the entry of a row, as far as they can be read."""
    try:
        event = decoded(*row[1:])
    except StoreUnusable:
        return None, None
    return event.issuer, event.number if isinstance(event, Entry) else None


def _names_its_events(commit: Sequence[Event | Entry], last_row: int) -> Iterator[Fault]:
    *events, entry = commit
    if not isinstance(entry, Entry):
        yield Fault(
            FaultKind.ENTRY_INCOMPLETE,
            last_row,
            entry.issuer,
            None,
            f"the commit that ends with row {last_row} has no entry at its end",
        )
        return
    stored = [
        (event.issuer, event.action if isinstance(event, Event) else "", event.originator_version)
        for event in events
    ]
    if len(stored) != sum(part.last - part.first + 1 for part in entry.events):
        named = None  # it may name any number of them: they are not listed
    else:
        named = [
            (entry.issuer, part.action, version)
            for part in entry.events
            for version in range(part.first, part.last + 1)
        ]
    if stored != named:
        claims = {(part.action, part.first, part.last) for part in entry.events}
        only_stored = [
            event
            for event in stored
            if not any(a == event[1] and f <= event[2] <= last for a, f, last in claims)
        ]
        only_named = None if named is None else [e for e in named if e not in set(stored)]
        what = (
            f"contains {_listed(only_stored)}, which it does not name"
            if only_stored
            else f"names {_listed(only_named)}, which is not stored with it"
            if only_named
            else f"names more events than the {len(stored):,} it stores"
            if only_named is None
            else "names its events in another order than they are stored"
        )
        yield Fault(
            FaultKind.ENTRY_INCOMPLETE,
            last_row,
            entry.issuer,
            entry.number,
            f"entry {entry.number} of {entry.issuer} {what}",
        )


def _listed(events: Sequence[tuple[str, str, int]]) -> str:
    shown = ", ".join(f"{issuer} {action} {version}" for issuer, action, version in events[:3])
    return shown + (f" and {len(events) - 3} more" if len(events) > 3 else "")  # noqa: PLR2004


def issuers_at(entries: dict[str, LastEntry]) -> tuple[int, bytes]:
    """How many issuers there are, and the root over their last entries."""
    leaves = [issuer_leaf(last.salt, issuer, last.number) for issuer, last in entries.items()]
    return len(leaves), issuers_tree(leaves)[1].root()
