"""How a replay ends: the digest for the working papers, and what must and must not change it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.counts.basis import Basis
from ledger.history.history import History, today_anywhere
from ledger.history.knowledge import EVERYTHING, Knowledge
from ledger.recording.issuer_record import Book
from ledger.store.ledger import Ledger
from projections.audit.answers import answer_lines
from projections.audit.replay import Digest, replay
from projections.audit.verify import verify
from projections.question import Question
from projections.shares.positions import share_counts
from tests.attacker import commits_of, hand_on, leaf
from tests.conftest import Typed, prepared, record_lines
from tests.stores import STORE, at
from tests.strategies import ISSUER, Line, Told, days_asked, histories, openings
from tests.test_properties import (
    _shuffled_between_days,
    empty_ledger,
    exported,
    imported,
    record_each,
    record_what_can_be,
)
from tests.test_tampering import ENTRIES, registered

ROOT = Path(__file__).parents[1]
MONDAY = datetime(2020, 9, 7, 9, tzinfo=UTC)


@pytest.fixture
@prepared
def walked(path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Two issuers, ACME with six entries and BOLT with two, an entry a day from a Monday on."""
    days = (MONDAY + timedelta(days=n) for n in range(20))
    with monkeypatch.context() as clock:
        clock.setattr("ledger.proof.clock.utc_now", days.__next__)
        with STORE.create(path) as ledger:
            for lines in ENTRIES:
                record_lines(ledger, *lines)
    return Typed(path)


def digest(capital: Typed, *words: object) -> str:
    """The last word of a replay that found nothing."""
    return capital.ok("audit", "replay", *words, "--quiet").split()[-1]


def record_more(capital: Typed) -> None:
    """A later entry of each issuer, and a third issuer."""
    capital.ok(*"class authorize ACME common --authorized 4000 --on 2020-08-01".split())
    capital.ok(*"class authorize BOLT common --authorized 900 --on 2020-08-01".split())
    with Ledger.open(at(capital.path)) as ledger:
        record_lines(ledger, registered("CORE", "JPY"))


# --- what a replay says at its end ---------------------------------------------------------------


@pytest.mark.sqlite_file
def test_a_replay_ends_with_the_root_the_answers_and_both_as_one_digest(walked: Typed) -> None:
    said = walked.ok("audit", "replay", "ACME", "--quiet").splitlines()
    answer = walked.json("audit", "replay", "ACME")
    with hand_on(walked.path, hidden=True) as connection:
        *_, last = commits_of(connection)

    assert said == [
        "6 entries replayed: every count agrees with the queries",
        f"root     {answer['root']}",
        f"answers  {answer['answers']}",
        f"digest   {answer['root']}.{answer['answers']}",
    ]
    assert answer["digest"] == f"{answer['root']}.{answer['answers']}"
    assert answer["root"] == b64encode(last.root).decode()


def test_quiet_says_nothing_of_the_entries(walked: Typed) -> None:
    assert walked.json("audit", "replay", "ACME", "--quiet")["entries"] == []
    assert len(walked.json("audit", "replay", "ACME")["entries"]) == 6
    assert "entry 1" not in walked.ok("audit", "replay", "ACME", "--quiet")


@pytest.mark.sqlite_file
def test_the_root_is_that_of_the_last_entry_walked(walked: Typed) -> None:
    with hand_on(walked.path, hidden=True) as connection:
        roots = {c.last_row: b64encode(c.root).decode() for c in commits_of(connection)}

    assert walked.json("audit", "replay", "ACME", "--to", 3)["root"] == roots[11]
    assert walked.json("audit", "replay", "BOLT")["root"] == roots[8]
    assert walked.json("audit", "replay", "--until", "2020-09-10")["root"] == roots[8]
    assert walked.json("audit", "replay")["root"] == roots[17]


def test_the_answers_are_those_of_a_bundle(walked: Typed, tmp_path: Path) -> None:
    walked.ok("audit", "bundle", "ACME", "-o", tmp_path / "acme.zip")
    with zipfile.ZipFile(tmp_path / "acme.zip") as bundle:
        answers = bundle.read("answers.jsonl")

    assert walked.json("audit", "replay", "ACME")["answers"] == sha256(answers).hexdigest()


