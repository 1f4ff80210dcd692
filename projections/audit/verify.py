"""Whether a ledger is what it was: its tree, its entries, its legality, its checkpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from ledger.errors import StoreUnusable
from ledger.history.knowledge import Knowledge
from ledger.proof.commit import Commit, root_text
from ledger.proof.merkle import Edge
from ledger.proof.note import Note
from ledger.proof.trust import Trust, Voucher
from ledger.recording.issuer_record import Book
from ledger.store.rows import decoded
from ledger.store.stored import Snapshot, StoredRow
from ledger.values.ids import register_id
from projections.audit.checkpoints import refusal, unaltered_rows
from projections.audit.contents import Contents, LastEntry, Read, issuers_at
from projections.audit.fault import Fault, FaultKind, fault_at
from projections.audit.tree_check import TreeCheck
from projections.audit.walk import commit_of_entry, last_commit
from projections.checks.check import breaches_found
from projections.checks.finding import FindingKind
from projections.shares.index import index_differences, strangers

if TYPE_CHECKING:
    from ledger.store.ledger import Ledger

Watch = Callable[[int, int], None]
"""Receives how much is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint that was kept outside of the ledger: its file, and what it says."""

    name: str
    note: Note
    stamped_at: str | None = None
    """When an outside authority stamped its text, if that was asked for and is proven."""
    stamp_problem: str | None = None
    """Why that is not proven."""


@dataclass(frozen=True, slots=True)
class CheckpointHeld:
    """How a checkpoint compares with the ledger."""

    checkpoint: str
    size: int
    time: str
    signed_by: str | None
    """Whose signatures were checked and count."""
    holds: bool
    signatures: Sequence[Voucher]
    """Every key that was given, and every signature: which of them count, and why others do not."""
    stamped_at: str | None
    """When an outside authority stamped it, if that was checked."""


@dataclass
class Verification:
    """What was verified, and everything that is wrong, in the order of the rows."""

    rows: int = 0
    commits: int = 0
    entries: int = 0
    issuers: int = 0
    size: int = 0
    root: str = ""
    faults: list[Fault] = field(default_factory=list)
    checkpoints: list[CheckpointHeld] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What is good to know and proves nothing."""


def verify(
    ledger: Ledger,
    kept: Sequence[Kept],
    trust: Trust | None,
    today: date,
    watch: Watch = lambda _done, _of: None,
) -> Verification:
    """Verify everything there is to verify; never stops at the first fault."""
    found = Verification()
    contents = Contents()
    try:
        with ledger.snapshot() as moment:
            _Walk(moment, contents, kept, trust, watch, found).walk()
    except StoreUnusable as problem:
        found.faults.append(fault_at(FaultKind.FILE_DAMAGED, problem.message))
    found.entries, found.issuers = contents.entries_read, len(contents.entries)
    unreadable = {f.issuer for f in found.faults if f.fault is FaultKind.UNREADABLE}
    for issuer in sorted(contents.entries.keys() - unreadable):
        found.faults += _of_issuer(ledger, issuer, contents, today)
    found.faults += [
        fault_at(FaultKind.ANSWERS_DIFFER, difference, issuer=issuer)
        for issuer, difference in strangers(ledger, contents.entries.keys())
    ]
    found.faults.sort(key=lambda fault: (fault.row is None, fault.row or 0))
    return found


