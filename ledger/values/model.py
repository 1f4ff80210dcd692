"""Frozen values whose fields are declared once, and how they are written as JSON.

`ledger.values.quick` reads them back with every check, without pydantic for ordinary text;
`ledger.values.validation` reads the rest and says what is wrong with it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from inspect import get_annotations
from typing import (
    Annotated,
    Any,
    ClassVar,
    Self,
    TypeVar,
    dataclass_transform,
    get_origin,
    get_type_hints,
)

REQUIRED: Any = object()
"""The default of a field that has none."""

_Method = TypeVar("_Method", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, eq=False)
class Declared:
    """What `Field` declares: a field's default and names, or the bounds of a type."""

    default: Any
    alias: str | None
    description: str | None
    bounds: Mapping[str, Any]
    """As pydantic names them: ge, gt, le, lt, min_length, max_length, pattern."""


def Field(  # noqa: N802 - reads as the field it declares
    default: Any = REQUIRED,
    *,
    alias: str | None = None,
    description: str | None = None,
    **bounds: Any,
) -> Any:
    """Declare a field of a value, or, within Annotated, the bounds of a type."""
    return Declared(default, alias, description, bounds)


@dataclass(frozen=True, slots=True)
class Before:
    """Within Annotated: turns what the text holds into what the type takes, or raises."""

    function: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class After:
    """Within Annotated: checks or normalizes a value of the type, or raises ValueError."""

    function: Callable[[Any], Any]


def must_hold(method: _Method) -> _Method:
    """Mark a method of a value that raises ValueError where its fields cannot stand together."""
    method._must_hold = True  # type: ignore[attr-defined]  # noqa: SLF001 - a mark of our own
    return method


@dataclass(frozen=True)
class FieldInfo:
    """One field of a value."""

    name: str
    owner: type[Value]
    declared: Declared

    @property
    def stored_name(self) -> str:
        """Its name in JSON."""
        return self.declared.alias or self.name

    @property
    def description(self) -> str | None:
        return self.declared.description

    @property
    def is_required(self) -> bool:
        return self.declared.default is REQUIRED

    @cached_property
    def hint(self) -> Any:
        """Its type as annotated, bounds and checks included."""
        return self.owner._hints()[self.name]  # noqa: SLF001 - of one module

    @property
    def kind(self) -> Any:
        """Its type without bounds and checks."""
        hint = self.hint
        return hint.__origin__ if get_origin(hint) is Annotated else hint


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(Field,))
class Value:
    """A frozen value that knows exactly its own fields.

    An instance holds the fields that were stated; for the others the class has the defaults.
    """

    nullable: ClassVar[frozenset[str]] = frozenset()
    """Fields in which null says something; elsewhere null is the same as absent."""
    fields: ClassVar[dict[str, FieldInfo]] = {}
    stored_names: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Each field, and its name in JSON."""
    checks: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        fields = dict(cls.fields)
        for name, annotation in get_annotations(cls).items():
            if annotation.startswith("ClassVar"):
                continue
            default = cls.__dict__.get(name, REQUIRED)
            declared = (
                default if isinstance(default, Declared) else Declared(default, None, None, {})
            )
            fields[name] = FieldInfo(name, cls, declared)
            if declared.default is not REQUIRED:
                setattr(cls, name, declared.default)
            elif name in cls.__dict__:
                delattr(cls, name)
        cls.fields = fields
        cls.stored_names = tuple((name, field.stored_name) for name, field in fields.items())
        own = [name for name, part in cls.__dict__.items() if hasattr(part, "_must_hold")]
        cls.checks = (*cls.checks, *(name for name in own if name not in cls.checks))

    def __init__(self, **values: Any) -> None:
        """A value of ours, trusted: fields by name. `ledger.values.validation` reads text."""
        unknown = values.keys() - self.fields.keys()
        missing = [n for n, field in self.fields.items() if field.is_required and n not in values]
        if unknown or missing:
            raise TypeError(f"{type(self).__name__}: unknown {unknown}, missing {missing}")
        self.__dict__.update(values)

    @classmethod
    def checked(cls, values: dict[str, Any]) -> Self:
        """A value of fields that are right one by one; raises ValueError where they clash."""
        made = object.__new__(cls)
        made.__dict__.update(values)
        for name in cls.checks:
            getattr(made, name)()
        return made

    def as_stored(self) -> dict[str, Any]:
        """What was stated, ready for JSON: the ledger's own form, and that of lines."""
        values = self.__dict__
        return {
            stored_name: value
            if (kind := (value := values[name]).__class__) is str or kind is int
            else plain(value)
            for name, stored_name in self.stored_names
            if name in values
        }

    def to_json(self) -> str:
        """The stored form as compact JSON."""
        return _ENCODER.encode(self.as_stored())

    @property
    def stated(self) -> set[str]:
        """The names of the fields that were stated."""
        return self.__dict__.keys() & self.fields.keys()

    def replaced(self, **values: Any) -> Self:
        """This value with other fields, trusted."""
        made = object.__new__(type(self))
        made.__dict__.update(
            {name: value for name, value in self.__dict__.items() if name in self.fields}
        )
        made.__dict__.update(values)
        return made

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def _values(self) -> Iterator[Any]:
        return (getattr(self, name) for name in self.fields)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, Value):
            return NotImplemented
        return self.__dict__ == other.__dict__ or tuple(self._values()) == tuple(other._values())

    def __hash__(self) -> int:
        return hash((type(self), *self._values()))

    def __repr__(self) -> str:
        stated = ", ".join(f"{name}={getattr(self, name)!r}" for name in sorted(self.stated))
        return f"{type(self).__name__}({stated})"

    # What is worked out once for a class, when it is first read.

    @classmethod
    def _hints(cls) -> dict[str, Any]:
        """The types of the fields that this very class declares."""
        if "_own_hints" not in cls.__dict__:
            annotations = {
                name: text for name, text in get_annotations(cls).items() if name in cls.fields
            }
            holder = type(cls.__name__, (), {"__annotations__": annotations})
            space = vars(sys.modules[cls.__module__])
            cls._own_hints = get_type_hints(holder, globalns=space, include_extras=True)
        return cls._own_hints

    _own_hints: ClassVar[dict[str, Any]]


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


# --- writing -------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A value as JSON has it: dates ISO, decimals as the text they were given in."""
    kind = value.__class__
    if kind is str or kind is int or value is None or kind is bool:
        return value
    if kind is date:
        return value.isoformat()
    if isinstance(value, Value):
        return value.as_stored()
    if kind is Decimal:
        return format(value, "f")
    if isinstance(value, Enum):
        return value.value
    if kind is datetime:
        text: str = value.isoformat()
        return f"{text[:-6]}Z" if text.endswith("+00:00") else text
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    raise TypeError(f"{value!r} has no stored form")
