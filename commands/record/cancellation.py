"""`capital cancellation …`: Record a cancellation of treasury shares."""

from __future__ import annotations

from commands.recorder.recording import group
from ledger.actions import cancellation as events

cancellation = group(
    __doc__,
    {
        "resolve": events.CancellationResolved,
        "cancel": events.TreasurySharesCancelled,
        "withdraw": events.CancellationWithdrawn,
    },
    r"""
capital cancellation resolve ACME cancellation-2020-12-01 --on 2020-11-10 \
    --shares 10000 --effective-on 2020-12-01
capital cancellation cancel ACME cancellation-2020-12-01 --on 2020-12-01 \
    --shares 10000
capital cancellation withdraw ACME cancellation-2021-03-01 --on 2021-02-19
""",
)
