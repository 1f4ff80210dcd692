"""The calendar: record dates, meetings, payments, periods, reports, and which are done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from ledger.events.kinds import CalendarDay, Progress, kind_of
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.rules.deadlines import days_by_law
from ledger.values.fields import Source
from projections.question import Asked, Question, asked


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day of one action."""

    day: date
    what: str
    action: str
    kind: str
    share_class: str | None
    asked: Asked
    state: Progress
    done_on: date | None
    done_entry: int | None
    law: str | None
    """The time limit of the law, and its source."""
    stated_by: str
    """The event that states the day, or from which it is counted ..."""
    stated_entry: int
    """... and its entry."""
    source: Source | None


def deadlines(
    known: KnownHistory,
    question: Question,
    share_class: str | None = None,
    first: date | None = None,
    until: date | None = None,
) -> list[Deadline]:
    """The days of every action known and begun by the day asked about, in order.

    From `first` to `until`; without `first` from the day asked about, with what is overdue.
    """
    about = asked(question, known)
    found = []
    for facts in known.actions.values():
        event = facts[0].event
        so_far = [fact for fact in facts if fact.event.on <= question.on]
        if not so_far or share_class not in (None, event.share_class):
            continue
        ended = _called_off_on(so_far, question.on)
        days = chain(
            kind_of(facts).days(so_far, question.on),
            days_by_law(so_far, known.terms.profile, question.on),
        )
        found += [_judged(day, question.on, about, ended) for day in days]
    chosen = [
        line
        for line in found
        if (until is None or line.day <= until)
        and (
            line.day >= first
            if first is not None
            else line.day >= question.on or line.state is Progress.OVERDUE
        )
    ]
    return sorted(chosen, key=lambda line: (line.day, line.action, line.what))


def _called_off_on(facts: Sequence[Fact], on: date) -> date | None:
    """The day on which the action was given up; None if it was not."""
    state = kind_of(facts).state(facts, on)
    return state.since if state is not None and state.is_called_off else None


def _judged(item: CalendarDay, on: date, about: Asked, ended: date | None) -> Deadline:
    event = item.stated.event
    if item.done is not None:
        state = Progress.DONE
    elif ended is not None and item.day > ended and item.otherwise is not Progress.NOT_RECORDED:
        state = Progress.CALLED_OFF
    elif item.day == on:
        state = Progress.TODAY
    else:
        state = Progress.AHEAD if item.day > on else item.otherwise
    return Deadline(
        item.day,
        item.what,
        event.action,
        event.action_type.kind,
        event.share_class,
        about,
        state,
        None if item.done is None else item.done.event.on,
        None if item.done is None else item.done.entry.number,
        item.law,
        event.name,
        item.stated.entry.number,
        event.source or item.stated.entry.source,
    )
