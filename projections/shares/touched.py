"""The counts of the classes that an entry changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from projections.question import Question
from projections.shares.counts import ShareCounts
from projections.shares.positions import share_counts


def counts_after(known: KnownHistory, facts: Iterable[Fact]) -> list[ShareCounts]:
    """The counts of each class of the facts, on the latest day on which one takes effect."""
    days: dict[str, date] = {}
    for fact in facts:
        event, code = fact.event, fact.event.share_class
        if code is not None and code in known.classes and event.is_dated:
            days[code] = max(event.settles or event.on, days.get(code, date.min))
    return [share_counts(known, code, Question(day)) for code, day in sorted(days.items())]
