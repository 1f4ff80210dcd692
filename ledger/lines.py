"""Events as lines: the JSON Lines that imports read and exports write, one event a line."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from ledger.action import EVENTS
from ledger.event import Event, EventReversed, KeyReference
from ledger.fact import Fact


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
    try:
        body = {
            field: _without_nulls(value)
            for field, value in line.items()
            if field != "event" and (value is not None or field in event_class.nullable)
        }
        return event_class.model_validate_json(json.dumps(body))
    except ValidationError as error:
        raise _first_problem(error, event_class) from None
    except RecursionError:
        raise BadLine("", "is nested too deep to be an event") from None


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
        names = [f.alias or n for n, f in event_class.model_fields.items()]
        near = get_close_matches(path[-1], names, n=2)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        return BadLine(field, f"is not a field of {event_class.__name__}{hint}")
    if kind == "value_error":
        message = str(first["ctx"]["error"])
        if not path:
            return BadLine("", message)
    message = message[0].lower() + message[1:]
    return BadLine(field, f"{_shown(first['input'])} {_as_predicate(message)}")


def _as_predicate(message: str) -> str:
    return message if message.startswith(("is ", "must ")) else f"is refused: {message}"


def _shown(value: object, limit: int = 60) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def line_of(event: Event) -> dict[str, Any]:
    """The line that states this event, ready for JSON; its key included."""
    body = event.model_dump(mode="json", exclude_unset=True)
    body.pop("version", None)
    head: dict[str, Any] = {
        name: body.pop(name) for name in ("issuer", "class", "action") if name in body
    }
    key = body.pop("key", "")
    return {**head, "event": event.name, **body, "key": key}


def canonical(event: Event) -> str:
    """The line without its key, in one spelling: what makes two lines equal."""
    line = line_of(event)
    del line["key"]
    return json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def derived_key(event: Event, ordinal: int) -> str:
    """The key of a line that states none: its content, and which of the equal lines it is."""
    return f"{sha256(canonical(event).encode()).hexdigest()[:20]}-{ordinal}"


@dataclass
class KeyDeriver:
    """Gives every keyless event of one file its key: the n-th of equal lines is always the n-th."""

    seen: Counter[str]

    @classmethod
    def of_a_file(cls) -> KeyDeriver:
        return cls(Counter())

    def keyed(self, event: Event) -> Event:
        """The event with its key."""
        if event.key:
            return event
        content = canonical(event)
        self.seen[content] += 1
        return event.model_copy(update={"key": derived_key(event, self.seen[content])})


def with_target(event: Event, target: Fact) -> Event:
    """A reversal that names its event by key, whatever it was named by."""
    assert isinstance(event, EventReversed)
    return event.model_copy(update={"reverses": KeyReference(key=target.event.key)})
