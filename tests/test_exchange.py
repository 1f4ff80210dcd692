"""`capital import` and `capital export`: files of lines, good ones and bad ones."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Typed, prepared
from tests.test_store import ROOT, environment, told_calmly

ACME: list[dict[str, Any]] = [
    {
        "issuer": "ACME",
        "action": "issuer",
        "event": "IssuerRegistered",
        "code": "ACME",
        "name": "Acme K.K.",
        "currency": "JPY",
        "fiscal_year_end": "03-31",
        "profile": "jp",
        "key": "acme-1",
    },
    {
        "issuer": "ACME",
        "class": "common",
        "action": "class-common",
        "event": "OpeningPositionStated",
        "on": "2020-03-31",
        "issued": 1_000_000,
        "treasury": 20_000,
        "authorized": 4_000_000,
        "treasury_cost": {"amount": "30000000", "currency": "JPY"},
        "source": {"title": "取締役会決議通知", "page": 1},
        "key": "acme-2",
    },
    {
        "issuer": "ACME",
        "class": "common",
        "action": "repurchase-2020-08-05",
        "event": "RepurchaseAuthorized",
        "on": "2020-08-05",
        "max_shares": 50_000,
        "max_amount": {"amount": "80000000", "currency": "JPY"},
        "from": "2020-08-06",
        "until": "2021-01-29",
        "key": "acme-3",
    },
    {
        "issuer": "ACME",
        "class": "common",
        "action": "repurchase-2020-08-05",
        "event": "SharesRepurchased",
        "on": "2020-08-07",
        "shares": 1200,
        "amount": {"amount": "1812000", "currency": "JPY"},
        "settled_on": "2020-08-12",
        "key": "acme-4",
    },
]
PURCHASE = ACME[3]


def jsonl(*lines: dict[str, Any] | str) -> str:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    return "".join(f"{text}\n" for text in texts)


def bolt(line: dict[str, Any]) -> dict[str, Any]:
    """The same line of another issuer."""
    other = {**line, "issuer": "BOLT"}
    return {**other, "code": "BOLT"} if "code" in line else other


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """A ledger that holds the lines above, as entry 1."""
    capital.ok("import", "-", stdin=jsonl(*ACME))
    return capital


def exported(capital: Typed) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capital.ok("export").splitlines()]


def unread(capital: Typed, data: str | bytes) -> str:
    """What import says of lines it cannot read: exit code 2, and nothing is recorded."""
    before = capital.ok("export")
    result = capital("import", "-", stdin=data)
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.stderr
    assert capital.ok("export") == before
    return result.stderr


def turned_down(capital: Typed, *lines: dict[str, Any]) -> str:
    """What import says of lines the ledger refuses: exit code 1, and nothing is recorded."""
    before = capital.ok("export")
    result = capital("import", "-", stdin=jsonl(*lines))
    assert result.exit_code == 1, result.output
    assert capital.ok("export") == before
    return result.stderr


# --- what comes in comes out ---------------------------------------------------------------------


def test_an_import_is_one_entry_of_its_issuer(capital: Typed) -> None:
    said = capital.ok("import", "-", stdin=jsonl(*ACME))

    assert "ACME entry 1: 4 events" in said
    assert exported(capital) == ACME


def test_each_issuer_of_a_file_gets_an_entry_of_its_own(capital: Typed) -> None:
    both = [line for pair in zip(ACME, map(bolt, ACME), strict=True) for line in pair]

    said = capital.ok("import", "-", stdin=jsonl(*both))

    assert "ACME entry 1: 4 events" in said
    assert "BOLT entry 1: 4 events" in said
    assert [line for line in exported(capital) if line["issuer"] == "BOLT"] == list(map(bolt, ACME))
    assert [json.loads(line)["issuer"] for line in capital.ok("export", "BOLT").splitlines()] == [
        "BOLT"
    ] * 4


def test_a_refused_issuer_keeps_every_other_one_out(capital: Typed) -> None:
    wrong = bolt({**PURCHASE, "shares": 2_000_000})

    said = turned_down(capital, *ACME, *map(bolt, ACME[:3]), wrong)

    assert "-:8" in said


def test_several_files_are_one_import(capital: Typed, tmp_path: Path) -> None:
    for number, line in enumerate(reversed(ACME)):
        (tmp_path / f"{number}.jsonl").write_text(jsonl(line))

    said = capital.ok("import", *(tmp_path / f"{n}.jsonl" for n in range(4)))

    assert "ACME entry 1: 4 events" in said
    assert exported(capital) == ACME


@pytest.mark.parametrize("turn", range(4))
def test_lines_come_in_any_order(capital: Typed, turn: int) -> None:
    capital.ok("import", "-", stdin=jsonl(*reversed(ACME[turn:] + ACME[:turn])))

    assert exported(capital) == ACME


def test_a_repeated_line_adds_nothing_and_is_a_hit(acme: Typed) -> None:
    again = acme.ok("import", "-", stdin=jsonl(*ACME))
    more = {**PURCHASE, "on": "2020-08-11", "settled_on": "2020-08-14", "key": "acme-5"}

    both = acme.ok("import", "-", stdin=jsonl(*ACME, more))

    assert again == "ACME: nothing to add, 4 already recorded\n"
    assert "ACME entry 2: 1 event, 4 already recorded" in both
    assert len(exported(acme)) == 5


def test_a_line_without_a_key_is_found_again(capital: Typed) -> None:
    keyless = [{k: v for k, v in line.items() if k != "key"} for line in ACME]

    capital.ok("import", "-", stdin=jsonl(*keyless))
    again = capital.ok("import", "-", stdin=jsonl(*reversed(keyless)))

    assert again == "ACME: nothing to add, 4 already recorded\n"
    assert all(line["key"] for line in exported(capital))


def test_two_equal_lines_of_one_file_are_two_events(acme: Typed) -> None:
    keyless = {k: v for k, v in PURCHASE.items() if k != "key"} | {"shares": 7}

    acme.ok("import", "-", stdin=jsonl(keyless, keyless))
    again = acme.ok("import", "-", stdin=jsonl(keyless, keyless))

    assert again == "ACME: nothing to add, 2 already recorded\n"
    assert len(exported(acme)) == 6


def test_the_order_of_names_and_blanks_of_a_line_do_not_matter(capital: Typed) -> None:
    keyless = [{k: v for k, v in line.items() if k != "key"} for line in ACME]
    capital.ok("import", "-", stdin=jsonl(*keyless))
    spelled = [json.dumps(dict(sorted(line.items())), indent=None) for line in keyless]

    again = capital.ok("import", "-", stdin=jsonl(*(f"  {text}\t" for text in spelled)))

    assert again == "ACME: nothing to add, 4 already recorded\n"


def test_the_same_key_with_other_content_is_a_conflict(acme: Typed) -> None:
    said = turned_down(acme, {**PURCHASE, "shares": 1201})

    assert "acme-4" in said
    assert "-:1" in said
    assert "1200" in said
    assert "1201" in said
    assert "idempotent" in said


def test_the_same_key_with_other_content_in_one_file_is_a_conflict(capital: Typed) -> None:
    said = turned_down(capital, *ACME, {**PURCHASE, "shares": 1201})

    assert "acme-4" in said
    assert "idempotent" in said


def test_a_dry_run_says_what_would_be_and_records_nothing(capital: Typed) -> None:
    said = capital.ok("import", "-", "--dry-run", stdin=jsonl(*ACME))

    assert "dry run" in said
    assert "SharesRepurchased" in said
    assert capital.ok("export") == ""


def test_an_export_imports_elsewhere_byte_for_byte(acme: Typed, tmp_path: Path) -> None:
    there = Typed(tmp_path / "there.db")
    there.ok("init")

    there.ok("import", "-", stdin=acme.ok("export"))

    assert there.ok("export") == acme.ok("export")


def test_a_pipe_from_export_to_import_through_real_processes(acme: Typed, tmp_path: Path) -> None:
    there = Typed(tmp_path / "there.db")
    there.ok("init")
    words = [sys.executable, "-m", "commands.main"]

    lines = subprocess.run(
        [*words, "export"], cwd=ROOT, env=environment(acme.path), capture_output=True, check=True
    ).stdout
    subprocess.run(
        [*words, "import", "-"],
        cwd=ROOT,
        env=environment(there.path),
        input=lines,
        capture_output=True,
        check=True,
    )

    assert there.ok("export") == acme.ok("export")
    assert "取締役会決議通知" in lines.decode()


def test_a_reversal_dated_before_its_event_is_exported_and_imported(
    acme: Typed, tmp_path: Path
) -> None:
    acme.ok(*"reverse ACME repurchase-2020-08-05 2 --on 2020-08-01 --reason misprint".split())
    acme.ok(*"reverse ACME repurchase-2020-08-05 1 --on 2020-08-01 --reason misprint".split())
    there = Typed(tmp_path / "there.db")
    there.ok("init")

    there.ok("import", "-", stdin=acme.ok("export"))

    assert there.ok("export") == acme.ok("export")


def test_an_acknowledgment_travels_with_its_line(capital: Typed, tmp_path: Path) -> None:
    known = [{"rule": "repurchase-caps", "reason": "the report says so"}]
    beyond = {**PURCHASE, "shares": 60_000, "key": "acme-5", "acknowledged": known}
    capital.ok("import", "-", stdin=jsonl(*ACME, beyond))
    there = Typed(tmp_path / "there.db")
    there.ok("init")

    there.ok("import", "-", stdin=capital.ok("export"))

    assert there.ok("export") == capital.ok("export")
    findings = there.json("check", "ACME", "--on", "2020-12-31")
    assert [f["reason"] for f in findings if f["finding"] == "acknowledged"] == [
        "the report says so"
    ]


def test_an_acknowledgment_at_its_own_event_holds_whatever_is_recorded_later(
    capital: Typed,
) -> None:
    """It covers breaches of its rule at its own event, whichever purchase tips the sum over."""
    known = [{"rule": "repurchase-caps", "reason": "the report says so"}]
    later = {**PURCHASE, "on": "2020-08-20", "settled_on": "2020-08-25", "shares": 49_000}
    later |= {"key": "acme-5", "acknowledged": known}
    capital.ok("import", "-", stdin=jsonl(*ACME[:3], later))

    capital.ok("import", "-", stdin=jsonl(PURCHASE))

    assert (
        capital.json("repurchases", "ACME", ACME[2]["action"], "--on", "2020-12-31")["shares"]
        == 50_200
    )


def test_a_breach_that_nobody_acknowledged_names_rule_and_line(acme: Typed) -> None:
    said = turned_down(acme, {**PURCHASE, "shares": 60_000, "key": "acme-5"})

    assert "-:1" in said
    assert "repurchase-caps" in said
    assert "61,200" in said
    assert "50,000" in said
    assert "2020-08-07" in said


def test_an_issuer_that_was_never_registered_is_refused(capital: Typed) -> None:
    said = turned_down(capital, *ACME[1:])

    assert "ACME" in said
    assert "capital issuer register ACME" in said


@pytest.mark.parametrize("name", ["株式会社アクメ", "Société Générale", "Ørsted A/S", "🏭 GmbH"])
def test_names_of_any_script_come_back_as_they_were(capital: Typed, name: str) -> None:
    capital.ok("import", "-", stdin=jsonl({**ACME[0], "name": name}))

    assert exported(capital)[0]["name"] == name
    assert name in capital.ok("export")


def test_one_name_spelled_two_ways_in_unicode_is_one_issuer(capital: Typed) -> None:
    composed, decomposed = "CAF\u00c9", "CAFE\u0301"
    lines = [{**line, "issuer": decomposed} for line in ACME]
    lines[0]["code"] = composed
    capital.ok("import", "-", stdin=jsonl(*lines))

    shown = capital.json("shares", composed, "--class", "common", "--on", "2020-12-31")
    again = capital.json("shares", decomposed, "--class", "common", "--on", "2020-12-31")

    assert shown["treasury"] == 21_200
    assert again == shown


def test_an_issuer_typed_in_the_other_spelling_is_recorded_whole(capital: Typed) -> None:
    words = "--name Café --currency EUR --profile none".split()
    capital.ok("issuer", "register", "CAFE\u0301", *words)

    (line,) = exported(capital)

    assert line["code"] == line["issuer"] == "CAF\u00c9"
    assert capital.json("shares", "CAF\u00c9", "--on", "2020-12-31") == []


# --- files that are no lines ---------------------------------------------------------------------


def test_an_empty_file_is_refused(capital: Typed) -> None:
    assert "empty" in unread(capital, "")
    assert "empty" in unread(capital, "\n  \n\r\n")


def test_blank_lines_and_windows_line_ends_are_no_lines(capital: Typed) -> None:
    text = "\r\n\r\n".join(json.dumps(line) for line in ACME)

    capital.ok("import", "-", stdin=text)

    assert exported(capital) == ACME


def test_a_byte_order_mark_is_no_part_of_the_first_line(capital: Typed) -> None:
    capital.ok("import", "-", stdin=b"\xef\xbb\xbf" + jsonl(*ACME).encode())

    assert exported(capital) == ACME


def test_a_missing_last_line_end_is_no_matter(capital: Typed) -> None:
    capital.ok("import", "-", stdin=jsonl(*ACME).rstrip("\n"))

    assert exported(capital) == ACME


@pytest.mark.parametrize(
    "data",
    [
        jsonl(*ACME).encode("utf-16"),
        jsonl(ACME[0]).encode() + '{"name": "Société"}\n'.encode("latin-1"),
        bytes(range(256)) * 20,
        b"\x1f\x8b\x08\x00" + bytes(1000),
        b"\x00" * 100,
    ],
    ids=["utf-16", "latin-1", "binary", "gzip", "zeros"],
)
def test_what_is_no_utf_8_text_is_refused(capital: Typed, data: bytes) -> None:
    assert "-:" in unread(capital, data)


def test_a_file_that_is_not_there_is_named(capital: Typed, tmp_path: Path) -> None:
    for name in (tmp_path / "nothing.jsonl", tmp_path):
        said = capital.refused("import", name, code=2)
        assert str(name) in said


@pytest.mark.sqlite_file
def test_the_import_of_a_ledger_file_is_refused(capital: Typed) -> None:
    said = capital.refused("import", capital.path, code=2)

    assert f"{capital.path}:" in said


# --- lines that are no events --------------------------------------------------------------------


def test_a_bad_line_is_named_by_file_line_field_and_value(capital: Typed, tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    file.write_text(jsonl(*ACME[:3], {**PURCHASE, "shares": "many"}))

    said = capital.refused("import", file, code=2)

    assert f'{file}:4: shares: "many"' in said
    assert capital.ok("export") == ""


def test_every_bad_line_is_named_at_once(capital: Typed) -> None:
    said = unread(
        capital,
        jsonl({**PURCHASE, "shares": -1}, *ACME, {**PURCHASE, "on": "2020-02-30"}, "{"),
    )

    assert "-:1: shares: -1" in said
    assert '-:6: on: "2020-02-30"' in said
    assert "-:7: is not JSON" in said


BAD_LINES: dict[str, tuple[str, str]] = {
    "no JSON": ("issued 206478", "is not JSON"),
    "half a line": ('{"issuer": "ACME", "on', "is not JSON"),
    "two on one line": (json.dumps(PURCHASE) * 2, "is not JSON"),
    "a list": (json.dumps([PURCHASE]), "is not a JSON object"),
    "a number": ("206478", "is not a JSON object"),
    "null": ("null", "is not a JSON object"),
    "one name twice": ('{"issuer": "ACME", "issuer": "BOLT"}', "issuer: occurs twice"),
    "one name twice, deep": (
        '{"issuer": "ACME", "amount": {"amount": "1", "amount": "2"}}',
        "amount: occurs twice",
    ),
    "NaN": (json.dumps({**PURCHASE, "shares": float("nan")}), "NaN"),
    "infinity": (json.dumps({**PURCHASE, "shares": float("-inf")}), "Infinity"),
    "deep nesting": ('{"a":' * 100_000 + "1" + "}" * 100_000, "is not JSON"),
    "deep lists": ("[" * 100_000 + "]" * 100_000, "is not JSON"),
    "a number of many digits": ('{"issued": ' + "9" * 5000 + "}", "is not JSON"),
    "unclosed text": ('{"issuer": "ACME', "is not JSON"),
    "no event": ('{"issuer": "ACME"}', "event: is missing"),
}


@pytest.mark.parametrize("what", BAD_LINES)
def test_what_is_no_line_is_told_with_its_place(capital: Typed, what: str) -> None:
    text, words = BAD_LINES[what]

    said = unread(capital, jsonl(ACME[0], text))

    assert "-:2: " in said
    assert words in said


# How deep a line may be depends on the stack below: here it is that of `capital`, in a test more.
IN_TURN = """
import sys
from commands.main import main

