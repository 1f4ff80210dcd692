"""New shares for old that have one record date are counted on one base.

Whoever holds shares at the end of the record date takes part in each of them (Companies Act (Japan)
arts. 183(2), 186(1)): two allotments, 8 for 10 and 12 for 10, make 3,000 shares of 1,000. Those of
different record dates compound, and so do those without one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ledger.counts.counts import Counts
from ledger.counts.fold import Base, in_other_shares
from ledger.counts.movements import Allot, Scale, Step


class NewForOld(NamedTuple):
    """A movement that gives new shares for old, at its place in time."""

    step: Step
    movement: Scale | Allot
    ratio: Fraction
    """How many shares one share of the moment before became."""
    shares_its_base: bool
    """Whether others of the same record date are counted on the same shares."""


def new_for_old(steps: Sequence[Step]) -> list[NewForOld]:
    """Those of the steps that give new shares for old, in order."""
    found = [(step, step.movement) for step in steps if isinstance(step.movement, Scale | Allot)]
    became: dict[date | None, list[Fraction]] = defaultdict(lambda: [Fraction(1)])
    """How many shares one share of the base became with each, by record date."""
    for _, movement in found:
        of_one_day = became[movement.record_date]
        of_one_day.append(of_one_day[-1] + movement.ratio - 1)
    result = []
    place: Counter[date | None] = Counter()
    for step, movement in found:
        day = movement.record_date
        place[day] += 1
        so_far, after = became[day][place[day] - 1 : place[day] + 1]
        # Where no share of the base would be left, they can only follow one another.
        is_shared = day is not None and len(became[day]) > 2 and min(became[day]) > 0  # noqa: PLR2004 - one share, and what two made of it
        ratio = after / so_far if is_shared else movement.ratio
        result.append(NewForOld(step, movement, ratio, is_shared))
    return result


def base_of(
    taking_effect: NewForOld,
    before: Counts,
    effected: Sequence[NewForOld],
    closes: tuple[Sequence[date], Sequence[Counts]],
) -> Base:
    """What a movement is counted on: the counts before it, or those of a shared record date.

    `effected` are the movements of this kind before it; `closes` the days of all steps before it
    and the counts after each.
    """
    day, movement = taking_effect.movement.record_date, taking_effect.movement
    days, counts = closes
    if taking_effect.shares_its_base and day is not None:
        place = bisect_right(days, day)
        if place and counts[place - 1].opened:
            held = counts[place - 1]
            for other in effected:
                if other.step.day > day and other.movement.record_date != day:
                    held = in_other_shares(held, other.movement, other.ratio)
            return Base(held, movement.ratio)
    return Base(before, taking_effect.ratio)
