"""The SQLite store: events, their register entry and their commit row in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
)
from eventsourcing.utils import Environment

APPLICATION_ID = 0x4341_5049  # "CAPI": tells a ledger from any other SQLite file
SCHEMA_VERSION = 1
LOCK_TIMEOUT_SECONDS = 15

_TABLES = (
    """
    CREATE TABLE stored_events (
        originator_id TEXT, originator_version INTEGER, topic TEXT, state BLOB,
        PRIMARY KEY (originator_id, originator_version))
    """,
    # The first entry of each register: the list of issuers without a scan.
    """
    CREATE INDEX first_entries ON stored_events (topic)
    WHERE topic = 'Entry' AND originator_version = 1
    """,
    """
    CREATE TABLE commits (
        first_row INTEGER PRIMARY KEY, last_row INTEGER NOT NULL, recorded_at TEXT NOT NULL)
    """,
    *(
        f"""
        CREATE TRIGGER {table}_refuse_{verb} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """
        for table in ("stored_events", "commits")
        for verb in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE deletes without asking the triggers above.
    """
    CREATE TRIGGER stored_events_refuse_REPLACE BEFORE INSERT ON stored_events
    WHEN EXISTS (SELECT 1 FROM stored_events WHERE originator_id = NEW.originator_id
                 AND originator_version = NEW.originator_version)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
    """,
    """
    CREATE TRIGGER commits_refuse_REPLACE BEFORE INSERT ON commits
    WHEN EXISTS (SELECT 1 FROM commits WHERE first_row = NEW.first_row)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
    """,
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)


def utc_now() -> datetime:
    """The system's clock, in UTC."""
    return datetime.now(UTC)


def instant_text(moment: datetime) -> str:
    """An instant as text that sorts as time does: UTC, always six decimals."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant(text: str) -> datetime:
    """The instant that `instant_text` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


class LedgerConnectionPool(SQLiteConnectionPool):
    """Connections that wait for the disk: an acknowledged entry survives a loss of power."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        connection.cursor().execute("PRAGMA synchronous = FULL")
        return connection


class LedgerDatastore(SQLiteDatastore):
    """One SQLite file that exists already."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri, lock_timeout=LOCK_TIMEOUT_SECONDS)
        self.pool.close()
        self.pool = LedgerConnectionPool(db_name=uri, lock_timeout=LOCK_TIMEOUT_SECONDS)


class LedgerRecorder(SQLiteApplicationRecorder):
    """The library's recorder, with a commit row in every transaction that inserts events."""

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        # The inserts come first: they take the write lock, so that the last commit read after
        # them is the last one there is.
        rows = super()._insert_events(c, stored_events, **kwargs)
        if rows:
            c.execute("SELECT recorded_at FROM commits ORDER BY first_row DESC LIMIT 1")
            last = c.fetchone()
            now = utc_now()
            if last is not None:  # a clock set back never lets an entry precede an earlier one
                now = max(now, instant(last["recorded_at"]) + timedelta(microseconds=1))
            c.execute(
                "INSERT INTO commits VALUES (?, ?, ?)", (rows[0], rows[-1], instant_text(now))
            )
        return rows

    def select_recorded_at(self, originator_id: UUID) -> dict[int, datetime]:
        """When each version of one log was recorded, by version."""
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                "SELECT originator_version, (SELECT recorded_at FROM commits"
                "  WHERE first_row <= e.rowid AND last_row >= e.rowid"
                "  ORDER BY first_row DESC LIMIT 1) AS recorded_at "
                "FROM stored_events AS e WHERE originator_id = ?",
                (originator_id.hex,),
            )
            return {row["originator_version"]: instant(row["recorded_at"]) for row in c.fetchall()}

    def select_first_entries(self) -> list[StoredEvent]:
        """The first entry of every register."""
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                "SELECT originator_id, originator_version, topic, state FROM stored_events "
                "WHERE topic = 'Entry' AND originator_version = 1 ORDER BY rowid"
            )
            return [
                StoredEvent(UUID(row["originator_id"]), 1, row["topic"], row["state"])
                for row in c.fetchall()
            ]


class LedgerFactory(SQLiteFactory):
    """Builds the recorder on a file that exists; tables are made by `init` alone."""

    def __init__(self, env: Environment, uri: str) -> None:
        super().__init__(env)
        self.datastore.close()
        self.datastore = LedgerDatastore(uri)

    def application_recorder(self) -> LedgerRecorder:
        return LedgerRecorder(self.datastore)


def create_tables(path: str) -> None:
    """Make an empty ledger of a new file."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute("COMMIT")
    finally:
        connection.close()


def header(path: str) -> tuple[int, int]:
    """The application id and schema version of a SQLite file."""
    connection = sqlite3.connect(path, timeout=LOCK_TIMEOUT_SECONDS)
    try:
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    finally:
        connection.close()
    return application_id, version
