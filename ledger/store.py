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
    Mapper,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.utils import Environment, EnvType
from pydantic import ValidationError

import ledger.actions  # noqa: F401 - makes every kind known
from ledger import recorders
from ledger.action import EVENTS, CapitalAction
from ledger.errors import StoreUnusable, Unknown, WriteConflict
from ledger.event import Event, action_id
from ledger.register import Entry, register_id


class LedgerMapper(Mapper[UUID]):
    """Stores an event under its bare name as compact JSON, and reads nothing else back.

    A row names no code: what is not in the registry, or whose body disagrees with its row, is
    damage and never executed (the library's own mapper resolves a topic as `module:name`).
    """

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=type(domain_event).__name__,
            state=domain_event.model_dump_json(exclude_unset=True).encode(),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        name = stored_event.topic
        event_class: type[Event | Entry] | None = (
            Entry if name == Entry.__name__ else EVENTS.get(name)
        )
        row = f"event {stored_event.originator_version} of {stored_event.originator_id}"
        if event_class is None:
            raise _damaged(f"{row} is a {name!r}, which this version does not know")
        try:
            event = event_class.model_validate_json(stored_event.state)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise _damaged(f"{row} ({name}) cannot be read: {where} {first['msg']}") from None
        if (event.originator_id, event.originator_version) != (
            stored_event.originator_id,
            stored_event.originator_version,
        ):
            raise _damaged(f"{row} ({name}) holds the body of another event")
        return event


def _damaged(what: str) -> StoreUnusable:
    return StoreUnusable(
        f"the ledger is damaged or of a newer version: {what}",
        "work on a copy of a backup; keep this file for the auditor",
    )


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
        uri = f"file:{quote(str(path.absolute()))}?mode=rw"
        with _store_errors(path):
            self._app = CapitalLedger(uri)

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
        if not is_there(path):
            raise StoreUnusable(
                f"there is no ledger at {path}",
                "make one with: capital init; or name one: capital --ledger PATH ...",
            )
        if not path.is_file():
            raise StoreUnusable(f"{path} is not a file", "name a ledger: capital --ledger PATH ...")
        with _store_errors(path):
            application_id, version = recorders.header(str(path))
        if application_id != recorders.APPLICATION_ID:
            raise StoreUnusable(
                f"{path} is not a ledger", "name another: capital --ledger PATH ..."
            )
        if version > recorders.SCHEMA_VERSION:
            raise StoreUnusable(
                f"{path} was made by a newer version of capital (schema {version}, this one "
                f"knows {recorders.SCHEMA_VERSION})",
                "upgrade capital-ledger",
            )
        return cls(path)

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
                raise _damaged(f"entry {due} of {issuer} is missing before entry {entry.number}")
        if not entries and issuer in self.issuers():
            raise _damaged(f"the register of {issuer} is not where it should be")
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
                raise _damaged(f"no event of {issuer} {reference} is stored") from None
            except EventSourcingError as error:
                raise _damaged(f"{issuer} {reference}: {type(error).__name__} {error}") from None

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

    def save(self, events: Sequence[Event], entry: Entry) -> None:
        """Save the events of one entry, and the entry, in one transaction.

        Raises WriteConflict where another writer recorded for this issuer first.
        """
        with _store_errors(self.path):
            for event in (*events, entry):  # what could not be read back is never written
                self._app.mapper.to_domain_event(self._app.mapper.to_stored_event(event))
            try:
                self._app.events.put([*events, entry])
            except IntegrityError:
                raise WriteConflict from None

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
        raise _damaged(f"{path}: {error}") from None
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
