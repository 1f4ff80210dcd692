"""An issue of shares, new ones or from treasury: resolved, approved, priced, issued, or lapsed."""

from enum import StrEnum
from typing import ClassVar

from ledger.counts.day_order import Moment
from ledger.counts.movements import Change, Effect
from ledger.events.event import Approval, Event
from ledger.events.execution import Execution, GivenUp, Plan, PlannedAction
from ledger.events.kinds import register
from ledger.events.resolution import Resolution
from ledger.values.fields import Count, Day, Money, RatioPart, Shares
from ledger.values.model import Field, must_hold


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


OFFERED_BY_RATIO = (IssueKind.RIGHTS, IssueKind.BONUS)
"""What is offered to the holders, so many shares for so many held."""


class IssueResolved(Resolution):
    """The company decided to issue shares (Companies Act (Japan) art. 199)."""

    shares: Shares = Field(description="shares to be issued")
    effective_on: Day | None = Field(default=None, description="planned day of issue")
    approval: Approval | None = Field(
        default=None, description="which meeting must approve it, if any"
    )
    kind: IssueKind = Field(description="how, or for what")
    new: RatioPart | None = Field(
        default=None, description="rights: so many new shares are offered ..."
    )
    old: RatioPart | None = Field(default=None, description="... for so many held")
    record_date: Day | None = Field(
        default=None, description="whoever holds shares at the end of this day takes part"
    )
    ex_date: Day | None = Field(
        default=None, description="first day on which the share trades without the rights"
    )
    subscription_from: Day | None = Field(default=None, description="first day to subscribe")
    subscription_until: Day | None = Field(default=None, description="last day to subscribe")
    price: Money | None = Field(default=None, description="price of one new share")

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
    """The price was fixed: what the public pays, and what the company is paid in."""

    moment = Moment.AMENDMENT

    offer_price: Money = Field(description="price of one share to the public")
    paid_in_price: Money = Field(description="what the company receives for one share")


class SharesIssued(Execution):
    """Shares came into being, or were delivered from treasury."""

    moment = Moment.ISSUE

    shares: Shares = Field(description="shares delivered")
    from_treasury: Count = Field(default=0, description="of them, taken from treasury")
    amount: Money | None = Field(default=None, description="what was paid in")
    price: Money | None = Field(default=None, description="exact price of one share")

    @must_hold
    def _part_of_the_whole(self) -> None:
        if self.from_treasury > self.shares:
            raise ValueError(
                f"from_treasury {self.from_treasury:,} is more than shares {self.shares:,}"
            )

    def movement(self) -> Effect:
        return Change(issued=self.shares - self.from_treasury, treasury=-self.from_treasury)


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
