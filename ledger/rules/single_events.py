"""Rules that look at one event: its day, its multiplication, what it takes back."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.errors import quoted
from ledger.events.event import EventReversed
from ledger.events.execution import Execution
from ledger.events.kinds import kind_of
from ledger.events.recorded import Breach
from ledger.events.resolution import Resolution
from ledger.rules.context import Context
from ledger.values.numbers import grouped


def no_future_facts(context: Context) -> Iterator[Breach]:
    """What has not happened anywhere on earth yet is no fact."""
    corrections = [f for f in context.history.facts if isinstance(f.event, EventReversed)]
    for fact in (*context.history.effective, *corrections):
        if fact.event.on > context.today:
            yield Breach.at(
                fact,
                "no-future-facts",
                f"{fact.event.name} is dated {fact.event.on}; today is {context.today} at the "
                "latest, anywhere",
                "correct the date; record a plan as a resolution that contains the planned date",
            )


def price_times_shares(context: Context) -> Iterator[Breach]:
    """Where an exact price and an amount are both stated, they multiply out."""
    for fact in context.history.effective:
        event = fact.event
        if not isinstance(event, Execution | Resolution):
            continue
        shares, price, amount = event.shares, event.price, event.amount
        if shares is None or price is None or amount is None:
            continue
        product = price.exact * shares
        if price.currency != amount.currency or product != amount.exact:
            yield Breach.at(
                fact,
                "price-times-shares",
                f"{shares:,} shares at {price.currency} {price.amount:,f} are "
                f"{price.currency} {grouped(product)}, not {amount.currency} "
                f"{amount.amount:,f}",
                "correct the figure; an average is an average_price",
            )


def reversals(context: Context) -> Iterator[Breach]:
    """A reversal takes back one standing event of its own action, and is final."""
    history = context.history
    taken: dict[str, EventReversed] = {}
    for fact in history.facts:
        event = fact.event
        if not isinstance(event, EventReversed):
            continue
        key = event.reversed_key or ""
        target = history.by_key.get(key)
        problem = None
        if target is None and history.is_partial:
            continue  # the public may hear of a correction before it hears of the error
        if target is None:
            problem = f"the ledger holds no event {key!r} of {event.issuer}"
        elif isinstance(target.event, EventReversed):
            problem = f"event {key!r} is itself a reversal, which is not taken back"
        elif target.event.action != event.action:
            problem = f"event {key!r} belongs to {target.event.action}, not to {event.action}"
        elif key in taken:
            problem = f"event {key!r} is reversed already, on {taken[key].on}"
        taken.setdefault(key, event)
        if problem is not None:
            yield Breach.at(
                fact,
                "order-of-events",
                f"reversal on {event.on}: {problem}",
                f"see: capital action {quoted(event.issuer)} {quoted(event.action)}",
                about="reversal",
            )


def lifecycles(context: Context) -> Iterator[Breach]:
    """Each action's own order of events."""
    for facts in context.history.actions.values():
        yield from kind_of(facts).lifecycle(facts)
