"""A ledger in one schema of a PostgreSQL database: found, made, asked at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from ledger.errors import BadInput, StoreUnusable, damaged
from ledger.store.engine import Connection
from ledger.store.postgres.url import Url, read_url

try:
    import psycopg

    from ledger.store.postgres.connection import PostgresConnection
    from ledger.store.postgres.writer import PostgresWriter, confirm
except ImportError:
    raise StoreUnusable(
        "a ledger on PostgreSQL needs the database's driver, which is not installed",
        "pip install 'capital-ledger[postgres]'",
    ) from None
from ledger.store.postgres import tables
from ledger.store.postgres.roles import role_statements
from ledger.store.stored import StoredCommit, StoredRow, not_empty


class PostgresSchema:
    """The engine of a schema of a PostgreSQL database."""

    def __init__(self, url: Url) -> None:
        self._url = url
        self.name = url.name
        self._connection = PostgresConnection(url)

    @classmethod
    def of(cls, url: str) -> Self:
        """The schema that a URL names; raises StoreUnusable where it cannot be read."""
        return cls(read_url(url))

    def is_there(self) -> bool:
        """Whether the schema holds anything; an empty one is as good as none."""
        with self.errors():
            found = self._connection.execute(
                "SELECT 1 FROM pg_class WHERE relnamespace = "
                "(SELECT oid FROM pg_namespace WHERE nspname = ?) LIMIT 1",
                (self._url.schema,),
            ).fetchone()
        return found is not None

    def create(self) -> None:
        c, schema = self._connection, self._url.schema
        with self.errors():
            (encoding,) = c.execute("SHOW server_encoding").fetchone()
            if encoding != "UTF8":
                raise StoreUnusable(
                    f"the database of {self.name} holds text as {encoding}, which cannot take "
                    "every name",
                    "make one with: createdb --encoding UTF8 --template template0 NAME",
                )
            try:
                with c.transaction():
                    found = c.execute(
                        "SELECT 1 FROM pg_namespace WHERE nspname = ?", (schema,)
                    ).fetchone()
                    if found is None:  # who may make none may be given an empty one
                        c.execute(f"CREATE SCHEMA {schema}")
                    c.execute("; ".join(tables.statements(schema)))
            except (psycopg.errors.DuplicateSchema, psycopg.errors.DuplicateTable):
                raise self._made_meanwhile() from None
            except psycopg.errors.UniqueViolation:
                raise self._made_meanwhile() from None

    def _made_meanwhile(self) -> StoreUnusable:
        return StoreUnusable(f"{self.name} exists already", "choose another schema: ?schema=NAME")

    def version(self) -> int:
        schema = self._url.schema
        with self.errors():
            try:
                rows = self._connection.execute(
                    f"SELECT schema_version FROM {schema}.ledger"  # noqa: S608 - a checked name
                ).fetchall()
            except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
                rows = []
        if len(rows) == 1:
            version = rows[0][0]
            assert isinstance(version, int)
            return version
        if self.is_there():
            raise StoreUnusable(
                f"the schema {schema} of {self.name} is not a ledger",
                "name another schema: ?schema=NAME at the end of the URL",
            )
        raise StoreUnusable(
            f"there is no ledger at {self.name}",
            "make one with: capital init; or name another schema: ?schema=NAME",
        )

    def upgrade(self) -> int | None:
        raise damaged(f"{self.name} says it is of a version that never was on PostgreSQL")

    def connect(self) -> PostgresConnection:
        return self._connection

    @contextmanager
    def moment(self) -> Iterator[Connection]:
        connection = PostgresConnection(self._url)
        try:
            connection.raw.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.raw.read_only = True
            with connection.transaction():
                connection.execute("SELECT 1")  # the moment begins
                yield connection
        finally:
            connection.close()

    def writer(self) -> PostgresWriter:
        return PostgresWriter(self._connection, self._url)

    def confirm(self) -> None:
        confirm(self._connection, self._url)

    def load(self, rows: Iterable[StoredRow], commits: Iterable[StoredCommit]) -> None:
        with self.errors():
            held = self.writer().load(rows, commits)
        if held:
            raise not_empty(self.name, held)

    def back_up(self, file: Path) -> None:
        raise BadInput(
            "a ledger on PostgreSQL is backed up by its server: pg_basebackup, or pg_dump "
            f"--schema {self._url.schema}; a file is made of it with: capital copy URL {file}"
        )

    def roles(self) -> list[str]:
        return role_statements(self._url.schema)

    def apply_roles(self) -> None:
        with self.errors(), self._connection.transaction():
            for statement in self.roles():
                self._connection.execute(statement)

    @contextmanager
    def errors(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise self._in_words(error) from None
        except (ValueError, TypeError) as error:  # no id, no time, nothing where one is due
            raise damaged(f"{self.name}: {error}") from None

    def _in_words(self, error: psycopg.Error) -> StoreUnusable:
        said = self._url.shown(error.diag.message_primary or str(error))
        state = error.sqlstate or ""
        for signs, words, remedy in _WORDS:
            if any(state.startswith(sign) or sign in said for sign in signs):
                return StoreUnusable(f"the ledger at {self.name} {words} ({said})", remedy)
        return StoreUnusable(
            f"the ledger at {self.name} cannot be used: {said}", "nothing was recorded; try again"
        )

    def damage(self, connection: Connection) -> list[str]:  # noqa: ARG002 - the server checks its own pages as it reads them
        return []

    def altered_schema(self, connection: Connection) -> list[str]:
        return [
            f"{what} is missing or changed: this database can be altered without breaking its rules"
            for what in self._missing(connection)
        ] + [f"{name} is no part of a ledger" for name in self._strangers(connection)]

    def _missing(self, connection: Connection) -> Iterator[str]:
        guarded = {
            (table, trigger)
            for table, trigger, body in connection.execute(
                "SELECT c.relname, t.tgname, btrim(p.prosrc) FROM pg_trigger AS t "
                "JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid "
                # BEFORE, for each statement, of DELETE, UPDATE and TRUNCATE; enabled always.
                "WHERE c.relnamespace = current_schema()::regnamespace AND t.tgtype = 58 "
                "AND t.tgenabled = 'A'"
            )
            if body == tables.REFUSE_BODY
        }
        for table in (*tables.RECORD, "ledger"):
            if (table, f"{table}_refuse") not in guarded:
                yield f"trigger {table}_refuse"
        unique = {
            name
            for (name,) in connection.execute(
                "SELECT c.conname FROM pg_constraint AS c "
                "WHERE c.connamespace = current_schema()::regnamespace AND c.contype IN ('p', 'u')"
            )
        }
        for name in ("stored_events_pkey", "one_of_each_version", "commits_pkey"):
            if name not in unique:
                yield f"constraint {name}"

    def _strangers(self, connection: Connection) -> list[str]:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
            "AND relkind NOT IN ('i', 't') UNION ALL "
            "SELECT t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid "
            "WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal "
            "UNION ALL SELECT rulename FROM pg_rules WHERE schemaname = current_schema()"
        )
        own = {*tables.TABLES, *(f"{table}_refuse" for table in (*tables.RECORD, "ledger"))}
        return sorted(name for (name,) in rows if name not in own)


_NOTHING = "nothing was recorded"

_WORDS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        (
            "password authentication failed",
            "no password supplied",
            'FATAL: role "',
            "28P01",
            "28000",
        ),
        "does not let this user in",
        f"put the right password into the file that PGPASSFILE names, or into the URL; {_NOTHING}",
    ),
    (
        ("3D000", 'FATAL: database "'),
        "cannot be found: the server has no such database",
        f"name another, or make it with: createdb NAME; {_NOTHING}",
    ),
    (
        ("42501",),
        "may not be used so by this user",
        "connect as one who may: capital init --roles says who",
    ),
    (
        # None of the hosts of the URL takes writes, as it asks: a cluster between two leaders.
        ("session is read-only", "session is not read-write"),
        "has no leader at this moment",
        f"try again in half a minute; {_NOTHING}",
    ),
    (
        ("25006",),
        "is read-only on this server: it is a standby",
        f"name all servers, and add target_session_attrs=read-write to the URL; {_NOTHING}",
    ),
    (("55P03", "57014"), "is locked by another process", f"try again; {_NOTHING}"),
    (("53100",), "cannot grow: the server's disk is full", f"free some space there; {_NOTHING}"),
    (
        ("53300", "too many clients", "remaining connection slots"),
        "has no connection free",
        f"try again, or raise max_connections of the server; {_NOTHING}",
    ),
    (("XX001", "XX002"), "is damaged", "restore a backup; keep this database for the auditor"),
    (("42P01",), "has lost a table", "restore a backup; of the index: capital rebuild"),
    (
        ("refused", "failed", "could not", "timeout", "closed", "terminating", "57P", "08006"),
        "cannot be reached",
        f"see that the server runs, and that host and port are right; {_NOTHING}",
    ),
)
