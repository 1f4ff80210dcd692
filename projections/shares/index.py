"""Writes the index of share counts after each recording, rebuilds it, and checks it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from ledger.counts.basis import Basis
from ledger.counts.positions import Positions
from ledger.errors import StoreUnusable
from ledger.history.columns import FACT_COLUMNS, fact_columns
from ledger.history.knowledge import EVERYTHING
from ledger.proof.commit import instant_text
from ledger.recording.issuer_record import Book
from ledger.store.index import IndexedCounts, IndexedIssuer, IndexedSeries
from ledger.values.ids import register_id
from projections.shares.counts import side_by_side
from projections.shares.positions import answered_counts, opened_on

if TYPE_CHECKING:
    from ledger.history.history import History, KnownHistory
    from ledger.proof.commit import Commit
    from ledger.store.ledger import Ledger

BATCH = 100
"""How many issuers are indexed in one transaction."""

REMEDY = "make it again with: capital rebuild"

Watch = Callable[[int, int], None]


def catch_up(ledger: Ledger, known: Iterable[History] = ()) -> int:
    """Bring the index to the last row, each batch exactly once; returns how many issuers it wrote.

    `known` are histories that need not be read again. What another process has written meanwhile
    is not written again.
    """
    at_hand = {history.issuer: history for history in known}
    count = 0
    while True:
        since = ledger.index_place()  # read first: what is behind reaches at least as far
        if not since and ledger.indexed_issuers():
            ledger.clear_index()  # an earlier version made it
        behind = ledger.behind(BATCH)
        if behind is None:
            return count
        issuers, last_row = behind
        index = [
            indexed(_history(ledger, code, at_hand), len(ledger.indexed_entries(code)))
            for code in issuers
        ]
        if ledger.save_index(index, last_row, since):
            count += len(index)


class Following:
    """Writes the index during a long import, a batch of issuers at a time."""

    def __init__(self, ledger: Ledger) -> None:
        """Raises StoreUnusable where the index cannot be written."""
        catch_up(ledger)
        self.ledger = ledger
        self.since = ledger.index_place()
        self._parts: list[IndexedIssuer] = []
        self._last_row = ledger.last_row()
        self._alone = self._last_row == self.since

    def add(self, part: IndexedIssuer, commit: Commit) -> None:
        """An issuer's part, after the commit that stored it."""
        # Other processes may have added rows in between, whose issuers must be indexed as well.
        self._alone = self._alone and commit.first_row == self._last_row + 1
        self._last_row = commit.last_row
        self._parts.append(part)
        if len(self._parts) == BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what was added."""
        if self._parts and not (
            self._alone and self.ledger.save_index(self._parts, self._last_row, self.since)
        ):
            catch_up(self.ledger)
        self._parts = []
        self.since = self.ledger.index_place()
        self._last_row = max(self._last_row, self.since)
        self._alone = self._last_row == self.since


def rebuild(ledger: Ledger, watch: Watch = lambda _done, _of: None) -> int:
    """Clear the index and write it again from the rows; returns how many issuers it has."""
    ledger.clear_index()
    codes = ledger.issuers()
    last_row, since = ledger.last_row(), 0
    for first in range(0, len(codes), BATCH):
        watch(first, len(codes))
        part = codes[first : first + BATCH]
        # Only the last part names the last row: an incomplete index is not read.
        place = last_row if first + BATCH >= len(codes) else first - len(codes)
        index = [indexed(Book(ledger, code).history) for code in part]
        if not ledger.save_index(index, place, since):
            break  # another process rebuilds it from the first row: only the rest is left
        since = place
    catch_up(ledger)
    return len(codes)


def _history(ledger: Ledger, issuer: str, at_hand: dict[str, History]) -> History:
    history = at_hand.get(issuer)
    if history is not None and history.last_entry == ledger.last_entry(issuer):
        return history
    return Book(ledger, issuer).history


def indexed(history: History, after: int = 0) -> IndexedIssuer:
    """One issuer's part of the index, by its events; of the facts those after an entry."""
    known = history.as_of(EVERYTHING)
    return IndexedIssuer(
        known.issuer,
        register_id(known.issuer).hex,
        known.last_entry or 0,
        list(_every_series(known)),
        after,
        list(fact_columns(fact for fact in known.facts if fact.entry.number > after)),
    )


