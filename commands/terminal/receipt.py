"""The receipt of a recording: what was recorded, its entry, and the position after it."""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING, Any

import click

from commands.terminal.output import as_json, note, show_json, words
from commands.terminal.screen import receipt_of
from ledger.errors import StoreUnusable
from ledger.events.recorded import Fact
from ledger.history.knowledge import EVERYTHING
from ledger.proof.commit import Commit, root_text
from projections.shares.counts import ShareCounts
from projections.shares.touched import counts_after

if TYPE_CHECKING:
    from ledger.counts.counts import Counts
    from ledger.recording.record import Receipt


def tell(receipt: Receipt, form: str, *, dry_run: bool) -> None:
    """Say what was recorded, its entry, and the position after it."""
    entry = receipt.entry
    with receipt_of([] if entry is None else [f"{receipt.issuer} entry {entry.number}"]):
        _tell(receipt, form, dry_run=dry_run)


def _tell(receipt: Receipt, form: str, *, dry_run: bool) -> None:
    if form == "json":
        show_json(receipt_json(receipt, dry_run=dry_run))
        return
    if not receipt.recorded and receipt.entry is None:
        for hit in receipt.hits:
            event, since = hit.event, _reversed(receipt, hit)
            click.echo(
                f"{event.name} of {event.action} is already recorded, by entry "
                f"{hit.entry.number} with key {event.key}{since}; nothing was added"
            )
        tell_commit(receipt)
        return
    number = receipt.recorded[0].entry.number
    head = f"dry run, nothing recorded; would be entry {number}" if dry_run else f"entry {number}"
    for fact in receipt.recorded:
        event = fact.event
        on = f" on {event.on}" if event.is_dated else ""
        click.echo(f"{head}: {event.issuer} {event.action}: {event.name}{on}")
    for counts in positions_after(receipt):
        click.echo(position_words(counts))
    tell_commit(receipt)
    for covered in receipt.covered:
        note(f"acknowledged: {covered.rule} ({covered.reason})")
    for warning in receipt.warnings:
        note(f"warning: {warning.rule}: {warning.message}")
    for code in new_classes(receipt):
        note(
            f"note: {code!r} is a new class of {receipt.issuer}, in addition to "
            f"{', '.join(receipt.before.classes)}"
        )


def tell_commit(receipt: Receipt) -> None:
    """What proves the entry later, where there is one."""
    if receipt.commit is not None:
        entry = (receipt.recorded or receipt.hits)[0].entry.number
        click.echo(commit_words(receipt.issuer, entry, receipt.commit))


def commit_words(issuer: str, entry: int | None, commit: Commit) -> str:
    """What proves an entry later: how many rows there were with it, and the root over them."""
    root = root_text(commit.root)
    return f"receipt: {issuer} entry {entry}, size {commit.size}, root {root}"


def _reversed(receipt: Receipt, hit: Fact) -> str:
    reversal = receipt.after.reversed_by.get(hit.event.key)
    return "" if reversal is None else f", and reversed by entry {reversal.entry.number}"


def new_classes(receipt: Receipt) -> list[str]:
    """Classes the command speaks of first, where there are others: a typo would be one."""
    before = receipt.before.classes
    return [code for code in receipt.after.classes if before and code not in before]


def positions_after(receipt: Receipt) -> list[ShareCounts]:
    """The counts of each class touched, at the latest day the command touched it."""
    return counts_after(receipt.after.as_of(EVERYTHING), receipt.recorded)


def figures_words(counts: ShareCounts | Counts) -> str:
    """Three counts in words."""
    return ", ".join(
        f"{name} {words(getattr(counts, name), 'unknown')}"
        for name in ("issued", "treasury", "outstanding")
    )


def position_words(counts: ShareCounts) -> str:
    """A position in one line."""
    why = f" ({counts.reason})" if counts.reason else ""
    return (
        f"{counts.issuer} {counts.share_class} on {counts.asked.on}: {figures_words(counts)}{why}"
    )


def receipt_json(receipt: Receipt, *, dry_run: bool) -> dict[str, Any]:
    """The receipt for programs."""
    return {
        "issuer": receipt.issuer,
        "entry": receipt.entry.number if receipt.entry is not None else None,
        "size": None if receipt.commit is None else receipt.commit.size,
        "root": None if receipt.commit is None else root_text(receipt.commit.root),
        "dry_run": dry_run,
        "recorded": [_fact_json(fact) for fact in receipt.recorded],
        "hits": [{**_fact_json(fact), "entry": fact.entry.number} for fact in receipt.hits],
        "acknowledged": [{"rule": c.rule, "reason": c.reason} for c in receipt.covered],
        "warnings": [{"rule": w.rule, "message": w.message} for w in receipt.warnings],
        "positions": [as_json(counts) for counts in positions_after(receipt)],
    }


def _fact_json(fact: Fact) -> dict[str, Any]:
    event = fact.event
    return {
        "action": event.action,
        "version": event.version,
        "event": event.name,
        "on": event.on.isoformat() if event.is_dated else None,
        "key": event.key,
    }


def tell_unindexed(problem: StoreUnusable) -> None:
    note(f"note: the entry is recorded, but the index was not updated: {problem.message}")
    note("Try: capital rebuild")


def who(typed: str | None) -> str:
    """Who records: as typed, else the user of this machine."""
    if typed:
        return typed
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user id, in a container
        return f"uid-{os.getuid()}"
