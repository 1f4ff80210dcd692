"""Small frozen values: text, days, amounts, money, printed figures, documents."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any

from ledger.values.currencies import CURRENCIES
from ledger.values.model import After, Before, Field, Value, must_hold
from ledger.values.numbers import Rounding, printed_interval, prints_as

# Wide enough for any currency and any issuer, narrow enough that no figure is a slip of a paste
# buffer: 24 digits before the point, 20 after it.
_DECIMAL = re.compile(r"[0-9]{1,24}(\.[0-9]{1,20})?", re.ASCII)


# --- text -------------------------------------------------------------------------------------


def _printable(text: str) -> str:
    """Refuse what cannot be typed back or compared: controls, edge blanks, two spellings."""
    if not _shows(text) or text != text.strip():
        raise ValueError("must not begin or end with a blank, nor hold control characters")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _shows(text: str) -> bool:
    """Whether it holds no control characters; the blanks of other scripts are none."""
    return text.isprintable() or text.translate(_OTHER_BLANKS).isprintable()


# Unicode's space separators, for one U+3000 of Japanese text; no line or paragraph separators.
_OTHER_BLANKS = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")


def _lines_of_text(text: str) -> str:
    if not _shows(text.translate(_WITHOUT_LINES)):
        raise ValueError("must not hold control characters")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


_WITHOUT_LINES = str.maketrans("", "", "\n\t")


def _code(text: str) -> str:
    if text.startswith("-") or len(text.split()) != 1:
        raise ValueError("must not hold blanks nor begin with '-'")
    return text


Line = Annotated[str, Field(min_length=1, max_length=500), After(_printable)]
Code = Annotated[str, Field(min_length=1, max_length=64), After(_printable), After(_code)]
Reference = Annotated[str, Field(min_length=1, max_length=128), After(_printable), After(_code)]
Key = Annotated[str, Field(min_length=1, max_length=200), After(_printable)]
Prose = Annotated[str, Field(min_length=1, max_length=4000), After(_lines_of_text)]


# --- days -----------------------------------------------------------------------------------------

FIRST_YEAR, LAST_YEAR = 1600, 2999  # from the first listed company on; later is a slip
LAST_DAY = date(LAST_YEAR, 12, 31)


_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _written_as_a_day(value: Any) -> Any:
    """Take 2018-05-24 and nothing else: pydantic would read seconds since 1970 too."""
    if not isinstance(value, str):
        return value
    if not _ISO_DAY.fullmatch(value):
        raise ValueError("is not a date; write it as 2018-05-24")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a day of the calendar") from None


def _written_as_a_moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not (_ISO_DAY.match(value) and value[10:11] in ("T", " ")):
        raise ValueError("is not a date-time; write it as 2018-05-24T15:00:00+09:00")
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a date-time; write it as 2018-05-24T15:00:00+09:00") from None


def _with_a_zone(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"has no zone; add one, such as {moment.isoformat()}Z")
    return moment


def _of_our_times(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


Day = Annotated[date, Before(_written_as_a_day), After(_of_our_times)]
Moment = Annotated[datetime, Before(_written_as_a_moment), After(_with_a_zone)]


# --- numbers ----------------------------------------------------------------------------------


def _plain_decimal(value: Any) -> Any:
    """Take plain decimal digits as text, or an integer; a float has already lost digits."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, float):  # a ValueError, which pydantic turns into a message
        raise ValueError(  # noqa: TRY004
            'must be text in plain decimal digits, such as "12.50", not a JSON number'
        )
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise ValueError('must be plain decimal digits, such as "12.50"')
    return Decimal(value)


Amount = Annotated[Decimal, Before(_plain_decimal)]
"""A non-negative decimal of any precision, stored as the text it was given in."""

PositiveAmount = Annotated[Amount, Field(gt=0)]

MAX_SHARES = 10**15  # ten times all the shares of the largest listed companies together
Shares = Annotated[int, Field(gt=0, le=MAX_SHARES)]
"""A number of shares moved: the event's name gives the direction, never a sign."""
Count = Annotated[int, Field(ge=0, le=MAX_SHARES)]
"""A number of shares there are."""
Change = Annotated[int, Field(ge=-MAX_SHARES, le=MAX_SHARES)]
"""A signed change of a count; only a gap between two published counts carries a sign."""


# --- money ------------------------------------------------------------------------------------


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("is not an ISO 4217 currency code, such as JPY")
    return code


Currency = Annotated[str, After(_known_currency)]


class Money(Value):
    """An amount in the major unit of its ISO 4217 currency: GBP 0.0755, never pence."""

    amount: Amount
    currency: Currency

    @cached_property
    def exact(self) -> Fraction:
        return Fraction(self.amount)


class PrintedMoney(Value):
    """A total as a document prints it: the full figure with the unit it was rounded to."""

    amount: Amount
    currency: Currency
    unit: PositiveAmount = Decimal(1)
    rounding: Rounding = Rounding.HALF_UP

    @must_hold
    def _whole_units(self) -> None:
        if Fraction(self.amount) % Fraction(self.unit):
            raise ValueError(
                f"amount {self.amount:,f} is not a whole number of units of {self.unit:,f}"
            )

    @property
    def interval(self) -> tuple[Fraction, Fraction]:
        return printed_interval(Fraction(self.amount), Fraction(self.unit), self.rounding)

    def agrees_with(self, full: Fraction) -> bool:
        return prints_as(full, Fraction(self.amount), Fraction(self.unit), self.rounding)


class Rate(Value):
    """An exchange rate: what one unit of the pair's first currency buys of its second."""

    pair: str
    value: PositiveAmount

    @must_hold
    def _two_currencies(self) -> None:
        first, slash, second = self.pair.partition("/")
        if not slash or first == second or not {first, second} <= CURRENCIES:
            raise ValueError("pair must name two ISO 4217 currencies, such as USD/GBP")


# --- documents and meetings -------------------------------------------------------------------


class Source(Value):
    """The document that says so."""

    title: Line
    uri: Annotated[str, Field(min_length=1, max_length=2000), After(_printable)] | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] | None = None


class Body(StrEnum):
    """Who decides: the board, the shareholders in general or class meeting, a delegate, a court."""

    BOARD = "BOARD"
    AGM = "AGM"
    EGM = "EGM"
    CLASS = "CLASS"
    DELEGATED = "DELEGATED"
    COURT = "COURT"
