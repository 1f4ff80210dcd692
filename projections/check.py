"""What an auditor wants pointed out: figures that disagree, gaps, breaches, what is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from ledger.actions.dividend import Dividend, dividend_at
from ledger.actions.repurchase import Repurchase, RepurchaseReported, program_at
from ledger.actions.share_class import (
    DividendTotalReported,
    PositionAdjusted,
    PositionReported,
    TotalBasis,
)
from ledger.book import Book
from ledger.fact import Breach, Fact
from ledger.rules import RULES, Kind, judge
from ledger.timeline import History
from ledger.values import grouped, prints_as
from projections.dividends import FiscalYear, fiscal_years
from projections.positions import share_counts
from projections.question import Question


class FindingKind(StrEnum):
    """What was found; only the first two are failures."""

    ASSERTION_FAILED = "assertion failed"
    RULE_BROKEN = "rule broken"
    ACKNOWLEDGED = "acknowledged"
    ADJUSTMENT = "adjustment"
    UNJUDGED = "unjudged"
    OVERDUE = "overdue"
    WARNING = "warning"


FAILURES = frozenset({FindingKind.ASSERTION_FAILED, FindingKind.RULE_BROKEN})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at."""

    finding: FindingKind
    rule: str | None
    issuer: str
    action: str
    key: str
    on: date
    entry: int
    by: str
    message: str
    expected: str | None = None
    found: str | None = None
    difference: str | None = None
    reason: str | None = None
    """Of an acknowledgment or adjustment: why."""
    around: tuple[str, ...] = ()
    """The events around a figure that disagrees."""

    @property
    def fails(self) -> bool:
        return self.finding in FAILURES


def check(book: Book, question: Question, today: date) -> list[Finding]:
    """Everything worth a look in one issuer's record, as known and up to the day asked about."""
    known = book.history.known(question.knowledge)
    findings = [
        *_breaches(book, known, today),
        *_assertions(known, question),
        *_adjustments(known),
        *_overdue(known, question.on),
    ]
    return sorted(
        (finding for finding in findings if finding.on <= question.on),
        key=lambda finding: (finding.on, finding.entry),
    )


def _finding(
    kind: FindingKind, rule: str | None, fact: Fact, message: str, **more: object
) -> Finding:
    event = fact.event
    return Finding(
        kind,
        rule,
        event.issuer,
        event.action,
        event.key,
        event.on,
        fact.entry.number,
        fact.entry.by,
        message,
        **more,  # type: ignore[arg-type]  # the optional fields of Finding
    )


def _breaches(book: Book, known: History, today: date) -> Iterator[Finding]:
    reasons = {
        (covered.rule, covered.action, covered.key, covered.about): (covered.reason, entry.number)
        for entry in book.register
        for covered in entry.covered
    }
    for breach in judge(known, today):
        fact = known.by_key[breach.key]
        kind = RULES[breach.rule].kind
        answered = reasons.get(breach.identity) or _at_its_own_event(breach, fact)
        if breach.rule == "unjudged":
            yield _finding(FindingKind.UNJUDGED, breach.about, fact, breach.message)
        elif kind is Kind.WARNING:
            yield _finding(FindingKind.WARNING, breach.rule, fact, breach.message)
        elif answered is not None and kind is Kind.GUARDED:
            reason, entry = answered
            message = f"{breach.message} (acknowledged by entry {entry})"
            yield _finding(FindingKind.ACKNOWLEDGED, breach.rule, fact, message, reason=reason)
        else:
            yield _finding(FindingKind.RULE_BROKEN, breach.rule, fact, breach.message)


def _at_its_own_event(breach: Breach, fact: Fact) -> tuple[str, int] | None:
    for acknowledged in fact.event.acknowledged:
        if acknowledged.rule == breach.rule:
            return acknowledged.reason, fact.entry.number
    return None


def _adjustments(known: History) -> Iterator[Finding]:
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
            yield _finding(
                FindingKind.ADJUSTMENT,
                None,
                fact,
                f"class {event.share_class}: {moved}{until}, unexplained",
                reason=event.reason,
            )


def _overdue(known: History, on: date) -> Iterator[Finding]:
    """Payments whose day has passed, and meetings, with nothing recorded."""
    for facts in known.actions.values():
        if facts[0].event.action_type is not Dividend:
            yield from _effect_overdue(facts, on)
            continue
        so_far = dividend_at(facts, on)
        state, terms = so_far.state, so_far.terms
        if state is None or terms is None or state.awaits is None:
            continue
        due = [("payment", terms.payable_on)]
        if state.name == "awaiting approval":
            due.insert(0, (state.awaits, terms.meeting_expected))
        for what, day in due:
            if day is not None and day < on:
                yield _finding(
                    FindingKind.OVERDUE,
                    "payment-overdue",
                    terms.stated_by,
                    f"{facts[0].event.action} is {state.name}: {what} was due on {day}, nothing "
                    "is recorded",
                )


def _effect_overdue(facts: list[Fact], on: date) -> Iterator[Finding]:
    """A planned day of effect that passed; programs end by themselves."""
    kind = facts[0].event.action_type
    state = kind.state(facts, on)
    if state is None or kind is Repurchase or state.due is None or state.due >= on:
        return
    latest = [fact for fact in facts if fact.event.on <= on][-1]
    yield _finding(
        FindingKind.OVERDUE,
        "effect-overdue",
        latest,
        f"{latest.event.action} is {state.name}: {state.awaits} was due on {state.due}, nothing "
        "is recorded",
    )


