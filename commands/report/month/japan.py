"""The Japanese status report of own shares, as a sheet for people and as rows for CSV."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from commands.ask.columns import plain
from commands.report.month.layout import NONE, about, days_words, notes
from commands.report.month.sheet import Section, Sheet
from commands.terminal.output import UNKNOWN, amount, money, words
from projections.reports.repurchase_month import JapaneseReport
from projections.reports.repurchase_month.disposals import DisposalHeading, Disposed
from projections.reports.repurchase_month.japan import Acquired


def japanese_sheet(answer: JapaneseReport) -> Sheet:
    """取得状況, 処理状況, 保有状況."""
    body = {"general meeting": "株主総会決議", "board": "取締役会決議"}.get(
        answer.resolved_by or "", ""
    )
    titles = ["", "shares", "amount"]
    return Sheet(
        "Status report of own shares 【自己株券買付状況報告書】",
        [*about(answer), f"Month reported: {answer.first} to {answer.last}"],
        [
            Section(
                f"1. Acquisitions 【取得状況】 {body} on {answer.last}".replace("  ", " "),
                titles,
                _acquisitions(answer),
            ),
            Section(f"2. Disposals 【処理状況】 on {answer.last}", titles, _disposals(answer)),
            Section(
                f"3. Holdings 【保有状況】 on {answer.last}",
                titles[:2],
                [
                    ["Issued 発行済株式総数", words(answer.issued, UNKNOWN)],
                    ["Own shares held 保有自己株式数", words(answer.treasury, UNKNOWN)],
                ],
            ),
        ],
        notes(
            answer,
            "Period and days of acquisition are by trade date; issued and own shares by "
            "settlement. Amounts are without fees.",
        ),
    )


def _acquisitions(answer: JapaneseReport) -> list[list[str]]:
    is_unknown = answer.acquired_total.shares is None
    resolved = "Resolution" if answer.resolved_on is None else f"Resolution of {answer.resolved_on}"
    return [
        [
            f"{resolved} (period: {days_words(answer.from_, answer.until)})",
            words(answer.max_shares, "not stated"),
            money(answer.max_amount) or "not stated",
        ],
        *([days_words(day.from_, day.on), *_shares_and_money(day)] for day in answer.acquired),
        *([] if answer.acquired or is_unknown else [["None acquired in the month", NONE, NONE]]),
        ["Total of the month", *_shares_and_money(answer.acquired_total)],
        ["Cumulative at the end of the month", *_shares_and_money(answer.cumulative)],
        ["Progress (%)", answer.shares_percent or NONE, answer.amount_percent or NONE],
    ]


def _shares_and_money(line: Any) -> list[str]:
    return [words(line.shares, UNKNOWN), money(line.amount) or UNKNOWN]


_HEADINGS = {
    DisposalHeading.OFFERED: "Offered for subscription",
    DisposalHeading.CANCELLED: "Cancelled, at cost",
    DisposalHeading.REORGANIZED: "Merger, exchange, split of a company",
    DisposalHeading.OTHER: "Other",
}


def _disposals(answer: JapaneseReport) -> list[list[str]]:
    rows: list[list[str]] = []
    for heading, title in _HEADINGS.items():
        lines = [line for line in answer.disposed if line.heading is heading]
        rows += [
            [
                f"{title}: {days_words(line.from_, line.on)} ({line.action})",
                *_shares_and_money(line),
            ]
            for line in lines
        ] or [[title, NONE, NONE]]
    return [*rows, ["Total", *_shares_and_money(answer.disposed_total)]]


class Row(NamedTuple):
    """A line of the report, with the item of the form it belongs to."""

    item: str
    on: date | None
    shares: int | None
    amount: Any = None
    from_: date | None = None
    percent_of_shares: str | None = None
    percent_of_amount: str | None = None
    action: str | None = None
    entry: int | None = None


JAPANESE_CSV = (
    *plain("item from_ on shares"),
    *plain("amount", amount),
    *plain("percent_of_shares percent_of_amount action entry"),
)


def japanese_rows(answer: JapaneseReport) -> list[Row]:
    end = answer.last
    acquired, disposed, all_ = answer.acquired_total, answer.disposed_total, answer.cumulative
    percent = answer.shares_percent, answer.amount_percent
    return [
        Row("resolution", answer.until, answer.max_shares, answer.max_amount, answer.from_),
        *(_row("acquired", line, answer.action) for line in answer.acquired),
        Row("acquired total", end, acquired.shares, acquired.amount),
        Row("cumulative", end, all_.shares, all_.amount, None, *percent),
        *(_row(line.heading.value, line, line.action) for line in answer.disposed),
        Row("disposed total", end, disposed.shares, disposed.amount),
        Row("issued", end, answer.issued),
        Row("treasury", end, answer.treasury),
    ]


def _row(item: str, line: Acquired | Disposed, action: str) -> Row:
    row = Row(item, line.on, line.shares, line.amount, line.from_)
    return row._replace(action=action, entry=line.entry)
