"""`capital audit bundle`."""

from __future__ import annotations

from pathlib import Path

import click

from commands.audit.files import FILE, signer_of, write_new
from commands.audit.prove import checkpoint_or_now
from commands.terminal.opening import open_ledger
from commands.terminal.params import NAME
from ledger.errors import BadInput
from ledger.proof.note import Note
from projections.audit.bundle import make_bundle
from projections.audit.checkpoints import checkpoint_now


@click.command()
@click.argument("issuer", type=NAME)
@click.option("-o", "--output", type=FILE, required=True, help="The new file to write.")
@click.option(
    "--checkpoint", type=FILE, help="Include rows up to this checkpoint; default: a new one."
)
@click.option("--sign", "key", type=FILE, metavar="KEY", help="Sign the new checkpoint.")
@click.pass_context
def bundle(
    ctx: click.Context,
    /,
    issuer: str,
    output: Path,
    checkpoint: Path | None,
    key: Path | None,
) -> None:
    """Write one issuer's whole record, with its proofs, into one file.

    It contains the issuer's rows verbatim, the proof that they are in the ledger and that none is
    left out, the checkpoint, the documents' digests, the answers, and how to verify it all with
    only a standard library. It contains nothing of other issuers, not even their names. The rows
    are verified first.

    \b
    Example:
      capital audit bundle IIJ -o iij.zip
      capital audit verify iij.zip
      capital audit bundle IIJ -o signed.zip --sign capital.key
    """
    if checkpoint is not None and key is not None:
        raise BadInput(
            "--sign signs a new checkpoint and cannot be combined with --checkpoint, which names "
            "an existing one"
        )
    ledger = open_ledger(ctx)
    if key is None:
        name, note, text = checkpoint_or_now(ledger, checkpoint)
    else:
        name, signer = "the checkpoint of now", signer_of(key)
        text = signer.signed(checkpoint_now(ledger, signer.name).text)
        note = Note.parse(text)
    data = make_bundle(ledger, issuer, note, text, name)
    write_new(output, data)
    by = ", ".join(signature.name for signature in note.signatures)
    click.echo(
        f"{output}: {issuer}, from the ledger of {note.checkpoint.size:,} rows at "
        f"{note.checkpoint.time}, {f'signed by {by}' if by else 'not signed'}"
    )
