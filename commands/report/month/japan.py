"""The Japanese status report of own shares, as a sheet for people and as rows for CSV."""

from __future__ import annotations

from datetime import date
from typing import Any

from commands.report.month.layout import NONE, days_words, notes, whose
from commands.report.month.sheet import Section, Sheet
from commands.terminal.output import UNKNOWN, Column, amount, count, decimal, money, number, words
from projections.reports.repurchase_month import JapaneseReport
from projections.reports.repurchase_month.disposals import DisposalHeading, Disposed
from projections.reports.repurchase_month.japan import Acquired


def japanese_sheet(answer: JapaneseReport) -> Sheet:
    """取得状況, 処理状況, 保有状況."""
    body = {"general meeting": "株主総会決議", "board": "取締役会決議"}.get(
        answer.resolved_by or "", ""
    )
    return Sheet(
        "Status report of own shares 【自己株券買付状況報告書】",
        [*whose(answer), f"Month reported: {answer.first} to {answer.last}"],
        [
            Section(
                f"1. Acquisitions 【取得状況】 {body} on {answer.last}".replace("  ", " "),
                ["", "shares", "amount"],
                _acquisitions(answer),
            ),
            Section(
                f"2. Disposals 【処理状況】 on {answer.last}",
                ["", "shares", "amount"],
                _disposals(answer),
            ),
            Section(
                f"3. Holdings 【保有状況】 on {answer.last}",
                ["", "shares"],
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


JAPANESE_CSV = (
    Column("item", "", lambda r: r["item"]),
    Column("from", "", lambda r: r.get("from")),
    Column("on", "", lambda r: r.get("on")),
    count("shares", "", lambda r: r.get("shares")),
    amount("amount", "", lambda r: r.get("amount")),
    decimal("percent_of_shares", "", lambda r: r.get("percent_of_shares")),
    decimal("percent_of_amount", "", lambda r: r.get("percent_of_amount")),
    Column("action", "", lambda r: r.get("action")),
    number("entry", "", lambda r: r.get("entry")),
)


def japanese_rows(answer: JapaneseReport) -> list[dict[str, Any]]:
    """The report line by line, each with the item of the form it belongs to."""
    end = answer.last
    return [
        {
            "item": "resolution",
            "from": answer.from_,
            "on": answer.until,
            "shares": answer.max_shares,
            "amount": answer.max_amount,
        },
        *(_csv_line("acquired", line, answer.action) for line in answer.acquired),
        _csv_sum("acquired total", answer.acquired_total, end),
        {
            **_csv_sum("cumulative", answer.cumulative, end),
            "percent_of_shares": answer.shares_percent,
            "percent_of_amount": answer.amount_percent,
        },
        *(_csv_line(line.heading.value, line, line.action) for line in answer.disposed),
        _csv_sum("disposed total", answer.disposed_total, end),
        {"item": "issued", "on": end, "shares": answer.issued},
        {"item": "treasury", "on": end, "shares": answer.treasury},
    ]


def _csv_line(item: str, line: Acquired | Disposed, action: str) -> dict[str, Any]:
    return {
        "item": item,
        "from": line.from_,
        "on": line.on,
        "shares": line.shares,
        "amount": line.amount,
        "action": action,
        "entry": line.entry,
    }


def _csv_sum(item: str, line: Any, on: date) -> dict[str, Any]:
    return {"item": item, "on": on, "shares": line.shares, "amount": line.amount}
