"""The index of share counts says what the events say, or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from ledger.counts.basis import Basis
from ledger.errors import Refused, Unknown
from ledger.lines.parsing import event_from
from ledger.recording.issuer_record import Book
from ledger.recording.record import Command, Receipt, record
from ledger.store.index import INDEX_TABLES
from ledger.store.ledger import Ledger
from projections.question import Question
from projections.shares.counts import ShareCounts
from projections.shares.index import BATCH, catch_up, indexed, rebuild
from projections.shares.lookup import indexed_counts
from projections.shares.positions import share_counts
from tests.conftest import Typed, prepared
from tests.stores import STORE, at
from tests.strategies import (
    FIRST_DAY,
    LAST_DAY,
    Line,
    Told,
    days_asked,
    histories,
    line,
    registration,
)

pytestmark = pytest.mark.usefixtures("store")

MARCH_1 = FIRST_DAY


# --- recording, with the index brought up and without --------------------------------------------


def of(issuer: str, stated: Line) -> Line:
    """The same line, told of another issuer."""
    told = {**stated, "issuer": issuer}
    return told | {"code": issuer} if "code" in stated else told


def record_only(ledger: Ledger, *lines: Line) -> Receipt:
    """Record an entry as a process does that ends before it comes to the index."""
    events = [event_from(stated) for stated in lines]
    return record(ledger, Command(events[0].issuer, events, by="tester"), dry_run=False)


def record_and_index(ledger: Ledger, *lines: Line) -> None:
    """Record an entry as the recording commands do."""
    receipt = record_only(ledger, *lines)
    catch_up(ledger, [receipt.after])


def record_what_can_be(ledger: Ledger, issuer: str, told: Told) -> None:
    """Entry by entry; what is refused is tried once more when others are in."""
    record_and_index(ledger, of(issuer, told.registration))
    left: Iterable[Line] = told.lines
    for _ in range(2):
        refused = []
        for stated in left:
            try:
                record_and_index(ledger, of(issuer, stated))
            except (Refused, Unknown):
                refused.append(stated)
        left = refused


@contextmanager
def empty_ledger() -> Iterator[Ledger]:
    """A ledger of its own for one example."""
    with tempfile.TemporaryDirectory() as folder:
        with STORE.create(Path(folder) / "a.db") as ledger:
            yield ledger
        STORE.forget(Path(folder))


# --- what the events and the index say ------------------------------------------------------------


def folded(ledger: Ledger, put: Question, issuer: str | None = None) -> list[ShareCounts]:
    """The counts as the events add up to."""
    codes = ledger.issuers() if issuer is None else [issuer]
    histories_ = [Book(ledger, code).history for code in codes]
    return [
        share_counts(h.as_of(put.knowledge), share_class, put)
        for h in histories_
        for share_class in h.classes
    ]


def looked_up(ledger: Ledger, put: Question, issuer: str | None = None) -> list[ShareCounts] | None:
    return indexed_counts(str(ledger.name), put, issuer, None)


def every_question() -> Iterator[Question]:
    """Each day before, at, between and after what happened, on both bases."""
    day = FIRST_DAY - timedelta(days=3)
    while day <= LAST_DAY + timedelta(days=14):
        for basis in Basis:
            yield Question(day, basis=basis)
        day += timedelta(days=1)


def assert_alike(ledger: Ledger) -> None:
    """The index and the events agree, whoever is asked about, on whatever day."""
    histories_ = [Book(ledger, code).history for code in ledger.issuers()]
    for put in every_question():
        every = []
        for history in histories_:
            due = [
                share_counts(history.as_of(put.knowledge), code, put) for code in history.classes
            ]
            held = looked_up(ledger, put, history.issuer)
            assert held == (due or None), f"{history.issuer} {put}"  # no class: nothing to look up
            for one in due:
                named = indexed_counts(str(ledger.name), put, one.issuer, one.share_class)
                assert named == [one]
            every += due
        assert looked_up(ledger, put) == every


def rows(ledger: Ledger) -> dict[str, list[tuple[Any, ...]]]:
    """All that the index holds; which number ties a class to its counts means nothing."""
    queries = {
        "counts": "SELECT s.issuer, s.class, s.basis, s.opened_on, c.day, c.authorized, c.issued, "
        "c.treasury, c.outstanding, c.reason FROM index_series AS s "
        "LEFT JOIN index_counts AS c ON c.counts = s.counts",
        "shared": "SELECT a.issuer, a.class, a.basis, b.issuer, b.class, b.basis "
        "FROM index_series AS a JOIN index_series AS b ON a.counts = b.counts "
        "AND EXISTS (SELECT 1 FROM index_counts AS c WHERE c.counts = a.counts)",
        "of none": "SELECT * FROM index_counts AS c "
        "WHERE NOT EXISTS (SELECT 1 FROM index_series AS s WHERE s.counts = c.counts)",
        "issuers": "SELECT * FROM index_issuers",
        "tracking": "SELECT * FROM tracking",
    }
    queries["entries"] = "SELECT * FROM index_entries"
    queries["facts"] = "SELECT * FROM index_facts"
    return {
        name: sorted(STORE.rows(ledger.name, query), key=repr) for name, query in queries.items()
    }


def tracked(path: Path) -> int | None:
    number: int | None = STORE.rows(path, "SELECT max(notification_id) FROM tracking")[0][0]
    return number


def alter(path: Path, *statements: str) -> None:
    """Change what is stored as nobody should."""
    STORE.run(path, *statements)


# --- the same answers, whatever the history -------------------------------------------------------


@given(histories())
def test_the_index_says_of_every_class_and_day_what_the_events_add_up_to(told: Told) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, "ACME", told)

        assert_alike(ledger)


@given(histories(most_actions=3), histories(most_actions=3), days_asked)
def test_the_index_says_of_all_issuers_at_once_what_their_events_add_up_to(
    first: Told, second: Told, on: date
) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, "ZETA", first)
        record_what_can_be(ledger, "ALFA", second)

        for basis in Basis:
            put = Question(on, basis=basis)
            assert looked_up(ledger, put) == folded(ledger, put)


@given(histories(most_actions=3), st.data())
def test_the_index_agrees_after_each_entry_and_not_only_at_the_end(
    told: Told, data: st.DataObject
) -> None:
    with empty_ledger() as ledger:
        record_and_index(ledger, told.registration)
        for stated in told.lines:
            try:
                record_and_index(ledger, stated)
            except (Refused, Unknown):
                continue
            put = Question(data.draw(days_asked), basis=data.draw(st.sampled_from(Basis)))
            assert looked_up(ledger, put, "ACME") == (folded(ledger, put, "ACME") or None)


@given(histories(), histories(most_actions=2))
def test_an_index_made_again_holds_the_rows_that_were_caught_up_entry_by_entry(
    told: Told, other: Told
) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, "ZETA", told)
        record_what_can_be(ledger, "ALFA", other)
        caught_up = rows(ledger)

        rebuild(ledger)

        assert rows(ledger) == caught_up
        assert caught_up["of none"] == []


@given(histories(), st.integers(1, 5))
def test_an_index_caught_up_now_and_then_holds_the_same_rows(told: Told, every: int) -> None:
    with empty_ledger() as ledger:
        record_only(ledger, told.registration)
        for number, stated in enumerate(told.lines):
            try:
                record_only(ledger, stated)
            except (Refused, Unknown):
                continue
            if number % every == 0:
                catch_up(ledger)
        catch_up(ledger)
        caught_up = rows(ledger)

        rebuild(ledger)

        assert rows(ledger) == caught_up


# --- classes of which nothing is counted ----------------------------------------------------------


def registered_only(share_class: str = "common", key: str = "registered") -> Line:
    stated = line("ShareClassRegistered", f"class-{share_class}", share_class, MARCH_1, name="株式")
    return {**stated, "key": key}


def opened(share_class: str = "common", key: str = "opened", **counts: int) -> Line:
    counts = counts or {"issued": 100, "treasury": 10}
    stated = line("OpeningPositionStated", f"class-{share_class}", share_class, MARCH_1, **counts)
    return {**stated, "key": key}


def test_a_class_without_a_count_never_answers_with_the_counts_of_another_issuer(
    ledger: Ledger,
) -> None:
    record_and_index(ledger, of("ALFA", registration()), of("ALFA", registered_only()))
    record_and_index(ledger, of("BETA", registration()), of("BETA", opened()))

    assert_alike(ledger)
    (held,) = looked_up(ledger, Question(MARCH_1), "ALFA") or []
    assert (held.issued, held.treasury, held.outstanding) == (None, None, None)


def test_a_class_without_a_count_never_takes_the_counts_of_another_with_it(ledger: Ledger) -> None:
    record_and_index(ledger, of("ALFA", registration()), of("ALFA", registered_only()))
    record_and_index(ledger, of("BETA", registration()), of("BETA", opened()))

    record_and_index(ledger, of("ALFA", opened(issued=7, treasury=1)))

    assert_alike(ledger)


def test_two_classes_of_one_issuer_are_told_apart_where_one_has_no_counts(ledger: Ledger) -> None:
    record_and_index(ledger, registration(), registered_only(), opened("preferred"))

    assert_alike(ledger)


def test_a_class_that_a_reversal_empties_is_empty_in_the_index(ledger: Ledger) -> None:
    record_and_index(ledger, of("ALFA", registration()), of("ALFA", registered_only()))
    record_and_index(ledger, of("ALFA", opened()))
    record_and_index(ledger, of("BETA", registration()), of("BETA", opened()))
    taken_back: Line = {
        "issuer": "ALFA",
        "class": "common",
        "action": "class-common",
        "event": "EventReversed",
        "on": "2020-03-04",
        "reverses": {"key": "opened"},
        "reason": "recorded in error",
        "key": "taken back",
    }

    record_and_index(ledger, taken_back)
    assert_alike(ledger)
    record_and_index(ledger, of("GAMA", registration()), of("GAMA", opened(issued=5, treasury=0)))

    assert_alike(ledger)


# --- what the index cannot say is read from the events --------------------------------------------


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """Two issuers, one of them with two classes and a split."""
    for code in ("ACME", "BETA"):
        capital.ok(
            "issuer", "register", code, "--name", code, "--currency", "JPY", "--profile", "none"
        )
        capital.ok("class", "open", code, "common", "--on", "2020-03-01", "--issued", 100)
    capital.ok("class", "open", "ACME", "pref", "--on", "2020-03-02", "--issued", 9)
    split: list[object] = ["split", "resolve", "ACME", "split-1", "--class", "common"]
    split += ["--on", "2020-03-05", "--kind", "SPLIT", "--new", 2, "--old", 1]
    capital.ok(*split, "--effective-on", "2020-03-10")
    capital.ok("split", "effect", "ACME", "split-1", "--on", "2020-03-10")
    return capital


QUESTIONS: dict[str, list[str]] = {
    "current knowledge": ["ACME"],
    "every issuer": ["--all"],
    "by trade": ["ACME", "--basis", "trade"],
    "one class": ["ACME", "--class", "pref"],
    "one class of every issuer": ["--all", "--class", "pref"],
    "earlier knowledge": ["ACME", "--known-at", "2"],
    "knowledge of a day": ["--all", "--known-at", "2020-03-04", "--known-by", "disclosed"],
    "public knowledge": ["ACME", "--known-by", "disclosed"],
    "the shares of another day": ["ACME", "--share-basis", "2020-03-01"],
    "the sum over classes": ["ACME", "--class", "all"],
    "every sum over classes": ["--all", "--class", "all"],
    "each change": ["ACME", "--history", "--class", "common"],
    "an unknown issuer": ["ACNE"],
    "an unknown class": ["ACME", "--class", "comon"],
    "an unknown class of every issuer": ["--all", "--class", "comon"],
    "no issuer named": [],
    "an entry to come": ["ACME", "--known-at", "99"],
}

SPOILED: dict[str, tuple[str, ...]] = {
    "is behind": ("UPDATE tracking SET notification_id = 1",),
    "never was made": ("DELETE FROM tracking",),
    "stopped half-way through being made": (
        "UPDATE tracking SET notification_id = -1",
        "DELETE FROM index_series WHERE issuer = 'ACME'",
    ),
    "claims more than there is": ("UPDATE tracking SET notification_id = 1000000",),
    "is missing": tuple(f"DROP TABLE {name}" for name in INDEX_TABLES),
    **{f"has lost its {name}": (f"DROP TABLE {name}",) for name in INDEX_TABLES},
    "has other columns": (
        "DROP TABLE index_counts",
        "CREATE TABLE index_counts (counts INTEGER, day TEXT)",
    ),
    "has a view in the place of a table": (
        "DROP TABLE index_series",
        "CREATE VIEW index_series AS SELECT 1 AS issuer",
    ),
}


# A column of PostgreSQL holds nothing else, and a view there needs what it shows.
OF_A_FILE = {
    "tracks no number": ("UPDATE tracking SET notification_id = 'far'",),
    "has a view of nothing": (
        "DROP TABLE index_series",
        "CREATE VIEW index_series AS SELECT * FROM no_such_table",
    ),
}
SPOILED_SOMEHOW = [
    *SPOILED,
    *(pytest.param(how, marks=pytest.mark.sqlite_file) for how in OF_A_FILE),
]
SPOILED |= OF_A_FILE


def told(result: Result) -> tuple[int, str, str]:
    """All that a user sees; fails the test for a traceback."""
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def from_events(capital: Typed, words: list[str], patch: pytest.MonkeyPatch) -> Any:
    """The answer where there is no index at all."""
    with patch.context() as without:
        without.setattr("commands.ask.shares.indexed_counts", lambda *_: None)
        without.setattr("commands.ask.shares.facts_of_every_issuer", lambda *_: None)
        without.setattr("commands.ask.asking.indexed_facts", lambda *_: None)
        return told(capital("shares", "--on", "2020-03-12", *words, "--format", "json"))


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered_with_the_index_as_without(
    acme: Typed, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = QUESTIONS[question]

    answer = told(acme("shares", "--on", "2020-03-12", *words, "--format", "json"))

    assert answer == from_events(acme, words, monkeypatch)


@pytest.mark.parametrize("how", SPOILED_SOMEHOW)
def test_an_index_that_cannot_say_is_not_asked(
    acme: Typed, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alter(acme.path, *SPOILED[how])

    for words in QUESTIONS.values():
        answer = told(acme("shares", "--on", "2020-03-12", *words, "--format", "json"))
        assert answer == from_events(acme, words, monkeypatch)


@pytest.mark.parametrize("how", SPOILED_SOMEHOW)
def test_nothing_recorded_is_lost_over_a_spoiled_index_and_rebuild_mends_it(
    acme: Typed, how: str
) -> None:
    alter(acme.path, *SPOILED[how])
    record_ = ["class", "open", "BETA", "pref", "--on", "2020-03-03", "--issued", 4]

    told(acme(*record_))

    counts = acme.json("shares", "BETA", "--class", "pref", "--on", "2020-03-03")
    assert counts["issued"] == 4
    if "view" in how:
        alter(acme.path, "DROP VIEW index_series")
    acme.ok("rebuild")
    with Ledger.open(at(acme.path)) as ledger:
        assert_alike(ledger)


@pytest.mark.parametrize("how", SPOILED_SOMEHOW)
def test_an_audit_ends_whatever_became_of_the_index(acme: Typed, how: str) -> None:
    alter(acme.path, *SPOILED[how])

    code, stdout, stderr = told(acme("audit", "verify"))

    assert code in (0, 1), stderr
    assert "rows" in stdout or "rebuild" in stdout + stderr


@pytest.mark.sqlite_file
@pytest.mark.parametrize("version", [1, 3, 99])
def test_a_ledger_of_another_schema_is_not_answered_from_its_index(
    acme: Typed, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    alter(acme.path, f"PRAGMA user_version = {version}")

    code, stdout, stderr = told(acme("shares", "ACME"))

    assert (code, stdout) == (3, "")
    assert f"schema {version}" in stderr
    assert from_events(acme, ["ACME"], monkeypatch)[0] == 3


@pytest.mark.sqlite_file
def test_a_database_that_is_no_ledger_is_not_answered_from(acme: Typed) -> None:
    alter(acme.path, "PRAGMA application_id = 7")

    code, stdout, stderr = told(acme("shares", "ACME"))

    assert (code, stdout) == (3, "")
    assert "is not a ledger" in stderr


@pytest.mark.sqlite_file
def test_a_file_cut_short_is_said_to_be_damaged(acme: Typed) -> None:
    alter(acme.path, "PRAGMA journal_mode = DELETE")
    whole = acme.path.read_bytes()
    acme.path.write_bytes(whole[: len(whole) // 3])

    code, stdout, stderr = told(acme("shares", "ACME"))

    assert (code, stdout) == (3, "")
    assert stderr.startswith("Error: ")


@pytest.mark.sqlite_file
def test_a_name_that_is_no_text_is_never_a_traceback(acme: Typed) -> None:
    strange = os.fsdecode(os.fsencode(acme.path.parent) + b"/\xff.db")
    Path(strange).write_bytes(acme.path.read_bytes())

    code, _, _ = told(acme("--ledger", strange, "shares", "ACME"))

    assert code in (0, 3)


@pytest.mark.sqlite_file
@pytest.mark.parametrize("name", ["a b.db", "what?.db", "100%.db", "a#b.db", "%41.db", "社債.db"])
def test_the_index_is_found_under_any_name(acme: Typed, name: str) -> None:
    other = acme.path.with_name(name)
    alter(acme.path, "PRAGMA journal_mode = DELETE")
    other.write_bytes(acme.path.read_bytes())

    put = Question(date(2020, 3, 12))

    assert indexed_counts(str(other), put, "ACME", None) is not None


# --- exactly once ---------------------------------------------------------------------------------


def bought(number: int, shares: int = 3) -> Line:
    on = MARCH_1 + timedelta(days=number % 20 + 1)
    stated = line("SharesRepurchased", "program", "common", on, shares=shares)
    return {**stated, "key": f"bought-{number}"}


def test_a_process_that_ended_before_the_index_leaves_a_ledger_that_answers(
    capital: Typed,
) -> None:
    with Ledger.open(at(capital.path)) as ledger:
        record_and_index(ledger, registration(), opened())

        record_only(ledger, bought(0))

    asked = ["shares", "ACME", "--on", "2020-03-20", "--class", "common"]
    answer = capital.json(*asked)
    assert (answer["treasury"], answer["entry"]) == (13, 2)
    capital.ok("class", "open", "ACME", "pref", "--on", "2020-03-03", "--issued", 4)
    with Ledger.open(at(capital.path)) as ledger:
        assert ledger.behind(1) is None
        assert_alike(ledger)


def test_entries_left_behind_of_other_issuers_are_caught_up_by_the_next_recording(
    ledger: Ledger,
) -> None:
    codes = [f"C{number:03}" for number in range(7)]
    for code in codes:
        record_only(ledger, of(code, registration()), of(code, opened()))

    record_and_index(ledger, of("C003", bought(0)))

    assert ledger.behind(1) is None
    assert_alike(ledger)


def test_catching_up_once_more_changes_nothing(ledger: Ledger) -> None:
    record_and_index(ledger, registration(), opened())
    before = rows(ledger)

    assert catch_up(ledger) == 0

    assert rows(ledger) == before


def test_an_index_that_came_further_is_never_taken_back(ledger: Ledger) -> None:
    record_only(ledger, registration(), opened())
    stale = indexed(Book(ledger, "ACME").history)
    behind = ledger.behind(BATCH)
    assert behind is not None
    early = behind[1]
    record_and_index(ledger, bought(0))
    before = rows(ledger)

    assert not ledger.save_index([stale], early, ledger.index_place())
    assert not ledger.save_index([stale], ledger.last_row(), ledger.index_place())

    assert rows(ledger) == before
    assert_alike(ledger)


def test_a_history_at_hand_that_others_added_to_is_read_again(ledger: Ledger) -> None:
    record_and_index(ledger, registration(), opened())
    mine = record_only(ledger, bought(0))
    record_only(ledger, bought(1))

    catch_up(ledger, [mine.after])

    assert_alike(ledger)


def test_a_part_for_an_index_forgotten_meanwhile_is_not_taken_for_the_whole(
    ledger: Ledger,
) -> None:
    for code in ("ALFA", "BETA"):
        record_and_index(ledger, of(code, registration()), of(code, opened()))
    record_only(ledger, of("BETA", bought(0)))
    last_entry = ledger.last_entry

    def then_forgotten_elsewhere(issuer: str) -> int | None:
        ledger.__dict__.pop("last_entry", None)
        with Ledger.open(at(ledger.name)) as other:
            other.clear_index()  # `capital rebuild` begins, and is slower
        return last_entry(issuer)

    ledger.__dict__["last_entry"] = then_forgotten_elsewhere
    catch_up(ledger, [Book(ledger, "BETA").history])

    assert "last_entry" not in ledger.__dict__
    put = Question(MARCH_1)
    assert looked_up(ledger, put) in (None, folded(ledger, put))
    assert looked_up(ledger, put, "ALFA") in (None, folded(ledger, put, "ALFA"))


def test_an_index_made_again_while_another_process_records_is_whole(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More issuers than fit one transaction, and a recording between two of them."""
    monkeypatch.setattr("projections.shares.index.BATCH", 2)
    codes = [f"C{number}" for number in range(6, 0, -1)]  # recorded in another order than by name
    for code in codes:
        record_and_index(ledger, of(code, registration()), of(code, opened()))
    interrupted: list[int] = []

    def recording_meanwhile(done: int, _of: int) -> None:
        if done != 2 or interrupted:
            return
        interrupted.append(done)
        with Ledger.open(at(ledger.name)) as other:
            part = other.behind(2)  # it catches up from the start, and ends after a batch
            assert part is not None
            index = [indexed(Book(other, code).history) for code in part[0]]
            assert other.save_index(index, part[1], other.index_place())

    rebuild(ledger, recording_meanwhile)

    assert interrupted
    assert_alike(ledger)


