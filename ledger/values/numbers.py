"""Exact figures as text, and the only rounding of figures."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from ledger.values.currencies import minor_unit_places

PLACES_OF_A_REPEATING_FIGURE = 10  # half-up to 10 places, and flagged


Exact = int | Fraction
"""An exact figure; an integer where it is whole, because sums of integers cost far less."""


def exact(value: Decimal | Fraction) -> Exact:
    """The same figure, as an integer where it is whole."""
    whole = int(value)
    return whole if whole == value else Fraction(value)


def rounded_half_up(value: Exact, places: int) -> Fraction:
    """`value` rounded half away from zero to `places` decimals: the one rounding of figures."""
    scale = 10**places
    part, unit = abs(value.numerator) * scale, value.denominator
    whole = (2 * part + unit) // (2 * unit)
    return Fraction(whole if value >= 0 else -whole, scale)


def decimal_text(value: Exact, min_places: int = 0) -> tuple[str, bool]:
    """`value` as plain decimal text with at least `min_places`, and whether the text is exact.

    A figure that does not terminate within ten places is rounded half-up to them.
    """
    if value.denominator == 1:  # most amounts
        return str(value.numerator) + (f".{'0' * min_places}" if min_places else ""), True
    exact = _terminating_places(value)
    places = PLACES_OF_A_REPEATING_FIGURE if exact is None else exact
    if exact is None:
        value = rounded_half_up(value, places)
    whole = value.numerator * 10**places // value.denominator  # exact
    digits = str(abs(whole)).rjust(places + 1, "0")
    sign = "-" if whole < 0 else ""
    head, tail = digits[: len(digits) - places], digits[len(digits) - places :]
    tail = tail.rstrip("0").ljust(min_places, "0")
    return (f"{sign}{head}.{tail}" if tail else f"{sign}{head}"), exact is not None


def grouped(value: Exact) -> str:
    """A figure for people to read: thousands separated, no digit lost before ten places."""
    text, _ = decimal_text(value)
    head, point, tail = text.partition(".")
    return f"{int(head):,}{point}{tail}"


def _terminating_places(value: Exact) -> int | None:
    """The decimals `value` needs, or None where it repeats."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def places_of(value: Decimal) -> int:
    """How many decimals a figure was written with: 2 for 13.50."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def percent_text(part: Exact, whole: Exact) -> str | None:
    """`part` of `whole` in per cent, half-up to two decimals; None of nothing.

    A real filing prints 48.975 % as 48.98 % (own-share purchase status report, August 2017).
    """
    if whole == 0:
        return None
    text, _ = decimal_text(rounded_half_up(Fraction(part) * 100 / Fraction(whole), 2), 2)
    return text


class Rounding(StrEnum):
    """How a printed figure was rounded from the full one."""

    HALF_UP = "HALF_UP"
    DOWN = "DOWN"


def printed_interval(
    printed: Exact, unit: Fraction, rounding: Rounding
) -> tuple[Fraction, Fraction]:
    """The full figures [low, high) that print as `printed` in units of `unit`.

    JPY 608 million, HALF_UP, may be anything from 607,500,000 to just below 608,500,000.
    """
    if rounding is Rounding.DOWN:
        return Fraction(printed), printed + unit
    return printed - unit / 2, printed + unit / 2


def prints_as(full: Exact, printed: Exact, unit: Fraction, rounding: Rounding) -> bool:
    """Whether the full figure, so rounded, gives the printed one."""
    low, high = printed_interval(printed, unit, rounding)
    return low <= full < high


def money_text(value: Exact, currency: str) -> str:
    """An amount as text, with at least the decimals of the currency's minor unit."""
    return decimal_text(value, minor_unit_places(currency))[0]
