"""An amount of money as it travels in an answer."""

from __future__ import annotations

from ledger.values.fields import Money
from ledger.values.numbers import Exact, money_text
from projections.question import MoneyAnswer


def money(value: Exact | None, currency: str | None) -> MoneyAnswer | None:
    """The amount as text, with its currency; None where either is unknown."""
    if value is None or currency is None:
        return None
    return MoneyAnswer(money_text(value, currency), currency)


def stated(amount: Money | None) -> MoneyAnswer | None:
    """An amount as an event states it."""
    return None if amount is None else money(amount.exact, amount.currency)
