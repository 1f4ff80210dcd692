"""Running statements and reading rows: what both databases have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

Values = Sequence[Any] | Mapping[str, Any]


class Cursor(Protocol):
    """The rows that a statement returned."""

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Statements(Protocol):
    """Runs SQL that both databases understand; values are `?` or `:name`."""

    def execute(self, query: str, values: Values = (), /) -> Cursor:
        """Run a statement; all rows of a query may be fetched at once."""

    def executemany(self, query: str, values: Iterable[Values], /) -> object:
        """Run a statement once for each of these values."""


class Connection(Statements, Protocol):
    """A connection for questions."""

    def stream(self, query: str, values: Values = (), /) -> Iterable[Any]:
        """The rows of a query, which may be more than fit into memory."""

    def damage(self) -> list[str]:
        """The damage that the database itself finds in its files."""

    def altered_schema(self) -> list[str]:
        """The differences of tables, indexes and triggers from those of a ledger, in words."""

    def foreign_triggers_and_views(self) -> list[str]:
        """What acts when something is recorded or read, and is not of the ledger, in words."""

    def close(self) -> None: ...
