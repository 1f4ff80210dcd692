"""The Japanese status report of own shares (自己株券買付状況報告書).

Financial Instruments and Exchange Act art. 24-6(1): one report for each month from the resolution
to the end of the period of purchases, including months without a purchase, by the 15th of the next
month. Its layout is form 17 of the Cabinet Office Order on Disclosure of
Corporate Affairs: 取得状況 (acquisitions, by trade date), 処理状況 (disposals of the
month by kind), 保有状況 (issued and treasury at the end of the month, settled).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.actions.repurchase import RepurchaseAuthorized
from ledger.counts.basis import Basis
from ledger.events.event import decided_by_members
from ledger.history.history import KnownHistory
from projections.money import money, total
from projections.question import Asked, MoneyAnswer, Question, asked
from projections.reports.repurchase_month.contracts import (
    contracts_of,
    notes_on_contracts,
    paid_for,
    paid_on_delivery,
    unknown_parts,
)
from projections.reports.repurchase_month.disposals import Disposed, disposed_in
from projections.reports.repurchase_month.period import (
    Period,
    Report,
    Reported,
    bought_unknown,
    first_day_of,
    holdings,
    never_captured,
    notes_on,
    purchases,
    reported,
)
from projections.repurchases.programs import RepurchaseAnswer, repurchases

PLACES_OF_AN_AVERAGE = 2


@dataclass(frozen=True, slots=True)
class Acquired:
    """Purchases of one trade date, or of a period that ends on it, in the shares of that day."""

    from_: date | None
    on: date
    shares: int
    amount: MoneyAnswer | None
    entry: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Shares, in the shares of the month's last day, and money; null where a part is unknown."""

    shares: int | None
    amount: MoneyAnswer | None


@dataclass(frozen=True, slots=True)
class JapaneseReport(Report):
    """One month of one program as form 17 lays it out."""

    first: date
    last: date
    asked: Asked
    resolved_on: date | None
    resolved_by: str | None
    """"general meeting" or "board", as the document says; null where it does not."""
    from_: date | None
    until: date | None
    max_shares: int | None
    max_amount: MoneyAnswer | None
    acquired: list[Acquired]
    acquired_total: Sum
    cumulative: Sum
    shares_percent: str | None
    amount_percent: str | None
    disposed: list[Disposed]
    disposed_total: Sum
    issued: int | None
    treasury: int | None
    reason: str | None
    """Why a figure is null."""
    notes: list[str]


def japanese_report(known: KnownHistory, action: str, month: Period) -> JapaneseReport:
    """The report of a month, by trade date; issued and treasury by settlement.

    Raises Unknown where `action` is not a program or no event of it is known by the month's end.
    """
    about = reported(known, action, month.last)
    question = Question(month.last)
    (progress,) = repurchases(known, question, action)
    counts = holdings(about, month.last)
    bought = [p for p in purchases(about.facts) if p.event.on in month]
    currency = about.currency
    unknown = bought_unknown(about, action, month)
    unrecorded = never_captured(about, action) is not None
    contract = contracts_of(about, month.last).get(action)
    acquired = [
        Acquired(
            first_day_of(purchase.fact),
            purchase.event.on,
            purchase.event.shares,
            money(paid_on_delivery(contract, purchase, currency), currency),
            purchase.fact.entry.number,
        )
        for purchase in bought
    ]
    paid = paid_for(contract, bought, currency)
    shared = unknown_parts(contract, bought)
    reasons = unknown, shared if paid is None else None, counts.reason
    disposed = list(disposed_in(about, month, currency))
    authorization = about.authorization
    resolved_on = None if authorization is None else authorization.on
    return JapaneseReport(
        *about.head,
        first=month.first,
        last=month.last,
        asked=asked(question, about.known),
        resolved_on=resolved_on,
        resolved_by=_resolved_by(authorization),
        from_=progress.from_,
        until=progress.until,
        max_shares=progress.max_shares,
        max_amount=progress.max_amount,
        acquired=acquired,
        acquired_total=Sum(None, None)
        if unknown
        else Sum(
            int(about.sum_of(acquired, month.last)),
            money(paid, currency),
        ),
        cumulative=Sum(None, None) if unrecorded else Sum(progress.shares, progress.amount),
        shares_percent=None if unrecorded else progress.shares_percent,
        amount_percent=None if unrecorded else progress.amount_percent,
        disposed=disposed,
        disposed_total=Sum(
            int(about.sum_of(disposed, month.last)), money(total(map(_amount, disposed)), currency)
        ),
        issued=counts.issued,
        treasury=counts.treasury,
        reason="; ".join(part for part in reasons if part) or None,
        notes=[
            *_outside(progress, resolved_on, month),
            *_cap_of_other_shares(about, progress, month),
            *notes_on(about, month, bought, lambda purchase: purchase.event.on),
            *_in_flight(about, month),
            *([] if paid is None or shared is None else [shared[0].upper() + shared[1:]]),
            *notes_on_contracts([contract] if contract else [], bought, PLACES_OF_AN_AVERAGE),
        ],
    )


def _resolved_by(authorization: RepurchaseAuthorized | None) -> str | None:
    """Form 17 separates purchases resolved by the general meeting from those of the board."""
    if authorization is None or authorization.meeting is None:
        return None
    return "general meeting" if decided_by_members(authorization) else "board"


def _amount(line: Disposed) -> Fraction | None:
    return None if line.amount is None else Fraction(line.amount.amount)


def _outside(progress: RepurchaseAnswer, resolved_on: date | None, month: Period) -> Iterator[str]:
    if resolved_on is not None and month.last < resolved_on:
        yield f"The program was resolved on {resolved_on}: no report is due for this month"
    elif progress.until is not None and progress.until < month.first:
        yield f"The period of purchases ended on {progress.until}: no report is due for this month"


def _cap_of_other_shares(
    about: Reported, progress: RepurchaseAnswer, month: Period
) -> Iterator[str]:
    stated_on = progress.max_shares_as_of
    if stated_on is not None and about.in_shares_of(1, stated_on, month.last) != 1:
        yield (
            f"The cap on shares is in the shares of {stated_on}, and progress is taken in them; "
            f"sums are in those of {month.last}"
        )


def _in_flight(about: Reported, month: Period) -> Iterator[str]:
    """Shares traded by the month's end that settle later."""
    settled = about.known.positions(about.share_class, Basis.SETTLEMENT).at(month.last)
    traded = about.known.positions(about.share_class, Basis.TRADE).at(month.last)
    if settled.outstanding is None or traded.outstanding is None:
        return
    if pending := settled.outstanding - traded.outstanding:
        yield (
            f"{pending:,} shares traded by {month.last} settle later: they are in the cumulative "
            "total, and not in the holdings"
        )
