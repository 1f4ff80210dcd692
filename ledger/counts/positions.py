"""Counts and treasury cost of one share class, and the one fold of movements over them.

Plain data on purpose: neither pydantic nor the event store is needed to count shares.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ledger.counts.basis import Basis
from ledger.counts.counts import Counts
from ledger.counts.fold import after, cost_in, in_other_shares
from ledger.counts.movements import (
    Allot,
    Change,
    Opening,
    Scale,
    Step,
)
from ledger.counts.one_base import NewForOld, base_of, new_for_old


class Position(NamedTuple):
    """The counts of a class before and after one step."""

    step: Step
    before: Counts
    counts: Counts


class Restatement:
    """Exactly how many shares one share of a day became by another day."""

    def __init__(self, ratios: Iterable[tuple[date, Fraction]] = ()) -> None:
        self._days: list[date] = []
        self._since_ever = [Fraction(1)]
        for day, ratio in ratios:
            self._days.append(day)
            self._since_ever.append(self._since_ever[-1] * ratio)

    @property
    def days(self) -> list[date]:
        """The days on which shares became other shares, in order."""
        return self._days

    def epoch(self, day: date) -> int:
        """Which shares those of the close of `day` are: how many splits came before."""
        return bisect_right(self._days, day)

    def ratio(self, since: date, until: date) -> Fraction:
        """How many shares of the close of `until` one share of the close of `since` became.

        Below 1 across a consolidation, and for a day before, the inverse.
        """
        return self.between(self.epoch(since), self.epoch(until))

    def between(self, since: int, until: int) -> Fraction:
        """The same, of epochs."""
        return self._since_ever[until] / self._since_ever[since]


class Positions:
    """The positions of one class over time, in order; ask `at` for the close of a day."""

    def __init__(self, steps: Iterable[Step], basis: Basis = Basis.SETTLEMENT) -> None:
        ordered = sorted(steps, key=lambda step: step.order)
        self._new_for_old = new_for_old(ordered)
        self.restatement = Restatement((each.step.day, each.ratio) for each in self._new_for_old)
        self._positions = list(_fold(ordered, basis, self.restatement, self._new_for_old))
        self._days = [position.step.day for position in self._positions]

    def __iter__(self) -> Iterator[Position]:
        return iter(self._positions)

    @property
    def any_settled_later(self) -> bool:
        """Whether anything settled on another day than it was traded: else both bases are one."""
        return any(
            position.step.settled_on != position.step.traded_on for position in self._positions
        )

    def at(self, day: date) -> Counts:
        """The counts at the close of `day`; unknown where they cannot be."""
        return self.folded_at(day).as_answered()

    def folded_at(self, day: date) -> Counts:
        """The counts at the close of `day` as the events add up, possible or not."""
        found = bisect_right(self._days, day)
        return self._positions[found - 1].counts if found else Counts()

    def ratio(self, since: date, until: date) -> Fraction:
        """How many shares of the close of `until` one share of the close of `since` became."""
        return self.restatement.ratio(since, until)

    def told_in_shares_of(self, counts: Counts, since: date, day: date) -> Counts:
        """The counts of the close of `since` in the shares of the close of `day`."""
        first, last = sorted((since, day))
        between = [each for each in self._new_for_old if first < each.step.day <= last]
        for each in between if since <= day else reversed(between):
            ratio = each.ratio if since <= day else 1 / each.ratio
            counts = in_other_shares(counts, each.movement, ratio)
        return counts

    def until(self, day: date) -> list[Position]:
        """The positions of every step up to the close of `day`."""
        return self._positions[: bisect_right(self._days, day)]


def _fold(
    steps: Iterable[Step], basis: Basis, restatement: Restatement, new: Sequence[NewForOld]
) -> Iterator[Position]:
    counts = Counts()
    days: list[date] = []
    closes: list[Counts] = []
    effected = 0
    in_flight: list[Step] = []  # traded, not yet settled; only where counted by trade date
    for placed in steps:
        step = _in_shares_of_its_day(placed, restatement)
        if basis is Basis.TRADE and step.settled_on > step.day:
            in_flight.append(step)
        if isinstance(step.movement, Opening):
            pending = [late for late in in_flight if late.settled_on > step.day]
            step = step._replace(movement=_as_traded(step.movement, pending, step, restatement))
        base = None
        if isinstance(step.movement, Scale | Allot):
            base = base_of(new[effected], counts, new[:effected], (days, closes))
            effected += 1
        before, counts = counts, after(counts, step, base)
        if new:
            days.append(step.day)
            closes.append(counts)
        yield Position(step, before, counts)


def _in_shares_of_its_day(step: Step, restatement: Restatement) -> Step:
    """Shares traded before a split and settled after it move the restated number."""
    if not isinstance(step.movement, Change) or step.traded_on == step.day:
        return step
    traded, settled = restatement.epoch(step.traded_on), restatement.epoch(step.day)
    if traded == settled:
        return step
    return step._replace(movement=step.movement.scaled(restatement.between(traded, settled)))


def _as_traded(
    opening: Opening, pending: list[Step], stated: Step, restatement: Restatement
) -> Opening:
    """A stated position is a settled one: by trade date, what was traded by then is made too."""
    for step in pending:
        if isinstance(step.movement, Change):
            change = step.movement.scaled(restatement.ratio(step.day, stated.day))
            cost, currency = opening.cost, opening.currency
            if cost is not None and change.is_acquisition:
                held = Counts(cost=cost, currency=currency)
                cost, currency = cost_in(held, change)
            elif change.treasury < 0:
                cost = None  # no document states what was left of it
            opening = Opening(
                issued=_plus(opening.issued, change.issued),
                treasury=_plus(opening.treasury, change.treasury),
                outstanding=_plus(opening.outstanding, change.issued - change.treasury),
                authorized=opening.authorized,
                cost=cost,
                currency=currency,
            )
    return opening


def _plus(count: int | None, change: int) -> int | None:
    return None if count is None else count + change
