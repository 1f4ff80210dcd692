"""One capital action: an aggregate that keeps its events; its kind says what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from eventsourcing.domain import BaseAggregate, OriginatorIDError, OriginatorVersionError

from ledger.event import Event, EventReversed

if TYPE_CHECKING:
    from ledger.actions.issuer import IssuerTerms
    from ledger.fact import Breach, Fact
    from ledger.movement import Movement

# The library dates an aggregate's creation; when a thing was recorded is the commit's alone here.
_UNDATED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class State:
    """How far an action has come, in the words of filings, and what it waits for."""

    name: str
    awaits: str | None = None
    due: date | None = None
    since: date | None = None


class CapitalAction(BaseAggregate[UUID]):
    """A dividend, a repurchase program, a share class's own affairs: one history of events.

    A kind is a subclass: which events it has, its lifecycle and state, what its events move.
    All of them are asked about a sequence of facts (known, unreversed, in order of effect), not
    about "now", so that they answer for any date and any state of knowledge.
    """

    kind: ClassVar[str]
    events_of_kind: ClassVar[tuple[type[Event], ...]] = ()

    events: list[Event]

    @classmethod
    def opened(cls, originator_id: UUID) -> Self:
        """An action without history, ready for its first event."""
        action = object.__new__(cls)
        action.__base_init__(originator_id, 0, _UNDATED)
        action.events = []
        return action

    def append(self, event: Event) -> None:
        """Take the next event of the log; a gap or a stranger means a damaged log."""
        if event.originator_id != self.id:
            raise OriginatorIDError(event.originator_id, self.id)
        if event.originator_version != self.version + 1:
            raise OriginatorVersionError(event.originator_version, self.version + 1)
        self.events.append(event)
        self.version = event.originator_version

    def record(self, event: Event) -> None:
        """Append a new event, judged already, for the next save."""
        event.mutate(self)
        self.pending_events.append(event)

    # What a kind says about its facts.

    @classmethod
    def state(cls, facts: Sequence[Fact], on: date) -> State | None:
        """The state at the close of `on`; None before the first of the facts."""
        raise NotImplementedError

    @classmethod
    def lifecycle(cls, facts: Sequence[Fact]) -> Iterator[Breach]:  # noqa: ARG003
        """What in the order of these facts cannot be (rule `order-of-events`)."""
        return iter(())

    @classmethod
    def movements(
        cls,
        facts: Sequence[Fact],
        terms: IssuerTerms,  # noqa: ARG003 - some kinds depend on the issuer's law
    ) -> Iterator[tuple[Fact, Movement]]:
        """What the facts do to the counts of the class."""
        for fact in facts:
            movement = fact.event.movement()
            if movement is not None:
                yield fact, movement


KINDS: dict[str, type[CapitalAction]] = {}
"""Every kind of capital action, by name."""

EVENTS: dict[str, type[Event]] = {"EventReversed": EventReversed}
"""The closed registry of event names: what is not in it is neither stored nor read."""


def register(kind: type[CapitalAction]) -> type[CapitalAction]:
    """Make a kind of action known, with its events."""
    KINDS[kind.kind] = kind
    for event_class in kind.events_of_kind:
        event_class.action_type = kind
        EVENTS[event_class.__name__] = event_class
    return kind
