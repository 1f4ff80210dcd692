"""The tables of a SQLite ledger: made by `init`, brought up to date by `upgrade`, append-only."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from ledger.errors import StoreUnusable
from ledger.proof.commit import Row, instant, next_commit
from ledger.proof.merkle import Edge
from ledger.store.appending import insert_commit
from ledger.store.connection import Statements
from ledger.store.index import FACT_TABLES, INDEX_TABLES
from ledger.store.version import APPLICATION_ID, SCHEMA_VERSION

LOCK_TIMEOUT_SECONDS = 15


def index_table(name: str) -> str:
    """The statement that makes a table of the index."""
    return f"CREATE TABLE IF NOT EXISTS {name} ({INDEX_TABLES[name]}) WITHOUT ROWID"


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
    # INSERT OR REPLACE deletes without running the triggers above.
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
    *map(index_table, INDEX_TABLES),
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)


def make_fact_tables(c: Statements) -> None:
    """Make both tables of facts if one is missing: earlier versions made none."""
    (made,) = c.execute(
        "SELECT count(*) FROM sqlite_master WHERE name IN (?, ?)", FACT_TABLES
    ).fetchone()
    if made == len(FACT_TABLES):
        return
    for name in FACT_TABLES:
        c.execute(f"DROP TABLE IF EXISTS {name}")
        c.execute(index_table(name))


def altered(c: Statements) -> list[str]:
    """The differences of tables, indexes and triggers from those of a ledger, in words."""
    held, own = _held(c), _own()
    foreign = set(_foreign(c))
    found = [
        f"{kind} {name} is missing or changed, so this file is not protected against changes"
        for name, (kind, statement) in own.items()
        if name not in INDEX_TABLES and held.get(name) != statement
    ]
    strangers = sorted(held.keys() - own.keys() - {name for _, name in foreign})
    return found + [f"{name} does not belong to a ledger" for name in strangers]


def foreign(c: Statements) -> list[str]:
    """The triggers and views that no ledger has, in words."""
    return [f"{kind} {name} is not part of a ledger" for kind, name in _foreign(c)]


def _foreign(c: Statements) -> list[tuple[str, str]]:
    """What can act on its own; also what has the name of a trigger of ours, and does otherwise."""
    own = {name: statement for name, (_, statement) in _own().items()}
    query = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"
    return sorted(
        (kind, name)
        for kind, name, sql in c.execute(query)
        if own.get(name) != " ".join((sql or "").split())
    )


def _held(c: Statements) -> dict[str, str]:
    """The statement that made each part of the file."""
    return {
        name: " ".join(sql.split())
        for name, sql in c.execute("SELECT name, sql FROM sqlite_master")
        if sql is not None
    }


def _own() -> dict[str, tuple[str, str]]:
    """The kind of each part that a ledger has, and the statement that makes it."""
    own: dict[str, tuple[str, str]] = {}
    for statement in TABLES:
        words = statement.replace("IF NOT EXISTS", "").replace("(", " ").split()
        if words[0] == "CREATE":
            own[words[2]] = words[1], " ".join(statement.split())
    return own


def create_tables(path: str) -> None:
    """Make an empty ledger of a new file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        for statement in TABLES:
            connection.execute(statement)
        connection.execute("COMMIT")


def upgrade_tables(path: str) -> int | None:
    """Bring a ledger of schema 1 up to date: its commits get the tree over their rows.

    All of it or nothing, and no event changes. Returns the number of rows in the tree; None if the
    ledger is up to date.
    """
    with closing(
        sqlite3.connect(path, isolation_level=None, timeout=LOCK_TIMEOUT_SECONDS)
    ) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) != 1:
            connection.execute("ROLLBACK")
            return None
        columns = [row[1] for row in connection.execute("PRAGMA table_info(commits)")]
        if columns != ["first_row", "last_row", "recorded_at"]:
            raise StoreUnusable(
                "the ledger is damaged: it names schema 1, but its commits have a tree",
                "keep this file for the auditor, and work on a copy of a backup",
            )
        for verb in ("UPDATE", "DELETE", "REPLACE"):
            connection.execute(f"DROP TRIGGER IF EXISTS commits_refuse_{verb}")
        connection.execute("ALTER TABLE commits RENAME TO commits_1")
        for statement in TABLES:
            if "stored_events" not in statement and "PRAGMA" not in statement:
                connection.execute(statement)
        edge = Edge()
        for first, last, recorded_at in connection.execute(
            "SELECT first_row, last_row, recorded_at FROM commits_1 ORDER BY first_row"
        ).fetchall():
            edge = _upgraded(connection, edge, first, last, recorded_at)
        connection.execute("DROP TABLE commits_1")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
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
    insert_commit(connection, commit)
    return commit.edge


def header(path: str) -> tuple[int, int]:
    """The application id and schema version of a SQLite file."""
    with closing(sqlite3.connect(path, timeout=LOCK_TIMEOUT_SECONDS)) as connection:
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        return application_id, _version(connection)


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    assert isinstance(version, int)
    return version
