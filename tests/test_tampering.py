"""What an audit sees of a file that somebody changed, and what it cannot see (docs/audit.md)."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from ledger.recording.issuer_record import Book
from ledger.store.ledger import Ledger
from tests.attacker import Extent, commits_of, cut, hand_on, recommit, without_rows
from tests.conftest import Typed, record_lines
from tests.stores import at

# Whoever has the file can write every byte of it; what a database owner can is in test_postgres.
pytestmark = pytest.mark.sqlite_file

LONG = settings().max_examples > 100
CHANGES = 1000 if LONG else 100
"""How many random changes of each kind; see the profiles in conftest.py."""


def line(issuer: str, action: str, event: str, **fields: Any) -> dict[str, Any]:
    own = {} if action == "issuer" else {"class": "common"}
    key = f"{action}-{fields.get('on', '')}"
    return {"issuer": issuer, **own, "action": action, "event": event, "key": key, **fields}


def registered(code: str, currency: str) -> dict[str, Any]:
    about = {"name": f"{code} K.K.", "currency": currency, "profile": "jp"}
    return line(code, "issuer", "IssuerRegistered", code=code, **about)


def opened(code: str, issued: int, treasury: int) -> dict[str, Any]:
    on = {"on": "2020-03-31", "source": {"title": "Annual report", "page": 12}}
    counts = {"issued": issued, "treasury": treasury}
    return line(code, "class-common", "OpeningPositionStated", **on, **counts)


def acquired(number: int, shares: int, on: str) -> dict[str, Any]:
    what = {"shares": shares, "cause": "ODD_LOT", "on": on}
    return line("ACME", f"odd-lots-{number}", "SharesAcquired", **what)


def authorized(shares: int, on: str) -> dict[str, Any]:
    return line("ACME", "class-common", "AuthorizedSharesChanged", authorized=shares, on=on)


ENTRIES: list[list[dict[str, Any]]] = [
    [registered("ACME", "JPY")],
    [registered("BOLT", "USD")],
    [opened("ACME", 1000, 0)],
    [opened("BOLT", 500, 10)],
    [acquired(1, 20, "2020-05-10"), acquired(2, 7, "2020-05-11")],
    [acquired(3, 5, "2020-04-10")],
    [authorized(2000, "2020-06-01")],
    [authorized(3000, "2020-07-01")],
]
"""Rows 1-2, 3-4, 5-6, 7-8, 9-11, 12-13, 14-15, 16-17: events, and then their entry."""
ROWS = 17


@pytest.fixture(scope="module")
def sound(store: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound ledger in one file, with the checkpoints made after every entry beside it."""
    folder = tmp_path_factory.mktemp("sound")
    path = folder / "capital.db"
    with Ledger.create(at(path)) as ledger:
        for lines in ENTRIES:
            receipt = record_lines(ledger, *lines)
            assert receipt.commit is not None
            Typed(path).ok("audit", "checkpoint", "-o", folder / str(receipt.commit.size))
    return path


@pytest.fixture
def copy(sound: Path, path: Path) -> Typed:
    shutil.copy(sound, path)
    return Typed(path)


def verified(capital: Typed, *words: object) -> tuple[int, list[dict[str, Any]], str]:
    """The exit code of a verification, its findings, and what it says to people."""
    said = capital("audit", "verify", *words)
    told = capital("audit", "verify", *words, "--format", "json")
    for result in (said, told):
        assert result.exception is None or isinstance(result.exception, SystemExit)
    assert said.exit_code == told.exit_code
    findings = json.loads(told.stdout)["findings"]
    for finding in findings[:20]:
        assert f"{finding['fault']}: " in said.stdout
        assert finding["message"] in said.stdout
    return said.exit_code, findings, said.stdout


def test_a_ledger_nobody_touched_is_sound_by_every_checkpoint(copy: Typed, sound: Path) -> None:
    kept = [word for size in (2, 8, ROWS) for word in ("--checkpoint", sound.parent / str(size))]

    code, findings, said = verified(copy, *kept)

    assert (code, findings) == (0, [])
    assert said.startswith("verified: 17 rows in 8 commits, 8 entries of 2 issuers; root ")
    assert said.count("valid for its") == 3


# --- each attack of the table, its commits left alone --------------------------------------------

Attack = Callable[[sqlite3.Connection], None]


def replaced(row: int, before: str, after: str) -> Attack:
    """Other words in the state of a row."""

    def attack(connection: sqlite3.Connection) -> None:
        (state,) = connection.execute(
            "SELECT state FROM stored_events WHERE rowid = ?", (row,)
        ).fetchone()
        changed = state.replace(before.encode(), after.encode())
        assert changed != state
        connection.execute("UPDATE stored_events SET state = ? WHERE rowid = ?", (changed, row))

    return attack


def set_to(column: str, value: object, *, row: int) -> Attack:
    """Another value in a column of a row."""

    def attack(connection: sqlite3.Connection) -> None:
        connection.execute(f"UPDATE stored_events SET {column} = ? WHERE rowid = ?", (value, row))

    return attack


