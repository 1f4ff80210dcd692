"""Companies made up to be shown: one with thousands of events, one with names that are markup."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from random import Random

Line = dict[str, object]

HOSTILE = '</script><script>alert("x")</script><img src=x onerror=alert(1)>'
NO_BLANKS = "<img/src=x/onerror=alert(1)>"
"""The same as a reference, which holds no blanks."""
YEARS = range(2015, 2026)
BESIDE = 7 * len(YEARS) - 2
"""Events beside the purchases; the last year-end dividend is a forecast."""
SPLIT_ON = date(2021, 7, 1)


def yen(amount: object) -> Line:
    return {"amount": str(amount), "currency": "JPY"}


def fact(action: str, event: str, on: date | None, **fields: object) -> Line:
    line: Line = {"issuer": "ACME", "action": action, "event": event, **fields}
    line |= {} if action == "issuer" else {"class": "common"}
    line |= {} if on is None else {"on": on.isoformat()}
    return {"source": {"title": f"Notice of {on}", "page": 1}, **line}


def registered(name: str) -> list[Line]:
    return [
        fact("issuer", "IssuerRegistered", None, code="ACME", name=name, currency="JPY")
        | {"fiscal_year_end": "03-31", "profile": "none"},
        fact("class-common", "OpeningPositionStated", date(2015, 3, 31), issued=50_000_000)
        | {"treasury": 1_000_000, "authorized": 200_000_000},
    ]


def busy(size: int) -> list[Line]:
    """Eleven years of purchases, dividends, cancellations and one split: `size` events."""
    rng = Random(7)
    lines = [
        *registered("Acme Holdings K.K."),
        fact("split-2021", "SplitResolved", date(2021, 5, 1), kind="SPLIT", new=2, old=1)
        | {"effective_on": SPLIT_ON.isoformat(), "authorized_after": 400_000_000},
        fact("split-2021", "SplitEffected", SPLIT_ON),
    ]
    purchases = size - len(lines) - BESIDE
    keys = count()
    for place, year in enumerate(YEARS):
        share = purchases * (place + 1) // len(YEARS) - purchases * place // len(YEARS)
        lines += [line | {"key": f"event-{next(keys)}"} for line in _year(year, share, rng)]
    return lines


def _year(year: int, purchases: int, rng: Random) -> list[Line]:
    program, interim, final = f"repurchase-{year}", f"dividend-{year}-09", f"dividend-{year + 1}-03"
    begin, ends = date(year, 4, 11), f"{year + 1}-03-31"
    lines = [
        fact(program, "RepurchaseAuthorized", date(year, 4, 10), max_shares=2_000_000)
        | {
            "max_amount": yen(2_000_000_000),
            "from": begin.isoformat(),
            "until": f"{year + 1}-03-25",
        },
        fact(interim, "DividendResolved", date(year, 11, 10), term="INTERIM", per_share="12.50")
        | {"fiscal_year_end": ends, "currency": "JPY", "record_date": f"{year}-09-30"},
        fact(interim, "DividendPaid", date(year, 12, 1)),
        fact(final, "DividendForecast", date(year, 5, 10), term="YEAR_END", per_share="20")
        | {"fiscal_year_end": ends, "currency": "JPY"},
        fact(f"cancellation-{year}", "TreasurySharesCancelled", date(year + 1, 3, 28))
        | {"shares": 1_500_000},
    ]
    if year != YEARS[-1]:
        lines += [
            fact(final, "DividendResolved", date(year + 1, 5, 10), term="YEAR_END")
            | {"per_share": str(year - 2000), "fiscal_year_end": ends, "currency": "JPY"}
            | {"record_date": ends, "payable_on": f"{year + 1}-06-20"},
            fact(final, "DividendPaid", date(year + 1, 6, 20)),
        ]
    for number in range(purchases):
        on = begin + timedelta(days=number * 330 // purchases)
        shares = 1_800_000 // purchases + rng.randint(0, 40)
        lines.append(
            fact(program, "SharesRepurchased", on, shares=shares)
            | {"amount": yen(shares * rng.randint(800, 1000))}
        )
    return lines


def hostile() -> list[Line]:
    """Every name, title, reason and reference is markup."""
    source = {"title": HOSTILE, "uri": "javascript:alert(1)"}
    lines = [
        *registered(HOSTILE),
        fact(NO_BLANKS, "DividendResolved", date(2020, 5, 1), term="YEAR_END", per_share="5")
        | {"fiscal_year_end": "2020-03-31", "currency": "JPY"},
        fact("<b>", "RepurchaseAuthorized", date(2020, 4, 1), max_shares=1000),
        fact("<b>", "SharesRepurchased", date(2020, 4, 2), shares=100),
        fact("class-common", "PositionAdjusted", date(2021, 4, 2), issued_change=0)
        | {"treasury_change": None, "reason": HOSTILE},
    ]
    return [line | {"source": source} for line in lines]
