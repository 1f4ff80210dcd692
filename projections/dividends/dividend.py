"""One dividend: its state, its money, and its figures in other shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ledger.actions.dividend import (
    DividendCurrencyFixed,
    DividendForecast,
    DividendPaid,
    DividendSoFar,
    DividendTerms,
    Elected,
    SettledIn,
    Term,
    payment_per_share,
)
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.rules.dividends import base_of, computed_total
from ledger.values.numbers import Exact, decimal_text, places_of
from projections.money import money
from projections.question import MoneyAnswer, Question

COUNTED = ("resolved", "awaiting approval", "approved", "paid")
"""The states of decided dividends, which annual figures count (domain.md, section 6)."""


@dataclass(frozen=True, slots=True)
class StatedTotal:
    """A total as printed."""

    amount: str
    currency: str
    unit: str
    rounding: str


@dataclass(frozen=True, slots=True)
class PaidIn:
    """The payment per share where it is in another currency."""

    payment_currency: str
    per_share: str | None


@dataclass(frozen=True, slots=True)
class ElectedShares:
    """The shares issued in place of cash, and the cash of the others: both parts of the total."""

    shares: int
    from_treasury: int
    elected_by: str | None
    """Shares held on the record date whose holders chose new ones."""
    value: MoneyAnswer | None
    """Per share x those: the part of the total that is settled in shares."""
    cash: MoneyAnswer | None
    """As stated, else per share x the rest of the base."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DividendAnswer:
    """One dividend as it stands at the close of a day; null where unknown or not decided.

    A dividend settled in shares only has no figure per share, and no total in money.
    """

    action: str
    term: Term
    state: str
    per_share: str | None
    per_share_low: str | None = None
    per_share_high: str | None = None
    currency: str
    restated: str | None
    restated_rounded: bool
    record_date: date | None = None
    payable_on: date | None = None
    paid_on: date | None = None
    """The day of the first payment, or of the first new shares where there is no cash."""
    fund: str | None = None
    total: MoneyAnswer | None = None
    """Per share x outstanding at the end of the record date."""
    stated_total: StatedTotal | None = None
    paid_amount: MoneyAnswer | None = None
    paid_in: PaidIn | None = None
    settled_in: SettledIn | None = None
    elected: ElectedShares | None = None
    """What was elected so far, of a dividend settled in shares or by choice."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A decided dividend, which counts in the sums of its year."""

    terms: DividendTerms
    state: str
    declared: Decimal
    computed: Fraction | None

    @property
    def per_share(self) -> Fraction:
        return Fraction(self.declared)

    @property
    def places(self) -> int:
        return places_of(self.declared)


def counted_in(known: KnownHistory, question: Question, so_far: DividendSoFar) -> Counted | None:
    """None where it is not decided, or is settled in shares only: that adds no figure in cash."""
    state, terms = so_far.state, so_far.terms
    if state is None or terms is None or state.name not in COUNTED or terms.per_share is None:
        return None
    total = computed_total(known, terms, question.on)
    return Counted(terms, state.name, terms.per_share, total)


def latest_statement(so_far: DividendSoFar) -> DividendTerms | DividendForecast | None:
    """The terms as resolved, else the latest forecast."""
    if so_far.terms is not None or so_far.forecast is None:
        return so_far.terms
    event = so_far.forecast.event
    assert isinstance(event, DividendForecast)
    return event


def in_shares_of(
    known: KnownHistory,
    share_class: str,
    question: Question,
    figure: Fraction,
    since: date,
    day: date,
) -> Fraction:
    """A figure per share of one day, per share of another; later splits are still to come."""
    positions = known.positions(share_class, question.basis)
    return figure / positions.ratio(min(since, question.on), min(day, question.on))


