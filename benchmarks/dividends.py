"""Dividends of one company: resolved, approved, paid; totals stated as filings state them."""

from __future__ import annotations

from datetime import date
from random import Random

from benchmarks.lines import Line, Lines
from benchmarks.tally import Tally

MILLION = 10**6


class Dividends:
    """A year-end dividend that the general meeting approves, and an interim one of the board.

    The stated total has to agree with per share x outstanding at the end of the record date, so
    every one that is imported proves the ledger's count of that day.
    """

    def __init__(self, lines: Lines, tally: Tally, rng: Random) -> None:
        self._lines, self._tally, self._rng = lines, tally, rng

    def resolve(self, on: date) -> Line:
        """The year-end dividend, put before the general meeting."""
        record = date(on.year, 3, 31)
        line = self._resolved(on, record, "YEAR_END", record)
        return line | {"payable_on": f"{on.year}-06-24", "approval": "AGM"}

    def approve(self, on: date) -> Line:
        """The meeting's approval."""
        line = self._lines.line(f"dividend-{on.year}-03-31", "DividendApproved", on)
        return line | {"meeting": {"body": "AGM", "held_on": str(on)}}

    def pay(self, on: date) -> Line:
        """The year-end dividend, in full."""
        return self._lines.line(f"dividend-{on.year}-03-31", "DividendPaid", on)

    def resolve_interim(self, on: date) -> Line:
        """The interim dividend, decided by the board alone."""
        record, year_end = date(on.year, 9, 30), date(on.year + 1, 3, 31)
        return self._resolved(on, record, "INTERIM", year_end) | {"payable_on": f"{on.year}-12-04"}

    def pay_interim(self, on: date) -> Line:
        """The interim dividend, in full."""
        return self._lines.line(f"dividend-{on.year}-09-30", "DividendPaid", on)

    def _resolved(self, on: date, record: date, term: str, year_end: date) -> Line:
        self._tally.come_to(on)
        cents = self._rng.randint(500, 4000)
        total = cents * self._tally.noted[record].outstanding // 100
        line = self._lines.resolution(f"dividend-{record}", "DividendResolved", on)
        line |= {"term": term, "fiscal_year_end": str(year_end), "record_date": str(record)}
        stated = self._lines.money(total - total % MILLION)
        line |= {"per_share": f"{cents // 100}.{cents % 100:02}", "currency": stated["currency"]}
        return line | {"stated_total": stated | {"unit": str(MILLION), "rounding": "DOWN"}}
