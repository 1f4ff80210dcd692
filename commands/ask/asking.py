"""What the query commands have in common: the issuer and the class they ask about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from commands.terminal.opening import (
    index_location,
    must_be_recorded,
    only_issuer,
    open_ledger,
)
from commands.terminal.output import note
from commands.terminal.params import NAME, question
from ledger.counts.basis import ALL_CLASSES
from ledger.errors import BadInput
from projections.question import Question
from projections.shares.lookup import indexed_facts

if TYPE_CHECKING:
    from ledger.history.facts import AnyKnown
    from ledger.history.history import KnownHistory
    from ledger.recording.issuer_record import Book

_Command = TypeVar("_Command", bound=Callable[..., Any])


def class_option(help_: str = "One share class; default: each.") -> Callable[[_Command], _Command]:
    return click.option("--class", "share_class", type=NAME, help=help_)


def of_history(command: Callable[..., None]) -> Callable[..., None]:
    """Pass a command its question, and what is known of the issuer it names."""

    @click.pass_context
    @wraps(command)
    def asking(ctx: click.Context, /, issuer: str | None, **options: Any) -> None:
        put = question(**{axis: options.pop(axis) for axis in AXES if axis in options})
        command(known_history(ctx, issuer, put), put, **options)

    return asking


AXES = ("on", "known_at", "known_by", "basis", "share_basis")


def known_history(ctx: click.Context, issuer: str | None, put: Question) -> KnownHistory:
    """What is known of the issuer named, or of the ledger's only one; raises Unknown."""
    from ledger.recording.issuer_record import Book  # noqa: PLC0415 - the index needs no events

    ledger = open_ledger(ctx)
    return known_of(Book(ledger, only_issuer(ledger, issuer)), put)


def known_counts(ctx: click.Context, issuer: str | None, put: Question) -> AnyKnown:
    """The same for share counts only: from the index, if it has the issuer's facts."""
    from ledger.history.facts import KnownFacts  # noqa: PLC0415 - the index needs no fold

    facts = indexed_facts(index_location(ctx), issuer)
    if facts is None:
        return known_history(ctx, issuer, put)
    must_be_recorded(facts.issuer, put.knowledge.at, facts.last_entry or 0)
    return KnownFacts(facts, put.knowledge)


def known_of(book: Book, put: Question) -> KnownHistory:
    """What is known of an issuer; raises Unknown for the number of an entry not recorded yet."""
    must_be_recorded(book.issuer, put.knowledge.at, book.history.last_entry or 0)
    return book.history.as_of(put.knowledge)


def one_class(share_class: str | None) -> None:
    """Refuse "all" where a sum over classes has no meaning; raises BadInput."""
    if share_class == ALL_CLASSES:
        raise BadInput('this query takes one class, not "all"', "name it: --class CODE")


def one_or_list(answers: Sequence[Any], share_class: str | None) -> Any:
    """One object if one class was named, otherwise a list."""
    return answers[0] if share_class is not None else list(answers)


def tell_reasons(answers: Sequence[Any]) -> None:
    """Print the reason for each unknown figure beside the table."""
    for answer in answers:
        if answer.reason:
            note(f"{answer.share_class}: {answer.reason}")
