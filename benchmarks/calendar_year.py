"""What one company does in one year, within a given number of events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks.tally import weekday_after, weekdays

# What fills a year beside purchases and dividends: so many events each, in rotation.
EXTRAS = {"split": 3, "cancellation": 2, "correction": 2, "disposal": 2, "issue": 2}
COMPLETED_FROM = 12  # a program too small for it just expires
DIVIDEND_FROM = 9  # events a year; with fewer, every other company pays none
INTERIM_FROM = 30
EVENTS_PER_EXTRA = 20
SETTLES_AFTER = 2  # weekdays, as on the Tokyo exchange
REVERSED_AFTER = 3  # weekdays after the trade


@dataclass(frozen=True, order=True, slots=True)
class Item:
    """One event to come: its day in the order of the file, and what it is."""

    day: date
    place: int
    what: str
    traded_on: date | None = None
    """Of a reversal and a replacement: the day of the purchase that was recorded wrong."""


@dataclass(frozen=True, slots=True)
class Year:
    """The events of a year in order, and the days that some of them share."""

    items: list[Item]
    purchases: int
    first: date
    last: date
    split_on: date
    mistaken: frozenset[date]


def plan(year: int, size: int, number: int, rng: Random, *, may_split: bool) -> Year:
    """Exactly `size` events: a program with its purchases, a dividend, and what else fits."""
    left = size - 1  # the authorization
    extras: list[str] = []
    for turn in range(1 + size // EVENTS_PER_EXTRA):
        extra = list(EXTRAS)[(number + year + turn) % len(EXTRAS)]
        if extra == "split" and not may_split:
            extra = "cancellation"
        if extra not in extras and EXTRAS[extra] < left:
            extras.append(extra)
            left -= EXTRAS[extra]
    also = {
        "completed": (size >= COMPLETED_FROM, 1),
        "dividend": (size >= DIVIDEND_FROM or number % 2 == 0, 3),
        "interim": (size >= INTERIM_FROM, 2),
    }
    for name, (wanted, cost) in also.items():
        if wanted and cost < left:
            extras.append(name)
            left -= cost
    return _dated(year, left, extras, rng)


def _dated(year: int, purchases: int, chosen: list[str], rng: Random) -> Year:
    first = weekday_after(date(year, 1, 12), 0)
    last = date(year, 11, 28)
    split_on = date(year, rng.choice((4, 7, 10)), 1)
    days = _purchase_days(first, last, split_on if "split" in chosen else None, rng, purchases)
    dated = [(date(year, 1, 8), "authorized"), *((day, "bought") for day in days)]
    dated += _chapters(year, chosen, split_on, rng)
    items = [Item(weekday_after(day, 0), n, what) for n, (day, what) in enumerate(dated)]
    # A split takes effect at the start of its day, weekend or not, and the cap is amended with it.
    items = [
        Item(split_on, -left, i.what) if i.what in _AT_SPLIT else i
        for i, left in zip(items, range(len(items), 0, -1), strict=True)
    ]
    mistaken: frozenset[date] = frozenset()
    if "correction" in chosen:
        corrections, mistaken = _correction(days, split_on, rng)
        items += corrections
    return Year(sorted(items), purchases, first, last, split_on, mistaken)


_AT_SPLIT = ("split effected", "cap amended")


def _chapters(year: int, chosen: list[str], split_on: date, rng: Random) -> list[tuple[date, str]]:
    shift = timedelta(days=rng.randint(0, 4))
    chapters: dict[str, list[tuple[date, str]]] = {
        "dividend": [
            (date(year, 5, 10) + shift, "dividend resolved"),
            (date(year, 6, 20), "dividend approved"),
            (date(year, 6, 24), "dividend paid"),
        ],
        "interim": [
            (date(year, 11, 5) + shift, "interim resolved"),
            (date(year, 12, 4), "interim paid"),
        ],
        "split": [
            (split_on - timedelta(days=60) + shift, "split resolved"),
            (split_on, "cap amended"),
            (split_on, "split effected"),
        ],
        "cancellation": [
            (date(year, 11, 18) + shift, "cancellation resolved"),
            (date(year, 12, 14), "cancelled"),
        ],
        "disposal": [
            (date(year, 7, 2) + shift, "disposal resolved"),
            (date(year, 7, 22), "disposed"),
        ],
        "issue": [
            (date(year, 8, 18) + shift, "issue resolved"),
            (date(year, 9, 10), "issued"),
        ],
        "completed": [(date(year, 12, 7), "completed")],
        "correction": [],
    }
    return [dated for name in chosen for dated in chapters[name]]


def _purchase_days(
    first: date, last: date, split_on: date | None, rng: Random, purchases: int
) -> list[date]:
    """Trading days of which none settles across the split: each figure is in one kind of share."""
    eligible = [
        day
        for day in weekdays(first, last)
        if split_on is None or not day < split_on <= weekday_after(day, SETTLES_AFTER)
    ]
    if purchases > len(eligible):
        raise ValueError(
            f"{purchases:,} purchases in one year are more than its {len(eligible)} trading days"
        )
    return sorted(rng.sample(eligible, purchases))


def _correction(
    days: list[date], split_on: date, rng: Random
) -> tuple[list[Item], frozenset[date]]:
    """One purchase recorded wrong, reversed some days later, and recorded right."""
    eligible = [day for day in days if not day < split_on <= weekday_after(day, REVERSED_AFTER)]
    day = rng.choice(eligible or days)
    seen = weekday_after(day, REVERSED_AFTER)
    last = len(days) + 100  # after whatever else happens on that day
    return [
        Item(seen, last, "purchase reversed", day),
        Item(seen, last + 1, "bought again", day),
    ], frozenset({day})
