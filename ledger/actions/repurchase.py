"""A repurchase program: authorized with caps and a period, carried out, completed or expired."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar

from ledger.actions.acquisition import Destination, shares_taken_in
from ledger.counts.day_order import Moment
from ledger.counts.movements import Effect, Retire
from ledger.counts.positions import Restatement
from ledger.events.event import Event
from ledger.events.execution import (
    AveragePrice,
    Execution,
    Fees,
    HighestPrice,
    LowestPrice,
    Paid,
    Price,
    Venue,
)
from ledger.events.kinds import CalendarDay, CapitalAction, Progress, State, register
from ledger.events.recorded import Breach, Fact
from ledger.values.fields import Amount, Count, Day, Money, PositiveAmount, Prose, Shares
from ledger.values.model import Field, Value, must_hold, optional
from ledger.values.numbers import Exact, Rounding


class Method(StrEnum):
    """How the shares are bought."""

    MARKET = "MARKET"
    OFF_AUCTION = "OFF_AUCTION"
    TENDER_OFFER = "TENDER_OFFER"
    NAMED_HOLDER = "NAMED_HOLDER"
    ACCELERATED = "ACCELERATED"
    TRUST = "TRUST"


class AlreadyBought(Value):
    """What a program older than this ledger bought before the first recorded purchase."""

    shares: Count | None = None
    amount: Money | None = None


class ProgramTerms(Event):
    """The terms that an authorization states and an amendment may change."""

    max_shares: Shares | None = optional("cap on shares")
    max_amount: Money | None = optional("cap on the amount")
    from_: Day | None = optional("first day of purchases", alias="from")
    until: Day | None = optional("last day of purchases")
    method: Method | None = optional("how the shares are bought")
    destination: Destination | None = optional("where they go: TREASURY (default) or RETIRED")

    @must_hold
    def _window_in_order(self) -> None:
        if self.from_ is not None and self.until is not None and self.until < self.from_:
            raise ValueError(f"until {self.until} lies before from {self.from_}")

    def movement(self) -> Effect | None:
        return None if self.destination is None else Retire(self.destination is Destination.RETIRED)


class RepurchaseAuthorized(ProgramTerms):
    """The company may buy its own shares, within these caps and this period.

    Companies Act (Japan) art. 156(1), by the board under art. 165(3). Either cap may be reached
    first.
    """

    moment = Moment.RESOLUTION

    stated_percent: Annotated[Amount, Field(le=100)] | None = optional(
        "cap as a percentage of outstanding, as printed in the notice"
    )
    already: AlreadyBought | None = optional("bought before the first purchase in this ledger")


class RepurchaseAmended(ProgramTerms):
    """Caps or period were changed during the program: the changed fields, and the reason."""

    moment = Moment.AMENDMENT

    cause: Prose | None = optional("reason")

    @must_hold
    def _changes_something(self) -> None:
        if not self.changed_fields - {"cause"}:
            raise ValueError("an amendment changes at least one term of the authorization")


class SharesRepurchased(Execution):
    """Shares bought under the program, by trade date; 0 reports a period without purchases."""

    moment = Moment.ACQUISITION

    shares: Count = Field(description="shares bought; 0 for a period without purchases")
    amount: Paid = None
    amount_in_cap_currency: Money | None = optional(
        "the amount in the cap's currency, if different"
    )
    price: Price = None
    average_price: AveragePrice = None
    highest_price: HighestPrice = None
    lowest_price: LowestPrice = None
    fees: Fees = None
    venue: Venue = None
    destination: Destination | None = optional("where they went; default: as authorized")

    @must_hold
    def _nothing_costs_nothing(self) -> None:
        if self.shares == 0 and self.amount is not None and self.amount.exact:
            raise ValueError(f"shares is 0, so amount must be 0, not {self.amount.amount:,f}")

    def movement(self) -> Effect:
        return shares_taken_in(self.shares, self.amount, self.destination)


class RepurchaseReported(Event):
    """Progress as printed, cumulative: an assertion that changes nothing.

    Rule reported-progress.
    """

    moment = Moment.REPORT

    shares: Count | None = optional("cumulative shares")
    amount: Money | None = optional("cumulative amount")
    unit: PositiveAmount = Field(default=Decimal(1), description="unit of the printed amount")
    rounding: Rounding = Field(default=Rounding.HALF_UP, description="how it was rounded")

    @must_hold
    def _reports_something(self) -> None:
        if self.shares is None and self.amount is None:
            raise ValueError("a report states shares, amount or both")


class RepurchaseCompleted(Event):
    """The company declared the program complete."""

    moment = Moment.END


class RepurchaseTerminated(Event):
    """The company ended the program early."""

    moment = Moment.END

    reason: Prose | None = optional("reason")


@dataclass(slots=True)
class Program:
    """The sum of the facts of one program, in the order they took effect."""

    authorized: Fact | None = None
    max_shares: int | None = None
    max_shares_as_of: date | None = None
    """The day the cap in force was stated: it counts the shares of that day."""
    max_amount: Money | None = None
    begins: date | None = None
    until: date | None = None
    method: Method | None = None
    destination: Destination = Destination.TREASURY
    already: AlreadyBought | None = None
    restatement: Restatement = field(default_factory=Restatement)
    """The splits of the class: purchases are summed up in the shares of any day."""
    first_purchase: Fact | None = None
    bought: Counter[int] = field(default_factory=Counter)
    """Shares bought, by the epoch between splits they were traded in."""
    paid: dict[str, Exact] = field(default_factory=dict)
    """What was paid by currency; a purchase stated in two currencies counts in each."""
    priced: Counter[str] = field(default_factory=Counter)
    """How many purchases of at least one share are stated in each currency ..."""
    purchases: int = 0
    """... of this many."""
    ended: Fact | None = None

    def take(self, fact: Fact) -> None:
        """Add the next fact in order of effect."""
        match fact.event:
            case RepurchaseAuthorized() as event:
                self.authorized = fact
                self.already = event.already
                self._take_terms(event)
            case RepurchaseAmended() as event:
                self._take_terms(event)
            case SharesRepurchased() as purchase:
                self.first_purchase = self.first_purchase or fact
                self._take_purchase(purchase)
            case RepurchaseCompleted() | RepurchaseTerminated():
                self.ended = fact

    def _take_terms(self, event: ProgramTerms) -> None:
        if event.max_shares is not None:
            self.max_shares, self.max_shares_as_of = event.max_shares, event.on
        self.max_amount = event.max_amount or self.max_amount
        self.begins = event.from_ or self.begins
        self.until = event.until or self.until
        self.method = event.method or self.method
        self.destination = event.destination or self.destination

    def _take_purchase(self, purchase: SharesRepurchased) -> None:
        if purchase.shares == 0:
            return
        self.bought[self.restatement.epoch(purchase.on)] += purchase.shares
        self.purchases += 1
        stated = {m.currency: m for m in (purchase.amount_in_cap_currency, purchase.amount) if m}
        for currency, money in stated.items():
            self.paid[currency] = self.paid.get(currency, 0) + money.exact
            self.priced[currency] += 1

    @property
    def first_day(self) -> date | None:
        """The first day of purchases: as stated, else the day of the authorization."""
        if self.begins is not None or self.authorized is None:
            return self.begins
        return self.authorized.event.on

    @property
    def currency(self) -> str | None:
        """The currency of progress: that of the cap, else the one currency of all purchases."""
        if self.max_amount is not None:
            return self.max_amount.currency
        if self.already is not None and self.already.amount is not None:
            return self.already.amount.currency
        return next(iter(self.paid)) if len(self.paid) == 1 else None

    def shares_bought(self, day: date) -> Exact | None:
        """Cumulative shares by trade date, in the shares of `day`, exactly.

        None if the shares bought before the ledger began are not recorded.
        """
        epoch = self.restatement.epoch(day)
        total: Exact = self.bought[epoch]
        if self.already is not None:
            if self.already.shares is None or self.authorized is None:
                return None
            since = self.authorized.event.on
            total += self.already.shares * self.restatement.ratio(since, day)
        for traded, shares in self.bought.items():
            if traded != epoch:
                total += shares * self.restatement.between(traded, epoch)
        return total

    @property
    def amount_paid(self) -> Exact | None:
        """Cumulative amount without fees; None when one purchase's amount is not captured."""
        currency = self.currency
        before: Exact = 0
        if self.already is not None:
            if self.already.amount is None or self.already.amount.currency != currency:
                return None
            before = self.already.amount.exact
        if currency is None:
            return before if self.purchases == 0 else None
        if self.priced[currency] != self.purchases:
            return None
        return before + self.paid.get(currency, 0)


