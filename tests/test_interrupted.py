"""Imports that are cut off: the ledger holds whole entries, the same command records the rest."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from ledger.store.ledger import Ledger
from tests.conftest import Typed, book
from tests.stores import at
from tests.test_exchange import ACME
from tests.test_store import ROOT, environment, finished, started

ISSUERS = 60
MOMENTS = 300 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 12
SEED = 20180524


def code_of(number: int) -> str:
    return f"VENDOR-{number:03}"


@pytest.fixture(scope="module")
def vendor(store: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four lines of each of many issuers, interleaved."""
    file = tmp_path_factory.mktemp("vendor") / "vendor.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for line in ACME:
            for number in range(ISSUERS):
                other = {**line, "issuer": code_of(number)}
                other |= {"code": code_of(number)} if "code" in line else {}
                out.write(json.dumps(other) + "\n")
    return file


def import_of(path: Path, file: Path) -> subprocess.Popen[str]:
    """An import of its own, which tells each issuer as it is typed on no terminal."""
    return started(path, "import", file)


@pytest.fixture(scope="module")
def window(vendor: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[float, float]:
    """Seconds from the start of an import to its first entry, and to its end."""
    path = tmp_path_factory.mktemp("window") / "capital.db"
    Ledger.create(at(path)).close()
    start = time.monotonic()
    process = import_of(path, vendor)
    first = None
    while process.poll() is None and first is None:
        first = time.monotonic() - start if recorded(path) else None
        time.sleep(0.005)
    code, _, err = finished(process)
    assert code == 0, err
    whole = time.monotonic() - start
    return first or whole, whole


def recorded(path: Path) -> list[str]:
    """The issuers that the ledger holds."""
    with Ledger.open(at(path)) as ledger:
        return list(ledger.issuers())


def assert_whole_entries(path: Path) -> list[str]:
    """The issuers in the ledger, each of them with all of its lines in one entry."""
    codes = recorded(path)
    with Ledger.open(at(path)) as ledger:
        for code in codes:
            history = book(ledger, code).history
            assert [entry.number for entry in history.entries] == [1]
            assert [fact.event.key for fact in history.facts] == [line["key"] for line in ACME]
    return codes


def assert_the_rest_is_finished(path: Path, file: Path, codes: list[str]) -> None:
    """The same command records what is missing, and a further one finds everything there."""
    capital = Typed(path)
    assert "verified: " in capital.ok("audit", "verify")

    said = capital.ok("import", file)
    again = capital.ok("import", file)

    hits = re.findall(r"^(\S+): nothing to add, 4 already recorded$", said, re.MULTILINE)
    new = re.findall(r"^(\S+) entry 1: 4 events$", said, re.MULTILINE)
    everybody = [code_of(number) for number in range(ISSUERS)]
    assert sorted(hits) == sorted(codes)
    assert sorted(hits + new) == everybody
    assert again.splitlines() == [
        f"{code}: nothing to add, 4 already recorded" for code in everybody
    ]
    assert "verified: " in capital.ok("audit", "verify")
    shares = capital.json("shares", everybody[-1], "--class", "common", "--on", "2020-12-31")
    assert shares["treasury"] == 21_200  # 20,000 + 1,200


def moments(window: tuple[float, float], many: int) -> Iterator[float]:
    """Random moments of an import, three of four of them while it writes."""
    dice = random.Random(SEED)
    first, whole = window
    for number in range(many):
        early = number % 4 == 0
        yield dice.uniform(0, first) if early else dice.uniform(0.9 * first, 1.05 * whole)


def test_an_import_killed_at_any_moment_holds_whole_entries_and_is_finished(
    vendor: Path, window: tuple[float, float], tmp_path: Path
) -> None:
    for number, moment in enumerate(moments(window, MOMENTS)):
        path = tmp_path / f"{number}.db"
        Ledger.create(at(path)).close()
        process = import_of(path, vendor)
        time.sleep(moment)
        process.kill()
        process.communicate(timeout=60)
        assert process.returncode in (-signal.SIGKILL, 0)

        codes = assert_whole_entries(path)
        assert_the_rest_is_finished(path, vendor, codes)


STOPPING = """
import os, signal, sys
# A shell that runs the suite in the background has its children ignore SIGINT.
signal.signal(signal.SIGINT, signal.default_int_handler)
from ledger.store.ledger import Ledger
from commands.main import main

of = int(sys.argv.pop(1))
with_signal = getattr(signal, sys.argv.pop(1))
save_rows = Ledger.save_rows
count = 0

def counted(self, rows):
    global count
    count += 1
    if count > of:
        os.kill(os.getpid(), with_signal)
    return save_rows(self, rows)

Ledger.save_rows = counted
main()
"""


@pytest.mark.parametrize("entries", [0, 1, 7, ISSUERS - 1])
@pytest.mark.parametrize("by", ["SIGKILL", "SIGINT"])
def test_an_import_that_is_stopped_between_two_entries_keeps_those_before(
    vendor: Path, path: Path, entries: int, by: str
) -> None:
    Ledger.create(at(path)).close()

    ended = subprocess.run(
        [sys.executable, "-c", STOPPING, str(entries), by, "import", str(vendor)],
        cwd=ROOT,
        env=environment(path),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert "Traceback" not in ended.stderr
    assert ended.returncode == (-signal.SIGKILL if by == "SIGKILL" else 1)
    codes = assert_whole_entries(path)
    assert codes == [code_of(number) for number in range(entries)]
    assert_the_rest_is_finished(path, vendor, codes)


def test_an_import_stopped_by_ctrl_c_ends_calmly(
    vendor: Path, window: tuple[float, float], path: Path
) -> None:
    first, whole = window
    Ledger.create(at(path)).close()
    process = import_of(path, vendor)
    time.sleep((first + whole) / 2)
    process.send_signal(signal.SIGINT)

    code, out, err = finished(process)  # without a traceback

    assert code in (0, 1, -signal.SIGINT)
    # On a fast day it has said everything before the signal comes.
    is_whole = out.count(" entry 1: ") == ISSUERS
    says_how = "Aborted!" in err or "run the same command again to record the rest" in err
    assert is_whole or says_how
    assert_the_rest_is_finished(path, vendor, assert_whole_entries(path))


def test_an_import_stopped_by_ctrl_c_says_how_to_go_on(vendor: Path, path: Path) -> None:
    Ledger.create(at(path)).close()

    ended = subprocess.run(
        [sys.executable, "-c", STOPPING, "7", "SIGINT", "import", str(vendor)],
        cwd=ROOT,
        env=environment(path),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 1
    assert "run the same command again to record the rest" in ended.stderr


def test_two_imports_cut_off_one_after_another_are_finished_by_a_third(
    vendor: Path, window: tuple[float, float], path: Path
) -> None:
    first, whole = window
    Ledger.create(at(path)).close()
    held = [0]
    for part in (0.3, 0.6):
        process = import_of(path, vendor)
        time.sleep(first + part * (whole - first))
        process.kill()
        process.communicate(timeout=60)
        held.append(len(assert_whole_entries(path)))

    assert all(before <= after for before, after in pairwise(held))
    assert_the_rest_is_finished(path, vendor, assert_whole_entries(path))
