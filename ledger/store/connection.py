"""How statements are run and rows are read: the part that both databases have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

Values = Sequence[Any] | Mapping[str, Any]


class Cursor(Protocol):
    """What a statement answered, row by row."""

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Statements(Protocol):
    """Statements are SQL that both databases read; values are `?` or `:name`."""

    def execute(self, query: str, values: Values = (), /) -> Cursor:
        """Run a statement; of a query, all rows may come at once."""

    def executemany(self, query: str, values: Iterable[Values], /) -> object:
        """Run a statement once for each of these values."""


class Connection(Statements, Protocol):
    """A connection for questions."""

    def stream(self, query: str, values: Values = (), /) -> Iterable[Any]:
        """The rows of a query that may be longer than the memory."""

    def damage(self) -> list[str]:
        """What the database itself finds wrong with its files."""

    def altered_schema(self) -> list[str]:
        """What of the tables, indexes and triggers is not as a ledger has it, in words."""

    def foreign_triggers_and_views(self) -> list[str]:
        """What acts when something is recorded or read, and is not of the ledger, in words."""

    def close(self) -> None: ...
