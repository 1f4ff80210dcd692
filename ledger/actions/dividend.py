"""A dividend: forecast, resolved, approved, paid; or rejected, or withdrawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from ledger.counts.day_order import Moment
from ledger.events.event import Approval, Event
from ledger.events.kinds import CalendarDay, CapitalAction, Overdue, State, register
from ledger.events.recorded import Breach, Fact
from ledger.events.resolution import BY_MEMBERS, Resolution, resolved_days
from ledger.values.fields import Amount, Currency, Day, Money, PrintedMoney, Prose, Rate
from ledger.values.model import Field, must_hold, optional


class Term(StrEnum):
    """Which dividend of its fiscal year; a year may have two of the same term."""

    Q1 = "Q1"
    Q2 = "Q2"
    Q3 = "Q3"
    Q4 = "Q4"
    INTERIM = "INTERIM"
    YEAR_END = "YEAR_END"
    SPECIAL = "SPECIAL"
    ANNUAL = "ANNUAL"
    """The whole year; only a forecast can have it."""


class Fund(StrEnum):
    """The source of the dividend."""

    RETAINED_EARNINGS = "RETAINED_EARNINGS"
    CAPITAL_SURPLUS = "CAPITAL_SURPLUS"
    OTHER = "OTHER"


_ANNUAL_IS_FORECAST = (
    "term ANNUAL is for forecasts only; a resolved dividend has INTERIM, YEAR_END or another term"
)


class DividendForecast(Event):
    """The dividend the company expects to pay: a figure, a range, or undecided.

    Totals exclude it.
    """

    moment = Moment.FORECAST

    term: Term = Field(description="which dividend of the year; ANNUAL for the whole year")
    fiscal_year_end: Day = Field(description="last day of the fiscal year it belongs to")
    currency: Currency = Field(description="currency code, such as JPY")
    per_share: Amount | None = optional("expected per share")
    per_share_low: Amount | None = optional("low end of a range")
    per_share_high: Amount | None = optional("high end of a range")
    undecided: bool | None = optional("the company says it is undecided")

    @must_hold
    def _one_way_of_saying(self) -> None:
        is_range = self.per_share_low is not None or self.per_share_high is not None
        ways = (self.per_share is not None) + is_range + bool(self.undecided)
        if ways != 1:
            raise ValueError(
                "a forecast states per_share, or per_share_low with per_share_high, or undecided"
            )
        if is_range:
            if self.per_share_low is None or self.per_share_high is None:
                raise ValueError("a range needs both per_share_low and per_share_high")
            if self.per_share_low > self.per_share_high:
                raise ValueError(
                    f"per_share_low {self.per_share_low} is more than "
                    f"per_share_high {self.per_share_high}"
                )


class DividendDecision(Resolution):
    """The terms that a resolution states and an amendment may change."""

    effect = ("payment", "payment date")

    record_date: Day | None = optional("holders at the end of this day receive the dividend")
    actual_record_date: Day | None = optional(
        "last business day before the record date, if the record date is not a business day"
    )
    ex_date: Day | None = optional("ex-dividend date")
    payable_on: Day | None = optional("payment date; the effective date of Japanese notices")
    fund: Fund | None = optional("source of the dividend, such as retained earnings")
    approval: Approval | None = optional("meeting that must approve it, if any")
    meeting_expected: Day | None = optional("day of that meeting")
    stated_total: PrintedMoney | None = optional('total as printed, such as "JPY 608 million"')
    commemorative_part: Amount | None = optional("commemorative part of the dividend, per share")

    @property
    def planned_for(self) -> date | None:
        return self.payable_on


class DividendResolved(DividendDecision):
    """The body that proposes or decides the dividend resolved it; "0" is also a decision.

    Companies Act (Japan) art. 454(1) where a general meeting approves, 454(5) interim by board.
    """

    term: Term = Field(description="which dividend of the year")
    fiscal_year_end: Day = Field(description="last day of the fiscal year it belongs to")
    per_share: Amount = Field(description="dividend per share, in the shares of the record date")
    currency: Currency = Field(description="currency code, such as JPY")

    @must_hold
    def _one_payment(self) -> None:
        if self.term is Term.ANNUAL:
            raise ValueError(_ANNUAL_IS_FORECAST)


class DividendCurrencyFixed(Event):
    """A dividend declared in one currency is paid in another, at this rate or figure."""

    moment = Moment.AMENDMENT

    payment_currency: Currency = Field(description="currency it is paid in")
    per_share: Amount | None = optional("per share in that currency")
    rate: Rate | None = optional("exchange rate, if stated")


class DividendAmended(DividendDecision):
    """The resolution was changed before payment: the changed fields, and the reason."""

    moment = Moment.AMENDMENT

    term: Term | None = None
    fiscal_year_end: Day | None = None
    per_share: Amount | None = None
    currency: Currency | None = None
    cause: Prose | None = optional("reason")

    @must_hold
    def _changes_something(self) -> None:
        if self.term is Term.ANNUAL:
            raise ValueError(_ANNUAL_IS_FORECAST)
        if not self.changed_fields - {"cause"}:
            raise ValueError("an amendment changes at least one term of the resolution")


class DividendApproved(Event):
    """The meeting approved it."""

    moment = Moment.APPROVAL


class DividendRejected(Event):
    """The meeting voted it down."""

    moment = Moment.APPROVAL


class DividendPaid(Event):
    """The dividend was paid, in full or in part; may be recorded several times."""

    moment = Moment.PAYMENT

    amount: Money | None = optional("amount paid; absent: in full")


class UnclaimedDividendLapsed(Event):
    """Unclaimed dividends reverted to the company."""

    moment = Moment.LAPSE

    amount: Money = Field(description="amount lapsed")


class DividendWithdrawn(Event):
    """The company withdrew it before payment."""

    moment = Moment.END

    reason: Prose = Field(description="reason")


@dataclass(frozen=True, slots=True)
class DividendTerms:
    """A resolved dividend with its amendments up to some day."""

    resolved: Fact
    stated_by: Fact
    """The latest resolution or amendment."""
    term: Term
    fiscal_year_end: date
    per_share: Decimal
    currency: str
    record_date: date | None = None
    actual_record_date: date | None = None
    ex_date: date | None = None
    payable_on: date | None = None
    fund: Fund | None = None
    approval: Approval | None = None
    meeting_expected: date | None = None
    stated_total: PrintedMoney | None = None

    @property
    def needs_approval(self) -> bool:
        return self.approval in BY_MEMBERS

    @property
    def base_date(self) -> date:
        """The day whose shares the per-share figure counts."""
        if self.record_date is not None:
            return self.record_date
        return self.fiscal_year_end if self.term is Term.YEAR_END else self.resolved.event.on


_TERM_FIELDS = DividendTerms.__dataclass_fields__.keys() - {"resolved", "stated_by"}


def _terms(resolved: Fact, stating: Sequence[Fact]) -> DividendTerms:
    known = {
        name: getattr(fact.event, name)
        for fact in stating
        for name in fact.event.stated & _TERM_FIELDS
    }
    return DividendTerms(resolved=resolved, stated_by=stating[-1], **known)


@dataclass(slots=True)
class DividendSoFar:
    """The sum of the facts of one dividend at the close of a day."""

    forecast: Fact | None = None
    stating: list[Fact] = field(default_factory=list)
    """The resolution and its amendments."""
    approved: Fact | None = None
    rejected: Fact | None = None
    withdrawn: Fact | None = None
    paid: list[Fact] = field(default_factory=list)
    currency_fixed: Fact | None = None
    _terms: DividendTerms | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def terms(self) -> DividendTerms | None:
        if not self.stating:
            return None
        if self._terms is None or self._terms.stated_by is not self.stating[-1]:
            self._terms = _terms(self.stating[0], self.stating)
        return self._terms

    @property
    def ended(self) -> Fact | None:
        return self.rejected or self.withdrawn

    @property
    def state(self) -> State | None:
        terms = self.terms
        if self.ended is not None:
            name = "rejected" if self.rejected else "withdrawn"
            return State(name, since=self.ended.event.on, is_called_off=True)
        if terms is None:  # what was decided is not known
            return self._expected
        if self.paid:
            return State("paid", since=self.paid[0].event.on)
        if self.approved is not None:
            return State("approved", "payment", terms.payable_on, self.approved.event.on)
        since = terms.resolved.event.on
        if terms.needs_approval:
            meeting = f"approval by the {terms.approval}"
            return State("awaiting approval", meeting, terms.meeting_expected, since)
        return State("resolved", "payment", terms.payable_on, since)

    @property
    def _expected(self) -> State | None:
        if self.forecast is None:
            return None
        event = self.forecast.event
        assert isinstance(event, DividendForecast)
        # The parts of a year are resolved, never the year as a whole.
        awaits = None if event.term is Term.ANNUAL else "a resolution"
        return State("forecast", awaits, None, event.on)

    def take(self, fact: Fact) -> None:
        """Add the next fact in order of effect."""
        match fact.event:
            case DividendForecast():
                self.forecast = fact
            case DividendResolved():
                self.stating.append(fact)
            case DividendAmended() if self.stating:  # an amendment changes a resolution
                self.stating.append(fact)
            case DividendApproved():
                self.approved = fact
            case DividendRejected():
                self.rejected = fact
            case DividendWithdrawn():
                self.withdrawn = fact
            case DividendPaid():
                self.paid.append(fact)
            case DividendCurrencyFixed():
                self.currency_fixed = fact


def dividend_at(facts: Sequence[Fact], on: date) -> DividendSoFar:
    """The dividend as it stands at the close of `on`."""
    so_far = DividendSoFar()
    for fact in facts:
        if fact.event.on <= on and isinstance(fact.event, Dividend.events_of_kind):
            so_far.take(fact)
    return so_far


def payment_per_share(terms: DividendTerms, fixed: DividendCurrencyFixed) -> Fraction | None:
    """Per share in the currency of payment: as stated, else at the stated rate."""
    if fixed.per_share is not None:
        return Fraction(fixed.per_share)
    if fixed.rate is None:
        return None
    first, _, second = fixed.rate.pair.partition("/")
    if (terms.currency, fixed.payment_currency) == (first, second):
        return Fraction(terms.per_share) * Fraction(fixed.rate.value)
    if (terms.currency, fixed.payment_currency) == (second, first):
        return Fraction(terms.per_share) / Fraction(fixed.rate.value)
    return None


@register
class Dividend(CapitalAction):
    """One dividend of one class."""

    kind: ClassVar[str] = "dividend"
    events_of_kind = (
        DividendForecast,
        DividendResolved,
        DividendCurrencyFixed,
        DividendAmended,
        DividendApproved,
        DividendRejected,
        DividendPaid,
        UnclaimedDividendLapsed,
        DividendWithdrawn,
    )
    approved_by = (DividendApproved,)
    carried_out_by = (DividendPaid,)
    is_owed = True
    overdue_rule = "payment-overdue"

    @classmethod
    def state(cls, facts: Sequence[Fact], on: date) -> State | None:
        return dividend_at(facts, on).state

    @classmethod
    def lifecycle(cls, facts: Sequence[Fact]) -> Iterator[Breach]:
        so_far = DividendSoFar()
        for fact in facts:
            problem = _out_of_order(so_far, fact, facts)
            if problem is not None:
                yield Breach.at(fact, "order-of-events", *problem)
            so_far.take(fact)

    @classmethod
    def days(cls, facts: Sequence[Fact], on: date) -> Iterator[CalendarDay]:
        paid = dividend_at(facts, on).paid
        return resolved_days(facts, paid[0] if paid else None)

    @classmethod
    def overdue(cls, facts: Sequence[Fact], on: date) -> Overdue | None:
        so_far = dividend_at(facts, on)
        state, terms = so_far.state, so_far.terms
        if state is None or terms is None or state.awaits is None:
            return None
        # The payment date of a dividend that awaits approval can pass before the meeting.
        passed = [day for day in (state.due, terms.payable_on) if day is not None and day < on]
        return Overdue(state, passed[0], terms.stated_by) if passed else None


def _out_of_order(
    so_far: DividendSoFar, fact: Fact, facts: Sequence[Fact]
) -> tuple[str, str] | None:
    event, ended = fact.event, so_far.ended
    said = f"{event.name} of {event.action} on {event.on}"
    if ended is not None:
        how = f"the dividend was {'rejected' if so_far.rejected else 'withdrawn'}"
        return f"{said}: {how} on {ended.event.on}", "give a new dividend a different reference"
    if isinstance(event, DividendForecast | DividendResolved):
        if so_far.stating:
            resolved = so_far.stating[0].event.on
            return (
                f"{said}: the dividend is resolved since {resolved}",
                "change it with: capital dividend amend; a new record date needs a new dividend",
            )
        return None
    if not so_far.stating:
        if isinstance(event, DividendWithdrawn) and so_far.forecast is not None:
            return None
        later = next((f.event.on for f in facts if isinstance(f.event, DividendResolved)), None)
        holds = "no resolution of it" if later is None else f"its resolution on {later}"
        return f"{said}: the ledger holds {holds}", "record the resolution, or correct the dates"
    if so_far.paid and not isinstance(
        event, DividendPaid | UnclaimedDividendLapsed | DividendApproved | DividendCurrencyFixed
    ):
        return (
            f"{said}: the dividend was paid on {so_far.paid[0].event.on}",
            "to correct it, reverse the payment first",
        )
    if isinstance(event, UnclaimedDividendLapsed) and not so_far.paid:
        return f"{said}: nothing was paid yet", "record the payment first"
    if isinstance(event, DividendApproved | DividendRejected) and so_far.approved is not None:
        approved = so_far.approved.event.on
        return f"{said}: the dividend was approved on {approved} already", "reverse that first"
    return None
