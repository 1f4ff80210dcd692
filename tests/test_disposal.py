"""A disposal of treasury shares: resolved, delivered at its price, or lapsed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Typed, prepared

DISPOSAL = ("ACME", "disposal")

# Real disposals (domain document, section 5): price x shares = amount.
REAL = [
    (19_221, 3_895, 74_865_795),
    (41_865, 2_894, 121_157_310),
    (35_865, 4_685, 168_027_525),
    (42_130, 2_944, 124_030_720),
]


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """1,000,000 issued, 50,000 of them in treasury at JPY 100 each."""
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(
        *"class open ACME common --on 2020-03-31 --issued 1000000 --treasury 50000".split(),
        *"--treasury-cost 5000000 --authorized 4000000".split(),
    )
    return capital


def words(verb: str, on: str, *more: object) -> list[object]:
    return ["disposal", verb, *DISPOSAL, "--on", on, *more]


def counts(capital: Typed, on: str) -> tuple[Any, Any, Any]:
    answer = capital.json("shares", "ACME", "--class", "common", "--on", on)
    return answer["issued"], answer["treasury"], answer["outstanding"]


def state(capital: Typed, on: str) -> Any:
    return capital.json("action", *DISPOSAL, "--on", on)["state"]


@pytest.mark.parametrize(("price", "shares", "amount"), REAL)
def test_a_disposal_is_paid_its_price_times_its_shares(
    acme: Typed, price: int, shares: int, amount: int
) -> None:
    stated = ("--shares", shares, "--price", price, "--amount")
    for verb, more in (("resolve", ("--method", "RESTRICTED_STOCK")), ("dispose", ())):
        for wrong in (amount - 1, amount + 1):
            said = acme.refused(*words(verb, "2020-07-01", *stated, wrong, *more))
            assert "price-times-shares" in said
            assert f"are JPY {amount:,}, not JPY {wrong:,}" in said
        acme.ok(*words(verb, "2020-07-01", *stated, amount, *more))

    assert counts(acme, "2020-07-01") == (1_000_000, 50_000 - shares, 950_000 + shares)


@pytest.mark.parametrize(("shares", "price", "amount"), REAL)
def test_which_of_the_two_is_the_price_does_not_matter_to_the_product(
    acme: Typed, shares: int, price: int, amount: int
) -> None:
    acme.ok(
        *words("dispose", "2020-07-01", "--shares", shares, "--price", price, "--amount", amount)
    )

    assert counts(acme, "2020-07-01") == (1_000_000, 50_000 - shares, 950_000 + shares)


def test_disposed_shares_are_outstanding_from_their_day_on(acme: Typed) -> None:
    acme.ok(*words("resolve", "2020-06-01", "--shares", 10_000, "--method", "THIRD_PARTY"))
    acme.ok(*words("dispose", "2020-07-01", "--shares", 10_000))

    assert counts(acme, "2020-06-30") == (1_000_000, 50_000, 950_000)
    assert counts(acme, "2020-07-01") == (1_000_000, 40_000, 960_000)
    assert [state(acme, on) for on in ("2020-06-01", "2020-06-30", "2020-07-01")] == [
        "resolved",
        "resolved",
        "disposed of",
    ]


def test_a_disposal_takes_out_what_the_shares_cost_and_not_what_was_paid(acme: Typed) -> None:
    acme.ok(*words("dispose", "2020-07-01", "--shares", 10_000, "--price", 250))

    answer = acme.json("treasury", "ACME", "--class", "common", "--on", "2020-07-01")
    assert answer["cost"]["amount"] == "4000000"  # 40,000 x 100
    assert answer["average_cost"] == "100"


def test_no_more_is_disposed_of_than_treasury_holds(acme: Typed) -> None:
    said = acme.refused(*words("dispose", "2020-07-01", "--shares", 50_001))

    assert "counts-not-negative" in said
    assert "treasury would be -1" in said
    assert "2020-07-01" in said
    acme.ok(*words("dispose", "2020-07-01", "--shares", 50_000))


def test_a_months_total_may_open_a_disposal_that_was_never_resolved(acme: Typed) -> None:
    acme.ok(
        *words("dispose", "2020-07-31", "--from", "2020-07-01", "--shares", 200),
        *("--method", "OPTION_EXERCISE"),
    )

    assert counts(acme, "2020-07-30")[1] == 50_000
    assert counts(acme, "2020-07-31")[1] == 49_800


def test_a_disposal_may_be_delivered_in_parts(acme: Typed) -> None:
    acme.ok(*words("resolve", "2020-06-01", "--shares", 300, "--method", "OPTION_EXERCISE"))
    acme.ok(*words("dispose", "2020-07-01", "--shares", 100))
    acme.ok(*words("dispose", "2020-07-02", "--shares", 200))

    assert [counts(acme, f"2020-07-0{day}")[1] for day in (1, 2)] == [49_900, 49_700]


def test_what_is_not_taken_up_lapses_and_the_rest_stays_delivered(acme: Typed) -> None:
    acme.ok(*words("resolve", "2020-06-01", "--shares", 300, "--method", "RESTRICTED_STOCK"))
    acme.ok(*words("dispose", "2020-07-01", "--shares", 250))
    acme.ok(*words("lapse", "2020-07-01", "--shares", 50))

    assert counts(acme, "2020-07-01") == (1_000_000, 49_750, 950_250)
    assert state(acme, "2020-07-01") == "disposed of"


def test_a_disposal_that_lapsed_whole_moves_nothing(acme: Typed) -> None:
    acme.ok(*words("resolve", "2020-06-01", "--shares", 300, "--method", "THIRD_PARTY"))
    acme.ok(*words("lapse", "2020-06-20", "--shares", 300))

    assert state(acme, "2020-06-20") == "lapsed"
    assert counts(acme, "2020-06-20") == (1_000_000, 50_000, 950_000)
    said = acme.refused(*words("dispose", "2020-07-01", "--shares", 300))
    assert "order-of-events" in said
    assert "2020-06-20" in said


def test_part_of_a_disposal_may_lapse_before_the_rest_is_delivered(acme: Typed) -> None:
    # DisposalLapsed states how many were not taken up: 250 of 300 still may be.
    acme.ok(*words("resolve", "2020-06-01", "--shares", 300, "--method", "RESTRICTED_STOCK"))
    acme.ok(*words("lapse", "2020-06-20", "--shares", 50))

    acme.ok(*words("dispose", "2020-07-01", "--shares", 250))

    assert counts(acme, "2020-07-01") == (1_000_000, 49_750, 950_250)


def test_nothing_is_delivered_before_the_resolution(acme: Typed) -> None:
    acme.ok(*words("resolve", "2020-06-01", "--shares", 300, "--method", "THIRD_PARTY"))

    said = acme.refused(*words("dispose", "2020-05-31", "--shares", 300))

    assert "order-of-events" in said
    assert "2020-06-01" in said


def test_a_planned_disposal_whose_day_passed_is_overdue(acme: Typed) -> None:
    acme.ok(
        *words("resolve", "2020-06-01", "--shares", 300, "--method", "THIRD_PARTY"),
        *("--effective-on", "2020-07-01"),
    )

    def overdue(on: str) -> list[str]:
        found = acme.json("check", "ACME", "--on", on)
        return [f["action"] for f in found if f["rule"] == "effect-overdue"]

    assert overdue("2020-07-01") == []
    assert overdue("2020-07-02") == ["disposal"]
    acme.ok(*words("lapse", "2020-07-02", "--shares", 300))
    assert overdue("2020-07-02") == []


def test_shares_delivered_after_the_trade_leave_the_treasury_on_the_day_of_settlement(
    acme: Typed,
) -> None:
    acme.ok(*words("dispose", "2020-06-01", "--shares", 10, "--settled-on", "2020-06-03"))

    before, after = counts(acme, "2020-06-02"), counts(acme, "2020-06-03")
    by_trade = acme.json(
        *("shares", "ACME", "--class", "common", "--on", "2020-06-01", "--basis", "trade")
    )

    assert after[1] == before[1] - 10
    assert by_trade["treasury"] == after[1]
