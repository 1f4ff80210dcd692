"""The counts of a class as every question about them answers."""

from __future__ import annotations

from typing import NamedTuple

from projections.question import Asked


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
