"""The one fold of movements over the counts of a class."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from ledger.counts.counts import UNKNOWN, Counts, Figure, third_from_two
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
from ledger.values.numbers import Exact, exact, rounded_half_up


def after(counts: Counts, step: Step, base: Base | None = None) -> Counts:
    """The counts once this step has taken effect. Never raises: what may not be is a rule's word.

    `base` is what new shares for old are counted on. Before the opening of a class nothing moves:
    its counts stay null (domain.md, section 3).
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
            return _scaled(counts, movement, base or Base(counts, movement.ratio))
        case Allot():
            return _allotted(counts, movement, step.key, base or Base(counts, movement.ratio))


class Base(NamedTuple):
    """The shares that new shares for old are counted on, and how many one of them becomes."""

    counts: Counts
    ratio: Fraction


def _opened(counts: Counts, opening: Opening) -> Counts:
    def stated(figure: Figure, value: int | None) -> Figure:
        return figure if value is None else Figure(value)

    opened = third_from_two(
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
    treasury = counts.treasury_figure.known
    if treasury:
        return counts
    cost = None if treasury is None else 0
    return counts if cost == counts.cost else counts._replace(cost=cost)


def _changed(counts: Counts, change: Change) -> Counts:
    cost, currency = counts.cost, counts.currency
    if change.is_acquisition:
        cost, currency = cost_in(counts, change)
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


def _scaled(counts: Counts, scale: Scale, base: Base) -> Counts:
    """A split or consolidation: every known count, floored; a stated count wins."""

    def scaled(figure: Figure, held: Figure, stated: int | None = None) -> Figure:
        if stated is not None:
            return Figure(stated)
        if figure.value is None or held.value is None:
            return Figure(None, figure.doubts)
        more = floored(held.value, base.ratio) - held.value
        return Figure(figure.value + more, figure.doubts | held.doubts)

    held = base.counts
    return _after_new_shares(
        counts._replace(
            issued_figure=scaled(counts.issued_figure, held.issued_figure, scale.issued_after),
            treasury_figure=scaled(
                counts.treasury_figure, held.treasury_figure, scale.treasury_after
            ),
            outstanding_figure=scaled(counts.outstanding_figure, held.outstanding_figure),
        ),
        scale,
    )


def _allotted(counts: Counts, allot: Allot, key: str, base: Base) -> Counts:
    """A gratis allotment in which the treasury takes no part: outstanding decides how many."""
    held = base.counts.outstanding
    more = 0 if held is None else floored(held, base.ratio - 1)

    def grown(figure: Figure, stated: int | None = None) -> Figure:
        if stated is not None:
            return Figure(stated)
        if held is None:  # an unknown number of shares more
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


def in_other_shares(counts: Counts, movement: Scale | Allot, ratio: Fraction) -> Counts:
    """The same holding in the shares after, or before, a movement; nothing stated, all floored.

    `ratio` is how many shares one share becomes, or what it was before.
    """

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
        return third_from_two(told_counts)
    outstanding, treasury = told(counts.outstanding_figure), counts.treasury_figure
    issued = UNKNOWN  # the treasury took no part: what is issued is the sum of the two
    if outstanding.known is not None and treasury.known is not None:
        issued = Figure(outstanding.known + treasury.known)
    return counts._replace(issued_figure=issued, outstanding_figure=outstanding)


def _after_new_shares(counts: Counts, movement: Scale | Allot) -> Counts:
    if movement.authorized_after is not None:
        counts = counts._replace(authorized=movement.authorized_after)
    return _cost_of_nothing(third_from_two(counts))


def cost_in(counts: Counts, change: Change) -> tuple[Exact | None, str | None]:
    """An acquisition adds what was paid; unlike currencies cannot be added up."""
    if counts.cost is None or change.paid is None:
        return None, change.currency or counts.currency
    if counts.cost and counts.currency != change.currency:
        return None, counts.currency
    return counts.cost + change.paid, change.currency


def _cost_left(counts: Counts, shares: int) -> Exact | None:
    """What leaves takes average cost with it, rounded half-up to the currency's minor unit."""
    if counts.cost is None or not counts.treasury:
        return counts.cost
    places = minor_unit_places(counts.currency or "")
    average = Fraction(counts.cost * shares, counts.treasury)
    return counts.cost - exact(rounded_half_up(average, places))


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
    return _cost_of_nothing(third_from_two(counts))
