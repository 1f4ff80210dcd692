"""Reading lines: the event a line of text states, or the field that is not what it should be."""

from __future__ import annotations

import json
from collections import Counter
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ledger.events.entry import Entry
from ledger.events.event import Event
from ledger.events.kinds import EVENTS
from ledger.store.rows import damaged, decoded
from ledger.values import quick

if TYPE_CHECKING:
    from pydantic import ValidationError


class BadLine(Exception):
    """A line that is no event: which field, what it held, what is wrong with it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}" if field else problem)
        self.field = field
        self.problem = problem


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = Counter(name for name, _ in pairs)
        raise BadLine(next(name for name, times in names.items() if times > 1), _TWICE)
    return found


_TWICE = "stands twice in one object"


def _no_constant(name: str) -> Any:
    raise BadLine("", f"{name} is no JSON value")


_STRICT = json.JSONDecoder(object_pairs_hook=_each_name_once, parse_constant=_no_constant)


def read_json(text: str) -> dict[str, Any]:
    """One JSON object, read strictly: no NaN, no name twice.

    Raises BadLine with what is wrong and where in the line.
    """
    try:
        value = _STRICT.decode(text)
    except json.JSONDecodeError as error:
        raise BadLine("", f"is not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; deep nesting
        raise BadLine("", f"is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadLine("", f"is not a JSON object but {_shown(value)}")
    return value


def event_from(line: dict[str, Any]) -> Event:
    """The event a line states. Its key is empty where the line has none.

    Raises BadLine for the first field that is not what it should be.
    """
    name = line.get("event")
    event_class = EVENTS.get(name) if isinstance(name, str) else None
    if event_class is None:
        raise BadLine("event", _unknown_event(name))
    if "version" in line:
        raise BadLine("version", "is the ledger's to say; a line does not have it")
    body = dict(line)
    del body["event"]
    try:
        return quick.read(event_class, body)
    except quick.Unusual:
        return _validated(event_class, body)
    except RecursionError:
        raise BadLine("", "is nested too deep to be an event") from None


def _validated(event_class: type[Event], body: dict[str, Any]) -> Event:
    from pydantic import ValidationError  # noqa: PLC0415 - most lines are read without it

    from ledger.values.validation import from_json  # noqa: PLC0415 - the same

    try:
        stated = {
            field: _without_nulls(value)
            for field, value in body.items()
            if value is not None or field in event_class.nullable
        }
        return from_json(event_class, json.dumps(stated))
    except ValidationError as error:
        raise _first_problem(error, event_class) from None
    except RecursionError:
        raise BadLine("", "is nested too deep to be an event") from None


def read_strictly(originator_id: Any, version: Any, topic: Any, state: Any) -> Event | Entry:
    """A stored row as `decoded` reads it, and validated again as if it came from outside.

    Raises StoreUnusable where it cannot be read or could never have been recorded.
    """
    event = decoded(originator_id, version, topic, state)
    try:
        return quick.read(type(event), json.loads(state))
    except quick.Unusual:
        pass
    from pydantic import ValidationError  # noqa: PLC0415 - most rows are read without it

    from ledger.values.validation import from_json  # noqa: PLC0415 - the same

    try:
        return from_json(type(event), state)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise damaged(
            f"event {version} of {originator_id} ({topic}) cannot be: {where} {first['msg']}"
        ) from None


def _without_nulls(value: Any) -> Any:
    """Absent and null are the same, except in the fields where null says something."""
    if isinstance(value, dict):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    return value


def _unknown_event(name: object) -> str:
    if not isinstance(name, str):
        return 'is missing: each line names its event, such as "DividendResolved"'
    near = get_close_matches(name, EVENTS, n=3, cutoff=0.5)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"{_shown(name)} is not an event this version knows{hint}"


def _first_problem(error: ValidationError, event_class: type[Event]) -> BadLine:
    first = error.errors(include_url=False)[0]
    path = [str(part) for part in first["loc"] if not str(part).startswith(("function-", "Key"))]
    field = ".".join(path)
    kind, message = first["type"], first["msg"]
    if kind == "missing":
        return BadLine(field, f"is missing: {event_class.__name__} needs it")
    if kind == "extra_forbidden":
        names = [field.stored_name for field in event_class.fields.values()]
        near = get_close_matches(path[-1], names, n=2)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        return BadLine(field, f"is not a field of {event_class.__name__}{hint}")
    if kind == "value_error":
        message = str(first["ctx"]["error"])
        if not path:
            return BadLine("", message)
    elif kind == "string_pattern_mismatch" and path[-1] in _WRITTEN:
        message = f"is not {_WRITTEN[path[-1]]}"
    elif kind in _IN_WORDS:
        message = _IN_WORDS[kind].format(**first.get("ctx", {}))
    return BadLine(field, f"{_shown(first['input'])} {_as_predicate(message)}")


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


def _shown(value: object, limit: int = 60) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= limit else text[: limit - 1] + "…"
