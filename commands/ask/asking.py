"""What the query commands have in common: whom and which class they ask about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from commands.terminal.opening import (
    index_location,
    must_be_recorded,
    only_issuer,
    open_ledger,
)
from commands.terminal.output import note
from commands.terminal.params import NAME
from ledger.counts.basis import ALL_CLASSES
from ledger.errors import BadInput
from projections.question import Question
from projections.shares.lookup import indexed_facts

if TYPE_CHECKING:
    from ledger.history.facts import AnyKnown
    from ledger.history.history import KnownHistory
    from ledger.recording.issuer_record import Book

_Command = TypeVar("_Command", bound=Callable[..., Any])


def class_option(*, all_classes: bool = True) -> Callable[[_Command], _Command]:
    """--class, as queries take it."""
    help_ = "One share class; default: each." + (
        ' "all" for the sum over classes.' if all_classes else ""
    )
    return click.option("--class", "share_class", type=NAME, help=help_)


def known_history(ctx: click.Context, issuer: str | None, put: Question) -> KnownHistory:
    """What is known, of the issuer named or of the ledger's only one; raises Unknown."""
    from ledger.recording.issuer_record import Book  # noqa: PLC0415 - what the index answers needs no events

    ledger = open_ledger(ctx)
    book = Book(ledger, only_issuer(ledger, issuer))
    must_exist(book, put)
    return book.history.as_of(put.knowledge)


def known_counts(ctx: click.Context, issuer: str | None, put: Question) -> AnyKnown:
    """The same as far as counts go: from the index, where it holds the issuer's facts."""
    from ledger.history.facts import KnownFacts  # noqa: PLC0415 - what is looked up needs no fold

    facts = indexed_facts(index_location(ctx), issuer)
    if facts is None:
        return known_history(ctx, issuer, put)
    must_be_recorded(facts.issuer, put.knowledge.at, facts.last_entry or 0)
    return KnownFacts(facts, put.knowledge)


def must_exist(book: Book, put: Question) -> None:
    """Refuse knowledge of entries that are yet to come; raises Unknown."""
    must_be_recorded(book.issuer, put.knowledge.at, book.history.last_entry or 0)


def one_class(share_class: str | None) -> None:
    """Refuse the sum over classes where there is none; raises BadInput."""
    if share_class == ALL_CLASSES:
        raise BadInput('this query takes one class, not "all"', "name it: --class CODE")


def one_or_list(answers: Sequence[Any], share_class: str | None) -> Any:
    """One object where one class was named, a list otherwise."""
    return answers[0] if share_class is not None else list(answers)


def tell_reasons(answers: Sequence[Any]) -> None:
    """Say why a figure is unknown, beside the table."""
    for answer in answers:
        if answer.reason:
            note(f"{answer.share_class}: {answer.reason}")
