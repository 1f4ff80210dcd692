"""How many shares are authorized, issued, in treasury and outstanding, and what changed them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from ledger.counts.basis import ALL_CLASSES
from ledger.counts.counts import Counts, Doubts
from ledger.counts.movements import Opening
from ledger.counts.positions import Position, Positions
from ledger.errors import BadInput, Unknown
from ledger.history.facts import AnyKnown
from projections.question import Asked, Question, asked
from projections.shares.counts import ShareCounts, side_by_side
from projections.shares.lookup import not_opened


class CountChange(NamedTuple):
    """One event that moved a count, and the counts after it."""

    issuer: str
    share_class: str
    known_at: int | date | datetime | None
    known_by: str
    basis: str
    on: date
    """The day of the change, by that basis."""
    action: str
    event: str
    key: str
    entry: int
    issued_change: int | None
    treasury_change: int | None
    outstanding_change: int | None
    authorized: int | None
    issued: int | None
    treasury: int | None
    outstanding: int | None


def classes_asked(known: AnyKnown, share_class: str | None) -> list[str]:
    """The classes a question is about; raises Unknown for one the issuer never had.

    A class that is not known yet is no error: its counts are unknown.
    """
    if share_class is None:
        return known.classes
    ever = known.whole.classes_ever
    if share_class != ALL_CLASSES and share_class not in ever:
        have = ", ".join(ever) or "none yet"
        raise Unknown(
            f"{known.issuer} has no class {share_class!r}; its classes: {have}",
            "name one of them: --class CODE",
        )
    return [share_class]


def share_counts(known: AnyKnown, share_class: str, question: Question) -> ShareCounts:
    """The counts of one class, or of all together, at the close of the day asked about."""
    about = asked(question, known)
    if share_class == ALL_CLASSES:
        return _of_all_classes(
            known, about, [share_counts(known, code, question) for code in known.classes]
        )
    restated = told_counts(known.positions(share_class, question.basis), question)
    counts, reason = answered_counts(known, share_class, restated, question.on)
    return ShareCounts(known.issuer, share_class, about, *side_by_side(counts), reason)


def answered_counts(
    known: AnyKnown, share_class: str, counts: Counts, on: date
) -> tuple[Counts, str | None]:
    """The counts as a question answers them, and why one of them is null."""
    impossible = counts.impossible
    if impossible is not None:
        # Only under disclosed knowledge: late records may reach into an earlier public view.
        why = f"what was disclosed by then does not add up: {impossible}"
        return counts.as_answered(), why
    return counts, why_unknown(known, share_class, counts, on)


def told_counts(positions: Positions, question: Question) -> Counts:
    """The counts on the day asked about, in the shares of the day that the question names."""
    counts = positions.folded_at(question.on)
    return positions.told_in_shares_of(counts, question.on, question.shares_of)


def _of_all_classes(known: AnyKnown, about: Asked, parts: Sequence[ShareCounts]) -> ShareCounts:
    def total(name: str) -> int | None:
        counts = [getattr(part, name) for part in parts]
        return sum(counts) if counts and None not in counts else None

    reasons = [f"{part.share_class}: {part.reason}" for part in parts if part.reason]
    return ShareCounts(
        known.issuer,
        ALL_CLASSES,
        about,
        total("authorized"),
        total("issued"),
        total("treasury"),
        total("outstanding"),
        "; ".join(reasons) or (None if parts else "no class is known"),
    )


def why_unknown(known: AnyKnown, share_class: str, counts: Counts, on: date) -> str | None:
    """Why some count of the class is null on that day, in words; None where all are known."""
    figures = {
        "issued": counts.issued_figure,
        "treasury": counts.treasury_figure,
        "outstanding": counts.outstanding_figure,
    }
    missing = [name for name, figure in figures.items() if figure.known is None]
    if not missing:
        return None
    if not counts.opened:
        return not_opened(opened_on(known.positions(share_class)), on)
    gaps: dict[Doubts, list[str]] = {}
    for name, figure in figures.items():
        if figure.known is None and figure.doubts:
            gaps.setdefault(figure.doubts, []).append(name)
    reasons = [
        f"{_listed(names)} moved by an unknown number on {_days(known, doubts)}"
        for doubts, names in gaps.items()
    ]
    never = [name for name in missing if not figures[name].doubts]
    if never:
        reasons.append(f"{_listed(never)} not stated by the opening position")
    return "; ".join(reasons)


def _listed(names: Sequence[str]) -> str:
    """Treasury and outstanding; issued, treasury and outstanding."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _days(known: AnyKnown, doubts: Doubts) -> str:
    gaps = sorted((known.by_key[key] for key in doubts), key=lambda fact: fact.order)
    return _listed([f"{gap.event.on} (entry {gap.entry.number})" for gap in gaps])


def opened_on(positions: Positions) -> date | None:
    """The day of the first opening position; None without one."""
    return next((p.step.day for p in positions if isinstance(p.step.movement, Opening)), None)


def changes(
    known: AnyKnown, share_class: str, question: Question
) -> Iterator[tuple[Position, Counts, Counts]]:
    """Every step up to the day asked about that changed a count: the counts before and after it.

    Before the opening of the class nothing changes. Raises BadInput for all classes at once.
    """
    if share_class == ALL_CLASSES:
        raise BadInput("--history takes one class", "name it: --class CODE")
    for position in known.positions(share_class, question.basis).until(question.on):
        before, after = position.before.as_answered(), position.counts.as_answered()
        if before != after:
            yield position, before, after


def share_history(known: AnyKnown, share_class: str, question: Question) -> list[CountChange]:
    """Every event that moved a count of the class up to the close of the day asked about."""
    history = []
    for position, before, after in changes(known, share_class, question):
        fact = known.by_key[position.step.key]
        history.append(
            CountChange(
                known.issuer,
                share_class,
                known.knowledge.at,
                known.knowledge.by,
                question.basis,
                position.step.day,
                position.step.action,
                fact.event.name,
                fact.event.key,
                fact.entry.number,
                *differences(before, after),
                *side_by_side(after),
            )
        )
    return history


def differences(before: Counts, after: Counts) -> tuple[int | None, int | None, int | None]:
    """By how much issued, treasury and outstanding changed; null where one of two is unknown."""

    def by(first: int | None, then: int | None) -> int | None:
        return None if first is None or then is None else then - first

    return (
        by(before.issued, after.issued),
        by(before.treasury, after.treasury),
        by(before.outstanding, after.outstanding),
    )
