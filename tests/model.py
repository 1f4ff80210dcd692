"""A plain reference model of one issuer: every answer recomputed from the list of its lines.

Written from the rules of the domain alone, with dicts, integers and fractions, and without a
single import of the program: where both agree, the program says what the domain says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

Line = dict[str, Any]
Breach = tuple[str, str, str, str]
"""Rule, action, key of the event, and which of several judgments of the rule."""

# The order of facts within one day. Forecast, resolution, amendment and approval come before any
# share moves, payments after; an opening is the count at the close of its day.
WITHIN_A_DAY = [
    "IssuerRegistered",
    "ShareClassRegistered",
    "(an adjustment taken back)",
    "DividendForecast",
    "DividendResolved",
    "RepurchaseAuthorized",
    (
        "SplitResolved / IssueResolved / DisposalResolved / CancellationResolved / "
        "DistributionResolved"
    ),
    "DividendAmended",
    "DividendCurrencyFixed",
    "RepurchaseAmended",
    "CapitalReduced",
    "TradingUnitChanged",
    "DepositaryRatioSet",
    "IssuePriced",
    "DividendApproved / DividendRejected",
    "SplitApproved / IssueApproved / DistributionApproved",
    "AuthorizedSharesChanged",
    "SplitEffected",
    "PositionAdjusted",
    "SharesIssued / DividendElected",
    "SharesRepurchased / SharesAcquired",
    "TreasurySharesDisposed",
    "TreasurySharesCancelled",
    "DividendPaid / DistributionEffected",
    "UnclaimedDividendLapsed",
    "OpeningPositionStated",
    "PositionReported",
    "TrustHoldingStated",
    "DividendTotalReported",
    "RepurchaseReported",
    "DividendWithdrawn",
    "RepurchaseCompleted / RepurchaseTerminated",
    "SplitWithdrawn / IssueLapsed / DisposalLapsed / CancellationWithdrawn / DistributionWithdrawn",
    "ShareClassClosed",
    "EventReversed",
]
_PLACE = {name: n for n, names in enumerate(WITHIN_A_DAY) for name in names.split(" / ")}
TAKEN_BACK = "(an adjustment taken back)"
MINOR_UNITS = {"JPY": 0, "USD": 2}
KIND = {
    **dict.fromkeys(
        ("IssuerRegistered FiscalYearEndChanged DistributableAmountStated CapitalReduced").split(),
        "issuer",
    ),
    **dict.fromkeys(
        (
            "ShareClassRegistered OpeningPositionStated AuthorizedSharesChanged TradingUnitChanged "
            "DepositaryRatioSet PositionReported PositionAdjusted DividendTotalReported "
            "TrustHoldingStated ShareClassClosed"
        ).split(),
        "class",
    ),
    **dict.fromkeys(("SharesAcquired",), "acquisition"),
    **dict.fromkeys("SplitResolved SplitApproved SplitEffected SplitWithdrawn".split(), "split"),
    **dict.fromkeys(
        "IssueResolved IssueApproved IssuePriced SharesIssued IssueLapsed".split(), "issue"
    ),
    **dict.fromkeys("DisposalResolved TreasurySharesDisposed DisposalLapsed".split(), "disposal"),
    **dict.fromkeys(
        "CancellationResolved TreasurySharesCancelled CancellationWithdrawn".split(),
        "cancellation",
    ),
    **dict.fromkeys(
        (
            "DistributionResolved DistributionApproved DistributionEffected DistributionWithdrawn"
        ).split(),
        "distribution",
    ),
}
RESOLVED = {
    "split": "SplitResolved",
    "issue": "IssueResolved",
    "disposal": "DisposalResolved",
    "cancellation": "CancellationResolved",
    "distribution": "DistributionResolved",
}
APPROVED = {
    "split": "SplitApproved",
    "issue": "IssueApproved",
    "distribution": "DistributionApproved",
}
CARRIED_OUT = {
    "split": "SplitEffected",
    "issue": "SharesIssued",
    "disposal": "TreasurySharesDisposed",
    "cancellation": "TreasurySharesCancelled",
    "distribution": "DistributionEffected",
}
GIVEN_UP = {
    "split": "SplitWithdrawn",
    "issue": "IssueLapsed",
    "disposal": "DisposalLapsed",
    "cancellation": "CancellationWithdrawn",
    "distribution": "DistributionWithdrawn",
}
DONE = {
    "split": "effected",
    "issue": "issued",
    "disposal": "disposed of",
    "cancellation": "cancelled",
    "distribution": "effected",
}
ENDED = {
    "split": "withdrawn",
    "issue": "lapsed",
    "disposal": "lapsed",
    "cancellation": "withdrawn",
    "distribution": "withdrawn",
}
DELIVERED = "SharesIssued DividendElected TreasurySharesDisposed TreasurySharesCancelled".split()
NEEDS_TERMS = ("split", "distribution")
"""What is carried out once, and says nothing without its resolution."""
MOVES = ("SharesRepurchased", "SharesAcquired", "DividendElected", *CARRIED_OUT.values())
"""What carries out a plan, or moves counts: nothing of it happens to a class that is closed."""


def kind_of(event: str) -> str | None:
    if event in KIND:
        return KIND[event]
    if event.startswith(("Repurchase", "SharesRepurchased")):
        return "repurchase"
    return None if event == "EventReversed" else "dividend"


def day(text: str) -> date:
    return date.fromisoformat(text)


@dataclass(frozen=True)
class Record:
    """A line, the entry it was recorded by, and its place in that entry."""

    entry: int
    place: int
    line: Line

    @property
    def event(self) -> str:
        return str(self.line["event"])

    @property
    def key(self) -> str:
        return str(self.line["key"])

    @property
    def action(self) -> str:
        return str(self.line["action"])

    @property
    def on(self) -> date:
        return day(self.line.get("on", "0001-01-01"))

    def get(self, name: str) -> Any:
        return self.line.get(name)

    @property
    def in_order(self) -> tuple[date, int, int, int]:
        return self.on, _PLACE[self.event], self.entry, self.place


Sum = dict[str, int]
"""A count as a number (under "") and what is unknown in it, each unknown under its event's key."""


def plain(count: Sum | None) -> int | None:
    """The count where nothing in it is unknown."""
    if count is None or any(times for unknown, times in count.items() if unknown):
        return None
    return count.get("", 0)


