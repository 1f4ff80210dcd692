"""Rules on repurchase programs: within both caps, inside the window, not too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from ledger.actions.repurchase import (
    Method,
    Program,
    ProgramTerms,
    Repurchase,
    RepurchaseAuthorized,
    SharesRepurchased,
    paid_in,
    program_at,
    program_state,
)
from ledger.counts.positions import Restatement
from ledger.events.event import decided_by_members
from ledger.events.recorded import Breach, Fact
from ledger.events.terms import ProfileName
from ledger.rules.context import Context, unjudged
from ledger.values.numbers import grouped

YEARS_AT_MOST = {
    ProfileName.JP: 1,  # Companies Act (Japan) art. 156(1), second sentence
    ProfileName.UK: 5,  # Companies Act 2006 (UK) s. 701(5)
}


def repurchases(context: Context) -> Iterator[Breach]:
    """Judge every program, at each purchase and at each statement of its terms."""
    for facts in context.actions_of(Repurchase):
        share_class = facts[0].event.share_class or ""
        program = Program(restatement=context.history.positions(share_class).restatement)
        already_unjudged: set[str] = set()
        yield from _caps_after_split(facts, program.restatement)
        for fact in facts:
            program.take(fact)
            if isinstance(fact.event, ProgramTerms):
                yield from _lowered_caps(fact, program)
                yield from _period(context, fact, program)
                yield from _no_window(fact, program)
                yield from _special_resolution(fact)
            elif isinstance(fact.event, SharesRepurchased):
                for breach in _purchase(fact, fact.event, program):
                    if breach.rule != "unjudged":
                        yield breach
                    elif breach.about not in already_unjudged:  # one line for the program
                        already_unjudged.add(breach.about)
                        yield breach


def _lowered_caps(fact: Fact, program: Program) -> Iterator[Breach]:
    """A cap is not lowered beneath what was bought already."""
    event = fact.event
    assert isinstance(event, ProgramTerms)
    cap, money = event.max_shares, event.max_amount  # as this event states them
    bought = program.shares_bought(event.on)
    if cap is not None and bought is not None and bought > cap:
        yield Breach.at(
            fact,
            "repurchase-caps",
            f"the cap of {cap:,} shares stated on {event.on} lies beneath the {grouped(bought)} "
            f"that {event.action} had bought by then",
            _CAPS_REMEDY,
        )
    paid = program.amount_paid
    if money is not None and paid is not None and paid > money.exact:
        yield Breach.at(
            fact,
            "repurchase-caps",
            f"the cap of {money.currency} {money.amount:,f} stated on {event.on} lies beneath the "
            f"{grouped(paid)} that {event.action} had paid by then",
            _CAPS_REMEDY,
            about="amount",
        )


def _purchase(fact: Fact, purchase: SharesRepurchased, program: Program) -> Iterator[Breach]:
    if purchase.shares == 0:  # a period without a purchase exceeds nothing
        return
    yield from _shares_cap(fact, purchase, program)
    yield from _amount_cap(fact, purchase, program)
    yield from _window(fact, purchase, program)


def _shares_cap(fact: Fact, purchase: SharesRepurchased, program: Program) -> Iterator[Breach]:
    """Judged in the shares of the day the cap in force was stated."""
    cap, as_of = program.max_shares, program.max_shares_as_of
    if cap is None or as_of is None:
        if program.max_amount is None:
            yield unjudged(fact, "repurchase-caps", "no cap is captured")
        return
    bought = program.shares_bought(as_of)
    if bought is None:
        yield unjudged(fact, "repurchase-caps", "shares bought before the ledger are not captured")
    elif bought > cap:
        this = purchase.shares * program.restatement.ratio(purchase.on, as_of)
        left = max(cap - (bought - this), Fraction(0))
        yield Breach.at(
            fact,
            "repurchase-caps",
            f"{purchase.shares:,} shares on {purchase.on} bring {purchase.action} to "
            f"{grouped(bought)}, over its cap of {cap:,} shares; {grouped(left)} were left"
            + (f" (in the shares of {as_of})" if this != purchase.shares else ""),
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


_CAPS_REMEDY = "correct the figure, record an amendment of the cap, or acknowledge the excess"


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
            "correct the date, record the amendment of the window, or acknowledge it",
        )


def _no_window(fact: Fact, program: Program) -> Iterator[Breach]:
    if program.until is None and fact is program.authorized:
        yield unjudged(fact, "repurchase-window", "the end of the window is not captured")


def _period(context: Context, fact: Fact, program: Program) -> Iterator[Breach]:
    years = YEARS_AT_MOST.get(context.terms.profile)
    first, last = program.first_day, program.until
    if first is not None and last is not None and last < first:
        yield Breach.at(
            fact,
            "date-order",
            f"the window of {fact.event.action} would end on {last}, before its first day {first}",
            "correct the dates",
        )
        return
    if years is None or first is None or last is None:
        return
    limit = _years_after(first, years)
    if last > limit:
        yield Breach.at(
            fact,
            "repurchase-period",
            f"the window {first} to {last} of {fact.event.action} is longer than {years} "
            f"{'year' if years == 1 else 'years'}: it may last until {limit}",
            "correct the dates, or acknowledge it",
        )


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28) + timedelta(days=1)


def _caps_after_split(facts: list[Fact], restatement: Restatement) -> Iterator[Breach]:
    """A split inside an open program is expected to be answered by an amendment of the cap."""
    for day in restatement.days:
        if facts[0].event.on >= day:
            continue
        before = program_at(facts, day - timedelta(days=1))
        state = program_state(before, day)
        if before.authorized is None or before.max_shares is None or state is None:
            continue
        answered = any(
            isinstance(fact.event, ProgramTerms)
            and fact.event.max_shares is not None
            and fact.event.on >= day
            for fact in facts
        )
        if state.name in ("authorized", "open") and not answered:
            yield Breach.at(
                before.authorized,
                "caps-after-split",
                f"{before.authorized.event.action}: the cap of {before.max_shares:,} shares, "
                f"stated on {before.max_shares_as_of}, was not restated for the split of {day}",
                about=str(day),
            )


def _special_resolution(fact: Fact) -> Iterator[Breach]:
    """Buying from a named holder takes a special resolution (Companies Act (Japan) art. 160)."""
    event = fact.event
    named = isinstance(event, RepurchaseAuthorized) and event.method is Method.NAMED_HOLDER
    if named and not decided_by_members(event):
        yield Breach.at(
            fact,
            "special-resolution",
            f"{event.action} buys from a named holder; no general meeting is named as its "
            "decider (art. 160)",
        )
