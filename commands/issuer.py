"""`capital issuer …`."""

from __future__ import annotations

from commands.recording import group, recording_command
from ledger.actions.issuer import FiscalYearEndChanged, IssuerRegistered

issuer = group(
    "issuer",
    "Record what concerns the company itself.",
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
    ],
)
