"""Rules on what is resolved first and carried out later, and on classes that were closed."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.actions.issuer import CapitalReduced
from ledger.actions.share_class import ClassEvent, ShareClassClosed
from ledger.actions.split import Split, SplitKind, SplitResolved
from ledger.counts.day_order import Moment
from ledger.errors import quoted
from ledger.events.event import decided_by_members
from ledger.events.execution import Execution
from ledger.events.kinds import kind_of
from ledger.events.recorded import Breach, Fact
from ledger.events.resolution import BY_MEMBERS, Resolution, Terms
from ledger.rules.context import Context


def resolutions(context: Context) -> Iterator[Breach]:
    """Judge the dates of every resolution, and that its approval comes before its execution."""
    for facts in context.history.actions.values():
        kind = kind_of(facts)
        terms, is_approved = Terms(), False
        for fact in facts:
            terms.take(fact)
            if not terms.stating:
                continue
            if isinstance(fact.event, Resolution):
                yield from _dates(fact, fact.event, terms)
            elif isinstance(fact.event, kind.approved_by):
                is_approved = True
            elif isinstance(fact.event, kind.carried_out_by) and not is_approved:
                yield from _unapproved(fact, terms)


def _dates(fact: Fact, resolution: Resolution, terms: Terms) -> Iterator[Breach]:
    action = fact.event.action
    first, _ = terms.stated(lambda r: r.subscription_from)
    last, _ = terms.stated(lambda r: r.subscription_until)
    if first is not None and last is not None and last < first:
        yield Breach.at(
            fact,
            "date-order",
            f"last day to subscribe {last} lies before the first, {first}, of {action}",
            "correct the dates",
            about="subscription",
        )
    record, _ = terms.stated(lambda r: r.record_date)
    if record is None:
        return
    effect, _ = terms.stated(lambda r: r.planned_for)
    actual, _ = terms.stated(lambda r: r.actual_record_date)
    ex_date, _ = terms.stated(lambda r: r.ex_date)
    if effect is not None and record > effect:
        yield Breach.at(
            fact,
            "date-order",
            f"record date {record} lies after {resolution.effect[1]} {effect} of {action}",
            "correct the dates",
        )
    if actual is not None and actual > record:
        yield Breach.at(
            fact,
            "date-order",
            f"actual record date {actual} lies after record date {record} of {action}",
            "the actual record date is the last business day on or before the record date",
            about="actual",
        )
    if ex_date is not None and ex_date > record and not resolution.ex_date_may_follow:
        name = f"ex-{resolution.ex_what} date"
        yield Breach.at(fact, "ex-date", f"{name} {ex_date} lies after record date {record}")


def _unapproved(fact: Fact, terms: Terms) -> Iterator[Breach]:
    if terms.meeting is None:
        return
    event, (_, resolution) = fact.event, terms.stating[0]
    meeting_expected, _ = terms.stated(lambda r: r.meeting_expected)
    expected = f", expected on {meeting_expected}" if meeting_expected else ""
    yield Breach.at(
        fact,
        "approval-needed",
        f"{resolution.effect[0]} of {event.action} on {event.on} before its approval: resolved on "
        f"{resolution.on}, it awaits the {terms.meeting}{expected}",
        f"record the approval first: capital {kind_of([fact]).kind} approve "
        f"{quoted(event.issuer)} {quoted(event.action)} --on DATE",
    )


def reductions_of_capital(context: Context) -> Iterator[Breach]:
    """A reduction that a meeting of shareholders must approve names that meeting."""
    for fact in context.history.actions.get("issuer", []):
        event = fact.event
        if not isinstance(event, CapitalReduced) or event.approval not in BY_MEMBERS:
            continue
        if not decided_by_members(event):
            yield Breach.at(
                fact,
                "approval-needed",
                f"reduction of capital on {event.on} without its approval: no meeting of "
                f"shareholders is named, and it needs the {event.approval}",
                f"name the meeting: --meeting-body {event.approval} --meeting-held-on DATE",
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


def nothing_after_closing(context: Context) -> Iterator[Breach]:
    """Nothing happens to a closed class; what is owed from an earlier record date is still paid."""
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
                    "correct the date, or reverse the closing",
                    about="closed",
                )


def _touches_the_class(context: Context, fact: Fact, closed: Fact) -> bool:
    event, kind = fact.event, kind_of([fact])
    if isinstance(event, ClassEvent):
        return event.moment is not Moment.REPORT
    if isinstance(event, Execution):
        return True
    if not kind.is_owed:
        return event.moment is Moment.RESOLUTION or isinstance(event, kind.carried_out_by)
    if not isinstance(event, Resolution):
        return False
    facts = context.history.actions[event.action]
    terms = Terms(facts[: facts.index(fact) + 1])
    record, _ = terms.stated(lambda r: r.record_date)
    return record is None or record > closed.event.on
