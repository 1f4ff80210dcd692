"""`capital audit prove`, `capital audit consistency`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from commands.audit.files import FILE, note_of, text_of, write_new
from commands.terminal.opening import open_ledger
from commands.terminal.params import NAME, WholeNumber
from ledger.proof.note import Note
from ledger.store.ledger import Ledger
from projections.audit.checkpoints import DEFAULT_ORIGIN, checkpoint_now
from projections.audit.proofs import prove_consistency, prove_entry


def checkpoint_or_now(ledger: Ledger, path: Path | None) -> tuple[str, Note, str]:
    """The name, the note and the text of a checkpoint: the one in the file, or one made now."""
    if path is not None:
        return str(path), note_of(path), text_of(path)
    text = checkpoint_now(ledger, DEFAULT_ORIGIN).text
    return "the checkpoint of now", Note.parse(text), text


def _write(proof: dict[str, Any], output: Path | None, said: str) -> None:
    text = json.dumps(proof, ensure_ascii=False, indent=1) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    write_new(output, text.encode())
    click.echo(f"{said}: {output}")


@click.command()
@click.argument("issuer", type=NAME)
@click.argument("entry", type=WholeNumber())
@click.option("--checkpoint", type=FILE, help="Prove against this checkpoint; default: a new one.")
@click.option("-o", "--output", type=FILE, help="Write it into this new file.")
@click.pass_context
def prove(
    ctx: click.Context, /, issuer: str, entry: int, checkpoint: Path | None, output: Path | None
) -> None:
    """Prove that an entry is in the ledger: its rows, each with its inclusion proof (RFC 6962).

    Whoever has the checkpoint can verify the proof without the ledger: capital audit verify FILE.

    \b
    Example:
      capital audit prove IIJ 1 -o entry-1.proof
      capital audit verify entry-1.proof
    """
    ledger = open_ledger(ctx)
    name, note, text = checkpoint_or_now(ledger, checkpoint)
    proof = prove_entry(ledger, issuer, entry, note, text, name)
    _write(proof, output, f"proof of entry {entry} of {issuer}, {len(proof['rows'])} rows")


@click.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@click.option("-o", "--output", type=FILE, help="Write the proof into this new file.")
@click.pass_context
def consistency(ctx: click.Context, /, old: Path, new: Path, output: Path | None) -> None:
    """Prove that checkpoint NEW extends checkpoint OLD: nothing before it was changed (RFC 6962).

    \b
    Example:
      capital audit consistency march.checkpoint april.checkpoint
      capital audit consistency april.checkpoint may.checkpoint -o may.consistency
    """
    pair = [(str(path), note_of(path), text_of(path)) for path in (old, new)]
    proof = prove_consistency(open_ledger(ctx), *pair)
    _write(proof, output, f"{new} extends {old}")
