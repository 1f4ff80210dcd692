"""Picks the actions and events of a class out of a history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

from ledger.events.event import ActionKind, Event
from ledger.events.recorded import Fact
from ledger.history.history import History

_Event = TypeVar("_Event", bound=Event)


def actions_of(
    history: History, share_class: str, kind: type[ActionKind]
) -> Iterator[tuple[str, list[Fact]]]:
    """Every action of this kind of the class, with its facts in order of effect."""
    for reference, facts in history.actions.items():
        first = facts[0].event
        if first.action_type is kind and first.share_class == share_class:
            yield reference, facts


def events_of(facts: Iterable[Fact], event_class: type[_Event]) -> list[_Event]:
    """The events of one type, in the order of the facts."""
    return [fact.event for fact in facts if isinstance(fact.event, event_class)]


def latest_of(
    history: History, share_class: str, event_class: type[_Event], on: date = date.max
) -> _Event | None:
    """The latest event of one type about the class itself, up to a day."""
    events = events_of(history.actions.get(f"class-{share_class}", []), event_class)
    return next((event for event in reversed(events) if event.on <= on), None)
