"""What the facts of a dividend amount to at the close of a day: its terms and its state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self

from ledger.actions.dividend.events import (
    EVENTS,
    DividendAmended,
    DividendApproved,
    DividendCurrencyFixed,
    DividendElected,
    DividendForecast,
    DividendPaid,
    DividendRejected,
    DividendResolved,
    DividendWithdrawn,
    Fund,
    SettledIn,
    Term,
)
from ledger.events.event import Approval
from ledger.events.kinds import State
from ledger.events.recorded import Fact
from ledger.events.resolution import BY_MEMBERS
from ledger.values.fields import Money, PrintedMoney
from ledger.values.numbers import Exact


@dataclass(frozen=True, slots=True)
class DividendTerms:
    """A resolved dividend with its amendments up to some day."""

    resolved: Fact
    stated_by: Fact
    """The latest resolution or amendment."""
    term: Term
    fiscal_year_end: date
    currency: str
    per_share: Decimal | None = None
    """In cash; None of a dividend that is settled in shares only."""
    record_date: date | None = None
    actual_record_date: date | None = None
    ex_date: date | None = None
    payable_on: date | None = None
    fund: Fund | None = None
    approval: Approval | None = None
    meeting_expected: date | None = None
    stated_total: PrintedMoney | None = None
    settled_in: SettledIn = SettledIn.CASH
    reference_price: Money | None = None
    new: int | None = None
    old: int | None = None
    percent: Decimal | None = None
    election_until: date | None = None

    @property
    def needs_approval(self) -> bool:
        return self.approval in BY_MEMBERS

    @property
    def base_date(self) -> date:
        """The day whose shares the per-share figure counts."""
        if self.record_date is not None:
            return self.record_date
        return self.fiscal_year_end if self.term is Term.YEAR_END else self.resolved.event.on

    @property
    def new_for_each(self) -> Iterator[tuple[Fraction, str]]:
        """How many new shares one share is given, by each of the terms that say so."""
        if self.new is not None and self.old is not None:
            yield Fraction(self.new, self.old), f"x {self.new} / {self.old}"
        if self.percent is not None:
            yield Fraction(self.percent) / 100, f"x {self.percent:f} %"
        price, per_share = self.reference_price, self.per_share
        if price is None or per_share is None or not price.amount:
            return
        if price.currency == self.currency:
            ratio = Fraction(per_share) / Fraction(price.amount)
            yield ratio, f"x {per_share:f} / {price.amount:f}"


_TERM_FIELDS = DividendTerms.__dataclass_fields__.keys() - {"resolved", "stated_by"}


def _terms(resolved: Fact, stating: Sequence[Fact]) -> DividendTerms:
    known: dict[str, Any] = {}
    for fact in stating:
        stated = fact.event.stated & _TERM_FIELDS
        for names, others in (({"percent"}, ("new", "old")), ({"new", "old"}, ("percent",))):
            if names & stated:  # the other way to say the same is overtaken
                known.update(dict.fromkeys(others))
        known.update((name, getattr(fact.event, name)) for name in stated)
    if known.get("settled_in") is SettledIn.SHARES:
        known["per_share"] = None  # that of a resolution which an amendment settles in shares
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
    elected: list[tuple[Fact, DividendElected]] = field(default_factory=list)
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
    def carried_out(self) -> list[Fact]:
        """What paid it: in cash, or the new shares where there is no cash."""
        terms = self.terms
        if terms is not None and terms.settled_in is SettledIn.SHARES:
            return [fact for fact, _ in self.elected]
        return self.paid

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
        if self.carried_out:
            return State("paid", since=self.carried_out[0].event.on)
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
            case DividendElected() as elected:
                self.elected.append((fact, elected))
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


@dataclass(frozen=True, slots=True)
class Elected:
    """What all elections of a dividend amount to, beside its total."""

    shares: int
    from_treasury: int
    elected_by: Fraction | None
    """Shares whose holders chose new ones: as stated, else what the cash leaves of the base."""
    cash_stated: Exact | None
    cash_computed: Fraction | None
    """Per share x the shares whose holders did not choose new ones."""

    @property
    def cash(self) -> Exact | None:
        """As stated, else as computed."""
        return self.cash_computed if self.cash_stated is None else self.cash_stated

    @classmethod
    def of(cls, so_far: DividendSoFar, terms: DividendTerms, base: int | None) -> Self | None:
        """None where no election is known; `base` is outstanding at the end of the record date."""
        events = [event for _, event in so_far.elected]
        if not events:
            return None
        per_share = None if terms.per_share is None else Fraction(terms.per_share)
        stated = [e.cash_amount for e in events if e.cash_amount is not None]
        cash = None
        if stated and all(amount.currency == terms.currency for amount in stated):
            cash = sum((amount.exact for amount in stated), Fraction(0))
        known = [e.elected_by for e in events if e.elected_by is not None]
        chosen = Fraction(sum(known)) if len(known) == len(events) else None
        if chosen is None and base is not None:
            if terms.settled_in is SettledIn.SHARES:
                chosen = Fraction(base)
            elif cash is not None and per_share:
                chosen = base - cash / per_share
        computed = None
        if chosen is not None and base is not None and per_share is not None:
            computed = (base - chosen) * per_share
        shares = sum(e.shares for e in events)
        return cls(shares, sum(e.from_treasury for e in events), chosen, cash, computed)


def payment_per_share(terms: DividendTerms, fixed: DividendCurrencyFixed) -> Fraction | None:
    """Per share in the currency of payment: as stated, else at the stated rate."""
    if fixed.per_share is not None:
        return Fraction(fixed.per_share)
    if fixed.rate is None or terms.per_share is None:
        return None
    first, _, second = fixed.rate.pair.partition("/")
    if (terms.currency, fixed.payment_currency) == (first, second):
        return Fraction(terms.per_share) * Fraction(fixed.rate.value)
    if (terms.currency, fixed.payment_currency) == (second, first):
        return Fraction(terms.per_share) / Fraction(fixed.rate.value)
    return None
