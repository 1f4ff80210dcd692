"""A dividend: forecast, resolved, approved, paid in cash or in shares; or it was given up."""

from ledger.actions.dividend.events import (
    IN_SHARES,
    DividendAmended,
    DividendApproved,
    DividendCurrencyFixed,
    DividendDecision,
    DividendElected,
    DividendForecast,
    DividendPaid,
    DividendRejected,
    DividendResolved,
    DividendWithdrawn,
    Fund,
    SettledIn,
    Term,
    UnclaimedDividendLapsed,
)
from ledger.actions.dividend.lifecycle import Dividend
from ledger.actions.dividend.terms import (
    DividendSoFar,
    DividendTerms,
    Elected,
    dividend_at,
    payment_per_share,
)

__all__ = [
    "IN_SHARES",
    "Dividend",
    "DividendAmended",
    "DividendApproved",
    "DividendCurrencyFixed",
    "DividendDecision",
    "DividendElected",
    "DividendForecast",
    "DividendPaid",
    "DividendRejected",
    "DividendResolved",
    "DividendSoFar",
    "DividendTerms",
    "DividendWithdrawn",
    "Elected",
    "Fund",
    "SettledIn",
    "Term",
    "UnclaimedDividendLapsed",
    "dividend_at",
    "payment_per_share",
]
