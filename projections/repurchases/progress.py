"""How far a repurchase program had got after each of its purchases, against both caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.actions.repurchase import Program, SharesRepurchased
from ledger.history.history import KnownHistory
from ledger.values.numbers import percent_text
from projections.money import money
from projections.origin import Origin, origin
from projections.question import MoneyAnswer, Question
from projections.repurchases.programs import RepurchaseAnswer


@dataclass(frozen=True, slots=True)
class ProgressPoint:
    """A program at the close of the trade date of one purchase; null where a figure is unknown."""

    on: date
    origin: Origin
    shares: int | None
    """Cumulative, in the shares the question is told in."""
    amount: MoneyAnswer | None
    """Cumulative, without fees."""
    shares_percent: str | None
    """Of the cap in force that day, half-up, two decimals."""
    amount_percent: str | None


def program_progress(
    known: KnownHistory, question: Question, program: RepurchaseAnswer
) -> list[ProgressPoint]:
    """The purchases of a program up to the close of the day asked about, oldest first.

    The last point says of shares and amount what `repurchases` answers.
    """
    restatement = known.positions(program.share_class).restatement
    so_far = Program(restatement=restatement)
    points = []
    for fact in known.actions.get(program.action, []):
        if fact.event.on > question.on:
            break  # facts are in order of effect
        so_far.take(fact)
        if isinstance(fact.event, SharesRepurchased):
            points.append(_point(so_far, question, fact.event.on, origin(fact)))
    return points


def _point(program: Program, question: Question, on: date, where: Origin) -> ProgressPoint:
    bought = program.shares_bought(question.shares_of)
    of_cap = program.shares_bought(program.max_shares_as_of or on)
    paid, cap = program.amount_paid, program.max_amount
    return ProgressPoint(
        on,
        where,
        None if bought is None else int(bought),
        money(paid, program.currency),
        None
        if program.max_shares is None or of_cap is None
        else percent_text(of_cap, program.max_shares),
        None if cap is None or paid is None else percent_text(paid, cap.exact),
    )
