"""The months of a fiscal quarter or year, from the issuer's fiscal calendar or from days and weeks.

Fiscal months are calendar months where the fiscal year ends with a month. The ledger holds only the
nominal end of a fiscal year: a year of 52 or 53 weeks ends on another day each time, so its
quarters are given by their days, and the weeks of each month.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate, pairwise

from ledger.errors import BadInput
from ledger.events.terms import IssuerTerms
from ledger.history.history import KnownHistory
from ledger.values.fields import LAST_DAY
from projections.reports.repurchase_month.period import Period

MONTHS_IN_A_QUARTER = 3
_DAY = timedelta(days=1)


def calendar_month(year: int, month: int) -> Period:
    """The month from its first day to its last."""
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def calendar_months(whole: Period) -> list[Period]:
    """The months of a period; raises BadInput where it does not consist of whole months."""
    months = [calendar_month(whole.first.year, whole.first.month)]
    while months[-1].last < whole.last:
        following = months[-1].last + _DAY
        months.append(calendar_month(following.year, following.month))
    if (months[0].first, months[-1].last) != (whole.first, whole.last):
        raise BadInput(
            f"{whole.first} to {whole.last} are not whole calendar months",
            "say how many weeks each fiscal month has, such as --weeks 4-4-5",
        )
    return months


def months_of_weeks(whole: Period, weeks: Sequence[int]) -> list[Period]:
    """Months of so many weeks each, in order; raises BadInput where they do not fill the period."""
    days = (whole.last - whole.first + _DAY).days
    if days != 7 * sum(weeks):
        written = "-".join(map(str, weeks))
        length = f"{days // 7} weeks" + (f" and {days % 7} days" if days % 7 else "")
        raise BadInput(
            f"--weeks {written} makes {sum(weeks)} weeks, and {whole.first} to {whole.last} has "
            f"{length}",
            "a quarter of 13 weeks is 4-4-5, 4-5-4 or 5-4-4, one of 14 weeks 4-5-5, 5-4-5 or "
            "5-5-4; a year with a quarter of 14 weeks takes twelve numbers",
        )
    begins = [whole.first + timedelta(weeks=number) for number in accumulate(weeks, initial=0)]
    return [Period(first, following - _DAY) for first, following in pairwise(begins)]


def fiscal_months(known: KnownHistory, year: int, quarter: int | None = None) -> list[Period]:
    """The months of a fiscal year, named as the issuer names it, or those of one of its quarters.

    Raises BadInput where the ledger does not hold the fiscal calendar, or where it is one of weeks.
    """
    option, name = "--year", f"FY{year}"
    if quarter is not None:
        option, name = "--quarter", f"FY{year}-Q{quarter}"
    _must_end_with_months(known, option, name)
    of_name = [
        calendar_months(period)
        for period in _years_near(known.terms, year)
        if known.terms.fiscal_year(period.last) == f"FY{year}"
    ]
    if not of_name:
        raise BadInput(
            f"{option} {name} is asked for, and the ledger does not hold when FY{year} of "
            f"{known.issuer} begins",
            _by_days(option),
        )
    found = [part for months in of_name if (part := _part(months, quarter))]
    if len(of_name) > 1:
        ends = " and ".join(str(months[-1].last) for months in of_name)
        raise BadInput(
            f"{option} {name} of {known.issuer} is asked for, and the fiscal year end changed: the "
            f"years that end on {ends} have the name FY{year}",
            "give the days: "
            + " or ".join(f"{option} {part[0].first}..{part[-1].last}" for part in found),
        )
    if not found:
        (months,) = of_name
        raise BadInput(
            f"FY{year} of {known.issuer} has no quarter {quarter}: it has {len(months)} months, "
            f"from {months[0].first} to {months[-1].last}",
            f"ask for an earlier quarter, or for --year FY{year}",
        )
    return found[0]


def _part(months: list[Period], quarter: int | None) -> list[Period]:
    """The months of a quarter of a year; none where the year is shorter."""
    if quarter is None:
        return months
    part = months[MONTHS_IN_A_QUARTER * (quarter - 1) :][:MONTHS_IN_A_QUARTER]
    return part if len(part) == MONTHS_IN_A_QUARTER else []


def _must_end_with_months(known: KnownHistory, option: str, name: str) -> None:
    """Refuse a fiscal calendar that is absent or not one of calendar months."""
    asked = f"{option} {name} of {known.issuer} is asked for, and "
    if not known.terms.year_ends:
        raise BadInput(f"{asked}the ledger holds no fiscal year end of it", _by_days(option))
    for _, month_day in known.terms.year_ends:
        if not _ends_a_month(int(month_day[:2]), int(month_day[3:])):
            raise BadInput(
                f"{asked}its fiscal year ends on {month_day}, which is not the end of a month: the "
                "ledger does not hold where its fiscal months end",
                _by_weeks(option),
            )
    for fact in known.effective:
        end = getattr(fact.event, "fiscal_year_end", None)
        if isinstance(end, date) and not _ends_a_month(end.month, end.day):
            raise BadInput(
                f"{asked}entry {fact.entry.number} names a fiscal year that ends on {end}, which "
                "is not the end of a month: the ledger does not hold where its fiscal months end",
                _by_weeks(option),
            )


def _by_days(option: str) -> str:
    first = "2017-07-01" if option == "--quarter" else "2016-10-01"
    return f"give the days, such as {option} {first}..2017-09-30"


def _by_weeks(option: str) -> str:
    first = "2017-07-02" if option == "--quarter" else "2016-10-02"
    return f"give the days, and the weeks of each month: {option} {first}..2017-09-30 --weeks 5-4-4"


def _ends_a_month(month: int, day: int) -> bool:
    """Whether it is the last day of a month, in any year: February 28 stands for 29 too."""
    return day >= monthrange(2023, month)[1]


def _years_near(terms: IssuerTerms, year: int) -> Iterator[Period]:
    """The fiscal years that end about the year, each from the day after the end before it."""
    changed = [*(since for since, _ in terms.year_ends[1:]), LAST_DAY]
    ends = sorted(
        end
        for (since, month_day), until in zip(terms.year_ends, changed, strict=True)
        for number in range(year - 2, year + 3)
        if since <= (end := calendar_month(number, int(month_day[:2])).last) <= until
    )
    for before, end in pairwise(ends):
        yield Period(before + _DAY, end)
