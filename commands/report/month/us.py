"""Item 703 of Regulation S-K, as a sheet for people; its months as rows for CSV."""

from __future__ import annotations

from typing import Any

from commands.ask.columns import plain
from commands.report.month.layout import NONE, about, days_words, notes
from commands.report.month.sheet import Section, Sheet
from commands.terminal.output import UNKNOWN, Column, amount, figure, money, words
from projections.reports.repurchase_month import UsReport
from projections.reports.repurchase_month.us import UsMonth


def us_sheet(answer: UsReport) -> Sheet:
    """The four columns of Item 703, and the footnotes on each plan."""
    return Sheet(
        "Issuer purchases of equity securities (Item 703 of Regulation S-K)",
        about(answer),
        [
            Section(
                f"Purchases by month, amounts in {answer.currency or UNKNOWN}",
                [
                    "period",
                    "(a) shares purchased",
                    "(b) average price",
                    "(c) under announced plans",
                    "(d) may yet be purchased",
                ],
                [
                    *([days_words(m.from_, m.until), *_us_cells(m)] for m in answer.months),
                    ["Total", *_us_cells(answer.total)],
                ],
            ),
            Section(
                "Plans",
                ["plan", "announced", "approved", "expires", "ended", "may yet be purchased"],
                [
                    [
                        plan.action,
                        words(plan.announced_on, UNKNOWN),
                        _either(plan.max_shares, plan.max_amount),
                        words(plan.expires_on, "not stated"),
                        f"{plan.state} on {plan.ended_on}" if plan.ended_on else NONE,
                        NONE if plan.ended_on else _either(plan.shares_left, plan.amount_left),
                    ]
                    for plan in answer.plans
                ],
            ),
        ],
        notes(
            answer,
            "By trade date; amounts exclude fees; (d) covers all plans in force on that day.",
        ),
    )


def _us_cells(month: UsMonth) -> list[str]:
    no_price = NONE if month.shares == 0 else UNKNOWN
    return [
        words(month.shares, UNKNOWN),
        figure(month.average_price) if month.average_price else no_price,
        words(month.announced_shares, UNKNOWN),
        _either(month.shares_left, month.amount_left),
    ]


def _either(shares: int | None, money_: Any) -> str:
    """A number of shares, an amount, or both where both are limited."""
    parts = [] if shares is None else [f"{shares:,} shares"]
    return (
        " / ".join([*parts, *([] if money_ is None else [money(money_) or ""])])
        or "not stated, or unknown"
    )


def us_csv(answer: UsReport) -> list[Column]:
    """The columns for the months and their total."""
    return [
        Column("item", "", lambda month: "total" if month is answer.total else "month"),
        *plain("from_ until shares average_price announced_shares shares_left"),
        *plain("amount_left", amount),
    ]
