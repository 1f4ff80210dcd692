"""What the layouts share: the month, its purchases, and sums that are null if a part is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol

from ledger.actions.acquisition import Destination, SharesAcquired
from ledger.actions.repurchase import (
    Program,
    ProgramTerms,
    Repurchase,
    RepurchaseAuthorized,
    SharesRepurchased,
    program_at,
)
from ledger.actions.share_class import ShareClassRegistered, TrustHoldingStated
from ledger.errors import Unknown
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.values.fields import LAST_DAY, Money
from ledger.values.numbers import Exact, decimal_text, rounded_half_up
from projections.actions.of_class import actions_of, events_of, latest_of
from projections.question import Question
from projections.repurchases.programs import gaps_in_its_window, must_be_a_program
from projections.shares.counts import ShareCounts
from projections.shares.positions import share_counts


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar month, or a fiscal one that begins and ends on other days."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Report:
    """What the reports of every layout begin with."""

    issuer: str
    name: str | None
    action: str
    share_class: str
    class_name: str | None


class Dated(Protocol):
    """Shares that moved on a day."""

    @property
    def on(self) -> date: ...
    @property
    def shares(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Reported:
    """The program of a report, its class, and the history as known."""

    known: KnownHistory
    action: str
    share_class: str
    facts: list[Fact]
    """The program's own."""

    @property
    def head(self) -> tuple[str, str | None, str, str, str | None]:
        """The parts of a `Report`; the name of the class comes from its registration."""
        known, registered = (
            self.known,
            latest_of(self.known, self.share_class, ShareClassRegistered),
        )
        class_name = None if registered is None else registered.name_
        return known.issuer, known.terms.name, self.action, self.share_class, class_name

    @property
    def authorization(self) -> RepurchaseAuthorized | None:
        return next(iter(events_of(self.facts, RepurchaseAuthorized)), None)

    @property
    def currency(self) -> str | None:
        """The currency of amounts in every month: the program's, else the issuer's."""
        return program_at(self.facts, LAST_DAY).currency or self.known.terms.currency

    def programs(self) -> Iterator[tuple[str, list[Fact]]]:
        """Every program of the class."""
        return actions_of(self.known, self.share_class, Repurchase)

    def in_shares_of(self, shares: int, since: date, day: date) -> Fraction:
        """Shares of the close of `since` in the shares of the close of `day`."""
        return shares * self.known.positions(self.share_class).ratio(since, day)

    def sum_of(self, lines: Iterable[Dated], day: date) -> Fraction:
        """The shares of several days in the shares of the close of `day`."""
        return sum((self.in_shares_of(line.shares, line.on, day) for line in lines), Fraction(0))


