"""A ledger in a SQLite file: where it lies, how it is opened, what its errors mean."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ledger.errors import BadInput, StoreUnusable, damaged
from ledger.store.engine import Connection
from ledger.store.index import INDEX_NAMES
from ledger.store.sqlite import tables as schema
from ledger.store.stored import StoredCommit, StoredRow, not_empty
from ledger.store.version import APPLICATION_ID

if TYPE_CHECKING:
    from ledger.store.sqlite.application import CapitalLedger


class SqliteConnection(sqlite3.Connection):
    """A connection whose rows always come one by one."""

    stream = sqlite3.Connection.execute


class SqliteFile:
    """The engine of a SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    def is_there(self) -> bool:
        """Whether something has this name; raises StoreUnusable for what can be no name."""
        try:
            return self.path.exists()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise StoreUnusable(f"{self.path}: {reason}", "name another path") from None

    def create(self) -> None:
        path = self.path
        # Made beside its place and moved there: a half-made ledger never bears the name.
        draft = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            with self.errors():
                schema.create_tables(str(draft))
                put_in_place(draft, path)
        except FileExistsError:
            raise StoreUnusable(f"{path} exists already", "choose another path") from None
        finally:
            for suffix in ("", "-wal", "-shm"):
                with suppress(OSError):
                    draft.with_name(draft.name + suffix).unlink(missing_ok=True)

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

    def writer(self) -> CapitalLedger:
        from ledger.store.sqlite.application import CapitalLedger  # noqa: PLC0415 - questions need none

        return CapitalLedger(address(self.path))

    def damage(self, connection: Connection) -> list[str]:
        """What SQLite itself finds wrong with its file and indexes."""
        found = [text for (text,) in connection.execute("PRAGMA integrity_check(20)")]
        return [] if found == ["ok"] else found

    def altered_schema(self, connection: Connection) -> list[str]:
        """What of the file's tables, indexes and triggers is not as a ledger has it, in words."""
        held = {
            name: " ".join(sql.split())
            for name, sql in connection.execute("SELECT name, sql FROM sqlite_master")
            if sql is not None
        }
        own: dict[str, tuple[str, str]] = {}
        for statement in schema.TABLES:
            words = statement.replace("IF NOT EXISTS", "").replace("(", " ").split()
            if words[0] == "CREATE":
                own[words[2]] = words[1], " ".join(statement.split())
        index = set(INDEX_NAMES)
        found = [
            f"{kind} {name} is missing or changed: this file can be altered without breaking its "
            "rules"
            for name, (kind, statement) in own.items()
            if name not in index and held.get(name) != statement
        ]
        found += [f"{name} is no part of a ledger" for name in sorted(held.keys() - own.keys())]
        return found

    def confirm(self) -> None:
        """Nothing: what is seen in a file is on its disk."""

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
            connection.executemany("INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?)", commits)
            connection.execute("COMMIT")

    def back_up(self, file: Path) -> None:
        copy = SqliteFile(file)
        if copy.is_there():
            raise StoreUnusable(f"{file} exists already", "choose another path")
        draft = file.with_name(f".{file.name}.{os.getpid()}.new")
        try:
            with (
                copy.errors(),
                closing(self.connect()) as connection,
                closing(sqlite3.connect(draft)) as other,
            ):
                connection.backup(other)
                # One file, whole, with no log beside it that could be left behind.
                other.execute("PRAGMA journal_mode = DELETE")
            with copy.errors():
                put_in_place(draft, file)
        except FileExistsError:
            raise StoreUnusable(f"{file} exists already", "choose another path") from None
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def roles(self) -> list[str]:
        raise BadInput(
            "--roles is of a ledger on PostgreSQL; who may write a file is said by its permissions"
        )

    def apply_roles(self) -> None:
        self.roles()

    @contextmanager
    def errors(self) -> Iterator[None]:
        path = self.path
        try:
            yield
        except sqlite3.Error as error:
            raise _in_words(path, str(error)) from None
        except (
            ValueError,
            TypeError,
        ) as error:  # no UTF-8, no id, no time, nothing where one is due
            raise damaged(f"{path}: {error}") from None
        except PermissionError as error:
            raise StoreUnusable(f"{path}: {error.strerror}", "check the permissions") from None
        except FileNotFoundError:
            raise StoreUnusable(
                f"{path}: the folder does not exist", "make the folder, or name another path"
            ) from None
        except NotADirectoryError:
            raise StoreUnusable(f"{path} lies under something that is no folder") from None


_WORDS = (
    ("locked", "is locked by another process", "try again when it is done; nothing was recorded"),
    ("readonly", "is read-only", "check the permissions of the file and its folder"),
    ("full", "cannot grow: the disk is full", "free some space; nothing was recorded"),
    ("unable to open", "cannot be opened", "check the path and its permissions"),
    ("not a database", "is not a ledger", "name another: capital --ledger PATH ..."),
    ("malformed", "is damaged", "restore a backup; keep this file for the auditor"),
    ("no such table: index_", "has no index", "make it again with: capital rebuild"),
    ("no such table: tracking", "has no index", "make it again with: capital rebuild"),
    ("no such table", "is not a ledger", "name another: capital --ledger PATH ..."),
)


def _in_words(path: Path, message: str) -> StoreUnusable:
    for sign, words, remedy in _WORDS:
        if sign in message:
            return StoreUnusable(f"the ledger at {path} {words} ({message})", remedy)
    return StoreUnusable(f"the ledger at {path} cannot be used: {message}")


def address(path: Path) -> str:
    """The ledger as SQLite opens it; on a medium that cannot be written, as it lies there."""
    try:
        where = f"file:{quote(str(path.absolute()))}"
    except UnicodeEncodeError:
        raise StoreUnusable(f"{str(path)!r} is no name of a file", "name another path") from None
    log = path.with_name(f"{path.name}-wal")
    can_write = os.access(path.absolute().parent, os.W_OK) or os.access(path, os.W_OK)
    if not can_write and not (log.exists() and log.stat().st_size):
        return f"{where}?immutable=1"
    return f"{where}?mode=rw"


def put_in_place(draft: Path, path: Path) -> None:
    """Give a finished file its name; raises FileExistsError where the name is taken."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        path.touch(exist_ok=False)
        draft.replace(path)


def _text_or_bytes(data: bytes) -> str | bytes:
    """Text as text; what is no UTF-8 as the bytes it is, so that an audit can go on past it."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data
