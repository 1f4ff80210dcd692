"""A ledger, open: which issuers it holds, their entries and events; and the one way to save."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ledger.errors import BadInput, StoreUnusable, Unknown, damaged
from ledger.events.entry import Entry, register_id
from ledger.events.event import Event, action_id
from ledger.proof.commit import Commit, Row, instant
from ledger.store.index import INDEX
from ledger.store.rows import decoded, row_of
from ledger.store.sqlite.file import SqliteFile
from ledger.store.stored import Snapshot
from ledger.store.version import SCHEMA_VERSION

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.store.engine import Engine, Writer
    from ledger.store.index import IndexedIssuer

POSTGRES_SCHEMES = ("postgresql", "postgres")
LOGS_AT_ONCE = 500
"""How many logs are asked for in one query: fewer than the values any database takes."""


class Ledger:
    """A ledger, open. Questions read it directly; saving is the writer's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.name
        """Where the ledger lies, as messages show it."""
        self._writer: Writer | None = None
        self._connection = engine.connect()

    @classmethod
    def create(cls, location: str | Path) -> Self:
        """Make an empty ledger, all of it or nothing.

        Raises StoreUnusable where something else lies there or nothing can be written.
        """
        engine = engine_of(location)
        if engine.is_there():
            raise StoreUnusable(f"{engine.name} exists already", "choose another path")
        engine.create()
        return cls(engine)

    @classmethod
    def open(cls, location: str | Path) -> Self:
        """Open the ledger at a place.

        Raises StoreUnusable where there is none, or something that is not a ledger.
        """
        engine = engine_of(location)
        version = engine.version()
        if version < SCHEMA_VERSION:
            raise StoreUnusable(
                f"{engine.name} was made by an earlier version of capital (schema {version}, this "
                f"one has {SCHEMA_VERSION})",
                "keep a copy, then bring it up to date with: capital upgrade",
            )
        if version > SCHEMA_VERSION:
            raise StoreUnusable(
                f"{engine.name} was made by a newer version of capital (schema {version}, this one "
                f"knows {SCHEMA_VERSION})",
                "upgrade capital-ledger",
            )
        return cls(engine)

    @classmethod
    def upgrade(cls, location: str | Path) -> int | None:
        """Bring the ledger at a place up to this version, all of it or nothing.

        Answers how many rows its tree is over; None where it is up to date. Raises StoreUnusable
        where there is no ledger.
        """
        engine = engine_of(location)
        if engine.version() >= SCHEMA_VERSION:
            cls.open(location).close()
            return None
        return engine.upgrade()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def issuers(self) -> list[str]:
        """The codes of all issuers, in alphabetical order."""
        with self._engine.errors():
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
        with self._engine.errors():
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
                f"the ledger at {self.name} holds no issuer {issuer!r}",
                f"{_nearest(issuer, self.issuers())}register it with: capital issuer register "
                f"{issuer} --name ... --currency ... --profile ...",
            )
        return found

    def logs(self, issuer: str, actions: Iterable[str]) -> dict[str, list[Event]]:
        """The whole log of each of these actions, straight from the store.

        Raises StoreUnusable where nothing of one is stored, or not without a gap.
        """
        found: dict[str, list[Event]] = {action: [] for action in actions}
        named = {action_id(issuer, action).hex: action for action in found}
        ids = list(named)
        with self._engine.errors():
            for first in range(0, len(ids), LOGS_AT_ONCE):
                part = ids[first : first + LOGS_AT_ONCE]
                marks = ", ".join("?" * len(part))
                query = (
                    "SELECT originator_id, originator_version, topic, state FROM stored_events "  # noqa: S608 - marks of values
                    f"WHERE originator_id IN ({marks}) ORDER BY originator_id, originator_version"
                )
                for row in self._connection.execute(query, part):
                    event, action = decoded(*row), named[row[0]]
                    log = found[action]
                    if not isinstance(event, Event) or event.version != len(log) + 1:
                        raise damaged(f"event {len(log) + 1} of {issuer} {action} is missing")
                    log.append(event)
        for action, log in found.items():
            if not log:
                raise damaged(f"no event of {issuer} {action} is stored")
        return found

    def last_row(self) -> int:
        """The last row that is recorded; 0 of an empty ledger."""
        with self._engine.errors():
            found = self._connection.execute(
                "SELECT last_row FROM commits ORDER BY first_row DESC LIMIT 1"
            ).fetchone()
            return 0 if found is None else int(found[0])

    def last_entry(self, issuer: str) -> int | None:
        """The number of an issuer's last entry."""
        with self._engine.errors():
            (number,) = self._connection.execute(
                "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?",
                (register_id(issuer).hex,),
            ).fetchone()
            return None if number is None else int(number)

    def behind(self, limit: int) -> tuple[list[str], int] | None:
        """The next issuers that the index is behind for, and the row it will have come to.

        None where it is not behind.
        """
        with self._engine.errors():
            (tracked,) = self._connection.execute(
                "SELECT coalesce(max(notification_id), 0) FROM tracking WHERE application_name = ?",
                (INDEX,),
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
        with self._engine.errors():
            (tracked,) = self._connection.execute(
                "SELECT coalesce(max(notification_id), 0) FROM tracking WHERE application_name = ?",
                (INDEX,),
            ).fetchone()
            return int(tracked)

    def indexed(self, issuer: str) -> list[tuple[Any, ...]] | None:
        """What the index holds of an issuer, sorted; None where it is behind the rows."""
        if self.behind(1) is not None:
            return None
        with self._engine.errors():
            rows = self._connection.execute(
                "SELECT s.class, s.basis, s.opened_on, c.day, c.authorized, c.issued, c.treasury, "
                "c.outstanding, c.reason FROM index_series AS s "
                "LEFT JOIN index_counts AS c ON c.counts = s.counts WHERE s.issuer = ?",
                (issuer,),
            )
            return sorted(rows, key=str)

    def indexed_entry(self, issuer: str) -> int | None:
        """The entry of an issuer that the index has come to."""
        with self._engine.errors():
            found = self._connection.execute(
                "SELECT entry FROM index_issuers WHERE issuer = ?", (issuer,)
            ).fetchone()
            return None if found is None else found[0]

    def indexed_issuers(self) -> dict[str, int | None]:
        """The issuers the index speaks of, and the entry of each it has come to."""
        with self._engine.errors():
            return dict(
                self._connection.execute(
                    "SELECT issuer, entry FROM index_issuers UNION ALL "
                    "SELECT DISTINCT issuer, CAST(NULL AS INTEGER) FROM index_series "
                    "WHERE issuer NOT IN (SELECT issuer FROM index_issuers)"
                )
            )

    def save_index(self, issuers: Sequence[IndexedIssuer], last_row: int, since: int) -> bool:
        """Replace the index of these issuers; say that it has come from `since` to this row.

        Answers whether it was done; not where another process has moved it in the meantime.
        """
        with self._engine.errors():
            return self._writing().save_index(issuers, last_row, since)

    def clear_index(self) -> None:
        """Forget the whole index."""
        with self._engine.errors():
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
        with self._engine.errors(), self._engine.moment() as connection:
            yield Snapshot(self._engine, connection)

    def back_up(self, file: Path) -> None:
        """Write the whole ledger into a new file; raises BadInput where the server does that."""
        self._engine.back_up(file)

    def save(self, events: Sequence[Event], entry: Entry) -> Commit:
        """Save the events of one entry, and the entry, in one transaction; say which it was.

        Raises BadInput where one of them could not be read back, WriteConflict where another writer
        recorded for this issuer first; then nothing is saved.
        """
        return self.save_rows(self.rows(events, entry))

    def rows(self, events: Sequence[Event], entry: Entry) -> list[Row]:
        """The events of one entry, and the entry, as they are stored.

        Each is read back first: what could not be read is never stored. Raises BadInput.
        """
        try:
            rows = [*map(row_of, events), row_of(entry)]
            for row in rows:
                decoded(*row)
        except (StoreUnusable, ValueError, TypeError, AttributeError) as problem:
            raise BadInput(f"{problem}; nothing was recorded") from None
        return rows

    def save_rows(self, rows: Sequence[Row]) -> Commit:
        """Save the rows of one entry in one transaction; say which it was.

        Raises WriteConflict where another writer recorded for this issuer first.
        """
        with self._engine.errors():
            return self._writing().save_rows(rows)

    def confirm(self) -> None:
        """Wait until what was found recorded is as safe as what is acknowledged.

        Raises StoreUnusable where no standby confirms it.
        """
        with self._engine.errors():
            self._engine.confirm()

    def _writing(self) -> Writer:
        if self._writer is None:
            self._writer = self._engine.writer()
        return self._writer


def engine_of(location: str | Path) -> Engine:
    """What can hold a ledger at this place; raises StoreUnusable where nothing can."""
    scheme, separator, _ = str(location).partition("://")
    if not separator:
        return SqliteFile(Path(location))
    if scheme in POSTGRES_SCHEMES:
        from ledger.store.postgres.engine import PostgresSchema  # noqa: PLC0415 - needs the driver

        return PostgresSchema.of(str(location))
    raise StoreUnusable(
        f"{scheme}:// is no store this version knows",
        "name a SQLite file, or a postgresql:// URL: capital --ledger PATH ...",
    )


def _nearest(wanted: str, codes: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way to an error

    near = get_close_matches(wanted, codes, n=3)
    if not near:
        near = [code for code in codes if code.casefold() == wanted.casefold()]
    return f"did you mean {', '.join(near)}? Otherwise " if near else ""
