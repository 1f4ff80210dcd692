"""`capital notice`."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

import click

from commands.ask.asking import known_history
from commands.ask.columns import IN_SHARES
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
from ledger.actions.dividend import SettledIn
from projections.dividends.dividend import DividendAnswer
from projections.reports.notice import AnnualRow, DividendNotice, ForecastColumn, RepurchaseNotice
from projections.reports.notice import notice as notice_of


@click.command()
@click.argument("issuer", type=NAME)
@click.argument("action", type=NAME)
@query_options(csv=False, on="the day of its resolution")
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
    return [Column(title, title, itemgetter(place)) for place, title in enumerate(["", *titles])]


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
        row("Record date", lambda d: words(d.record_date, "-"), _forecast_date(forecast)),
        row("Dividend per share", _per_share, "-" if forecast is None else _per_share(forecast)),
        row("Total dividend amount", _total, "-"),
        row("Effective date", lambda d: words(d.payable_on, "-"), "-"),
        row("Dividend resource", lambda d: words(d.fund, "-").capitalize().replace("_", " "), "-"),
    ]


def _forecast_date(forecast: Any) -> str:
    return words(forecast and forecast.record_date, "-")


def _per_share(dividend: Any) -> str:
    if dividend.per_share_low is not None:
        return f"{dividend.currency} {dividend.per_share_low} to {dividend.per_share_high}"
    if dividend.per_share is not None:
        return f"{dividend.currency} {figure(dividend.per_share)}"
    return "undecided" if isinstance(dividend, ForecastColumn) else IN_SHARES


def _total(dividend: DividendAnswer) -> str:
    if dividend.settled_in is SettledIn.SHARES:
        return printed(dividend.stated_total) or IN_SHARES
    return printed(dividend.stated_total) or money(dividend.total) or UNKNOWN


def _annual(part: str) -> Callable[[AnnualRow], str]:
    """A dividend of the year, with a mark if it is paid."""

    def cell(row: AnnualRow) -> str:
        text = getattr(row, part)
        paid = " (paid)" if getattr(row, f"{part}_paid", False) else ""
        return "-" if text is None else f"{row.currency} {figure(text)}{paid}"

    return cell


ANNUAL = (
    Column("year", "Year", lambda r: f"Year ended {r.fiscal_year_end}"),
    Column("interim", "Interim dividend", _annual("interim")),
    Column("year_end", "Year-end dividend", _annual("year_end")),
    Column("annual", "Annual dividend", _annual("annual")),
)


def _repurchase(answer: RepurchaseNotice) -> None:
    click.echo(f"{answer.name or answer.issuer}: {answer.action}, resolved on {answer.resolved_on}")
    click.echo(f"State on {answer.asked.on}: {answer.state}")
    click.echo("\nOutline of repurchase")
    percent = answer.percent_of_outstanding or answer.stated_percent
    equivalent = f" (equivalent to {percent} % of outstanding)" if percent else ""
    shares = "not recorded" if answer.max_shares is None else f"up to {answer.max_shares:,}"
    amount = "not recorded" if answer.max_amount is None else f"up to {money(answer.max_amount)}"
    rows = [
        ("Type of shares", answer.share_class_name or answer.share_class),
        ("Total number of shares", f"{shares}{equivalent}"),
        ("Total amount", amount),
        ("Period", f"{words(answer.from_, UNKNOWN)} to {words(answer.until, UNKNOWN)}"),
    ]
    if answer.legal_basis:
        rows.append(("Legal basis", answer.legal_basis))
    if answer.depositary_shares is not None:
        ratio = f"{words(answer.depositary_shares)} for {words(answer.depositary_shares_for)}"
        many = "" if answer.depositary_shares_for == 1 else "s"
        rows.append(("Depositary shares", f"{ratio} share{many}"))
    click.echo(_pairs(*rows))
    click.echo(f"\nReference: position on {answer.position_on}")
    click.echo(
        _pairs(
            ("Issued", words(answer.issued, UNKNOWN)),
            ("Treasury", words(answer.treasury, UNKNOWN)),
            ("Outstanding, excluding treasury", words(answer.outstanding, UNKNOWN)),
        )
    )
    if answer.reason:
        note(answer.reason)
    if answer.stated_percent not in (None, answer.percent_of_outstanding):
        note(
            f"the notice prints {answer.stated_percent} %, but the ledger computes "
            f"{answer.percent_of_outstanding or UNKNOWN}"
        )


def _pairs(*rows: tuple[str, str]) -> str:
    width = max(len(title) for title, _ in rows)
    return "\n".join(f"  {title.ljust(width)}  {value}" for title, value in rows)
