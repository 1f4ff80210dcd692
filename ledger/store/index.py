"""The rows of the index of share counts, and how those of one issuer are replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ledger.history.columns import FACT_COLUMNS
from ledger.store.connection import Statements

FACT_TABLES = ("index_entries", "index_facts")
"""What a ledger of an earlier version may lack: its questions are answered from the events."""
INDEX_NAMES = ("index_issuers", "index_series", "index_counts", *FACT_TABLES, "tracking")
NO_COUNTS = 0
"""Stands for the counts of a class of which nothing was ever counted: no other has it."""


class IndexedIssuer(NamedTuple):
    """One issuer's part of the index: what replaces what was there."""

    issuer: str
    register: str
    """The id of its register, as it is stored."""
    entry: int
    series: Sequence[IndexedSeries]
    after: int
    """Facts do not change: those of the entries up to this one are in the index already."""
    facts: Sequence[tuple[Any, ...]]


class IndexedSeries(NamedTuple):
    """The counts of a class on some bases, day by day."""

    share_class: str
    bases: Sequence[str]
    opened_on: str | None
    counts: Sequence[IndexedCounts]


IndexedCounts = tuple[str, int | None, int | None, int | None, int | None, str | None]
"""Day, authorized, issued, treasury, outstanding, and why one is null."""


def replace_index(c: Statements, issuer: IndexedIssuer, *, has_facts: bool = True) -> None:
    """Write what changed: later days come with later entries, most of all before stays."""
    if has_facts:
        _add_facts(c, issuer)
    c.execute(
        "INSERT INTO index_issuers VALUES (?, ?) "
        "ON CONFLICT (issuer) DO UPDATE SET entry = excluded.entry",
        (issuer.issuer, issuer.entry),
    )
    rows = c.execute("SELECT DISTINCT counts FROM index_series WHERE issuer = ?", (issuer.issuer,))
    free = [counts for (counts,) in rows.fetchall() if counts != NO_COUNTS]
    c.execute("DELETE FROM index_series WHERE issuer = ?", (issuer.issuer,))
    for series in issuer.series:
        is_new = False
        if not series.counts:
            counts = NO_COUNTS
        elif free:
            counts = free.pop(0)
        else:
            is_new = True
            (counts,) = c.execute(
                "SELECT coalesce(max(counts), 0) + 1 FROM index_counts"
            ).fetchone()
        for basis in series.bases:
            c.execute(
                "INSERT INTO index_series VALUES (?, ?, ?, ?, ?)",
                (issuer.issuer, series.share_class, basis, series.opened_on, counts),
            )
        if is_new:
            _add_counts(c, counts, series.counts)
        else:
            _replace_counts(c, counts, series.counts)
    for unused in free:
        c.execute("DELETE FROM index_counts WHERE counts = ?", (unused,))


def _add_facts(c: Statements, issuer: IndexedIssuer) -> None:
    code, after = issuer.issuer, issuer.after
    (held,) = c.execute("SELECT count(*) FROM index_entries WHERE issuer = ?", (code,)).fetchone()
    if held < after:
        return  # somebody took them away: nothing is answered from them, and later all are written
    for table in FACT_TABLES:
        c.execute(f"DELETE FROM {table} WHERE issuer = ? AND entry > ?", (code, after))  # noqa: S608 - names of ours
    # The time of an entry is its commit's: who judged it did not know it yet.
    c.execute(
        "INSERT INTO index_entries SELECT ?, e.originator_version, (SELECT c.recorded_at "
        "  FROM commits AS c WHERE c.first_row <= e.rowid ORDER BY c.first_row DESC LIMIT 1) "
        "FROM stored_events AS e WHERE e.originator_id = ? "
        "AND e.originator_version > ? AND e.originator_version <= ?",
        (code, issuer.register, after, issuer.entry),
    )
    # Most columns of most facts are null, and each value that is passed takes time.
    by_length: dict[int, list[tuple[Any, ...]]] = {}
    for fact in issuer.facts:
        length = len(fact)
        while fact[length - 1] is None:
            length -= 1
        by_length.setdefault(length, []).append((code, *fact[:length]))
    for length, rows in by_length.items():
        columns = ", ".join(("issuer", *FACT_COLUMNS[:length]))
        statement = f"INSERT INTO index_facts ({columns}) VALUES (?{', ?' * length})"  # noqa: S608 - names of ours
        c.executemany(statement, rows)


def _replace_counts(c: Statements, counts: int, days: Sequence[IndexedCounts]) -> None:
    rows = c.execute(
        "SELECT day, authorized, issued, treasury, outstanding, reason FROM index_counts "
        "WHERE counts = ? ORDER BY day",
        (counts,),
    )
    same = 0
    for held, wanted in zip(rows.fetchall(), days, strict=False):
        if tuple(held) != wanted:
            break
        same += 1
    if same:
        c.execute(
            "DELETE FROM index_counts WHERE counts = ? AND day > ?", (counts, days[same - 1][0])
        )
    else:
        c.execute("DELETE FROM index_counts WHERE counts = ?", (counts,))
    _add_counts(c, counts, days[same:])


def _add_counts(c: Statements, counts: int, days: Sequence[IndexedCounts]) -> None:
    c.executemany(
        "INSERT INTO index_counts VALUES (?, ?, ?, ?, ?, ?, ?)", [(counts, *day) for day in days]
    )
