"""The sum behind a count: the opening and each movement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from ledger.counts.counts import Counts, Figure
from ledger.history.facts import AnyKnown
from projections.explain.lines import (
    ByAction,
    Explained,
    Gap,
    by_action,
    known_sum,
    moved,
    steps,
)
from projections.origin import Origin
from projections.question import Question
from projections.shares.counts import ShareCounts
from projections.shares.positions import share_counts


@dataclass(frozen=True, slots=True)
class CountLine:
    """One event behind a count: its change, and the count after it."""

    origin: Origin
    change: int | None
    """Null where a gap of unknown size opens."""
    balance: int | None
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class CountGroup:
    """One action's known change of a count, and its lines."""

    action: str | None
    """None for the restatement in the shares of another day."""
    kind: str | None
    change: int | None
    lines: list[CountLine]


CountExplained = Explained[ShareCounts, CountLine, int | None]


def explain_issued(known: AnyKnown, share_class: str, question: Question) -> CountExplained:
    """The sum behind the issued shares of one class."""
    return _explained(known, share_class, question, "issued")


def explain_outstanding(known: AnyKnown, share_class: str, question: Question) -> CountExplained:
    """The sum behind the outstanding shares of one class."""
    return _explained(known, share_class, question, "outstanding")


def _explained(known: AnyKnown, share_class: str, question: Question, what: str) -> CountExplained:
    """Every step that changed this count.

    Where the count is known, the changes add up to it exactly: they are the movements of the fold
    that the answer comes from, and the last line restates them in the shares of the answer.
    """
    answer = share_counts(known, share_class, question)
    total: int | None = getattr(answer, what)
    figure: Callable[[Counts], Figure] = attrgetter(f"{what}_figure")
    lines = []
    for where, before, after in steps(known, share_class, question):
        if figure(before) != figure(after):
            change, gap = moved(figure(before), figure(after))
            balance = figure(after.as_answered()).known
            lines.append(CountLine(where, change, balance, None if where.key is None else gap))
    reason = answer.reason if total is None else None
    return Explained(answer.issuer, answer.share_class, what, answer, lines, total, reason)


def count_by_action(explained: CountExplained) -> ByAction[ShareCounts, CountGroup, int | None]:
    """The lines grouped by action; the changes of the actions add up to the same total."""
    return by_action(explained, _group)


def _group(first: Origin, lines: list[CountLine]) -> CountGroup:
    return CountGroup(first.action, first.kind, known_sum(line.change for line in lines), lines)
