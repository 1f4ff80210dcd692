"""The events of a share class itself: opening position, articles, published counts."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from ledger.actions.dividend import Term
from ledger.counts.basis import ALL_CLASSES
from ledger.counts.day_order import Moment
from ledger.counts.movements import Adjust, Authorize, Effect, Opening
from ledger.errors import quoted
from ledger.events.event import Event, Scope
from ledger.events.kinds import CapitalAction, State, register
from ledger.events.recorded import Breach, Fact
from ledger.values.fields import (
    Amount,
    Change,
    Count,
    Day,
    Isin,
    Line,
    Money,
    PositiveAmount,
    Prose,
)
from ledger.values.model import Field, must_hold, optional
from ledger.values.numbers import Rounding

TradingUnit = Annotated[int, Field(ge=1, le=1_000_000)]


class ClassEvent(Event):
    """An event of a share class itself."""

    scope = Scope.CLASS

    @must_hold
    def _of_one_class(self) -> None:
        if self.share_class == ALL_CLASSES and not isinstance(self, PositionReported):
            raise ValueError(f'class "all" has no {self.name} of its own')


class ShareClassRegistered(ClassEvent):
    """A class of shares, with its name and unit of trading."""

    moment = Moment.REGISTRATION

    name_: Line = Field(alias="name", description="the class's name, such as Common stock")
    isin: Isin | None = optional("International Securities ID Number (ISIN)")
    trading_unit: TradingUnit | None = optional("shares per trading unit")
    par: Money | None = optional("par value of one share")


class OpeningPositionStated(ClassEvent):
    """The counts that a document states at the close of its day.

    The ledger's history of the class begins here. Once per class; later only for counts that are
    unknown at that date.
    """

    moment = Moment.OPENING

    issued: Count | None = optional("shares issued")
    treasury: Count | None = optional("of these, in treasury")
    outstanding: Count | None = optional("issued less treasury")
    authorized: Count | None = optional("shares authorized by the articles")
    treasury_cost: Money | None = optional("cost of the treasury shares")

    @must_hold
    def _states_something_coherent(self) -> None:
        counts = (self.issued, self.treasury, self.outstanding)
        if all(count is None for count in (*counts, self.authorized)):
            raise ValueError(
                "an opening position states at least one count: issued, treasury, outstanding or "
                "authorized"
            )
        if self.treasury == 0 and self.treasury_cost is not None and self.treasury_cost.exact:
            raise ValueError("treasury is 0, so treasury_cost must be 0")
        _check_coherent(*counts)

    def movement(self) -> Effect:
        cost = self.treasury_cost
        return Opening(
            self.issued,
            self.treasury,
            self.outstanding,
            self.authorized,
            None if cost is None else cost.exact,
            None if cost is None else cost.currency,
        )


def _check_coherent(issued: int | None, treasury: int | None, outstanding: int | None) -> None:
    if issued is not None and treasury is not None:
        if treasury > issued:
            raise ValueError(f"treasury {treasury:,} is more than issued {issued:,}")
        if outstanding is not None and outstanding != issued - treasury:
            raise ValueError(
                f"outstanding {outstanding:,} is not issued {issued:,} less treasury {treasury:,}"
            )
    if issued is not None and outstanding is not None and outstanding > issued:
        raise ValueError(f"outstanding {outstanding:,} is more than issued {issued:,}")


class AuthorizedSharesChanged(ClassEvent):
    """The articles authorize another number of shares."""

    moment = Moment.AUTHORIZED_CHANGE

    authorized: Count = Field(description="shares authorized by the articles from this day on")

    def movement(self) -> Effect:
        return Authorize(self.authorized)


class TradingUnitChanged(ClassEvent):
    """The number of shares per trading unit changes."""

    moment = Moment.AMENDMENT

    trading_unit: TradingUnit = Field(description="shares per trading unit")


class DepositaryRatioSet(ClassEvent):
    """The ratio of depositary shares to shares, such as 400 ADS for 1 share."""

    moment = Moment.AMENDMENT

    depositary_shares: Annotated[int, Field(ge=1, le=10**9)] = Field(
        description="number of depositary shares"
    )
    shares: Annotated[int, Field(ge=1, le=10**9)] = Field(
        description="that represent this number of shares"
    )


class PositionReported(ClassEvent):
    """A published count: it changes no count and must agree with the ledger.

    Rule reported-position. Under class "all" it is compared with the sum over the classes.
    """

    moment = Moment.REPORT

    issued: Count | None = optional("shares issued, as published")
    treasury: Count | None = optional("of these, in treasury, as published")
    outstanding: Count | None = optional("issued less treasury, as published")
    basis: Literal["settlement"] = "settlement"
    share_basis: Day | None = Field(
        default=None, description="the counts are printed in the shares of this day; default: --on"
    )
    unit: PositiveAmount = Field(
        default=Decimal(1), description="unit of the printed figure, such as 1000"
    )
    rounding: Rounding = Field(default=Rounding.HALF_UP, description="how it was rounded")

    @must_hold
    def _reports_something(self) -> None:
        if self.issued is None and self.treasury is None and self.outstanding is None:
            raise ValueError(
                "a reported position states at least one count: issued, treasury or outstanding"
            )


class PositionAdjusted(ClassEvent):
    """A gap between two published counts that no recorded action explains.

    A change of null means that the count changed by an unknown number: it is null from then until
    an opening position states it again. `check` always lists it.
    """

    moment = Moment.ADJUSTMENT
    nullable = frozenset({"issued_change", "treasury_change"})

    issued_change: Change | None = Field(description="size of the change: a number, 0, or unknown")
    treasury_change: Change | None = Field(
        description="size of the change: a number, 0, or unknown"
    )
    reason: Prose = Field(description="what the documents show")
    until: Day | None = optional("last day of a temporary adjustment")

    @must_hold
    def _moves_something(self) -> None:
        if self.issued_change == 0 and self.treasury_change == 0:
            raise ValueError("an adjustment moves issued, treasury or both")
        if self.until is not None and self.until < self.on:
            raise ValueError(f"until {self.until} is before on {self.on}")

    def movement(self) -> Effect:
        return Adjust(self.issued_change, self.treasury_change, self.until)


class TotalBasis(StrEnum):
    """Which of a fiscal year's three dividend figures a document prints."""

    DECLARED = "DECLARED"
    YEAR_END = "YEAR_END"
    RESTATED = "RESTATED"


