"""An issue of shares, new ones or from treasury: resolved, approved, priced, issued, or lapsed."""

from enum import StrEnum
from typing import ClassVar

from ledger.counts.day_order import Moment
from ledger.events.event import Approval, Event
from ledger.events.execution import GivenUp, Issuance, Plan, PlannedAction
from ledger.events.kinds import register
from ledger.events.resolution import Resolution
from ledger.values.fields import Day, Money, Shares
from ledger.values.model import Field


class IssueKind(StrEnum):
    """How, or for what, shares are issued."""

    PUBLIC_OFFERING = "PUBLIC_OFFERING"
    THIRD_PARTY = "THIRD_PARTY"
    OVER_ALLOTMENT = "OVER_ALLOTMENT"
    RIGHTS = "RIGHTS"
    EXERCISE = "EXERCISE"
    CONVERSION = "CONVERSION"
    EXCHANGE = "EXCHANGE"
    RESTRICTED_STOCK = "RESTRICTED_STOCK"
    BONUS = "BONUS"


class IssueResolved(Resolution):
    """The company decided to issue shares (Companies Act (Japan) art. 199)."""

    shares: Shares = Field(description="shares to be issued")
    effective_on: Day | None = Field(default=None, description="planned day of issue")
    approval: Approval | None = Field(
        default=None, description="which meeting must approve it, if any"
    )
    kind: IssueKind = Field(description="how, or for what")


class IssueApproved(Event):
    """The meeting approved it."""

    moment = Moment.APPROVAL


class IssuePriced(Event):
    """The price was fixed: what the public pays, and what the company is paid in."""

    moment = Moment.AMENDMENT

    offer_price: Money = Field(description="price of one share to the public")
    paid_in_price: Money = Field(description="what the company receives for one share")


class SharesIssued(Issuance):
    """Shares came into being, or were delivered from treasury."""

    amount: Money | None = Field(default=None, description="what was paid in")
    price: Money | None = Field(default=None, description="exact price of one share")


class IssueLapsed(GivenUp):
    """The issue, or what was not taken up of it, lapsed."""


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
