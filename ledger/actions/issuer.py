"""The issuer itself: its name, home currency, fiscal year and legal profile."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from ledger.counts.day_order import Moment
from ledger.counts.movements import Effect, Home
from ledger.errors import quoted
from ledger.events.event import NOT_CAPTURED, Approval, Event, Scope
from ledger.events.kinds import CapitalAction, State, register
from ledger.events.recorded import Breach, Fact
from ledger.events.terms import FiscalYearLabel, IssuerTerms, ProfileName
from ledger.values.fields import Code, Currency, Day, Isin, Line, Money
from ledger.values.model import Field, optional


def _month_day(text: str) -> str:
    month, _, day = text.partition("-")
    if not (len(text) == 5 and month.isdigit() and day.isdigit()):  # noqa: PLR2004
        raise ValueError("must be month and day, such as 03-31")
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= monthrange(2024, int(month))[1]):  # noqa: PLR2004
        raise ValueError("is not a day of the year; write month and day, such as 03-31")
    return text


MonthDay = Annotated[str, AfterValidator(_month_day)]
Lei = Annotated[str, Field(pattern=r"^[A-Z0-9]{18}[0-9]{2}$")]  # ISO 17442


class IssuerEvent(Event):
    """An event of the issuer itself."""

    scope = Scope.ISSUER


class IssuerRegistered(IssuerEvent):
    """A listed company whose capital actions this ledger records."""

    moment = Moment.REGISTRATION

    on: Day = Field(default=NOT_CAPTURED, description="registration date, if it matters")
    code: Code = Field(description="the issuer's code, as in every command")
    name_: Line = Field(alias="name", description="the company's name")
    currency: Currency = Field(description="home currency, ISO 4217")
    fiscal_year_end: MonthDay | None = optional("nominal end of the fiscal year, month and day")
    fiscal_year_label: FiscalYearLabel | None = optional(
        "whether FY2017 begins or ends in 2017; default: begin under jp"
    )
    profile: ProfileName = Field(description="the rules that apply")
    isin: Isin | None = optional("International Securities ID Number (ISIN)")
    lei: Lei | None = optional("Legal Entity Identifier (LEI)")

    def movement(self) -> Effect:
        # Companies Act (Japan) art. 186(2): the company itself takes no part in a gratis allotment.
        return Home(self.currency, self.profile is ProfileName.JP)


class FiscalYearEndChanged(IssuerEvent):
    """The end of the fiscal year changes from this day on."""

    moment = Moment.AMENDMENT

    fiscal_year_end: MonthDay = Field(description="the new nominal end, month and day")


class DistributableAmountStated(IssuerEvent):
    """The amount the company may distribute, as of a balance sheet.

    Companies Act (Japan) art. 461.
    """

    moment = Moment.AMENDMENT

    amount: Money = Field(description="distributable amount")
    balance_sheet_date: Day = Field(description="date of that balance sheet")


class CapitalInto(StrEnum):
    """Where stated capital goes that is reduced."""

    CAPITAL_SURPLUS = "CAPITAL_SURPLUS"
    RETAINED_EARNINGS = "RETAINED_EARNINGS"
    RETURNED = "RETURNED"
    """Paid back to the holders."""


class CapitalReduced(IssuerEvent):
    """Stated capital was reduced; no shares move (Companies Act (Japan) art. 447).

    `on` is the day of effect; the meeting that approved it is its meeting.
    """

    moment = Moment.AMENDMENT

    amount: Money = Field(description="by how much")
    into: CapitalInto = Field(description="where it goes")
    approval: Approval | None = optional("which meeting must approve it, if any")


@register
class Issuer(CapitalAction):
    """The issuer's own affairs."""

    kind: ClassVar[str] = "issuer"
    events_of_kind = (
        IssuerRegistered,
        FiscalYearEndChanged,
        DistributableAmountStated,
        CapitalReduced,
    )

    @classmethod
    def state(cls, facts: Sequence[Fact], on: date) -> State | None:
        return State("registered") if any(fact.event.on <= on for fact in facts) else None

    @classmethod
    def lifecycle(cls, facts: Sequence[Fact]) -> Iterator[Breach]:
        registrations = [fact for fact in facts if isinstance(fact.event, IssuerRegistered)]
        for fact in registrations:
            event = fact.event
            assert isinstance(event, IssuerRegistered)
            if event.code != event.issuer:
                yield Breach.at(
                    fact,
                    "order-of-events",
                    f"code {event.code!r} is registered under issuer {event.issuer!r}",
                    "give both the same code",
                    about="code",
                )
        for fact in registrations[1:]:
            yield Breach.at(
                fact,
                "order-of-events",
                f"{fact.event.issuer} is registered already, by entry "
                f"{registrations[0].entry.number}",
                f"to correct it, reverse it first: capital reverse {quoted(fact.event.issuer)} "
                f"issuer {registrations[0].event.version} --reason ...",
            )


def issuer_terms(facts: Sequence[Fact]) -> IssuerTerms:
    """The terms of the issuer as the facts of its own action state them."""
    terms = IssuerTerms()
    for fact in facts:
        match fact.event:
            case IssuerRegistered() as event:
                begins = event.profile is ProfileName.JP
                default = FiscalYearLabel.BEGIN if begins else FiscalYearLabel.END
                ends = () if event.fiscal_year_end is None else (event.fiscal_year_end,)
                terms = IssuerTerms(
                    currency=event.currency,
                    profile=event.profile,
                    label=event.fiscal_year_label or default,
                    name=event.name_,
                    year_ends=tuple((NOT_CAPTURED, end) for end in ends) + terms.year_ends,
                )
            case FiscalYearEndChanged() as event:
                terms = IssuerTerms(
                    terms.currency,
                    terms.profile,
                    terms.label,
                    terms.name,
                    (*terms.year_ends, (event.on, event.fiscal_year_end)),
                )
    return terms
