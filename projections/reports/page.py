"""The contents of the one-page report, from counts to findings, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.actions.dividend import dividend_at
from ledger.events.entry import Entry
from ledger.events.kinds import Progress
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.values.fields import Source
from projections.actions.actions import ActionAnswer, actions
from projections.actions.calendar import deadlines
from projections.checks.check import check
from projections.checks.finding import Finding
from projections.dividends.fiscal_years import FiscalYear, fiscal_years
from projections.origin import Origin, origin
from projections.question import Asked, Question, asked
from projections.repurchases.programs import RepurchaseAnswer, repurchases
from projections.repurchases.progress import ProgressPoint, program_progress
from projections.shares.counts import ShareCounts
from projections.shares.positions import share_counts
from projections.shares.series import ShareSeries, series_asked


@dataclass(frozen=True, slots=True)
class ClassOnPage:
    """One share class: its counts on the day asked about and before, and its dividends."""

    counts: ShareCounts
    series: ShareSeries
    years: list[FiscalYear]
    stated: dict[str, Origin]
    """The event that last stated each dividend of the years, by its reference."""


@dataclass(frozen=True, slots=True)
class ProgramOnPage:
    """One repurchase program and its progress."""

    answer: RepurchaseAnswer
    points: list[ProgressPoint]


@dataclass(frozen=True, slots=True)
class ActionOnPage:
    """One action, with the documents of its standing events up to the day asked about."""

    answer: ActionAnswer
    events: int
    documents: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A day that is ahead or was missed, or something awaited without a stated day."""

    day: date | None
    what: str
    action: str
    state: str
    law: str | None
    """The time limit of the law, and its source."""
    overdue: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page shows, as known and up to the day asked about."""

    issuer: str
    name: str | None
    asked: Asked
    classes: list[ClassOnPage]
    programs: list[ProgramOnPage]
    actions: list[ActionOnPage]
    pending: list[Pending]
    findings: list[Finding]


def page_of(
    known: KnownHistory, register: Sequence[Entry], question: Question, today: date
) -> Page:
    """The page of one issuer; no fact is dated after `today`."""
    return Page(
        known.issuer,
        known.terms.name,
        asked(question, known),
        [_class(known, series, question) for series in series_asked(known, None, question)],
        [
            ProgramOnPage(answer, program_progress(known, question, answer))
            for answer in repurchases(known, question)
        ],
        [_action(known, answer, question) for answer in actions(known, question)],
        pending(known, question),
        check(known, register, question, today),
    )


def pending(known: KnownHistory, question: Question) -> list[Pending]:
    """The calendar from the day asked about, with what is overdue; what has no day comes last."""
    dated = [
        Pending(
            line.day,
            line.what,
            line.action,
            line.state.value,
            line.law,
            line.state is Progress.OVERDUE,
        )
        for line in deadlines(known, question)
        if line.state is not Progress.CALLED_OFF
    ]
    named = {line.action for line in dated}
    undated = [
        Pending(answer.due, answer.awaits, answer.action, answer.state, None, answer.overdue)
        for answer in actions(known, question, pending=True)
        if answer.awaits is not None and answer.action not in named
    ]
    return sorted([*dated, *undated], key=lambda line: (line.day or date.max, line.action))


def _class(known: KnownHistory, series: ShareSeries, question: Question) -> ClassOnPage:
    years = fiscal_years(known, series.share_class, question)
    stated = {
        dividend.action: _stated(known.actions[dividend.action], question.on)
        for year in years
        for dividend in year.dividends
    }
    counts = share_counts(known, series.share_class, question)
    return ClassOnPage(counts, series, years, stated)


def _stated(facts: list[Fact], on: date) -> Origin:
    """The resolution or amendment that a dividend's figures come from, else its forecast."""
    so_far = dividend_at(facts, on)
    stated_by = so_far.forecast if so_far.terms is None else so_far.terms.stated_by
    assert stated_by is not None
    return origin(stated_by)


def _action(known: KnownHistory, answer: ActionAnswer, question: Question) -> ActionOnPage:
    facts = [fact for fact in known.actions[answer.action] if fact.event.on <= question.on]
    sources = [fact.event.source or fact.entry.source for fact in facts]
    by_name = {(s.title, s.uri, s.page): s for s in sources if s is not None}
    return ActionOnPage(answer, len(facts), tuple(by_name.values()))