def _every_series(known: KnownHistory) -> Iterator[IndexedSeries]:
    for share_class in known.classes:
        yield from _series(known, share_class)


def _series(history: KnownHistory, share_class: str) -> Iterator[IndexedSeries]:
    parts: list[tuple[list[str], list[IndexedCounts]]] = []
    settled = history.positions(share_class)
    for basis in Basis:
        positions = history.positions(share_class, basis)
        if parts and positions is settled:  # nothing settled later than it was traded
            parts[0][0].append(basis.value)
        else:
            parts.append(([basis.value], list(_closes(history, share_class, positions))))
    opened = opened_on(settled)
    opened_text = None if opened is None else opened.isoformat()
    for bases, counts in parts:
        yield IndexedSeries(share_class, bases, opened_text, counts)


def _closes(
    history: KnownHistory, share_class: str, positions: Positions
) -> Iterator[IndexedCounts]:
    """The counts at the close of each day with a movement."""
    for day, of_the_day in groupby(positions, key=lambda position: position.step.day):
        *_, close = of_the_day
        counts, reason = answered_counts(history, share_class, close.counts, day)
        yield (day.isoformat(), *side_by_side(counts), reason)


_NO_DAY: Sequence[tuple[object, ...]] = ((None,) * 6,)


def index_differences(ledger: Ledger, history: History) -> Iterator[str]:
    """Where the index differs from what the events add up to; nothing while it is behind."""
    held = ledger.indexed(history.issuer)
    if held is None or ledger.last_entry(history.issuer) != history.last_entry:
        return
    due: list[tuple[object, ...]] = [
        (series.share_class, basis, series.opened_on, *day)
        for series in _every_series(history.as_of(EVERYTHING))
        for basis in series.bases
        for day in (series.counts or _NO_DAY)
    ]
    entry = ledger.indexed_entry(history.issuer)
    if entry != history.last_entry:
        yield f"the index is of entry {entry}, the last is {history.last_entry}; {REMEDY}"
    yield from _fact_differences(ledger, history)
    if held == sorted(due, key=str):
        return
    wrong = next((row for row in held if row not in due), None)
    wanted = next((row for row in due if row not in held), None)
    share_class, basis, _, day, *_ = wrong or wanted or ("",) * 4
    yield (
        f"the index of class {share_class} on {day} ({basis} basis) holds {wrong}, the events add "
        f"up to {wanted}; {REMEDY}"
    )


def _fact_differences(ledger: Ledger, history: History) -> Iterator[str]:
    entries = ledger.indexed_entries(history.issuer)
    if not entries:  # an earlier version indexed no facts: questions read the events
        return
    times = {entry.number: instant_text(entry.recorded_at) for entry in history.entries}
    late = next((number for number, at in entries if times.get(number) != at), None)
    if late is not None:
        yield f"the index of entry {late} holds another time than its commit; {REMEDY}"
    held = ledger.indexed_facts(history.issuer)
    due = [
        row
        for row in fact_columns(history.facts)
        if row[FACT_COLUMNS.index("entry")] <= len(entries)
    ]
    for wrong, wanted in zip_longest(held, due):
        if wrong != wanted:
            entry, line, *_ = wrong or wanted
            yield (
                f"the index of entry {entry}, line {line}, holds {wrong}, the event says {wanted}; "
                f"{REMEDY}"
            )
            return


def strangers(ledger: Ledger, issuers: Collection[str]) -> Iterator[tuple[str, str]]:
    """Issuers that the index has and no row."""
    try:
        held = {} if ledger.behind(1) is not None else ledger.indexed_issuers()
    except StoreUnusable:  # no index at all: reported for each issuer
        return
    if held:
        for code in sorted(held.keys() - set(issuers) - set(ledger.issuers())):
            yield code, "only the index knows it; make the index again with: capital rebuild"
