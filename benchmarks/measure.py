"""Paired measurements of cold processes, told as ratios.

What is measured is processor time: user and system time of the child process (and of what it waits
for), as the kernel counts it, so that other work on the machine disturbs it little. Wall-clock time
is never looked at. Memory is the child's highest resident set.

Two commands are run in turn, one, other, one, other, so that whatever slows the machine down slows
both; their ratio is of the best run of each, and the ratio of the medians stands beside it. The
first run of each is not counted: it warms the file cache and writes the byte code.
"""

from __future__ import annotations

import math
import os
import resource
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import IO

KILOBYTES = 1024
READ_AT_MOST = 2**20  # bytes of an answer
ROOT = Path(__file__).resolve().parent.parent


class WrongAnswer(Exception):
    """What was measured did not do what it should have done."""


def no_preparation() -> None:
    """Nothing has to be done before a run."""


def any_answer(_: str) -> None:
    """Nothing can be said about the output."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is run, what makes it ready each time, and what its output must say."""

    name: str
    argv: Sequence[str]
    prepare: Callable[[], None] = no_preparation
    check: Callable[[str], None] = any_answer
    """Raises WrongAnswer; called with the (end of the) standard output of every run."""
    fresh: Callable[[], Sequence[str]] = tuple
    """Arguments that differ each time."""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds of processor time and peak memory in bytes."""

    seconds: float
    peak: int


@dataclass(frozen=True, slots=True)
class Series:
    """Several runs of one command."""

    command: Command
    runs: list[Run]

    @property
    def best(self) -> float:
        """The run that was disturbed least."""
        return min(run.seconds for run in self.runs)

    @property
    def middle(self) -> float:
        return median(run.seconds for run in self.runs)

    @property
    def peak(self) -> int:
        return max(run.peak for run in self.runs)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two commands measured in turn."""

    one: Series
    other: Series

    @property
    def ratio(self) -> float:
        """Best of the one over best of the other."""
        return self.one.best / self.other.best

    @property
    def middle_ratio(self) -> float:
        return self.one.middle / self.other.middle


def run(command: Command) -> Run:
    """Run a command cold and hold its answer against what it should be.

    `ru_maxrss` of a child is never below what its parent held when it was started, so the parent
    keeps small: it imports no more than click and holds no workload.
    """
    command.prepare()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **command.environment}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(  # noqa: S603 - our own commands
            [*command.argv, *command.fresh()],
            stdout=out,
            stderr=err,
            stdin=subprocess.DEVNULL,
            env=environment,
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            raise WrongAnswer(f"{command.name} ended with {child.returncode}: {_end(err)}")
        command.check(_end(out))
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * KILOBYTES)


def own_peak() -> int:
    """The peak memory of this process in bytes, below which no child is seen."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTES


def _end(file: IO[bytes]) -> str:
    """The end of what was written; all of it would make this process large."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - READ_AT_MOST))
    return file.read().decode(errors="replace")


def interleaved(
    commands: Sequence[Command], *, times: int, enough: float = math.inf, warm: bool = True
) -> list[Series]:
    """Each command in turn, `times` times; one that has used up `enough` seconds rests.

    So a long command is run once or twice, and the short one beside it still as often as asked.
    """
    if warm:
        for command in commands:
            run(command)
    runs: list[list[Run]] = [[] for _ in commands]
    for _ in range(times):
        for done, command in zip(runs, commands, strict=True):
            if sum(run.seconds for run in done) < enough:
                done.append(run(command))
    return [Series(command, done) for command, done in zip(commands, runs, strict=True)]


def paired(
    one: Command, other: Command, *, times: int, enough: float = math.inf, warm: bool = True
) -> Pair:
    """Two commands in turn."""
    return Pair(*interleaved([one, other], times=times, enough=enough, warm=warm))


def growth_exponent(points: Mapping[int, float]) -> float:
    """The slope of seconds over events, both as logarithms: 1 is linear, 2 quadratic."""
    xs = [math.log(size) for size in points]
    ys = [math.log(seconds) for seconds in points.values()]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum(
        (a - x) ** 2 for a in xs
    )
