"""What an import says of each issuer, worked out when it is judged and told when it is recorded."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Any, Self

import click

from commands.terminal.output import note, words
from commands.terminal.receipt import commit_words, position_words, positions_after, receipt_json
from ledger.counts.positions import Position
from ledger.proof.commit import Commit, root_text
from ledger.recording.record import Receipt

HELD_CHARACTERS = 1_000_000
"""How much is held in memory before it goes to a temporary file."""


@dataclass(slots=True)
class Told:
    """One issuer's receipt, without what is known only once it is stored."""

    issuer: str
    entry: int | None
    """The entry that holds its events, or would."""
    answer: dict[str, Any] = field(default_factory=dict)
    """For programs."""
    lines: list[str] = field(default_factory=list)
    """For people, and ..."""
    notes: list[str] = field(default_factory=list)
    """... beside them."""


def told(receipt: Receipt, form: str, *, dry_run: bool) -> Told:
    """What an issuer's receipt says."""
    entry = (receipt.recorded or receipt.hits)[0].entry.number
    if form == "json":
        return Told(receipt.issuer, entry, answer=receipt_json(receipt, dry_run=dry_run))
    return Told(
        receipt.issuer, entry, lines=_lines(receipt, dry_run=dry_run), notes=_notes(receipt)
    )


class Said:
    """What is to be said of all issuers, kept until all is done: in memory, or in a file."""

    def __init__(self, form: str) -> None:
        self.form = form
        self._kept = SpooledTemporaryFile(HELD_CHARACTERS, "w+", encoding="utf-8")  # noqa: SIM115 - closed below

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._kept.close()

    def take(self, said: Told, commit: Commit | None) -> None:
        """Keep what one issuer's receipt says, with the commit that holds its events."""
        if self.form == "json":
            kept = _completed(said, commit)
        else:
            by = [] if commit is None else [commit_words(said.issuer, said.entry, commit)]
            kept = {"lines": [*said.lines, *by], "notes": said.notes}
        self._kept.write(json.dumps(kept, ensure_ascii=False) + "\n")

    def tell(self) -> None:
        """Say it."""
        self._kept.seek(0)
        if self.form == "json":
            self._tell_list()
            return
        for kept in map(json.loads, self._kept):
            for line in kept["lines"]:
                click.echo(line)
            for text in kept["notes"]:
                note(text)

    def _tell_list(self) -> None:
        """One JSON list, an issuer at a time."""
        begun = False
        for kept in map(json.loads, self._kept):
            text = json.dumps(kept, ensure_ascii=False, indent=2).replace("\n", "\n  ")
            click.echo(f"{',' if begun else '['}\n  {text}", nl=False)
            begun = True
        click.echo("\n]" if begun else "[]")


def _completed(said: Told, commit: Commit | None) -> dict[str, Any]:
    """A receipt for programs, with what its commit proves."""
    if commit is None:
        return said.answer
    recorded = bool(said.answer["recorded"])
    return {
        **said.answer,
        "entry": said.entry if recorded else None,
        "size": commit.size,
        "root": root_text(commit.root),
    }


def _lines(receipt: Receipt, *, dry_run: bool) -> list[str]:
    hits = f", {len(receipt.hits):,} recorded before" if receipt.hits else ""
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
    """Each event of a dry run, with the position right after it where it moves one."""
    moved: dict[str, list[Position]] = defaultdict(list)
    for code in receipt.after.classes:
        for position in receipt.after.positions(code):
            if position.before != position.counts:
                moved[position.step.key].append(position)
    lines = []
    for fact in receipt.recorded:
        event = fact.event
        lines.append(f"  {event.on if event.is_dated else 'undated'} {event.action}: {event.name}")
        for position in moved[event.key]:
            counts = position.counts
            figures = ", ".join(
                f"{name} {words(figure, 'unknown')}"
                for name, figure in (
                    ("issued", counts.issued),
                    ("treasury", counts.treasury),
                    ("outstanding", counts.outstanding),
                )
            )
            lines.append(f"    -> {position.step.day}: {figures}")
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
            f"note: {unjudged:,} rule{'s' if unjudged > 1 else ''} could not be judged for want "
            f"of a figure; see: capital check {receipt.issuer}"
        )
    return notes
