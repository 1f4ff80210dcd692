"""The UK return of a purchase of own shares: Companies Act 2006, section 707.

By day of delivery (settlement), since the 28 days of the return begin with it: the shares, apart
those held in treasury (s. 724) and those cancelled; and, as a public company states, the aggregate
amount paid and the highest and lowest price. At the end of the month the shares in issue, in
treasury and the total voting rights (DTR 5.6.1R of the FCA's handbook).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ledger.actions.repurchase import SharesRepurchased
from ledger.history.history import KnownHistory
from ledger.values.fields import Money
from ledger.values.numbers import decimal_text, rounded_half_up
from projections.money import money
from projections.question import Asked, MoneyAnswer, Question, asked
from projections.reports.repurchase_month.period import (
    Period,
    Purchase,
    Report,
    Reported,
    amount_in,
    bought_unknown,
    holdings,
    notes_on,
    purchases,
    reported,
    total,
)

PLACES_OF_AN_AVERAGE = 4


@dataclass(frozen=True, slots=True)
class Delivered:
    """Shares delivered on one day, or in the whole month; null where a part is unknown."""

    on: date | None
    """None of the month's sum."""
    shares: int | None
    held_in_treasury: int | None
    cancelled: int | None
    amount: MoneyAnswer | None
    """Without fees."""
    highest_price: str | None
    lowest_price: str | None
    average_price: str | None
    """Weighted by volume, half-up to four places."""


@dataclass(frozen=True, slots=True)
class UkReport(Report):
    """One month of one program, by day of delivery."""

    first: date
    last: date
    asked: Asked
    currency: str | None
    delivered: list[Delivered]
    total: Delivered
    issued: int | None
    treasury: int | None
    voting_rights: int | None
    """In issue, excluding treasury."""
    reason: str | None
    """Why a figure is null."""
    notes: list[str]


def uk_report(known: KnownHistory, action: str, month: Period) -> UkReport:
    """What was delivered in a month, by settlement throughout.

    Raises Unknown where `action` is no program or nothing of it is known by the month's end.
    """
    about = reported(known, action, month.last)
    question = Question(month.last)
    currency = about.currency
    bought = [p for p in purchases(about.facts) if p.delivered_on in month]
    days = sorted({purchase.delivered_on for purchase in bought})
    unknown = bought_unknown(about, action, month)
    counts = holdings(about, month.last)
    return UkReport(
        *about.head,
        first=month.first,
        last=month.last,
        asked=asked(question, about.known),
        currency=currency,
        delivered=[
            _delivered(about, [p for p in bought if p.delivered_on == day], currency, day, day)
            for day in days
        ],
        total=Delivered(None, None, None, None, None, None, None, None)
        if unknown
        else _delivered(about, bought, currency, None, month.last),
        issued=counts.issued,
        treasury=counts.treasury,
        voting_rights=counts.outstanding,
        reason="; ".join(part for part in (unknown, counts.reason) if part) or None,
        notes=list(notes_on(about, month, bought, lambda purchase: purchase.delivered_on)),
    )


def _delivered(
    about: Reported,
    bought: Sequence[Purchase],
    currency: str | None,
    on: date | None,
    shares_of: date,
) -> Delivered:
    def told(wanted: Sequence[Purchase]) -> Fraction:
        return sum(
            (about.in_shares_of(p.event.shares, p.event.on, shares_of) for p in wanted),
            Fraction(0),
        )

    shares = told(bought)
    retired = told([purchase for purchase in bought if purchase.retired])
    amount = total(amount_in(purchase.event, currency) for purchase in bought)
    average = None
    if shares and amount is not None:
        average, _ = decimal_text(
            rounded_half_up(amount / shares, PLACES_OF_AN_AVERAGE), PLACES_OF_AN_AVERAGE
        )
    highest = _prices(about, bought, currency, shares_of, lambda e: e.highest_price or e.price)
    lowest = _prices(about, bought, currency, shares_of, lambda e: e.lowest_price or e.price)
    return Delivered(
        on,
        int(shares),
        int(shares - retired),
        int(retired),
        money(amount, currency),
        None if highest is None else format(max(highest), "f"),
        None if lowest is None else format(min(lowest), "f"),
        average,
    )


def _prices(
    about: Reported,
    bought: Sequence[Purchase],
    currency: str | None,
    shares_of: date,
    price_of: Callable[[SharesRepurchased], Money | None],
) -> list[Decimal] | None:
    """What was paid for single shares; None where a price is not captured, or of unlike shares."""
    prices = []
    for purchase in bought:
        price = price_of(purchase.event)
        unlike = about.in_shares_of(1, purchase.event.on, shares_of) != 1
        if price is None or price.currency != currency or unlike:
            return None
        prices.append(price.amount)
    return prices or None
