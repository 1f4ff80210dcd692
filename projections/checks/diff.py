"""The differences between two states of knowledge, and the events behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.events.event import EventReversed
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from projections.actions.actions import actions
from projections.dividends.fiscal_years import fiscal_years
from projections.question import Question
from projections.repurchases.programs import repurchases
from projections.shares.positions import share_counts


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure that differs between the two states of knowledge."""

    what: str
    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class LearntEvent:
    """An event that only one of the two states of knowledge holds."""

    action: str
    event: str
    key: str
    on: date | None
    entry: int
    reverses: str | None
    known_to: str
    """`B` if only the second state has it, `A` if only the first (disclosed knowledge)."""


@dataclass(frozen=True, slots=True)
class KnowledgeDiff:
    """The answers for one day, under two states of knowledge."""

    issuer: str
    on: date
    known_at: list[str | None]
    figures: list[ChangedFigure]
    events: list[LearntEvent]


def diff(first: KnownHistory, second: KnownHistory, question: Question) -> KnowledgeDiff:
    """What the second state of knowledge answers differently for the day of the question."""
    before, after = _figures(first, question), _figures(second, question)
    changed = [
        ChangedFigure(what, name, before.get((what, name)), after.get((what, name)))
        for what, name in sorted({*before, *after})
        if before.get((what, name)) != after.get((what, name))
    ]
    one, other = set(first.facts), set(second.facts)
    events = [
        _learnt(fact, "A" if fact in one else "B")
        for fact in first.whole.facts
        if (fact in one) != (fact in other)
    ]
    known_at = [None if k.at is None else str(k.at) for k in (first.knowledge, second.knowledge)]
    return KnowledgeDiff(first.issuer, question.on, known_at, changed, events)


def _learnt(fact: Fact, known_to: str) -> LearntEvent:
    event = fact.event
    return LearntEvent(
        event.action,
        event.name,
        event.key,
        event.on if event.is_dated else None,
        fact.entry.number,
        event.reversed_key if isinstance(event, EventReversed) else None,
        known_to,
    )


def _figures(known: KnownHistory, question: Question) -> dict[tuple[str, str], str | None]:
    """Every figure that the queries answer for the day, by its subject and its name."""
    figures: dict[tuple[str, str], object] = {}
    for code in known.classes:
        counts = share_counts(known, code, question)
        for name in ("authorized", "issued", "treasury", "outstanding"):
            figures[f"class {code}", name] = getattr(counts, name)
        for year in fiscal_years(known, code, question):
            what = f"{year.fiscal_year} of class {code}"
            figures[what, "declared"] = year.declared.per_share
            figures[what, "restated"] = year.restated.per_share
            figures[what, "paid"] = year.paid_per_share
            figures[what, "total"] = None if year.total is None else year.total.amount
            for dividend in year.dividends:
                figures[dividend.action, "per share"] = dividend.per_share
                figures[dividend.action, "payable on"] = dividend.payable_on
                figures[dividend.action, "total"] = dividend.total and dividend.total.amount
    for program in repurchases(known, question):
        figures[program.action, "shares"] = program.shares
        figures[program.action, "amount"] = program.amount and program.amount.amount
        figures[program.action, "max shares"] = program.max_shares
    for action in actions(known, question):
        figures[action.action, "state"] = action.state
    return {key: None if value is None else str(value) for key, value in figures.items()}
