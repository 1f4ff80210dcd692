"""Writing to PostgreSQL: one writer at a time, one transaction for each entry."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

import psycopg
from psycopg import errors

from ledger.errors import StoreUnusable, WriteConflict
from ledger.proof.commit import Commit, Row
from ledger.store.appending import commit_after_last, insert_commit
from ledger.store.index import (
    FACT_TABLES,
    INDEX_TABLES,
    IndexedIssuer,
    index_place,
    replace_index,
)
from ledger.store.postgres.connection import PostgresConnection
from ledger.store.postgres.tables import TABLES, columns_named
from ledger.store.postgres.url import Url
from ledger.store.stored import Snapshot, StoredCommit, StoredRow, not_empty
from ledger.store.version import APPLICATION_ID, INDEX

COPY_ABOVE = 50
"""More rows than this are written with COPY."""
RETRY_SECONDS = 60.0
"""How long a lost server is waited for: a synchronous cluster has another leader in about 30."""
LONGEST_PAUSE_SECONDS = 2.0
LOCK_SPACE = APPLICATION_ID

# Bounded waiting for the other writers. No bound on what comes after: where a standby confirms
# each commit, a cancelled wait reports success. And an acknowledged entry is on disk, whatever
# the server's default is.
_LOCK = """
    SELECT set_config('lock_timeout', '15s', true), set_config('statement_timeout', '0', true),
           CASE current_setting('synchronous_commit') WHEN 'off'
           THEN set_config('synchronous_commit', 'on', true) END,
           pg_advisory_xact_lock(?, 'stored_events'::regclass::oid::integer)
