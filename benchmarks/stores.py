"""What a store carries: entries a second one by one, events a second in large entries, bytes.

    python -m benchmarks.stores capital.db
    python -m benchmarks.stores 'postgresql://USER@HOST/DATABASE?schema=trial'

Each place must be empty; a ledger is made there and stays. What is measured is the store alone:
the events are made, and would be judged, before the clock runs. The clock is the wall's, because
a commit waits for a disk, and it is set against what this disk does for anybody.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import click

from ledger.events.entry import Entry, version_ranges
from ledger.events.event import Event
from ledger.lines.parsing import event_from
from ledger.store.ledger import Ledger
from ledger.store.postgres.url import read_url

SECONDS = 5.0
WRITERS = (1, 2, 4, 8)
BATCHES = (1, 10, 100, 1000)
DAY = "2020-04-01"


def main() -> None:
    measure(prog_name="python -m benchmarks.stores")


@click.command()
@click.argument("locations", metavar="LEDGER...", nargs=-1, required=True)
def measure(locations: tuple[str, ...]) -> None:
    """Measure what the store at each of these places carries."""
    click.echo(f"disk: {synced_writes():,.0f} synced writes of 8 kB a second")
    for location in locations:
        click.echo(location)
        Ledger.create(location).close()
        saved = 0
        for batch in BATCHES:
            entries, seconds = one_writer(location, f"B{batch}", batch)
            saved += entries * batch
            click.echo(f"  {batch} events an entry: {entries * batch / seconds:,.0f} events/s")
        for writers in WRITERS:
            ended = many_writers(location, [f"W{writers}-{n}" for n in range(writers)])
            saved += sum(entries for entries, _ in ended)
            each = sum(entries / seconds for entries, seconds in ended)
            click.echo(f"  {writers} writers, one event an entry: {each:,.0f} entries/s")
        click.echo(f"  {stored_bytes(location) / saved:,.0f} bytes an event")


def synced_writes() -> float:
    """How many small writes a second reach this disk one after the other."""
    with NamedTemporaryFile(dir=Path.cwd()) as file:
        block = b"\0" * 8192
        begun, done = time.perf_counter(), 0
        while (passed := time.perf_counter() - begun) < SECONDS:
            os.pwrite(file.fileno(), block, 0)
            os.fdatasync(file.fileno())
            done += 1
        return done / passed


def entries_of(issuer: str, batch: int) -> Iterator[tuple[list[Event], Entry]]:
    """One entry after another for an issuer of its own, each of so many published counts."""
    line = {
        "issuer": issuer,
        "class": "common",
        "action": "class-common",
        "event": "PositionReported",
        "on": DAY,
        "issued": 1000,
        "source": {"title": "Notice of 2020-04-01", "uri": f"https://example.com/{issuer}/notice"},
    }
    reported = event_from(line)
    for number in count(1):
        first = (number - 1) * batch + 1
        versions = range(first, first + batch)
        events = [reported.numbered(version, f"{issuer}-{version}") for version in versions]
        values: dict[str, Any] = {
            "issuer": issuer,
            "originator_version": number,
            "key": f"{issuer}-{first}",
            "by": "benchmark",
            "events": version_ranges([(event.action, event.version) for event in events]),
        }
        yield events, Entry(**values)


def one_writer(location: str, issuer: str, batch: int) -> tuple[int, float]:
    """How many entries one process saves, and the seconds that saving took."""
    saved, saving = 0, 0.0
    with Ledger.open(location) as ledger:
        for events, entry in entries_of(issuer, batch):
            begun = time.perf_counter()
            ledger.save(events, entry)
            saving += time.perf_counter() - begun
            saved += 1
            if saving > SECONDS:
                break
    return saved, saving


def many_writers(location: str, issuers: list[str]) -> list[tuple[int, float]]:
    """The same of several processes at once, each with an issuer of its own."""
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(len(issuers)) as pool:
        return pool.starmap(one_writer, [(location, issuer, 1) for issuer in issuers])


def stored_bytes(location: str) -> int:
    """What the rows and their commits take, with their indexes; the index of counts is empty."""
    if "://" not in location:
        return Path(location).stat().st_size
    import psycopg  # noqa: PLC0415 - of one of the stores alone

    with psycopg.connect(read_url(location).conninfo) as connection:
        found = connection.execute(
            "SELECT pg_total_relation_size('stored_events') + pg_total_relation_size('commits')"
        ).fetchone()
        assert found is not None
        return int(found[0])


if __name__ == "__main__":
    main()
