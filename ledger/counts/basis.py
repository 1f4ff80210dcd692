"""How counts are asked for: by trade or by settlement, of one class or of all."""

from __future__ import annotations

from enum import StrEnum

ALL_CLASSES = "all"
"""The class code that stands for the sum over the issuer's classes."""


class Basis(StrEnum):
    """Whether a purchase counts from its trade or from its settlement."""

    SETTLEMENT = "settlement"
    TRADE = "trade"
