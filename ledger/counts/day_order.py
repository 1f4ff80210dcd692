"""The order of facts within one day: one table, each row with its reason."""

from __future__ import annotations

from enum import IntEnum


class Moment(IntEnum):
    """When in its day an event takes effect; ties go by entry, then line (domain.md, section 1)."""

    REGISTRATION = 0
    """A class or an issuer exists before anything happens to it."""
    GAP_CLOSED = 10
    """An adjustment `until` yesterday is taken back at the start of today, before any split."""
    FORECAST = 20
    """A forecast is overtaken by a resolution of the same day."""
    RESOLUTION = 21
    """A resolution and its effect may fall on one day."""
    AMENDMENT = 22
    """A cap enlarged today already covers today's purchases."""
    APPROVAL = 23
    """A meeting votes on what was proposed, as amended; payment may follow the same day."""
    AUTHORIZED_CHANGE = 30
    """The articles are amended first, so that a split or an issue of the day finds its room."""
    SPLIT = 31
    """A split takes effect before the market opens: the rest of its day is in new shares."""
    ADJUSTMENT = 32
    """A gap between two published counts, closed before the day's own movements."""
    ISSUE = 33
    ACQUISITION = 34
    """Shares come in before they go out on the same day ..."""
    DISPOSAL = 35
    CANCELLATION = 36
    """... and a program may buy and cancel on one day."""
    PAYMENT = 40
    LAPSE = 41
    OPENING = 50
    """A stated position is the count at the close of its day: it already holds the day's moves."""
    REPORT = 51
    """A published count is compared with everything its day did."""
    END = 60
    """Completion, withdrawal and closing end the day they fall on."""
    CORRECTION = 70
    """A reversal has no place of its own in time: it acts through knowledge alone."""
