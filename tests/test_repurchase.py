"""A repurchase program: its caps, its window, its progress by trade date, its end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Typed, prepared

PROGRAM = ("ACME", "repurchase-2017")

# Own-share purchase status report, August 2017 (domain document, test vector 3).
TRADED_IN_AUGUST = "01 02 03 04 07 08 09 10 14 15 16 17 18 21 22 23 24".split()
SHARES = (
    "16500 16300 16200 16200 15800 16000 16200 15800 15800 15500 15500 16000 19500 18000 16400 "
    "19500 22700"
).split()
YEN = (
    "18695399 18558899 18492899 18533399 18167900 18320100 18435499 18152800 18165599 17951599 "
    "17973699 18334300 21889600 20377200 18695599 21883600 25421201"
).split()


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    return capital


@pytest.fixture
@prepared
def program(acme: Typed) -> Typed:
    """4,000 shares, JPY 400,000,000, 2008-11-14 to 2009-01-30: the caps of IIJ's notice of 2008."""
    acme.ok(
        *("repurchase", "authorize", *PROGRAM, "--on", "2008-10-28", "--max-shares", "4000"),
        *("--max-amount", "400000000", "--from", "2008-11-14", "--until", "2009-01-30"),
    )
    return acme


def progress(capital: Typed, on: str) -> dict[str, Any]:
    answer = capital.json("repurchases", *PROGRAM, "--on", on)
    assert isinstance(answer, dict)
    return answer


def buy(capital: Typed, on: str, shares: int, amount: int | None = None, *more: str) -> str:
    paid = () if amount is None else ("--amount", amount)
    return capital.ok(
        "repurchase", "purchase", *PROGRAM, "--on", on, "--shares", shares, *paid, *more
    )


# --- progress ------------------------------------------------------------------------------------


def test_a_month_of_a_real_program_adds_up_to_its_report(acme: Typed, tmp_path: Any) -> None:
    acme.ok(
        *("repurchase", "authorize", *PROGRAM, "--on", "2017-04-11", "--max-shares", "4000000"),
        *("--max-amount", "4000000000", "--from", "2017-04-11", "--until", "2018-04-11"),
        *("--already-shares", "1671100", "--already-amount", "1809601097"),
    )
    head = '{"issuer": "ACME", "class": "common", "action": "repurchase-2017"'
    lines = [
        f'{head}, "event": "SharesRepurchased", "on": "2017-08-{day}", "shares": {shares}, '
        f'"amount": {{"amount": "{yen}", "currency": "JPY"}}}}'
        for day, shares, yen in zip(TRADED_IN_AUGUST, SHARES, YEN, strict=True)
    ]
    acme.ok("import", "-", stdin="\n".join(reversed(lines)))

    before, after = progress(acme, "2017-07-31"), progress(acme, "2017-08-31")
    assert (before["shares"], before["amount"]["amount"]) == (1_671_100, "1809601097")
    # 1,671,100 + 287,900 and 1,809,601,097 + 328,049,292
    assert (after["shares"], after["amount"]["amount"]) == (1_959_000, "2137650389")
    assert (after["shares_percent"], after["amount_percent"]) == ("48.98", "53.44")
    assert after["shares_left"] == 2_041_000
    assert after["amount_left"]["amount"] == "1862349611"
    assert after["state"] == "open"


def test_progress_is_by_trade_date_even_where_settlement_is_later(program: Typed) -> None:
    buy(program, "2008-11-14", 100, 9_000_000, "--settled-on", "2008-11-19")

    assert progress(program, "2008-11-13")["shares"] == 0
    assert progress(program, "2008-11-14")["shares"] == 100
    assert progress(program, "2008-11-14")["amount"]["amount"] == "9000000"


def test_fees_count_toward_no_cap(program: Typed) -> None:
    buy(program, "2008-11-14", 4000, 400_000_000, "--fees", "1000000")

    assert progress(program, "2008-11-14")["amount_left"]["amount"] == "0"
    assert progress(program, "2008-11-14")["amount_percent"] == "100.00"


def test_a_month_without_a_purchase_is_a_report_too(program: Typed) -> None:
    buy(program, "2008-11-30", 0, 0, "--from", "2008-11-14")

    answer = progress(program, "2008-11-30")
    assert (answer["shares"], answer["amount"]["amount"]) == (0, "0")


def test_a_purchase_without_amount_makes_the_money_unknown_and_not_the_shares(
    program: Typed,
) -> None:
    buy(program, "2008-11-14", 100, 9_000_000)
    buy(program, "2008-11-17", 50)

    answer = progress(program, "2008-11-17")
    assert (answer["shares"], answer["shares_left"]) == (150, 3850)
    assert answer["amount"] is None
    assert (answer["amount_percent"], answer["amount_left"]) == (None, None)


