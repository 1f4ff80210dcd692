"""The counts of a class over time: one point for each day that changed them, in two bases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from ledger.counts.basis import ALL_CLASSES
from ledger.counts.movements import Allot, Scale
from ledger.counts.positions import Position
from ledger.errors import BadInput
from ledger.history.facts import AnyKnown
from projections.origin import Origin, origin
from projections.question import Question
from projections.shares.counts import side_by_side
from projections.shares.positions import answered_counts, classes_asked, opened_on


@dataclass(frozen=True, slots=True)
class CountsOf:
    """Counts side by side; null where unknown."""

    authorized: int | None
    issued: int | None
    treasury: int | None
    outstanding: int | None


@dataclass(frozen=True, slots=True)
class CountPoint:
    """The counts at the close of a day, which hold until the next point."""

    on: date
    """The day they changed, by the basis of the question."""
    counts: CountsOf
    """In the shares of that day."""
    restated: CountsOf
    """In the shares of the day that the question names."""
    reason: str | None
    """Why a count is null."""
    new_shares: tuple[str, ...]
    """Splits, consolidations and gratis allotments of the day: new for old, such as "200:1"."""
    origins: tuple[Origin, ...]
    """The events that changed them, in order of effect."""


@dataclass(frozen=True, slots=True)
class ShareSeries:
    """One class over time, up to the close of the day asked about."""

    share_class: str
    opened_on: date | None
    """The day of the opening position, even after the day asked about; None without one."""
    points: list[CountPoint]


def share_series(known: AnyKnown, share_class: str, question: Question) -> ShareSeries:
    """Every day that changed the counts of a class, or split it, up to the day asked about.

    The last point on or before a day is what `share_counts` answers for that day; before the first
    all counts are null. Raises BadInput for all classes at once.
    """
    if share_class == ALL_CLASSES:
        raise BadInput("--plot takes one class", "name it: --class CODE")
    positions = known.positions(share_class, question.basis)
    points: list[CountPoint] = []
    for day, group in groupby(positions.until(question.on), key=lambda p: p.step.day):
        steps = list(group)
        close = steps[-1].counts
        moved = [step for step in steps if _moves(step)]
        counts, reason = answered_counts(known, share_class, close, day)
        if not close.opened or (not moved and points and points[-1].reason == reason):
            continue
        restated = positions.told_in_shares_of(close, day, question.shares_of).as_answered()
        points.append(
            CountPoint(
                day,
                CountsOf(*side_by_side(counts)),
                CountsOf(*side_by_side(restated)),
                reason,
                tuple(ratio for step in steps if (ratio := _new_shares(step)) is not None),
                tuple(origin(known.by_key[step.step.key], day) for step in moved),
            )
        )
    return ShareSeries(share_class, opened_on(positions), points)


def series_asked(
    known: AnyKnown, share_class: str | None, question: Question
) -> Sequence[ShareSeries]:
    """The series of one class, or of each; raises Unknown for a class the issuer never had."""
    return [share_series(known, code, question) for code in classes_asked(known, share_class)]


def _moves(position: Position) -> bool:
    """Whether the event changed a count, or would change it if the count were known."""
    return (
        position.before.as_answered() != position.counts.as_answered()
        or _new_shares(position) is not None
    )


def _new_shares(position: Position) -> str | None:
    movement = position.step.movement
    if isinstance(movement, Scale | Allot):
        ratio = movement.ratio
        return f"{ratio.numerator:,}:{ratio.denominator:,}"
    return None
