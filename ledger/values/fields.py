"""The values of fields: text, days, amounts, money, printed figures, documents."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator

from ledger.values.currencies import CURRENCIES
from ledger.values.model import Field, Value, must_hold
from ledger.values.numbers import Exact, Rounding, exact, printed_interval, prints_as
from ledger.values.reading import (
    MOMENT,
    PlainDecimal,
    Text,
    code,
    day_between,
    lines_of_text,
    printable,
)

_ASCII_LINE, _ASCII_CODE = r"^[!-~](?:[ -~]*[!-~])?$", r"^[!-,.-~][!-~]*$"

Line = Annotated[str, Text(500, _ASCII_LINE, printable)]
ShortLine = Annotated[str, Text(100, _ASCII_LINE, printable)]
Address = Annotated[str, Text(2000, _ASCII_LINE, printable)]
Code = Annotated[str, Text(64, _ASCII_CODE, code)]
Reference = Annotated[str, Text(128, _ASCII_CODE, code)]
Isin = Annotated[str, Field(pattern=r"^[A-Z]{2}[A-Z0-9]{9}[0-9]$")]  # ISO 6166
Key = Annotated[str, Text(200, _ASCII_LINE, printable)]
Prose = Annotated[str, Text(4000, r"^[ -~\n\t]+$", lines_of_text)]

FIRST_YEAR, LAST_YEAR = 1600, 2999  # from the first listed company on; later is a slip
LAST_DAY = date(LAST_YEAR, 12, 31)
Day = Annotated[date, day_between(FIRST_YEAR, LAST_YEAR)]
Moment = Annotated[datetime, MOMENT]

Amount = Annotated[Decimal, PlainDecimal()]
"""A non-negative decimal of any precision, stored as it was written."""

PositiveAmount = Annotated[Amount, Field(gt=0)]

MAX_SHARES = 10**15  # ten times all the shares of the largest listed companies together
Shares = Annotated[int, Field(gt=0, le=MAX_SHARES)]
"""A number of shares moved; the name of the event gives the direction."""
Count = Annotated[int, Field(ge=0, le=MAX_SHARES)]
"""A number of existing shares."""
RatioPart = Annotated[int, Field(ge=1, le=10**9)]
"""One side of a ratio: new shares for old ones."""
Change = Annotated[int, Field(ge=-MAX_SHARES, le=MAX_SHARES)]
"""A signed change of a count; only a gap between two published counts has a sign."""


def _known_currency(currency: str) -> str:
    if currency not in CURRENCIES:
        raise ValueError("is not an ISO 4217 currency code, such as JPY")
    return currency


Currency = Annotated[str, AfterValidator(_known_currency)]


class Money(Value):
    """An amount in the major unit of its ISO 4217 currency: GBP 0.0755, never pence."""

    amount: Amount
    currency: Currency

    @cached_property
    def exact(self) -> Exact:
        return exact(self.amount)


class PrintedMoney(Value):
    """A total as a document prints it, with the unit it was rounded to."""

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

    def agrees_with(self, full: Exact) -> bool:
        return prints_as(full, Fraction(self.amount), Fraction(self.unit), self.rounding)


class Rate(Value):
    """An exchange rate: units of the second currency of the pair for one unit of the first."""

    pair: str
    value: PositiveAmount

    @must_hold
    def _two_currencies(self) -> None:
        first, slash, second = self.pair.partition("/")
        if not slash or first == second or not {first, second} <= CURRENCIES:
            raise ValueError("pair must name two ISO 4217 currencies, such as USD/GBP")


class Source(Value):
    """The document that states a fact."""

    title: Line
    uri: Address | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] | None = None


class Body(StrEnum):
    """The deciding body: the board, a general or class meeting, a delegate, a court."""

    BOARD = "BOARD"
    AGM = "AGM"
    EGM = "EGM"
    CLASS = "CLASS"
    DELEGATED = "DELEGATED"
    COURT = "COURT"
