"""The tree over all rows, recomputed from the rows and compared with every commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ledger.proof.commit import Commit
from ledger.proof.merkle import Edge
from ledger.store.stored import Snapshot, StoredCommit, StoredRow
from projections.audit.contents import Read, whose_row
from projections.audit.fault import Fault, FaultKind, fault_at
from projections.audit.walk import Ahead, leaf_now

ALTERED_KEPT = 100
"""How many altered rows are remembered, to find those that were exchanged."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A row whose bytes are not those its commit was made of."""

    fault: Fault
    row: StoredRow
    commit: Commit
    leaf: bytes
    """The leaf its commit holds."""

    def belongs_to(self, other: Altered) -> bool:
        """Whether this row's bytes are what the other's commit was made of."""
        return leaf_now(other.commit, self.row) == other.leaf


@dataclass
class TreeCheck:
    """A walk over all commits and their rows, in order."""

    snapshot: Snapshot
    read_commit: Callable[[Commit, Sequence[StoredRow], Edge], Read]
    """What else is read of each commit: the rows that are there."""
    edge: Edge = field(default_factory=Edge)
    commits: int = 0
    _altered: list[Altered] = field(default_factory=list)
    _last_row: int = 0
    _last_at: str = ""
    _lost: bool = False
    """Whether the commit before is missing or cannot be read."""

    def faults(self) -> Iterator[Fault]:
        """Walk, and say everything that does not hold."""
        rows = Ahead(self.snapshot.rows())
        for stored in self.snapshot.commits():
            self.commits += 1
            yield from map(_before_the_first, rows.before(min(1, stored.first_row)))
            if stored.first_row != self._last_row + 1:
                if not self._lost:
                    yield _whose(self._gap_before(stored.first_row), rows.next)
                self._lost = True
            for row in rows.before(stored.first_row):
                message = f"row {row.row}: its commit is missing or cannot be read"
                yield Fault(FaultKind.ROW_FORGED, row.row, *whose_row(row), message)
            try:
                commit = stored.read()
            except (ValueError, TypeError) as problem:
                yield _whose(_commit_altered(stored, f"it cannot be read: {problem}"), rows.next)
                self._last_row, self._lost = stored.first_row, True
                continue
            yield from self._commit(stored, commit, list(rows.before(commit.last_row + 1)))
        yield from _exchanged(self._altered)
        yield from map(_before_the_first, rows.before(1))
        first = rows.next
        if first is not None:
            more = rows.count() - 1
            yield Fault(
                FaultKind.ROW_FORGED,
                first.row,
                *whose_row(first),
                f"row {first.row}{f' and {more:,} more' if more else ''}: in no commit; another "
                "program added it to the file, or its commit was removed",
            )

    def _gap_before(self, first_row: int) -> Fault:
        due = self._last_row + 1
        message = (
            f"the commit that begins with row {due} is missing: the next one begins with row "
            f"{first_row}"
        )
        return fault_at(FaultKind.COMMIT_MISSING, message, due)

    def _commit(
        self, stored: StoredCommit, commit: Commit, own: Sequence[StoredRow]
    ) -> Iterator[Fault]:
        if self._lost:  # the tree cannot be computed past a missing commit: go on from here
            self.edge, self._lost = Edge(commit.size, commit.edge.hashes), False
        else:
            for leaf in commit.leaf_hashes():
                self.edge.append(leaf)
        holds = (self.edge.size, self.edge.root, self.edge.hashes) == (
            commit.size,
            stored.root,
            commit.edge.hashes,
        )
        read = self.read_commit(commit, own, self.edge)
        found = [*self._order(commit), *self._rows(commit, own, read)]
        if not holds:
            why = "its size, root or edge are not those of the rows up to it"
            found.append(_commit_altered(stored, why))
            self.edge = Edge(commit.size, commit.edge.hashes)
        for fault in found:
            yield replace(fault, issuer=read.issuer, entry=read.entry)
        yield from read.faults
        self._last_row, self._last_at = commit.last_row, commit.recorded_at

    def _order(self, commit: Commit) -> Iterator[Fault]:
        if commit.recorded_at <= self._last_at:
            message = (
                f"the commit of row {commit.first_row} has the time {commit.recorded_at}, the one "
                f"before it {self._last_at}"
            )
            yield fault_at(FaultKind.TIME_ORDER, message, commit.first_row)

    def _rows(self, commit: Commit, own: Sequence[StoredRow], read: Read) -> Iterator[Fault]:
        there = {row.row: row for row in own}
        leaves = commit.leaf_hashes()
        altered: list[Altered] = []
        for number, leaf in enumerate(leaves, start=commit.first_row):
            row = there.get(number)
            if row is None:
                message = f"row {number} is missing; it was recorded at {commit.recorded_at}"
                yield fault_at(FaultKind.ROW_MISSING, message, number)
            elif leaf_now(commit, row) != leaf:
                message = f"row {number} was changed after it was recorded"
                fault = Fault(FaultKind.ROW_ALTERED, number, read.issuer, read.entry, message)
                altered.append(Altered(fault, row, commit, leaf))
        changed = list(_exchanged(altered))
        if any(fault.fault is FaultKind.ROWS_EXCHANGED for fault in changed):
            yield from changed
            return
        if altered and len(altered) == len(leaves):
            message = (
                f"rows {commit.first_row} to {commit.last_row} are not those recorded at "
                f"{commit.recorded_at}: that time was changed, or all of the rows were"
            )
            yield fault_at(FaultKind.TIME_ALTERED, message, commit.first_row)
            return
        kept = max(0, ALTERED_KEPT - len(self._altered))
        self._altered += altered[:kept]
        yield from (row.fault for row in altered[kept:])


def _whose(fault: Fault, row: StoredRow | None) -> Fault:
    """The fault of a commit, with what its first row says of itself, if it is that row."""
    if row is None or row.row != fault.row:
        return fault
    issuer, entry = whose_row(row)
    return replace(fault, issuer=issuer, entry=entry)


def _before_the_first(row: StoredRow) -> Fault:
    message = f"row {row.row} is before the first row: another program added it to the file"
    return Fault(FaultKind.ROW_FORGED, row.row, *whose_row(row), message)


def _exchanged(altered: Sequence[Altered]) -> Iterator[Fault]:
    """The faults of the rows that changed: pairs that only changed places, and the others."""
    rest = list(altered)
    while rest:
        row = rest.pop(0)
        other = next((o for o in rest if row.belongs_to(o) and o.belongs_to(row)), None)
        if other is None:
            yield row.fault
            continue
        rest.remove(other)
        message = f"rows {row.row.row} and {other.row.row} were exchanged"
        yield replace(row.fault, fault=FaultKind.ROWS_EXCHANGED, message=message)


def _commit_altered(stored: StoredCommit, why: str) -> Fault:
    message = f"the commit that begins with row {stored.first_row} was changed: {why}"
    return fault_at(FaultKind.COMMIT_ALTERED, message, stored.first_row)
