"""How many of the shares that were resolved are issued, disposed of or cancelled by a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.counts.day_order import Moment
from ledger.events.event import Event
from ledger.events.execution import Execution, GivenUp
from ledger.events.recorded import Fact
from ledger.events.resolution import Resolution
from ledger.history.history import KnownHistory


@dataclass(frozen=True, slots=True)
class Progress:
    """The shares of a plan, in the shares of the day asked about."""

    resolved: int
    carried_out: int
    lapsed: int
    left: int


def progress(known: KnownHistory, facts: Sequence[Fact], on: date) -> Progress | None:
    """The progress of a plan at the close of a day; None where it states no number of shares."""
    so_far = [fact.event for fact in facts if fact.event.on <= on]
    resolutions = [e for e in so_far if isinstance(e, Resolution)]
    resolved = next((e for e in resolutions if e.moment is Moment.RESOLUTION), None)
    if resolved is None or resolved.shares is None:
        return None
    positions = known.positions(resolved.share_class or "")

    def shares(events: Sequence[Event]) -> int:
        moved = [
            (e.on, e.shares) for e in events if isinstance(e, Execution | GivenUp | Resolution)
        ]
        restated = [(count or 0) * positions.ratio(day, on) for day, count in moved]
        return int(sum(restated, Fraction(0)))

    ends = [e for e in so_far if isinstance(e, GivenUp)]
    planned = shares([resolved])
    carried_out = shares([e for e in so_far if isinstance(e, Execution)])
    rest = max(planned - carried_out, 0)
    # An end that states no number ends the rest.
    lapsed = rest if any(end.shares is None for end in ends) else shares(ends)
    return Progress(planned, carried_out, lapsed, max(rest - lapsed, 0))