def committed(column: str, change: Callable[[Any], Any], *, row: int) -> Attack:
    """Another value in a column of the commit that begins with a row."""

    def attack(connection: sqlite3.Connection) -> None:
        (value,) = connection.execute(
            f"SELECT {column} FROM commits WHERE first_row = ?", (row,)
        ).fetchone()
        connection.execute(
            f"UPDATE commits SET {column} = ? WHERE first_row = ?", (change(value), row)
        )

    return attack


def exchanged(one: int, other: int) -> Attack:
    def attack(connection: sqlite3.Connection) -> None:
        for before, after in ((one, -1), (other, one), (-1, other)):
            connection.execute(
                "UPDATE stored_events SET rowid = ? WHERE rowid = ?", (after, before)
            )

    return attack


def deleted(*rows: int) -> Attack:
    def attack(connection: sqlite3.Connection) -> None:
        for row in rows:
            connection.execute("DELETE FROM stored_events WHERE rowid = ?", (row,))

    return attack


def commit_deleted(row: int) -> Attack:
    def attack(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM commits WHERE first_row = ?", (row,))

    return attack


def forged(row: int, *, of: int = 16, version: int = 4) -> Attack:
    """A row like another, of the next version, in no entry and no commit."""

    def attack(connection: sqlite3.Connection) -> None:
        owner, topic, state = connection.execute(
            "SELECT originator_id, topic, state FROM stored_events WHERE rowid = ?", (of,)
        ).fetchone()
        body = json.loads(state) | {"version": version, "key": "forged", "authorized": 9000}
        connection.execute(
            "INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state) "
            "VALUES (?, ?, ?, ?, ?)",
            (row, owner, version, topic, json.dumps(body, separators=(",", ":")).encode()),
        )

    return attack


def one_after_the_other(*attacks: Attack) -> Attack:
    def attack(connection: sqlite3.Connection) -> None:
        for each in attacks:
            each(connection)

    return attack


def flipped(value: bytes) -> bytes:
    return bytes([value[0] ^ 1]) + value[1:]


@dataclass(frozen=True)
class Seen:
    """What the first finding must say."""

    attack: Attack
    kind: str
    row: int
    issuer: str | None
    entry: int | None


A_DAY_LATER = "2031-01-01T00:00:00.000000Z"
SEEN: dict[str, Seen] = {
    "a figure edited": Seen(replaced(9, ":20", ":21"), "row altered", 9, "ACME", 3),
    "the last row edited": Seen(replaced(17, "tester", "nobody"), "row altered", 17, "ACME", 6),
    "the name of an event changed": Seen(
        set_to("topic", "ShareClassClosed", row=9), "row altered", 9, "ACME", 3
    ),
    "the version of an event changed": Seen(
        set_to("originator_version", 7, row=12), "row altered", 12, "ACME", 4
    ),
    "the id of an event changed": Seen(
        set_to("originator_id", "0" * 32, row=12), "row altered", 12, "ACME", 4
    ),
    "an event made text": Seen(set_to("state", "{}", row=7), "row altered", 7, "BOLT", 2),
    "rows of one commit exchanged": Seen(exchanged(9, 10), "rows exchanged", 9, "ACME", 3),
    "rows of two commits exchanged": Seen(exchanged(9, 12), "rows exchanged", 9, "ACME", 3),
    "rows of two issuers exchanged": Seen(exchanged(5, 7), "rows exchanged", 5, "ACME", 2),
    "the time of recording changed": Seen(
        committed("recorded_at", lambda at: f"{at[:-2]}{(int(at[-2]) + 1) % 10}Z", row=9),
        "time of recording altered",
        9,
        "ACME",
        3,
    ),
    "the time of recording made later than the next": Seen(
        committed("recorded_at", lambda _: A_DAY_LATER, row=7),
        "time of recording altered",
        7,
        "BOLT",
        2,
    ),
    "a middle row replaced by a forged one": Seen(
        one_after_the_other(deleted(14), forged(14, version=2)), "row altered", 14, "ACME", 5
    ),
    "a row in the middle deleted": Seen(deleted(10), "row missing", 10, "ACME", 3),
    "the event of an entry deleted": Seen(deleted(7), "row missing", 7, "BOLT", 2),
    "every row of an entry deleted": Seen(deleted(7, 8), "row missing", 7, None, None),
    "a commit deleted": Seen(commit_deleted(9), "commit missing", 9, "ACME", None),
    "the first commit deleted": Seen(commit_deleted(1), "commit missing", 1, "ACME", None),
    "the last commit deleted": Seen(commit_deleted(16), "row without a commit", 16, "ACME", None),
    "a row appended": Seen(forged(18), "row without a commit", 18, "ACME", None),
    "a row appended far behind": Seen(forged(2**62), "row without a commit", 2**62, "ACME", None),
    "first_row of a commit": Seen(
        committed("first_row", lambda row: row + 1, row=9), "commit missing", 9, "ACME", None
    ),
    "last_row of a commit": Seen(
        committed("last_row", lambda row: row - 1, row=9), "commit altered", 9, "ACME", None
    ),
    "size of a commit": Seen(
        committed("size", lambda size: size + 1, row=9), "commit altered", 9, "ACME", None
    ),
    "size of a commit, as many bits": Seen(
        committed("size", lambda size: size + 2, row=9), "commit altered", 9, "ACME", 3
    ),
    "root of a commit": Seen(committed("root", flipped, row=9), "commit altered", 9, "ACME", 3),
    "edge of a commit": Seen(committed("edge", flipped, row=9), "commit altered", 9, "ACME", 3),
    "salt of a commit": Seen(
        committed("salt", flipped, row=9), "time of recording altered", 9, "ACME", 3
    ),
    "leaves of a commit": Seen(committed("leaves", flipped, row=9), "row altered", 9, "ACME", 3),
    "root of the last commit": Seen(
        committed("root", flipped, row=16), "commit altered", 16, "ACME", 6
    ),
}


@pytest.mark.parametrize("hidden", [False, True], ids=["triggers dropped", "triggers put back"])
@pytest.mark.parametrize("what", SEEN)
def test_an_attack_is_seen_and_says_which_row_and_entry(
    copy: Typed, what: str, *, hidden: bool
) -> None:
    expected = SEEN[what]
    with hand_on(copy.path, hidden=hidden) as connection:
        expected.attack(connection)

    code, findings, said = verified(copy)

    assert code == 1
    named = [(f["fault"], f["row"], f["issuer"], f["entry"]) for f in findings]
    assert (expected.kind, expected.row, expected.issuer, expected.entry) in named
    place = named.index((expected.kind, expected.row, expected.issuer, expected.entry))
    assert f"row {expected.row}" in findings[place]["message"].replace("rows", "row")
    assert "keep the file as it is" in said
    assert ("is missing or changed" in copy("audit", "verify").stderr) is not hidden


@pytest.mark.parametrize(
    ("what", "issuer"),
    [
        ("a commit deleted", "ACME"),
        ("the last commit deleted", "ACME"),
        ("a row appended", "ACME"),
        ("first_row of a commit", "ACME"),
        ("last_row of a commit", "ACME"),
        ("size of a commit", "ACME"),
    ],
)
def test_the_first_finding_names_the_issuer_where_the_row_still_says_it(
    copy: Typed, what: str, issuer: str
) -> None:
    with hand_on(copy.path) as connection:
        SEEN[what].attack(connection)

    _, findings, _ = verified(copy)

    assert findings[0]["issuer"] == issuer


@pytest.mark.parametrize(("one", "other"), [(5, 6), (16, 17)])
def test_an_event_exchanged_with_its_entry_is_seen_as_such(
    copy: Typed, one: int, other: int
) -> None:
    with hand_on(copy.path) as connection:
        exchanged(one, other)(connection)

    code, findings, _ = verified(copy)

    assert code == 1
    assert findings[0]["fault"] == "rows exchanged"


@pytest.mark.parametrize("row", [0, -1, -(2**62)])
def test_a_row_forged_before_the_first_is_seen(copy: Typed, row: int) -> None:
    with hand_on(copy.path, hidden=True) as connection:
        forged(row)(connection)

    code, findings, _ = verified(copy)

    assert code == 1
    assert findings[0]["row"] == row


def test_an_issuer_forged_before_the_first_row_is_seen(copy: Typed, tmp_path: Path) -> None:
    """With a commit of its own, queries and exports answer from it."""
    with Ledger.create(at(tmp_path / "other.db")) as other:
        record_lines(other, registered("EVIL", "JPY"))
    with hand_on(tmp_path / "other.db") as connection:
        rows = connection.execute("SELECT * FROM stored_events ORDER BY rowid").fetchall()
        (commit,) = commits_of(connection)
    with hand_on(copy.path, hidden=True) as connection:
        for row, values in enumerate(rows, start=-1):
            connection.execute(
                "INSERT INTO stored_events "
                "(rowid, originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?, ?)",
                (row, *values),
            )
        connection.execute(
            "INSERT INTO commits VALUES (-1, 0, ?, ?, ?, ?, ?, ?)", tuple(commit[2:])
        )
    assert "EVIL" in copy.ok("export")

    code, _, _ = verified(copy)

    assert code == 1


def test_a_commit_of_no_rows_is_seen(copy: Typed) -> None:
    """It can say any time, and the clock of the next entry is held against it."""
    with hand_on(copy.path, hidden=True) as connection:
        *_, last = commits_of(connection)
        connection.execute(
            "INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (ROWS + 1, ROWS, A_DAY_LATER, ROWS, last.root, last.edge, last.salt, b""),
        )

    code, _, _ = verified(copy)

    assert code == 1


@pytest.mark.parametrize("column", ["last_row", "recorded_at", "size", "root", "edge", "salt"])
@pytest.mark.parametrize("value", ["x", b"\xff", -1, 0, 1.5, 2**62, float("inf"), "", b""])
def test_a_commit_that_cannot_be_one_is_seen_and_never_shows_as_a_traceback(
    copy: Typed, column: str, value: object, request: pytest.FixtureRequest
) -> None:
    with hand_on(copy.path) as connection:
        committed(column, lambda _: value, row=9)(connection)

    code, findings, _ = verified(copy)

    assert code == 1
    assert findings[0]["row"] in (8, 9)
    for words in (("checkpoint",), ("replay",), ("prove", "ACME", 3)):
        result = copy("audit", *words)
        assert result.exception is None or isinstance(result.exception, SystemExit), words


# --- the same, and then every commit computed anew ------------------------------------------------


def retold(row: int, before: str, after: str) -> Attack:
    return one_after_the_other(replaced(row, before, after), recommit)


def said_otherwise(at: str) -> str:
    return f"{at[:-2]}{(int(at[-2]) + 1) % 10}Z"


def time_changed(connection: sqlite3.Connection) -> None:
    extents = [
        Extent(c.first_row, c.last_row, c.recorded_at, c.salt) for c in commits_of(connection)
    ]
    changed = extents[4]._replace(recorded_at=said_otherwise(extents[4].recorded_at))
    recommit(connection, [*extents[:4], changed, *extents[5:]])


def salt_changed(connection: sqlite3.Connection) -> None:
    extents = [
        Extent(c.first_row, c.last_row, c.recorded_at, c.salt) for c in commits_of(connection)
    ]
    recommit(connection, [extents[0]._replace(salt=bytes(16)), *extents[1:]])


def named_instead(row: int, *actions: str) -> Attack:
    """An entry that names other events, each the first of its action."""

    def attack(connection: sqlite3.Connection) -> None:
        (state,) = connection.execute(
            "SELECT state FROM stored_events WHERE rowid = ?", (row,)
        ).fetchone()
        ranges = [{"action": action, "first": 1, "last": 1} for action in actions]
        body = json.dumps(json.loads(state) | {"events": ranges}, separators=(",", ":"))
        set_to("state", body.encode(), row=row)(connection)

    return attack


REWRITTEN: dict[str, Attack] = {
    "a figure edited": retold(9, ":20", ":21"),
    "who recorded the last entry": retold(17, "tester", "nobody"),
    "a document edited": retold(5, "Annual report", "Annual Report"),
    "rows of one commit exchanged": one_after_the_other(
        exchanged(9, 10), named_instead(11, "odd-lots-2", "odd-lots-1"), recommit
    ),
    "rows of two commits exchanged": one_after_the_other(
        exchanged(10, 12),
        named_instead(11, "odd-lots-1", "odd-lots-3"),
        named_instead(13, "odd-lots-2"),
        recommit,
    ),
    "the time of recording changed": time_changed,
    "a salt changed": salt_changed,
    "a middle row replaced by a forged one": one_after_the_other(
        deleted(14), forged(14, version=2), recommit
    ),
    "a row in the middle deleted": one_after_the_other(
        named_instead(11, "odd-lots-1"), lambda connection: without_rows(connection, 10)
    ),
    "an entry in the middle deleted": lambda connection: without_rows(connection, 7, 8),
}


@pytest.mark.parametrize("what", REWRITTEN)
def test_commits_computed_anew_are_seen_by_a_checkpoint_alone(
    copy: Typed, sound: Path, what: str
) -> None:
    with hand_on(copy.path, hidden=True) as connection:
        REWRITTEN[what](connection)

    alone, findings, _ = verified(copy)
    held, by_checkpoint, said = verified(copy, "--checkpoint", sound.parent / str(ROWS))

    assert (alone, findings) == (0, [])
    assert held == 1
    assert [finding["fault"] for finding in by_checkpoint] in (
        ["history rewritten"],
        ["tail cut"],  # there are fewer rows than there were
    )
    assert str(sound.parent / str(ROWS)) in said
    assert "valid for its" not in said


@pytest.mark.parametrize("what", REWRITTEN)
def test_commits_computed_anew_are_seen_by_the_digest_of_an_earlier_replay(
    copy: Typed, what: str
) -> None:
    digest = copy.ok("audit", "replay", "--quiet").split()[-1]
    assert copy("audit", "replay", "--quiet", "--expect", digest).exit_code == 0
    with hand_on(copy.path, hidden=True) as connection:
        REWRITTEN[what](connection)

    said = copy("audit", "replay", "--quiet", "--expect", digest)

    assert said.exit_code == 1
    assert "the root over the rows" in said.stdout
    assert copy("audit", "replay", "--quiet").exit_code == 0


def test_a_rewriting_behind_an_earlier_checkpoint_is_no_matter_of_that_checkpoint(
    copy: Typed, sound: Path
) -> None:
    with hand_on(copy.path, hidden=True) as connection:
        REWRITTEN["a figure edited"](connection)

    assert verified(copy, "--checkpoint", sound.parent / "8")[0] == 0
    assert verified(copy, "--checkpoint", sound.parent / "11")[0] == 1


def test_a_checkpoint_of_rows_that_no_commit_ends_with_does_not_hold(
    copy: Typed, sound: Path
) -> None:
    with hand_on(copy.path, hidden=True) as connection:
        without_rows(connection, 7, 8)

    _, findings, _ = verified(copy, "--checkpoint", sound.parent / "8")

    assert [(f["fault"], f["row"]) for f in findings] == [("history rewritten", 8)]


# --- the tail cut --------------------------------------------------------------------------------


@pytest.mark.parametrize("left", [0, 2, 8, 11, 15])
def test_a_tail_cut_below_the_checkpoint_is_seen_by_the_checkpoint_alone(
    copy: Typed, sound: Path, left: int
) -> None:
    with hand_on(copy.path, hidden=True) as connection:
        cut(connection, left)

    alone, findings, _ = verified(copy)
    held, by_checkpoint, said = verified(copy, "--checkpoint", sound.parent / str(ROWS))

    assert (alone, findings) == (0, [])
    assert held == 1
    assert [(f["fault"], f["row"]) for f in by_checkpoint] == [("tail cut", left + 1)]
    assert f"rows from {left + 1} on were removed" in said


@pytest.mark.parametrize("left", [8, 11, 15])
def test_a_tail_cut_after_the_checkpoint_is_seen_by_nobody(
    copy: Typed, sound: Path, left: int
) -> None:
    with hand_on(copy.path, hidden=True) as connection:
        cut(connection, left)

    code, findings, said = verified(copy, "--checkpoint", sound.parent / "8")

    assert (code, findings) == (0, [])
    assert "valid for its 8 rows" in said


def test_an_entry_recorded_in_the_place_of_a_tail_that_was_cut_is_seen(
    copy: Typed, sound: Path
) -> None:
    with hand_on(copy.path, hidden=True) as connection:
        cut(connection, 15)
    copy.ok("class", "authorize", "ACME", "common", "--authorized", 4000, "--on", "2020-08-01")

    code, findings, _ = verified(copy, "--checkpoint", sound.parent / str(ROWS))

    assert code == 1
    assert [finding["fault"] for finding in findings] == ["history rewritten"]
    assert verified(copy)[0] == 0


# --- what an attacker gets wrong, commits computed anew or not ------------------------------------


def numbered(row: int, number: int) -> Attack:
    """An entry under another number."""

    def attack(connection: sqlite3.Connection) -> None:
        (state,) = connection.execute(
            "SELECT state FROM stored_events WHERE rowid = ?", (row,)
        ).fetchone()
        body = json.dumps(json.loads(state) | {"number": number}, separators=(",", ":"))
        connection.execute(
            "UPDATE stored_events SET state = ?, originator_version = ? WHERE rowid = ?",
            (body.encode(), number, row),
        )

    return attack


def gone(*rows: int) -> Attack:
    return lambda connection: without_rows(connection, *rows)


def merged(connection: sqlite3.Connection) -> None:
    """The entries of two issuers in one commit, their events first."""
    exchanged(6, 7)(connection)
    extents = [
        Extent(c.first_row, c.last_row, c.recorded_at, c.salt) for c in commits_of(connection)
    ]
    recommit(connection, [*extents[:2], extents[2]._replace(last_row=8), *extents[4:]])


def interleaved(connection: sqlite3.Connection) -> None:
    """The event of one issuer beside the entry of another."""
    exchanged(5, 7)(connection)
    recommit(connection)


WRONG: dict[str, tuple[Attack, set[tuple[str, int | None, str, int | None]]]] = {
    "an entry that is gone": (
        gone(12, 13),
        {("version out of sequence", 13, "ACME", 5)},
    ),
    "an entry numbered past the next": (
        one_after_the_other(numbered(17, 9), recommit),
        {("version out of sequence", 17, "ACME", 9)},
    ),
    "an event that is gone, its entry closed up": (
        one_after_the_other(gone(14, 15), numbered(15, 5), recommit),
        {("version out of sequence", 14, "ACME", 5)},
    ),
    "an entry that names an event too few": (
        one_after_the_other(named_instead(11, "odd-lots-1"), recommit),
        {("entry does not name its events", 11, "ACME", 3)},
    ),
    "an entry that names an event too many": (
        one_after_the_other(named_instead(13, "odd-lots-3", "odd-lots-1"), recommit),
        {("entry does not name its events", 13, "ACME", 4)},
    ),
    "an entry that names its events in another order": (
        one_after_the_other(named_instead(11, "odd-lots-2", "odd-lots-1"), recommit),
        {("entry does not name its events", 11, "ACME", 3)},
    ),
    "an entry that names nothing": (
        one_after_the_other(named_instead(13), recommit),
        {("entry does not name its events", 13, "ACME", 4)},
    ),
    "an event without its entry": (
        gone(17),
        {("entry does not name its events", 16, "ACME", None)},
    ),
    "an entry without its event": (
        gone(12),
        {("entry does not name its events", 12, "ACME", 4)},
    ),
    "two issuers in one commit": (
        merged,
        {("entry does not name its events", 8, "BOLT", 2)},
    ),
    "an event in the commit of another issuer's entry": (
        interleaved,
        {
            ("entry does not name its events", 6, "ACME", 2),
            ("entry does not name its events", 8, "BOLT", 2),
        },
    ),
    "a history that breaks a rule": (
        retold(9, ":20", ":2000"),
        {("rule broken", None, "ACME", 3)},
    ),
    "an event of no known name": (
        one_after_the_other(set_to("topic", "SharesStolen", row=9), recommit),
        {("unreadable", 9, "ACME", 3)},
    ),
    "an event that is no JSON": (
        one_after_the_other(set_to("state", b"{", row=9), recommit),
        {("unreadable", 9, "ACME", 3)},
    ),
    "an event that lacks what it must say": (
        retold(9, '"shares"', '"share"'),
        {("unreadable", 9, "ACME", 3)},
    ),
    "an event of another action": (
        retold(9, '"odd-lots-1"', '"odd-lots-9"'),
        {("unreadable", 9, "ACME", 3)},
    ),
    "an entry of another issuer": (
        retold(13, '"ACME"', '"BOLT"'),
        {("unreadable", 13, "ACME", None)},
    ),
    "bytes that are no text": (
        one_after_the_other(set_to("state", b"\xff\xfe", row=16), recommit),
        {("unreadable", 16, "ACME", 6)},
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_rewriting_that_makes_no_sense_is_seen_without_a_checkpoint(
    copy: Typed, what: str
) -> None:
    attack, expected = WRONG[what]
    with hand_on(copy.path, hidden=True) as connection:
        attack(connection)

    code, findings, _ = verified(copy)

    assert code == 1
    assert expected <= {(f["fault"], f["row"], f["issuer"], f["entry"]) for f in findings}
    assert not {f["fault"] for f in findings} & {"row altered", "commit altered", "row missing"}


REVERSAL = line(
    "ACME",
    "odd-lots-3",
    "EventReversed",
    on="2020-08-01",
    reverses={"key": "odd-lots-3-2020-04-10"},
    reason="a misprint",
)


@pytest.mark.parametrize("anew", [False, True], ids=["commits left alone", "commits anew"])
def test_a_reversal_whose_event_is_gone_is_seen_and_no_traceback(
    copy: Typed, *, anew: bool
) -> None:
    with Ledger.open(at(copy.path)) as ledger:
        record_lines(ledger, REVERSAL)
    with hand_on(copy.path, hidden=True) as connection:
        if anew:
            without_rows(connection, 12)
        else:
            deleted(12)(connection)

    code, findings, _ = verified(copy)

    assert code == 1
    assert findings[0]["row"] == 12
    for words in (("shares", "ACME"), ("actions", "ACME"), ("check", "ACME"), ("export",)):
        asked = () if words == ("export",) else ("--on", FAR)
        result = copy(*words, *asked)
        assert (result.exit_code, type(result.exception)) == (3, SystemExit), words


@pytest.mark.parametrize("anew", [False, True], ids=["commits left alone", "commits anew"])
@pytest.mark.parametrize("row", [1, 5, 9, 11, 14], ids=lambda row: f"row {row}")
def test_a_field_that_is_gone_or_null_never_shows_as_a_traceback(
    sound: Path, row: int, *, anew: bool
) -> None:
    with hand_on(sound, hidden=True) as connection:
        (state,) = connection.execute(
            "SELECT state FROM stored_events WHERE rowid = ?", (row,)
        ).fetchone()
    body = json.loads(state)
    others = [{n: v for n, v in body.items() if n != name} for name in body]
    others += [body | {name: None} for name in body]

    loud = []
    for other in others:
        with altered_copy(sound) as capital:
            with hand_on(capital.path, hidden=True) as connection:
                set_to("state", json.dumps(other).encode(), row=row)(connection)
                if anew:
                    recommit(connection)
            result = capital("audit", "verify")
            assert anew or not calm(result) or result.exit_code == 1
            results = [result, *(capital(*words) for words in ASKED)]
            loud += [(other, repr(each.exception)) for each in results if not calm(each)]

    assert loud == []


DIVIDEND = {
    "term": "YEAR_END",
    "fiscal_year_end": "2020-03-31",
    "per_share": "10",
    "currency": "JPY",
    "approval": "AGM",
}


def test_a_history_no_command_would_record_is_answered_without_a_traceback(copy: Typed) -> None:
    with Ledger.open(at(copy.path)) as ledger:
        record_lines(ledger, line("ACME", "fy20", "DividendResolved", on="2020-05-12", **DIVIDEND))
        record_lines(ledger, line("ACME", "fy20", "DividendRejected", on="2020-06-26"))
    with hand_on(copy.path, hidden=True) as connection:
        retold(20, '"on":"2020-06-26"', '"on":"2020-05-01"')(connection)
    assert verified(copy)[0] == 1

    for words in (("replay",), ("bundle", "ACME", "-o", copy.path.parent / "acme.zip")):
        result = copy("audit", *words)
        assert calm(result), repr(result.exception)


@pytest.mark.parametrize(
    "what", ["a figure edited", "a commit deleted", "a row in the middle deleted"]
)
def test_a_checkpoint_does_not_hold_for_rows_that_were_altered(
    copy: Typed, sound: Path, what: str
) -> None:
    with hand_on(copy.path, hidden=True) as connection:
        SEEN[what].attack(connection)

    code, _, said = verified(copy, "--checkpoint", sound.parent / str(ROWS))

    assert code == 1
    assert "valid for its 17 rows" not in said


def test_times_that_only_sort_as_if_they_ascended_are_seen(copy: Typed) -> None:
    with hand_on(copy.path, hidden=True) as connection:
        extents = [
            Extent(c.first_row, c.last_row, f"2020-{month}-01T00:00:00.5Z", c.salt)
            for c, month in zip(commits_of(connection), [1, 10, 2, 3, 4, 5, 6, 7], strict=True)
        ]
        recommit(connection, extents)

    assert verified(copy)[0] == 1


def test_times_that_do_not_ascend_are_seen(copy: Typed) -> None:
    with hand_on(copy.path, hidden=True) as connection:
        extents = [
            Extent(c.first_row, c.last_row, c.recorded_at, c.salt) for c in commits_of(connection)
        ]
        late = extents[3]._replace(recorded_at=A_DAY_LATER)
        recommit(connection, [*extents[:3], late, *extents[4:]])

    code, findings, _ = verified(copy)

    assert code == 1
    assert [(f["fault"], f["row"], f["entry"]) for f in findings] == [
        ("time not after the one before", 9, 3)
    ]


def test_many_findings_are_counted_and_twenty_of_them_shown(copy: Typed) -> None:
    with hand_on(copy.path) as connection:
        connection.execute("UPDATE stored_events SET topic = 'SharesStolen'")

    code, findings, said = verified(copy)

    assert code == 1
    assert len(findings) > 20
    assert f"... and {len(findings) - 20} more" in said
    assert f"{len(findings)} findings; keep the file as it is" in said


# --- what proves nothing -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP TRIGGER stored_events_refuse_UPDATE", "TRIGGER stored_events_refuse_UPDATE"),
        ("DROP TRIGGER commits_refuse_REPLACE", "TRIGGER commits_refuse_REPLACE"),
        ("DROP INDEX first_entries", "INDEX first_entries"),
    ],
)
def test_a_guard_that_is_missing_is_worth_a_note_and_no_finding(
    copy: Typed, statement: str, words: str
) -> None:
    with contextlib.closing(sqlite3.connect(copy.path)) as connection:
        connection.execute(statement)

    result = copy("audit", "verify")

    assert result.exit_code == 0
    assert result.stderr == (
        f"note: {words} is missing or changed, so this file is not protected against changes\n"
    )
    assert copy.json("audit", "verify")["notes"] == [result.stderr[6:-1]]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (
            (
                "CREATE TRIGGER quiet AFTER INSERT ON stored_events "
                "WHEN NEW.topic = 'SharesAcquired' BEGIN SELECT RAISE(IGNORE); END"
            ),
            "trigger quiet",
        ),
        ("CREATE VIEW sums AS SELECT count(*) FROM stored_events", "view sums"),
        (
            "CREATE TRIGGER of_the_index AFTER INSERT ON index_counts BEGIN SELECT 1; END",
            "trigger of_the_index",
        ),
        (
            (
                "DROP TRIGGER commits_refuse_UPDATE; CREATE TRIGGER commits_refuse_UPDATE "
                "BEFORE UPDATE ON commits BEGIN SELECT 1; END"
            ),
            "trigger commits_refuse_UPDATE",
        ),
        (
            "DROP TABLE index_series; CREATE VIEW index_series AS SELECT 1",
            "view index_series",
        ),
    ],
    ids=["trigger", "view", "of the index", "in place of ours", "in place of a table"],
)
def test_a_trigger_or_view_that_no_ledger_has_is_a_finding(
    copy: Typed, statement: str, what: str
) -> None:
    with contextlib.closing(sqlite3.connect(copy.path)) as connection:
        connection.executescript(statement)

    result = copy("audit", "verify")

    assert result.exit_code == 1
    assert f"foreign trigger or view: {what} is not part of a ledger" in result.stdout
    assert f"{what.split()[1]} is no part" not in result.stderr


