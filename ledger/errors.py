"""Everything the ledger can refuse or fail at, each with the exit code a program sees."""

from __future__ import annotations

from typing import ClassVar


class LedgerError(Exception):
    """Something was refused or failed; nothing was recorded.

    The message says what was asked, what the ledger holds, on which date; `remedy` what to do next.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class Refused(LedgerError):
    """A rule, an identity or the state of the ledger forbids it."""


class Unknown(LedgerError):
    """The ledger does not hold what was asked about."""


class BadInput(LedgerError):
    """The words or the file cannot be read as what they should be."""

    exit_code = 2


class StoreUnusable(LedgerError):
    """The ledger's store is absent, locked, not a ledger, damaged or out of reach."""

    exit_code = 3


def damaged(what: str) -> StoreUnusable:
    """The error of a store that cannot be read as a ledger."""
    return StoreUnusable(
        f"the ledger is damaged or of a newer version: {what}",
        "see what happened with: capital audit verify; work on a copy of a backup, and keep this "
        "file for the auditor",
    )


class WriteConflict(Exception):
    """Another writer recorded for the same issuer first: reload, judge again, retry."""


def shown(value: object, limit: int = 60) -> str:
    """A value from outside as messages show it: as JSON, cut at a length."""
    import json  # noqa: PLC0415 - only on the way to an error

    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):  # from Python: odd keys, a list within itself
        text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
