"""`capital class …`: Record a share class's counts and articles."""

from __future__ import annotations

from commands.recorder.recording import group, recording_command
from ledger.actions.share_class import (
    AuthorizedSharesChanged,
    DepositaryRatioSet,
    DividendTotalReported,
    OpeningPositionStated,
    PositionAdjusted,
    PositionReported,
    ShareClassClosed,
    ShareClassRegistered,
    TradingUnitChanged,
    TrustHoldingStated,
)

share_class = group(
    __doc__,
    [
        recording_command(
            ShareClassRegistered,
            "register",
            'capital class register IIJ common --on 2005-12-02 --name "Common stock"',
        ),
        recording_command(
            OpeningPositionStated,
            "open",
            "capital class open IIJ common --on 2008-10-27 --issued 206478 --treasury 0 \\\n"
            '    --authorized 377600 --source-title "Notice of repurchase, 2008-10-28"',
        ),
        recording_command(
            AuthorizedSharesChanged,
            "authorize",
            "capital class authorize IIJ common --on 2012-10-01 --authorized 75520000",
        ),
        recording_command(
            TradingUnitChanged,
            "change-unit",
            "capital class change-unit IIJ common --on 2012-10-01 --trading-unit 100",
        ),
        recording_command(
            DepositaryRatioSet,
            "set-depositary-ratio",
            "capital class set-depositary-ratio IIJ common --on 2008-10-28 \\\n"
            "    --depositary-shares 400 --shares 1",
        ),
        recording_command(
            PositionReported,
            "report",
            "capital class report IIJ common --on 2009-03-31 --issued 206478 \\\n"
            '    --source-title "Form 20-F, fiscal year 2008, cover"',
        ),
        recording_command(
            PositionAdjusted,
            "adjust",
            "capital class adjust IIJ common --on 2009-01-30 --issued-change 0 \\\n"
            '    --treasury-change unknown --reason "purchases of the program were never sourced"',
        ),
        recording_command(
            DividendTotalReported,
            "report-dividends",
            "capital class report-dividends IIJ common --on 2018-05-24 \\\n"
            "    --fiscal-year-end 2017-03-31 --per-share 27.00 --basis DECLARED",
        ),
        recording_command(
            TrustHoldingStated,
            "state-trust",
            "capital class state-trust ACME common --on 2021-03-31 --shares 15000",
        ),
        recording_command(
            ShareClassClosed,
            "close",
            'capital class close BOLT preferred --on 2021-03-31 --reason "converted into common"',
        ),
    ],
)