@pytest.mark.parametrize(
    ("words", "before"),
    [
        (("verify",), True),
        (("replay", "--quiet"), False),
        (("replay", "--quiet"), True),
    ],
)
def test_somebody_recording_meanwhile_is_no_finding(
    copy: Typed, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], *, before: bool
) -> None:
    meanwhile = [acquired(9, 3, "2020-06-20")]

    class Disturbed(Book):
        """A book before or after whose reading somebody else records."""

        def __init__(self, ledger: Ledger, issuer: str) -> None:
            if not before:
                super().__init__(ledger, issuer)
            while meanwhile:
                with Ledger.open(at(copy.path)) as other:
                    record_lines(other, meanwhile.pop())
            if before:
                super().__init__(ledger, issuer)

    monkeypatch.setattr(f"projections.audit.{words[0]}.Book", Disturbed)

    result = copy("audit", *words)

    assert not meanwhile
    assert result.exit_code == 0, result.output


# --- any byte ------------------------------------------------------------------------------------

FAR = "2030-12-31"


@dataclass(frozen=True)
class Answers:
    """What a ledger says: every export, every count there ever was, the digest of all answers."""

    exported: str
    counts: tuple[str, ...]
    answers: str


ASKED: tuple[tuple[str, ...], ...] = (
    ("export",),
    *(("shares", issuer, "--history", "--on", FAR) for issuer in ("ACME", "BOLT")),
    ("audit", "replay", "--quiet", "--format", "json"),
)


