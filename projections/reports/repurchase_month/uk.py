"""The UK return of a purchase of own shares: Companies Act 2006, section 707.

By day of delivery (settlement), with which the 28 days of the return begin: the shares, with those
held in treasury (s. 724) and those cancelled listed separately; and, for a public company, the
aggregate amount paid and the highest and lowest price. At the end of the month the shares in issue,
in treasury and the total voting rights (DTR 5.6.1R of the FCA's handbook).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.actions.repurchase import SharesRepurchased
from ledger.history.history import KnownHistory
from ledger.values.fields import Money
from projections.money import money
from projections.question import Asked, MoneyAnswer, Question, asked
from projections.reports.repurchase_month.contracts import (
    Contract,
    contracts_of,
    notes_on_contracts,
    paid_for,
    unknown_parts,
)
from projections.reports.repurchase_month.period import (
    Period,
    Purchase,
    Report,
    Reported,
    average_price,
    bought_unknown,
    holdings,
    notes_on,
    purchases,
    reported,
)

PLACES_OF_AN_AVERAGE = 4


@dataclass(frozen=True, slots=True)
class Delivered:
    """Shares delivered on one day, or in the whole month; null where a part is unknown."""

    on: date | None
    """None for the month's sum."""
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

    Raises Unknown where `action` is not a program or no event of it is known by the month's end.
    """
    about = reported(known, action, month.last)
    question = Question(month.last)
    currency = about.currency
    bought = [p for p in purchases(about.facts) if p.delivered_on in month]
    days = sorted({purchase.delivered_on for purchase in bought})
    unknown = bought_unknown(about, action, month)
    contract = contracts_of(about, month.last).get(action)
    counts = holdings(about, month.last)
    reasons = unknown, unknown_parts(contract, bought), counts.reason
    return UkReport(
        *about.head,
        first=month.first,
        last=month.last,
        asked=asked(question, about.known),
        currency=currency,
        delivered=[
            _delivered(about, [p for p in bought if p.delivered_on == day], contract, day, day)
            for day in days
        ],
        total=Delivered(None, None, None, None, None, None, None, None)
        if unknown
        else _delivered(about, bought, contract, None, month.last),
        issued=counts.issued,
        treasury=counts.treasury,
        voting_rights=counts.outstanding,
        reason="; ".join(part for part in reasons if part) or None,
        notes=[
            *notes_on_contracts([contract] if contract else [], bought, PLACES_OF_AN_AVERAGE),
            *notes_on(about, month, bought, lambda purchase: purchase.delivered_on),
        ],
    )


def _delivered(
    about: Reported,
    bought: Sequence[Purchase],
    contract: Contract | None,
    on: date | None,
    shares_of: date,
) -> Delivered:
    currency = about.currency
    shares = about.sum_of((p.event for p in bought), shares_of)
    retired = about.sum_of((p.event for p in bought if p.retired), shares_of)
    amount = paid_for(contract, bought, currency)
    price_is_known = unknown_parts(contract, bought) is None
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
        average_price(amount, shares, PLACES_OF_AN_AVERAGE) if price_is_known else None,
    )


def _prices(
    about: Reported,
    bought: Sequence[Purchase],
    currency: str | None,
    shares_of: date,
    price_of: Callable[[SharesRepurchased], Money | None],
) -> list[Decimal] | None:
    """The prices per share; None where one is not recorded or is a price of other shares."""
    prices = []
    for purchase in bought:
        price = price_of(purchase.event)
        is_restated = about.in_shares_of(1, purchase.event.on, shares_of) != 1
        if price is None or not price.amount or price.currency != currency or is_restated:
            return None
        prices.append(price.amount)
    return prices or None
