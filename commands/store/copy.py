"""`capital copy` and `capital backup`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from commands.terminal.opening import open_ledger
from commands.terminal.progress import bar
from ledger.history.history import today_anywhere


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy a ledger from one store to another, verbatim.

    FROM and TO are each a SQLite file or a postgresql:// URL. Every row, number and time is kept;
    the Merkle root and every answer are compared at the end. TO must be empty.

    \b
    Example:
      capital copy capital.db 'postgresql://db.example.com/group?schema=capital'
    """
    from projections.audit.copying import copy as copied  # noqa: PLC0415 - help does not need it

    with bar("verifying") as watch:
        rows, root = copied(source, target, today_anywhere(datetime.now(UTC)), watch)
    click.echo(f"copied {rows:,} rows; the same root {root} and the same answers")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def backup(ctx: click.Context, file: Path) -> None:
    """Write the ledger into a new file while others record, and verify it.

    For a ledger on PostgreSQL, use the server's backups; `capital copy` writes it to a file.

    \b
    Example:
      capital backup capital-2024-06-30.db
    """
    from projections.audit.copying import back_up  # noqa: PLC0415 - help does not need it

    rows, root = back_up(open_ledger(ctx), file, today_anywhere(datetime.now(UTC)))
    click.echo(f"backed up to {file}: {rows:,} rows, verified; root {root}")
