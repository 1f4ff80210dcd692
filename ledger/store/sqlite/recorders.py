"""The SQLite store: events, their register entry and their commit row in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent, Tracking
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
    SQLiteTrackingRecorder,
)
from eventsourcing.utils import Environment

from ledger.errors import StoreUnusable
from ledger.proof.commit import Commit, Row, next_commit
from ledger.proof.merkle import Edge
from ledger.store import clock
from ledger.store.index import INDEX, INDEX_NAMES, IndexedIssuer, replace_index
from ledger.store.sqlite import tables as schema
from ledger.store.sqlite.tables import columns_of


class LedgerConnectionPool(SQLiteConnectionPool):
    """Connections that wait for the disk: an acknowledged entry survives a loss of power."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        connection.cursor().execute("PRAGMA synchronous = FULL")
        return connection


class LedgerDatastore(SQLiteDatastore):
    """One SQLite file that exists already."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri, lock_timeout=schema.LOCK_TIMEOUT_SECONDS)
        self.pool.close()
        self.pool = LedgerConnectionPool(db_name=uri, lock_timeout=schema.LOCK_TIMEOUT_SECONDS)


class LedgerRecorder(SQLiteApplicationRecorder):
    """The library's recorder, with a commit row in every transaction that inserts events."""

    def insert_rows(self, rows: Sequence[Row]) -> Commit:
        """Insert the rows of one entry; raises the library's errors, IntegrityError of a conflict.

        What `insert_events` of the library does, without an object of the library for each row.
        """
        with self.datastore.transaction(commit=True) as c:
            return self._insert_rows(c, rows)

    def _insert_events(
        self,
        c: SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        **_: Any,
    ) -> Sequence[int] | None:
        if not stored_events:
            return []
        commit = self._insert_rows(
            c,
            [
                Row(event.originator_id.hex, event.originator_version, event.topic, event.state)
                for event in stored_events
                if isinstance(event.originator_id, UUID)
            ],
        )
        return range(commit.first_row, commit.last_row + 1)

    def _insert_rows(self, c: SQLiteCursor, rows: Sequence[Row]) -> Commit:
        # The inserts come first: they take the write lock, so that the last commit read after
        # them is the last one there is.
        c.executemany(self.insert_events_statement, rows)
        c.execute("SELECT max(rowid) FROM stored_events")
        (last,) = c.fetchone()
        return _commit(c, range(last - len(rows) + 1, last + 1), rows)


class IndexRecorder(SQLiteTrackingRecorder):
    """The library's tracking recorder: a part of the index is written once, or not at all."""

    def save(self, issuers: Iterable[IndexedIssuer], last_row: int, since: int) -> bool:
        """Replace the index of these issuers, and say that it has come to this row.

        Answers whether it was done; not where another process had come as far before.
        """
        try:
            with self.datastore.transaction(commit=True) as c:
                # A write of nothing takes the lock: nobody moves the place between look and step.
                c.execute("DELETE FROM tracking WHERE 0")
                if (self._max_tracking_id(INDEX, c) or 0) != since:
                    return False  # another was faster, or forgot the index
                self._insert_tracking(c, Tracking(INDEX, last_row))
                for issuer in issuers:
                    replace_index(c.sqlite_cursor, issuer)
        except IntegrityError:
            return False
        return True

    def clear(self) -> None:
        """Forget the whole index."""
        with self.datastore.transaction(commit=True) as c:
            for name in INDEX_NAMES:
                c.execute(f"DROP TABLE IF EXISTS {name}")
            for statement in schema.INDEX_TABLES:
                c.execute(statement)


class LedgerFactory(SQLiteFactory):
    """Builds the recorder on a file that exists; tables are made by `init` alone."""

    def __init__(self, env: Environment, uri: str) -> None:
        super().__init__(env)
        self.datastore.close()
        self.datastore = LedgerDatastore(uri)

    def application_recorder(self) -> LedgerRecorder:
        return LedgerRecorder(self.datastore)


def _commit(c: SQLiteCursor, row_ids: Sequence[int], rows: Sequence[Row]) -> Commit:
    """Write the commit row of these rows."""
    c.execute(
        "SELECT last_row, recorded_at, size, edge FROM commits ORDER BY first_row DESC LIMIT 1"
    )
    last = c.fetchone()
    last_row, last_at, size, edge = last or (0, None, 0, b"")
    if row_ids[0] != last_row + 1 or size != last_row:
        raise StoreUnusable(
            f"the ledger is damaged: its last commit ends with row {last_row} and counts {size} "
            f"rows, and the next row would be {row_ids[0]}; nothing was recorded",
            "see what happened with: capital audit verify; keep this file for the auditor",
        )
    commit = next_commit(last_at, Edge.from_bytes(size, edge), row_ids, rows, clock.utc_now())
    c.execute("INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?)", columns_of(commit))
    return commit
