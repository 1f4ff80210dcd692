"""Small frozen values: text, days, amounts, money, printed figures, documents."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import core_schema

from ledger.values.currencies import CURRENCIES
from ledger.values.model import Field, Value, must_hold
from ledger.values.numbers import Exact, Rounding, exact, printed_interval, prints_as

# Wide enough for any currency and any issuer, narrow enough that no figure is a slip of a paste
# buffer: 24 digits before the point, 20 after it.
_DIGITS = 50
_DECIMAL = re.compile(r"[0-9]{1,24}(\.[0-9]{1,20})?", re.ASCII)


# --- text -------------------------------------------------------------------------------------

ORDINARY, INSTANCE = "ordinary", "instance"
"""The ways to read a value that explain nothing where they fail: another way says what is wrong."""


@dataclass(frozen=True, eq=False)
class Text:
    """Text of limited length. Ordinary text is checked by its pattern alone, the rest in Python."""

    longest: int
    ordinary: str
    check: Callable[[str], str]

    def __get_pydantic_core_schema__(self, *_: Any) -> core_schema.CoreSchema:
        text = partial(core_schema.str_schema, strict=True, min_length=1, max_length=self.longest)
        return core_schema.union_schema(
            [
                (text(pattern=self.ordinary), ORDINARY),
                core_schema.no_info_after_validator_function(self.check, text()),
            ],
            mode="left_to_right",
            serialization=core_schema.simple_ser_schema("str"),
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        return handler(schema["choices"][1])


def _printable(text: str) -> str:
    """Refuse what cannot be typed back or compared: controls, edge blanks, two spellings."""
    if not _shows(text) or text != text.strip():
        raise ValueError("must not begin or end with a space or contain control characters")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _shows(text: str) -> bool:
    """Whether it holds no control characters; the blanks of other scripts are allowed."""
    return text.isprintable() or text.translate(_OTHER_BLANKS).isprintable()


# Unicode's space separators, for one U+3000 of Japanese text; no line or paragraph separators.
_OTHER_BLANKS = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")


def _lines_of_text(text: str) -> str:
    if not _shows(text.translate(_WITHOUT_LINES)):
        raise ValueError("must not hold control characters")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


_WITHOUT_LINES = str.maketrans("", "", "\n\t")


def _code(text: str) -> str:
    text = _printable(text)
    if text.startswith("-") or len(text.split()) != 1:
        raise ValueError("must not contain spaces or begin with '-'")
    return text


_ASCII_LINE, _ASCII_CODE = r"^[!-~](?:[ -~]*[!-~])?$", r"^[!-,.-~][!-~]*$"

Line = Annotated[str, Text(500, _ASCII_LINE, _printable)]
ShortLine = Annotated[str, Text(100, _ASCII_LINE, _printable)]
Address = Annotated[str, Text(2000, _ASCII_LINE, _printable)]
Code = Annotated[str, Text(64, _ASCII_CODE, _code)]
Reference = Annotated[str, Text(128, _ASCII_CODE, _code)]
Isin = Annotated[str, Field(pattern=r"^[A-Z]{2}[A-Z0-9]{9}[0-9]$")]  # ISO 6166
Key = Annotated[str, Text(200, _ASCII_LINE, _printable)]
Prose = Annotated[str, Text(4000, r"^[ -~\n\t]+$", _lines_of_text)]


# --- days -----------------------------------------------------------------------------------------

FIRST_YEAR, LAST_YEAR = 1600, 2999  # from the first listed company on; later is a slip
LAST_DAY = date(LAST_YEAR, 12, 31)

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    """Take 2018-05-24 and nothing else: pydantic would read seconds since 1970 too."""
    if not _ISO_DAY.fullmatch(text):
        raise ValueError("is not a date; write it as 2018-05-24")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a date in the calendar") from None
    return _of_our_times(day)


def _of_our_times(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"must be in the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _moment(text: str) -> datetime:
    if not (_ISO_DAY.match(text) and text[10:11] in ("T", " ")):
        raise ValueError("is not a date-time; write it as 2018-05-24T15:00:00+09:00")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a date-time; write it as 2018-05-24T15:00:00+09:00") from None
    return _with_a_zone(moment)


def _with_a_zone(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"has no zone; add one, such as {moment.isoformat()}Z")
    return moment


def _moment_text(moment: datetime) -> str:
    text = moment.isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


@dataclass(frozen=True, eq=False)
class Written:
    """A day or a moment: read from its text, or given by Python as what it is."""

    read: Callable[[str], Any]
    instance: core_schema.CoreSchema
    check: Callable[[Any], Any]
    written: core_schema.SerSchema

    def __get_pydantic_core_schema__(self, *_: Any) -> core_schema.CoreSchema:
        after = core_schema.no_info_after_validator_function
        text = after(self.read, core_schema.str_schema(strict=True))
        # A text never reaches the second way: pydantic's own reading of days is too generous.
        given = core_schema.json_or_python_schema(
            core_schema.is_instance_schema(type(None)), after(self.check, self.instance)
        )
        return core_schema.union_schema(
            [text, (given, INSTANCE)], mode="left_to_right", serialization=self.written
        )

    def __get_pydantic_json_schema__(self, _: Any, handler: Any) -> Any:
        return handler(self.instance)


Day = Annotated[
    date,
    Written(
        _day,
        core_schema.date_schema(strict=True),
        _of_our_times,
        core_schema.simple_ser_schema("date"),
    ),
]
Moment = Annotated[
    datetime,
    Written(
        _moment,
        core_schema.datetime_schema(strict=True),
        _with_a_zone,
        core_schema.plain_serializer_function_ser_schema(_moment_text, when_used="json"),
    ),
]


# --- numbers ----------------------------------------------------------------------------------


def _other_decimal(value: Any) -> Decimal:
    """Take an integer too, and from Python a Decimal; a float has already lost digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, float):  # a ValueError, which pydantic turns into a message
        raise ValueError(  # noqa: TRY004
            'must be text in plain decimal digits, such as "12.50", not a JSON number'
        )
    text = value
    if isinstance(value, Decimal) and abs(value.adjusted()) < _DIGITS:  # 1E+999999999 fills memory
        text = format(value, "f")
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise ValueError('must be plain decimal digits, such as "12.50"')
    return Decimal(text)


