"""A connection to PostgreSQL that speaks as the ledger does, and comes back when it was lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import IsolationLevel

if TYPE_CHECKING:
    from ledger.engine import Cursor, Values
    from ledger.postgres.url import Url

ROWS_AT_ONCE = 2000
"""How many rows of a long answer are fetched at a time."""


@cache
def translated(query: str) -> str:
    """A statement of ours with its values marked as the driver has them."""
    return re.sub(r"(?<![:\w]):([a-z]\w*)", r"%(\1)s", query.replace("?", "%s"))


class PostgresConnection:
    """One session of the server, opened when it is first needed."""

    def __init__(self, url: Url) -> None:
        self._url = url
        self._raw: psycopg.Connection[Any] | None = None
        self._names = count(1)

    @property
    def raw(self) -> psycopg.Connection[Any]:
        """The driver's connection: another one where the last was lost.

        Outside of a transaction nothing is lost with it: every question stands for itself.
        """
        if self._raw is None or self._raw.closed:
            self._raw = psycopg.connect(self._url.conninfo, autocommit=True)
            self._raw.isolation_level = IsolationLevel.READ_COMMITTED
        return self._raw

    @property
    def is_lost(self) -> bool:
        """Whether there was a connection that broke."""
        return self._raw is not None and self._raw.closed

    def execute(self, query: str, values: Values = (), /) -> Cursor:
        return self.raw.execute(translated(query), values)

    def executemany(self, query: str, values: Iterable[Values], /) -> None:
        with self.raw.cursor() as cursor:
            cursor.executemany(translated(query), values)

    def stream(self, query: str, values: Values = (), /) -> Iterator[Any]:
        """The rows of a long answer, some at a time; only inside a transaction."""
        with self.raw.cursor(name=f"rows_{next(self._names)}") as cursor:
            cursor.itersize = ROWS_AT_ONCE
            yield from cursor.execute(translated(query), values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is done in it, or nothing."""
        with self.raw.transaction():
            yield

    def close(self) -> None:
        if self._raw is not None:
            self._raw.close()

    def __del__(self) -> None:
        """Close what nobody closed: an engine is asked and forgotten."""
        self.close()
