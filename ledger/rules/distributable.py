"""The rule on what a company may distribute: dividends and acquisitions since a balance sheet.

A reduction of stated capital into surplus adds to it (Companies Act (Japan) art. 446).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import chain

from ledger.actions.acquisition import Acquisition, SharesAcquired
from ledger.actions.dividend import Dividend, SettledIn, dividend_at
from ledger.actions.issuer import CapitalInto, CapitalReduced, DistributableAmountStated
from ledger.actions.repurchase import Repurchase, SharesRepurchased
from ledger.events.recorded import Breach, Fact
from ledger.rules.context import Context, unjudged
from ledger.rules.dividends import computed_total
from ledger.values.numbers import Exact, grouped

Change = tuple[date, Exact | None, Fact]
"""What was distributed, or added by a reduction of capital, on a day; None where unknown."""


def distributable_amount(context: Context) -> Iterator[Breach]:
    """Companies Act (Japan) art. 461: judged at each effective date after a stated amount."""
    stated = [
        fact
        for fact in context.history.actions.get("issuer", [])
        if isinstance(fact.event, DistributableAmountStated)
    ]
    if not stated:
        return
    changes = sorted(
        chain(_dividends(context), _acquisitions(context), _reductions(context)),
        # A reduction of the same day already covers what is distributed on it.
        key=lambda change: (change[0], not _adds(change[2]), change[2].order),
    )
    for place, fact in enumerate(stated):
        event = fact.event
        assert isinstance(event, DistributableAmountStated)
        since = event.balance_sheet_date
        later = [f.event for f in stated[place + 1 :]]
        until = min((e.on for e in later), default=date.max)
        yield from _within(event, since, [c for c in changes if since < c[0] < until])


def _within(
    stated: DistributableAmountStated, since: date, changes: list[Change]
) -> Iterator[Breach]:
    spent = added = Fraction(0)
    for day, amount, fact in changes:
        if amount is None:
            yield unjudged(
                fact,
                "distributable-amount",
                f"what {fact.event.action} took on {day} is not captured in "
                f"{stated.amount.currency}",
            )
            return
        if _adds(fact):
            added += amount
            continue
        spent += amount
        if amount and spent > stated.amount.exact + added:
            more = f" and {grouped(added)} of capital reduced since" if added else ""
            yield Breach.at(
                fact,
                "distributable-amount",
                f"{fact.event.action}: {stated.amount.currency} {grouped(spent)} distributed from "
                f"{since} to {day}, more than the {stated.amount.amount:,f} stated{more}",
            )


def _adds(fact: Fact) -> bool:
    return isinstance(fact.event, CapitalReduced)


def _reductions(context: Context) -> Iterator[Change]:
    for fact in context.history.actions.get("issuer", []):
        event = fact.event
        if isinstance(event, CapitalReduced) and event.into is not CapitalInto.RETURNED:
            home = event.amount.currency == context.terms.currency
            yield event.on, event.amount.exact if home else None, fact


def _dividends(context: Context) -> Iterator[Change]:
    for facts in context.actions_of(Dividend):
        so_far = dividend_at(facts, date.max)
        terms = so_far.terms
        if terms is None or so_far.ended is not None:
            continue
        paid_on = so_far.paid[0].event.on if so_far.paid else None
        day = terms.payable_on or paid_on
        if day is None or terms.settled_in is SettledIn.SHARES:  # its own shares cost nothing
            continue
        total = computed_total(context.history, terms, context.today)
        if total is None and terms.stated_total is not None:
            total = Fraction(terms.stated_total.amount)
        home = context.terms.currency
        yield day, total if terms.currency == home else None, terms.resolved


def _acquisitions(context: Context) -> Iterator[Change]:
    for facts in chain(context.actions_of(Repurchase), context.actions_of(Acquisition)):
        for fact in facts:
            event = fact.event
            if isinstance(event, SharesRepurchased | SharesAcquired):
                paid = event.amount
                same = paid is not None and paid.currency == context.terms.currency
                free = event.shares == 0
                amount = paid.exact if paid is not None and same else Fraction(0) if free else None
                yield event.on, amount, fact
