"""`capital init`."""

from __future__ import annotations

import click

from commands.terminal.opening import ledger_location
from ledger.errors import BadInput
from ledger.store.ledger import Ledger
from ledger.store.location import engine_of, is_on_postgres


@click.command()
@click.option("--roles", is_flag=True, help="Print the SQL of the roles, on PostgreSQL.")
@click.option("--apply", is_flag=True, help="With --roles: run the SQL.")
@click.pass_context
def init(ctx: click.Context, /, roles: bool, apply: bool) -> None:
    """Create an empty ledger.

    With --roles, only print the SQL that creates three roles for a ledger on PostgreSQL:
    SCHEMA_owner, SCHEMA_recorder and SCHEMA_reader. With --apply, create the ledger if there is
    none, and run the SQL.

    \b
    Example:
      capital init
      capital --ledger group.db init
      capital --ledger 'postgresql://db.example.com/group' init --roles --apply
    """
    if apply and not roles:
        raise click.UsageError("--apply needs --roles")
    if roles:
        _make_roles(ledger_location(ctx), apply=apply)
    else:
        _make(ledger_location(ctx))


def _make(location: str, *, roles: bool = False) -> None:
    place = engine_of(location)
    if place.is_there():
        with Ledger.open(location) as ledger:
            issuers = len(ledger.issuers())
        many = "" if issuers == 1 else "s"
        kept = "" if roles else "; nothing changed"
        click.echo(f"{place.name} is already a ledger, with {issuers:,} issuer{many}{kept}")
    else:
        Ledger.create(location).close()
        click.echo(f"created an empty ledger: {place.name}")
        if not roles:
            click.echo("next: capital issuer register CODE --name NAME --currency JPY --profile jp")


def _make_roles(location: str, *, apply: bool) -> None:
    if not is_on_postgres(location):
        engine_of(location)
        raise BadInput(
            "--roles is for a ledger on PostgreSQL; the permissions of a file say who may write it"
        )
    from ledger.store.postgres.engine import PostgresSchema  # noqa: PLC0415 - needs the driver

    place = PostgresSchema.of(location)
    if not apply:
        click.echo("".join(f"{statement};\n" for statement in place.roles()), nl=False)
        return
    _make(location, roles=True)
    place.apply_roles()
    click.echo("created its roles: SCHEMA_owner, SCHEMA_recorder, SCHEMA_reader")
    click.echo("next, for each person or job, in psql: GRANT SCHEMA_recorder TO NAME")
