"""What dividends a fiscal year carries: each one's state and money, and the year's three sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.actions.dividend import (
    Dividend,
    DividendCurrencyFixed,
    DividendForecast,
    DividendPaid,
    DividendSoFar,
    DividendTerms,
    Term,
    dividend_at,
    payment_per_share,
)
from ledger.errors import BadInput
from ledger.fact import Fact
from ledger.rules.dividends import computed_total
from ledger.timeline import History
from ledger.values import decimal_text, money_text, places_of
from projections.question import Asked, MoneyAnswer, Question, asked

COUNTED = ("resolved", "awaiting approval", "approved", "paid")
"""States of what is decided: the annual figure of a notice counts it (domain.md, section 6)."""
APPROVED = ("resolved", "approved", "paid")


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
class Declared:
    """The plain sum of what is decided; `mixed_basis` where it adds unlike shares."""

    per_share: str | None
    mixed_basis: bool | None


@dataclass(frozen=True, slots=True)
class InSharesOf:
    """A year's sum in the shares of one day."""

    per_share: str | None
    share_basis: date
    rounded: bool = False
    """Whether the figure does not terminate and is rounded to ten decimals."""


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """One fiscal year of one class."""

    fiscal_year: str
    fiscal_year_end: date | None
    share_class: str
    asked: Asked
    currency: str | None
    dividends: list[DividendAnswer]
    declared: Declared
    year_end_basis: InSharesOf | None
    restated: InSharesOf
    approved_per_share: str | None
    paid_per_share: str | None
    total: MoneyAnswer | None
    total_is: str | None
    interim: str | None
    """What is decided of the terms before the year's end, special ones apart, as declared."""
    year_end: str | None


@dataclass(frozen=True, slots=True)
class _Counted:
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


def fiscal_years(
    history: History, share_class: str, question: Question, only: str | None = None
) -> list[FiscalYear]:
    """The fiscal years of a class that carry dividends or forecasts, oldest first.

    With `only`, FY2017 or 2018-03-31, that year, its figures null where nothing is recorded.
    Raises BadInput where `only` names no year.
    """
    known = history.known(question.knowledge)
    by_year: dict[date, list[tuple[list[Fact], DividendSoFar]]] = defaultdict(list)
    for facts in known.actions.values():
        event = facts[0].event
        if event.action_type is Dividend and event.share_class == share_class:
            so_far = dividend_at(facts, question.on)
            end = _year_end(so_far)
            if end is not None:
                by_year[end].append((facts, so_far))
    if only is None:
        return [
            _year(known, share_class, question, end, dividends)
            for end, dividends in sorted(by_year.items())
        ]
    ends = _ends_named(known, only, sorted(by_year))
    return [_year(known, share_class, question, end, by_year.get(end, [])) for end in ends] or [
        _year(known, share_class, question, None, [], label=only)
    ]


def _year_end(so_far: DividendSoFar) -> date | None:
    if so_far.terms is not None:
        return so_far.terms.fiscal_year_end
    if so_far.forecast is not None:
        event = so_far.forecast.event
        assert isinstance(event, DividendForecast)
        return event.fiscal_year_end
    return None


def _ends_named(known: History, only: str, ends: Sequence[date]) -> list[date]:
    terms = known.terms
    try:
        return [date.fromisoformat(only)]
    except ValueError:
        pass
    digits = only.upper().removeprefix("FY")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 4):  # noqa: PLR2004
        raise BadInput(
            f"{only!r} names no fiscal year", "write FY2017, or the year's last day: 2018-03-31"
        )
    named = [end for end in ends if terms.fiscal_year(end) == f"FY{digits}"]
    nominal = terms.fiscal_year_end(int(digits))
    return named or ([nominal] if nominal is not None else [])


def _year(
    known: History,
    share_class: str,
    question: Question,
    end: date | None,
    dividends: list[tuple[list[Fact], DividendSoFar]],
    *,
    label: str | None = None,
) -> FiscalYear:
    dividends = sorted(dividends, key=_order_in_year)
    counted = [c for _, so_far in dividends if (c := _counted(known, question, so_far)) is not None]
    currencies = {c.terms.currency for c in counted}
    currency = next(iter(currencies)) if len(currencies) == 1 else None
    total, total_is = _total(counted, currency)
    name = label.upper() if end is None and label else ""
    return FiscalYear(
        fiscal_year=known.terms.fiscal_year(end) if end is not None else name,
        fiscal_year_end=end,
        share_class=share_class,
        asked=asked(question, known),
        currency=currency,
        dividends=[_answer(known, question, facts, so_far) for facts, so_far in dividends],
        declared=Declared(
            _sum(counted, currency), _mixed(known, share_class, question, counted, end)
        ),
        year_end_basis=None
        if end is None
        else _restated_sum(known, share_class, question, counted, end),
        restated=_restated_sum(known, share_class, question, counted, question.shares_of),
        approved_per_share=_sum([c for c in counted if c.state in APPROVED], currency, of=counted),
        paid_per_share=_sum([c for c in counted if c.state == "paid"], currency, of=counted),
        total=total,
        total_is=total_is,
        interim=_sum([c for c in counted if c.terms.term in BEFORE_YEAR_END], currency),
        year_end=_sum([c for c in counted if c.terms.term in AT_YEAR_END], currency),
    )


BEFORE_YEAR_END = (Term.INTERIM, Term.Q1, Term.Q2, Term.Q3)
AT_YEAR_END = (Term.YEAR_END, Term.Q4)
_TERM_ORDER = {term: place for place, term in enumerate(Term)}


