"""Streams that are closed, full or read by nobody: the exit code, and what is said of a recording.

0 done; 1 the answer cannot be written; 4 recorded, but the receipt cannot be written.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Typed
from tests.stores import at

pytestmark = pytest.mark.sqlite_file

REGISTER = "issuer register ACME --name Acme --currency JPY --fiscal-year-end 03-31 --profile jp"
OPEN = "class open ACME common --on 2020-03-31 --issued 1000 --treasury 100 --authorized 4000"
ACQUIRE = "acquisition acquire ACME odd-lots --on 2020-06-01 --shares 5 --cause OTHER"
QUESTIONS = ["shares ACME", "shares ACME --format json", "export", "--help", "shares --help"]
RECEIPT_LOST = 4


@pytest.fixture
def acme(capital: Typed) -> Typed:
    capital.ok(*REGISTER.split())
    capital.ok(*OPEN.split())
    return capital


def run(path: Path, words: str, streams: str) -> subprocess.CompletedProcess[str]:
    """A command as a shell starts it, with its streams led elsewhere."""
    return to_pipe(path, words, subprocess.PIPE, streams)


def to_pipe(
    path: Path, words: str, stdout: int, streams: str = ""
) -> subprocess.CompletedProcess[str]:
    """A command whose standard output is this pipe; closed here at the end."""
    ended = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m commands.main {words} {streams}"],
        env={**os.environ, "CAPITAL_LEDGER": str(at(path)), "CAPITAL_BY": "tester"},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    if stdout >= 0:
        os.close(stdout)
    return ended


def entries(acme: Typed) -> int:
    return acme.ok("export").count("\n")


@pytest.mark.parametrize("words", QUESTIONS)
@pytest.mark.parametrize(
    ("streams", "why"),
    [(">/dev/full", "No space left on device"), (">&-", "standard output is closed")],
)
def test_an_answer_that_cannot_be_written_is_no_success(
    acme: Typed, path: Path, words: str, streams: str, why: str
) -> None:
    ended = run(path, words, streams)

    assert ended.returncode == 1
    assert ended.stderr == f"Error: the answer cannot be written: {why}\n"


@pytest.mark.parametrize("form", ["table", "json"])
@pytest.mark.parametrize(
    ("streams", "why"),
    [(">/dev/full", "No space left on device"), (">&-", "standard output is closed")],
)
def test_a_recording_without_a_receipt_names_its_entry(
    acme: Typed, path: Path, form: str, streams: str, why: str
) -> None:
    ended = run(path, f"{ACQUIRE} --format {form}", streams)

    assert ended.returncode == RECEIPT_LOST
    assert ended.stderr == f"Error: the receipt cannot be written: {why}; recorded: ACME entry 3\n"
    assert entries(acme) == 3


def test_an_import_without_a_receipt_names_its_entries(
    acme: Typed, path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(acme.ok("export").replace("ACME", "BETA") + acme.ok("export"))

    ended = run(path, f"import {file}", ">/dev/full")

    assert ended.returncode == RECEIPT_LOST
    assert ended.stderr.endswith("; recorded: BETA entry 1\n")


def test_a_dry_run_and_a_hit_record_nothing_that_could_lack_a_receipt(
    acme: Typed, path: Path
) -> None:
    acme.ok(*ACQUIRE.split(), "--key", "k1")

    for more in ("--key k1", "--key k2 --dry-run"):
        ended = run(path, f"{ACQUIRE} {more}", ">/dev/full")
        assert ended.returncode == 1
        assert "the answer cannot be written" in ended.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_pipe_is_told_as_a_full_disk_is(
    acme: Typed, path: Path, unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(writer, b"x" * 4096):
            pass

    ended = to_pipe(path, ACQUIRE, writer)

    os.close(reader)
    assert ended.returncode == RECEIPT_LOST
    assert "recorded: ACME entry 3" in ended.stderr


@pytest.mark.parametrize(("words", "code"), [("schema", 1), (ACQUIRE, RECEIPT_LOST)])
def test_a_pipe_that_nobody_reads_stays_quiet(
    acme: Typed, path: Path, words: str, code: int
) -> None:
    reader, writer = os.pipe()
    os.close(reader)

    ended = to_pipe(path, words, writer)

    assert (ended.returncode, ended.stderr) == (code, "")


@pytest.mark.parametrize("streams", ["<&-", "2>&-", "2>/dev/full", "<&- 2>&-"])
def test_no_other_closed_stream_is_in_the_way_of_an_answer(
    acme: Typed, path: Path, streams: str
) -> None:
    ended = run(path, "shares ACME --on 2020-03-31", streams)

    assert ended.returncode == 0
    assert ended.stdout == acme.ok("shares", "ACME", "--on", "2020-03-31")
    assert ended.stderr == ""


@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full", "2>&- >&-", ">/dev/full 2>&1"])
def test_an_error_that_cannot_be_told_keeps_its_exit_code(
    acme: Typed, path: Path, streams: str
) -> None:
    assert run(path, "shares NOBODY", streams).returncode == 1
    assert run(path, "shares --nothing", streams).returncode == 2
    assert run(path, "shares NOBODY", streams).stdout == ""


def test_all_streams_closed_the_entry_is_recorded_and_the_file_is_sound(
    acme: Typed, path: Path
) -> None:
    ended = run(path, ACQUIRE, "<&- >&- 2>&-")

    assert ended.returncode == RECEIPT_LOST
    assert "verified" in acme.ok("audit", "verify")


@pytest.mark.parametrize("words", ["import -", "tie-out ACME --figures -"])
def test_a_closed_standard_input_is_told_in_words(acme: Typed, path: Path, words: str) -> None:
    ended = run(path, words, "<&-")

    assert ended.returncode == 2
    assert ended.stderr.startswith("Error: standard input is closed\nTry: ")
