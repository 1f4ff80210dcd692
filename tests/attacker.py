"""Somebody who can write the ledger's file, and has read docs/audit.md: a test's adversary.

Nothing of the ledger's own code is used here. What the page says must be enough to compute every
commit anew, or the page is wrong.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple


@contextmanager
def hand_on(path: Path, *, hidden: bool = False) -> Iterator[sqlite3.Connection]:
    """The file with its triggers dropped; `hidden` puts them back when it is done."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        connection.execute("BEGIN")
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers if hidden else ():
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# --- the specification, read again ----------------------------------------------------------------


def leaf(salt: bytes, time: str, row: Sequence[Any]) -> bytes:
    """The leaf hash of a row: id, version, name, state."""
    parts = [salt.hex(), time, *(str(part) for part in row[:3])]
    state = row[3] if isinstance(row[3], bytes) else str(row[3]).encode()
    return sha256(b"\x00" + "\n".join(parts).encode() + b"\n" + state).digest()


def left_of(count: int) -> int:
    """The largest power of two below `count`."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = left_of(len(leaves))
    return sha256(b"\x01" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()


def edge_hashes(leaves: Sequence[bytes]) -> list[bytes]:
    """The roots of the complete subtrees along the right edge, largest first."""
    if not leaves:
        return []
    k = 1
    while k * 2 <= len(leaves):
        k *= 2
    return [tree_hash(leaves[:k]), *edge_hashes(leaves[k:])]


class CommitRow(NamedTuple):
    """A row of `commits`."""

    first_row: int
    last_row: int
    recorded_at: str
    size: int
    root: bytes
    edge: bytes
    salt: bytes
    leaves: bytes


def commits_of(connection: sqlite3.Connection) -> list[CommitRow]:
    columns = ", ".join(CommitRow._fields)
    rows = connection.execute(f"SELECT {columns} FROM commits ORDER BY first_row")
    return [CommitRow._make(row) for row in rows]


class Extent(NamedTuple):
    """What a commit is of: its rows, its time, and its salt."""

    first_row: int
    last_row: int
    recorded_at: str
    salt: bytes


def recommit(connection: sqlite3.Connection, extents: Sequence[Extent] | None = None) -> None:
    """Compute every commit anew over the rows as they are now; by default, of the same extents."""
    if extents is None:
        extents = [
            Extent(c.first_row, c.last_row, c.recorded_at, c.salt) for c in commits_of(connection)
        ]
    connection.execute("DELETE FROM commits")
    leaves: list[bytes] = []
    for first, last, time, salt in extents:
        rows = connection.execute(
            "SELECT originator_id, originator_version, topic, state FROM stored_events "
            "WHERE rowid BETWEEN ? AND ? ORDER BY rowid",
            (first, last),
        ).fetchall()
        assert len(rows) == last - first + 1, "an attacker renumbers the rows first"
        own = [leaf(salt, time, row) for row in rows]
        leaves += own
        connection.execute(
            f"INSERT INTO commits ({', '.join(CommitRow._fields)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                first,
                last,
                time,
                len(leaves),
                tree_hash(leaves),
                b"".join(edge_hashes(leaves)),
                salt,
                b"".join(own),
            ),
        )


def without_rows(connection: sqlite3.Connection, *gone: int) -> None:
    """Take rows out, close the gap, and compute every commit anew; empty commits go too."""
    extents = []
    closed = 0
    for commit in commits_of(connection):
        count = sum(row not in gone for row in range(commit.first_row, commit.last_row + 1))
        if count:
            extents.append(Extent(closed + 1, closed + count, commit.recorded_at, commit.salt))
        closed += count
    for row in gone:
        connection.execute("DELETE FROM stored_events WHERE rowid = ?", (row,))
    left = [row for (row,) in connection.execute("SELECT rowid FROM stored_events ORDER BY rowid")]
    for new, old in enumerate(left, start=1):
        connection.execute("UPDATE stored_events SET rowid = ? WHERE rowid = ?", (new, old))
    recommit(connection, extents)


def cut(connection: sqlite3.Connection, last_row: int) -> None:
    """Cut off everything behind a row: events, entries and commits."""
    connection.execute("DELETE FROM stored_events WHERE rowid > ?", (last_row,))
    connection.execute("DELETE FROM commits WHERE last_row > ?", (last_row,))