def test_an_index_whose_making_was_broken_off_is_not_asked_and_finished_later(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.shares.index.BATCH", 2)
    for code in ("ALFA", "BETA", "GAMA", "DELTA", "EPSI"):
        record_and_index(ledger, of(code, registration()), of(code, opened()))

    def broken_off(done: int, _of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(ledger, broken_off)

    assert looked_up(ledger, Question(MARCH_1)) is None
    record_and_index(ledger, of("BETA", bought(0)))
    assert_alike(ledger)


RECORD_MANY = """
import sys
from commands.main import cli
for number in range(6):
    words = ["acquisition", "acquire", sys.argv[1], f"odd-{sys.argv[2]}-{number}", "--class",
             "common", "--on", f"2020-03-{number + 2:02}", "--shares", "1", "--cause", "ODD_LOT"]
    for _ in range(50):
        try:
            cli(words, standalone_mode=False)
        except Exception as problem:
            if "first" in str(problem) or "again" in str(problem):
                continue
            raise
        break
"""


def run(capital: Typed, *words: str, **more: str) -> subprocess.Popen[str]:
    env = {**os.environ, "CAPITAL_LEDGER": str(at(capital.path)), "CAPITAL_BY": "tester", **more}
    return subprocess.Popen(
        [sys.executable, *words],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )


@pytest.mark.parametrize("issuers", [("ALFA", "BETA"), ("ALFA", "ALFA")])
def test_two_who_record_at_once_leave_the_index_a_rebuild_makes(
    capital: Typed, issuers: tuple[str, str]
) -> None:
    with Ledger.open(at(capital.path)) as ledger:
        for code in sorted(set(issuers)):
            record_and_index(ledger, of(code, registration()), of(code, opened()))

    both = [run(capital, "-c", RECORD_MANY, code, str(n)) for n, code in enumerate(issuers)]

    for process in both:
        _, stderr = process.communicate(timeout=60)
        assert "Traceback" not in stderr, stderr
        assert process.returncode == 0, stderr
    with Ledger.open(at(capital.path)) as ledger:
        assert ledger.behind(1) is None
        recorded = sum(ledger.last_entry(code) or 0 for code in set(issuers))
        assert recorded == len(set(issuers)) + 12
        assert_alike(ledger)
        caught_up = rows(ledger)
        rebuild(ledger)
        assert rows(ledger) == caught_up


# --- held to account ------------------------------------------------------------------------------

FALSIFIED: dict[str, str] = {
    "another count": "UPDATE index_counts SET issued = issued + 1 WHERE day = '2020-03-10'",
    "another day": "UPDATE index_counts SET day = '2020-03-11' WHERE day = '2020-03-10'",
    "a day too few": "DELETE FROM index_counts WHERE day = '2020-03-10'",
    "a day too many": "INSERT INTO index_counts SELECT counts, '2020-03-15', authorized, issued + 5"
    ", treasury, outstanding, reason FROM index_counts WHERE day = '2020-03-10'",
    "another reason": "UPDATE index_counts SET reason = 'nobody knows'",
    "an unknown count said to be known": "UPDATE index_counts SET treasury = 0",
    "text for a number": "UPDATE index_counts SET issued = 'many' WHERE day = '2020-03-10'",
    "another opening": "UPDATE index_series SET opened_on = '2020-03-05' WHERE issuer = 'BETA'",
    "a class too few": "DELETE FROM index_series WHERE class = 'pref'",
    "a class too many": "INSERT INTO index_series SELECT issuer, 'golden', basis, opened_on, counts"
    " FROM index_series WHERE class = 'pref'",
    "a basis too few": "DELETE FROM index_series WHERE class = 'pref' AND basis = 'trade'",
    "the counts of another": "UPDATE index_series SET counts = (SELECT max(counts) FROM "
    "index_series WHERE issuer = 'ACME') WHERE issuer = 'BETA'",
    "another entry": "UPDATE index_issuers SET entry = entry + 5 WHERE issuer = 'ACME'",
    "an issuer too few": "DELETE FROM index_issuers WHERE issuer = 'BETA'",
    "another movement": "UPDATE index_facts SET issued = issued + 1 WHERE issuer = 'BETA'",
    "another ratio": "UPDATE index_facts SET new = 3 WHERE new = 2",
    "another kind of movement": "UPDATE index_facts SET effect = NULL WHERE issuer = 'BETA'",
    "another disclosure": "UPDATE index_facts SET disclosed = '2020-03-02' WHERE issuer = 'BETA'",
    "an invented reversal": "UPDATE index_facts SET reverses = 'it' WHERE issuer = 'BETA'",
    "a fact too few": "DELETE FROM index_facts WHERE issuer = 'BETA' AND entry = 2",
    "a fact too many": "INSERT INTO index_facts (issuer, entry, line, key, day, moment) "
    "VALUES ('BETA', 2, 9, 'it', '2020-03-02', 33)",
    "another time of an entry": "UPDATE index_entries SET recorded_at = "
    "'2020-03-02T00:00:00.000000Z' WHERE issuer = 'BETA' AND entry = 2",
    "an issuer nobody registered": "INSERT INTO index_series SELECT 'GHOST', class, basis, "
    "opened_on, counts FROM index_series WHERE issuer = 'BETA'",
}


@pytest.mark.parametrize(
    "what",
    [
        # A column of PostgreSQL for numbers takes no text.
        pytest.param(what, marks=pytest.mark.sqlite_file) if what == "text for a number" else what
        for what in FALSIFIED
    ],
)
def test_an_audit_finds_a_falsified_index_and_a_rebuild_mends_it(acme: Typed, what: str) -> None:
    alter(acme.path, FALSIFIED[what])
    if "nobody registered" in what:
        alter(acme.path, "INSERT INTO index_issuers VALUES ('GHOST', 1)")

    said = acme("audit", "verify")

    assert said.exit_code == 1, said.output
    assert "capital rebuild" in said.output
    if "nobody registered" not in what:  # a replay asks for the issuers that the rows know
        replayed = acme("audit", "replay", "--quiet")
        assert replayed.exit_code == 1, replayed.output
        assert "capital rebuild" in replayed.output
    acme.ok("rebuild")
    acme.ok("audit", "verify")


def test_an_audit_names_the_class_and_day_that_are_false(acme: Typed) -> None:
    alter(acme.path, FALSIFIED["another count"])

    said = acme("audit", "verify").stdout

    assert "class common on 2020-03-10" in said
    assert "201" in said
    assert "200" in said


@pytest.mark.parametrize("statement", SPOILED["is behind"] + SPOILED["never was made"])
def test_an_index_that_is_behind_is_no_fault(acme: Typed, statement: str) -> None:
    alter(acme.path, statement)

    acme.ok("audit", "verify")


@pytest.mark.sqlite_file
def test_a_count_that_is_no_number_is_never_a_traceback(acme: Typed) -> None:
    alter(acme.path, FALSIFIED["text for a number"])

    for words in (["ACME"], ["--all"], ["ACME", "--format", "csv"], ["ACME", "--format", "json"]):
        told(acme("shares", "--on", "2020-03-12", *words))


# --- what a command takes with it -----------------------------------------------------------------

AFTERWARDS = """
import sys
from commands.main import cli
try:
    cli(sys.argv[1:], standalone_mode=False)
except SystemExit as end:
    assert not end.code, end.code
told = sorted({name.partition(".")[0] for name in sys.modules} & {"pydantic", "eventsourcing"})
print("HEAVY", *told, *({"ledger.recording.issuer_record"} & set(sys.modules)), file=sys.stderr)
"""


def heavy(capital: Typed, *words: str) -> list[str]:
    """What of the slow modules the command had imported when it was done."""
    process = run(capital, "-c", AFTERWARDS, *words)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr
    return stderr.rpartition("HEAVY")[2].split()


@pytest.fixture
@prepared
def iij(capital: Typed) -> Typed:
    """One issuer with a dividend and a repurchase program."""
    with Ledger.open(at(capital.path)) as ledger:
        record_and_index(ledger, registration(), opened())
        dividend = line(
            "DividendResolved",
            "dividend-1",
            "common",
            MARCH_1,
            term="YEAR_END",
            fiscal_year_end="2020-03-31",
            per_share="10",
            currency="JPY",
        )
        record_and_index(ledger, {**dividend, "key": "dividend"})
        program = line("RepurchaseAuthorized", "program", "common", MARCH_1, max_shares=50)
        record_and_index(ledger, {**program, "key": "program"})
        record_and_index(ledger, bought(1))
    return capital


COUNTS = [
    "shares --all --known-at 2099-01-01",
    "shares ACME --share-basis 2020-03-01",
    "shares ACME --class all",
    "explain outstanding ACME",
    "shares ACME --known-at 2",
    "shares ACME --known-by disclosed",
    "shares ACME --history --class common",
    "treasury ACME",
]
ASKED = [
    "dividends ACME",
    "repurchases ACME",
    "actions ACME",
    "action ACME program",
    "explain shares ACME --on 2020-03-20",
    "diff ACME --known-at 1 --known-at 3 --on 2020-03-20",
    "notice ACME dividend-1",
    "calendar ACME",
    "report repurchase-month ACME program --month 2020-03",
    "tie-out ACME --per-share 10",
    "check ACME",
    "rules",
    "export ACME",
    "audit replay",
]


@pytest.mark.parametrize("words", ASKED)
def test_no_question_waits_for_what_only_recording_needs(iij: Typed, words: str) -> None:
    assert "eventsourcing" not in heavy(iij, *words.split())


@pytest.mark.parametrize("words", COUNTS)
def test_a_question_of_counts_needs_no_declaration_of_an_event(iij: Typed, words: str) -> None:
    assert not {"pydantic", "eventsourcing"} & set(heavy(iij, *words.split()))


@pytest.mark.parametrize("words", ["shares ACME", "shares --all", "shares ACME --class common"])
def test_what_the_index_answers_needs_no_events(iij: Typed, words: str) -> None:
    assert heavy(iij, *words.split()) == []


@pytest.mark.sqlite_file
def test_what_recording_needs_is_seen_where_it_is_needed(iij: Typed) -> None:
    words = "class open ACME pref --on 2020-03-03 --issued 4"

    assert "eventsourcing" in heavy(iij, *words.split())


MODELS = """
import sys
from commands.main import cli
try:
    cli(sys.argv[1:], standalone_mode=False)
except Exception as refused:
    print(refused, file=sys.stderr)
from ledger.events.kinds import EVENTS
built = sorted(name for name, kind in EVENTS.items() if kind.__pydantic_complete__)
print("MODELS", *built, file=sys.stderr)
"""


def test_only_the_models_of_kinds_that_are_met_are_built(iij: Typed) -> None:
    words = "repurchase purchase ACME program --on 2020-03-09 --shares 2 --settled-on 2020-03-02"
    process = run(iij, "-c", MODELS, *words.split())

    _, stderr = process.communicate(timeout=60)

    assert "settled_on 2020-03-02 is before on 2020-03-09" in stderr
    assert stderr.rpartition("MODELS")[2].split() == [
        "DividendResolved",
        "IssuerRegistered",
        "OpeningPositionStated",
        "RepurchaseAuthorized",
        "SharesRepurchased",
    ]
