"""Why a number is what it is: the events behind it, in order, with their documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from ledger.actions.dividend import Dividend
from ledger.event import Event
from ledger.fact import Fact
from ledger.timeline import History
from ledger.values import Source, money_text
from projections.actions import own_fields
from projections.fiscal_years import FiscalYear, fiscal_years
from projections.positions import ShareCounts, share_counts, share_history
from projections.question import MoneyAnswer, Question
from projections.treasury import TreasuryPosition, treasury_position

_Number = TypeVar("_Number", int, Fraction)


@dataclass(frozen=True, slots=True)
class CountLine:
    """One event behind a count: what it changed, and the count after it."""

    on: date
    action: str
    event: str
    key: str
    entry: int
    issued_change: int | None
    treasury_change: int | None
    outstanding_change: int | None
    issued: int | None
    treasury: int | None
    outstanding: int | None
    source: Source | None


@dataclass(frozen=True, slots=True)
class SharesExplained:
    """The counts of a class, and every event that made them."""

    issuer: str
    share_class: str
    answer: ShareCounts
    lines: list[CountLine]


@dataclass(frozen=True, slots=True)
class CostLine:
    """One event behind the treasury: shares and cost in or out, and what it holds after."""

    on: date
    action: str
    event: str
    key: str
    entry: int
    shares_change: int | None
    cost_change: MoneyAnswer | None
    shares: int | None
    cost: MoneyAnswer | None
    source: Source | None


@dataclass(frozen=True, slots=True)
class TreasuryExplained:
    """The treasury of a class, and every event that made it."""

    issuer: str
    share_class: str
    answer: TreasuryPosition
    lines: list[CostLine]


@dataclass(frozen=True, slots=True)
class StatedLine:
    """One event of a dividend: what it says, and the document that says so."""

    on: date
    action: str
    event: str
    key: str
    entry: int
    fields: dict[str, Any]
    source: Source | None


@dataclass(frozen=True, slots=True)
class DividendsExplained:
    """The dividends of a class by fiscal year, and every event that states them."""

    issuer: str
    share_class: str
    answer: list[FiscalYear]
    lines: list[StatedLine]


def explain_shares(history: History, share_class: str, question: Question) -> SharesExplained:
    """The events behind the counts; raises BadInput for all classes at once."""
    known = history.known(question.knowledge)
    lines = [
        CountLine(
            change.on,
            change.action,
            change.event,
            change.key,
            change.entry,
            change.issued_change,
            change.treasury_change,
            change.outstanding_change,
            change.issued,
            change.treasury,
            change.outstanding,
            _document(known.by_key[change.key]),
        )
        for change in share_history(history, share_class, question)
    ]
    return SharesExplained(
        known.issuer, share_class, share_counts(history, share_class, question), lines
    )


def explain_treasury(history: History, share_class: str, question: Question) -> TreasuryExplained:
    """The events behind the treasury's shares and cost."""
    known = history.known(question.knowledge)
    home = known.terms.currency
    lines = []
    for position in known.positions(share_class, question.basis).until(question.on):
        before, counts = position.before.as_answered(), position.counts.as_answered()
        if (before.treasury_figure, before.cost) == (counts.treasury_figure, counts.cost):
            continue
        fact = known.by_key[position.step.key]
        currency = counts.currency or before.currency or home or ""
        lines.append(
            CostLine(
                position.step.day,
                position.step.action,
                fact.event.name,
                fact.event.key,
                fact.entry.number,
                _difference(before.treasury, counts.treasury),
                _money(_difference(before.cost, counts.cost), currency),
                counts.treasury,
                _money(counts.cost, currency),
                _document(fact),
            )
        )
    return TreasuryExplained(
        known.issuer, share_class, treasury_position(history, share_class, question), lines
    )


def _difference(before: _Number | None, after: _Number | None) -> _Number | None:
    return None if before is None or after is None else after - before


def _money(value: Fraction | None, currency: str) -> MoneyAnswer | None:
    return None if value is None else MoneyAnswer(money_text(value, currency), currency)


def explain_dividends(history: History, share_class: str, question: Question) -> DividendsExplained:
    """Every standing event of the class's dividends up to the close of the day."""
    known = history.known(question.knowledge)
    lines = [
        _stated(fact.event, fact)
        for fact in known.effective
        if fact.event.action_type is Dividend
        and fact.event.share_class == share_class
        and fact.event.on <= question.on
    ]
    years = fiscal_years(history, share_class, question)
    return DividendsExplained(known.issuer, share_class, years, lines)


def _stated(event: Event, fact: Fact) -> StatedLine:
    return StatedLine(
        event.on,
        event.action,
        event.name,
        event.key,
        fact.entry.number,
        own_fields(event),
        _document(fact),
    )


def _document(fact: Fact) -> Source | None:
    return fact.event.source or fact.entry.source
