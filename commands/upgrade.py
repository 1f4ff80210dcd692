"""`capital upgrade`."""

from __future__ import annotations

import click

from commands.main import ledger_path
from ledger.store import Ledger


@click.command()
@click.pass_context
def upgrade(ctx: click.Context, /) -> None:
    """Bring a ledger of an earlier version of capital up to this one.

    All of it or nothing; no event is touched. Keep a copy of the file before.

    \b
    Example:
      capital upgrade
    """
    path = ledger_path(ctx)
    rows = Ledger.upgrade(path)
    if rows is not None:
        click.echo(f"{path} is up to date now: {rows:,} rows, in one tree")
    else:
        click.echo(f"{path} is up to date; nothing changed")
