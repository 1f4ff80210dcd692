"""What a repurchase program bought up to a day, and the mistakes usual with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from projections.question import Question
from projections.repurchases.programs import gaps_in_its_window, program_asked
from projections.tie_out.held import Held, Hypothesis, Mistake, splits
from projections.tie_out.printed import Figure


def program_of_figure(known: KnownHistory, share_class: str, on: date, action: str | None) -> str:
    """The reference of the program a figure is of: as named, else the only one, or the open one.

    Raises Unknown where there is none, or it cannot be told which.
    """
    remedy = f"name it: --program REF; see: capital repurchases {quoted(known.issuer)}"
    begun = [reference for reference, _ in _programs(known, share_class, on)]
    if action is not None:
        facts = known.actions.get(action)
        if not facts or facts[0].event.action_type is not Repurchase:
            raise Unknown(f"{known.issuer} has no repurchase program {action!r}", remedy)
        return action
    running = [
        reference
        for reference, facts in _programs(known, share_class, on)
        if (state := program_state(program_at(facts, on), on)) is not None
        and state.name in ("authorized", "open")
    ]
    for choice in (begun, running):
        if len(choice) == 1:
            return choice[0]
    held = ", ".join(begun) or "none"
    raise Unknown(f"which program of class {share_class}? by {on} the ledger holds: {held}", remedy)


def _programs(known: KnownHistory, share_class: str, on: date) -> Iterator[tuple[str, list[Fact]]]:
    for reference, facts in known.actions.items():
        event = facts[0].event
        is_ours = event.action_type is Repurchase and event.share_class == share_class
        if is_ours and any(fact.event.on <= on for fact in facts):
            yield reference, facts


@dataclass(frozen=True, slots=True)
class _Bought:
    """Some purchases of a program, told in the shares of a day."""

    known: KnownHistory
    share_class: str
    on: date
    facts: Sequence[Fact]
    currency: str | None

    def figure(self, figure: Figure, *, fees: bool = False) -> Fraction | None:
        total = Fraction(0)
        for fact in self.facts:
            event = fact.event
            assert isinstance(event, SharesRepurchased)
            if figure is Figure.REPURCHASED_SHARES:
                ratio = self.known.positions(self.share_class).ratio(event.on, self.on)
                total += event.shares * ratio
                continue
            stated = [m for m in (event.amount, event.amount_in_cap_currency) if m]
            paid = next((m.exact for m in stated if m.currency == self.currency), None)
            if paid is None:
                return None
            if fees:
                if event.fees is None or event.fees.currency != self.currency:
                    return None
                paid += event.fees.exact
            total += paid
        return total


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
    """What would be printed, mistake by mistake."""
    share_class = known.ever[action].share_class or ""
    facts = known.actions[action]
    program = program_asked(known, Question(on), action, share_class)
    bought = [f for f in facts if isinstance(f.event, SharesRepurchased)]
    traded = [f for f in bought if f.event.on <= on]
    earlier = _already(known, share_class, program, figure, on)

    def of(some: Sequence[Fact], *, fees: bool = False) -> Fraction | None:
        part = _Bought(known, share_class, on, some, program.currency)
        return part.figure(figure, fees=fees)

    settled = [f for f in traded if (f.event.settles or f.event.on) <= on]
    month = [f for f in traded if (f.event.on.year, f.event.on.month) == (on.year, on.month)]
    next_day = min((f.event.on for f in bought if f.event.on > on), default=None)
    last_day = max((f.event.on for f in traded), default=None)
    for mistake, value, words in (
        (Mistake.SETTLEMENT_BASIS, _plus(of(settled), earlier), f"only what settled by {on}"),
        (Mistake.MONTH_ALONE, of(month), f"only what was bought in {on:%Y-%m}"),
        (Mistake.EARLIER_LEFT_OUT, of(traded), "without what was bought before the ledger began"),
        (
            Mistake.ANOTHER_DAY,
            _plus(of([f for f in traded if f.event.on != last_day]), earlier),
            f"without the purchases of {last_day}",
        ),
        (
            Mistake.ANOTHER_DAY,
            _plus(of([f for f in bought if next_day and f.event.on <= next_day]), earlier),
            f"with the purchases of {next_day}",
        ),
        (Mistake.FEES_INCLUDED, _plus(of(traded, fees=True), earlier), "with fees"),
    ):
        if value is not None:
            yield Hypothesis(mistake, words, value)
    if figure is Figure.REPURCHASED_SHARES:
        yield from _other_shares(known, share_class, program, on)
    yield from _other_programs(known, share_class, action, figure, on)


def _plus(figure: Fraction | None, earlier: Fraction | None) -> Fraction | None:
    return None if figure is None or earlier is None else figure + earlier


def _already(
    known: KnownHistory, share_class: str, program: Program, figure: Figure, on: date
) -> Fraction | None:
    """What the program had bought before the ledger's first purchase."""
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
        told = shares * split.ratio if early else shares / split.ratio
        how = "is in effect already" if early else "is not in effect yet"
        mistake = Mistake.SPLIT_EARLY if early else Mistake.SPLIT_LATE
        yield Hypothesis(mistake, f"{split.words} {how}: {int(told):,}", Fraction(int(told)))


def _other_programs(
    known: KnownHistory, share_class: str, action: str, figure: Figure, on: date
) -> Iterator[Hypothesis]:
    whole: Fraction | None = Fraction(0)
    for reference, _ in _programs(known, share_class, on):
        value = program_held(known, reference, figure, on).value
        whole = _plus(whole, value)
        if reference != action and value is not None:
            yield Hypothesis(Mistake.ANOTHER_PROGRAM, f"it is {reference}'s", value)
    if whole is not None:
        yield Hypothesis(Mistake.ANOTHER_PROGRAM, "it is of all programs together", whole)
