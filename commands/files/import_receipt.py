"""The receipt of each issuer of an import: written when it is judged, printed when all is done."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import click

from commands.terminal.output import note
from commands.terminal.receipt import (
    commit_words,
    figures_words,
    position_words,
    positions_after,
    receipt_json,
)
from ledger.errors import quoted
from ledger.proof.commit import Commit, root_text
from ledger.recording.record import Receipt


class Draft(NamedTuple):
    """One issuer's receipt, without the proof that exists only after storing."""

    issuer: str
    entry: int
    """The entry with its events; in a dry run the entry they would get."""
    answer: dict[str, Any]
    """The answer for programs; for people the `lines` of the answer and the `notes` beside it."""


def draft(receipt: Receipt, form: str, *, dry_run: bool) -> Draft:
    if form == "json":
        answer = receipt_json(receipt, dry_run=dry_run)
    else:
        answer = {"lines": _lines(receipt, dry_run=dry_run), "notes": _notes(receipt)}
    return Draft(receipt.issuer, (receipt.recorded or receipt.hits)[0].entry.number, answer)


def completed(of_issuer: Draft, commit: Commit | None) -> str:
    """The receipt with the proof of its commit, as one line of JSON."""
    answer = of_issuer.answer
    if commit is not None and "lines" in answer:
        words = commit_words(of_issuer.issuer, of_issuer.entry, commit)
        answer = {**answer, "lines": [*answer["lines"], words]}
    elif commit is not None:
        entry = of_issuer.entry if answer["recorded"] else None
        answer |= {"entry": entry, "size": commit.size, "root": root_text(commit.root)}
    return json.dumps(answer, ensure_ascii=False)


def tell(receipts: Iterable[str], form: str) -> None:
    """Print the completed receipts one at a time; for programs as one JSON list."""
    begun = False
    for receipt in map(json.loads, receipts):
        if form == "json":
            text = json.dumps(receipt, ensure_ascii=False, indent=2).replace("\n", "\n  ")
            click.echo(f"{',' if begun else '['}\n  {text}", nl=False)
            begun = True
            continue
        for line in receipt["lines"]:
            click.echo(line)
        for text in receipt["notes"]:
            note(text)
    if form == "json":
        click.echo("\n]" if begun else "[]")


def _lines(receipt: Receipt, *, dry_run: bool) -> list[str]:
    hits = f", {len(receipt.hits):,} already recorded" if receipt.hits else ""
    if not receipt.recorded:
        return [f"{receipt.issuer}: nothing to add{hits}"]
    number, count = receipt.recorded[0].entry.number, len(receipt.recorded)
    head = f"dry run, would be entry {number}" if dry_run else f"entry {number}"
    return [
        f"{receipt.issuer} {head}: {count:,} event{'s' if count > 1 else ''}{hits}",
        *(_effects(receipt) if dry_run else []),
        *(f"  {position_words(counts)}" for counts in positions_after(receipt)),
    ]


def _effects(receipt: Receipt) -> list[str]:
    """Each event of a dry run, with the counts after it if it changes them."""
    moved: dict[str, list[str]] = defaultdict(list)
    for code in receipt.after.classes:
        for position in receipt.after.positions(code):
            if position.before != position.counts:
                words = figures_words(position.counts)
                moved[position.step.key].append(f"    -> {position.step.day}: {words}")
    lines = []
    for fact in receipt.recorded:
        event = fact.event
        lines.append(f"  {event.on if event.is_dated else 'undated'} {event.action}: {event.name}")
        lines += moved[event.key]
    return lines


def _notes(receipt: Receipt) -> list[str]:
    notes = [
        f"acknowledged: {covered.rule} at {covered.action} ({covered.reason})"
        for covered in receipt.covered
    ]
    notes += [
        f"warning: {warning.rule}: {warning.action}: {warning.message}"
        for warning in receipt.warnings
        if warning.rule != "unjudged"
    ]
    unjudged = sum(warning.rule == "unjudged" for warning in receipt.warnings)
    if unjudged:
        notes.append(
            f"note: {unjudged:,} rule{'s' if unjudged > 1 else ''} could not be judged because "
            f"figures are missing; see: capital check {quoted(receipt.issuer)}"
        )
    return notes
