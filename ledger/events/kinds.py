"""The kinds of capital action: their events, states and calendars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from ledger.events.event import ActionKind, Event, EventReversed
from ledger.events.recorded import Breach, Fact


class State(NamedTuple):
    """The state of an action, in the words of filings, and what it awaits."""

    name: str
    awaits: str | None = None
    due: date | None = None
    since: date | None = None
    is_called_off: bool = False
    """Whether it ended before it was carried out, so that nothing planned will happen."""


class Progress(StrEnum):
    """Whether a planned day is done, on the day of the query."""

    DONE = "done"
    PASSED = "passed"
    """The day passed and needed no event, such as a record date."""
    TODAY = "today"
    AHEAD = "ahead"
    OVERDUE = "overdue"
    NOT_RECORDED = "not recorded"
    """The day passed; the ledger does not record whether it was done, such as a filing."""
    CALLED_OFF = "called off"
    """The action was rejected, withdrawn, lapsed or ended before that day."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the calendar, before its progress is determined."""

    day: date
    what: str
    stated: Fact
    done: Fact | None = None
    law: str | None = None
    otherwise: Progress = Progress.OVERDUE
    """Its progress when it has passed and nothing is recorded."""


class Overdue(NamedTuple):
    """A planned day that has passed while nothing is recorded."""

    state: State
    day: date
    stated: Fact


class CapitalAction(ActionKind):
    """A dividend, a repurchase program, a share class or the issuer: one history of events.

    A kind is a subclass with its events, lifecycle and states. It keeps no data: every method takes
    a sequence of facts (known, not reversed, in order of effect), so that it answers for any date
    and any state of knowledge.
    """

    approved_by: ClassVar[tuple[type[Event], ...]] = ()
    """The events that state that a meeting approved it."""
    carried_out_by: ClassVar[tuple[type[Event], ...]] = ()
    """The events that carry it out: none before its approval, none on a closed class."""
    is_owed: ClassVar[bool] = False
    """Whether it is owed to who held shares on its record date, also after the class closed."""
    overdue_rule: ClassVar[str | None] = "effect-overdue"
    """The rule on a planned day that passed; None where the action ends by itself."""

    @classmethod
    def state(cls, facts: Sequence[Fact], on: date) -> State | None:
        """The state at the close of `on`; None before the first of the facts."""
        raise NotImplementedError

    @classmethod
    def lifecycle(cls, facts: Sequence[Fact]) -> Iterator[Breach]:  # noqa: ARG003
        """What is impossible in the order of these facts (rule `order-of-events`)."""
        return iter(())

    @classmethod
    def days(cls, facts: Sequence[Fact], on: date) -> Iterator[CalendarDay]:  # noqa: ARG003
        """The days for the calendar, from the facts up to `on`."""
        return iter(())

    @classmethod
    def overdue(cls, facts: Sequence[Fact], on: date) -> Overdue | None:
        """What was planned for a day before `on` and is not recorded on `on`."""
        state = cls.state(facts, on)
        if cls.overdue_rule is None or state is None or state.due is None or state.due >= on:
            return None
        return Overdue(state, state.due, [fact for fact in facts if fact.event.on <= on][-1])


KINDS: dict[str, type[CapitalAction]] = {}
"""Every kind of capital action, by name."""

EVENTS: dict[str, type[Event]] = {"EventReversed": EventReversed}
"""The registry of event names: only these are stored and read."""


def register(kind: type[CapitalAction]) -> type[CapitalAction]:
    """Make a kind of action known, with its events."""
    KINDS[kind.kind] = kind
    for event_class in kind.events_of_kind:
        event_class.action_type = kind
        EVENTS[event_class.__name__] = event_class
    return kind


def kind_of(facts: Sequence[Fact]) -> type[CapitalAction]:
    """The kind of the action that these facts belong to."""
    return KINDS[facts[0].event.action_type.kind]
