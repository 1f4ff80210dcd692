"""Checkpoints: what the ledger contained at one time, as text to be signed and kept elsewhere.

The text follows C2SP tlog-checkpoint, so that verifiers of transparency logs can read it.
docs/audit.md specifies the two lines of our own.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from ledger.proof.commit import instant, instant_text, root_text
from ledger.proof.merkle import EMPTY_ROOT, HASH_BYTES, Tree, leaf_hash


def issuer_leaf(salt: bytes, issuer: str, last_entry: int) -> bytes:
    """The leaf that says which entry is an issuer's last; the salt is that of its commit."""
    return leaf_hash(f"{salt.hex()}\n{issuer}\n{last_entry}".encode())


def issuers_tree(leaves: Iterable[bytes]) -> tuple[list[bytes], Tree]:
    """The leaves in the order of their hashes, which says nothing of names, and their tree."""
    ordered = sorted(leaves)
    return ordered, Tree(ordered)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many rows the ledger held, the root over them, when, and which entries were last."""

    origin: str
    size: int
    root: bytes
    time: str
    """When it was made, UTC."""
    issuers: int
    issuers_root: bytes
    """The root over the salted last entries of every issuer."""

    @property
    def text(self) -> str:
        """The lines of the checkpoint, unsigned."""
        return (
            f"{self.origin}\n{self.size}\n{root_text(self.root)}\ntime {self.time}\n"
            f"issuers {self.issuers} {root_text(self.issuers_root)}\n"
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """The checkpoint that `text` wrote; raises ValueError if there is none."""
        lines = text.split("\n")
        if len(lines) != 6 or lines[5]:  # noqa: PLR2004 - five lines, each ended
            raise ValueError("a checkpoint has five lines: origin, size, root, time, issuers")
        origin, size, root, time, issuers = lines[:5]
        timed = re.fullmatch(r"time (\S+)", time)
        counted = re.fullmatch(r"issuers (0|[1-9]\d{0,17}) (\S+)", issuers, re.ASCII)
        if not origin or not origin.isprintable() or timed is None or counted is None:
            raise ValueError("its lines of origin, time and issuers are not those of a checkpoint")
        if not re.fullmatch(r"0|[1-9]\d{0,17}", size, re.ASCII):
            raise ValueError(f"{size!r} is not a number of rows")
        if instant_text(instant(timed[1])) != timed[1]:
            raise ValueError(f"{timed[1]!r} is not a checkpoint time")
        made = cls(origin, int(size), _hash(root), timed[1], int(counted[1]), _hash(counted[2]))
        if made.text != text:
            raise ValueError("a hash is not written in canonical base64")
        if made.size == 0 and made.root != EMPTY_ROOT:
            raise ValueError("the root does not fit a size of 0")
        return made


def _hash(text: str) -> bytes:
    value = b64decode(text, validate=True)
    if len(value) != HASH_BYTES:
        raise ValueError(f"{text!r} is not a SHA-256 hash")
    return value
