"""Files that audits read and write: checkpoints, keys, proofs."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ledger.errors import BadInput
from ledger.proof.checkpoint import Note, Signer, Verifier
from projections.audit.verify import Kept

FILE = click.Path(path_type=Path, dir_okay=False)

key_option = click.option(
    "--key",
    "public",
    metavar="FILE|KEY",
    help="The public key that must have signed: a file, or the key itself.",
)


def text_of(path: Path) -> str:
    """The text of a file; raises BadInput where there is none to read."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not text") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise BadInput(f"{path}: {reason}", "name another file") from None


def note_of(path: Path) -> Note:
    """The checkpoint in a file; raises BadInput where there is none."""
    text = text_of(path)
    try:
        return Note.parse(text)
    except BadInput as problem:
        raise BadInput(f"{path}: {problem.message}", problem.remedy) from None


def kept(path: Path) -> Kept:
    """A checkpoint that was kept in a file."""
    return Kept(str(path), note_of(path))


def verifier_of(public: str | None) -> Verifier | None:
    """The public key that was named or given; raises BadInput where it is none."""
    if public is None:
        return None
    try:
        is_file = Path(public).is_file()
    except (OSError, ValueError):  # a key is longer than any name
        is_file = False
    return Verifier.parse(text_of(Path(public)) if is_file else public)


def signer_of(path: Path | None) -> Signer | None:
    """The private key in a file; raises BadInput where there is none."""
    return None if path is None else Signer.parse(text_of(path))


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file that is not there yet; raises BadInput where it is, or cannot be."""
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(path, flags, 0o600 if private else 0o666), "wb") as file:
            file.write(data)
    except FileExistsError:
        raise BadInput(f"{path} exists already; it is left as it is", "name another file") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise BadInput(f"{path}: {reason}", "name another file") from None
