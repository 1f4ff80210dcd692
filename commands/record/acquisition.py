"""`capital acquisition …`: Record shares acquired outside any program."""

from __future__ import annotations

from commands.recorder.recording import group
from ledger.actions import acquisition as events

acquisition = group(
    __doc__,
    {
        "acquire": events.SharesAcquired,
    },
    r"""
capital acquisition acquire ACME odd-lots-2020 --on 2020-09-30 --from 2020-04-01 \
    --shares 37 --amount 56000 --cause ODD_LOT
""",
)
