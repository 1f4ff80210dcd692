"""Distributions of another company's shares, each in the fiscal year in which it is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.actions.distribution import Distribution, DistributionEffected, DistributionResolved
from ledger.events.recorded import Fact
from ledger.events.terms import DAYS_OFF_AT_MOST, IssuerTerms
from ledger.history.history import KnownHistory
from projections.money import stated
from projections.question import MoneyAnswer, Question

A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class OtherShares:
    """The company whose shares are distributed."""

    name: str
    isin: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InKind:
    """One distribution as it stands at the close of a day: `new` shares for `old`."""

    action: str
    state: str
    of: OtherShares
    new: int
    old: int
    record_date: date | None
    ex_date: date | None
    effective_on: date | None
    effected_on: date | None
    value_per_share: MoneyAnswer | None

    @property
    def made_on(self) -> date | None:
        """The day of distribution, as made or else as planned."""
        return self.effected_on or self.effective_on or self.record_date


def in_kind_by_year(
    known: KnownHistory, share_class: str, question: Question, named: Sequence[date]
) -> dict[date | None, list[InKind]]:
    """The distributions of a class by the last day of their fiscal year; None where unknown.

    `named` are the last days of fiscal years that the dividends of the class name.
    """
    found: dict[date | None, list[InKind]] = defaultdict(list)
    for facts in known.actions.values():
        event = facts[0].event
        if event.action_type is not Distribution or event.share_class != share_class:
            continue
        so_far = [fact for fact in facts if fact.event.on <= question.on]
        answer = _answer(so_far)
        if answer is not None:
            day = answer.made_on or so_far[0].event.on
            found[_year_end(known.terms, day, named)].append(answer)
    for answers in found.values():
        answers.sort(key=lambda answer: (answer.made_on or date.max, answer.action))
    return found


def _answer(so_far: Sequence[Fact]) -> InKind | None:
    events = [fact.event for fact in so_far]
    resolved = next((e for e in events if isinstance(e, DistributionResolved)), None)
    if resolved is None:
        return None
    state = Distribution.state(so_far, events[-1].on)
    assert state is not None
    return InKind(
        action=resolved.action,
        state=state.name,
        of=OtherShares(resolved.of_.name, resolved.of_.isin),
        new=resolved.new,
        old=resolved.old,
        record_date=resolved.record_date,
        ex_date=resolved.ex_date,
        effective_on=resolved.effective_on,
        effected_on=next((e.on for e in events if isinstance(e, DistributionEffected)), None),
        value_per_share=stated(resolved.value_per_share),
    )


def _year_end(terms: IssuerTerms, day: date, named: Sequence[date]) -> date | None:
    """The last day of the fiscal year of a day: as a dividend names it, else the nominal one.

    Years of 52 or 53 weeks end some days from their nominal day.
    """
    for nominal in terms.year_ends_since(day - DAYS_OFF_AT_MOST):
        end = next((end for end in named if abs(end - nominal) <= DAYS_OFF_AT_MOST), nominal)
        if end >= day:
            return end
    return min((end for end in named if timedelta(0) <= end - day < A_YEAR), default=None)
