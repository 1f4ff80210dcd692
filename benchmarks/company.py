"""One company's life in lines, with its own count of the shares as they move.

Drawn from a seed, so that the same arguments give the same bytes; legal under every rule of its
profile, so that nothing is refused, acknowledged or warned about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from benchmarks.calendar_year import SETTLES_AFTER, Item, Year, plan
from benchmarks.dividends import Dividends
from benchmarks.lines import Line, Lines
from benchmarks.tally import Counts, Move, Tally, weekday_after

YEARS = range(2006, 2026)
OPENED_ON = date(2005, 12, 30)
ASKED_ON = (date(2009, 6, 30), date(2014, 12, 31), date(2020, 3, 31), date(2025, 12, 31))
"""The days every answer is known for."""
SMALLEST = 9  # events: a registration, an opening and one year of seven
EVENTS_A_YEAR = 7  # at least; a company of few events is active in few years
RATIOS = ((2, 1), (3, 1), (3, 2))
SPLITS = 3  # at most, and ...
YEARS_BETWEEN_SPLITS = 4
TOO_MANY = 100  # shares by which a purchase is recorded wrong
LATE = 3  # purchases found wrong after the first file


class Step(NamedTuple):
    """One line, and what it changes: what a journal of the same shares would write."""

    issuer: str
    line: Line
    move: Move | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """A purchase recorded wrong, until it is corrected."""

    line: Line
    settled_on: date


class Company:
    """The steps of one company, in order; the answers are there when they are drawn."""

    def __init__(
        self, code: str, number: int, size: int, *, seed: int = 5, keys: bool = True, late: int = 0
    ) -> None:
        if size < SMALLEST:
            raise ValueError(f"a company has at least {SMALLEST} events, not {size}")
        self.code = code
        self._number, self._size = number, size
        self._rng = Random(f"{seed}/{code}/{size}")  # noqa: S311 - a workload, not a secret
        issued = self._rng.randint(200, 2000) * 100_000
        self._opening = Counts(issued, issued // 50)
        self._authorized = issued * 4
        records = [date(year, *day) for year in YEARS for day in ((3, 31), (9, 30))]
        self._now = Tally(self._opening, {*ASKED_ON, *records})
        self._first = Tally(self._opening, ASKED_ON)
        self._currency, self._profile = ("JPY", "jp") if number % 2 else ("EUR", "none")
        self._lines = Lines(code, self._currency, keys=keys)
        self._dividends = Dividends(self._lines, self._now, self._rng)
        self._price = self._rng.randint(500, 4000)
        self._resolved: dict[str, int] = {}
        self._wrong: dict[date, Wrong] = {}
        self._cap = self._planned = 0
        self._ratio = (1, 1)
        self._last_split = min(YEARS)
        self._splits = 0
        self._late = late
        self._late_days: set[date] = set()

    @property
    def answers(self) -> dict[date, Counts]:
        """Counts at the end of the days asked about, by everything known."""
        self._now.come_to(date.max)
        return {day: self._now.noted[day] for day in ASKED_ON}

    @property
    def first_known(self) -> dict[date, Counts]:
        """The same by the first file alone, before the late corrections."""
        self._first.come_to(date.max)
        return {day: self._first.noted[day] for day in ASKED_ON}

    def steps(self) -> Iterator[Step]:
        """Every step of the first file, day by day."""
        yield self._step(
            self._lines.line(
                "issuer", "IssuerRegistered", code=self.code, name=f"{self.code} Holdings"
            )
            | {"currency": self._currency, "fiscal_year_end": "03-31", "profile": self._profile}
        )
        issued, treasury = self._opening
        cost = self._lines.money(treasury * self._price)
        opening = self._lines.line("class-common", "OpeningPositionStated", OPENED_ON)
        opening |= {"issued": issued, "treasury": treasury, "authorized": self._authorized}
        yield self._step(opening | {"treasury_cost": cost}, Move(OPENED_ON, issued, treasury))
        left = self._size - 2
        active = min(len(YEARS), left // EVENTS_A_YEAR)
        years = sorted(self._rng.sample(list(YEARS), active))
        if self._late:
            years[-1] = max(YEARS)
        for n, year in enumerate(years):
            yield from self._year(year, left * (n + 1) // active - left * n // active)

    def late_steps(self) -> Iterator[Step]:
        """The corrections of the second file: the last purchases were recorded wrong."""
        seen = weekday_after(date(max(YEARS), 12, 21), 0)
        for day in sorted(self._late_days):
            yield self._reverse_purchase(Item(seen, 0, "", day))
            yield self._buy_again(Item(seen, 0, "", day))

    def _year(self, year: int, size: int) -> Iterator[Step]:
        may_split = self._splits < SPLITS and year - self._last_split >= YEARS_BETWEEN_SPLITS
        events = plan(year, size, self._number, self._rng, may_split=may_split)
        if self._late and year == max(YEARS):
            bought = [i.day for i in events.items if i.what == "bought"]
            self._late_days = set([d for d in bought if d not in events.mistaken][-self._late :])
        self._cap = events.purchases * 2200 + TOO_MANY
        does = self._does()
        for item in events.items:
            yield does[item.what](item, events)

    def _does(self) -> dict[str, Callable[[Item, Year], Step]]:
        """What each item of a year comes to."""
        pays = self._dividends
        return {
            "authorized": self._authorize,
            "bought": self._buy,
            "purchase reversed": self._reverse_purchase,
            "bought again": self._buy_again,
            "completed": self._complete,
            "dividend resolved": lambda item, _: self._step(pays.resolve(item.day)),
            "dividend approved": lambda item, _: self._step(pays.approve(item.day)),
            "dividend paid": lambda item, _: self._step(pays.pay(item.day)),
            "interim resolved": lambda item, _: self._step(pays.resolve_interim(item.day)),
            "interim paid": lambda item, _: self._step(pays.pay_interim(item.day)),
            "split resolved": self._resolve_split,
            "cap amended": self._amend_cap,
            "split effected": self._effect_split,
            "cancellation resolved": self._resolve_cancellation,
            "cancelled": self._cancel,
            "disposal resolved": self._resolve_disposal,
            "disposed": self._dispose,
            "issue resolved": self._resolve_issue,
            "issued": self._issue,
        }

    # --- the program -------------------------------------------------------------------------

    def _authorize(self, item: Item, year: Year) -> Step:
        line = self._lines.resolution(
            f"repurchase-{item.day.year}", "RepurchaseAuthorized", item.day
        )
        line |= {
            "max_shares": self._cap,
            "max_amount": self._lines.money(self._cap * self._price * 2),
        }
        line |= {"from": str(year.first), "until": str(year.last), "method": "MARKET"}
        return self._step(line)

    def _buy(self, item: Item, year: Year) -> Step:
        shares = self._rng.randint(1, 20) * 100
        settled_on = weekday_after(item.day, SETTLES_AFTER)
        line = self._lines.line(f"repurchase-{item.day.year}", "SharesRepurchased", item.day)
        late = item.day in self._late_days
        wrong = late or item.day in year.mistaken
        recorded = shares + TOO_MANY if wrong else shares
        price = self._price + self._rng.randint(-50, 50)
        line |= {"shares": recorded, "amount": self._lines.money(recorded * price)}
        if shares % 200:  # every other filing prints the price as well
            line["price"] = self._lines.money(price)
        line["settled_on"] = str(settled_on)
        if wrong:
            line.setdefault("key", f"{self.code}-wrong-{item.day}")
            self._wrong[item.day] = Wrong(line, settled_on)
        self._now.add(Move(settled_on, 0, shares))
        self._first.add(Move(settled_on, 0, recorded if late else shares))
        return self._step(line, Move(settled_on, 0, recorded))

    def _reverse_purchase(self, item: Item, _: Year | None = None) -> Step:
        assert item.traded_on is not None
        wrong = self._wrong[item.traded_on]
        line = self._lines.line(wrong.line["action"], "EventReversed", item.day)
        line |= {"reverses": {"key": wrong.line["key"]}, "reason": "a lot entered twice"}
        return self._step(line, Move(wrong.settled_on, 0, -wrong.line["shares"]))

    def _buy_again(self, item: Item, _: Year | None = None) -> Step:
        assert item.traded_on is not None
        wrong = self._wrong.pop(item.traded_on)
        shares = wrong.line["shares"] - TOO_MANY
        price = int(wrong.line["amount"]["amount"]) // wrong.line["shares"]
        line = self._lines.line(wrong.line["action"], "SharesRepurchased", item.traded_on)
        line |= {"shares": shares, "amount": self._lines.money(shares * price)}
        line |= {"settled_on": str(wrong.settled_on), "replaces": {"key": wrong.line["key"]}}
        return self._step(line, Move(wrong.settled_on, 0, shares))

    def _complete(self, item: Item, _: Year) -> Step:
        action = f"repurchase-{item.day.year}"
        return self._step(self._lines.line(action, "RepurchaseCompleted", item.day))

    # --- what else moves shares --------------------------------------------------------------

    def _resolve_split(self, item: Item, year: Year) -> Step:
        new, old = self._ratio = self._rng.choice(RATIOS)
        self._authorized = self._authorized * new // old
        record = year.split_on - timedelta(days=1)
        line = self._lines.resolution(f"split-{year.split_on}", "SplitResolved", item.day)
        line |= {"kind": "SPLIT", "new": new, "old": old, "record_date": str(record)}
        line |= {"effective_on": str(year.split_on), "authorized_after": self._authorized}
        return self._step(line)

    def _amend_cap(self, item: Item, _: Year) -> Step:
        new, old = self._ratio
        line = self._lines.line(f"repurchase-{item.day.year}", "RepurchaseAmended", item.day)
        line |= {"max_shares": self._cap * new // old, "cause": "the split of the day"}
        return self._step(line)

    def _effect_split(self, item: Item, _: Year) -> Step:
        new, old = self._ratio
        self._splits, self._last_split = self._splits + 1, item.day.year
        self._price = self._price * old // new + 100
        self._first.split(item.day, new, old)
        move = self._now.split(item.day, new, old)
        return self._step(self._lines.line(f"split-{item.day}", "SplitEffected", item.day), move)

    def _resolve_cancellation(self, item: Item, _: Year) -> Step:
        self._planned = self._now.come_to(item.day).treasury // 2
        line = self._lines.resolution(
            f"cancellation-{item.day.year}", "CancellationResolved", item.day
        )
        return self._step(line | {"shares": self._planned})

    def _cancel(self, item: Item, _: Year) -> Step:
        line = self._lines.line(
            f"cancellation-{item.day.year}", "TreasurySharesCancelled", item.day
        )
        return self._step(
            line | {"shares": self._planned},
            self._moved(Move(item.day, -self._planned, -self._planned)),
        )

    def _resolve_disposal(self, item: Item, _: Year) -> Step:
        self._planned = self._now.come_to(item.day).treasury // 20
        line = self._lines.resolution(f"disposal-{item.day.year}", "DisposalResolved", item.day)
        return self._step(line | {"shares": self._planned, "method": "RESTRICTED_STOCK"})

    def _dispose(self, item: Item, _: Year) -> Step:
        shares = self._planned
        line = self._lines.line(f"disposal-{item.day.year}", "TreasurySharesDisposed", item.day)
        line |= {"shares": shares, "amount": self._lines.money(shares * self._price)}
        return self._step(line, self._moved(Move(item.day, 0, -shares)))

    def _resolve_issue(self, item: Item, _: Year) -> Step:
        self._planned = self._rng.randint(10, 200) * 100
        line = self._lines.resolution(f"issue-{item.day.year}", "IssueResolved", item.day)
        return self._step(line | {"shares": self._planned, "kind": "THIRD_PARTY"})

    def _issue(self, item: Item, _: Year) -> Step:
        shares = self._planned
        line = self._lines.line(f"issue-{item.day.year}", "SharesIssued", item.day)
        line |= {"shares": shares, "amount": self._lines.money(shares * self._price)}
        return self._step(line, self._moved(Move(item.day, shares, 0)))

    # --- lines -------------------------------------------------------------------------------

    def _moved(self, move: Move) -> Move:
        self._now.add(move)
        self._first.add(move)
        return move

    def _step(self, line: Line, move: Move | None = None) -> Step:
        return Step(self.code, line, move)
