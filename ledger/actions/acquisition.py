"""Shares a company takes in outside any repurchase program: odd lots, dissenters, forfeitures."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import ClassVar

from ledger.counts.day_order import Moment
from ledger.counts.movements import Effect, TakeIn
from ledger.events.execution import SettledExecution
from ledger.events.kinds import CapitalAction, State, register
from ledger.events.recorded import Fact
from ledger.values.fields import Money, Shares
from ledger.values.model import Field


class Destination(StrEnum):
    """Where acquired shares go: held in treasury, or retired at once."""

    TREASURY = "TREASURY"
    RETIRED = "RETIRED"


class AcquisitionCause(StrEnum):
    """Why a company had to or chose to take shares in, other than by a program."""

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
    """What acquired shares do: into treasury at what was paid, or out of existence."""
    return TakeIn(
        shares,
        None if amount is None else amount.exact,
        None if amount is None else amount.currency,
        None if destination is None else destination is Destination.RETIRED,
    )


class SharesAcquired(SettledExecution):
    """Shares taken in outside every program; they consume no program's caps."""

    moment = Moment.ACQUISITION

    shares: Shares = Field(description="shares taken in")
    amount: Money | None = Field(default=None, description="what they cost, without fees")
    price: Money | None = Field(default=None, description="exact price of one share")
    cause: AcquisitionCause = Field(description="why")
    destination: Destination | None = Field(
        default=None, description="TREASURY (default) or RETIRED"
    )

    def movement(self) -> Effect:
        return shares_taken_in(self.shares, self.amount, self.destination or Destination.TREASURY)


@register
class Acquisition(CapitalAction):
    """An acquisition outside every program; it opens with its first execution."""

    kind: ClassVar[str] = "acquisition"
    events_of_kind = (SharesAcquired,)
    carried_out_by = (SharesAcquired,)

    @classmethod
    def state(cls, facts: Sequence[Fact], on: date) -> State | None:
        return State("acquired") if any(fact.event.on <= on for fact in facts) else None
