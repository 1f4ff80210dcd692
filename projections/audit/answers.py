"""Every answer of one issuer at every day that changes one, as canonical lines.

Their SHA-256 is what an auditor writes down: equal digests mean equal answers, whoever computed
them. docs/audit.md specifies the lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from ledger.actions.dividend import Dividend, dividend_at
from ledger.actions.repurchase import Program, Repurchase, program_state
from ledger.counts.basis import Basis
from ledger.counts.positions import Positions
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.values.numbers import money_text
from projections.dividends.dividend import dividend_answer
from projections.dividends.fiscal_years import fiscal_years
from projections.question import MoneyAnswer, Question
from projections.repurchases.programs import gaps_in_its_window


def answer_lines(known: KnownHistory) -> Iterator[str]:
    """The answers of one issuer, as one line of JSON each, in an order of their own."""
    for answer in _answers(known):
        yield _ENCODER.encode(answer) + "\n"


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _answers(known: KnownHistory) -> Iterator[dict[str, Any]]:
    for share_class in known.classes:
        about = {"issuer": known.issuer, "class": share_class}
        positions: Positions | None = None
        for basis in Basis:
            if positions is not known.positions(share_class, basis):
                positions = known.positions(share_class, basis)
                counts = list(_counts(positions))
            for of_day in counts:
                yield {**about, "basis": basis.value, **of_day}
        own = {
            reference: facts
            for reference, facts in sorted(known.actions.items())
            if facts[0].event.share_class == share_class
        }
        for reference, facts in own.items():
            if facts[0].event.action_type is Dividend:
                yield from ({**about, **line} for line in _dividend(known, facts))
            elif facts[0].event.action_type is Repurchase:
                for line in _program(known, share_class, facts):
                    yield {**about, "action": reference, **line}
        days = [fact.event.on for facts in own.values() for fact in facts]
        for line in _years(known, share_class, max(days, default=date.min)):
            yield {**about, **line}


def _counts(positions: Positions) -> Iterator[dict[str, Any]]:
    for position, following in zip(positions, [*list(positions)[1:], None], strict=False):
        if following is not None and following.step.day == position.step.day:
            continue  # only the close of a day is ever answered
        counts = position.counts.as_answered()
        cost = None if counts.cost is None else money_text(counts.cost, counts.currency or "")
        yield {
            "on": position.step.day.isoformat(),
            "authorized": counts.authorized,
            "issued": counts.issued,
            "treasury": counts.treasury,
            "outstanding": counts.outstanding,
            "cost": cost,
        }


def _dividend(known: KnownHistory, facts: list[Fact]) -> Iterator[dict[str, Any]]:
    for day in sorted({fact.event.on for fact in facts}):
        so_far = dividend_at(facts, day)
        if so_far.state is None or (so_far.terms is None and so_far.forecast is None):
            continue  # rejected or withdrawn without ever being resolved: a rule's word
        answer = dividend_answer(known, Question(day), facts, so_far)
        yield {
            "action": answer.action,
            "on": day.isoformat(),
            "state": answer.state,
            "per_share": answer.per_share,
            "currency": answer.currency,
            "total": _amount(answer.total),
            "paid_amount": _amount(answer.paid_amount),
        }


def _program(known: KnownHistory, share_class: str, facts: list[Fact]) -> Iterator[dict[str, Any]]:
    """Progress after each day, in that day's shares; computed in one pass over the purchases."""
    program = Program(restatement=known.positions(share_class).restatement)
    for fact, following in zip(facts, [*facts[1:], None], strict=True):
        program.take(fact)
        day = fact.event.on
        if following is not None and following.event.on == day:
            continue
        state = program_state(program, day)
        shares, amount, currency = program.shares_bought(day), program.amount_paid, program.currency
        if state is None or gaps_in_its_window(known, program, day):
            shares, amount = None, None
        yield {
            "on": day.isoformat(),
            "state": None if state is None else state.name,
            "shares": None if shares is None else int(shares),
            "amount": None if amount is None or not currency else money_text(amount, currency),
        }


def _years(known: KnownHistory, share_class: str, day: date) -> Iterator[dict[str, Any]]:
    for year in fiscal_years(known, share_class, Question(day)):
        yield {
            "fiscal_year": year.fiscal_year,
            "on": day.isoformat(),
            "declared": year.declared.per_share,
            "year_end_basis": year.year_end_basis.per_share,
            "restated": year.restated.per_share,
            "approved_per_share": year.approved_per_share,
            "paid_per_share": year.paid_per_share,
            "total": _amount(year.total),
        }


def _amount(money: MoneyAnswer | None) -> str | None:
    return None if money is None else f"{money.currency} {money.amount}"
