"""The rows of the index of share counts, and how those of one issuer are replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ledger.history.columns import FACT_COLUMNS, NUMBERS
from ledger.store.connection import Statements
from ledger.store.version import INDEX

_FACT = ", ".join(f"{name} {'INTEGER' if name in NUMBERS else 'TEXT'}" for name in FACT_COLUMNS)
INDEX_TABLES = {
    # How far the index has come, as the event-sourcing library tracks it.
    "tracking": "application_name TEXT, notification_id INTEGER, PRIMARY KEY (application_name)",
    "index_issuers": "issuer TEXT PRIMARY KEY, entry INTEGER NOT NULL",
    # One row for each issuer, class and basis; two bases that never differ share their counts.
    "index_series": (
        "issuer TEXT, class TEXT, basis TEXT, opened_on TEXT, counts INTEGER NOT NULL, "
        "PRIMARY KEY (issuer, class, basis)"
    ),
    # The counts at the close of each day that changed one, as a question answers them.
    "index_counts": (
        "counts INTEGER, day TEXT, authorized INTEGER, issued INTEGER, treasury INTEGER, "
        "outstanding INTEGER, reason TEXT, PRIMARY KEY (counts, day)"
    ),
    # When each entry was recorded.
    "index_entries": "issuer TEXT, entry INTEGER, recorded_at TEXT, PRIMARY KEY (issuer, entry)",
    # The effect of each event on counts.
    "index_facts": f"issuer TEXT, {_FACT}, PRIMARY KEY (issuer, entry, line)",
}
"""The columns of each table of the index, which can be rebuilt from the rows (`rebuild`)."""
FACT_TABLES = ("index_entries", "index_facts")
"""The tables that a ledger of an earlier version may lack; then the events answer."""
NO_COUNTS = 0
"""The counts of a class without any: no other series has this number."""


def index_place(c: Statements) -> int:
    """The row the index has come to; 0 if there is none."""
    query = "SELECT coalesce(max(notification_id), 0) FROM tracking WHERE application_name = ?"
    return int(c.execute(query, (INDEX,)).fetchone()[0])


class IndexedIssuer(NamedTuple):
    """One issuer's part of the index, which replaces the stored part."""

    issuer: str
    register: str
    """The id of its register, as it is stored."""
    entry: int
    series: Sequence[IndexedSeries]
    after: int
    """The facts of the entries up to this one are in the index; facts do not change."""
    facts: Sequence[tuple[Any, ...]]


class IndexedSeries(NamedTuple):
    """The counts of a class on some bases, day by day."""

    share_class: str
    bases: Sequence[str]
    opened_on: str | None
    counts: Sequence[IndexedCounts]


IndexedCounts = tuple[str, int | None, int | None, int | None, int | None, str | None]
"""Day, authorized, issued, treasury, outstanding, and the reason for a null."""


def replace_index(c: Statements, issuer: IndexedIssuer, *, has_facts: bool = True) -> None:
    """Write what changed. A new entry mostly adds later days, so earlier rows are kept."""
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
        return  # rows are missing: the index is not used, and all of it is written later
    for table in FACT_TABLES:
        c.execute(f"DELETE FROM {table} WHERE issuer = ? AND entry > ?", (code, after))  # noqa: S608 - names of ours
    # The time of an entry is that of its commit, which was not known when it was judged.
    c.execute(
        "INSERT INTO index_entries SELECT ?, e.originator_version, (SELECT c.recorded_at "
        "  FROM commits AS c WHERE c.first_row <= e.rowid ORDER BY c.first_row DESC LIMIT 1) "
        "FROM stored_events AS e WHERE e.originator_id = ? "
        "AND e.originator_version > ? AND e.originator_version <= ?",
        (code, issuer.register, after, issuer.entry),
    )
    # Most columns are null, and each value that is passed takes time.
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
    last = days[same - 1][0] if same else ""
    c.execute("DELETE FROM index_counts WHERE counts = ? AND day > ?", (counts, last))
    _add_counts(c, counts, days[same:])


def _add_counts(c: Statements, counts: int, days: Sequence[IndexedCounts]) -> None:
    c.executemany(
        "INSERT INTO index_counts VALUES (?, ?, ?, ?, ?, ?, ?)", [(counts, *day) for day in days]
    )
