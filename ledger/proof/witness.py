"""A witness: what he saw of each ledger, and whether he may cosign its next checkpoint.

The rules are those of C2SP tlog-witness. His cosignature says that he never cosigned a checkpoint
of the same ledger that this one does not extend.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from ledger.errors import BadInput, Refused
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.commit import root_text
from ledger.proof.keys import Verifier
from ledger.proof.merkle import BadProof, check_consistency
from ledger.proof.note import Note

KIND = "capital witness state"


@dataclass(frozen=True, slots=True)
class Seen:
    """The last checkpoint of a ledger that was cosigned, and the key that must sign each."""

    key: Verifier
    note: Note
    """With its signature: if the ledger is ever forked, both sides of it are evidence."""


@dataclass(frozen=True, slots=True)
class WitnessState:
    """What a witness saw, by the origin of each ledger."""

    ledgers: dict[str, Seen]

    @classmethod
    def parse(cls, text: str) -> Self:
        """The state that `text` wrote; raises BadInput if it is damaged."""
        try:
            ledgers = dict(_seen(each) for each in _listed(json.loads(text)))
        except (ValueError, KeyError, TypeError, RecursionError, BadInput) as problem:
            raise BadInput(
                f"not the state of a witness, or damaged: {problem}",
                "restore a copy of it: a witness that forgot what it saw can be deceived",
            ) from None
        return cls(ledgers)

    @property
    def text(self) -> str:
        """The state as its file has it."""
        listed = [
            {"origin": origin, "key": seen.key.text, "checkpoint": seen.note.whole}
            for origin, seen in sorted(self.ledgers.items())
        ]
        return json.dumps({"state": KIND, "ledgers": listed}, ensure_ascii=False, indent=1) + "\n"

    def after(
        self, note: Note, name: str, first: Verifier | None, hashes: Sequence[bytes] | None
    ) -> WitnessState:
        """The state once this checkpoint is cosigned; raises Refused if it must not be.

        `first` is the key of a ledger that is seen for the first time, `hashes` a consistency proof
        from the last checkpoint to this one.
        """
        point = note.checkpoint
        seen = self.ledgers.get(point.origin)
        if seen is None and first is None:
            raise Refused(
                f"this witness has not seen a checkpoint of {point.origin} yet",
                "if this is its first, name the public key of the ledger: --first KEY",
            )
        if seen is not None and first is not None:
            raise Refused(
                f"this witness has cosigned {seen.note.checkpoint.size:,} rows of {point.origin}: "
                f"{name} is not the first checkpoint it sees of it",
                "leave out --first",
            )
        key = seen.key if seen is not None else first
        assert key is not None
        if not key.verifies(note):
            raise Refused(
                f"{name} has no valid signature of {key.name}, whose key signs for {point.origin}"
            )
        if seen is not None:
            _must_extend(seen.note.checkpoint, point, name, hashes)
        return WitnessState({**self.ledgers, point.origin: Seen(key, note)})


def _must_extend(
    last: Checkpoint, point: Checkpoint, name: str, hashes: Sequence[bytes] | None
) -> None:
    if point.size < last.size:
        raise Refused(
            f"{name} is an older checkpoint: it covers {point.size:,} rows of {point.origin}, and "
            f"this witness has cosigned {last.size:,}"
        )
    keep = "keep both checkpoints: the ledger was rewritten, or there are two of this origin"
    if point.size == last.size:
        if point.root != last.root:
            raise Refused(
                f"{name} contradicts the checkpoint that this witness cosigned: the root over "
                f"{point.size:,} rows of {point.origin} was {root_text(last.root)} and is "
                f"{root_text(point.root)}",
                keep,
            )
        if (point.issuers, point.issuers_root) != (last.issuers, last.issuers_root):
            raise Refused(
                f"{name} contradicts the checkpoint that this witness cosigned: of the same "
                f"{point.size:,} rows of {point.origin}, it has other last entries of each issuer",
                keep,
            )
        return
    if hashes is None and last.size > 0:
        raise Refused(
            f"{name} covers {point.size:,} rows of {point.origin}: that they begin with the "
            f"{last.size:,} rows this witness cosigned is not proven",
            "name a proof with --proof; whoever has the ledger makes it with: capital audit "
            "consistency OLD NEW -o PROOF",
        )
    try:
        check_consistency(last.size, point.size, last.root, point.root, hashes or ())
    except BadProof as problem:
        raise Refused(
            f"{name} is not proven to extend the {last.size:,} rows of {point.origin} that this "
            f"witness cosigned: {problem}",
            f"the proof must be from {last.size:,} rows to {point.size:,}; if it is, {keep}",
        ) from None


def _listed(data: Any) -> list[Any]:
    if not isinstance(data, dict) or data.get("state") != KIND:
        raise ValueError(f"it does not say that it is a {KIND}")
    if not isinstance(data["ledgers"], list):
        raise TypeError("its ledgers are not a list")
    return data["ledgers"]


def _seen(data: Any) -> tuple[str, Seen]:
    origin, key, checkpoint = data["origin"], data["key"], data["checkpoint"]
    if not all(isinstance(part, str) for part in (origin, key, checkpoint)):
        raise TypeError("a ledger is described by three texts")
    seen = Seen(Verifier.parse(key), Note.parse(checkpoint))
    if seen.note.checkpoint.origin != origin or not seen.key.verifies(seen.note):
        raise ValueError(f"the checkpoint of {origin} is not the one that was signed")
    return origin, seen
