"""A state of knowledge: what a question may know, recorded or disclosed by when."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Self

from ledger.errors import BadInput


class KnownBy(StrEnum):
    """Whose knowledge: this ledger's, or the public's."""

    RECORDED = "recorded"
    DISCLOSED = "disclosed"


class _Knowledge(NamedTuple):
    at: int | date | datetime | None
    by: KnownBy


class Knowledge(_Knowledge):
    """A state of knowledge: everything, or what was recorded or disclosed by then.

    A date means the end of that day: the UTC day of recording, the day of disclosure as written.
    """

    __slots__ = ()

    def __new__(
        cls, at: int | date | datetime | None = None, by: KnownBy = KnownBy.RECORDED
    ) -> Self:
        """Raises BadInput for an entry number where knowledge is the public's."""
        if isinstance(at, int) and by is KnownBy.DISCLOSED:
            raise BadInput(
                f"--known-at {at} is an entry number: entries say when this ledger learnt a "
                "fact, not when the public could",
                "with --known-by disclosed give a date or a date-time",
            )
        return super().__new__(cls, at, by)

    def includes_time(self, recorded_at: datetime) -> bool:
        """Whether what was recorded then was known; an entry number says nothing of times."""
        return self.at is None or isinstance(self.at, int) or by_then(recorded_at, self.at)


def by_then(moment: date | datetime, at: int | date | datetime) -> bool:
    """Whether it had happened: as instants; as soon as one side is a day, by days as written."""
    if isinstance(moment, datetime) and isinstance(at, datetime):
        return moment <= at
    day = moment.date() if isinstance(moment, datetime) else moment
    limit = at.date() if isinstance(at, datetime) else at
    return isinstance(limit, date) and day <= limit


EVERYTHING = Knowledge()
