"""Files that audits read and write: checkpoints, keys, proofs, time stamps."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from ledger.errors import BadInput
from ledger.proof.keys import Signer, Verifier
from ledger.proof.note import Note
from ledger.proof.trust import Trust

FILE = click.Path(path_type=Path, dir_okay=False)


def text_of(path: Path) -> str:
    """The text of a file; raises BadInput if there is none to read."""
    try:
        return bytes_of(path).decode()
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not text") from None


def bytes_of(path: Path) -> bytes:
    """The bytes of a file; raises BadInput if there are none to read."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as problem:
        raise _unusable(path, problem) from None


def note_of(path: Path) -> Note:
    """The checkpoint in a file; raises BadInput if there is none."""
    text = text_of(path)
    try:
        return Note.parse(text)
    except BadInput as problem:
        raise BadInput(f"{path}: {problem.message}", problem.remedy) from None


def verifier_of(public: str) -> Verifier:
    """The public key that was named or given; raises BadInput if it is not one."""
    try:
        is_file = Path(public).is_file()
    except (OSError, ValueError):  # a key is longer than any name
        is_file = False
    return Verifier.parse(text_of(Path(public)) if is_file else public)


def trust_of(keys: Sequence[str], required: int | None) -> Trust | None:
    """The public keys that were named or given, and how many must have signed."""
    if required is not None and not keys:
        raise BadInput(f"--require {required}: no key is given", "name each public key with --key")
    return Trust.of([verifier_of(key) for key in keys], required) if keys else None


def signer_of(path: Path) -> Signer:
    """The private key in a file; raises BadInput if there is none."""
    return Signer.parse(text_of(path))


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file that is not there yet; raises BadInput if it is, or cannot be written."""
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(path, flags, 0o600 if private else 0o666), "wb") as file:
            file.write(data)
    except FileExistsError:
        raise exists_already(path) from None
    except (OSError, ValueError) as problem:
        raise _unusable(path, problem) from None


def exists_already(path: Path) -> BadInput:
    """The error of a file that must not be written over."""
    return BadInput(f"{path} already exists and was not changed", "name another file")


def show_note(note: Note, output: Path | None, said: str) -> None:
    """Print a checkpoint with its signatures, or write it into a new file and say so."""
    if output is None:
        click.echo(note.whole, nl=False)
        return
    write_new(output, note.whole.encode())
    click.echo(f"{said}: {output}")


def _unusable(path: Path, problem: OSError | ValueError) -> BadInput:
    reason = getattr(problem, "strerror", None) or problem
    return BadInput(f"{path}: {reason}", "name another file")
