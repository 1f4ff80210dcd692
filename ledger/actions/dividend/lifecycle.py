"""The kind of a dividend: its days, and the order that its events come in."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar

from ledger.actions.dividend.events import (
    EVENTS,
    DividendApproved,
    DividendCurrencyFixed,
    DividendElected,
    DividendForecast,
    DividendPaid,
    DividendRejected,
    DividendResolved,
    DividendWithdrawn,
    SettledIn,
    UnclaimedDividendLapsed,
)
from ledger.actions.dividend.terms import DividendSoFar, dividend_at
from ledger.events.kinds import CalendarDay, CapitalAction, Overdue, Progress, State, register
from ledger.events.recorded import Breach, Fact
from ledger.events.resolution import resolved_days


@register
class Dividend(CapitalAction):
    """One dividend of one class."""

    kind: ClassVar[str] = "dividend"
    events_of_kind = EVENTS
    approved_by = (DividendApproved,)
    carried_out_by = (DividendElected, DividendPaid)
    is_owed = True
    overdue_rule = "payment-overdue"

    @classmethod
    def state(cls, facts: Sequence[Fact], on: date) -> State | None:
        return dividend_at(facts, on).state

    @classmethod
    def lifecycle(cls, facts: Sequence[Fact]) -> Iterator[Breach]:
        so_far = DividendSoFar()
        for fact in facts:
            problem = _out_of_order(so_far, fact, facts)
            if problem is not None:
                yield Breach.at(fact, "order-of-events", *problem)
            so_far.take(fact)

    @classmethod
    def days(cls, facts: Sequence[Fact], on: date) -> Iterator[CalendarDay]:
        so_far = dividend_at(facts, on)
        done, terms = so_far.carried_out, so_far.terms
        yield from resolved_days(facts, done[0] if done else None)
        if terms is None or terms.settled_in is not SettledIn.CHOICE:
            return
        if (last := terms.election_until) is not None:
            stating = (f for f in reversed(so_far.stating) if "election_until" in f.event.stated)
            what = "last day to choose between cash and shares"
            yield CalendarDay(last, what, next(stating), otherwise=Progress.PASSED)

    @classmethod
    def overdue(cls, facts: Sequence[Fact], on: date) -> Overdue | None:
        so_far = dividend_at(facts, on)
        state, terms = so_far.state, so_far.terms
        if state is None or terms is None or state.awaits is None:
            return None
        # The payment date of a dividend that awaits approval can pass before the meeting.
        passed = [day for day in (state.due, terms.payable_on) if day is not None and day < on]
        return Overdue(state, passed[0], terms.stated_by) if passed else None


_AFTER_PAYMENT = (
    DividendPaid,
    DividendElected,
    UnclaimedDividendLapsed,
    DividendApproved,
    DividendCurrencyFixed,
)


def _out_of_order(
    so_far: DividendSoFar, fact: Fact, facts: Sequence[Fact]
) -> tuple[str, str] | None:
    event, ended = fact.event, so_far.ended
    said = f"{event.name} of {event.action} on {event.on}"
    if ended is not None:
        how = f"the dividend was {'rejected' if so_far.rejected else 'withdrawn'}"
        return f"{said}: {how} on {ended.event.on}", "give a new dividend a different reference"
    if isinstance(event, DividendForecast | DividendResolved):
        if so_far.stating:
            resolved = so_far.stating[0].event.on
            return (
                f"{said}: the dividend is resolved since {resolved}",
                "change it with: capital dividend amend; a new record date needs a new dividend",
            )
        return None
    if not so_far.stating:
        if isinstance(event, DividendWithdrawn) and so_far.forecast is not None:
            return None
        later = next((f.event.on for f in facts if isinstance(f.event, DividendResolved)), None)
        holds = "no resolution of it" if later is None else f"its resolution on {later}"
        return f"{said}: the ledger holds {holds}", "record the resolution, or correct the dates"
    if so_far.paid and not isinstance(event, _AFTER_PAYMENT):
        return (
            f"{said}: the dividend was paid on {so_far.paid[0].event.on}",
            "to correct it, reverse the payment first",
        )
    if so_far.elected and isinstance(event, DividendRejected | DividendWithdrawn):
        return (
            f"{said}: shares were issued for it on {so_far.elected[0][0].event.on}",
            "to correct it, reverse that issue first",
        )
    if isinstance(event, UnclaimedDividendLapsed) and not so_far.paid:
        return f"{said}: nothing was paid yet", "record the payment first"
    if isinstance(event, DividendApproved | DividendRejected) and so_far.approved is not None:
        approved = so_far.approved.event.on
        return f"{said}: the dividend was approved on {approved} already", "reverse that first"
    return None
