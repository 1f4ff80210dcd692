"""The terms of an issuer's registration: profile, currency, fiscal year."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class ProfileName(StrEnum):
    """The country whose rules apply; with `none`, only the arithmetic is checked."""

    JP = "jp"
    US = "us"
    UK = "uk"
    NONE = "none"


class FiscalYearLabel(StrEnum):
    """Whether FY2017 is the year that begins or that ends in 2017."""

    BEGIN = "begin"
    END = "end"


@dataclass(frozen=True, slots=True)
class IssuerTerms:
    """What the registration states, with the later changes of the fiscal year."""

    currency: str | None = None
    profile: ProfileName = ProfileName.NONE
    label: FiscalYearLabel = FiscalYearLabel.END
    name: str | None = None
    year_ends: tuple[tuple[date, str], ...] = ()
    """Pairs of a day, and the month and day on which the fiscal year ends from then on."""

    def fiscal_year(self, fiscal_year_end: date) -> str:
        """FY2017 for the year ended 2018-03-31, if years are named after their beginning.

        Years of 52 or 53 weeks end some days before or after their nominal end, and are named after
        the nominal end.
        """
        end = self._nominal_end_near(fiscal_year_end) or fiscal_year_end
        if self.label is FiscalYearLabel.END:
            return f"FY{end.year}"
        return f"FY{(_year_before(end) + DAYS_OFF_AT_MOST).year}"

    def _nominal_end_near(self, day: date) -> date | None:
        for _, month_day in reversed(self.year_ends):
            for year in (day.year - 1, day.year, day.year + 1):
                nominal = _in_year(month_day, year)
                if abs(nominal - day) <= DAYS_OFF_AT_MOST:
                    return nominal
        return None

    def fiscal_year_end(self, year: int) -> date | None:
        """The nominal end of the fiscal year labelled `year`; None where the end is unknown."""
        if not self.year_ends:
            return None
        for since, month_day in reversed(self.year_ends):
            for end in (_in_year(month_day, year), _in_year(month_day, year + 1)):
                if self.fiscal_year(end) == f"FY{year}" and end >= since:
                    return end
        return None

    def year_ends_since(self, day: date) -> list[date]:
        """The nominal ends of the fiscal years from a day on, for two years; none if unknown."""
        changes = [*(since for since, _ in self.year_ends[1:]), date.max]
        return sorted(
            end
            for (since, month_day), until in zip(self.year_ends, changes, strict=False)
            for year in range(day.year, day.year + 3)
            if max(since, day) <= (end := _in_year(month_day, year)) < until
        )


DAYS_OFF_AT_MOST = timedelta(days=8)
"""How far a year of 52 or 53 weeks may end from its nominal day."""


def _in_year(month_day: str, year: int) -> date:
    month, day = (int(part) for part in month_day.split("-"))
    return date(year, month, min(day, monthrange(year, month)[1]))


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return date(day.year - 1, 2, 28)
