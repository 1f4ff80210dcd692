"""`capital issuer …`: Record what concerns the company itself."""

from __future__ import annotations

from commands.recorder.recording import group, recording_command
from ledger.actions.issuer import (
    DistributableAmountStated,
    FiscalYearEndChanged,
    IssuerRegistered,
)

issuer = group(
    __doc__,
    [
        recording_command(
            IssuerRegistered,
            "register",
            'capital issuer register IIJ --name "Internet Initiative Japan Inc." \\\n'
            "    --currency JPY --fiscal-year-end 03-31 --profile jp",
        ),
        recording_command(
            FiscalYearEndChanged,
            "change-fiscal-year-end",
            "capital issuer change-fiscal-year-end ACME --on 2024-06-27 --fiscal-year-end 12-31",
        ),
        recording_command(
            DistributableAmountStated,
            "state-distributable",
            "capital issuer state-distributable ACME --on 2020-05-20 --amount 900000000 \\\n"
            "    --balance-sheet-date 2020-03-31",
        ),
    ],
)
