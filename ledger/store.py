"""The eventsourcing application: one file, a closed registry of names, issuers' books."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import quote
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.domain import EventSourcingError
from eventsourcing.persistence import (
    InfrastructureFactory,
    IntegrityError,
    PersistenceError,
)
from eventsourcing.utils import Environment, EnvType

from ledger import recorders
from ledger.action import CapitalAction
from ledger.commit import Commit
from ledger.errors import StoreUnusable, Unknown, WriteConflict
from ledger.event import Event, action_id
from ledger.mapper import LedgerMapper, damaged
from ledger.register import Entry, register_id
from ledger.snapshot import Snapshot, snapshot

READ_BACK = 100
"""How many rows of an entry are read back before it is saved: all that anybody types. Of a file,
every line was read from text just before, and a property holds that what is read is read back."""


class CapitalLedger(Application[UUID]):
    """The library's application over one ledger file; configured by nothing but its path."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:  # noqa: ARG002
        # A stray CIPHER_TOPIC or SQLITE_DBNAME of the machine must not change what is stored.
        return Environment(name, {"SQLITE_DBNAME": ":memory:"})

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        return recorders.LedgerFactory(env, self._uri)

    def construct_mapper(self) -> LedgerMapper:
        return LedgerMapper(self.construct_transcoder())


class Ledger:
    """A ledger file: which issuers it holds, their entries and actions; and the one way to save."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._uri = f"file:{quote(str(path.absolute()))}?mode=rw"
        with _store_errors(path):
            self._app = CapitalLedger(self._uri)

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make an empty ledger at `path`, all of it or nothing.

        Raises StoreUnusable where something else lies there or nothing can be written.
        """
        if is_there(path):
            raise StoreUnusable(f"{path} exists already", "choose another path")
        # Made beside its place and moved there: a half-made ledger never bears the name.
        draft = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            with _store_errors(path):
                recorders.create_tables(str(draft))
                _put_in_place(draft, path)
        except FileExistsError:
            raise StoreUnusable(f"{path} exists already", "choose another path") from None
        finally:
            for suffix in ("", "-wal", "-shm"):
                with suppress(OSError):
                    draft.with_name(draft.name + suffix).unlink(missing_ok=True)
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the ledger at `path`.

        Raises StoreUnusable where there is none, or something that is not a ledger.
        """
        version = cls._version(path)
        if version < recorders.SCHEMA_VERSION:
            raise StoreUnusable(
                f"{path} was made by an earlier version of capital (schema {version}, this one "
                f"has {recorders.SCHEMA_VERSION})",
                "keep a copy, then bring it up to date with: capital upgrade",
            )
        if version > recorders.SCHEMA_VERSION:
            raise StoreUnusable(
                f"{path} was made by a newer version of capital (schema {version}, this one "
                f"knows {recorders.SCHEMA_VERSION})",
                "upgrade capital-ledger",
            )
        return cls(path)

    @classmethod
    def _version(cls, path: Path) -> int:
        """The schema version of the ledger at `path`; raises StoreUnusable where there is none."""
        if not is_there(path):
            raise StoreUnusable(
                f"there is no ledger at {path}",
                "make one with: capital init; or name one: capital --ledger PATH ...",
            )
        if not path.is_file():
            raise StoreUnusable(f"{path} is not a file", "name a ledger: capital --ledger PATH ...")
        with _store_errors(path):
            application_id, version = recorders.header(str(path))
        if application_id != recorders.APPLICATION_ID or version == 0:
            raise StoreUnusable(
                f"{path} is not a ledger", "name another: capital --ledger PATH ..."
            )
        return version

    @classmethod
    def upgrade(cls, path: Path) -> int:
        """Bring the ledger at `path` up to this version, all of it or nothing.

        Answers how many rows its tree is over; 0 where it is up to date. Raises StoreUnusable
        where there is no ledger.
        """
        if cls._version(path) >= recorders.SCHEMA_VERSION:
            cls.open(path).close()
            return 0
        with _store_errors(path):
            return recorders.upgrade_tables(str(path))

    def close(self) -> None:
        self._app.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def issuers(self) -> list[str]:
        """The codes of all issuers, in alphabetical order."""
        with _store_errors(self.path):
            rows = self._recorder.select_first_entries()
            entries = cast("list[Entry]", [self._app.mapper.to_domain_event(row) for row in rows])
            return sorted(entry.issuer for entry in entries)

    def entries(self, issuer: str) -> list[tuple[Entry, Any]]:
        """One issuer's register, with the time each entry was recorded.

        Raises Unknown where the ledger holds no such issuer.
        """
        with _store_errors(self.path):
            log = register_id(issuer)
            entries = cast("list[Entry]", list(self._app.events.get(log)))
            times = self._recorder.select_recorded_at(log)
        for due, entry in enumerate(entries, start=1):
            if entry.number != due:
                raise damaged(f"entry {due} of {issuer} is missing before entry {entry.number}")
        if not entries and issuer in self.issuers():
            raise damaged(f"the register of {issuer} is not where it should be")
        if not entries:
            raise Unknown(
                f"the ledger at {self.path} holds no issuer {issuer!r}",
                f"{_nearest(issuer, self.issuers())}register it with: capital issuer register "
                f"{issuer} --name ... --currency ... --profile ...",
            )
        return [(entry, times[entry.number]) for entry in entries]

    def action(self, issuer: str, reference: str) -> CapitalAction:
        """One action with its whole log, straight from the store."""
        with _store_errors(self.path):
            try:
                return cast("CapitalAction", self._app.repository.get(action_id(issuer, reference)))
            except AggregateNotFoundError:
                raise damaged(f"no event of {issuer} {reference} is stored") from None
            except EventSourcingError as error:
                raise damaged(f"{issuer} {reference}: {type(error).__name__} {error}") from None

    def stored_rows(self) -> Iterator[Any]:
        """Every stored event and entry, from the first on, in the order they were saved."""
        start: int | None = None
        while True:
            with _store_errors(self.path):
                rows = self._recorder.select_notifications(
                    start, limit=1000, inclusive_of_start=False
                )
                events = [self._app.mapper.to_domain_event(row) for row in rows]
            yield from events
            if not rows:
                return
            start = rows[-1].id

    def commit_of(self, issuer: str, entry: int) -> Commit:
        """The transaction that recorded an entry; raises StoreUnusable where it is not stored."""
        with self.snapshot() as moment:
            row = moment.row_of(register_id(issuer).hex, entry)
            stored = None if row is None else moment.commit_of(row)
            if stored is None:
                raise damaged(f"entry {entry} of {issuer} is in no commit")
            return stored.read()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Everything stored at this moment, as it is stored."""
        with _store_errors(self.path), snapshot(self._uri) as taken:
            yield taken

    def save(self, events: Sequence[Event], entry: Entry) -> Commit:
        """Save the events of one entry, and the entry, in one transaction; say which it was.

        Raises WriteConflict where another writer recorded for this issuer first.
        """
        with _store_errors(self.path):
            mapper = self._app.mapper
            rows = [mapper.to_stored_event(event) for event in (*events, entry)]
            for row in rows[-READ_BACK:]:  # what could not be read back is never written
                mapper.to_domain_event(row)
            try:
                self._recorder.insert_events(rows)
            except IntegrityError:
                raise WriteConflict from None
        commit = self._recorder.last_commit
        assert commit is not None
        return commit

    @property
    def _recorder(self) -> recorders.LedgerRecorder:
        return cast("recorders.LedgerRecorder", self._app.recorder)


