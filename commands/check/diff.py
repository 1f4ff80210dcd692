"""`capital diff`."""

from __future__ import annotations

from datetime import date, datetime

import click

from commands.ask.asking import known_of
from commands.ask.columns import plain
from commands.terminal.opening import code_of, open_ledger
from commands.terminal.output import Column, decimal, number, show
from commands.terminal.params import DAY, NAME, KnownAt, format_option, known_by_option, question
from ledger.errors import BadInput
from ledger.recording.issuer_record import Book
from projections.checks.diff import diff as difference_of

FIGURES = (
    Column("what", "of", lambda r: r.what),
    Column("name", "figure", lambda r: r.name),
    decimal("before", "first", lambda r: r.before, "-"),
    decimal("after", "second", lambda r: r.after, "-"),
)
EVENTS = (
    *plain("entry", number),
    *plain("on action event key reverses known_to"),
)


@click.command()
@click.argument("issuer", type=NAME)
@click.option(
    "--known-at",
    type=KnownAt(),
    multiple=True,
    help="The first and the second state of knowledge; given once, the second is the current one.",
)
@known_by_option
@click.option("--on", type=DAY, help="The day of the query; default: today.")
@format_option()
@click.pass_context
def diff(
    ctx: click.Context,
    /,
    issuer: str,
    known_at: tuple[int | date | datetime, ...],
    known_by: str,
    on: date | None,
    form: str,
) -> None:
    """The differences between two states of knowledge, and the events that caused them.

    \b
    Example:
      capital diff IIJ --known-at 3 --known-at 5 --on 2018-06-29
    """
    if len(known_at) not in (1, 2):
        raise BadInput(
            "diff compares two states of knowledge", "give two: --known-at A --known-at B"
        )
    ledger = open_ledger(ctx)
    issuer = code_of(ledger, issuer)
    book = Book(ledger, issuer)
    first, second, *_ = (known_of(book, question(on, at, known_by)) for at in (*known_at, None))
    answer = difference_of(first, second, question(on, None, known_by))
    show(answer, form, FIGURES, answer.figures)
    if form == "table":
        click.echo()
        show(answer, form, EVENTS, answer.events)
