"""The interface of a database that stores a ledger; `sqlite` and `postgres` implement it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from ledger.proof.commit import Commit, Row
from ledger.store.connection import Connection
from ledger.store.index import IndexedIssuer
from ledger.store.stored import StoredCommit, StoredRow


class Writer(Protocol):
    """Writes entries and the index."""

    def save_rows(self, rows: Sequence[Row]) -> Commit:
        """Save the rows of one entry in one transaction, and return its commit.

        Raises WriteConflict if another writer recorded for this issuer first.
        """

    def save_index(self, issuers: Sequence[IndexedIssuer], last_row: int, since: int) -> bool:
        """Write a part of the index; False if its place is no longer `since`."""

    def clear_index(self) -> None:
        """Delete the index."""

    def close(self) -> None: ...


class Engine(Protocol):
    """A place in a database that can hold a ledger."""

    name: str
    """The place as messages show it, without a password."""

    def is_there(self) -> bool:
        """Whether something exists at the place."""

    def create(self) -> None:
        """Make an empty ledger, all of it or nothing; raises StoreUnusable."""

    def version(self) -> int:
        """The schema version of the ledger; raises StoreUnusable if there is none."""

    def upgrade(self) -> int | None:
        """Bring an earlier ledger up to date, and return the number of rows in its tree."""

    def connect(self) -> Connection:
        """A connection for questions; each sees everything recorded by then."""

    def moment(self) -> AbstractContextManager[Connection]:
        """A connection that sees one moment and nothing recorded later."""

    def writer(self) -> Writer: ...

    def confirm(self) -> None:
        """Wait until all visible rows are as safe as acknowledged ones; raises StoreUnusable."""

    def load(self, rows: Iterable[StoredRow], commits: Iterable[StoredCommit]) -> None:
        """Put another ledger's rows and commits into this empty one, as they are; all or nothing.

        Raises StoreUnusable if it is not empty.
        """

    def back_up(self, file: Path) -> None:
        """Write the whole ledger into a new file; raises BadInput for a server."""

    def errors(self) -> AbstractContextManager[None]:
        """Turns every error of the database into StoreUnusable, with words for the user."""
