"""`capital actions` and `capital action`."""

from __future__ import annotations

from typing import Any

import click

from commands.ask.asking import known_history
from commands.terminal.output import Column, fields_words, number, show, source_words
from commands.terminal.params import NAME, query_options, question
from projections.actions.actions import action_detail
from projections.actions.actions import actions as action_answers
from projections.shares.positions import classes_asked

ACTIONS = (
    Column("action", "action", lambda r: r.action),
    Column("kind", "kind", lambda r: r.kind),
    Column("class", "class", lambda r: r.share_class),
    Column("state", "state", lambda r: r.state),
    Column("since", "since", lambda r: r.since),
    Column("awaits", "awaits", lambda r: r.awaits),
    Column("due", "due", lambda r: r.due),
    Column("overdue", "overdue", lambda r: r.overdue or None),
)

EVENTS = (
    number("version", "version", lambda r: r.version),
    Column("on", "on", lambda r: r.on),
    Column("event", "event", lambda r: r.event),
    Column("fields", "says", lambda r: fields_words(r.fields)),
    number("entry", "entry", lambda r: r.entry),
    Column("by", "by", lambda r: r.by),
    Column("source", "document", lambda r: source_words(r.source)),
    number("reversed_by_entry", "reversed by entry", lambda r: r.reversed_by_entry),
    Column("key", "key", lambda r: r.key),
)


@click.command()
@click.argument("issuer", type=NAME, required=False)
@click.option("--class", "share_class", type=NAME, help="Actions of one share class.")
@click.option("--pending", is_flag=True, help="Only those that wait for something.")
@query_options(counts=False)
@click.pass_context
def actions(
    ctx: click.Context,
    /,
    issuer: str | None,
    share_class: str | None,
    form: str,
    *,
    pending: bool,
    **asked: Any,
) -> None:
    """All capital actions: their state, and what each awaits.

    \b
    Example:
      capital actions IIJ --on 2018-05-24
      capital actions IIJ --pending
    """
    put = question(**asked)
    known = known_history(ctx, issuer, put)
    if share_class is not None:
        classes_asked(known, share_class)
    answers = action_answers(known, put, share_class, pending=pending)
    show(answers, form, ACTIONS, answers)


@click.command()
@click.argument("issuer", type=NAME)
@click.argument("reference", type=NAME, metavar="ACTION")
@query_options(counts=False)
@click.pass_context
def action(ctx: click.Context, /, issuer: str, reference: str, form: str, **asked: Any) -> None:
    """One capital action with all its events, reversed ones included.

    \b
    Example:
      capital action IIJ dividend-2018-03-31
    """
    put = question(**asked)
    known = known_history(ctx, issuer, put)
    answer = action_detail(known, reference, put)
    if form == "table":
        of_class = f" of class {answer.share_class}" if answer.share_class else ""
        state = answer.state or "nothing stands"
        awaits = f", awaits {answer.awaits}" if answer.awaits else ""
        due = f" on {answer.due}" if answer.due else ""
        click.echo(f"{issuer} {reference}, {answer.kind}{of_class}")
        click.echo(f"on {answer.asked.on}: {state}{awaits}{due}")
        click.echo()
    show(answer, form, EVENTS, answer.events)