def is_there(path: Path) -> bool:
    """Whether something has this name; raises StoreUnusable for what can be no name."""
    try:
        return path.exists()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreUnusable(f"{path}: {reason}", "name another path") from None


def _put_in_place(draft: Path, path: Path) -> None:
    """Give a finished file its name; raises FileExistsError where the name is taken."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        path.touch(exist_ok=False)
        draft.replace(path)


def _nearest(wanted: str, codes: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way to an error

    near = get_close_matches(wanted, codes, n=3)
    if not near:
        near = [code for code in codes if code.casefold() == wanted.casefold()]
    return f"did you mean {', '.join(near)}? Otherwise " if near else ""


@contextmanager
def _store_errors(path: Path) -> Iterator[None]:
    """Turn whatever a database says into what a user can act on."""
    try:
        yield
    except (PersistenceError, sqlite3.Error) as error:
        raise _in_words(path, str(error)) from None
    except (ValueError, TypeError) as error:  # no UTF-8, no id, no time, nothing where one is due
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
    ("no such table", "is not a ledger", "name another: capital --ledger PATH ..."),
)


def _in_words(path: Path, message: str) -> StoreUnusable:
    for sign, words, remedy in _WORDS:
        if sign in message:
            return StoreUnusable(f"the ledger at {path} {words} ({message})", remedy)
    return StoreUnusable(f"the ledger at {path} cannot be used: {message}")
