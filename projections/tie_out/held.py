"""The ledger's figure beside a printed one, and the mistakes that may explain a difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from ledger.actions.share_class import TrustHoldingStated
from ledger.actions.split import Split, SplitEffected, SplitKind, SplitResolved
from ledger.events.terms import ProfileName
from ledger.history.history import KnownHistory
from ledger.values.numbers import Exact
from projections.actions.of_class import actions_of, events_of, latest_of


class Mistake(StrEnum):
    """The usual reasons why a printed figure differs."""

    TREASURY_NOT_DEDUCTED = "treasury-not-deducted"
    TREASURY_DEDUCTED = "treasury-deducted"
    SPLIT_EARLY = "split-applied-early"
    SPLIT_LATE = "split-applied-late"
    TRADE_BASIS = "trade-instead-of-settlement"
    SETTLEMENT_BASIS = "settlement-instead-of-trade"
    FORECAST_COUNTED = "forecast-counted"
    ANOTHER_YEAR = "another-fiscal-year"
    ANOTHER_DIVIDEND = "another-dividend"
    WHOLE_YEAR = "whole-fiscal-year"
    ANOTHER_DAY = "another-day"
    TRUST_DEDUCTED = "trust-deducted"
    OF_OUTSTANDING = "of-outstanding"
    MONTH_ALONE = "month-alone"
    EARLIER_LEFT_OUT = "earlier-purchases-left-out"
    ANOTHER_PROGRAM = "another-program"
    FEES_INCLUDED = "fees-included"
    ROUNDED_DOWN = "rounded-down"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Held:
    """What the ledger holds: a figure, or only a printed one, or the reason why there is none."""

    value: Exact | None
    words: str
    """Where it comes from."""
    currency: str | None = None
    stated: tuple[Fraction, Fraction] | None = None
    """The full figures [low, high) a document allows, where none can be computed."""
    reason: str | None = None
    """Why the figure is unknown."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """The figure that would be printed had this mistake been made."""

    mistake: Mistake
    words: str
    value: Exact
    interval: tuple[Fraction, Fraction] | None = None
    """The full figures [low, high) it stands for, where it is itself a printed figure."""


@dataclass(frozen=True, slots=True)
class NewShares:
    """A split of the class, effected or planned."""

    day: date
    new: int
    old: int
    spares_treasury: bool
    """Whether the treasury takes no part (a gratis allotment in Japan)."""

    @property
    def ratio(self) -> Fraction:
        """How many shares one share becomes."""
        return Fraction(self.new, self.old)

    @property
    def words(self) -> str:
        return f"the split of {self.day} ({self.new} for {self.old})"


def splits(known: KnownHistory, share_class: str) -> list[NewShares]:
    """Every split of the class, by day; resolved ones on their planned day."""
    found = []
    for _, facts in actions_of(known, share_class, Split):
        resolved, state = events_of(facts, SplitResolved), Split.state(facts, date.max)
        if not resolved or (state is not None and state.name == "withdrawn"):
            continue
        terms, effected = resolved[0], events_of(facts, SplitEffected)
        day = effected[0].on if effected else terms.effective_on
        allotted = terms.kind is SplitKind.GRATIS_ALLOTMENT
        new = terms.old + terms.new if allotted else terms.new
        spares_treasury = allotted and known.terms.profile is ProfileName.JP
        found.append(NewShares(day, new, terms.old, spares_treasury))
    return sorted(found, key=lambda split: split.day)


def wrongly_split(
    known: KnownHistory, share_class: str, day: date
) -> Iterator[tuple[Mistake, NewShares, Fraction]]:
    """Each split after the day, applied too early, then each split before it, not yet applied.

    With the ratio of new shares to those of the day, over all splits between.
    """
    found, early, late = splits(known, share_class), Fraction(1), Fraction(1)
    for split in found:
        if split.day > day:
            early *= split.ratio
            yield Mistake.SPLIT_EARLY, split, early
    for split in reversed(found):
        if split.day <= day:
            late /= split.ratio
            yield Mistake.SPLIT_LATE, split, late


def in_trust(known: KnownHistory, share_class: str, on: date) -> int | None:
    """The number of shares that an employee trust was last stated to hold."""
    stated = latest_of(known, share_class, TrustHoldingStated, on)
    return None if stated is None else stated.shares
