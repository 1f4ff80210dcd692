"""`capital disposal …`: Record a disposal of treasury shares."""

from __future__ import annotations

from commands.recorder.recording import group, recording_command
from ledger.actions.disposal import DisposalLapsed, DisposalResolved, TreasurySharesDisposed

disposal = group(
    __doc__,
    [
        recording_command(
            DisposalResolved,
            "resolve",
            "capital disposal resolve IIJ disposal-2021-06-15 --on 2021-05-26 --shares 41865 \\\n"
            "    --price 2894 --amount 121157310 --effective-on 2021-06-15 \\\n"
            "    --method RESTRICTED_STOCK",
        ),
        recording_command(
            TreasurySharesDisposed,
            "dispose",
            "capital disposal dispose IIJ disposal-2021-06-15 --on 2021-06-15 --shares 41865 \\\n"
            "    --price 2894 --amount 121157310",
        ),
        recording_command(
            DisposalLapsed,
            "lapse",
            "capital disposal lapse ACME disposal-2020-07-15 --on 2020-07-16 --shares 100",
        ),
    ],
)
