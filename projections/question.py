"""The parts of a question: the day, the knowledge, the basis, and the shares of the answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from ledger.counts.basis import Basis
from ledger.history.knowledge import EVERYTHING, Knowledge

if TYPE_CHECKING:
    from ledger.history.facts import AnyKnown


class Question(NamedTuple):
    """The three axes of time, and the share basis of the answer (domain.md, section 1)."""

    on: date
    knowledge: Knowledge = EVERYTHING
    """For `History.as_of`; a projection looks only at the known history that it is given."""
    basis: Basis = Basis.SETTLEMENT
    share_basis: date | None = None

    @property
    def shares_of(self) -> date:
        """Figures are in the shares of this day; by default the day asked about."""
        return self.on if self.share_basis is None else self.share_basis


class Asked(NamedTuple):
    """The question, repeated in the answer."""

    on: date
    known_at: int | date | datetime | None
    known_by: str
    basis: str
    share_basis: date
    entry: int | None
    """The last entry that was known."""


def asked(question: Question, known: AnyKnown) -> Asked:
    """The question, with the last entry that was known."""
    return Asked(
        question.on,
        known.knowledge.at,
        known.knowledge.by,
        question.basis,
        question.shares_of,
        known.last_entry,
    )


class MoneyAnswer(NamedTuple):
    """An amount in an answer: text, and its currency."""

    amount: str
    currency: str
