"""One dividend: its state, its money, its figures in other shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.actions.dividend import (
    DividendCurrencyFixed,
    DividendForecast,
    DividendPaid,
    DividendSoFar,
    DividendTerms,
    Term,
    payment_per_share,
)
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.rules.dividends import computed_total
from ledger.values.numbers import decimal_text, places_of
from projections.money import money
from projections.question import MoneyAnswer, Question

COUNTED = ("resolved", "awaiting approval", "approved", "paid")
"""States of what is decided: the annual figure of a notice counts it (domain.md, section 6)."""


@dataclass(frozen=True, slots=True)
class StatedTotal:
    """A total as printed."""

    amount: str
    currency: str
    unit: str
    rounding: str


@dataclass(frozen=True, slots=True)
class PaidIn:
    """What is paid per share where the payment is in another currency."""

    payment_currency: str
    per_share: str | None


@dataclass(frozen=True, slots=True)
class DividendAnswer:
    """One dividend as it stands at the close of a day; null where unknown or not decided."""

    action: str
    term: Term
    state: str
    per_share: str | None
    per_share_low: str | None
    per_share_high: str | None
    currency: str
    restated: str | None
    restated_rounded: bool
    record_date: date | None
    payable_on: date | None
    paid_on: date | None
    """Day of the first payment."""
    fund: str | None
    total: MoneyAnswer | None
    """Per share x outstanding at the end of the record date."""
    stated_total: StatedTotal | None
    paid_amount: MoneyAnswer | None
    paid_in: PaidIn | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A decided dividend, ready for adding up."""

    terms: DividendTerms
    state: str
    computed: Fraction | None
    paid_on: date | None

    @property
    def per_share(self) -> Fraction:
        return Fraction(self.terms.per_share)

    @property
    def places(self) -> int:
        return places_of(self.terms.per_share)


def counted_in(known: KnownHistory, question: Question, so_far: DividendSoFar) -> Counted | None:
    state, terms = so_far.state, so_far.terms
    if state is None or terms is None or state.name not in COUNTED:
        return None
    paid_on = so_far.paid[0].event.on if so_far.paid else None
    return Counted(terms, state.name, computed_total(known, terms, question.on), paid_on)


def _until_asked(question: Question, day: date) -> date:
    """A split after the day asked about has not happened yet."""
    return min(day, question.on)


def in_shares_of(
    known: KnownHistory,
    share_class: str,
    question: Question,
    figure: Fraction,
    since: date,
    day: date,
) -> Fraction:
    positions = known.positions(share_class, question.basis)
    return figure / positions.ratio(_until_asked(question, since), _until_asked(question, day))


def dividend_answer(
    known: KnownHistory, question: Question, facts: list[Fact], so_far: DividendSoFar
) -> DividendAnswer:
    terms, state = so_far.terms, so_far.state
    assert state is not None
    if terms is None:
        return _forecast(known, question, so_far)
    counted = counted_in(known, question, so_far)
    computed = None if counted is None else counted.computed
    restated, exact = _restated(known, question, terms)
    stated = terms.stated_total
    return DividendAnswer(
        action=facts[0].event.action,
        term=terms.term,
        state=state.name,
        per_share=format(terms.per_share, "f"),
        per_share_low=None,
        per_share_high=None,
        currency=terms.currency,
        restated=restated,
        restated_rounded=not exact,
        record_date=terms.record_date,
        payable_on=terms.payable_on,
        paid_on=so_far.paid[0].event.on if so_far.paid else None,
        fund=terms.fund,
        total=money(computed, terms.currency),
        stated_total=None
        if stated is None
        else StatedTotal(
            format(stated.amount, "f"), stated.currency, format(stated.unit, "f"), stated.rounding
        ),
        paid_amount=_paid_amount(so_far, terms, computed),
        paid_in=_paid_in(so_far, terms),
    )


def _forecast(known: KnownHistory, question: Question, so_far: DividendSoFar) -> DividendAnswer:
    """A dividend that is only expected yet, or was given up before it was decided."""
    assert so_far.forecast is not None
    assert so_far.state is not None
    event = so_far.forecast.event
    assert isinstance(event, DividendForecast)
    restated, exact = None, True
    if event.per_share is not None:
        base = event.fiscal_year_end if event.term is Term.YEAR_END else event.on
        figure = in_shares_of(
            known,
            event.share_class or "",
            question,
            Fraction(event.per_share),
            base,
            question.shares_of,
        )
        restated, exact = decimal_text(figure, places_of(event.per_share))
    return DividendAnswer(
        action=event.action,
        term=event.term,
        state=so_far.state.name,
        per_share=_text(event.per_share),
        per_share_low=_text(event.per_share_low),
        per_share_high=_text(event.per_share_high),
        currency=event.currency,
        restated=restated,
        restated_rounded=not exact,
        record_date=None,
        payable_on=None,
        paid_on=None,
        fund=None,
        total=None,
        stated_total=None,
        paid_amount=None,
        paid_in=None,
    )


def _text(value: object) -> str | None:
    return None if value is None else format(value, "f")


def _restated(known: KnownHistory, question: Question, terms: DividendTerms) -> tuple[str, bool]:
    share_class = terms.resolved.event.share_class or ""
    figure = Fraction(terms.per_share)
    told = in_shares_of(known, share_class, question, figure, terms.base_date, question.shares_of)
    return decimal_text(told, places_of(terms.per_share) if told == figure else 0)


def _paid_amount(
    so_far: DividendSoFar, terms: DividendTerms, computed: Fraction | None
) -> MoneyAnswer | None:
    """What was paid by now: the parts; in full where a payment states no amount."""
    if not so_far.paid:
        return None
    parts = [fact.event.amount for fact in so_far.paid if isinstance(fact.event, DividendPaid)]
    currencies = {part.currency for part in parts if part is not None}
    if None in parts:
        return money(computed, terms.currency)
    if len(currencies) != 1:
        return None
    amount = sum((part.exact for part in parts if part is not None), Fraction(0))
    return money(amount, currencies.pop())


def _paid_in(so_far: DividendSoFar, terms: DividendTerms) -> PaidIn | None:
    if so_far.currency_fixed is None:
        return None
    fixed = so_far.currency_fixed.event
    assert isinstance(fixed, DividendCurrencyFixed)
    figure = payment_per_share(terms, fixed)
    if fixed.per_share is not None:
        return PaidIn(fixed.payment_currency, format(fixed.per_share, "f"))
    if figure is None:
        return PaidIn(fixed.payment_currency, None)
    return PaidIn(fixed.payment_currency, decimal_text(figure)[0])
