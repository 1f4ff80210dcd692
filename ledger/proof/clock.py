"""The one clock that dates what is recorded."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The system's clock, in UTC."""
    return datetime.now(UTC)
