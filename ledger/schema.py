"""The tables of a SQLite ledger: made by `init`, brought up to date by `upgrade`, append-only."""

from __future__ import annotations

import sqlite3

from ledger.commit import Commit, Row, instant, next_commit
from ledger.errors import StoreUnusable
from ledger.merkle import Edge

APPLICATION_ID = 0x4341_5049  # "CAPI": tells a ledger from any other SQLite file
SCHEMA_VERSION = 2
LOCK_TIMEOUT_SECONDS = 15

TABLES = (
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
        first_row INTEGER PRIMARY KEY, last_row INTEGER NOT NULL, recorded_at TEXT NOT NULL,
        size INTEGER NOT NULL, root BLOB NOT NULL, edge BLOB NOT NULL, salt BLOB NOT NULL,
        leaves BLOB NOT NULL)
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


def columns_of(commit: Commit) -> tuple[int | str | bytes, ...]:
    """A commit as the row of its table."""
    return (
        commit.first_row,
        commit.last_row,
        commit.recorded_at,
        commit.size,
        commit.root,
        commit.edge.to_bytes(),
        commit.salt,
        commit.leaves,
    )


def create_tables(path: str) -> None:
    """Make an empty ledger of a new file."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        for statement in TABLES:
            connection.execute(statement)
        connection.execute("COMMIT")
    finally:
        connection.close()


def upgrade_tables(path: str) -> int:
    """Bring a ledger of schema 1 up to date: its commits get the tree over their rows.

    All of it or nothing, and no event is touched. Answers how many rows the tree is over.
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=LOCK_TIMEOUT_SECONDS)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) != 1:
            connection.execute("ROLLBACK")
            return 0
        for verb in ("UPDATE", "DELETE", "REPLACE"):
            connection.execute(f"DROP TRIGGER commits_refuse_{verb}")
        connection.execute("ALTER TABLE commits RENAME TO commits_1")
        for statement in TABLES:
            if " commits " in statement and "INDEX" not in statement:
                connection.execute(statement)
        edge = Edge()
        for first, last, recorded_at in connection.execute(
            "SELECT first_row, last_row, recorded_at FROM commits_1 ORDER BY first_row"
        ).fetchall():
            edge = _upgraded(connection, edge, first, last, recorded_at)
        connection.execute("DROP TABLE commits_1")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    finally:
        connection.close()
    return edge.size


def _upgraded(
    connection: sqlite3.Connection, edge: Edge, first: int, last: int, recorded_at: str
) -> Edge:
    rows = [
        Row(*columns)
        for columns in connection.execute(
            "SELECT originator_id, originator_version, topic, state FROM stored_events "
            "WHERE rowid BETWEEN ? AND ? ORDER BY rowid",
            (first, last),
        )
    ]
    if first != edge.size + 1 or len(rows) != last - first + 1:
        raise StoreUnusable(
            f"the ledger is damaged: a commit of rows {first} to {last} follows {edge.size} rows",
            "work on a copy of a backup; keep this file for the auditor",
        )
    commit = next_commit(None, edge, range(first, last + 1), rows, instant(recorded_at))
    connection.execute("INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?)", columns_of(commit))
    return commit.edge


def header(path: str) -> tuple[int, int]:
    """The application id and schema version of a SQLite file."""
    connection = sqlite3.connect(path, timeout=LOCK_TIMEOUT_SECONDS)
    try:
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        return application_id, _version(connection)
    finally:
        connection.close()


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    assert isinstance(version, int)
    return version
