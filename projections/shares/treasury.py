"""Treasury shares: how many, what they cost by moving average, what part of issued they are."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ledger.counts.basis import Basis
from ledger.history.facts import AnyKnown
from ledger.values.numbers import decimal_text, money_text, percent_text
from projections.question import Asked, MoneyAnswer, Question
from projections.shares.positions import share_counts


@dataclass(frozen=True, slots=True)
class TreasuryPosition:
    """The treasury of one class at the close of a day; null where unknown, and why."""

    issuer: str
    share_class: str
    asked: Asked
    shares: int | None
    cost: MoneyAnswer | None
    average_cost: str | None
    average_cost_rounded: bool
    """Whether the average does not terminate within ten decimals."""
    percent_of_issued: str | None
    reason: str | None


def treasury_position(known: AnyKnown, share_class: str, question: Question) -> TreasuryPosition:
    """The treasury of one class: counts, cost without fees, average, per cent of issued."""
    counts = share_counts(known, share_class, question)
    at_cost = known.positions(share_class, Basis(question.basis)).at(question.on)
    currency = at_cost.currency or known.home.currency
    cost, average, exact = None, None, True
    if at_cost.cost is not None and currency is not None and counts.treasury is not None:
        cost = MoneyAnswer(money_text(at_cost.cost, currency), currency)
        if counts.treasury:
            average, exact = decimal_text(Fraction(at_cost.cost) / counts.treasury)
    percent = None
    if counts.treasury is not None and counts.issued:
        percent = percent_text(counts.treasury, counts.issued)
    reason = counts.reason
    if reason is None and cost is None:
        reason = "the cost of some shares in treasury is not captured"
    return TreasuryPosition(
        counts.issuer,
        share_class,
        counts.asked,
        counts.treasury,
        cost,
        average,
        not exact,
        percent,
        reason,
    )
