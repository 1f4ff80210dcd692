"""`capital distribution …`: Record a distribution of another company's shares."""

from __future__ import annotations

from commands.recorder.recording import group
from ledger.actions import distribution as events

distribution = group(
    __doc__,
    {
        "resolve": events.DistributionResolved,
        "approve": events.DistributionApproved,
        "effect": events.DistributionEffected,
        "withdraw": events.DistributionWithdrawn,
    },
    r"""
capital distribution resolve ACME spin-off-2020-10-01 --on 2020-08-20 \
    --of-name "Beta K.K." --new 1 --old 4 --record-date 2020-09-30 \
    --effective-on 2020-10-01 --approval EGM
capital distribution approve ACME spin-off-2020-10-01 --on 2020-09-25 --meeting-body EGM
capital distribution effect ACME spin-off-2020-10-01 --on 2020-10-01
capital distribution withdraw ACME spin-off-2021-10-01 --on 2021-09-01 \
    --reason "the other company is sold"
""",
)
