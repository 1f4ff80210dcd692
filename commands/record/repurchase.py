"""`capital repurchase …`: Record a repurchase program."""

from __future__ import annotations

from commands.files.broker_csv import import_executions
from commands.recorder.recording import group, recording_command
from ledger.actions.repurchase import (
    RepurchaseAmended,
    RepurchaseAuthorized,
    RepurchaseCompleted,
    RepurchaseReported,
    RepurchaseTerminated,
    SharesRepurchased,
)

repurchase = group(
    __doc__,
    [
        recording_command(
            RepurchaseAuthorized,
            "authorize",
            "capital repurchase authorize IIJ repurchase-2008-10-28 --on 2008-10-28 \\\n"
            "    --max-shares 4000 --max-amount 400000000 --from 2008-11-14 --until 2009-01-30",
        ),
        recording_command(
            RepurchaseAmended,
            "amend",
            "capital repurchase amend ACME repurchase-2020-08-05 --on 2020-11-10 \\\n"
            '    --max-shares 60000 --cause "enlarged by the board"',
        ),
        recording_command(
            SharesRepurchased,
            "purchase",
            "capital repurchase purchase ACME repurchase-2020-08-05 --on 2020-08-07 \\\n"
            "    --shares 1200 --amount 1812000 --settled-on 2020-08-12",
        ),
        recording_command(
            RepurchaseReported,
            "report",
            "capital repurchase report ACME repurchase-2020-08-05 --on 2020-08-31 \\\n"
            "    --shares 1200 --amount 1812000",
        ),
        recording_command(
            RepurchaseCompleted,
            "complete",
            "capital repurchase complete ACME repurchase-2020-08-05 --on 2021-01-29",
        ),
        recording_command(
            RepurchaseTerminated,
            "terminate",
            "capital repurchase terminate ACME repurchase-2021-08-04 --on 2021-12-10 \\\n"
            '    --reason "merger talks"',
        ),
        import_executions,
    ],
)
