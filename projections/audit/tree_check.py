"""The tree over all rows, computed again from the rows and held against every commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ledger.proof.commit import Commit, Row, leaf_of
from ledger.proof.merkle import Edge
from ledger.store.stored import Snapshot, StoredCommit, StoredRow
from projections.audit.contents import Read, whose_row
from projections.audit.fault import Fault, FaultKind

ALTERED_KEPT = 100
"""How many altered rows are kept to find out which were exchanged."""


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
        return _leaf(other.commit, self.row) == other.leaf


@dataclass
class TreeCheck:
    """A walk over all commits and their rows, in order."""

    snapshot: Snapshot
    read_commit: Callable[[Commit, Sequence[StoredRow], Edge], Read]
    """What is looked at in each commit beside the tree: its rows, those that are there."""
    edge: Edge = field(default_factory=Edge)
    commits: int = 0
    _altered: list[Altered] = field(default_factory=list)
    _last_row: int = 0
    _last_at: str = ""
    _lost: bool = False
    """Whether the commit before is missing or cannot be read."""

    def faults(self) -> Iterator[Fault]:
        """Walk, and say everything that does not hold."""
        rows = self.snapshot.rows()
        ahead = next(rows, None)
        for stored in self.snapshot.commits():
            self.commits += 1
            while ahead is not None and ahead.row < min(1, stored.first_row):
                yield _before_the_first(ahead)
                ahead = next(rows, None)
            if stored.first_row != self._last_row + 1:
                if not self._lost:
                    yield _whose(self._gap_before(stored.first_row), ahead)
                self._lost = True
            while ahead is not None and ahead.row < stored.first_row:
                message = f"row {ahead.row}: its commit is missing or cannot be read"
                yield Fault(FaultKind.ROW_FORGED, ahead.row, *whose_row(ahead), message)
                ahead = next(rows, None)
            try:
                commit = stored.read()
            except (ValueError, TypeError) as problem:
                yield _whose(_commit_altered(stored, f"it cannot be read: {problem}"), ahead)
                self._last_row, self._lost = stored.first_row, True
                continue
            own: list[StoredRow] = []
            while ahead is not None and ahead.row <= commit.last_row:
                own.append(ahead)
                ahead = next(rows, None)
            yield from self._commit(stored, commit, own)
        yield from _exchanged(self._altered)
        while ahead is not None and ahead.row < 1:
            yield _before_the_first(ahead)
            ahead = next(rows, None)
        if ahead is not None:
            more = sum(1 for _ in rows)
            yield Fault(
                FaultKind.ROW_FORGED,
                ahead.row,
                *whose_row(ahead),
                f"row {ahead.row}{f' and {more:,} more' if more else ''}: in no commit; added to "
                "the file by other means, or its commit was removed",
            )

    def _gap_before(self, first_row: int) -> Fault:
        due = self._last_row + 1
        return Fault(
            FaultKind.COMMIT_MISSING,
            due,
            None,
            None,
            f"the commit that begins with row {due} is missing: the next one begins with row "
            f"{first_row}",
        )

    def _commit(
        self, stored: StoredCommit, commit: Commit, own: Sequence[StoredRow]
    ) -> Iterator[Fault]:
        if (
            self._lost
        ):  # the tree cannot be computed past a commit that is not there: go on from here
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
            yield Fault(
                FaultKind.TIME_ORDER,
                commit.first_row,
                None,
                None,
                f"the commit of row {commit.first_row} is of {commit.recorded_at}, the one before "
                f"of {self._last_at}",
            )

    def _rows(self, commit: Commit, own: Sequence[StoredRow], read: Read) -> Iterator[Fault]:
        there = {row.row: row for row in own}
        leaves = commit.leaf_hashes()
        altered: list[Altered] = []
        for number, leaf in enumerate(leaves, start=commit.first_row):
            row = there.get(number)
            if row is None:
                message = f"row {number} is missing; it was recorded at {commit.recorded_at}"
                yield Fault(FaultKind.ROW_MISSING, number, None, None, message)
            elif _leaf(commit, row) != leaf:
                message = f"row {number} was changed after it was recorded"
                fault = Fault(FaultKind.ROW_ALTERED, number, read.issuer, read.entry, message)
                altered.append(Altered(fault, row, commit, leaf))
        changed = list(_exchanged(altered))
        if any(fault.fault is FaultKind.ROWS_EXCHANGED for fault in changed):
            yield from changed
            return
        if altered and len(altered) == len(leaves):
            yield Fault(
                FaultKind.TIME_ALTERED,
                commit.first_row,
                None,
                None,
                f"rows {commit.first_row} to {commit.last_row} are not those recorded at "
                f"{commit.recorded_at}: that time was changed, or all of the rows were",
            )
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
    message = f"row {row.row} lies before the first: it was added to the file by other means"
    return Fault(FaultKind.ROW_FORGED, row.row, *whose_row(row), message)


def _leaf(commit: Commit, stored: StoredRow) -> bytes | None:
    """The leaf of a row as it lies there now; None where it is not even made of text and bytes."""
    _, originator_id, version, topic, state = stored
    if not isinstance(state, bytes) or not isinstance(topic, str):
        return None
    return leaf_of(commit.salt, commit.recorded_at, Row(originator_id, version, topic, state))


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
    return Fault(FaultKind.COMMIT_ALTERED, stored.first_row, None, None, message)
