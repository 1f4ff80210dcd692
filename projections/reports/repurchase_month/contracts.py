"""Accelerated repurchases: one payment for shares that are delivered on several days.

The company pays at the start and receives most of the shares; how many follow depends on the prices
until the end. Reports print no average price before that, and that of the whole contract after it:
Apple's 10-K of 2017 has a footnote in place of the price of each delivery, and no average in total.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.actions.repurchase import Method, Program, SharesRepurchased, program_at
from ledger.values.fields import LAST_DAY
from ledger.values.numbers import Exact, grouped
from projections.money import total
from projections.reports.repurchase_month.period import (
    Purchase,
    Reported,
    amount_in,
    average_price,
    purchases,
    stated_in,
)


@dataclass(frozen=True, slots=True)
class Contract:
    """One payment, the shares delivered for it by the last day reported, and what is unknown."""

    about: Reported
    action: str
    until: date
    """The last day reported; `shares` are in the shares of this day."""
    deliveries: int
    """How many the ledger holds; 0 where it does not hold the first."""
    shares: Fraction
    payment: Exact | None
    ended_on: date | None
    is_program: bool
    """Whether every purchase of the program belongs to it."""
    reason: str | None
    """Why the average price is unknown."""

    def covers(self, purchase: Purchase) -> bool:
        """Whether a purchase is a delivery under the contract."""
        of_program = purchase.event.action == self.action
        return of_program and (self.is_program or _costs_nothing(purchase.event))

    @property
    def average(self) -> Fraction | None:
        """The price of one share, which belongs to all of them; None where it is unknown."""
        if self.reason is not None or self.payment is None:
            return None
        return Fraction(self.payment) / self.shares

    def is_all_in(self, bought: Collection[Purchase]) -> bool:
        """Whether these purchases contain all that the payment was made for."""
        delivered = sum(self.covers(purchase) for purchase in bought)
        return self.average is not None and 0 < delivered == self.deliveries


def contracts_of(about: Reported, until: date) -> dict[str, Contract]:
    """The accelerated repurchases of the class, by their program, as they stand on a day."""
    found = (_contract(about, action, until) for action, _ in about.programs())
    return {contract.action: contract for contract in found if contract is not None}


def _contract(about: Reported, action: str, until: date) -> Contract | None:
    facts = about.known.actions[action]
    everything = program_at(facts, LAST_DAY)
    bought = list(purchases(facts))
    free = [purchase for purchase in bought if _costs_nothing(purchase.event)]
    is_accelerated = everything.method is Method.ACCELERATED
    if not bought or not (is_accelerated or free):
        return None
    restatement = about.known.positions(about.share_class).restatement
    program = program_at(facts, until, restatement)
    ended_on = _ended_on(program, bought, until)
    is_program = is_accelerated or len(bought) - len(free) <= 1
    payment = _payment(program, bought, about.currency)
    shares = program.shares_bought(until)
    reason = None
    if not is_program:
        entry = free[0].fact.entry.number
        reason = (
            f"entry {entry} is a delivery without a payment, and several purchases of {action} "
            "have one: which of them paid for it is not recorded (an accelerated repurchase that "
            "is a program of its own, with method ACCELERATED, states it)"
        )
    elif ended_on is None:
        reason = (
            f"the payment for {action} covers its whole contract, which has not ended by {until}: "
            "its average price is known only after the end"
        )
    elif payment is None or not shares:
        reason = f"what {action} paid for its whole contract is not recorded"
    return Contract(
        about,
        action,
        until,
        deliveries=0 if program.already else len(bought),
        shares=Fraction(shares or 0),
        payment=payment,
        ended_on=ended_on,
        is_program=is_program,
        reason=reason,
    )


def _costs_nothing(event: SharesRepurchased) -> bool:
    """Whether shares were recorded for an amount of 0, so that their payment is another's."""
    stated = (event.amount, event.amount_in_cap_currency, event.price)
    captured = [money for money in stated if money is not None]
    return bool(captured) and not any(money.exact for money in captured)


def _ended_on(program: Program, bought: list[Purchase], until: date) -> date | None:
    """The day the contract ended, by the last day reported.

    A period of purchases that has expired ends it only if more than the first delivery is recorded:
    otherwise the final one may be missing.
    """
    if any(purchase.event.on > until for purchase in bought):
        return None
    if program.ended is not None:
        return program.ended.event.on
    is_over = program.until is not None and program.until <= until
    return program.until if is_over and len(bought) > 1 else None


def _pays(event: SharesRepurchased) -> bool:
    return any(money and money.exact for money in (event.amount, event.amount_in_cap_currency))


def _payment(program: Program, bought: Iterable[Purchase], currency: str | None) -> Exact | None:
    """All that was paid; None where nothing is recorded, or a part in another currency."""
    parts = [stated_in(p.event, currency) for p in bought if _pays(p.event)]
    already = program.already
    if already is not None:
        before = already.amount
        is_known = before is not None and before.currency == currency
        parts.append(before.exact if before is not None and is_known else None)
    return total(parts) or None


def cost_of(
    contracts: Mapping[str, Contract], purchase: Purchase, currency: str | None
) -> Exact | None:
    """What the shares of a purchase cost: under a contract, at the average price of all of it."""
    event, contract = purchase.event, contracts.get(purchase.event.action)
    if contract is None or not contract.covers(purchase):
        return amount_in(event, currency)
    if contract.average is None:
        return None
    return contract.about.in_shares_of(event.shares, event.on, contract.until) * contract.average


def paid_on_delivery(
    contract: Contract | None, purchase: Purchase, currency: str | None
) -> Exact | None:
    """What was paid with one delivery; None where another payment covers it."""
    if contract is None or not contract.covers(purchase):
        return amount_in(purchase.event, currency)
    return stated_in(purchase.event, currency) if _pays(purchase.event) else None


def paid_for(
    contract: Contract | None, bought: Collection[Purchase], currency: str | None
) -> Exact | None:
    """What was paid for several purchases; None where a payment covers others too."""
    if contract is not None and contract.is_all_in(bought):
        return contract.payment
    return total(paid_on_delivery(contract, purchase, currency) for purchase in bought)


def unknown_parts(contract: Contract | None, bought: Collection[Purchase]) -> str | None:
    """Why amounts of these purchases are unknown; None where no contract is the reason."""
    if contract is None or not any(map(contract.covers, bought)) or contract.is_all_in(bought):
        return None
    return contract.reason or (
        f"the payment for {contract.action} covers its whole contract: no part of it belongs to a "
        "single delivery"
    )


def notes_on_contracts(
    contracts: Iterable[Contract], bought: Collection[Purchase], places: int
) -> Iterator[str]:
    """What one payment bought, for each contract with a delivery among these purchases."""
    for contract in contracts:
        if contract.average is None or not any(map(contract.covers, bought)):
            continue
        price = average_price(contract.payment, contract.shares, places)
        currency = contract.about.currency
        yield (
            f"The average price of {contract.action} is that of its whole contract, which ended on "
            f"{contract.ended_on}: {currency} {grouped(contract.payment or 0)} for "
            f"{int(contract.shares):,} shares, {price} each"
        )
