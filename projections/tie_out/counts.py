"""Issued, treasury and outstanding on a day, and the usual mistakes with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from ledger.counts.basis import Basis
from ledger.counts.counts import Counts
from ledger.counts.movements import floored
from ledger.history.history import KnownHistory
from projections.shares.positions import answered_counts
from projections.tie_out.held import Held, Hypothesis, Mistake, in_trust, wrongly_split
from projections.tie_out.printed import Figure


def count_held(known: KnownHistory, share_class: str, figure: Figure, on: date) -> Held:
    """The count at the close of the day, settled; or treasury in per cent of issued."""
    positions = known.positions(share_class)
    counts, reason = answered_counts(known, share_class, positions.folded_at(on), on)
    value = _figure(counts, figure)
    words = f"{figure} of class {share_class} on {on}"
    if figure is Figure.PERCENT_OF_ISSUED and counts.treasury is not None and counts.issued:
        words = f"{counts.treasury:,} of {counts.issued:,} issued on {on}"
    return Held(value, words, reason=reason if value is None else None)


def _figure(counts: Counts, figure: Figure) -> Fraction | None:
    if figure is Figure.PERCENT_OF_ISSUED:
        return _percent(counts.treasury, counts.issued)
    count = {
        Figure.ISSUED: counts.issued,
        Figure.TREASURY: counts.treasury,
        Figure.OUTSTANDING: counts.outstanding,
    }[figure]
    return None if count is None else Fraction(count)


def _percent(part: int | None, whole: int | None) -> Fraction | None:
    return None if part is None or not whole else Fraction(part * 100, whole)


def count_hypotheses(
    known: KnownHistory, share_class: str, figure: Figure, on: date
) -> Iterator[Hypothesis]:
    """The figure that each mistake would print."""
    counts = known.positions(share_class).at(on)
    traded = _figure(known.positions(share_class, Basis.TRADE).at(on), figure)
    if traded is not None:
        yield Hypothesis(
            Mistake.TRADE_BASIS, f"purchases traded by {on} are counted unsettled", traded
        )
    yield from _another_count(known, share_class, figure, counts, on)
    if figure is not Figure.PERCENT_OF_ISSUED:
        yield from _other_shares(known, share_class, figure, counts, on)
    yield from _other_days(known, share_class, figure, on)


def _another_count(
    known: KnownHistory, share_class: str, figure: Figure, counts: Counts, on: date
) -> Iterator[Hypothesis]:
    issued, treasury, outstanding = counts.issued, counts.treasury, counts.outstanding
    if figure is Figure.OUTSTANDING and issued is not None:
        yield Hypothesis(
            Mistake.TREASURY_NOT_DEDUCTED,
            f"{issued:,} are issued, treasury included",
            Fraction(issued),
        )
    if figure is Figure.ISSUED and outstanding is not None:
        words = f"{outstanding:,} are outstanding, treasury deducted"
        yield Hypothesis(Mistake.TREASURY_DEDUCTED, words, Fraction(outstanding))
    of_outstanding = _percent(treasury, outstanding)
    if figure is Figure.PERCENT_OF_ISSUED and of_outstanding is not None:
        words = f"{treasury:,} of {outstanding:,} outstanding, not of issued"
        yield Hypothesis(Mistake.OF_OUTSTANDING, words, of_outstanding)
    trust = in_trust(known, share_class, on)
    if trust:
        words = f"{trust:,} shares of an employee trust are taken for treasury"
        if figure is Figure.OUTSTANDING and outstanding is not None:
            yield Hypothesis(Mistake.TRUST_DEDUCTED, words, Fraction(outstanding - trust))
        if figure is Figure.TREASURY and treasury is not None:
            yield Hypothesis(Mistake.TRUST_DEDUCTED, words, Fraction(treasury + trust))


def _other_shares(
    known: KnownHistory, share_class: str, figure: Figure, counts: Counts, on: date
) -> Iterator[Hypothesis]:
    """The count with each later split applied, and without each earlier one."""
    value = _figure(counts, figure)
    words = {
        Mistake.SPLIT_EARLY: "is in effect already",
        Mistake.SPLIT_LATE: "is not in effect yet",
    }
    spared: set[Mistake] = set()
    for mistake, split, ratio in wrongly_split(known, share_class, on):
        if split.spares_treasury and figure is not Figure.OUTSTANDING:
            spared.add(mistake)
        if value is not None and mistake not in spared:
            count = floored(int(value), ratio)
            yield Hypothesis(mistake, f"{split.words} {words[mistake]}: {count:,}", Fraction(count))


def _other_days(
    known: KnownHistory, share_class: str, figure: Figure, on: date
) -> Iterator[Hypothesis]:
    """The count before the last event that changed it, and after the next one."""
    moved = [
        p
        for p in known.positions(share_class)
        if _figure(p.before, figure) != _figure(p.counts, figure)
    ]
    before = [p for p in moved if p.step.day <= on][-1:]
    after = [p for p in moved if p.step.day > on][:1]
    for position, counts, how in (
        *((p, p.before, "before") for p in before),
        *((p, p.counts, "after") for p in after),
    ):
        value = _figure(counts.as_answered(), figure)
        if value is not None:
            fact = known.by_key[position.step.key]
            words = (
                f"as {how} the {fact.event.name} of {position.step.day} (entry {fact.entry.number})"
            )
            yield Hypothesis(Mistake.ANOTHER_DAY, words, value)
