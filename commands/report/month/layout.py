"""What the layouts share: the heading, the notes, the words for days."""

from __future__ import annotations

from datetime import date

from commands.terminal.output import UNKNOWN, words
from projections.reports.repurchase_month import JapaneseReport, UkReport, UsReport

NONE = "-"


def days_words(first: date | None, last: date | None) -> str:
    if first is None:
        return words(last, UNKNOWN)
    return f"{first} to {words(last, UNKNOWN)}"


def about(answer: JapaneseReport | UsReport | UkReport) -> list[str]:
    code = "" if answer.name is None else f" ({answer.issuer})"
    known = answer.asked.known_at
    as_known = "" if known is None else f", as {answer.asked.known_by} by {known}"
    return [
        f"{answer.name or answer.issuer}{code}: {answer.class_name or answer.share_class}",
        f"Program: {answer.action}; last entry seen: {answer.asked.entry}{as_known}",
    ]


def notes(answer: JapaneseReport | UsReport | UkReport, *first: str) -> list[str]:
    unknown = [] if answer.reason is None else [f"Reason for unknown figures: {answer.reason}"]
    return [*first, *answer.notes, *unknown]
