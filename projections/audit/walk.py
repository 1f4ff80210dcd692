"""The stored rows, commit by commit: what verify, replay, proofs and bundles walk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger.proof.commit import Commit, Row, leaf_of
from ledger.store.stored import Snapshot, StoredCommit, StoredRow


class Committed(NamedTuple):
    """A commit and the rows that are stored where it says."""

    commit: Commit
    rows: list[StoredRow]


class Ahead:
    """Rows in order, of which the next one can be looked at before it is taken."""

    def __init__(self, rows: Iterator[StoredRow]) -> None:
        self._rows = rows
        self.next = next(rows, None)

    def before(self, row: int) -> Iterator[StoredRow]:
        """Take the rows before this one."""
        while self.next is not None and self.next.row < row:
            taken, self.next = self.next, next(self._rows, None)
            yield taken

    def count(self) -> int:
        """How many rows are left; takes them."""
        return 0 if self.next is None else 1 + sum(1 for _ in self._rows)


def all_commits(moment: Snapshot) -> Iterator[Committed]:
    """Every commit with the rows up to its last that no commit before it took."""
    rows = Ahead(moment.rows())
    for stored in moment.commits():
        commit = stored.read()
        yield Committed(commit, list(rows.before(commit.last_row + 1)))


def commit_of_entry(moment: Snapshot, issuer: str, number: int) -> Committed | None:
    """The commit of one entry; None if no commit has it."""
    stored = moment.commit_of_entry(issuer, number)
    return None if stored is None else with_rows(moment, stored)


def with_rows(moment: Snapshot, stored: StoredCommit) -> Committed:
    """A commit, and exactly the rows it says it holds."""
    commit = stored.read()
    return Committed(commit, list(moment.rows(commit.first_row, commit.last_row)))


def last_commit(moment: Snapshot) -> Commit | None:
    """The commit of the last rows; None in an empty ledger."""
    stored = moment.commit_of(2**62)
    return None if stored is None else stored.read()


def leaf_now(commit: Commit, stored: StoredRow) -> bytes | None:
    """The leaf of a row as it is stored now; None if it is not made of text and bytes."""
    _, originator_id, version, topic, state = stored
    if not isinstance(state, bytes) or not isinstance(topic, str):
        return None
    return leaf_of(commit.salt, commit.recorded_at, Row(originator_id, version, topic, state))
