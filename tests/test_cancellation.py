"""A cancellation of treasury shares: never more than there are, at any date; and what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Typed, prepared

CANCELLATION = ("ACME", "cancellation-2023-06-15")


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """100,000 issued, 4,000 of them in treasury, 200,000 authorized, from 2023-03-31 on."""
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(
        *"class open ACME common --on 2023-03-31 --issued 100000 --treasury 4000".split(),
        *("--authorized", "200000"),
    )
    return capital


def cancel_words(shares: int, on: str = "2023-06-15") -> list[str]:
    return ["cancellation", "cancel", *CANCELLATION, "--on", on, "--shares", str(shares)]


def cancel(capital: Typed, shares: int, on: str = "2023-06-15") -> str:
    return capital.ok(*cancel_words(shares, on))


def acquire(capital: Typed, on: str, shares: int, *more: object, action: str = "odd-lots") -> str:
    return capital.ok(
        *("acquisition", "acquire", "ACME", action, "--on", on),
        *("--shares", shares, "--cause", "ODD_LOT", *more),
    )


def dispose(capital: Typed, on: str, shares: int, action: str = "disposal") -> str:
    return capital.ok("disposal", "dispose", "ACME", action, "--on", on, "--shares", shares)


def counts(capital: Typed, on: str, *more: str) -> tuple[Any, ...]:
    answer = capital.json("shares", "ACME", "--class", "common", "--on", on, *more)
    return answer["authorized"], answer["issued"], answer["treasury"], answer["outstanding"]


def cost(capital: Typed, on: str) -> Any:
    answer = capital.json("treasury", "ACME", "--class", "common", "--on", on)
    return answer["cost"] and answer["cost"]["amount"]


def state(capital: Typed, on: str) -> Any:
    return capital.json("action", *CANCELLATION, "--on", on)["state"]


# --- counts --------------------------------------------------------------------------------------


def test_cancelled_shares_leave_issued_and_treasury_and_not_the_articles(acme: Typed) -> None:
    cancel(acme, 4_000)

    assert counts(acme, "2023-06-14") == (200_000, 100_000, 4_000, 96_000)
    assert counts(acme, "2023-06-15") == (200_000, 96_000, 0, 96_000)


def test_a_resolution_cancels_nothing_before_its_day(acme: Typed) -> None:
    acme.ok(
        *("cancellation", "resolve", *CANCELLATION, "--on", "2023-05-18"),
        *("--shares", "4000", "--effective-on", "2023-06-15"),
    )

    assert counts(acme, "2023-06-20")[1:] == (100_000, 4_000, 96_000)


def test_a_months_total_moves_counts_on_its_last_day(acme: Typed) -> None:
    acme.ok(
        *("cancellation", "cancel", *CANCELLATION, "--from", "2023-06-01", "--on", "2023-06-30"),
        *("--shares", "4000"),
    )

    assert counts(acme, "2023-06-29")[1:] == (100_000, 4_000, 96_000)
    assert counts(acme, "2023-06-30")[1:] == (96_000, 0, 96_000)


# --- one share more ------------------------------------------------------------------------------


def test_one_share_more_than_treasury_holds_is_refused_naming_the_day(acme: Typed) -> None:
    said = acme.refused(*cancel_words(4_001))

    assert "counts-not-negative" in said
    assert "on 2023-06-15" in said
    assert "treasury would be -1" in said
    assert "treasury 4,000" in said
    assert "capital class adjust" in said  # the remedy where purchases were never captured
    assert counts(acme, "2023-06-15")[1:] == (100_000, 4_000, 96_000)


def test_one_share_more_than_treasury_holds_later_is_refused_naming_the_later_day(
    acme: Typed,
) -> None:
    dispose(acme, "2023-09-01", 1_000)

    said = acme.refused(*cancel_words(3_001))

    # 4,000 - 3,001 = 999 on the day itself; the thousand of September breaks.
    assert "counts-not-negative" in said
    assert "on 2023-09-01" in said
    assert "treasury would be -1" in said
    cancel(acme, 3_000)
    assert counts(acme, "2023-09-01")[1:] == (97_000, 0, 97_000)


def test_what_is_bought_later_cannot_be_cancelled_before(acme: Typed) -> None:
    acquire(acme, "2023-06-16", 1)

    said = acme.refused(*cancel_words(4_001))

    assert "on 2023-06-15" in said
    cancel(acme, 4_001, on="2023-06-16")
    assert counts(acme, "2023-06-16")[1:] == (95_999, 0, 95_999)


def test_what_is_bought_on_the_day_can_be_cancelled_on_it(acme: Typed) -> None:
    cancel(acme, 4_000)
    said = acme.refused(
        *"cancellation cancel ACME another --on 2023-06-15 --shares 1".split(),
    )
    assert "treasury would be -1" in said

    acquire(acme, "2023-06-15", 1)
    acme.ok(*"cancellation cancel ACME another --on 2023-06-15 --shares 1".split())


def test_what_is_traded_and_not_yet_settled_cannot_be_cancelled(acme: Typed) -> None:
    acquire(acme, "2023-06-14", 1, "--settled-on", "2023-06-16")

    said = acme.refused(*cancel_words(4_001))

    assert "settlement basis" in said
    assert "on 2023-06-15" in said
    cancel(acme, 4_001, on="2023-06-16")


def test_a_purchase_that_a_cancellation_rests_on_cannot_be_taken_back(acme: Typed) -> None:
    acquire(acme, "2023-05-10", 500)
    cancel(acme, 4_500)

    said = acme.refused(
        *"reverse ACME odd-lots 1 --on 2023-07-01 --reason".split(), "recorded twice"
    )

    # 4,000 - 4,500, on the day of the cancellation and not of the reversal.
    assert "counts-not-negative" in said
    assert "on 2023-06-15" in said
    assert "treasury would be -500" in said
    assert counts(acme, "2023-06-15")[1:] == (95_500, 0, 95_500)


def test_a_purchase_is_taken_back_as_far_as_the_cancellation_needs_none_of_it(acme: Typed) -> None:
    acquire(acme, "2023-05-10", 500)
    cancel(acme, 4_000)

    acme.ok(*"reverse ACME odd-lots 1 --on 2023-07-01 --reason".split(), "recorded twice")

    assert counts(acme, "2023-06-15")[1:] == (96_000, 0, 96_000)


def test_a_purchase_moved_to_a_day_after_the_cancellation_is_refused(acme: Typed) -> None:
    acquire(acme, "2023-05-10", 500, "--key", "bought")
    cancel(acme, 4_500)
    head = '{"issuer": "ACME", "class": "common", "action": "odd-lots", '

    result = acme(
        *("import", "-"),
        stdin=head
        + '"event": "EventReversed", "on": "2023-07-01", "reverses": {"key": "bought"}, '
        + '"reason": "wrong day"}\n'
        + head
        + '"event": "SharesAcquired", "on": "2023-06-16", "shares": 500, "cause": "ODD_LOT"}\n',
    )

    assert result.exit_code == 1
    assert "counts-not-negative" in result.stderr
    assert "on 2023-06-15" in result.stderr
    assert counts(acme, "2023-05-10")[1:] == (100_000, 4_500, 95_500)


# --- lifecycle -----------------------------------------------------------------------------------


def test_a_cancellation_goes_from_resolved_to_cancelled(acme: Typed) -> None:
    acme.ok(
        *("cancellation", "resolve", *CANCELLATION, "--on", "2023-05-18"),
        *("--shares", "4000", "--effective-on", "2023-06-15"),
    )
    cancel(acme, 4_000)

    assert [state(acme, on) for on in ("2023-05-18", "2023-06-14", "2023-06-15")] == [
        "resolved",
        "resolved",
        "cancelled",
    ]


def test_a_cancellation_whose_resolution_was_never_captured_is_recorded(acme: Typed) -> None:
    cancel(acme, 4_000)

    assert state(acme, "2023-06-15") == "cancelled"


def test_a_planned_cancellation_whose_day_passed_is_overdue(acme: Typed) -> None:
    acme.ok(
        *("cancellation", "resolve", *CANCELLATION, "--on", "2023-05-18"),
        *("--shares", "4000", "--effective-on", "2023-06-15"),
    )

    def overdue(on: str) -> list[str]:
        found = acme.json("check", "ACME", "--on", on)
        return [f["message"] for f in found if f["rule"] == "effect-overdue"]

    assert overdue("2023-06-15") == []
    (message,) = overdue("2023-06-16")
    assert "cancellation-2023-06-15" in message
    assert "2023-06-15" in message
    cancel(acme, 4_000)
    assert overdue("2023-06-16") == []


def test_nothing_is_cancelled_before_its_resolution_or_after_its_withdrawal(acme: Typed) -> None:
    acme.ok(
        *("cancellation", "resolve", *CANCELLATION, "--on", "2023-05-18", "--shares", "4000"),
    )
    said = acme.refused(*cancel_words(1, on="2023-05-17"))
    assert "order-of-events" in said
    assert "2023-05-18" in said

    acme.ok(
        *("cancellation", "withdraw", *CANCELLATION, "--on", "2023-06-01"),
        *("--reason", "the shares are needed"),
    )
    said = acme.refused(*cancel_words(1))
    assert "order-of-events" in said
    assert "withdrawn on 2023-06-01" in said
    assert state(acme, "2023-06-20") == "withdrawn"


@pytest.mark.parametrize("shares", ["0", "-1", "1.5", "1.000"])
def test_cancelled_shares_are_a_whole_number_of_them(acme: Typed, shares: str) -> None:
    said = acme.refused(
        *("cancellation", "cancel", *CANCELLATION, "--on", "2023-06-15", "--shares", shares),
        code=2,
    )

    assert "Error: " in said


# --- treasury at cost ----------------------------------------------------------------------------


@pytest.fixture
@prepared
def empty(capital: Typed) -> Typed:
    """100,000 issued and none in treasury."""
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*"class open ACME common --on 2023-03-31 --issued 100000 --treasury 0".split())
    return capital


def test_what_leaves_treasury_takes_its_average_cost_and_the_rounding_stays(empty: Typed) -> None:
    acquire(empty, "2023-04-03", 3, "--amount", "100")
    cancel(empty, 1, on="2023-04-04")  # 100 / 3 = 33.33..., so 33
    dispose(empty, "2023-04-05", 1)  # 67 / 2 = 33.5, half-up 34
    cancel(empty, 1, on="2023-04-06")  # the 33 that are left

    days = ("2023-04-02", "2023-04-03", "2023-04-04", "2023-04-05", "2023-04-06")
    assert [cost(empty, on) for on in days] == ["0", "100", "67", "33", "0"]


def test_cost_is_rounded_to_the_minor_unit_of_its_currency(empty: Typed) -> None:
    acquire(empty, "2023-04-03", 3, "--amount", "USD 100")
    cancel(empty, 1, on="2023-04-04")  # 33.33
    dispose(empty, "2023-04-05", 1)  # 66.67 / 2 = 33.335, half-up 33.34

    assert [cost(empty, on) for on in ("2023-04-03", "2023-04-04", "2023-04-05")] == [
        "100.00",
        "66.67",
        "33.33",
    ]


def test_cost_is_the_moving_average_of_all_purchases_without_fees(empty: Typed) -> None:
    acquire(empty, "2023-04-03", 10, "--amount", "1000")
    empty.ok(
        *"repurchase purchase ACME program --on 2023-04-04 --shares 30".split(),
        *"--amount 5000 --fees 77".split(),
    )
    cancel(empty, 20, on="2023-04-05")  # 6,000 / 40 = 150 a share, 3,000 for twenty
    acquire(empty, "2023-04-06", 20, "--amount", "1000")

    assert [cost(empty, f"2023-04-0{day}") for day in (4, 5, 6)] == ["6000", "3000", "4000"]
    answer = empty.json("treasury", "ACME", "--class", "common", "--on", "2023-04-06")
    assert (answer["shares"], answer["average_cost"]) == (40, "100")


def test_an_acquisition_without_amount_makes_the_cost_unknown_until_treasury_is_empty(
    empty: Typed,
) -> None:
    acquire(empty, "2023-04-03", 10, "--amount", "1000")
    acquire(empty, "2023-04-04", 5)
    cancel(empty, 14, on="2023-04-05")
    dispose(empty, "2023-04-06", 1)
    acquire(empty, "2023-04-07", 2, "--amount", "30")

    days = [f"2023-04-0{day}" for day in (3, 4, 5, 6, 7)]
    assert [cost(empty, on) for on in days] == ["1000", None, None, "0", "30"]


def test_a_backdated_purchase_moves_the_average_of_what_left_after_it(empty: Typed) -> None:
    acquire(empty, "2023-04-03", 10, "--amount", "1000")
    cancel(empty, 5, on="2023-04-10")
    assert cost(empty, "2023-04-10") == "500"

    acquire(empty, "2023-04-05", 10, "--amount", "3000", action="found-in-the-files")

    assert cost(empty, "2023-04-10") == "3000"  # 4,000 - 5 x 200
    answer = empty.json(*"treasury ACME --class common --on 2023-04-10 --known-at 4".split())
    assert answer["cost"]["amount"] == "500"  # as it was believed then
