"""Which facts are known, which of them are reversed, and in what order they took effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from ledger.actions.issuer import IssuerTerms, issuer_terms
from ledger.counts.axes import EVERYTHING, Knowledge, KnownBy, by_then
from ledger.counts.basis import ALL_CLASSES, Basis
from ledger.counts.movements import Step, steps_of
from ledger.counts.positions import Positions
from ledger.events.event import Event, EventReversed
from ledger.events.recorded import EntryLine, Fact


class History:
    """One issuer's facts as known at some moment, in the order they were recorded."""

    def __init__(
        self,
        issuer: str,
        entries: Sequence[EntryLine],
        facts: Sequence[Fact],
        *,
        is_partial: bool = False,
    ) -> None:
        self.issuer = issuer
        self.entries = entries
        self.facts = facts
        self.is_partial = is_partial
        """Whether it is what was known at some moment, not all there is."""

    @property
    def last_entry(self) -> int | None:
        return self.entries[-1].number if self.entries else None

    def known(self, knowledge: Knowledge) -> History:
        """The history as it was known then; later knowledge never shows through."""
        if knowledge == EVERYTHING:
            return self
        facts = [fact for fact in self.facts if knowledge.includes(fact)]
        if knowledge.by is KnownBy.DISCLOSED:
            seen = {fact.entry.number for fact in facts}
            entries = [entry for entry in self.entries if entry.number in seen]
        else:
            entries = [entry for entry in self.entries if _entry_known(entry, knowledge.at)]
        return History(self.issuer, entries, facts, is_partial=True)

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

    @cached_property
    def _positions(self) -> dict[tuple[str, Basis], Positions]:
        return {}


def _entry_known(entry: EntryLine, at: int | date | datetime | None) -> bool:
    if at is None:
        return True
    return entry.number <= at if isinstance(at, int) else by_then(entry.recorded_at, at)


def _steps(facts: list[Fact], basis: Basis, terms: IssuerTerms) -> Iterator[Step]:
    for fact, movement in facts[0].event.action_type.movements(facts, terms):
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
