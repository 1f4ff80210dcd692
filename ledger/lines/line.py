"""Events as lines: the JSON Lines of imports and exports, one event per line."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from ledger.events.event import Event, EventReversed, KeyReference
from ledger.events.recorded import Fact


def line_of(event: Event) -> dict[str, Any]:
    """The line that states this event, ready for JSON; its key included."""
    body = event.as_stored()
    body.pop("version", None)
    head: dict[str, Any] = {
        name: body.pop(name) for name in ("issuer", "class", "action") if name in body
    }
    key = body.pop("key", "")
    return {**head, "event": event.name, **body, "key": key}


def canonical(event: Event) -> str:
    """The line without its key, in one spelling: equal lines have equal text."""
    line = line_of(event)
    del line["key"]
    return json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def derived_key(event: Event, ordinal: int) -> str:
    """The key of a line without one: its content, and its number among equal lines."""
    return f"{sha256(canonical(event).encode()).hexdigest()[:20]}-{ordinal}"


@dataclass
class KeyDeriver:
    """Gives each event of a file without a key its key, counting equal lines from 1."""

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
        return event.replaced(key=derived_key(event, self.seen[content]))


def with_target(event: Event, target: Fact) -> Event:
    """A reversal that names its event by key."""
    assert isinstance(event, EventReversed)
    return event.replaced(reverses=KeyReference(key=target.event.key))


def line_order(event: Event) -> tuple[bool, date, int, str]:
    """The order of lines in entries and exports: by effect, then the reversals."""
    return isinstance(event, EventReversed), event.on, event.moment, event.action
