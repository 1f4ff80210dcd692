"""Resolutions of every kind of action: the decision, its days and its approval."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import ClassVar, TypeVar

from ledger.counts.day_order import Moment
from ledger.events.event import Approval, Event
from ledger.events.kinds import CalendarDay, Progress
from ledger.events.recorded import Fact
from ledger.values.fields import Money
from ledger.values.model import Unstated

T = TypeVar("T")

BY_MEMBERS = (Approval.AGM, Approval.EGM)


class Resolution(Event):
    """What a resolution or its amendment can state; a kind declares the fields that it has.

    The rules and the calendar read these attributes, and so apply to every kind that has them.
    """

    moment = Moment.RESOLUTION
    effect: ClassVar[tuple[str, str]] = ("effect", "day of effect")
    """Name of the effect in the calendar, and of the planned day in the rules."""

    record_date = Unstated[date]()
    actual_record_date = Unstated[date]()
    ex_date = Unstated[date]()
    subscription_from = Unstated[date]()
    subscription_until = Unstated[date]()
    effective_on = Unstated[date]()
    approval = Unstated[Approval]()
    meeting_expected = Unstated[date]()
    shares = Unstated[int]()
    price = Unstated[Money]()
    amount = Unstated[Money]()

    @property
    def ex_what(self) -> str:
        """What the share trades without from the ex-date on."""
        return self.action_kind

    @property
    def ex_date_may_follow(self) -> bool:
        """Whether the share may trade with it until after the record date."""
        return False

    @property
    def planned_for(self) -> date | None:
        """The day on which it is to be carried out."""
        return self.effective_on


class Terms:
    """The days and the approval in force: each as last stated."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self.stating: list[tuple[Fact, Resolution]] = []
        """The resolution and its amendments."""
        for fact in facts:
            self.take(fact)

    def take(self, fact: Fact) -> None:
        """Add the next fact in order of effect; an amendment without a resolution is ignored."""
        event = fact.event
        if isinstance(event, Resolution) and (self.stating or event.moment is Moment.RESOLUTION):
            self.stating.append((fact, event))

    def stated(self, read: Callable[[Resolution], T | None]) -> tuple[T, Fact] | tuple[None, None]:
        """The last stated value, and the fact that states it."""
        for fact, resolution in reversed(self.stating):
            found = read(resolution)
            if found is not None:
                return found, fact
        return None, None

    @property
    def meeting(self) -> Approval | None:
        """The meeting of shareholders that must approve it."""
        approval, _ = self.stated(lambda r: r.approval)
        return approval if approval in BY_MEMBERS else None


def resolved_days(facts: Sequence[Fact], carried_out: Fact | None) -> Iterator[CalendarDay]:
    """The days that the resolution of an action and its amendments state."""
    terms = Terms(facts)
    if not terms.stating:
        return
    _, resolution = terms.stating[0]
    for what, (day, stated) in (
        (f"ex-{resolution.ex_what} date", terms.stated(lambda r: r.ex_date)),
        ("record date", terms.stated(lambda r: r.record_date)),
        ("first day to subscribe", terms.stated(lambda r: r.subscription_from)),
        ("last day to subscribe", terms.stated(lambda r: r.subscription_until)),
    ):
        if day is not None and stated is not None:
            yield CalendarDay(day, what, stated, otherwise=Progress.PASSED)
    day, stated = terms.stated(lambda r: r.meeting_expected)
    if terms.meeting is not None and day is not None and stated is not None:
        decisions = [fact for fact in facts if fact.event.moment is Moment.APPROVAL]
        decided = decisions[-1] if decisions else None
        yield CalendarDay(day, f"{terms.meeting} to approve it", stated, decided)
    day, stated = terms.stated(lambda r: r.planned_for)
    if day is not None and stated is not None:
        yield CalendarDay(day, resolution.effect[0], stated, carried_out)
