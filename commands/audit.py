"""`capital audit …`."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import click

from commands.main import open_ledger
from commands.output import as_json, fields_words, source_words, words
from commands.params import DAY, NAME, WholeNumber, format_option
from commands.receipt import position_words
from ledger.errors import BadInput, Unknown
from projections.replay import Difference, ReplayedEntry
from projections.replay import replay as replay_rows


@click.group()
def audit() -> None:
    """Walk the history again and prove the answers."""


@audit.command()
@click.argument("issuer", type=NAME, required=False)
@click.option("--to", type=WholeNumber(), help="The last entry to walk (of one ISSUER).")
@click.option("--until", type=DAY, help="The last day of recording to walk (UTC).")
@format_option(csv=False)
@click.pass_context
def replay(
    ctx: click.Context, /, issuer: str | None, to: int | None, until: date | None, form: str
) -> None:
    """Walk every stored entry from the first: who recorded what when, on which document.

    Ends by holding every replayed count against what the queries answer, at every day anything
    moved; exit code 1 and the first difference where they disagree.

    \b
    Example:
      capital audit replay IIJ
      capital audit replay IIJ --to 3
    """
    if to is not None and issuer is None:
        raise BadInput(f"--to {to}: each issuer counts its own entries", "name the ISSUER")
    if to is not None and until is not None:
        raise BadInput("--to and --until are two ways to say where to stop: give one")
    ledger = open_ledger(ctx)
    if issuer is not None and to is not None:
        last = len(ledger.entries(issuer))
        if not 1 <= to <= last:
            raise Unknown(f"--to {to}: the entries of {issuer} are 1 to {last}", "leave it out")
    entries: list[ReplayedEntry] = []
    differences: list[Difference] = []
    for step in replay_rows(ledger, issuer, to=to, until=until):
        if isinstance(step, Difference):
            differences.append(step)
            continue
        entries.append(step)
        if form == "table":
            click.echo(_entry(step))
    if form == "json":
        answer = {"entries": as_json(entries), "differences": as_json(differences)}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        click.echo(_verdict(entries, differences))
    if differences:
        ctx.exit(1)


def _entry(entry: ReplayedEntry) -> str:
    source = f", on {source_words(entry.source)}" if entry.source else ""
    recorded = words(entry.recorded_at)
    lines = [f"{entry.issuer} entry {entry.entry}, recorded {recorded} by {entry.by}{source}"]
    for event in entry.events:
        says = fields_words(event.fields)
        lines.append(
            f"  {words(event.on, 'undated')}  {event.action} {event.version}: {event.event}"
            + (f": {says}" if says else "")
        )
        if event.source is not None:
            lines.append(f"      on {source_words(event.source)}")
    lines += [f"  -> {position_words(counts)}" for counts in entry.positions]
    return "\n".join(lines)


def _verdict(entries: list[Any], differences: list[Difference]) -> str:
    count = f"{len(entries):,} entr{'y' if len(entries) == 1 else 'ies'} replayed"
    if not differences:
        return f"{count}: every count agrees with what the queries answer"
    first = differences[0]
    return (
        f"{count}: {len(differences):,} differences; the first: {first.issuer} {first.what}: "
        f"{first.replayed} replayed, {first.answered} answered"
    )
