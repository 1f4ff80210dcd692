"""One issuer's register and actions, loaded together: what a command is judged against."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.errors import StoreUnusable, Unknown
from ledger.events.entry import Entry, VersionRange
from ledger.events.event import Event
from ledger.events.recorded import EntryLine, Fact
from ledger.history.history import History
from ledger.store.ledger import Ledger


class Book:
    """One issuer's entries and actions as the store holds them now."""

    def __init__(self, ledger: Ledger, issuer: str) -> None:
        """Load the book.

        Raises Unknown where the ledger holds no such issuer, StoreUnusable where its register
        names events that are not there.
        """
        self.ledger = ledger
        self.issuer = issuer
        self.register: list[Entry] = []
        entries: list[EntryLine] = []
        facts: list[Fact] = []
        register = ledger.entries(issuer)
        named = dict.fromkeys(part.action for entry, _ in register for part in entry.events)
        self.actions: dict[str, list[Event]] = ledger.logs(issuer, named)
        """The whole log of each action, by reference."""
        for entry, recorded_at in register:
            line = EntryLine(entry.number, recorded_at, entry.by, entry.source, entry.key)
            events = [event for part in entry.events for event in self._events(entry, part)]
            facts += (Fact(event, line, number) for number, event in enumerate(events, start=1))
            entries.append(line)
            self.register.append(entry)
        self.history = History(issuer, entries, facts)

    def _events(self, entry: Entry, part: VersionRange) -> Sequence[Event]:
        log = self.actions[part.action]
        if len(log) < part.last:
            raise StoreUnusable(
                f"the ledger is damaged: entry {entry.number} of {self.issuer} names version "
                f"{part.last} of {part.action}, of which {len(log)} are stored",
                "work on a copy of a backup; keep this file for the auditor",
            )
        return log[part.first - 1 : part.last]

    @classmethod
    def empty(cls, ledger: Ledger, issuer: str) -> Book:
        """The book of an issuer that is about to be registered."""
        book = object.__new__(cls)
        book.ledger, book.issuer, book.register, book.actions = ledger, issuer, [], {}
        book.history = History(issuer, [], [])
        return book


def open_book(ledger: Ledger, issuer: str, *, new: bool = False) -> Book:
    """The issuer's book; with `new`, an empty one where the ledger does not hold the issuer."""
    try:
        return Book(ledger, issuer)
    except Unknown:
        if new:
            return Book.empty(ledger, issuer)
        raise
