"""The days that matter: record dates, meetings, payments, windows, reports, and what is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ledger.actions.dividend import Dividend, DividendTerms, dividend_at
from ledger.actions.execution import Plan, PlannedAction
from ledger.actions.repurchase import (
    Program,
    Repurchase,
    RepurchaseReported,
    SharesRepurchased,
    program_at,
)
from ledger.events.recorded import Fact
from ledger.history.history import History
from ledger.rules.deadlines import MONTHLY_REPORTS, RECORD_DATE_LIMITS, RETURNS_OF_PURCHASES
from ledger.values.fields import Source
from projections.question import Asked, Question, asked


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
class Deadline:
    """One day of one action."""

    day: date
    what: str
    action: str
    kind: str
    share_class: str | None
    asked: Asked
    state: Progress
    done_on: date | None
    done_entry: int | None
    law: str | None
    """How long the law leaves, and where that is written."""
    stated_by: str
    """The event that states the day, or that it is counted from ..."""
    stated_entry: int
    """... and its entry."""
    source: Source | None


@dataclass(frozen=True, slots=True)
class _Day:
    """A day before it is judged."""

    day: date
    what: str
    stated: Fact
    done: Fact | None = None
    law: str | None = None
    otherwise: Progress = Progress.OVERDUE
    """What it is when it is over with nothing recorded."""


def deadlines(
    history: History,
    question: Question,
    share_class: str | None = None,
    first: date | None = None,
    until: date | None = None,
) -> list[Deadline]:
    """The days of every action known and begun by the day asked about, in order.

    From `first` to `until`; without `first` those from the day asked about on, and what is overdue.
    """
    known = history.known(question.knowledge)
    about = asked(question, known)
    found = []
    for facts in known.actions.values():
        event = facts[0].event
        so_far = [fact for fact in facts if fact.event.on <= question.on]
        if not so_far or share_class not in (None, event.share_class):
            continue
        ended = _called_off_on(so_far, question.on)
        found += [
            _judged(item, question.on, about, ended) for item in _days(known, so_far, question.on)
        ]
    chosen = [
        line
        for line in found
        if (until is None or line.day <= until)
        and (
            line.day >= first
            if first is not None
            else line.day >= question.on or line.state is Progress.OVERDUE
        )
    ]
    return sorted(chosen, key=lambda line: (line.day, line.action, line.what))


def _days(known: History, facts: Sequence[Fact], on: date) -> Iterator[_Day]:
    kind = facts[0].event.action_type
    if kind is Dividend:
        yield from _dividend(known, facts, on)
    elif kind is Repurchase:
        yield from _repurchase(known, facts, on)
    elif issubclass(kind, PlannedAction):
        yield from _planned(kind.plan, facts)


def _called_off_on(facts: Sequence[Fact], on: date) -> date | None:
    """The day from which nothing of the action comes to pass any more."""
    state = facts[0].event.action_type.state(facts, on)
    ended = state is not None and state.name in ("rejected", "withdrawn", "lapsed", "terminated")
    return state.since if ended and state is not None else None


def _judged(item: _Day, on: date, about: Asked, ended: date | None) -> Deadline:
    event = item.stated.event
    if item.done is not None:
        state = Progress.DONE
    elif ended is not None and item.day > ended and item.otherwise is not Progress.NOT_RECORDED:
        state = Progress.CALLED_OFF
    elif item.day == on:
        state = Progress.TODAY
    else:
        state = Progress.AHEAD if item.day > on else item.otherwise
    return Deadline(
        item.day,
        item.what,
        event.action,
        event.action_type.kind,
        event.share_class,
        about,
        state,
        None if item.done is None else item.done.event.on,
        None if item.done is None else item.done.entry.number,
        item.law,
        event.name,
        item.stated.entry.number,
        event.source or item.stated.entry.source,
    )


def _stating(facts: Sequence[Fact], field: str) -> Fact:
    """The last of the facts that states the field."""
    return [fact for fact in facts if getattr(fact.event, field, None) is not None][-1]


# --- dividends -----------------------------------------------------------------------------------


def _dividend(known: History, facts: Sequence[Fact], on: date) -> Iterator[_Day]:
    so_far = dividend_at(facts, on)
    terms, stating = so_far.terms, so_far.stating
    if terms is None:
        return
    paid = so_far.paid[0] if so_far.paid else None
    for day, what, field in (
        (terms.ex_date, "ex-dividend date", "ex_date"),
        (terms.record_date, "record date", "record_date"),
    ):
        if day is not None:
            yield _Day(day, what, _stating(stating, field), otherwise=Progress.PASSED)
    if terms.needs_approval and terms.meeting_expected is not None:
        decided = so_far.approved or so_far.rejected
        stated = _stating(stating, "meeting_expected")
        yield _Day(terms.meeting_expected, f"{terms.approval} to approve it", stated, decided)
    if terms.payable_on is not None:
        yield _Day(terms.payable_on, "payment", _stating(stating, "payable_on"), paid)
    yield from _last_day_to_pay(known, terms, stating, paid)


def _last_day_to_pay(
    known: History, terms: DividendTerms, stating: Sequence[Fact], paid: Fact | None
) -> Iterator[_Day]:
    limit = RECORD_DATE_LIMITS.get(known.terms.profile)
    if limit is not None and terms.record_date is not None and terms.per_share:
        stated = _stating(stating, "record_date")
        last = limit.last_day(terms.record_date)
        yield _Day(last, "last day to pay, by the record date", stated, paid, limit.words)


# --- repurchase programs -------------------------------------------------------------------------


def _repurchase(known: History, facts: Sequence[Fact], on: date) -> Iterator[_Day]:
    program = program_at(facts, on)
    passed = Progress.PASSED
    if program.begins is not None:
        yield _Day(
            program.begins, "first day of purchases", _stating(facts, "from_"), otherwise=passed
        )
    if program.until is not None:
        ended = program.ended
        stated = _stating(facts, "until")
        yield _Day(program.until, "last day of purchases", stated, ended, otherwise=passed)
    yield from _status_reports(known, facts, program, on)
    yield from _returns(known, facts)


def _status_reports(
    known: History, facts: Sequence[Fact], program: Program, on: date
) -> Iterator[_Day]:
    """One for each month from that of the resolution to that in which the period ends."""
    report = MONTHLY_REPORTS.get(known.terms.profile)
    if report is None or program.authorized is None:
        return
    last = program.until or on
    if program.ended is not None:
        last = min(last, program.ended.event.on)
    month = program.authorized.event.on.replace(day=1)
    while month <= last:
        following = (month + timedelta(days=31)).replace(day=1)
        filed = [
            fact
            for fact in facts
            if isinstance(fact.event, RepurchaseReported) and month <= fact.event.on < following
        ]
        yield _Day(
            report.due(month),
            f"status report of {month:%Y-%m}",
            program.authorized,
            filed[-1] if filed else None,
            report.words,
            Progress.NOT_RECORDED,
        )
        month = following


def _returns(known: History, facts: Sequence[Fact]) -> Iterator[_Day]:
    """One for each month of deliveries, due by the first of them."""
    limit = RETURNS_OF_PURCHASES.get(known.terms.profile)
    if limit is None:
        return
    first_of: dict[str, tuple[date, Fact]] = {}  # the month's first delivery
    for fact in facts:
        event = fact.event
        if isinstance(event, SharesRepurchased) and event.shares:
            delivered = event.settled_on or event.on
            month = f"{delivered:%Y-%m}"
            if month not in first_of or delivered < first_of[month][0]:
                first_of[month] = delivered, fact
    for month, (delivered, fact) in first_of.items():
        yield _Day(
            limit.last_day(delivered),
            f"return of shares delivered in {month}",
            fact,
            None,
            limit.words,
            Progress.NOT_RECORDED,
        )


# --- what is resolved first and carried out later ------------------------------------------------


def _planned(plan: Plan, facts: Sequence[Fact]) -> Iterator[_Day]:
    resolved = [fact for fact in facts if isinstance(fact.event, plan.resolution)]
    if not resolved:
        return
    done = [fact for fact in facts if isinstance(fact.event, plan.execution)]
    event = resolved[0].event
    record_date = getattr(event, "record_date", None)
    if record_date is not None:
        yield _Day(record_date, "record date", resolved[0], otherwise=Progress.PASSED)
    effective_on = getattr(event, "effective_on", None)
    if effective_on is not None:
        yield _Day(effective_on, "effect", resolved[0], done[-1] if done else None)