def dividend_answer(
    known: KnownHistory, question: Question, facts: list[Fact], so_far: DividendSoFar
) -> DividendAnswer:
    terms, state = latest_statement(so_far), so_far.state
    assert terms is not None
    assert state is not None
    if isinstance(terms, DividendForecast):
        return _forecast(known, question, terms, state.name)
    counted = counted_in(known, question, so_far)
    computed = None if counted is None else counted.computed
    elected = Elected.of(so_far, terms, base_of(known, terms, question.on))
    restated, exact = _restated(known, question, terms)
    stated = terms.stated_total
    return DividendAnswer(
        action=facts[0].event.action,
        term=terms.term,
        state=state.name,
        per_share=plain(terms.per_share),
        currency=terms.currency,
        restated=restated,
        restated_rounded=not exact,
        record_date=terms.record_date,
        payable_on=terms.payable_on,
        paid_on=so_far.carried_out[0].event.on if so_far.carried_out else None,
        fund=terms.fund,
        total=money(computed, terms.currency),
        stated_total=None
        if stated is None
        else StatedTotal(
            format(stated.amount, "f"), stated.currency, format(stated.unit, "f"), stated.rounding
        ),
        paid_amount=_paid_amount(so_far, terms, _in_cash(terms, elected, computed)),
        paid_in=_paid_in(so_far, terms),
        settled_in=terms.settled_in,
        elected=None if elected is None else _elected_shares(terms, elected),
    )


def _forecast(
    known: KnownHistory, question: Question, event: DividendForecast, state: str
) -> DividendAnswer:
    """A dividend that is only expected, or was given up before it was decided."""
    restated, exact = None, True
    if event.per_share is not None:
        base = event.fiscal_year_end if event.term is Term.YEAR_END else event.on
        share_class, figure = event.share_class or "", Fraction(event.per_share)
        figure = in_shares_of(known, share_class, question, figure, base, question.shares_of)
        restated, exact = decimal_text(figure, places_of(event.per_share))
    return DividendAnswer(
        action=event.action,
        term=event.term,
        state=state,
        per_share=plain(event.per_share),
        per_share_low=plain(event.per_share_low),
        per_share_high=plain(event.per_share_high),
        currency=event.currency,
        restated=restated,
        restated_rounded=not exact,
    )


def plain(value: Decimal | None) -> str | None:
    """A figure with the decimals it was written with."""
    return None if value is None else format(value, "f")


def _restated(
    known: KnownHistory, question: Question, terms: DividendTerms
) -> tuple[str | None, bool]:
    if terms.per_share is None:
        return None, True
    share_class = terms.resolved.event.share_class or ""
    figure = Fraction(terms.per_share)
    other = in_shares_of(known, share_class, question, figure, terms.base_date, question.shares_of)
    return decimal_text(other, places_of(terms.per_share) if other == figure else 0)


def _elected_shares(terms: DividendTerms, elected: Elected) -> ElectedShares:
    chosen, per_share = elected.elected_by, terms.per_share
    value = None if chosen is None or per_share is None else chosen * Fraction(per_share)
    return ElectedShares(
        elected.shares,
        elected.from_treasury,
        None if chosen is None else decimal_text(chosen)[0],
        money(value, terms.currency),
        money(elected.cash, terms.currency),
    )


def _in_cash(
    terms: DividendTerms, elected: Elected | None, computed: Fraction | None
) -> Exact | None:
    """What is paid in cash in all: of a choice, only what nobody took in shares."""
    if terms.settled_in is SettledIn.CASH:
        return computed
    return None if elected is None else elected.cash


def _paid_amount(
    so_far: DividendSoFar, terms: DividendTerms, in_full: Exact | None
) -> MoneyAnswer | None:
    """The sum of the payments so far; all the cash where a payment states no amount."""
    if not so_far.paid:
        return None
    payments = [fact.event for fact in so_far.paid if isinstance(fact.event, DividendPaid)]
    parts = [payment.amount for payment in payments if payment.amount is not None]
    if len(parts) < len(payments):
        return money(in_full, terms.currency)
    currencies = {part.currency for part in parts}
    if len(currencies) != 1:
        return None
    return money(sum((part.exact for part in parts), Fraction(0)), currencies.pop())


def _paid_in(so_far: DividendSoFar, terms: DividendTerms) -> PaidIn | None:
    if so_far.currency_fixed is None:
        return None
    fixed = so_far.currency_fixed.event
    assert isinstance(fixed, DividendCurrencyFixed)
    figure = payment_per_share(terms, fixed)
    text = None if figure is None else decimal_text(figure)[0]
    return PaidIn(fixed.payment_currency, plain(fixed.per_share) or text)
