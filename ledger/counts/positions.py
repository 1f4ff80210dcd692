"""Counts and treasury cost of one share class, and the one fold of movements over them.

Plain data on purpose: neither pydantic nor the event store is needed to count shares.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ledger.counts.axes import Basis
from ledger.counts.movements import (
    Adjust,
    Allot,
    Authorize,
    Change,
    Opening,
    Scale,
    Step,
    TakeBack,
    floored,
)
from ledger.values.currencies import minor_unit_places
from ledger.values.numbers import rounded_half_up

Doubts = frozenset[str]
NO_DOUBTS: Doubts = frozenset()


# --- counts --------------------------------------------------------------------------------------


class Figure(NamedTuple):
    """One count: its value, None before an opening, and the gaps that make it unknown."""

    value: int | None = None
    doubts: Doubts = NO_DOUBTS

    @property
    def known(self) -> int | None:
        return None if self.doubts else self.value

    def moved(self, change: int) -> Figure:
        return (
            self if self.value is None or not change else Figure(self.value + change, self.doubts)
        )

    def doubted(self, key: str) -> Figure:
        return Figure(self.value, self.doubts | {key})

    def cleared(self, key: str) -> Figure:
        """The gap `key` is closed; where a later opening had overtaken it, a new one opens."""
        return Figure(self.value, self.doubts ^ {key})


UNKNOWN = Figure()


class Counts(NamedTuple):
    """Authorized, issued, treasury and outstanding shares of a class, and treasury at cost."""

    opened: bool = False
    authorized: int | None = None
    issued_figure: Figure = UNKNOWN
    treasury_figure: Figure = UNKNOWN
    outstanding_figure: Figure = UNKNOWN
    cost: Fraction | None = None
    """Treasury at moving-average cost, without fees; None from an acquisition without amount on."""
    currency: str | None = None

    @property
    def issued(self) -> int | None:
        return self.issued_figure.known

    @property
    def treasury(self) -> int | None:
        return self.treasury_figure.known

    @property
    def outstanding(self) -> int | None:
        return self.outstanding_figure.known

    @property
    def impossible(self) -> str | None:
        """What no company can hold, in words; None when the counts can be."""
        issued, treasury, outstanding = self.issued, self.treasury, self.outstanding
        if (
            issued is not None
            and treasury is not None
            and outstanding is not None
            and 0 <= treasury <= issued
            and outstanding >= 0
        ):
            return None
        if treasury is not None and treasury < 0:
            return f"treasury would be {treasury:,}"
        if issued is not None and issued < 0:
            return f"issued would be {issued:,}"
        if issued is not None and treasury is not None and treasury > issued:
            return f"treasury would be {treasury:,} of {issued:,} issued"
        if outstanding is not None and outstanding < 0:
            return f"outstanding would be {outstanding:,}"
        return None

    def as_answered(self) -> Counts:
        """These counts as a query answers them: what cannot be is unknown, never shown."""
        if self.impossible is None:
            return self
        return Counts(opened=self.opened, authorized=self.authorized, currency=self.currency)


def _third_from_two(counts: Counts) -> Counts:
    """Outstanding is issued less treasury: any two of them give the third."""
    issued, treasury, outstanding = counts.issued, counts.treasury, counts.outstanding
    if issued is not None and treasury is not None:
        return counts._replace(outstanding_figure=Figure(issued - treasury))
    if issued is not None and outstanding is not None:
        return counts._replace(treasury_figure=Figure(issued - outstanding))
    if treasury is not None and outstanding is not None:
        return counts._replace(issued_figure=Figure(treasury + outstanding))
    return counts


# --- the fold ------------------------------------------------------------------------------------


def after(counts: Counts, step: Step) -> Counts:
    """The counts once this step has taken effect. Never raises: what may not be is a rule's word.

    Before the opening of a class nothing moves: its counts stay null (domain.md, section 3).
    """
    movement = step.movement
    if isinstance(movement, Opening):
        return _opened(counts, movement)
    if not counts.opened:
        return counts
    match movement:
        case Change():
            return _changed(counts, movement)
        case Authorize(authorized=authorized):
            return counts._replace(authorized=authorized)
        case Adjust(issued=issued, treasury=treasury):
            return _adjusted(counts, issued, treasury, step.key)
        case TakeBack(issued=issued, treasury=treasury):
            return _adjusted(counts, issued, treasury, step.key, takes_back=True)
        case Scale():
            return _scaled(counts, movement)
        case Allot():
            return _allotted(counts, movement, step.key)


def _opened(counts: Counts, opening: Opening) -> Counts:
    def stated(figure: Figure, value: int | None) -> Figure:
        return figure if value is None else Figure(value)

    opened = _third_from_two(
        counts._replace(
            opened=True,
            authorized=counts.authorized if opening.authorized is None else opening.authorized,
            issued_figure=stated(counts.issued_figure, opening.issued),
            treasury_figure=stated(counts.treasury_figure, opening.treasury),
            outstanding_figure=stated(counts.outstanding_figure, opening.outstanding),
        )
    )
    if opening.cost is not None:
        opened = opened._replace(cost=opening.cost, currency=opening.currency)
    return _cost_of_nothing(opened)


def _cost_of_nothing(counts: Counts) -> Counts:
    """No shares in treasury cost nothing, also after their cost was unknown."""
    treasury = counts.treasury
    cost = _NOTHING if treasury == 0 else None if treasury is None else counts.cost
    return counts if cost == counts.cost else counts._replace(cost=cost)


_NOTHING = Fraction(0)


def _changed(counts: Counts, change: Change) -> Counts:
    cost, currency = counts.cost, counts.currency
    if change.is_acquisition:
        cost, currency = _cost_in(counts, change)
    elif change.treasury < 0:
        cost = _cost_left(counts, -change.treasury)
    return _cost_of_nothing(
        Counts(  # spelled out: this is what most events are, and `_replace` costs as much as all
            counts.opened,
            counts.authorized,
            counts.issued_figure.moved(change.issued),
            counts.treasury_figure.moved(change.treasury),
            counts.outstanding_figure.moved(change.issued - change.treasury),
            cost,
            currency,
        )
    )


def _scaled(counts: Counts, scale: Scale) -> Counts:
    """A split or consolidation: every known count, floored; a stated count wins."""

    def scaled(figure: Figure, stated: int | None = None) -> Figure:
        if stated is not None:
            return Figure(stated)
        if figure.value is None:
            return figure
        return Figure(floored(figure.value, scale.ratio), figure.doubts)

    return _after_new_shares(
        counts._replace(
            issued_figure=scaled(counts.issued_figure, scale.issued_after),
            treasury_figure=scaled(counts.treasury_figure, scale.treasury_after),
            outstanding_figure=scaled(counts.outstanding_figure),
        ),
        scale,
    )


def _allotted(counts: Counts, allot: Allot, key: str) -> Counts:
    """A gratis allotment in which the treasury takes no part: outstanding decides how many."""
    base = counts.outstanding_figure
    more = 0 if base.known is None else floored(base.known, Fraction(allot.new, allot.old))

    def grown(figure: Figure, stated: int | None = None) -> Figure:
        if stated is not None:
            return Figure(stated)
        if base.known is None:  # so many shares more as nobody knows
            return figure.doubted(key)
        return Figure(figure.value + more, figure.doubts) if figure.value is not None else figure

    treasury = counts.treasury_figure
    return _after_new_shares(
        counts._replace(
            issued_figure=grown(counts.issued_figure, allot.issued_after),
            treasury_figure=treasury
            if allot.treasury_after is None
            else Figure(allot.treasury_after),
            outstanding_figure=grown(counts.outstanding_figure),
        ),
        allot,
    )


def _in_other_shares(counts: Counts, movement: Scale | Allot, *, forward: bool) -> Counts:
    """The same holding in the shares after, or before, a movement; nothing stated, all floored."""
    ratio = movement.ratio if forward else 1 / movement.ratio

    def told(figure: Figure) -> Figure:
        return (
            figure if figure.value is None else Figure(floored(figure.value, ratio), figure.doubts)
        )

    if isinstance(movement, Scale):
        told_counts = counts._replace(
            issued_figure=told(counts.issued_figure),
            treasury_figure=told(counts.treasury_figure),
            outstanding_figure=told(counts.outstanding_figure),
        )
        return _third_from_two(told_counts)
    outstanding, treasury = told(counts.outstanding_figure), counts.treasury_figure
    issued = UNKNOWN  # the treasury took no part: what is issued is the sum of the two
    if outstanding.known is not None and treasury.known is not None:
        issued = Figure(outstanding.known + treasury.known)
    return counts._replace(issued_figure=issued, outstanding_figure=outstanding)


def _after_new_shares(counts: Counts, movement: Scale | Allot) -> Counts:
    if movement.authorized_after is not None:
        counts = counts._replace(authorized=movement.authorized_after)
    return _cost_of_nothing(_third_from_two(counts))


def _cost_in(counts: Counts, change: Change) -> tuple[Fraction | None, str | None]:
    """An acquisition adds what was paid; unlike currencies cannot be added up."""
    if counts.cost is None or change.paid is None:
        return None, change.currency or counts.currency
    if counts.cost and counts.currency != change.currency:
        return None, counts.currency
    return counts.cost + change.paid, change.currency


def _cost_left(counts: Counts, shares: int) -> Fraction | None:
    """What leaves takes average cost with it, rounded half-up to the currency's minor unit."""
    if counts.cost is None or not counts.treasury:
        return counts.cost
    places = minor_unit_places(counts.currency or "")
    return counts.cost - rounded_half_up(counts.cost * shares / counts.treasury, places)


