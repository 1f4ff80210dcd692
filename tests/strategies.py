"""Histories of one issuer, as import lines: small days, small figures, so that events collide."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

Line = dict[str, Any]

ISSUER = "ACME"
FIRST_DAY = date(2020, 3, 1)
LAST_DAY = FIRST_DAY + timedelta(days=24)
FISCAL_YEAR_ENDS = ("2020-03-31", "2021-03-31")
GUARDED = (
    "within-authorized",
    "repurchase-caps",
    "repurchase-window",
    "repurchase-period",
    "stated-total",
    "approval-needed",
    "record-date-window",
    "price-times-shares",
    "period-straddles-split",
)

days = st.dates(FIRST_DAY, LAST_DAY)
"""A day on which something may have happened."""
days_asked = st.dates(FIRST_DAY - timedelta(days=2), LAST_DAY + timedelta(days=6))
"""A day a question may be about: a little before everything, a little after."""
bases = st.sampled_from(["settlement", "trade"])
shares = st.integers(1, 40)
yen = st.integers(0, 5000).map(str)
approvals = st.sampled_from(["AGM", "EGM", "NONE"])


def money(amounts: st.SearchStrategy[str] = yen) -> st.SearchStrategy[Line]:
    """An amount, nearly always in the home currency."""
    currencies = st.sampled_from(["JPY"] * 9 + ["USD"])
    return st.builds(lambda a, c: {"amount": a, "currency": c}, amounts, currencies)


def registration(profile: str = "none") -> Line:
    return {
        "issuer": ISSUER,
        "action": "issuer",
        "event": "IssuerRegistered",
        "code": ISSUER,
        "name": "Acme K.K.",
        "currency": "JPY",
        "fiscal_year_end": "03-31",
        "profile": profile,
        "key": "registration",
    }


def line(event: str, action: str, share_class: str, on: date, **fields: Any) -> Line:
    """One event of a class as a line, without what is absent; its key comes later."""
    words = {name.rstrip("_"): value for name, value in fields.items() if value is not ABSENT}
    return {
        "issuer": ISSUER,
        "class": share_class,
        "action": action,
        "event": event,
        "on": on.isoformat(),
        **{n: v.isoformat() if isinstance(v, date) else v for n, v in words.items()},
    }


ABSENT: Any = object()
"""A field the document did not state."""


def maybe(values: st.SearchStrategy[Any], *, often: bool = True) -> st.SearchStrategy[Any]:
    """A figure that may not have been captured."""
    absent = st.just(ABSENT)
    return st.one_of(values, values, absent) if often else st.one_of(absent, absent, values)


def days_after(first: date, *, at_most: int = 12) -> st.SearchStrategy[date]:
    return st.integers(0, at_most).map(lambda days: first + timedelta(days=days))


# --- a class's own events ------------------------------------------------------------------------


@st.composite
def openings(draw: st.DrawFn, share_class: str, on: st.SearchStrategy[date] = days) -> Line:
    """An opening position: whole, or only some of the counts."""
    issued = draw(st.integers(60, 400))
    treasury = draw(st.integers(0, 60))
    stated = {
        "issued": issued,
        "treasury": treasury,
        "outstanding": issued - treasury,
        "authorized": draw(st.integers(issued, issued + 200)),
    }
    names = draw(
        st.sampled_from(
            [
                ("issued", "treasury"),
                ("issued", "treasury"),
                ("issued", "treasury", "outstanding"),
                ("issued", "treasury", "authorized"),
                ("issued", "outstanding"),
                ("issued",),
                ("treasury",),
                ("outstanding",),
                ("treasury", "outstanding"),
                ("authorized",),
            ]
        )
    )
    cost = ABSENT
    if "treasury" in names and treasury:
        cost = draw(maybe(st.integers(1, 90_000).map(lambda a: _yen(str(a)))))
    return line(
        "OpeningPositionStated",
        f"class-{share_class}",
        share_class,
        draw(on),
        **{name: stated[name] for name in names},
        treasury_cost=cost,
    )


def _yen(amount: str) -> Line:
    return {"amount": amount, "currency": "JPY"}


@st.composite
def adjustments(draw: st.DrawFn, share_class: str) -> Line:
    """A gap that nothing explains: known, unknown, or passing."""
    change = st.one_of(st.integers(-30, 30), st.just(0), st.none())
    issued, treasury = draw(st.tuples(change, change).filter(lambda pair: pair != (0, 0)))
    on = draw(days)
    return line(
        "PositionAdjusted",
        f"class-{share_class}",
        share_class,
        on,
        issued_change=issued,
        treasury_change=treasury,
        reason="two published counts differ",
        until=draw(maybe(days_after(on, at_most=8), often=False)),
    )


@st.composite
def class_events(draw: st.DrawFn, share_class: str) -> Line:
    """Anything else that concerns the class itself."""
    action, on = f"class-{share_class}", draw(days)
    event = draw(
        st.sampled_from(
            [
                "AuthorizedSharesChanged",
                "PositionReported",
                "TradingUnitChanged",
                "DepositaryRatioSet",
                "ShareClassRegistered",
                "DividendTotalReported",
                "TrustHoldingStated",
            ]
        )
    )
    fields: dict[str, Any] = {}
    match event:
        case "AuthorizedSharesChanged":
            fields = {"authorized": draw(st.integers(100, 800))}
        case "PositionReported":
            fields = {"issued": draw(st.integers(0, 400)), "treasury": draw(maybe(shares))}
        case "TradingUnitChanged":
            fields = {"trading_unit": draw(st.sampled_from([1, 100, 1000]))}
        case "DepositaryRatioSet":
            fields = {"depositary_shares": draw(shares), "shares": draw(shares)}
        case "ShareClassRegistered":
            fields = {"name": "普通株式", "trading_unit": draw(maybe(st.just(100)))}
        case "TrustHoldingStated":
            fields = {"shares": draw(shares)}
        case "DividendTotalReported":
            end = draw(st.sampled_from(FISCAL_YEAR_ENDS))
            fields = {"fiscal_year_end": end, "per_share": "12.50"}
    return line(event, action, share_class, on, **fields)


@st.composite
def issuer_events(draw: st.DrawFn) -> Line:
    """What concerns the issuer itself after its registration."""
    event = draw(st.sampled_from(["FiscalYearEndChanged", "DistributableAmountStated"]))
    fields: dict[str, Any] = {"fiscal_year_end": "12-31"}
    if event == "DistributableAmountStated":
        fields = {"amount": draw(money()), "balance_sheet_date": draw(days)}
    stated = line(event, "issuer", "", draw(days), **fields)
    return {name: value for name, value in stated.items() if name != "class"}


@st.composite
def reductions_of_capital(draw: st.DrawFn) -> Line:
    """Stated capital reduced, with or without the meeting that it needs."""
    on = draw(days)
    meeting = {"body": draw(st.sampled_from(["BOARD", "AGM"])), "held_on": FIRST_DAY.isoformat()}
    fields = {
        "amount": draw(money()),
        "into": draw(st.sampled_from(["CAPITAL_SURPLUS", "RETAINED_EARNINGS", "RETURNED"])),
        "approval": draw(maybe(approvals)),
        "meeting": draw(maybe(st.just(meeting))),
    }
    stated = line("CapitalReduced", "issuer", "", on, **fields)
    return {name: value for name, value in stated.items() if name != "class"}


@st.composite
def closings(draw: st.DrawFn, share_class: str) -> Line:
    """The end of a class, when most of what happens to it has happened."""
    on = draw(days_after(FIRST_DAY + timedelta(days=14), at_most=10))
    return line("ShareClassClosed", f"class-{share_class}", share_class, on)


# --- dividends -----------------------------------------------------------------------------------

per_shares = st.sampled_from(["0", "1", "2.50", "13.50", "0.1365", "7.125"])


@st.composite
def dividend_events(  # noqa: C901, PLR0912 - one life, told from its beginning to its end
    draw: st.DrawFn, reference: str, share_class: str
) -> list[Line]:
    """One dividend on its way from forecast to payment, or to one of its other ends."""

    def event(name: str, on: date, **fields: Any) -> Line:
        return line(name, reference, share_class, on, **fields)

    on = draw(days)
    year_end = draw(st.sampled_from(FISCAL_YEAR_ENDS))
    term = draw(st.sampled_from(["INTERIM", "YEAR_END", "SPECIAL", "Q1"]))
    currency = draw(st.sampled_from(["JPY"] * 5 + ["USD"]))
    lines: list[Line] = []
    for forecast in draw(st.lists(st.sampled_from(["figure", "range", "undecided"]), max_size=2)):
        ways: dict[str, dict[str, Any]] = {
            "figure": {"per_share": draw(per_shares)},
            "range": {"per_share_low": "10", "per_share_high": "12.50"},
            "undecided": {"undecided": True},
        }
        figures = ways[forecast]
        lines.append(
            event(
                "DividendForecast",
                on,
                term=draw(st.sampled_from([term, "ANNUAL"])),
                fiscal_year_end=year_end,
                currency=currency,
                **figures,
            )
        )
        on = draw(days_after(on, at_most=3))
    if lines and draw(st.integers(0, 4)) == 0:
        return [*lines, event("DividendWithdrawn", on, reason="cash is kept")]
    record_date = draw(maybe(days))
    payable = draw(maybe(days_after(on)))
    settled_in = draw(st.sampled_from([ABSENT, ABSENT, "CASH", "CHOICE", "CHOICE", "SHARES"]))
    in_shares = {} if settled_in in (ABSENT, "CASH") else draw(_terms_in_shares())
    if settled_in == "CHOICE":
        in_shares["election_until"] = draw(maybe(days_after(on, at_most=3)))
    lines.append(
        event(
            "DividendResolved",
            on,
            term=term,
            fiscal_year_end=year_end,
            per_share=ABSENT if settled_in == "SHARES" else draw(per_shares),
            currency=currency,
            record_date=record_date,
            payable_on=payable,
            approval=draw(maybe(st.sampled_from(["AGM", "AGM", "EGM", "NONE"]))),
            stated_total=draw(maybe(_stated_totals(), often=False)),
            settled_in=settled_in,
            **in_shares,
        )
    )
    on = draw(days_after(on, at_most=4))
    if draw(st.integers(0, 2)) == 0:
        changes = {
            "per_share": draw(maybe(per_shares)),
            "payable_on": draw(maybe(days_after(on))),
            "approval": draw(maybe(st.sampled_from(["AGM", "NONE"]), often=False)),
            "record_date": draw(maybe(st.just(record_date), often=False)),
        }
        if draw(st.integers(0, 4)) == 0:
            changes["settled_in"] = draw(st.sampled_from(["CASH", "CHOICE", "SHARES"]))
            is_in_shares = changes["settled_in"] == "SHARES"
            changes["per_share"] = ABSENT if is_in_shares else draw(per_shares)
        elif draw(st.integers(0, 4)) == 0:
            changes["percent"] = "5"
        if set(changes.values()) != {ABSENT}:
            lines.append(event("DividendAmended", on, cause="a printing error", **changes))
    if draw(st.integers(0, 4)) == 0:
        fixed = {"payment_currency": "USD", "per_share": draw(maybe(per_shares))}
        lines.append(event("DividendCurrencyFixed", on, **fixed))
    on = draw(days_after(on, at_most=4))
    end = draw(st.sampled_from(["open", "approved", "paid", "paid", "rejected", "withdrawn"]))
    if end in ("approved", "paid") and draw(st.booleans()):
        lines.append(event("DividendApproved", on))
        on = draw(days_after(on, at_most=4))
    if end != "open" and (draw(st.integers(0, 9)) == 0 or settled_in in ("CHOICE", "SHARES")):
        lines += draw(st.lists(_elections(reference, share_class, on), max_size=2))
    if end == "paid":
        for _ in range(draw(st.integers(1, 2))):
            lines.append(event("DividendPaid", on, amount=draw(maybe(money()))))
            on = draw(days_after(on, at_most=2))
        if draw(st.integers(0, 4)) == 0:
            lines.append(event("UnclaimedDividendLapsed", on, amount=_yen("15")))
    elif end == "rejected":
        lines.append(event("DividendRejected", on))
    elif end == "withdrawn":
        lines.append(event("DividendWithdrawn", on, reason="cash is kept"))
    return lines


def _terms_in_shares() -> st.SearchStrategy[Line]:
    terms: list[Line] = [{}, {"reference_price": _yen("15")}, {"new": 1, "old": 20}]
    return st.sampled_from(terms).map(lambda stated: {**stated})


@st.composite
def _elections(draw: st.DrawFn, reference: str, share_class: str, on: date) -> Line:
    """Shares in place of a dividend, and perhaps the cash of those who did not choose them."""
    chosen = draw(shares)
    return line(
        "DividendElected",
        reference,
        share_class,
        on,
        shares=chosen,
        from_treasury=draw(maybe(st.integers(0, chosen), often=False)),
        elected_by=draw(maybe(st.integers(0, 300))),
        cash_amount=draw(maybe(money(), often=False)),
    )


def _stated_totals() -> st.SearchStrategy[Line]:
    return st.builds(
        lambda units, unit, rounding: {
            "amount": str(units * unit),
            "currency": "JPY",
            "unit": str(unit),
            "rounding": rounding,
        },
        st.integers(0, 60),
        st.sampled_from([1, 100, 1000]),
        st.sampled_from(["HALF_UP", "DOWN"]),
    )


# --- repurchases and other acquisitions ----------------------------------------------------------

destinations = st.sampled_from(["TREASURY", "RETIRED"])


@st.composite
def purchases(draw: st.DrawFn, reference: str, share_class: str, on: date) -> Line:
    """Shares bought on a day or over a period, settled then or some days later."""
    begins = draw(maybe(st.integers(0, 3).map(lambda d: on - timedelta(days=d)), often=False))
    bought = draw(st.integers(0, 30))
    return line(
        "SharesRepurchased",
        reference,
        share_class,
        on,
        shares=bought,
        amount=draw(maybe(money() if bought else st.just(_yen("0")))),
        from_=begins,
        settled_on=draw(maybe(days_after(on, at_most=4))),
        destination=draw(maybe(destinations, often=False)),
    )


@st.composite
def program_events(draw: st.DrawFn, reference: str, share_class: str) -> list[Line]:
    """A repurchase program: caps, window, purchases, reports, and perhaps its end."""
    on = draw(days)
    lines: list[Line] = []
    if draw(st.integers(0, 7)) != 0:  # else its authorization was never captured
        first = draw(maybe(days_after(on, at_most=3), often=False))
        opens = on if first is ABSENT else first
        lines.append(
            line(
                "RepurchaseAuthorized",
                reference,
                share_class,
                on,
                max_shares=draw(maybe(st.integers(1, 80))),
                max_amount=draw(maybe(money(st.integers(1, 12_000).map(str)))),
                from_=first,
                until=draw(maybe(days_after(opens))),
                destination=draw(maybe(destinations, often=False)),
                already=draw(maybe(_bought_before(), often=False)),
            )
        )
    if draw(st.integers(0, 3)) == 0:
        amended_on = draw(days_after(on, at_most=6))
        changes = {
            "max_shares": draw(maybe(st.integers(1, 120))),
            "until": draw(maybe(days_after(amended_on, at_most=9), often=False)),
            "destination": draw(maybe(destinations, often=False)),
        }
        if set(changes.values()) != {ABSENT}:
            changes["cause"] = "enlarged by the board"
            lines.append(line("RepurchaseAmended", reference, share_class, amended_on, **changes))
    latest = on
    for _ in range(draw(st.integers(0, 3))):
        day = draw(days_after(on, at_most=9))
        latest = max(latest, day)
        lines.append(draw(purchases(reference, share_class, day)))
    if draw(st.integers(0, 4)) == 0:
        reported = {"shares": draw(st.integers(0, 80)), "amount": draw(maybe(money()))}
        lines.append(line("RepurchaseReported", reference, share_class, latest, **reported))
    end = draw(st.sampled_from(["none", "RepurchaseCompleted", "RepurchaseTerminated"]))
    if end != "none":
        lines.append(line(end, reference, share_class, draw(days_after(latest, at_most=3))))
    return lines


def _bought_before() -> st.SearchStrategy[Line]:
    counts = st.integers(0, 20)
    return st.one_of(
        counts.map(lambda n: {"shares": n}),
        st.tuples(counts, money()).map(lambda both: {"shares": both[0], "amount": both[1]}),
        money().map(lambda amount: {"amount": amount}),
    )


@st.composite
def acquisitions(draw: st.DrawFn, reference: str, share_class: str) -> Line:
    """Shares taken in outside every program."""
    on = draw(days)
    return line(
        "SharesAcquired",
        reference,
        share_class,
        on,
        shares=draw(st.integers(1, 30)),
        amount=draw(maybe(money())),
        cause=draw(st.sampled_from(["ODD_LOT", "FORFEITURE", "REDEMPTION"])),
        destination=draw(maybe(destinations, often=False)),
        settled_on=draw(maybe(days_after(on, at_most=4), often=False)),
    )


# --- splits, issues, disposals, cancellations ----------------------------------------------------

RATIOS = {
    "SPLIT": [(2, 1), (2, 1), (3, 1), (3, 2), (5, 4)],
    "CONSOLIDATION": [(1, 2), (1, 10), (2, 3)],
    "GRATIS_ALLOTMENT": [(1, 1), (1, 2), (1, 10)],
}


@st.composite
def split_events(draw: st.DrawFn, reference: str, share_class: str) -> list[Line]:
    """A split, consolidation or gratis allotment: announced, and effected or withdrawn."""

    def event(name: str, on: date, **fields: Any) -> Line:
        return line(name, reference, share_class, on, **fields)

    on = draw(days)
    kind = draw(st.sampled_from(sorted(RATIOS)))
    new, old = draw(st.sampled_from(RATIOS[kind]))
    effective = draw(days_after(on, at_most=8))
    approval = draw(maybe(approvals, often=False))
    lines = [
        event(
            "SplitResolved",
            on,
            kind=kind,
            new=new,
            old=old,
            record_date=draw(maybe(st.just(effective - timedelta(days=1)))),
            effective_on=effective,
            authorized_after=draw(maybe(st.integers(100, 2000), often=False)),
            approval=approval,
        )
    ]
    if approval is not ABSENT and draw(st.booleans()):
        lines.append(event("SplitApproved", draw(st.dates(on, effective))))
    end = draw(st.sampled_from(["effected"] * 4 + ["planned", "withdrawn"]))
    if end == "effected":
        stated = {
            "issued_after": draw(st.integers(60, 900)) if draw(st.integers(0, 7)) == 0 else ABSENT,
            "treasury_after": draw(st.integers(0, 60)) if draw(st.integers(0, 7)) == 0 else ABSENT,
        }
        lines.append(event("SplitEffected", effective, **stated))
    elif end == "withdrawn":
        lines.append(event("SplitWithdrawn", effective))
    return lines


PLANS = {
    "issue": ("IssueResolved", "SharesIssued", "IssueLapsed"),
    "disposal": ("DisposalResolved", "TreasurySharesDisposed", "DisposalLapsed"),
    "cancellation": ("CancellationResolved", "TreasurySharesCancelled", "CancellationWithdrawn"),
}


@st.composite
def plan_events(  # noqa: C901 - one life, told from its beginning to its end
    draw: st.DrawFn, kind: str, reference: str, share_class: str
) -> list[Line]:
    """Shares issued, disposed of or cancelled: as resolved, or by an execution alone."""

    def event(name: str, on: date, **fields: Any) -> Line:
        return line(name, reference, share_class, on, **fields)

    resolution, execution, given_up = PLANS[kind]
    on = draw(days)
    planned = draw(st.integers(1, 40))
    lines: list[Line] = []
    if draw(st.integers(0, 3)) != 0:  # else its resolution was never captured
        terms: dict[str, Any] = {"shares": planned, "effective_on": draw(maybe(days_after(on)))}
        if kind == "issue":
            terms["kind"] = draw(st.sampled_from(["THIRD_PARTY", "EXERCISE", "RIGHTS"]))
            terms["approval"] = draw(maybe(approvals, often=False))
            if terms["kind"] == "RIGHTS" and draw(st.booleans()):
                terms |= {"new": 1, "old": draw(st.integers(1, 3)), "price": _yen("1000")}
                terms |= {"record_date": on, "ex_date": on + timedelta(days=2)}
                terms["subscription_from"] = draw(days_after(on, at_most=4))
                terms["subscription_until"] = draw(days_after(on, at_most=8))
        elif kind == "disposal":
            terms["method"] = draw(st.sampled_from(["THIRD_PARTY", "RESTRICTED_STOCK"]))
        lines.append(event(resolution, on, **terms))
        if kind == "issue" and draw(st.integers(0, 2)) == 0:
            prices = {"offer_price": _yen("1100"), "paid_in_price": _yen("1000")}
            lines.append(event("IssuePriced", draw(days_after(on, at_most=3)), **prices))
        if "approval" in lines[0] and draw(st.booleans()):
            lines.append(event("IssueApproved", draw(days_after(on, at_most=4))))
    for _ in range(draw(st.integers(0 if lines else 1, 2))):
        on = draw(days_after(on, at_most=5))
        shares_moved = draw(st.integers(1, planned))
        fields: dict[str, Any] = {"shares": shares_moved}
        if draw(st.integers(0, 2)) == 0:
            fields["from_"] = on - timedelta(days=draw(st.integers(0, 3)))
        if kind == "issue":
            fields["from_treasury"] = draw(maybe(st.integers(0, shares_moved)))
        fields["amount"] = draw(maybe(money(), often=False))
        fields["settled_on"] = draw(maybe(days_after(on, at_most=4), often=False))
        fields["average_price"] = draw(maybe(money(), often=False))
        lines.append(event(execution, on, **fields))
    if draw(st.integers(0, 4)) == 0:
        lapsed = {"shares": draw(st.integers(1, planned))} if kind == "disposal" else {}
        lines.append(event(given_up, draw(days_after(on, at_most=3)), **lapsed))
    return lines


@st.composite
def distribution_events(draw: st.DrawFn, reference: str, share_class: str) -> list[Line]:
    """Shares of another company for the holders: announced, and effected or withdrawn."""

    def event(name: str, on: date, **fields: Any) -> Line:
        return line(name, reference, share_class, on, **fields)

    on = draw(days)
    effective = draw(maybe(days_after(on)))
    made_on = draw(days_after(on)) if effective is ABSENT else effective
    lines = [
        event(
            "DistributionResolved",
            on,
            of=draw(
                st.sampled_from([{"name": "Beta"}, {"name": "ベータ", "isin": "JP3152750000"}])
            ),
            new=draw(st.sampled_from([1, 3])),
            old=draw(st.sampled_from([1, 4])),
            record_date=draw(maybe(st.just(made_on))),
            ex_date=draw(maybe(st.just(made_on + timedelta(days=1)))),
            effective_on=effective,
            approval=draw(maybe(approvals, often=False)),
            value_per_share=draw(maybe(money(), often=False)),
        )
    ]
    if "approval" in lines[0] and draw(st.booleans()):
        lines.append(event("DistributionApproved", draw(st.dates(on, made_on))))
    end = draw(st.sampled_from(["effected", "effected", "planned", "withdrawn"]))
    if end == "effected":
        lines.append(event("DistributionEffected", made_on))
    elif end == "withdrawn":
        lines.append(event("DistributionWithdrawn", made_on))
    return lines


# --- whole histories -----------------------------------------------------------------------------


WHAT_HAPPENS = (
    "dividend dividend program program acquisition adjust class open close "
    "split split split issue disposal cancellation distribution capital"
).split()


@dataclass(frozen=True)
class Told:
    """A history before it is recorded: the registration, and everything after it."""

    registration: Line
    lines: list[Line]


@st.composite
def histories(  # noqa: C901, PLR0912 - one branch for each kind of action
    draw: st.DrawFn, *, most_actions: int = 5, reversals: bool = True
) -> Told:
    """Lines of one issuer with one class or two, in any order, most of them legal together.

    Some are not: what the ledger refuses is left out by whoever records them.
    """
    profile = draw(st.sampled_from(["none", "none", "jp"]))
    classes = draw(st.sampled_from([["common"], ["common"], ["common", "preferred"]]))
    lines: list[Line] = []
    for share_class in classes:
        early = st.dates(FIRST_DAY, FIRST_DAY + timedelta(days=6))
        if draw(st.integers(0, 9)) != 0:
            lines.append(draw(openings(share_class, early)))
    for number in range(draw(st.integers(1, most_actions))):
        share_class = draw(st.sampled_from(classes))
        match draw(st.sampled_from(WHAT_HAPPENS)):
            case "dividend":
                lines += draw(dividend_events(f"dividend-{number}", share_class))
            case "program":
                lines += draw(program_events(f"repurchase-{number}", share_class))
            case "acquisition":
                lines.append(draw(acquisitions(f"acquisition-{number}", share_class)))
            case "adjust":
                lines.append(draw(adjustments(share_class)))
            case "class":
                lines.append(draw(class_events(share_class)))
            case "split":
                lines += draw(split_events(f"split-{number}", share_class))
            case "distribution":
                lines += draw(distribution_events(f"distribution-{number}", share_class))
            case "issue" | "disposal" | "cancellation" as kind:
                lines += draw(plan_events(kind, f"{kind}-{number}", share_class))
            case "capital":
                lines.append(draw(reductions_of_capital()))
            case "close":
                lines.append(draw(closings(share_class)))
            case _:
                lines.append(draw(openings(share_class)))
    if profile != "none":
        lines = [draw(_acknowledged(stated)) for stated in lines]
    for number, stated in enumerate(lines):
        stated["key"] = f"event-{number}"
    if reversals and lines:
        targets = st.sampled_from(lines)
        lines += [
            draw(reversal_of(stated, f"reversal-{number}"))
            for number, stated in enumerate(draw(st.lists(targets, max_size=2)))
        ]
    return Told(registration(profile), draw(st.permutations(lines)))


@st.composite
def _acknowledged(draw: st.DrawFn, stated: Line) -> Line:
    """The same line, knowing which rules it may break."""
    if not draw(st.booleans()):
        return stated
    return {**stated, "acknowledged": [{"rule": rule, "reason": "it is so"} for rule in GUARDED]}


@st.composite
def reversal_of(draw: st.DrawFn, stated: Line, key: str) -> Line:
    """The reversal of an event, dated on any day."""
    return {
        "issuer": ISSUER,
        **{name: stated[name] for name in ("class", "action") if name in stated},
        "event": "EventReversed",
        "on": draw(days).isoformat(),
        "reverses": {"key": stated["key"]},
        "reason": "recorded in error",
        "key": key,
    }


# --- single events, in every spelling the storage must keep ---------------------------------------

_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12
)
_instants = st.sampled_from(["2020-03-02", "2020-03-02T15:00:00+09:00", "2020-03-02T06:00:00Z"])


@st.composite
def decorated(draw: st.DrawFn, stated: Line) -> Line:
    """The line with whatever every event can carry: document, meeting, note, disclosure."""
    extras: dict[str, st.SearchStrategy[Any]] = {
        "disclosed_at": _instants,
        "source": st.fixed_dictionaries(
            {"title": _texts},
            optional={
                "uri": st.just("https://example.com/notice?page=1#top"),
                "page": st.integers(1, 900),
                "sha256": st.just("0f" * 32),
            },
        ),
        "meeting": st.fixed_dictionaries(
            {
                "body": st.sampled_from(["BOARD", "AGM"]),
                "held_on": st.just("2020-03-01"),
            },
            optional={"name": _texts, "item": st.just("2")},
        ),
        "legal_basis": st.just("JP-CA-454-1"),
        "note": st.text(
            st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" \n"),
            min_size=1,
            max_size=30,
        ),
        "replaces": st.just({"key": "an earlier one"}),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(extras))))
    return {**stated, **{name: draw(extras[name]) for name in sorted(chosen)}}


def single_events() -> st.SearchStrategy[Line]:
    """Any one event of any kind."""
    lists = st.one_of(
        dividend_events("dividend-1", "common"),
        program_events("repurchase-1", "common").filter(bool),
        split_events("split-1", "common"),
        distribution_events("distribution-1", "common"),
        *(plan_events(kind, f"{kind}-1", "common") for kind in PLANS),
        st.lists(closings("common"), min_size=1, max_size=1),
        st.lists(acquisitions("acquisition-1", "common"), min_size=1, max_size=1),
        st.lists(openings("common"), min_size=1, max_size=1),
        st.lists(adjustments("common"), min_size=1, max_size=1),
        st.lists(class_events("common"), min_size=1, max_size=1),
        st.lists(issuer_events(), min_size=1, max_size=1),
        st.lists(reductions_of_capital(), min_size=1, max_size=1),
    )
    keyed = lists.flatmap(st.sampled_from).map(lambda stated: {**stated, "key": "event-1"})
    return keyed.flatmap(lambda stated: st.one_of(decorated(stated), reversed_once(stated)))


def reversed_once(stated: Line) -> st.SearchStrategy[Line]:
    return reversal_of(stated, "reversal-1").flatmap(decorated)


def keyed(lines: list[Line]) -> list[Line]:
    """The lines with keys of their own."""
    numbers = itertools.count(1)
    return [{**stated, "key": stated.get("key", f"key-{next(numbers)}")} for stated in lines]
