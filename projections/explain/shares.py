"""The counts of a class side by side, and every event that moved one of them."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.history.facts import AnyKnown
from projections.explain.lines import RESTATED, Explained, no_event
from projections.origin import Origin, origin
from projections.question import Question
from projections.shares.counts import ShareCounts
from projections.shares.positions import difference, share_counts, share_history, told_counts


@dataclass(frozen=True, slots=True)
class SharesLine:
    """One event behind the counts: what it changed, and the counts after it.

    A change is null where the count before or after it is unknown: for a sum that begins at the
    opening and bridges gaps, one count at a time is explained.
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
        SharesLine(
            origin(known.by_key[change.key], change.on),
            change.issued_change,
            change.treasury_change,
            change.outstanding_change,
            change.issued,
            change.treasury,
            change.outstanding,
        )
        for change in share_history(known, share_class, question)
    ]
    positions = known.positions(share_class, question.basis)
    counts = positions.at(question.on)
    told = told_counts(positions, question).as_answered()
    if (counts.issued, counts.treasury, counts.outstanding) != (
        told.issued,
        told.treasury,
        told.outstanding,
    ):
        lines.append(
            SharesLine(
                no_event(RESTATED, question.shares_of),
                difference(counts.issued, told.issued),
                difference(counts.treasury, told.treasury),
                difference(counts.outstanding, told.outstanding),
                told.issued,
                told.treasury,
                told.outstanding,
            )
        )
    total = SharesTotal(answer.issued, answer.treasury, answer.outstanding)
    return Explained(known.issuer, share_class, "shares", answer, lines, total, answer.reason)