def _order_in_year(dividend: tuple[list[Fact], DividendSoFar]) -> tuple[int, date, str]:
    facts, so_far = dividend
    return _TERM_ORDER[_term(so_far)], facts[0].event.on, facts[0].event.action


def _term(so_far: DividendSoFar) -> Term:
    if so_far.terms is not None:
        return so_far.terms.term
    assert so_far.forecast is not None
    event = so_far.forecast.event
    assert isinstance(event, DividendForecast)
    return event.term


def _counted(known: History, question: Question, so_far: DividendSoFar) -> _Counted | None:
    state, terms = so_far.state, so_far.terms
    if state is None or terms is None or state.name not in COUNTED:
        return None
    paid_on = so_far.paid[0].event.on if so_far.paid else None
    return _Counted(terms, state.name, computed_total(known, terms, question.on), paid_on)


def _sum(
    counted: Sequence[_Counted], currency: str | None, *, of: Sequence[_Counted] | None = None
) -> str | None:
    """The sum of per-share figures as they were declared; null of nothing or unlike currencies.

    Part `of` what is decided may be nothing, and is then known to be 0.
    """
    all_counted = counted if of is None else of
    if not all_counted or currency is None:
        return None
    places = max(c.places for c in all_counted)
    return decimal_text(sum((c.per_share for c in counted), Fraction(0)), places)[0]


def _until_asked(question: Question, day: date) -> date:
    """A split after the day asked about has not happened yet."""
    return min(day, question.on)


def _in_shares_of(
    known: History, share_class: str, question: Question, figure: Fraction, since: date, day: date
) -> Fraction:
    positions = known.positions(share_class, question.basis)
    return figure / positions.ratio(_until_asked(question, since), _until_asked(question, day))


def _mixed(
    known: History,
    share_class: str,
    question: Question,
    counted: Sequence[_Counted],
    end: date | None,
) -> bool | None:
    if not counted or end is None:
        return None
    ratios = {
        _in_shares_of(known, share_class, question, Fraction(1), c.terms.base_date, end)
        for c in counted
    }
    return len(ratios) > 1


def _restated_sum(
    known: History, share_class: str, question: Question, counted: Sequence[_Counted], day: date
) -> InSharesOf:
    if not counted or len({c.terms.currency for c in counted}) > 1:
        return InSharesOf(None, day)
    parts = [
        _in_shares_of(known, share_class, question, c.per_share, c.terms.base_date, day)
        for c in counted
    ]
    unchanged = all(part == c.per_share for part, c in zip(parts, counted, strict=True))
    places = max(c.places for c in counted) if unchanged else 0
    text, exact = decimal_text(sum(parts, Fraction(0)), places)
    return InSharesOf(text, day, not exact)


def _total(
    counted: Sequence[_Counted], currency: str | None
) -> tuple[MoneyAnswer | None, str | None]:
    """The year's money: computed where the base is known, else as stated; null if a part is."""
    if not counted or currency is None:
        return None, None
    total = Fraction(0)
    kinds: set[str] = set()
    for part in counted:
        stated = part.terms.stated_total
        if part.computed is not None:
            total, kinds = total + part.computed, kinds | {"computed"}
        elif stated is not None and stated.currency == currency:
            total, kinds = total + Fraction(stated.amount), kinds | {"stated"}
        else:
            return None, None
    return MoneyAnswer(money_text(total, currency), currency), (
        kinds.pop() if len(kinds) == 1 else "mixed"
    )


def _answer(
    known: History, question: Question, facts: list[Fact], so_far: DividendSoFar
) -> DividendAnswer:
    terms, state = so_far.terms, so_far.state
    assert state is not None
    if terms is None:
        return _forecast(known, question, so_far)
    counted = _counted(known, question, so_far)
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
        total=None
        if computed is None
        else MoneyAnswer(money_text(computed, terms.currency), terms.currency),
        stated_total=None
        if stated is None
        else StatedTotal(
            format(stated.amount, "f"), stated.currency, format(stated.unit, "f"), stated.rounding
        ),
        paid_amount=_paid_amount(so_far, terms, computed),
        paid_in=_paid_in(so_far, terms),
    )


def _forecast(known: History, question: Question, so_far: DividendSoFar) -> DividendAnswer:
    """A dividend that is only expected yet, or was given up before it was decided."""
    assert so_far.forecast is not None
    assert so_far.state is not None
    event = so_far.forecast.event
    assert isinstance(event, DividendForecast)
    restated, exact = None, True
    if event.per_share is not None:
        base = event.fiscal_year_end if event.term is Term.YEAR_END else event.on
        figure = _in_shares_of(
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


def _restated(known: History, question: Question, terms: DividendTerms) -> tuple[str, bool]:
    share_class = terms.resolved.event.share_class or ""
    figure = Fraction(terms.per_share)
    told = _in_shares_of(known, share_class, question, figure, terms.base_date, question.shares_of)
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
        in_full = terms.currency
        return None if computed is None else MoneyAnswer(money_text(computed, in_full), in_full)
    if len(currencies) != 1:
        return None
    currency = currencies.pop()
    amount = sum((part.exact for part in parts if part is not None), Fraction(0))
    return MoneyAnswer(money_text(amount, currency), currency)


def _paid_in(so_far: DividendSoFar, terms: DividendTerms) -> PaidIn | None:
    if so_far.currency_fixed is None:
        return None
    fixed = so_far.currency_fixed.event
    assert isinstance(fixed, DividendCurrencyFixed)
    figure = payment_per_share(terms, fixed)
    if fixed.per_share is not None:
        return PaidIn(fixed.payment_currency, format(fixed.per_share, "f"))
    return PaidIn(fixed.payment_currency, None if figure is None else decimal_text(figure)[0])
