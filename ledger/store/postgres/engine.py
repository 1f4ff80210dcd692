"""A ledger in one schema of a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from ledger.errors import BadInput, StoreUnusable, damaged, quoted
from ledger.store.connection import Connection
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
from ledger.store.stored import StoredCommit, StoredRow


class PostgresSchema:
    """The engine of a schema of a PostgreSQL database."""

    def __init__(self, url: Url) -> None:
        self._url = url
        self.name = url.name
        self._connection = PostgresConnection(url)

    @classmethod
    def of(cls, url: str) -> Self:
        """The schema that a URL names; raises StoreUnusable if it cannot be read."""
        return cls(read_url(url))

    def is_there(self) -> bool:
        """Whether the schema holds anything."""
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
                    f"the database of {self.name} uses the encoding {encoding}, which cannot store "
                    "every name",
                    "make one with: createdb --encoding UTF8 --template template0 NAME",
                )
            try:
                with c.transaction():
                    found = c.execute(
                        "SELECT 1 FROM pg_namespace WHERE nspname = ?", (schema,)
                    ).fetchone()
                    # A user who may not make a schema can get an empty one from somebody else.
                    if found is None:
                        c.execute(f"CREATE SCHEMA {schema}")
                    c.execute("; ".join(tables.statements(schema)))
            except (
                psycopg.errors.DuplicateSchema,
                psycopg.errors.DuplicateTable,
                psycopg.errors.UniqueViolation,
            ):  # another command made it in the meantime
                raise StoreUnusable(
                    f"{self.name} exists already", "choose another schema: ?schema=NAME"
                ) from None

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
        raise damaged(f"{self.name} names a version that never existed on PostgreSQL")

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
            self.writer().load(rows, commits)

    def back_up(self, file: Path) -> None:
        raise BadInput(
            "a ledger on PostgreSQL is backed up by its server: pg_basebackup, or pg_dump "
            f"--schema {quoted(self._url.schema)}; a file is made of it with: capital copy URL "
            f"{quoted(str(file))}"
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
        except (ValueError, TypeError) as error:  # a malformed id, a missing value
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
        "refuses this user's login",
        f"put the right password into the file that PGPASSFILE names, or into the URL; {_NOTHING}",
    ),
    (
        ("3D000", 'FATAL: database "'),
        "cannot be found: the server has no such database",
        f"name another, or make it with: createdb NAME; {_NOTHING}",
    ),
    (
        ("42501",),
        "does not allow this user to do that",
        "connect with a role that may; capital init --roles prints the roles",
    ),
    (
        # No host of the URL accepts writes: a cluster that is changing its leader.
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
        "has no free connection",
        f"try again, or raise max_connections of the server; {_NOTHING}",
    ),
    (("XX001", "XX002"), "is damaged", "restore a backup; keep this database for the auditor"),
    (
        ("42P01",),
        "has lost a table",
        "restore a backup; if it is a table of the index, run: capital rebuild",
    ),
    (
        ("refused", "failed", "could not", "timeout", "closed", "terminating", "57P", "08006"),
        "cannot be reached",
        f"check that the server is running and that host and port are right; {_NOTHING}",
    ),
)
