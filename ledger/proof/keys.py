"""Keys that sign and cosign checkpoints, with Ed25519 (RFC 8032), and what they signed.

Signatures follow C2SP signed-note, cosignatures of witnesses C2SP tlog-cosignature.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from hashlib import sha256
from typing import Self

from ledger.errors import BadInput
from ledger.proof.merkle import HASH_BYTES
from ledger.proof.note import KEY_ID_BYTES, Note, Signature, written

TIME_BYTES = 8
LATEST = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())
"""No cosignature is of a later time: a calendar could not tell it."""


class KeyKind(Enum):
    """The signature types of C2SP that are used here, by their bytes."""

    SIGNATURE = b"\x01"
    """Says that the text is from whoever has the key."""
    COSIGNATURE = b"\x04"
    """Says that a witness saw it extend all that it saw before, and when."""


def _key_id(kind: KeyKind, name: str, public: bytes) -> bytes:
    return sha256(f"{name}\n".encode() + kind.value + public).digest()[:KEY_ID_BYTES]


def _encoded(kind: KeyKind, key: bytes) -> str:
    return b64encode(kind.value + key).decode()


def _cosigned(text: str, time: int) -> bytes:
    """What a witness signs: the text, under a line of its own and the time."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class Verifier:
    """Somebody's public key: `NAME+ID+KEY`, as C2SP signed-note writes it."""

    name: str
    public: bytes
    kind: KeyKind = KeyKind.SIGNATURE

    @property
    def key_id(self) -> bytes:
        return _key_id(self.kind, self.name, self.public)

    @property
    def text(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_encoded(self.kind, self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key in a line of text; raises BadInput if it is not one."""
        name, kind, public = _key(text.strip(), "")
        made = cls(name, public, kind)
        if made.text != text.strip():
            raise BadInput(f"the key of {name} does not have the id it names")
        return made

    def lines_in(self, note: Note) -> list[Signature]:
        """The signatures beneath a note that claim to be of this key."""
        place = self.name, self.key_id
        return [line for line in note.signatures if (line.name, line.key_id) == place]

    def verifies(self, note: Note) -> bool:
        """Whether the note has a signature of this key, and none that is wrong."""
        mine = self.lines_in(note)
        return bool(mine) and all(self._holds(line.signature, note.text) for line in mine)

    def cosigned_at(self, note: Note) -> datetime | None:
        """When this witness last cosigned a note that it verifies; None of a key that signs."""
        if self.kind is not KeyKind.COSIGNATURE:
            return None
        last = max(_time_of(line.signature) for line in self.lines_in(note))
        return datetime.fromtimestamp(last, UTC)

    def _holds(self, signature: bytes, text: str) -> bool:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - slow to import
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
            Ed25519PublicKey,
        )

        message = text.encode()
        if self.kind is KeyKind.COSIGNATURE:
            time = _time_of(signature)
            message, signature = _cosigned(text, time), signature[TIME_BYTES:]
            if time > LATEST:
                return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody's private key: `PRIVATE+KEY+NAME+ID+KEY`, as Go's signed notes write it."""

    name: str
    seed: bytes
    kind: KeyKind = KeyKind.SIGNATURE

    @classmethod
    def generate(cls, name: str, kind: KeyKind = KeyKind.SIGNATURE) -> Self:
        """A new key; raises BadInput for a name that no note can contain."""
        import secrets  # noqa: PLC0415 - keys are made rarely

        if not re.fullmatch(r"[^\s+]+", name) or not name.isprintable():
            raise BadInput(
                f"{name!r} is not a valid key name: it must not contain spaces or plus signs",
                "such as example.com/capital",
            )
        return cls(name, secrets.token_bytes(HASH_BYTES), kind)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key in a line of text; raises BadInput if it is not one, without repeating it."""
        name, kind, seed = _key(text.strip(), "PRIVATE+KEY+")
        made = cls(name, seed, kind)
        if made.text != text.strip():
            raise BadInput(f"the private key of {name} does not have the id it names")
        return made

    @property
    def text(self) -> str:
        key_id = self.verifier.key_id.hex()
        return f"PRIVATE+KEY+{self.name}+{key_id}+{_encoded(self.kind, self.seed)}"

    @property
    def verifier(self) -> Verifier:
        """The public key to give away."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
            Ed25519PrivateKey,
        )

        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        return Verifier(self.name, key.public_key().public_bytes_raw(), self.kind)

    def signature(self, text: str) -> Signature:
        """The signature of a text; raises BadInput for a key that cosigns."""
        if self.kind is not KeyKind.SIGNATURE:
            raise BadInput(
                f"the key of {self.name} is that of a witness: it does not sign",
                "cosign with: capital audit witness; make a key with: capital audit keygen NAME",
            )
        return Signature(self.name, self.verifier.key_id, self._over(text.encode()))

    def cosignature(self, text: str, now: datetime) -> Signature:
        """The cosignature of a text at this time; raises BadInput for a key that signs."""
        if self.kind is not KeyKind.COSIGNATURE:
            raise BadInput(
                f"the key of {self.name} is not that of a witness: it does not cosign",
                "make one with: capital audit keygen NAME --witness",
            )
        time = int(now.timestamp())
        value = time.to_bytes(TIME_BYTES) + self._over(_cosigned(text, time))
        return Signature(self.name, self.verifier.key_id, value)

    def signed(self, text: str) -> str:
        """The text with this key's signature beneath it."""
        return written(text, [self.signature(text)])

    def _over(self, message: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
            Ed25519PrivateKey,
        )

        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def _time_of(cosignature: bytes) -> int:
    return int.from_bytes(cosignature[:TIME_BYTES])


def _key(text: str, prefix: str) -> tuple[str, KeyKind, bytes]:
    kind = "private" if prefix else "public"
    match = re.fullmatch(re.escape(prefix) + r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", text)
    try:
        key = b"" if match is None else b64decode(match[3], validate=True)
    except binascii.Error:
        key = b""
    kinds = {each.value: each for each in KeyKind}
    if match is None or len(key) != 1 + HASH_BYTES or key[:1] not in kinds:
        raise BadInput(
            f"not a {kind} key of kind Ed25519 (C2SP signed-note)",
            "make a pair with: capital audit keygen NAME",
        )
    return match[1], kinds[key[:1]], key[1:]
