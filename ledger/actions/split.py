"""A split, consolidation or gratis allotment: resolved, approved, effected, or withdrawn."""

from enum import StrEnum
from typing import ClassVar

from ledger.counts.day_order import Moment
from ledger.counts.movements import Effect, NewShares, TakeEffect
from ledger.events.event import Approval, Event
from ledger.events.execution import GivenUp, Plan, PlannedAction
from ledger.events.kinds import register
from ledger.events.resolution import Resolution
from ledger.values.fields import Count, Day, Prose, RatioPart
from ledger.values.model import Field


class SplitKind(StrEnum):
    """What happens to a share."""

    SPLIT = "SPLIT"
    CONSOLIDATION = "CONSOLIDATION"
    GRATIS_ALLOTMENT = "GRATIS_ALLOTMENT"
    """New shares for old at no charge: `new` further shares for every `old` held."""


class SplitResolved(Resolution):
    """New shares for old were decided: `new` for `old`; moves nothing before its day.

    Companies Act (Japan) arts. 183 (split), 180 (consolidation), 185 (gratis allotment).
    """

    kind: SplitKind = Field(description="what happens to a share")
    new: RatioPart = Field(description="so many new shares ...")
    old: RatioPart = Field(description="... for so many old ones")
    record_date: Day | None = Field(
        default=None, description="whoever holds shares at the end of this day takes part"
    )
    actual_record_date: Day | None = Field(
        default=None, description="last business day before, where the record date is none"
    )
    effective_on: Day = Field(description="day of effect, from its start")
    authorized_after: Count | None = Field(
        default=None, description="shares the articles allow from then on"
    )
    approval: Approval | None = Field(
        default=None, description="which meeting must approve it, if any"
    )

    def movement(self) -> Effect:
        is_gratis = self.kind is SplitKind.GRATIS_ALLOTMENT
        return NewShares(self.new, self.old, is_gratis, self.authorized_after, self.record_date)


class SplitApproved(Event):
    """The meeting approved it."""

    moment = Moment.APPROVAL


class SplitEffected(Event):
    """It took effect at the start of the day; counts as the issuer states them win."""

    moment = Moment.SPLIT

    issued_after: Count | None = Field(default=None, description="issued as stated, for fractions")
    treasury_after: Count | None = Field(
        default=None, description="treasury as stated, for fractions"
    )

    def movement(self) -> Effect:
        return TakeEffect(self.issued_after, self.treasury_after)


class SplitWithdrawn(GivenUp):
    """The company gave it up."""

    reason: Prose | None = Field(default=None, description="why")


@register
class Split(PlannedAction):
    """One split, consolidation or gratis allotment of one class."""

    kind: ClassVar[str] = "split"
    events_of_kind = (SplitResolved, SplitApproved, SplitEffected, SplitWithdrawn)
    plan = Plan(
        resolution=SplitResolved,
        execution=SplitEffected,
        end=SplitWithdrawn,
        done="effected",
        ended="withdrawn",
        approved=SplitApproved,
        needs_resolution=True,
        once=True,
    )
