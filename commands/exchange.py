"""`capital import`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from commands.lines_of import lines_of
from commands.main import open_ledger
from commands.output import note, words
from commands.params import NAME, format_option
from commands.progress import Stages
from commands.receipt import position_words, positions_after, receipt_json, tell_commit
from commands.recording import index_after, who
from ledger.errors import BadInput
from ledger.exchange import Problem, import_lines, read_files
from ledger.position import Position
from ledger.recording import Receipt


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--by", type=NAME, envvar="CAPITAL_BY", help="Who records it; default: you.")
@click.option("--dry-run", is_flag=True, help="Say what would change, record nothing.")
@click.option(
    "--skip-bad", is_flag=True, help="Record the issuers that are good; the others need --report."
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every bad line into this new file, one JSON object a line.",
)
@format_option(csv=False)
@click.pass_context
def import_command(
    ctx: click.Context,
    /,
    files: tuple[str, ...],
    by: str | None,
    report: Path | None,
    form: str,
    *,
    dry_run: bool,
    skip_bad: bool,
) -> None:
    """Record files of events (JSON Lines, gzip or not; `-` for standard input), all or nothing.

    Lines come in any order; a file is read and judged whole before anything is written. Each
    issuer's events become one entry. A line recorded before adds nothing and is reported as a hit.
    With --skip-bad an issuer with a bad line is left out whole, and the others are recorded.

    \b
    Example:
      capital import history.jsonl --dry-run
      capital import history.jsonl
      capital import vendor.jsonl.gz --skip-bad --report bad.jsonl
      capital export ACME | capital --ledger other.db import -
    """
    if skip_bad and report is None:
        raise BadInput("--skip-bad leaves lines out: say where to with --report FILE")
    with ExitStack() as stack:
        problems: list[Problem] = []
        if report is not None:
            stack.enter_context(_reporting(report, problems))
        files_read = ((name, lines_of(name, stack)) for name in files)
        record_files(
            ctx, files_read, by, problems, form, dry_run=dry_run, skip_bad=skip_bad, report=report
        )


def record_files(
    ctx: click.Context,
    files: Iterable[tuple[str, Iterable[str]]],
    by: str | None,
    problems: list[Problem],
    form: str,
    *,
    dry_run: bool,
    skip_bad: bool = False,
    report: Path | None = None,
) -> None:
    """Record the lines of some files, and say what came of it; what is bad goes to `problems`."""
    bar = Stages()
    reading = read_files(files, bar)
    problems += reading.problems
    staged = reading.good_issuers() if skip_bad else reading.all_good()
    ledger = open_ledger(ctx)
    receipts = import_lines(
        ledger, staged, by=who(by), dry_run=dry_run, bad=problems, skip_bad=skip_bad, watch=bar
    )
    if not dry_run:
        index_after(ledger, [receipt.after for receipt in receipts if receipt.recorded])
    bar.done()
    if form == "json":
        answer = [receipt_json(receipt, dry_run=dry_run) for receipt in receipts]
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for receipt in receipts:
            _tell(receipt, dry_run=dry_run)
    if problems:
        issuers = sorted({problem.issuer for problem in problems if problem.issuer is not None})
        whose = f"; left out whole: {', '.join(issuers[:5])}" if issuers else ""
        more = f" and {len(issuers) - 5:,} more issuers" if len(issuers) > 5 else ""  # noqa: PLR2004
        many = "" if len(problems) == 1 else "s"
        note(f"{len(problems):,} bad line{many}, not recorded: {report}{whose}{more}")
        ctx.exit(1)


@contextmanager
def _reporting(report: Path, problems: list[Problem]) -> Iterator[None]:
    """Write the problems into a new file at the end, whatever it is; without any, none is left."""
    try:
        file = report.open("x", encoding="utf-8", errors="backslashreplace")
    except FileExistsError:
        raise BadInput(
            f"{report} exists already; it is left as it is", "name another file"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadInput(f"{report}: {reason}", "name another file") from None
    with file:
        try:
            yield
        finally:
            for problem in problems:
                line = {
                    "file": problem.place.file,
                    "line": problem.place.line,
                    "issuer": problem.issuer,
                    "problem": problem.message,
                    "remedy": problem.remedy,
                }
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
    if not problems:
        report.unlink()


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
