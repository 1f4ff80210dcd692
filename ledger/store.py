"""A ledger file: which issuers it holds, their entries and events; and the one way to save."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from ledger import schema
from ledger.commit import Commit, Row, instant
from ledger.errors import StoreUnusable, Unknown
from ledger.event import Event, action_id
from ledger.mapper import damaged, decoded, row_of
from ledger.register import Entry, register_id
from ledger.snapshot import Snapshot, snapshot
from ledger.version import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.application import CapitalLedger
    from ledger.recorders import IndexedIssuer


READ_BACK = 20
"""How many rows of an entry are read back before it is saved: all that anybody types. Of a file,
every line was read from text just before, and a property holds that what is read is read back."""


class Ledger:
    """A ledger file, open. Questions read it directly; saving is the application's."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._uri = address(path)
        self._application: CapitalLedger | None = None
        with _store_errors(path):
            self._connection = sqlite3.connect(
                self._uri, uri=True, timeout=schema.LOCK_TIMEOUT_SECONDS, isolation_level=None
            )

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
                schema.create_tables(str(draft))
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
        if version < SCHEMA_VERSION:
            raise StoreUnusable(
                f"{path} was made by an earlier version of capital (schema {version}, this one "
                f"has {SCHEMA_VERSION})",
                "keep a copy, then bring it up to date with: capital upgrade",
            )
        if version > SCHEMA_VERSION:
            raise StoreUnusable(
                f"{path} was made by a newer version of capital (schema {version}, this one "
                f"knows {SCHEMA_VERSION})",
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
            application_id, version = schema.header(str(path))
        if application_id != APPLICATION_ID or version == 0:
            raise StoreUnusable(
                f"{path} is not a ledger", "name another: capital --ledger PATH ..."
            )
        return version

    @classmethod
    def upgrade(cls, path: Path) -> int | None:
        """Bring the ledger at `path` up to this version, all of it or nothing.

        Answers how many rows its tree is over; None where it is up to date. Raises StoreUnusable
        where there is no ledger.
        """
        if cls._version(path) >= SCHEMA_VERSION:
            cls.open(path).close()
            return None
        with _store_errors(path):
            return schema.upgrade_tables(str(path))

    def close(self) -> None:
        if self._application is not None:
            self._application.close()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def issuers(self) -> list[str]:
        """The codes of all issuers, in alphabetical order."""
        with _store_errors(self.path):
            rows = self._connection.execute(
                "SELECT originator_id, originator_version, topic, state FROM stored_events "
                "WHERE topic = 'Entry' AND originator_version = 1"
            )
            return sorted(decoded(*row).issuer for row in rows)

    def entries(self, issuer: str) -> list[tuple[Entry, datetime]]:
        """One issuer's register, with the time each entry was recorded.

        Raises Unknown where the ledger holds no such issuer.
        """
        found: list[tuple[Entry, datetime]] = []
        with _store_errors(self.path):
            rows = self._connection.execute(
                "SELECT originator_id, originator_version, topic, state, (SELECT recorded_at "
                "  FROM commits WHERE first_row <= e.rowid AND last_row >= e.rowid "
                "  ORDER BY first_row DESC LIMIT 1) "
                "FROM stored_events AS e WHERE originator_id = ? ORDER BY originator_version",
                (register_id(issuer).hex,),
            )
            for *row, recorded_at in rows:
                entry = decoded(*row)
                if not isinstance(entry, Entry):
                    raise damaged(f"the register of {issuer} holds a {entry.name}")
                if entry.number != len(found) + 1:
                    due = len(found) + 1
                    raise damaged(f"entry {due} of {issuer} is missing before {entry.number}")
                found.append((entry, instant(recorded_at)))
        if not found and issuer in self.issuers():
            raise damaged(f"the register of {issuer} is not where it should be")
        if not found:
            raise Unknown(
                f"the ledger at {self.path} holds no issuer {issuer!r}",
                f"{_nearest(issuer, self.issuers())}register it with: capital issuer register "
                f"{issuer} --name ... --currency ... --profile ...",
            )
        return found

    def events(self, issuer: str, action: str) -> list[Event]:
        """The whole log of one action, straight from the store.

        Raises StoreUnusable where nothing of it is stored, or not without a gap.
        """
        found: list[Event] = []
        with _store_errors(self.path):
            rows = self._connection.execute(
                "SELECT originator_id, originator_version, topic, state FROM stored_events "
                "WHERE originator_id = ? ORDER BY originator_version",
                (action_id(issuer, action).hex,),
            )
            for row in rows:
                event = decoded(*row)
                if not isinstance(event, Event) or event.version != len(found) + 1:
                    raise damaged(f"event {len(found) + 1} of {issuer} {action} is missing")
                found.append(event)
        if not found:
            raise damaged(f"no event of {issuer} {action} is stored")
        return found

    def last_row(self) -> int:
        """The last row that is recorded; 0 of an empty ledger."""
        with _store_errors(self.path):
            found = self._connection.execute(
                "SELECT last_row FROM commits ORDER BY first_row DESC LIMIT 1"
            ).fetchone()
            return 0 if found is None else int(found[0])

    def last_entry(self, issuer: str) -> int | None:
        """The number of an issuer's last entry."""
        with _store_errors(self.path):
            (number,) = self._connection.execute(
                "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?",
                (register_id(issuer).hex,),
            ).fetchone()
            return None if number is None else int(number)

    def behind(self, limit: int) -> tuple[list[str], int] | None:
        """The next issuers that the index is behind for, and the row it will have come to.

        None where it is not behind.
        """
        with _store_errors(self.path):
            (tracked,) = self._connection.execute(
                "SELECT coalesce(max(notification_id), 0) FROM tracking WHERE application_name = ?",
                (schema.INDEX,),
            ).fetchone()
            rows = self._connection.execute(
                "SELECT c.last_row, e.originator_id, e.originator_version, e.topic, e.state "
                "FROM commits AS c JOIN stored_events AS e ON e.rowid = c.last_row "
                "WHERE c.first_row > ? ORDER BY c.first_row",
                (tracked,),
            )
            issuers: dict[str, None] = {}
            last_row = 0
            for row, *entry in rows:
                issuer = decoded(*entry).issuer
                if issuer not in issuers and len(issuers) == limit:
                    break
                issuers[issuer] = None
                last_row = row
            return (list(issuers), last_row) if issuers else None

    def index_place(self) -> int:
        """The row the index has come to; 0 of none, below while it is made again."""
        with _store_errors(self.path):
            (tracked,) = self._connection.execute(
                "SELECT coalesce(max(notification_id), 0) FROM tracking WHERE application_name = ?",
                (schema.INDEX,),
            ).fetchone()
            return int(tracked)

    def indexed(self, issuer: str) -> list[tuple[Any, ...]] | None:
        """What the index holds of an issuer, sorted; None where it is behind the rows."""
        if self.behind(1) is not None:
            return None
        with _store_errors(self.path):
            rows = self._connection.execute(
                "SELECT s.class, s.basis, s.opened_on, c.day, c.authorized, c.issued, c.treasury, "
                "c.outstanding, c.reason FROM index_series AS s "
                "LEFT JOIN index_counts AS c ON c.counts = s.counts WHERE s.issuer = ?",
                (issuer,),
            )
            return sorted(rows, key=str)

    def indexed_entry(self, issuer: str) -> int | None:
        """The entry of an issuer that the index has come to."""
        with _store_errors(self.path):
            found = self._connection.execute(
                "SELECT entry FROM index_issuers WHERE issuer = ?", (issuer,)
            ).fetchone()
            return None if found is None else found[0]

    def indexed_issuers(self) -> dict[str, int | None]:
        """The issuers the index speaks of, and the entry of each it has come to."""
        with _store_errors(self.path):
            return dict(
                self._connection.execute(
                    "SELECT issuer, entry FROM index_issuers UNION ALL "
                    "SELECT DISTINCT issuer, NULL FROM index_series "
                    "WHERE issuer NOT IN (SELECT issuer FROM index_issuers)"
                )
            )

    def save_index(self, issuers: Sequence[IndexedIssuer], last_row: int, since: int) -> bool:
        """Replace the index of these issuers; say that it has come from `since` to this row.

        Answers whether it was done; not where another process has moved it in the meantime.
        """
        with _store_errors(self.path):
            return self._writing().save_index(issuers, last_row, since)

    def clear_index(self) -> None:
        """Forget the whole index."""
        with _store_errors(self.path):
            self._writing().clear_index()

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
        return self.save_rows(self.rows(events, entry))

    def rows(self, events: Sequence[Event], entry: Entry) -> list[Row]:
        """The events of one entry, and the entry, as they are stored."""
        rows = [*map(row_of, events), row_of(entry)]
        for row in rows[-READ_BACK:]:  # what could not be read back is never written
            decoded(*row)
        return rows

    def save_rows(self, rows: Sequence[Row]) -> Commit:
        """Save the rows of one entry in one transaction; say which it was.

        Raises WriteConflict where another writer recorded for this issuer first.
        """
        with _store_errors(self.path):
            return self._writing().save_rows(rows)

    def _writing(self) -> CapitalLedger:
        if self._application is None:
            from ledger.application import CapitalLedger  # noqa: PLC0415 - questions need none

            self._application = CapitalLedger(self._uri)
        return self._application


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
    except sqlite3.Error as error:
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
    ("no such table: index_", "has no index", "make it again with: capital rebuild"),
    ("no such table: tracking", "has no index", "make it again with: capital rebuild"),
    ("no such table", "is not a ledger", "name another: capital --ledger PATH ..."),
)


def _in_words(path: Path, message: str) -> StoreUnusable:
    for sign, words, remedy in _WORDS:
        if sign in message:
            return StoreUnusable(f"the ledger at {path} {words} ({message})", remedy)
    return StoreUnusable(f"the ledger at {path} cannot be used: {message}")
