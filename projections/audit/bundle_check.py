"""Verifying a bundle with nothing but the bundle: no ledger, no database."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from lzma import LZMAError
from typing import Any

from ledger.errors import BadInput
from ledger.events.entry import Entry
from ledger.events.event import Event
from ledger.history.knowledge import EVERYTHING
from ledger.proof.checkpoint import issuer_leaf
from ledger.proof.commit import instant, root_text
from ledger.proof.merkle import BadProof, root_from_complement, root_from_inclusion
from ledger.proof.note import Note
from ledger.proof.trust import Trust
from ledger.store.rows import decoded
from ledger.store.stored import StoredRow
from projections.audit.bundle import NAMES, derived, readme
from projections.audit.contents import Contents
from projections.audit.fault import Fault, FaultKind, fault_at
from projections.audit.proofs import (
    CarriedRow,
    hashes_from,
    leaf_of_row,
    row_from,
    signature_faults,
)
from projections.audit.replay import IssuerWalk


@dataclass(frozen=True, slots=True)
class BundleChecked:
    """What a bundle holds and what is wrong with it."""

    issuer: str
    last_entry: int
    rows: int
    note: Note
    faults: Sequence[Fault]


_UNREADABLE = (
    # What a damaged zip, text or JSON makes the standard library raise.
    ArithmeticError,
    EOFError,
    LZMAError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


def check_bundle(data: bytes, trust: Trust | None, kept: Sequence[Note] = ()) -> BundleChecked:
    """Verify a bundle; raises BadInput if it is not one.

    `kept` are checkpoints from elsewhere; what signed the same text signed the bundle's too.
    """
    try:
        files = _files(data)
        note = Note.parse(files["checkpoint.txt"])
        same = [other for other in kept if other.text == note.text]
        note = note.plus(*(signature for other in same for signature in other.signatures))
        proof = json.loads(files["proof.json"])
        lines = files["rows.jsonl"].removesuffix("\n").split("\n")
        rows = [row_from(json.loads(line)) for line in lines]
        hashes = hashes_from(proof["hashes"])
        own = _Own.read(proof["issuer"])
    except BadInput:
        raise
    except _UNREADABLE as why:
        raise BadInput(
            f"not a bundle: {type(why).__name__} {why}",
            "make one with: capital audit bundle ISSUER",
        ) from None
    faults = [
        *signature_faults(note, trust),
        *_rows_faults(rows, note, hashes),
        *own.faults(note),
    ]
    if not faults:  # until then nothing in the rows is to be trusted
        faults += _content_faults(files, rows, own)
    return BundleChecked(own.issuer, own.last_entry, len(rows), note, faults)


def _files(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        held = bundle.namelist()
        if sorted(held) != sorted(NAMES):
            raise ValueError(
                f"it contains {', '.join(held) or 'nothing'}; expected: {', '.join(NAMES)}"
            )
        return {name: bundle.read(name).decode() for name in NAMES}


@dataclass(frozen=True, slots=True)
class _Own:
    """The proof that an entry is the issuer's last."""

    issuer: str
    last_entry: int
    salt: str
    index: int
    path: list[bytes]

    @classmethod
    def read(cls, data: dict[str, Any]) -> _Own:
        """The proof in `proof.json`; raises ValueError, KeyError or TypeError if it is not one."""
        kinds = {"issuer": str, "last_entry": int, "salt": str, "index": int, "path": list}
        for name, kind in kinds.items():
            if type(data[name]) is not kind:
                raise TypeError(f"{name} of the issuer's proof is not what it must be")
        bytes.fromhex(data["salt"])
        return cls(**{**data, "path": hashes_from(data["path"])})

    def faults(self, note: Note) -> Iterator[Fault]:
        point = note.checkpoint
        leaf = issuer_leaf(bytes.fromhex(self.salt), self.issuer, self.last_entry)
        try:
            root = root_from_inclusion(leaf, self.index, point.issuers, self.path)
            holds = root == point.issuers_root
        except BadProof:
            holds = False
        if not holds:
            yield fault_at(
                FaultKind.PROOF,
                f"the checkpoint does not say that entry {self.last_entry} is the last of "
                f"{self.issuer}",
            )


def _rows_faults(rows: Sequence[CarriedRow], note: Note, hashes: list[bytes]) -> Iterator[Fault]:
    point = note.checkpoint
    leaves = [(row.row - 1, leaf_of_row(row, salt, at)) for row, salt, at in rows]
    try:
        root = root_from_complement(leaves, point.size, hashes)
    except BadProof as problem:
        yield fault_at(FaultKind.PROOF, f"the rows cannot be those of the checkpoint: {problem}")
        return
    if root != point.root:
        yield fault_at(
            FaultKind.PROOF,
            f"the rows lead to the root {root_text(root)}, the checkpoint says "
            f"{root_text(point.root)}: a row was altered, added or left out",
        )


def _content_faults(
    files: dict[str, str], rows: Sequence[CarriedRow], own: _Own
) -> Iterator[Fault]:
    contents, walk = Contents(), IssuerWalk(own.issuer)
    for (salt, recorded_at), group in groupby(rows, key=lambda carried: carried[1:]):
        commit = [row for row, _, _ in group]
        read = contents.take([(row.row, partial(decoded, *row[1:])) for row in commit], salt)
        yield from read.faults
        if read.issuer != own.issuer:
            yield fault_at(
                FaultKind.PROOF,
                f"rows {commit[0].row} to {commit[-1].row} are not of {own.issuer}",
                commit[0].row,
            )
        elif not read.faults:
            try:
                _walk(walk, commit, instant(recorded_at))
            except ValueError:
                why = f"{recorded_at!r} is no time of recording"
                yield fault_at(FaultKind.UNREADABLE, why, commit[0].row)
    held = contents.entries.get(own.issuer)
    if held is None or (held.number, held.salt.hex()) != (own.last_entry, own.salt):
        last = None if held is None else held.number
        yield fault_at(
            FaultKind.PROOF, f"the last entry is {own.last_entry}, but the rows end with {last}"
        )
        return
    due: dict[str, Any] = {
        **derived(walk.history.as_of(EVERYTHING)),
        "README.md": readme(own.issuer, own.last_entry),
    }
    for name, text in due.items():
        if files[name] != text:
            yield fault_at(FaultKind.ANSWERS_DIFFER, f"{name} does not follow from the rows")


def _walk(walk: IssuerWalk, commit: Sequence[StoredRow], recorded_at: datetime) -> None:
    *events, entry = (decoded(*row[1:]) for row in commit)
    assert isinstance(entry, Entry)
    walk.take(entry, recorded_at, [e for e in events if isinstance(e, Event)])
