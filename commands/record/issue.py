"""`capital issue …`: Record an issue of shares, new ones or from treasury."""

from __future__ import annotations

from commands.recorder.recording import group, recording_command
from ledger.actions.issue import (
    IssueApproved,
    IssueLapsed,
    IssuePriced,
    IssueResolved,
    SharesIssued,
)

issue = group(
    __doc__,
    [
        recording_command(
            IssueResolved,
            "resolve",
            "capital issue resolve IIJ issue-2013-07-18 --on 2013-07-02 --shares 4700000 \\\n"
            "    --effective-on 2013-07-18 --kind PUBLIC_OFFERING",
        ),
        recording_command(
            IssueApproved,
            "approve",
            "capital issue approve ACME issue-2020-10-01 --on 2020-09-25 --meeting-body EGM",
        ),
        recording_command(
            IssuePriced,
            "price",
            "capital issue price IIJ issue-2013-07-18 --on 2013-07-10 --offer-price 3346 \\\n"
            "    --paid-in-price 3208",
        ),
        recording_command(
            SharesIssued,
            "issue",
            "capital issue issue IIJ issue-2013-07-18 --on 2013-07-18 --shares 4700000 \\\n"
            "    --amount 15077600000",
        ),
        recording_command(
            IssueLapsed, "lapse", "capital issue lapse ACME issue-2020-10-01 --on 2020-10-02"
        ),
    ],
)
