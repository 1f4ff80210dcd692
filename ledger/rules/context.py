"""What the rules are asked about: one issuer's whole timeline, its terms, and today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger.events.kinds import CapitalAction
from ledger.events.recorded import Breach, Fact
from ledger.events.terms import IssuerTerms
from ledger.history.history import History


class Context(NamedTuple):
    """One issuer's history as a rule sees it."""

    history: History
    today: date

    @property
    def terms(self) -> IssuerTerms:
        return self.history.terms

    def actions_of(self, kind: type[CapitalAction]) -> Iterator[list[Fact]]:
        """The facts of each action of a kind, in order of effect."""
        for facts in self.history.actions.values():
            if facts[0].event.action_type is kind:
                yield facts


def unjudged(fact: Fact, rule: str, why: str) -> Breach:
    """A rule that wants a figure the ledger does not hold is not judged, and says so."""
    return Breach.at(fact, "unjudged", f"{rule} not judged: {why}", about=rule)