def plus(count: Sum | None, change: Sum) -> Sum | None:
    if count is None:
        return None
    return {name: count.get(name, 0) + change.get(name, 0) for name in {*count, *change}}


@dataclass
class Counts:
    """What one class counts at some moment; None where unknown."""

    opened: bool = False
    authorized: int | None = None
    figures: dict[str, Sum | None] = field(
        default_factory=lambda: dict.fromkeys(("issued", "treasury", "outstanding"))
    )
    cost: Fraction | None = None
    currency: str | None = None
    contradicted: bool = False
    """An opening stated what cannot be together with what was known."""

    @property
    def issued(self) -> int | None:
        return plain(self.figures["issued"])

    @property
    def treasury(self) -> int | None:
        return plain(self.figures["treasury"])

    @property
    def outstanding(self) -> int | None:
        return plain(self.figures["outstanding"])

    @property
    def cost_shown(self) -> Fraction | None:
        return None if self.treasury is None else self.cost

    @property
    def possible(self) -> bool:
        issued, treasury, outstanding = self.issued, self.treasury, self.outstanding
        if any(count is not None and count < 0 for count in (issued, treasury, outstanding)):
            return False
        return issued is None or treasury is None or treasury <= issued


Splits = list[tuple[date, Fraction]]
"""The days on which the shares of a class became others, and how many one became."""


def ratio(splits: Splits, since: date, until: date) -> Fraction:
    """How many shares of the close of `until` one share of the close of `since` became."""
    became = Fraction(1)
    for on, each in splits:
        if since < on <= until:
            became *= each
        elif until < on <= since:
            became /= each
    return became


def floor(count: Fraction | int) -> int:
    return count.numerator // count.denominator


def half_up(value: Fraction, places: int) -> Fraction:
    shifted = value * 10**places
    whole = shifted.numerator // shifted.denominator
    if shifted - whole >= Fraction(1, 2):
        whole += 1
    return Fraction(whole, 10**places)


@dataclass(frozen=True)
class Move:
    """One thing that changes counts, on the day it does so by one basis."""

    on: date
    place: int
    entry: int
    line: int
    what: str
    record: Record
    issued: int = 0
    treasury: int = 0
    """How many shares move, in the shares of that day."""
    split: Record | None = None
    """The resolution of a split that takes effect."""
    treasury_apart: bool = False
    """Whether the treasury takes no part in it."""
    in_flight_until: date | None = None
    retired: bool = False

    @property
    def in_order(self) -> tuple[date, int, int, int]:
        return self.on, self.place, self.entry, self.line


@dataclass
class Program:
    """A repurchase program after some of its events."""

    authorized: Record | None = None
    first_purchase: Record | None = None
    ended: Record | None = None
    max_shares: int | None = None
    max_shares_as_of: date | None = None
    max_amount: Line | None = None
    first: date | None = None
    until: date | None = None
    already: Line | None = None
    bought: list[Record] = field(default_factory=list)
    splits: Splits = field(default_factory=list)
    lost_in_a_gap: bool = False
    """Nothing bought is recorded, but treasury moved by an unknown number since the first day."""

    def shares(self, day: date) -> Fraction | None:
        """What was bought, in the shares of a day."""
        if self.lost_in_a_gap:
            return None
        total = Fraction(0)
        if self.already is not None:
            assert self.authorized is not None
            if self.already.get("shares") is None:
                return None
            total = self.already["shares"] * ratio(self.splits, self.authorized.on, day)
        for record in self.bought:
            total += record.get("shares") * ratio(self.splits, record.on, day)
        return total

    @property
    def against_the_cap(self) -> Fraction | None:
        """What was bought, in the shares of the day the cap was stated."""
        return None if self.max_shares_as_of is None else self.shares(self.max_shares_as_of)

    @property
    def currency(self) -> str | None:
        """The cap's currency; else that of what was bought before; else the only one paid in."""
        if self.max_amount is not None:
            return str(self.max_amount["currency"])
        if self.already is not None and "amount" in self.already:
            return str(self.already["amount"]["currency"])
        paid_in = {r.get("amount")["currency"] for r in self.bought if r.get("amount")}
        return paid_in.pop() if len(paid_in) == 1 else None

    @property
    def amount(self) -> Fraction | None:
        if self.lost_in_a_gap:
            return None
        amounts = [r.get("amount") for r in self.bought]
        if self.already is not None:
            amounts.append(self.already.get("amount"))
        currency = self.currency
        if any(a is None or a["currency"] != currency for a in amounts):
            return None
        return sum((Fraction(a["amount"]) for a in amounts), Fraction(0))

    @property
    def over_shares(self) -> bool:
        cap, bought = self.max_shares, self.against_the_cap
        return cap is not None and bought is not None and bought > cap

    @property
    def over_amount(self) -> bool:
        cap, paid = self.max_amount, self.amount
        return cap is not None and paid is not None and paid > Fraction(cap["amount"])

    @property
    def ends_before_it_begins(self) -> bool:
        first = self.first or (self.authorized.on if self.authorized is not None else None)
        return first is not None and self.until is not None and self.until < first


@dataclass
class Dividend:
    """A dividend after some of its events."""

    forecast: Record | None = None
    terms: Line = field(default_factory=dict)
    resolved: Record | None = None
    approved: Record | None = None
    ended: Record | None = None
    payments: list[Record] = field(default_factory=list)
    elections: list[Record] = field(default_factory=list)

    @property
    def settled_in(self) -> str:
        return str(self.terms.get("settled_in", "CASH"))

    @property
    def carried_out(self) -> bool:
        """Whether it is paid: in cash, or where there is none, in shares."""
        return bool(self.elections if self.settled_in == "SHARES" else self.payments)

    @property
    def needs_approval(self) -> bool:
        return self.terms.get("approval") in ("AGM", "EGM")

    @property
    def state(self) -> str | None:
        if self.ended is not None:
            return "rejected" if self.ended.event == "DividendRejected" else "withdrawn"
        if self.carried_out:
            return "paid"
        if self.resolved is None:
            return None if self.forecast is None else "forecast"
        if self.approved is not None:
            return "approved"
        return "awaiting approval" if self.needs_approval else "resolved"

    @property
    def decided(self) -> bool:
        return self.resolved is not None and self.ended is None

    @property
    def base_date(self) -> date:
        """The day in whose shares the dividend is."""
        assert self.resolved is not None
        if self.terms.get("record_date") is not None:
            return day(self.terms["record_date"])
        if self.terms["term"] == "YEAR_END":
            return day(self.terms["fiscal_year_end"])
        return self.resolved.on

    @property
    def fiscal_year_end(self) -> str:
        if self.resolved is not None:
            return str(self.terms["fiscal_year_end"])
        assert self.forecast is not None
        return str(self.forecast.get("fiscal_year_end"))

    def take(self, record: Record) -> None:
        match record.event:
            case "DividendForecast":
                self.forecast = record
            case "DividendResolved":
                self.resolved, self.terms = record, dict(record.line)
            case "DividendAmended":
                self.terms = {**self.terms, **_own_fields(record.line)}
            case "DividendApproved":
                self.approved = record
            case "DividendRejected" | "DividendWithdrawn":
                self.ended = record
            case "DividendPaid":
                self.payments.append(record)
            case "DividendElected":
                self.elections.append(record)


