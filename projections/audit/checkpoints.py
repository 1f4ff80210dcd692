"""Making checkpoints of a ledger, and proofs against them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ledger.errors import Refused
from ledger.events.entry import Entry
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.commit import instant_text, root_text
from ledger.proof.merkle import EMPTY_ROOT, HASH_BYTES, Tree
from ledger.store.rows import decoded
from ledger.store.stored import Snapshot
from projections.audit.contents import LastEntry, issuers_at
from projections.audit.walk import last_commit

if TYPE_CHECKING:
    from ledger.store.ledger import Ledger

DEFAULT_ORIGIN = "capital-ledger"


def checkpoint_now(ledger: Ledger, origin: str) -> Checkpoint:
    """What the ledger holds at this moment."""
    with ledger.snapshot() as moment:
        return checkpoint_of(moment, origin)


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

    Raises Refused where the ledger is not what the checkpoint says.
    """
    leaves: list[bytes] = []
    count = 0
    for stored in moment.commits():
        if count >= checkpoint.size:
            break
        commit = stored.read()
        leaves.append(commit.leaves)
        count += len(commit.leaves) // HASH_BYTES
    remedy = "see what happened with: capital audit verify --checkpoint FILE"
    if count != checkpoint.size:
        held = f"the ledger's commits hold {count:,}"
        raise Refused(f"{name} was made over {checkpoint.size:,} rows, and {held}", remedy)
    tree = Tree(leaves)
    if tree.root() != checkpoint.root:
        raise Refused(
            f"{name} was made of other rows: its root is {root_text(checkpoint.root)}, that of "
            f"the ledger's first {count:,} rows is {root_text(tree.root())}",
            remedy,
        )
    return tree
