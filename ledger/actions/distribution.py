"""A distribution in kind (spin-off): shares of another company for the holders of this one."""

from typing import ClassVar

from ledger.counts.day_order import Moment
from ledger.events.event import Approval, Event
from ledger.events.execution import GivenUp, Plan, PlannedAction
from ledger.events.kinds import register
from ledger.events.resolution import Resolution
from ledger.values.fields import Day, Isin, Line, Money, Prose, RatioPart
from ledger.values.model import Field, Value, optional


class OtherCompany(Value):
    """The company whose shares are distributed."""

    name: Line
    isin: Isin | None = None


class DistributionResolved(Resolution):
    """Shares of another company are distributed to the holders: `new` of its for `old` of ours.

    Its value is no cash: it enters no figure per share and no total of a year's dividends.
    """

    effect = ("distribution", "day of distribution")

    of_: OtherCompany = Field(alias="of", description="the company whose shares are distributed")
    new: RatioPart = Field(description="so many shares of that company ...")
    old: RatioPart = Field(description="... for so many of this one")
    record_date: Day | None = optional("whoever holds shares at the end of this day takes part")
    ex_date: Day | None = optional("first day on which the share trades without it")
    effective_on: Day | None = optional("planned day of distribution")
    approval: Approval | None = optional("which meeting must approve it, if any")
    value_per_share: Money | None = optional(
        "value of what one share of this company receives, as stated"
    )

    @property
    def ex_date_may_follow(self) -> bool:
        return True  # with due bills, until the day of distribution


class DistributionApproved(Event):
    """The meeting approved it."""

    moment = Moment.APPROVAL


class DistributionEffected(Event):
    """The shares of the other company were distributed."""

    moment = Moment.PAYMENT


class DistributionWithdrawn(GivenUp):
    """The company gave it up."""

    reason: Prose | None = optional("why")


@register
class Distribution(PlannedAction):
    """One distribution of another company's shares to one class."""

    kind: ClassVar[str] = "distribution"
    events_of_kind = (
        DistributionResolved,
        DistributionApproved,
        DistributionEffected,
        DistributionWithdrawn,
    )
    plan = Plan(
        resolution=DistributionResolved,
        execution=DistributionEffected,
        end=DistributionWithdrawn,
        done="effected",
        ended="withdrawn",
        approved=DistributionApproved,
        needs_resolution=True,
        once=True,
    )
