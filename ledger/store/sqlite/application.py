"""The eventsourcing application over one ledger file: how entries are saved."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import (
    InfrastructureFactory,
    IntegrityError,
    Mapper,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.utils import Environment, EnvType

from ledger.errors import WriteConflict
from ledger.proof.commit import Commit, Row
from ledger.store.index import IndexedIssuer
from ledger.store.rows import decoded, row_of
from ledger.store.sqlite import recorders


class LedgerMapper(Mapper[UUID]):
    """Stores an event under its bare name as compact JSON, and reads nothing else back.

    A row names no code: what is not in the registry, or whose body disagrees with its row, is
    damage and never executed (the library's own mapper resolves a topic as `module:name`).
    """

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        row = row_of(domain_event)
        return StoredEvent(UUID(row.originator_id), row.originator_version, row.topic, row.state)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        originator_id = stored_event.originator_id
        assert isinstance(originator_id, UUID)
        return decoded(
            originator_id.hex,
            stored_event.originator_version,
            stored_event.topic,
            stored_event.state,
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

    def save_rows(self, rows: Sequence[Row]) -> Commit:
        """Save the rows of one entry in one transaction; say which it was.

        Raises WriteConflict where another writer recorded for this issuer first, sqlite3.Error
        where the file cannot be written.
        """
        recorder = cast("recorders.LedgerRecorder", self.recorder)
        try:
            with _named_as_sqlite_does():
                return recorder.insert_rows(rows)
        except IntegrityError:
            raise WriteConflict from None

    def save_index(self, issuers: Sequence[IndexedIssuer], last_row: int, since: int) -> bool:
        """Write a part of the index, exactly once; raises sqlite3.Error."""
        with _named_as_sqlite_does():
            return self._index.save(issuers, last_row, since)

    def clear_index(self) -> None:
        """Forget the index; raises sqlite3.Error."""
        with _named_as_sqlite_does():
            self._index.clear()

    @cached_property
    def _index(self) -> recorders.IndexRecorder:
        return recorders.IndexRecorder(cast("recorders.LedgerFactory", self.factory).datastore)


@contextmanager
def _named_as_sqlite_does() -> Iterator[None]:
    """Give what the database says the name it has there; the library has names of its own."""
    try:
        yield
    except IntegrityError:
        raise
    except PersistenceError as error:
        raise sqlite3.DatabaseError(str(error)) from None
