"""Issuer purchases of equity securities: Item 703 of Regulation S-K (17 CFR 229.703).

By month, for a class: (a) all shares purchased, whether or not under a plan, (b) the average price
paid, (c) those purchased under publicly announced plans, (d) the maximum number, or the approximate
dollar value, that may yet be purchased under them. A footnote states for each plan when it was
announced, what was approved, when it expires, and whether it expired or ended in the period.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from ledger.actions.acquisition import AcquisitionCause, SharesAcquired
from ledger.actions.repurchase import Repurchase, RepurchaseAuthorized
from ledger.history.history import KnownHistory
from projections.actions.of_class import events_of
from projections.money import money, total
from projections.question import Asked, MoneyAnswer, Question, asked
from projections.reports.repurchase_month.contracts import (
    Contract,
    contracts_of,
    cost_of,
    notes_on_contracts,
)
from projections.reports.repurchase_month.period import (
    Period,
    Report,
    Reported,
    amount_in,
    average_price,
    bought_unknown,
    never_captured,
    notes_on,
    purchases,
    reported,
)
from projections.repurchases.programs import RepurchaseAnswer, repurchases

PLACES_OF_AN_AVERAGE = 2


@dataclass(frozen=True, slots=True)
class UsMonth:
    """One line of the table, in the shares of the last day reported; null where unknown."""

    from_: date
    until: date
    shares: int | None
    average_price: str | None
    """Half-up to two places, without fees."""
    announced_shares: int | None
    shares_left: int | None
    """Also null where a running plan states no cap on shares."""
    amount_left: MoneyAnswer | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A footnote of the table: one plan that ran in the period."""

    action: str
    announced_on: date | None
    max_shares: int | None
    max_amount: MoneyAnswer | None
    expires_on: date | None
    state: str | None
    ended_on: date | None
    """The day on which it expired, was completed or was terminated in the period."""
    shares_left: int | None
    amount_left: MoneyAnswer | None


@dataclass(frozen=True, slots=True)
class UsReport(Report):
    """The table of Item 703 over the fiscal months asked for."""

    currency: str | None
    asked: Asked
    months: list[UsMonth]
    total: UsMonth
    plans: list[Plan]
    reason: str | None
    """Why a figure is null."""
    notes: list[str]


def us_report(known: KnownHistory, action: str, months: Sequence[Period]) -> UsReport:
    """The table for the class of the program, with all of its plans, by trade date.

    Raises Unknown where `action` is not a program, or no event of it is known by the last day.
    """
    whole = Period(months[0].first, months[-1].last)
    about = reported(known, action, whole.last)
    plans = list(_plans(about, whole))
    currency = about.currency
    bought = [p for _, facts in about.programs() for p in purchases(facts) if p.event.on in whole]
    contracts = contracts_of(about, whole.last)
    unknown = [
        *(bought_unknown(about, reference, whole) for reference, _ in about.programs()),
        *(contract.reason for contract in contracts.values() if any(map(contract.covers, bought))),
    ]
    return UsReport(
        *about.head,
        currency=currency,
        asked=asked(Question(whole.last), about.known),
        months=[_line(about, month, contracts, whole.last) for month in months],
        total=_line(about, whole, contracts, whole.last),
        plans=plans,
        reason="; ".join(filter(None, unknown)) or None,
        notes=[
            *_outside_plans(about, whole),
            *notes_on_contracts(contracts.values(), bought, PLACES_OF_AN_AVERAGE),
            *notes_on(about, whole, bought, lambda purchase: purchase.event.on),
        ],
    )


def _line(
    about: Reported, month: Period, contracts: Mapping[str, Contract], shares_of: date
) -> UsMonth:
    currency = about.currency
    announced = [
        purchase
        for _, facts in about.programs()
        for purchase in purchases(facts)
        if purchase.event.on in month
    ]
    unknown = any(bought_unknown(about, reference, month) for reference, _ in about.programs())
    under_plans = about.sum_of((purchase.event for purchase in announced), shares_of)
    others = list(_acquired(about, month))
    shares = under_plans + about.sum_of(others, shares_of)
    costs = [
        *(cost_of(contracts, purchase, currency) for purchase in announced),
        *(amount_in(event, currency) for event in others),
    ]
    paid = None if unknown else total(costs)
    running = [
        answer
        for answer in repurchases(about.known, Question(month.last))
        if answer.share_class == about.share_class and _ended_on(about, answer, month) is None
    ]
    left = total(_shares_left(about, answer, shares_of) for answer in running)
    return UsMonth(
        month.first,
        month.last,
        None if unknown else int(shares),
        average_price(paid, shares, PLACES_OF_AN_AVERAGE),
        None if unknown else int(under_plans),
        None if left is None else int(left),
        money(total(_amount_left(about, answer, currency) for answer in running), currency),
    )


def _acquired(about: Reported, month: Period) -> Iterator[SharesAcquired]:
    """What was acquired outside all plans."""
    for event in events_of(about.known.effective, SharesAcquired):
        if event.share_class == about.share_class and event.on in month:
            yield event


def _shares_left(about: Reported, answer: RepurchaseAnswer, shares_of: date) -> Fraction | None:
    left, stated_on = answer.shares_left, answer.max_shares_as_of
    if left is None or stated_on is None or never_captured(about, answer.action):
        return None
    return about.in_shares_of(left, stated_on, shares_of)


def _amount_left(
    about: Reported, answer: RepurchaseAnswer, currency: str | None
) -> Fraction | None:
    left = answer.amount_left
    if left is None or left.currency != currency or never_captured(about, answer.action):
        return None
    return Fraction(left.amount)


def _plans(about: Reported, whole: Period) -> Iterator[Plan]:
    """The plans that ran on some day of the period."""
    for answer in repurchases(about.known, Question(whole.last)):
        if answer.share_class != about.share_class:
            continue
        ended = _ended_on(about, answer, whole)
        if ended is not None and ended < whole.first:
            continue
        announced = events_of(about.known.actions[answer.action], RepurchaseAuthorized)
        disclosed = announced[0].disclosed if announced else None
        unrecorded = never_captured(about, answer.action) is not None
        yield Plan(
            answer.action,
            disclosed.date() if isinstance(disclosed, datetime) else disclosed,
            answer.max_shares,
            answer.max_amount,
            answer.until,
            "expired" if ended is not None and answer.state == "open" else answer.state,
            ended,
            None if unrecorded else answer.shares_left,
            None if unrecorded else answer.amount_left,
        )


def _ended_on(about: Reported, answer: RepurchaseAnswer, period: Period) -> date | None:
    """The last day of a plan that has expired, or the day it was completed or terminated.

    A plan whose last day is the last of the period counts as ended: no purchase can follow.
    """
    if answer.state in ("completed", "terminated"):
        state = Repurchase.state(about.known.actions[answer.action], period.last)
        return None if state is None else state.since
    return answer.until if answer.until is not None and answer.until <= period.last else None


def _outside_plans(about: Reported, whole: Period) -> Iterator[str]:
    """The instruction to column (a): what was purchased outside announced plans, and how."""
    causes: Counter[AcquisitionCause] = Counter()
    for event in _acquired(about, whole):
        causes[event.cause] += int(about.in_shares_of(event.shares, event.on, whole.last))
    for cause, shares in causes.items():
        how = cause.value.lower().replace("_", " ")
        yield f"{shares:,} shares were purchased other than under an announced plan: {how}"
