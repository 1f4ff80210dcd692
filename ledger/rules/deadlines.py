"""How long the law leaves for what has to be done, by profile: data, each with its article."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.actions.issuer import ProfileName


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
