"""`capital init`."""

from __future__ import annotations

import click

from commands.main import ledger_location
from ledger.store import Ledger, engine_of


@click.command()
@click.pass_context
def init(ctx: click.Context, /) -> None:
    """Make an empty ledger.

    \b
    Example:
      capital init
      capital --ledger group.db init
    """
    location = ledger_location(ctx)
    place = engine_of(location)
    if place.is_there():
        with Ledger.open(location) as ledger:
            issuers = len(ledger.issuers())
        click.echo(f"{place.name} is a ledger already, of {issuers} issuers; nothing changed")
        return
    Ledger.create(location).close()
    click.echo(f"made an empty ledger: {place.name}")
    click.echo("next: capital issuer register CODE --name NAME --currency JPY --profile jp")
