"""What left the treasury in a month, under the headings of the Japanese status report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.actions.cancellation import TreasurySharesCancelled
from ledger.actions.disposal import DisposalMethod, TreasurySharesDisposed
from ledger.actions.dividend import DividendElected
from ledger.actions.issue import Issue, IssueKind, IssueResolved, SharesIssued
from ledger.events.recorded import Fact
from ledger.values.fields import Money
from ledger.values.numbers import Exact
from projections.actions.of_class import events_of
from projections.money import money
from projections.question import MoneyAnswer
from projections.reports.repurchase_month.period import Period, Reported, first_day_of


class DisposalHeading(StrEnum):
    """The headings of form 17 for disposals of treasury shares, in its order."""

    OFFERED = "offered for subscription"
    """引き受ける者の募集を行った取得自己株式 (Companies Act art. 199)"""
    CANCELLED = "cancelled"
    """消却の処分を行った取得自己株式 (art. 178)"""
    REORGANIZED = "transferred in a merger, share exchange or company split"
    """合併、株式交換、株式交付、会社分割に係る移転を行った取得自己株式"""
    OTHER = "other"
    """その他: options exercised, odd lots sold to their holders"""


_OFFERED = (DisposalMethod.THIRD_PARTY, DisposalMethod.RESTRICTED_STOCK, DisposalMethod.TRUST)
_ISSUED_OTHERWISE = {
    IssueKind.EXERCISE: DisposalHeading.OTHER,
    IssueKind.CONVERSION: DisposalHeading.OTHER,
    IssueKind.BONUS: DisposalHeading.OTHER,
    IssueKind.EXCHANGE: DisposalHeading.REORGANIZED,
}


@dataclass(frozen=True, slots=True)
class Disposed:
    """Treasury shares that left on one day, and the amount paid; cancelled shares at book cost."""

    heading: DisposalHeading
    from_: date | None
    on: date
    shares: int
    amount: MoneyAnswer | None
    action: str
    entry: int


def disposed_in(about: Reported, month: Period, currency: str | None) -> Iterator[Disposed]:
    """What left the treasury of the class in the month, heading by heading, by day."""
    found = [
        line
        for fact in about.known.effective
        if fact.event.share_class == about.share_class and fact.event.on in month
        for line in _left(about, fact, currency)
    ]
    order = list(DisposalHeading)
    yield from sorted(found, key=lambda line: order.index(line.heading))


def _left(about: Reported, fact: Fact, currency: str | None) -> Iterator[Disposed]:
    event = fact.event
    match event:
        case TreasurySharesDisposed():
            heading, shares = _heading_of(event.method), event.shares
            amount = _paid(event.amount, event.price, shares, currency)
        case TreasurySharesCancelled():
            heading, shares = DisposalHeading.CANCELLED, event.shares
            amount = money(_book_cost(about, event.key), currency)
        case SharesIssued(from_treasury=shares) if shares:
            heading = _issued_under(about.known.actions[event.action])
            whole = shares == event.shares  # a mixed issue does not state the amount of each part
            amount = _paid(event.amount if whole else None, event.price, shares, currency)
        case DividendElected(from_treasury=shares) if shares:
            heading, amount = DisposalHeading.OTHER, None
        case _:
            return
    yield Disposed(
        heading, first_day_of(fact), event.on, shares, amount, event.action, fact.entry.number
    )


def _heading_of(method: DisposalMethod | None) -> DisposalHeading:
    if method in _OFFERED:
        return DisposalHeading.OFFERED
    return DisposalHeading.REORGANIZED if method is DisposalMethod.MERGER else DisposalHeading.OTHER


def _issued_under(facts: list[Fact]) -> DisposalHeading:
    assert facts[0].event.action_type is Issue
    resolved = events_of(facts, IssueResolved)
    if not resolved:
        return DisposalHeading.OTHER
    return _ISSUED_OTHERWISE.get(resolved[0].kind, DisposalHeading.OFFERED)


def _paid(
    amount: Money | None, price: Money | None, shares: int, currency: str | None
) -> MoneyAnswer | None:
    if amount is not None and amount.currency == currency:
        return money(amount.exact, currency)
    if price is not None and price.currency == currency:
        return money(price.exact * shares, currency)
    return None


def _book_cost(about: Reported, key: str) -> Exact | None:
    """The cost of the cancelled shares, by moving average."""
    for position in about.known.positions(about.share_class):
        if position.step.key == key:
            before, after = position.before.cost, position.counts.cost
            return None if before is None or after is None else before - after
    return None
