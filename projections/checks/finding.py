"""One finding of a check, and whether it is a failure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.events.recorded import Fact


class FindingKind(StrEnum):
    """The kinds of finding; only the first two are failures."""

    ASSERTION_FAILED = "assertion failed"
    RULE_BROKEN = "rule broken"
    ACKNOWLEDGED = "acknowledged"
    ADJUSTMENT = "adjustment"
    UNJUDGED = "unjudged"
    OVERDUE = "overdue"
    WARNING = "warning"


FAILURES = frozenset({FindingKind.ASSERTION_FAILED, FindingKind.RULE_BROKEN})


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about one event."""

    finding: FindingKind
    rule: str | None
    issuer: str
    action: str
    key: str
    on: date
    entry: int
    by: str
    message: str
    expected: str | None = None
    found: str | None = None
    difference: str | None = None
    reason: str | None = None
    """The reason that an acknowledgment or adjustment gives."""
    around: tuple[str, ...] = ()
    """The events before and after a figure that differs."""

    @property
    def fails(self) -> bool:
        return self.finding in FAILURES


def finding_at(
    kind: FindingKind, rule: str | None, fact: Fact, message: str, **more: object
) -> Finding:
    event = fact.event
    return Finding(
        kind,
        rule,
        event.issuer,
        event.action,
        event.key,
        event.on,
        fact.entry.number,
        fact.entry.by,
        message,
        **more,  # type: ignore[arg-type]  # the optional fields of Finding
    )
