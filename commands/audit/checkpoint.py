"""`capital audit checkpoint`, `capital audit keygen`."""

from __future__ import annotations

from pathlib import Path

import click

from commands.audit.files import FILE, signer_of, write_new
from commands.terminal.opening import open_ledger
from ledger.errors import BadInput
from ledger.proof.checkpoint import Signer
from projections.audit.checkpoints import DEFAULT_ORIGIN, checkpoint_now


@click.command()
@click.option("--sign", "key", type=FILE, metavar="KEY", help="Sign with the key in this file.")
@click.option(
    "--origin",
    help=f"The name of the ledger in it; default: that of the key, else {DEFAULT_ORIGIN}.",
)
@click.option("-o", "--output", type=FILE, help="Write it into this new file.")
@click.pass_context
def checkpoint(
    ctx: click.Context, /, key: Path | None, origin: str | None, output: Path | None
) -> None:
    """Say what the ledger holds now: how many rows, the root over them, each issuer's last entry.

    Keep it outside of the ledger's machine: whoever can change the ledger file can make it look
    whole again, but not make it agree with a checkpoint that lies elsewhere. The text is a C2SP
    tlog-checkpoint, signed as a C2SP signed note.

    \b
    Example:
      capital audit checkpoint
      capital audit checkpoint --sign capital.key -o april.checkpoint
    """
    signer = signer_of(key)
    if origin is not None and (not origin.strip() or not origin.isprintable()):
        raise BadInput(f"--origin {origin!r} is no name", "such as example.com/capital")
    name = origin or (DEFAULT_ORIGIN if signer is None else signer.name)
    text = checkpoint_now(open_ledger(ctx), name).text
    note = text if signer is None else signer.signed(text)
    if output is None:
        click.echo(note, nl=False)
        return
    write_new(output, note.encode())
    size = text.split("\n")[1]
    by = "" if signer is None else f", signed by {signer.name}"
    click.echo(f"checkpoint of {int(size):,} rows{by}: {output}")


@click.command()
@click.argument("name", metavar="NAME")
@click.option("-o", "--output", type=FILE, help="The private key's file; default: capital.key.")
def keygen(name: str, output: Path | None) -> None:
    """Make a key that signs checkpoints: NAME says whose it is, such as example.com/capital.

    Writes the private key, which only you may read, and beside it the public one (.pub) to give
    away. Keep the private key off the machine that holds the ledger.

    \b
    Example:
      capital audit keygen example.com/capital
    """
    signer = Signer.generate(name)
    private = output or Path("capital.key")
    if not private.name:
        raise BadInput("the private key must be written to a file", "name one: -o capital.key")
    public = private.with_name(f"{private.name}.pub")
    if public.exists():
        raise BadInput(f"{public} exists already; it is left as it is", "name another file: -o")
    write_new(private, f"{signer.text}\n".encode(), private=True)
    write_new(public, f"{signer.verifier.text}\n".encode())
    click.echo(f"private key: {private} (sign with it, keep it to yourself)")
    click.echo(f"public key:  {public} (give it away)")
    click.echo(signer.verifier.text)
