"""Share counts looked up in the persisted index: the answers on current knowledge.

It is an index, not a second truth: where it is behind the rows, or cannot be read, nothing is
answered from it and the question folds the issuer's events instead.
`projections.shares.index` writes it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from typing import Any

from ledger.counts.basis import ALL_CLASSES
from ledger.history.knowledge import EVERYTHING
from ledger.store.version import APPLICATION_ID, SCHEMA_VERSION
from projections.question import Asked, Question
from projections.shares.counts import ShareCounts

_FRESH = """
    SELECT (SELECT last_row FROM commits ORDER BY first_row DESC LIMIT 1)
         = (SELECT notification_id FROM tracking WHERE application_name = 'counts')
"""
_COUNTS = """
    SELECT s.issuer, s.class, s.opened_on, i.entry,
           c.day, c.authorized, c.issued, c.treasury, c.outstanding, c.reason
    FROM index_series AS s JOIN index_issuers AS i ON i.issuer = s.issuer
    LEFT JOIN index_counts AS c ON c.counts = s.counts AND c.day = (
        SELECT max(day) FROM index_counts WHERE counts = s.counts AND day <= :day)
    WHERE s.basis = :basis
"""


def is_indexed(question: Question) -> bool:
    """Whether the index can answer it: current knowledge, in the shares of the day itself."""
    return question.knowledge == EVERYTHING and question.shares_of == question.on


def indexed_counts(
    location: str, question: Question, issuer: str | None, share_class: str | None
) -> list[ShareCounts] | None:
    """The counts of one issuer's classes, or of all issuers; None where the index cannot say.

    It cannot where it is behind the rows or not there, and of an issuer or class it does not hold.
    """
    if not is_indexed(question) or share_class == ALL_CLASSES:
        return None
    if "://" in location:
        return _in_a_database(location, question, issuer, share_class)
    if not os.path.isfile(location):  # noqa: PTH113 - a pipe would be waited for; pathlib is slow
        return None
    try:
        connection = sqlite3.connect(f"file:{_quoted(location)}?mode=ro", uri=True)
    except sqlite3.Error:
        return None
    try:
        connection.execute("BEGIN")  # one moment for all that is asked
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        if (application_id, version) != (APPLICATION_ID, SCHEMA_VERSION):
            return None
        (fresh,) = connection.execute(_FRESH).fetchone()
        if not fresh:
            return None
        rows = connection.execute(*_query(question, issuer, share_class))
        answers = list(_answers(rows, question))
    except (sqlite3.Error, ValueError, TypeError):  # whatever it is, the events are still there
        return None
    finally:
        connection.close()
    return None if issuer is not None and not answers else answers


def _in_a_database(
    location: str, question: Question, issuer: str | None, share_class: str | None
) -> list[ShareCounts] | None:
    from ledger.errors import StoreUnusable  # noqa: PLC0415 - a file needs none of it
    from ledger.store.location import engine_of  # noqa: PLC0415 - the same

    query, values = _query(question, issuer, share_class)
    # One statement is one moment, and one way to the server and back.
    query = (
        f"SELECT f.fresh, f.version, q.* FROM (SELECT ({_FRESH}) AS fresh, "  # noqa: S608 - texts of ours
        f"(SELECT schema_version FROM ledger) AS version) AS f LEFT JOIN ({query}) AS q ON true"
    )
    try:
        engine = engine_of(location)
        with engine.errors(), closing(engine.connect()) as connection:
            rows = connection.execute(query, values).fetchall()
    except StoreUnusable:  # the events say it again, or why they cannot be asked
        return None
    fresh, version, *_ = rows[0]
    if not fresh or version != SCHEMA_VERSION:
        return None
    answers = list(_answers((row[2:] for row in rows if row[2] is not None), question))
    return None if issuer is not None and not answers else answers


def _quoted(location: str) -> str:
    """A path as it stands in an address; the characters that mean something there are escaped."""
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
