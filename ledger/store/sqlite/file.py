"""A ledger in a SQLite file: its path, how it is opened, what its errors mean."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from ledger.errors import StoreUnusable, damaged
from ledger.store.appending import INSERT_COMMIT
from ledger.store.connection import Connection
from ledger.store.engine import Writer
from ledger.store.sqlite import tables as schema
from ledger.store.stored import StoredCommit, StoredRow, not_empty
from ledger.store.version import APPLICATION_ID


class SqliteConnection(sqlite3.Connection):
    """A connection that reads rows one by one."""

    stream = sqlite3.Connection.execute

    def damage(self) -> list[str]:
        """The damage that SQLite itself finds in its file and indexes."""
        found = [text for (text,) in self.execute("PRAGMA integrity_check(20)")]
        return [] if found == ["ok"] else found

    def altered_schema(self) -> list[str]:
        return schema.altered(self)

    def foreign_triggers_and_views(self) -> list[str]:
        return schema.foreign(self)


class SqliteFile:
    """The engine of a SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    def is_there(self) -> bool:
        """Whether a file has this name; raises StoreUnusable if no file can."""
        try:
            return self.path.exists()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise StoreUnusable(f"{self.path}: {reason}", "name another path") from None

    def create(self) -> None:
        with self.errors(), _in_place(self.path) as draft:
            schema.create_tables(str(draft))

    def version(self) -> int:
        path = self.path
        if not self.is_there():
            raise StoreUnusable(
                f"there is no ledger at {path}",
                "make one with: capital init; or name one: capital --ledger PATH ...",
            )
        if not path.is_file():
            raise StoreUnusable(f"{path} is not a file", "name a ledger: capital --ledger PATH ...")
        with self.errors():
            application_id, version = schema.header(str(path))
        if application_id != APPLICATION_ID or version == 0:
            raise StoreUnusable(
                f"{path} is not a ledger", "name another: capital --ledger PATH ..."
            )
        return version

    def upgrade(self) -> int | None:
        with self.errors():
            return schema.upgrade_tables(str(self.path))

    def connect(self) -> SqliteConnection:
        uri = address(self.path)
        with self.errors():
            return sqlite3.connect(
                uri,
                uri=True,
                timeout=schema.LOCK_TIMEOUT_SECONDS,
                isolation_level=None,
                factory=SqliteConnection,
            )

    @contextmanager
    def moment(self) -> Iterator[Connection]:
        with closing(self.connect()) as connection:
            connection.text_factory = _text_or_bytes
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # it begins here
            yield connection

    def writer(self) -> Writer:
        from ledger.store.sqlite.application import CapitalLedger  # noqa: PLC0415 - questions need none

        return CapitalLedger(address(self.path))

    def confirm(self) -> None:
        """Nothing: every visible row of a file is on disk."""

    def load(self, rows: Iterable[StoredRow], commits: Iterable[StoredCommit]) -> None:
        with self.errors(), closing(self.connect()) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            (held,) = connection.execute("SELECT count(*) FROM stored_events").fetchone()
            if held:
                raise not_empty(self.name, held)
            connection.executemany(
                "INSERT INTO stored_events (rowid, originator_id, originator_version, topic, "
                "state) VALUES (?, ?, ?, ?, ?)",
                rows,
            )
            connection.executemany(INSERT_COMMIT, commits)
            connection.execute("COMMIT")

    def back_up(self, file: Path) -> None:
        copy = SqliteFile(file)
        if copy.is_there():
            raise StoreUnusable(f"{file} exists already", "choose another path")
        with (
            copy.errors(),
            _in_place(file) as draft,
            closing(self.connect()) as connection,
            closing(sqlite3.connect(draft)) as other,
        ):
            connection.backup(other)
            # One file, whole, with no log beside it that could be left behind.
            other.execute("PRAGMA journal_mode = DELETE")

    @contextmanager
    def errors(self) -> Iterator[None]:
        path = self.path
        try:
            yield
        except sqlite3.Error as error:
            raise _in_words(path, str(error)) from None
        # Text that is not UTF-8, a malformed id, a missing value.
        except (ValueError, TypeError) as error:
            raise damaged(f"{path}: {error}") from None
        except PermissionError as error:
            raise StoreUnusable(f"{path}: {error.strerror}", "check the permissions") from None
        except FileNotFoundError:
            raise StoreUnusable(
                f"{path}: the folder does not exist", "make the folder, or name another path"
            ) from None
        except NotADirectoryError:
            raise StoreUnusable(f"a parent of {path} is not a folder") from None


_WORDS = (
    ("locked", "is locked by another process", "try again when it is done; nothing was recorded"),
    ("readonly", "is read-only", "check the permissions of the file and its folder"),
    ("full", "cannot grow: the disk is full", "free some space; nothing was recorded"),
    ("unable to open", "cannot be opened", "check the path and its permissions"),
    ("not a database", "is not a ledger", "name another: capital --ledger PATH ..."),
    ("malformed", "is damaged", "restore a backup; keep this file for the auditor"),
    ("no such table: index_", "has no index", "rebuild it with: capital rebuild"),
    ("no such table: tracking", "has no index", "rebuild it with: capital rebuild"),
    ("no such table", "is not a ledger", "name another: capital --ledger PATH ..."),
)


def _in_words(path: Path, message: str) -> StoreUnusable:
    for sign, words, remedy in _WORDS:
        if sign in message:
            return StoreUnusable(f"the ledger at {path} {words} ({message})", remedy)
    return StoreUnusable(f"the ledger at {path} cannot be used: {message}")


def address(path: Path) -> str:
    """The address for SQLite; on a read-only medium, without locks."""
    try:
        where = f"file:{quote(str(path.absolute()))}"
    except UnicodeEncodeError:
        raise StoreUnusable(f"{str(path)!r} is not a file name", "name another path") from None
    log = path.with_name(f"{path.name}-wal")
    can_write = os.access(path.absolute().parent, os.W_OK) or os.access(path, os.W_OK)
    if not can_write and not (log.exists() and log.stat().st_size):
        return f"{where}?immutable=1"
    return f"{where}?mode=rw"


@contextmanager
def _in_place(path: Path) -> Iterator[Path]:
    """A temporary file beside the path, which gets the name when it is complete.

    An incomplete ledger never has the name. Raises StoreUnusable if the name is taken.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        yield draft
        try:
            os.link(draft, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            path.touch(exist_ok=False)
            draft.replace(path)
    except FileExistsError:
        raise StoreUnusable(f"{path} exists already", "choose another path") from None
    finally:
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def _text_or_bytes(data: bytes) -> str | bytes:
    """Text as text, or as bytes if it is not UTF-8, so that an audit can continue."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data
