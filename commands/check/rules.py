"""`capital rules`."""

from __future__ import annotations

import click

from commands.terminal.output import Column, show
from commands.terminal.params import format_option
from ledger.events.terms import ProfileName
from ledger.rules import RULES, Rule

_MEETS = {
    "R": "refused",
    "G": "refused unless acknowledged",
    "W": "warning",
    "A": "assertion",
    "computed": "by construction",
}


def _profiles(rule: Rule) -> str:
    return " ".join(profile.value for profile in ProfileName if profile in rule.profiles)


COLUMNS = (
    Column("id", "rule", lambda r: r.id),
    Column("kind", "kind", lambda r: r.kind.value),
    Column("met_by", "met by", lambda r: _MEETS[r.kind.value]),
    Column("profiles", "profiles", _profiles),
    Column("holds", "holds", lambda r: r.holds),
    Column("basis", "article", lambda r: r.basis),
)


@click.command()
@click.option(
    "--profile",
    type=click.Choice([p.value for p in ProfileName]),
    help="Only the rules of one profile.",
)
@format_option()
def rules(profile: str | None, form: str) -> None:
    """The rules: what each requires, its article and its profiles.

    \b
    Example:
      capital rules --profile jp
    """
    rows = [rule for rule in RULES.values() if profile is None or profile in rule.profiles]
    answer = [
        {column.name: column.get(rule) for column in COLUMNS}
        | {"profiles": _profiles(rule).split()}
        for rule in rows
    ]
    show(answer, form, COLUMNS, rows)
