"""`capital treasury`."""

from __future__ import annotations

from typing import Any

import click

from commands.ask.asking import class_option, known_counts, one_class, one_or_list, tell_reasons
from commands.ask.columns import plain
from commands.terminal.output import UNKNOWN, amount, count, decimal, number, show
from commands.terminal.params import NAME, query_options, question
from projections.shares.positions import classes_asked
from projections.shares.treasury import TreasuryPosition, treasury_position

TREASURY = (
    *plain("issuer share_class asked.on"),
    *plain("shares", count),
    amount("cost", "cost", lambda r: r.cost, UNKNOWN),
    *plain("average_cost", decimal),
    decimal("percent_of_issued", "% of issued", lambda r: r.percent_of_issued, UNKNOWN),
    *plain("asked.entry", number),
)


@click.command()
@click.argument("issuer", type=NAME, required=False)
@class_option()
@query_options()
@click.pass_context
def treasury(
    ctx: click.Context, /, issuer: str | None, share_class: str | None, form: str, **asked: Any
) -> None:
    """Treasury shares: count, moving-average cost without fees, percentage of issued shares.

    \b
    Example:
      capital treasury ACME --on 2020-12-31
    """
    put = question(**asked)
    known = known_counts(ctx, issuer, put)
    one_class(share_class)
    answers: list[TreasuryPosition] = [
        treasury_position(known, code, put) for code in classes_asked(known, share_class)
    ]
    show(one_or_list(answers, share_class), form, TREASURY, answers)
    if form == "table":
        tell_reasons(answers)
