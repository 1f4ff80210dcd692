"""`capital audit keygen`, `capital audit sign`."""

from __future__ import annotations

from pathlib import Path

import click

from commands.audit.files import FILE, exists_already, note_of, show_note, signer_of, write_new
from ledger.errors import BadInput, Refused
from ledger.proof.keys import KeyKind, Signer


@click.command()
@click.argument("name", metavar="NAME")
@click.option(
    "--witness",
    is_flag=True,
    help="Make the key of a witness, who cosigns checkpoints of others.",
)
@click.option(
    "-o",
    "--output",
    type=FILE,
    help="The private key's file; default: capital.key, of a witness witness.key.",
)
def keygen(name: str, output: Path | None, *, witness: bool) -> None:
    """Make a key that signs checkpoints: NAME says whose it is, such as example.com/capital.

    Writes the private key, readable only by you, and the public key (.pub) beside it, for those who
    verify. Keep the private key off the machine that holds the ledger.

    \b
    Example:
      capital audit keygen example.com/capital
      capital audit keygen auditor.example.com/w1 --witness
    """
    signer = Signer.generate(name, KeyKind.COSIGNATURE if witness else KeyKind.SIGNATURE)
    private = output or Path("witness.key" if witness else "capital.key")
    if not private.name:
        raise BadInput("the private key must be written to a file", "name one: -o capital.key")
    public = private.with_name(f"{private.name}.pub")
    if public.exists():
        raise exists_already(public)
    write_new(private, f"{signer.text}\n".encode(), private=True)
    write_new(public, f"{signer.verifier.text}\n".encode())
    gives = "those who verify" if witness else "your auditor"
    does = "cosigns" if witness else "signs"
    click.echo(f"private key: {private} ({does} checkpoints; keep it secret)")
    click.echo(f"public key:  {public} (give it to {gives})")
    click.echo(signer.verifier.text)


@click.command()
@click.argument("file", type=FILE)
@click.option("--key", type=FILE, metavar="KEY", required=True, help="The private key's file.")
@click.option("-o", "--output", type=FILE, help="Write the signed checkpoint into this new file.")
def sign(file: Path, key: Path, output: Path | None) -> None:
    """Sign a checkpoint with a key that is kept on this machine, which needs no ledger.

    The signature is added beneath those that the checkpoint already has. A signature says that its
    text is yours, not that you verified it; a witness does that: `capital audit witness`.

    \b
    Example:
      capital audit sign march.checkpoint --key capital.key -o march.signed
    """
    note, signer = note_of(file), signer_of(key)
    signature = signer.signature(note.text)
    if signer.verifier.lines_in(note):
        raise Refused(
            f"{file} already has a signature of {signer.name}",
            "verify it with: capital audit verify --checkpoint FILE --key PUBLIC",
        )
    rows = f"checkpoint of {note.checkpoint.size:,} rows of {note.checkpoint.origin}"
    show_note(note.plus(signature), output, f"{rows}, signed by {signer.name}")
