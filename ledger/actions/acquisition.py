"""Shares a company acquires outside any repurchase program, such as odd lots or forfeitures."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import ClassVar

from ledger.counts.day_order import Moment
from ledger.counts.movements import Effect, TakeIn
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
from ledger.events.kinds import CapitalAction, State, register
from ledger.events.recorded import Fact
from ledger.values.fields import Money, Shares
from ledger.values.model import Field


class Destination(StrEnum):
    """Where acquired shares go: held in treasury, or retired at once."""

    TREASURY = "TREASURY"
    RETIRED = "RETIRED"


class AcquisitionCause(StrEnum):
    """Why a company acquired shares outside a program."""

    ODD_LOT = "ODD_LOT"
    FRACTION = "FRACTION"
    REDEMPTION = "REDEMPTION"
    """Shares of a class that may be redeemed, or must be, by its terms."""
    DISSENTER = "DISSENTER"
    FORFEITURE = "FORFEITURE"
    MERGER = "MERGER"
    PUT_OPTION = "PUT_OPTION"
    CALL_OPTION = "CALL_OPTION"
    CONVERSION = "CONVERSION"
    OTHER = "OTHER"


def shares_taken_in(shares: int, amount: Money | None, destination: Destination | None) -> TakeIn:
    """The movement of acquired shares: into treasury at what was paid, or retired at once."""
    return TakeIn(
        shares,
        None if amount is None else amount.exact,
        None if amount is None else amount.currency,
        None if destination is None else destination is Destination.RETIRED,
    )


class SharesAcquired(Execution):
    """Shares acquired outside any program; they do not count against a cap."""

    moment = Moment.ACQUISITION

    shares: Shares = Field(description="shares acquired")
    amount: Paid = None
    price: Price = None
    average_price: AveragePrice = None
    highest_price: HighestPrice = None
    lowest_price: LowestPrice = None
    fees: Fees = None
    venue: Venue = None
    cause: AcquisitionCause = Field(description="reason for the acquisition")
    destination: Destination | None = Field(
        default=None, description="TREASURY (default) or RETIRED"
    )

    def movement(self) -> Effect:
        return shares_taken_in(self.shares, self.amount, self.destination or Destination.TREASURY)


@register
class Acquisition(CapitalAction):
    """An acquisition outside any program; it begins with its first execution."""

    kind: ClassVar[str] = "acquisition"
    events_of_kind = (SharesAcquired,)
    carried_out_by = (SharesAcquired,)

    @classmethod
    def state(cls, facts: Sequence[Fact], on: date) -> State | None:
        return State("acquired") if any(fact.event.on <= on for fact in facts) else None
