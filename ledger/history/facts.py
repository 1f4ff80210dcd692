"""Which facts are known, which of them are reversed, and in what order they took effect.

Counts need no more than this of a fact. So the same code works on events and on the columns of the
index, and imports no event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from ledger.counts.basis import ALL_CLASSES, Basis
from ledger.counts.day_order import Moment
from ledger.counts.movements import Effect, Home, Step, movements, steps_of
from ledger.counts.positions import Positions
from ledger.history.knowledge import EVERYTHING, Knowledge, KnownBy, by_then


class Document(Protocol):
    """The document that says so."""

    @property
    def title(self) -> str: ...
    @property
    def uri(self) -> str | None: ...
    @property
    def sha256(self) -> str | None: ...
    @property
    def page(self) -> int | None: ...


class StatedEvent(Protocol):
    """An event, as far as counts and their explanations need it."""

    @property
    def share_class(self) -> str | None: ...
    @property
    def action(self) -> str: ...
    @property
    def action_kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def on(self) -> date: ...
    @property
    def begins(self) -> date: ...
    @property
    def settles(self) -> date | None: ...
    @property
    def moment(self) -> Moment: ...
    @property
    def disclosed(self) -> date | datetime: ...
    @property
    def reversed_key(self) -> str | None: ...
    @property
    def legal_basis(self) -> str | None: ...
    @property
    def source(self) -> Document | None: ...
    def movement(self) -> Effect | None: ...


class StatedEntry(Protocol):
    """An entry, as far as counts and their explanations need it."""

    @property
    def number(self) -> int: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def source(self) -> Document | None: ...


class StatedFact(Protocol):
    """An event at its place in the register."""

    @property
    def event(self) -> StatedEvent: ...
    @property
    def entry(self) -> StatedEntry: ...
    @property
    def line(self) -> int: ...
    @property
    def order(self) -> tuple[date, int, int, int]: ...


F_co = TypeVar("F_co", bound=StatedFact, covariant=True)


def _order(fact: StatedFact) -> tuple[date, int, int, int]:
    return fact.order


def is_reversal(fact: StatedFact) -> bool:
    """Whether it takes back another fact, and states nothing else."""
    return fact.event.moment is Moment.CORRECTION


class Facts(Generic[F_co]):
    """One issuer's facts, in the order they were recorded."""

    is_partial = False
    """Whether it leaves out what was learnt later."""

    def __init__(self, issuer: str, entries: Sequence[StatedEntry], facts: Sequence[F_co]) -> None:
        self.issuer = issuer
        self.entries = entries
        self.facts = facts
        self._positions: dict[tuple[str, Basis], Positions] = {}

    @property
    def last_entry(self) -> int | None:
        return self.entries[-1].number if self.entries else None

    @cached_property
    def reversed_by(self) -> dict[str, F_co]:
        """The reversal of each reversed event, by the reversed event's key."""
        return {
            key: fact
            for fact in self.facts
            if is_reversal(fact) and (key := fact.event.reversed_key) is not None
        }

    @cached_property
    def by_key(self) -> dict[str, F_co]:
        return {fact.event.key: fact for fact in self.facts}

    @cached_property
    def effective(self) -> Sequence[F_co]:
        """The facts that stand: neither reversed nor reversals, in the order of effect."""
        standing = [
            fact
            for fact in self.facts
            if not is_reversal(fact) and fact.event.key not in self.reversed_by
        ]
        return sorted(standing, key=_order)

    @cached_property
    def actions(self) -> dict[str, list[F_co]]:
        """The standing facts of each action, by reference, in order of effect."""
        actions: dict[str, list[F_co]] = defaultdict(list)
        for fact in self.effective:
            actions[fact.event.action].append(fact)
        return dict(actions)

    @cached_property
    def classes_ever(self) -> list[str]:
        """The codes of every class ever spoken of, reversed since or not."""
        return _classes(fact for fact in self.facts if not is_reversal(fact))

    @cached_property
    def classes(self) -> list[str]:
        """The codes of the issuer's share classes, in alphabetical order."""
        return _classes(iter(self.effective))

    @cached_property
    def home(self) -> Home:
        """What the issuer's registration says that counts depend on."""
        said = [fact.event.movement() for fact in self.actions.get("issuer", ())]
        return next((home for home in reversed(said) if isinstance(home, Home)), Home())

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
                yield from _steps(facts, basis, self.home)


def _classes(facts: Iterator[StatedFact]) -> list[str]:
    codes = {fact.event.share_class for fact in facts}
    return sorted(code for code in codes if code is not None and code != ALL_CLASSES)


class KnownFacts(Facts[F_co]):
    """What was known at some moment; later knowledge never shows through."""

    def __init__(self, whole: Facts[F_co], knowledge: Knowledge) -> None:
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


AnyKnown = KnownFacts[StatedFact]
"""What a question about counts is answered from: a known history, or the columns of the index."""


def _is_known(fact: StatedFact, knowledge: Knowledge) -> bool:
    if knowledge.by is KnownBy.DISCLOSED:
        return knowledge.at is None or by_then(fact.event.disclosed, knowledge.at)
    return _is_recorded(fact.entry, knowledge.at)


def _is_recorded(entry: StatedEntry, at: int | date | datetime | None) -> bool:
    if at is None:
        return True
    return entry.number <= at if isinstance(at, int) else by_then(entry.recorded_at, at)


def _steps(facts: Sequence[StatedFact], basis: Basis, home: Home) -> Iterator[Step]:
    effects = [(fact, effect) for fact in facts if (effect := fact.event.movement()) is not None]
    for fact, movement in movements(effects, home):
        event = fact.event
        yield from steps_of(
            movement,
            on=event.on,
            begins=event.begins,
            moment=event.moment,
            entry=fact.entry.number,
            line=fact.line,
            action=event.action,
            key=event.key,
            settled_on=event.settles,
            basis=basis,
        )
