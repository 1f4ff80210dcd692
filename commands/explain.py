"""`capital explain`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from commands.asking import class_option, must_exist, one_class, one_or_list
from commands.main import open_ledger
from commands.output import UNKNOWN, Column, amount, count, fields_words, number, show, source_words
from commands.params import NAME, query_options, question
from ledger.book import Book
from ledger.timeline import History
from projections.explain import explain_dividends, explain_shares, explain_treasury
from projections.positions import classes_asked
from projections.question import Question

_WHO = (
    Column("on", "on", lambda r: r.on),
    Column("action", "action", lambda r: r.action),
    Column("event", "event", lambda r: r.event),
    number("entry", "entry", lambda r: r.entry),
)
_DOCUMENT = (Column("source", "document", lambda r: source_words(r.source)),)

SHARES = (
    *_WHO,
    number("issued_change", "issued by", lambda r: r.issued_change),
    number("treasury_change", "treasury by", lambda r: r.treasury_change),
    count("issued", "issued", lambda r: r.issued),
    count("treasury", "treasury", lambda r: r.treasury),
    count("outstanding", "outstanding", lambda r: r.outstanding),
    *_DOCUMENT,
)
TREASURY = (
    *_WHO,
    number("shares_change", "shares by", lambda r: r.shares_change),
    amount("cost_change", "cost by", lambda r: r.cost_change),
    count("shares", "shares", lambda r: r.shares),
    amount("cost", "cost", lambda r: r.cost, UNKNOWN),
    *_DOCUMENT,
)
DIVIDENDS = (
    *_WHO,
    Column("fields", "says", lambda r: fields_words(r.fields)),
    *_DOCUMENT,
)


def _of_line(get: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda row: get(row[1])


COLUMNS = {"shares": SHARES, "treasury": TREASURY, "dividends": DIVIDENDS}
EXPLANATIONS: dict[str, Callable[[History, str, Question], Any]] = {
    "shares": explain_shares,
    "treasury": explain_treasury,
    "dividends": explain_dividends,
}


@click.command()
@click.argument("what", type=click.Choice(["shares", "treasury", "dividends"]))
@click.argument("issuer", type=NAME)
@class_option(all_classes=False)
@query_options()
@click.pass_context
def explain(
    ctx: click.Context,
    /,
    what: str,
    issuer: str,
    share_class: str | None,
    form: str,
    **asked: Any,
) -> None:
    """The events behind a number, in order, with their entries and documents.

    \b
    Example:
      capital explain shares IIJ --on 2018-03-31
      capital explain dividends IIJ --on 2018-05-24
    """
    put = question(**asked)
    book = Book(open_ledger(ctx), issuer)
    must_exist(book, put)
    one_class(share_class)
    known = book.history.known(put.knowledge)
    explained = [
        EXPLANATIONS[what](book.history, code, put)
        for code in classes_asked(book.history, known, share_class)
    ]
    if form == "json":
        show(one_or_list(explained, share_class), form, COLUMNS[what], ())
        return
    if form == "csv":
        rows = [(answer, line) for answer in explained for line in answer.lines]
        columns = [replace(c, get=_of_line(c.get)) for c in COLUMNS[what]]
        show(
            explained, form, [Column("class", "class", lambda r: r[0].share_class), *columns], rows
        )
        return
    for answer in explained:
        click.echo(f"{issuer} {answer.share_class} on {put.on}")
        show(answer, form, COLUMNS[what], answer.lines)