"""
_COLUMNS = "rowid, originator_id, originator_version, topic, state"

_ROW_TYPES = ("int8", "text", "int8", "text", "bytea")
_COMMIT_TYPES = ("int8", "int8", "text", "int8", "bytea", "bytea", "bytea", "bytea")

_KINDS = {"v": "VIEW", "m": "MATERIALIZED VIEW", "S": "SEQUENCE"}

_ANOTHER_TRY_HELPS = ("40001", "40P01")
"""Two transactions were in conflict."""
_ON_THE_WAY_BACK = ("25006", "57P03")
"""A server is starting, or is not the leader yet."""
_LOCKED = "55P03"
"""The lock was not free in time. A writer in doubt may wait for the entry it sent itself."""


def confirm(connection: PostgresConnection, url: Url) -> None:
    """Wait until all visible rows are safe; raises StoreUnusable.

    They may be on this server alone, if the wait for a standby was interrupted. A commit that
    writes something waits for everything written before it.
    """
    with connection.transaction():
        connection.execute("SELECT set_config('statement_timeout', '0', true)")
        connection.execute("SELECT pg_logical_emit_message(true, 'capital', 'seen')")
    if connection.was_unconfirmed():
        raise StoreUnusable(
            f"the ledger at {url.name}: the entry is on one server and no standby has confirmed "
            "it; it may be lost with that server",
            "repeat the command when the standby is back: a recorded entry is not recorded again",
        )


class PostgresWriter:
    """Saves entries and the index over the connection that questions use."""

    def __init__(self, connection: PostgresConnection, url: Url) -> None:
        self._connection = connection
        self._url = url
        self._commit_sent = False

    def save_rows(self, rows: Sequence[Row]) -> Commit:
        """Save an entry; if the answer is lost, find out whether it was saved.

        Raises WriteConflict if another writer recorded for this issuer first, psycopg.Error if the
        server refuses, StoreUnusable if it stays away; both state what was recorded.
        """
        until = time.monotonic() + RETRY_SECONDS
        lost = in_doubt = False
        for attempt in count():
            self._commit_sent = False
            try:
                return self._saved(rows, in_doubt=in_doubt)
            except errors.UniqueViolation as violation:
                if violation.diag.constraint_name == "one_of_each_version":
                    raise WriteConflict from None
                raise
            except psycopg.Error as error:
                away = self._is_away(error)
                lost, in_doubt = lost or away, in_doubt or (self._commit_sent and away)
                back_soon = away or (lost and error.sqlstate in _ON_THE_WAY_BACK)
                mine = in_doubt and error.sqlstate == _LOCKED
                again = back_soon or mine or error.sqlstate in _ANOTHER_TRY_HELPS
                if not again and not in_doubt:
                    raise
                if not again or time.monotonic() > until:
                    raise self._stayed_away(error, rows[-1], in_doubt=in_doubt) from None
            pause = min(LONGEST_PAUSE_SECONDS, 0.05 * 2**attempt)
            time.sleep(pause * (0.5 + random.random() / 2))  # noqa: S311 - spreads writers out
        raise AssertionError

    def _is_away(self, error: psycopg.Error) -> bool:
        no_connection = isinstance(error, psycopg.OperationalError) and error.sqlstate is None
        return self._connection.is_lost or no_connection

    def _stayed_away(self, error: psycopg.Error, last: Row, *, in_doubt: bool) -> StoreUnusable:
        what = f"the connection to the ledger at {self._url.name} was lost and did not come back"
        why = f" ({self._url.shown(str(error))})"
        if not in_doubt:
            return StoreUnusable(f"{what}{why}; nothing was recorded", "try again when it is back")
        from ledger.store.rows import decoded  # noqa: PLC0415 - counts are read without events

        entry = decoded(*last)
        return StoreUnusable(
            f"{what} after entry {entry.originator_version} of {entry.issuer} was sent{why}; "
            "whether it was recorded is not known",
            "repeat the command when it is back: a recorded entry is not recorded again",
        )

    def _saved(self, rows: Sequence[Row], *, in_doubt: bool) -> Commit:
        c = self._connection
        with c.transaction():
            # While the lock is held, no earlier attempt is still running.
            c.execute(_LOCK, (LOCK_SPACE,))
            commit = self._recorded(rows[-1]) if in_doubt else None
            if commit is None:
                commit = commit_after_last(c, rows)
                self._insert(commit.first_row, rows)
                insert_commit(c, commit)
                self._commit_sent = True
        if in_doubt or c.was_unconfirmed():
            confirm(c, self._url)
        return commit

    def _insert(self, first: int, rows: Sequence[Row]) -> None:
        values: list[tuple[Any, ...]] = [
            (number, row.originator_id, row.originator_version, row.topic, row.state)
            for number, row in enumerate(rows, start=first)
        ]
        if len(values) <= COPY_ABOVE:
            query = f"INSERT INTO stored_events ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608 - names of ours
            self._connection.executemany(query, values)
            return
        self._copy("stored_events", _ROW_TYPES, values)

    def _copy(self, table: str, types: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        statement = f"COPY {table} FROM STDIN (FORMAT BINARY)"
        with self._connection.raw.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)

    def load(self, rows: Iterable[StoredRow], commits: Iterable[StoredCommit]) -> None:
        """Put another ledger's rows here as they are; raises StoreUnusable if there are any."""
        c = self._connection
        with c.transaction():
            c.execute(_LOCK, (LOCK_SPACE,))
            (held,) = c.execute("SELECT count(*) FROM stored_events").fetchone()
            if held:
                raise not_empty(self._url.name, held)
            self._copy("stored_events", _ROW_TYPES, rows)
            self._copy("commits", _COMMIT_TYPES, commits)

    def _recorded(self, row: Row) -> Commit | None:
        """The commit of an entry, if it is stored byte for byte."""
        found = self._connection.execute(
            "SELECT rowid FROM stored_events WHERE originator_id = ? AND originator_version = ? "
            "AND topic = ? AND state = ?",
            (row.originator_id, row.originator_version, row.topic, row.state),
        ).fetchone()
        stored = None if found is None else Snapshot(self._connection).commit_of(found[0])
        return None if stored is None else stored.read()

    def save_index(self, issuers: Sequence[IndexedIssuer], last_row: int, since: int) -> bool:
        c = self._connection
        with c.transaction():
            c.execute(_LOCK, (LOCK_SPACE + 1,))
            if index_place(c) != since:
                return False  # another was faster, or forgot the index
            stepped = c.execute(
                "INSERT INTO tracking AS t VALUES (?, ?) ON CONFLICT (application_name) "
                "DO UPDATE SET notification_id = excluded.notification_id "
                "WHERE t.notification_id < excluded.notification_id RETURNING 1",
                (INDEX, last_row),
            ).fetchone()
            if stepped is None:
                return False  # an index never goes back
            # An earlier version made no tables of facts, or their owner granted nothing on them.
            (granted,) = c.execute(
                "SELECT count(*) FROM pg_class WHERE relname IN (?, ?) "
                "AND relnamespace = current_schema()::regnamespace "
                "AND has_table_privilege(oid, 'INSERT, DELETE')",
                FACT_TABLES,
            ).fetchone()
            for issuer in issuers:
                replace_index(c, issuer, has_facts=granted == len(FACT_TABLES))
        return True

    def clear_index(self) -> None:
        c = self._connection
        with c.transaction():
            c.execute(_LOCK, (LOCK_SPACE + 1,))
            found = c.execute(
                "SELECT c.relname, c.relkind, array_agg(a.attname::text ORDER BY a.attnum) "
                "FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid "
                "WHERE c.relnamespace = current_schema()::regnamespace "
                "AND a.attnum > 0 AND NOT a.attisdropped GROUP BY c.relname, c.relkind"
            )
            held = {name: (kind, columns) for name, kind, columns in found}
            (may_create,) = c.execute(
                "SELECT has_schema_privilege(current_schema(), 'CREATE')"
            ).fetchone()
            for name in INDEX_TABLES:
                if name in FACT_TABLES and name not in held and not may_create:
                    continue  # of an earlier version: its owner makes them
                if held.get(name) == ("r", columns_named(name)):
                    c.execute(f"DELETE FROM {name}")  # noqa: S608 - names of ours
                    continue
                if name in held:  # something else with this name
                    c.execute(f"DROP {_KINDS.get(held[name][0], 'TABLE')} {name}")
                c.execute(f"CREATE TABLE {name} ({TABLES[name]})")

    def close(self) -> None:
        """Nothing: the ledger closes the connection."""