def paid_in(purchase: SharesRepurchased, currency: str | None) -> Exact:
    """What a purchase cost in that currency; 0 where it is not stated in it."""
    for money in (purchase.amount, purchase.amount_in_cap_currency):
        if money is not None and money.currency == currency:
            return money.exact
    return 0


def program_at(facts: Sequence[Fact], on: date, restatement: Restatement | None = None) -> Program:
    """The program as it stands at the close of `on`, by trade date."""
    program = Program(restatement=restatement or Restatement())
    for fact in facts:
        if fact.event.on <= on:
            program.take(fact)
    return program


def program_state(program: Program, on: date) -> State | None:
    """Authorized, open, expired, completed or terminated; reaching a cap does not complete it."""
    if program.ended is not None:
        done = isinstance(program.ended.event, RepurchaseCompleted)
        name = "completed" if done else "terminated"
        return State(name, since=program.ended.event.on, is_called_off=not done)
    first = program.first_day
    if program.authorized is None:
        if program.first_purchase is None:
            return None
        since = program.first_purchase.event.on
        return State("open", "the capture of its authorization", None, since)
    if program.until is not None and on > program.until:
        return State("expired", since=program.until + timedelta(days=1))
    if first is not None and on < first:
        return State("authorized", "its first day", first, program.authorized.event.on)
    return State("open", "its end", program.until, first)


