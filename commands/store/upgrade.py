"""`capital upgrade`."""

from __future__ import annotations

import click

from commands.terminal.opening import ledger_location
from ledger.store import location


@click.command()
@click.pass_context
def upgrade(ctx: click.Context, /) -> None:
    """Upgrade a ledger made by an earlier version of capital.

    The upgrade succeeds as a whole or changes nothing; no event changes. Make a copy of the file
    first.

    \b
    Example:
      capital upgrade
    """
    place = ledger_location(ctx)
    name = location.engine_of(place).name
    rows = location.upgrade(place)
    if rows is None:
        click.echo(f"{name} is up to date; nothing changed")
    else:
        click.echo(f"upgraded {name}: {rows:,} rows in one tree")
