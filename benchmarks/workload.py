"""Files of events to import, of any size, with the answers they must lead to.

Of 1,000 companies, one (BUSY) has about a thousand events at every size, and the others share the
rest. The answers come from the generator's own arithmetic (`benchmarks.tally`), never from the
ledger. Nothing of a file is held: a million events are written in the room of a thousand.

    python -m benchmarks.workload 10000 --to DATA
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

import click

from benchmarks.company import ASKED_ON, LATE, OPENED_ON, SMALLEST, YEARS, Company, Step
from benchmarks.lines import Line
from benchmarks.tally import Counts, weekdays

ISSUERS = 1000
BUSY = "C0500"
"""The issuer with about a thousand events at every size."""
BUSY_EVENTS = 1000
SMALLEST_WORKLOAD = BUSY_EVENTS + (ISSUERS - 1) * SMALLEST
ASKED = "C0123"
"""An issuer as large as the others."""
SOLO = "SOLO"
SOLO_EVENTS = 2500
"""One company alone with its own journal: what a user of a journal would keep."""
PROGRAM = ("PROG", "repurchase")
"""Issuer and action of a file with one large action."""

Answers = dict[tuple[str, date], Counts]


class Journal(Protocol):
    """Something that is written beside the lines, from the same steps."""

    def take(self, step: Step) -> None:
        """Write what this step changes."""


@dataclass
class Workload:
    """What was written, and what is to be answered once it is imported."""

    events: int
    lines: Path
    late: Path
    """A second file for BUSY: corrections that make earlier knowledge differ."""
    answers: Answers = field(default_factory=dict)
    """By everything in both files."""
    first_known: Answers = field(default_factory=dict)
    """By the first file alone, for BUSY."""


def companies(
    size: int, *, issuers: int = ISSUERS, seed: int = 5, keys: bool = True
) -> Iterator[Company]:
    """The companies of a file of exactly `size` events."""
    busy = BUSY_EVENTS
    others = issuers - 1
    if size < busy + others * SMALLEST:
        raise ValueError(
            f"{issuers:,} issuers need at least {busy + others * SMALLEST:,} events, not {size:,}"
        )
    left = size - busy
    turn = 0
    for number in range(1, issuers + 1):
        code = f"C{number:04}"
        if code == BUSY:
            yield Company(code, number, busy, seed=seed, keys=keys, late=LATE)
            continue
        share = left * (turn + 1) // others - left * turn // others
        turn += 1
        yield Company(code, number, share, seed=seed, keys=keys)


def by_year(all_companies: Iterable[Company]) -> Iterator[Step]:
    """The same steps with all companies mixed, as a vendor's file is: year after year."""
    streams: list[tuple[Iterator[Step], Step | None]]
    streams = [(company.steps(), None) for company in all_companies]
    for year in range(OPENED_ON.year, YEARS.stop):
        still: list[tuple[Iterator[Step], Step | None]] = []
        for stream, ahead in streams:
            step = ahead or next(stream, None)
            while step is not None and step.line.get("on", "") < f"{year + 1}":
                yield step
                step = next(stream, None)
            if step is not None:
                still.append((stream, step))
        streams = still


def write(
    folder: Path,
    size: int,
    *,
    issuers: int = ISSUERS,
    keys: bool = True,
    mixed: bool = False,
    journals: Sequence[Journal] = (),
) -> Workload:
    """Write the two files of a workload, and the journals of the same moves beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Workload(size, folder / f"{size}.jsonl", folder / f"{size}-late.jsonl")
    living: list[Company] = []

    def noted() -> Iterator[Company]:
        for company in companies(size, issuers=issuers, keys=keys):
            living.append(company)
            yield company

    steps = by_year(noted()) if mixed else (s for c in noted() for s in c.steps())
    _write_lines(made.lines, steps, journals)
    busy = next(company for company in living if company.code == BUSY)
    _write_lines(made.late, busy.late_steps(), journals)
    for company in living:
        made.answers |= {(company.code, day): c for day, c in company.answers.items()}
    made.first_known = {(BUSY, day): counts for day, counts in busy.first_known.items()}
    return made


def write_solo(
    folder: Path, size: int = SOLO_EVENTS, *, journals: Sequence[Journal] = ()
) -> Workload:
    """One company alone, with its own journals."""
    folder.mkdir(parents=True, exist_ok=True)
    company = Company(SOLO, 1, size)
    made = Workload(size, folder / "solo.jsonl", folder / "solo-late.jsonl")
    _write_lines(made.lines, company.steps(), journals)
    made.answers = {(SOLO, day): counts for day, counts in company.answers.items()}
    return made


def write_program(folder: Path, size: int) -> Workload:
    """One company whose one repurchase program has `size` events, a purchase on every weekday.

    Profile `us`: caps and window are judged, and a period of ten years is legal.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = Workload(size, folder / f"program-{size}.jsonl", folder / "none.jsonl")
    _write_lines(made.lines, _program(size), ())
    treasury = 200_000 + (size - 1) * 100
    made.answers[PROGRAM[0], ASKED_ON[-1]] = Counts(10_000_000, treasury)
    return made


def _program(size: int) -> Iterator[Step]:
    issuer, action = PROGRAM
    first, last = date(2016, 1, 4), date(2026, 3, 31)
    common: Line = {"issuer": issuer, "class": "common"}
    lines: list[Line] = [
        {"issuer": issuer, "action": "issuer", "event": "IssuerRegistered", "code": issuer}
        | {"name": "Programme Inc.", "currency": "USD", "profile": "us"},
        common
        | {"action": "class-common", "event": "OpeningPositionStated", "on": "2015-12-31"}
        | {"issued": 10_000_000, "treasury": 200_000, "authorized": 20_000_000},
        common
        | {"action": action, "event": "RepurchaseAuthorized", "on": str(first)}
        | {"max_shares": 9_000_000, "max_amount": {"amount": "900000000", "currency": "USD"}}
        | {"from": str(first), "until": str(last), "method": "MARKET"},
    ]
    days = weekdays(first, ASKED_ON[-1] - timedelta(days=2))
    lines += [
        common
        | {"action": action, "event": "SharesRepurchased", "on": str(next(days)), "shares": 100}
        | {"amount": {"amount": "1234.50", "currency": "USD"}}
        for _ in range(size - 1)
    ]
    for number, line in enumerate(lines, start=1):
        yield Step(issuer, line | {"key": f"{issuer}-{number}"}, None)


def _write_lines(path: Path, steps: Iterable[Step], journals: Sequence[Journal]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for step in steps:
            file.write(json.dumps(step.line, separators=(",", ":")) + "\n")
            for journal in journals:
                journal.take(step)


@click.command()
@click.argument("size", type=int)
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, help="A folder.")
@click.option("--issuers", default=ISSUERS, show_default=True, help="How many companies.")
@click.option("--keys/--no-keys", default=True, help="Whether every line names its event.")
@click.option("--mixed", is_flag=True, help="Year by year instead of company by company.")
@click.option("--solo", is_flag=True, help="One company alone with so many events.")
def main(size: int, folder: Path, issuers: int, *, keys: bool, mixed: bool, solo: bool) -> None:
    """Write a workload of SIZE events and say where it lies."""
    if solo:
        click.echo(write_solo(folder, size).lines)
        return
    made = write(folder, size, issuers=issuers, keys=keys, mixed=mixed)
    click.echo(f"{made.lines}\n{made.late}")


if __name__ == "__main__":
    main()
