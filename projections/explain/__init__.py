"""Why a number is what it is: the sum behind it, line by line, each with its document."""

from projections.explain.counts import count_by_action, explain_issued, explain_outstanding
from projections.explain.dividends import dividends_by_action, explain_dividends
from projections.explain.repurchase import explain_repurchases, purchases_by_action
from projections.explain.shares import explain_shares
from projections.explain.treasury import explain_treasury, treasury_by_action

__all__ = [
    "count_by_action",
    "dividends_by_action",
    "explain_dividends",
    "explain_issued",
    "explain_outstanding",
    "explain_repurchases",
    "explain_shares",
    "explain_treasury",
    "purchases_by_action",
    "treasury_by_action",
]
