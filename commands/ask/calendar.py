"""`capital calendar`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from commands.ask.asking import class_option, of_history
from commands.ask.columns import plain
from commands.terminal.output import Column, note, number, show
from commands.terminal.params import DAY, NAME, query_options
from ledger.errors import BadInput
from ledger.events.kinds import Progress
from ledger.history.history import KnownHistory
from projections.actions.calendar import Deadline, deadlines
from projections.question import Question
from projections.shares.positions import classes_asked


def _state(line: Deadline) -> str:
    if line.state is Progress.DONE:
        return f"done on {line.done_on} (entry {line.done_entry})"
    return line.state.value


CALENDAR = (
    *plain("day what action share_class"),
    Column("state", "state", _state),
    Column("law", "within", lambda r: r.law),
    Column("stated_by", "from", lambda r: r.stated_by),
    number("stated_entry", "entry", lambda r: r.stated_entry),
)


@click.command()
@click.argument("issuer", type=NAME, required=False)
@class_option("Only one share class.")
@click.option(
    "--from",
    "first",
    type=DAY,
    help="First day shown; default: --on, after any overdue dates.",
)
@click.option("--until", type=DAY, help="Last day shown; default: no end.")
@click.option(
    "--ics",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a calendar file (RFC 5545) instead; replaces an earlier calendar file.",
)
@query_options(counts=False, shares=False)
@of_history
def calendar(
    known: KnownHistory,
    put: Question,
    share_class: str | None,
    first: date | None,
    until: date | None,
    file: Path | None,
    form: str,
) -> None:
    """Dates of capital actions, from the ledger and the law of the profile, with their states.

    Record dates, meetings, payments and the last day to pay; the period of a repurchase program and
    the report on each of its months; effective dates of splits, issues, disposals and
    cancellations.

    \b
    Example:
      capital calendar IIJ --on 2018-05-24
      capital calendar IIJ --from 2018-04-01 --until 2019-03-31
      capital calendar IIJ --on 2018-05-24 --ics iij.ics
    """
    if share_class is not None:
        classes_asked(known, share_class)
    if first is not None and until is not None and until < first:
        raise BadInput(
            f"--until {until} is before --from {first}", "give the earlier date to --from"
        )
    lines = deadlines(known, put, share_class, first, until)
    if file is None:
        show(lines, form, CALENDAR, lines)
        if not lines and form == "table":
            since = f"from {first or put.on}" + ("" if until is None else f" until {until}")
            note(f"no dates {since}; for earlier dates use --from DATE")
        return
    _write(file, known, lines)


def _write(file: Path, known: KnownHistory, lines: Sequence[Deadline]) -> None:
    from commands.ask.ics import calendar_file  # noqa: PLC0415 - slow to import, and only for this

    recorded = {entry.number: entry.recorded_at for entry in known.entries}
    data = calendar_file(known.issuer, known.whole.terms.name, lines, recorded)
    try:
        if file.exists() and not file.read_bytes().startswith(b"BEGIN:VCALENDAR"):
            raise BadInput(
                f"{file} exists and is not a calendar file; it was not changed", "name another file"
            )
        file.write_bytes(data)
    except OSError as problem:
        raise BadInput(f"{file}: {problem.strerror}", "name another file") from None
    click.echo(f"wrote {len(lines)} days to {file}")
