"""What one transaction recorded: its rows, its time, and the Merkle tree over all rows so far.

docs/audit.md specifies the leaf well enough to verify a ledger in another language.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ledger.errors import Refused
from ledger.proof.merkle import HASH_BYTES, Edge, leaf_hash

SALT_BYTES = 16
LONGEST_LAG = timedelta(minutes=5)
MICROSECOND = timedelta(microseconds=1)


def instant_text(moment: datetime) -> str:
    """An instant as text that sorts as time does: UTC, always six decimals."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def second_text(moment: datetime) -> str:
    """An instant as people read it: without the decimals where it is a whole second."""
    return instant_text(moment).replace(".000000Z", "Z")


def instant(text: str) -> datetime:
    """The instant that `instant_text` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def root_text(root: bytes) -> str:
    """A root as receipts and checkpoints print it: base64."""
    return b64encode(root).decode()


class Row(NamedTuple):
    """One stored row, an event or a register entry, exactly as the store holds it."""

    originator_id: str
    """32 hexadecimal digits."""
    originator_version: int
    topic: str
    state: bytes


def leaf_of(salt: bytes, recorded_at: str, row: Row) -> bytes:
    """The leaf hash of a row: salt, time, id, version and name, a line each, then the bytes.

    The salt is the commit's own and random: the leaf hash of a row, which the proofs of others
    contain, says nothing to somebody who guesses what the row might hold.
    """
    head = (
        f"{salt.hex()}\n{recorded_at}\n{row.originator_id}\n{row.originator_version}\n{row.topic}\n"
    )
    return leaf_hash(head.encode() + row.state)


class Commit(NamedTuple):
    """One transaction: which rows it stored and when, and the tree right after it."""

    first_row: int
    last_row: int
    recorded_at: str
    salt: bytes
    leaves: bytes
    """The leaf hashes of its rows, in order."""
    edge: Edge
    """The right edge of the tree over all rows up to its last."""

    @property
    def time(self) -> datetime:
        """When it was recorded (UTC)."""
        return instant(self.recorded_at)

    @property
    def size(self) -> int:
        """How many rows there are up to its last: the size of the tree."""
        return self.edge.size

    @property
    def root(self) -> bytes:
        """The root of the tree over all rows up to its last."""
        return self.edge.root

    def leaf_hashes(self) -> list[bytes]:
        return [self.leaves[at : at + HASH_BYTES] for at in range(0, len(self.leaves), HASH_BYTES)]


def next_commit(
    last_at: str | None, edge: Edge, row_ids: Sequence[int], rows: Sequence[Row], now: datetime
) -> Commit:
    """The commit of these rows after the last one, whose time and edge of the tree are given.

    Raises Refused if the clock cannot be right.
    """
    recorded_at = instant_text(_after(None if last_at is None else instant(last_at), now))
    salt = os.urandom(SALT_BYTES)
    leaves = [leaf_of(salt, recorded_at, row) for row in rows]
    grown = Edge(edge.size, edge.hashes)
    for leaf in leaves:
        grown.append(leaf)
    return Commit(row_ids[0], row_ids[-1], recorded_at, salt, b"".join(leaves), grown)


def _after(last: datetime | None, now: datetime) -> datetime:
    """The time of the next commit: never before, and never at, that of the last one.

    A clock a little behind (two machines, a leap second) is pushed forward. One far behind means
    that this clock is wrong now or was wrong then: following it would date entries by a time that
    never was, for as long as the two differ.
    """
    if last is None or now > last:
        return now
    if last - now > LONGEST_LAG:
        raise Refused(
            f"the clock of this machine says {instant_text(now)}, and the last entry of the "
            f"ledger was recorded at {instant_text(last)}, {_span(last - now)} later; nothing was "
            "recorded",
            "correct the clock; if it is right, the last entry was recorded with a wrong clock, "
            f"and recording is possible again from {instant_text(last)}",
        )
    return last + MICROSECOND


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds()) // 60
    if minutes < 120:  # noqa: PLR2004 - two hours
        return f"{minutes} minutes"
    hours = minutes // 60
    return f"{hours} hours" if hours < 48 else f"{hours // 24:,} days"  # noqa: PLR2004 - two days
