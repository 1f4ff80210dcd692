"""What is wrong with a value, in words: the field, its content, what it must be."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ledger.errors import cut, inline, shown
from ledger.values.model import Value, taken_apart
from ledger.values.reading import INSTANCE, ORDINARY


def problem_of_text(kind: Any, text: Any) -> str | None:
    """What is wrong with a text for a field of this type; None if it is valid."""
    try:
        _adapter(kind).validate_python(taken_apart(text), by_alias=True, by_name=True)
    except ValidationError as error:
        return str(_first(error)["msg"]).removeprefix("Value error, ")
    return None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def problem_in_words(error: ValidationError, kind: type[Value]) -> str:
    """The first problem as one text."""
    return ": ".join(part for part in first_problem(error, kind) if part)


def first_problem(error: ValidationError, kind: type[Value]) -> tuple[str, str]:
    """The first wrong field, and what is wrong with it, in words."""
    first = _first(error)
    path = _path(first)
    field = ".".join(path)
    found, message = first["type"], first["msg"]
    if found == "missing":
        return field, f"is missing: {kind.__name__} needs it"
    if found == "extra_forbidden":
        from difflib import get_close_matches  # noqa: PLC0415 - only on the way to an error

        names = [kind.stored_name(name) for name in kind.model_fields]
        near = get_close_matches(str(first["loc"][-1]), names, n=2)
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


def _first(error: ValidationError) -> Any:
    """The error of the first wrong field that explains most, among the ways to read it."""
    errors = error.errors(include_url=False)
    path = _path(errors[0])
    ways = [each for each in errors if _path(each) == path]
    explained = [each for each in ways if each["type"] == "value_error"]
    plain = [each for each in ways if each["loc"][-1:] not in ((ORDINARY,), (INSTANCE,))]
    return (explained or plain or ways)[0]


def _path(error: Any) -> list[str]:
    """The field, without the names of the ways to read it."""
    ways = (ORDINARY, INSTANCE, "function-", "Key", "union[", "constrained-")
    return [cut(inline(part)) for part in map(str, error["loc"]) if not part.startswith(ways)]


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
"""Words for the errors of the library, by their kind."""


def _as_predicate(message: str) -> str:
    if message.startswith(("is ", "must ")):
        return message
    return f"is refused: {message[0].lower()}{message[1:]}"