def answers_of(capital: Typed) -> Answers | None:
    """None where any of them is refused or shows a difference."""
    results = [capital(*words) for words in ASKED]
    for result in results:
        assert calm(result), result.exception
    if any(result.exit_code for result in results):
        return None
    exported, *counts, replayed = (result.stdout for result in results)
    return Answers(exported, tuple(counts), json.loads(replayed)["answers"])


def calm(result: Result) -> bool:
    """Whether it ended in words."""
    return result.exception is None or isinstance(result.exception, SystemExit)


@pytest.fixture(scope="module")
def sound_answers(sound: Path) -> Answers:
    answers = answers_of(Typed(sound))
    assert answers is not None
    return answers


@contextmanager
def altered_copy(sound: Path) -> Iterator[Typed]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "capital.db"
        shutil.copy(sound, path)
        yield Typed(path)


def is_reported_or_harmless(capital: Typed, sound: Answers) -> bool:
    """Whether a verification tells, or else nothing that is asked is answered otherwise."""
    result = capital("audit", "verify")
    assert calm(result), result.exception
    assert result.exit_code in (0, 1, 3), result.output
    return result.exit_code != 0 or answers_of(capital) == sound


@settings(max_examples=CHANGES)
@given(place=st.integers(0, 2**30), by=st.integers(1, 255))
def test_a_byte_of_the_file_changed_is_reported_or_harmless(
    sound: Path, sound_answers: Answers, place: int, by: int
) -> None:
    with altered_copy(sound) as capital:
        data = bytearray(capital.path.read_bytes())
        data[place % len(data)] ^= by
        capital.path.write_bytes(data)

        assert is_reported_or_harmless(capital, sound_answers), f"byte {place % len(data)}"


