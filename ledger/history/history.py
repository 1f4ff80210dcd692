"""One issuer's recorded events, and what was known of them when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from ledger.actions.issuer import issuer_terms
from ledger.events.event import Event
from ledger.events.recorded import EntryLine, Fact
from ledger.events.terms import IssuerTerms
from ledger.history.facts import Facts, KnownFacts, is_reversal
from ledger.history.knowledge import Knowledge


class History(Facts[Fact]):
    """One issuer's recorded events, in the order they were recorded."""

    entries: Sequence[EntryLine]

    def as_of(self, knowledge: Knowledge) -> KnownHistory:
        """The history as it was known then; later knowledge never shows through."""
        return KnownHistory(self, knowledge)

    def with_entry(self, entry: EntryLine, facts: Iterable[Fact]) -> History:
        """This history with a further entry, as if it were recorded."""
        return History(self.issuer, [*self.entries, entry], [*self.facts, *facts])

    def last_recorded(self, entry: EntryLine) -> None:
        """The last entry was recorded: from now on it carries the time of its commit."""
        facts = [fact for fact in self.facts if fact.entry.number == entry.number]
        self.entries = [*self.entries[:-1], entry]
        for fact in facts:
            fact.entry = entry

    @cached_property
    def ever(self) -> dict[str, Event]:
        """The first event of every action ever recorded, reversed since or not, by reference."""
        first: dict[str, Event] = {}
        for fact in self.facts:
            if not is_reversal(fact):
                first.setdefault(fact.event.action, fact.event)
        return first

    @cached_property
    def terms(self) -> IssuerTerms:
        """What the issuer's registration says that other answers need."""
        return issuer_terms(self.actions.get("issuer", []))


class KnownHistory(KnownFacts[Fact], History):
    """What was known at some moment: the only history a projection takes."""

    whole: History
    entries: Sequence[EntryLine]


def today_anywhere(now: datetime) -> date:
    """The latest day it can be anywhere on earth (UTC+14): nothing after it has happened yet."""
    return (now.astimezone(UTC) + timedelta(hours=14)).date()
