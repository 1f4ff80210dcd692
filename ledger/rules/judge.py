"""Judge one issuer's whole timeline, and tell what a command would newly break."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from ledger.events.recorded import Breach
from ledger.history.history import History
from ledger.rules.catalog import RULES
from ledger.rules.context import Context
from ledger.rules.counts import (
    counts_not_negative,
    one_record_date,
    opening_once,
    period_straddles_split,
    within_authorized,
)
from ledger.rules.distributable import distributable_amount
from ledger.rules.dividends import dividends
from ledger.rules.plans import (
    nothing_after_closing,
    reductions_of_capital,
    resolutions,
    special_resolution,
)
from ledger.rules.repurchases import repurchases
from ledger.rules.single_events import (
    lifecycles,
    no_future_facts,
    price_times_shares,
    reversals,
)

JUDGES: tuple[Callable[[Context], Iterator[Breach]], ...] = (
    reversals,
    lifecycles,
    opening_once,  # before what follows from it on the same day: the cause is named first
    counts_not_negative,
    within_authorized,
    one_record_date,
    resolutions,
    reductions_of_capital,
    dividends,
    repurchases,
    price_times_shares,
    no_future_facts,
    nothing_after_closing,
    period_straddles_split,
    special_resolution,
    distributable_amount,
)


def judge(history: History, today: date) -> list[Breach]:
    """Every breach of every rule in force, in order of the day it breaks.

    `today` is the latest day it can be anywhere; assertions (kind A) are `check`'s to judge.
    """
    context = Context(history, today)
    profile = context.terms.profile
    breaches = [
        breach
        for rule in JUDGES
        for breach in rule(context)
        if profile in RULES[_judged_rule(breach)].profiles
    ]
    return sorted(breaches, key=lambda breach: breach.on)


def _judged_rule(breach: Breach) -> str:
    """The rule a breach is of; of what could not be judged, the rule that wanted a figure."""
    return breach.about if breach.rule == "unjudged" else breach.rule


def new_breaches(before: Iterable[Breach], after: Iterable[Breach]) -> list[Breach]:
    """The breaches that were not there before: a command answers only for those."""
    known = {breach.identity for breach in before}
    return [breach for breach in after if breach.identity not in known]
