"""An event at its place in the register, and the breach of a rule by it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from ledger.events.event import Event
from ledger.values.fields import Source


class EntryLine(NamedTuple):
    """An entry of the register: its number, who recorded it, when, and the source document."""

    number: int
    recorded_at: datetime
    by: str
    source: Source | None
    key: str


class Fact:
    """An event at its place in the register: entry and line of the entry. Equal only to itself."""

    __slots__ = ("entry", "event", "line")

    def __init__(self, event: Event, entry: EntryLine, line: int) -> None:
        self.event = event
        self.entry = entry
        self.line = line

    @property
    def order(self) -> tuple[date, int, int, int]:
        return self.event.on, self.event.moment, self.entry.number, self.line


class Breach(NamedTuple):
    """A rule that does not hold, at one event; its identity is (rule, action, key)."""

    rule: str
    action: str
    key: str
    on: date
    message: str
    """What the event states and what the ledger has, with figures and date."""
    remedy: str | None = None
    about: str = ""
    """The rule that could not be judged; otherwise, which of several figures it is."""

    @property
    def identity(self) -> tuple[str, str, str]:
        """Rule, action and event: equal for the same breach."""
        rule = f"{self.rule} {self.about}" if self.rule == "unjudged" else self.rule
        return rule, self.action, self.key

    @classmethod
    def at(
        cls, fact: Fact, rule: str, message: str, remedy: str | None = None, *, about: str = ""
    ) -> Breach:
        event = fact.event
        return cls(rule, event.action, event.key, event.on, message, remedy, about)
