"""Counts and treasury cost of one class over time: what each movement does to them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Typed, prepared

CLASS = ("ACME", "common")
PROGRAM = ("ACME", "repurchase-2020")


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    return capital


@pytest.fixture
@prepared
def opened(acme: Typed) -> Typed:
    """At the close of 2020-03-31: 1,000 issued, 100 in treasury at JPY 50,000; 900 outstanding."""
    acme.ok(
        *("class", "open", *CLASS, "--on", "2020-03-31", "--issued", "1000", "--treasury", "100"),
        *("--authorized", "4000", "--treasury-cost", "50000"),
    )
    return acme


@pytest.fixture
@prepared
def buying(opened: Typed) -> Typed:
    opened.ok("repurchase", "authorize", *PROGRAM, "--on", "2020-04-01", "--max-shares", "500")
    return opened


def bought(capital: Typed, on: str, shares: int, *more: object) -> str:
    return capital.ok("repurchase", "purchase", *PROGRAM, "--on", on, "--shares", shares, *more)


def counts(capital: Typed, on: str, *more: str) -> tuple[Any, Any, Any]:
    """Issued, treasury, outstanding."""
    answer = capital.json("shares", "ACME", "--class", "common", "--on", on, *more)
    return answer["issued"], answer["treasury"], answer["outstanding"]


def cost(capital: Typed, on: str, *more: str) -> str | None:
    answer = capital.json("treasury", "ACME", "--class", "common", "--on", on, *more)
    return None if answer["cost"] is None else str(answer["cost"]["amount"])


# --- opening -------------------------------------------------------------------------------------


def test_before_an_opening_every_count_is_unknown_and_none_is_zero(opened: Typed) -> None:
    answer = opened.json("shares", "ACME", "--class", "common", "--on", "2020-03-30")

    assert [answer[name] for name in ("authorized", "issued", "treasury", "outstanding")] == (
        [None] * 4
    )
    assert answer["reason"] == "the opening position is of 2020-03-31, after 2020-03-30"


@pytest.mark.parametrize(
    ("stated", "held"),
    [
        (("--issued", 1000, "--treasury", 100), (1000, 100, 900)),
        (("--issued", 1000, "--outstanding", 900), (1000, 100, 900)),
        (("--treasury", 100, "--outstanding", 900), (1000, 100, 900)),
        (("--issued", 1000), (1000, None, None)),
        (("--treasury", 100), (None, 100, None)),
        (("--outstanding", 900), (None, None, 900)),
        (("--authorized", 4000), (None, None, None)),
    ],
)
def test_two_known_counts_determine_the_third_and_one_alone_does_not(
    acme: Typed, stated: tuple[object, ...], held: tuple[int | None, ...]
) -> None:
    acme.ok("class", "open", *CLASS, "--on", "2020-03-31", *stated)

    assert counts(acme, "2020-03-31") == held


@pytest.mark.parametrize(
    ("stated", "held"),
    [
        # Bought to treasury: issued unchanged, treasury +30, outstanding -30, where known.
        (("--issued", 1000), (1000, None, None)),
        (("--treasury", 100), (None, 130, None)),
        (("--outstanding", 900), (None, None, 870)),
    ],
)
def test_a_purchase_moves_the_counts_that_are_known(
    acme: Typed, stated: tuple[object, ...], held: tuple[int | None, ...]
) -> None:
    acme.ok("class", "open", *CLASS, "--on", "2020-03-31", *stated)

    bought(acme, "2020-04-02", 30)

    assert counts(acme, "2020-04-02") == held


def test_a_count_unknown_at_the_opening_may_be_stated_later(acme: Typed) -> None:
    acme.ok("class", "open", *CLASS, "--on", "2020-03-31", "--issued", 1000)

    acme.ok("class", "open", *CLASS, "--on", "2020-06-30", "--treasury", 100)

    assert counts(acme, "2020-06-29") == (1000, None, None)
    assert counts(acme, "2020-06-30") == (1000, 100, 900)


def test_an_opening_position_is_the_count_at_the_close_of_its_day(buying: Typed) -> None:
    # Bought on the very day of the opening, whose figures already hold it.
    buying.ok(
        "acquisition",
        "acquire",
        "ACME",
        "odd-lots",
        *"--on 2020-03-31 --shares 7".split(),
        "--cause",
        "ODD_LOT",
    )

    assert counts(buying, "2020-03-31") == (1000, 100, 900)


def test_events_before_the_opening_move_no_count(opened: Typed) -> None:
    opened.ok(
        "acquisition",
        "acquire",
        "ACME",
        "odd-lots",
        *"--on 2020-03-30 --shares 7".split(),
        "--cause",
        "ODD_LOT",
    )

    assert counts(opened, "2020-03-30") == (None, None, None)
    assert counts(opened, "2020-04-01") == (1000, 100, 900)


def test_the_order_in_which_purchases_and_opening_are_recorded_does_not_matter(
    acme: Typed,
) -> None:
    bought(acme, "2020-05-01", 30)

    acme.ok("class", "open", *CLASS, *"--on 2020-03-31 --issued 1000 --treasury 100".split())

    assert counts(acme, "2020-05-01") == (1000, 130, 870)


# --- destination ---------------------------------------------------------------------------------


def test_shares_bought_to_treasury_stay_issued(buying: Typed) -> None:
    bought(buying, "2020-04-02", 30)

    assert counts(buying, "2020-04-02") == (1000, 130, 870)


def test_shares_bought_to_be_retired_are_no_longer_issued(buying: Typed) -> None:
    bought(buying, "2020-04-02", 30, "--destination", "RETIRED")

    assert counts(buying, "2020-04-02") == (970, 100, 870)


def test_a_purchase_goes_where_its_authorization_sends_it(opened: Typed) -> None:
    opened.ok(
        *("repurchase", "authorize", *PROGRAM, "--on", "2020-04-01", "--max-shares", "500"),
        *("--destination", "RETIRED"),
    )
    bought(opened, "2020-04-02", 30)
    bought(opened, "2020-04-03", 5, "--destination", "TREASURY")

    assert counts(opened, "2020-04-02") == (970, 100, 870)
    assert counts(opened, "2020-04-03") == (970, 105, 865)


# --- settlement and trade ------------------------------------------------------------------------


def test_a_purchase_counts_from_settlement_or_from_trade_as_asked(buying: Typed) -> None:
    bought(buying, "2020-04-02", 30, "--settled-on", "2020-04-06")

    assert counts(buying, "2020-04-05") == (1000, 100, 900)
    assert counts(buying, "2020-04-05", "--basis", "trade") == (1000, 130, 870)
    assert counts(buying, "2020-04-06") == counts(buying, "2020-04-06", "--basis", "trade")


def test_without_a_settlement_day_a_purchase_is_settled_on_its_trade_day(buying: Typed) -> None:
    bought(buying, "2020-04-02", 30)

    assert counts(buying, "2020-04-02", "--basis", "settlement") == (1000, 130, 870)


def test_a_trade_before_the_opening_that_settles_after_it_is_counted_on_both_bases(
    opened: Typed,
) -> None:
    # The stated 100 are settled shares: 30 more were bought by then and not yet delivered.
    opened.ok(
        *("acquisition", "acquire", "ACME", "odd-lots", "--on", "2020-03-30"),
        *("--settled-on", "2020-04-02", "--shares", "30", "--cause", "ODD_LOT"),
    )

    assert counts(opened, "2020-03-31") == (1000, 100, 900)
    assert counts(opened, "2020-03-31", "--basis", "trade") == (1000, 130, 870)
    assert counts(opened, "2020-04-02") == (1000, 130, 870)
    assert counts(opened, "2020-04-02", "--basis", "trade") == (1000, 130, 870)


# --- gaps ----------------------------------------------------------------------------------------


def adjusted(capital: Typed, on: str, issued: object, treasury: object, *more: str) -> str:
    return capital.ok(
        *("class", "adjust", *CLASS, "--on", on, "--issued-change", issued),
        *("--treasury-change", treasury, "--reason", "the report shows it", *more),
    )


def test_a_gap_of_a_known_size_moves_the_counts(opened: Typed) -> None:
    adjusted(opened, "2020-05-01", 200, -20)

    assert counts(opened, "2020-04-30") == (1000, 100, 900)
    assert counts(opened, "2020-05-01") == (1200, 80, 1120)


def test_a_gap_of_unknown_size_makes_its_count_unknown_and_leaves_the_other(
    opened: Typed,
) -> None:
    adjusted(opened, "2020-05-01", 0, "unknown")

    answer = opened.json("shares", "ACME", "--class", "common", "--on", "2021-01-01")
    assert counts(opened, "2021-01-01") == (1000, None, None)
    assert answer["reason"] == (
        "treasury and outstanding moved by an unknown number on 2020-05-01 (entry 3)"
    )


def test_a_gap_of_unknown_size_lasts_until_an_opening_states_the_count_again(
    opened: Typed,
) -> None:
    adjusted(opened, "2020-05-01", 0, "unknown")

    opened.ok("class", "open", *CLASS, "--on", "2020-12-31", "--treasury", 150)

    assert counts(opened, "2020-12-30") == (1000, None, None)
    assert counts(opened, "2020-12-31") == (1000, 150, 850)


def test_a_purchase_inside_a_gap_of_unknown_size_does_not_make_the_count_known(
    buying: Typed,
) -> None:
    adjusted(buying, "2020-05-01", 0, "unknown")
    bought(buying, "2020-05-02", 30)

    assert counts(buying, "2020-05-02") == (1000, None, None)


def test_a_gap_with_an_end_is_taken_back_the_day_after(opened: Typed) -> None:
    adjusted(opened, "2020-05-01", 0, 30, "--until", "2020-05-31")

    assert counts(opened, "2020-05-31") == (1000, 130, 870)
    assert counts(opened, "2020-06-01") == (1000, 100, 900)


def test_a_gap_of_unknown_size_with_an_end_is_known_again_the_day_after(buying: Typed) -> None:
    adjusted(buying, "2020-05-01", 0, "unknown", "--until", "2020-05-31")
    bought(buying, "2020-05-15", 30)

    assert counts(buying, "2020-05-31") == (1000, None, None)
    assert counts(buying, "2020-06-01") == (1000, 130, 870)


def test_of_two_gaps_the_count_is_known_only_after_both_have_ended(opened: Typed) -> None:
    adjusted(opened, "2020-05-01", 0, "unknown", "--until", "2020-06-30")
    adjusted(opened, "2020-06-01", 0, "unknown", "--until", "2020-07-31")

    assert counts(opened, "2020-07-15") == (1000, None, None)
    assert counts(opened, "2020-08-01") == (1000, 100, 900)


# --- treasury at cost ----------------------------------------------------------------------------


def test_an_acquisition_adds_what_was_paid_without_fees(buying: Typed) -> None:
    bought(buying, "2020-04-02", 30, "--amount", "21000", "--fees", "99")

    # 50,000 + 21,000 for 130 shares: JPY 546.153846153... each, 13.00 % of 1,000 issued.
    answer = buying.json("treasury", "ACME", "--class", "common", "--on", "2020-04-02")
    assert answer["shares"] == 130
    assert answer["cost"] == {"amount": "71000", "currency": "JPY"}
    assert answer["average_cost"] == "546.1538461538"
    assert answer["average_cost_rounded"] is True
    assert answer["percent_of_issued"] == "13.00"


def test_shares_taken_out_leave_at_average_cost_rounded_to_the_minor_unit(opened: Typed) -> None:
    # 3 shares at JPY 100 for all: one leaves with 33.33 -> 33, so that 67 stay for two;
    # of these one leaves with 33.5 -> 34 (half-up), so that 33 stay.
    opened.ok(*"class register ACME b --name B --on 2020-01-01".split())
    opened.ok(
        *"class open ACME b --on 2020-03-31 --issued 9 --treasury 3 --treasury-cost 100".split()
    )
    for on in ("2020-04-01", "2020-04-02"):
        opened.ok(
            *("class", "adjust", "ACME", "b", "--on", on, "--issued-change", "0"),
            *("--treasury-change", "-1", "--reason", "gap"),
        )

    costs = [
        opened.json("treasury", "ACME", "--class", "b", "--on", on)["cost"]["amount"]
        for on in ("2020-03-31", "2020-04-01", "2020-04-02")
    ]
    assert costs == ["100", "67", "33"]


def test_an_acquisition_without_amount_makes_the_cost_unknown_from_there_on(
    buying: Typed,
) -> None:
    bought(buying, "2020-04-02", 30)
    bought(buying, "2020-04-03", 10, "--amount", "7000")

    assert cost(buying, "2020-04-01") == "50000"
    assert (cost(buying, "2020-04-02"), cost(buying, "2020-04-03")) == (None, None)
    assert counts(buying, "2020-04-03") == (1000, 140, 860)


def test_an_unexplained_gain_of_treasury_shares_makes_the_cost_unknown(opened: Typed) -> None:
    adjusted(opened, "2020-05-01", 0, 30)

    assert cost(opened, "2020-05-01") is None


def test_once_treasury_is_empty_it_costs_nothing_and_is_known_again(buying: Typed) -> None:
    bought(buying, "2020-04-02", 30)
    adjusted(buying, "2020-05-01", 0, -130)
    bought(buying, "2020-05-02", 10, "--amount", "7000")

    assert cost(buying, "2020-04-30") is None
    assert cost(buying, "2020-05-01") == "0"
    assert cost(buying, "2020-05-02") == "7000"


def test_shares_in_treasury_of_which_no_cost_is_stated_have_an_unknown_cost(acme: Typed) -> None:
    acme.ok("class", "open", *CLASS, *"--on 2020-03-31 --issued 1000 --treasury 100".split())

    assert cost(acme, "2020-03-31") is None


def test_an_empty_treasury_costs_nothing(acme: Typed) -> None:
    acme.ok("class", "open", *CLASS, *"--on 2020-03-31 --issued 1000 --treasury 0".split())

    answer = acme.json("treasury", "ACME", "--class", "common", "--on", "2020-03-31")
    assert answer["cost"] == {"amount": "0", "currency": "JPY"}
    assert answer["average_cost"] is None
    assert answer["percent_of_issued"] == "0.00"


def test_an_empty_treasury_costs_nothing_whatever_its_opening_says(acme: Typed) -> None:
    stated = "--on 2020-03-31 --issued 1000 --treasury 0 --treasury-cost 500"

    result = acme("class", "open", *CLASS, *stated.split())

    # Either the contradiction is refused or the cost of no shares is 0: never 500 for nothing.
    assert result.exit_code == 2 or cost(acme, "2020-03-31") == "0"


def test_a_later_opening_does_not_overwrite_a_known_cost(opened: Typed) -> None:
    result = opened(
        "class",
        "open",
        "ACME",
        "b",
        *"--on 2020-03-31 --issued 10 --treasury 1".split(),
        "--treasury-cost",
        "500",
    )
    assert result.exit_code == 0

    opened(
        "class",
        "open",
        "ACME",
        "b",
        *"--on 2020-04-30 --authorized 40".split(),
        "--treasury-cost",
        "9",
    )

    answer = opened.json("treasury", "ACME", "--class", "b", "--on", "2020-04-30")
    assert answer["cost"] == {"amount": "500", "currency": "JPY"}


def test_purchases_in_unlike_currencies_have_no_common_cost(buying: Typed) -> None:
    bought(buying, "2020-04-02", 30, "--amount", "USD 200")

    assert cost(buying, "2020-04-02") is None


def test_cost_too_follows_the_basis_asked_for(buying: Typed) -> None:
    bought(buying, "2020-04-02", 30, "--amount", "21000", "--settled-on", "2020-04-06")

    assert cost(buying, "2020-04-02") == "50000"
    assert cost(buying, "2020-04-02", "--basis", "trade") == "71000"


# --- history and sums ----------------------------------------------------------------------------


def test_the_history_lists_every_change_with_the_counts_after_it(buying: Typed) -> None:
    bought(buying, "2020-04-02", 30, "--settled-on", "2020-04-06")

    changes = buying.json("shares", "ACME", "--history", "--on", "2020-12-31")

    assert [(c["on"], c["event"], c["treasury"], c["outstanding"]) for c in changes] == [
        ("2020-03-31", "OpeningPositionStated", 100, 900),
        ("2020-04-06", "SharesRepurchased", 130, 870),
    ]
    assert (changes[1]["treasury_change"], changes[1]["outstanding_change"]) == (30, -30)


def test_the_sum_over_classes_is_known_where_every_class_is(opened: Typed) -> None:
    opened.ok(*"class open ACME b --on 2020-03-31 --issued 10 --treasury 1".split())

    both = opened.json("shares", "ACME", "--class", "all", "--on", "2020-04-30")
    assert (both["issued"], both["treasury"], both["outstanding"]) == (1010, 101, 909)

    opened.ok(*"class open ACME c --on 2020-03-31 --issued 5".split())

    three = opened.json("shares", "ACME", "--class", "all", "--on", "2020-04-30")
    assert (three["issued"], three["treasury"], three["outstanding"]) == (1015, None, None)


def test_every_issuer_can_be_asked_at_once(opened: Typed) -> None:
    opened.ok(*"issuer register BETA --name Beta --currency USD --profile us".split())
    opened.ok(*"class open BETA common --on 2020-01-01 --issued 50 --treasury 5".split())

    answers = opened.json("shares", "--all", "--on", "2020-04-30")

    assert [(a["issuer"], a["issued"], a["outstanding"]) for a in answers] == [
        ("ACME", 1000, 900),
        ("BETA", 50, 45),
    ]
