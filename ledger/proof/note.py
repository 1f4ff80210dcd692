"""Notes: a checkpoint as a file has it, with the signatures beneath it (C2SP signed-note)."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from ledger.errors import BadInput
from ledger.proof.checkpoint import Checkpoint

KEY_ID_BYTES = 4
DASH = "\N{EM DASH} "


@dataclass(frozen=True, slots=True)
class Signature:
    """A line beneath a note: who signed, with which key."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        return f"{DASH}{self.name} {b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint with the signatures beneath it, if there are any; also those of unknown keys."""

    text: str
    """The lines of the checkpoint: what is signed."""
    signatures: Sequence[Signature]
    checkpoint: Checkpoint

    @classmethod
    def parse(cls, text: str) -> Self:
        """The note in a file; raises BadInput if it is not one."""
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

    @property
    def whole(self) -> str:
        """The text as a file has it, with every signature."""
        return written(self.text, self.signatures)

    def plus(self, *more: Signature) -> Note:
        """The same note with more signatures; one that it already has is not added again."""
        signatures = dict.fromkeys([*self.signatures, *more])
        return Note(self.text, tuple(signatures), self.checkpoint)


def written(text: str, signatures: Iterable[Signature]) -> str:
    """A text with signatures beneath it, as C2SP signed-note writes it."""
    lines = "".join(signature.line for signature in signatures)
    return f"{text}\n{lines}" if lines else text


def _lines(beneath: str) -> list[str]:
    if not beneath:
        raise ValueError("an empty line must be followed by signatures")
    return beneath.splitlines(keepends=True)


def _signature(line: str) -> Signature:
    match = re.fullmatch(rf"{DASH}([^\s+]+) (\S+)\n", line)
    if match is None or not match[1].isprintable():
        raise ValueError(f"{line[:60]!r} is not a signature line")
    value = b64decode(match[2], validate=True)
    if len(value) <= KEY_ID_BYTES:
        raise ValueError(f"the signature of {match[1]} is too short")
    made = Signature(match[1], value[:KEY_ID_BYTES], value[KEY_ID_BYTES:])
    if made.line != line:
        raise ValueError(f"the signature of {match[1]} is not written in canonical base64")
    return made
