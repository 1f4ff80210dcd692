"""A ledger of the first schema, whose commits had no tree yet, is brought up to date."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.store.ledger import Ledger
from tests.attacker import hand_on
from tests.conftest import Typed, book, prepared, record_lines
from tests.stores import at
from tests.test_tampering import ENTRIES

# No ledger on PostgreSQL is older than this version.
pytestmark = pytest.mark.sqlite_file

ROOT = Path(__file__).parents[1]
RECORDING = "class authorize ACME common --authorized 4000 --on 2020-08-01".split()

# As the first version made them; its triggers and its other table are those of today.
COMMITS_1 = """
    CREATE TABLE commits (
        first_row INTEGER PRIMARY KEY, last_row INTEGER NOT NULL, recorded_at TEXT NOT NULL)
"""
TRIGGERS_1 = (
    """
    CREATE TRIGGER commits_refuse_UPDATE BEFORE UPDATE ON commits
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
    """,
    """
    CREATE TRIGGER commits_refuse_DELETE BEFORE DELETE ON commits
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
    """,
    """
    CREATE TRIGGER commits_refuse_REPLACE BEFORE INSERT ON commits
    WHEN EXISTS (SELECT 1 FROM commits WHERE first_row = NEW.first_row)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
    """,
)


def as_of_the_first_version(path: Path) -> None:
    """The same rows and times, as the first version stored them."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        rows = connection.execute("SELECT first_row, last_row, recorded_at FROM commits").fetchall()
        connection.execute("BEGIN")
        connection.execute("DROP TABLE commits")
        connection.execute(COMMITS_1)
        connection.executemany("INSERT INTO commits VALUES (?, ?, ?)", rows)
        for trigger in TRIGGERS_1:
            connection.execute(trigger)
        connection.execute("PRAGMA user_version = 1")
        connection.execute("COMMIT")


def times_of(path: Path) -> list[tuple[Any, ...]]:
    with Ledger.open(at(path)) as ledger:
        return [
            (issuer, entry.number, entry.recorded_at, entry.by, entry.key)
            for issuer in ledger.issuers()
            for entry in book(ledger, issuer).history.entries
        ]


