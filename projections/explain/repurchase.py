"""The sum behind a program's progress: what came before the ledger, and each purchase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.actions.repurchase import Program, Repurchase, RepurchaseAuthorized, SharesRepurchased
from ledger.counts.movements import floored
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from projections.explain.lines import (
    ROUNDED,
    ByAction,
    Explained,
    by_action,
    known_sum,
    money_sum,
    no_event,
)
from projections.money import money, stated
from projections.origin import Origin, origin
from projections.question import MoneyAnswer, Question
from projections.repurchases.programs import (
    RepurchaseAnswer,
    gaps_in_its_window,
    program_asked,
    repurchases,
)


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """What was bought and paid, by trade date; the first line may be from before the ledger."""

    origin: Origin
    traded: int | None
    """In the shares of its own day; null where not captured, or where the line is no purchase."""
    shares: int | None
    """In the shares of the answer, without the fraction of a share that may be left."""
    amount: MoneyAnswer | None
    """In the currency of the answer where the event states it."""


@dataclass(frozen=True, slots=True)
class PurchaseGroup:
    """What one program is known to have bought and paid, and its lines."""

    action: str | None
    """The class, where one of its gaps may stand for purchases of the program."""
    kind: str | None
    shares: int | None
    amount: MoneyAnswer | None
    lines: list[PurchaseLine]


@dataclass(frozen=True, slots=True)
class PurchaseTotal:
    """Shares and amount, as the answer has them."""

    shares: int | None
    amount: MoneyAnswer | None


ProgramExplained = Explained[RepurchaseAnswer, PurchaseLine, PurchaseTotal]


def explain_repurchases(
    known: KnownHistory, question: Question, action: str | None = None
) -> list[ProgramExplained]:
    """The sums behind one program's progress, or behind that of each.

    Raises Unknown where `action` names no program.
    """
    return [_explained(known, question, answer) for answer in repurchases(known, question, action)]


def _explained(
    known: KnownHistory, question: Question, answer: RepurchaseAnswer
) -> ProgramExplained:
    program = program_asked(known, question, answer.action, answer.share_class)
    gaps = gaps_in_its_window(known, program, question.on)
    lines = [
        *_before_the_ledger(program, question.shares_of),
        *_purchases(known, question, answer.action, program),
        *(PurchaseLine(origin(gap), None, None, None) for gap in gaps),
    ]
    if answer.shares is not None:
        # The answer drops the fraction of a share once, at the end; each line drops its own.
        left = answer.shares - sum(line.shares or 0 for line in lines)
        if left:
            where = no_event(ROUNDED, question.shares_of, answer.action, Repurchase.kind)
            lines.append(PurchaseLine(where, None, left, None))
    reason = _why_unknown(question.on, answer, program, gaps, lines)
    total = PurchaseTotal(answer.shares, answer.amount)
    return Explained(known.issuer, answer.share_class, "repurchase", answer, lines, total, reason)


def _before_the_ledger(program: Program, shares_of: date) -> Iterator[PurchaseLine]:
    """What was bought before the ledger, as the authorization states it."""
    if program.authorized is None:
        return
    event = program.authorized.event
    assert isinstance(event, RepurchaseAuthorized)
    already, shares = event.already, None
    if already is None:
        return
    if already.shares is not None:
        shares = floored(already.shares, program.restatement.ratio(event.on, shares_of))
    yield PurchaseLine(origin(program.authorized), already.shares, shares, stated(already.amount))


def _purchases(
    known: KnownHistory, question: Question, action: str, program: Program
) -> Iterator[PurchaseLine]:
    for fact in known.actions.get(action, []):
        bought = fact.event
        if not isinstance(bought, SharesRepurchased) or bought.on > question.on:
            continue
        ratio = program.restatement.ratio(bought.on, question.shares_of)
        yield PurchaseLine(
            origin(fact), bought.shares, floored(bought.shares, ratio), _paid(bought, program)
        )


def _paid(bought: SharesRepurchased, program: Program) -> MoneyAnswer | None:
    """In the program's currency where the event states it; no shares cost nothing."""
    if program.currency is not None and not bought.shares:
        return money(Fraction(0), program.currency)
    amounts = [paid for paid in (bought.amount, bought.amount_in_cap_currency) if paid]
    amounts.sort(key=lambda paid: paid.currency != program.currency)
    return stated(next(iter(amounts), None))


def _why_unknown(
    on: date,
    answer: RepurchaseAnswer,
    program: Program,
    gaps: list[Fact],
    lines: list[PurchaseLine],
) -> str | None:
    """Why shares or amount are null; None where both are known."""
    if answer.state is None:
        return f"nothing of {answer.action} is known by {on}"
    if gaps:
        days = ", ".join(f"{gap.event.on} (entry {gap.entry.number})" for gap in gaps)
        return (
            f"no purchase is recorded, and treasury moved by an unknown number on {days}, "
            "inside the window"
        )
    reasons = []
    if answer.shares is None:
        reasons.append("the shares bought before this ledger are not captured")
    if answer.amount is None:
        reasons.append(_why_no_amount(program.currency, lines))
    return "; ".join(reasons) or None


def _why_no_amount(currency: str | None, lines: list[PurchaseLine]) -> str:
    if currency is None:
        currencies = sorted({line.amount.currency for line in lines if line.amount is not None})
        if not currencies:
            return "no amount is captured"
        return f"paid in {' and '.join(currencies)}, and no cap says in which it counts"
    missing = ", ".join(
        f"{line.origin.on} (entry {line.origin.entry})"
        for line in lines
        if line.origin.event != ROUNDED
        and (line.amount is None or line.amount.currency != currency)
    )
    return f"what was paid is not captured in {currency}: {missing}"


def purchases_by_action(
    explained: ProgramExplained,
) -> ByAction[RepurchaseAnswer, PurchaseGroup, PurchaseTotal]:
    """The lines grouped by action: the program, and the class for its gaps."""
    amounts = [line.amount for line in explained.lines if line.amount is not None]
    amount = explained.total.amount or (amounts[0] if amounts else None)

    def group(first: Origin, lines: list[PurchaseLine]) -> PurchaseGroup:
        return PurchaseGroup(
            first.action,
            first.kind,
            known_sum(line.shares for line in lines),
            None if amount is None else money_sum((ln.amount for ln in lines), amount.currency),
            lines,
        )

    return by_action(explained, group)