class DividendTotalReported(ClassEvent):
    """A year's or a term's dividend as printed: an assertion (rule reported-total).

    It moves nothing. Without a basis it holds if any of the three views agrees.
    """

    moment = Moment.REPORT

    fiscal_year_end: Day = Field(description="last day of the fiscal year")
    term: Term | None = Field(
        default=None, description="the dividends of one term alone; default: the whole year"
    )
    per_share: Amount | None = Field(default=None, description="dividend per share")
    amount: Money | None = Field(default=None, description="total")
    unit: PositiveAmount = Field(default=Decimal(1), description="unit of the printed figure")
    rounding: Rounding = Field(default=Rounding.HALF_UP, description="how it was rounded")
    basis: TotalBasis | None = optional("share basis of the figure")

    @must_hold
    def _reports_something(self) -> None:
        if self.per_share is None and self.amount is None:
            raise ValueError("a reported total states per_share, amount or both")

    @property
    def per_share_unit(self) -> Fraction:
        """The last decimal place the per-share figure was printed with."""
        places = -int(self.per_share.as_tuple().exponent) if self.per_share is not None else 0
        return Fraction(1, 10**places)


class TrustHoldingStated(ClassEvent):
    """Shares held in an employee trust: legally outstanding, deducted for earnings per share.

    For information only: it changes no count.
    """

    moment = Moment.REPORT

    shares: Count = Field(description="shares in the trust")


class ShareClassClosed(ClassEvent):
    """The class ceases to exist: no event may follow this day.

    A dividend with an earlier record date is still owed to its holders.
    """

    moment = Moment.END

    reason: Prose | None = optional("reason")


@register
class ShareClass(CapitalAction):
    """One timeline of authorized, issued, treasury and outstanding shares."""

    kind: ClassVar[str] = "share class"
    events_of_kind = (
        ShareClassRegistered,
        OpeningPositionStated,
        AuthorizedSharesChanged,
        TradingUnitChanged,
        DepositaryRatioSet,
        PositionReported,
        PositionAdjusted,
        DividendTotalReported,
        TrustHoldingStated,
        ShareClassClosed,
    )

    @classmethod
    def state(cls, facts: Sequence[Fact], on: date) -> State | None:
        until = [fact.event for fact in facts if fact.event.on <= on]
        if not until:
            return None
        closed = [event for event in until if isinstance(event, ShareClassClosed)]
        if closed:
            return State("closed", since=closed[0].on)
        opened = any(isinstance(event, OpeningPositionStated) for event in until)
        if opened or facts[0].event.share_class == ALL_CLASSES:
            return State("open")
        return State("registered", awaits="an opening position")

    @classmethod
    def lifecycle(cls, facts: Sequence[Fact]) -> Iterator[Breach]:
        registrations = [fact for fact in facts if isinstance(fact.event, ShareClassRegistered)]
        for fact in registrations[1:]:
            yield Breach.at(
                fact,
                "order-of-events",
                f"class {fact.event.share_class} is registered already, on "
                f"{registrations[0].event.on} by entry {registrations[0].entry.number}",
                f"to correct it, reverse it first: capital reverse {quoted(fact.event.issuer)} "
                f"{quoted(fact.event.action)} {registrations[0].event.version} --reason ...",
            )
