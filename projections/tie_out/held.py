"""What the ledger holds against a printed figure, and the mistakes that could explain another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from ledger.actions.share_class import TrustHoldingStated
from ledger.actions.split import Split, SplitEffected, SplitKind, SplitResolved
from ledger.events.terms import ProfileName
from ledger.history.history import KnownHistory
from ledger.values.numbers import Exact


class Mistake(StrEnum):
    """How a printed figure usually comes to differ."""

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
    """What the ledger holds: a figure, or only how it is printed, or nothing and why."""

    value: Exact | None
    words: str
    """How it comes about."""
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
    """The full figures [low, high) it stands for, where it is a printed one itself."""


@dataclass(frozen=True, slots=True)
class NewShares:
    """A split of the class, effected or to be."""

    day: date
    ratio: Fraction
    """How many shares one share becomes."""
    words: str
    spares_treasury: bool
    """Whether the treasury takes no part (a gratis allotment in Japan)."""


def splits(known: KnownHistory, share_class: str) -> list[NewShares]:
    """Every split of the class, by day; resolved ones on their planned day."""
    found = []
    for facts in known.actions.values():
        first = facts[0].event
        if first.action_type is not Split or first.share_class != share_class:
            continue
        resolved = next((f.event for f in facts if isinstance(f.event, SplitResolved)), None)
        state = Split.state(facts, date.max)
        if resolved is None or (state is not None and state.name == "withdrawn"):
            continue
        effected = next((f.event for f in facts if isinstance(f.event, SplitEffected)), None)
        day = resolved.effective_on if effected is None else effected.on
        allotted = resolved.kind is SplitKind.GRATIS_ALLOTMENT
        new = resolved.old + resolved.new if allotted else resolved.new
        found.append(
            NewShares(
                day,
                Fraction(new, resolved.old),
                f"the split of {day} ({new} for {resolved.old})",
                allotted and known.terms.profile is ProfileName.JP,
            )
        )
    return sorted(found, key=lambda split: split.day)


def in_trust(known: KnownHistory, share_class: str, on: date) -> int | None:
    """The shares an employee trust was last stated to hold."""
    stated = [
        fact.event.shares
        for fact in known.actions.get(f"class-{share_class}", [])
        if isinstance(fact.event, TrustHoldingStated) and fact.event.on <= on
    ]
    return stated[-1] if stated else None
