"""The store under stress: many writers, killed writers, damaged and foreign files."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.sqlite import SQLiteConnectionPool
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Refused, StoreUnusable
from ledger.lines.parsing import event_from
from ledger.recording.record import Command, Receipt, record
from ledger.store.ledger import Ledger
from ledger.store.sqlite import tables as schema
from ledger.store.sqlite.application import CapitalLedger
from ledger.store.sqlite.file import address
from ledger.store.version import APPLICATION_ID
from ledger.values.ids import action_id, register_id
from projections.audit.replay import Difference, replay
from tests.conftest import Typed, book, prepared, record_lines
from tests.stores import at

ROOT = Path(__file__).parents[1]
REGISTRATION = {
    "issuer": "ACME",
    "action": "issuer",
    "event": "IssuerRegistered",
    "code": "ACME",
    "name": "Acme K.K.",
    "currency": "JPY",
    "profile": "jp",
    "key": "registration",
}
OPENING = {
    "issuer": "ACME",
    "class": "common",
    "action": "class-common",
    "event": "OpeningPositionStated",
    "on": "2020-03-31",
    "issued": 1_000_000,
    "treasury": 20_000,
    "key": "opening",
}


def acquired(number: int, shares: int = 1, issuer: str = "ACME") -> dict[str, Any]:
    return {
        "issuer": issuer,
        "class": "common",
        "action": f"odd-lots-{number}",
        "event": "SharesAcquired",
        "on": "2020-04-30",
        "shares": shares,
        "cause": "ODD_LOT",
        "key": f"odd-lot-{number}",
    }


def environment(path: Path) -> dict[str, str]:
    return {**os.environ, "CAPITAL_LEDGER": str(at(path)), "CAPITAL_BY": "tester"}


def started(path: Path, *words: object, stdin: str | None = None) -> subprocess.Popen[str]:
    """`capital` in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "commands.main", *map(str, words)],
        cwd=ROOT,
        env=environment(path),
        stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if stdin is not None:
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
        process.stdin = None
    return process


