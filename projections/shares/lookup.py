"""Reads share counts, and the facts that counts are folded from, in the stored index.

The counts of each day answer questions on current knowledge. Every other question about counts
folds the facts of the index, without reading an event. Where the index is behind the rows or cannot
be read, it answers nothing, and the question folds the issuer's events instead.
`projections.shares.index` writes it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from ledger.counts.basis import ALL_CLASSES
from ledger.history.knowledge import EVERYTHING
from ledger.store.version import APPLICATION_ID, INDEX, SCHEMA_VERSION
from projections.question import Asked, Question
from projections.shares.counts import ShareCounts

if TYPE_CHECKING:
    from ledger.history.facts import Facts, StatedFact
    from ledger.store.connection import Statements

_Found = TypeVar("_Found")

_FRESH = f"""
    SELECT (SELECT last_row FROM commits ORDER BY first_row DESC LIMIT 1)
         = (SELECT notification_id FROM tracking WHERE application_name = '{INDEX}')
"""  # noqa: S608 - a name of ours
_COUNTS = """
    SELECT s.issuer, s.class, s.opened_on, i.entry,
           c.day, c.authorized, c.issued, c.treasury, c.outstanding, c.reason
    FROM index_series AS s JOIN index_issuers AS i ON i.issuer = s.issuer
    LEFT JOIN index_counts AS c ON c.counts = s.counts AND c.day = (
        SELECT max(day) FROM index_counts WHERE counts = s.counts AND day <= :day)
    WHERE s.basis = :basis
