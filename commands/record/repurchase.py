"""`capital repurchase …`: Record a repurchase program."""

from __future__ import annotations

from commands.files.broker_csv import import_executions
from commands.recorder.recording import group
from ledger.actions import repurchase as events

repurchase = group(
    __doc__,
    {
        "authorize": events.RepurchaseAuthorized,
        "amend": events.RepurchaseAmended,
        "purchase": events.SharesRepurchased,
        "report": events.RepurchaseReported,
        "complete": events.RepurchaseCompleted,
        "terminate": events.RepurchaseTerminated,
    },
    r"""
capital repurchase authorize IIJ repurchase-2008-10-28 --on 2008-10-28 \
    --max-shares 4000 --max-amount 400000000 --from 2008-11-14 --until 2009-01-30
capital repurchase amend ACME repurchase-2020-08-05 --on 2020-11-10 \
    --max-shares 60000 --cause "enlarged by the board"
capital repurchase purchase ACME repurchase-2020-08-05 --on 2020-08-07 \
    --shares 1200 --amount 1812000 --settled-on 2020-08-12
capital repurchase report ACME repurchase-2020-08-05 --on 2020-08-31 \
    --shares 1200 --amount 1812000
capital repurchase complete ACME repurchase-2020-08-05 --on 2021-01-29
capital repurchase terminate ACME repurchase-2021-08-04 --on 2021-12-10 \
    --reason "merger talks"
""",
    import_executions,
)