def finished(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err
    return process.returncode, out, err


@pytest.fixture
@prepared
def filled(path: Path) -> Path:
    """A ledger with an issuer, its opening position and three acquisitions."""
    with Ledger.create(at(path)) as ledger:
        record_lines(ledger, REGISTRATION)
        record_lines(ledger, OPENING)
        for number in (1, 2, 3):
            record_lines(ledger, acquired(number, shares=100 * number))
    return path


def keys_of(path: Path, issuer: str = "ACME") -> list[str]:
    with Ledger.open(at(path)) as ledger:
        return [fact.event.key for fact in book(ledger, issuer).history.facts]


def entries_of(path: Path, issuer: str = "ACME") -> list[int]:
    with Ledger.open(at(path)) as ledger:
        return [entry.number for entry in book(ledger, issuer).history.entries]


# --- several writers -----------------------------------------------------------------------------


@pytest.mark.parametrize("writers", [2, 8])
def test_processes_recording_for_one_issuer_at_once_lose_and_double_nothing(
    filled: Path, writers: int
) -> None:
    numbers = range(11, 11 + writers)

    running = [
        started(
            filled,
            *f"acquisition acquire ACME odd-lots-{n} --on 2020-05-01 --cause ODD_LOT".split(),
            *f"--shares {n} --key odd-lot-{n}".split(),
        )
        for n in numbers
    ]
    ends = [finished(process) for process in running]

    assert [code for code, _, _ in ends] == [0] * writers, [err for _, _, err in ends]
    assert entries_of(filled) == list(range(1, 6 + writers))
    assert sorted(keys_of(filled)[5:]) == sorted(f"odd-lot-{n}" for n in numbers)
    with Ledger.open(at(filled)) as ledger:
        assert not [step for step in replay(ledger) if isinstance(step, Difference)]


def test_imports_for_one_issuer_at_once_all_arrive_whole(filled: Path) -> None:
    files = [[acquired(n) for n in range(first, first + 5)] for first in (20, 30, 40)]

    running = [
        started(filled, "import", "-", stdin="\n".join(json.dumps(line) for line in lines))
        for lines in files
    ]
    ends = [finished(process) for process in running]

    assert [code for code, _, _ in ends] == [0, 0, 0], [err for _, _, err in ends]
    assert entries_of(filled) == list(range(1, 9))
    recorded = keys_of(filled)[5:]
    each = [recorded[0:5], recorded[5:10], recorded[10:15]]
    assert sorted(each) == [[line["key"] for line in lines] for lines in files]


def test_the_same_keyed_command_from_two_processes_is_recorded_once(filled: Path) -> None:
    words = "acquisition acquire ACME odd-lots-9 --on 2020-05-01 --cause ODD_LOT --shares 9 --key K"

    ends = [finished(process) for process in [started(filled, *words.split()) for _ in range(4)]]

    assert [code for code, _, _ in ends] == [0, 0, 0, 0], [err for _, _, err in ends]
    assert keys_of(filled).count("K") == 1
    assert entries_of(filled) == [1, 2, 3, 4, 5, 6]


def test_one_key_for_two_facts_from_two_processes_is_a_conflict_for_one(filled: Path) -> None:
    running = [
        started(
            filled,
            *f"acquisition acquire ACME odd-lots-{n} --on 2020-05-01 --cause ODD_LOT".split(),
            *f"--shares {n} --key K".split(),
        )
        for n in (7, 8)
    ]
    ends = [finished(process) for process in running]

    assert sorted(code for code, _, _ in ends) == [0, 1]
    assert keys_of(filled).count("K") == 1


def racing(path: Path, command: Command) -> Callable[[], datetime]:
    """A clock that is read between the look at the ledger and the save; a rival saves then."""
    rivals = [command]

    def clock() -> datetime:
        while rivals:
            with Ledger.open(at(path)) as rival:
                record(rival, rivals.pop())
        return datetime.now(UTC)

    return clock


def acquiring(number: int, key: str | None, shares: int = 1, by: str = "me") -> Command:
    line = {name: v for name, v in acquired(number, shares).items() if name != "key"}
    return Command("ACME", [event_from(line)], by, key=key)


def raced(path: Path, mine: Command, rival: Command) -> Receipt:
    with Ledger.open(at(path)) as ledger:
        return record(ledger, mine, clock=racing(path, rival))


def test_the_loser_of_a_race_is_recorded_after_the_winner(filled: Path) -> None:
    receipt = raced(filled, acquiring(7, "mine"), acquiring(8, "theirs", by="rival"))

    assert receipt.entry is not None
    assert receipt.entry.number == 7
    assert keys_of(filled)[-2:] == ["theirs", "mine"]


def test_the_loser_of_a_race_is_judged_again(filled: Path) -> None:
    reversal = {
        "issuer": "ACME",
        "class": "common",
        "action": "odd-lots-1",
        "event": "EventReversed",
        "on": "2020-05-02",
        "reverses": {"key": "odd-lot-1"},
        "reason": "counted twice",
    }
    mine = Command("ACME", [event_from(reversal)], "me", key="mine")
    rival = Command("ACME", [event_from(reversal)], "rival", key="theirs")

    with pytest.raises(Refused, match="reversed already"):
        raced(filled, mine, rival)

    assert keys_of(filled)[-1] == "theirs"


def test_the_loser_of_a_race_for_a_key_is_told_when_it_names_another_fact(filled: Path) -> None:
    mine, rival = acquiring(7, "K", shares=7), acquiring(8, "K", shares=8, by="rival")

    with pytest.raises(Refused, match="idempotent"):
        raced(filled, mine, rival)

    assert entries_of(filled) == [1, 2, 3, 4, 5, 6]


def test_the_loser_of_a_race_for_a_key_finds_the_same_fact_recorded(filled: Path) -> None:
    mine, rival = acquiring(7, "K"), acquiring(7, "K", by="rival")

    raced(filled, mine, rival)

    assert keys_of(filled).count("K") == 1
    assert entries_of(filled) == [1, 2, 3, 4, 5, 6]


# --- killed writers ------------------------------------------------------------------------------

WRITER = """
import itertools, sys
from pathlib import Path
from ledger.lines.parsing import event_from
from ledger.recording.record import Command, record
from ledger.store.ledger import Ledger

issuer, first = sys.argv[2], int(sys.argv[3])
with Ledger.open(sys.argv[1]) as ledger:
    for n in itertools.count(first):
        halves = [
            event_from({
                "issuer": issuer, "class": "common", "action": f"odd-lots-{n}-{half}",
                "event": "SharesAcquired", "on": "2020-04-30", "shares": 1, "cause": "ODD_LOT",
                "key": f"{n}-{half}",
            })
            for half in ("a", "b")
        ]
        record(ledger, Command(issuer, halves, "writer"))
        print(n, flush=True)
"""


@pytest.mark.sqlite_file
def test_what_was_acknowledged_survives_kill_9_and_no_entry_is_halved(path: Path) -> None:
    dice = random.Random(20180524)
    issuers = ["A", "B", "C", "D"]
    with Ledger.create(at(path)) as ledger:
        for code in issuers:
            record_lines(ledger, {**REGISTRATION, "issuer": code, "code": code})
    acknowledged: dict[str, list[str]] = {code: [] for code in issuers}

    for round_ in range(3):
        writers = {
            code: subprocess.Popen(
                [sys.executable, "-c", WRITER, str(path), code, str(1000 * round_)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            for code in issuers
        }
        for code, writer in writers.items():
            assert writer.stdout is not None
            for _ in range(dice.randint(1, 12)):
                acknowledged[code].append(writer.stdout.readline().strip())
            writer.kill()
        for code, writer in writers.items():
            out, _ = writer.communicate(timeout=60)
            acknowledged[code] += [n for n in out.split("\n")[:-1] if n]
            assert writer.returncode == -9

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for code in issuers:
        keys = keys_of(path, code)[1:]
        assert set(acknowledged[code]) <= {key.removesuffix("-a") for key in keys[::2]}
        assert [key.removesuffix("-a") for key in keys[::2]] == [
            key.removesuffix("-b") for key in keys[1::2]
        ]
        assert entries_of(path, code) == list(range(1, len(keys) // 2 + 2))
    with Ledger.open(at(path)) as ledger:
        assert not [step for step in replay(ledger) if isinstance(step, Difference)]
        record_lines(ledger, {**acquired(1), "issuer": "A"})


# --- files that are no ledger, or no more --------------------------------------------------------

QUERIES = (
    ("shares", "ACME", "--on", "2020-12-31"),
    ("treasury", "ACME", "--on", "2020-12-31"),
    ("actions", "ACME", "--on", "2020-12-31"),
    ("action", "ACME", "odd-lots-1"),
    ("check", "ACME", "--on", "2020-12-31"),
    ("export",),
    ("audit", "replay"),
)
RECORDING = tuple(
    "acquisition acquire ACME odd-lots-9 --on 2020-05-01 --cause ODD_LOT --shares 9".split()
)


def unusable(capital: Typed, *words: object) -> str:
    """What the command says of a ledger that cannot be used: exit code 3, never a traceback."""
    said = capital.refused(*words, code=3)
    assert said.startswith("Error: ")
    assert "Traceback" not in said
    return said


def _nothing(path: Path) -> None:
    assert not path.exists()


def _sqlite(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


FOREIGN: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (_nothing, "there is no ledger at"),
    "an empty file": (lambda path: path.touch(), "is not a ledger"),
    "a folder": (lambda path: path.mkdir(), "is not a file"),
    "a pipe": (os.mkfifo, "is not a file"),
    "a text": (lambda path: path.write_text("issued,206478\n" * 100), "is not a ledger"),
    "a short text": (lambda path: path.write_text("206,478"), "is not a ledger"),
    "binary data": (lambda path: path.write_bytes(bytes(range(256)) * 40), "is not a ledger"),
    "another database": (lambda path: _sqlite(path, "CREATE TABLE a (b)"), "is not a ledger"),
    "a database that says it is one": (
        lambda path: _sqlite(
            path, f"PRAGMA application_id = {APPLICATION_ID}", "CREATE TABLE a(b)"
        ),
        "is not a ledger",
    ),
    "a link to nothing": (lambda path: path.symlink_to("nowhere.db"), "there is no ledger at"),
}


@pytest.mark.sqlite_file
@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_no_ledger_is_told_apart(path: Path, what: str) -> None:
    make, words = FOREIGN[what]
    make(path)
    capital = Typed(path)

    before = path.read_bytes() if path.is_file() else None

    for query in (*QUERIES, RECORDING):
        assert words in unusable(capital, *query)

    if what != "a database that says it is one":
        assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.sqlite_file
@pytest.mark.parametrize(
    "what", ["an empty file", "a folder", "a pipe", "a text", "binary data", "another database"]
)
def test_init_never_touches_what_lies_there(path: Path, what: str) -> None:
    FOREIGN[what][0](path)
    before = path.read_bytes() if path.is_file() else None

    unusable(Typed(path), "init")

    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.sqlite_file
def test_a_ledger_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    capital = Typed(tmp_path / "nowhere" / "capital.db")

    assert "there is no ledger at" in unusable(capital, *QUERIES[0])
    assert "nowhere" in unusable(capital, "init")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.sqlite_file
def test_a_ledger_under_a_file(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("a text")
    capital = Typed(tmp_path / "notes.txt" / "capital.db")

    unusable(capital, *QUERIES[0])
    unusable(capital, "init")


@pytest.mark.sqlite_file
@pytest.mark.parametrize("name", ["a b.db", "50%.db", "what?.db", "#1.db", "資本.db", "a'b\".db"])
def test_a_ledger_may_have_any_name(tmp_path: Path, name: str) -> None:
    capital = Typed(tmp_path / name)
    capital.ok("init")
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())

    assert [line["code"] for line in map(json.loads, capital.ok("export").splitlines())] == ["ACME"]
    assert {file.name.removesuffix("-wal").removesuffix("-shm") for file in tmp_path.iterdir()} == {
        name
    }


@contextmanager
def somebody_without_rights() -> Iterator[None]:
    """Whom permissions bind, also where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody can look into, and that only its owner can write to."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        Path(folder).chmod(0o755)


@pytest.mark.sqlite_file
def test_a_ledger_that_may_only_be_read_records_nothing(public: Path, filled: Path) -> None:
    path = public / "capital.db"
    shutil.copy(filled, path)
    path.chmod(0o444)
    public.chmod(0o555)
    capital, before = Typed(path), path.read_bytes()
    Typed(filled).ok(*RECORDING, "--dry-run")  # whatever is loaded late is loaded

    with somebody_without_rights():
        said = unusable(capital, *RECORDING)
        made = unusable(Typed(public / "other.db"), "init")

    assert "read-only" in said or "permission" in said
    assert "permission" in made
    assert path.read_bytes() == before
    assert [file.name for file in public.iterdir()] == ["capital.db"]


@pytest.mark.sqlite_file
def test_a_ledger_that_may_not_even_be_read(public: Path, filled: Path) -> None:
    path = public / "capital.db"
    shutil.copy(filled, path)
    path.chmod(0o000)
    Typed(filled).ok(*QUERIES[0])

    with somebody_without_rights():
        said = unusable(Typed(path), *QUERIES[0])

    path.chmod(0o644)
    assert "permission" in said


@pytest.mark.sqlite_file
def test_a_newer_schema_is_not_touched(filled: Path) -> None:
    _sqlite(filled, "PRAGMA user_version = 99")
    before = filled.read_bytes()

    for query in (*QUERIES, RECORDING, ("init",)):
        said = unusable(Typed(filled), *query)
        assert "newer version" in said
        assert "99" in said

    assert filled.read_bytes() == before


# --- damage --------------------------------------------------------------------------------------


def told_calmly(capital: Typed, *words: object) -> int:
    """The exit code of a command on a damaged file: an answer, or a refusal in words."""
    result = capital(*words)
    assert result.exception is None or isinstance(result.exception, SystemExit), (
        f"{words}: {result.exception!r}"
    )
    assert result.exit_code in (0, 1, 3)
    assert (
        result.exit_code == 0
        or result.stderr
        or "difference" in result.stdout
        or ("failures" in result.stdout)
    )
    return result.exit_code


@pytest.fixture(scope="module")
def sound(store: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound ledger, all of it in one file."""
    path = tmp_path_factory.mktemp("sound") / "capital.db"
    with Ledger.create(at(path)) as ledger:
        record_lines(ledger, REGISTRATION, OPENING)
        for number in range(1, 12):
            record_lines(ledger, acquired(number, shares=100 * number))
    assert [file.name for file in path.parent.iterdir()] == ["capital.db"]
    return path


places = st.floats(0, 1, exclude_max=True)


@pytest.mark.sqlite_file
@given(changes=st.lists(st.tuples(places, st.integers(1, 255)), min_size=1, max_size=4))
def test_changed_bytes_never_show_as_a_traceback(
    sound: Path, changes: list[tuple[float, int]]
) -> None:
    damaged = bytearray(sound.read_bytes())
    for place, by in changes:
        damaged[int(place * len(damaged))] ^= by

    with damaged_copy(bytes(damaged)) as capital:
        for words in (*QUERIES, RECORDING):
            told_calmly(capital, *words)


@pytest.mark.sqlite_file
@given(kept=places)
def test_a_truncated_file_is_never_answered_from(sound: Path, kept: float) -> None:
    whole = sound.read_bytes()

    with damaged_copy(whole[: int(kept * len(whole))]) as capital:
        for words in (*QUERIES, RECORDING):
            assert told_calmly(capital, *words) != 0


@contextmanager
def damaged_copy(data: bytes) -> Iterator[Typed]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "capital.db"
        path.write_bytes(data)
        yield Typed(path)


COLUMNS = {
    "originator_id": ("x", None, 7, b"\xff"),
    "originator_version": ("x", None, 0, -1, 10**12),
    "topic": ("Event", None, 7, b"\xff\xfe", ""),
    "state": ("", None, 7, b"\xff\xfe", b"{}", b"[]", b"null", b'{"issuer": "ACME"}'),
}


@pytest.mark.sqlite_file
@pytest.mark.parametrize(
    ("column", "value"), [(name, value) for name, values in COLUMNS.items() for value in values]
)
@pytest.mark.parametrize("topic", ["Entry", "SharesAcquired"])
def test_a_field_of_a_row_that_cannot_be_read_is_damage(
    filled: Path, column: str, value: object, topic: str
) -> None:
    with tampering(filled) as connection:
        connection.execute(
            f"UPDATE stored_events SET {column} = ? WHERE rowid = "
            "(SELECT max(rowid) FROM stored_events WHERE topic = ?)",
            (value, topic),
        )

    codes = {told_calmly(Typed(filled), *words) for words in QUERIES}

    assert codes != {0}, "something must tell"


@pytest.mark.sqlite_file
@pytest.mark.parametrize("value", ["yesterday", None, 7, b"\xff", "2020-01-01"])
def test_a_time_of_recording_that_cannot_be_read_is_damage(filled: Path, value: object) -> None:
    with tampering(filled) as connection:
        connection.execute("DROP TABLE commits")
        connection.execute("CREATE TABLE commits (first_row INTEGER, last_row, recorded_at)")
        connection.execute("INSERT INTO commits VALUES (1, 100, ?)", (value,))

    for words in (*QUERIES, RECORDING):
        assert told_calmly(Typed(filled), *words) == 3


@pytest.mark.sqlite_file
def test_commits_that_are_gone_are_damage(filled: Path) -> None:
    with tampering(filled) as connection:
        connection.execute("DELETE FROM commits")

    for words in QUERIES:
        assert told_calmly(Typed(filled), *words) == 3


@contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """A hand on the file that knows how to get round the triggers."""
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        connection.commit()


# --- locked, full --------------------------------------------------------------------------------


@pytest.mark.sqlite_file
def test_a_locked_ledger_says_so_and_records_nothing(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "LOCK_TIMEOUT_SECONDS", 1)
    before = keys_of(filled)
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        said = unusable(Typed(filled), *RECORDING)

        other.execute("ROLLBACK")

    assert "locked by another process" in said
    assert keys_of(filled) == before
    Typed(filled).ok(*RECORDING)


@pytest.mark.sqlite_file
def test_a_ledger_locked_whole_says_so_to_a_question_too(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "LOCK_TIMEOUT_SECONDS", 1)
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE passing (a)")

        for words in (*QUERIES, RECORDING):
            assert "locked" in unusable(Typed(filled), *words)

        other.execute("ROLLBACK")
    assert len(keys_of(filled)) == 5


@pytest.mark.sqlite_file
def test_a_full_database_says_so_and_records_nothing(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keys_of(filled)
    open_connection = SQLiteConnectionPool._create_connection  # noqa: SLF001 - to fill it

    def of_a_full_disk(pool: SQLiteConnectionPool) -> Any:
        connection = open_connection(pool)
        connection.cursor().execute("PRAGMA max_page_count = 1")  # no more than there are
        return connection

    monkeypatch.setattr(SQLiteConnectionPool, "_create_connection", of_a_full_disk)
    line = {**acquired(9), "note": "a long story " * 300}
    lines = "\n".join(json.dumps({**line, "key": f"k{n}"}) for n in range(20))

    result = Typed(filled)("import", "-", stdin=lines)

    assert result.exit_code == 3
    assert "disk is full" in result.stderr
    monkeypatch.undo()
    assert keys_of(filled) == before


@pytest.mark.sqlite_file
def test_a_file_that_may_not_grow_records_nothing(filled: Path) -> None:
    before = keys_of(filled)
    size = filled.stat().st_size
    line = {**acquired(9), "note": "a long story " * 300}
    lines = "\n".join(json.dumps({**line, "key": f"k{n}"}) for n in range(20))

    ended = subprocess.run(
        [sys.executable, "-m", "commands.main", "import", "-"],
        cwd=ROOT,
        env=environment(filled),
        input=lines,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )

    assert ended.returncode == 3, ended.stderr
    assert ended.stderr.startswith("Error: ")
    assert "Traceback" not in ended.stderr
    assert keys_of(filled) == before


# --- read and written by the event-sourcing library -----------------------------------------------


@pytest.mark.sqlite_file
def test_the_library_reads_every_log_as_the_ledger_does(filled: Path) -> None:
    with CapitalLedger(address(filled)) as app, Ledger.open(filled) as ledger:
        register = [entry for entry, _ in ledger.entries("ACME")]
        logs = ledger.logs("ACME", ["issuer", "class-common", "odd-lots-1"])

        assert list(app.events.get(register_id("ACME"))) == register
        for action, log in logs.items():
            assert list(app.events.get(action_id("ACME", action))) == log
        assert [row.id for row in app.notification_log.select(1, 10)] == list(range(1, 11))


@pytest.mark.sqlite_file
def test_what_the_library_saves_has_its_commit(filled: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    shutil.copy(filled, other)
    with Ledger.open(other) as ledger:
        record_lines(ledger, acquired(4))
        (event,) = ledger.logs("ACME", ["odd-lots-4"])["odd-lots-4"]
        saved: list[Any] = [event, ledger.entries("ACME")[-1][0]]

    with CapitalLedger(address(filled)) as app:
        assert app.events.put([]) == []
        ids = [recording.notification.id for recording in app.events.put(saved)]

    assert ids == [11, 12]
    Typed(filled).ok("audit", "verify")
    assert keys_of(filled) == keys_of(other)


# --- append-only, and nothing but events ---------------------------------------------------------


@pytest.mark.sqlite_file
@pytest.mark.parametrize("table", ["stored_events", "commits"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET rowid = rowid",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE rowid = 1",
        "REPLACE INTO {table} SELECT * FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE rowid = 1",
    ],
)
def test_the_database_itself_refuses_to_change_or_drop_a_row(
    filled: Path, table: str, statement: str
) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        before = connection.execute(f"SELECT rowid, * FROM {table}").fetchall()

        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement.format(table=table))

        assert connection.execute(f"SELECT rowid, * FROM {table}").fetchall() == before


def test_a_clock_set_back_never_lets_an_entry_precede_an_earlier_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = [datetime(2020, 6, 1, 12, tzinfo=UTC) - timedelta(minutes=n) for n in range(6)]
    monkeypatch.setattr("ledger.proof.clock.utc_now", iter(moments).__next__)

    with Ledger.create(at(path)) as ledger:
        record_lines(ledger, REGISTRATION)
        record_lines(ledger, OPENING)
        for number in (1, 2, 3):
            record_lines(ledger, acquired(number))
        recorded = [entry.recorded_at for entry in book(ledger).history.entries]

    assert recorded[0] == moments[0]
    assert all(before < after for before, after in pairwise(recorded))


def test_a_clock_more_than_five_minutes_behind_the_last_entry_records_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2020, 6, 1, 12, tzinfo=UTC)
    moments = [noon, noon - timedelta(minutes=5, seconds=1), noon - timedelta(minutes=5)]
    monkeypatch.setattr("ledger.proof.clock.utc_now", iter(moments).__next__)
    with Ledger.create(at(path)) as ledger:
        record_lines(ledger, REGISTRATION)

        with pytest.raises(Refused, match=r"says 2020-06-01T11:54:59.*at 2020-06-01T12:00:00"):
            record_lines(ledger, OPENING)

        assert len(book(ledger).register) == 1
        record_lines(ledger, OPENING)
        recorded = [entry.recorded_at for entry in book(ledger).history.entries]

    assert recorded == [noon, noon + timedelta(microseconds=1)]


def test_entries_of_all_issuers_are_recorded_in_one_order(path: Path) -> None:
    with Ledger.create(at(path)) as ledger:
        for code in ("B", "A", "C"):
            record_lines(ledger, {**REGISTRATION, "issuer": code, "code": code})
        moments = [book(ledger, code).history.entries[0].recorded_at for code in ("B", "A", "C")]

    assert moments == sorted(set(moments))


def stored(connection: sqlite3.Connection, topic: str) -> tuple[Any, ...]:
    row = connection.execute(
        "SELECT * FROM stored_events WHERE topic = ? ORDER BY rowid DESC LIMIT 1", (topic,)
    ).fetchone()
    assert isinstance(row, tuple)
    return row


@pytest.mark.sqlite_file
@pytest.mark.parametrize(
    "topic",
    [
        "subprocess:Popen",
        "os:system",
        "builtins:eval",
        "ledger.actions.acquisition:SharesAcquired",
        "commands.main:main",
    ],
)
def test_a_row_that_names_code_is_refused_and_never_run(
    filled: Path, tmp_path: Path, topic: str
) -> None:
    witness = tmp_path / "it ran"
    body = json.dumps({"args": ["touch", str(witness)], "command": f"touch '{witness}'"})
    with closing(sqlite3.connect(filled)) as connection:
        action, version, _, _ = stored(connection, "SharesAcquired")
        connection.execute(
            "INSERT INTO stored_events VALUES (?, ?, ?, ?)",
            (action, version + 1, topic, body.encode()),
        )
        connection.commit()

    for words in (("action", "ACME", "odd-lots-3"), ("audit", "replay"), RECORDING, ("export",)):
        said = unusable(Typed(filled), *words)
        assert topic in said

    assert not witness.exists()


@pytest.mark.sqlite_file
def test_a_body_that_belongs_to_another_row_is_refused(filled: Path) -> None:
    with tampering(filled) as connection:
        _, _, _, other = stored(connection, "OpeningPositionStated")
        action, version, _, _ = stored(connection, "SharesAcquired")
        connection.execute(
            "UPDATE stored_events SET topic = 'OpeningPositionStated', state = ? "
            "WHERE originator_id = ? AND originator_version = ?",
            (other, action, version),
        )

    for words in QUERIES:
        assert "data of a different event" in unusable(Typed(filled), *words)


@pytest.mark.sqlite_file
def test_a_body_of_another_version_is_refused(filled: Path) -> None:
    with tampering(filled) as connection:
        connection.execute(
            "UPDATE stored_events SET state = replace(state, '\"version\":1', '\"version\":2') "
            "WHERE topic = 'SharesAcquired'"
        )

    for words in QUERIES:
        assert "data of a different event" in unusable(Typed(filled), *words)


@pytest.mark.sqlite_file
def test_a_body_under_the_name_of_another_event_is_refused(filled: Path) -> None:
    with tampering(filled) as connection:
        connection.execute(
            "UPDATE stored_events SET topic = 'SharesRepurchased' WHERE topic = 'SharesAcquired'"
        )

    for words in QUERIES:
        assert "damaged" in unusable(Typed(filled), *words)


@pytest.mark.sqlite_file
def test_a_ledger_that_lost_an_event_says_which(filled: Path) -> None:
    with tampering(filled) as connection:
        action, *_ = stored(connection, "SharesAcquired")
        connection.execute("DELETE FROM stored_events WHERE originator_id = ?", (action,))

    for words in QUERIES:
        assert "odd-lots-3" in unusable(Typed(filled), *words)


@pytest.mark.sqlite_file
def test_a_register_with_a_gap_is_damage(filled: Path) -> None:
    with tampering(filled) as connection:
        connection.execute(
            "DELETE FROM stored_events WHERE topic = 'Entry' AND originator_version = 3"
        )

    for words in (*QUERIES, RECORDING):
        assert "entry 3" in unusable(Typed(filled), *words)


def test_a_ledger_is_reopened_as_it_was_left(filled: Path) -> None:
    with Ledger.open(at(filled)) as ledger:
        before = book(ledger).history
    with Ledger.open(at(filled)) as ledger:
        after = book(ledger).history

    assert [(f.event, f.entry, f.line) for f in after.facts] == [
        (f.event, f.entry, f.line) for f in before.facts
    ]


@pytest.mark.sqlite_file
def test_a_ledger_is_never_made_twice(filled: Path) -> None:
    before = filled.read_bytes()

    with pytest.raises(StoreUnusable, match="exists already"):
        Ledger.create(at(filled))
    Typed(filled).ok("init")

    assert filled.read_bytes() == before
    assert len(keys_of(filled)) == 5
