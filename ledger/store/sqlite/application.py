"""The eventsourcing application over one SQLite file.

Every register and every action is a log of its event store. A save inserts the events, their
register entry and their commit row in one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import (
    IntegrityError,
    Mapper,
    PersistenceError,
    StoredEvent,
    Tracking,
)
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteTrackingRecorder
from eventsourcing.utils import Environment, EnvType, get_topic

from ledger.errors import WriteConflict
from ledger.proof.commit import Commit, Row
from ledger.store.appending import commit_after_last, insert_commit
from ledger.store.index import INDEX_TABLES, IndexedIssuer, index_place, replace_index
from ledger.store.rows import decoded, row_of
from ledger.store.sqlite import tables as schema
from ledger.store.version import INDEX


class LedgerMapper(Mapper[UUID]):
    """Stores an event under its bare name as compact JSON, and reads nothing else back.

    A row names no code. An unknown name, or data that disagrees with its row, is damage and is
    never executed (the library's own mapper resolves a topic as `module:name`).
    """

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        row = row_of(domain_event)
        return StoredEvent(UUID(row.originator_id), row.originator_version, row.topic, row.state)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return decoded(*_row(stored_event))


class LedgerRecorder(SQLiteApplicationRecorder):
    """The library's recorder, with a commit row in every transaction that inserts events."""

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        **_: Any,
    ) -> Sequence[int]:
        if not stored_events:
            return []
        commit = self.insert_rows([_row(event) for event in stored_events])
        return range(commit.first_row, commit.last_row + 1)

    def insert_rows(self, rows: Sequence[Row]) -> Commit:
        """Insert the rows of one entry; raises IntegrityError in a conflict.

        An import saves rows that are already encoded; an object of the library for each row would
        only take time.
        """
        with self.datastore.get_connection(commit=True) as connection:
            # The library uses the default of SQLite. Writes wait for the disk here, so that an
            # acknowledged entry survives a loss of power.
            connection.cursor().execute("PRAGMA synchronous = FULL")
            with connection.transaction(commit=True) as c:
                # The inserts come first: they take the write lock, so that no other commit can
                # follow the last one that is read after them.
                c.executemany(self.insert_events_statement, rows)
                commit = commit_after_last(c.sqlite_cursor, rows, inserted=len(rows))
                insert_commit(c.sqlite_cursor, commit)
                return commit


class IndexRecorder(SQLiteTrackingRecorder):
    """The library's tracking recorder: a part of the index is written once, or not at all."""

    def save(self, issuers: Iterable[IndexedIssuer], last_row: int, since: int) -> bool:
        """Replace the index of these issuers, and move its place from `since` to this row.

        False if another process has moved its place in the meantime; then nothing is written.
        """
        try:
            with self.datastore.transaction(commit=True) as c:
                # An empty write takes the lock, so that the place cannot move after it is read.
                c.execute("DELETE FROM tracking WHERE 0")
                if index_place(c.sqlite_cursor) != since:
                    return False  # another was faster, or forgot the index
                self._insert_tracking(c, Tracking(INDEX, last_row))
                schema.make_fact_tables(c.sqlite_cursor)
                for issuer in issuers:
                    replace_index(c.sqlite_cursor, issuer)
        except IntegrityError:
            return False
        return True

    def clear(self) -> None:
        """Delete the whole index."""
        with self.datastore.transaction(commit=True) as c:
            for name in INDEX_TABLES:
                c.execute(f"DROP TABLE IF EXISTS {name}")
                c.execute(schema.index_table(name))


class CapitalLedger(Application[UUID]):
    """The library's application over one ledger file that exists; `init` alone makes tables."""

    def __init__(self, uri: str) -> None:
        super().__init__(
            {
                "PERSISTENCE_MODULE": "eventsourcing.sqlite",
                "SQLITE_DBNAME": uri,
                "SQLITE_LOCK_TIMEOUT": str(schema.LOCK_TIMEOUT_SECONDS),
                "CREATE_TABLE": "no",
                "MAPPER_TOPIC": get_topic(LedgerMapper),
                "APPLICATION_RECORDER_TOPIC": get_topic(LedgerRecorder),
            }
        )

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        # The library adds the variables of the process here. A CIPHER_TOPIC that was set for
        # another application would change what is stored.
        return Environment(name, env)

    def save_rows(self, rows: Sequence[Row]) -> Commit:
        """Save the rows of one entry in one transaction, and return its commit.

        Raises WriteConflict if another writer recorded for this issuer first, sqlite3.Error if the
        file cannot be written.
        """
        assert isinstance(self.recorder, LedgerRecorder)
        try:
            with _errors_of_sqlite():
                return self.recorder.insert_rows(rows)
        except IntegrityError:
            raise WriteConflict from None

    def save_index(self, issuers: Sequence[IndexedIssuer], last_row: int, since: int) -> bool:
        """Write a part of the index as `IndexRecorder.save` does; raises sqlite3.Error."""
        with _errors_of_sqlite():
            return self._index.save(issuers, last_row, since)

    def clear_index(self) -> None:
        """Delete the index; raises sqlite3.Error."""
        with _errors_of_sqlite():
            self._index.clear()

    @cached_property
    def _index(self) -> IndexRecorder:
        recorder = self.factory.tracking_recorder(IndexRecorder)
        assert isinstance(recorder, IndexRecorder)
        return recorder


def _row(stored: StoredEvent) -> Row:
    assert isinstance(stored.originator_id, UUID)
    return Row(stored.originator_id.hex, stored.originator_version, stored.topic, stored.state)


@contextmanager
def _errors_of_sqlite() -> Iterator[None]:
    """Raise an error of the library as the SQLite error that it was made from."""
    try:
        yield
    except IntegrityError:
        raise
    except PersistenceError as error:
        raise sqlite3.DatabaseError(str(error)) from None
