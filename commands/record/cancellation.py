"""`capital cancellation …`: Record a cancellation of treasury shares."""

from __future__ import annotations

from commands.recorder.recording import group, recording_command
from ledger.actions.cancellation import (
    CancellationResolved,
    CancellationWithdrawn,
    TreasurySharesCancelled,
)

cancellation = group(
    __doc__,
    [
        recording_command(
            CancellationResolved,
            "resolve",
            "capital cancellation resolve ACME cancellation-2020-12-01 --on 2020-11-10 \\\n"
            "    --shares 10000 --effective-on 2020-12-01",
        ),
        recording_command(
            TreasurySharesCancelled,
            "cancel",
            "capital cancellation cancel ACME cancellation-2020-12-01 --on 2020-12-01 \\\n"
            "    --shares 10000",
        ),
        recording_command(
            CancellationWithdrawn,
            "withdraw",
            "capital cancellation withdraw ACME cancellation-2021-03-01 --on 2021-02-19",
        ),
    ],
)
