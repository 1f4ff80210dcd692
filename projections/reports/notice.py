"""The tables of a company's own notice, reproduced from the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.actions.dividend import (
    Dividend,
    DividendForecast,
    DividendResolved,
    DividendTerms,
    Term,
    dividend_at,
)
from ledger.actions.repurchase import Repurchase, RepurchaseAuthorized, program_at
from ledger.actions.share_class import DepositaryRatioSet, ShareClassRegistered
from ledger.counts.counts import Counts
from ledger.errors import Unknown, quoted
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.values.numbers import percent_text
from projections.actions.of_class import latest_of
from projections.dividends.dividend import DividendAnswer, plain
from projections.dividends.fiscal_years import (
    AT_YEAR_END,
    BEFORE_YEAR_END,
    FiscalYear,
    fiscal_years,
)
from projections.money import stated
from projections.question import Asked, MoneyAnswer, Question, asked
from projections.shares.counts import side_by_side
from projections.shares.positions import why_unknown


@dataclass(frozen=True, slots=True)
class ForecastColumn:
    """The latest forecast before the resolution."""

    released_on: date
    record_date: date | None
    per_share: str | None
    per_share_low: str | None
    per_share_high: str | None
    currency: str


@dataclass(frozen=True, slots=True)
class AnnualRow:
    """One year of the reference table, and whether its parts were paid by the day of the notice."""

    fiscal_year: str
    fiscal_year_end: date
    currency: str | None
    interim: str | None
    interim_paid: bool
    year_end: str | None
    year_end_paid: bool
    annual: str | None


@dataclass(frozen=True, slots=True)
class DividendNotice:
    """A notice of a dividend: the dividend, its forecast, the year before, and both years."""

    issuer: str
    name: str | None
    action: str
    asked: Asked
    fiscal_year: str
    dividend: DividendAnswer
    approval: str | None
    meeting_expected: date | None
    forecast: ForecastColumn | None
    prior_fiscal_year: str | None
    prior: DividendAnswer | None
    annual: list[AnnualRow]


@dataclass(frozen=True, slots=True)
class RepurchaseNotice:
    """A notice of a repurchase: the outline, and the position before the resolution."""

    issuer: str
    name: str | None
    action: str
    asked: Asked
    state: str
    resolved_on: date
    legal_basis: str | None
    share_class: str
    share_class_name: str | None
    max_shares: int | None
    percent_of_outstanding: str | None
    """Of outstanding, computed half-up to two decimals."""
    stated_percent: str | None
    """As the notice prints it."""
    max_amount: MoneyAnswer | None
    from_: date | None
    until: date | None
    position_on: date
    issued: int | None
    treasury: int | None
    outstanding: int | None
    reason: str | None
    depositary_shares: int | None
    depositary_shares_for: int | None
    """`depositary_shares` stand for this number of shares."""


def notice(
    known: KnownHistory, action: str, question: Question, *, own_day: bool = False
) -> DividendNotice | RepurchaseNotice:
    """The notice of a dividend or a repurchase; with `own_day`, as of the day it was resolved.

    Raises Unknown where the action is neither, or was not yet resolved on the day asked about.
    """
    first = known.whole.ever.get(action)
    if first is None:
        raise Unknown(
            f"{known.issuer} has no action {action!r}",
            f"see them with: capital actions {quoted(known.issuer)}",
        )
    facts = known.actions.get(action, [])
    resolutions = (f for f in facts if isinstance(f.event, DividendResolved | RepurchaseAuthorized))
    if own_day and (resolution := next(resolutions, None)) is not None:
        question = question._replace(on=resolution.event.on)
    if first.action_type is Dividend:
        return _dividend(known, action, facts, question)
    if first.action_type is Repurchase:
        return _repurchase(known, action, facts, question)
    kind = first.action_type.kind
    raise Unknown(
        f"{action} is of the kind {kind}; only dividends and repurchases have a notice",
        f"see it with: capital action {quoted(known.issuer)} {quoted(action)}",
    )


# --- dividend ------------------------------------------------------------------------------------


def _dividend(
    known: KnownHistory, action: str, facts: Sequence[Fact], question: Question
) -> DividendNotice:
    so_far = dividend_at(facts, question.on)
    terms = so_far.terms
    if terms is None:
        raise Unknown(
            f"{action} of {known.issuer} was not yet resolved on {question.on}",
            f"see it with: capital action {quoted(known.issuer)} {quoted(action)}",
        )
    share_class = terms.resolved.event.share_class or ""
    years = fiscal_years(known, share_class, question)
    this = next(year for year in years if year.fiscal_year_end == terms.fiscal_year_end)
    before = _year_before(years, terms.fiscal_year_end)
    return DividendNotice(
        known.issuer,
        known.terms.name,
        action,
        asked(question, known),
        this.fiscal_year,
        next(dividend for dividend in this.dividends if dividend.action == action),
        terms.approval if terms.needs_approval else None,
        terms.meeting_expected if terms.needs_approval else None,
        _forecast_column(facts, terms),
        None if before is None else before.fiscal_year,
        None if before is None else _of_term(before, terms.term),
        [_annual(year) for year in (this, before) if year is not None],
    )


def _year_before(years: Sequence[FiscalYear], end: date) -> FiscalYear | None:
    """The fiscal year that ended about a year earlier: 52- and 53-week years differ by days."""
    about_a_year = range(350, 380)
    return next(
        (
            year
            for year in years
            if year.fiscal_year_end is not None
            and (end - year.fiscal_year_end).days in about_a_year
        ),
        None,
    )


def _of_term(year: FiscalYear, term: Term) -> DividendAnswer | None:
    ended = ("rejected", "withdrawn", "forecast")
    return next((d for d in year.dividends if d.term == term and d.state not in ended), None)


def _forecast_column(facts: Sequence[Fact], terms: DividendTerms) -> ForecastColumn | None:
    forecasts = [
        fact.event
        for fact in facts
        if isinstance(fact.event, DividendForecast) and fact.order < terms.resolved.order
    ]
    if not forecasts:
        return None
    latest = forecasts[-1]
    return ForecastColumn(
        latest.on,
        terms.record_date,
        plain(latest.per_share),
        plain(latest.per_share_low),
        plain(latest.per_share_high),
        latest.currency,
    )


def _annual(year: FiscalYear) -> AnnualRow:
    def paid(terms: Sequence[Term]) -> bool:
        states = [d.state for d in year.dividends if d.term in terms and d.state != "forecast"]
        return bool(states) and all(state == "paid" for state in states)

    assert year.fiscal_year_end is not None
    return AnnualRow(
        year.fiscal_year,
        year.fiscal_year_end,
        year.currency,
        year.interim,
        paid(BEFORE_YEAR_END),
        year.year_end,
        paid(AT_YEAR_END),
        year.declared.per_share,
    )


# --- repurchase ----------------------------------------------------------------------------------


def _repurchase(
    known: KnownHistory, action: str, facts: Sequence[Fact], question: Question
) -> RepurchaseNotice:
    program = program_at(facts, question.on)
    if program.authorized is None:
        raise Unknown(
            f"{action} of {known.issuer} was not yet authorized on {question.on}",
            f"see it with: capital action {quoted(known.issuer)} {quoted(action)}",
        )
    authorization = program.authorized.event
    assert isinstance(authorization, RepurchaseAuthorized)
    share_class = authorization.share_class or ""
    position_on, counts = _position_before(known, share_class, authorization.on, question)
    state = Repurchase.state(facts, question.on)
    assert state is not None
    ratio = latest_of(known, share_class, DepositaryRatioSet, question.on)
    registered = latest_of(known, share_class, ShareClassRegistered)
    percent = None
    if program.max_shares is not None and counts.outstanding:
        percent = percent_text(program.max_shares, counts.outstanding)
    return RepurchaseNotice(
        known.issuer,
        known.terms.name,
        action,
        asked(question, known),
        state.name,
        authorization.on,
        authorization.legal_basis,
        share_class,
        None if registered is None else registered.name_,
        program.max_shares,
        percent,
        plain(authorization.stated_percent),
        stated(program.max_amount),
        program.begins,
        program.until,
        position_on,
        *side_by_side(counts)[1:],
        why_unknown(known, share_class, counts, position_on),
        None if ratio is None else ratio.depositary_shares,
        None if ratio is None else ratio.shares,
    )


def _position_before(
    known: KnownHistory, share_class: str, resolved_on: date, question: Question
) -> tuple[date, Counts]:
    """The position on the day before the resolution; before the opening, on its own day."""
    positions = known.positions(share_class, question.basis)
    day_before = resolved_on - timedelta(days=1)
    before = positions.at(day_before)
    if before.opened or not positions.at(resolved_on).opened:
        return day_before, before
    return resolved_on, positions.at(resolved_on)
