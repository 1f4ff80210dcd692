"""The sums behind the treasury: shares in and out, and their cost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ledger.counts.counts import Counts, Figure
from ledger.history.facts import AnyKnown
from ledger.values.numbers import Exact
from projections.explain.lines import (
    ByAction,
    Explained,
    Gap,
    by_action,
    known_sum,
    money_sum,
    moved,
    steps,
)
from projections.money import money
from projections.origin import Origin
from projections.question import MoneyAnswer, Question
from projections.shares.treasury import TreasuryPosition, treasury_position


@dataclass(frozen=True, slots=True)
class CostLine:
    """One event behind the treasury: shares and cost in or out, and the treasury after it.

    The changes of shares add up to the answer, as for any count, and so do those of cost in the
    currency of the answer. Where the cost becomes unknown, the line's change is null. Where it
    restarts (at 0 when the treasury is empty, or as an opening states it), the change is the
    difference to the sum of the lines before.
    """

    origin: Origin
    shares_change: int | None
    """Null where a gap of unknown size opens."""
    cost_change: MoneyAnswer | None
    shares: int | None
    cost: MoneyAnswer | None
    gap: Gap | None
    cost_restarts: MoneyAnswer | None
    """The cost from this line on, where it was unknown before."""


@dataclass(frozen=True, slots=True)
class CostGroup:
    """The known shares and cost that one action added or removed, and its lines."""

    action: str | None
    """None for the restatement in the shares of another day."""
    kind: str | None
    shares_change: int | None
    cost_change: MoneyAnswer | None
    """In the currency of the answer, or else of the last known cost."""
    lines: list[CostLine]


@dataclass(frozen=True, slots=True)
class TreasuryTotal:
    """Shares and cost, as the answer has them."""

    shares: int | None
    cost: MoneyAnswer | None


TreasuryExplained = Explained[TreasuryPosition, CostLine, TreasuryTotal]


class _Cost:
    """The sums of the changes of cost so far, by currency."""

    def __init__(self, home: str | None) -> None:
        self._home = home
        self._sums: dict[str, Exact] = defaultdict(int)
        self._lost = False

    def changed(self, after: Counts) -> tuple[MoneyAnswer | None, MoneyAnswer | None]:
        """By how much this line changes the cost, and the cost where it restarts."""
        currency = after.currency or self._home
        self._lost, restarts = after.cost is None, self._lost and after.cost is not None
        if after.cost is None or currency is None:
            return None, None
        change = after.cost - self._sums[currency]
        self._sums[currency] = after.cost
        return money(change, currency), money(after.cost, currency) if restarts else None


def explain_treasury(known: AnyKnown, share_class: str, question: Question) -> TreasuryExplained:
    """The sums behind the treasury's shares and cost."""
    home = known.home.currency
    cost = _Cost(home)
    lines = []
    for where, before, after in steps(known, share_class, question):
        if _holding(before) == _holding(after):
            continue
        change, gap = moved(before.treasury_figure, after.treasury_figure)
        cost_change, restarts = cost.changed(after)
        shares, held = _held(after, home)
        gap = None if where.key is None else gap
        lines.append(CostLine(where, change, cost_change, shares, held, gap, restarts))
    answer = treasury_position(known, share_class, question)
    total = TreasuryTotal(answer.shares, answer.cost)
    reason = answer.reason if answer.shares is None or answer.cost is None else None
    return Explained(known.issuer, share_class, "treasury", answer, lines, total, reason)


def _holding(counts: Counts) -> tuple[Figure, Exact | None, str | None]:
    """What a line would show; the currency of a cost of 0 does not matter."""
    return counts.treasury_figure, counts.cost, counts.currency if counts.cost else None


def _held(counts: Counts, home: str | None) -> tuple[int | None, MoneyAnswer | None]:
    answered = counts.as_answered()
    return answered.treasury, money(answered.cost, answered.currency or home)


def treasury_by_action(
    explained: TreasuryExplained,
) -> ByAction[TreasuryPosition, CostGroup, TreasuryTotal]:
    """The lines grouped by action; shares and cost of the groups add up to the same total."""
    known = [line.cost for line in explained.lines if line.cost is not None]
    cost = explained.total.cost or (known[-1] if known else None)

    def group(first: Origin, lines: list[CostLine]) -> CostGroup:
        return CostGroup(
            first.action,
            first.kind,
            known_sum(line.shares_change for line in lines),
            None if cost is None else money_sum((ln.cost_change for ln in lines), cost.currency),
            lines,
        )

    return by_action(explained, group)