@register
class Repurchase(CapitalAction):
    """One repurchase program of one class."""

    kind: ClassVar[str] = "repurchase"
    events_of_kind = (
        RepurchaseAuthorized,
        RepurchaseAmended,
        SharesRepurchased,
        RepurchaseReported,
        RepurchaseCompleted,
        RepurchaseTerminated,
    )
    carried_out_by = (SharesRepurchased,)
    overdue_rule = None  # a program ends by itself

    @classmethod
    def state(cls, facts: Sequence[Fact], on: date) -> State | None:
        return program_state(program_at(facts, on), on)

    @classmethod
    def days(cls, facts: Sequence[Fact], on: date) -> Iterator[CalendarDay]:
        program = program_at(facts, on)
        terms = [(fact, fact.event) for fact in facts if isinstance(fact.event, ProgramTerms)]
        for day, what, stated, done in (
            (program.begins, "first day of purchases", [f for f, e in terms if e.from_], None),
            (
                program.until,
                "last day of purchases",
                [f for f, e in terms if e.until],
                program.ended,
            ),
        ):
            if day is not None:
                yield CalendarDay(day, what, stated[-1], done, otherwise=Progress.PASSED)

    @classmethod
    def lifecycle(cls, facts: Sequence[Fact]) -> Iterator[Breach]:
        program = Program()
        authorization = next((f for f in facts if isinstance(f.event, RepurchaseAuthorized)), None)
        for fact in facts:
            problem = _out_of_order(program, fact, authorization)
            if problem is not None:
                yield Breach.at(fact, "order-of-events", *problem)
            if not isinstance(fact.event, SharesRepurchased):  # most facts, and no matter here
                program.take(fact)


def _out_of_order(
    program: Program, fact: Fact, authorization: Fact | None
) -> tuple[str, str] | None:
    event = fact.event
    if isinstance(event, SharesRepurchased) and event.shares == 0:
        return None  # a month without a purchase is reported before the start and after the end
    if program.ended is not None and not isinstance(event, RepurchaseReported):
        how = "completed" if isinstance(program.ended.event, RepurchaseCompleted) else "terminated"
        return (
            f"{_said(event)}: the program was {how} on {program.ended.event.on}",
            "purchases after the end belong to a new authorization",
        )
    if isinstance(event, RepurchaseAuthorized):
        if program.authorized is not None:
            return (
                f"{_said(event)}: the program is authorized since {program.authorized.event.on}",
                "change it with: capital repurchase amend; a new program has its own reference",
            )
        return None
    if isinstance(event, RepurchaseAmended) and program.authorized is None:
        holds = "no authorization" if authorization is None else _held(authorization)
        return f"{_said(event)}: the ledger holds {holds}", "record the authorization first"
    if isinstance(event, RepurchaseAmended) and program.until is not None:
        if event.on > program.until:
            return (
                f"{_said(event)}: the program expired after {program.until}",
                "to extend a program after its end, record an authorization of its own",
            )
        return None
    # The last day counts here, and the rule on the period judges the first: a calendar month may
    # begin before the authorization of its purchases.
    if authorization is not None and event.on < authorization.event.on:
        return (
            f"{_said(event)}: the ledger holds {_held(authorization)}",
            "correct the date of one of them",
        )
    return None


def _said(event: Event) -> str:
    return f"{event.name} of {event.action} on {event.on}"


def _held(authorization: Fact) -> str:
    return f"its authorization on {authorization.event.on}"
