"""A share class's own affairs: its opening position, its articles, what was published of it."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from ledger.counts.basis import ALL_CLASSES
from ledger.counts.day_order import Moment
from ledger.counts.movements import Adjust, Authorize, Effect, Opening
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
from ledger.values.model import Field, must_hold
from ledger.values.numbers import Rounding

TradingUnit = Annotated[int, Field(ge=1, le=1_000_000)]


class ClassEvent(Event):
    """An event of one share class's own."""

    scope = Scope.CLASS

    @must_hold
    def _of_one_class(self) -> None:
        if self.share_class == ALL_CLASSES and not isinstance(self, PositionReported):
            raise ValueError(f'class "all" has no {self.name} of its own')


class ShareClassRegistered(ClassEvent):
    """A class of shares, with its name and unit of trading."""

    moment = Moment.REGISTRATION

    name_: Line = Field(alias="name", description="the class's name, such as Common stock")
    isin: Isin | None = Field(default=None, description="International Securities ID Number (ISIN)")
    trading_unit: TradingUnit | None = Field(default=None, description="shares per trading unit")
    par: Money | None = Field(default=None, description="par value of one share")


class OpeningPositionStated(ClassEvent):
    """The counts a document states, at the close of its day, where this ledger's history begins.

    Once per class; again only for what is unknown at that date (domain.md, section 3).
    """

    moment = Moment.OPENING

    issued: Count | None = Field(default=None, description="shares issued")
    treasury: Count | None = Field(default=None, description="of them, held in treasury")
    outstanding: Count | None = Field(default=None, description="issued less treasury")
    authorized: Count | None = Field(default=None, description="shares the articles allow")
    treasury_cost: Money | None = Field(default=None, description="what the treasury shares cost")

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
    """The articles now allow this many shares."""

    moment = Moment.AUTHORIZED_CHANGE

    authorized: Count = Field(description="shares the articles allow from here on")

    def movement(self) -> Effect:
        return Authorize(self.authorized)


class TradingUnitChanged(ClassEvent):
    """Shares trade in units of another size."""

    moment = Moment.AMENDMENT

    trading_unit: TradingUnit = Field(description="shares per trading unit")


class DepositaryRatioSet(ClassEvent):
    """How many depositary shares stand for how many shares: 400 ADS for 1 share."""

    moment = Moment.AMENDMENT

    depositary_shares: Annotated[int, Field(ge=1, le=10**9)] = Field(
        description="depositary shares ..."
    )
    shares: Annotated[int, Field(ge=1, le=10**9)] = Field(description="... that stand for them")


class PositionReported(ClassEvent):
    """A published count: it moves nothing and must agree with the ledger (rule reported-position).

    Under class "all" it is compared with the sum over the classes.
    """

    moment = Moment.REPORT

    issued: Count | None = Field(default=None, description="shares issued, as published")
    treasury: Count | None = Field(default=None, description="of them, in treasury, as published")
    outstanding: Count | None = Field(
        default=None, description="issued less treasury, as published"
    )
    basis: Literal["settlement"] = "settlement"
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

    A change of null says that something moved and its size is not known: that count is null from
    there until an opening position states it again. Always listed by `check`.
    """

    moment = Moment.ADJUSTMENT
    nullable = frozenset({"issued_change", "treasury_change"})

    issued_change: Change | None = Field(description="by how much; 0, or unknown")
    treasury_change: Change | None = Field(description="by how much; 0, or unknown")
    reason: Prose = Field(description="what the documents show")
    until: Day | None = Field(default=None, description="the last day it holds, where it passes")

    @must_hold
    def _moves_something(self) -> None:
        if self.issued_change == 0 and self.treasury_change == 0:
            raise ValueError("an adjustment moves issued, treasury or both")
        if self.until is not None and self.until < self.on:
            raise ValueError(f"until {self.until} lies before on {self.on}")

    def movement(self) -> Effect:
        return Adjust(self.issued_change, self.treasury_change, self.until)


class TotalBasis(StrEnum):
    """Which of a fiscal year's three dividend figures a document prints."""

    DECLARED = "DECLARED"
    YEAR_END = "YEAR_END"
    RESTATED = "RESTATED"


class DividendTotalReported(ClassEvent):
    """A year's dividend as printed: an assertion, moves nothing (rule reported-total).

    Without a basis it holds if any of the three views agrees.
    """

    moment = Moment.REPORT

    fiscal_year_end: Day = Field(description="last day of the fiscal year")
    per_share: Amount | None = Field(default=None, description="annual dividend per share")
    amount: Money | None = Field(default=None, description="annual total")
    unit: PositiveAmount = Field(default=Decimal(1), description="unit of the printed figure")
    rounding: Rounding = Field(default=Rounding.HALF_UP, description="how it was rounded")
    basis: TotalBasis | None = Field(default=None, description="in which shares")

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

    A memo: it moves no count.
    """

    moment = Moment.REPORT

    shares: Count = Field(description="shares in the trust")


class ShareClassClosed(ClassEvent):
    """The class exists no longer: nothing happens to it after this day.

    A dividend is still owed to who held it on a record date before.
    """

    moment = Moment.END

    reason: Prose | None = Field(default=None, description="why")


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
                f"to correct it, reverse it first: capital reverse {fact.event.issuer} "
                f"{fact.event.action} {registrations[0].event.version} --reason ...",
            )
