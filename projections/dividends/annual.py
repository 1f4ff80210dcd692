"""The parts of a fiscal year's bar in a chart: decided dividends by term, and forecasts."""

from __future__ import annotations

from ledger.actions.dividend import Term
from projections.dividends.dividend import COUNTED, DividendAnswer
from projections.dividends.fiscal_years import AT_YEAR_END, BEFORE_YEAR_END, FiscalYear

GROUPS = ("interim", "year-end", "special", "forecast")


def group_of(dividend: DividendAnswer) -> str | None:
    """The part of the bar for a dividend; None if it was given up, or is settled in shares."""
    if dividend.state == "forecast":
        return "forecast"
    if dividend.state not in COUNTED or dividend.per_share is None:
        return None
    if dividend.term in BEFORE_YEAR_END:
        return "interim"
    return "year-end" if dividend.term in AT_YEAR_END else "special"


def bar_of(year: FiscalYear) -> list[tuple[str, DividendAnswer]]:
    """The dividends of a year that are drawn, each with its group, in the order of the groups.

    A forecast of the whole year is drawn only where no part of the year is known.
    """
    drawn = [(group, d) for d in year.dividends if (group := group_of(d)) is not None]
    parts = [(group, d) for group, d in drawn if d.term is not Term.ANNUAL]
    return sorted(parts or drawn, key=lambda part: GROUPS.index(part[0]))
