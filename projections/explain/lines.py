"""What every line of an explanation comes from, and lines told action by action."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Generic, Protocol, TypeVar

from ledger.counts.counts import Figure
from ledger.values.numbers import money_text
from projections.origin import Origin
from projections.question import MoneyAnswer

RESTATED = "Restated"
"""The last line where an answer is told in the shares of another day: no event, but arithmetic."""
ROUNDED = "Rounded"
"""The last line where shares were told in other shares one by one, each without its fraction."""


class Gap(StrEnum):
    """Whether a figure is unknown from a line on, or known again."""

    OPENS = "opens"
    CLOSES = "closes"


def no_event(name: str, on: date, action: str | None = None, kind: str | None = None) -> Origin:
    """The origin of a line that only tells the same shares otherwise."""
    return Origin(on, action, kind, name, None, None, None, None)


# --- sums ----------------------------------------------------------------------------------------


def moved(before: Figure, after: Figure) -> tuple[int | None, Gap | None]:
    """By how much a line moves a count, from 0 before the first, and which gap it opens or closes.

    The ledger goes on counting under a gap. What a line moves there is known though the count is
    not; the line that closes the gap moves what all lines before it leave unexplained. So changes
    add up to the count wherever it is known. A gap of unknown size moves nobody knows how much.
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
    """The sum of the changes that are known; null where none is."""
    known = [change for change in changes if change is not None]
    return sum(known) if known else None


def money_sum(parts: Iterable[MoneyAnswer | None], currency: str | None) -> MoneyAnswer | None:
    """The sum of the amounts in that currency; null where there is none."""
    known = [
        Fraction(part.amount) for part in parts if part is not None and part.currency == currency
    ]
    if not known or currency is None:
        return None
    return MoneyAnswer(money_text(sum(known, Fraction(0)), currency), currency)


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
    """The same with the lines of each action together; the groups add up to the same total."""

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
    """The explanation told action by action, in the order in which they first moved something."""
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
