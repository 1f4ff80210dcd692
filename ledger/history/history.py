"""Which facts are known, which of them are reversed, and in what order they took effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from ledger.actions.issuer import issuer_terms
from ledger.counts.basis import ALL_CLASSES, Basis
from ledger.counts.movements import Step, steps_of
from ledger.counts.positions import Positions
from ledger.events.event import Event, EventReversed
from ledger.events.kinds import kind_of
from ledger.events.recorded import EntryLine, Fact
from ledger.events.terms import IssuerTerms
from ledger.history.knowledge import EVERYTHING, Knowledge, KnownBy, by_then


class History:
    """One issuer's recorded facts, in the order they were recorded."""

    is_partial = False
    """Whether it leaves out what was learnt later."""

    def __init__(self, issuer: str, entries: Sequence[EntryLine], facts: Sequence[Fact]) -> None:
        self.issuer = issuer
        self.entries = entries
        self.facts = facts
        self._positions: dict[tuple[str, Basis], Positions] = {}

    @property
    def last_entry(self) -> int | None:
        return self.entries[-1].number if self.entries else None

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
    def reversed_by(self) -> dict[str, Fact]:
        """The reversal of each reversed event, by the reversed event's key."""
        return {
            key: fact
            for fact in self.facts
            if isinstance(fact.event, EventReversed)
            and (key := fact.event.reversed_key) is not None
        }

    @cached_property
    def by_key(self) -> dict[str, Fact]:
        return {fact.event.key: fact for fact in self.facts}

    @cached_property
    def effective(self) -> list[Fact]:
        """The facts that stand: neither reversed nor reversals, in the order of effect."""
        standing = [
            fact
            for fact in self.facts
            if not isinstance(fact.event, EventReversed) and fact.event.key not in self.reversed_by
        ]
        return sorted(standing, key=lambda fact: fact.order)

    @cached_property
    def actions(self) -> dict[str, list[Fact]]:
        """The standing facts of each action, by reference, in order of effect."""
        actions: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.effective:
            actions[fact.event.action].append(fact)
        return dict(actions)

    @cached_property
    def ever(self) -> dict[str, Event]:
        """The first event of every action ever recorded, reversed since or not, by reference."""
        first: dict[str, Event] = {}
        for fact in self.facts:
            if not isinstance(fact.event, EventReversed):
                first.setdefault(fact.event.action, fact.event)
        return first

    @cached_property
    def classes_ever(self) -> list[str]:
        """The codes of every class ever spoken of."""
        codes = {event.share_class for event in self.ever.values()}
        return sorted(code for code in codes if code is not None and code != ALL_CLASSES)

    @cached_property
    def classes(self) -> list[str]:
        """The codes of the issuer's share classes, in alphabetical order."""
        codes = {fact.event.share_class for fact in self.effective}
        return sorted(code for code in codes if code is not None and code != ALL_CLASSES)

    @cached_property
    def terms(self) -> IssuerTerms:
        """What the issuer's registration says that other answers need."""
        return issuer_terms(self.actions.get("issuer", []))

    def positions(self, share_class: str, basis: Basis = Basis.SETTLEMENT) -> Positions:
        """The counts of one class over time."""
        positions = self._positions.get((share_class, basis))
        if positions is None:
            if basis is Basis.TRADE:
                positions = self.positions(share_class)
            if positions is None or positions.any_settled_later:
                positions = Positions(self._steps(share_class, basis), basis)
            self._positions[share_class, basis] = positions
        return positions

    def _steps(self, share_class: str, basis: Basis) -> Iterator[Step]:
        for facts in self.actions.values():
            if facts[0].event.share_class == share_class:
                yield from _steps(facts, basis, self.terms)


class KnownHistory(History):
    """What was known at some moment: the only history a projection takes."""

    def __init__(self, whole: History, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.whole = whole
        """Everything recorded, for telling what is not known yet from what never was."""
        if knowledge == EVERYTHING:
            vars(self).update(vars(whole) | vars(self))  # what is worked out already is kept
            return
        facts = [fact for fact in whole.facts if _is_known(fact, knowledge)]
        if knowledge.by is KnownBy.DISCLOSED:
            seen = {fact.entry.number for fact in facts}
            entries = [entry for entry in whole.entries if entry.number in seen]
        else:
            entries = [entry for entry in whole.entries if _is_recorded(entry, knowledge.at)]
        super().__init__(whole.issuer, entries, facts)
        self.is_partial = True


def _is_known(fact: Fact, knowledge: Knowledge) -> bool:
    if knowledge.by is KnownBy.DISCLOSED:
        return knowledge.at is None or by_then(fact.event.disclosed, knowledge.at)
    return _is_recorded(fact.entry, knowledge.at)


def _is_recorded(entry: EntryLine, at: int | date | datetime | None) -> bool:
    if at is None:
        return True
    return entry.number <= at if isinstance(at, int) else by_then(entry.recorded_at, at)


def _steps(facts: list[Fact], basis: Basis, terms: IssuerTerms) -> Iterator[Step]:
    for fact, movement in kind_of(facts).movements(facts, terms):
        yield from steps_of(
            movement,
            on=fact.event.on,
            begins=fact.event.begins,
            moment=fact.event.moment,
            entry=fact.entry.number,
            line=fact.line,
            action=fact.event.action,
            key=fact.event.key,
            settled_on=fact.event.settles,
            basis=basis,
        )


def today_anywhere(now: datetime) -> date:
    """The latest day it can be anywhere on earth (UTC+14): nothing after it has happened yet."""
    return (now.astimezone(UTC) + timedelta(hours=14)).date()
