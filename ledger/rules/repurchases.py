"""Rules on repurchase programs: within both caps, inside the window, not too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from ledger.actions.issuer import ProfileName
from ledger.actions.repurchase import (
    Program,
    ProgramTerms,
    Repurchase,
    SharesRepurchased,
    paid_in,
)
from ledger.fact import Breach, Fact
from ledger.rules.context import Context, unjudged
from ledger.values import grouped

YEARS_AT_MOST = {
    ProfileName.JP: 1,  # Companies Act (Japan) art. 156(1), second sentence
    ProfileName.UK: 5,  # Companies Act 2006 (UK) s. 701(5)
}


def repurchases(context: Context) -> Iterator[Breach]:
    """Judge every program, at each purchase and at each statement of its terms."""
    if context.terms.profile is ProfileName.NONE:
        return
    for facts in context.actions_of(Repurchase):
        program = Program()
        already_unjudged: set[str] = set()
        for fact in facts:
            program.take(fact)
            if isinstance(fact.event, ProgramTerms):
                yield from _period(context, fact, program)
                yield from _no_window(fact, program)
            elif isinstance(fact.event, SharesRepurchased):
                for breach in _purchase(fact, fact.event, program):
                    if breach.rule != "unjudged":
                        yield breach
                    elif breach.about not in already_unjudged:  # one line for the program
                        already_unjudged.add(breach.about)
                        yield breach


def _purchase(fact: Fact, purchase: SharesRepurchased, program: Program) -> Iterator[Breach]:
    yield from _shares_cap(fact, purchase, program)
    yield from _amount_cap(fact, purchase, program)
    yield from _window(fact, purchase, program)


def _shares_cap(fact: Fact, purchase: SharesRepurchased, program: Program) -> Iterator[Breach]:
    bought = program.shares_bought
    if program.max_shares is None and program.max_amount is None:
        yield unjudged(fact, "repurchase-caps", "no cap is captured")
    elif program.max_shares is not None and bought is None:
        yield unjudged(fact, "repurchase-caps", "shares bought before the ledger are not captured")
    elif program.max_shares is not None and bought is not None and bought > program.max_shares:
        left = program.max_shares - (bought - purchase.shares)
        yield Breach.at(
            fact,
            "repurchase-caps",
            f"{purchase.shares:,} shares on {purchase.on} bring {purchase.action} to {bought:,}, "
            f"over its cap of {program.max_shares:,} shares; {max(left, 0):,} were left",
            _CAPS_REMEDY,
        )


def _amount_cap(fact: Fact, purchase: SharesRepurchased, program: Program) -> Iterator[Breach]:
    cap = program.max_amount
    if cap is None:
        return
    paid = program.amount_paid
    if paid is None:
        yield unjudged(
            fact, "repurchase-caps", f"the amount of a purchase is not captured in {cap.currency}"
        )
    elif paid > cap.exact:
        this = paid_in(purchase, cap.currency)
        left = max(cap.exact - (paid - this), Fraction(0))
        yield Breach.at(
            fact,
            "repurchase-caps",
            f"{cap.currency} {grouped(this)} on {purchase.on} bring {purchase.action} to "
            f"{grouped(paid)}, over its cap of {cap.currency} {cap.amount:,f}; "
            f"{grouped(left)} were left",
            _CAPS_REMEDY,
            about="amount",
        )


_CAPS_REMEDY = "mend the figure, record the amendment of the cap, or acknowledge the excess"


def _window(fact: Fact, purchase: SharesRepurchased, program: Program) -> Iterator[Breach]:
    first, last = program.first_day, program.until
    outside = [
        day
        for day in sorted({purchase.begins, purchase.on})
        if (first is not None and day < first) or (last is not None and day > last)
    ]
    if outside:
        yield Breach.at(
            fact,
            "repurchase-window",
            f"trade date {outside[0]} of {purchase.action} lies outside its window, "
            f"{first or 'unknown'} to {last or 'unknown'}",
            "mend the date, record the amendment of the window, or acknowledge it",
        )


def _no_window(fact: Fact, program: Program) -> Iterator[Breach]:
    if program.until is None and fact is program.authorized:
        yield unjudged(fact, "repurchase-window", "the end of the window is not captured")


def _period(context: Context, fact: Fact, program: Program) -> Iterator[Breach]:
    years = YEARS_AT_MOST.get(context.terms.profile)
    first, last = program.first_day, program.until
    if years is None or first is None or last is None:
        return
    limit = _years_after(first, years)
    if last > limit:
        yield Breach.at(
            fact,
            "repurchase-period",
            f"the window {first} to {last} of {fact.event.action} is longer than {years} "
            f"{'year' if years == 1 else 'years'}: it may last until {limit}",
            "mend the dates, or acknowledge it",
        )


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28) + timedelta(days=1)
