"""What the layouts share: the month, the purchases in it, and sums that stay unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

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
from ledger.counts.basis import Basis
from ledger.errors import Unknown
from ledger.events.event import Event
from ledger.events.recorded import Fact
from ledger.history.history import KnownHistory
from ledger.values.fields import LAST_DAY, Money
from ledger.values.numbers import Exact
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


@dataclass(frozen=True, slots=True)
class Reported:
    """The class a report is about, as known, and its program."""

    known: KnownHistory
    action: str
    share_class: str
    facts: list[Fact]
    """The program's own."""

    @property
    def head(self) -> tuple[str, str | None, str, str, str | None]:
        """The parts of a `Report`; the class as its registration calls it."""
        registered = [
            fact.event.name_
            for fact in self.known.actions.get(f"class-{self.share_class}", [])
            if isinstance(fact.event, ShareClassRegistered)
        ]
        class_name = registered[-1] if registered else None
        known = self.known
        return known.issuer, known.terms.name, self.action, self.share_class, class_name

    @property
    def authorization(self) -> RepurchaseAuthorized | None:
        found = (f.event for f in self.facts if isinstance(f.event, RepurchaseAuthorized))
        return next(found, None)

    @property
    def currency(self) -> str | None:
        """What amounts are told in, in every month alike: the program's currency, else home."""
        return program_at(self.facts, LAST_DAY).currency or self.known.terms.currency

    def programs(self) -> Iterator[tuple[str, list[Fact]]]:
        """Every program of the class."""
        for reference, facts in self.known.actions.items():
            first = facts[0].event
            if first.action_type is Repurchase and first.share_class == self.share_class:
                yield reference, facts

    def in_shares_of(self, shares: int, since: date, day: date) -> Fraction:
        """Shares of the close of `since` in the shares of the close of `day`."""
        return shares * self.known.positions(self.share_class).ratio(since, day)


def reported(known: KnownHistory, action: str, until: date) -> Reported:
    """What there is to report of a program by `until`.

    Raises Unknown where `action` is no program, or nothing of it is known by then.
    """
    must_be_a_program(known, action)
    facts = known.actions.get(action, [])
    if not any(fact.event.on <= until for fact in facts):
        begins = f"; it begins on {facts[0].event.on}" if facts else ""
        raise Unknown(
            f"nothing of {action} of {known.issuer} is known by {until}{begins}",
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
    """The first day of a total of a period; None of a single day."""
    return None if fact.event.begins == fact.event.on else fact.event.begins


def amount_in(event: SharesRepurchased | SharesAcquired, currency: str | None) -> Exact | None:
    """What a purchase cost, without fees, in that currency; None where it is not stated in it."""
    stated: list[Money | None] = [event.amount]
    if isinstance(event, SharesRepurchased):
        stated.append(event.amount_in_cap_currency)
    for money in stated:
        if money is not None and money.currency == currency:
            return money.exact
    if event.price is not None and event.price.currency == currency:
        return event.price.exact * event.shares
    return None


def total(figures: Iterable[Exact | None]) -> Fraction | None:
    """The sum; None where one figure is unknown, 0 of nothing."""
    figures = list(figures)
    known = [figure for figure in figures if figure is not None]
    return Fraction(sum(known)) if len(known) == len(figures) else None


def bought_unknown(about: Reported, action: str, period: Period) -> str | None:
    """Why nobody knows what the program bought in the month; None where it is known."""
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
    """Whether shares may have been bought under it on some day of the period."""
    first, last = program.first_day, program.until
    if program.ended is not None:
        last = min(last or LAST_DAY, program.ended.event.on)
    return (first is None or first <= period.last) and (last is None or last >= period.first)


def never_captured(about: Reported, action: str) -> str | None:
    """Why nobody knows what the program ever bought; None where a purchase of it is recorded.

    A gap anywhere in its window may be the purchases of every month in it.
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
    """The settled counts at the close of `on`; purchases never captured leave them unknown."""
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
    """What a reader of the month's figures has to know."""
    for purchase in bought:
        event = purchase.event
        if event.begins < period.first:
            yield (
                f"The total of {event.begins} to {event.on} (entry {purchase.fact.entry.number}) "
                f"is counted whole on {day_of(purchase)}: the ledger holds no single days of it"
            )
    splits = [
        day
        for day in about.known.positions(about.share_class).restatement.days
        if day in period and day > period.first
    ]
    for day in splits:
        yield (
            f"Shares became other shares on {day}: single days are in the shares of their day, "
            f"sums in those of {period.last}"
        )
    trust = _latest_trust(about, period.last)
    if trust is not None and trust.shares:
        yield (
            f"{trust.shares:,} shares held in a trust for employees (stated on {trust.on}) are "
            "not counted as treasury"
        )


def _latest_trust(about: Reported, on: date) -> TrustHoldingStated | None:
    found: list[Event] = [
        fact.event
        for fact in about.known.actions.get(f"class-{about.share_class}", [])
        if isinstance(fact.event, TrustHoldingStated) and fact.event.on <= on
    ]
    latest = found[-1] if found else None
    return latest if isinstance(latest, TrustHoldingStated) else None


def unsettled(about: Reported, on: date) -> int | None:
    """Shares traded by the close of `on` that settle later; None where treasury is unknown."""
    settled = about.known.positions(about.share_class, Basis.SETTLEMENT).at(on)
    traded = about.known.positions(about.share_class, Basis.TRADE).at(on)
    if settled.outstanding is None or traded.outstanding is None:
        return None
    return settled.outstanding - traded.outstanding
