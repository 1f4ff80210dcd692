"""The dividends of a fiscal year: the state and money of each, and the year's three sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.actions.dividend import Dividend, DividendSoFar, Term, dividend_at
from ledger.errors import BadInput
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.values.fields import FIRST_YEAR, LAST_YEAR
from ledger.values.numbers import decimal_text
from projections.dividends.dividend import (
    Counted,
    DividendAnswer,
    counted_in,
    dividend_answer,
    in_shares_of,
    latest_statement,
)
from projections.dividends.in_kind import InKind, in_kind_by_year
from projections.money import money
from projections.question import Asked, MoneyAnswer, Question, asked

APPROVED = ("resolved", "approved", "paid")


@dataclass(frozen=True, slots=True)
class Declared:
    """The plain sum of what is decided; `mixed_basis` where it mixes share bases."""

    per_share: str | None
    mixed_basis: bool | None


@dataclass(frozen=True, slots=True)
class InYearEndShares:
    """A year's sum in the shares of its last day."""

    per_share: str | None


@dataclass(frozen=True, slots=True)
class InSharesOf:
    """A year's sum in the shares of the day that the question names."""

    per_share: str | None
    share_basis: date


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
    year_end_basis: InYearEndShares
    restated: InSharesOf
    rounded: list[str]
    """Which of the two sums has more decimals than ten and is rounded half-up."""
    approved_per_share: str | None
    paid_per_share: str | None
    total: MoneyAnswer | None
    total_is: str | None
    interim: str | None
    """What is decided for the terms before the year's end, as declared; no special dividends."""
    year_end: str | None
    in_kind: list[InKind]
    """Shares of other companies that were distributed; they enter none of the figures."""


def fiscal_years(
    known: KnownHistory,
    share_class: str,
    question: Question,
    only: str | None = None,
    *,
    term: Term | None = None,
) -> list[FiscalYear]:
    """The fiscal years of a class that have dividends, forecasts or distributions, oldest first.

    With `only`, such as FY2017 or 2018-03-31, just that year; figures without a record are null.
    With `term`, only the dividends of that term. Raises BadInput where `only` names no year.
    """
    by_year: dict[date, list[tuple[list[Fact], DividendSoFar]]] = defaultdict(list)
    for facts in known.actions.values():
        event = facts[0].event
        if event.action_type is Dividend and event.share_class == share_class:
            so_far = dividend_at(facts, question.on)
            statement = latest_statement(so_far)
            if statement is not None and term in (None, statement.term):
                by_year[statement.fiscal_year_end].append((facts, so_far))
    in_kind = in_kind_by_year(known, share_class, question, sorted(by_year))
    have = sorted({*by_year, *(end for end in in_kind if end is not None)})
    label = only or ""
    ends: list[date | None] = [*have, *(end for end in in_kind if end is None)]
    if only is not None:
        ends = [*_ends_named(known, only, have)] or [None]
    return [
        _year(
            known,
            share_class,
            question,
            end,
            [] if end is None else by_year.get(end, []),
            [] if end is None and label else in_kind.get(end, []),
            label=label,
        )
        for end in ends
    ]


def _ends_named(known: KnownHistory, only: str, ends: Sequence[date]) -> list[date]:
    terms = known.terms
    try:
        day = date.fromisoformat(only)
    except ValueError:
        day = None
    if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR:
        return [day]
    digits = only.upper().removeprefix("FY")
    is_year = digits.isascii() and digits.isdigit() and len(digits) == len("2017")
    if not is_year or not FIRST_YEAR <= int(digits) <= LAST_YEAR:
        raise BadInput(
            f"{only!r} names no fiscal year", "write FY2017, or the year's last day: 2018-03-31"
        )
    named = [end for end in ends if terms.fiscal_year(end) == f"FY{digits}"]
    nominal = terms.fiscal_year_end(int(digits))
    return named or ([nominal] if nominal is not None else [])


