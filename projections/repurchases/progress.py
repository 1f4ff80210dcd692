"""The progress of a repurchase program after each of its purchases, against both caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.actions.repurchase import Program, SharesRepurchased
from ledger.history.history import KnownHistory
from projections.origin import Origin, origin
from projections.question import MoneyAnswer, Question
from projections.repurchases.programs import RepurchaseAnswer, progress_of


@dataclass(frozen=True, slots=True)
class ProgressPoint:
    """A program at the close of the trade date of one purchase; null where a figure is unknown."""

    on: date
    origin: Origin
    shares: int | None
    """Cumulative, in the shares of the day that the question names."""
    amount: MoneyAnswer | None
    """Cumulative, without fees."""
    shares_percent: str | None
    """Of the cap in force that day, half-up, two decimals."""
    amount_percent: str | None


def program_progress(
    known: KnownHistory, question: Question, program: RepurchaseAnswer
) -> list[ProgressPoint]:
    """The purchases of a program up to the close of the day asked about, oldest first.

    The last point has the same shares and amount as the answer of `repurchases`.
    """
    so_far = Program(restatement=known.positions(program.share_class).restatement)
    points = []
    for fact in known.actions.get(program.action, []):
        if fact.event.on > question.on:
            break  # facts are in order of effect
        so_far.take(fact)
        if isinstance(fact.event, SharesRepurchased):
            bought = progress_of(so_far, question, fact.event.on)
            points.append(ProgressPoint(fact.event.on, origin(fact), *bought))
    return points
