"""The kinds of capital action: importing this package makes every kind and event known."""

from ledger.actions.acquisition import Acquisition
from ledger.actions.dividend import Dividend
from ledger.actions.issuer import Issuer
from ledger.actions.repurchase import Repurchase
from ledger.actions.share_class import ShareClass

__all__ = ["Acquisition", "Dividend", "Issuer", "Repurchase", "ShareClass"]
