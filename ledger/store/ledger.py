"""A ledger, open: its logs, its index, and the one way to save."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from ledger.errors import BadInput, StoreUnusable
from ledger.events.entry import Entry
from ledger.events.event import Event
from ledger.history.columns import FACT_COLUMNS
from ledger.proof.commit import Commit, Row
from ledger.store.engine import Engine, Writer
from ledger.store.index import IndexedIssuer
from ledger.store.location import create, engine_to_open
from ledger.store.logs import Logs
from ledger.store.rows import decoded, row_of
from ledger.store.version import INDEX


class Ledger(Logs):
    """A ledger, open. Questions read it directly; saving is the writer's."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._writer: Writer | None = None

    @classmethod
    def create(cls, location: str | Path) -> Self:
        """Make an empty ledger, all of it or nothing.

        Raises StoreUnusable where something else lies there or nothing can be written.
        """
        return cls(create(location))

    @classmethod
    def open(cls, location: str | Path) -> Self:
        """Open the ledger at a place.

        Raises StoreUnusable where there is none, or something that is not a ledger.
        """
        return cls(engine_to_open(location))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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

    def indexed_entries(self, issuer: str) -> list[tuple[int, str]]:
        """The entries of an issuer whose facts the index holds, and when each was recorded.

        None of them where one is missing: then none counts.
        """
        try:
            with self._engine.errors():
                rows = self._connection.execute(
                    "SELECT entry, recorded_at FROM index_entries WHERE issuer = ? ORDER BY entry",
                    (issuer,),
                ).fetchall()
        except StoreUnusable:  # an earlier version made no such table
            return []
        return [tuple(row) for row in rows] if rows and rows[-1][0] == len(rows) else []

    def indexed_facts(self, issuer: str) -> list[tuple[Any, ...]]:
        """The facts of an issuer that the index holds, in order."""
        with self._engine.errors():
            rows = self._connection.execute(
                f"SELECT {', '.join(FACT_COLUMNS)} FROM index_facts "  # noqa: S608 - names of ours
                "WHERE issuer = ? ORDER BY entry, line",
                (issuer,),
            )
            return [tuple(row) for row in rows]

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

    def back_up(self, file: Path) -> None:
        """Write the whole ledger into a new file; raises BadInput where the server does that."""
        self._engine.back_up(file)

    def save(self, events: Sequence[Event], entry: Entry) -> Commit:
        """Save the events of one entry, and the entry, in one transaction; say which it was.

        Raises BadInput where one of them could not be read back, WriteConflict where another writer
        recorded for this issuer first; then nothing is saved.
        """
        return self.save_rows(self.rows(events, entry))

    def rows(self, events: Sequence[Event], entry: Entry, *, was_text: bool = False) -> list[Row]:
        """The events of one entry, and the entry, as they are stored.

        Each is read back first: what could not be read is never stored. Events that were text a
        moment ago (`was_text`) have been read with every check already. Raises BadInput.
        """
        try:
            rows = [*map(row_of, events), row_of(entry)]
            for row in rows[-1:] if was_text else rows:
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
