"""The benchmark's own arithmetic of shares: what every answer is held against.

Nothing of the ledger is imported: integers, days and one heap of what is not settled yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from heapq import heappop, heappush
from typing import NamedTuple

FRIDAY = 4


class Counts(NamedTuple):
    """Issued and treasury shares of one class; outstanding is what is left."""

    issued: int
    treasury: int

    @property
    def outstanding(self) -> int:
        return self.issued - self.treasury


class Move(NamedTuple):
    """What one line changes, on the day it is settled."""

    day: date
    issued: int
    treasury: int


class Tally:
    """Counts of one class as days go by, noted at the end of the days asked about.

    It holds the present counts and what is traded but not settled, and never the past: so a
    million events take no more room than ten.
    """

    def __init__(self, opening: Counts, noted_on: Iterable[date]) -> None:
        self.counts = opening
        self.noted: dict[date, Counts] = {}
        self._to_note = sorted(noted_on, reverse=True)
        self._unsettled: list[Move] = []

    def add(self, move: Move) -> None:
        """Settle this when its day has come."""
        heappush(self._unsettled, move)

    def come_to(self, day: date) -> Counts:
        """The counts at the end of `day`; days only go forward."""
        self._note_before(day)
        self._settle(day)
        return self.counts

    def split(self, day: date, new: int, old: int) -> Move:
        """Each count times new for old, rounded down, at the start of `day`."""
        self._note_before(day)
        self._settle(day - timedelta(days=1))
        issued, treasury = self.counts
        self.counts = Counts(issued * new // old, treasury * new // old)
        return Move(day, self.counts.issued - issued, self.counts.treasury - treasury)

    def _note_before(self, day: date) -> None:
        while self._to_note and self._to_note[-1] < day:
            noted = self._to_note.pop()
            self._settle(noted)
            self.noted[noted] = self.counts

    def _settle(self, day: date) -> None:
        while self._unsettled and self._unsettled[0].day <= day:
            _, issued, treasury = heappop(self._unsettled)
            self.counts = Counts(self.counts.issued + issued, self.counts.treasury + treasury)


def weekday_after(day: date, days: int) -> date:
    """So many weekdays later; with 0, the day itself or the Monday after it."""
    while day.weekday() > FRIDAY:
        day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=3 if day.weekday() == FRIDAY else 1)
    return day


def weekdays(first: date, last: date) -> Iterator[date]:
    """Every weekday from first to last."""
    day = weekday_after(first, 0)
    while day <= last:
        yield day
        day = weekday_after(day, 1)
