"""Days, figures and amounts as people type them: accepted if they can be read in one way only.

Lines of files are strict (`ledger.lines.parsing`): only what somebody types at a terminal, who sees
the receipt at once, is read here. Every function raises ValueError with the readings there are.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from ledger.values.currencies import minor_unit_places

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(
    r"(\d{4})(?:([/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日)", re.ASCII
)
_YEAR_LAST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})", re.ASCII)
_MONTH_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})", re.ASCII)


def day_typed(text: str) -> date:
    """The day: 2018-05-24, 2018/5/24, 24 May 2018, May 24, 2018, 2018年5月24日, or 24/05/2018."""
    for year, month, day in _readings(text):
        try:
            return date(year, month, day)
        except ValueError:
            raise ValueError(f"{text!r} is not a date in the calendar") from None
    raise ValueError(f"{text!r} is not a date; write it as 2018-05-24")


def _readings(text: str) -> list[tuple[int, int, int]]:
    """Year, month and day, if the text is a day; raises ValueError if it can be two."""
    if (found := _ISO.fullmatch(text)) is not None:
        return [(int(found[1]), int(found[2]), int(found[3]))]
    if (found := _YEAR_FIRST.fullmatch(text)) is not None:
        return [(int(found[1]), int(found[3] or found[5]), int(found[4] or found[6]))]
    if (found := _DAY_MONTH.fullmatch(text)) is not None and found[2].lower() in _MONTHS:
        return [(int(found[3]), _MONTHS[found[2].lower()], int(found[1]))]
    if (found := _MONTH_DAY.fullmatch(text)) is not None and found[1].lower() in _MONTHS:
        return [(int(found[3]), _MONTHS[found[1].lower()], int(found[2]))]
    if (found := _YEAR_LAST.fullmatch(text)) is None:
        return []
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    days = {
        (year, month, day) for month, day in ((second, first), (first, second)) if month in _TWELVE
    }
    if len(days) > 1:
        either = " or ".join("{:04}-{:02}-{:02}".format(*day) for day in sorted(days))
        raise ValueError(f"{text!r} can be read as {either}; write the one that is meant")
    return list(days) or [(year, second, first)]


_TWELVE = range(1, 13)

_SPACES = " \u00a0\u2009\u202f"
_GROUPED = re.compile(
    rf"\d{{1,3}}(?:(,)\d{{3}}(?:,\d{{3}}){{0,7}}|([{_SPACES}])\d{{3}}(?:\2\d{{3}}){{0,7}})(\.\d{{1,20}})?",
    re.ASCII,
)
_PLAIN = re.compile(r"\d{1,24}(?:\.\d{1,20})?", re.ASCII)
_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})+", re.ASCII)


def whole_typed(text: str) -> int:
    """A whole number: 1000000, 1,000,000, 1 000 000 or 1.000.000."""
    if re.fullmatch(r"\d{1,40}", text, re.ASCII):
        return int(text)
    found = _GROUPED.fullmatch(text)
    if found is not None and found[3] is None:
        return int(re.sub(rf"[,{_SPACES}]", "", text))
    if _POINTS.fullmatch(text):
        grouped = text.replace(".", "")
        if text.count(".") > 1:
            return int(grouped)
        other = int(text.partition(".")[0])
        raise ValueError(f"{text!r} can be read as {grouped} or {other}; write it in plain digits")
    raise ValueError(f"{text!r} is not a whole number in plain digits")


def decimal_typed(text: str, places: int | None = None) -> str:
    """A decimal in plain digits: 1234.50 if typed as 1234.50, 1,234.50 or 1 234.50.

    One comma alone may separate thousands or decimals, unless the currency has no decimals
    (`places` is 0).
    """
    if _PLAIN.fullmatch(text):
        return text
    found = _GROUPED.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a decimal in plain digits, such as 13.50")
    plain = re.sub(rf"[,{_SPACES}]", "", text)
    if found[1] and text.count(",") == 1 and found[3] is None and places != 0:
        decimal = text.replace(",", ".")
        raise ValueError(
            f"{text!r} can be read as {plain} or {decimal}; write the one that is meant"
        )
    return plain


SYMBOLS: dict[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN"),
    "¥": ("JPY", "CNY"),
    "￥": ("JPY", "CNY"),
    "円": ("JPY",),
    "€": ("EUR",),
    "£": ("GBP",),
    "₩": ("KRW",),
    "₹": ("INR",),
    "US$": ("USD",),
    "CA$": ("CAD",),
    "C$": ("CAD",),
    "A$": ("AUD",),
    "AU$": ("AUD",),
    "NZ$": ("NZD",),
    "HK$": ("HKD",),
    "S$": ("SGD",),
    "NT$": ("TWD",),
    "R$": ("BRL",),
}
"""The currencies that a symbol stands for (CLDR, symbols of the currencies' own countries)."""
_SYMBOL = "|".join(re.escape(symbol) for symbol in sorted(SYMBOLS, key=len, reverse=True))
_MARKED = re.compile(
    rf"(?:(?P<before>[A-Z]{{3}}|{_SYMBOL}) ?)?(?P<figure>\d(?:[\d.,{_SPACES}]*\d)?)"
    rf"(?: ?(?P<after>[A-Z]{{3}}|{_SYMBOL}))?",
    re.ASCII,
)


class TypedFigure(NamedTuple):
    """A figure in plain digits, and the currencies that its symbol or code can stand for."""

    digits: str
    currencies: tuple[str, ...]
    """Empty if it has neither symbol nor code."""


def figure_typed(text: str) -> TypedFigure:
    """A figure with or without its currency: 400000000, USD 400000000, $0.25, ¥13.50, 56,000円."""
    found = _MARKED.fullmatch(text)
    if found is None or (found["before"] and found["after"]):
        raise ValueError(f"{text!r} is not a decimal in plain digits, such as 13.50")
    mark = found["before"] or found["after"]
    currencies = () if mark is None else SYMBOLS.get(mark, (mark,))
    places = max((minor_unit_places(code) for code in currencies[:1]), default=None)
    return TypedFigure(decimal_typed(found["figure"], places), currencies)
