"""`capital init`."""

from __future__ import annotations

import click

from commands.main import ledger_path
from ledger.store import Ledger, is_there


@click.command()
@click.pass_context
def init(ctx: click.Context, /) -> None:
    """Make an empty ledger.

    \b
    Example:
      capital init
      capital --ledger group.db init
    """
    path = ledger_path(ctx)
    if is_there(path):
        with Ledger.open(path) as ledger:
            issuers = len(ledger.issuers())
        click.echo(f"{path} is a ledger already, of {issuers} issuers; nothing changed")
        return
    Ledger.create(path).close()
    click.echo(f"made an empty ledger: {path}")
    click.echo("next: capital issuer register CODE --name NAME --currency JPY --profile jp")
