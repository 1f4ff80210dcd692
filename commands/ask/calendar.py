"""`capital calendar`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from commands.ask.asking import known_history
from commands.terminal.output import Column, note, number, show
from commands.terminal.params import DAY, NAME, query_options, question
from ledger.errors import BadInput
from ledger.events.kinds import Progress
from ledger.history.history import KnownHistory
from projections.actions.calendar import Deadline, deadlines
from projections.shares.positions import classes_asked


def _state(line: Deadline) -> str:
    if line.state is Progress.DONE:
        return f"done on {line.done_on} (entry {line.done_entry})"
    return line.state.value


CALENDAR = (
    Column("day", "day", lambda r: r.day),
    Column("what", "what", lambda r: r.what),
    Column("action", "action", lambda r: r.action),
    Column("class", "class", lambda r: r.share_class),
    Column("state", "state", _state),
    Column("law", "within", lambda r: r.law),
    Column("stated_by", "from", lambda r: r.stated_by),
    number("stated_entry", "entry", lambda r: r.stated_entry),
)


@click.command()
@click.argument("issuer", type=NAME, required=False)
@click.option("--class", "share_class", type=NAME, help="Days of one share class.")
@click.option(
    "--from",
    "first",
    type=DAY,
    help="First day shown; default: --on, and before it what is overdue.",
)
@click.option("--until", type=DAY, help="Last day shown; default: no end.")
@click.option(
    "--ics",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a calendar file (RFC 5545) instead, or again over one it wrote.",
)
@query_options(counts=False, shares=False)
@click.pass_context
def calendar(
    ctx: click.Context,
    /,
    issuer: str | None,
    share_class: str | None,
    first: date | None,
    until: date | None,
    file: Path | None,
    form: str,
    **asked: Any,
) -> None:
    """The days that matter, from the ledger and the issuer's law; and whether they are done.

    Record dates, meetings, payments and the last day to pay; the window of a repurchase program and
    the report on each of its months; splits, issues, disposals and cancellations to take effect.

    \b
    Example:
      capital calendar IIJ --on 2018-05-24
      capital calendar IIJ --from 2018-04-01 --until 2019-03-31
      capital calendar IIJ --on 2018-05-24 --ics iij.ics
    """
    put = question(**asked)
    known = known_history(ctx, issuer, put)
    if share_class is not None:
        classes_asked(known, share_class)
    if first is not None and until is not None and until < first:
        raise BadInput(f"--until {until} lies before --from {first}", "give them in order")
    lines = deadlines(known, put, share_class, first, until)
    if file is None:
        show(lines, form, CALENDAR, lines)
        if not lines and form == "table":
            since = f"from {first or put.on}" + ("" if until is None else f" until {until}")
            note(f"nothing {since}; earlier days: --from DATE")
        return
    _write(file, known, lines)


def _write(file: Path, known: KnownHistory, lines: Sequence[Deadline]) -> None:
    from commands.ask.ics import calendar_file  # noqa: PLC0415 - slow to import, and only for this

    recorded = {entry.number: entry.recorded_at for entry in known.entries}
    data = calendar_file(known.issuer, known.whole.terms.name, lines, recorded)
    try:
        if file.exists() and not file.read_bytes().startswith(b"BEGIN:VCALENDAR"):
            raise BadInput(
                f"{file} exists and is not a calendar file; it was not changed", "name another"
            )
        file.write_bytes(data)
    except OSError as problem:
        raise BadInput(f"{file}: {problem.strerror}", "name another file") from None
    click.echo(f"wrote {len(lines)} days to {file}")
