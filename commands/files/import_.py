"""`capital import`."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from commands.files.import_receipt import Draft, completed, draft, tell
from commands.files.text_files import lines_of
from commands.terminal.opening import open_ledger
from commands.terminal.output import note
from commands.terminal.params import NAME, format_option
from commands.terminal.progress import Stages
from commands.terminal.receipt import tell_unindexed, who
from commands.terminal.screen import receipt_of
from ledger.errors import BadInput, StoreUnusable, escaped
from ledger.recording.importing import Import, Problem, Progress, Unreadable
from ledger.recording.record import Receipt
from ledger.recording.spill import Staging
from projections.shares.index import Following, indexed

if TYPE_CHECKING:
    from ledger.proof.commit import Commit
    from ledger.store.index import IndexedIssuer
    from ledger.store.ledger import Ledger


_Command = TypeVar("_Command", bound=Callable[..., Any])


def recording_options(command: _Command) -> _Command:
    """--by, --dry-run and --format."""
    by = "Who records the entry; default: the current user."
    dry_run = "Show what would change without recording it."
    for option in (
        format_option(csv=False),
        click.option("--dry-run", is_flag=True, help=dry_run),
        click.option("--by", type=NAME, envvar="CAPITAL_BY", help=by),
    ):
        command = option(command)
    return command


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--skip-bad",
    is_flag=True,
    help="Leave out issuers with a bad line and record the others; needs --report.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every bad line into this new file, one JSON object per line.",
)
@recording_options
@click.pass_context
def import_command(
    ctx: click.Context,
    /,
    files: tuple[str, ...],
    report: Path | None,
    *,
    skip_bad: bool,
    **how: Any,
) -> None:
    """Record files of events (JSON Lines, gzip or not; `-` for standard input), all or nothing.

    Lines come in any order; every file is read and judged before anything is written. Each issuer's
    events become one entry. A line that is already recorded adds nothing and is reported as a hit.
    With --skip-bad, an issuer with a bad line is left out completely, and the others are recorded.

    \b
    Example:
      capital import history.jsonl --dry-run
      capital import history.jsonl
      capital import vendor.jsonl.gz --skip-bad --report bad.jsonl
      capital export ACME | capital --ledger other.db import -
    """
    if skip_bad and report is None:
        raise BadInput("--skip-bad needs --report FILE for the lines it leaves out")
    with ExitStack() as stack:
        files_read = ((name, lines_of(name, stack)) for name in files)
        record_files(ctx, files_read, **how, skip_bad=skip_bad, report=report)


def record_files(
    ctx: click.Context,
    files: Iterable[tuple[str, Iterable[str | Unreadable]]],
    by: str | None,
    form: str,
    *,
    dry_run: bool,
    skip_bad: bool = False,
    report: Path | None = None,
) -> None:
    """Record the lines of some files, and print the receipts and the number of bad lines."""
    bar = Stages()
    with Staging() as staging, _rarely_collected():
        importing = Import(staging, who(by), skip_bad=skip_bad)
        with _reporting(report, importing.problems):
            for progress in importing.read(files):
                bar(progress)
            _record(ctx, importing, staging, bar, form, dry_run=dry_run)
    if problems := importing.problems:
        issuers = sorted({problem.issuer for problem in problems if problem.issuer is not None})
        left_out = f"; left out completely: {', '.join(issuers[:5])}" if issuers else ""
        more = f" and {len(issuers) - 5:,} more issuers" if len(issuers) > 5 else ""  # noqa: PLR2004
        were = "s were" if len(problems) > 1 else " was"
        note(f"{len(problems):,} bad line{were} not recorded (see {report}){left_out}{more}")
        ctx.exit(1)


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Look for garbage rarely: an import makes no cycles, and looking takes a twelfth of it."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _record(
    ctx: click.Context,
    importing: Import,
    staging: Staging,
    bar: Stages,
    form: str,
    *,
    dry_run: bool,
) -> None:
    """Judge and record what was read; the receipts are printed when everything is recorded."""
    ledger = open_ledger(ctx)
    index = _Indexing(ledger, dry_run=dry_run)
    entries: list[str] = []

    def described(receipt: Receipt) -> tuple[Draft, IndexedIssuer | None]:
        return draft(receipt, form, dry_run=dry_run), index.part(receipt)

    try:
        for judged in importing.judge(ledger):
            if isinstance(judged, Progress):
                bar(judged)
            else:
                staging.keep(judged.issuer, "described", described(judged))
        if not dry_run:
            ledger.confirm()  # a receipt may name an entry recorded earlier
        with importing.telling_what_is_left():
            for done in importing.record(ledger, dry_run=dry_run):
                if isinstance(done, Progress):
                    bar(done)
                    continue
                of_issuer, part = (
                    staging.kept(done.issuer, "described")
                    if done.receipt is None
                    else described(done.receipt)
                )
                staging.say(completed(of_issuer, done.commit))
                if done.commit is not None:
                    entries.append(f"{done.issuer} entry {of_issuer.entry}")
                if part is not None and done.commit is not None:
                    index.add(part, done.commit)
    finally:
        index.flush()
    bar.done()
    with receipt_of(entries):
        tell(staging.said(), form)
    index.tell()


@contextmanager
def _reporting(report: Path | None, problems: list[Problem]) -> Iterator[None]:
    """Write the problems into a new file, even after an error; without problems, remove it."""
    if report is None:
        yield
        return
    try:
        file = report.open("x", encoding="utf-8", errors="backslashreplace")
    except FileExistsError:
        raise BadInput(
            f"{report} already exists and was not changed", "name another file"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadInput(f"{report}: {reason}", "name another file") from None
    with file:
        try:
            yield
        finally:
            for problem in problems:
                place = {"file": problem.place.file, "line": problem.place.line}
                words = {"problem": problem.message, "remedy": problem.remedy}
                line = {**place, "issuer": problem.issuer, **words}
                file.write(escaped(json.dumps(line, ensure_ascii=False)) + "\n")
    if not problems:
        report.unlink()


class _Indexing:
    """Updates the index during the import; if it cannot be written, the entries are still kept."""

    def __init__(self, ledger: Ledger, *, dry_run: bool) -> None:
        self.follows: Following | None = None
        self.problem: StoreUnusable | None = None
        if not dry_run:
            self._trying(lambda: setattr(self, "follows", Following(ledger)))

    def part(self, receipt: Receipt) -> IndexedIssuer | None:
        """An issuer's part of the index, to be added when its events are stored."""
        if self.follows is None or not receipt.recorded:
            return None
        held = self.follows.ledger.indexed_entries(receipt.issuer)
        return indexed(receipt.after, len(held))

    def add(self, part: IndexedIssuer, commit: Commit) -> None:
        follows = self.follows
        if follows is not None:
            self._trying(lambda: follows.add(part, commit))

    def flush(self) -> None:
        if self.follows is not None:
            self._trying(self.follows.flush)

    def _trying(self, work: Callable[[], None]) -> None:
        try:
            work()
        except StoreUnusable as problem:
            self.follows, self.problem = None, problem

    def tell(self) -> None:
        """Say why the index was not updated, after everything is recorded."""
        if self.problem is not None:
            tell_unindexed(self.problem)
