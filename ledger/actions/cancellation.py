"""A cancellation of treasury shares: resolved, carried out, or withdrawn."""

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
    Paid,
    Plan,
    PlannedAction,
    Price,
    Venue,
)
from ledger.events.kinds import register
from ledger.events.resolution import Resolution
from ledger.values.fields import Day, Prose, Shares
from ledger.values.model import Field, optional


class CancellationResolved(Resolution):
    """The company decided to cancel treasury shares (Companies Act (Japan) art. 178)."""

    shares: Shares = Field(description="shares to be cancelled")
    effective_on: Day | None = optional("planned effective date")


class TreasurySharesCancelled(Execution):
    """Treasury shares were cancelled; the number of authorized shares does not change (Japan)."""

    moment = Moment.CANCELLATION

    shares: Shares = Field(description="shares cancelled")
    amount: Paid = None
    price: Price = None
    average_price: AveragePrice = None
    highest_price: HighestPrice = None
    lowest_price: LowestPrice = None
    fees: Fees = None
    venue: Venue = None

    def movement(self) -> Effect:
        return Change(issued=-self.shares, treasury=-self.shares)


class CancellationWithdrawn(GivenUp):
    """The company withdrew the cancellation."""

    reason: Prose | None = optional("reason")


@register
class Cancellation(PlannedAction):
    """One cancellation of one class."""

    kind: ClassVar[str] = "cancellation"
    events_of_kind = (CancellationResolved, TreasurySharesCancelled, CancellationWithdrawn)
    plan = Plan(
        resolution=CancellationResolved,
        execution=TreasurySharesCancelled,
        end=CancellationWithdrawn,
        done="cancelled",
        ended="withdrawn",
    )