def test_a_program_without_caps_shows_progress_and_no_headroom(acme: Typed) -> None:
    acme.ok("repurchase", "authorize", *PROGRAM, "--on", "2008-10-28", "--until", "2009-01-30")
    buy(acme, "2008-11-14", 100, 9_000_000)

    answer = progress(acme, "2008-11-14")
    assert (answer["shares"], answer["amount"]["amount"]) == (100, "9000000")
    assert (answer["max_shares"], answer["shares_left"], answer["shares_percent"]) == (None,) * 3
    assert (answer["max_amount"], answer["amount_left"], answer["amount_percent"]) == (None,) * 3


def test_purchases_may_open_a_program_whose_authorization_was_never_captured(
    acme: Typed,
) -> None:
    buy(acme, "2008-11-14", 100, 9_000_000)

    answer = progress(acme, "2008-11-14")
    assert (answer["state"], answer["shares"]) == ("open", 100)
    assert (answer["from"], answer["until"], answer["max_shares"]) == (None, None, None)


def test_a_window_that_is_not_stated_is_not_invented(acme: Typed) -> None:
    acme.ok("repurchase", "authorize", *PROGRAM, "--on", "2008-10-28", "--max-shares", "4000")

    answer = progress(acme, "2008-10-28")
    assert (answer["state"], answer["from"], answer["until"]) == ("open", None, None)


def test_money_is_told_in_the_currency_of_the_cap(acme: Typed) -> None:
    acme.ok(
        *("repurchase", "authorize", *PROGRAM, "--on", "2008-10-28", "--max-amount", "USD 1000"),
    )
    buy(acme, "2008-11-14", 5, 50_000, "--amount-in-cap-currency", "USD 480")

    answer = progress(acme, "2008-11-14")
    assert answer["amount"] == {"amount": "480.00", "currency": "USD"}
    assert answer["amount_left"] == {"amount": "520.00", "currency": "USD"}


# --- caps, window, order -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "amount", "figures"),
    [
        (4001, 1, ("4,001", "4,000 shares", "4,000 were left")),
        (1, 400_000_001, ("400,000,001", "JPY 400,000,000")),
    ],
)
def test_a_purchase_beyond_either_cap_is_refused_with_its_figures(
    program: Typed, shares: int, amount: int, figures: tuple[str, ...]
) -> None:
    said = program.refused(
        *("repurchase", "purchase", *PROGRAM, "--on", "2008-11-14"),
        *("--shares", shares, "--amount", amount),
    )

    assert "repurchase-caps" in said
    assert "2008-11-14" in said
    for figure in figures:
        assert figure in said
    assert progress(program, "2008-11-14")["shares"] == 0


def test_exactly_both_caps_may_be_bought_and_do_not_complete_the_program(program: Typed) -> None:
    buy(program, "2008-11-14", 4000, 400_000_000)

    answer = progress(program, "2008-11-14")
    assert (answer["shares_left"], answer["state"]) == (0, "open")


def test_a_backdated_purchase_is_judged_against_those_recorded_before_it(program: Typed) -> None:
    buy(program, "2008-12-10", 3999)

    said = program.refused(
        "repurchase", "purchase", *PROGRAM, "--on", "2008-11-14", "--shares", "2"
    )

    # The cap breaks on the later day: 2 + 3,999.
    assert "repurchase-caps" in said
    assert "2008-12-10" in said
    assert "4,001" in said


@pytest.mark.parametrize("on", ["2008-11-13", "2009-01-31"])
def test_a_trade_outside_the_window_is_refused_with_the_window(program: Typed, on: str) -> None:
    said = program.refused("repurchase", "purchase", *PROGRAM, "--on", on, "--shares", "1")

    assert "repurchase-window" in said
    assert f"trade date {on}" in said
    assert "2008-11-14 to 2009-01-30" in said


@pytest.mark.parametrize("on", ["2008-11-14", "2009-01-30"])
def test_the_window_includes_its_first_and_its_last_day(program: Typed, on: str) -> None:
    buy(program, on, 1)

    assert progress(program, on)["shares"] == 1


def test_settlement_may_fall_after_the_window(program: Typed) -> None:
    buy(program, "2009-01-30", 1, None, "--settled-on", "2009-02-04")

    assert progress(program, "2009-01-30")["shares"] == 1


