"""`capital report repurchase-month`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import click

from commands.ask.asking import known_history
from commands.report.month.japan import JAPANESE_CSV, japanese_rows, japanese_sheet
from commands.report.month.periods import AskedMonths, FiscalQuarter, FiscalYear, Month, Weeks
from commands.report.month.sheet import Sheet, as_html, as_markdown, as_text
from commands.report.month.uk import UK_CSV, uk_sheet
from commands.report.month.us import us_csv, us_sheet
from commands.terminal.output import Column, csv_text, raw_option, show_json
from commands.terminal.params import NAME, knowledge_options, question
from commands.terminal.screen import data
from ledger.errors import BadInput
from projections.reports.repurchase_month import japanese_report, uk_report, us_report

LAYOUTS = ("jp", "us-703", "uk")


@click.command("repurchase-month")
@click.argument("issuer", type=NAME)
@click.argument("action", type=NAME)
@click.option(
    "--month",
    "months",
    type=Month(),
    multiple=True,
    help="The month reported: 2017-08. A fiscal month by its days: 2017-07-30..2017-08-26. "
    "Several make one table of us-703.",
)
@click.option(
    "--quarter",
    type=FiscalQuarter(),
    help="For us-703: three months and their total, FY2018-Q2 in the issuer's fiscal calendar, or "
    "the days of a quarter: 2017-07-01..2017-09-30.",
)
@click.option(
    "--year",
    type=FiscalYear(),
    help="For us-703: twelve months and their total, FY2018, or the days of a year.",
)
@click.option(
    "--weeks",
    type=Weeks(),
    help="The weeks of each month where a quarter is given by its days: 4-4-5. A year takes three "
    "numbers for each of its quarters, or twelve.",
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
    layout: str | None,
    known_at: int | date | datetime | None,
    known_by: str,
    form: str,
    **spans: Any,
) -> None:
    """One month of a repurchase program, in the layout to file.

    \b
    jp      the Japanese status report of own shares (FIEA art. 24-6): by trade date,
            issued and treasury settled; also for a month without purchases
    us-703  Item 703 of Regulation S-K: all plans of the class, month by month; a quarter or
            a year has one line a month and a total
    uk      the return of Companies Act 2006 s. 707, by day of delivery

    \b
    Example:
      capital report repurchase-month ACME repurchase-2017-04-11 --month 2017-08
      capital report repurchase-month IIJ repurchase-2008-10-28 --month 2008-12 --format html
      capital report repurchase-month ACME repurchase-2020-08-05 --form us-703 \\
        --quarter FY2020-Q2
      capital report repurchase-month ACME repurchase-2020-08-05 --form us-703 \\
        --quarter 2020-06-28..2020-09-26 --weeks 4-4-5
    """
    asked = AskedMonths(**spans)
    asked.must_be_one_question()
    known = known_history(ctx, issuer, question(None, known_at, known_by))
    periods = asked.of(known)
    layout = layout or {"us": "us-703", "uk": "uk"}.get(known.whole.terms.profile, "jp")
    if layout == "us-703":
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
