"""The base of events: the fields of every recorded fact, and the action it belongs to."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Self
from uuid import UUID

from ledger.counts.basis import ALL_CLASSES
from ledger.counts.day_order import Moment
from ledger.counts.movements import Effect
from ledger.values.fields import Body, Code, Day, Key, Line, Prose, Reference, ShortLine, Source
from ledger.values.fields import Moment as DisclosedMoment
from ledger.values.ids import action_id
from ledger.values.model import Field, Value, must_hold, optional

NOT_CAPTURED = date.min
"""The `on` of a registration without a recorded date: before every other day."""


class Meeting(Value):
    """The meeting that decided; one meeting can decide several actions."""

    body: Body
    held_on: Day
    name: Line | None = None
    item: Line | None = None


class Acknowledgment(Value):
    """A rule that the fact breaks, and the reason: unlawful facts can be recorded too."""

    rule: Line
    reason: Prose


class KeyReference(Value):
    """Another event of the same issuer, by its key."""

    key: Key


class Approval(StrEnum):
    """The meeting of shareholders that must approve an action."""

    NONE = "NONE"
    AGM = "AGM"
    EGM = "EGM"


class StoredReference(Value):
    """An event already stored, by its place in its action's history."""

    action: Reference
    version: int = Field(ge=1)


class Scope(StrEnum):
    """Whose history an event belongs to; it determines the action's reference for the first two."""

    ISSUER = "issuer"
    CLASS = "class"
    ACTION = "action"
    ANY = "any"


class ActionKind:
    """The part of a kind of action that its events use; `CapitalAction` has the rest."""

    kind: ClassVar[str]
    events_of_kind: ClassVar[tuple[type["Event"], ...]] = ()


class Event(Value):
    """A recorded fact about one capital action: immutable, dated, sourced.

    `on` is the day it happened; `disclosed_at` when it was disclosed to the public (absent: on
    that day). The commit has the time when it was recorded.
    """

    moment: ClassVar[Moment]
    """Its place within its day."""
    scope: ClassVar[Scope] = Scope.ACTION
    """Whose history it belongs to: the issuer's own, a class's own, or a capital action's."""
    action_type: ClassVar[type[ActionKind]]
    """The kind of action it belongs to, set where that kind is defined."""

    originator_version: int = Field(default=0, alias="version")
    issuer: Code
    share_class: Code | None = Field(default=None, alias="class")
    action: Reference
    key: Key = ""
    on: Day = Field(description="the day it happened")
    disclosed_at: Day | DisclosedMoment | None = optional(
        "when it was disclosed to the public; default: on that day"
    )
    source: Source | None = None
    meeting: Meeting | None = None
    legal_basis: ShortLine | None = optional("article of law, such as JP-CA-454-1")
    note: Prose | None = None
    acknowledged: tuple[Acknowledgment, ...] = Field(default=())
    replaces: KeyReference | None = None

    @must_hold
    def _belongs_to_its_action(self) -> None:
        code, action, scope = self.share_class, self.action, self.scope
        if scope is Scope.ACTION:  # most events
            if code is None or code == ALL_CLASSES:
                raise ValueError(f'{self.name} needs "class": the share class it is about')
            if action == "issuer" or action.startswith("class-"):
                raise ValueError(
                    f"{action!r} cannot be the reference of {self.name}: this reference is reserved"
                )
        elif scope is Scope.CLASS:
            if code is None or action != f"class-{code}":
                raise ValueError(f'{self.name} belongs to "action": "class-CODE" of its class')
        elif scope is Scope.ISSUER and (action != "issuer" or code is not None):
            raise ValueError(f'{self.name} belongs to "action": "issuer", without a class')

    @property
    def originator_id(self) -> UUID:
        """The id of its action's log."""
        return action_id(self.issuer, self.action)

    @property
    def name(self) -> str:
        return type(self).__name__

    @property
    def version(self) -> int:
        return self.originator_version

    @property
    def is_dated(self) -> bool:
        return self.on != NOT_CAPTURED

    @property
    def disclosed(self) -> date | datetime:
        """When the public could know it."""
        return self.on if self.disclosed_at is None else self.disclosed_at

    @property
    def begins(self) -> date:
        """The first day of the period it covers; `on`, unless it is the total of a period."""
        return self.on

    @property
    def settles(self) -> date | None:
        """The settlement date, if it is not `on`."""
        return None

    @property
    def changed_fields(self) -> set[str]:
        """The stated fields that not every event has."""
        return self.stated - Event.model_fields.keys()

    @property
    def action_kind(self) -> str:
        """The name of the kind of action it belongs to."""
        return self.action_type.kind

    @property
    def reversed_key(self) -> str | None:
        """The key of the event that it reverses; None if it is not a reversal."""
        return None

    def movement(self) -> Effect | None:
        """Its effect on the counts of its class; most events have none."""
        return None

    def content(self) -> dict[str, Any]:
        """The stated fields without key and version: equal for two records of the same fact."""
        return {name: getattr(self, name) for name in self.stated - {"key", "originator_version"}}

    def numbered(self, version: int, key: str) -> Self:
        """This event with its version and key."""
        return self.replaced(originator_version=version, key=key)


def decided_by_members(event: Event) -> bool:
    """Whether a meeting of shareholders is named as having decided it."""
    return event.meeting is not None and event.meeting.body in (Body.AGM, Body.EGM, Body.CLASS)


class EventReversed(Event):
    """An earlier event of this action was recorded in error and is reversed.

    Nothing is removed: from this entry on, answers ignore the event; answers as of an earlier entry
    still include it.
    """

    moment = Moment.CORRECTION
    scope = Scope.ANY

    reverses: KeyReference | StoredReference = Field(description="the event to reverse")
    reason: Prose = Field(description="reason")

    @property
    def reversed_key(self) -> str | None:
        """The key of the reversed event; a stored reversal always names it."""
        return self.reverses.key if isinstance(self.reverses, KeyReference) else None