def _own_fields(line: Line) -> Line:
    common = ("issuer", "class", "action", "event", "on", "key", "acknowledged", "cause")
    return {name: value for name, value in line.items() if name not in common}


@dataclass(frozen=True)
class Year:
    """What a fiscal year carries."""

    states: dict[str, str]
    declared: Fraction | None
    approved: Fraction | None
    paid: Fraction | None
    total: Fraction | None
    total_is: str | None
    mixed: bool | None
    year_end_basis: Fraction | None
    restated: Fraction | None
    in_kind: dict[str, str]
    """The states of the distributions of another company's shares, which enter no figure."""


class Model:
    """Everything recorded of one issuer, and every answer worked out from the beginning."""

    def __init__(self, records: Sequence[Record] = ()) -> None:
        self.records = list(records)

    def with_lines(self, lines: Sequence[Line]) -> Model:
        """As the history would be with one further entry."""
        entry = self.last_entry + 1
        further = [Record(entry, place, line) for place, line in enumerate(lines, start=1)]
        return Model([*self.records, *further])

    @property
    def last_entry(self) -> int:
        return max((record.entry for record in self.records), default=0)

    def known(self, entry: int) -> Model:
        return Model([record for record in self.records if record.entry <= entry])

    @property
    def standing(self) -> list[Record]:
        reversed_keys = {
            record.get("reverses")["key"]
            for record in self.records
            if record.event == "EventReversed"
        }
        return sorted(
            (
                record
                for record in self.records
                if record.event != "EventReversed" and record.key not in reversed_keys
            ),
            key=lambda record: record.in_order,
        )

    @property
    def classes(self) -> list[str]:
        return sorted({r.line["class"] for r in self.standing if "class" in r.line})

    @property
    def profile(self) -> str:
        registered = [r for r in self.standing if r.event == "IssuerRegistered"]
        return str(registered[-1].get("profile")) if registered else "none"

    def actions(self, kind: str) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for record in self.standing:
            if kind_of(record.event) == kind:
                found.setdefault(record.action, []).append(record)
        return found

    # --- counts and cost ---------------------------------------------------------------------

    def counts(self, share_class: str, on: date, basis: str) -> Counts:
        """The counts at the close of the day, folded from the first move on."""
        latest = Counts()
        for move, after in self.course(share_class, basis):
            if move.on <= on:
                latest = after
        return latest

    def course(self, share_class: str, basis: str) -> Iterator[tuple[Move, Counts]]:
        """Every move of the class in order, and the counts right after it."""
        moves = sorted(self._moves(share_class, basis), key=lambda move: move.in_order)
        counts = Counts()
        past: list[tuple[date, Counts]] = []
        for number, move in enumerate(moves):
            in_flight = [
                earlier
                for earlier in moves[:number]
                if earlier.in_flight_until is not None and earlier.in_flight_until > move.on
            ]
            if move.what == "split" and counts.opened:
                counts = self._split(counts, move, past)
            else:
                counts = _after(counts, move, in_flight, self.splits(share_class))
            past.append((move.on, counts))
            yield move, counts

    def _split(self, counts: Counts, move: Move, past: list[tuple[date, Counts]]) -> Counts:
        """New shares for old; of one record date, on the shares at the end of that day."""
        effects = self.split_effects(move.record.line["class"])
        became = next(became for record, became in effects if record is move.record)
        assert move.split is not None
        day_of_record = move.split.get("record_date")
        together = [r for r, _ in effects if self.record_date(r) == day_of_record]
        held = None
        if day_of_record is not None and len(together) > 1 and _some_are_left(together, self):
            held = next((c for on, c in reversed(past) if on <= day(day_of_record)), None)
        if held is None or not held.opened:
            return _split(counts, move, counts, became)
        for record, ratio_of_it in effects:
            if record is move.record:
                break
            if record.on > day(day_of_record) and record not in together:
                apart = self.spares_treasury(record)
                held = _in_other_shares(held, ratio_of_it, treasury_apart=apart)
        return _split(counts, move, held, _own_ratio(move.split))

    def splits(self, share_class: str) -> Splits:
        """Whatever made other shares of the shares of a class, in order."""
        return [(record.on, became) for record, became in self.split_effects(share_class)]

    def split_effects(self, share_class: str) -> list[tuple[Record, Fraction]]:
        """Each split that took effect, and how many shares one of the moment before became."""
        effected = [
            record
            for record in self.standing
            if record.event == "SplitEffected"
            and record.line["class"] == share_class
            and self.split_resolved(record) is not None
        ]
        found: list[tuple[Record, Fraction]] = []
        for record in effected:
            resolved, on_record = self.split_resolved(record), self.record_date(record)
            assert resolved is not None
            own = _own_ratio(resolved)
            together = [r for r in effected if self.record_date(r) == on_record]
            if on_record is not None and _some_are_left(together, self):
                earlier = together[: together.index(record)]
                before = 1 + sum(_own_ratio(self.split_resolved(r)) - 1 for r in earlier)
                own = (before + own - 1) / before
            found.append((record, own))
        return found

    def record_date(self, effected: Record) -> str | None:
        resolved = self.split_resolved(effected)
        return None if resolved is None else resolved.get("record_date")

    def spares_treasury(self, effected: Record) -> bool:
        resolved = self.split_resolved(effected)
        gratis = resolved is not None and resolved.line["kind"] == "GRATIS_ALLOTMENT"
        return gratis and self.profile == "jp"

    def _two_on_one_day(self, share_class: str) -> Iterator[Breach]:
        """Two of one day of effect that do not both say their record date."""
        effected = [record for record, _ in self.split_effects(share_class)]
        for before, record in pairwise(effected):
            if before.on == record.on and None in map(self.record_date, (before, record)):
                yield "one-record-date", record.action, record.key, ""

    def split_resolved(self, effected: Record) -> Record | None:
        own = self.actions("split").get(effected.action, [])
        return next((r for r in own if r.event == "SplitResolved"), None)

    def _moves(  # noqa: C901, PLR0912 - one branch for each event that moves a count
        self, share_class: str, basis: str
    ) -> Iterator[Move]:
        splits = self.splits(share_class)
        goes_to: dict[str, str] = {}  # destination by program, as authorized or amended so far
        for record in self.standing:
            if record.line.get("class") != share_class:
                continue
            place, at = _PLACE[record.event], (record.entry, record.place)
            match record.event:
                case "RepurchaseAuthorized" | "RepurchaseAmended":
                    if record.get("destination"):
                        goes_to[record.action] = record.get("destination")
                case "SharesRepurchased" | "SharesAcquired":
                    where = record.get("destination") or goes_to.get(record.action, "TREASURY")
                    settles = day(str(record.line.get("settled_on", record.line["on"])))
                    by_trade = basis == "trade"
                    on = record.on if by_trade else settles
                    # Traded before a split and settled after it: the restated number moves.
                    shares = floor(record.line["shares"] * ratio(splits, record.on, on))
                    yield Move(
                        on,
                        place,
                        *at,
                        "purchase",
                        record,
                        issued=-shares if where == "RETIRED" else 0,
                        treasury=0 if where == "RETIRED" else shares,
                        in_flight_until=settles if by_trade and settles > record.on else None,
                        retired=where == "RETIRED",
                    )
                case (
                    "SharesIssued"
                    | "DividendElected"
                    | "TreasurySharesDisposed"
                    | "TreasurySharesCancelled"
                ):
                    settles = day(str(record.line.get("settled_on", record.line["on"])))
                    by_trade = basis == "trade"
                    on = record.on if by_trade else settles
                    became = ratio(splits, record.on, on)
                    new, gone = (floor(count * became) for count in _delivered_shares(record))
                    if record.event == "TreasurySharesCancelled":
                        new = -gone
                    in_flight_until = settles if by_trade and settles > record.on else None
                    yield Move(
                        on,
                        place,
                        *at,
                        "delivered",
                        record,
                        new,
                        -gone,
                        in_flight_until=in_flight_until,
                    )
                case "SplitEffected":
                    resolved = self.split_resolved(record)
                    if resolved is not None:
                        gratis = resolved.line["kind"] == "GRATIS_ALLOTMENT"
                        yield Move(
                            record.on,
                            place,
                            *at,
                            "split",
                            record,
                            split=resolved,
                            treasury_apart=gratis and self.profile == "jp",
                        )
                case "OpeningPositionStated":
                    yield Move(record.on, place, *at, "opening", record)
                case "AuthorizedSharesChanged":
                    yield Move(record.on, place, *at, "authorized", record)
                case "PositionAdjusted":
                    yield Move(record.on, place, *at, "adjusted", record)
                    if record.get("until"):
                        back = day(record.get("until")) + timedelta(days=1)
                        yield Move(back, _PLACE[TAKEN_BACK], *at, "taken back", record)

    # --- dividends ---------------------------------------------------------------------------

    def dividends(self, share_class: str, on: date) -> dict[str, Dividend]:
        """Every dividend of the class that has begun by the close of the day."""
        found = {}
        for action, records in self.actions("dividend").items():
            dividend = Dividend()
            for record in records:
                if record.line["class"] == share_class and record.on <= on:
                    dividend.take(record)
            if dividend.state is not None:
                found[action] = dividend
        return found

    def years(self, share_class: str, on: date) -> dict[str, Year]:
        """What each fiscal year carries at the close of the day."""
        dividends = self.dividends(share_class, on)
        in_kind = self._in_kind(share_class, on)
        years = {}
        for end in sorted({*in_kind, *(d.fiscal_year_end for d in dividends.values())}):
            of_year = {a: d for a, d in dividends.items() if d.fiscal_year_end == end}
            decided = [d for d in of_year.values() if d.decided and d.settled_in != "SHARES"]
            total, total_is = self._total(decided, on)
            alike = len({d.terms["currency"] for d in decided}) == 1
            approved = [d for d in decided if d.state != "awaiting approval"]
            paid = [d for d in decided if d.carried_out]
            years[end] = Year(
                {action: str(dividend.state) for action, dividend in of_year.items()},
                _sum(decided) if alike else None,
                _sum(approved) if alike and approved else None,
                _sum(paid) if alike and paid else None,
                total if alike else None,
                total_is if alike else None,
                len({self._became(d, day(end), on) for d in decided}) > 1 if decided else None,
                self._restated(decided, day(end), on) if alike else None,
                self._restated(decided, on, on) if alike else None,
                in_kind.get(end, {}),
            )
        return years

    def _in_kind(self, share_class: str, on: date) -> dict[str, dict[str, str]]:
        """The distributions in kind by the next end of March: made, else planned, else resolved."""
        found: dict[str, dict[str, str]] = {}
        for action, records in self.actions("distribution").items():
            so_far = [r for r in records if r.on <= on and r.line["class"] == share_class]
            resolved = next((r for r in so_far if r.event == "DistributionResolved"), None)
            if resolved is None:
                continue
            made = [r.line["on"] for r in so_far if r.event == "DistributionEffected"]
            days = [*made, *(resolved.get(n) for n in ("effective_on", "record_date", "on"))]
            made_on = next(day for day in days if day)
            year = int(made_on[:4]) + (made_on[5:] > "03-31")
            state = self.plan_state("distribution", action, on)
            found.setdefault(f"{year}-03-31", {})[action] = str(state)
        return found

    def _became(self, dividend: Dividend, until: date, on: date) -> Fraction:
        """How many shares of a day one share of the dividend's became; none after the day asked."""
        splits = self.splits(dividend.terms["class"])
        return ratio(splits, min(dividend.base_date, on), min(until, on))

    def _restated(self, decided: list[Dividend], until: date, on: date) -> Fraction:
        each = [Fraction(d.terms["per_share"]) / self._became(d, until, on) for d in decided]
        return half_up(sum(each, Fraction(0)), 10)

    def _total(self, decided: list[Dividend], on: date) -> tuple[Fraction | None, str | None]:
        total, kinds = Fraction(0), set()
        for dividend in decided:
            computed = self.computed_total(dividend, on)
            stated = dividend.terms.get("stated_total")
            if computed is not None:
                total += computed
                kinds.add("computed")
            elif stated is not None and stated["currency"] == dividend.terms["currency"]:
                total += Fraction(stated["amount"])
                kinds.add("stated")
            else:
                return None, None
        return total, kinds.pop() if len(kinds) == 1 else "mixed"

    def computed_total(self, dividend: Dividend, on: date) -> Fraction | None:
        """Per share x outstanding at the end of the record date, on settlement basis."""
        record_date = dividend.terms.get("record_date")
        if record_date is None or day(record_date) > on:
            return None
        base = self.counts(dividend.terms["class"], day(record_date), "settlement").outstanding
        return None if base is None else Fraction(dividend.terms["per_share"]) * base

    # --- repurchases -------------------------------------------------------------------------

    def program(self, action: str, on: date) -> Program:
        """The program at the close of the day, by trade date."""
        records = self.actions("repurchase").get(action, [])
        program = Program(splits=self.splits(records[0].line["class"]) if records else [])
        for record in records:
            if record.on <= on:
                _take(program, record)
        if program.authorized is not None and program.first_purchase is None:
            first = program.first or program.authorized.on
            program.lost_in_a_gap = any(
                record.event == "PositionAdjusted"
                and record.line["class"] == program.authorized.line["class"]
                and record.line["treasury_change"] is None
                and first <= record.on <= min(on, program.until or on)
                for record in self.standing
            )
        return program

    def program_state(self, action: str, on: date) -> str | None:
        program = self.program(action, on)
        if program.ended is not None:
            return "completed" if program.ended.event == "RepurchaseCompleted" else "terminated"
        if program.authorized is None:
            return None if program.first_purchase is None else "open"
        if program.until is not None and on > program.until:
            return "expired"
        return "authorized" if on < (program.first or program.authorized.on) else "open"

    # --- splits, issues, disposals, cancellations --------------------------------------------

    def plan_state(self, kind: str, action: str, on: date) -> str | None:
        """How far what is planned, then carried out, has come by the close of the day."""
        state, ended = None, False
        records = [r for r in self.actions(kind).get(action, []) if r.on <= on]
        for record in records:
            if record.event == RESOLVED[kind]:
                waits = record.get("approval") in ("AGM", "EGM")
                state = "awaiting approval" if waits else "resolved"
            elif record.event == APPROVED.get(kind):
                state = "approved"
            elif record.event == CARRIED_OUT[kind]:
                state = DONE[kind]
        ended = _given_up(kind, records)
        return ENDED[kind] if ended and state != DONE[kind] else state

    # --- rules -------------------------------------------------------------------------------

    def never_legal(self) -> set[Breach]:
        """Breaches of what is refused always, counts apart."""
        breaches = set(self._reversals())
        breaches |= set(self._registrations())
        for action, records in self.actions("dividend").items():
            breaches |= set(_dividend_breaches(action, records))
        for action, records in self.actions("repurchase").items():
            breaches |= set(_program_breaches(action, records))
        for kind in RESOLVED:
            for action, records in self.actions(kind).items():
                breaches |= set(_plan_breaches(kind, action, records))
        for share_class in self.classes:
            breaches |= set(self._openings(share_class))
            breaches |= set(self._after_closing(share_class))
        return breaches

    def impossible_steps(self) -> set[Breach]:
        """Moves after which the counts cannot be, even if the day's later moves mend them."""
        return {
            ("counts-not-negative", move.record.action, move.record.key, basis)
            for share_class in self.classes
            for basis in ("settlement", "trade")
            for move, after in self.course(share_class, basis)
            if not after.possible
        }

    def impossible_days(self) -> set[tuple[str, date]]:
        """Days at whose close some class counts what no company can hold."""
        found = set()
        for share_class in self.classes:
            for basis in ("settlement", "trade"):
                closes = {move.on: after for move, after in self.course(share_class, basis)}
                found |= {(share_class, on) for on, at in closes.items() if not at.possible}
        return found

    def guarded(self, today: date) -> set[Breach]:  # noqa: C901 - one branch for each kind
        """Breaches of what can be acknowledged, under a profile that has these rules."""
        if self.profile == "none":
            return set()
        breaches = {each for code in self.classes for each in self._two_on_one_day(code)}
        for share_class in self.classes:
            breaches |= set(self._beyond_authorized(share_class))
            breaches |= set(self._across_splits(share_class))
        for action, records in self.actions("dividend").items():
            dividend = Dividend()
            for record in records:
                dividend.take(record)
                if record.event in ("DividendResolved", "DividendAmended"):
                    if self._misstated(dividend, today):
                        breaches.add(("stated-total", action, record.key, ""))
                elif record.event in ("DividendPaid", "DividendElected"):
                    unapproved = dividend.needs_approval and dividend.approved is None
                    if unapproved and dividend.resolved is not None:
                        breaches.add(("approval-needed", action, record.key, ""))
        for action, records in self.actions("repurchase").items():
            splits = self.splits(records[0].line["class"])
            breaches |= set(_beyond_caps_or_window(action, records, splits))
        breaches |= set(self._reduced_without_a_meeting())
        for kind in APPROVED:
            for action, records in self.actions(kind).items():
                breaches |= set(_unapproved(kind, action, records))
        return breaches

    def _reduced_without_a_meeting(self) -> Iterator[Breach]:
        members = ("AGM", "EGM", "CLASS")
        for record in self.standing:
            if record.event == "CapitalReduced" and record.get("approval") in members:
                meeting = record.get("meeting") or {}
                if meeting.get("body") not in members:
                    yield "approval-needed", record.action, record.key, ""

    def _misstated(self, dividend: Dividend, today: date) -> bool:
        stated = dividend.terms.get("stated_total")
        if stated is None or stated["currency"] != dividend.terms["currency"]:
            return False
        if dividend.settled_in == "SHARES":
            return False
        computed = self.computed_total(dividend, today)
        if computed is None:
            return False
        printed, unit = Fraction(stated["amount"]), Fraction(stated["unit"])
        low = printed if stated["rounding"] == "DOWN" else printed - unit / 2
        return not low <= computed < low + unit

    def _beyond_authorized(self, share_class: str) -> Iterator[Breach]:
        split_days = {on for on, _ in self.splits(share_class)}
        for move, after in self.course(share_class, "settlement"):
            line = move.record.line
            grows = {
                "purchase": False,
                "delivered": move.issued > 0,
                "split": True,
                # What is changed for a split of the day is judged once that took effect.
                "authorized": move.on not in split_days,
                "opening": any(name in line for name in ("issued", "outstanding", "authorized")),
                "adjusted": (line.get("issued_change") or 0) > 0,
                "taken back": (line.get("issued_change") or 0) < 0,
            }[move.what]
            known = after.issued is not None and after.authorized is not None
            if grows and known and after.issued > after.authorized:  # type: ignore[operator]  # known
                yield "within-authorized", move.record.action, move.record.key, ""

    def _across_splits(self, share_class: str) -> Iterator[Breach]:
        """The total of a period, or a passing gap, with a split inside."""
        for record in self.standing:
            if record.line.get("class") != share_class:
                continue
            first = last = record.on
            if record.event in MOVES and "shares" in record.line:
                if record.line["shares"] == 0:
                    continue  # nought is nought in any shares
                first = day(str(record.line.get("from", record.line["on"])))
            elif record.event == "PositionAdjusted" and record.get("until"):
                last = day(record.line["until"])
            if any(first < on <= last for on, _ in self.splits(share_class)):
                yield "period-straddles-split", record.action, record.key, ""

    def _after_closing(self, share_class: str) -> Iterator[Breach]:
        """Nothing happens to a closed class; what is owed from before is still paid."""
        own = [r for r in self.standing if r.line.get("class") == share_class]
        closed = next((r for r in own if r.event == "ShareClassClosed"), None)
        if closed is None:
            return
        reports = ("PositionReported", "TrustHoldingStated", "DividendTotalReported")
        for record in own:
            if record.on <= closed.on:
                continue
            touches = record.event in (*MOVES, *RESOLVED.values(), "RepurchaseAuthorized") or (
                kind_of(record.event) == "class" and record.event not in reports
            )
            if record.event in ("DividendResolved", "DividendAmended"):
                dividend = Dividend()
                for earlier in self.actions("dividend")[record.action]:
                    dividend.take(earlier)
                    if earlier is record:
                        break
                last = dividend.terms.get("record_date")
                touches = last is None or day(last) > closed.on
            if touches:
                yield "order-of-events", record.action, record.key, "closed"

    def _openings(self, share_class: str) -> Iterator[Breach]:
        before = Counts()
        for move, after in self.course(share_class, "settlement"):
            if move.what == "opening":
                held = {
                    "authorized": before.authorized,
                    "issued": before.issued,
                    "treasury": before.treasury,
                    "outstanding": before.outstanding,
                }
                stated_again = any(
                    name in move.record.line and count is not None for name, count in held.items()
                )
                if stated_again or after.contradicted:
                    yield "opening-once", move.record.action, move.record.key, ""
            before = after

    def _registrations(self) -> Iterator[Breach]:
        seen: set[tuple[str, str]] = set()
        for record in self.standing:
            if record.event in ("IssuerRegistered", "ShareClassRegistered"):
                if (record.event, record.action) in seen:
                    yield "order-of-events", record.action, record.key, ""
                seen.add((record.event, record.action))

    def _reversals(self) -> Iterator[Breach]:
        by_key = {record.key: record for record in self.records}
        taken: set[str] = set()
        for record in self.records:
            if record.event != "EventReversed":
                continue
            key = record.get("reverses")["key"]
            target = by_key.get(key)
            wrong = (
                target is None
                or target.event == "EventReversed"
                or target.action != record.action
                or key in taken
            )
            taken.add(key)
            if wrong:
                yield "order-of-events", record.action, record.key, "reversal"


