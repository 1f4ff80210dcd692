"""The months a report is asked for: by month, by fiscal quarter or year, by days and weeks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from commands.terminal.params import Day
from ledger.errors import BadInput
from ledger.values.fields import FIRST_YEAR, LAST_YEAR
from projections.reports.repurchase_month import (
    MONTHS_IN_A_QUARTER,
    Period,
    calendar_month,
    calendar_months,
    fiscal_months,
    months_of_weeks,
)

if TYPE_CHECKING:
    from ledger.history.history import KnownHistory

QUARTERS_IN_A_YEAR = 4


class _OfDays(click.ParamType[Any]):
    """A period written by its days, 2017-07-30..2017-08-26, or by a name."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        first, dots, last = value.partition("..")
        if not dots:
            return self.named(value, param, ctx)
        period = Period(Day().convert(first, param, ctx), Day().convert(last, param, ctx))
        if period.last < period.first:
            self.fail(f"{value!r} ends before it begins", param, ctx)
        return period

    def named(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        raise NotImplementedError


class Month(_OfDays):
    """A calendar month, 2017-08, or a fiscal month by its days."""

    name = "month"

    def named(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        match = re.fullmatch(r"(\d{4})-(\d{2})", value, re.ASCII)
        if match is None or not 1 <= int(match[2]) <= 12 or int(match[1]) == 0:  # noqa: PLR2004 - months
            self.fail(f"{value!r} is not a month; write it as 2017-08", param, ctx)
        return calendar_month(int(match[1]), int(match[2]))


class FiscalName(NamedTuple):
    """A fiscal year as the issuer names it, or one of its quarters."""

    year: int
    quarter: int | None = None


class FiscalQuarter(_OfDays):
    """A quarter of the issuer's fiscal year, FY2018-Q2 or 2018-Q2, or a quarter by its days."""

    name = "quarter"

    def named(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        match = re.fullmatch(r"(?:FY)?(\d{4})-?Q([1-4])", value, re.ASCII | re.IGNORECASE)
        if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            self.fail(
                f"{value!r} is not a quarter; write FY2018-Q2, or its days: 2017-07-01..2017-09-30",
                param,
                ctx,
            )
        return FiscalName(int(match[1]), int(match[2]))


class FiscalYear(_OfDays):
    """A fiscal year of the issuer, FY2018 or 2018, or a year by its days."""

    name = "year"

    def named(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        match = re.fullmatch(r"(?:FY)?(\d{4})", value, re.ASCII | re.IGNORECASE)
        if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            self.fail(
                f"{value!r} is not a fiscal year; write FY2018, or its days: "
                "2017-10-01..2018-09-30",
                param,
                ctx,
            )
        return FiscalName(int(match[1]))


class Weeks(click.ParamType[Any]):
    """The weeks of each fiscal month: 4-4-5; for a year also twelve numbers."""

    name = "weeks"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        if re.fullmatch(r"[3-6](-[3-6]){2}((-[3-6]){9})?", value, re.ASCII) is None:
            self.fail(
                f"{value!r} does not say how many weeks three or twelve months have; write 4-4-5",
                param,
                ctx,
            )
        return tuple(int(weeks) for weeks in value.split("-"))


@dataclass(frozen=True, slots=True)
class AskedMonths:
    """The months as typed: one of the three options, and the weeks of the months."""

    months: tuple[Period, ...]
    quarter: FiscalName | Period | None
    year: FiscalName | Period | None
    weeks: tuple[int, ...] | None

    def must_be_one_question(self) -> None:
        """Refuse options that say nothing together, before a ledger is opened."""
        given = {"--month": self.months, "--quarter": self.quarter, "--year": self.year}
        named = [option for option, value in given.items() if value]
        if not named:
            raise BadInput(
                "no month is named",
                "name a month: --month 2017-08; for us-703 also --quarter FY2018-Q2 or "
                "--year FY2018",
            )
        if len(named) > 1:
            raise BadInput(f"{' and '.join(named)} are two questions", "give one of them")
        if self.weeks is None:
            return
        if not isinstance(self.quarter or self.year, Period):
            raise BadInput(
                "--weeks is given without the days that it divides into months",
                "give them: --quarter 2017-07-02..2017-09-30 --weeks 5-4-4",
            )
        if self.quarter and len(self.weeks) != MONTHS_IN_A_QUARTER:
            raise BadInput(
                f"a quarter has three months, and --weeks names {len(self.weeks)}",
                "write three numbers: --weeks 4-4-5",
            )

    def of(self, known: KnownHistory) -> list[Period]:
        """The months, in order; raises BadInput where days are missing or counted twice."""
        whole = self.quarter or self.year
        if whole is None:
            periods = sorted(self.months, key=lambda period: period.first)
            _in_order(periods)
            return periods
        if isinstance(whole, FiscalName):
            return fiscal_months(known, *whole)
        if self.weeks is not None:
            is_each_quarter = self.year and len(self.weeks) == MONTHS_IN_A_QUARTER
            return months_of_weeks(
                whole, self.weeks * (QUARTERS_IN_A_YEAR if is_each_quarter else 1)
            )
        months = calendar_months(whole)
        if self.quarter and len(months) != MONTHS_IN_A_QUARTER:
            raise BadInput(
                f"a quarter has three months, and {whole.first} to {whole.last} has {len(months)}",
                "give the days of three months, or ask for a year: --year FIRST..LAST",
            )
        return months


def _in_order(periods: Sequence[Period]) -> None:
    """Refuse gaps and overlaps: the total would lack days, or count them twice."""
    for before, after in pairwise(periods):
        if after.first != before.last + timedelta(days=1):
            raise BadInput(
                f"the months are not consecutive: one ends on {before.last}, the next begins on "
                f"{after.first}",
                "give consecutive months",
            )
