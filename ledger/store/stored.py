"""All stored rows and commits at one moment, exactly as they are stored, for audits.

Nothing is decoded or trusted here: a damaged or forged value is returned as it is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ledger.errors import StoreUnusable
from ledger.proof.commit import Commit, instant, instant_text
from ledger.proof.merkle import HASH_BYTES, Edge
from ledger.store.connection import Connection, Values
from ledger.values.ids import register_id


class StoredRow(NamedTuple):
    """A row of the table of events and entries."""

    row: int
    originator_id: Any
    originator_version: Any
    topic: Any
    state: Any


class StoredCommit(NamedTuple):
    """A row of the table of commits."""

    first_row: int
    last_row: Any
    recorded_at: Any
    size: Any
    root: Any
    edge: Any
    salt: Any
    leaves: Any

    def read(self) -> Commit:
        """The commit; raises ValueError or TypeError if it cannot be one."""
        parts = (self.root, self.edge, self.salt, self.leaves)
        if not all(isinstance(part, bytes) for part in parts):
            raise TypeError(f"the commit of row {self.first_row} is not made of bytes")
        if not all(isinstance(part, int) for part in (self.last_row, self.size)):
            raise TypeError("its rows are not counted in whole numbers")
        count = self.last_row - self.first_row + 1
        if count < 1:
            raise ValueError("it has no rows")
        if len(self.leaves) != HASH_BYTES * count:
            raise ValueError(f"{len(self.leaves)} bytes of leaves for {count} rows")
        edge = Edge.from_bytes(self.size, self.edge)
        if instant_text(instant(self.recorded_at)) != self.recorded_at:
            raise ValueError(f"{self.recorded_at!r} is not a recording time")
        return Commit(self.first_row, self.last_row, self.recorded_at, self.salt, self.leaves, edge)


_COMMITS = f"SELECT {', '.join(StoredCommit._fields)} FROM commits"  # noqa: S608 - names of ours


FIRST = -(2**63)
"""Before every row. Rows before row 1, which no ledger stores, are forged and are read too."""


class Snapshot:
    """The store at one moment, without rows that are recorded while it is read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, first: int = FIRST, last: int | None = None) -> Iterator[StoredRow]:
        """The rows from `first` to `last`, by default all, in the order they were stored."""
        query = (
            "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events "
            "WHERE rowid >= ? AND rowid <= ? ORDER BY rowid"
        )
        bounds = (first, 2**63 - 1 if last is None else last)
        return map(StoredRow._make, self._connection.stream(query, bounds))

    def commits(self, first: int = FIRST) -> Iterator[StoredCommit]:
        """The commits that begin at row `first` or later, in order."""
        query = f"{_COMMITS} WHERE first_row >= ? ORDER BY first_row"
        return map(StoredCommit._make, self._connection.stream(query, (first,)))

    def commit_of(self, row: int) -> StoredCommit | None:
        """The last commit that begins at or before this row."""
        query = f"{_COMMITS} WHERE first_row <= ? ORDER BY first_row DESC LIMIT 1"
        return self._commit(query, (row,))

    def commit_of_entry(self, issuer: str, number: int) -> StoredCommit | None:
        """The commit that stored an entry."""
        query = (
            f"{_COMMITS} WHERE first_row <= (SELECT rowid FROM stored_events "  # noqa: S608 - names of ours
            "WHERE originator_id = ? AND originator_version = ?) ORDER BY first_row DESC LIMIT 1"
        )
        return self._commit(query, (register_id(issuer).hex, number))

    def _commit(self, query: str, values: Values) -> StoredCommit | None:
        found = self._connection.execute(query, values).fetchone()
        return None if found is None else StoredCommit._make(found)

    def rows_of_log(self, originator_id: str) -> Iterator[int]:
        """The row numbers of the events or entries of one log, in order."""
        query = (
            "SELECT rowid FROM stored_events WHERE originator_id = ? ORDER BY originator_version"
        )
        return (row for (row,) in self._connection.execute(query, (originator_id,)))

    def last_version(self, originator_id: str) -> int | None:
        """The last version of one log."""
        query = "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?"
        (version,) = self._connection.execute(query, (originator_id,)).fetchone()
        return version if isinstance(version, int) else None

    def last_entries(self, size: int) -> list[StoredRow]:
        """The row of each register's last entry, among the rows up to `size`."""
        query = (
            "SELECT e.rowid, e.originator_id, e.originator_version, e.topic, e.state "
            "FROM stored_events AS e JOIN ("
            "  SELECT originator_id, max(originator_version) AS last FROM stored_events "
            "  WHERE topic = 'Entry' AND rowid <= ? GROUP BY originator_id) AS l "
            "ON e.originator_id = l.originator_id AND e.originator_version = l.last"
        )
        return [StoredRow._make(row) for row in self._connection.execute(query, (size,))]

    def counts(self) -> tuple[int, int]:
        """How many rows there are, and how many commits."""
        (rows,) = self._connection.execute("SELECT count(*) FROM stored_events").fetchone()
        (commits,) = self._connection.execute("SELECT count(*) FROM commits").fetchone()
        return rows, commits

    def problems_of_the_file(self) -> list[str]:
        """The damage that the database itself finds in its files and indexes."""
        return self._connection.damage()

    def altered_schema(self) -> list[str]:
        """The differences of tables, indexes and triggers from those of a ledger, in words."""
        return self._connection.altered_schema()

    def foreign_triggers_and_views(self) -> list[str]:
        """What acts when something is recorded or read, and is not of the ledger, in words."""
        return self._connection.foreign_triggers_and_views()


def not_empty(name: str, rows: int) -> StoreUnusable:
    """The error if a ledger that is the target of a copy has rows."""
    return StoreUnusable(
        f"the ledger at {name} is not empty: it holds {rows:,} rows; nothing was copied",
        "name an empty place",
    )
