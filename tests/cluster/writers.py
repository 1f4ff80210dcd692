"""Processes that record through `capital`, as users do who know what to do in an outage."""

from __future__ import annotations

import json
import multiprocessing
import random
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from click.testing import CliRunner, Result

from commands.main import cli
from tests.cluster.nodes import wait_for

ONE_OF_SO_MANY_GIVES_UP = 3
"""Of the commands that fail, one in three is not typed again: to hold it to what it said."""
FINISHING_SECONDS = 180


@dataclass(frozen=True)
class Failure:
    """A command that did not succeed, and what it said."""

    exit_code: int
    said: str


@dataclass(frozen=True)
class Attempt:
    """One fact that a writer wanted recorded, and all that it was told about it."""

    issuer: str
    key: str
    entry: int | None
    """The entry that was acknowledged; None where the writer gave up."""
    ended: float
    """On the machine's clock that only ascends, which is one for all processes."""
    seconds: float
    """How long the last typing of the command took."""
    failures: list[Failure]

    @classmethod
    def from_json(cls, text: str) -> Self:
        values: dict[str, Any] = json.loads(text)
        return cls(**values | {"failures": [Failure(**each) for each in values["failures"]]})


def capital(url: str, *words: object) -> Result:
    """`capital` as it is typed, and what it answers."""
    env = {"CAPITAL_LEDGER": url, "CAPITAL_BY": "tester"}
    return CliRunner(env=env).invoke(cli, [str(word) for word in words])


def write(url: str, issuers: Sequence[str], name: str, folder: Path) -> None:
    """Record fact after fact for any of these issuers, until the file `stop` is there."""
    dice = random.Random(name)
    number = 0
    with (folder / f"{name}.jsonl").open("a", encoding="utf-8", buffering=1) as told:
        while not (folder / "stop").exists():
            number += 1
            patient = dice.randrange(ONE_OF_SO_MANY_GIVES_UP) != 0
            attempt = recorded(url, dice.choice(issuers), f"{name}-{number}", patient=patient)
            told.write(json.dumps(asdict(attempt)) + "\n")


def recorded(url: str, issuer: str, key: str, *, patient: bool) -> Attempt:
    """Type a command; where the ledger cannot be reached, again as it was typed."""
    words = ("class", "report", issuer, "common", "--on", "2020-04-01", "--issued", 1000)
    failures: list[Failure] = []
    give_up_at = time.monotonic() + FINISHING_SECONDS / 2
    while True:
        begun = time.monotonic()
        result = capital(url, *words, "--key", key)
        ended = time.monotonic()
        if result.exit_code == 0:
            number = re.search(r"\bentry (\d+)", result.stdout)
            assert number is not None, result.output
            return Attempt(issuer, key, int(number[1]), ended, ended - begun, failures)
        said = result.output or repr(result.exception)
        failures.append(Failure(result.exit_code, said))
        if not patient or result.exit_code != 3 or ended > give_up_at:
            return Attempt(issuer, key, None, ended, ended - begun, failures)
        time.sleep(0.5)


@dataclass(frozen=True)
class Writers:
    """Writers at work, and what they were told."""

    folder: Path

    def attempts(self) -> Iterator[Attempt]:
        """All that ended until now."""
        for told in sorted(self.folder.glob("*.jsonl")):
            for line in told.read_text(encoding="utf-8").splitlines(keepends=True):
                if line.endswith("\n"):  # else it is being written
                    yield Attempt.from_json(line)

    def acknowledged(self) -> list[Attempt]:
        """What was acknowledged, in the order in which it was."""
        found = [attempt for attempt in self.attempts() if attempt.entry is not None]
        return sorted(found, key=lambda attempt: attempt.ended)

    def wait_for_acknowledgment(self, since: float, seconds: float) -> None:
        """Wait until something is acknowledged that was not by this moment."""

        def look() -> bool | None:
            return any(a.ended > since for a in self.acknowledged()) or None

        wait_for("an acknowledgment", seconds, look)


@contextmanager
def writers(many: int, url: str, issuers: Sequence[str], folder: Path) -> Iterator[Writers]:
    """So many processes that record until the block ends, and finish what they are at."""
    spawn = multiprocessing.get_context("spawn")
    processes = [
        spawn.Process(target=write, args=(url, issuers, f"writer{number}", folder))
        for number in range(1, many + 1)
    ]
    for process in processes:
        process.start()
    try:
        yield Writers(folder)
        (folder / "stop").touch()
        for process in processes:
            process.join(FINISHING_SECONDS)
            assert process.exitcode == 0, f"{process.name} ended with {process.exitcode}"
    finally:
        for process in processes:
            process.kill()
            process.join()
