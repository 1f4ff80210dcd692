"""The entries of an issuer's register: each command records one, with the next number."""

from typing import Any
from uuid import UUID

from ledger.values.fields import Key, Line, Source
from ledger.values.ids import register_id
from ledger.values.model import Field, Value


class VersionRange(Value):
    """Some consecutive events of one action, in the order of the entry's lines."""

    action: str
    first: int = Field(ge=1)
    last: int = Field(ge=1)


class Covered(Value):
    """A breach that this entry acknowledged, with the reason."""

    rule: str
    action: str
    key: str
    reason: str


class Entry(Value):
    """One line of the register: who recorded which events, on which document.

    Its version in the log is its number, from 1 without gaps. Because (log, version) is unique in
    every store, only one of two writers gets a number; the other must judge its entry again.
    """

    originator_version: int = Field(alias="number", ge=1)
    issuer: str
    key: Key
    by: Line
    source: Source | None = None
    events: tuple[VersionRange, ...]
    covered: tuple[Covered, ...] = ()

    @property
    def number(self) -> int:
        return self.originator_version

    @property
    def originator_id(self) -> UUID:
        """The id of the issuer's register."""
        return register_id(self.issuer)


def version_ranges(placed: list[tuple[str, int]]) -> tuple[VersionRange, ...]:
    """The (action, version) of an entry's events in line order, consecutive ones together."""
    ranges: list[list[Any]] = []
    for action, version in placed:
        if ranges and ranges[-1][0] == action and ranges[-1][2] == version - 1:
            ranges[-1][2] = version
        else:
            ranges.append([action, version, version])
    return tuple(VersionRange(action=a, first=first, last=last) for a, first, last in ranges)
