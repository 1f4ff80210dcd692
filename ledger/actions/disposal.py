"""A disposal of treasury shares: resolved, delivered, or lapsed in part or as a whole."""

from enum import StrEnum
from typing import ClassVar

from ledger.counts.day_order import Moment
from ledger.counts.movements import Change, Effect
from ledger.events.execution import (
    AveragePrice,
    Execution,
    Fees,
    GivenUp,
    HighestPrice,
    LowestPrice,
    Plan,
    PlannedAction,
    Price,
    Venue,
)
from ledger.events.kinds import register
from ledger.events.resolution import Resolution
from ledger.values.fields import Day, Money, Shares
from ledger.values.model import Field, optional


class DisposalMethod(StrEnum):
    """The recipient or the purpose of a disposal."""

    THIRD_PARTY = "THIRD_PARTY"
    RESTRICTED_STOCK = "RESTRICTED_STOCK"
    OPTION_EXERCISE = "OPTION_EXERCISE"
    ODD_LOT = "ODD_LOT"
    TRUST = "TRUST"
    MERGER = "MERGER"
    OTHER = "OTHER"


class DisposalResolved(Resolution):
    """The company decided to dispose of treasury shares (Companies Act (Japan) art. 199)."""

    shares: Shares = Field(description="shares to be disposed of")
    price: Money | None = optional("exact price of one share")
    amount: Money | None = optional("amount to be received")
    effective_on: Day | None = optional("planned payment date")
    method: DisposalMethod = Field(description="recipient or purpose")


class TreasurySharesDisposed(Execution):
    """Treasury shares were delivered; treasury cost falls by average cost x shares."""

    moment = Moment.DISPOSAL

    shares: Shares = Field(description="shares disposed of")
    amount: Money | None = Field(default=None, description="amount received")
    price: Price = None
    average_price: AveragePrice = None
    highest_price: HighestPrice = None
    lowest_price: LowestPrice = None
    fees: Fees = None
    venue: Venue = None
    method: DisposalMethod | None = Field(default=None, description="recipient or purpose")

    def movement(self) -> Effect:
        return Change(issued=0, treasury=-self.shares)


class DisposalLapsed(GivenUp):
    """Part or all of the disposal was not subscribed."""

    shares: Shares = Field(description="shares not subscribed")


@register
class Disposal(PlannedAction):
    """One disposal of one class."""

    kind: ClassVar[str] = "disposal"
    events_of_kind = (DisposalResolved, TreasurySharesDisposed, DisposalLapsed)
    plan = Plan(
        resolution=DisposalResolved,
        execution=TreasurySharesDisposed,
        end=DisposalLapsed,
        done="disposed of",
        ended="lapsed",
    )
