"""What every query is asked: for which day, by whose knowledge, counted how, in which shares."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from ledger.counts.basis import Basis
from ledger.history.knowledge import EVERYTHING, Knowledge

if TYPE_CHECKING:
    from ledger.history.facts import AnyKnown


class Question(NamedTuple):
    """The three axes of time, and the shares the answer is told in (domain.md, section 1)."""

    on: date
    knowledge: Knowledge = EVERYTHING
    """For `History.as_of`; a projection takes the known history, and looks there."""
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


def asked(question: Question, known: AnyKnown) -> Asked:
    """The question as it was put to what was known then."""
    return Asked(
        question.on,
        known.knowledge.at,
        known.knowledge.by,
        question.basis,
        question.shares_of,
        known.last_entry,
    )


class MoneyAnswer(NamedTuple):
    """An amount as it travels: text, and its currency."""

    amount: str
    currency: str