def test_the_answers_of_a_ledger_are_those_of_its_issuers_by_code(walked: Typed) -> None:
    with Ledger.open(at(walked.path)) as ledger:
        lines = [lines_of(Book(ledger, code).history) for code in ("ACME", "BOLT")]

    expected = sha256("".join(lines).encode()).hexdigest()

    assert walked.json("audit", "replay")["answers"] == expected


# --- where to stop, and what to show -------------------------------------------------------------


def shown(capital: Typed, *words: object) -> list[tuple[str, int]]:
    answer = capital.json("audit", "replay", *words)
    return [(entry["issuer"], entry["entry"]) for entry in answer["entries"]]


@pytest.mark.parametrize(
    ("words", "last"),
    [
        (("--known-at", 3), 3),
        (("--to", 3), 3),
        (("--known-at", "2020-09-11"), 3),
        (("--until", "2020-09-11"), 3),
        (("--known-at", "2020-09-11T08:59:59Z"), 2),
        (("--known-at", "2020-09-11T18:00:00+09:00"), 3),
        (("--known-at", "2030-01-01"), 6),
    ],
)
def test_a_replay_stops_where_it_is_told(walked: Typed, words: Sequence[object], last: int) -> None:
    assert shown(walked, "ACME", *words) == [("ACME", n) for n in range(1, last + 1)]
    assert digest(walked, "ACME", *words) == digest(walked, "ACME", "--to", last)


@pytest.mark.parametrize(
    "words",
    [
        ("--to", 1, "--until", "2020-09-11"),
        ("--to", 1, "--known-at", 1),
        ("--until", "2020-09-11", "--known-at", "2020-09-11"),
    ],
)
def test_two_ways_to_say_where_to_stop_are_one_too_many(
    walked: Typed, words: Sequence[object]
) -> None:
    said = walked.refused("audit", "replay", "ACME", *words, code=2)

    assert "give only one" in said
    assert all(str(word) in said for word in words if str(word).startswith("--"))


def test_an_entry_number_is_of_an_issuer(walked: Typed) -> None:
    said = walked.refused("audit", "replay", "--known-at", 3, code=2)

    assert "each issuer numbers its own entries" in said


@pytest.mark.parametrize("entry", [0, 7, 10**30])
def test_an_entry_that_is_not_there_is_refused(walked: Typed, entry: int) -> None:
    said = walked.refused("audit", "replay", "ACME", "--to", entry)

    assert "the entries of ACME are 1 to 6" in said


def test_one_action_is_shown_and_everything_is_walked(walked: Typed) -> None:
    answer = walked.json("audit", "replay", "ACME", "--action", "odd-lots-2")

    assert [
        (entry["entry"], [event["action"] for event in entry["events"]])
        for entry in answer["entries"]
    ] == [(3, ["odd-lots-2"])]
    assert answer["digest"] == digest(walked, "ACME")


def test_an_action_that_is_not_there_is_told_from_those_that_are(walked: Typed) -> None:
    said = walked.refused("audit", "replay", "ACME", "--action", "odd-lots-9")

    assert "class-common, issuer, odd-lots-1, odd-lots-2, odd-lots-3" in said


def test_an_action_belongs_to_an_issuer(walked: Typed) -> None:
    said = walked.refused("audit", "replay", "--action", "odd-lots-1", code=2)

    assert "needs an ISSUER" in said


@pytest.mark.parametrize("words", [(), ("--format", "json"), ("--quiet",)])
def test_stepping_needs_a_terminal(walked: Typed, words: Sequence[str]) -> None:
    assert "it needs a terminal" in walked.refused(
        "audit", "replay", "ACME", "--step", *words, code=2
    )


# --- an earlier digest ---------------------------------------------------------------------------


def test_the_digest_of_an_earlier_replay_is_what_a_later_one_ends_with(walked: Typed) -> None:
    expected = digest(walked, "ACME")

    said = walked.ok("audit", "replay", "ACME", "--expect", expected, "--quiet")

    assert "every count agrees" in said
    assert walked.ok("audit", "replay", "ACME", "--expect", f" {expected}\n", "--quiet") == said


