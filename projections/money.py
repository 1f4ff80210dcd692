"""Amounts of money in answers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ledger.values.numbers import Exact, money_text
from projections.question import MoneyAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.values.fields import Money


def money(value: Exact | None, currency: str | None) -> MoneyAnswer | None:
    """The amount as text, with its currency; None where either is unknown."""
    if value is None or currency is None:
        return None
    return MoneyAnswer(money_text(value, currency), currency)


def stated(amount: Money | None) -> MoneyAnswer | None:
    """An amount as an event states it."""
    return None if amount is None else money(amount.exact, amount.currency)


def total(figures: Iterable[Exact | None]) -> Exact | None:
    """The sum, 0 without figures; None where one of them is unknown."""
    figures = list(figures)
    known = [figure for figure in figures if figure is not None]
    return sum(known, Fraction(0)) if len(known) == len(figures) else None
