"""A figure as a document prints it: its text, and the range of full figures behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from ledger.errors import BadInput
from ledger.values.currencies import CURRENCIES
from ledger.values.numbers import Exact, Rounding, decimal_text, printed_interval


class Figure(StrEnum):
    """The kinds of printed figure."""

    PER_SHARE = "per-share"
    """One dividend, per share of its record date."""
    TOTAL = "total"
    """The same dividend in money."""
    ISSUED = "issued"
    TREASURY = "treasury"
    OUTSTANDING = "outstanding"
    PERCENT_OF_ISSUED = "percent-of-issued"
    """Treasury, in per cent of issued."""
    REPURCHASED_SHARES = "repurchased-shares"
    """Cumulative purchases of one program, by trade date."""
    REPURCHASED_AMOUNT = "repurchased-amount"

    @property
    def is_money(self) -> bool:
        return self in (Figure.PER_SHARE, Figure.TOTAL, Figure.REPURCHASED_AMOUNT)

    @property
    def is_of_a_dividend(self) -> bool:
        return self in (Figure.PER_SHARE, Figure.TOTAL)

    @property
    def is_of_a_program(self) -> bool:
        return self in (Figure.REPURCHASED_SHARES, Figure.REPURCHASED_AMOUNT)


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed figure, with its day, class and action."""

    figure: Figure
    text: str
    value: Fraction
    unit: Fraction
    """The unit of rounding: a million for "608 million", a hundredth for "13.50"."""
    currency: str | None
    rounding: Rounding = Rounding.HALF_UP
    on: date | None = None
    share_class: str | None = None
    action: str | None = None

    @property
    def interval(self) -> tuple[Fraction, Fraction]:
        """The full figures [low, high) that are printed as this text."""
        return printed_interval(self.value, self.unit, self.rounding)

    @property
    def value_as_printed(self) -> Decimal:
        """The figure with the decimals it is printed with."""
        return Decimal(decimal_text(self.value, self.places)[0])

    @property
    def places(self) -> int:
        """The decimals of the unit: 2 for "13.50"."""
        return len(str(self.unit.denominator)) - 1  # a power of ten

    def agrees_with(self, full: Exact) -> bool:
        low, high = self.interval
        return low <= full < high

    def overlaps(self, low: Fraction, high: Fraction) -> bool:
        """Whether a full figure can be printed as this text and lie in [low, high)."""
        return max(low, self.interval[0]) < min(high, self.interval[1])

    def rounded_down(self) -> Printed:
        """The same text, had its last digits been dropped."""
        return replace(self, rounding=Rounding.DOWN)


_UNITS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_TEXT = re.compile(
    r"(?:(?P<currency>[A-Z]{3}) ?)?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d{1,20})?|\d{1,24}(?:\.\d{1,20})?)"
    r"(?: ?(?P<word>thousand|million|billion))?(?P<percent> ?%)?",
    re.ASCII,
)


def printed_figure(
    figure: Figure,
    text: str,
    *,
    rounding: Rounding = Rounding.HALF_UP,
    on: date | None = None,
    share_class: str | None = None,
    action: str | None = None,
) -> Printed:
    """Read a figure as printed: 13.50, "JPY 608 million", 46,713,800, 1.94 %.

    Raises BadInput where it cannot be read, or not as a figure of this kind.
    """
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise BadInput(
            f"{figure}: {text!r} is not a figure",
            'write it as printed: 13.50, "JPY 608 million", 46713800, "1.94 %"',
        )
    currency, digits = match["currency"], Decimal(match["digits"].replace(",", ""))
    if currency is not None and not figure.is_money:
        raise BadInput(
            f"{figure}: {text!r} has a currency, but {figure} is not an amount of money",
            "leave it out",
        )
    if currency is not None and currency not in CURRENCIES:
        raise BadInput(f"{figure}: {currency!r} is not an ISO 4217 currency code, such as JPY")
    if match["percent"] and figure is not Figure.PERCENT_OF_ISSUED:
        raise BadInput(f"{figure}: {text!r} is in per cent, but {figure} is not", "leave it out")
    unit = Fraction(_UNITS.get(match["word"] or "", 1))
    places = len(match["digits"].partition(".")[2])
    return Printed(
        figure,
        text.strip(),
        Fraction(digits) * unit,
        unit / 10**places,
        currency,
        rounding,
        on,
        share_class,
        action,
    )
