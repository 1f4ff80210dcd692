"""Making checkpoints of a ledger, and proofs against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ledger.errors import Refused
from ledger.events.entry import Entry
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.commit import Commit, instant_text, root_text
from ledger.proof.merkle import EMPTY_ROOT, HASH_BYTES, BadProof, Edge, Tree, check_consistency
from ledger.store.rows import decoded
from ledger.store.stored import Snapshot, StoredRow
from projections.audit.contents import LastEntry, Read, issuers_at, whose_row
from projections.audit.fault import Fault, FaultKind
from projections.audit.tree_check import TreeCheck
from projections.audit.walk import Committed, last_commit, leaf_now, with_rows

if TYPE_CHECKING:
    from ledger.store.ledger import Ledger

DEFAULT_ORIGIN = "capital-ledger"


def checkpoint_now(
    ledger: Ledger, origin: str, extends: tuple[str, Checkpoint] | None = None
) -> Checkpoint:
    """What the ledger contains at this moment; every row is verified first.

    Raises Refused if a row is not what was recorded, or if the ledger does not extend an older
    checkpoint, which is given with its name.
    """
    with ledger.snapshot() as moment:
        must_be_unaltered(moment)
        made = checkpoint_of(moment, origin)
        if extends is not None:
            _must_extend(moment, made, *extends)
        return made


def must_be_unaltered(moment: Snapshot) -> None:
    """Verify every row against the tree; raises Refused with the name and place of the first."""
    for fault in TreeCheck(moment, _unread).faults():
        raise refusal(_placed(moment, fault))


def unaltered_rows(found: Committed, issuer: str, entry: int) -> Sequence[StoredRow]:
    """The rows of one entry; raises Refused if one is not what was recorded."""
    there = {row.row: leaf_now(found.commit, row) for row in found.rows}
    for number, leaf in enumerate(found.commit.leaf_hashes(), start=found.commit.first_row):
        if there.get(number) != leaf:
            kind = FaultKind.ROW_ALTERED if number in there else FaultKind.ROW_MISSING
            message = f"row {number} is not what was recorded at {found.commit.recorded_at}"
            raise refusal(Fault(kind, number, issuer, entry, message))
    return found.rows


def refusal(fault: Fault) -> Refused:
    """The refusal to print a root, to sign or to hand on what does not verify."""
    whose = "" if fault.issuer is None else f"{fault.issuer} "
    entry = "" if fault.entry is None else f"entry {fault.entry}: "
    return Refused(
        f"{fault.fault}: {whose}{entry}{fault.message}",
        "find out what happened with: capital audit verify",
    )


def _unread(_commit: Commit, _rows: Sequence[StoredRow], _edge: Edge) -> Read:
    return Read(None, None, ())


def _placed(moment: Snapshot, fault: Fault) -> Fault:
    """The fault with the entry that its row was recorded with, if that can still be read."""
    stored = None if fault.row is None else moment.commit_of(fault.row)
    if fault.issuer is not None or stored is None:
        return fault
    try:
        rows = with_rows(moment, stored).rows
    except (ValueError, TypeError):  # the commit itself cannot be read
        return fault
    issuer, entry = whose_row(rows[-1]) if rows else (None, None)
    return replace(fault, issuer=issuer, entry=entry)


def _must_extend(moment: Snapshot, made: Checkpoint, name: str, old: Checkpoint) -> None:
    """Check by a proof of consistency (RFC 6962, 2.1.2) that the ledger extends a checkpoint."""

    def refused(kind: FaultKind, why: str) -> Refused:
        return Refused(
            f"the ledger does not extend {name}: {kind}: {why}",
            f"find out what happened with: capital audit verify --checkpoint {name}",
        )

    if old.size > made.size:
        raise refused(
            FaultKind.TAIL_CUT,
            f"it was made over {old.size:,} rows, but the ledger has {made.size:,}",
        )
    tree = tree_of(moment, made, "the ledger")
    hashes = tree.consistency(old.size)
    try:
        check_consistency(old.size, made.size, old.root, made.root, hashes)
    except BadProof:
        raise refused(
            FaultKind.REWRITTEN,
            f"the root over the first {old.size:,} rows was {root_text(old.root)} at {old.time} "
            f"and is {root_text(tree.root(old.size))} now",
        ) from None
    if (old.issuers, old.issuers_root) != issuers_at(last_entries(moment, old.size)):
        raise refused(
            FaultKind.ISSUERS_DIFFER,
            f"its last entries of each issuer are not those of the first {old.size:,} rows",
        )


def checkpoint_of(moment: Snapshot, origin: str) -> Checkpoint:
    """What the ledger held at the moment of a snapshot."""
    last = last_commit(moment)
    size, root = (0, EMPTY_ROOT) if last is None else (last.size, last.root)
    issuers, issuers_root = issuers_at(last_entries(moment, size))
    now = instant_text(datetime.now(UTC))
    return Checkpoint(origin, size, root, now, issuers, issuers_root)


def last_entries(moment: Snapshot, size: int) -> dict[str, LastEntry]:
    """Each issuer's last entry among the first `size` rows."""
    found: dict[str, LastEntry] = {}
    for row in moment.last_entries(size):
        entry = decoded(*row[1:])
        commit = moment.commit_of(row.row)
        assert isinstance(entry, Entry)
        if commit is not None:
            found[entry.issuer] = LastEntry(entry.number, commit.read().salt)
    return found


def tree_of(moment: Snapshot, checkpoint: Checkpoint, name: str) -> Tree:
    """The tree over the rows of a checkpoint, from the leaves that the commits hold.

    Raises Refused if the ledger is not what the checkpoint says.
    """
    leaves: list[bytes] = []
    count = 0
    for stored in moment.commits():
        if count >= checkpoint.size:
            break
        commit = stored.read()
        leaves.append(commit.leaves)
        count += len(commit.leaves) // HASH_BYTES
    remedy = "find out what happened with: capital audit verify --checkpoint FILE"
    if count != checkpoint.size:
        held = f"the ledger's commits hold {count:,}"
        raise Refused(f"{name} was made over {checkpoint.size:,} rows, and {held}", remedy)
    tree = Tree(leaves)
    if tree.root() != checkpoint.root:
        raise Refused(
            f"{name} was made from different rows: its root is {root_text(checkpoint.root)}, but "
            f"the root of the ledger's first {count:,} rows is {root_text(tree.root())}",
            remedy,
        )
    return tree
