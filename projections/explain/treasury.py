"""Why the treasury holds what it holds: shares in and out, and what they cost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ledger.counts.counts import Counts, Figure
from ledger.history.facts import AnyKnown
from ledger.values.numbers import Exact, money_text
from projections.explain.lines import (
    RESTATED,
    ByAction,
    Explained,
    Gap,
    by_action,
    known_sum,
    money_sum,
    moved,
    no_event,
)
from projections.origin import Origin, origin
from projections.question import MoneyAnswer, Question
from projections.shares.positions import told_counts
from projections.shares.treasury import TreasuryPosition, treasury_position


@dataclass(frozen=True, slots=True)
class CostLine:
    """One event behind the treasury: shares and cost in or out, and what it holds after.

    The shares' changes add up as those of any count. The cost's do so too, in the currency of the
    answer: where the cost becomes unknown, the line's change is null; where it restarts, at 0 as
    the treasury empties or as an opening states it, the line's change is from what the lines
    before it add up to, so that they add up again.
    """

    origin: Origin
    shares_change: int | None
    """Null where a gap of unknown size opens."""
    cost_change: MoneyAnswer | None
    shares: int | None
    cost: MoneyAnswer | None
    gap: Gap | None
    cost_restarts: MoneyAnswer | None
    """What the cost is from this line on, where it was unknown before."""


@dataclass(frozen=True, slots=True)
class CostGroup:
    """What one action brought into treasury or took out, as far as known, and its lines."""

    action: str | None
    """None of the restatement in the shares of another day."""
    kind: str | None
    shares_change: int | None
    cost_change: MoneyAnswer | None
    """In the currency of the answer, or of the last cost that is known."""
    lines: list[CostLine]


@dataclass(frozen=True, slots=True)
class TreasuryTotal:
    """Shares and cost, as the answer has them."""

    shares: int | None
    cost: MoneyAnswer | None


TreasuryExplained = Explained[TreasuryPosition, CostLine, TreasuryTotal]


class _Cost:
    """What the changes of cost add up to so far, by currency."""

    def __init__(self, home: str | None) -> None:
        self._home = home
        self._sums: dict[str, Exact] = defaultdict(int)
        self._lost = False

    def changed(self, after: Counts) -> tuple[MoneyAnswer | None, MoneyAnswer | None]:
        """By how much this line moves the cost, and what it restarts at, if it does."""
        currency = after.currency or self._home
        self._lost, restarts = after.cost is None, self._lost and after.cost is not None
        if after.cost is None or currency is None:
            return None, None
        change = after.cost - self._sums[currency]
        self._sums[currency] = after.cost
        return _money(change, currency), _money(after.cost, currency) if restarts else None


def _money(value: Exact, currency: str) -> MoneyAnswer:
    return MoneyAnswer(money_text(value, currency), currency)


def explain_treasury(known: AnyKnown, share_class: str, question: Question) -> TreasuryExplained:
    """The sums behind the treasury's shares and cost."""
    home = known.home.currency
    positions = known.positions(share_class, question.basis)
    cost = _Cost(home)
    lines = []
    for position in positions.until(question.on):
        if _holding(position.before) == _holding(position.counts):
            continue
        change, gap = moved(position.before.treasury_figure, position.counts.treasury_figure)
        cost_change, restarts = cost.changed(position.counts)
        where = origin(known.by_key[position.step.key], position.step.day)
        shares, held = _held(position.counts, home)
        lines.append(CostLine(where, change, cost_change, shares, held, gap, restarts))
    folded, told = positions.folded_at(question.on), told_counts(positions, question)
    if folded.treasury_figure != told.treasury_figure:
        change, _ = moved(folded.treasury_figure, told.treasury_figure)
        cost_change, _ = cost.changed(told)  # other shares, the same cost
        shares, held = _held(told, home)
        where = no_event(RESTATED, question.shares_of)
        lines.append(CostLine(where, change, cost_change, shares, held, None, None))
    answer = treasury_position(known, share_class, question)
    total = TreasuryTotal(answer.shares, answer.cost)
    reason = answer.reason if answer.shares is None or answer.cost is None else None
    return Explained(known.issuer, share_class, "treasury", answer, lines, total, reason)


def _holding(counts: Counts) -> tuple[Figure, Exact | None, str | None]:
    """What a line would show; a cost of nothing has no currency worth a line."""
    return counts.treasury_figure, counts.cost, counts.currency if counts.cost else None


def _held(counts: Counts, home: str | None) -> tuple[int | None, MoneyAnswer | None]:
    answered = counts.as_answered()
    currency = answered.currency or home
    if answered.cost is None or currency is None:
        return answered.treasury, None
    return answered.treasury, _money(answered.cost, currency)


def treasury_by_action(
    explained: TreasuryExplained,
) -> ByAction[TreasuryPosition, CostGroup, TreasuryTotal]:
    """The lines of each action together; shares and cost of the actions add up alike."""
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