def rows_of(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT rowid, * FROM stored_events ORDER BY rowid").fetchall()


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        assert isinstance(version, int)
        return version


def schema_of(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: " ".join(sql.split())
            for name, sql in connection.execute("SELECT name, sql FROM sqlite_master")
            if sql is not None
        }


@pytest.fixture
@prepared
def today(path: Path) -> Typed:
    """A ledger as this version makes it."""
    with Ledger.create(at(path)) as ledger:
        for lines in ENTRIES:
            record_lines(ledger, *lines)
    return Typed(path)


@pytest.fixture
def old(today: Typed) -> Typed:
    """The same, as the first version would have stored it."""
    as_of_the_first_version(today.path)
    return today


@pytest.mark.parametrize(
    "words",
    [
        ("shares", "ACME", "--on", "2020-12-31"),
        ("export",),
        ("check", "ACME", "--on", "2020-12-31"),
        ("audit", "verify"),
        ("audit", "replay"),
        ("audit", "checkpoint"),
        tuple(RECORDING),
    ],
)
def test_an_old_ledger_is_neither_asked_nor_written_before_it_is_upgraded(
    old: Typed, words: tuple[str, ...]
) -> None:
    before = old.path.read_bytes()

    said = old.refused(*words, code=3)

    assert "made by an earlier version" in said
    assert "make a copy, then upgrade it with: capital upgrade" in said
    assert old.path.read_bytes() == before


def test_an_upgrade_changes_no_row_no_time_and_no_answer(today: Typed) -> None:
    exported, times, rows = today.ok("export"), times_of(today.path), rows_of(today.path)
    answers = today.json("audit", "replay")["answers"]
    as_of_the_first_version(today.path)

    said = today.ok("upgrade")

    assert said == f"upgraded {today.path}: 17 rows in one tree\n"
    assert rows_of(today.path) == rows
    assert today.ok("export") == exported
    assert times_of(today.path) == times
    assert today.json("audit", "replay")["answers"] == answers


def test_an_upgraded_ledger_is_sound_and_goes_on(old: Typed, tmp_path: Path) -> None:
    old.ok("upgrade")

    assert "verified: 17 rows in 8 commits" in old.ok("audit", "verify")
    old.ok("audit", "checkpoint", "-o", tmp_path / "march")
    assert "size 19" in old.ok(*RECORDING)
    assert "valid for its 17 rows" in old.ok("audit", "verify", "--checkpoint", tmp_path / "march")


def test_an_upgraded_ledger_lacks_nothing_that_a_new_one_has(old: Typed, tmp_path: Path) -> None:
    Ledger.create(at(tmp_path / "new.db")).close()

    old.ok("upgrade")

    assert schema_of(old.path) == schema_of(tmp_path / "new.db")
    assert old("audit", "verify").stderr == ""


@pytest.mark.parametrize("table", ["stored_events", "commits"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET rowid = rowid",
        "DELETE FROM {table}",
        "REPLACE INTO {table} SELECT * FROM {table}",
    ],
)
def test_an_upgraded_ledger_is_append_only(
    old: Typed, table: str, statement: str, request: pytest.FixtureRequest
) -> None:
    old.ok("upgrade")

    with (
        closing(sqlite3.connect(old.path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement.format(table=table))


def test_a_second_upgrade_changes_nothing(old: Typed) -> None:
    old.ok("upgrade")
    root = old.json("audit", "verify")["root"]

    assert old.ok("upgrade") == f"{old.path} is up to date; nothing changed\n"
    assert old.json("audit", "verify")["root"] == root


def test_a_new_ledger_needs_no_upgrade(today: Typed) -> None:
    before = today.path.read_bytes()

    assert "nothing changed" in today.ok("upgrade")
    assert today.path.read_bytes() == before


def test_the_upgrade_of_an_empty_ledger_says_that_it_was_one(capital: Typed) -> None:
    as_of_the_first_version(capital.path)

    said = capital.ok("upgrade")

    assert version_of(capital.path) == 2
    assert ": 0 rows in one tree" in said


@pytest.mark.parametrize("trigger", ["commits_refuse_UPDATE", "commits_refuse_REPLACE"])
def test_an_old_ledger_that_lacks_a_trigger_can_be_upgraded(old: Typed, trigger: str) -> None:
    with closing(sqlite3.connect(old.path)) as connection:
        connection.execute(f"DROP TRIGGER {trigger}")

    old.ok("upgrade")

    assert "verified: 17 rows" in old.ok("audit", "verify")


def test_a_tree_is_never_computed_anew_over_rows_that_have_one(today: Typed) -> None:
    """One byte of the header, and the remedy that is offered would bless an altered row."""
    with hand_on(today.path, hidden=True) as connection:
        connection.execute(
            "UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), ':20', ':21') AS "
            "BLOB) WHERE rowid = 9"
        )
        connection.execute("PRAGMA user_version = 1")

    today("upgrade")

    assert today("audit", "verify").exit_code != 0


KILLED = """
import os, signal, sys
from pathlib import Path
from ledger.store.sqlite import tables as schema
from ledger.store.location import upgrade

upgraded, calls = schema._upgraded, []

def killed(*words):
    calls.append(words)
    if len(calls) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return upgraded(*words)

schema._upgraded = killed
upgrade(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("at", [1, 4, 8])
def test_an_upgrade_that_is_killed_leaves_the_old_ledger_whole(old: Typed, at: int) -> None:
    rows = rows_of(old.path)

    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(old.path), str(at)], cwd=ROOT, check=False
    )

    assert ended.returncode == -9
    assert version_of(old.path) == 1
    assert rows_of(old.path) == rows
    old.refused("export", code=3)
    assert "17 rows in one tree" in old.ok("upgrade")
    assert "verified: 17 rows" in old.ok("audit", "verify")


def another_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE a (b)")


NO_LEDGERS: dict[str, Callable[[Path], object]] = {
    "nothing": lambda _: None,
    "an empty file": lambda path: path.touch(),
    "a folder": lambda path: path.mkdir(),
    "a text": lambda path: path.write_text("issued,206478\n" * 100),
    "another database": another_database,
}


@pytest.mark.parametrize("what", NO_LEDGERS)
def test_what_is_no_ledger_cannot_be_upgraded(path: Path, what: str) -> None:
    NO_LEDGERS[what](path)
    before = path.read_bytes() if path.is_file() else None

    Typed(path).refused("upgrade", code=3)

    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_ledger_of_a_newer_version_is_left_as_it_is(today: Typed) -> None:
    with closing(sqlite3.connect(today.path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = today.path.read_bytes()

    assert "newer version" in today.refused("upgrade", code=3)
    assert today.path.read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM stored_events WHERE rowid = 9",
        "DELETE FROM commits WHERE first_row = 9",
        "UPDATE commits SET last_row = 12 WHERE first_row = 9",
        "UPDATE commits SET recorded_at = 'yesterday' WHERE first_row = 9",
    ],
)
def test_an_old_ledger_that_is_damaged_is_left_as_it_is(old: Typed, statement: str) -> None:
    with hand_on(old.path, hidden=True) as connection:
        connection.execute(statement)
    rows = rows_of(old.path)

    said = old.refused("upgrade", code=3)

    assert "damaged" in said
    assert version_of(old.path) == 1
    assert rows_of(old.path) == rows


def test_a_row_of_an_old_ledger_that_is_in_no_commit_is_found_afterwards(old: Typed) -> None:
    with hand_on(old.path, hidden=True) as connection:
        connection.execute("DELETE FROM commits WHERE first_row = 16")

    old.ok("upgrade")

    result = old("audit", "verify")
    assert result.exit_code == 1
    assert "row 16 and 1 more: in no commit" in result.stdout


def test_an_old_ledger_that_somebody_else_writes_to_is_not_upgraded_meanwhile(
    old: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.store.sqlite.tables.LOCK_TIMEOUT_SECONDS", 0.1)
    with closing(sqlite3.connect(old.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        assert "locked by another process" in old.refused("upgrade", code=3)

        other.execute("ROLLBACK")
    old.ok("upgrade")
