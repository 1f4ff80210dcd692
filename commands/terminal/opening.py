"""Opening the ledger that a command is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledger.errors import BadInput, StoreUnusable, Unknown

if TYPE_CHECKING:
    from ledger.store.ledger import Ledger

VERIFIED = "capital.verified"
"""Whether what a question stands on is verified before it is answered (`capital --verify`)."""


def ledger_location(ctx: click.Context) -> str:
    """Where the ledger lies: the path of a file, or a URL."""
    location = str(ctx.find_root().obj)
    if not location:
        raise StoreUnusable("the ledger path is empty", "capital --ledger PATH ...")
    return location


def open_ledger(ctx: click.Context) -> Ledger:
    """The ledger the command is about; with `capital --verify`, verified for its issuer."""
    from ledger.store.ledger import Ledger  # noqa: PLC0415 - help and errors of usage need no store

    ledger = ctx.with_resource(Ledger.open(ledger_location(ctx)))
    if ctx.meta.pop(VERIFIED, False):  # once
        from datetime import UTC, datetime  # noqa: PLC0415 - rarely asked for

        from ledger.history.history import today_anywhere  # noqa: PLC0415 - as above
        from projections.audit.verify import must_be_sound  # noqa: PLC0415 - as above

        must_be_sound(ledger, ctx.params.get("issuer"), today_anywhere(datetime.now(UTC)))
    return ledger


def index_location(ctx: click.Context) -> str:
    """Where the ledger lies, for a question that its index answers; verified as above."""
    if ctx.meta.get(VERIFIED):
        open_ledger(ctx)
    return ledger_location(ctx)


def only_issuer(ledger: Ledger, issuer: str | None) -> str:
    """The issuer asked about, or the ledger's only one."""
    if issuer is not None:
        return issuer
    issuers = ledger.issuers()
    if len(issuers) == 1:
        return issuers[0]
    have = ", ".join(issuers[:20]) or "none yet"
    raise BadInput(f"no issuer is named; the ledger holds: {have}", "name one, or use --all")


def must_be_recorded(issuer: str, at: object, last: int) -> None:
    """Refuse an entry number beyond the issuer's last; raises Unknown."""
    if isinstance(at, int) and last and at > last:
        raise Unknown(
            f"--known-at {at}: the last entry of {issuer} is {last}",
            f"give an entry from 1 to {last}, or leave it out",
        )
