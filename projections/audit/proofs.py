"""Proofs that rows are in the ledger a checkpoint was made of, for whoever does not have it."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ledger.errors import BadInput, Refused, Unknown, damaged
from ledger.history.knowledge import Knowledge
from ledger.proof.commit import Commit, Row, instant, leaf_of, root_text
from ledger.proof.merkle import BadProof, check_consistency, root_from_inclusion
from ledger.proof.note import Note
from ledger.proof.trust import Trust
from ledger.store.stored import StoredRow
from ledger.values.ids import register_id
from projections.audit.checkpoints import tree_of
from projections.audit.contents import Contents
from projections.audit.fault import Fault, FaultKind, fault_at
from projections.audit.walk import commit_of_entry, with_rows

if TYPE_CHECKING:
    from ledger.store.ledger import Ledger

CarriedRow = tuple[StoredRow, bytes, str]
"""A row with the salt and the time of its commit."""

INCLUSION = "capital inclusion proof"
CONSISTENCY = "capital consistency proof"


def row_json(row: StoredRow, commit: Commit) -> dict[str, Any]:
    """A row as proofs and bundles carry it: verbatim, with the time and the salt of its commit."""
    try:
        state = row.state.decode()
    except (UnicodeDecodeError, AttributeError):
        raise damaged(f"row {row.row} is not text") from None
    return {
        "index": row.row - 1,
        "salt": commit.salt.hex(),
        "recorded_at": commit.recorded_at,
        "id": row.originator_id,
        "version": row.originator_version,
        "name": row.topic,
        "state": state,
    }


def row_from(data: Any) -> CarriedRow:
    """A row that `row_json` wrote, with salt and time; raises ValueError if it is not one."""
    kinds = {"index": int, "version": int}
    names = ("index", "salt", "recorded_at", "id", "version", "name", "state")
    if not isinstance(data, dict) or any(
        type(data.get(name)) is not kinds.get(name, str) for name in names
    ):
        raise ValueError("a row lacks one of: " + ", ".join(names))
    row = StoredRow(
        data["index"] + 1, data["id"], data["version"], data["name"], data["state"].encode()
    )
    return row, bytes.fromhex(data["salt"]), data["recorded_at"]


def leaf_of_row(row: StoredRow, salt: bytes, recorded_at: str) -> bytes:
    """The leaf hash of a row that came with its salt and time."""
    return leaf_of(salt, recorded_at, Row(*row[1:]))


def hashes_text(hashes: Sequence[bytes]) -> list[str]:
    """Hashes as proofs carry them: base64."""
    return [b64encode(value).decode() for value in hashes]


def hashes_from(data: Any) -> list[bytes]:
    """The hashes that `hashes_text` wrote; raises ValueError if they are not hashes."""
    if not isinstance(data, list) or not all(isinstance(text, str) for text in data):
        raise ValueError("a list of hashes is expected")
    try:
        return [b64decode(text, validate=True) for text in data]
    except binascii.Error as problem:
        raise ValueError(f"a hash is not base64: {problem}") from None


def verbatim_rows(
    ledger: Ledger, issuer: str | None, knowledge: Knowledge
) -> Iterator[dict[str, Any]]:
    """The stored rows of the ledger, or of one issuer, that were recorded by then, in order."""
    if issuer is not None:
        ledger.entries(issuer)  # raises Unknown if there is none
    with ledger.snapshot() as moment:
        commits = (
            (moment.commit_of(row) for row in moment.rows_of_log(register_id(issuer).hex))
            if issuer is not None
            else moment.commits()
        )
        for number, stored in enumerate(commits, start=1):
            if stored is None or (isinstance(knowledge.at, int) and number > knowledge.at):
                continue
            if knowledge.includes_time(instant(stored.read().recorded_at)):
                commit, rows = with_rows(moment, stored)
                yield from (row_json(row, commit) for row in rows)


# --- making --------------------------------------------------------------------------------------


def prove_entry(
    ledger: Ledger, issuer: str, entry: int, note: Note, note_text: str, name: str
) -> dict[str, Any]:
    """An inclusion proof (RFC 6962, 2.1.1) for every row of one entry, against a checkpoint.

    Raises Unknown if there is no such entry among its rows, Refused if the ledger is not
    what the checkpoint says or a row is not what was recorded.
    """
    last = len(ledger.entries(issuer))
    with ledger.snapshot() as moment:
        found = commit_of_entry(moment, issuer, entry) if 1 <= entry <= last else None
        if found is None:
            raise Unknown(f"{issuer} has no entry {entry}: its entries are 1 to {last}")
        commit, rows = found
        size = note.checkpoint.size
        if commit.last_row > size:
            raise Unknown(
                f"entry {entry} of {issuer} is in rows {commit.first_row} to {commit.last_row}, "
                f"and {name} was made over {size:,} rows, before it",
                "make a newer one with: capital audit checkpoint",
            )
        tree = tree_of(moment, note.checkpoint, name)
    proven = []
    for row in rows:
        index = row.row - 1
        path = tree.inclusion(index)
        own = leaf_of_row(row, commit.salt, commit.recorded_at)
        if root_from_inclusion(own, index, size, path) != note.checkpoint.root:
            raise Refused(
                f"row {row.row} (entry {entry} of {issuer}) differs from what was recorded at "
                f"{commit.recorded_at}, so it cannot be proven",
                "find out what happened with: capital audit verify",
            )
        proven.append({**row_json(row, commit), "path": hashes_text(path)})
    return {
        "proof": INCLUSION,
        "issuer": issuer,
        "entry": entry,
        "checkpoint": note_text,
        "rows": proven,
    }


def prove_consistency(
    ledger: Ledger, old: tuple[str, Note, str], new: tuple[str, Note, str]
) -> dict[str, Any]:
    """The proof (RFC 6962, 2.1.2) that one checkpoint's rows are the beginning of another's.

    Each is a name, a note and its text. Raises Refused if they are not.
    """
    (old_name, old_note, old_text), (new_name, new_note, new_text) = old, new
    first, second = old_note.checkpoint, new_note.checkpoint
    if first.size > second.size:
        raise BadInput(
            f"{old_name} covers {first.size:,} rows, {new_name} covers {second.size:,}",
            "give the older checkpoint first",
        )
    with ledger.snapshot() as moment:
        tree = tree_of(moment, second, new_name)
    if tree.root(first.size) != first.root:
        raise Refused(
            f"{new_name} does not extend {old_name}: the root over the first {first.size:,} rows "
            f"is {root_text(tree.root(first.size))} now and was {root_text(first.root)}",
            "find out what happened with: capital audit verify --checkpoint " + old_name,
        )
    hashes = tree.consistency(first.size)
    check_consistency(first.size, second.size, first.root, second.root, hashes)
    return {
        "proof": CONSISTENCY,
        "old": old_text,
        "new": new_text,
        "hashes": hashes_text(hashes),
    }


# --- verifying, without a ledger -----------------------------------------------------------------


def check_proof(data: Any, trust: Trust | None) -> tuple[list[Fault], str]:
    """What is wrong with a proof, and what it proves where nothing is.

    Raises BadInput if it is not a proof.
    """
    kind = data.get("proof") if isinstance(data, dict) else None
    try:
        if kind == INCLUSION:
            return _check_inclusion(data, trust)
        if kind == CONSISTENCY:
            return _check_consistency(data, trust)
    except (ValueError, KeyError, TypeError) as problem:
        raise BadInput(f"not a proof: {problem}") from None
    raise BadInput("not a proof of this ledger", "make one with: capital audit prove ISSUER ENTRY")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not the text of a checkpoint")
    return value


def signature_faults(note: Note, trust: Trust | None) -> list[Fault]:
    """What a checkpoint lacks of the signatures it must have, if any are asked for."""
    problems = [] if trust is None else trust.problems(note)
    return [fault_at(FaultKind.SIGNATURE, f"the checkpoint {problem}") for problem in problems]


def _check_inclusion(data: dict[str, Any], trust: Trust | None) -> tuple[list[Fault], str]:
    note = Note.parse(_text(data["checkpoint"]))
    point, issuer, entry = note.checkpoint, data["issuer"], data["entry"]
    faults = signature_faults(note, trust)
    if type(issuer) is not str or type(entry) is not int or not issuer.isprintable():
        raise ValueError("issuer and entry are a code and a number")
    carried = [row_from(proven) for proven in data["rows"]]
    for proven, (row, salt, recorded_at) in zip(data["rows"], carried, strict=True):
        own = leaf_of_row(row, salt, recorded_at)
        try:
            root = root_from_inclusion(own, row.row - 1, point.size, hashes_from(proven["path"]))
        except BadProof as problem:
            faults.append(
                Fault(FaultKind.PROOF, row.row, issuer, entry, f"row {row.row}: {problem}")
            )
            continue
        if root != point.root:
            message = f"row {row.row} is not in the ledger that the checkpoint was made of"
            faults.append(Fault(FaultKind.PROOF, row.row, issuer, entry, message))
    if not faults:  # until then nothing in the rows is to be trusted
        faults += _not_the_entry(carried, issuer, entry)
    return faults, (
        f"entry {entry} of {issuer}, {len(carried)} rows, is in the ledger of {point.size:,} rows "
        f"at {point.time}"
    )


def _not_the_entry(carried: Sequence[CarriedRow], issuer: str, entry: int) -> Iterator[Fault]:
    """What is wrong with proven rows as those of one entry: all of it, and nothing else."""
    if len({row[1:] for row in carried}) != 1:
        yield Fault(FaultKind.PROOF, None, issuer, entry, "the rows are not of one commit")
        return
    first = carried[0][0].row
    if [row.row for row, _, _ in carried] != list(range(first, first + len(carried))):
        yield Fault(FaultKind.PROOF, None, issuer, entry, "the rows do not follow one another")
    from ledger.store.rows import decoded  # noqa: PLC0415 - only what comes from outside

    rows = [(row.row, partial(decoded, *row[1:])) for row, _, _ in carried]
    read = Contents(sequence=False).take(rows, carried[0][1])
    yield from read.faults
    if (read.issuer, read.entry) != (issuer, entry):
        message = f"the rows are those of entry {read.entry} of {read.issuer}"
        yield Fault(FaultKind.PROOF, None, issuer, entry, message)


def consistency_hashes(data: Any) -> list[bytes]:
    """The hashes of a consistency proof; raises ValueError, KeyError or TypeError otherwise."""
    if not isinstance(data, dict) or data.get("proof") != CONSISTENCY:
        raise ValueError(f"it does not say that it is a {CONSISTENCY}")
    return hashes_from(data["hashes"])


def _check_consistency(data: dict[str, Any], trust: Trust | None) -> tuple[list[Fault], str]:
    old, new = Note.parse(_text(data["old"])), Note.parse(_text(data["new"]))
    faults = [*signature_faults(old, trust), *signature_faults(new, trust)]
    first, second = old.checkpoint, new.checkpoint
    try:
        hashes = hashes_from(data["hashes"])
        check_consistency(first.size, second.size, first.root, second.root, hashes)
    except BadProof as problem:
        faults.append(fault_at(FaultKind.PROOF, str(problem)))
    return faults, (
        f"the ledger of {second.size:,} rows at {second.time} begins with that of {first.size:,} "
        f"rows at {first.time}"
    )
