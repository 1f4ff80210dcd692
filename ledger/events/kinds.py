"""The kinds of capital action: which events each has, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from ledger.events.event import Event, EventReversed

if TYPE_CHECKING:
    from ledger.actions.issuer import IssuerTerms
    from ledger.counts.movements import Movement
    from ledger.events.recorded import Breach, Fact


class State(NamedTuple):
    """How far an action has come, in the words of filings, and what it waits for."""

    name: str
    awaits: str | None = None
    due: date | None = None
    since: date | None = None


class CapitalAction:
    """A dividend, a repurchase program, a share class's own affairs: one history of events.

    A kind is a subclass: which events it has, its lifecycle and state, what its events move.
    It keeps nothing: all of them are asked about a sequence of facts (known, unreversed, in order
    of effect), not about "now", so that they answer for any date and any state of knowledge.
    """

    kind: ClassVar[str]
    events_of_kind: ClassVar[tuple[type[Event], ...]] = ()

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
