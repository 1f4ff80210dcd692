"""Executions, and the plans they carry out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, TypeVar

from ledger.counts.day_order import Moment
from ledger.events.event import Event
from ledger.events.kinds import CalendarDay, CapitalAction, State
from ledger.events.recorded import Breach, Fact
from ledger.events.resolution import BY_MEMBERS, Resolution, resolved_days
from ledger.values.fields import Day, Line, Money
from ledger.values.model import Field, Unstated, must_hold, optional


class Execution(Event):
    """Shares moved on a day, or in a period that ends on it.

    It may be the first event of its action: many resolutions were never recorded.
    """

    shares = Unstated[int]()
    price = Unstated[Money]()
    amount = Unstated[Money]()

    from_: Day | None = optional("first day, if this is the total of a period", alias="from")
    settled_on: Day | None = optional("settlement date, if later than the trade date")

    @must_hold
    def _period_in_order(self) -> None:
        if self.from_ is not None and self.from_ > self.on:
            raise ValueError(f"from {self.from_} is after on {self.on}")

    @property
    def begins(self) -> date:
        return self.on if self.from_ is None else self.from_

    @must_hold
    def _settled_after_trade(self) -> None:
        if self.settled_on is not None and self.settled_on < self.on:
            raise ValueError(f"settled_on {self.settled_on} is before on {self.on}")

    @property
    def settles(self) -> date | None:
        return self.settled_on


# What every execution can state, besides its shares, about the money that moved.
Paid = Annotated[Money | None, Field(description="amount paid, without fees")]
Price = Annotated[Money | None, Field(description="exact price of one share")]
AveragePrice = Annotated[Money | None, Field(description="average price as printed, rounded")]
HighestPrice = Annotated[Money | None, Field(description="highest price paid for one share")]
LowestPrice = Annotated[Money | None, Field(description="lowest price paid for one share")]
Fees = Annotated[
    Money | None, Field(description="commission and tax; they do not count against a cap")
]
Venue = Annotated[Line | None, Field(description="trading venue, such as TSE")]


class GivenUp(Event):
    """The plan was given up; if in part, `shares` states how many."""

    moment = Moment.END

    shares = Unstated[int]()


@dataclass(frozen=True, slots=True)
class Plan:
    """The lifecycle of what is resolved, perhaps approved, and then carried out or given up."""

    resolution: type[Resolution]
    execution: type[Event]
    end: type[GivenUp]
    done: str
    """The state once carried out, and ..."""
    ended: str
    """... once given up."""
    approved: type[Event] | None = None
    needs_resolution: bool = False
    """Whether an execution needs its resolution, as a split needs its ratio."""
    once: bool = False
    """Whether it is carried out only once."""

    def state(self, facts: Sequence[Fact], on: date) -> State | None:
        """The state at the close of `on`."""
        resolved: Resolution | None = None
        state: State | None = None
        for event in (fact.event for fact in facts if fact.event.on <= on):
            if isinstance(event, self.resolution):
                resolved = event
                state = self._planned(event)
            elif self.approved is not None and isinstance(event, self.approved):
                due = None if resolved is None else resolved.effective_on
                state = State("approved", "its effect", due, event.on)
            elif isinstance(event, self.execution):
                state = State(self.done, since=event.on)
        ended = self._ended([fact for fact in facts if fact.event.on <= on])
        if ended is not None and (state is None or state.name != self.done):
            return State(self.ended, since=ended.on, is_called_off=True)
        return state

    def _planned(self, resolved: Resolution) -> State:
        due, approval = resolved.effective_on, resolved.approval
        if approval in BY_MEMBERS:
            return State("awaiting approval", f"approval by the {approval}", due, resolved.on)
        return State("resolved", "its effect", due, resolved.on)

    def lifecycle(self, facts: Sequence[Fact]) -> Iterator[Breach]:
        """What is impossible in the order of these facts (rule `order-of-events`)."""
        resolution = next((f for f in facts if isinstance(f.event, self.resolution)), None)
        before: list[Fact] = []
        for fact in facts:
            problem = self._after(before, fact.event) or self._unresolved(resolution, fact.event)
            if problem is not None:
                yield Breach.at(fact, "order-of-events", *problem)
            before.append(fact)

    def _after(self, before: Sequence[Fact], event: Event) -> tuple[str, str] | None:
        """What cannot come after the facts before it."""
        if (ended := self._ended(before)) is not None:
            return (
                f"{_said(event)}: {event.action} {self.ended} on {ended.on}",
                "give a new action a different reference",
            )
        resolved = _first(before, self.resolution)
        if isinstance(event, self.resolution) and resolved is not None:
            return (
                f"{_said(event)}: {event.action} is resolved since {resolved.on}",
                "to correct it, reverse it first; give a different decision a different reference",
            )
        done = _first(before, self.execution)
        if self.once and done is not None:
            return (
                f"{_said(event)}: {event.action} took effect on {done.on}",
                "to correct it, reverse that first",
            )
        return None

    def _ended(self, before: Sequence[Fact]) -> GivenUp | None:
        """The event that ended the plan; after a lapse in part the rest can be carried out."""
        ended = _first(before, self.end)
        resolved = _first(before, self.resolution)
        planned = None if resolved is None else resolved.shares
        if ended is None or planned is None or ended.shares is None:
            return ended
        settled = [f.event for f in before if isinstance(f.event, Execution | GivenUp)]
        return ended if sum(event.shares or 0 for event in settled) >= planned else None

    def _unresolved(self, resolution: Fact | None, event: Event) -> tuple[str, str] | None:
        """What cannot be without a resolution, or before it."""
        if resolution is not None and event.on < resolution.event.on:
            return (
                f"{_said(event)}: the ledger holds its resolution on {resolution.event.on}",
                "correct the date of one of them",
            )
        if resolution is None and (self.needs_resolution or not isinstance(event, self.execution)):
            return (
                f"{_said(event)}: the ledger holds no resolution of {event.action}",
                "record the resolution first",
            )
        return None


class PlannedAction(CapitalAction):
    """A kind whose whole lifecycle is its plan."""

    plan: ClassVar[Plan]

    def __init_subclass__(cls) -> None:
        cls.carried_out_by = (cls.plan.execution,)
        cls.approved_by = () if cls.plan.approved is None else (cls.plan.approved,)

    @classmethod
    def state(cls, facts: Sequence[Fact], on: date) -> State | None:
        return cls.plan.state(facts, on)

    @classmethod
    def lifecycle(cls, facts: Sequence[Fact]) -> Iterator[Breach]:
        return cls.plan.lifecycle(facts)

    @classmethod
    def days(cls, facts: Sequence[Fact], on: date) -> Iterator[CalendarDay]:  # noqa: ARG003
        done = [fact for fact in facts if isinstance(fact.event, cls.plan.execution)]
        return resolved_days(facts, done[-1] if done else None)


_Kind = TypeVar("_Kind", bound=Event)


def _said(event: Event) -> str:
    return f"{event.name} on {event.on}"


def _first(facts: Sequence[Fact], kind: type[_Kind]) -> _Kind | None:
    return next((fact.event for fact in facts if isinstance(fact.event, kind)), None)
