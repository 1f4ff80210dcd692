"""The progress of each repurchase program by trade date, and what its caps still allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ledger.actions.repurchase import (
    AlreadyBought,
    Program,
    Repurchase,
    program_at,
    program_state,
)
from ledger.actions.share_class import PositionAdjusted
from ledger.errors import Unknown, quoted
from ledger.events.event import Event
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.values.numbers import percent_text
from projections.money import money, stated
from projections.question import Asked, MoneyAnswer, Question, asked


@dataclass(frozen=True, slots=True)
class RepurchaseAnswer:
    """One program at the close of a day; null where a figure is unknown.

    Shares are in the shares of the day asked about; percentages and what is left are in the shares
    of the day on which the cap in force was stated (`max_shares_as_of`).
    """

    action: str
    share_class: str
    asked: Asked
    state: str | None
    """None where no event of the program is known by the day asked about."""
    from_: date | None
    until: date | None
    days_left: int | None
    method: str | None
    max_shares: int | None
    max_shares_as_of: date | None
    max_amount: MoneyAnswer | None
    shares: int | None
    amount: MoneyAnswer | None
    shares_percent: str | None
    amount_percent: str | None
    shares_left: int | None
    amount_left: MoneyAnswer | None


def repurchases(
    known: KnownHistory, question: Question, action: str | None = None
) -> list[RepurchaseAnswer]:
    """Every program of the issuer known and begun by the day asked about, oldest first.

    Raises Unknown where `action` names no program.
    """
    if action is not None:
        must_be_a_program(known, action)
        return [_answer(known, question, action, known.whole.ever[action])]
    answers = (
        _answer(known, question, reference, facts[0].event)
        for reference, facts in known.actions.items()
        if facts[0].event.action_type is Repurchase
    )
    return [answer for answer in answers if answer.state is not None]


def must_be_a_program(known: KnownHistory, action: str) -> None:
    """Raises Unknown where no program of that name was ever recorded."""
    ever = known.whole.ever
    programs = [reference for reference, event in ever.items() if event.action_type is Repurchase]
    if action not in programs:
        have = ", ".join(programs) or "none yet"
        raise Unknown(
            f"{known.issuer} has no repurchase program {action!r}; it has: {have}",
            f"see all actions with: capital actions {quoted(known.issuer)}",
        )


def _answer(known: KnownHistory, question: Question, action: str, first: Event) -> RepurchaseAnswer:
    """The program at the close of the day; all null where no event of it is known by then."""
    on, share_class = question.on, first.share_class or ""
    program = program_asked(known, question, action, share_class)
    state = program_state(program, on)
    is_open = state is not None and state.name in ("authorized", "open")
    bought = progress_of(program, question, on)
    paid, cap, max_shares = program.amount_paid, program.max_amount, program.max_shares
    of_cap = program.shares_bought(program.max_shares_as_of or on)
    return RepurchaseAnswer(
        action=action,
        share_class=share_class,
        asked=asked(question, known),
        state=None if state is None else state.name,
        from_=program.begins,
        until=program.until,
        days_left=(program.until - on).days if is_open and program.until is not None else None,
        method=program.method,
        max_shares=max_shares,
        max_shares_as_of=program.max_shares_as_of,
        max_amount=stated(cap),
        shares=bought.shares,
        amount=bought.amount,
        shares_percent=bought.shares_percent,
        amount_percent=bought.amount_percent,
        shares_left=None if max_shares is None or of_cap is None else int(max_shares - of_cap),
        amount_left=None if cap is None or paid is None else money(cap.exact - paid, cap.currency),
    )


class Progress(NamedTuple):
    """What a program bought and paid so far, and the percentages of its caps in force."""

    shares: int | None
    amount: MoneyAnswer | None
    shares_percent: str | None
    amount_percent: str | None


def progress_of(program: Program, question: Question, on: date) -> Progress:
    """The progress of a program as it stands on a day."""
    bought = program.shares_bought(question.shares_of)
    of_cap = program.shares_bought(program.max_shares_as_of or on)
    paid, cap, max_shares = program.amount_paid, program.max_amount, program.max_shares
    return Progress(
        None if bought is None else int(bought),
        money(paid, program.currency),
        None if max_shares is None or of_cap is None else percent_text(of_cap, max_shares),
        None if cap is None or paid is None else percent_text(paid, cap.exact),
    )


def program_asked(
    known: KnownHistory, question: Question, action: str, share_class: str
) -> Program:
    """The program at the close of the day; a gap in treasury may leave its progress unknown."""
    restatement = known.positions(share_class).restatement
    program = program_at(known.actions.get(action, []), question.on, restatement)
    if program_state(program, question.on) is None or gaps_in_its_window(
        known, program, question.on
    ):
        program.already = AlreadyBought()
    return program


def gaps_in_its_window(known: KnownHistory, program: Program, on: date) -> list[Fact]:
    """The adjustments of unknown size that may stand for purchases of the program.

    Absent is never zero: where no purchase is recorded and treasury has such a gap in the period of
    purchases, the number of shares bought is unknown.
    """
    first = program.first_day
    if program.first_purchase is not None or program.authorized is None or first is None:
        return []
    return [
        fact
        for fact in known.actions.get(f"class-{program.authorized.event.share_class}", [])
        if isinstance(fact.event, PositionAdjusted)
        and fact.event.treasury_change is None
        and first <= fact.event.on <= min(on, program.until or on)
    ]
