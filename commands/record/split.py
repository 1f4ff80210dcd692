"""`capital split …`: Record a split, consolidation or gratis allotment."""

from __future__ import annotations

from commands.recorder.recording import group, recording_command
from ledger.actions.split import SplitApproved, SplitEffected, SplitResolved, SplitWithdrawn

split = group(
    __doc__,
    [
        recording_command(
            SplitResolved,
            "resolve",
            "capital split resolve IIJ split-2012-10-01 --on 2012-09-06 --kind SPLIT \\\n"
            "    --new 200 --old 1 --record-date 2012-09-30 --effective-on 2012-10-01 \\\n"
            "    --authorized-after 75520000",
        ),
        recording_command(
            SplitApproved,
            "approve",
            "capital split approve ACME split-2021-04-01 --on 2021-03-26 --meeting-body EGM",
        ),
        recording_command(
            SplitEffected,
            "effect",
            "capital split effect IIJ split-2012-10-01 --on 2012-10-01",
        ),
        recording_command(
            SplitWithdrawn,
            "withdraw",
            "capital split withdraw ACME split-2021-10-01 --on 2021-09-01",
        ),
    ],
)