class _PlainDecimal:
    """Plain digits: checked as text by a pattern, which costs a third of pydantic's decimals."""

    def __get_pydantic_core_schema__(self, *_: Any) -> core_schema.CoreSchema:
        text = core_schema.str_schema(strict=True, pattern=f"^{_DECIMAL.pattern}$")
        return core_schema.union_schema(
            [
                (core_schema.no_info_after_validator_function(Decimal, text), ORDINARY),
                core_schema.no_info_plain_validator_function(_other_decimal),
            ],
            mode="left_to_right",
            serialization=core_schema.format_ser_schema("f"),
        )

    def __get_pydantic_json_schema__(self, *_: Any) -> Any:
        return {
            "anyOf": [
                {"type": "string", "pattern": f"^{_DECIMAL.pattern}$"},
                {"type": "integer", "minimum": 0},
            ]
        }


Amount = Annotated[Decimal, _PlainDecimal()]
"""A non-negative decimal of any precision, stored as the text it was given in."""

PositiveAmount = Annotated[Amount, Field(gt=0)]

MAX_SHARES = 10**15  # ten times all the shares of the largest listed companies together
Shares = Annotated[int, Field(gt=0, le=MAX_SHARES)]
"""A number of shares moved: the event's name gives the direction, never a sign."""
Count = Annotated[int, Field(ge=0, le=MAX_SHARES)]
"""A number of shares there are."""
RatioPart = Annotated[int, Field(ge=1, le=10**9)]
"""One side of a ratio: so many new shares for so many old ones."""
Change = Annotated[int, Field(ge=-MAX_SHARES, le=MAX_SHARES)]
"""A signed change of a count; only a gap between two published counts carries a sign."""


# --- money ------------------------------------------------------------------------------------


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("is not an ISO 4217 currency code, such as JPY")
    return code


Currency = Annotated[str, AfterValidator(_known_currency)]


class Money(Value):
    """An amount in the major unit of its ISO 4217 currency: GBP 0.0755, never pence."""

    amount: Amount
    currency: Currency

    @cached_property
    def exact(self) -> Exact:
        return exact(self.amount)


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

    def agrees_with(self, full: Exact) -> bool:
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
    uri: Address | None = None
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