CELLS = [
    *(("stored_events", column) for column in ("rowid", "originator_id", "originator_version")),
    *(("stored_events", column) for column in ("topic", "state")),
    *(("commits", column) for column in ("first_row", "last_row", "recorded_at", "size")),
    *(("commits", column) for column in ("root", "edge", "salt", "leaves")),
]


@settings(max_examples=CHANGES)
@given(
    cell=st.sampled_from(CELLS),
    row=st.integers(0, 2**20),
    place=st.integers(0, 2**20),
    by=st.integers(1, 255),
)
def test_a_byte_of_a_row_changed_is_reported(
    sound: Path, cell: tuple[str, str], row: int, place: int, by: int
) -> None:
    table, column = cell
    with altered_copy(sound) as capital:
        with hand_on(capital.path, hidden=True) as connection:
            rows = connection.execute(f"SELECT rowid FROM {table} ORDER BY rowid").fetchall()
            (rowid,) = rows[row % len(rows)]
            kind, value = connection.execute(
                f"SELECT typeof({column}), "
                f"CASE typeof({column}) WHEN 'text' THEN CAST({column} AS BLOB) ELSE {column} END "
                f"FROM {table} WHERE rowid = ?",
                (rowid,),
            ).fetchone()
            changed = _byte_changed(value, place, by)
            try:
                connection.execute(
                    f"UPDATE {table} SET {column} = CASE ? WHEN 'text' THEN CAST(? AS TEXT) "
                    "ELSE ? END WHERE rowid = ?",
                    (kind, changed, changed, rowid),
                )
            except sqlite3.IntegrityError:
                reject()  # two rows in one place: not even an attacker can

        result = capital("audit", "verify")

    assert calm(result), result.exception
    assert result.exit_code in (1, 3), f"{column} of row {rowid} of {table}"


def _byte_changed(value: int | bytes, place: int, by: int) -> int | bytes:
    if isinstance(value, int):
        return value ^ (by << 8 * (place % 4))
    changed = bytearray(value)
    changed[place % len(changed)] ^= by
    return bytes(changed)