def _sum(dividends: list[Dividend]) -> Fraction:
    return sum((Fraction(d.terms["per_share"]) for d in dividends), Fraction(0))


def _take(program: Program, record: Record) -> None:
    match record.event:
        case "RepurchaseAuthorized" | "RepurchaseAmended":
            if record.event == "RepurchaseAuthorized":
                program.authorized = record
                program.already = record.get("already")
            if record.get("max_shares") is not None:
                program.max_shares = record.get("max_shares")
                program.max_shares_as_of = record.on
            program.max_amount = record.get("max_amount") or program.max_amount
            program.first = day(record.line["from"]) if record.get("from") else program.first
            program.until = day(record.line["until"]) if record.get("until") else program.until
        case "SharesRepurchased":
            program.first_purchase = program.first_purchase or record
            if record.get("shares"):
                program.bought.append(record)
        case "RepurchaseCompleted" | "RepurchaseTerminated":
            program.ended = record


def _beyond_caps_or_window(action: str, records: list[Record], splits: Splits) -> Iterator[Breach]:
    """A purchase beyond a cap or the window, or a cap stated beneath what was bought by then."""
    program = Program(splits=splits)
    for record in records:
        _take(program, record)
        bought = record.event == "SharesRepurchased" and record.get("shares") > 0
        if program.over_shares and (bought or record.get("max_shares") is not None):
            yield "repurchase-caps", action, record.key, ""
        if program.over_amount and (bought or record.get("max_amount") is not None):
            yield "repurchase-caps", action, record.key, "amount"
        if bought and program.authorized is not None:
            first = program.first or program.authorized.on
            last = program.until or date.max
            begins = day(str(record.line.get("from", record.line["on"])))
            if not (first <= begins and record.on <= last):
                yield "repurchase-window", action, record.key, ""