"""


def is_indexed(question: Question) -> bool:
    """Whether the index can answer it: current knowledge, in the shares of the day asked about."""
    return question.knowledge == EVERYTHING and question.shares_of == question.on


def indexed_counts(
    location: str, question: Question, issuer: str | None, share_class: str | None
) -> list[ShareCounts] | None:
    """The counts of one issuer's classes, or of all issuers; None where the index has no answer.

    It has none where it is missing or behind the rows, or lacks the issuer or class.
    """
    if not is_indexed(question) or share_class == ALL_CLASSES:
        return None
    if "://" in location:
        return _in_a_database(location, question, issuer, share_class)
    query, values = _query(question, issuer, share_class)
    answers = _asked_of_a_file(
        location, lambda c: list(_answers(c.execute(query, values), question))
    )
    return None if issuer is not None and not answers else answers


def indexed_facts(location: str, issuer: str | None) -> Facts[StatedFact] | None:
    """One issuer's facts, or those of the ledger's only issuer; None where the index lacks them."""
    found = _facts(location, issuer, at_most=1)
    return found[0] if found is not None and len(found) == 1 else None


def facts_of_every_issuer(location: str) -> list[Facts[StatedFact]] | None:
    """The facts of each issuer, in alphabetical order; None where the index lacks some."""
    return _facts(location, None)


def _facts(
    location: str, issuer: str | None, at_most: int | None = None
) -> list[Facts[StatedFact]] | None:
    def ask(c: Statements) -> list[Facts[StatedFact]] | None:
        return _facts_in(c, issuer, at_most)

    if "://" not in location:
        return _asked_of_a_file(location, ask)
    from ledger.errors import StoreUnusable  # noqa: PLC0415 - a file needs none of it
    from ledger.store.location import engine_of  # noqa: PLC0415 - the same

    try:
        engine = engine_of(location)
        with engine.errors(), engine.moment() as c:
            (version,) = c.execute("SELECT schema_version FROM ledger").fetchone()
            (fresh,) = c.execute(_FRESH).fetchone()
            return ask(c) if fresh and version == SCHEMA_VERSION else None
    except (StoreUnusable, LookupError):
        return None


def _facts_in(
    c: Statements, issuer: str | None, at_most: int | None
) -> list[Facts[StatedFact]] | None:
    from ledger.history.columns import FACT_COLUMNS, facts_of  # noqa: PLC0415 - a lookup folds none

    whose, values = ("WHERE i.issuer = ?", (issuer,)) if issuer is not None else ("", ())
    rows = c.execute(f"SELECT i.issuer, i.entry FROM index_issuers AS i {whose} ORDER BY 1", values)  # noqa: S608 - texts of ours
    last = dict(rows.fetchall())
    if at_most is not None and len(last) > at_most:
        return None
    entries = _by_issuer(
        c.execute(
            f"SELECT i.issuer, i.entry, i.recorded_at FROM index_entries AS i {whose} "  # noqa: S608 - as above
            "ORDER BY 1, 2",
            values,
        )
    )
    for code, entry in last.items():
        if [number for _, number, _ in entries.get(code, ())] != list(range(1, entry + 1)):
            return None  # an earlier version recorded some entries without indexing them
    columns = ", ".join(f"i.{name}" for name in FACT_COLUMNS)
    facts = _by_issuer(
        c.execute(
            f"SELECT i.issuer, {columns} FROM index_facts AS i {whose} ORDER BY 1, 2, 3",  # noqa: S608 - as above
            values,
        )
    )
    return [facts_of(code, entries[code], facts.get(code, ())) for code in last]


def _by_issuer(rows: Iterable[Any]) -> dict[str, list[Any]]:
    return {code: list(of_issuer) for code, of_issuer in groupby(rows, key=itemgetter(0))}


def _asked_of_a_file(location: str, ask: Callable[[Statements], _Found | None]) -> _Found | None:
    """The answer from the index of a file; None where the index is missing or behind the rows."""
    if not os.path.isfile(location):  # noqa: PTH113 - opening a pipe would wait; pathlib is slow
        return None
    try:
        connection = sqlite3.connect(f"file:{_quoted(location)}?mode=ro", uri=True)
    except sqlite3.Error:
        return None
    try:
        connection.execute("BEGIN")  # all queries see the same state
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        if (application_id, version) != (APPLICATION_ID, SCHEMA_VERSION):
            return None
        (fresh,) = connection.execute(_FRESH).fetchone()
        return ask(connection) if fresh else None
    # Whatever is wrong with the index, the question can still read the events.
    except (sqlite3.Error, ValueError, TypeError, LookupError):
        return None
    finally:
        connection.close()


def _in_a_database(
    location: str, question: Question, issuer: str | None, share_class: str | None
) -> list[ShareCounts] | None:
    from ledger.errors import StoreUnusable  # noqa: PLC0415 - a file needs none of it
    from ledger.store.location import engine_of  # noqa: PLC0415 - the same

    query, values = _query(question, issuer, share_class)
    # One statement sees one state, and needs one round trip to the server.
    query = (
        f"SELECT f.fresh, f.version, q.* FROM (SELECT ({_FRESH}) AS fresh, "  # noqa: S608 - texts of ours
        f"(SELECT schema_version FROM ledger) AS version) AS f LEFT JOIN ({query}) AS q ON true"
    )
    try:
        engine = engine_of(location)
        with engine.errors(), closing(engine.connect()) as connection:
            rows = connection.execute(query, values).fetchall()
    except StoreUnusable:  # reading the events will answer, or say why it cannot
        return None
    fresh, version, *_ = rows[0]
    if not fresh or version != SCHEMA_VERSION:
        return None
    answers = list(_answers((row[2:] for row in rows if row[2] is not None), question))
    return None if issuer is not None and not answers else answers


def _quoted(location: str) -> str:
    """A path as part of a URI, with its special characters escaped."""
    return location.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _query(
    question: Question, issuer: str | None, share_class: str | None
) -> tuple[str, dict[str, str]]:
    query, values = _COUNTS, {"day": question.on.isoformat(), "basis": question.basis.value}
    if issuer is not None:
        query, values["issuer"] = f"{query} AND s.issuer = :issuer", issuer
    if share_class is not None:
        query, values["class"] = f"{query} AND s.class = :class", share_class
    return f"{query} ORDER BY s.issuer, s.class", values


def _answers(rows: Iterable[tuple[Any, ...]], question: Question) -> Iterator[ShareCounts]:
    for row in rows:
        code, class_, opened_on, entry, _, authorized, issued, treasury, outstanding, why = row
        asked = Asked(question.on, None, question.knowledge.by, question.basis, question.on, entry)
        if opened_on is None or opened_on > question.on.isoformat():
            why = not_opened(opened_on, question.on)
        yield ShareCounts(code, class_, asked, authorized, issued, treasury, outstanding, why)


def not_opened(opened_on: str | date | None, on: date) -> str:
    """Why no count is known before the opening of a class."""
    if opened_on is None:
        return "no opening position is recorded"
    return f"the opening position is of {opened_on}, after {on}"
