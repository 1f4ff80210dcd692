"""What every query is asked: for which day, by whose knowledge, counted how, in which shares."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from ledger.counts.axes import EVERYTHING, Knowledge
from ledger.counts.basis import Basis

if TYPE_CHECKING:
    from ledger.history.history import History


class Question(NamedTuple):
    """The three axes of time, and the shares the answer is told in (domain.md, section 1)."""

    on: date
    knowledge: Knowledge = EVERYTHING
    basis: Basis = Basis.SETTLEMENT
    share_basis: date | None = None

    @property
    def shares_of(self) -> date:
        """The day in whose shares figures are told; by default the day asked about."""
        return self.on if self.share_basis is None else self.share_basis


class Asked(NamedTuple):
    """The question, repeated in the answer."""

    on: date
    known_at: int | date | datetime | None
    known_by: str
    basis: str
    share_basis: date
    entry: int | None
    """The last entry the answer saw."""


def asked(question: Question, history: History) -> Asked:
    """The question as it was put to this (known) history."""
    return Asked(
        question.on,
        question.knowledge.at,
        question.knowledge.by,
        question.basis,
        question.shares_of,
        history.last_entry,
    )


class MoneyAnswer(NamedTuple):
    """An amount as it travels: text, and its currency."""

    amount: str
    currency: str
