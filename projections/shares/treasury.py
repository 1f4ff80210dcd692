"""Treasury shares: their number, their cost by moving average, their percentage of issued."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ledger.counts.basis import Basis
from ledger.history.facts import AnyKnown
from ledger.values.numbers import decimal_text, percent_text
from projections.money import money
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
    """Whether the average has more than ten decimals and is rounded."""
    percent_of_issued: str | None
    reason: str | None


def treasury_position(known: AnyKnown, share_class: str, question: Question) -> TreasuryPosition:
    """The treasury of one class: counts, cost without fees, average, per cent of issued."""
    counts = share_counts(known, share_class, question)
    at_cost = known.positions(share_class, Basis(question.basis)).at(question.on)
    cost, average, exact, percent = None, None, True, None
    if counts.treasury is not None:
        cost = money(at_cost.cost, at_cost.currency or known.home.currency)
    if at_cost.cost is not None and cost is not None and counts.treasury:
        average, exact = decimal_text(Fraction(at_cost.cost) / counts.treasury)
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
