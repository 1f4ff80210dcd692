"""The place of a ledger: the engine of a path or URL; opening, making and upgrading."""

from __future__ import annotations

from pathlib import Path

from ledger.errors import StoreUnusable
from ledger.store.engine import Engine
from ledger.store.sqlite.file import SqliteFile
from ledger.store.version import SCHEMA_VERSION


def is_on_postgres(location: str | Path) -> bool:
    """Whether this is the URL of a PostgreSQL database."""
    return str(location).startswith(("postgresql://", "postgres://"))


def engine_of(location: str | Path) -> Engine:
    """The engine for this place; raises StoreUnusable if a ledger cannot be there."""
    text = str(location)
    if is_on_postgres(text):
        from ledger.store.postgres.engine import PostgresSchema  # noqa: PLC0415 - needs the driver

        return PostgresSchema.of(text)
    scheme, separator, _ = text.partition("://")
    if separator:
        raise StoreUnusable(
            f"{scheme}:// is not a store that this version supports",
            "name a SQLite file, or a postgresql:// URL: capital --ledger PATH ...",
        )
    # SQLite gives these a special meaning; the path of a ledger has none.
    if text == ":memory:" or text.startswith("file:"):
        raise StoreUnusable(
            f"{text!r} is an address of SQLite, not the path of a file",
            "name the file by its path: capital --ledger PATH ...",
        )
    return SqliteFile(Path(location))


def engine_to_open(location: str | Path) -> Engine:
    """The engine of a ledger of this version.

    Raises StoreUnusable if there is none, or something that is not a ledger.
    """
    engine = engine_of(location)
    version = engine.version()
    if version < SCHEMA_VERSION:
        raise StoreUnusable(
            f"{engine.name} was made by an earlier version of capital (schema {version}, this "
            f"one has {SCHEMA_VERSION})",
            "make a copy, then upgrade it with: capital upgrade",
        )
    if version > SCHEMA_VERSION:
        raise StoreUnusable(
            f"{engine.name} was made by a newer version of capital (schema {version}, this one "
            f"knows {SCHEMA_VERSION})",
            "upgrade capital-ledger",
        )
    return engine


def create(location: str | Path) -> Engine:
    """Make an empty ledger, all of it or nothing.

    Raises StoreUnusable if something exists there or nothing can be written.
    """
    engine = engine_of(location)
    if engine.is_there():
        raise StoreUnusable(f"{engine.name} exists already", "choose another path")
    engine.create()
    return engine


def upgrade(location: str | Path) -> int | None:
    """Bring the ledger at a place up to this version, all of it or nothing.

    Returns the number of rows in its tree; None if it is up to date. Raises StoreUnusable if there
    is no ledger.
    """
    engine = engine_of(location)
    if engine.version() >= SCHEMA_VERSION:
        engine_to_open(location)
        return None
    return engine.upgrade()
