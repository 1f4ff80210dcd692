"""Many who record at once, and servers and processes that are killed: nothing lost, nothing twice.

By default a few seconds; a minute with HYPOTHESIS_PROFILE=long.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.history.history import today_anywhere
from ledger.store.ledger import Ledger
from ledger.store.stored import StoredRow
from ledger.values.ids import register_id
from projections.audit.verify import verify
from tests.conftest import book, record_lines
from tests.stores import Server, at
from tests.strategies import registration

ROOT = Path(__file__).parent.parent
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
SECONDS = 60 if LONG else 5

# Records until it is told to stop; what was acknowledged is printed as "issuer key entry". A
# ledger that is out of reach, or never free, is tried again with the same key, as a person would.
WRITER = """
import random, sys, time
from uuid import uuid4
from ledger.errors import StoreUnusable
from ledger.lines.parsing import event_from
from ledger.recording.record import Command, record
from ledger.store.ledger import Ledger

def patiently(act):
    while True:
        try:
            return act()
        except StoreUnusable as problem:
            print("told", problem.message, flush=True)
            time.sleep(0.2)

location, codes, seconds = sys.argv[1], sys.argv[2].split(","), float(sys.argv[3])
ledger = patiently(lambda: Ledger.open(location))
until = time.monotonic() + seconds
while time.monotonic() < until:
    issuer, key = random.choice(codes), uuid4().hex
    event = event_from({
        "issuer": issuer, "class": "common", "action": "odd-" + key, "event": "SharesAcquired",
        "on": "2020-04-30", "shares": 1, "cause": "ODD_LOT",
    })
    command = Command(issuer, [event], "writer", key=key)
    receipt = patiently(lambda: record(ledger, command))
    line = receipt.entry if receipt.entry is not None else receipt.hits[0].entry
    print("done", issuer, key, line.number, flush=True)
"""


@contextmanager
def writing(
    place: object, codes: list[str], seconds: float, *, processes: int = 8
) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that record for these issuers, each from a random one to the next."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(place), ",".join(codes), str(seconds)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    try:
        yield writers
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()


def acknowledged(writers: list[subprocess.Popen[str]]) -> list[tuple[str, str, int]]:
    """What they were told was recorded: issuer, key, entry; fails where one fell over."""
    found = []
    for writer in writers:
        out, err = writer.communicate(timeout=180)
        assert writer.returncode in (0, -9), err
        for text in out.split("\n")[:-1]:
            words = text.split()
            if words[0] == "done":
                found.append((words[1], words[2], int(words[3])))
    return found


def registered(ledger: Ledger, codes: list[str]) -> None:
    for code in codes:
        record_lines(ledger, {**registration(), "issuer": code, "code": code})


def assert_everything_is_there_once(
    ledger: Ledger, codes: list[str], told: list[tuple[str, str, int]]
) -> None:
    stored = {
        (issuer, fact.event.key): fact.entry.number
        for issuer in codes
        for fact in book(ledger, issuer).history.facts
    }
    for issuer, key, entry in told:
        assert stored.get((issuer, key)) == entry, f"{issuer} {key} was acknowledged"
    with ledger.snapshot() as moment:
        rows = [row.row for row in moment.rows()]
        assert rows == list(range(1, len(rows) + 1))
        for issuer in codes:
            entries = [entry.number for entry, _ in ledger.entries(issuer)]
            assert entries == list(range(1, len(entries) + 1))
            assert moment.last_version(register_id(issuer).hex) == len(entries)
    assert verify(ledger, [], None, today_anywhere(datetime.now(UTC))).faults == []


@pytest.mark.parametrize("issuers", [1, 50])
def test_eight_processes_lose_nothing_and_double_nothing(path: Path, issuers: int) -> None:
    codes = [f"C{number}" for number in range(issuers)]
    with Ledger.create(at(path)) as ledger:
        registered(ledger, codes)

    began = time.monotonic()
    with writing(at(path), codes, SECONDS) as writers:
        told = acknowledged(writers)
    took = time.monotonic() - began

    print(f"{len(told)} entries of {issuers} issuers in {took:.1f} s by 8 processes")  # noqa: T201 - the figure is asked for
    assert max(Counter(told).values()) == 1
    with Ledger.open(at(path)) as ledger:
        assert_everything_is_there_once(ledger, codes, told)


def test_whoever_reads_on_from_the_last_row_misses_nothing(path: Path) -> None:
    codes = ["A", "B", "C"]
    with Ledger.create(at(path)) as ledger:
        registered(ledger, codes)
    seen: list[StoredRow] = []
    with Ledger.open(at(path)) as ledger:
        with writing(at(path), codes, 3) as writers:
            while any(writer.poll() is None for writer in writers):
                with ledger.snapshot() as moment:
                    seen += moment.rows(seen[-1].row + 1 if seen else 1)
            acknowledged(writers)
        with ledger.snapshot() as moment:
            seen += moment.rows(seen[-1].row + 1)
            assert seen == list(moment.rows())


def test_killed_writers_leave_every_acknowledged_entry_and_no_half_one(path: Path) -> None:
    codes = ["A", "B"]
    with Ledger.create(at(path)) as ledger:
        registered(ledger, codes)

    told = []
    for _ in range(3):
        with writing(at(path), codes, 60, processes=4) as writers:
            for writer in writers:
                assert writer.stdout is not None
                first = writer.stdout.readline().split()
                told.append((first[1], first[2], int(first[3])))
            for writer in writers:
                writer.kill()
            told += acknowledged(writers)

    with Ledger.open(at(path)) as ledger:
        assert_everything_is_there_once(ledger, codes, told)
        record_lines(ledger, {**registration(), "issuer": "Z", "code": "Z"})


def test_a_killed_server_comes_back_with_every_acknowledged_entry() -> None:
    """The writers wait for it, and go on: each entry once, whether its answer was lost or not."""
    server = Server(survives=True)
    try:
        url, codes = server.url("killed"), ["A", "B"]
        with Ledger.create(url) as ledger:
            registered(ledger, codes)
        with writing(url, codes, 60 if LONG else 8, processes=4) as writers:
            for _ in range(5 if LONG else 2):
                time.sleep(2.5)
                server.kill()
                server.start()
            told = acknowledged(writers)

        assert told
        with Ledger.open(url) as ledger:
            assert_everything_is_there_once(ledger, codes, told)
    finally:
        server.stop()
