"""The commit that is written in the same transaction as the rows of an entry."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.errors import StoreUnusable
from ledger.proof import clock
from ledger.proof.commit import Commit, Row, next_commit
from ledger.proof.merkle import Edge
from ledger.store.connection import Statements

_LAST = """
    SELECT s.stored, c.last_row, c.recorded_at, c.size, c.edge
    FROM (SELECT max(rowid) AS stored FROM stored_events) AS s LEFT JOIN (
        SELECT last_row, recorded_at, size, edge FROM commits ORDER BY first_row DESC LIMIT 1
    ) AS c ON true
"""
INSERT_COMMIT = "INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def commit_after_last(c: Statements, rows: Sequence[Row], inserted: int = 0) -> Commit:
    """The commit of these rows after the last one; `inserted` of them are in the table already.

    The caller holds the lock of the writers. Raises StoreUnusable if the last commit does not
    end with the last row.
    """
    stored, last_row, last_at, size, edge = c.execute(_LAST).fetchone()
    before = (stored or 0) - inserted
    if not before == (last_row or 0) == (size or 0):
        raise StoreUnusable(
            f"the ledger is damaged: its last commit ends with row {last_row or 0} and counts "
            f"{size or 0} rows, and the last row is {before}; nothing was recorded",
            "find out what happened with: capital audit verify; keep this ledger for the auditor",
        )
    ids = range(before + 1, before + 1 + len(rows))
    grown = Edge.from_bytes(size or 0, edge or b"")
    return next_commit(last_at, grown, ids, rows, clock.utc_now())


def insert_commit(c: Statements, commit: Commit) -> None:
    """Write a commit as the row of its table."""
    c.execute(
        INSERT_COMMIT,
        (
            commit.first_row,
            commit.last_row,
            commit.recorded_at,
            commit.size,
            commit.root,
            commit.edge.to_bytes(),
            commit.salt,
            commit.leaves,
        ),
    )
