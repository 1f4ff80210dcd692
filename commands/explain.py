"""`capital explain`."""

from __future__ import annotations

from typing import Any

import click

from commands.main import open_ledger
from commands.output import Column, count_column, fields_words, money, show, source_words
from commands.params import query_options, question
from commands.show import class_option, must_exist, one_class
from ledger.book import Book
from projections.explain import explain_dividends, explain_shares, explain_treasury
from projections.positions import classes_asked

_WHO = (
    Column("on", "on", lambda r: r.on),
    Column("action", "action", lambda r: r.action),
    Column("event", "event", lambda r: r.event),
    Column("entry", "entry", lambda r: r.entry, right=True),
)
_DOCUMENT = (Column("source", "document", lambda r: source_words(r.source)),)

SHARES = (
    *_WHO,
    count_column("issued_change", "issued by", lambda r: r.issued_change),
    count_column("treasury_change", "treasury by", lambda r: r.treasury_change),
    count_column("issued", "issued", lambda r: r.issued),
    count_column("treasury", "treasury", lambda r: r.treasury),
    count_column("outstanding", "outstanding", lambda r: r.outstanding),
    *_DOCUMENT,
)
TREASURY = (
    *_WHO,
    count_column("shares_change", "shares by", lambda r: r.shares_change),
    count_column("cost_change", "cost by", lambda r: money(r.cost_change)),
    count_column("shares", "shares", lambda r: r.shares),
    count_column("cost", "cost", lambda r: money(r.cost)),
    *_DOCUMENT,
)
DIVIDENDS = (
    *_WHO,
    Column("fields", "says", lambda r: fields_words(r.fields)),
    *_DOCUMENT,
)


@click.command()
@click.argument("what", type=click.Choice(["shares", "treasury", "dividends"]))
@click.argument("issuer")
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
    for code in classes_asked(book.history, known, share_class):
        if form == "table":
            click.echo(f"{issuer} {code} on {put.on}")
        if what == "shares":
            shares = explain_shares(book.history, code, put)
            show(shares, form, SHARES, shares.lines)
        elif what == "treasury":
            treasury = explain_treasury(book.history, code, put)
            show(treasury, form, TREASURY, treasury.lines)
        else:
            stated = explain_dividends(book.history, code, put)
            show(stated, form, DIVIDENDS, stated)
