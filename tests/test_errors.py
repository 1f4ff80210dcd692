"""Every way a command can fail: its exit code, its words, and nothing recorded.

0 done; 1 the ledger refused or a check failed; 2 bad usage or unreadable input; 3 the store cannot
be used. Never a traceback: `refused` fails on any exception but an orderly exit.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Typed, prepared
from tests.stores import STORE, at

EVERY_QUERY = [
    "shares ACME",
    "treasury ACME",
    "dividends ACME",
    "repurchases ACME",
    "actions ACME",
    "action ACME issuer",
    "explain shares ACME",
    "explain outstanding ACME",
    "explain repurchase ACME",
    "explain dividends ACME",
    "notice ACME dividend",
    "check ACME",
    "export ACME",
    "audit replay ACME",
]
EVERY_RECORDING = [
    "class open ACME common --on 2020-03-31 --issued 1",
    "dividend pay ACME dividend --on 2020-03-31",
    "repurchase complete ACME program --on 2020-03-31",
    "acquisition acquire ACME odd-lots --on 2020-03-31 --shares 1 --cause OTHER",
    "reverse ACME issuer 1 --reason x",
]
REGISTER = "issuer register ACME --name Acme --currency JPY --fiscal-year-end 03-31 --profile jp"
OPEN = "class open ACME common --on 2020-03-31 --issued 1000 --treasury 100 --authorized 4000"
LINE = '{"issuer": "ACME", "class": "common", "action": "odd-lots", '
ACQUIRED = LINE + '"event": "SharesAcquired", "on": "2020-06-01", "cause": "OTHER", "shares": '
RESOLVE = "dividend resolve ACME d --on 2020-05-01 --term YEAR_END --per-share 1"
ADJUST = "class adjust ACME common --on 2020-06-01 --issued-change 0 --treasury-change 5 --reason x"
ACQUIRE = "acquisition acquire ACME a --shares 1 --cause OTHER"


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    capital.ok(*REGISTER.split())
    capital.ok(*OPEN.split())
    return capital


def rows(path: Path) -> int:
    """How many events and entries are stored."""
    return int(STORE.rows(path, "SELECT count(*) FROM stored_events")[0][0])


@pytest.mark.parametrize(
    "words",
    [
        ["shares", "x;rm$(y)"],
        ["reverse", "A&B", "none", "1", "--reason", "x"],
        ["notice", "A&B", "none"],
        ["notice", "A&B", "class-c'd"],
        ["action", "A&B", "none"],
        ["repurchases", "A&B", "none"],
        ["explain", "shares", "A&B", "class-c'd"],
        ["issuer", "register", "A&B", "--name", "x", "--currency", "JPY", "--profile", "jp"],
        ["reverse", "A&B", "class-c'd", "9", "--reason", "x"],
    ],
    ids=lambda words: " ".join(words[:3]),
)
def test_a_command_to_paste_is_quoted_for_the_shell(capital: Typed, words: list[str]) -> None:
    capital.ok(*[word.replace("ACME", "A&B") for word in REGISTER.split()])
    capital.ok(*[w.replace("ACME", "A&B").replace("common", "c'd") for w in OPEN.split()])

    result = capital(*words)

    (remedy,) = [line for line in result.stderr.splitlines() if line.startswith("Try: ")]
    assert result.exit_code in (1, 2)
    assert "'A&B'" in remedy or "'x;rm$(y)'" in remedy
    assert "class-c'd" not in remedy or """'class-c'"'"'d'""" in remedy


# --- 1: refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [*EVERY_QUERY, *EVERY_RECORDING])
def test_an_unknown_issuer_is_named_with_what_to_do(capital: Typed, path: Path, words: str) -> None:
    said = capital.refused(*words.split())

    assert f"the ledger at {at(path)} holds no issuer 'ACME'" in said
    assert "Try: register it with: capital issuer register ACME" in said
    assert rows(path) == 0


def test_an_issuer_nearly_spelled_right_is_suggested(acme: Typed) -> None:
    assert "did you mean ACME?" in acme.refused("shares", "ACMEE")
    assert "did you mean ACME?" in acme.refused("shares", "acme")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("shares ACME --class preferred", "no class 'preferred'; its classes: common"),
        ("treasury ACME --class preferred", "no class 'preferred'"),
        ("dividends ACME --class preferred", "no class 'preferred'"),
        ("repurchases ACME program", "no repurchase program 'program'"),
        ("repurchases ACME class-common", "no repurchase program 'class-common'"),
        ("action ACME dividend", "no action 'dividend'"),
        ("notice ACME dividend", "no action 'dividend'"),
        ("notice ACME class-common", "only dividends and repurchases have a notice"),
        ("reverse ACME dividend 1 --reason x", "no action 'dividend'"),
        ("reverse ACME class-common 9 --reason x", "ACME class-common has no event 9"),
    ],
)
def test_what_the_ledger_does_not_hold_is_refused(
    acme: Typed, path: Path, words: str, complaint: str
) -> None:
    before = rows(path)

    said = acme.refused(*words.split())

    assert said.startswith("Error: ")
    assert complaint in said
    assert "Try: " in said
    assert rows(path) == before


def test_the_same_command_twice_is_refused_and_told_how_to_mean_it(acme: Typed, path: Path) -> None:
    words = "acquisition acquire ACME odd-lots --on 2020-06-01 --shares 5 --cause OTHER".split()
    acme.ok(*words)
    before = rows(path)

    said = acme.refused(*words)

    assert "idempotent: the same SharesAcquired of odd-lots on 2020-06-01 is recorded" in said
    assert "by entry 3" in said
    assert "--key" in said
    assert rows(path) == before


def test_the_same_command_twice_with_one_key_adds_nothing_and_says_so(
    acme: Typed, path: Path
) -> None:
    words = "acquisition acquire ACME odd-lots --on 2020-06-01 --shares 5 --cause OTHER".split()
    acme.ok(*words, "--key", "k1")
    before = rows(path)

    said = acme.ok(*words, "--key", "k1")

    assert "is already recorded, by entry 3 with key k1; nothing was added" in said
    assert rows(path) == before


def test_one_key_with_other_content_is_a_conflict_that_names_the_difference(
    acme: Typed, path: Path
) -> None:
    words = "acquisition acquire ACME odd-lots --on 2020-06-01 --cause OTHER --key k1".split()
    acme.ok(*words, "--shares", "5")
    before = rows(path)

    said = acme.refused(*words, "--shares", "6")

    assert "idempotent: key 'k1' of ACME names another event, recorded by entry 3" in said
    assert "shares 5 there, 6 here" in said
    assert rows(path) == before


def test_a_refused_line_names_its_file_line_and_rule_and_nothing_is_recorded(
    acme: Typed, path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_text(
        f"{ACQUIRED}5}}\n"
        + LINE.replace("odd-lots", "class-common")
        + '"event": "PositionAdjusted", "on": "2020-07-01", "issued_change": 0,'
        ' "treasury_change": -106, "reason": "gap"}\n'
    )
    before = rows(path)

    said = acme.refused("import", file)

    # 100 + 5 - 106
    assert f"{file}:2: counts-not-negative: " in said
    assert "treasury would be -1 on 2020-07-01" in said
    assert rows(path) == before


def test_a_failed_check_is_exit_code_1(acme: Typed) -> None:
    acme.ok(*"class report ACME common --on 2020-06-30 --issued 1001".split())

    result = acme("check", "ACME", "--on", "2020-12-31")

    assert result.exit_code == 1
    assert "1,001 is published, the ledger holds 1,000" in result.stdout


def test_a_dry_run_is_refused_as_the_command_would_be(acme: Typed, path: Path) -> None:
    before = rows(path)
    gap = "class adjust ACME common --on 2020-06-01 --issued-change 0 --reason gap".split()

    said = acme.refused(*gap, "--treasury-change", "-101", "--dry-run")
    told = acme.ok(*gap, "--treasury-change", "-100", "--dry-run")

    assert "counts-not-negative" in said
    assert "dry run, nothing recorded; would be entry 3" in told
    assert "treasury 0, outstanding 1,000" in told
    assert rows(path) == before


# --- 2: bad usage, unreadable input --------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("", "Usage"),
        ("dividnd", "Did you mean dividend or dividends?"),
        ("shares ACME --format yaml", "yaml"),
        ("shares ACME --no-such-option", "--no-such-option"),
        ("shares ACME --basis cash", "cash"),
        ("shares ACME common", "common"),
        ("shares ACME --on 2018-02-30", "'2018-02-30' is not a date in the calendar"),
        ("shares ACME --on 24.05.2018", "'24.05.2018' is not a date; write it as 2018-05-24"),
        ("shares ACME --on 20180524", "'20180524' is not a date"),
        ("shares ACME --on 2018-5-24", "'2018-5-24' is not a date"),
        ("shares ACME --all", "--all covers every issuer"),
        ("shares ACME --class all --history", "takes one class"),
        ("treasury ACME --class all", "takes one class"),
        ("dividends ACME --fiscal-year sometime", "'sometime' names no fiscal year"),
        ("notice ACME", "ACTION"),
        ("explain weather ACME", "weather"),
        ("audit replay --to 1", "each issuer numbers its own entries"),
        ("audit replay ACME --to 1 --until 2020-01-01", "give only one"),
        ("class open ACME common --issued 1", "--on"),
        ("class open ACME common --on 2020-03-31 --issued 1,000", "write 1000"),
        ("class open ACME common --on 2020-03-31 --issued 1.5", "'1.5' is not a whole number"),
        ("class open ACME common --on 2020-03-31 --issued many", "'many' is not a whole number"),
        ("class open ACME common --on 2020-03-31 --issued 1" + "0" * 16, "1000000000000000"),
        ("class open ACME common --on 2020-03-31 --issued 1" + "0" * 60, "not a whole number"),
        ("class open ACME common --on soon --issued 1", "'soon' is not a date"),
        ("class open ACME common --on 2020-03-31 --issued 9 --note", "--note"),
        ("dividend lapse ACME d --on 2020-06-01 --amount 1e5", "'1e5' is not an amount"),
        ("dividend lapse ACME d --on 2020-06-01 --amount -5", "'-5' is not an amount"),
        ("dividend lapse ACME d --on 2020-06-01 --amount NaN", "'NaN' is not an amount"),
        ("dividend lapse ACME d --on 2020-06-01 --amount QQQ5", "ISO 4217"),
        (
            "dividend resolve ACME d --on 2020-06-01 --term LATE",
            "'LATE' is not one of Q1, Q2, Q3, Q4, INTERIM, YEAR_END, SPECIAL, ANNUAL",
        ),
        (
            "shares ACME --known-at yesterday",
            "'yesterday' is not a date; write it as 2018-05-24",
        ),
        (
            "class register ACME common --on 2020-06-01 --name Common --isin JP31",
            '--isin: "JP31" is not an ISIN: 12 capital letters and digits, such as JP3152820001',
        ),
        (
            "class change-unit ACME common --on 2020-06-01 --trading-unit 0",
            "--trading-unit: 0 must be 1 or more",
        ),
        (
            "repurchase amend ACME program --on 2020-06-01",
            "an amendment changes at least one term of the authorization",
        ),
        ("dividend pay ACME issuer --on 2020-06-01", "'issuer' cannot be the reference"),
        ("dividend pay ACME class-x --on 2020-06-01 --class common", "cannot be the reference"),
        ("reverse ACME class-common 1", "needs a reason"),
        ("reverse ACME class-common one --reason x", "'one' is not a whole number"),
        ("class report ACME common --on 2020-06-01", "at least one count"),
        ("class report ACME common --on 2020-06-01 --issued 1 --source-uri x", "--source-title"),
        ("class report ACME common --on 2020-06-01 --issued 1 --meeting-name x", "--meeting-body"),
        (
            "class report ACME common --on 2020-06-01 --issued 1 --disclosed-at 2020-06-01T15:00",
            "has no zone",
        ),
        (
            "class report ACME common --on 2020-06-01 --issued 1 --source-file no/such/file",
            "no/such/file",
        ),
        ("import", "FILE"),
        ("import no/such/file", "no/such/file"),
    ],
)
def test_words_that_cannot_be_understood_are_bad_usage(
    acme: Typed, path: Path, words: str, complaint: str
) -> None:
    before = rows(path)

    result = acme(*words.split())

    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert complaint in result.stderr
    assert rows(path) == before


def test_which_issuer_is_meant_must_be_said_where_there_are_several(acme: Typed) -> None:
    acme.ok(*"shares --on 2020-06-01".split())  # the only one
    acme.ok(*"issuer register BETA --name Beta --currency JPY --profile jp".split())

    said = acme.refused("shares", code=2)

    assert "no issuer is named; the ledger holds: ACME, BETA" in said


def test_which_class_is_meant_must_be_said_where_there_are_several(acme: Typed) -> None:
    acme.ok(*"class open ACME b --on 2020-03-31 --issued 10".split())

    said = acme.refused(
        *"dividend forecast ACME d --on 2020-05-01 --term ANNUAL --undecided".split(),
        *("--fiscal-year-end", "2020-03-31"),
        code=2,
    )

    assert "ACME has several classes: b, common" in said
    assert "--class CODE" in said


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("not JSON", "is not JSON"),
        ("[]", "is not a JSON object"),
        ("{}", "event: is missing"),
        (LINE + '"event": "DividendResolvd"}', "did you mean DividendResolved"),
        (LINE + '"event": 5}', "event: is missing"),
        (LINE + '"event": "EntryMade"}', "is not an event this version knows"),
        (LINE + '"event": "Entry"}', "is not an event this version knows"),
        (f"{ACQUIRED}0}}", "shares: 0"),
        (f'{ACQUIRED}"5"}}', 'shares: "5"'),
        (f"{ACQUIRED}5.5}}", "shares: 5.5"),
        (f"{ACQUIRED}true}}", "shares: true"),
        (f"{ACQUIRED}NaN}}", "NaN"),
        (f'{ACQUIRED}5, "shares": 6}}', "shares: occurs twice"),
        (f'{ACQUIRED}5, "share": 6}}', "share: is not a field of SharesAcquired; did you mean"),
        (f'{ACQUIRED}5, "version": 1}}', "version: is set by the ledger"),
        (f'{ACQUIRED}5, "amount": 5}}', "amount: 5"),
        (f'{ACQUIRED}5, "amount": {{"amount": 5.5, "currency": "JPY"}}}}', "amount.amount: 5.5"),
        (f'{ACQUIRED}5, "amount": {{"amount": "5"}}}}', "amount.currency: is missing"),
        (f'{ACQUIRED}5, "from": "2020-07-01"}}', "from 2020-07-01 is after on 2020-06-01"),
        (f'{ACQUIRED}5, "settled_on": "soon"}}', 'settled_on: "soon"'),
        (f'{ACQUIRED}5, "acknowledged": [{{"rule": "x"}}]}}', "acknowledged.0.reason: is missing"),
        (ACQUIRED.replace('"2020-06-01"', "20200601") + "5}", "on: 20200601"),
        (ACQUIRED.replace('"2020-06-01"', '"2020-02-30"') + "5}", 'on: "2020-02-30"'),
        (ACQUIRED.replace("OTHER", "GIFT") + "5}", 'cause: "GIFT"'),
        (ACQUIRED.replace('"class": "common", ', "") + "5}", '"class"'),
        ("[" * 100_000, "is not JSON"),
        (f"{ACQUIRED}{'9' * 5000}}}", "is not JSON"),
        ('{"issuer": "ACME", "event": "SharesAcquired"', "is not JSON"),
    ],
)
def test_a_line_that_cannot_be_read_names_file_line_field_and_value(
    acme: Typed, path: Path, tmp_path: Path, line: str, complaint: str
) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_text(f"{ACQUIRED}7}}\n{line}\n")
    before = rows(path)

    said = acme.refused("import", file, code=2)

    assert f"{file}:2: " in said
    assert complaint in said
    assert rows(path) == before  # the good line is not recorded either


@pytest.mark.sqlite_file
def test_every_line_that_cannot_be_read_is_named(acme: Typed) -> None:
    result = acme("import", "-", stdin=f"{ACQUIRED}0}}\n\n{ACQUIRED}5}}\n{{}}\n")

    assert result.exit_code == 2
    assert "-:1: shares: 0" in result.stderr
    assert "-:4: event: is missing" in result.stderr
    assert "-:3" not in result.stderr


@pytest.mark.sqlite_file
@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"", "is empty"), (b"\n\n", "is empty"), (b'{"issuer": "\xff"}', ":1: is not UTF-8 text")],
)
def test_a_file_that_holds_no_lines_cannot_be_imported(
    acme: Typed, path: Path, tmp_path: Path, content: bytes, complaint: str
) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_bytes(content)
    before = rows(path)

    assert complaint in acme.refused("import", file, code=2)
    assert rows(path) == before


def test_a_folder_cannot_be_imported(acme: Typed, tmp_path: Path) -> None:
    assert "is a folder" in acme.refused("import", tmp_path, code=2)


@pytest.mark.parametrize(
    "words",
    [
        # The calendar ends on 9999-12-31 and begins on 0001-01-01.
        f"{RESOLVE} --fiscal-year-end 2020-03-31 --record-date 9999-12-31 --payable-on 9999-12-31",
        f"{RESOLVE} --fiscal-year-end 0001-01-01",
        "repurchase authorize ACME p --on 2020-05-01 --from 9999-01-01 --until 9999-12-31",
        f"{ADJUST} --until 9999-12-31",
        f"{ACQUIRE} --on 0001-01-01",
        f"{ACQUIRE} --on 2020-05-01 --settled-on 9999-12-31",
        "dividends ACME --fiscal-year FY0000",
        "dividends ACME --fiscal-year FY9999",
        "dividends ACME --fiscal-year 0001-01-01",
        "notice ACME program --on 0001-01-01",
        "shares ACME --on 0001-01-01",
        "shares ACME --on 9999-12-31",
        "shares ACME --known-at 0001-01-01T00:00:00+14:00",
        "shares ACME --known-at 9999-12-31T23:59:59-12:00",
        "check ACME --on 0001-01-01",
        "check ACME --on 9999-12-31",
    ],
)
def test_the_ends_of_the_calendar_are_answered_or_refused_in_words(acme: Typed, words: str) -> None:
    acme.ok(*"repurchase authorize ACME program --on 2020-05-01 --max-shares 5".split())

    result = acme(*words.split())

    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in (0, 1, 2)
    after = acme("dividends", "ACME")
    assert after.exit_code == 0, after.exception


def test_an_entry_number_of_thousands_of_digits_is_no_entry(acme: Typed) -> None:
    result = acme("shares", "ACME", "--known-at", "1" * 5000)

    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in (1, 2)


def test_an_error_names_the_option_as_it_is_typed(acme: Typed) -> None:
    said = acme.refused(
        *"repurchase authorize ACME p --on 2020-05-01 --max-amount".split(), "QQQ 5", code=2
    )

    assert "--max-amount" in said


# --- 3: the store --------------------------------------------------------------------------------


@pytest.mark.sqlite_file
@pytest.mark.parametrize("words", [*EVERY_QUERY, *EVERY_RECORDING, REGISTER])
def test_a_missing_ledger_is_named_and_never_made_by_the_way(tmp_path: Path, words: str) -> None:
    missing = tmp_path / "missing.db"

    said = Typed(missing).refused(*words.split(), code=3)

    assert f"there is no ledger at {missing}" in said
    assert "capital init" in said
    assert not missing.exists()


@pytest.mark.sqlite_file
@pytest.mark.parametrize("words", ["init", *EVERY_QUERY, *EVERY_RECORDING])
@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\x00", b"\x00" * 5000])
def test_a_file_that_is_no_ledger_is_left_alone(tmp_path: Path, words: str, content: bytes) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(content)

    said = Typed(file).refused(*words.split(), code=3)

    assert f"{file} is not a ledger" in said
    assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.sqlite_file
def test_another_programs_database_is_no_ledger(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE stored_events (a)")
    connection.close()

    assert "is not a ledger" in Typed(file).refused("shares", "ACME", code=3)


@pytest.mark.sqlite_file
def test_a_ledger_of_a_newer_version_is_not_touched(acme: Typed, path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    said = acme.refused("shares", "ACME", code=3)

    assert "newer version of capital (schema 99" in said


@pytest.mark.sqlite_file
@pytest.mark.parametrize(
    ("location", "complaint"),
    [
        ("mysql://db/capital", "mysql:// is not a store that this version supports"),
        ("", "the ledger path is empty"),
        ("file:capital.db", "'file:capital.db' is an address of SQLite, not the path of a file"),
        (":memory:", "':memory:' is an address of SQLite, not the path of a file"),
        ("no/such/folder/capital.db", "no/such/folder/capital.db"),
        ("x" * 300, "x" * 300),
    ],
)
@pytest.mark.parametrize("words", ["shares ACME", "init"])
def test_a_place_where_no_ledger_can_be_is_named(
    capital: Typed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    location: str,
    complaint: str,
    words: str,
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert complaint in capital.refused("--ledger", location, *words.split(), code=3)
    assert list(folder.iterdir()) == []


def test_a_folder_is_no_ledger(capital: Typed, tmp_path: Path) -> None:
    assert "is not a file" in capital.refused("--ledger", tmp_path, "shares", "ACME", code=3)


@pytest.mark.sqlite_file
@pytest.mark.parametrize("words", ["dividends ACME", "export", "audit replay ACME", OPEN])
def test_an_event_nobody_knows_is_damage_and_never_executed(
    acme: Typed, path: Path, words: str
) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER stored_events_refuse_UPDATE")
    connection.execute(
        "UPDATE stored_events SET topic = 'subprocess:Popen' WHERE topic = 'OpeningPositionStated'"
    )
    connection.commit()
    connection.close()

    said = acme.refused(*words.split(), code=3)

    assert "the ledger is damaged or of a newer version" in said
    assert "'subprocess:Popen', which this version does not know" in said


@pytest.mark.sqlite_file
@pytest.mark.parametrize("state", [b"", b"not JSON", b"{}", b"\xff", b"[]"])
def test_a_body_that_cannot_be_read_is_damage(acme: Typed, path: Path, state: bytes) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER stored_events_refuse_UPDATE")
    connection.execute(
        "UPDATE stored_events SET state = ? WHERE topic = 'OpeningPositionStated'", (state,)
    )
    connection.commit()
    connection.close()

    said = acme.refused("dividends", "ACME", code=3)

    assert "the ledger is damaged" in said
    assert "OpeningPositionStated" in said


@pytest.mark.sqlite_file
def test_an_event_missing_from_its_entry_is_damage(acme: Typed, path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER stored_events_refuse_DELETE")
    connection.execute("DELETE FROM stored_events WHERE topic = 'OpeningPositionStated'")
    connection.commit()
    connection.close()

    assert "the ledger is damaged" in acme.refused("dividends", "ACME", code=3)


@pytest.mark.sqlite_file
@pytest.mark.parametrize("verb", ["UPDATE stored_events SET state = ''", "DELETE FROM commits"])
def test_the_database_itself_refuses_to_edit_or_delete(acme: Typed, path: Path, verb: str) -> None:
    connection = sqlite3.connect(path)

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(verb)
    connection.close()


def test_making_a_ledger_twice_changes_nothing(acme: Typed, path: Path) -> None:
    before = rows(path)

    assert "is already a ledger" in acme.ok("init")
    assert rows(path) == before


# --- the program itself --------------------------------------------------------------------------


def test_the_installed_command_exits_as_promised_and_shows_no_traceback(tmp_path: Path) -> None:
    capital = Path(sys.executable).with_name("capital")

    def run(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [capital, "--ledger", "c.db", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done.returncode, done.stderr

    assert run("shares", "ACME")[0] == 3
    assert run("init")[0] == 0
    assert run("shares", "ACME")[0] == 1
    assert run("shares", "ACME", "--on", "yesterday")[0] == 2