def _dividend_breaches(action: str, records: list[Record]) -> Iterator[Breach]:
    so_far = Dividend()
    for record in records:
        if so_far.ended is not None or not _in_turn(so_far, record.event):
            yield "order-of-events", action, record.key, ""
        record_date = so_far.terms.get("record_date")
        so_far.take(record)
        if so_far.resolved is not None and not _settled(so_far, record):
            yield "settled-in", action, record.key, ""
        if so_far.resolved is None or record.event not in ("DividendResolved", "DividendAmended"):
            continue
        last, payable = (so_far.terms.get(name) for name in ("record_date", "payable_on"))
        if last is not None and payable is not None and day(last) > day(payable):
            yield "date-order", action, record.key, ""
        if record_date not in (None, last):
            yield "distinct-record-date", action, record.key, ""


def _settled(so_far: Dividend, record: Record) -> bool:
    """Whether what is stated or done fits a dividend in cash, in shares, or by choice."""
    in_shares = ("reference_price", "new", "old", "percent", "election_until")
    states = record.event in ("DividendResolved", "DividendAmended")
    if so_far.settled_in == "CASH":
        has_terms = states and any(name in record.line for name in in_shares)
        return not has_terms and not so_far.elections
    return so_far.settled_in == "CHOICE" or not (states and "per_share" in record.line)


