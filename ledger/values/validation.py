"""Text from outside, validated by pydantic against the declarations of `ledger.values.model`.

The schema of a value is made when the first text of its kind is read: whoever records one event
pays for one.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import pydantic
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    TypeAdapter,
    WithJsonSchema,
    create_model,
)

from ledger.errors import shown
from ledger.values.model import After, Before, Declared, FieldInfo, Value

_Value = TypeVar("_Value", bound=Value)

_STRICT = ConfigDict(extra="forbid", strict=True, validate_by_alias=True, validate_by_name=False)


def from_json(kind: type[_Value], text: str | bytes) -> _Value:
    """The value in a JSON text; raises pydantic's ValidationError naming every wrong field."""
    made: _Value = _adapter(kind).validate_json(text)
    return made


def json_schema(kind: type[Value]) -> dict[str, Any]:
    """The JSON Schema of a value as it stands in text."""
    return _adapter(kind).json_schema(by_alias=True)


def checked_text(hint: Any, text: Any) -> None:
    """Check words against one of the types of fields; raises pydantic's ValidationError."""
    _adapter(hint).validate_python(text)


_adapters: dict[Any, TypeAdapter[Any]] = {}
_models: dict[Any, type[pydantic.BaseModel]] = {}


def _adapter(hint: Any) -> TypeAdapter[Any]:
    if hint not in _adapters:
        _adapters[hint] = TypeAdapter(_schema(hint))
    return _adapters[hint]


_DECIMAL_TEXT = {
    "anyOf": [
        {"type": "string", "pattern": r"^[0-9]{1,24}(\.[0-9]{1,20})?$"},
        {"type": "integer", "minimum": 0},
    ]
}


def _schema(hint: Any) -> Any:
    """A type of ours as pydantic takes it."""
    origin = get_origin(hint)
    if origin is Annotated:
        base, *parts = get_args(hint)
        return Annotated[(_schema(base), *map(_part, parts))]
    if hint is Decimal:
        return Annotated[Decimal, WithJsonSchema(_DECIMAL_TEXT)]
    if origin in (Union, UnionType):
        return Union[tuple(map(_schema, get_args(hint)))]  # noqa: UP007 - made of a tuple
    if origin is tuple:
        return tuple[_schema(get_args(hint)[0]), ...]  # type: ignore[misc]  # made at run time
    if isinstance(hint, type) and issubclass(hint, Value):
        return Annotated[_model(hint), AfterValidator(_made(hint))]
    return hint


def _part(part: Any) -> Any:
    match part:
        case Declared(bounds=bounds):
            return pydantic.Field(**bounds)
        case Before(function=function):
            return BeforeValidator(function)
        case After(function=function):
            return AfterValidator(function)
    return part


def _model(kind: type[Value]) -> type[pydantic.BaseModel]:
    if kind not in _models:
        fields: dict[str, Any] = {
            name: (_schema(field.hint), _field(field)) for name, field in kind.fields.items()
        }
        _models[kind] = create_model(kind.__name__, __config__=_STRICT, **fields)
    return _models[kind]


def _field(field: FieldInfo) -> Any:
    declared = field.declared
    return pydantic.Field(
        ... if field.is_required else declared.default,
        alias=declared.alias,
        description=declared.description,
        **declared.bounds,
    )


def _made(kind: type[Value]) -> Callable[[pydantic.BaseModel], Value]:
    def made(model: pydantic.BaseModel) -> Value:
        stated = model.model_fields_set
        return kind.checked({n: v for n, v in model.__dict__.items() if n in stated})

    return made


def first_problem(error: pydantic.ValidationError, kind: type[Value]) -> tuple[str, str]:
    """The first field that is not what it should be, and what is wrong with it, in words."""
    first = error.errors(include_url=False)[0]
    path = [str(part) for part in first["loc"] if not str(part).startswith(("function-", "Key"))]
    field = ".".join(path)
    found, message = first["type"], first["msg"]
    if found == "missing":
        return field, f"is missing: {kind.__name__} needs it"
    if found == "extra_forbidden":
        names = [field.stored_name for field in kind.fields.values()]
        near = get_close_matches(path[-1], names, n=2)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        return field, f"is not a field of {kind.__name__}{hint}"
    if found == "value_error":
        message = str(first["ctx"]["error"])
        if not path:
            return "", message
    elif found == "string_pattern_mismatch" and path[-1] in _WRITTEN:
        message = f"is not {_WRITTEN[path[-1]]}"
    elif found in _IN_WORDS:
        message = _IN_WORDS[found].format(**first.get("ctx", {}))
    return field, f"{shown(first['input'])} {_as_predicate(message)}"


_WRITTEN = {
    "isin": "an ISIN: 12 capital letters and digits, such as JP3152820001",
    "lei": "a legal entity identifier (LEI): 18 capital letters and digits, then two digits",
    "sha256": "a SHA-256 fingerprint: 64 characters of 0-9 and a-f",
}

_IN_WORDS = {
    "bool_type": "must be true or false",
    "enum": "must be {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number in plain digits",
    "int_type": "must be a whole number in plain digits",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "is empty",
    "string_type": "must be text",
}
"""What the library says in words of its own, by the kind of its error."""


def _as_predicate(message: str) -> str:
    if message.startswith(("is ", "must ")):
        return message
    return f"is refused: {message[0].lower()}{message[1:]}"