@dataclass
class _Walk:
    """The walk over the rows of a ledger, with the checkpoints it passes on its way."""

    moment: Snapshot
    contents: Contents
    kept: Sequence[Kept]
    trust: Trust | None
    watch: Watch
    found: Verification
    at_sizes: dict[int, tuple[bytes, dict[str, LastEntry]]] = field(default_factory=dict)

    def walk(self) -> None:
        found = self.found
        found.rows, found.commits = self.moment.counts()
        found.faults += [
            fault_at(FaultKind.FILE_DAMAGED, text) for text in self.moment.problems_of_the_file()
        ]
        found.faults += [
            fault_at(FaultKind.FOREIGN, f"{text}: it can act when something is recorded or read")
            for text in self.moment.foreign_triggers_and_views()
        ]
        found.notes += self.moment.altered_schema()
        self._remember(Edge())
        tree = TreeCheck(self.moment, self._commit)
        found.faults += tree.faults()
        found.size, found.root = tree.edge.size, root_text(tree.edge.root)
        for kept in self.kept:
            faults = list(self._held(kept))
            found.faults += faults
            point = kept.note.checkpoint
            # Its root can be that of the commits although a row below it was changed since.
            holds = not faults and not any((f.row or 0) <= point.size for f in found.faults)
            vouchers = [] if self.trust is None else self.trust.vouchers(kept.note)
            by = ", ".join(voucher.name for voucher in vouchers if voucher.counted) or None
            found.checkpoints.append(
                CheckpointHeld(
                    kept.name, point.size, point.time, by, holds, vouchers, kept.stamped_at
                )
            )

    def _commit(self, commit: Commit, rows: Sequence[StoredRow], edge: Edge) -> Read:
        self.watch(commit.last_row, self.found.rows)
        read = self.contents.take(
            [(row.row, partial(decoded, *row[1:])) for row in rows], commit.salt
        )
        self._remember(edge)
        return read

    def _remember(self, edge: Edge) -> None:
        if any(kept.note.checkpoint.size == edge.size for kept in self.kept):
            self.at_sizes[edge.size] = edge.root, dict(self.contents.entries)

    def _held(self, kept: Kept) -> list[Fault]:
        """What is wrong with one checkpoint, or with the ledger by it."""
        point, size = kept.note.checkpoint, kept.note.checkpoint.size
        faults: list[Fault] = []

        def fault(kind: FaultKind, message: str, row: int | None = None) -> None:
            faults.append(fault_at(kind, f"{kept.name}: {message}", row))

        for problem in () if self.trust is None else self.trust.problems(kept.note):
            fault(FaultKind.SIGNATURE, problem)
        if kept.stamp_problem is not None:
            fault(FaultKind.STAMP, kept.stamp_problem)
        if self.found.size < size:
            fault(
                FaultKind.TAIL_CUT,
                f"made over {size:,} rows, but the ledger has {self.found.size:,}: rows from "
                f"{self.found.size + 1} on were removed",
                self.found.size + 1,
            )
        elif size not in self.at_sizes:
            fault(
                FaultKind.REWRITTEN, f"no commit ends with row {size}, at which it was made", size
            )
        else:
            root, entries = self.at_sizes[size]
            if root != point.root:
                fault(
                    FaultKind.REWRITTEN,
                    f"made from different rows: the root over the first {size:,} rows was "
                    f"{root_text(point.root)} at {point.time} and is {root_text(root)} now; a row "
                    f"up to {size} was altered and the commits were recomputed",
                    size,
                )
            elif (point.issuers, point.issuers_root) != issuers_at(entries):
                fault(
                    FaultKind.ISSUERS_DIFFER,
                    f"its last entries of each issuer are not those of the first {size:,} rows",
                    size,
                )
        return faults


def must_be_sound(ledger: Ledger, issuer: str | None, today: date) -> None:
    """Verify what a question about an issuer stands on; without one, the whole ledger.

    Raises Refused with the name and place of the first thing that is wrong. Of one issuer, the rows
    must be those recorded, the leaves of all commits must lead to the ledger's root, and the index
    must agree with the events.
    """
    if issuer is None:
        faults = verify(ledger, [], None, today).faults
    else:
        contents = Contents()
        with ledger.snapshot() as moment:
            faults = list(_record_faults(moment, issuer, contents))
        if not faults and issuer in contents.entries:
            faults = _of_issuer(ledger, issuer, contents, today)
    if faults:
        raise refusal(faults[0])


def _record_faults(moment: Snapshot, issuer: str, contents: Contents) -> Iterator[Fault]:
    """What is wrong with the stored rows of one issuer, as the tree over all rows has them."""
    log = register_id(issuer).hex
    for number, row in enumerate(moment.rows_of_log(log), start=1):
        found = commit_of_entry(moment, issuer, number)
        if found is None or found.commit.last_row < row:
            message = f"row {row} is in no commit"
            yield Fault(FaultKind.ROW_FORGED, row, issuer, number, message)
            return
        rows = unaltered_rows(found, issuer, number)
        read = [(stored.row, partial(decoded, *stored[1:])) for stored in rows]
        yield from contents.take(read, found.commit.salt).faults
    edge, last = Edge(), last_commit(moment)
    for stored in moment.commits():
        for leaf in stored.read().leaf_hashes():
            edge.append(leaf)
    if last is not None and (edge.size, edge.root) != (last.size, last.root):
        message = "the leaves of the commits do not lead to the root of the ledger"
        yield fault_at(FaultKind.COMMIT_ALTERED, message)


def _of_issuer(ledger: Ledger, issuer: str, contents: Contents, today: date) -> list[Fault]:
    """What is wrong with one issuer's record as the queries read it."""
    try:
        book = Book(ledger, issuer)
        last = contents.entries[issuer].number
        history = book.history.as_of(Knowledge(last))  # others may have recorded since
        found = [
            fault_at(
                FaultKind.NOT_LEGAL,
                f"{finding.rule}: {finding.action} on {finding.on}: {finding.message}",
                issuer=issuer,
                entry=finding.entry,
            )
            for finding in breaches_found(history, book.register, today)
            if finding.finding is FindingKind.RULE_BROKEN
        ]
    except StoreUnusable as problem:
        return [fault_at(FaultKind.UNREADABLE, problem.message, issuer=issuer)]
    stored, asked = contents.events.get(issuer, 0), len(history.facts)
    try:
        differences = list(index_differences(ledger, history))
    except StoreUnusable as problem:
        differences = [f"{problem.message}; make the index again with: capital rebuild"]
    if stored != asked:
        differences.append(f"{stored:,} events of {issuer} are stored, but queries read {asked:,}")
    entry = book.history.last_entry
    return found + [
        fault_at(FaultKind.ANSWERS_DIFFER, difference, issuer=issuer, entry=entry)
        for difference in differences
    ]
