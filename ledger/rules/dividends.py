"""Rules on dividends: paid soon after the record date, totals that multiply out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from ledger.actions.dividend import (
    Dividend,
    DividendCurrencyFixed,
    DividendDecision,
    DividendSoFar,
    DividendTerms,
)
from ledger.events.recorded import Breach, Fact
from ledger.history.history import History
from ledger.rules.context import Context, unjudged
from ledger.rules.deadlines import RECORD_DATE_LIMITS
from ledger.values.numbers import grouped


def computed_total(history: History, terms: DividendTerms, on: date | None) -> Fraction | None:
    """Per share x outstanding at the end of the record date, by class, on settlement basis.

    None where the record date or the base is unknown, or lies after `on`.
    """
    if terms.record_date is None or (on is not None and terms.record_date > on):
        return None
    share_class = terms.resolved.event.share_class
    assert share_class is not None
    base = history.positions(share_class).at(terms.record_date).outstanding
    return None if base is None else Fraction(terms.per_share) * base


def implied_band(terms: DividendTerms) -> tuple[int, int] | None:
    """The outstanding shares a stated total implies, lowest and highest; None of no dividend."""
    if terms.stated_total is None or terms.per_share == 0:
        return None
    low, high = (bound / Fraction(terms.per_share) for bound in terms.stated_total.interval)
    return max(0, -int(-low // 1)), -int(-high // 1) - 1


def dividends(context: Context) -> Iterator[Breach]:
    """Judge every dividend, at each event that states its terms or its rate."""
    for facts in context.actions_of(Dividend):
        so_far = DividendSoFar()
        for fact in facts:
            before = so_far.terms
            so_far.take(fact)
            terms = so_far.terms
            if terms is None:
                continue
            if isinstance(fact.event, DividendDecision):
                yield from _one_record_date(fact, before, terms)
                yield from _right_in_time(context, fact, terms)
                yield from _stated_total(context, fact, terms)
            elif isinstance(fact.event, DividendCurrencyFixed):
                yield from _rate_of_its_currencies(fact, fact.event, terms)


def _one_record_date(
    fact: Fact, before: DividendTerms | None, terms: DividendTerms
) -> Iterator[Breach]:
    if before is None or before.record_date in (None, terms.record_date):
        return
    yield Breach.at(
        fact,
        "distinct-record-date",
        f"{fact.event.action} has the record date {before.record_date}, not {terms.record_date}",
        "another record date is another dividend: give it a reference of its own",
    )


def _right_in_time(context: Context, fact: Fact, terms: DividendTerms) -> Iterator[Breach]:
    limit = RECORD_DATE_LIMITS.get(context.terms.profile)
    if limit is None:
        return
    if terms.record_date is None or terms.payable_on is None:
        if terms.stated_by is terms.resolved:
            missing = "record date" if terms.record_date is None else "payment date"
            yield unjudged(fact, "record-date-window", f"the {missing} is not captured")
        return
    last_day = limit.last_day(terms.record_date)
    if terms.payable_on > last_day:
        yield Breach.at(
            fact,
            "record-date-window",
            f"payment date {terms.payable_on} lies more than {limit.words} after the record date "
            f"{terms.record_date}: the last day is {last_day}",
            "correct the dates, or acknowledge the breach",
        )


def _stated_total(context: Context, fact: Fact, terms: DividendTerms) -> Iterator[Breach]:
    stated = terms.stated_total
    if stated is None:
        return
    if stated.currency != terms.currency:
        yield unjudged(
            fact,
            "stated-total",
            f"the total is in {stated.currency}, per share in {terms.currency}",
        )
        return
    computed = computed_total(context.history, terms, context.today)
    band = implied_band(terms)
    if computed is None:
        base = "the record date" if terms.record_date is None else "outstanding at the record date"
        implied = f"; it implies {band[0]:,} to {band[1]:,} outstanding" if band else ""
        yield unjudged(fact, "stated-total", f"{base} is unknown{implied}")
        return
    if stated.agrees_with(computed):
        return
    assert terms.record_date is not None
    holds = context.history.positions(fact.event.share_class or "").at(terms.record_date)
    implied = f", which implies {band[0]:,} to {band[1]:,} outstanding" if band else ""
    yield Breach.at(
        fact,
        "stated-total",
        f"{terms.currency} {stated.amount:,f} is stated{implied}; the ledger holds "
        f"{holds.outstanding:,} outstanding on {terms.record_date}, which makes "
        f"{terms.currency} {grouped(computed)}",
        "correct the figure, record the missing movement, or acknowledge the difference",
    )


def _rate_of_its_currencies(
    fact: Fact, fixed: DividendCurrencyFixed, terms: DividendTerms
) -> Iterator[Breach]:
    if fixed.rate is None:
        return
    pair = set(fixed.rate.pair.split("/"))
    if pair != {terms.currency, fixed.payment_currency}:
        yield Breach.at(
            fact,
            "rate-pair",
            f"the rate {fixed.rate.pair} of {fixed.action} is not between {terms.currency}, in "
            f"which it is declared, and {fixed.payment_currency}, in which it is paid",
            "correct the pair or the payment currency",
        )