def test_a_period_total_lies_in_the_window_at_both_of_its_ends(program: Typed) -> None:
    said = program.refused(
        *("repurchase", "purchase", *PROGRAM, "--on", "2008-11-30", "--from", "2008-11-01"),
        *("--shares", "10"),
    )

    assert "repurchase-window" in said
    assert "2008-11-01" in said


def test_nothing_is_bought_before_the_authorization(program: Typed) -> None:
    said = program.refused(
        "repurchase", "purchase", *PROGRAM, "--on", "2008-10-27", "--shares", "1"
    )

    assert "order-of-events" in said
    assert "2008-10-27" in said
    assert "its authorization on 2008-10-28" in said


def test_an_authorization_recorded_after_its_purchases_is_held_against_them(acme: Typed) -> None:
    buy(acme, "2008-11-14", 100)

    said = acme.refused(
        *("repurchase", "authorize", *PROGRAM, "--on", "2008-11-15", "--max-shares", "4000"),
    )

    assert "order-of-events" in said
    assert "SharesRepurchased of repurchase-2017 on 2008-11-14" in said


# --- amendments ----------------------------------------------------------------------------------


def test_a_cap_enlarged_on_the_day_covers_the_purchases_of_the_day(program: Typed) -> None:
    program.ok(
        *("repurchase", "amend", *PROGRAM, "--on", "2008-12-01", "--max-shares", "6000"),
        *("--cause", "enlarged by the board"),
    )
    buy(program, "2008-12-01", 4500)

    answer = progress(program, "2008-12-01")
    assert (answer["max_shares"], answer["max_shares_as_of"]) == (6000, "2008-12-01")
    assert (answer["shares_left"], answer["shares_percent"]) == (1500, "75.00")
    assert answer["max_amount"]["amount"] == "400000000"  # not named, not changed
    assert progress(program, "2008-11-30")["max_shares_as_of"] == "2008-10-28"


def test_a_program_is_extended_before_its_end_and_not_after_it(program: Typed) -> None:
    said = program.refused(
        "repurchase", "amend", *PROGRAM, "--on", "2009-01-31", "--until", "2009-03-31"
    )
    assert "order-of-events" in said
    assert "expired after 2009-01-30" in said

    program.ok("repurchase", "amend", *PROGRAM, "--on", "2009-01-30", "--until", "2009-03-31")
    assert progress(program, "2009-01-31")["state"] == "open"


def test_a_program_is_authorized_once(program: Typed) -> None:
    said = program.refused(
        "repurchase", "authorize", *PROGRAM, "--on", "2008-12-01", "--max-shares", "9"
    )

    assert "order-of-events" in said
    assert "authorized since 2008-10-28" in said


# --- the end -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "state"), [("complete", "completed"), ("terminate", "terminated")]
)
def test_a_program_ends_by_its_own_event(program: Typed, verb: str, state: str) -> None:
    program.ok("repurchase", verb, *PROGRAM, "--on", "2008-12-10")

    states = [progress(program, on)["state"] for on in ("2008-12-09", "2008-12-10", "2009-02-28")]
    assert states == ["open", state, state]


def test_a_program_may_buy_on_the_day_it_ends_and_not_after_it(program: Typed) -> None:
    program.ok("repurchase", "complete", *PROGRAM, "--on", "2008-12-10")

    buy(program, "2008-12-10", 1)
    said = program.refused(
        "repurchase", "purchase", *PROGRAM, "--on", "2008-12-11", "--shares", "1"
    )

    assert "order-of-events" in said
    assert "completed on 2008-12-10" in said


def test_a_program_may_be_reported_on_after_its_end(program: Typed) -> None:
    program.ok("repurchase", "complete", *PROGRAM, "--on", "2008-12-10")

    program.ok("repurchase", "report", *PROGRAM, "--on", "2009-01-15", "--shares", "0")

    assert progress(program, "2009-01-15")["shares"] == 0


# --- words that cannot be read -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ("authorize --from 2009-01-30 --until 2008-11-14", "2008-11-14"),
        ("authorize --max-shares 0", "0"),
        ("authorize --stated-percent 100.01", "100.01"),
        ("authorize --max-amount 1e8", "1e8"),
        ("authorize --max-amount JPY", "JPY"),
        ("purchase --shares -1", "-1"),
        ("purchase --shares 1,000", "1000"),  # the remedy: plain digits
        ("purchase --amount 5", "--shares"),
        ("report", "shares, amount or both"),
    ],
)
def test_what_cannot_be_a_program_or_a_purchase_cannot_be_read(
    acme: Typed, command: str, complaint: str
) -> None:
    verb, *stated = command.split()

    said = acme.refused("repurchase", verb, *PROGRAM, "--on", "2008-10-28", *stated, code=2)

    assert complaint in said
