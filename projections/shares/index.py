"""Writing the index of share counts: caught up after each recording, rebuilt, held to account."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from ledger.counts.basis import Basis
from ledger.counts.movements import Opening
from ledger.counts.positions import Position, Positions
from ledger.errors import StoreUnusable
from ledger.history.columns import FACT_COLUMNS, fact_columns
from ledger.history.knowledge import EVERYTHING
from ledger.proof.commit import instant_text
from ledger.recording.issuer_record import Book
from ledger.store.index import IndexedCounts, IndexedIssuer, IndexedSeries
from ledger.values.ids import register_id
from projections.shares.positions import answered_counts

if TYPE_CHECKING:
    from ledger.history.history import History, KnownHistory
    from ledger.proof.commit import Commit
    from ledger.store.ledger import Ledger

BATCH = 100
"""How many issuers are indexed in one transaction."""

Watch = Callable[[int, int], None]


def catch_up(ledger: Ledger, known: Iterable[History] = ()) -> int:
    """Bring the index to the last row, in batches, each exactly once.

    `known` are histories at hand, which need not be read again. Answers how many issuers were
    indexed. Another process that is faster is left its work.
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
    """Brings the index along with a long import: a batch of issuers at a time, each as judged."""

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
        # Rows of somebody else in between have issuers of their own to be indexed.
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
    """Forget the index and make it again from the rows; answers how many issuers it holds."""
    ledger.clear_index()
    codes = ledger.issuers()
    last_row, since = ledger.last_row(), 0
    for first in range(0, len(codes), BATCH):
        watch(first, len(codes))
        part = codes[first : first + BATCH]
        # The place is said with the last part: an index that is not whole is not read.
        place = last_row if first + BATCH >= len(codes) else first - len(codes)
        index = [indexed(Book(ledger, code).history) for code in part]
        if not ledger.save_index(index, place, since):
            break  # another process is at it, from the first row on: the rest is caught up
        since = place
    catch_up(ledger)
    return len(codes)


def _history(ledger: Ledger, issuer: str, at_hand: dict[str, History]) -> History:
    history = at_hand.get(issuer)
    if history is not None and history.last_entry == ledger.last_entry(issuer):
        return history
    return Book(ledger, issuer).history


def indexed(history: History, after: int = 0) -> IndexedIssuer:
    """One issuer's part of the index, as its events have it; facts after an entry alone."""
    known = history.as_of(EVERYTHING)
    return IndexedIssuer(
        known.issuer,
        register_id(known.issuer).hex,
        known.last_entry or 0,
        [series for code in known.classes for series in _series(known, code)],
        after,
        list(fact_columns(fact for fact in known.facts if fact.entry.number > after)),
    )


def _series(history: KnownHistory, share_class: str) -> Iterator[IndexedSeries]:
    parts: list[tuple[list[str], list[IndexedCounts]]] = []
    settled = history.positions(share_class)
    for basis in Basis:
        positions = history.positions(share_class, basis)
        if parts and positions is settled:  # nothing settled later than it was traded
            parts[0][0].append(basis.value)
        else:
            parts.append(([basis.value], list(_counts(history, share_class, positions))))
    opened_on = next(
        (
            position.step.day.isoformat()
            for position in history.positions(share_class)
            if isinstance(position.step.movement, Opening)
        ),
        None,
    )
    for bases, counts in parts:
        yield IndexedSeries(share_class, bases, opened_on, counts)


def _counts(
    history: KnownHistory, share_class: str, positions: Positions
) -> Iterator[IndexedCounts]:
    last: Position | None = None
    for position in positions:
        if last is not None and last.step.day != position.step.day:
            yield _close(history, share_class, last)
        last = position
    if last is not None:
        yield _close(history, share_class, last)


def _close(history: KnownHistory, share_class: str, position: Position) -> IndexedCounts:
    day = position.step.day
    counts, reason = answered_counts(history, share_class, position.counts, day)
    return (
        day.isoformat(),
        counts.authorized,
        counts.issued,
        counts.treasury,
        counts.outstanding,
        reason,
    )


_NO_DAY: Sequence[tuple[object, ...]] = ((None,) * 6,)


def index_differences(ledger: Ledger, history: History) -> Iterator[str]:
    """Where the index, if it has come this far, does not say what the events add up to."""
    held = ledger.indexed(history.issuer)
    if held is None or ledger.last_entry(history.issuer) != history.last_entry:
        return
    due: list[tuple[object, ...]] = [
        (series.share_class, basis, series.opened_on, *day)
        for series in indexed(history).series
        for basis in series.bases
        for day in (series.counts or _NO_DAY)
    ]
    entry = ledger.indexed_entry(history.issuer)
    if entry != history.last_entry:
        yield (
            f"the index is of entry {entry}, the last is {history.last_entry}; make it again "
            "with: capital rebuild"
        )
    yield from _fact_differences(ledger, history)
    if held == sorted(due, key=str):
        return
    wrong = next((row for row in held if row not in due), None)
    wanted = next((row for row in due if row not in held), None)
    share_class, basis, _, day, *_ = wrong or wanted or ("",) * 4
    yield (
        f"the index of class {share_class} on {day} ({basis} basis) holds {wrong}, the events add "
        f"up to {wanted}; make it again with: capital rebuild"
    )


def _fact_differences(ledger: Ledger, history: History) -> Iterator[str]:
    entries = ledger.indexed_entries(history.issuer)
    if not entries:  # an earlier version indexed none: the events are asked
        return
    times = {entry.number: instant_text(entry.recorded_at) for entry in history.entries}
    late = next((number for number, at in entries if times.get(number) != at), None)
    if late is not None:
        yield (
            f"the index of entry {late} holds another time than its commit; make it again with: "
            "capital rebuild"
        )
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
                "make it again with: capital rebuild"
            )
            return


def strangers(ledger: Ledger, issuers: Collection[str]) -> Iterator[tuple[str, str]]:
    """Issuers of whom the index speaks and no row does."""
    try:
        held = {} if ledger.behind(1) is not None else ledger.indexed_issuers()
    except StoreUnusable:  # no index: told of each issuer
        return
    if held:
        for code in sorted(held.keys() - set(issuers) - set(ledger.issuers())):
            yield code, "only the index knows it; make the index again with: capital rebuild"