def reported(known: KnownHistory, action: str, until: date) -> Reported:
    """The program of a report, and what is known of it by `until`.

    Raises Unknown where `action` is not a program, or no event of it is known by then.
    """
    must_be_a_program(known, action)
    facts = known.actions.get(action, [])
    if not any(fact.event.on <= until for fact in facts):
        begins = f"; it begins on {facts[0].event.on}" if facts else ""
        raise Unknown(
            f"no event of {action} of {known.issuer} is known by {until}{begins}",
            "name a later month: --month 2017-08",
        )
    return Reported(known, action, known.whole.ever[action].share_class or "", facts)


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase of a program, and whether its shares were retired at once."""

    fact: Fact
    event: SharesRepurchased
    retired: bool

    @property
    def delivered_on(self) -> date:
        """The day of settlement."""
        return self.event.settled_on or self.event.on


def purchases(facts: Iterable[Fact]) -> Iterator[Purchase]:
    """The purchases of one program of at least one share, in order of trade."""
    destination = None
    for fact in facts:
        event = fact.event
        if isinstance(event, ProgramTerms):
            destination = event.destination or destination
        elif isinstance(event, SharesRepurchased) and event.shares:
            yield Purchase(fact, event, (event.destination or destination) == "RETIRED")


def first_day_of(fact: Fact) -> date | None:
    """The first day of a period total; None for a single day."""
    return None if fact.event.begins == fact.event.on else fact.event.begins


def amount_in(event: SharesRepurchased | SharesAcquired, currency: str | None) -> Exact | None:
    """The cost of a purchase without fees in that currency; None where it is not stated in it."""
    stated = stated_in(event, currency)
    if stated is not None:
        return stated
    if event.price is not None and event.price.currency == currency:
        return event.price.exact * event.shares
    return None


def stated_in(event: SharesRepurchased | SharesAcquired, currency: str | None) -> Exact | None:
    """The amount of a purchase as its event states it in that currency."""
    stated: list[Money | None] = [event.amount]
    if isinstance(event, SharesRepurchased):
        stated.append(event.amount_in_cap_currency)
    return next((m.exact for m in stated if m is not None and m.currency == currency), None)


def bought_unknown(about: Reported, action: str, period: Period) -> str | None:
    """Why the program's purchases in the month are unknown; None where they are known."""
    program = program_at(about.known.actions[action], LAST_DAY)
    if not _runs_in(program, period):
        return None
    authorization = None if program.authorized is None else program.authorized.event
    older = isinstance(authorization, RepurchaseAuthorized) and authorization.already is not None
    first = program.first_purchase
    if older and (first is None or first.event.on > period.last):
        return f"{action} is older than this ledger, which holds no purchase of it by {period.last}"
    return never_captured(about, action)


def _runs_in(program: Program, period: Period) -> bool:
    """Whether its purchases may fall on a day of the period."""
    first, last = program.first_day, program.until
    if program.ended is not None:
        last = min(last or LAST_DAY, program.ended.event.on)
    return (first is None or first <= period.last) and (last is None or last >= period.first)


def never_captured(about: Reported, action: str) -> str | None:
    """Why all the program's purchases are unknown; None where a purchase is recorded.

    A gap on any day of its period of purchases may stand for purchases in every month of it.
    """
    program = program_at(about.known.actions[action], LAST_DAY)
    gaps = gaps_in_its_window(about.known, program, LAST_DAY)
    if not gaps:
        return None
    gap = gaps[0]
    return (
        f"no purchase under {action} is recorded, and treasury moved by an unknown number on "
        f"{gap.event.on} (entry {gap.entry.number})"
    )


def holdings(about: Reported, on: date) -> ShareCounts:
    """The settled counts at the close of `on`; unknown where purchases were never recorded."""
    counts = share_counts(about.known, about.share_class, Question(on))
    program = program_at(about.facts, on)
    begun = program.first_day is not None and program.first_day <= on
    if not begun or never_captured(about, about.action) is None:
        return counts
    retired = program.destination is Destination.RETIRED
    return counts._replace(
        issued=None if retired else counts.issued, treasury=None, outstanding=None
    )


def notes_on(
    about: Reported, period: Period, bought: Iterable[Purchase], day_of: Callable[[Purchase], date]
) -> Iterator[str]:
    """What a reader of the month's figures must know."""
    for purchase in bought:
        event = purchase.event
        if event.begins < period.first:
            yield (
                f"The total of {event.begins} to {event.on} (entry {purchase.fact.entry.number}) "
                f"is counted whole on {day_of(purchase)}: the ledger holds no single days of it"
            )
    for day in about.known.positions(about.share_class).restatement.days:
        if period.first < day <= period.last:
            yield (
                f"Shares became other shares on {day}: single days are in the shares of their day, "
                f"sums in those of {period.last}"
            )
    trust = latest_of(about.known, about.share_class, TrustHoldingStated, period.last)
    if trust is not None and trust.shares:
        yield (
            f"{trust.shares:,} shares held in a trust for employees (stated on {trust.on}) are "
            "not counted as treasury"
        )


def average_price(amount: Exact | None, shares: Fraction, places: int) -> str | None:
    """The average price half-up to so many places; None where the amount is unknown."""
    if amount is None or not shares:
        return None
    return decimal_text(rounded_half_up(amount / shares, places), places)[0]
