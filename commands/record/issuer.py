"""`capital issuer …`: Record facts about the company itself."""

from __future__ import annotations

from commands.recorder.recording import group
from ledger.actions import issuer as events

issuer = group(
    __doc__,
    {
        "register": events.IssuerRegistered,
        "change-fiscal-year-end": events.FiscalYearEndChanged,
        "state-distributable": events.DistributableAmountStated,
        "reduce-capital": events.CapitalReduced,
    },
    r"""
capital issuer register IIJ --name "Internet Initiative Japan Inc." \
    --currency JPY --fiscal-year-end 03-31 --profile jp
capital issuer change-fiscal-year-end ACME --on 2024-06-27 --fiscal-year-end 12-31
capital issuer state-distributable ACME --on 2020-05-20 --amount 900000000 \
    --balance-sheet-date 2020-03-31
capital issuer reduce-capital ACME --on 2020-08-01 --amount 900000000 \
    --into CAPITAL_SURPLUS --approval AGM --meeting-body AGM --meeting-held-on 2020-06-25
""",
)