def _in_turn(so_far: Dividend, event: str) -> bool:
    """Forecast, resolved, approved, paid; or rejected, or withdrawn: each only after the other."""
    resolved, paid = so_far.resolved is not None, bool(so_far.payments)
    undecided = resolved and so_far.approved is None
    unissued = not so_far.elections
    return {
        "DividendForecast": not resolved,
        "DividendResolved": not resolved,
        "DividendAmended": resolved and not paid,
        "DividendCurrencyFixed": resolved,
        "DividendApproved": undecided,
        "DividendRejected": undecided and not paid and unissued,
        "DividendElected": resolved,
        "DividendPaid": resolved,
        "UnclaimedDividendLapsed": paid,
        "DividendWithdrawn": (resolved or so_far.forecast is not None) and not paid and unissued,
    }[event]


def _program_breaches(action: str, records: list[Record]) -> Iterator[Breach]:
    """Authorized once and first; amended while it runs; after its end only reported on."""
    program = Program()
    authorization = next((r for r in records if r.event == "RepurchaseAuthorized"), None)
    for record in records:
        if record.event == "SharesRepurchased" and record.get("shares") == 0:
            _take(program, record)
            continue  # a period without a purchase is reported at any time
        ended = program.ended is not None and record.event != "RepurchaseReported"
        again = record.event == "RepurchaseAuthorized" and program.authorized is not None
        amended_late = record.event == "RepurchaseAmended" and (
            program.authorized is None or (program.until is not None and record.on > program.until)
        )
        # A period that began before it is the window's to judge, and can be acknowledged.
        too_early = authorization is not None and record.on < authorization.on
        if ended or again or amended_late or too_early:
            yield "order-of-events", action, record.key, ""
        _take(program, record)
        states_terms = record.event in ("RepurchaseAuthorized", "RepurchaseAmended")
        if states_terms and program.ends_before_it_begins:
            yield "date-order", action, record.key, ""


