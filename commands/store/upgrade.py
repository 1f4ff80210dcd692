"""`capital upgrade`."""

from __future__ import annotations

import click

from commands.terminal.opening import ledger_location
from ledger.store import location


@click.command()
@click.pass_context
def upgrade(ctx: click.Context, /) -> None:
    """Upgrade a ledger made by an earlier version of capital.

    All of it or nothing; no event is touched. Keep a copy of the file before.

    \b
    Example:
      capital upgrade
    """
    place = ledger_location(ctx)
    name = location.engine_of(place).name
    rows = location.upgrade(place)
    if rows is not None:
        click.echo(f"upgraded {name}: {rows:,} rows in one tree")
    else:
        click.echo(f"{name} is up to date; nothing changed")
