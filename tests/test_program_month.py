"""A month of a real program, figure by figure: August 2017 (domain document, test vector 3).

Own-share purchase status report: caps 4,000,000 shares and JPY 4,000,000,000, period 2017-04-11 to
2018-04-11; before the month 1,671,100 shares for JPY 1,809,601,097.
"""

from __future__ import annotations

import json
from itertools import accumulate
from typing import Any

import pytest

from tests.conftest import Typed, prepared

PROGRAM = ("ACME", "repurchase-2017-04-10")
BEFORE = (1_671_100, 1_809_601_097)

# Trade date, shares, yen: as printed.
MONTH = [
    ("2017-08-01", 16_500, 18_695_399),
    ("2017-08-02", 16_300, 18_558_899),
    ("2017-08-03", 16_200, 18_492_899),
    ("2017-08-04", 16_200, 18_533_399),
    ("2017-08-07", 15_800, 18_167_900),
    ("2017-08-08", 16_000, 18_320_100),
    ("2017-08-09", 16_200, 18_435_499),
    ("2017-08-10", 15_800, 18_152_800),
    ("2017-08-14", 15_800, 18_165_599),
    ("2017-08-15", 15_500, 17_951_599),
    ("2017-08-16", 15_500, 17_973_699),
    ("2017-08-17", 16_000, 18_334_300),
    ("2017-08-18", 19_500, 21_889_600),
    ("2017-08-21", 18_000, 20_377_200),
    ("2017-08-22", 16_400, 18_695_599),
    ("2017-08-23", 19_500, 21_883_600),
    ("2017-08-24", 22_700, 25_421_201),
]


@pytest.fixture
@prepared
def program(capital: Typed) -> Typed:
    """The program as it stood before the month."""
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(
        *"class open ACME common --on 2017-07-31 --issued 100000000 --treasury 1671100".split(),
        *("--authorized", "400000000", "--treasury-cost", BEFORE[1]),
    )
    capital.ok(
        *("repurchase", "authorize", *PROGRAM, "--on", "2017-04-10", "--max-shares", "4000000"),
        *("--max-amount", "4000000000", "--from", "2017-04-11", "--until", "2018-04-11"),
        *("--already-shares", BEFORE[0], "--already-amount", BEFORE[1]),
    )
    return capital


def execute(capital: Typed) -> None:
    """The month as its report lists it, one day a line."""
    lines = [
        {
            "issuer": "ACME",
            "class": "common",
            "action": PROGRAM[1],
            "event": "SharesRepurchased",
            "on": day,
            "shares": shares,
            "amount": {"amount": str(yen), "currency": "JPY"},
        }
        for day, shares, yen in MONTH
    ]
    capital.ok("import", "-", stdin="".join(json.dumps(line) + "\n" for line in lines))


def progress(capital: Typed, on: str) -> dict[str, Any]:
    answer = capital.json("repurchases", *PROGRAM, "--on", on)
    assert isinstance(answer, dict)
    return answer


def test_before_the_month_the_program_stands_where_its_report_begins(program: Typed) -> None:
    execute(program)

    before = progress(program, "2017-07-31")
    assert (before["shares"], before["amount"]["amount"]) == (1_671_100, "1809601097")
    # 1,671,100 / 4,000,000 = 41.7775 %, 1,809,601,097 / 4,000,000,000 = 45.240... %
    assert (before["shares_percent"], before["amount_percent"]) == ("41.78", "45.24")


def test_every_day_of_the_month_adds_its_own_purchase(program: Typed) -> None:
    execute(program)

    shares = list(accumulate((s for _, s, _ in MONTH), initial=BEFORE[0]))[1:]
    yen = list(accumulate((y for _, _, y in MONTH), initial=BEFORE[1]))[1:]
    told = [progress(program, day) for day, _, _ in MONTH]
    assert [answer["shares"] for answer in told] == shares
    assert [int(answer["amount"]["amount"]) for answer in told] == yen


@pytest.mark.parametrize(("holiday", "last"), [("2017-08-06", 4), ("2017-08-11", 8)])
def test_nothing_is_bought_on_a_sunday_or_a_holiday(
    program: Typed, holiday: str, last: int
) -> None:
    execute(program)

    assert progress(program, holiday)["shares"] == BEFORE[0] + sum(s for _, s, _ in MONTH[:last])


def test_the_month_ends_on_the_figures_of_its_report(program: Typed) -> None:
    execute(program)

    after = progress(program, "2017-08-31")
    assert after["shares"] == 1_959_000  # 1,671,100 + 287,900
    assert after["amount"] == {"amount": "2137650389", "currency": "JPY"}  # + 328,049,292
    # 1,959,000 / 4,000,000 = 48.975 % exactly, half-up; 53.4412597... %
    assert (after["shares_percent"], after["amount_percent"]) == ("48.98", "53.44")
    assert (after["shares_left"], after["amount_left"]["amount"]) == (2_041_000, "1862349611")
    assert (after["state"], after["until"]) == ("open", "2018-04-11")
    assert after["days_left"] == 223  # September to March 30+31+30+31+31+28+31, and 11 of April


def test_what_the_month_bought_is_held_at_what_it_cost(program: Typed) -> None:
    execute(program)

    answer = program.json("treasury", "ACME", "--class", "common", "--on", "2017-08-31")
    assert answer["shares"] == 1_959_000
    assert answer["cost"] == {"amount": "2137650389", "currency": "JPY"}
    assert answer["percent_of_issued"] == "1.96"  # 1.959 % of 100,000,000


@pytest.mark.parametrize(
    ("printed", "holds"),
    [
        ("--shares 1959000 --amount 2137650389", True),
        ("--shares 1959100", False),
        ("--amount 2137650390", False),
        ("--amount 2137000000 --unit 1000000 --rounding DOWN", True),
        ("--amount 2138000000 --unit 1000000 --rounding HALF_UP", True),
        ("--amount 2137000000 --unit 1000000 --rounding HALF_UP", False),
    ],
)
def test_the_report_is_held_against_the_ledger(program: Typed, printed: str, holds: object) -> None:
    execute(program)
    program.ok("repurchase", "report", *PROGRAM, "--on", "2017-08-31", *printed.split())

    result = program("check", "ACME", "--on", "2017-08-31")

    assert (result.exit_code == 0) is holds
    assert ("reported-progress" in result.output) is not holds


def test_the_month_as_one_total_ends_on_the_same_figures(program: Typed) -> None:
    program.ok(
        *("repurchase", "purchase", *PROGRAM, "--from", "2017-08-01", "--on", "2017-08-31"),
        *("--shares", sum(s for _, s, _ in MONTH), "--amount", sum(y for _, _, y in MONTH)),
    )

    after = progress(program, "2017-08-31")
    assert (after["shares"], after["amount"]["amount"]) == (1_959_000, "2137650389")
    assert (after["shares_percent"], after["amount_percent"]) == ("48.98", "53.44")
