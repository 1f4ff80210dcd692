"""One issuer's record as import lines."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.lines.line import line_of, line_order


def export_lines(known: KnownHistory) -> Iterator[dict[str, object]]:
    """Every fact of one issuer as a line, with reversed facts and reversals, in order of effect."""

    def order(fact: Fact) -> tuple[object, ...]:
        return *line_order(fact.event), fact.entry.number, fact.line

    for fact in sorted(known.facts, key=order):
        yield line_of(fact.event)
