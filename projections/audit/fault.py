"""What an audit found wrong with the record itself, and what kind of tampering it looks like."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What it looks like; docs/audit.md has the table of what can and cannot be seen."""

    FILE_DAMAGED = "file damaged"
    FOREIGN = "foreign trigger or view"
    ROW_ALTERED = "row altered"
    ROWS_EXCHANGED = "rows exchanged"
    ROW_MISSING = "row missing"
    ROW_FORGED = "row without a commit"
    TIME_ALTERED = "time of recording altered"
    COMMIT_MISSING = "commit missing"
    COMMIT_ALTERED = "commit altered"
    TIME_ORDER = "time not after the one before"
    UNREADABLE = "unreadable"
    VERSION_GAP = "version out of sequence"
    ENTRY_INCOMPLETE = "entry does not name its events"
    NOT_LEGAL = "rule broken"
    ANSWERS_DIFFER = "answer differs from the history"
    TAIL_CUT = "tail cut"
    REWRITTEN = "history rewritten"
    ISSUERS_DIFFER = "entries of issuers rewritten"
    PROOF = "proof does not hold"
    SIGNATURE = "signature does not hold"
    STAMP = "time stamp does not hold"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, and in words."""

    fault: FaultKind
    row: int | None
    issuer: str | None
    entry: int | None
    message: str


def fault_at(
    kind: FaultKind,
    message: str,
    row: int | None = None,
    issuer: str | None = None,
    entry: int | None = None,
) -> Fault:
    """What is wrong, and as much of where as can be said."""
    return Fault(kind, row, issuer, entry, message)
