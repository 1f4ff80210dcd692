"""`capital export`."""

from __future__ import annotations

import json
from datetime import date, datetime

import click

from commands.terminal.opening import code_of, must_be_recorded, open_ledger
from commands.terminal.params import NAME, KnownAt
from ledger.errors import BadInput
from ledger.history.knowledge import Knowledge
from ledger.lines.export import export_lines
from ledger.recording.issuer_record import Book
from projections.audit.proofs import verbatim_rows


@click.command("export")
@click.argument("issuer", type=NAME, required=False)
@click.option("--known-at", type=KnownAt(), help="Only events recorded by then.")
@click.option(
    "--verbatim", is_flag=True, help="The stored rows themselves, for audit (docs/audit.md)."
)
@click.pass_context
def export_command(
    ctx: click.Context,
    /,
    issuer: str | None,
    known_at: int | date | datetime | None,
    *,
    verbatim: bool,
) -> None:
    """Write every event as a line, of one issuer or of all; `capital import` reads these lines.

    Reversed events and their reversals are written too: nothing is left out. With --verbatim it
    writes the stored rows with their time and salt; from all of them anybody can compute the root
    that receipts and checkpoints name.

    \b
    Example:
      capital export > ledger.jsonl
      capital export IIJ > iij.jsonl
      capital export IIJ --known-at 2018-06-30 > then.jsonl
      capital export --verbatim > rows.jsonl
    """
    if isinstance(known_at, int) and issuer is None:
        raise BadInput(
            f"--known-at {known_at}: each issuer numbers its own entries", "name the ISSUER"
        )
    ledger = open_ledger(ctx)
    issuer = issuer and code_of(ledger, issuer)
    knowledge = Knowledge(known_at)
    if isinstance(known_at, int) and issuer is not None:
        must_be_recorded(issuer, known_at, len(ledger.entries(issuer)))
    lines = (
        line
        for code in ([issuer] if issuer else ledger.issuers())
        for line in export_lines(Book(ledger, code).history.as_of(knowledge))
    )
    for line in verbatim_rows(ledger, issuer, knowledge) if verbatim else lines:
        click.echo(json.dumps(line, ensure_ascii=False))
