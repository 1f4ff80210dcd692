"""The purchases of a repurchase program up to a day, and the usual mistakes with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from ledger.actions.repurchase import (
    Program,
    Repurchase,
    RepurchaseAuthorized,
    SharesRepurchased,
    program_at,
    program_state,
)
from ledger.errors import Unknown, quoted
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.values.fields import Money
from ledger.values.numbers import Exact
from projections.actions.of_class import actions_of, events_of
from projections.money import total
from projections.question import Question
from projections.repurchases.programs import gaps_in_its_window, program_asked
from projections.tie_out.held import Held, Hypothesis, Mistake, splits
from projections.tie_out.printed import Figure


def program_of_figure(known: KnownHistory, share_class: str, on: date, action: str | None) -> str:
    """The program of a figure: as named, else the only one, or the only open one.

    Raises Unknown where there is no such program or several.
    """
    remedy = f"name it: --program REF; see: capital repurchases {quoted(known.issuer)}"
    if action is not None:
        facts = known.actions.get(action)
        if not facts or facts[0].event.action_type is not Repurchase:
            raise Unknown(f"{known.issuer} has no repurchase program {action!r}", remedy)
        return action
    programs = list(_programs(known, share_class, on))
    begun = [reference for reference, _ in programs]
    running = [
        reference
        for reference, facts in programs
        if (state := program_state(program_at(facts, on), on)) is not None
        and state.name in ("authorized", "open")
    ]
    for choice in (begun, running):
        if len(choice) == 1:
            return choice[0]
    held = ", ".join(begun) or "none"
    raise Unknown(
        f"the program of class {share_class} is not determined: by {on}, the ledger holds: {held}",
        remedy,
    )


def _programs(known: KnownHistory, share_class: str, on: date) -> Iterator[tuple[str, list[Fact]]]:
    for reference, facts in actions_of(known, share_class, Repurchase):
        if any(fact.event.on <= on for fact in facts):
            yield reference, facts


def program_held(known: KnownHistory, action: str, figure: Figure, on: date) -> Held:
    """Cumulative purchases by trade date, in the shares of the day; amounts without fees."""
    share_class = known.ever[action].share_class or ""
    program = program_asked(known, Question(on), action, share_class)
    words = f"bought under {action} by {on}, by trade date"
    gaps = gaps_in_its_window(known, program, on)
    reason = "purchases of it are not captured"
    if gaps:
        reason = f"treasury moved by an unknown number on {gaps[0].event.on}"
    if figure is Figure.REPURCHASED_SHARES:
        shares = program.shares_bought(on)
        whole = None if shares is None else Fraction(int(shares))
        return Held(whole, words, reason=reason if whole is None else None)
    paid = program.amount_paid
    return Held(paid, words, program.currency, reason=reason if paid is None else None)


def program_hypotheses(
    known: KnownHistory, action: str, figure: Figure, on: date
) -> Iterator[Hypothesis]:
    """The figure that each mistake would print."""
    share_class = known.ever[action].share_class or ""
    program = program_asked(known, Question(on), action, share_class)
    bought = events_of(known.actions[action], SharesRepurchased)
    traded = [event for event in bought if event.on <= on]
    earlier = _already(known, share_class, program, figure, on)

    def of(some: Iterable[SharesRepurchased], *, fees: bool = False) -> Exact | None:
        currency = program.currency
        return total(_part(known, currency, figure, on, event, fees=fees) for event in some)

    settled = [e for e in traded if (e.settles or e.on) <= on]
    month = [e for e in traded if (e.on.year, e.on.month) == (on.year, on.month)]
    next_day = min((e.on for e in bought if e.on > on), default=None)
    last_day = max((e.on for e in traded), default=None)
    for mistake, value, words in (
        (Mistake.SETTLEMENT_BASIS, total((of(settled), earlier)), f"only what settled by {on}"),
        (Mistake.MONTH_ALONE, of(month), f"only what was bought in {on:%Y-%m}"),
        (Mistake.EARLIER_LEFT_OUT, of(traded), "without what was bought before the ledger began"),
        (
            Mistake.ANOTHER_DAY,
            total((of(e for e in traded if e.on != last_day), earlier)),
            f"without the purchases of {last_day}",
        ),
        (
            Mistake.ANOTHER_DAY,
            total((of(e for e in bought if next_day and e.on <= next_day), earlier)),
            f"with the purchases of {next_day}",
        ),
        (Mistake.FEES_INCLUDED, total((of(traded, fees=True), earlier)), "with fees"),
    ):
        if value is not None:
            yield Hypothesis(mistake, words, value)
    if figure is Figure.REPURCHASED_SHARES:
        yield from _other_shares(known, share_class, program, on)
    yield from _other_programs(known, share_class, action, figure, on)


def _part(
    known: KnownHistory,
    currency: str | None,
    figure: Figure,
    on: date,
    event: SharesRepurchased,
    *,
    fees: bool,
) -> Exact | None:
    """What one purchase adds to the figure; None where it is not stated in the currency."""
    if figure is Figure.REPURCHASED_SHARES:
        return event.shares * known.positions(event.share_class or "").ratio(event.on, on)

    def stated(*amounts: Money | None) -> Exact | None:
        return next((m.exact for m in amounts if m is not None and m.currency == currency), None)

    paid = stated(event.amount, event.amount_in_cap_currency)
    return total((paid, stated(event.fees))) if fees else paid


def _already(
    known: KnownHistory, share_class: str, program: Program, figure: Figure, on: date
) -> Exact | None:
    """What the program bought before the ledger's first purchase."""
    event = None if program.authorized is None else program.authorized.event
    if not isinstance(event, RepurchaseAuthorized) or event.already is None:
        return Fraction(0)
    already = event.already
    if figure is Figure.REPURCHASED_AMOUNT:
        return None if already.amount is None else already.amount.exact
    if already.shares is None:
        return None
    return already.shares * known.positions(share_class).ratio(event.on, on)


def _other_shares(
    known: KnownHistory, share_class: str, program: Program, on: date
) -> Iterator[Hypothesis]:
    shares = program.shares_bought(on)
    if shares is None:
        return
    for split in splits(known, share_class):
        early = split.day > on
        count = int(shares * split.ratio if early else shares / split.ratio)
        how = "is in effect already" if early else "is not in effect yet"
        mistake = Mistake.SPLIT_EARLY if early else Mistake.SPLIT_LATE
        yield Hypothesis(mistake, f"{split.words} {how}: {count:,}", Fraction(count))


def _other_programs(
    known: KnownHistory, share_class: str, action: str, figure: Figure, on: date
) -> Iterator[Hypothesis]:
    whole: Exact | None = Fraction(0)
    for reference, _ in _programs(known, share_class, on):
        value = program_held(known, reference, figure, on).value
        whole = total((whole, value))
        if reference != action and value is not None:
            yield Hypothesis(Mistake.ANOTHER_PROGRAM, f"it is {reference}'s", value)
    if whole is not None:
        yield Hypothesis(Mistake.ANOTHER_PROGRAM, "it is of all programs together", whole)
