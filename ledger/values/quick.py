"""Text of the ordinary kind, read without pydantic: a file has a million lines, a command one.

What is taken here, `ledger.values.validation` takes too and reads alike; a property holds them
together. What is not taken may still be right, in a way that is seldom met: it is validated there,
and named there if it is wrong.
"""

from __future__ import annotations

import operator
import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from ledger.values.model import After, Before, Declared, FieldInfo, Value

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


def accepts(hint: Any, text: Any) -> bool:
    """Whether this can stand in a field of this type."""
    try:
        _hint_reader(hint)(text)
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError):
        return False
    return True


def _value_reader(kind: type[Value]) -> _Reader:
    readers = {
        field.stored_name: (name, _field_reader(field, field.stored_name in kind.nullable))
        for name, field in kind.fields.items()
    }
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


def _field_reader(field: FieldInfo, nullable: bool) -> _Reader:
    reader = _checked(_hint_reader(field.hint), (field.declared,))
    return (lambda stated: None if stated is None else reader(stated)) if nullable else reader


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
    steps = [part.function for part in parts if isinstance(part, Before)]
    steps.append(reader)
    for part in parts:
        if isinstance(part, After):
            steps.append(part.function)
        elif isinstance(part, Declared):
            steps += _bounds(dict(part.bounds))
    return _one_after_another(steps)


def _one_after_another(steps: list[_Reader]) -> _Reader:
    """One reader of several; spelled out for the few there are, since a loop costs as much."""
    match steps:
        case [only]:
            return only
        case [first, second]:
            return lambda stated: second(first(stated))
        case [first, second, third]:
            return lambda stated: third(second(first(stated)))
    head, tail = _one_after_another(steps[:2]), _one_after_another(steps[2:])
    return lambda stated: tail(head(stated))


def _bounds(bounds: dict[str, Any]) -> list[_Reader]:
    """Each bound as a check that answers what it was given."""
    checks: list[_Reader] = []
    if "min_length" in bounds or "max_length" in bounds:
        shortest, longest = bounds.pop("min_length", 0), bounds.pop("max_length", sys.maxsize)
        checks.append(
            lambda text: text if shortest <= len(text) <= longest else _out_of_bounds(text)
        )
    if "ge" in bounds and "le" in bounds:
        least, most = bounds.pop("ge"), bounds.pop("le")
        checks.append(lambda found: found if least <= found <= most else _out_of_bounds(found))
    if "pattern" in bounds:
        fits = re.compile(bounds.pop("pattern"), re.ASCII).fullmatch
        checks.append(lambda text: text if fits(text) else _out_of_bounds(text))
    checks += [_compared(_COMPARED[name], bound) for name, bound in bounds.items()]
    return checks


_COMPARED = {"ge": operator.ge, "gt": operator.gt, "le": operator.le, "lt": operator.lt}


def _compared(holds: Callable[[Any, Any], bool], bound: Any) -> _Reader:
    return lambda found: found if holds(found, bound) else _out_of_bounds(found)


def _out_of_bounds(found: Any) -> Any:
    raise ValueError(f"{found!r} is out of bounds")


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
