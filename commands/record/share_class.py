"""`capital class …`: Record a share class's counts and articles."""

from __future__ import annotations

from commands.recorder.recording import group
from ledger.actions import share_class as events

share_class = group(
    __doc__,
    {
        "register": events.ShareClassRegistered,
        "open": events.OpeningPositionStated,
        "authorize": events.AuthorizedSharesChanged,
        "change-unit": events.TradingUnitChanged,
        "set-depositary-ratio": events.DepositaryRatioSet,
        "report": events.PositionReported,
        "adjust": events.PositionAdjusted,
        "report-dividends": events.DividendTotalReported,
        "state-trust": events.TrustHoldingStated,
        "close": events.ShareClassClosed,
    },
    r"""
capital class register IIJ common --on 2005-12-02 --name "Common stock"
capital class open IIJ common --on 2008-10-27 --issued 206478 --treasury 0 \
    --authorized 377600 --source-title "Notice of repurchase, 2008-10-28"
capital class authorize IIJ common --on 2012-10-01 --authorized 75520000
capital class change-unit IIJ common --on 2012-10-01 --trading-unit 100
capital class set-depositary-ratio IIJ common --on 2008-10-28 \
    --depositary-shares 400 --shares 1
capital class report IIJ common --on 2009-03-31 --issued 206478 \
    --source-title "Form 20-F, fiscal year 2008, cover"
capital class adjust IIJ common --on 2009-01-30 --issued-change 0 \
    --treasury-change unknown --reason "purchases of the program were never sourced"
capital class report-dividends IIJ common --on 2018-05-24 \
    --fiscal-year-end 2017-03-31 --per-share 27.00 --basis DECLARED
capital class state-trust ACME common --on 2021-03-31 --shares 15000
capital class close BOLT preferred --on 2021-03-31 --reason "converted into common"
""",
)
