"""`capital dividends`."""

from __future__ import annotations

import click

from commands.ask.asking import class_option, of_history, one_class
from commands.ask.columns import IN_SHARES, plain
from commands.terminal.output import Cell, Column, amount, decimal, show, term_words
from commands.terminal.params import NAME, query_options
from ledger.actions.dividend import SettledIn
from ledger.history.history import KnownHistory
from projections.dividends.dividend import DividendAnswer
from projections.dividends.fiscal_years import FiscalYear, fiscal_years
from projections.question import Question
from projections.shares.positions import classes_asked

DIVIDENDS = (
    Column("fiscal_year", "year", lambda r: r[0].fiscal_year),
    Column("fiscal_year_end", "ended", lambda r: r[0].fiscal_year_end),
    Column("class", "class", lambda r: r[0].share_class),
    Column("term", "term", lambda r: r[1] and term_words(r[1].term)),
    Column("action", "dividend", lambda r: r[1] and r[1].action),
    Column("state", "state", lambda r: r[1] and r[1].state),
    Column("currency", "", lambda r: r[1].currency if r[1] else r[0].currency),
    Column("per_share", "per share", lambda r: _per_share(r[1]), Cell.FIGURE),
    decimal("restated", "restated", lambda r: r[1] and r[1].restated),
    Column("record_date", "record date", lambda r: r[1] and r[1].record_date),
    Column("payable_on", "payable on", lambda r: r[1] and r[1].payable_on),
    amount("total", "total", lambda r: r[1] and r[1].total),
    amount("stated_total", "as stated", lambda r: r[1] and r[1].stated_total),
)
IN_KIND = (
    Column("fiscal_year", "year", lambda r: r[0].fiscal_year),
    Column("class", "class", lambda r: r[0].share_class),
    Column("action", "in kind", lambda r: r[1].action),
    Column("state", "state", lambda r: r[1].state),
    Column("of", "shares of", lambda r: r[1].of.name),
    Column("ratio", "ratio", lambda r: f"{r[1].new:,} for {r[1].old:,}"),
    Column("record_date", "record date", lambda r: r[1].record_date),
    Column("ex_date", "ex-date", lambda r: r[1].ex_date),
    Column("made_on", "distributed", lambda r: r[1].effected_on),
    amount("value_per_share", "value per share", lambda r: r[1].value_per_share),
)


def _declared(year: FiscalYear) -> str | None:
    mixed = " (mixed share bases)" if year.declared.mixed_basis else ""
    return None if year.declared.per_share is None else f"{year.declared.per_share}{mixed}"


YEARS = (
    Column("fiscal_year", "year", lambda r: r.fiscal_year),
    *plain("share_class"),
    Column("currency", "", lambda r: r.currency),
    *plain("interim", decimal),
    decimal("year_end", "year-end", lambda r: r.year_end),
    Column("annual", "annual", _declared, Cell.FIGURE),
    decimal("year_end_basis", "in year-end shares", lambda r: r.year_end_basis.per_share),
    decimal("restated", "restated", lambda r: r.restated.per_share),
    decimal("approved", "approved", lambda r: r.approved_per_share),
    decimal("paid", "paid", lambda r: r.paid_per_share),
    *plain("total", amount),
    *plain("total_is"),
)


def _per_share(dividend: DividendAnswer | None) -> str | None:
    if dividend is None:
        return None
    if dividend.per_share_low is not None:
        return f"{dividend.per_share_low} to {dividend.per_share_high}"
    if dividend.settled_in is SettledIn.SHARES:
        return IN_SHARES
    return dividend.per_share or ("undecided" if dividend.state == "forecast" else None)


@click.command()
@click.argument("issuer", type=NAME, required=False)
@class_option()
@click.option("--fiscal-year", help="One year: FY2017, or its last day.")
@click.option("--plot", is_flag=True, help="Draw the years, in the shares of --share-basis.")
@query_options(counts=False)
@of_history
def dividends(
    known: KnownHistory,
    put: Question,
    share_class: str | None,
    fiscal_year: str | None,
    form: str,
    *,
    plot: bool,
) -> None:
    """Dividends by fiscal year: the state and amounts of each; the year as declared and restated.

    Sums include every decided dividend, even if it awaits approval, but no forecasts and no
    withdrawn dividends. A distribution in kind is listed with its year and enters no sum.

    \b
    Example:
      capital dividends IIJ --on 2018-05-24
      capital dividends IIJ --fiscal-year FY2017 --format json
      capital dividends IIJ --plot --on 2018-05-24
    """
    one_class(share_class)
    classes = classes_asked(known, share_class)
    years = [
        year
        for code in classes
        for year in fiscal_years(known, code, put, fiscal_year)
        if fiscal_year is None or year.dividends or year.in_kind or len(classes) == 1
    ]
    if plot:
        _plot(years, known.issuer, classes, form)
        return
    rows: list[tuple[FiscalYear, DividendAnswer | None]] = [
        (year, dividend) for year in years for dividend in (year.dividends or (None,))
    ]
    show(years, form, DIVIDENDS, rows)
    if form == "table" and years:
        click.echo()
        show(years, form, YEARS, years)
        if in_kind := [(year, part) for year in years for part in year.in_kind]:
            click.echo()
            show(years, form, IN_KIND, in_kind)


def _plot(years: list[FiscalYear], issuer: str, classes: list[str], form: str) -> None:
    from commands.terminal.plots import only_for_people, plot_dividends  # noqa: PLC0415 - only for --plot

    only_for_people(form)
    for code in classes:
        plot_dividends([year for year in years if year.share_class == code], issuer, code)
