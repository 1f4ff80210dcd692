"""How long the law leaves for what has to be done, by profile, and the days that follow from it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.actions.dividend import dividend_at
from ledger.actions.repurchase import (
    RepurchaseReported,
    SharesRepurchased,
    program_at,
)
from ledger.events.kinds import CalendarDay, Progress
from ledger.events.recorded import Fact
from ledger.events.resolution import Terms
from ledger.events.terms import ProfileName


@dataclass(frozen=True, slots=True)
class Limit:
    """A period of months, or of days, that begins the day after some day."""

    words: str
    """How long it is, and where that is written."""
    months: int = 0
    days: int = 0

    def last_day(self, since: date) -> date:
        """The last day of the period."""
        return months_after(since, self.months) if self.months else since + timedelta(self.days)


RECORD_DATE_LIMITS = {
    ProfileName.JP: Limit("three months (Companies Act art. 124(2))", months=3),
    ProfileName.US: Limit("60 days", days=60),  # Delaware GCL s. 213(c)
}
"""Within which a right of the record date is exercised, a dividend paid."""


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """A report on each month of a program, due on a day of the next month."""

    words: str
    due_day: int

    def due(self, month: date) -> date:
        """The day on which the report of the month of this day is due."""
        first_of_next = month.replace(day=1) + timedelta(days=31)
        return first_of_next.replace(day=self.due_day)


MONTHLY_REPORTS = {
    ProfileName.JP: MonthlyReport("Financial Instruments and Exchange Act art. 24-6(1)", 15),
}
"""From the month of the resolution to that in which the period of purchases ends."""

RETURNS_OF_PURCHASES = {
    # The 28 days begin with the day of delivery, which is the first of them.
    ProfileName.UK: Limit("28 days (Companies Act 2006 s. 707(1))", days=27),
}
"""Within which the registrar has the return of shares delivered."""


def months_after(day: date, months: int) -> date:
    """The last day of a period of months that begins the day after `day`.

    Civil Code (Japan) arts. 140 and 143: the first day is not counted, and the period ends the
    day before the corresponding day: three months from 30 September end on 31 December.
    """
    first = day + timedelta(days=1)
    month = first.month - 1 + months
    year, month = first.year + month // 12, month % 12 + 1
    last = monthrange(year, month)[1]
    if first.day > last:
        return date(year, month, last)
    return date(year, month, first.day) - timedelta(days=1)


# --- the days of an action ------------------------------------------------------------------------


def _last_day_to_pay(
    facts: Sequence[Fact], profile: ProfileName, on: date
) -> Iterator[CalendarDay]:
    limit = RECORD_DATE_LIMITS.get(profile)
    so_far = dividend_at(facts, on)
    terms = so_far.terms
    if limit is None or terms is None or terms.record_date is None or terms.per_share == 0:
        return
    _, stated = Terms(facts).stated(lambda r: r.record_date)
    assert stated is not None
    done = so_far.carried_out
    paid = done[0] if done else None
    last = limit.last_day(terms.record_date)
    yield CalendarDay(last, "last day to pay, by the record date", stated, paid, limit.words)


def _status_reports(facts: Sequence[Fact], profile: ProfileName, on: date) -> Iterator[CalendarDay]:
    """One for each month from that of the resolution to that in which the period ends."""
    report = MONTHLY_REPORTS.get(profile)
    program = program_at(facts, on)
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
        yield CalendarDay(
            report.due(month),
            f"status report of {month:%Y-%m}",
            program.authorized,
            filed[-1] if filed else None,
            report.words,
            Progress.NOT_RECORDED,
        )
        month = following


def _returns(facts: Sequence[Fact], profile: ProfileName, on: date) -> Iterator[CalendarDay]:  # noqa: ARG001
    """One for each month of deliveries, due by the first of them."""
    limit = RETURNS_OF_PURCHASES.get(profile)
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
        yield CalendarDay(
            limit.last_day(delivered),
            f"return of shares delivered in {month}",
            fact,
            None,
            limit.words,
            Progress.NOT_RECORDED,
        )


def days_by_law(facts: Sequence[Fact], profile: ProfileName, on: date) -> Iterator[CalendarDay]:
    """The days that follow from the law, for the facts of one action until `on`."""
    for law in (_last_day_to_pay, _status_reports, _returns):
        yield from law(facts, profile, on)
