"""The lines of an explanation, their sums, and their groups by action."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Generic, Protocol, TypeVar

from ledger.counts.counts import Counts, Figure
from ledger.history.facts import AnyKnown
from projections.money import money
from projections.origin import Origin, origin
from projections.question import MoneyAnswer, Question
from projections.shares.positions import told_counts

RESTATED = "Restated"
"""The last line of an answer in the shares of another day: a restatement, not an event."""
ROUNDED = "Rounded"
"""The last line where each purchase was restated without its fraction of a share."""


class Gap(StrEnum):
    """Whether a figure becomes unknown with a line, or known again."""

    OPENS = "opens"
    CLOSES = "closes"


def no_event(name: str, on: date, action: str | None = None, kind: str | None = None) -> Origin:
    """The origin of a line that only restates the same shares."""
    return Origin(on, action, kind, name, None, None, None, None)


# --- sums ----------------------------------------------------------------------------------------


def steps(
    known: AnyKnown, share_class: str, question: Question
) -> Iterator[tuple[Origin, Counts, Counts]]:
    """Each step up to the day asked about, with the counts before and after it.

    The last one restates the counts in the shares of the day that the question names.
    """
    positions = known.positions(share_class, question.basis)
    for position in positions.until(question.on):
        where = origin(known.by_key[position.step.key], position.step.day)
        yield where, position.before, position.counts
    restated = told_counts(positions, question)
    yield no_event(RESTATED, question.shares_of), positions.folded_at(question.on), restated


def moved(before: Figure, after: Figure) -> tuple[int | None, Gap | None]:
    """By how much a line changes a count, from 0 before the first, and the gap it opens or closes.

    Within a gap the change of a line is known although the count is not. The line that closes the
    gap changes the count by all that the lines before it leave unexplained, so that the changes add
    up to the count wherever it is known. The change that opens a gap of unknown size is null.
    """
    gap = None
    if after.doubts - before.doubts:
        gap = Gap.OPENS
    elif before.doubts - after.doubts:
        gap = Gap.CLOSES
    if after.value is None:
        return None, gap
    change = after.value - (before.value or 0)
    return (None if gap is Gap.OPENS and not change else change), gap


def known_sum(changes: Iterable[int | None]) -> int | None:
    """The sum of the known changes; null where no change is known."""
    known = [change for change in changes if change is not None]
    return sum(known) if known else None


def money_sum(parts: Iterable[MoneyAnswer | None], currency: str | None) -> MoneyAnswer | None:
    """The sum of the amounts in that currency; null where there are no such amounts."""
    known = [
        Fraction(part.amount) for part in parts if part is not None and part.currency == currency
    ]
    return money(sum(known, Fraction(0)), currency) if known else None


# --- explanations --------------------------------------------------------------------------------


class Line(Protocol):
    """A line of any explanation."""

    @property
    def origin(self) -> Origin: ...


A = TypeVar("A")
T = TypeVar("T")
L = TypeVar("L")
G = TypeVar("G")
AnyLine = TypeVar("AnyLine", bound=Line)


@dataclass(frozen=True, slots=True)
class Explained(Generic[A, L, T]):
    """An answer with the lines that add up to it."""

    issuer: str
    share_class: str
    what: str
    answer: A
    lines: list[L]
    total: T
    """The figures asked about, as the answer has them."""
    reason: str | None
    """Why a figure of the total is null."""


@dataclass(frozen=True, slots=True)
class ByAction(Generic[A, G, T]):
    """The same explanation with its lines grouped by action; the groups have the same total."""

    issuer: str
    share_class: str
    what: str
    answer: A
    groups: list[G]
    total: T
    reason: str | None


def by_action(
    explained: Explained[A, AnyLine, T], group: Callable[[Origin, list[AnyLine]], G]
) -> ByAction[A, G, T]:
    """The explanation grouped by action, in the order of each action's first line."""
    together: dict[str | None, list[AnyLine]] = {}
    for line in explained.lines:
        together.setdefault(line.origin.action, []).append(line)
    return ByAction(
        explained.issuer,
        explained.share_class,
        explained.what,
        explained.answer,
        [group(lines[0].origin, lines) for lines in together.values()],
        explained.total,
        explained.reason,
    )
