"""What the facts of a dividend amount to at the close of a day: its terms and its state."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ledger.actions.dividend.events import (
    EVENTS,
    DividendAmended,
    DividendApproved,
    DividendCurrencyFixed,
    DividendForecast,
    DividendPaid,
    DividendRejected,
    DividendResolved,
    DividendWithdrawn,
    Fund,
    Term,
)
from ledger.events.event import Approval
from ledger.events.kinds import State
from ledger.events.recorded import Fact
from ledger.events.resolution import BY_MEMBERS
from ledger.values.fields import PrintedMoney


@dataclass(frozen=True, slots=True)
class DividendTerms:
    """A resolved dividend with its amendments up to some day, and who stated it."""

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
        """The day in whose shares the per-share figure is (domain.md, section 6)."""
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
    """What the facts of one dividend amount to at the close of a day."""

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
        if terms is None:  # whatever else is known, nobody knows what was decided
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
        # A whole year's figure is never resolved as such: its parts are.
        awaits = None if event.term is Term.ANNUAL else "a resolution"
        return State("forecast", awaits, None, event.on)

    def take(self, fact: Fact) -> None:
        """Add the next fact in order of effect."""
        match fact.event:
            case DividendForecast():
                self.forecast = fact
            case DividendResolved():
                self.stating.append(fact)
            case DividendAmended() if self.stating:  # without a resolution it says nothing
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
        if fact.event.on <= on and isinstance(fact.event, EVENTS):
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
