"""`capital tie-out`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from commands.ask.asking import class_option, known_history
from commands.ask.columns import plain
from commands.check.printed_figures import figures_of
from commands.terminal.output import UNKNOWN, Column, figure, note, show, words
from commands.terminal.params import NAME, query_options, question
from ledger.errors import BadInput
from ledger.values.numbers import Rounding
from projections.tie_out import Figure, TieOut, Verdict, printed_figure, tie_out
from projections.tie_out.tie import Implied, Tied


def _currency(tied: Tied) -> str:
    return f"{tied.currency} " if tied.figure.is_money and tied.currency else ""


def _printed(tied: Tied) -> str:
    return f"{_currency(tied) if tied.printed[0].isdigit() else ''}{tied.printed}"


def _ledger(tied: Tied) -> str:
    if tied.ledger is None:
        return UNKNOWN
    return f"{'about ' if tied.stated else ''}{_currency(tied)}{figure(tied.ledger)}"


FIGURES = (
    *plain("figure on share_class action"),
    Column("printed", "printed", _printed),
    Column("ledger", "the ledger", _ledger),
    *plain("verdict"),
    Column("held", "by", lambda t: "" if t.verdict is Verdict.UNKNOWN else t.held),
)

FIGURES_CSV = (
    *plain("figure on share_class action printed from_ below ledger currency difference"),
    *plain("verdict held"),
    Column("explanations", "", lambda t: "; ".join(e.mistake for e in t.explanations)),
)

_HELP = {
    Figure.PER_SHARE: "Dividend per share: 13.50.",
    Figure.TOTAL: 'Total of the dividend: 608000000 or "JPY 608 million".',
    Figure.ISSUED: "Issued shares at --on.",
    Figure.TREASURY: "Treasury shares at --on.",
    Figure.OUTSTANDING: "Outstanding shares at --on.",
    Figure.PERCENT_OF_ISSUED: 'Treasury as a percentage of issued: "1.96 %".',
    Figure.REPURCHASED_SHARES: "Cumulative shares bought under the program.",
    Figure.REPURCHASED_AMOUNT: "Cumulative amount paid under the program.",
}


def _figure_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, help_ in reversed(_HELP.items()):
        command = click.option(f"--{name}", metavar="PRINTED", help=help_)(command)
    return command


@click.command("tie-out")
@click.argument("issuer", type=NAME)
@_figure_options
@click.option(
    "--figures", "file", metavar="FILE", help="A CSV file of printed figures; - for standard input."
)
@class_option("The class; default: the only one.")
@click.option("--dividend", type=NAME, help="Which dividend; default: the latest resolved by --on.")
@click.option("--program", type=NAME, help="Which program; default: the only one, or the open one.")
@click.option(
    "--rounding",
    type=click.Choice([rounding.value for rounding in Rounding]),
    default=Rounding.HALF_UP.value,
    show_default=True,
    help="How the document rounds: half-up, or by dropping digits.",
)
@query_options(counts=False, shares=False)
@click.pass_context
def tie_out_(
    ctx: click.Context,
    /,
    issuer: str,
    file: str | None,
    share_class: str | None,
    dividend: str | None,
    program: str | None,
    rounding: str,
    form: str,
    **options: Any,
) -> None:
    """Compare the figures a document prints with the ledger, within their rounding.

    "608 million" stands for 607.5 million up to 608.5 million. If a figure differs, the command
    names the usual mistakes that would give it. The exit code is 1 if a figure differs; a figure
    unknown to the ledger is not a difference. A file has the columns figure, printed and, if
    needed, on, class, action, rounding.

    \b
    Example:
      capital tie-out IIJ --on 2018-05-24 --per-share 13.50 --total "JPY 608 million"
      capital tie-out IIJ --on 2008-10-27 --outstanding 206478 --treasury 0
      capital tie-out IIJ --on 2018-05-24 --figures printed.csv
    """
    typed = {name: options.pop(name.value.replace("-", "_")) for name in Figure}
    put = question(**options)
    figures = [
        printed_figure(
            name,
            text,
            rounding=Rounding(rounding),
            share_class=share_class,
            action=dividend if name.is_of_a_dividend else program if name.is_of_a_program else None,
        )
        for name, text in typed.items()
        if text is not None
    ]
    if file is not None:
        figures += figures_of(file, Rounding(rounding), share_class)
    if not figures:
        raise BadInput("no printed figure is given", "capital tie-out ISSUER --issued 46713800")
    known = known_history(ctx, issuer, put)
    answer = tie_out(known, put, figures)
    show(answer, form, FIGURES_CSV if form == "csv" else FIGURES, answer.figures)
    if form == "table":
        _tell(answer)
    if not answer.agrees:
        ctx.exit(1)


def _tell(answer: TieOut) -> None:
    for tied in answer.figures:
        if tied.verdict is Verdict.AGREES:
            continue
        click.echo(f"\n{tied.figure} {_printed(tied)}: {_verdict_words(tied)}")
        for explanation in tied.explanations:
            click.echo(f"  {explanation.mistake}: {explanation.words}")
        if not tied.explanations and tied.verdict is Verdict.DIFFERS:
            click.echo("  none of the usual mistakes gives this figure")
    for band in answer.implied:
        click.echo(f"\n{_implied_words(band)}")
    unknown = sum(tied.verdict is Verdict.UNKNOWN for tied in answer.figures)
    if unknown:
        note(f"{unknown} of {len(answer.figures)} figures could not be compared")


def _verdict_words(tied: Tied) -> str:
    if tied.verdict is Verdict.UNKNOWN:
        return f"not compared: {tied.held}"
    if tied.difference is None:
        return f"in the ledger it is {_ledger(tied)}: {tied.held}"
    by = figure(tied.difference.lstrip("-"))
    more = "less" if tied.difference.startswith("-") else "more"
    return f"in the ledger it is {by} {more}: {tied.held}"


def _implied_words(band: Implied) -> str:
    when = f" on {band.record_date}" if band.record_date else ""
    holds = f"the ledger holds {words(band.outstanding, UNKNOWN)}"
    text = (
        f"{band.total} at {band.per_share} a share implies {band.low:,} to {band.high:,} "
        f"outstanding{when}; {holds}"
    )
    if band.issued is not None and band.issued < band.low:
        return f"{text}, and no more than {band.issued:,} issued"
    if band.treasury_low is None or band.treasury_high is None:
        return text
    treasury = f"{band.treasury_low:,} to {band.treasury_high:,}"
    return f"{text}; of {words(band.issued)} issued that leaves {treasury} in treasury"
