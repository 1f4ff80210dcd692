"""The counts of a class side by side, and every event that moved one of them."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.counts.counts import Counts
from ledger.history.facts import AnyKnown
from projections.explain.lines import RESTATED, Explained, no_event
from projections.origin import Origin, origin
from projections.question import Question
from projections.shares.counts import ShareCounts, side_by_side
from projections.shares.positions import changes, differences, share_counts, told_counts


@dataclass(frozen=True, slots=True)
class SharesLine:
    """One event behind the counts: its changes, and the counts after it.

    A change is null where the count before or after it is unknown. The explanation of a single
    count begins at the opening and bridges such gaps.
    """

    origin: Origin
    issued_change: int | None
    treasury_change: int | None
    outstanding_change: int | None
    issued: int | None
    treasury: int | None
    outstanding: int | None


@dataclass(frozen=True, slots=True)
class SharesTotal:
    """The three counts, as the answer has them."""

    issued: int | None
    treasury: int | None
    outstanding: int | None


SharesExplained = Explained[ShareCounts, SharesLine, SharesTotal]


def explain_shares(known: AnyKnown, share_class: str, question: Question) -> SharesExplained:
    """The events behind the counts; raises BadInput for all classes at once."""
    answer = share_counts(known, share_class, question)
    lines = [
        _line(origin(known.by_key[position.step.key], position.step.day), before, after)
        for position, before, after in changes(known, share_class, question)
    ]
    positions = known.positions(share_class, question.basis)
    counts, restated = positions.at(question.on), told_counts(positions, question).as_answered()
    if side_by_side(counts)[1:] != side_by_side(restated)[1:]:
        lines.append(_line(no_event(RESTATED, question.shares_of), counts, restated))
    total = SharesTotal(answer.issued, answer.treasury, answer.outstanding)
    return Explained(known.issuer, share_class, "shares", answer, lines, total, answer.reason)


def _line(where: Origin, before: Counts, after: Counts) -> SharesLine:
    return SharesLine(where, *differences(before, after), *side_by_side(after)[1:])
