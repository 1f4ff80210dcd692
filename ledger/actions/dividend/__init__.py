"""A dividend: forecast, resolved, approved, paid; or rejected, or withdrawn."""

from ledger.actions.dividend.events import (
    DividendAmended,
    DividendApproved,
    DividendCurrencyFixed,
    DividendDecision,
    DividendForecast,
    DividendPaid,
    DividendRejected,
    DividendResolved,
    DividendWithdrawn,
    Fund,
    Term,
    UnclaimedDividendLapsed,
)
from ledger.actions.dividend.lifecycle import Dividend
from ledger.actions.dividend.terms import (
    DividendSoFar,
    DividendTerms,
    dividend_at,
    payment_per_share,
)

__all__ = [
    "Dividend",
    "DividendAmended",
    "DividendApproved",
    "DividendCurrencyFixed",
    "DividendDecision",
    "DividendForecast",
    "DividendPaid",
    "DividendRejected",
    "DividendResolved",
    "DividendSoFar",
    "DividendTerms",
    "DividendWithdrawn",
    "Fund",
    "Term",
    "UnclaimedDividendLapsed",
    "dividend_at",
    "payment_per_share",
]
