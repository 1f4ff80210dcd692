"""Authorized, issued, treasury and outstanding shares of one class, and treasury at cost."""

from __future__ import annotations

from typing import NamedTuple

from ledger.values.numbers import Exact

Doubts = frozenset[str]


NO_DOUBTS: Doubts = frozenset()


class Figure(NamedTuple):
    """One count: its value, None before an opening, and the gaps that make it unknown."""

    value: int | None = None
    doubts: Doubts = NO_DOUBTS

    @property
    def known(self) -> int | None:
        return None if self.doubts else self.value

    def moved(self, change: int) -> Figure:
        return (
            self if self.value is None or not change else Figure(self.value + change, self.doubts)
        )

    def doubted(self, key: str) -> Figure:
        return Figure(self.value, self.doubts | {key})

    def cleared(self, key: str) -> Figure:
        """The gap `key` is closed; where a later opening had overtaken it, a new one opens."""
        return Figure(self.value, self.doubts ^ {key})


UNKNOWN = Figure()


class Counts(NamedTuple):
    """Authorized, issued, treasury and outstanding shares of a class, and treasury at cost."""

    opened: bool = False
    authorized: int | None = None
    issued_figure: Figure = UNKNOWN
    treasury_figure: Figure = UNKNOWN
    outstanding_figure: Figure = UNKNOWN
    cost: Exact | None = None
    """Treasury at moving-average cost, without fees; None from an acquisition without amount on."""
    currency: str | None = None

    @property
    def issued(self) -> int | None:
        return self.issued_figure.known

    @property
    def treasury(self) -> int | None:
        return self.treasury_figure.known

    @property
    def outstanding(self) -> int | None:
        return self.outstanding_figure.known

    @property
    def impossible(self) -> str | None:
        """What no company can hold, in words; None when the counts can be."""
        issued, treasury, outstanding = self.issued, self.treasury, self.outstanding
        if (
            issued is not None
            and treasury is not None
            and outstanding is not None
            and 0 <= treasury <= issued
            and outstanding >= 0
        ):
            return None
        if treasury is not None and treasury < 0:
            return f"treasury would be {treasury:,}"
        if issued is not None and issued < 0:
            return f"issued would be {issued:,}"
        if issued is not None and treasury is not None and treasury > issued:
            return f"treasury would be {treasury:,} of {issued:,} issued"
        if outstanding is not None and outstanding < 0:
            return f"outstanding would be {outstanding:,}"
        return None

    def as_answered(self) -> Counts:
        """These counts as a query answers them: what cannot be is unknown, never shown."""
        if self.impossible is None:
            return self
        return Counts(opened=self.opened, authorized=self.authorized, currency=self.currency)


def third_from_two(counts: Counts) -> Counts:
    """Outstanding is issued less treasury: any two of them give the third."""
    issued, treasury, outstanding = counts.issued, counts.treasury, counts.outstanding
    if issued is not None and treasury is not None:
        return counts._replace(outstanding_figure=Figure(issued - treasury))
    if issued is not None and outstanding is not None:
        return counts._replace(treasury_figure=Figure(issued - outstanding))
    if treasury is not None and outstanding is not None:
        return counts._replace(issued_figure=Figure(treasury + outstanding))
    return counts
