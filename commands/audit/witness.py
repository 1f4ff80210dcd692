"""`capital audit witness`."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from commands.audit.files import (
    FILE,
    exists_already,
    note_of,
    show_note,
    signer_of,
    text_of,
    verifier_of,
)
from ledger.errors import BadInput
from ledger.proof.clock import utc_now
from ledger.proof.witness import WitnessState
from projections.audit.proofs import consistency_hashes


@click.command()
@click.argument("checkpoint", type=FILE)
@click.option(
    "--state",
    type=FILE,
    required=True,
    help="What this witness has cosigned; made by --first, and written again each time.",
)
@click.option("--key", type=FILE, metavar="KEY", required=True, help="The witness's private key.")
@click.option(
    "--first",
    metavar="FILE|KEY",
    help="The first checkpoint of its ledger: the public key that signs for the ledger.",
)
@click.option(
    "--proof",
    type=FILE,
    help="The proof that it extends the last one: capital audit consistency.",
)
@click.option("-o", "--output", type=FILE, help="Write the cosigned checkpoint into this new file.")
def witness(
    checkpoint: Path,
    state: Path,
    key: Path,
    first: str | None,
    proof: Path | None,
    output: Path | None,
) -> None:
    """Cosign a checkpoint, if it extends all that this witness has cosigned of its ledger.

    The witness is somebody outside of the company, such as its auditor, with a key and a state of
    his own. Whoever finds his cosignature knows that the company did not show him another history.
    He needs no ledger: the checkpoint, its signature and the proof are enough. The form is
    cosignature/v1 of C2SP tlog-cosignature.

    Keep a copy of the state: a witness that forgot what he saw can be deceived.

    \b
    Example:
      capital audit witness april.checkpoint --state auditor.state --key witness.key \\
          --first capital.key.pub -o april.cosigned
      capital audit witness may.checkpoint --state auditor.state --key witness.key \\
          --proof may.consistency -o may.cosigned
    """
    note, signer = note_of(checkpoint), signer_of(key)
    ledger_key = None if first is None else verifier_of(first)
    hashes = None if proof is None else _hashes_in(proof)
    if output is not None and os.path.lexists(output):
        raise exists_already(output)
    now = utc_now()
    cosignature = signer.cosignature(note.text, now)  # before the state says that it was made
    with _locked(state):
        seen = _read(state, may_be_new=first is not None)
        _write(state, seen.after(note, str(checkpoint), ledger_key, hashes).text)
    rows = f"checkpoint of {note.checkpoint.size:,} rows of {note.checkpoint.origin}"
    show_note(note.plus(cosignature), output, f"{rows}, cosigned by {signer.name}")


def _hashes_in(proof: Path) -> list[bytes]:
    try:
        return consistency_hashes(json.loads(text_of(proof)))
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise BadInput(
            f"{proof}: not a proof that one checkpoint extends another: {problem}",
            "make one with: capital audit consistency OLD NEW -o PROOF",
        ) from None


@contextmanager
def _locked(state: Path) -> Iterator[None]:
    """Let nobody else read or write the state meanwhile: two of its checkpoints may be a fork."""
    place = state.resolve()  # by whatever link it is named
    lock = place.with_name(f"{place.name}.lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise BadInput(f"{lock}: {reason}", "name another state file") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _read(state: Path, *, may_be_new: bool) -> WitnessState:
    if may_be_new and not os.path.lexists(state):
        return WitnessState({})
    text = text_of(state)
    try:
        return WitnessState.parse(text)
    except BadInput as problem:
        raise BadInput(f"{state}: {problem.message}", problem.remedy) from None


def _write(state: Path, text: str) -> None:
    """Replace the state as a whole: after a loss of power it is the one before or this one."""
    place = state.resolve()  # a link stays a link
    draft = place.with_name(f".{place.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as problem:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise BadInput(
            f"{state}: {problem.strerror}; nothing was cosigned", "name another state file"
        ) from None
