"""What an event does to the counts of its class, as plain data, and where it stands in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple, TypeVar

from ledger.counts.basis import Basis
from ledger.counts.day_order import Moment
from ledger.values.numbers import Exact


class Change(NamedTuple):
    """Shares issued, acquired, disposed of or cancelled (domain.md, section 4)."""

    issued: int
    treasury: int
    paid: Exact | None = None
    """For shares taken into treasury: what they cost without fees; None where not captured."""
    currency: str | None = None
    is_acquisition: bool = False
    """Whether shares came into treasury, be it none in the shares of the day they settle."""

    def scaled(self, ratio: Fraction) -> Change:
        """The same shares in other shares; what was paid for them stays."""
        issued, treasury = (floored(abs(n), ratio) for n in (self.issued, self.treasury))
        return Change(
            issued if self.issued >= 0 else -issued,
            treasury if self.treasury >= 0 else -treasury,
            self.paid,
            self.currency,
            self.is_acquisition,
        )


class Authorize(NamedTuple):
    """The articles now allow this many shares."""

    authorized: int


class Adjust(NamedTuple):
    """A gap between two published counts that no recorded action explains; None: size unknown."""

    issued: int | None
    treasury: int | None
    until: date | None = None


class TakeBack(NamedTuple):
    """The end of an adjustment that held only until a day."""

    issued: int | None
    treasury: int | None


class Opening(NamedTuple):
    """The counts a document states, at the close of its day; None where it does not."""

    issued: int | None
    treasury: int | None
    outstanding: int | None
    authorized: int | None
    cost: Exact | None = None
    currency: str | None = None


class Scale(NamedTuple):
    """New shares for old: known counts are scaled and floored, or as the issuer states them."""

    new: int
    old: int
    authorized_after: int | None = None
    issued_after: int | None = None
    treasury_after: int | None = None
    record_date: date | None = None
    """Whoever holds shares at the end of this day takes part."""

    @property
    def ratio(self) -> Fraction:
        """How many shares one share of the base becomes."""
        return Fraction(self.new, self.old)


class Allot(NamedTuple):
    """New shares given for old ones at no charge, to all but the treasury.

    Companies Act (Japan) art. 186(2): the company itself is allotted none.
    """

    new: int
    old: int
    authorized_after: int | None = None
    issued_after: int | None = None
    treasury_after: int | None = None
    record_date: date | None = None

    @property
    def ratio(self) -> Fraction:
        """How many shares one outstanding share of the base becomes."""
        return Fraction(self.old + self.new, self.old)


Movement = Change | Authorize | Adjust | TakeBack | Opening | Scale | Allot


class TakeIn(NamedTuple):
    """Shares that the company takes in, into treasury or out of existence."""

    shares: int
    paid: Exact | None
    currency: str | None
    is_retired: bool | None
    """None where the terms of the program decide."""


class Retire(NamedTuple):
    """Terms of a program: whether shares bought from here on are retired at once."""

    is_retired: bool


class NewShares(NamedTuple):
    """A resolution: `new` shares for `old`, or with `is_gratis`, `new` further ones for `old`."""

    new: int
    old: int
    is_gratis: bool
    authorized_after: int | None
    record_date: date | None = None


class TakeEffect(NamedTuple):
    """New shares for old take effect, with the counts that the issuer states."""

    issued_after: int | None
    treasury_after: int | None


class Home(NamedTuple):
    """The issuer's registration, as far as counts depend on it."""

    currency: str | None = None
    spares_treasury: bool = False
    """Whether its law leaves the treasury out of a gratis allotment."""


Effect = Movement | TakeIn | Retire | NewShares | TakeEffect | Home
"""What one event says about counts. What an execution moves may depend on its action's terms."""

_Of = TypeVar("_Of")


def movements(effects: Sequence[tuple[_Of, Effect]], home: Home) -> Iterator[tuple[_Of, Movement]]:
    """What the standing events of one action move, given what each says, in order of effect."""
    resolved = None
    is_retired = False
    for of, effect in effects:
        match effect:
            case TakeIn():
                yield of, _taken_in(effect, is_retired=is_retired)
            case Retire():
                is_retired = effect.is_retired
            case TakeEffect():
                if resolved is None:  # its resolution may have the later day, or be reversed
                    resolved = next((e for _, e in effects if isinstance(e, NewShares)), None)
                if resolved is not None:
                    yield of, _new_shares(resolved, effect, home)
            case NewShares() | Home():
                pass
            case _:
                yield of, effect


def _taken_in(taken: TakeIn, *, is_retired: bool) -> Change:
    shares, paid, currency, own = taken
    if is_retired if own is None else own:
        return Change(-shares, 0)
    return Change(0, shares, paid, currency, is_acquisition=shares > 0)


def _new_shares(resolved: NewShares, effect: TakeEffect, home: Home) -> Scale | Allot:
    new, old = resolved.new, resolved.old
    after = (resolved.authorized_after, *effect, resolved.record_date)
    if not resolved.is_gratis:
        return Scale(new, old, *after)
    return Allot(new, old, *after) if home.spares_treasury else Scale(old + new, old, *after)


def floored(count: int, ratio: Fraction) -> int:
    """A count in other shares; the fraction of a share that is left over is dropped."""
    return count * ratio.numerator // ratio.denominator


class Step(NamedTuple):
    """One movement at its place in time, with the event it comes from."""

    day: date
    moment: Moment
    entry: int
    line: int
    movement: Movement
    action: str
    key: str
    begins: date
    """The first day it may have happened on: earlier than `day` for a period's total."""
    traded_on: date
    settled_on: date

    @property
    def order(self) -> tuple[date, int, int, int]:
        """Its place among the steps of the class."""
        return self.day, self.moment, self.entry, self.line


def steps_of(
    movement: Movement,
    *,
    on: date,
    begins: date,
    settled_on: date | None,
    moment: Moment,
    entry: int,
    line: int,
    action: str,
    key: str,
    basis: Basis,
) -> Iterator[Step]:
    """The steps one movement makes: a purchase one, on its day by basis; a passing gap two."""
    settled = settled_on or on
    day = on if basis is Basis.TRADE else settled
    yield Step(day, moment, entry, line, movement, action, key, begins, on, settled)
    if isinstance(movement, Adjust) and movement.until is not None:
        back = TakeBack(movement.issued, movement.treasury)
        after = movement.until + timedelta(days=1)
        yield Step(after, Moment.GAP_CLOSED, entry, line, back, action, key, on, after, after)
