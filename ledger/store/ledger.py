"""An open ledger: its logs, its index, and how it is saved."""

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
from ledger.store.index import IndexedIssuer, index_place
from ledger.store.location import create, engine_to_open
from ledger.store.logs import Logs
from ledger.store.rows import decoded, row_of


class Ledger(Logs):
    """An open ledger. Questions read it directly; the writer saves."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._writer: Writer | None = None

    @classmethod
    def create(cls, location: str | Path) -> Self:
        """Make an empty ledger; raises StoreUnusable as `location.create` does."""
        return cls(create(location))

    @classmethod
    def open(cls, location: str | Path) -> Self:
        """Open the ledger at a place; raises StoreUnusable if there is none."""
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
        """The next issuers to bring into the index, and the row it then has come to.

        None if the index is not behind.
        """
        with self._engine.errors():
            rows = self._connection.execute(
                "SELECT c.last_row, e.originator_id, e.originator_version, e.topic, e.state "
                "FROM commits AS c JOIN stored_events AS e ON e.rowid = c.last_row "
                "WHERE c.first_row > ? ORDER BY c.first_row",
                (index_place(self._connection),),
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
        """The row the index has come to; 0 if it has none, less during a rebuild."""
        with self._engine.errors():
            return index_place(self._connection)

    def indexed(self, issuer: str) -> list[tuple[Any, ...]] | None:
        """The counts of an issuer in the index, sorted; None if the index is behind the rows."""
        if self.behind(1) is not None:
            return None
        rows = self._all(
            "SELECT s.class, s.basis, s.opened_on, c.day, c.authorized, c.issued, c.treasury, "
            "c.outstanding, c.reason FROM index_series AS s "
            "LEFT JOIN index_counts AS c ON c.counts = s.counts WHERE s.issuer = ?",
            (issuer,),
        )
        return sorted(rows, key=str)

    def indexed_entries(self, issuer: str) -> list[tuple[int, str]]:
        """The entries of an issuer whose facts are in the index, and when each was recorded.

        Empty if an entry is missing: then the index of facts is not used.
        """
        query = "SELECT entry, recorded_at FROM index_entries WHERE issuer = ? ORDER BY entry"
        try:
            rows = self._all(query, (issuer,))
        except StoreUnusable:  # an earlier version made no such table
            return []
        return rows if rows and rows[-1][0] == len(rows) else []

    def indexed_facts(self, issuer: str) -> list[tuple[Any, ...]]:
        """The facts of an issuer in the index, in order."""
        return self._all(
            f"SELECT {', '.join(FACT_COLUMNS)} FROM index_facts "  # noqa: S608 - names of ours
            "WHERE issuer = ? ORDER BY entry, line",
            (issuer,),
        )

    def indexed_entry(self, issuer: str) -> int | None:
        """The last entry of an issuer that the index includes."""
        return self._number("SELECT entry FROM index_issuers WHERE issuer = ?", (issuer,))

    def indexed_issuers(self) -> dict[str, int | None]:
        """The issuers in the index, each with its last entry there."""
        return dict(
            self._all(
                "SELECT issuer, entry FROM index_issuers UNION ALL "
                "SELECT DISTINCT issuer, CAST(NULL AS INTEGER) FROM index_series "
                "WHERE issuer NOT IN (SELECT issuer FROM index_issuers)"
            )
        )

    def save_index(self, issuers: Sequence[IndexedIssuer], last_row: int, since: int) -> bool:
        """Replace the index of these issuers, and move its place from `since` to this row.

        False if another process has moved its place in the meantime; then nothing is written.
        """
        with self._engine.errors():
            return self._writing().save_index(issuers, last_row, since)

    def clear_index(self) -> None:
        """Delete the whole index."""
        with self._engine.errors():
            self._writing().clear_index()

    def back_up(self, file: Path) -> None:
        """Write the whole ledger into a new file; raises BadInput for a server."""
        self._engine.back_up(file)

    def save(self, events: Sequence[Event], entry: Entry) -> Commit:
        """Save the events of one entry, and the entry, in one transaction, and return its commit.

        Raises BadInput if one of them could not be read back, WriteConflict if another writer
        recorded for this issuer first; then nothing is saved.
        """
        return self.save_rows(self.rows(events, entry))

    def rows(self, events: Sequence[Event], entry: Entry, *, was_text: bool = False) -> list[Row]:
        """The events of one entry, and the entry, as they are stored.

        Each is read back first, so that everything stored can be read. Events that were just read
        from text (`was_text`) have passed every check already. Raises BadInput.
        """
        try:
            rows = [*map(row_of, events), row_of(entry)]
            for row in rows[-1:] if was_text else rows:
                decoded(*row)
        except (StoreUnusable, ValueError, TypeError, AttributeError) as problem:
            raise BadInput(f"{problem}; nothing was recorded") from None
        return rows

    def save_rows(self, rows: Sequence[Row]) -> Commit:
        """Save the rows of one entry in one transaction, and return its commit.

        Raises WriteConflict if another writer recorded for this issuer first.
        """
        with self._engine.errors():
            return self._writing().save_rows(rows)

    def confirm(self) -> None:
        """Wait until all that is recorded is safe; raises StoreUnusable if no standby confirms."""
        with self._engine.errors():
            self._engine.confirm()

    def _writing(self) -> Writer:
        if self._writer is None:
            self._writer = self._engine.writer()
        return self._writer
