"""`capital split …`: Record a split, consolidation or gratis allotment."""

from __future__ import annotations

from commands.recorder.recording import group
from ledger.actions import split as events

split = group(
    __doc__,
    {
        "resolve": events.SplitResolved,
        "approve": events.SplitApproved,
        "effect": events.SplitEffected,
        "withdraw": events.SplitWithdrawn,
    },
    r"""
capital split resolve IIJ split-2012-10-01 --on 2012-09-06 --kind SPLIT \
    --new 200 --old 1 --record-date 2012-09-30 --effective-on 2012-10-01 \
    --authorized-after 75520000
capital split approve ACME split-2021-04-01 --on 2021-03-26 --meeting-body EGM
capital split effect IIJ split-2012-10-01 --on 2012-10-01
capital split withdraw ACME split-2021-10-01 --on 2021-09-01
""",
)
