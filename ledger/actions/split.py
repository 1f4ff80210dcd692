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
from ledger.values.model import Field, optional


class SplitKind(StrEnum):
    """The kind of a split."""

    SPLIT = "SPLIT"
    CONSOLIDATION = "CONSOLIDATION"
    GRATIS_ALLOTMENT = "GRATIS_ALLOTMENT"
    """`new` additional shares for every `old` shares, free of charge."""


class SplitResolved(Resolution):
    """The company decided to give `new` shares for `old` ones; counts change on the effective date.

    Companies Act (Japan) arts. 183 (split), 180 (consolidation), 185 (gratis allotment).
    """

    kind: SplitKind = Field(description="kind of split")
    new: RatioPart = Field(description="number of new shares")
    old: RatioPart = Field(description="for this number of old shares")
    record_date: Day | None = optional("holders at the end of this day take part")
    actual_record_date: Day | None = optional(
        "last business day before the record date, if the record date is not a business day"
    )
    effective_on: Day = Field(description="effective date; the split takes effect at its start")
    authorized_after: Count | None = optional("shares authorized by the articles from then on")
    approval: Approval | None = optional("meeting that must approve it, if any")

    def movement(self) -> Effect:
        is_gratis = self.kind is SplitKind.GRATIS_ALLOTMENT
        return NewShares(self.new, self.old, is_gratis, self.authorized_after, self.record_date)


class SplitApproved(Event):
    """The meeting approved it."""

    moment = Moment.APPROVAL


class SplitEffected(Event):
    """It took effect at the start of the day; counts stated by the issuer replace computed ones."""

    moment = Moment.SPLIT

    issued_after: Count | None = optional(
        "issued after the split, as stated (because of fractions)"
    )
    treasury_after: Count | None = optional(
        "treasury after the split, as stated (because of fractions)"
    )

    def movement(self) -> Effect:
        return TakeEffect(self.issued_after, self.treasury_after)


class SplitWithdrawn(GivenUp):
    """The company withdrew it."""

    reason: Prose | None = optional("reason")


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
