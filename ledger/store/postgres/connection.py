"""A connection to PostgreSQL that is opened again when it was lost."""

from __future__ import annotations

import atexit
import logging
import re
import time
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from itertools import count
from select import select
from typing import Any

import psycopg
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus

from ledger.store.connection import Cursor, Values
from ledger.store.postgres import tables
from ledger.store.postgres.url import Url

# The driver also logs its errors, but a message shows each of them once.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

ROWS_AT_ONCE = 2000
"""How many rows of a long answer are fetched at a time."""


_taken: set[psycopg.Connection[Any]] = set()
"""Sessions in use. The set holds each until it is put back."""
_idle: list[tuple[str, psycopg.Connection[Any]]] = []
IDLE_KEPT = 2
"""A command asks the index, opens the ledger and reads one moment of it, with one session."""


_away_since: dict[str, float] = {}
"""When a server was first found away: a command that connects several times waits once."""
_AWAY = ("refused", "read-only", "not read-write", "starting up", "shutting down", "timeout")
"""Words of errors while another server becomes the leader."""
PAUSE_SECONDS = 0.2


def _connected(url: Url) -> psycopg.Connection[Any]:
    """A new session; a server that is away is tried again for as long as the URL allows."""
    while True:
        try:
            session: psycopg.Connection[Any] = psycopg.connect(url.conninfo, autocommit=True)
        except psycopg.OperationalError as error:
            now = time.monotonic()
            waited = now - _away_since.setdefault(url.conninfo, now)
            if waited >= url.patience or not any(sign in str(error) for sign in _AWAY):
                raise
            time.sleep(PAUSE_SECONDS)
        else:
            _away_since.pop(url.conninfo, None)
            return session


def _session(url: Url) -> psycopg.Connection[Any]:
    """A session with this server: one that was put back, else a new one."""
    conninfo = url.conninfo
    kept = next((each for each in _idle if each[0] == conninfo), None)
    session = None
    if kept is not None:
        _idle.remove(kept)
        session = kept[1]
        if select([session.fileno()], [], [], 0)[0]:  # the server has closed it, or is about to
            session.close()
            session = None
    if session is None:
        session = _connected(url)
        session.add_notice_handler(partial(_noticed, weakref.ref(session)))
    _taken.add(session)
    return session


_unconfirmed: weakref.WeakSet[psycopg.Connection[Any]] = weakref.WeakSet()
"""Sessions whose wait for a standby was cut off. The server reports success, with a warning."""


def _noticed(
    session: weakref.ref[psycopg.Connection[Any]], notice: psycopg.errors.Diagnostic
) -> None:
    if notice.source_function == "SyncRepWaitForLSN" and (of := session()) is not None:
        _unconfirmed.add(of)  # the text of the notice depends on the language of the server


def _keep(conninfo: str, session: psycopg.Connection[Any]) -> None:
    """Put a usable session back, and close the oldest of too many."""
    _taken.discard(session)
    if session.closed or session.info.transaction_status != TransactionStatus.IDLE:
        session.close()
        return
    _idle.append((conninfo, session))
    while len(_idle) > IDLE_KEPT:
        _idle.pop(0)[1].close()


@atexit.register
def forget_sessions() -> None:
    """Close every session that was put back."""
    while _idle:
        _idle.pop()[1].close()


@cache
def translated(query: str) -> str:
    """A statement with its values marked as the driver expects."""
    return re.sub(r"(?<![:\w]):([a-z]\w*)", r"%(\1)s", query.replace("?", "%s"))


class PostgresConnection:
    """One session of the server, opened when it is first needed."""

    def __init__(self, url: Url) -> None:
        self._url = url
        self._raw: psycopg.Connection[Any] | None = None
        self._names = count(1)

    @property
    def raw(self) -> psycopg.Connection[Any]:
        """The driver's connection; a new one where the last was lost.

        Outside of a transaction every question stands alone, so nothing else is lost.
        """
        if self._raw is None or self._raw.closed:
            self.close()
            self._raw = _session(self._url)
            self._raw.isolation_level = IsolationLevel.READ_COMMITTED
            self._raw.read_only = False
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

    def damage(self) -> list[str]:
        """Nothing: the server checks its own pages as it reads them."""
        return []

    def altered_schema(self) -> list[str]:
        return tables.altered(self)

    def foreign_triggers_and_views(self) -> list[str]:
        return tables.foreign(self)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction: all of its statements succeed, or none."""
        with self.raw.transaction():
            yield

    def was_unconfirmed(self) -> bool:
        """Whether a commit since the last call may be on one server alone."""
        found = self._raw is not None and self._raw in _unconfirmed
        if self._raw is not None:
            _unconfirmed.discard(self._raw)
        return found

    def close(self) -> None:
        if self._raw is not None:
            _keep(self._url.conninfo, self._raw)
            self._raw = None

    def __del__(self) -> None:
        """Close a connection that was left open."""
        self.close()
