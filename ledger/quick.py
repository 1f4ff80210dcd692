"""Text of the ordinary kind, read without pydantic: a file has a million lines, a command one.

What is taken here, `ledger.validation` takes too and reads alike; a property holds them together.
What is not taken may still be right, in a way that is seldom met: it is validated there, and named
there if it is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from ledger.model import After, Before, Declared, FieldInfo, Value

_Value = TypeVar("_Value", bound=Value)
_Reader = Callable[[Any], Any]

SHORT = 128
REMEMBERED = 4096
"""How many texts of a type are remembered: days, codes and references come again and again."""


class Unusual(Exception):
    """Not of the ordinary kind, if it is right at all."""


def read(kind: type[_Value], data: dict[str, Any]) -> _Value:
    """The value that an object of JSON states; raises Unusual."""
    try:
        made: _Value = _hint_reader(cast("Any", kind))(data)
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as problem:
        raise Unusual from problem
    return made


def accepts(hint: Any, text: str) -> bool:
    """Whether these words can stand in a field of this type."""
    try:
        _hint_reader(hint)(text)
    except (ValueError, TypeError):
        return False
    return True


def _value_reader(kind: type[Value]) -> _Reader:
    readers = {f.stored_name: (name, _field_reader(f)) for name, f in kind.fields.items()}
    required = {name for name, field in kind.fields.items() if field.is_required}

    def read_value(data: Any) -> Value:
        values = {}
        for stored_name, stated in data.items():
            name, read_field = readers[stored_name]
            values[name] = read_field(stated)
        if not required <= values.keys():
            raise ValueError("a field is missing")
        made: Value = kind.checked(values)
        return made

    return read_value


def _field_reader(field: FieldInfo) -> _Reader:
    return _checked(_hint_reader(field.hint), (field.declared,))


@cache
def _hint_reader(hint: Any) -> _Reader:
    origin = get_origin(hint)
    if origin is Annotated:
        base, *parts = get_args(hint)
        return _remembered(base, _checked(_hint_reader(base), tuple(parts)), parts)
    if origin in (Union, UnionType):
        return _one_of([part for part in get_args(hint) if part is not NoneType])
    if origin is tuple:
        part = _hint_reader(get_args(hint)[0])
        return lambda stated: tuple([part(each) for each in _of(list, stated)])
    if origin is Literal:
        words = set(get_args(hint))
        return lambda stated: _among(words, stated)
    if isinstance(hint, type) and issubclass(hint, Value):
        return _value_reader(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda stated: hint(_of(str, stated))
    if hint in (int, bool):
        return lambda stated: _of(hint, stated)
    if hint is str:
        return _plain_text
    if hint in (Decimal, date, datetime):  # made of text by what comes before
        return lambda stated: _of(hint, stated)
    raise TypeError(f"{hint!r} is a type of no field")


def _one_of(parts: list[Any]) -> _Reader:
    if len(parts) == 1:
        return _hint_reader(parts[0])
    readers = [_hint_reader(part) for part in parts]

    def read_first(stated: Any) -> Any:
        """What the first kind reads that can: no text is of two kinds."""
        for reader in readers[:-1]:
            try:
                return reader(stated)
            except (ValueError, TypeError, LookupError):
                continue
        return readers[-1](stated)

    return read_first


def _checked(reader: _Reader, parts: tuple[Any, ...]) -> _Reader:
    """The reader of a type, with what stands before and after it, in the order it stands."""
    before = [part.function for part in parts if isinstance(part, Before)]
    after = [
        check
        for part in parts
        for check in (
            [part.function]
            if isinstance(part, After)
            else _bounds(part.bounds)
            if isinstance(part, Declared)
            else []
        )
    ]
    if not before and not after:
        return reader

    def read_checked(stated: Any) -> Any:
        for function in before:
            stated = function(stated)
        found = reader(stated)
        for function in after:
            found = function(found)
        return found

    return read_checked


def _bounds(bounds: Any) -> list[_Reader]:
    """Each bound as a check that answers what it was given."""
    checks: dict[str, Callable[[Any, Any], bool]] = {
        "ge": lambda found, bound: found >= bound,
        "gt": lambda found, bound: found > bound,
        "le": lambda found, bound: found <= bound,
        "lt": lambda found, bound: found < bound,
        "min_length": lambda found, bound: len(found) >= bound,
        "max_length": lambda found, bound: len(found) <= bound,
        "pattern": lambda found, bound: re.fullmatch(bound, found) is not None,
    }

    def check(name: str, bound: Any) -> _Reader:
        holds = checks[name]

        def checked(found: Any) -> Any:
            if not holds(found, bound):
                raise ValueError(f"{found!r} is out of bounds")
            return found

        return checked

    return [check(name, bound) for name, bound in bounds.items()]


def _remembered(base: Any, reader: _Reader, parts: list[Any]) -> _Reader:
    """Days and short words are checked once, however often they come."""
    short = any(
        isinstance(part, Declared) and part.bounds.get("max_length", SHORT + 1) <= SHORT
        for part in parts
    )
    if not (base is date or (base is str and short)):
        return reader
    remembered = lru_cache(maxsize=REMEMBERED)(reader)

    def read_text(stated: Any) -> Any:
        if stated.__class__ is not str:  # 1 and True are one key of a cache
            raise TypeError(f"{stated!r} is not text")
        return remembered(stated)

    return read_text


def _of(kind: type, stated: Any) -> Any:
    if stated.__class__ is not kind:
        raise TypeError(f"{stated!r} is no {kind.__name__}")
    return stated


def _plain_text(stated: Any) -> Any:
    if stated.__class__ is not str or not (stated.isascii() or stated.isprintable()):
        raise TypeError(f"{stated!r} is not plain text")
    return stated


def _among(words: set[str], stated: Any) -> Any:
    if stated not in words:
        raise ValueError(f"{stated!r} is none of the words")
    return stated
