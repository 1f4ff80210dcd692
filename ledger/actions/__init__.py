"""The kinds of capital action: importing this package makes every kind and event known."""

from ledger.actions.acquisition import Acquisition
from ledger.actions.cancellation import Cancellation
from ledger.actions.disposal import Disposal
from ledger.actions.dividend import Dividend
from ledger.actions.issue import Issue
from ledger.actions.issuer import Issuer
from ledger.actions.repurchase import Repurchase
from ledger.actions.share_class import ShareClass
from ledger.actions.split import Split

__all__ = [
    "Acquisition",
    "Cancellation",
    "Disposal",
    "Dividend",
    "Issue",
    "Issuer",
    "Repurchase",
    "ShareClass",
    "Split",
]
