"""Rules on what is resolved first and carried out later, and on classes that were closed."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.actions.dividend import DividendDecision, DividendSoFar
from ledger.actions.execution import Execution
from ledger.actions.issue import Issue, SharesIssued
from ledger.actions.share_class import ClassEvent, ShareClassClosed
from ledger.actions.split import Split, SplitEffected, SplitKind, SplitResolved
from ledger.counts.day_order import Moment
from ledger.events.event import Approval, decided_by_members
from ledger.events.kinds import State
from ledger.events.recorded import Breach, Fact
from ledger.rules.context import Context

BY_MEMBERS = (Approval.AGM, Approval.EGM)


def approved_first(context: Context) -> Iterator[Breach]:
    """What needs a meeting's approval is not carried out before it."""
    for kind in (Issue, Split):
        for facts in context.actions_of(kind):
            for place, fact in enumerate(facts):
                if isinstance(fact.event, SharesIssued | SplitEffected):
                    decided = [
                        earlier
                        for earlier in facts[:place]
                        if not isinstance(earlier.event, SharesIssued | SplitEffected)
                    ]
                    state = kind.state(decided, fact.event.on)
                    if state is not None and state.name == "awaiting approval":
                        yield _unapproved(fact, state)


def _unapproved(fact: Fact, state: State) -> Breach:
    event = fact.event
    return Breach.at(
        fact,
        "approval-needed",
        f"{event.name} of {event.action} on {event.on}: it awaits {state.awaits} since "
        f"{state.since}",
        "record the approval first",
    )


def special_resolution(context: Context) -> Iterator[Breach]:
    """A consolidation takes a special resolution of the general meeting (art. 180)."""
    for facts in context.actions_of(Split):
        for fact in facts:
            event = fact.event
            if not isinstance(event, SplitResolved) or event.kind is not SplitKind.CONSOLIDATION:
                continue
            if event.approval not in BY_MEMBERS and not decided_by_members(event):
                yield Breach.at(
                    fact,
                    "special-resolution",
                    f"{event.action} is a consolidation; no general meeting is named as its "
                    "decider (art. 180)",
                )


def split_dates(context: Context) -> Iterator[Breach]:
    """The actual record date is the last business day on or before the nominal one."""
    for facts in context.actions_of(Split):
        for fact in facts:
            event = fact.event
            if not isinstance(event, SplitResolved):
                continue
            nominal, actual = event.record_date, event.actual_record_date
            if nominal is not None and actual is not None and actual > nominal:
                yield Breach.at(
                    fact,
                    "date-order",
                    f"actual record date {actual} lies after record date {nominal} of "
                    f"{event.action}",
                    "the actual record date is the last business day on or before the record date",
                )


def nothing_after_closing(context: Context) -> Iterator[Breach]:
    """Nothing happens to a closed class; dividends of earlier record dates are still paid."""
    for share_class in context.history.classes:
        own = context.history.actions.get(f"class-{share_class}", [])
        closed = next((f for f in own if isinstance(f.event, ShareClassClosed)), None)
        if closed is None:
            continue
        for fact in context.history.effective:
            event = fact.event
            if event.share_class != share_class or event.on <= closed.event.on:
                continue
            if _touches_the_class(context, fact, closed):
                yield Breach.at(
                    fact,
                    "order-of-events",
                    f"{event.name} of {event.action} on {event.on}: class {share_class} was closed "
                    f"on {closed.event.on}",
                    "mend the date, or reverse the closing",
                    about="closed",
                )


def _touches_the_class(context: Context, fact: Fact, closed: Fact) -> bool:
    event = fact.event
    if isinstance(event, DividendDecision):
        so_far = DividendSoFar()
        for earlier in context.history.actions[event.action]:
            so_far.take(earlier)
            if earlier is fact:
                break
        terms = so_far.terms
        record = None if terms is None else terms.record_date
        return record is None or record > closed.event.on
    if isinstance(event, ClassEvent):
        return event.moment is not Moment.REPORT
    return event.moment is Moment.RESOLUTION or isinstance(event, Execution | SplitEffected)
