"""`capital issue …`: Record an issue of shares, new ones or from treasury."""

from __future__ import annotations

from commands.recorder.recording import group
from ledger.actions import issue as events

issue = group(
    __doc__,
    {
        "resolve": events.IssueResolved,
        "approve": events.IssueApproved,
        "price": events.IssuePriced,
        "issue": events.SharesIssued,
        "lapse": events.IssueLapsed,
    },
    r"""
capital issue resolve IIJ issue-2013-07-18 --on 2013-07-02 --shares 4700000 \
    --effective-on 2013-07-18 --kind PUBLIC_OFFERING
capital issue approve ACME issue-2020-10-01 --on 2020-09-25 --meeting-body EGM
capital issue price IIJ issue-2013-07-18 --on 2013-07-10 --offer-price 3346 \
    --paid-in-price 3208
capital issue issue IIJ issue-2013-07-18 --on 2013-07-18 --shares 4700000 \
    --amount 15077600000
capital issue lapse ACME issue-2020-10-01 --on 2020-10-02
""",
)
