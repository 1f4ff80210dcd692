"""The UK return of a purchase of own shares, as a sheet for people and as rows for CSV."""

from __future__ import annotations

from commands.ask.columns import plain
from commands.report.month.layout import NONE, about, notes
from commands.report.month.sheet import Section, Sheet
from commands.terminal.output import UNKNOWN, Column, amount, figure, words
from projections.reports.repurchase_month import UkReport
from projections.reports.repurchase_month.uk import Delivered


def uk_sheet(answer: UkReport) -> Sheet:
    """For each day of delivery: shares to treasury, shares cancelled, the amount and the prices."""
    return Sheet(
        "Return of a purchase of own shares (Companies Act 2006, s. 707)",
        [*about(answer), f"Delivered from {answer.first} to {answer.last}"],
        [
            Section(
                f"Shares delivered, amounts in {answer.currency or UNKNOWN}",
                UK_TITLES.split(", "),
                [*map(_uk_cells, answer.delivered), _uk_cells(answer.total)],
            ),
            Section(
                f"Voting rights on {answer.last} (DTR 5.6.1R)",
                ["", "shares"],
                [
                    ["In issue", words(answer.issued, UNKNOWN)],
                    ["In treasury", words(answer.treasury, UNKNOWN)],
                    ["Total voting rights", words(answer.voting_rights, UNKNOWN)],
                ],
            ),
        ],
        notes(
            answer, "By day of delivery; amounts without fees; average price weighted by volume."
        ),
    )


UK_TITLES = (
    "delivered, shares, to treasury, cancelled, amount paid, "
    "highest price, lowest price, average price"
)


def _uk_cells(line: Delivered) -> list[str]:
    def price(text: str | None) -> str:
        return figure(text) if text else NONE if line.shares == 0 else UNKNOWN

    return [
        words(line.on, "Total"),
        words(line.shares, UNKNOWN),
        words(line.held_in_treasury, UNKNOWN),
        words(line.cancelled, UNKNOWN),
        figure(line.amount.amount) if line.amount else UNKNOWN,
        price(line.highest_price),
        price(line.lowest_price),
        price(line.average_price),
    ]


UK_CSV = (
    Column("item", "", lambda d: "total" if d.on is None else "delivered"),
    *plain("on shares held_in_treasury cancelled"),
    *plain("amount", amount),
    *plain("highest_price lowest_price average_price"),
)
