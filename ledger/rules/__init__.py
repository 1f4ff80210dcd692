"""What must hold at every date, by rule id: judged over the whole timeline, never over "now"."""

from ledger.rules.catalog import RULES, Kind, Rule, no_acknowledgment_of
from ledger.rules.judge import judge, new_breaches

__all__ = ["RULES", "Kind", "Rule", "judge", "new_breaches", "no_acknowledgment_of"]
