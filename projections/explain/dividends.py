"""The sum behind a year's dividend: each dividend that counts, and the event that set it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.actions.dividend import Dividend, Term, dividend_at
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from projections.actions.actions import own_fields
from projections.dividends.dividend import COUNTED, DividendAnswer
from projections.dividends.fiscal_years import FiscalYear, fiscal_years
from projections.origin import Origin, origin
from projections.question import Question


@dataclass(frozen=True, slots=True)
class StatedLine:
    """One event of a dividend: its fields, and what it counts in its year."""

    origin: Origin
    fields: dict[str, Any]
    fiscal_year: str | None
    """The year of its dividend; None where the dividend was neither resolved nor forecast."""
    per_share: str | None
    """What the dividend counts in that year; only on the event that set the figure."""
    currency: str | None


@dataclass(frozen=True, slots=True)
class DividendLine:
    """One dividend that counts in its year, and the event that set its figure."""

    origin: Origin
    fiscal_year: str
    term: Term
    state: str
    per_share: str
    currency: str


@dataclass(frozen=True, slots=True)
class DividendGroup:
    """One dividend of a year with its events; it does not count before it is decided."""

    action: str
    kind: str
    term: Term
    state: str
    per_share: str | None
    """What it counts in the year."""
    currency: str
    lines: list[StatedLine]


@dataclass(frozen=True, slots=True)
class YearSum:
    """A fiscal year's dividend: the lines add up exactly to the plain sum of what is declared."""

    fiscal_year: str
    fiscal_year_end: date | None
    currency: str | None
    lines: list[DividendLine]
    total: str | None
    mixed_basis: bool | None
    """Whether it adds dividends on different share bases."""
    reason: str | None
    """Why the total is null."""


@dataclass(frozen=True, slots=True)
class YearByAction:
    """The same sum with each dividend of the year, counted or not, and all its events."""

    fiscal_year: str
    fiscal_year_end: date | None
    currency: str | None
    groups: list[DividendGroup]
    total: str | None
    mixed_basis: bool | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class DividendsExplained:
    """The dividends of a class by fiscal year, their sums, and every event that states them."""

    issuer: str
    share_class: str
    what: str
    answer: list[FiscalYear]
    years: list[YearSum]
    lines: list[StatedLine]


@dataclass(frozen=True, slots=True)
class DividendsByAction:
    """The same, year by year and dividend by dividend."""

    issuer: str
    share_class: str
    what: str
    answer: list[FiscalYear]
    years: list[YearByAction]


def explain_dividends(
    known: KnownHistory, share_class: str, question: Question, only: str | None = None
) -> DividendsExplained:
    """The sums behind the fiscal years of a class, and their events up to the close of the day.

    With `only`, just that year. Raises BadInput where it names no year.
    """
    answer = fiscal_years(known, share_class, question, only)
    years = [_year_sum(known, question, year) for year in answer]
    of_year = {d.action: year.fiscal_year for year in answer for d in year.dividends}
    counted = {line.origin.key: line for year in years for line in year.lines}
    lines = []
    for fact in known.effective:
        event = fact.event
        if event.action_type is not Dividend or event.share_class != share_class:
            continue
        if event.on > question.on or (only is not None and event.action not in of_year):
            continue
        counts = counted.get(event.key)
        lines.append(
            StatedLine(
                origin(fact),
                own_fields(event),
                of_year.get(event.action),
                None if counts is None else counts.per_share,
                None if counts is None else counts.currency,
            )
        )
    return DividendsExplained(known.issuer, share_class, "dividends", answer, years, lines)


def _year_sum(known: KnownHistory, question: Question, year: FiscalYear) -> YearSum:
    lines = [
        _line(_set_by(known.actions[dividend.action], question.on), year, dividend)
        for dividend in year.dividends
        if dividend.state in COUNTED and dividend.per_share is not None
    ]
    reason = None
    if not lines and any(dividend.state in COUNTED for dividend in year.dividends):
        reason = "what is decided for the year is settled in shares only"
    elif not lines:
        reason = "no dividend of the year is decided"
    elif year.declared.per_share is None:
        currencies = sorted({line.currency for line in lines})
        reason = f"declared in {' and '.join(currencies)}: unlike currencies do not add up"
    return YearSum(
        year.fiscal_year,
        year.fiscal_year_end,
        year.currency,
        lines,
        year.declared.per_share,
        year.declared.mixed_basis,
        reason,
    )


def _set_by(facts: list[Fact], on: date) -> Fact:
    """The resolution of the figure, or the latest amendment that states another one."""
    stating = dividend_at(facts, on).stating
    return next(fact for fact in reversed(stating) if "per_share" in fact.event.stated)


def _line(fact: Fact, year: FiscalYear, dividend: DividendAnswer) -> DividendLine:
    assert dividend.per_share is not None
    return DividendLine(
        origin(fact),
        year.fiscal_year,
        dividend.term,
        dividend.state,
        dividend.per_share,
        dividend.currency,
    )


def dividends_by_action(explained: DividendsExplained) -> DividendsByAction:
    """Each year's dividends with all their events; their figures add up to the year's sum."""
    years = [
        YearByAction(
            year.fiscal_year,
            year.fiscal_year_end,
            year.currency,
            [_group(dividend, explained.lines) for dividend in answer.dividends],
            year.total,
            year.mixed_basis,
            year.reason,
        )
        for year, answer in zip(explained.years, explained.answer, strict=True)
    ]
    return DividendsByAction(
        explained.issuer, explained.share_class, explained.what, explained.answer, years
    )


def _group(dividend: DividendAnswer, lines: list[StatedLine]) -> DividendGroup:
    counts = dividend.state in COUNTED
    return DividendGroup(
        dividend.action,
        Dividend.kind,
        dividend.term,
        dividend.state,
        dividend.per_share if counts else None,
        dividend.currency,
        [line for line in lines if line.origin.action == dividend.action],
    )
