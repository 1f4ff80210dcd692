"""Compares published figures with the ledger: counts, progress of programs, annual dividends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ledger.actions.dividend import Term
from ledger.actions.repurchase import Repurchase, RepurchaseReported, program_at
from ledger.actions.share_class import DividendTotalReported, PositionReported, TotalBasis
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.values.numbers import Exact, decimal_text, grouped, prints_as
from projections.checks.finding import Finding, FindingKind, finding_at
from projections.dividends.fiscal_years import FiscalYear, fiscal_years
from projections.question import Question
from projections.shares.positions import share_counts

Reported = PositionReported | RepurchaseReported | DividendTotalReported


def failed_assertions(known: KnownHistory, question: Question) -> Iterator[Finding]:
    """Every published figure up to the day asked about that differs or cannot be judged."""
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


_RULES: dict[type[Reported], str] = {
    PositionReported: "reported-position",
    RepurchaseReported: "reported-progress",
    DividendTotalReported: "reported-total",
}


def _compared(
    fact: Fact,
    event: Reported,
    what: str,
    printed: Exact,
    found: Exact | None,
    unit: Decimal | Fraction | int,
    around: tuple[str, ...] = (),
) -> Iterator[Finding]:
    """One printed figure compared with the ledger's; nothing where they agree."""
    rule = _RULES[type(event)]
    where = f"{what} on {fact.event.on}"
    if found is None:
        message = f"{rule} not judged: {where} is printed as {grouped(printed)}, unknown here"
        yield finding_at(FindingKind.UNJUDGED, rule, fact, message)
        return
    if prints_as(found, printed, Fraction(unit), event.rounding):
        return
    reason = next((a.reason for a in fact.event.acknowledged if a.rule == rule), None)
    kind = FindingKind.ASSERTION_FAILED if reason is None else FindingKind.ACKNOWLEDGED
    yield finding_at(
        kind,
        rule,
        fact,
        f"{where}: {grouped(printed)} is published, the ledger holds {grouped(found)}",
        expected=decimal_text(printed)[0],
        found=decimal_text(found)[0],
        difference=decimal_text(found - printed)[0],
        reason=reason,
        around=around,
    )


def _reported_position(
    known: KnownHistory, fact: Fact, event: PositionReported
) -> Iterator[Finding]:
    share_class = event.share_class or ""
    counts = share_counts(known, share_class, Question(event.on, share_basis=event.share_basis))
    basis = "" if event.share_basis is None else f" in the shares of {event.share_basis}"
    for name in ("issued", "treasury", "outstanding"):
        printed, found = getattr(event, name), getattr(counts, name)
        if printed is not None:
            yield from _compared(
                fact,
                event,
                f"{name} of class {share_class}{basis}",
                Fraction(printed),
                None if found is None else Fraction(found),
                event.unit,
                _around(known, share_class, event.on),
            )


def _around(known: KnownHistory, share_class: str, on: date) -> tuple[str, ...]:
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


def _reported_progress(
    known: KnownHistory, fact: Fact, event: RepurchaseReported
) -> Iterator[Finding]:
    facts = known.actions[event.action]
    if facts[0].event.action_type is not Repurchase:
        return
    restatement = known.positions(event.share_class or "").restatement
    program = program_at(facts, event.on, restatement)
    if event.shares is not None:
        yield from _compared(
            fact,
            event,
            f"shares bought under {event.action}",
            Fraction(event.shares),
            program.shares_bought(event.on),
            1,
        )
    if event.amount is not None:
        same_currency = program.currency in (None, event.amount.currency)
        yield from _compared(
            fact,
            event,
            f"amount paid under {event.action}",
            event.amount.exact,
            program.amount_paid if same_currency else None,
            event.unit,
        )


def _reported_total(
    known: KnownHistory, fact: Fact, event: DividendTotalReported
) -> Iterator[Finding]:
    (year,) = fiscal_years(
        known,
        event.share_class or "",
        Question(event.on),
        event.fiscal_year_end.isoformat(),
        term=None if event.term is Term.ANNUAL else event.term,
    )
    if event.per_share is not None:
        yield from _reported_per_share(fact, event, year)
    if event.amount is not None:
        found = None if year.total is None else Fraction(year.total.amount)
        if year.total is not None and year.total.currency != event.amount.currency:
            found = None
        yield from _compared(
            fact,
            event,
            f"{_term(event)}dividends of the year ended {event.fiscal_year_end}",
            event.amount.exact,
            found,
            event.unit,
        )


def _term(event: DividendTotalReported) -> str:
    return "" if event.term is None else f"{event.term} "


def _reported_per_share(
    fact: Fact, event: DividendTotalReported, year: FiscalYear
) -> Iterator[Finding]:
    views = {
        TotalBasis.DECLARED: year.declared.per_share,
        TotalBasis.YEAR_END: year.year_end_basis.per_share,
        TotalBasis.RESTATED: year.restated.per_share,
    }
    asked_for = [views[event.basis]] if event.basis is not None else list(views.values())
    found = [Fraction(view) for view in asked_for if view is not None]
    printed = Fraction(event.per_share or 0)
    if any(prints_as(view, printed, event.per_share_unit, event.rounding) for view in found):
        return
    yield from _compared(
        fact,
        event,
        f"{_term(event)}dividend per share of the year ended {event.fiscal_year_end}",
        printed,
        found[0] if found else None,
        event.per_share_unit,
    )
