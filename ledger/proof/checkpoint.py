"""Checkpoints: what the ledger held at a moment, as text that can be signed and kept elsewhere.

The text follows C2SP tlog-checkpoint, its signature C2SP signed-note with Ed25519 (RFC 8032), so
that verifiers of transparency logs read it. docs/audit.md specifies the two lines of our own.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from ledger.errors import BadInput
from ledger.proof.commit import instant, instant_text, root_text
from ledger.proof.merkle import EMPTY_ROOT, HASH_BYTES, Tree, leaf_hash

ED25519 = b"\x01"
"""The signature type of C2SP signed-note that is used here."""
KEY_ID_BYTES = 4
DASH = "\N{EM DASH} "


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
        """The checkpoint that `text` wrote; raises ValueError where it is none."""
        lines = text.split("\n")
        if len(lines) != 6 or lines[5]:  # noqa: PLR2004 - five lines, each ended
            raise ValueError("a checkpoint has five lines: origin, size, root, time, issuers")
        origin, size, root, time, issuers = lines[:5]
        timed = re.fullmatch(r"time (\S+)", time)
        counted = re.fullmatch(r"issuers (0|[1-9]\d{0,17}) (\S+)", issuers, re.ASCII)
        if not origin or timed is None or counted is None:
            raise ValueError("its lines of origin, time and issuers are not those of a checkpoint")
        if not re.fullmatch(r"0|[1-9]\d{0,17}", size, re.ASCII):
            raise ValueError(f"{size!r} is no number of rows")
        if instant_text(instant(timed[1])) != timed[1]:
            raise ValueError(f"{timed[1]!r} is no time of a checkpoint")
        made = cls(origin, int(size), _hash(root), timed[1], int(counted[1]), _hash(counted[2]))
        if made.text != text:
            raise ValueError("a hash is not written in canonical base64")
        if made.size == 0 and made.root != EMPTY_ROOT:
            raise ValueError("the root does not fit a size of 0")
        return made


def _hash(text: str) -> bytes:
    value = b64decode(text, validate=True)
    if len(value) != HASH_BYTES:
        raise ValueError(f"{text!r} is no SHA-256 hash")
    return value


# --- notes: text with signatures -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signature:
    """A line beneath a note: who signed, with which key."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint as it lies in a file, with the signatures beneath it, if any."""

    text: str
    signatures: Sequence[Signature]
    checkpoint: Checkpoint

    @classmethod
    def parse(cls, text: str) -> Self:
        """The note in a file; raises BadInput where it is none."""
        body, blank, beneath = text.rpartition("\n\n")
        try:
            if not blank:
                return cls(text, (), Checkpoint.parse(text))
            signatures = tuple(_signature(line) for line in _lines(beneath))
            return cls(body + "\n", signatures, Checkpoint.parse(body + "\n"))
        except (ValueError, binascii.Error) as problem:
            raise BadInput(
                f"not a checkpoint: {problem}", "make one with: capital audit checkpoint"
            ) from None


def _lines(beneath: str) -> list[str]:
    if not beneath:
        raise ValueError("an empty line is followed by signatures")
    return beneath.splitlines(keepends=True)


def _signature(line: str) -> Signature:
    match = re.fullmatch(rf"{DASH}([^\s+]+) (\S+)\n", line)
    if match is None:
        raise ValueError(f"{line[:60]!r} is no signature line")
    value = b64decode(match[2], validate=True)
    if len(value) <= KEY_ID_BYTES:
        raise ValueError(f"the signature of {match[1]} is too short")
    return Signature(match[1], value[:KEY_ID_BYTES], value[KEY_ID_BYTES:])


# --- keys ----------------------------------------------------------------------------------------


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(f"{name}\n".encode() + ED25519 + public).digest()[:KEY_ID_BYTES]


def _encoded(key: bytes) -> str:
    return b64encode(ED25519 + key).decode()


@dataclass(frozen=True, slots=True)
class Verifier:
    """Somebody's public key: `NAME+ID+KEY`, as C2SP signed-note writes it."""

    name: str
    public: bytes

    @property
    def text(self) -> str:
        return f"{self.name}+{_key_id(self.name, self.public).hex()}+{_encoded(self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key in a line of text; raises BadInput where it is none."""
        name, public = _key(text.strip(), "")
        made = cls(name, public)
        if made.text != text.strip():
            raise BadInput(f"the key of {name} does not have the id it names")
        return made

    def verifies(self, note: Note) -> bool:
        """Whether the note bears one signature of this key, and a right one."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - slow to import
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
            Ed25519PublicKey,
        )

        place = self.name, _key_id(self.name, self.public)
        mine = [line for line in note.signatures if (line.name, line.key_id) == place]
        if len(mine) != 1:
            return False
        try:
            key = Ed25519PublicKey.from_public_bytes(self.public)
            key.verify(mine[0].signature, note.text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody's private key: `PRIVATE+KEY+NAME+ID+KEY`, as Go's signed notes write it."""

    name: str
    seed: bytes

    @classmethod
    def generate(cls, name: str) -> Self:
        """A new key; raises BadInput for a name that no note can bear."""
        import secrets  # noqa: PLC0415 - keys are made rarely

        if not re.fullmatch(r"[^\s+]+", name) or not name.isprintable():
            raise BadInput(
                f"{name!r} names no key: no blanks and no plus signs", "such as example.com/capital"
            )
        return cls(name, secrets.token_bytes(HASH_BYTES))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key in a line of text; raises BadInput where it is none, without repeating it."""
        name, seed = _key(text.strip(), "PRIVATE+KEY+")
        made = cls(name, seed)
        if made.text != text.strip():
            raise BadInput(f"the private key of {name} does not have the id it names")
        return made

    @property
    def text(self) -> str:
        return f"PRIVATE+KEY+{self.name}+{self._id.hex()}+{_encoded(self.seed)}"

    @property
    def verifier(self) -> Verifier:
        """The public key to give away."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
            Ed25519PrivateKey,
        )

        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        return Verifier(self.name, key.public_key().public_bytes_raw())

    @property
    def _id(self) -> bytes:
        return _key_id(self.name, self.verifier.public)

    def signed(self, text: str) -> str:
        """The text with this key's signature beneath it."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
            Ed25519PrivateKey,
        )

        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{text}\n{DASH}{self.name} {b64encode(self._id + signature).decode()}\n"


def _key(text: str, prefix: str) -> tuple[str, bytes]:
    kind = "private" if prefix else "public"
    match = re.fullmatch(re.escape(prefix) + r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", text)
    try:
        key = b"" if match is None else b64decode(match[3], validate=True)
    except binascii.Error:
        key = b""
    if match is None or len(key) != 1 + HASH_BYTES or key[:1] != ED25519:
        raise BadInput(
            f"not a {kind} key of kind Ed25519 (C2SP signed-note)",
            "make a pair with: capital audit keygen NAME",
        )
    return match[1], key[1:]