# --- assertions ----------------------------------------------------------------------------------


def _assertions(known: History, question: Question) -> Iterator[Finding]:
    for fact in known.effective:
        event = fact.event
        if event.on > question.on:
            continue
        if isinstance(event, PositionReported):
            yield from _reported_position(known, fact, event)
        elif isinstance(event, RepurchaseReported):
            yield from _reported_progress(known, fact, event)
        elif isinstance(event, DividendTotalReported):
            yield from _reported_total(known, fact, event)


def _compared(
    fact: Fact,
    rule: str,
    what: str,
    printed: Fraction,
    found: Fraction | None,
    unit: Fraction,
    rounding: object,
    around: tuple[str, ...] = (),
) -> Iterator[Finding]:
    """One printed figure against the ledger's; nothing where they agree."""
    where = f"{what} on {fact.event.on}"
    if found is None:
        message = f"{rule} not judged: {where} is printed as {grouped(printed)}, unknown here"
        yield _finding(FindingKind.UNJUDGED, rule, fact, message)
        return
    if prints_as(found, printed, unit, rounding):  # type: ignore[arg-type]  # a Rounding
        return
    reason = next((a.reason for a in fact.event.acknowledged if a.rule == rule), None)
    kind = FindingKind.ASSERTION_FAILED if reason is None else FindingKind.ACKNOWLEDGED
    yield _finding(
        kind,
        rule,
        fact,
        f"{where}: {grouped(printed)} is published, the ledger holds {grouped(found)}",
        expected=grouped(printed),
        found=grouped(found),
        difference=grouped(found - printed) if found >= printed else f"-{grouped(printed - found)}",
        reason=reason,
        around=around,
    )


def _reported_position(known: History, fact: Fact, event: PositionReported) -> Iterator[Finding]:
    share_class = event.share_class or ""
    counts = share_counts(known, share_class, Question(event.on))
    for name in ("issued", "treasury", "outstanding"):
        printed, found = getattr(event, name), getattr(counts, name)
        if printed is not None:
            yield from _compared(
                fact,
                "reported-position",
                f"{name} of class {share_class}",
                Fraction(printed),
                None if found is None else Fraction(found),
                Fraction(event.unit),
                event.rounding,
                _around(known, share_class, event.on),
            )


def _around(known: History, share_class: str, on: date) -> tuple[str, ...]:
    """The last movement up to the day, and the next one after it."""
    if share_class not in known.classes:
        return ()
    positions = [p for p in known.positions(share_class) if p.before != p.counts]
    before = [p for p in positions if p.step.day <= on][-1:]
    later = [p for p in positions if p.step.day > on][:1]
    return tuple(
        f"{known.by_key[p.step.key].event.name} of {p.step.action} on {p.step.day} "
        f"(entry {p.step.entry})"
        for p in (*before, *later)
    )


def _reported_progress(known: History, fact: Fact, event: RepurchaseReported) -> Iterator[Finding]:
    facts = known.actions[event.action]
    if facts[0].event.action_type is not Repurchase:
        return
    restatement = known.positions(event.share_class or "").restatement
    program = program_at(facts, event.on, restatement)
    if event.shares is not None:
        found = program.shares_bought(event.on)
        yield from _compared(
            fact,
            "reported-progress",
            f"shares bought under {event.action}",
            Fraction(event.shares),
            found,
            Fraction(1),
            event.rounding,
        )
    if event.amount is not None:
        same_currency = program.currency in (None, event.amount.currency)
        yield from _compared(
            fact,
            "reported-progress",
            f"amount paid under {event.action}",
            event.amount.exact,
            program.amount_paid if same_currency else None,
            Fraction(event.unit),
            event.rounding,
        )


def _reported_total(known: History, fact: Fact, event: DividendTotalReported) -> Iterator[Finding]:
    (year,) = fiscal_years(
        known, event.share_class or "", Question(event.on), event.fiscal_year_end.isoformat()
    )
    if event.per_share is not None:
        yield from _reported_per_share(fact, event, year)
    if event.amount is not None:
        found = None if year.total is None else Fraction(year.total.amount)
        if year.total is not None and year.total.currency != event.amount.currency:
            found = None
        yield from _compared(
            fact,
            "reported-total",
            f"dividends of the year ended {event.fiscal_year_end}",
            event.amount.exact,
            found,
            Fraction(event.unit),
            event.rounding,
        )


def _reported_per_share(
    fact: Fact, event: DividendTotalReported, year: FiscalYear
) -> Iterator[Finding]:
    views = {
        TotalBasis.DECLARED: year.declared.per_share,
        TotalBasis.YEAR_END: None if year.year_end_basis is None else year.year_end_basis.per_share,
        TotalBasis.RESTATED: year.restated.per_share,
    }
    asked_for = [views[event.basis]] if event.basis is not None else list(views.values())
    found = [Fraction(view) for view in asked_for if view is not None]
    printed = Fraction(event.per_share or 0)
    if any(prints_as(view, printed, event.per_share_unit, event.rounding) for view in found):
        return
    yield from _compared(
        fact,
        "reported-total",
        f"dividend per share of the year ended {event.fiscal_year_end}",
        printed,
        found[0] if found else None,
        event.per_share_unit,
        event.rounding,
    )
