"""Accelerated repurchases in the reports: one payment for shares delivered on several days.

The quarter is that of Apple's 10-K for the year ended 2017-09-30 (Item 5, and the note on
shareholders' equity): shares in thousands, a footnote in place of a price for each delivery under
an accelerated repurchase, and no average price in total. The days are made up.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Typed

REPORT = ("report", "repurchase-month", "AAPL")
QUARTER = (
    *("--month", "2017-07-02..2017-08-05", "--month", "2017-08-06..2017-09-02"),
    *("--month", "2017-09-03..2017-09-30"),
)


def buy(capital: Typed, program: str, day: str, shares: int, *more: object) -> None:
    capital.ok("repurchase", "purchase", "AAPL", program, "--on", day, "--shares", shares, *more)


def authorize(capital: Typed, program: str, day: str, *more: str) -> None:
    capital.ok("repurchase", "authorize", "AAPL", program, "--on", day, *more)


def accelerated(capital: Typed, program: str, day: str) -> None:
    authorize(capital, program, day, "--max-amount", "3000000000", "--method", "ACCELERATED")


@pytest.fixture
def registered(capital: Typed) -> Typed:
    capital.ok(*"issuer register AAPL --name Apple --currency USD --profile us".split())
    capital.ok(
        *"class open AAPL common --on 2017-04-01 --issued 5205815000 --treasury 0".split(),
    )
    return capital


@pytest.fixture
def apple(registered: Typed) -> Typed:
    """Three months of purchases, two of them under accelerated repurchases."""
    authorize(registered, "market", "2017-05-02", "--max-amount", "32000000000")
    accelerated(registered, "may", "2017-05-03")
    # 20,108 thousand in all, 4,510 thousand of them at the end
    buy(registered, "may", "2017-05-04", 15_598_000, "--amount", "3000000000")
    buy(registered, "market", "2017-07-20", 10_076_000, "--amount", "1500014120.00")  # x 148.87
    accelerated(registered, "august", "2017-08-07")
    buy(registered, "august", "2017-08-08", 15_069_000, "--amount", "3000000000")
    buy(registered, "may", "2017-08-10", 4_510_000, "--amount", "0")
    registered.ok(*"repurchase complete AAPL may --on 2017-08-10".split())
    buy(registered, "market", "2017-08-21", 9_684_000, "--amount", "1550021040.00")  # x 160.06
    buy(registered, "market", "2017-09-12", 9_313_000, "--amount", "1449940970.00")  # x 155.69
    return registered


def table(report: Any) -> list[tuple[int, str | None]]:
    return [(m["shares"], m["average_price"]) for m in [*report["months"], report["total"]]]


def us(capital: Typed, program: str, *months: str) -> Any:
    return capital.json(*REPORT, program, *months, "--form", "us-703")


# --- Item 703 -------------------------------------------------------------------------------------


def test_a_month_with_an_open_contract_has_no_average_price_as_in_the_filing(apple: Typed) -> None:
    report = us(apple, "market", *QUARTER)

    assert table(report) == [
        (10_076_000, "148.87"),
        (29_263_000, None),  # 4,510 + 15,069 + 9,684 thousand
        (9_313_000, "155.69"),
        (48_652_000, None),
    ]
    assert "the payment for august covers its whole contract" in report["reason"]
    assert "has not ended by 2017-09-30" in report["reason"]


def test_an_unknown_average_is_printed_as_unknown_and_never_as_zero(apple: Typed) -> None:
    printed = apple.ok(*REPORT, "market", *QUARTER, "--form", "us-703")

    (august,) = [line for line in printed.splitlines() if line.startswith("2017-08-06")]
    assert august.split()[3:5] == ["29,263,000", "unknown"]
    assert " 0.00 " not in printed


def test_after_its_end_every_delivery_has_the_average_of_the_whole_contract(apple: Typed) -> None:
    report = us(apple, "may", "--month", "2017-05", "--month", "2017-06", "--month", "2017-07")
    assert table(report)[0] == (15_598_000, None)

    report = us(apple, "may", *(f"--month=2017-0{n}" for n in (5, 6, 7, 8)))

    # 3,000,000,000 / 20,108,000 = 149.1943...; the filing, from unrounded figures: 149.20
    assert table(report)[0] == (15_598_000, "149.19")
    assert (
        "The average price of may is that of its whole contract, which ended on 2017-08-10: "
        "USD 3,000,000,000 for 20,108,000 shares, 149.19 each"
    ) in report["notes"]


def test_a_month_that_mixes_has_its_average_where_all_of_it_is_known(apple: Typed) -> None:
    buy(apple, "august", "2017-11-08", 4_000_000, "--amount", "0")
    apple.ok(*"repurchase complete AAPL august --on 2017-11-08".split())

    report = us(apple, "market", *(f"--month=2017-{n}" for n in ("08", "09", "10", "11")))

    # 4,510 at 3,000,000 / 20,108, 15,069 at 3,000,000 / 19,069, 9,684 at 160.06 (thousands):
    # 672,866.52 + 2,370,706.38 + 1,550,021.04 = 4,593,593.94 for 29,263
    assert table(report)[0] == (29_263_000, "156.98")
    assert table(report)[3] == (4_000_000, "157.32")  # 3,000,000 / 19,069
    assert report["reason"] is None


def test_a_final_delivery_whose_amount_is_absent_is_no_price_either(registered: Typed) -> None:
    accelerated(registered, "asr", "2017-05-03")
    buy(registered, "asr", "2017-05-04", 80, "--amount", "9000")
    buy(registered, "asr", "2017-06-20", 20)
    assert table(us(registered, "asr", "--month", "2017-06")) == [(20, None), (20, None)]

    registered.ok(*"repurchase complete AAPL asr --on 2017-06-20".split())

    assert table(us(registered, "asr", "--month", "2017-06")) == [(20, "90.00"), (20, "90.00")]


def test_the_end_of_the_period_ends_a_contract_only_after_a_second_delivery(
    registered: Typed,
) -> None:
    authorize(registered, "asr", "2017-05-03", "--method", "ACCELERATED", "--until", "2017-06-30")
    buy(registered, "asr", "2017-05-04", 80, "--amount", "9000")
    months = ("--month", "2017-05", "--month", "2017-06")
    assert table(us(registered, "asr", *months))[0] == (80, None)

    buy(registered, "asr", "2017-06-20", 20, "--amount", "0")

    assert table(us(registered, "asr", *months)) == [(80, "90.00"), (20, "90.00"), (100, "90.00")]


def test_a_contract_that_brings_no_more_shares_has_its_average_when_it_is_completed(
    registered: Typed,
) -> None:
    accelerated(registered, "asr", "2017-05-03")
    buy(registered, "asr", "2017-05-04", 80, "--amount", "9000")
    registered.ok(*"repurchase complete AAPL asr --on 2017-05-31".split())

    assert table(us(registered, "asr", "--month", "2017-05"))[0] == (80, "112.50")


def test_a_contract_whose_payment_is_not_recorded_never_has_an_average(registered: Typed) -> None:
    accelerated(registered, "asr", "2017-05-03")
    buy(registered, "asr", "2017-05-04", 80)
    registered.ok(*"repurchase complete AAPL asr --on 2017-05-31".split())

    report = us(registered, "asr", "--month", "2017-05")

    assert table(report)[0] == (80, None)
    assert report["reason"] == "what asr paid for its whole contract is not recorded"


def test_a_delivery_for_nothing_belongs_to_the_one_payment_of_its_program(
    registered: Typed,
) -> None:
    authorize(registered, "plan", "2017-05-03")
    buy(registered, "plan", "2017-05-04", 80, "--amount", "9000")
    buy(registered, "plan", "2017-06-20", 20, "--amount", "0")
    assert table(us(registered, "plan", "--month", "2017-06"))[0] == (20, None)

    registered.ok(*"repurchase complete AAPL plan --on 2017-06-20".split())

    assert table(us(registered, "plan", "--month", "2017-06"))[0] == (20, "90.00")


def test_a_delivery_for_nothing_among_several_payments_has_no_price(registered: Typed) -> None:
    authorize(registered, "plan", "2017-05-03")
    buy(registered, "plan", "2017-05-04", 80, "--amount", "9000")
    buy(registered, "plan", "2017-05-08", 10, "--amount", "1000")
    buy(registered, "plan", "2017-06-20", 20, "--amount", "0")
    registered.ok(*"repurchase complete AAPL plan --on 2017-06-20".split())

    report = us(registered, "plan", "--month", "2017-06")

    assert table(report)[0] == (20, None)
    assert "method ACCELERATED" in report["reason"]


def test_a_split_between_two_deliveries_leaves_the_average_in_the_shares_reported(
    registered: Typed,
) -> None:
    accelerated(registered, "asr", "2017-05-03")
    buy(registered, "asr", "2017-05-04", 80, "--amount", "9000")
    registered.ok(
        *"split resolve AAPL split --class common --on 2017-05-05 --kind SPLIT --new 2".split(),
        *"--old 1 --effective-on 2017-06-01".split(),
    )
    registered.ok(*"split effect AAPL split --on 2017-06-01".split())
    buy(registered, "asr", "2017-06-20", 40, "--amount", "0")
    registered.ok(*"repurchase complete AAPL asr --on 2017-06-20".split())

    report = us(registered, "asr", "--month", "2017-05", "--month", "2017-06")

    # 9,000 for 80 x 2 + 40
    assert table(report) == [(160, "45.00"), (40, "45.00"), (200, "45.00")]


# --- Japan and the United Kingdom -----------------------------------------------------------------


@pytest.fixture
def contract(registered: Typed) -> Typed:
    """Paid in May, delivered in May and June, ended in June."""
    accelerated(registered, "asr", "2017-05-03")
    buy(registered, "asr", "2017-05-04", 80, "--amount", "9000")
    buy(registered, "asr", "2017-06-20", 20, "--amount", "0")
    registered.ok(*"repurchase complete AAPL asr --on 2017-06-20".split())
    return registered


def test_the_japanese_report_shows_no_amount_for_a_delivery_without_a_payment(
    contract: Typed,
) -> None:
    may, june = (
        contract.json(*REPORT, "asr", "--month", month, "--form", "jp")
        for month in ("2017-05", "2017-06")
    )

    assert (june["acquired"][0]["shares"], june["acquired"][0]["amount"]) == (20, None)
    assert june["acquired_total"] == {"shares": 20, "amount": None}
    assert june["cumulative"]["amount"] == {"amount": "9000.00", "currency": "USD"}
    assert "a single delivery" in june["reason"]
    assert may["acquired_total"]["amount"] == {"amount": "9000.00", "currency": "USD"}
    assert may["reason"] is None
    assert may["notes"][0].startswith("The payment for asr covers its whole contract")


def test_the_uk_return_shows_no_price_of_a_part_of_a_contract(contract: Typed) -> None:
    may, june = (
        contract.json(*REPORT, "asr", "--month", month, "--form", "uk")
        for month in ("2017-05", "2017-06")
    )

    assert (may["total"]["average_price"], june["total"]["average_price"]) == (None, None)
    assert (june["total"]["shares"], june["total"]["amount"]) == (20, None)
    assert may["reason"] is not None
    assert june["reason"] is not None


def test_a_month_that_holds_the_whole_contract_has_its_amount_and_price(registered: Typed) -> None:
    accelerated(registered, "asr", "2017-05-03")
    buy(registered, "asr", "2017-05-04", 80, "--amount", "9000")
    buy(registered, "asr", "2017-05-20", 20, "--amount", "0")
    registered.ok(*"repurchase complete AAPL asr --on 2017-05-20".split())

    uk = registered.json(*REPORT, "asr", "--month", "2017-05", "--form", "uk")
    jp = registered.json(*REPORT, "asr", "--month", "2017-05", "--form", "jp")

    assert uk["total"]["amount"] == {"amount": "9000.00", "currency": "USD"}
    assert (uk["total"]["average_price"], uk["reason"]) == ("90.0000", None)
    assert [line["amount"] and line["amount"]["amount"] for line in jp["acquired"]] == [
        "9000.00",
        None,
    ]
    assert jp["acquired_total"]["amount"] == {"amount": "9000.00", "currency": "USD"}
    assert jp["notes"][0].endswith("USD 9,000 for 100 shares, 90.00 each")
    empty = registered.json(*REPORT, "asr", "--month", "2017-06", "--form", "uk")
    assert empty["total"]["amount"] == {"amount": "0.00", "currency": "USD"}
