"""`capital dividend …`: Record a dividend, from forecast to payment."""

from __future__ import annotations

from commands.recorder.recording import group
from ledger.actions import dividend as events

dividend = group(
    __doc__,
    {
        "forecast": events.DividendForecast,
        "resolve": events.DividendResolved,
        "fix-currency": events.DividendCurrencyFixed,
        "amend": events.DividendAmended,
        "approve": events.DividendApproved,
        "reject": events.DividendRejected,
        "elect": events.DividendElected,
        "pay": events.DividendPaid,
        "lapse": events.UnclaimedDividendLapsed,
        "withdraw": events.DividendWithdrawn,
    },
    r"""
capital dividend forecast IIJ dividend-2018-03-31 --on 2018-05-15 --term YEAR_END \
    --fiscal-year-end 2018-03-31 --per-share 13.50
capital dividend resolve IIJ dividend-2018-03-31 --on 2018-05-24 --term YEAR_END \
    --fiscal-year-end 2018-03-31 --per-share 13.50 --record-date 2018-03-31 \
    --payable-on 2018-06-29 --approval AGM --meeting-expected 2018-06-28 \
    --fund RETAINED_EARNINGS --stated-total "JPY 608 million"
capital dividend fix-currency ACME dividend-2021-09-30 --on 2021-11-20 \
    --payment-currency JPY --per-share 15.58 --rate-pair USD/JPY --rate-value 114.14
capital dividend amend ACME dividend-2020-03-31 --on 2020-06-10 \
    --payable-on 2020-06-29 --cause "the meeting was put off"
capital dividend approve IIJ dividend-2018-03-31 --on 2018-06-28 --meeting-body AGM
capital dividend reject ACME dividend-2021-03-31 --on 2021-06-24 --meeting-body AGM
capital dividend elect ACME dividend-2022-03-31 --on 2022-06-28 --shares 1250 \
    --elected-by 125000 --cash-amount 13125000
capital dividend pay IIJ dividend-2018-03-31 --on 2018-06-29
capital dividend lapse ACME dividend-2020-03-31 --on 2023-06-26 --amount 41250
capital dividend withdraw ACME dividend-2020-09-30 --on 2020-10-27 \
    --reason "cash is kept in the company"
""",
)
