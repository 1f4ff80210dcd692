"""Reading lines: the event that a line states, or the first wrong field."""

from __future__ import annotations

import json
from collections import Counter
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

import ledger.actions  # noqa: F401 - makes every kind known
from ledger.errors import shown
from ledger.events.event import Event
from ledger.events.kinds import EVENTS
from ledger.values.problems import first_problem


class BadLine(Exception):
    """A line that is not an event: the field, its content, what is wrong with it."""

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


_TWICE = "occurs twice in one object"


def _no_constant(name: str) -> Any:
    raise BadLine("", f"{name} is not a JSON value")


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
        raise BadLine("", f"is not a JSON object but {shown(value)}")
    return value


def event_from(line: dict[str, Any]) -> Event:
    """The event that a line states. Its key is empty if the line has none.

    Raises BadLine for the first wrong field.
    """
    name = line.get("event")
    event_class = EVENTS.get(name) if isinstance(name, str) else None
    if event_class is None:
        raise BadLine("event", _unknown_event(name))
    if "version" in line:
        raise BadLine("version", "is set by the ledger and cannot be given on a line")
    body = dict(line)
    del body["event"]
    try:
        return event_class.of(body)
    except ValidationError:
        return _read_without_nulls(event_class, body)


def _read_without_nulls(event_class: type[Event], body: dict[str, Any]) -> Event:
    """Read a line without its nulls: null is the same as absent, except in a few fields."""
    try:
        stated = {
            field: _without_nulls(value)
            for field, value in body.items()
            if value is not None or field in event_class.nullable
        }
        return event_class.read(json.dumps(stated))
    except ValidationError as error:
        raise BadLine(*first_problem(error, event_class)) from None
    except RecursionError:
        raise BadLine("", "is nested too deeply") from None


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    return value


def _unknown_event(name: object) -> str:
    if not isinstance(name, str):
        return 'is missing: each line names its event, such as "DividendResolved"'
    near = get_close_matches(name, EVENTS, n=3, cutoff=0.5)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"{shown(name)} is not an event this version knows{hint}"
