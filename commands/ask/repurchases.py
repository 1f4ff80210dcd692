"""`capital repurchases`."""

from __future__ import annotations

import click

from commands.ask.asking import class_option, of_history
from commands.ask.columns import plain
from commands.terminal.output import UNKNOWN, Column, amount, count, decimal, number, show
from commands.terminal.params import NAME, query_options
from ledger.history.history import KnownHistory
from projections.question import Question
from projections.repurchases.programs import RepurchaseAnswer
from projections.repurchases.programs import repurchases as repurchase_answers
from projections.shares.positions import classes_asked

REPURCHASES = (
    Column("action", "program", lambda r: r.action),
    *plain("share_class state"),
    Column("from", "from", lambda r: r.from_, absent="not stated"),
    Column("until", "until", lambda r: r.until, absent="not stated"),
    *plain("days_left", number),
    count("shares", "bought", lambda r: r.shares),
    count("max_shares", "of at most", lambda r: r.max_shares),
    decimal("shares_percent", "%", lambda r: r.shares_percent),
    count("shares_left", "left", lambda r: r.shares_left),
    amount("amount", "paid", lambda r: r.amount, UNKNOWN),
    amount("max_amount", "of at most", lambda r: r.max_amount, UNKNOWN),
    decimal("amount_percent", "%", lambda r: r.amount_percent),
    amount("amount_left", "left", lambda r: r.amount_left, UNKNOWN),
)


@click.command()
@click.argument("issuer", type=NAME, required=False)
@click.argument("action", type=NAME, required=False)
@class_option("Only one share class.")
@click.option("--plot", is_flag=True, help="Draw the progress of each program with purchases.")
@query_options(counts=False)
@of_history
def repurchases(
    known: KnownHistory,
    put: Question,
    action: str | None,
    share_class: str | None,
    form: str,
    *,
    plot: bool,
) -> None:
    """Progress of repurchase programs, by trade date, and what remains under both caps.

    \b
    Example:
      capital repurchases IIJ --on 2008-11-14
      capital repurchases IIJ repurchase-2008-10-28 --format json
      capital repurchases IIJ repurchase-2008-10-28 --plot
    """
    answers: list[RepurchaseAnswer] = repurchase_answers(known, put, action)
    if share_class is not None:
        classes_asked(known, share_class)
        answers = [answer for answer in answers if answer.share_class == share_class]
    if plot:
        _plot(known, put, answers, form)
        return
    one = action is not None and len(answers) == 1
    show(answers[0] if one else answers, form, REPURCHASES, answers)


def _plot(known: KnownHistory, put: Question, answers: list[RepurchaseAnswer], form: str) -> None:
    from commands.terminal.plots import only_for_people, plot_progress  # noqa: PLC0415 - only for --plot
    from projections.repurchases.progress import program_progress  # noqa: PLC0415 - as above

    only_for_people(form)
    for answer in answers:
        plot_progress(answer, program_progress(known, put, answer), known.issuer, put.on)
    if not answers:
        click.echo(
            f"{known.issuer}: nothing to draw, "
            f"because no repurchase program is recorded by {put.on}"
        )
