"""Import of files as vendors send them: bad lines left out and told, gzip, files of every kind."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Typed
from tests.test_exchange import ACME, PURCHASE, bolt, jsonl
from tests.test_store import ROOT, environment

BOLT = [*map(bolt, ACME)]
WHOLE = jsonl(*ACME).encode()


def written(folder: Path, data: str | bytes, name: str = "vendor.jsonl") -> Path:
    file = folder / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return file


def refused(capital: Typed, *words: object, code: int = 2) -> str:
    """What import says where it takes nothing: in words, and the ledger is as it was."""
    before = capital.ok("export")
    result = capital("import", *words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    assert result.stderr.startswith("Error: ")
    assert result.stdout == ""
    assert capital.ok("export") == before
    return result.stderr


def issuers_of(capital: Typed) -> list[str]:
    lines = map(json.loads, capital.ok("export").splitlines())
    return list(dict.fromkeys(line["issuer"] for line in lines))


def keys_of(capital: Typed) -> list[str]:
    return [json.loads(line)["key"] for line in capital.ok("export").splitlines()]


def skipping(
    capital: Typed, *files: object, report: Path, words: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """The report of an import that leaves bad issuers out; there is one, so it exits with 1."""
    result = capital("import", *files, "--skip-bad", "--report", report, *words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 1, result.output
    lines = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    many = "" if len(lines) == 1 else "s"
    assert f"{len(lines)} bad line{many} w" in result.stderr
    assert f"not recorded (see {report})" in result.stderr
    return lines


# --- bad issuers left out, and reported ----------------------------------------------------------


def test_good_issuers_are_recorded_and_every_bad_line_is_reported(
    capital: Typed, tmp_path: Path
) -> None:
    bad = {**BOLT[3], "shares": -7}
    worse = {**BOLT[2], "until": "2021-02-30"}
    file = written(tmp_path, jsonl(*ACME[:2], bad, *BOLT[:2], worse, *ACME[2:]))

    report = skipping(capital, file, report=tmp_path / "bad.jsonl")

    assert issuers_of(capital) == ["ACME"]
    assert keys_of(capital) == [line["key"] for line in ACME]
    assert [(line["file"], line["line"], line["issuer"]) for line in report] == [
        (str(file), 3, "BOLT"),
        (str(file), 6, "BOLT"),
    ]
    assert report[0]["problem"].startswith("shares: -7")
    assert report[1]["problem"].startswith('until: "2021-02-30"')
    assert {frozenset(line) for line in report} == {
        frozenset({"file", "line", "issuer", "problem", "remedy"})
    }


def test_an_issuer_is_left_out_whole_for_one_line_that_a_rule_refuses(
    capital: Typed, tmp_path: Path
) -> None:
    file = written(tmp_path, jsonl(*BOLT, {**BOLT[3], "shares": 60_000, "key": "b-9"}, *ACME))

    (told,) = skipping(capital, file, report=tmp_path / "bad.jsonl")

    assert issuers_of(capital) == ["ACME"]
    assert (told["file"], told["line"], told["issuer"]) == (str(file), 5, "BOLT")
    assert told["problem"].startswith("repurchase-caps: ")
    assert "61,200" in told["problem"]
    assert told["remedy"]


def test_bad_lines_of_several_files_name_each_its_own(capital: Typed, tmp_path: Path) -> None:
    good = written(tmp_path, jsonl(*ACME), "good.jsonl")
    bad = written(tmp_path, jsonl(*BOLT[:3], {**BOLT[3], "share": 5}), "bad.jsonl")

    (told,) = skipping(capital, good, bad, report=tmp_path / "report.jsonl")

    assert (told["file"], told["line"], told["issuer"]) == (str(bad), 4, "BOLT")
    assert told["problem"].startswith("share: ")
    assert issuers_of(capital) == ["ACME"]


def test_a_file_named_twice_adds_nothing_the_second_time(capital: Typed, tmp_path: Path) -> None:
    keyless = [{k: v for k, v in line.items() if k != "key"} for line in ACME]
    file = written(tmp_path, jsonl(*keyless, keyless[-1]))  # two equal lines are two facts

    said = capital.ok("import", file, file)

    assert said.startswith("ACME entry 1: 5 events, 5 already recorded\n")
    assert len(keys_of(capital)) == 5


def test_a_line_that_is_no_utf_8_is_a_bad_line_of_its_issuer(
    capital: Typed, tmp_path: Path
) -> None:
    latin = json.dumps({**BOLT[3], "note": "caf\xe9"}, ensure_ascii=False).encode("latin-1")
    file = written(tmp_path, jsonl(*ACME, *BOLT[:3]).encode() + latin + b"\n")

    (told,) = skipping(capital, file, report=tmp_path / "bad.jsonl")

    assert (told["file"], told["line"], told["issuer"]) == (str(file), 8, "BOLT")
    assert "is not UTF-8 text (byte " in told["problem"]
    assert issuers_of(capital) == ["ACME"]


def test_a_line_of_nobody_leaves_nobody_out_and_is_reported(capital: Typed, tmp_path: Path) -> None:
    file = written(tmp_path, jsonl(*ACME, "issued 206478"))

    (told,) = skipping(capital, file, report=tmp_path / "bad.jsonl")

    assert (told["line"], told["issuer"]) == (5, None)
    assert "is not JSON" in told["problem"]
    assert issuers_of(capital) == ["ACME"]


def test_an_issuer_is_left_out_for_a_new_bad_line_though_others_of_it_are_recorded(
    capital: Typed, tmp_path: Path
) -> None:
    capital.ok("import", "-", stdin=jsonl(*BOLT[:3]))
    file = written(tmp_path, jsonl(*ACME, *BOLT, {**BOLT[3], "shares": "many", "key": "b-9"}))

    skipping(capital, file, report=tmp_path / "bad.jsonl")

    assert capital.ok("export", "BOLT").count("\n") == 3
    assert capital.ok("export", "ACME").count("\n") == 4


def test_what_was_left_out_is_recorded_once_it_is_mended(capital: Typed, tmp_path: Path) -> None:
    file = written(tmp_path, jsonl(*ACME, *BOLT[:3], {**BOLT[3], "shares": -7}))
    skipping(capital, file, report=tmp_path / "bad.jsonl")

    said = capital.ok("import", written(tmp_path, jsonl(*ACME, *BOLT)))

    assert "ACME: nothing to add, 4 already recorded" in said
    assert "BOLT entry 1: 4 events" in said


def test_a_dry_run_that_skips_reports_and_records_nothing(capital: Typed, tmp_path: Path) -> None:
    file = written(tmp_path, jsonl(*ACME, {**BOLT[3], "shares": -7}))

    (told,) = skipping(capital, file, report=tmp_path / "bad.jsonl", words=("--dry-run",))

    assert told["line"] == 5
    assert capital.ok("export") == ""


def test_where_every_issuer_is_bad_nothing_is_recorded(capital: Typed, tmp_path: Path) -> None:
    file = written(tmp_path, jsonl({**PURCHASE, "shares": -1}, *BOLT[1:]))

    report = skipping(capital, file, report=tmp_path / "bad.jsonl")

    assert [line["issuer"] for line in report] == ["ACME", "BOLT"]  # BOLT was never registered
    assert capital.ok("export") == ""


def test_bad_lines_are_not_left_out_without_a_place_to_tell_them(
    capital: Typed, tmp_path: Path
) -> None:
    file = written(tmp_path, jsonl(*ACME))

    assert "--report FILE" in refused(capital, file, "--skip-bad")


@pytest.mark.parametrize("skip", [(), ("--skip-bad",)], ids=["all or nothing", "skipping"])
def test_a_report_that_is_there_is_never_overwritten(
    capital: Typed, tmp_path: Path, skip: tuple[str, ...]
) -> None:
    file = written(tmp_path, jsonl(*ACME, "{"))
    report = written(tmp_path, "last month's\n", "bad.jsonl")

    said = refused(capital, file, *skip, "--report", report)

    assert f"{report} already exists" in said
    assert report.read_text() == "last month's\n"


def test_a_file_without_bad_lines_is_recorded_and_its_report_is_empty(
    capital: Typed, tmp_path: Path
) -> None:
    report = tmp_path / "bad.jsonl"

    said = capital.ok("import", written(tmp_path, jsonl(*ACME)), "--skip-bad", "--report", report)

    assert "ACME entry 1: 4 events" in said
    assert not report.exists() or report.read_text() == ""


def test_a_report_without_skipping_tells_every_bad_line_and_records_nothing(
    capital: Typed, tmp_path: Path
) -> None:
    bad = [{**BOLT[3], "shares": -number} for number in range(1, 16)]
    report = tmp_path / "bad.jsonl"

    said = refused(capital, written(tmp_path, jsonl(*ACME, *bad)), "--report", report)

    assert "... and 5 more lines" in said
    told = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert [line["line"] for line in told] == list(range(5, 20))


def test_a_report_names_issuers_of_any_script(capital: Typed, tmp_path: Path) -> None:
    lines = [{**line, "issuer": "株式会社アクメ"} for line in ACME]
    file = written(tmp_path, jsonl({**lines[3], "shares": -1}, *ACME))

    (told,) = skipping(capital, file, report=tmp_path / "bad.jsonl")

    assert told["issuer"] == "株式会社アクメ"


def test_nothing_is_recorded_where_the_report_cannot_be_written(
    capital: Typed, tmp_path: Path
) -> None:
    file = written(tmp_path, jsonl(*ACME, {**BOLT[3], "shares": -7}))

    refused(capital, file, "--skip-bad", "--report", tmp_path / "nowhere" / "bad.jsonl")


def test_an_issuer_that_is_no_text_is_reported_calmly(capital: Typed, tmp_path: Path) -> None:
    file = written(tmp_path, jsonl(*ACME, {**BOLT[0], "issuer": "\ud800"}))

    (told,) = skipping(capital, file, report=tmp_path / "bad.jsonl")

    assert told["line"] == 5


def test_an_issuer_is_left_out_whole_however_its_bad_line_spells_it(
    capital: Typed, tmp_path: Path
) -> None:
    composed, decomposed = "CAF\u00c9", "CAFE\u0301"
    lines = [{**line, "issuer": composed} for line in ACME]
    lines[0]["code"] = composed
    file = written(tmp_path, jsonl(*lines[:3], {**lines[3], "issuer": decomposed, "shares": -1}))

    skipping(capital, file, report=tmp_path / "bad.jsonl")

    assert capital.ok("export") == ""


def test_an_issuer_is_left_out_whole_for_a_line_with_a_name_twice(
    capital: Typed, tmp_path: Path
) -> None:
    twice = json.dumps(PURCHASE).removesuffix("}") + ', "shares": 5}'
    file = written(tmp_path, jsonl(*ACME[:3], twice))

    (told,) = skipping(capital, file, report=tmp_path / "bad.jsonl")

    assert told["issuer"] == "ACME"
    assert capital.ok("export") == ""


def test_a_report_without_skipping_tells_a_line_that_a_rule_refuses(
    capital: Typed, tmp_path: Path
) -> None:
    file = written(tmp_path, jsonl(*ACME, {**PURCHASE, "shares": 60_000, "key": "acme-5"}))
    report = tmp_path / "bad.jsonl"

    refused(capital, file, "--report", report, code=1)

    assert json.loads(report.read_text("utf-8"))["line"] == 5


# --- gzip ----------------------------------------------------------------------------------------


def import_from_a_pipe(path: Path, *chunks: bytes) -> tuple[int, str, str]:
    """`capital import -` in a process of its own, which reads a real pipe."""
    process = subprocess.Popen(
        [sys.executable, "-m", "commands.main", "import", "-"],
        cwd=ROOT,
        env=environment(path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, err = process.communicate(b"".join(chunks), timeout=60)
    assert b"Traceback" not in err
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize("name", ["vendor.jsonl.gz", "vendor.jsonl"])
def test_what_is_gzip_is_unpacked_whatever_its_name(
    capital: Typed, tmp_path: Path, name: str
) -> None:
    capital.ok("import", written(tmp_path, gzip.compress(WHOLE), name))

    assert keys_of(capital) == [line["key"] for line in ACME]


def test_gzip_in_several_members_is_one_file(capital: Typed, tmp_path: Path) -> None:
    data = gzip.compress(WHOLE[:300]) + gzip.compress(WHOLE[300:])

    capital.ok("import", written(tmp_path, data))

    assert keys_of(capital) == [line["key"] for line in ACME]


def test_a_file_and_its_gzip_are_the_same_facts(capital: Typed, tmp_path: Path) -> None:
    capital.ok("import", written(tmp_path, WHOLE))

    again = capital.ok("import", written(tmp_path, gzip.compress(WHOLE), "vendor.gz"))

    assert again == "ACME: nothing to add, 4 already recorded\n"


def test_gzip_is_read_from_standard_input(capital: Typed) -> None:
    code, out, err = import_from_a_pipe(capital.path, gzip.compress(WHOLE))

    assert code == 0, err
    assert "ACME entry 1: 4 events" in out


def test_a_bad_line_in_gzip_is_named_by_the_file_and_its_line_unpacked(
    capital: Typed, tmp_path: Path
) -> None:
    file = written(tmp_path, gzip.compress(WHOLE + b'{"event": "Nothing"}\n'), "vendor.gz")

    assert f'{file}:5: event: "Nothing"' in refused(capital, file)


@pytest.mark.parametrize("kept", [3, 9, 12, 60, 200, -20, -8, -1])
def test_gzip_that_breaks_off_records_nothing(capital: Typed, tmp_path: Path, kept: int) -> None:
    file = written(tmp_path, gzip.compress(WHOLE)[:kept], "vendor.gz")

    said = refused(capital, file)

    assert f"{file}:" in said
    assert "truncated or damaged" in said


def test_gzip_from_a_pipe_that_breaks_off_records_nothing(capital: Typed) -> None:
    code, out, err = import_from_a_pipe(capital.path, gzip.compress(WHOLE)[:-8])

    assert (code, out) == (2, "")
    assert "Error: -:" in err
    assert capital.ok("export") == ""


@pytest.mark.parametrize("at", [2, 3, 20, 60, 150, -8, -6, -3])
def test_gzip_with_a_byte_altered_records_nothing(capital: Typed, tmp_path: Path, at: int) -> None:
    data = bytearray(gzip.compress(WHOLE))
    data[at] ^= 0xFF
    file = written(tmp_path, bytes(data), "vendor.gz")

    assert f"{file}:" in refused(capital, file)


def test_gzip_with_something_behind_it_records_nothing(capital: Typed, tmp_path: Path) -> None:
    file = written(tmp_path, gzip.compress(WHOLE) + b"and more", "vendor.gz")

    assert f"{file}:5: cannot be unpacked" in refused(capital, file)


@pytest.mark.parametrize("packed", [bytes(reversed(range(256))) * 9, b"garbage", b"", b"\n \n"])
def test_gzip_of_what_is_no_line_records_nothing(
    capital: Typed, tmp_path: Path, packed: bytes
) -> None:
    file = written(tmp_path, gzip.compress(packed), "vendor.gz")

    said = refused(capital, file)

    assert f"{file}:1: " in said or "the file is empty" in said


def test_gzip_within_gzip_is_not_unpacked_twice(capital: Typed, tmp_path: Path) -> None:
    file = written(tmp_path, gzip.compress(gzip.compress(WHOLE)), "vendor.gz.gz")

    assert f"{file}:1: is not UTF-8 text" in refused(capital, file)


# --- files of every kind, good issuers first: nothing of them is recorded ------------------------

HEAD = jsonl(*ACME[:3])
FUTURE = {**PURCHASE, "on": "2999-08-07", "settled_on": "2999-08-12"}
JAPANESE = json.dumps({**PURCHASE, "note": "自己株式の取得"}, ensure_ascii=False)

FILES: dict[str, tuple[str | bytes, int, str]] = {
    "binary": (bytes(reversed(range(256))) * 20, 1, "is not UTF-8 text (byte 1"),
    "zeros": (bytes(100), 1, "is not JSON"),
    "Shift_JIS": (HEAD.encode() + JAPANESE.encode("shift_jis"), 4, "is not UTF-8 text"),
    "EUC-JP": (HEAD.encode() + JAPANESE.encode("euc_jp"), 4, "is not UTF-8 text"),
    "UTF-16": (jsonl(*ACME).encode("utf-16"), 1, "is not UTF-8 text (byte 1"),
    "UTF-16 without a mark": (jsonl(*ACME).encode("utf-16-le"), 1, "is not JSON"),
    "a mark in the middle": (HEAD.encode() + b"\xef\xbb\xbf" + jsonl(PURCHASE).encode(), 4, "JSON"),
    "CR alone": (HEAD.replace("\n", "\r"), 1, "is not JSON: Extra data"),
    "one name twice": (HEAD + '{"issuer": "ACME", "event": "X", "event": "Y"}', 4, "event: occurs"),
    "one name twice within": (
        HEAD + json.dumps(PURCHASE).replace('"currency"', '"amount": "1", "currency"'),
        4,
        "amount: occurs twice",
    ),
    "NaN": (HEAD + jsonl({**PURCHASE, "shares": float("nan")}), 4, "NaN is not a JSON value"),
    "Infinity": (HEAD + jsonl({**PURCHASE, "shares": float("inf")}), 4, "Infinity is not a JSON"),
    "a line of 10 MB": (
        HEAD + jsonl({**PURCHASE, "note": "x" * 10_000_000}),
        4,
        "the limit is 8,388,608",
    ),
    "a field of 8 MB": (HEAD + jsonl({**PURCHASE, "note": "x" * 8_000_000}), 4, "note: "),
    "nesting": (HEAD + '{"a":' * 100_000 + "1" + "}" * 100_000, 4, "is not JSON: "),
    "negative shares": (HEAD + jsonl({**PURCHASE, "shares": -1200}), 4, "shares: -1200"),
    "an unknown event": (
        HEAD + jsonl({**PURCHASE, "event": "SharesRepurchase"}),
        4,
        "is not an event this version knows; did you mean SharesRepurchased",
    ),
    "an unknown field": (HEAD + jsonl({**PURCHASE, "share": 5}), 4, "share: "),
    "half a line": (HEAD + json.dumps(PURCHASE)[:-9], 4, "is not JSON"),
    "a table": ("issuer,event\nACME,IssuerRegistered\n", 1, "is not JSON"),
    "a list of lines": (json.dumps(ACME), 1, "is not a JSON object"),
}


@pytest.mark.parametrize("skip", [False, True], ids=["all or nothing", "report"])
@pytest.mark.parametrize("kind", FILES)
def test_a_bad_file_is_named_with_its_line_and_records_nothing(
    capital: Typed, tmp_path: Path, kind: str, skip: bool
) -> None:
    data, line, words = FILES[kind]
    file = written(tmp_path, data)

    said = refused(capital, file, *(("--report", tmp_path / "bad.jsonl") if skip else ()))

    assert f"{file}:{line}: " in said
    assert words in said
    assert len(said) < 2000  # a line of megabytes is not told whole


@pytest.mark.parametrize(
    "data", [b"", b"\n \n\t\r\n", b"\xef\xbb\xbf"], ids=["no", "blank", "mark"]
)
def test_a_file_without_a_line_is_refused(capital: Typed, tmp_path: Path, data: bytes) -> None:
    said = refused(capital, written(tmp_path, data))

    assert "no line to import: the file is empty" in said


@pytest.mark.parametrize(
    ("lines", "line", "rule"),
    [
        ([*ACME[:3], FUTURE], 4, "repurchase-window"),
        ([*ACME, {**PURCHASE, "shares": 1201}], 5, "idempotent: key 'acme-4'"),
        ([*ACME[:3], {**PURCHASE, "shares": 60_000}], 4, "repurchase-caps"),
        ([*ACME, {**PURCHASE, "on": "2020-08-04", "key": "acme-5"}], 5, "order-of-events"),
    ],
    ids=["a future date", "one key for two facts", "over the cap", "out of order"],
)
def test_a_line_that_a_rule_refuses_is_named_with_the_rule(
    capital: Typed, tmp_path: Path, lines: list[dict[str, Any]], line: int, rule: str
) -> None:
    file = written(tmp_path, jsonl(*BOLT, *lines))

    said = refused(capital, file, code=1)

    assert f"{file}:{line + len(BOLT)}: {rule}" in said


def test_of_two_facts_with_one_key_the_second_line_is_named(capital: Typed, tmp_path: Path) -> None:
    file = written(tmp_path, jsonl(*ACME, {**PURCHASE, "shares": 1201}))

    assert f"{file}:5: " in refused(capital, file, code=1)


def test_a_mark_and_windows_line_ends_and_no_last_one_are_no_matter(
    capital: Typed, tmp_path: Path
) -> None:
    data = b"\xef\xbb\xbf" + WHOLE.replace(b"\n", b"\r\n").removesuffix(b"\r\n")

    capital.ok("import", written(tmp_path, data))

    assert keys_of(capital) == [line["key"] for line in ACME]


def test_a_folder_and_a_file_that_is_not_there_are_named(capital: Typed, tmp_path: Path) -> None:
    good = written(tmp_path, WHOLE)

    assert f"{tmp_path} is a folder" in refused(capital, good, tmp_path)
    missing = tmp_path / "missing.jsonl"
    assert f"{missing} cannot be read: No such file" in refused(capital, good, missing)


def test_of_two_files_one_bad_neither_is_recorded(capital: Typed, tmp_path: Path) -> None:
    good = written(tmp_path, WHOLE, "good.jsonl")
    bad = written(tmp_path, jsonl(*BOLT[:3], {**BOLT[3], "shares": -1}), "bad.jsonl")

    for files in ((good, bad), (bad, good)):
        said = refused(capital, *files)
        assert f"{bad}:4: shares: -1" in said
        assert str(good) not in said


def test_one_bad_line_among_thousands_is_found(capital: Typed, tmp_path: Path) -> None:
    opening = [line | {"issued": 10**9} if "issued" in line else line for line in ACME[:2]]
    lines = [
        {
            "issuer": "ACME",
            "class": "common",
            "action": f"odd-lots-{number}",
            "event": "SharesAcquired",
            "on": "2020-09-30",
            "shares": 1 if number != 3_141 else -1,
            "cause": "ODD_LOT",
        }
        for number in range(5_000)
    ]
    file = written(tmp_path, jsonl(*opening, *lines))

    said = refused(capital, file)

    assert said.startswith(f"Error: {file}:3144: shares: -1")
    assert "more lines" not in said
