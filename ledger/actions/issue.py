"""An issue of shares, new or from treasury: resolved, approved, priced, issued, or lapsed."""

from enum import StrEnum
from typing import ClassVar

from ledger.counts.day_order import Moment
from ledger.events.event import Approval, Event
from ledger.events.execution import (
    AveragePrice,
    Fees,
    GivenUp,
    HighestPrice,
    Issuance,
    LowestPrice,
    Plan,
    PlannedAction,
    Price,
    Venue,
)
from ledger.events.kinds import register
from ledger.events.resolution import Resolution
from ledger.values.fields import Day, Money, RatioPart, Shares
from ledger.values.model import Field, must_hold, optional


class IssueKind(StrEnum):
    """How, or for what purpose, shares are issued."""

    PUBLIC_OFFERING = "PUBLIC_OFFERING"
    THIRD_PARTY = "THIRD_PARTY"
    OVER_ALLOTMENT = "OVER_ALLOTMENT"
    RIGHTS = "RIGHTS"
    EXERCISE = "EXERCISE"
    CONVERSION = "CONVERSION"
    EXCHANGE = "EXCHANGE"
    RESTRICTED_STOCK = "RESTRICTED_STOCK"
    BONUS = "BONUS"


OFFERED_BY_RATIO = (IssueKind.RIGHTS, IssueKind.BONUS)
"""What is offered to the holders, so many shares for so many held."""


class IssueResolved(Resolution):
    """The company decided to issue shares (Companies Act (Japan) art. 199)."""

    shares: Shares = Field(description="shares to be issued")
    effective_on: Day | None = optional("planned issue date")
    approval: Approval | None = optional("meeting that must approve it, if any")
    kind: IssueKind = Field(description="kind of issue")
    new: RatioPart | None = optional("rights: so many new shares are offered ...")
    old: RatioPart | None = optional("... for so many held")
    record_date: Day | None = optional("whoever holds shares at the end of this day takes part")
    ex_date: Day | None = optional("first day on which the share trades without the rights")
    subscription_from: Day | None = optional("first day to subscribe")
    subscription_until: Day | None = optional("last day to subscribe")
    price: Money | None = optional("price of one new share")

    @must_hold
    def _whole_ratio(self) -> None:
        if (self.new is None) is not (self.old is None):
            raise ValueError("new and old are stated together: so many new shares for so many held")
        if self.new is not None and self.kind not in OFFERED_BY_RATIO:
            raise ValueError(f"new and old are the terms of {' or '.join(OFFERED_BY_RATIO)}")

    @property
    def ex_what(self) -> str:
        return "rights"

    @property
    def ex_date_may_follow(self) -> bool:
        return True  # a rights issue is marked ex when it opens, some days after its record date


class IssueApproved(Event):
    """The meeting approved it."""

    moment = Moment.APPROVAL


class IssuePriced(Event):
    """The price was fixed: the price to the public and the price the company receives."""

    moment = Moment.AMENDMENT

    offer_price: Money = Field(description="price of one share to the public")
    paid_in_price: Money = Field(description="price of one share to the company")


class SharesIssued(Issuance):
    """Shares were issued, or delivered from treasury."""

    amount: Money | None = optional("amount received")
    price: Price = None
    average_price: AveragePrice = None
    highest_price: HighestPrice = None
    lowest_price: LowestPrice = None
    fees: Fees = None
    venue: Venue = None


class IssueLapsed(GivenUp):
    """The issue, or its unsubscribed part, lapsed."""


@register
class Issue(PlannedAction):
    """One issue of one class."""

    kind: ClassVar[str] = "issue"
    events_of_kind = (IssueResolved, IssueApproved, IssuePriced, SharesIssued, IssueLapsed)
    plan = Plan(
        resolution=IssueResolved,
        execution=SharesIssued,
        end=IssueLapsed,
        done="issued",
        ended="lapsed",
        approved=IssueApproved,
    )
