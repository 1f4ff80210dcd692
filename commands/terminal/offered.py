"""What a shell offers where an issuer, an action or a class is typed: what the ledger holds."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

from commands.terminal.opening import only_issuer, open_ledger
from ledger.errors import LedgerError
from ledger.recording.issuer_record import Book

if TYPE_CHECKING:
    import click

    from ledger.store.ledger import Ledger

Offer = tuple[str, str | None]
"""A word, and what some shells show beside it."""

KINDS_ASKED = {
    "repurchases": {"repurchase"},
    "repurchase-month": {"repurchase"},
    "explain": {"repurchase"},
    "notice": {"dividend", "repurchase"},
}
"""The questions that are about some kinds of action alone."""


def offered(ctx: click.Context, parameter: str, incomplete: str) -> list[CompletionItem[str]]:
    """The words that begin with what is typed; none where the ledger cannot be read."""
    if parameter not in _WORDS:
        return []
    root = ctx.find_root()
    # The shell hands over what is typed as it stands: `~` and `$HOME` are not yet replaced.
    root.obj = os.path.expandvars(os.path.expanduser(root.params["location"]))  # noqa: PTH111
    beginning = unicodedata.normalize("NFC", incomplete)
    try:
        with open_ledger(ctx) as ledger:
            return [
                CompletionItem(word, help=told)
                for word, told in _WORDS[parameter](ledger, ctx)
                if word.startswith(beginning)
            ]
    except LedgerError:  # said in words by the command itself, once it is typed
        return []


def _issuers(ledger: Ledger, _: click.Context) -> Iterator[Offer]:
    for code in ledger.issuers():
        yield code, None


def _classes(ledger: Ledger, ctx: click.Context) -> Iterator[Offer]:
    for code in _book(ledger, ctx).history.classes_ever:
        yield code, None


def _actions(ledger: Ledger, ctx: click.Context) -> Iterator[Offer]:
    yield from _actions_of(ledger, ctx, _kinds_asked(ctx))


def _dividends(ledger: Ledger, ctx: click.Context) -> Iterator[Offer]:
    yield from _actions_of(ledger, ctx, {"dividend"})


def _programs(ledger: Ledger, ctx: click.Context) -> Iterator[Offer]:
    yield from _actions_of(ledger, ctx, {"repurchase"})


def _actions_of(ledger: Ledger, ctx: click.Context, kinds: set[str] | None) -> Iterator[Offer]:
    for reference, event in _book(ledger, ctx).history.ever.items():
        kind = event.action_type.kind
        if kinds is None or kind in kinds:
            yield reference, kind


def _kinds_asked(ctx: click.Context) -> set[str] | None:
    """The kinds the command is about: `capital dividend approve` about dividends; None of all."""
    from ledger.events.kinds import KINDS  # noqa: PLC0415 - known once a book has been read

    of_group = ctx.parent.info_name if ctx.parent is not None else None
    if of_group in KINDS:
        return {of_group}
    return KINDS_ASKED.get(ctx.info_name or "")


def _book(ledger: Ledger, ctx: click.Context) -> Book:
    return Book(ledger, only_issuer(ledger, ctx.params.get("issuer")))


_WORDS: dict[str, Callable[[Ledger, click.Context], Iterator[Offer]]] = {
    "issuer": _issuers,
    "share_class": _classes,
    "action": _actions,
    "reference": _actions,
    "dividend": _dividends,
    "program": _programs,
}
"""What is offered, by the name of the parameter."""
