"""The counts of a class in an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from projections.question import Asked

if TYPE_CHECKING:
    from ledger.counts.counts import Counts


class ShareCounts(NamedTuple):
    """The counts of one class at the close of a day; null where unknown, and why."""

    issuer: str
    share_class: str
    asked: Asked
    authorized: int | None
    issued: int | None
    treasury: int | None
    outstanding: int | None
    reason: str | None
    """Why a count is null."""


def side_by_side(counts: Counts) -> tuple[int | None, int | None, int | None, int | None]:
    """Authorized, issued, treasury and outstanding, in the order in which every answer has them."""
    return counts.authorized, counts.issued, counts.treasury, counts.outstanding