for file in sys.argv[1:]:
    sys.argv[1:] = ["import", file]
    try:
        main()
    except SystemExit as ended:
        print("exit", ended.code, file=sys.stderr)
"""


def test_nesting_of_any_depth_is_refused_calmly(capital: Typed, tmp_path: Path) -> None:
    files = []
    for depth in (50, 300, 500, 700, 850, 900, 950, 990, 1100, 3000):
        nested = '{"a":' * depth + "1" + "}" * depth
        lists = "[" * depth + "]" * depth
        for name, part in (("objects", nested), ("lists", lists)):
            files.append(tmp_path / f"{name}-{depth}.jsonl")
            text = json.dumps({**PURCHASE, "note": "HERE"}).replace('"HERE"', part)
            files[-1].write_text(text, encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, "-c", IN_TURN, *files],
        cwd=ROOT,
        env=environment(capital.path),
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    told = re.split(r"^exit 2\n", ended.stderr, flags=re.MULTILINE)
    assert told.pop() == ""
    assert len(told) == len(files)
    for file, said in zip(files, told, strict=True):
        assert said.startswith(f"Error: {file}:1: ")


BAD_FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown event": ({"event": "SharesRepurchase"}, "event"),
    "an event of the library": ({"event": "subprocess:Popen"}, "event"),
    "an event that is no text": ({"event": 7}, "event"),
    "the register's own entry": ({"event": "Entry"}, "event"),
    "an unknown field": ({"share": 5}, "share"),
    "a field of another event": ({"per_share": "1"}, "per_share"),
    "a version": ({"version": 3}, "version"),
    "the name of the parameter": ({"originator_version": 3}, "originator_version"),
    "shares with a fraction": ({"shares": 12.5}, "shares"),
    "shares as text": ({"shares": "1200"}, "shares"),
    "shares as true": ({"shares": True}, "shares"),
    "a whole float": ({"shares": 1200.0}, "shares"),
    "fewer than no shares": ({"shares": -1}, "shares"),
    "more shares than there are": ({"shares": 10**30}, "shares"),
    "money as a number": ({"amount": 12.5}, "amount"),
    "money with a fraction": ({"amount": {"amount": 12.5, "currency": "JPY"}}, "amount.amount"),
    "money in powers": ({"amount": {"amount": "1e5", "currency": "JPY"}}, "amount.amount"),
    "money with separators": ({"amount": {"amount": "1,000", "currency": "JPY"}}, "amount.amount"),
    "money below zero": ({"amount": {"amount": "-1", "currency": "JPY"}}, "amount.amount"),
    "money that is no number": ({"amount": {"amount": "NaN", "currency": "JPY"}}, "amount.amount"),
    "money in other digits": (
        {"amount": {"amount": "\uff11\uff12", "currency": "JPY"}},
        "amount.amount",
    ),
    "a huge number as money": ({"amount": {"amount": "9" * 60, "currency": "JPY"}}, "amount"),
    "no currency": ({"amount": {"amount": "1"}}, "amount.currency"),
    "a currency nobody knows": ({"amount": {"amount": "1", "currency": "YEN"}}, "currency"),
    "a currency in small letters": ({"amount": {"amount": "1", "currency": "jpy"}}, "currency"),
    "more in money": ({"amount": {"amount": "1", "currency": "JPY", "tax": "0"}}, "amount.tax"),
    "a day that is not": ({"on": "2020-02-30"}, "on"),
    "a day written otherwise": ({"on": "2020/08/07"}, "on"),
    "a day with a time": ({"on": "2020-08-07T00:00:00"}, "on"),
    "a day as a number": ({"on": 20200807}, "on"),
    "a day as seconds in text": ({"on": "1596758400"}, "on"),
    "a day as seconds in short": ({"on": "0"}, "on"),
    "a settlement as seconds": ({"settled_on": "1596844800"}, "settled_on"),
    "no day": ({"on": None}, "on"),
    "a settlement before the trade": ({"settled_on": "2020-08-06"}, "settled_on"),
    "a disclosure without a zone": ({"disclosed_at": "2020-08-07T15:00:00"}, "disclosed_at"),
    "a disclosure as seconds": ({"disclosed_at": "1596758400"}, "disclosed_at"),
    "a destination nobody knows": ({"destination": "DRAWER"}, "destination"),
    "no class": ({"class": None}, "class"),
    "the sum of classes": ({"class": "all"}, "class"),
    "an action that is taken": ({"action": "class-common"}, "class-common"),
    "an action with blanks": ({"action": "a program"}, "action"),
    "an empty action": ({"action": ""}, "action"),
    "an empty key": ({"key": ""}, "key"),
    "a key of many letters": ({"key": "k" * 201}, "key"),
    "a key that is no text": ({"key": 4}, "key"),
    "an empty issuer": ({"issuer": ""}, "issuer"),
    "an issuer like an option": ({"issuer": "--help"}, "issuer"),
    "a source without a title": ({"source": {"page": 1}}, "source.title"),
    "a source that is a text": ({"source": "a notice"}, "source"),
    "a meeting of nobody": ({"meeting": {"body": "CLUB", "held_on": "2020-08-05"}}, "meeting"),
    "half a surrogate": ({"note": "\ud800"}, ""),
    "half a surrogate as a name": ({"\ud800": 1}, ""),
    "half a surrogate as the event": ({"event": "\ud800"}, "event"),
}


@pytest.mark.parametrize("what", BAD_FIELDS)
def test_a_bad_field_is_told_by_its_name(capital: Typed, what: str) -> None:
    changes, field = BAD_FIELDS[what]

    said = unread(capital, jsonl(*ACME[:3], {**PURCHASE, **changes}))

    assert "-:4: " in said
    assert field in said


@pytest.mark.parametrize("value", ["1e400", "-1e400", "1E5", "12.50", "0.1"])
def test_a_number_with_a_fraction_or_a_power_is_no_figure(capital: Typed, value: str) -> None:
    text = json.dumps(PURCHASE).replace('"1812000"', value)

    assert "amount.amount" in unread(capital, jsonl(*ACME[:3], text))


@pytest.mark.parametrize("rule", ["no-such-rule", "counts-not-negative", "order-of-events"])
def test_only_a_rule_that_can_be_acknowledged_is(capital: Typed, rule: str) -> None:
    known = [{"rule": rule, "reason": "because"}]

    result = capital("import", "-", stdin=jsonl(*ACME[:3], {**PURCHASE, "acknowledged": known}))

    assert result.exit_code in (1, 2)
    assert rule in result.stderr
    assert capital.ok("export") == ""


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a purchase before its authorization": ({"on": "2020-08-04"}, "order-of-events"),
    "more than there are": ({"shares": 2_000_000}, "counts-not-negative"),
    "an action of another class": ({"class": "preferred"}, "one-kind-one-class"),
    "an action of another kind": (
        {"event": "SharesAcquired", "cause": "ODD_LOT"},
        "one-kind-one-class",
    ),
    "a reversal of nothing": (
        {
            "event": "EventReversed",
            "reverses": {"key": "nobody"},
            "reason": "because",
            "shares": None,
            "amount": None,
            "settled_on": None,
        },
        "nobody",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refused_line_is_named_with_its_rule(capital: Typed, what: str) -> None:
    changes, rule = REFUSED[what]
    line = {k: v for k, v in {**PURCHASE, **changes, "key": "acme-5"}.items() if v is not None}

    said = turned_down(capital, *ACME, line)

    assert rule in said
    assert "-:5" in said


def test_standard_input_may_be_read_beside_files(capital: Typed, tmp_path: Path) -> None:
    file = tmp_path / "first.jsonl"
    file.write_text(jsonl(ACME[0]))

    capital.ok("import", file, "-", stdin=jsonl(*ACME[1:]))

    assert exported(capital) == ACME


def test_an_export_of_nobody_is_empty_and_of_a_stranger_refused(capital: Typed) -> None:
    assert capital.ok("export") == ""
    assert "NOBODY" in capital.refused("export", "NOBODY")


def test_import_answers_programs_too(acme: Typed) -> None:
    more = {**PURCHASE, "on": "2020-08-11", "settled_on": "2020-08-14", "key": "acme-5"}

    (answer,) = json.loads(acme.ok("import", "-", "--format", "json", stdin=jsonl(*ACME, more)))

    assert answer["issuer"] == "ACME"
    assert answer["entry"] == 2
    assert [line["key"] for line in answer["recorded"]] == ["acme-5"]
    assert len(answer["hits"]) == 4
    assert [(p["class"], p["treasury"]) for p in answer["positions"]] == [("common", 22_400)]


@pytest.mark.parametrize("cut", [1, 100, 1000])
def test_a_file_that_breaks_off_records_nothing(capital: Typed, cut: int) -> None:
    text = jsonl(*ACME)

    unread(capital, text[: len(text) - 1 - cut])

    assert told_calmly(capital, "shares", "ACME") == 1
