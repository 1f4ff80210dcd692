"""`capital notice`."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import click

from commands.ask.asking import known_history
from commands.terminal.output import (
    UNKNOWN,
    Column,
    figure,
    money,
    note,
    printed,
    show_json,
    table,
    term_words,
    words,
)
from commands.terminal.params import NAME, query_options, question
from projections.dividends.dividend import DividendAnswer
from projections.reports.notice import AnnualRow, DividendNotice, RepurchaseNotice
from projections.reports.notice import notice as notice_of


@click.command()
@click.argument("issuer", type=NAME)
@click.argument("action", type=NAME)
@query_options(csv=False, on="the day it was resolved")
@click.pass_context
def notice(ctx: click.Context, /, issuer: str, action: str, form: str, **asked: Any) -> None:
    """The tables of a dividend or repurchase notice, reproduced from the ledger.

    \b
    Example:
      capital notice IIJ dividend-2018-03-31 --on 2018-05-24
      capital notice IIJ repurchase-2008-10-28
    """
    put = question(**asked)
    known = known_history(ctx, issuer, put)
    answer = notice_of(known, action, put, own_day=asked["on"] is None)
    if form == "json":
        show_json(answer)
    elif isinstance(answer, DividendNotice):
        _dividend(answer)
    else:
        _repurchase(answer)


def _dividend(answer: DividendNotice) -> None:
    click.echo(f"{answer.name or answer.issuer}: {answer.action} on {answer.asked.on}")
    state = answer.dividend.state
    if state == "awaiting approval":
        meeting = f" expected on {answer.meeting_expected}" if answer.meeting_expected else ""
        state += f" of the {answer.approval}{meeting}"
    click.echo(f"State: {state}")
    click.echo("\nDividend")
    click.echo(table(_columns(answer), _rows(answer)))
    click.echo("\nAnnual dividend payments")
    click.echo(table(ANNUAL, answer.annual))


def _columns(answer: DividendNotice) -> list[Column]:
    term = term_words(answer.dividend.term)
    titles = [f"{answer.fiscal_year} {term} dividend"]
    if answer.forecast is not None:
        titles.append(f"Latest forecast ({answer.forecast.released_on})")
    if answer.prior is not None:
        titles.append(f"{answer.prior_fiscal_year} {term} dividend")
    cells = [Column("", "", lambda row: row[0])]
    for place, title in enumerate(titles, start=1):
        cells.append(Column(title, title, itemgetter(place)))
    return cells


def _rows(answer: DividendNotice) -> list[list[str]]:
    forecast, prior = answer.forecast, answer.prior

    def row(title: str, of_dividend: Any, of_forecast: str) -> list[str]:
        cells = [title, of_dividend(answer.dividend)]
        if forecast is not None:
            cells.append(of_forecast)
        if prior is not None:
            cells.append(of_dividend(prior))
        return cells

    return [
        row(
            "Record date",
            lambda d: words(d.record_date, "-"),
            words(forecast and forecast.record_date, "-"),
        ),
        row(
            "Dividend per share",
            lambda d: f"{d.currency} {figure(d.per_share)}",
            _forecast_figure(forecast),
        ),
        row("Total dividend amount", _total, "-"),
        row("Effective date", lambda d: words(d.payable_on, "-"), "-"),
        row("Dividend resource", lambda d: _fund(d.fund), "-"),
    ]


def _total(dividend: DividendAnswer) -> str:
    return printed(dividend.stated_total) or money(dividend.total) or UNKNOWN


def _fund(fund: str | None) -> str:
    return "-" if fund is None else fund.capitalize().replace("_", " ")


def _forecast_figure(forecast: Any) -> str:
    if forecast is None:
        return "-"
    if forecast.per_share_low is not None:
        return f"{forecast.currency} {forecast.per_share_low} to {forecast.per_share_high}"
    return (
        f"{forecast.currency} {figure(forecast.per_share)}" if forecast.per_share else "undecided"
    )


def _paid(text: str | None, currency: str | None, *, paid: bool) -> str:
    if text is None:
        return "-"
    return f"{currency} {figure(text)}" + (" (paid)" if paid else "")


def _annual_figure(row: AnnualRow) -> str:
    return _paid(row.annual, row.currency, paid=False)


ANNUAL = (
    Column("year", "Year", lambda r: f"Year ended {r.fiscal_year_end}"),
    Column(
        "interim", "Interim dividend", lambda r: _paid(r.interim, r.currency, paid=r.interim_paid)
    ),
    Column(
        "year_end",
        "Year-end dividend",
        lambda r: _paid(r.year_end, r.currency, paid=r.year_end_paid),
    ),
    Column("annual", "Annual dividend", _annual_figure),
)


def _repurchase(answer: RepurchaseNotice) -> None:
    click.echo(f"{answer.name or answer.issuer}: {answer.action}, resolved on {answer.resolved_on}")
    click.echo(f"State on {answer.asked.on}: {answer.state}")
    click.echo("\nOutline of repurchase")
    percent = answer.percent_of_outstanding or answer.stated_percent
    equivalent = f" (equivalent to {percent} % of outstanding)" if percent else ""
    shares = "not recorded" if answer.max_shares is None else f"up to {answer.max_shares:,}"
    amount = "not recorded" if answer.max_amount is None else f"up to {money(answer.max_amount)}"
    period = f"{words(answer.from_, 'unknown')} to {words(answer.until, 'unknown')}"
    rows = [
        ("Type of shares", answer.share_class_name or answer.share_class),
        ("Total number of shares", f"{shares}{equivalent}"),
        ("Total amount", amount),
        ("Period", period),
    ]
    if answer.legal_basis:
        rows.append(("Legal basis", answer.legal_basis))
    if answer.depositary_shares is not None:
        ratio = f"{words(answer.depositary_shares)} for {words(answer.depositary_shares_for)}"
        rows.append(
            (
                "Depositary shares",
                f"{ratio} share{'s' if answer.depositary_shares_for != 1 else ''}",
            )
        )
    click.echo(_pairs(rows))
    click.echo(f"\nReference: position on {answer.position_on}")
    click.echo(
        _pairs(
            [
                ("Issued", words(answer.issued, UNKNOWN)),
                ("Treasury", words(answer.treasury, UNKNOWN)),
                ("Outstanding, excluding treasury", words(answer.outstanding, UNKNOWN)),
            ]
        )
    )
    if answer.reason:
        note(answer.reason)
    if answer.stated_percent not in (None, answer.percent_of_outstanding):
        note(
            f"the notice prints {answer.stated_percent} %, but the ledger computes "
            f"{answer.percent_of_outstanding or UNKNOWN}"
        )


def _pairs(rows: list[tuple[str, str]]) -> str:
    width = max(len(title) for title, _ in rows)
    return "\n".join(f"  {title.ljust(width)}  {value}" for title, value in rows)
