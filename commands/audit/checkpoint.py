"""`capital audit checkpoint`."""

from __future__ import annotations

from pathlib import Path

import click

from commands.audit.files import FILE, note_of, show_note, signer_of
from commands.terminal.opening import open_ledger
from ledger.errors import BadInput, Refused
from ledger.proof.note import Note
from projections.audit.checkpoints import DEFAULT_ORIGIN, checkpoint_now


@click.command()
@click.option("--sign", "key", type=FILE, metavar="KEY", help="Sign with the key in this file.")
@click.option(
    "--origin",
    help="Name of the ledger in the checkpoint; default: that of --extends, or the name of the "
    f"key, otherwise {DEFAULT_ORIGIN}.",
)
@click.option(
    "--extends",
    "old",
    type=FILE,
    metavar="OLD",
    help="Refuse if the ledger does not extend this older checkpoint.",
)
@click.option("-o", "--output", type=FILE, help="Write it into this new file.")
@click.pass_context
def checkpoint(
    ctx: click.Context,
    /,
    key: Path | None,
    origin: str | None,
    old: Path | None,
    output: Path | None,
) -> None:
    """State what the ledger contains now: the rows, the root over them, each issuer's last entry.

    Every row is verified first. Keep the checkpoint outside of the ledger's machine: whoever can
    change the ledger file can make it look intact, but cannot make it agree with a checkpoint kept
    elsewhere. The text is a C2SP tlog-checkpoint, signed as a C2SP signed note. The key can be on
    another machine: `capital audit sign` signs there.

    \b
    Example:
      capital audit checkpoint
      capital audit checkpoint --sign capital.key -o april.checkpoint
      capital audit checkpoint --extends april.checkpoint --sign capital.key -o may.checkpoint
    """
    signer = None if key is None else signer_of(key)
    if origin is not None and (not origin.strip() or not origin.isprintable()):
        raise BadInput(f"--origin {origin!r} is not a valid name", "such as example.com/capital")
    last = None if old is None else note_of(old).checkpoint
    if last is not None and origin not in (None, last.origin):
        raise Refused(
            f"{old} is a checkpoint of {last.origin}, not of {origin}",
            "leave out --origin, or name a checkpoint of this ledger",
        )
    by_key = DEFAULT_ORIGIN if signer is None else signer.name
    name = origin or (by_key if last is None else last.origin)
    extends = None if last is None else (str(old), last)
    note = Note.parse(checkpoint_now(open_ledger(ctx), name, extends).text)
    if signer is not None:
        note = note.plus(signer.signature(note.text))
    by = "" if signer is None else f", signed by {signer.name}"
    show_note(note, output, f"checkpoint of {note.checkpoint.size:,} rows{by}")
