"""The counts of a class as every question about them answers."""

from __future__ import annotations

from dataclasses import dataclass

from projections.question import Asked


@dataclass(frozen=True, slots=True)
class ShareCounts:
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