def _year(
    known: KnownHistory,
    share_class: str,
    question: Question,
    end: date | None,
    dividends: list[tuple[list[Fact], DividendSoFar]],
    in_kind: list[InKind],
    *,
    label: str,
) -> FiscalYear:
    dividends = sorted(dividends, key=_order_in_year)
    counted = [
        c for _, so_far in dividends if (c := counted_in(known, question, so_far)) is not None
    ]
    currencies = {c.terms.currency for c in counted}
    currency = next(iter(currencies)) if len(currencies) == 1 else None
    total, total_is = _total(counted, currency)
    in_year_end_shares, is_exact = _restated_sum(known, share_class, question, counted, end)
    restated, restated_is_exact = _restated_sum(
        known, share_class, question, counted, question.shares_of
    )
    places = max((c.places for c in counted), default=0)
    return FiscalYear(
        fiscal_year=known.terms.fiscal_year(end) if end is not None else label.upper(),
        fiscal_year_end=end,
        share_class=share_class,
        asked=asked(question, known),
        currency=currency,
        dividends=[dividend_answer(known, question, facts, so_far) for facts, so_far in dividends],
        declared=Declared(
            _sum(counted, currency, places), _mixed(known, share_class, question, counted, end)
        ),
        year_end_basis=InYearEndShares(in_year_end_shares),
        restated=InSharesOf(restated, question.shares_of),
        rounded=[
            name
            for name, exact in (("year_end_basis", is_exact), ("restated", restated_is_exact))
            if not exact
        ],
        approved_per_share=_sum([c for c in counted if c.state in APPROVED], currency, places),
        paid_per_share=_sum([c for c in counted if c.state == "paid"], currency, places),
        total=total,
        total_is=total_is,
        interim=_sum_of(counted, BEFORE_YEAR_END, currency),
        year_end=_sum_of(counted, AT_YEAR_END, currency),
        in_kind=in_kind,
    )


BEFORE_YEAR_END = (Term.INTERIM, Term.Q1, Term.Q2, Term.Q3)
AT_YEAR_END = (Term.YEAR_END, Term.Q4)
_TERM_ORDER = {term: place for place, term in enumerate(Term)}


def _order_in_year(dividend: tuple[list[Fact], DividendSoFar]) -> tuple[int, date, str]:
    facts, so_far = dividend
    statement = latest_statement(so_far)
    assert statement is not None
    return _TERM_ORDER[statement.term], facts[0].event.on, facts[0].event.action


def _sum(counted: Sequence[Counted], currency: str | None, places: int) -> str | None:
    """The sum of the figures per share as declared; null across currencies.

    The sum of no figures is null as well: a payment that is not recorded is not a payment of 0.
    """
    if not counted or currency is None:
        return None
    return decimal_text(sum((c.per_share for c in counted), Fraction(0)), places)[0]


def _sum_of(counted: Sequence[Counted], terms: Sequence[Term], currency: str | None) -> str | None:
    part = [c for c in counted if c.terms.term in terms]
    return _sum(part, currency, max((c.places for c in part), default=0))


def _mixed(
    known: KnownHistory,
    share_class: str,
    question: Question,
    counted: Sequence[Counted],
    end: date | None,
) -> bool | None:
    if not counted or end is None:
        return None
    ratios = {
        in_shares_of(known, share_class, question, Fraction(1), c.terms.base_date, end)
        for c in counted
    }
    return len(ratios) > 1


def _restated_sum(
    known: KnownHistory,
    share_class: str,
    question: Question,
    counted: Sequence[Counted],
    day: date | None,
) -> tuple[str | None, bool]:
    """The sum in the shares of a day, and whether the text is exact."""
    if day is None or not counted or len({c.terms.currency for c in counted}) > 1:
        return None, True
    parts = [
        in_shares_of(known, share_class, question, c.per_share, c.terms.base_date, day)
        for c in counted
    ]
    unchanged = all(part == c.per_share for part, c in zip(parts, counted, strict=True))
    places = max(c.places for c in counted) if unchanged else 0
    return decimal_text(sum(parts, Fraction(0)), places)


def _total(
    counted: Sequence[Counted], currency: str | None
) -> tuple[MoneyAnswer | None, str | None]:
    """The year's money: computed where possible, else as stated; null if a part is unknown."""
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
    return money(total, currency), kinds.pop() if len(kinds) == 1 else "mixed"
