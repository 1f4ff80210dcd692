"""`capital rebuild`."""

from __future__ import annotations

import click

from commands.terminal.opening import open_ledger
from commands.terminal.progress import bar
from projections.shares.index import rebuild as rebuild_index


@click.command()
@click.pass_context
def rebuild(ctx: click.Context, /) -> None:
    """Rebuild the index of share counts from the first row.

    The index only makes answers faster; it is not part of the record, and `capital audit verify`
    compares it with the events.

    \b
    Example:
      capital rebuild
    """
    ledger = open_ledger(ctx)
    with bar("indexing") as watch:
        issuers = rebuild_index(ledger, watch)
    click.echo(f"indexed {issuers:,} issuer{'' if issuers == 1 else 's'}")
