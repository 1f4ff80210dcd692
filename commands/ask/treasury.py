"""`capital treasury`."""

from __future__ import annotations

from typing import Any

import click

from commands.ask.asking import (
    class_option,
    known_counts,
    one_class,
    one_or_list,
    tell_reasons,
)
from commands.terminal.output import UNKNOWN, Column, amount, count, decimal, number, show
from commands.terminal.params import NAME, query_options, question
from projections.shares.positions import classes_asked
from projections.shares.treasury import TreasuryPosition, treasury_position

TREASURY = (
    Column("issuer", "issuer", lambda r: r.issuer),
    Column("class", "class", lambda r: r.share_class),
    Column("on", "on", lambda r: r.asked.on),
    count("shares", "shares", lambda r: r.shares),
    amount("cost", "cost", lambda r: r.cost, UNKNOWN),
    decimal("average_cost", "average cost", lambda r: r.average_cost),
    decimal("percent_of_issued", "% of issued", lambda r: r.percent_of_issued, UNKNOWN),
    number("entry", "entry", lambda r: r.asked.entry),
)


@click.command()
@click.argument("issuer", type=NAME, required=False)
@class_option(all_classes=False)
@query_options()
@click.pass_context
def treasury(
    ctx: click.Context, /, issuer: str | None, share_class: str | None, form: str, **asked: Any
) -> None:
    """Treasury shares: count, moving-average cost without fees, share of issued.

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
