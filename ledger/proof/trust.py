"""Whose signatures must be on a checkpoint, and which of them are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.errors import BadInput
from ledger.proof.commit import second_text
from ledger.proof.keys import Verifier
from ledger.proof.note import Note


@dataclass(frozen=True, slots=True)
class Voucher:
    """A key that was given, or a signature of a key that was not: whether it counts, and why."""

    name: str
    key_id: str
    """Hexadecimal; tells keys of one name apart."""
    counted: bool
    what: str
    """What was found: "signed", "cosigned", or why it does not count."""
    time: str | None = None
    """When a witness cosigned."""

    @property
    def words(self) -> str:
        """How a report says it: what a key that counts did, and why another does not."""
        if not self.counted:
            return f"{self.name} ({self.what})"
        return self.name if self.time is None else f"{self.name} ({self.what} at {self.time})"


@dataclass(frozen=True, slots=True)
class Trust:
    """The public keys that count, and how many different ones must have signed."""

    verifiers: Sequence[Verifier]
    required: int
    all_of_them: bool
    """Whether every key must have signed, as where no number was asked for."""

    @classmethod
    def of(cls, verifiers: Sequence[Verifier], required: int | None) -> Trust:
        """The keys given, and the number asked for; raises BadInput if they are too few for it."""
        given = tuple(dict.fromkeys(verifiers))
        different = len({verifier.public for verifier in given})
        if required is None:
            return cls(given, different, all_of_them=True)
        if not 1 <= required <= different:
            keys = "1 key is" if different == 1 else f"{different} different keys are"
            raise BadInput(
                f"--require {required}: {keys} given",
                "name each public key with --key, and require at least 1 and at most all of them",
            )
        return cls(given, required, all_of_them=False)

    def vouchers(self, note: Note) -> list[Voucher]:
        """What each key did, in the order given; then the signatures of keys that were not."""
        found: list[Voucher] = []
        counted: dict[bytes, str] = {}
        for verifier in self.verifiers:
            voucher = _voucher(verifier, note)
            if voucher.counted and verifier.public in counted:
                what = f"the same key as {counted[verifier.public]}, which counts once"
                voucher = Voucher(voucher.name, voucher.key_id, counted=False, what=what)
            elif voucher.counted:
                counted[verifier.public] = verifier.name
            found.append(voucher)
        known = {(verifier.name, verifier.key_id) for verifier in self.verifiers}
        strangers = dict.fromkeys((s.name, s.key_id) for s in note.signatures)
        return found + [
            Voucher(name, key_id.hex(), counted=False, what="its key was not given")
            for name, key_id in strangers
            if (name, key_id) not in known
        ]

    def problems(self, note: Note) -> Iterator[str]:
        """What the note lacks, in words that follow its name.

        A wrong signature of a key that was given is always a problem, as C2SP signed-note advises:
        somebody altered the text or forged the line.
        """
        vouchers = self.vouchers(note)
        holding = {verifier for verifier in self.verifiers if verifier.verifies(note)}
        for verifier in self.verifiers:
            if verifier not in holding and (self.all_of_them or verifier.lines_in(note)):
                yield f"has no valid signature of {verifier.name}"
        counted = [voucher for voucher in vouchers if voucher.counted]
        if not self.all_of_them and len(counted) < self.required:
            others = ", ".join(voucher.words for voucher in vouchers if not voucher.counted)
            yield (
                f"{len(counted)} of {self.required} required keys signed it: "
                f"{', '.join(v.words for v in counted) or 'none'}; not counted: {others}"
            )


def _voucher(verifier: Verifier, note: Note) -> Voucher:
    name, key_id = verifier.name, verifier.key_id.hex()
    if not verifier.lines_in(note):
        return Voucher(name, key_id, counted=False, what="no signature")
    if not verifier.verifies(note):
        return Voucher(name, key_id, counted=False, what="its signature is wrong")
    at = verifier.cosigned_at(note)
    if at is None:
        return Voucher(name, key_id, counted=True, what="signed")
    return Voucher(name, key_id, counted=True, what="cosigned", time=second_text(at))