def _given_up(kind: str, records: list[Record]) -> bool:
    """Whether the plan is at its end: what lapses in part leaves the rest to be carried out."""
    if not any(record.event == GIVEN_UP[kind] for record in records):
        return False
    resolved = next((r for r in records if r.event == RESOLVED[kind]), None)
    if kind != "disposal" or resolved is None:
        return True
    gone = (CARRIED_OUT[kind], GIVEN_UP[kind])
    shares = sum(int(r.line["shares"]) for r in records if r.event in gone)
    return shares >= int(resolved.line["shares"])


def _plan_breaches(kind: str, action: str, records: list[Record]) -> Iterator[Breach]:
    """Resolved once and first, then carried out; only what moves shares may lack a resolution."""
    resolution = next((r for r in records if r.event == RESOLVED[kind]), None)
    for place, record in enumerate(records):
        before = records[:place]
        carries_out = record.event == CARRIED_OUT[kind]
        again = record.event == RESOLVED[kind] and record is not resolution
        done_before = kind in NEEDS_TERMS and any(r.event == CARRIED_OUT[kind] for r in before)
        too_early = resolution is not None and record.on < resolution.on
        unresolved = resolution is None and (kind in NEEDS_TERMS or not carries_out)
        if _given_up(kind, before) or again or done_before or too_early or unresolved:
            yield "order-of-events", action, record.key, ""
        first, last = record.get("subscription_from"), record.get("subscription_until")
        if first is not None and last is not None and day(last) < day(first):
            yield "date-order", action, record.key, "subscription"


def _unapproved(kind: str, action: str, records: list[Record]) -> Iterator[Breach]:
    """What needs a meeting's approval is not carried out before it."""
    waits = False
    for record in records:
        if record.event == RESOLVED[kind]:
            waits = record.get("approval") in ("AGM", "EGM")
        elif record.event == APPROVED[kind]:
            waits = False
        elif record.event == CARRIED_OUT[kind] and waits:
            yield "approval-needed", action, record.key, ""


# --- one move ------------------------------------------------------------------------------------


def _after(counts: Counts, move: Move, in_flight: list[Move], splits: Splits) -> Counts:
    if move.what == "opening":
        return _opened(counts, move, in_flight, splits)
    if not counts.opened:
        return counts  # events before the opening move no count
    line = move.record.line
    if move.what == "authorized":
        return _changed(counts, authorized=line["authorized"])
    if move.what == "purchase":
        return _purchased(counts, move)
    if move.what == "delivered":
        return _delivered(counts, move)
    return _adjusted(counts, move)


def _changed(counts: Counts, **changes: Any) -> Counts:
    return Counts(**{**counts.__dict__, "contradicted": False, **changes})


def _opened(counts: Counts, move: Move, in_flight: list[Move], splits: Splits) -> Counts:
    """The stated counts; by trade date, together with what was traded but not yet settled."""
    line = move.record.line
    traded = {"issued": 0, "treasury": 0}
    in_flight_for: list[Line | None] = []
    for late in in_flight:
        became = ratio(splits, late.record.on, move.on)
        traded["issued"] += _sign(late.issued) * floor(abs(late.issued) * became)
        traded["treasury"] += _sign(late.treasury) * floor(abs(late.treasury) * became)
        if late.treasury > 0:  # a period without a purchase cost nothing
            in_flight_for.append(late.record.line.get("amount"))
        elif late.treasury < 0:
            in_flight_for.append(None)  # what these had cost is not stated
    traded["outstanding"] = traded["issued"] - traded["treasury"]
    figures = dict(counts.figures)
    for name in figures:
        if name in line:
            figures[name] = {"": line[name] + traded[name]}
    issued, treasury, outstanding = (plain(figures[name]) for name in figures)
    all_known = issued is not None and treasury is not None and outstanding is not None
    contradicted = all_known and outstanding != issued - treasury  # type: ignore[operator]  # known
    changed = _third(
        _changed(
            counts,
            opened=True,
            authorized=line.get("authorized", counts.authorized),
            figures=figures,
        )
    )
    if line.get("treasury_cost") is not None:
        changed = _added_up(changed, [line["treasury_cost"], *in_flight_for])
    return _of_nothing(_changed(changed, contradicted=contradicted))