@pytest.mark.parametrize("part", ["root", "answers"])
def test_another_digest_is_told_by_the_part_that_differs(walked: Typed, part: str) -> None:
    root, answers = digest(walked, "ACME").split(".")
    if part == "root":
        root = ("A" if root[0] != "A" else "B") + root[1:]
    else:
        answers = ("0" if answers[0] != "0" else "1") + answers[1:]

    result = walked("audit", "replay", "ACME", "--expect", f"{root}.{answers}", "--quiet")

    assert result.exit_code == 1
    assert ("the root over the rows" in result.stdout) is (part == "root")
    assert ("the digest of the answers" in result.stdout) is (part == "answers")
    assert "was expected" in result.stdout


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "digest",
        "0" * 64,
        f"{'A' * 43}=",
        f"{'A' * 43}=.{'0' * 63}",
        f"{'A' * 43}=.{'0' * 65}",
        f"{'A' * 43}=.{'F' * 64}",
        f"{'A' * 44}.{'0' * 64}",
        f"{'-' * 43}=.{'0' * 64}",
        f"{'A' * 43}=.{chr(0x660) * 64}",
    ],
)
def test_what_is_no_digest_is_refused_before_anything_is_walked(walked: Typed, text: str) -> None:
    said = walked.refused("audit", "replay", "ACME", "--expect", text, code=2)

    assert "is not a digest" in said


def test_the_digest_of_another_issuer_is_not_expected(walked: Typed) -> None:
    assert walked("audit", "replay", "BOLT", "--expect", digest(walked, "ACME")).exit_code == 1


# --- what must not change it ---------------------------------------------------------------------


def test_later_entries_of_anybody_change_no_earlier_digest(walked: Typed) -> None:
    ways: list[tuple[object, ...]] = [
        *(("ACME", "--to", entry) for entry in range(1, 7)),
        ("BOLT", "--to", 2),
        ("ACME", "--known-at", "2020-09-11"),
        ("--until", "2020-09-10"),
        ("--known-at", "2020-09-14T09:00:00Z"),
    ]
    before = [digest(walked, *words) for words in ways]

    record_more(walked)

    assert [digest(walked, *words) for words in ways] == before
    assert len(set(before[:6])) == 6


def test_the_digest_of_one_issuer_does_not_wait_for_the_others(walked: Typed) -> None:
    before = digest(walked, "ACME")
    walked.ok(*"class authorize BOLT common --authorized 900 --on 2020-08-01".split())

    assert digest(walked, "ACME") == before


