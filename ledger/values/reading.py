"""How text, days and decimals are read, checked and written: their schemas for pydantic."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from pydantic_core import core_schema

# At most 24 digits before the point and 20 after it: enough for any currency and any issuer.
_DIGITS = 50
_DECIMAL = re.compile(r"[0-9]{1,24}(\.[0-9]{1,20})?", re.ASCII)


ORDINARY, INSTANCE = "ordinary", "instance"
"""Ways to read a value whose errors explain little; another way explains what is wrong."""


@dataclass(frozen=True, eq=False)
class Text:
    """Text of limited length. A pattern checks ordinary text, Python checks the rest."""

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


def printable(text: str) -> str:
    """Refuse control characters and outer spaces; give equal text one spelling."""
    if not _shows(text) or text != text.strip():
        raise ValueError("must not begin or end with a space or contain control characters")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _shows(text: str) -> bool:
    """Whether it has no control characters; the spaces of other scripts are allowed."""
    return text.isprintable() or text.translate(_OTHER_BLANKS).isprintable()


# Unicode's space separators, such as U+3000 in Japanese text; no line or paragraph separators.
_OTHER_BLANKS = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")


def lines_of_text(text: str) -> str:
    if not _shows(text.translate(_WITHOUT_LINES)):
        raise ValueError("must not contain control characters")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


_WITHOUT_LINES = str.maketrans("", "", "\n\t")


def code(text: str) -> str:
    text = printable(text)
    if text.startswith("-") or len(text.split()) != 1:
        raise ValueError("must not contain spaces or begin with '-'")
    return text


@dataclass(frozen=True, eq=False)
class Written:
    """A day or a moment: read from text, or given in Python as an object."""

    read: Callable[[str], Any]
    instance: core_schema.CoreSchema
    check: Callable[[Any], Any]
    written: core_schema.SerSchema

    def __get_pydantic_core_schema__(self, *_: Any) -> core_schema.CoreSchema:
        after = core_schema.no_info_after_validator_function
        text = after(self.read, core_schema.str_schema(strict=True))
        # Text is never read the second way: pydantic would accept too much.
        given = core_schema.json_or_python_schema(
            core_schema.is_instance_schema(type(None)), after(self.check, self.instance)
        )
        return core_schema.union_schema(
            [text, (given, INSTANCE)], mode="left_to_right", serialization=self.written
        )

    def __get_pydantic_json_schema__(self, _: Any, handler: Any) -> Any:
        return handler(self.instance)


_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def day_between(first_year: int, last_year: int) -> Written:
    """A day of these years."""

    @lru_cache(maxsize=4096)
    def read(text: str) -> date:
        # Only 2018-05-24: pydantic would also read seconds since 1970.
        if not _ISO_DAY.fullmatch(text):
            raise ValueError("is not a date; write it as 2018-05-24")
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError("is not a date in the calendar") from None
        return check(day)

    def check(day: date) -> date:
        if not first_year <= day.year <= last_year:
            raise ValueError(f"must be in the years {first_year} to {last_year}")
        return day

    day, text = core_schema.date_schema(strict=True), core_schema.simple_ser_schema("date")
    return Written(read, day, check, text)


def _moment(text: str) -> datetime:
    try:
        if not (_ISO_DAY.match(text) and text[10:11] in ("T", " ")):
            raise ValueError  # noqa: TRY301 - one message for both
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


MOMENT = Written(
    _moment,
    core_schema.datetime_schema(strict=True),
    _with_a_zone,
    core_schema.plain_serializer_function_ser_schema(_moment_text, when_used="json"),
)
"""A moment with its zone."""


def _other_decimal(value: Any) -> Decimal:
    """Also accept an integer, and a Decimal in Python; a float has already lost digits."""
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


class PlainDecimal:
    """Plain digits, checked by a pattern: three times as fast as the decimals of pydantic."""

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
