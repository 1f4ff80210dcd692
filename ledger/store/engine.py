"""What a ledger asks of the database it lies in; `sqlite` and `postgres` answer it."""

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
    """The one way anything is written."""

    def save_rows(self, rows: Sequence[Row]) -> Commit:
        """Save the rows of one entry in one transaction; say which it was.

        Raises WriteConflict where another writer recorded for this issuer first.
        """

    def save_index(self, issuers: Sequence[IndexedIssuer], last_row: int, since: int) -> bool:
        """Write a part of the index, exactly once; whether it was done."""

    def clear_index(self) -> None:
        """Forget the index."""

    def close(self) -> None: ...


class Engine(Protocol):
    """A database that can hold a ledger, at its place."""

    name: str
    """The place as messages show it, without a password."""

    def is_there(self) -> bool:
        """Whether something lies at the place already."""

    def create(self) -> None:
        """Make an empty ledger, all of it or nothing; raises StoreUnusable."""

    def version(self) -> int:
        """The schema version of the ledger; raises StoreUnusable where there is none."""

    def upgrade(self) -> int | None:
        """Bring an earlier ledger up to date; how many rows its tree is over."""

    def connect(self) -> Connection:
        """A connection for questions, each of which sees what is recorded by then."""

    def moment(self) -> AbstractContextManager[Connection]:
        """A connection that sees one moment, whatever is recorded meanwhile."""

    def writer(self) -> Writer: ...

    def confirm(self) -> None:
        """Wait until all that is seen is as safe as what is acknowledged; raises StoreUnusable."""

    def load(self, rows: Iterable[StoredRow], commits: Iterable[StoredCommit]) -> None:
        """Put another ledger's rows and commits into this empty one, as they are; all or nothing.

        Raises StoreUnusable where it is not empty.
        """

    def back_up(self, file: Path) -> None:
        """Write the whole ledger into a new file; raises BadInput where the server does that."""

    def errors(self) -> AbstractContextManager[None]:
        """Turns whatever the database says into StoreUnusable, in words a user can act on."""
