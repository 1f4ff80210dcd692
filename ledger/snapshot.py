"""All stored rows and commits at one moment, exactly as they lie in the file: what audits read.

Nothing is decoded and nothing is trusted here: a damaged or forged value comes out as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

from ledger import schema
from ledger.commit import Commit, instant, instant_text
from ledger.merkle import HASH_BYTES, Edge


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
        """The commit; raises ValueError or TypeError where it cannot be one."""
        parts = (self.root, self.edge, self.salt, self.leaves)
        if not all(isinstance(part, bytes) for part in parts):
            raise TypeError(f"the commit of row {self.first_row} is not made of bytes")
        if not all(isinstance(part, int) for part in (self.last_row, self.size)):
            raise TypeError("its rows are not counted in whole numbers")
        count = self.last_row - self.first_row + 1
        if count < 1:
            raise ValueError("it is of no rows")
        if len(self.leaves) != HASH_BYTES * count:
            raise ValueError(f"{len(self.leaves)} bytes of leaves for {count} rows")
        edge = Edge.from_bytes(self.size, self.edge)
        if instant_text(instant(self.recorded_at)) != self.recorded_at:
            raise ValueError(f"{self.recorded_at!r} is no time of recording")
        return Commit(self.first_row, self.last_row, self.recorded_at, self.salt, self.leaves, edge)


_COMMITS = f"SELECT {', '.join(StoredCommit._fields)} FROM commits"  # noqa: S608 - names of ours


FIRST = -(2**63)
"""Before every row: what lies before row 1 was not put there by a ledger."""


class Snapshot:
    """One moment of the store: what is recorded while it is read does not show."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, first: int = FIRST, last: int | None = None) -> Iterator[StoredRow]:
        """The rows from `first` to `last`, by default all, in the order they were stored."""
        query = (
            "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events "
            "WHERE rowid >= ? AND rowid <= ? ORDER BY rowid"
        )
        bounds = (first, 2**63 - 1 if last is None else last)
        return map(StoredRow._make, self._connection.execute(query, bounds))

    def commits(self, first: int = FIRST) -> Iterator[StoredCommit]:
        """The commits from the one of row `first` on, in order."""
        query = f"{_COMMITS} WHERE first_row >= ? ORDER BY first_row"
        return map(StoredCommit._make, self._connection.execute(query, (first,)))

    def commit_of(self, row: int) -> StoredCommit | None:
        """The last commit that begins at or before this row."""
        query = f"{_COMMITS} WHERE first_row <= ? ORDER BY first_row DESC LIMIT 1"
        found = self._connection.execute(query, (row,)).fetchone()
        return None if found is None else StoredCommit._make(found)

    def row_of(self, originator_id: str, version: int) -> int | None:
        """Where one event or entry is stored."""
        query = "SELECT rowid FROM stored_events WHERE originator_id = ? AND originator_version = ?"
        found = self._connection.execute(query, (originator_id, version)).fetchone()
        return None if found is None else found[0]

    def rows_of_log(self, originator_id: str) -> Iterator[int]:
        """Where the events or entries of one log are stored, in order."""
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
            "SELECT rowid, originator_id, max(originator_version), topic, state "
            "FROM stored_events WHERE topic = 'Entry' AND rowid <= ? GROUP BY originator_id"
        )
        return [StoredRow._make(row) for row in self._connection.execute(query, (size,))]

    def counts(self) -> tuple[int, int]:
        """How many rows there are, and how many commits."""
        (rows,) = self._connection.execute("SELECT count(*) FROM stored_events").fetchone()
        (commits,) = self._connection.execute("SELECT count(*) FROM commits").fetchone()
        return rows, commits

    def problems_of_the_file(self) -> list[str]:
        """What the database engine itself finds wrong with its file and indexes."""
        found = [text for (text,) in self._connection.execute("PRAGMA integrity_check(20)")]
        return [] if found == ["ok"] else found

    def altered_schema(self) -> list[str]:
        """What of the file's tables, indexes and triggers is not as a ledger has it, in words."""
        held = {
            name: " ".join(sql.split())
            for name, sql in self._connection.execute("SELECT name, sql FROM sqlite_master")
            if sql is not None
        }
        own: dict[str, tuple[str, str]] = {}
        for statement in schema.TABLES:
            words = statement.replace("IF NOT EXISTS", "").replace("(", " ").split()
            if words[0] == "CREATE":
                own[words[2]] = words[1], " ".join(statement.split())
        index = set(schema.INDEX_NAMES)
        found = [
            f"{kind} {name} is missing or changed: this file can be altered without breaking its "
            "rules"
            for name, (kind, statement) in own.items()
            if name not in index and held.get(name) != statement
        ]
        found += [f"{name} is no part of a ledger" for name in sorted(held.keys() - own.keys())]
        return found


@contextmanager
def snapshot(uri: str) -> Iterator[Snapshot]:
    """A moment of the ledger at this address, read in one transaction."""
    with closing(
        sqlite3.connect(uri, uri=True, timeout=schema.LOCK_TIMEOUT_SECONDS, isolation_level=None)
    ) as connection:
        connection.text_factory = _text_or_bytes
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the moment begins
        yield Snapshot(connection)


def _text_or_bytes(data: bytes) -> str | bytes:
    """Text as text; what is no UTF-8 as the bytes it is, so that an audit can go on past it."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data
