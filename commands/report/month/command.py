"""`capital report repurchase-month`."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import click

from commands.ask.asking import known_history
from commands.report.month.japan import JAPANESE_CSV, japanese_rows, japanese_sheet
from commands.report.month.sheet import Sheet, as_html, as_markdown, as_text
from commands.report.month.uk import UK_CSV, uk_sheet
from commands.report.month.us import us_csv, us_sheet
from commands.terminal.output import Column, csv_text, raw_option, show_json
from commands.terminal.params import NAME, Day, knowledge_options, question
from commands.terminal.screen import data
from ledger.errors import BadInput
from projections.reports.repurchase_month import Period, japanese_report, uk_report, us_report

LAYOUTS = ("jp", "us-703", "uk")


class Month(click.ParamType[Period]):
    """A calendar month, 2017-08, or a fiscal month by its days: 2017-07-30..2017-08-26."""

    name = "month"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Period:
        if isinstance(value, Period):
            return value
        first, dots, last = value.partition("..")
        if dots:
            period = Period(Day().convert(first, param, ctx), Day().convert(last, param, ctx))
            if period.last < period.first:
                self.fail(f"{value!r} ends before it begins", param, ctx)
            return period
        match = re.fullmatch(r"(\d{4})-(\d{2})", value, re.ASCII)
        if match is None or not 1 <= int(match[2]) <= 12 or int(match[1]) == 0:  # noqa: PLR2004 - months
            self.fail(f"{value!r} is not a month; write it as 2017-08", param, ctx)
        year, month = int(match[1]), int(match[2])
        return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


@click.command("repurchase-month")
@click.argument("issuer", type=NAME)
@click.argument("action", type=NAME)
@click.option(
    "--month",
    "months",
    type=Month(),
    multiple=True,
    required=True,
    help="The month reported: 2017-08. A fiscal month by its days: 2017-07-30..2017-08-26. "
    "Several make the quarter of us-703.",
)
@click.option(
    "--form",
    "layout",
    type=click.Choice(LAYOUTS),
    help="The layout; default: that of the issuer's profile.",
)
@knowledge_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "markdown", "html"]),
    default="table",
    show_default=True,
    help="A table, Markdown or HTML for people; JSON or CSV for programs.",
)
@raw_option
@click.pass_context
def repurchase_month(
    ctx: click.Context,
    /,
    issuer: str,
    action: str,
    months: tuple[Period, ...],
    layout: str | None,
    known_at: int | date | datetime | None,
    known_by: str,
    form: str,
) -> None:
    """One month of a repurchase program, in the layout to file.

    \b
    jp      the Japanese status report of own shares (FIEA art. 24-6): by trade date,
            issued and treasury settled; also for a month without purchases
    us-703  Item 703 of Regulation S-K: all plans of the class, month by month
    uk      the return of Companies Act 2006 s. 707, by day of delivery

    \b
    Example:
      capital report repurchase-month ACME repurchase-2017-04-11 --month 2017-08
      capital report repurchase-month IIJ repurchase-2008-10-28 --month 2008-12 --format html
    """
    periods = sorted(months, key=lambda period: period.first)
    known = known_history(ctx, issuer, question(periods[-1].last, known_at, known_by))
    layout = layout or {"us": "us-703", "uk": "uk"}.get(known.whole.terms.profile, "jp")
    if layout == "us-703":
        _in_order(periods)
        us = us_report(known, action, periods)
        _print(us, form, us_sheet(us), us_csv(us), [*us.months, us.total])
        return
    if len(periods) > 1:
        raise BadInput(
            f"the layout {layout} covers one month, but {len(periods)} are given",
            "name one month, or ask for a quarter with --form us-703",
        )
    if layout == "uk":
        uk = uk_report(known, action, periods[0])
        _print(uk, form, uk_sheet(uk), UK_CSV, [*uk.delivered, uk.total])
        return
    jp = japanese_report(known, action, periods[0])
    _print(jp, form, japanese_sheet(jp), JAPANESE_CSV, japanese_rows(jp))


def _in_order(periods: Sequence[Period]) -> None:
    """Refuse gaps and overlaps: the total would lack days, or count them twice."""
    for before, after in pairwise(periods):
        if after.first != before.last + timedelta(days=1):
            raise BadInput(
                f"the months are not consecutive: one ends on {before.last}, the next begins on "
                f"{after.first}",
                "give consecutive months",
            )


def _print(
    answer: Any, form: str, sheet: Sheet, columns: Sequence[Column], rows: Sequence[Any]
) -> None:
    match form:
        case "json":
            show_json(answer)
        case "csv":
            data(csv_text(columns, rows))
        case "markdown":
            data(f"{as_markdown(sheet)}\n")
        case "html":
            data(f"{as_html(sheet)}\n")
        case _:
            click.echo(as_text(sheet))
