"""One dividend, per share and in money, and the usual mistakes with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from ledger.actions.dividend import (
    Dividend,
    DividendForecast,
    DividendSoFar,
    DividendTerms,
    dividend_at,
)
from ledger.counts.basis import Basis
from ledger.errors import Unknown, quoted
from ledger.history.history import KnownHistory
from ledger.rules.dividends import computed_total
from ledger.values.numbers import grouped, money_text
from projections.actions.of_class import actions_of
from projections.dividends.fiscal_years import FiscalYear, fiscal_years
from projections.question import Question
from projections.tie_out.held import Held, Hypothesis, Mistake, in_trust, splits, wrongly_split
from projections.tie_out.printed import Figure

ENDED = ("rejected", "withdrawn")


def dividend_asked(known: KnownHistory, share_class: str, on: date, action: str | None) -> str:
    """The dividend of a figure: as named, else the latest one resolved by the day.

    Of two resolved on one day, the one with the later record date. Raises Unknown where there is
    no such dividend or several.
    """
    remedy = f"name it: --dividend REF; see: capital actions {quoted(known.issuer)}"
    if action is not None:
        facts = known.actions.get(action)
        if not facts or facts[0].event.action_type is not Dividend:
            raise Unknown(f"{known.issuer} has no dividend {action!r}", remedy)
        return action
    resolved = [
        ((terms.resolved.event.on, terms.record_date or date.min), reference)
        for reference, terms in _resolved(known, share_class, on)
    ]
    latest = [reference for days, reference in resolved if days == max(resolved)[0]]
    if len(latest) != 1:
        held = f"{' and '.join(latest)} were resolved together" if latest else "none is resolved"
        raise Unknown(
            f"the dividend of class {share_class} is not determined: by {on}, {held}", remedy
        )
    return latest[0]


def _resolved(
    known: KnownHistory, share_class: str, on: date
) -> Iterator[tuple[str, DividendTerms]]:
    for reference, facts in actions_of(known, share_class, Dividend):
        so_far = dividend_at(facts, on)
        if so_far.terms is not None and so_far.ended is None:
            yield reference, so_far.terms


def dividend_held(known: KnownHistory, action: str, figure: Figure, on: date) -> Held:
    """The dividend as resolved by the day; its total as computed, else as a document prints it."""
    so_far = dividend_at(known.actions[action], on)
    terms = so_far.terms
    if terms is None or so_far.ended is not None:
        state = so_far.state
        how = "not known" if state is None else state.name
        return Held(None, f"{action} on {on}", reason=f"{action} is {how} on {on}, not resolved")
    if figure is Figure.PER_SHARE:
        words = f"{action}, resolved on {terms.resolved.event.on}"
        return Held(Fraction(terms.per_share), words, terms.currency)
    total = computed_total(known, terms, on)
    if total is not None and terms.record_date is not None:
        base = known.positions(terms.resolved.event.share_class or "").at(terms.record_date)
        words = f"{terms.per_share:f} x {base.outstanding:,} outstanding on {terms.record_date}"
        return Held(total, words, terms.currency)
    stated = terms.stated_total
    if stated is not None:
        words = f"as stated by entry {terms.stated_by.entry.number}; outstanding is unknown"
        return Held(None, words, stated.currency, stated.interval)
    when = "the record date" if terms.record_date is None else f"outstanding on {terms.record_date}"
    return Held(None, f"{action} on {on}", terms.currency, reason=f"{when} is unknown")


def dividend_hypotheses(
    known: KnownHistory, action: str, figure: Figure, on: date
) -> Iterator[Hypothesis]:
    """The figure that each mistake would print."""
    facts = known.actions[action]
    so_far = dividend_at(facts, on)
    share_class = facts[0].event.share_class or ""
    if figure is Figure.PER_SHARE:
        yield from _forecast_as_decided(so_far)
    terms = so_far.terms
    if terms is None:
        return
    if figure is Figure.PER_SHARE:
        yield from _other_shares(known, share_class, terms)
    else:
        yield from _other_bases(known, share_class, terms, on)
        yield from _forecast_times_base(known, share_class, so_far, terms)
    yield from _other_dividends(known, share_class, action, terms, figure, on)
    yield from _whole_year(known, share_class, terms, figure, on)


# --- per share -----------------------------------------------------------------------------------


def _forecast_as_decided(so_far: DividendSoFar) -> Iterator[Hypothesis]:
    event = None if so_far.forecast is None else so_far.forecast.event
    if isinstance(event, DividendForecast):
        for value in dict.fromkeys((event.per_share, event.per_share_low, event.per_share_high)):
            if value is not None:
                words = f"{event.currency} {value:f} is the forecast of {event.on}"
                yield Hypothesis(Mistake.FORECAST_COUNTED, words, Fraction(value))


def _other_shares(
    known: KnownHistory, share_class: str, terms: DividendTerms
) -> Iterator[Hypothesis]:
    """The figure in the shares after each later split, and before each earlier one."""
    words = {
        Mistake.SPLIT_EARLY: "is applied to a dividend of the shares before it",
        Mistake.SPLIT_LATE: "is left out of a dividend of the shares after it",
    }
    for mistake, split, ratio in wrongly_split(known, share_class, terms.base_date):
        figure = Fraction(terms.per_share) / ratio
        how = f"{split.words} {words[mistake]}: {terms.currency} {grouped(figure)}"
        yield Hypothesis(mistake, how, figure)


# --- in money ------------------------------------------------------------------------------------


def _other_bases(
    known: KnownHistory, share_class: str, terms: DividendTerms, on: date
) -> Iterator[Hypothesis]:
    """Per share x another count than outstanding at the end of the record date."""
    record = terms.record_date
    if record is None:
        return
    settled = known.positions(share_class)
    counts = settled.at(record)
    base = counts.outstanding

    def times(mistake: Mistake, count: int | None, what: str) -> Iterator[Hypothesis]:
        if count is not None:
            total = Fraction(terms.per_share) * count
            printed = f"{terms.currency} {grouped(Fraction(money_text(total, terms.currency)))}"
            words = f"{terms.per_share:f} x {count:,} {what} = {printed}"
            yield Hypothesis(mistake, words, total)

    yield from times(Mistake.TREASURY_NOT_DEDUCTED, counts.issued, f"issued on {record}")
    traded = known.positions(share_class, Basis.TRADE).at(record).outstanding
    yield from times(Mistake.TRADE_BASIS, traded, f"outstanding on {record} by trade date")
    trust = in_trust(known, share_class, record)
    if trust and base is not None:
        what = f"outstanding on {record} less an employee trust's {trust:,}"
        yield from times(Mistake.TRUST_DEDUCTED, base - trust, what)
    for day, what in (
        (terms.payable_on, "the day of payment"),
        (terms.fiscal_year_end, "the fiscal year's end"),
        (terms.resolved.event.on, "the day of the resolution"),
        (on, "the day of the document"),
    ):
        if day is not None and day != record:
            other = settled.at(day).outstanding
            yield from times(Mistake.ANOTHER_DAY, other, f"outstanding on {day}, {what}")
    for split in splits(known, share_class) if base is not None else []:
        early = split.day > record
        count = int((base or 0) * split.ratio if early else (base or 0) / split.ratio)
        what = f"outstanding in the shares {'after' if early else 'before'} {split.words}"
        yield from times(Mistake.SPLIT_EARLY if early else Mistake.SPLIT_LATE, count, what)


def _forecast_times_base(
    known: KnownHistory, share_class: str, so_far: DividendSoFar, terms: DividendTerms
) -> Iterator[Hypothesis]:
    if terms.record_date is None:
        return
    base = known.positions(share_class).at(terms.record_date).outstanding
    for forecast in _forecast_as_decided(so_far):
        if base is not None:
            words = f"{forecast.words}, x {base:,} outstanding on {terms.record_date}"
            yield Hypothesis(Mistake.FORECAST_COUNTED, words, forecast.value * base)


# --- of another dividend, of the whole year ------------------------------------------------------


def _other_dividends(
    known: KnownHistory,
    share_class: str,
    action: str,
    terms: DividendTerms,
    figure: Figure,
    on: date,
) -> Iterator[Hypothesis]:
    def distance(dividend: tuple[str, DividendTerms]) -> int:
        return abs((dividend[1].fiscal_year_end - terms.fiscal_year_end).days)

    for reference, other in sorted(_resolved(known, share_class, date.max), key=distance):
        if reference == action:
            continue
        same_year = other.fiscal_year_end == terms.fiscal_year_end
        if not same_year and other.term is not terms.term:
            continue
        mistake = Mistake.ANOTHER_DIVIDEND if same_year else Mistake.ANOTHER_YEAR
        day = max(on, other.base_date, other.stated_by.event.on)
        held = dividend_held(known, reference, figure, day)
        year = known.terms.fiscal_year(other.fiscal_year_end)
        words = f"it is {reference}'s, of {year}: {held.words}"
        value = held.stated[0] if held.value is None and held.stated is not None else held.value
        if value is not None and held.currency == terms.currency:
            yield Hypothesis(mistake, words, value, None if held.value is not None else held.stated)


def _whole_year(
    known: KnownHistory, share_class: str, terms: DividendTerms, figure: Figure, on: date
) -> Iterator[Hypothesis]:
    end = terms.fiscal_year_end.isoformat()
    (year,) = fiscal_years(known, share_class, Question(on), end)
    if year.currency != terms.currency:
        return
    if figure is Figure.TOTAL:
        if year.total is not None:
            words = f"it is {year.fiscal_year}'s, all dividends together"
            yield Hypothesis(Mistake.WHOLE_YEAR, words, Fraction(year.total.amount))
        return
    for view, words in (
        (year.declared.per_share, "as declared"),
        (year.year_end_basis.per_share, "in the shares of its end"),
        (year.restated.per_share, f"in the shares of {on}"),
    ):
        if view is not None:
            whole = f"it is {year.fiscal_year}'s, all dividends together {words}"
            yield Hypothesis(Mistake.WHOLE_YEAR, whole, Fraction(view))
    yield from _with_forecasts(year)


def _with_forecasts(year: FiscalYear) -> Iterator[Hypothesis]:
    expected = [d for d in year.dividends if d.state == "forecast" and d.term != "ANNUAL"]
    declared = year.declared.per_share
    if not expected or declared is None or any(d.per_share is None for d in expected):
        return
    whole = Fraction(declared) + sum((Fraction(d.per_share or 0) for d in expected), Fraction(0))
    names = ", ".join(dividend.action for dividend in expected)
    words = f"it is {year.fiscal_year}'s with what is only forecast: {names}"
    yield Hypothesis(Mistake.FORECAST_COUNTED, words, whole)
