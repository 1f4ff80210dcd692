"""Why a count is what it is: the opening, each movement, and their sum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ledger.counts.counts import Counts, Figure
from ledger.history.facts import AnyKnown
from projections.explain.lines import (
    RESTATED,
    ByAction,
    Explained,
    Gap,
    by_action,
    known_sum,
    moved,
    no_event,
)
from projections.origin import Origin, origin
from projections.question import Question
from projections.shares.counts import ShareCounts
from projections.shares.positions import share_counts, told_counts


@dataclass(frozen=True, slots=True)
class CountLine:
    """One event behind a count: what it moved, and the count after it."""

    origin: Origin
    change: int | None
    """Null where a gap of unknown size opens."""
    balance: int | None
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class CountGroup:
    """What one action moved a count by, as far as known, and its lines."""

    action: str | None
    """None of the restatement in the shares of another day."""
    kind: str | None
    change: int | None
    lines: list[CountLine]


CountExplained = Explained[ShareCounts, CountLine, int | None]


def explain_issued(known: AnyKnown, share_class: str, question: Question) -> CountExplained:
    """The sum behind the issued shares of one class."""
    answer = share_counts(known, share_class, question)
    return _explained(known, question, answer, answer.issued, "issued", _issued)


def explain_outstanding(known: AnyKnown, share_class: str, question: Question) -> CountExplained:
    """The sum behind the outstanding shares of one class."""
    answer = share_counts(known, share_class, question)
    return _explained(known, question, answer, answer.outstanding, "outstanding", _outstanding)


def _issued(counts: Counts) -> Figure:
    return counts.issued_figure


def _outstanding(counts: Counts) -> Figure:
    return counts.outstanding_figure


def _explained(
    known: AnyKnown,
    question: Question,
    answer: ShareCounts,
    total: int | None,
    what: str,
    figure: Callable[[Counts], Figure],
) -> CountExplained:
    """Every step that moved this count.

    Where the count is known, the changes add up to it exactly: they are those of the fold that
    the answer comes from, and the last line takes them into the shares it is told in.
    """
    positions = known.positions(answer.share_class, question.basis)
    lines = []
    for position in positions.until(question.on):
        before, after = figure(position.before), figure(position.counts)
        if before != after:
            fact = known.by_key[position.step.key]
            change, gap = moved(before, after)
            balance = figure(position.counts.as_answered()).known
            lines.append(CountLine(origin(fact, position.step.day), change, balance, gap))
    folded, told = figure(positions.folded_at(question.on)), told_counts(positions, question)
    if figure(told) != folded:
        change, _ = moved(folded, figure(told))
        balance = figure(told.as_answered()).known
        lines.append(CountLine(no_event(RESTATED, question.shares_of), change, balance, None))
    reason = answer.reason if total is None else None
    return Explained(answer.issuer, answer.share_class, what, answer, lines, total, reason)


def count_by_action(explained: CountExplained) -> ByAction[ShareCounts, CountGroup, int | None]:
    """The lines of each action together; the changes of the actions add up alike."""
    return by_action(explained, _group)


def _group(first: Origin, lines: list[CountLine]) -> CountGroup:
    return CountGroup(first.action, first.kind, known_sum(line.change for line in lines), lines)
