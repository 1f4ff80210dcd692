"""The kinds of capital action: which events each has, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from ledger.events.event import ActionKind, Event, EventReversed
from ledger.events.recorded import Breach, Fact


class State(NamedTuple):
    """How far an action has come, in the words of filings, and what it waits for."""

    name: str
    awaits: str | None = None
    due: date | None = None
    since: date | None = None
    is_called_off: bool = False
    """Whether it ended before it was carried out: nothing that was planned comes to pass."""


class Progress(StrEnum):
    """Whether it is done, by what the ledger holds at the day asked about."""

    DONE = "done"
    PASSED = "passed"
    """It came by itself, as a record date does."""
    TODAY = "today"
    AHEAD = "ahead"
    OVERDUE = "overdue"
    NOT_RECORDED = "not recorded"
    """Its day is over; the ledger would not know if it was done, as a filing."""
    CALLED_OFF = "called off"
    """The action was rejected, withdrawn, lapsed or ended before."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the calendar before it is judged."""

    day: date
    what: str
    stated: Fact
    done: Fact | None = None
    law: str | None = None
    otherwise: Progress = Progress.OVERDUE
    """What it is when it is over with nothing recorded."""


class Overdue(NamedTuple):
    """A planned day that passed with nothing recorded."""

    state: State
    day: date
    stated: Fact


class CapitalAction(ActionKind):
    """A dividend, a repurchase program, a share class's own affairs: one history of events.

    A kind is a subclass: which events it has, its lifecycle and state, what its events move.
    It keeps nothing: all of them are asked about a sequence of facts (known, unreversed, in order
    of effect), not about "now", so that they answer for any date and any state of knowledge.
    """

    approved_by: ClassVar[tuple[type[Event], ...]] = ()
    """The events that say that a meeting approved it."""
    carried_out_by: ClassVar[tuple[type[Event], ...]] = ()
    """The events that carry it out: not before its approval, and not on a closed class."""
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
        """What in the order of these facts cannot be (rule `order-of-events`)."""
        return iter(())

    @classmethod
    def days(cls, facts: Sequence[Fact], on: date) -> Iterator[CalendarDay]:  # noqa: ARG003
        """The days that the facts until `on` state, for the calendar."""
        return iter(())

    @classmethod
    def overdue(cls, facts: Sequence[Fact], on: date) -> Overdue | None:
        """What was planned for a day before `on` and is not recorded by then."""
        state = cls.state(facts, on)
        if cls.overdue_rule is None or state is None or state.due is None or state.due >= on:
            return None
        return Overdue(state, state.due, [fact for fact in facts if fact.event.on <= on][-1])


KINDS: dict[str, type[CapitalAction]] = {}
"""Every kind of capital action, by name."""

EVENTS: dict[str, type[Event]] = {"EventReversed": EventReversed}
"""The closed registry of event names: what is not in it is neither stored nor read."""


def register(kind: type[CapitalAction]) -> type[CapitalAction]:
    """Make a kind of action known, with its events."""
    KINDS[kind.kind] = kind
    for event_class in kind.events_of_kind:
        event_class.action_type = kind
        EVENTS[event_class.__name__] = event_class
    return kind


def kind_of(facts: Sequence[Fact]) -> type[CapitalAction]:
    """The kind of the action that the facts are of."""
    return KINDS[facts[0].event.action_type.kind]
