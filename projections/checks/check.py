"""The findings for an auditor: figures that disagree, gaps, breaches, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ledger.actions.share_class import PositionAdjusted
from ledger.events.entry import Entry
from ledger.events.kinds import kind_of
from ledger.events.recorded import Breach, Fact
from ledger.history.history import KnownHistory
from ledger.rules import RULES, Kind, judge
from projections.checks.assertions import failed_assertions
from projections.checks.finding import Finding, FindingKind, finding_at
from projections.question import Question


def check(
    known: KnownHistory, register: Sequence[Entry], question: Question, today: date
) -> list[Finding]:
    """All findings in one issuer's record, as known and up to the day asked about.

    `register` holds the issuer's entries, which say what they acknowledged.
    """
    findings = [
        *breaches_found(known, register, today),
        *failed_assertions(known, question),
        *_adjustments(known),
        *_overdue(known, question.on),
    ]
    return sorted(
        (finding for finding in findings if finding.on <= question.on),
        key=lambda finding: (finding.on, finding.entry),
    )


def breaches_found(
    known: KnownHistory, register: Sequence[Entry], today: date
) -> Iterator[Finding]:
    """Every broken rule, acknowledged or not, and acknowledgments of rules that now hold."""
    reasons = {
        (covered.rule, covered.action, covered.key): (covered.reason, entry.number)
        for entry in register
        for covered in entry.covered
    }
    reported: set[tuple[str, str | int]] = set()
    for breach in judge(known, today):
        fact = known.by_key[breach.key]
        reported.add((breach.rule, breach.key))
        kind = RULES[breach.rule].kind
        answered = reasons.get(breach.identity) or _at_its_own_event(breach, fact)
        if breach.rule == "unjudged":
            yield finding_at(FindingKind.UNJUDGED, breach.about, fact, breach.message)
        elif kind is Kind.WARNING and answered is None:
            yield finding_at(FindingKind.WARNING, breach.rule, fact, breach.message)
        elif answered is not None and kind is not Kind.REFUSED:
            reason, entry = answered
            reported.add((breach.rule, entry))
            message = f"{breach.message} (acknowledged by entry {entry})"
            yield finding_at(FindingKind.ACKNOWLEDGED, breach.rule, fact, message, reason=reason)
        else:
            yield finding_at(FindingKind.RULE_BROKEN, breach.rule, fact, breach.message)
    yield from _cured(known, reported)


def _cured(known: KnownHistory, reported: set[tuple[str, str | int]]) -> Iterator[Finding]:
    """Acknowledgments of rules that are no longer broken: they stay listed."""
    for fact in known.facts:
        for acknowledged in fact.event.acknowledged:
            rule = RULES.get(acknowledged.rule)
            assertion = rule is not None and rule.kind is Kind.ASSERTION
            answers = {(acknowledged.rule, at) for at in (fact.event.key, fact.entry.number)}
            if not assertion and not answers & reported:
                yield finding_at(
                    FindingKind.ACKNOWLEDGED,
                    acknowledged.rule,
                    fact,
                    f"{fact.event.name} of {fact.event.action} acknowledged it; at this event it "
                    "is not broken",
                    reason=acknowledged.reason,
                )


def _at_its_own_event(breach: Breach, fact: Fact) -> tuple[str, int] | None:
    for acknowledged in fact.event.acknowledged:
        if acknowledged.rule == breach.rule:
            return acknowledged.reason, fact.entry.number
    return None


def _adjustments(known: KnownHistory) -> Iterator[Finding]:
    for fact in known.effective:
        if isinstance(event := fact.event, PositionAdjusted):
            moved = ", ".join(
                f"{name} moved {'by an unknown number' if change is None else f'by {change:+,}'}"
                for name, change in (
                    ("issued", event.issued_change),
                    ("treasury", event.treasury_change),
                )
                if change != 0
            )
            until = f" until {event.until}" if event.until else ""
            yield finding_at(
                FindingKind.ADJUSTMENT,
                None,
                fact,
                f"class {event.share_class}: {moved}{until}, unexplained",
                reason=event.reason,
            )


def _overdue(known: KnownHistory, on: date) -> Iterator[Finding]:
    """Planned days that have passed without the event they planned."""
    for action, facts in known.actions.items():
        kind = kind_of(facts)
        if (late := kind.overdue(facts, on)) is not None:
            yield finding_at(
                FindingKind.OVERDUE,
                kind.overdue_rule,
                late.stated,
                f"{action} is {late.state.name}: {late.state.awaits} was due on {late.day}, "
                "nothing is recorded",
            )
