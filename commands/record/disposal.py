"""`capital disposal …`: Record a disposal of treasury shares."""

from __future__ import annotations

from commands.recorder.recording import group
from ledger.actions import disposal as events

disposal = group(
    __doc__,
    {
        "resolve": events.DisposalResolved,
        "dispose": events.TreasurySharesDisposed,
        "lapse": events.DisposalLapsed,
    },
    r"""
capital disposal resolve IIJ disposal-2021-06-15 --on 2021-05-26 --shares 41865 \
    --price 2894 --amount 121157310 --effective-on 2021-06-15 \
    --method RESTRICTED_STOCK
capital disposal dispose IIJ disposal-2021-06-15 --on 2021-06-15 --shares 41865 \
    --price 2894 --amount 121157310
capital disposal lapse ACME disposal-2020-07-15 --on 2020-07-16 --shares 100
""",
)
