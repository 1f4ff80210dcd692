"""`capital report page`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.ask.asking import known_of
from commands.audit.files import FILE, write_new
from commands.report.chromium import browser, picture_of
from commands.report.html import html_of
from commands.terminal.opening import code_of, open_ledger
from commands.terminal.params import NAME, query_options, question
from ledger.errors import BadInput, Refused
from ledger.history.history import today_anywhere
from ledger.recording.issuer_record import Book
from projections.audit.checkpoints import DEFAULT_ORIGIN, checkpoint_now
from projections.reports.page import page_of

if TYPE_CHECKING:
    from ledger.proof.checkpoint import Checkpoint
    from ledger.store.ledger import Ledger

TRIES = 5


@click.command()
@click.argument("issuer", type=NAME)
@click.option("-o", "--output", type=FILE, required=True, help="The new HTML file to write.")
@click.option(
    "--png", "picture", type=FILE, help="Also write a picture of the summary, for a slide."
)
@query_options(form=False)
@click.pass_context
def page(
    ctx: click.Context, /, issuer: str, output: Path, picture: Path | None, **asked: Any
) -> None:
    """One page with charts: share counts, dividends, repurchases, pending items, findings.

    The file is self-contained: it opens in any browser without a network, prints on paper and fits
    a phone. A date picker in it answers for any day up to --on. It names the checkpoint of the
    ledger it was made from.

    --png needs an installed Chromium.

    \b
    Example:
      capital report page IIJ -o iij.html
      capital report page IIJ -o iij.html --on 2018-06-29 --png iij.png
    """
    chromium = None if picture is None else browser()
    for path in (output, picture):
        if path is not None and os.path.lexists(path):
            raise BadInput(f"{path} already exists and was not changed", "name another file")
    put = question(**asked)
    ledger = open_ledger(ctx)
    book, checkpoint = _at_one_moment(ledger, code_of(ledger, issuer))
    answer = page_of(known_of(book, put), book.register, put, today_anywhere(datetime.now(UTC)))
    html = html_of(answer, checkpoint).encode()
    write_new(output, html)
    click.echo(
        f"{output}: {issuer} on {put.on}, as of the ledger of {checkpoint.size:,} rows at "
        f"{checkpoint.time}, {len(html) / 1000:,.0f} kB"
    )
    if picture is not None and chromium is not None:
        write_new(picture, picture_of(output, chromium))
        click.echo(f"{picture}: a picture of the summary")


def _at_one_moment(ledger: Ledger, issuer: str) -> tuple[Book, Checkpoint]:
    """The issuer's book and a checkpoint of the same rows."""
    for _ in range(TRIES):
        before = ledger.last_row()
        checkpoint, book = checkpoint_now(ledger, DEFAULT_ORIGIN), Book(ledger, issuer)
        if ledger.last_row() == before:
            return book, checkpoint
    raise Refused(
        f"others recorded into the ledger {TRIES} times while the page of {issuer} was made",
        "try again when the recording is done",
    )
