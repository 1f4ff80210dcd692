"""Decimals and amounts of money as they are typed, with or without the mark of a currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click

from ledger.lines.typed import figure_typed


class MarkedDecimal(str):
    """A decimal in plain digits that was typed with a symbol or code of a currency."""

    __slots__ = ("currencies",)
    currencies: tuple[str, ...]
    """The currencies that the mark can stand for."""


class PlainDecimal(click.ParamType[str]):
    """A decimal, with every digit that was typed: 13.50, 1,234.50 or $0.25."""

    name = "decimal"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            typed = figure_typed(value)
        except ValueError as problem:
            self.fail(str(problem), param, ctx)
        if not typed.currencies:
            return typed.digits
        marked = MarkedDecimal(typed.digits)
        marked.currencies = typed.currencies
        return marked


class Amount(click.ParamType[dict[str, Any]]):
    """An amount of money: 400000000 (in the issuer's currency), "USD 400000000" or $0.25.

    A symbol of several currencies leaves them as `currencies`, for the issuer's to decide.
    """

    name = "amount"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        try:
            digits, currencies = figure_typed(value)
        except ValueError as problem:
            said = str(problem).replace(
                "a decimal in plain digits, such as 13.50",
                'an amount; write 400000000 or "USD 400000000"',
            )
            self.fail(said, param, ctx)
        return {"amount": digits} | _currency(currencies)


def _currency(currencies: tuple[str, ...]) -> dict[str, Any]:
    return {"currency": currencies[0]} if len(currencies) == 1 else {"currencies": currencies}


_UNITS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


class PrintedAmount(click.ParamType[dict[str, Any]]):
    """A total as a notice prints it: 608000000, or "JPY 608 million" with its unit."""

    name = "total"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        figure, _, word = value.rpartition(" ")
        if word not in _UNITS:
            figure, word = value, ""
        try:
            digits, currencies = figure_typed(figure)
        except ValueError as problem:
            said = str(problem).replace(
                "a decimal in plain digits, such as 13.50",
                'a total; write 608000000 or "JPY 608 million"',
            )
            self.fail(said, param, ctx)
        total = _in_units(digits, _UNITS[word]) if word else {"amount": digits}
        return total | _currency(currencies)


def _in_units(digits: str, unit: int) -> dict[str, str]:
    """608 million is 608000000, known to the million; 1.2 billion to the hundred million."""
    step = Decimal(unit).scaleb(-len(digits.partition(".")[2]))
    return {"amount": _whole(Decimal(digits) * unit), "unit": _whole(step)}


def _whole(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
