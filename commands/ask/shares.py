"""`capital shares`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from commands.ask.asking import class_option, known_counts, one_or_list, tell_reasons
from commands.ask.columns import plain
from commands.terminal.opening import index_location, open_ledger
from commands.terminal.output import count, number, show
from commands.terminal.params import NAME, query_options, question
from ledger.counts.basis import ALL_CLASSES
from ledger.errors import BadInput
from projections.question import Question
from projections.shares.counts import ShareCounts
from projections.shares.lookup import facts_of_every_issuer, indexed_counts

if TYPE_CHECKING:
    from ledger.history.facts import AnyKnown, Facts, StatedFact
    from projections.shares.positions import CountChange

SHARES = (
    *plain("issuer share_class asked.on"),
    *plain("authorized issued treasury outstanding", count),
    *plain("asked.entry", number),
)

HISTORY = (
    *plain("on action event"),
    *plain("entry", number),
    number("issued_change", "issued by", lambda r: r.issued_change),
    number("treasury_change", "treasury by", lambda r: r.treasury_change),
    *plain("issued treasury outstanding authorized", count),
)


@click.command()
@click.argument("issuer", type=NAME, required=False)
@class_option('One share class; default: each. "all" for the sum over classes.')
@click.option("--history", is_flag=True, help="Every change up to the day, one per line.")
@click.option(
    "--plot", is_flag=True, help="With --history, draw a chart; --share-basis restates it."
)
@click.option("--all", "every", is_flag=True, help="Every issuer of the ledger.")
@query_options()
@click.pass_context
def shares(
    ctx: click.Context,
    /,
    issuer: str | None,
    share_class: str | None,
    form: str,
    *,
    history: bool,
    plot: bool,
    every: bool,
    **asked: Any,
) -> None:
    """Shares authorized, issued, in treasury and outstanding, at the close of a day.

    \b
    Example:
      capital shares IIJ --on 2008-10-27
      capital shares IIJ --history --on 2018-06-29
      capital shares IIJ --history --plot --share-basis 2022-10-01
      capital shares --all --on 2018-03-31 --format csv
    """
    put = question(**asked)
    if every and (issuer is not None or history):
        raise BadInput("--all covers every issuer; it cannot be combined with ISSUER or --history")
    if every and isinstance(put.knowledge.at, int):
        raise BadInput(
            f"--known-at {put.knowledge.at} is an entry number, "
            "and each issuer numbers its own entries",
            "with --all give a date or a date-time",
        )
    if plot:
        _plot(ctx, issuer, share_class, put, form, history=history)
        return
    if history:
        changes = _changes(known_counts(ctx, issuer, put), share_class, put)
        show(changes, form, HISTORY, changes)
        return
    answers = None
    if every or issuer is not None:
        answers = indexed_counts(index_location(ctx), put, issuer, share_class)
    if answers is None and every:
        answers = _of_every_issuer(ctx, share_class, put)
    elif answers is None:
        answers = _counts(known_counts(ctx, issuer, put), share_class, put)
    show(answers if every else one_or_list(answers, share_class), form, SHARES, answers)
    if form == "table" and not every:
        tell_reasons(answers)


def _of_every_issuer(
    ctx: click.Context, share_class: str | None, put: Question
) -> list[ShareCounts]:
    from ledger.history.facts import KnownFacts  # noqa: PLC0415 - the index needs no fold

    facts: Iterable[Facts[StatedFact]] | None = facts_of_every_issuer(index_location(ctx))
    if facts is None:
        from ledger.recording.issuer_record import Book  # noqa: PLC0415 - the index needs no events

        ledger = open_ledger(ctx)
        facts = (Book(ledger, code).history for code in ledger.issuers())
    return [
        answer
        for of_issuer in facts
        if share_class in (None, ALL_CLASSES, *of_issuer.classes_ever)
        for answer in _counts(KnownFacts(of_issuer, put.knowledge), share_class, put)
    ]


def _counts(known: AnyKnown, share_class: str | None, put: Question) -> list[ShareCounts]:
    from projections.shares.positions import classes_asked, share_counts  # noqa: PLC0415 - as above

    return [share_counts(known, code, put) for code in classes_asked(known, share_class)]


def _plot(
    ctx: click.Context,
    issuer: str | None,
    share_class: str | None,
    put: Question,
    form: str,
    *,
    history: bool,
) -> None:
    from commands.terminal.plots import only_for_people, plot_shares  # noqa: PLC0415 - slow, only for --plot
    from projections.shares.series import series_asked  # noqa: PLC0415 - as above

    if not history:
        raise BadInput("--plot needs --history", "add --history")
    only_for_people(form)
    known = known_counts(ctx, issuer, put)
    for series in series_asked(known, share_class, put):
        plot_shares(series, known.issuer, put)


def _changes(known: AnyKnown, share_class: str | None, put: Question) -> list[CountChange]:
    from projections.shares.positions import classes_asked, share_history  # noqa: PLC0415 - as above

    classes = classes_asked(known, share_class)
    return [change for code in classes for change in share_history(known, code, put)]