def _adjusted(
    counts: Counts, issued: int | None, treasury: int | None, key: str, *, takes_back: bool = False
) -> Counts:
    def moved(figure: Figure, change: int | None) -> Figure:
        if change is None:
            return figure.cleared(key) if takes_back else figure.doubted(key)
        return figure.moved(-change if takes_back else change)

    both = None if issued is None or treasury is None else issued - treasury
    before = counts
    counts = counts._replace(
        issued_figure=moved(counts.issued_figure, issued),
        treasury_figure=moved(counts.treasury_figure, treasury),
        outstanding_figure=moved(counts.outstanding_figure, both),
    )
    gained = treasury is None or (treasury < 0 if takes_back else treasury > 0)
    if gained:  # nobody knows what these shares cost
        counts = counts._replace(cost=None)
    elif treasury:
        counts = counts._replace(cost=_cost_left(before, abs(treasury)))
    return _cost_of_nothing(_third_from_two(counts))


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
        self._other_shares = [
            (step.day, step.movement)
            for step in ordered
            if isinstance(step.movement, Scale | Allot)
        ]
        self.restatement = Restatement((on, movement.ratio) for on, movement in self._other_shares)
        self._positions = list(_fold(ordered, basis, self.restatement))
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
        between = [movement for on, movement in self._other_shares if first < on <= last]
        for movement in between if since <= day else reversed(between):
            counts = _in_other_shares(counts, movement, forward=since <= day)
        return counts

    def until(self, day: date) -> list[Position]:
        """The positions of every step up to the close of `day`."""
        return self._positions[: bisect_right(self._days, day)]


def _fold(steps: Iterable[Step], basis: Basis, restatement: Restatement) -> Iterator[Position]:
    counts = Counts()
    in_flight: list[Step] = []  # traded, not yet settled; only where counted by trade date
    for placed in steps:
        step = _in_shares_of_its_day(placed, restatement)
        if basis is Basis.TRADE and step.settled_on > step.day:
            in_flight.append(step)
        if isinstance(step.movement, Opening):
            pending = [late for late in in_flight if late.settled_on > step.day]
            step = step._replace(movement=_as_traded(step.movement, pending, step, restatement))
        before, counts = counts, after(counts, step)
        yield Position(step, before, counts)


def _in_shares_of_its_day(step: Step, restatement: Restatement) -> Step:
    """Shares traded before a split and settled after it move the restated number."""
    if not isinstance(step.movement, Change) or step.traded_on == step.day:
        return step
    ratio = restatement.ratio(step.traded_on, step.day)
    return step if ratio == 1 else step._replace(movement=step.movement.scaled(ratio))


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
                cost, currency = _cost_in(held, change)
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