@pytest.mark.sqlite_file
def test_a_digest_is_the_same_on_any_machine(walked: Typed, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "台帳.db"
    elsewhere.parent.mkdir()
    shutil.copy(walked.path, elsewhere)
    env = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1", "CAPITAL_BY": "else"}

    ended = subprocess.run(
        [sys.executable, "-m", "commands.main", "--ledger", elsewhere, *"audit replay".split()],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.split()[-1] == digest(walked)


def test_the_answers_are_the_same_in_another_ledger_and_the_root_is_not(
    walked: Typed, tmp_path: Path
) -> None:
    other = Typed(tmp_path / "other.db")
    other.ok("init")
    other.ok("import", "-", stdin=walked.ok("export"))

    (root, answers), (other_root, other_answers) = (
        digest(capital).split(".") for capital in (walked, other)
    )

    assert answers == other_answers
    assert root != other_root


def test_an_empty_ledger_has_a_digest(capital: Typed) -> None:
    nothing = sha256(b"")

    assert digest(capital) == f"{b64encode(nothing.digest()).decode()}.{nothing.hexdigest()}"


# --- what must change it -------------------------------------------------------------------------


def changed(capital: Typed, row: int, before: str, after: str, *, leaves: bool) -> None:
    """Other words in a row; with `leaves`, its commit's leaf too, and none of the roots."""
    with hand_on(capital.path, hidden=True) as connection:
        connection.execute(
            "UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), ?, ?) AS BLOB) "
            "WHERE rowid = ?",
            (before, after, row),
        )
        (commit,) = [c for c in commits_of(connection) if c.first_row <= row <= c.last_row]
        rows = connection.execute(
            "SELECT originator_id, originator_version, topic, state FROM stored_events "
            "WHERE rowid BETWEEN ? AND ? ORDER BY rowid",
            (commit.first_row, commit.last_row),
        ).fetchall()
        own = b"".join(leaf(commit.salt, commit.recorded_at, each) for each in rows)
        assert own != commit.leaves
        if leaves:
            connection.execute(
                "UPDATE commits SET leaves = ? WHERE first_row = ?", (own, commit.first_row)
            )


CHANGES = {
    "a figure": (9, ":20", ":21"),
    "who recorded it": (11, "tester", "nobody"),
    "a document": (5, "Annual report", "Annual Report"),
    "a cause": (9, "ODD_LOT", "OTHER"),
}


@pytest.mark.sqlite_file
@pytest.mark.parametrize("issuer", [("ACME",), ()], ids=["of one issuer", "of all"])
@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_row_is_noticed(walked: Typed, what: str, issuer: tuple[str, ...]) -> None:
    expected = digest(walked, *issuer)
    changed(walked, *CHANGES[what], leaves=False)

    for words in (("--expect", expected), ()):
        assert walked("audit", "replay", *issuer, "--quiet", *words).exit_code == 1


@pytest.mark.sqlite_file
@pytest.mark.parametrize("issuer", [("ACME",), ()], ids=["of one issuer", "of all"])
@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_row_with_its_leaf_is_noticed_by_the_digest_of_before(
    walked: Typed, what: str, issuer: tuple[str, ...], request: pytest.FixtureRequest
) -> None:
    expected = digest(walked, *issuer)
    changed(walked, *CHANGES[what], leaves=True)

    assert walked("audit", "replay", *issuer, "--quiet", "--expect", expected).exit_code == 1


# --- over histories nobody thought of ------------------------------------------------------------


def ended(ledger: Ledger, entry: int | None = None) -> Digest:
    """How a replay of one issuer ends; fails the test where it finds a difference."""
    *_, last = steps = list(replay(ledger, ISSUER, knowledge=Knowledge(entry), details=False))
    assert [step for step in steps[:-1] if hasattr(step, "answered")] == []
    assert isinstance(last, Digest)
    return last


def lines_of(history: History) -> str:
    return "".join(answer_lines(history.as_of(EVERYTHING)))


@given(histories())
def test_digests_are_equal_where_all_answers_are_and_nowhere_else(told: Told) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, ISSUER).history
        entries = [line.number for line in history.entries]

        lines = {entry: lines_of(history.as_of(Knowledge(entry))) for entry in entries}
        digests = {entry: ended(ledger, entry) for entry in entries}

    assert len({digest.root for digest in digests.values()}) == len(entries)
    assert len({digest.answers for digest in digests.values()}) == len(set(lines.values()))
    for entry in entries:
        assert digests[entry].answers == sha256(lines[entry].encode()).hexdigest()


@given(histories(), openings("late"))
def test_no_later_entry_changes_the_digest_up_to_an_earlier_one(told: Told, more: Line) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        last = len(ledger.entries(ISSUER))
        before = ended(ledger)
        assert ended(ledger, last) == before

        record_each(ledger, [{**more, "key": "later"}])
        record_lines(ledger, registered("BOLT", "USD"))

        assert ended(ledger, last) == before


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_of_an_import_never_changes_the_answers(
    told: Told, random: Any
) -> None:
    with empty_ledger() as here, empty_ledger() as there:
        record_what_can_be(here, told)
        imported(there, _shuffled_between_days(exported(here), random))

        assert ended(there).answers == ended(here).answers


@given(histories(), days_asked)
def test_the_counts_of_the_digest_are_what_is_answered_for_their_day(told: Told, on: date) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, ISSUER).history.as_of(EVERYTHING)
    lines = [json.loads(line) for line in answer_lines(history)]
    counted = [line for line in lines if "basis" in line]

    for share_class in history.classes:
        for basis in Basis:
            known = [
                line
                for line in counted
                if (line["class"], line["basis"]) == (share_class, basis)
                and line["on"] <= on.isoformat()
            ]
            asked = share_counts(history, share_class, Question(on, basis=basis))
            last = known[-1] if known else {}
            for name in ("authorized", "issued", "treasury", "outstanding"):
                assert getattr(asked, name) == last.get(name), f"{name} of {share_class} on {on}"


@given(histories())
def test_every_history_is_verified_sound(told: Told) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)

        found = verify(ledger, [], None, today_anywhere(datetime.now(UTC)))

        assert found.faults == []
        assert found.notes == []
        assert (found.size, found.entries, found.issuers) == (
            found.rows,
            len(ledger.entries(ISSUER)),
            1,
        )
