"""`capital import` and `capital export`."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from commands.main import open_ledger
from commands.output import note, words
from commands.params import NAME, format_option
from commands.receipt import position_words, positions_after, receipt_json, tell_commit
from commands.recording import index_after, who
from ledger.book import Book
from ledger.errors import BadInput
from ledger.exchange import Progress, export_lines, import_lines, read_files
from ledger.position import Position
from ledger.recording import Receipt


def _texts(name: str, stack: ExitStack) -> Iterable[str]:
    """The lines of a file or of standard input; raises BadInput where they are no UTF-8 text."""
    if name == "-":
        binary = sys.stdin.buffer
    else:
        path = Path(name)
        if path.is_dir():
            raise BadInput(f"{name} is a folder; name a file of lines")
        try:
            binary = stack.enter_context(path.open("rb"))
        except OSError as error:
            raise BadInput(f"{name} cannot be read: {error.strerror}") from None
    return _decoded(name, binary)


def _decoded(name: str, binary: Iterable[bytes]) -> Iterator[str]:
    for number, raw in enumerate(binary, start=1):
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise BadInput(
                f"{name}:{number}: is not UTF-8 text (byte {error.start + 1} of the line)",
                "save the file as UTF-8; nothing was recorded",
            ) from None
        yield text


class _Bar:
    """A progress bar on a terminal, nothing in a pipe."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()
        self.last = ""

    def __call__(self, progress: Progress) -> None:
        if not self.shown:
            return
        of = f" of {progress.of:,}" if progress.of else ""
        self.last = f"\r{progress.stage} {progress.done:,}{of} "
        click.echo(self.last, err=True, nl=False)

    def done(self) -> None:
        if self.last:
            click.echo("\r" + " " * len(self.last) + "\r", err=True, nl=False)


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--by", type=NAME, envvar="CAPITAL_BY", help="Who records it; default: you.")
@click.option("--dry-run", is_flag=True, help="Say what would change, record nothing.")
@format_option(csv=False)
@click.pass_context
def import_command(
    ctx: click.Context, /, files: tuple[str, ...], by: str | None, *, dry_run: bool, form: str
) -> None:
    """Record files of events (JSON Lines, `-` for standard input), all or nothing.

    Lines come in any order; a file is read and judged whole before anything is written. Each
    issuer's events become one entry. A line recorded before adds nothing and is reported as a hit.

    \b
    Example:
      capital import history.jsonl --dry-run
      capital import history.jsonl
      capital export ACME | capital --ledger other.db import -
    """
    bar = _Bar()
    with ExitStack() as stack:
        staged = read_files(((name, _texts(name, stack)) for name in files), bar)
    ledger = open_ledger(ctx)
    receipts = import_lines(ledger, staged, by=who(by), dry_run=dry_run, watch=bar)
    if not dry_run:
        index_after(ledger, [receipt.after for receipt in receipts if receipt.recorded])
    bar.done()
    if form == "json":
        answer = [receipt_json(receipt, dry_run=dry_run) for receipt in receipts]
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for receipt in receipts:
        _tell(receipt, dry_run=dry_run)


def _tell(receipt: Receipt, *, dry_run: bool) -> None:
    hits = f", {len(receipt.hits):,} recorded before" if receipt.hits else ""
    if not receipt.recorded:
        click.echo(f"{receipt.issuer}: nothing to add{hits}")
        return
    number = receipt.recorded[0].entry.number
    head = f"dry run, would be entry {number}" if dry_run else f"entry {number}"
    count = len(receipt.recorded)
    click.echo(f"{receipt.issuer} {head}: {count:,} event{'s' if count > 1 else ''}{hits}")
    if dry_run:
        _tell_effects(receipt)
    for counts in positions_after(receipt):
        click.echo(f"  {position_words(counts)}")
    tell_commit(receipt)
    for covered in receipt.covered:
        note(f"acknowledged: {covered.rule} at {covered.action} ({covered.reason})")
    unjudged = sum(warning.rule == "unjudged" for warning in receipt.warnings)
    for warning in receipt.warnings:
        if warning.rule != "unjudged":
            note(f"warning: {warning.rule}: {warning.action}: {warning.message}")
    if unjudged:
        note(
            f"note: {unjudged:,} rule{'s' if unjudged > 1 else ''} could not be judged for want "
            f"of a figure; see: capital check {receipt.issuer}"
        )


def _tell_effects(receipt: Receipt) -> None:
    """Each event of a dry run, with the position right after it where it moves one."""
    moved: dict[str, list[Position]] = defaultdict(list)
    for code in receipt.after.classes:
        for position in receipt.after.positions(code):
            if position.before != position.counts:
                moved[position.step.key].append(position)
    for fact in receipt.recorded:
        event = fact.event
        click.echo(f"  {event.on if event.is_dated else 'undated'} {event.action}: {event.name}")
        for position in moved[event.key]:
            counts = position.counts
            figures = ", ".join(
                f"{name} {words(figure, 'unknown')}"
                for name, figure in (
                    ("issued", counts.issued),
                    ("treasury", counts.treasury),
                    ("outstanding", counts.outstanding),
                )
            )
            click.echo(f"    -> {position.step.day}: {figures}")


@click.command("export")
@click.argument("issuer", type=NAME, required=False)
@click.pass_context
def export_command(ctx: click.Context, /, issuer: str | None) -> None:
    """Write every event as a line, of one issuer or of all; import reads the same.

    Reversed events and their reversals are written too: nothing is left out.

    \b
    Example:
      capital export > ledger.jsonl
      capital export IIJ > iij.jsonl
    """
    ledger = open_ledger(ctx)
    for code in [issuer] if issuer else ledger.issuers():
        for line in export_lines(Book(ledger, code).history):
            click.echo(_json_line(line))


def _json_line(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False)
