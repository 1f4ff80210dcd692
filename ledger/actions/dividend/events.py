"""The events of a dividend: forecast, resolved, approved, elected in shares, paid in cash."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from ledger.counts.day_order import Moment
from ledger.events.event import Approval, Event
from ledger.events.execution import Issuance
from ledger.events.resolution import Resolution
from ledger.values.fields import (
    Amount,
    Count,
    Currency,
    Day,
    Money,
    PositiveAmount,
    PrintedMoney,
    Prose,
    Rate,
    RatioPart,
)
from ledger.values.model import Field, Unstated, must_hold, optional


class Term(StrEnum):
    """Which dividend of its fiscal year; a year may have two of the same term."""

    Q1 = "Q1"
    Q2 = "Q2"
    Q3 = "Q3"
    Q4 = "Q4"
    INTERIM = "INTERIM"
    YEAR_END = "YEAR_END"
    SPECIAL = "SPECIAL"
    ANNUAL = "ANNUAL"
    """The whole year; only a forecast can have it."""


class Fund(StrEnum):
    """The source of the dividend."""

    RETAINED_EARNINGS = "RETAINED_EARNINGS"
    CAPITAL_SURPLUS = "CAPITAL_SURPLUS"
    OTHER = "OTHER"


class SettledIn(StrEnum):
    """What the shareholders receive."""

    CASH = "CASH"
    SHARES = "SHARES"
    """New shares only, as of a stock dividend: there is no figure in cash."""
    CHOICE = "CHOICE"
    """Cash, or shares for those who choose them: a scrip dividend."""


_ANNUAL_IS_FORECAST = (
    "term ANNUAL is for forecasts only; a resolved dividend has INTERIM, YEAR_END or another term"
)


class DividendForecast(Event):
    """The dividend the company expects to pay: a figure, a range, or undecided.

    Totals exclude it.
    """

    moment = Moment.FORECAST

    term: Term = Field(description="which dividend of the year; ANNUAL for the whole year")
    fiscal_year_end: Day = Field(description="last day of the fiscal year it belongs to")
    currency: Currency = Field(description="currency code, such as JPY")
    per_share: Amount | None = optional("expected per share")
    per_share_low: Amount | None = optional("low end of a range")
    per_share_high: Amount | None = optional("high end of a range")
    undecided: bool | None = optional("the company says it is undecided")

    @must_hold
    def _one_way_of_saying(self) -> None:
        is_range = self.per_share_low is not None or self.per_share_high is not None
        ways = (self.per_share is not None) + is_range + bool(self.undecided)
        if ways != 1:
            raise ValueError(
                "a forecast states per_share, or per_share_low with per_share_high, or undecided"
            )
        if is_range:
            if self.per_share_low is None or self.per_share_high is None:
                raise ValueError("a range needs both per_share_low and per_share_high")
            if self.per_share_low > self.per_share_high:
                raise ValueError(
                    f"per_share_low {self.per_share_low} is more than "
                    f"per_share_high {self.per_share_high}"
                )


class DividendDecision(Resolution):
    """The terms that a resolution states and an amendment may change."""

    effect = ("payment", "payment date")

    record_date: Day | None = optional("holders at the end of this day receive the dividend")
    actual_record_date: Day | None = optional(
        "last business day before the record date, if the record date is not a business day"
    )
    ex_date: Day | None = optional("ex-dividend date")
    payable_on: Day | None = optional("payment date; the effective date of Japanese notices")
    fund: Fund | None = optional("source of the dividend, such as retained earnings")
    approval: Approval | None = optional("meeting that must approve it, if any")
    meeting_expected: Day | None = optional("day of that meeting")
    stated_total: PrintedMoney | None = optional('total as printed, such as "JPY 608 million"')
    commemorative_part: Amount | None = optional("commemorative part of the dividend, per share")
    per_share = Unstated[Decimal]()
    settled_in: SettledIn | None = Field(
        default=None, description="whether it is paid in cash, in shares, or as holders choose"
    )
    reference_price: Money | None = Field(
        default=None, description="price at which a new share takes the place of cash"
    )
    new: RatioPart | None = Field(default=None, description="so many new shares ...")
    old: RatioPart | None = Field(default=None, description="... for so many held")
    percent: PositiveAmount | None = Field(
        default=None, description="new shares in percent of those held"
    )
    election_until: Day | None = Field(
        default=None, description="last day on which holders choose between cash and shares"
    )

    @property
    def planned_for(self) -> date | None:
        return self.payable_on

    @must_hold
    def _settled_in_one_way(self) -> None:
        if self.settled_in is not None:
            only_in_shares = self.settled_in is SettledIn.SHARES
            if only_in_shares != (self.per_share is None):
                does = "has no" if only_in_shares else "needs"
                raise ValueError(f"a dividend settled in {self.settled_in} {does} per_share")
        if (self.new is None) != (self.old is None):
            raise ValueError("a ratio needs both new and old")
        if self.new is not None and self.percent is not None:
            raise ValueError("new shares are stated as new and old, or as percent, not both")
        if self.settled_in is SettledIn.SHARES and self.election_until is not None:
            raise ValueError("a dividend settled in SHARES leaves no choice: no election_until")
        in_shares = self.stated & IN_SHARES
        if in_shares and self.settled_in is SettledIn.CASH:
            raise ValueError(f"a dividend settled in CASH has no {min(in_shares)}")


IN_SHARES = frozenset({"reference_price", "new", "old", "percent", "election_until"})
"""The terms that only a dividend in shares, or by choice, has."""


class DividendResolved(DividendDecision):
    """The body that proposes or decides the dividend resolved it; "0" is also a decision.

    Companies Act (Japan) art. 454(1) where a general meeting approves, 454(5) interim by board.
    """

    term: Term = Field(description="which dividend of the year")
    fiscal_year_end: Day = Field(description="last day of the fiscal year it belongs to")
    per_share: Amount | None = Field(
        default=None,
        description="dividend per share in cash, in the shares of the record date; "
        "required unless settled_in is SHARES",
    )
    currency: Currency = Field(description="currency code, such as JPY")

    @must_hold
    def _one_payment(self) -> None:
        if self.term is Term.ANNUAL:
            raise ValueError(_ANNUAL_IS_FORECAST)
        if self.settled_in is None:
            if self.per_share is None:
                raise ValueError("per_share is missing: only a dividend in shares has none")
            if in_shares := self.stated & IN_SHARES:
                raise ValueError(f"{min(in_shares)} needs settled_in: CHOICE or SHARES")


class DividendCurrencyFixed(Event):
    """A dividend declared in one currency is paid in another, at this rate or figure."""

    moment = Moment.AMENDMENT

    payment_currency: Currency = Field(description="currency it is paid in")
    per_share: Amount | None = optional("per share in that currency")
    rate: Rate | None = optional("exchange rate, if stated")


class DividendAmended(DividendDecision):
    """The resolution was changed before payment: the changed fields, and the reason."""

    moment = Moment.AMENDMENT

    term: Term | None = None
    fiscal_year_end: Day | None = None
    per_share: Amount | None = None
    currency: Currency | None = None
    cause: Prose | None = optional("reason")

    @must_hold
    def _changes_something(self) -> None:
        if self.term is Term.ANNUAL:
            raise ValueError(_ANNUAL_IS_FORECAST)
        if not self.changed_fields - {"cause"}:
            raise ValueError("an amendment changes at least one term of the resolution")


class DividendApproved(Event):
    """The meeting approved it."""

    moment = Moment.APPROVAL


class DividendRejected(Event):
    """The meeting voted it down."""

    moment = Moment.APPROVAL


class DividendElected(Issuance):
    """Holders received shares: those who chose them over cash, or all where there is no cash.

    What the others receive in cash is paid by DividendPaid.
    """

    cash_amount: Money | None = Field(
        default=None, description="cash for those who did not choose shares"
    )
    elected_by: Count | None = Field(
        default=None, description="shares held on the record date whose holders chose shares"
    )


class DividendPaid(Event):
    """The dividend was paid, in full or in part; may be recorded several times."""

    moment = Moment.PAYMENT

    amount: Money | None = optional("amount paid; absent: in full")


class UnclaimedDividendLapsed(Event):
    """Unclaimed dividends reverted to the company."""

    moment = Moment.LAPSE

    amount: Money = Field(description="amount lapsed")


class DividendWithdrawn(Event):
    """The company withdrew it before payment."""

    moment = Moment.END

    reason: Prose = Field(description="reason")


EVENTS = (
    DividendForecast,
    DividendResolved,
    DividendCurrencyFixed,
    DividendAmended,
    DividendApproved,
    DividendRejected,
    DividendElected,
    DividendPaid,
    UnclaimedDividendLapsed,
    DividendWithdrawn,
)
"""Every event of a dividend, in the order of its life."""
