"""`capital actions` and `capital action`."""

from __future__ import annotations

import click

from commands.ask.asking import class_option, of_history
from commands.ask.columns import plain
from commands.terminal.output import Column, fields_words, number, show, source_words
from commands.terminal.params import NAME, query_options
from ledger.history.history import KnownHistory
from projections.actions.actions import action_detail
from projections.actions.actions import actions as action_answers
from projections.question import Question
from projections.shares.positions import classes_asked

ACTIONS = (
    *plain("action kind share_class state since awaits due"),
    Column("overdue", "overdue", lambda r: r.overdue or None),
)

EVENTS = (
    *plain("version", number),
    *plain("on event"),
    Column("fields", "says", lambda r: fields_words(r.fields)),
    *plain("entry", number),
    *plain("by"),
    Column("source", "document", lambda r: source_words(r.source)),
    *plain("reversed_by_entry", number),
    *plain("key"),
)


@click.command()
@click.argument("issuer", type=NAME, required=False)
@class_option("Only one share class.")
@click.option("--pending", is_flag=True, help="Only actions that await something.")
@query_options(counts=False)
@of_history
def actions(
    known: KnownHistory, put: Question, share_class: str | None, form: str, *, pending: bool
) -> None:
    """All capital actions, with the state of each and what it awaits.

    \b
    Example:
      capital actions IIJ --on 2018-05-24
      capital actions IIJ --pending
    """
    if share_class is not None:
        classes_asked(known, share_class)
    answers = action_answers(known, put, share_class, pending=pending)
    show(answers, form, ACTIONS, answers)


@click.command()
@click.argument("issuer", type=NAME)
@click.argument("reference", type=NAME, metavar="ACTION")
@query_options(counts=False)
@of_history
def action(known: KnownHistory, put: Question, reference: str, form: str) -> None:
    """One capital action with all its events, reversed ones included.

    \b
    Example:
      capital action IIJ dividend-2018-03-31
    """
    answer = action_detail(known, reference, put)
    if form == "table":
        of_class = f" of class {answer.share_class}" if answer.share_class else ""
        state = answer.state or "no event in effect"
        awaits = f", awaits {answer.awaits}" if answer.awaits else ""
        due = f" on {answer.due}" if answer.due else ""
        click.echo(f"{known.issuer} {reference}, {answer.kind}{of_class}")
        click.echo(f"on {answer.asked.on}: {state}{awaits}{due}")
        if (so_far := answer.progress) is not None:
            lapsed = f", {so_far.lapsed:,} lapsed" if so_far.lapsed else ""
            click.echo(
                f"shares: {so_far.carried_out:,} of {so_far.resolved:,}{lapsed}, "
                f"{so_far.left:,} left"
            )
        click.echo()
    show(answer, form, EVENTS, answer.events)