def _added_up(counts: Counts, amounts: list[Line | None]) -> Counts:
    """Treasury at what these amounts come to; unknown where one is, or is in another currency."""
    cost: Fraction | None = Fraction(0)
    currency = counts.currency
    for amount in amounts:
        if cost is None or amount is None or (cost and amount["currency"] != currency):
            cost = None
        else:
            cost, currency = cost + Fraction(amount["amount"]), amount["currency"]
    return _changed(counts, cost=cost, currency=currency)


def _of_nothing(counts: Counts) -> Counts:
    """No treasury shares cost nothing, also after the cost was unknown."""
    if counts.treasury == 0:
        return _changed(counts, cost=Fraction(0), contradicted=counts.contradicted)
    if counts.treasury is None:
        return _changed(counts, cost=None, contradicted=counts.contradicted)
    return counts


def _moved(counts: Counts, issued: Sum, treasury: Sum) -> dict[str, Sum | None]:
    outstanding = {
        name: issued.get(name, 0) - treasury.get(name, 0) for name in {*issued, *treasury}
    }
    return {
        "issued": plus(counts.figures["issued"], issued),
        "treasury": plus(counts.figures["treasury"], treasury),
        "outstanding": plus(counts.figures["outstanding"], outstanding),
    }


def _purchased(counts: Counts, move: Move) -> Counts:
    amount = move.record.line.get("amount")
    if move.retired:
        return _of_nothing(_changed(counts, figures=_moved(counts, {"": move.issued}, {})))
    if move.record.line["shares"] == 0:
        return counts
    cost, currency = counts.cost, counts.currency
    if amount is None:
        cost = None
    elif cost is not None and cost != 0 and currency != amount["currency"]:
        cost = None  # unlike currencies cannot be added up
    elif cost is not None:
        cost, currency = cost + Fraction(amount["amount"]), amount["currency"]
    figures = _moved(counts, {}, {"": move.treasury})
    return _of_nothing(_changed(counts, figures=figures, cost=cost, currency=currency))


def _delivered(counts: Counts, move: Move) -> Counts:
    """Shares issued, disposed of, cancelled: those from treasury take their average cost along."""
    cost = _cost_without(counts, -move.treasury)
    figures = _moved(counts, {"": move.issued}, {"": move.treasury})
    return _of_nothing(_changed(counts, figures=figures, cost=cost))


def _cost_without(counts: Counts, shares: int) -> Fraction | None:
    if not shares or counts.cost is None or not counts.treasury:
        return counts.cost
    places = MINOR_UNITS[counts.currency or "JPY"]
    return counts.cost - half_up(counts.cost * shares / counts.treasury, places)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _delivered_shares(record: Record) -> tuple[int, int]:
    """How many new shares an execution makes, and how many leave the treasury."""
    shares = record.line["shares"]
    if record.event not in ("SharesIssued", "DividendElected"):
        return 0, shares
    held = record.line.get("from_treasury", 0)
    return shares - held, held


def _own_ratio(resolved: Record | None) -> Fraction:
    """How many shares one share of the base becomes."""
    assert resolved is not None
    new, old = resolved.line["new"], resolved.line["old"]
    return Fraction(old + new if resolved.line["kind"] == "GRATIS_ALLOTMENT" else new, old)


def _some_are_left(together: list[Record], model: Model) -> bool:
    """Whether shares of the base are left after each of those of one record date."""
    left = Fraction(1)
    for record in together:
        left += _own_ratio(model.split_resolved(record)) - 1
        if left <= 0:
            return False
    return True


def _in_other_shares(held: Counts, became: Fraction, *, treasury_apart: bool) -> Counts:
    """A holding in the shares after a split of another record date."""
    figures = {
        name: figure
        if figure is None or (treasury_apart and name == "treasury")
        else {**figure, "": floor(figure.get("", 0) * became)}
        for name, figure in held.figures.items()
    }
    if treasury_apart:
        figures["issued"] = None
    return _third(_changed(held, figures=figures))


def _split(counts: Counts, move: Move, held: Counts, became: Fraction) -> Counts:
    """New shares for old: every known count, floored; what the issuer states wins.

    `held` is what they are counted on, and `became` how many one share of it becomes.
    """
    assert move.split is not None
    figures = dict(counts.figures)
    if move.treasury_apart:
        # So many shares more as are outstanding; where that is unknown, nobody knows how many.
        if held.outstanding is None:
            more: Sum = {f"allotted by {move.record.key}": 1}
        else:
            more = {"": floor(held.outstanding * (became - 1))}
        figures["issued"] = plus(figures["issued"], more)
        figures["outstanding"] = plus(figures["outstanding"], more)
    else:
        for name, figure in figures.items():
            base = held.figures[name]
            if figure is None or base is None:
                figures[name] = None
            else:
                gained = floor(base.get("", 0) * became) - base.get("", 0)
                unknown = {name: times for name, times in base.items() if name and times}
                figures[name] = {**figure, **unknown, "": figure.get("", 0) + gained}
    for name in ("issued", "treasury"):
        if move.record.get(f"{name}_after") is not None:
            figures[name] = {"": move.record.line[f"{name}_after"]}
    authorized = move.split.line.get("authorized_after", counts.authorized)
    return _of_nothing(_third(_changed(counts, authorized=authorized, figures=figures)))


def _adjusted(counts: Counts, move: Move) -> Counts:
    line, sign = move.record.line, -1 if move.what == "taken back" else 1

    def change(name: str) -> Sum:
        by = line[name]
        return {f"{name} of {move.record.key}": sign} if by is None else {"": sign * by}

    issued, treasury = change("issued_change"), change("treasury_change")
    figures = _moved(counts, issued, treasury)
    cost = counts.cost
    by = line["treasury_change"]
    if by is None or sign * by > 0:
        cost = None  # nobody knows what these shares cost
    elif by and cost is not None and counts.treasury:
        cost = _cost_without(counts, abs(by))
    return _of_nothing(_third(_changed(counts, figures=figures, cost=cost)))


def _third(counts: Counts) -> Counts:
    """Two known counts determine the third."""
    issued, treasury, outstanding = counts.issued, counts.treasury, counts.outstanding
    figures = dict(counts.figures)
    if issued is not None and treasury is not None:
        figures["outstanding"] = {"": issued - treasury}
    elif issued is not None and outstanding is not None:
        figures["treasury"] = {"": issued - outstanding}
    elif treasury is not None and outstanding is not None:
        figures["issued"] = {"": treasury + outstanding}
    return _changed(counts, figures=figures)
