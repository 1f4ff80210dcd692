"""All capital actions with their states, or one action with all its events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ledger.errors import Unknown, quoted
from ledger.events.event import Event, EventReversed
from ledger.events.kinds import kind_of
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.lines.line import line_of
from ledger.values.fields import Source
from projections.actions.progress import Progress, progress
from projections.question import Asked, Question, asked

ENVELOPE = frozenset(
    "issuer class action event key on source note meeting legal_basis acknowledged disclosed_at "
    "replaces".split()
)


@dataclass(frozen=True, slots=True)
class ActionAnswer:
    """One capital action at the close of a day."""

    action: str
    kind: str
    share_class: str | None
    asked: Asked
    state: str
    since: date | None
    awaits: str | None
    due: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """One recorded event of an action; it may have been reversed."""

    version: int
    event: str
    on: date | None
    key: str
    entry: int
    recorded_at: datetime
    by: str
    source: Source | None
    fields: dict[str, Any]
    """The event's own fields, as on an import line."""
    reversed_by_entry: int | None


@dataclass(frozen=True, slots=True)
class ActionDetail:
    """One capital action with all its events."""

    issuer: str
    action: str
    kind: str
    share_class: str | None
    asked: Asked
    state: str | None
    awaits: str | None
    due: date | None
    progress: Progress | None
    """Of a plan that states a number of shares."""
    events: list[EventAnswer]


def actions(
    known: KnownHistory,
    question: Question,
    share_class: str | None = None,
    *,
    pending: bool = False,
) -> list[ActionAnswer]:
    """The actions known and begun by the day asked about; with `pending`, only those that wait."""
    answers = []
    for reference, facts in known.actions.items():
        event = facts[0].event
        if share_class not in (None, event.share_class):
            continue
        state = kind_of(facts).state(facts, question.on)
        if state is None or (pending and state.awaits is None):
            continue
        overdue = state.due is not None and state.due < question.on
        answers.append(
            ActionAnswer(
                reference,
                event.action_type.kind,
                event.share_class,
                asked(question, known),
                state.name,
                state.since,
                state.awaits,
                state.due,
                overdue,
            )
        )
    return answers


def action_detail(known: KnownHistory, reference: str, question: Question) -> ActionDetail:
    """One action's state at the close of the day, and all its events known by then.

    Raises Unknown where the issuer never had such an action.
    """
    recorded = known.whole.facts
    first = next((f.event for f in recorded if f.event.action == reference), None)
    if first is None:
        have = sorted({fact.event.action for fact in recorded})
        raise Unknown(
            f"{known.issuer} has no action {reference!r}; it has: {', '.join(have)}",
            f"see them with: capital actions {quoted(known.issuer)}",
        )
    standing = known.actions.get(reference, [])
    state = kind_of(standing).state(standing, question.on) if standing else None
    facts = sorted(
        (fact for fact in known.facts if fact.event.action == reference),
        key=lambda fact: fact.event.version,
    )
    return ActionDetail(
        known.issuer,
        reference,
        first.action_type.kind,
        first.share_class,
        asked(question, known),
        None if state is None else state.name,
        None if state is None else state.awaits,
        None if state is None else state.due,
        progress(known, standing, question.on),
        [event_answer(known, fact) for fact in facts],
    )


def event_answer(known: KnownHistory, fact: Fact) -> EventAnswer:
    """One event with its place in the register and its own fields."""
    event = fact.event
    reversal = known.reversed_by.get(event.key)
    return EventAnswer(
        event.version,
        event.name,
        event.on if event.is_dated else None,
        event.key,
        fact.entry.number,
        fact.entry.recorded_at,
        fact.entry.by,
        event.source or fact.entry.source,
        own_fields(event),
        None if reversal is None else reversal.entry.number,
    )


def own_fields(event: Event) -> dict[str, Any]:
    """The event's fields without those that every event has."""
    fields = {name: value for name, value in line_of(event).items() if name not in ENVELOPE}
    if isinstance(event, EventReversed):
        fields["reverses"] = event.reversed_key
    return fields
