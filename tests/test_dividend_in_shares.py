"""A dividend in shares, or by choice: its terms, what was elected, and both statements of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Typed

SCRIP = ("ELCO", "dividend-2017-06-30")
STOCK = ("ACME", "stock-dividend")


@pytest.fixture
def elecosoft(capital: Typed) -> Typed:
    """The interim dividend of Elecosoft plc for 2017, with a choice of shares.

    Result of Scrip Dividend, RNS 7036V of 2017-11-06: 0.20p a share, a reference price of 43.25p,
    elections for 44,332,224 shares, 204,629 new shares, 77,440,700 thereafter, none in treasury.
    The interim results, RNS 6394R, are of 2017-09-25; the record date, the days of election and
    of payment are made up.
    """
    capital.ok(
        *"issuer register ELCO --name Elecosoft --currency GBP --fiscal-year-end 12-31".split(),
        *("--profile", "uk"),
    )
    capital.ok(
        *"class open ELCO common --on 2017-06-30 --issued 77236071 --treasury 0".split(),
    )
    capital.ok(
        *("dividend", "resolve", *SCRIP, "--on", "2017-09-25", "--term", "INTERIM"),
        *("--fiscal-year-end", "2017-12-31", "--per-share", "0.0020"),
        *("--record-date", "2017-10-06", "--payable-on", "2017-11-09", "--settled-in", "CHOICE"),
        *("--reference-price", "0.4325", "--election-until", "2017-10-27"),
    )
    return capital


@pytest.fixture
def elected(elecosoft: Typed) -> Typed:
    elecosoft.ok(
        *("dividend", "elect", *SCRIP, "--on", "2017-11-09", "--shares", "204629"),
        *("--elected-by", "44332224"),
    )
    return elecosoft


@pytest.fixture
def acme(capital: Typed) -> Typed:
    """1,000,000 issued, 40,000 in treasury, under the rules of the United States."""
    capital.ok(
        *"issuer register ACME --name Acme --currency USD --fiscal-year-end 12-31".split(),
        *("--profile", "us"),
    )
    capital.ok(
        *"class open ACME common --on 2019-12-31 --issued 1000000 --treasury 40000".split(),
        *("--authorized", "1040000"),
    )
    return capital


@pytest.fixture
def five_percent(acme: Typed) -> Typed:
    acme.ok(
        *("dividend", "resolve", *STOCK, "--on", "2020-05-01", "--term", "SPECIAL"),
        *("--fiscal-year-end", "2020-12-31", "--record-date", "2020-05-15"),
        *("--payable-on", "2020-06-01", "--settled-in", "SHARES", "--percent", "5"),
    )
    return acme


def year(capital: Typed, issuer: str, on: str) -> dict[str, Any]:
    (answer,) = capital.json("dividends", issuer, "--on", on)
    assert isinstance(answer, dict)
    return answer


def dividend(capital: Typed, issuer: str, on: str) -> dict[str, Any]:
    answer = year(capital, issuer, on)["dividends"][0]
    assert isinstance(answer, dict)
    return answer


def counts(capital: Typed, issuer: str, on: str) -> tuple[int, int]:
    (answer,) = capital.json("shares", issuer, "--on", on)
    return answer["issued"], answer["treasury"]


# --- by choice -----------------------------------------------------------------------------------


def test_a_scrip_dividend_keeps_its_figure_in_cash_and_its_whole_total(elecosoft: Typed) -> None:
    answer = dividend(elecosoft, "ELCO", "2017-10-31")

    assert (answer["state"], answer["settled_in"]) == ("resolved", "CHOICE")
    assert (answer["per_share"], answer["elected"]) == ("0.0020", None)
    # 77,236,071 x 0.0020
    assert answer["total"] == {"amount": "154472.142", "currency": "GBP"}


def test_elected_shares_and_cash_are_told_beside_the_total(elected: Typed) -> None:
    answer = dividend(elected, "ELCO", "2017-11-09")

    assert answer["elected"] == {
        "shares": 204_629,
        "from_treasury": 0,
        "elected_by": "44332224",
        "value": {"amount": "88664.448", "currency": "GBP"},  # 44,332,224 x 0.0020
        "cash": {"amount": "65807.694", "currency": "GBP"},  # (77,236,071 - 44,332,224) x 0.0020
    }
    assert answer["total"] == {"amount": "154472.142", "currency": "GBP"}  # both together


def test_elected_shares_are_issued_on_their_day(elected: Typed) -> None:
    assert counts(elected, "ELCO", "2017-11-08") == (77_236_071, 0)
    assert counts(elected, "ELCO", "2017-11-09") == (77_440_700, 0)


def test_the_cash_of_a_choice_is_paid_like_any_other(elected: Typed) -> None:
    assert dividend(elected, "ELCO", "2017-11-09")["state"] == "resolved"

    elected.ok("dividend", "pay", *SCRIP, "--on", "2017-11-09")

    answer = dividend(elected, "ELCO", "2017-11-09")
    assert (answer["state"], answer["paid_on"]) == ("paid", "2017-11-09")
    assert answer["paid_amount"] == {"amount": "65807.694", "currency": "GBP"}


def test_without_an_election_nobody_knows_what_a_choice_paid_in_cash(elecosoft: Typed) -> None:
    elecosoft.ok("dividend", "pay", *SCRIP, "--on", "2017-11-09")

    assert dividend(elecosoft, "ELCO", "2017-11-09")["paid_amount"] is None


def test_fractions_of_shares_are_no_difference(elecosoft: Typed) -> None:
    # 44,332,224 x 0.0020 / 0.4325 makes 205,004; 375 went with the fractions of the holders.
    receipt = elecosoft(
        *("dividend", "elect", *SCRIP, "--on", "2017-11-09", "--shares", "204629"),
        *("--elected-by", "44332224"),
    )

    assert receipt.exit_code == 0
    assert "election-value" not in receipt.stderr


def test_another_number_of_shares_than_was_offered_is_told(elecosoft: Typed) -> None:
    receipt = elecosoft(
        *("dividend", "elect", *SCRIP, "--on", "2017-11-09", "--shares", "240629"),
        *("--elected-by", "44332224"),
    )

    assert receipt.exit_code == 0
    assert (
        "election-value: 240,629 shares of dividend-2017-06-30 are issued; "
        "44,332,224 x 0.0020 / 0.4325 makes 205,004"
    ) in receipt.stderr


def test_who_chose_shares_follows_from_the_cash_where_it_is_stated(elecosoft: Typed) -> None:
    elecosoft.ok(
        *("dividend", "elect", *SCRIP, "--on", "2017-11-09", "--shares", "204629"),
        *("--cash-amount", "65807.69"),
    )

    # 77,236,071 - 65,807.69 / 0.0020
    assert dividend(elecosoft, "ELCO", "2017-11-09")["elected"]["elected_by"] == "44332226"


def test_elections_of_several_days_add_up(elecosoft: Typed) -> None:
    for on, shares, held, treasury in (
        ("2017-11-09", "100000", "21000000", "0"),
        ("2017-11-10", "104629", "23332224", "0"),
    ):
        elecosoft.ok(
            *("dividend", "elect", *SCRIP, "--on", on, "--shares", shares),
            *("--elected-by", held, "--from-treasury", treasury),
        )

    elected = dividend(elecosoft, "ELCO", "2017-11-10")["elected"]
    assert (elected["shares"], elected["elected_by"]) == (204_629, "44332224")


def test_shares_from_treasury_leave_it(acme: Typed) -> None:
    acme.ok(
        *("dividend", "resolve", *STOCK, "--on", "2020-05-01", "--term", "Q1"),
        *("--fiscal-year-end", "2020-12-31", "--per-share", "0.50", "--settled-in", "CHOICE"),
    )
    acme.ok(
        *("dividend", "elect", *STOCK, "--on", "2020-06-01", "--shares", "1000"),
        *("--from-treasury", "400"),
    )

    assert counts(acme, "ACME", "2020-06-01") == (1_000_600, 39_600)


def test_the_calendar_shows_the_last_day_of_the_choice(elecosoft: Typed) -> None:
    days = elecosoft.json("calendar", "ELCO", "--from", "2017-09-01", "--on", "2017-10-01")

    (last,) = [day for day in days if "choose" in day["what"]]
    assert (last["day"], last["state"]) == ("2017-10-27", "ahead")


def test_a_choice_may_be_withdrawn_before_anybody_elected(elecosoft: Typed) -> None:
    elecosoft.ok(
        *("dividend", "amend", *SCRIP, "--on", "2017-10-20"),
        *("--settled-in", "CASH", "--per-share", "0.0020"),
    )

    said = elecosoft.refused("dividend", "elect", *SCRIP, "--on", "2017-11-09", "--shares", "1")

    assert "settled-in" in said
    assert dividend(elecosoft, "ELCO", "2017-10-20")["settled_in"] == "CASH"


# --- order ---------------------------------------------------------------------------------------


def test_nobody_elects_before_the_resolution_or_after_the_end(elecosoft: Typed) -> None:
    said = elecosoft.refused("dividend", "elect", *SCRIP, "--on", "2017-09-24", "--shares", "1")
    assert "order-of-events" in said

    elecosoft.ok("dividend", "withdraw", *SCRIP, "--on", "2017-10-20", "--reason", "cash is kept")
    said = elecosoft.refused("dividend", "elect", *SCRIP, "--on", "2017-11-09", "--shares", "1")
    assert "order-of-events" in said
    assert "the dividend was withdrawn on 2017-10-20" in said


def test_what_was_issued_is_not_withdrawn(elected: Typed) -> None:
    said = elected.refused(
        *("dividend", "withdraw", *SCRIP, "--on", "2017-11-10", "--reason", "cash is kept")
    )

    assert "shares were issued for it on 2017-11-09" in said


def test_elected_shares_need_room_in_the_articles(five_percent: Typed) -> None:
    said = five_percent.refused(
        *("dividend", "elect", *STOCK, "--on", "2020-06-01", "--shares", "48000")
    )

    assert "within-authorized" in said
    assert "1,048,000 issued on 2020-06-01 would exceed 1,040,000 authorized" in said


def test_no_more_than_is_in_treasury_comes_from_it(five_percent: Typed) -> None:
    said = five_percent.refused(
        *("dividend", "elect", *STOCK, "--on", "2020-06-01", "--shares", "48000"),
        *("--from-treasury", "48000"),
    )

    assert "counts-not-negative" in said


def test_a_closed_class_receives_no_shares_though_a_dividend_is_owed(five_percent: Typed) -> None:
    five_percent.ok("class", "close", "ACME", "common", "--on", "2020-05-20")

    said = five_percent.refused(
        *("dividend", "elect", *STOCK, "--on", "2020-06-01", "--shares", "10")
    )

    assert "class common was closed on 2020-05-20" in said


# --- in shares only ------------------------------------------------------------------------------


def test_a_stock_dividend_has_no_figure_in_cash_and_no_total(five_percent: Typed) -> None:
    answer = year(five_percent, "ACME", "2020-05-20")

    (stock,) = answer["dividends"]
    assert (stock["state"], stock["settled_in"]) == ("resolved", "SHARES")
    unknown = ("per_share", "restated", "total", "paid_amount", "elected")
    assert [stock[name] for name in unknown] == [None] * len(unknown)
    assert answer["declared"] == {"per_share": None, "mixed_basis": None}
    assert answer["year_end_basis"] == {"per_share": None}
    assert answer["restated"]["per_share"] is None
    sums = ("approved_per_share", "paid_per_share", "total", "total_is")
    assert [answer[name] for name in sums] == [None] * len(sums)


def test_a_stock_dividend_is_paid_by_its_shares(five_percent: Typed) -> None:
    # 5 % of the 960,000 outstanding; the holders' fractions are left out.
    five_percent.ok(
        *("dividend", "elect", *STOCK, "--on", "2020-06-01", "--shares", "47950"),
        *("--from-treasury", "10000"),
    )

    answer = dividend(five_percent, "ACME", "2020-06-01")
    assert (answer["state"], answer["paid_on"]) == ("paid", "2020-06-01")
    assert answer["elected"] == {
        "shares": 47_950,
        "from_treasury": 10_000,
        "elected_by": "960000",
        "value": None,
        "cash": None,
    }
    assert counts(five_percent, "ACME", "2020-06-01") == (1_037_950, 30_000)
    assert not [
        finding
        for finding in five_percent.json("check", "ACME", "--on", "2020-07-01")
        if finding["rule"] in ("payment-overdue", "election-value")
    ]


def test_a_stock_dividend_adds_nothing_to_the_cash_of_its_year(five_percent: Typed) -> None:
    five_percent.ok(
        *("dividend", "resolve", "ACME", "cash", "--on", "2020-05-01", "--term", "Q1"),
        *("--fiscal-year-end", "2020-12-31", "--per-share", "0.50"),
        *("--record-date", "2020-05-15", "--payable-on", "2020-06-01"),
    )

    answer = year(five_percent, "ACME", "2020-05-20")
    assert answer["declared"] == {"per_share": "0.50", "mixed_basis": False}
    assert answer["total"] == {"amount": "480000.00", "currency": "USD"}  # 960,000 x 0.50
    table = five_percent.ok("dividends", "ACME", "--on", "2020-05-20")
    assert "in shares" in table


def test_the_year_says_why_a_stock_dividend_makes_no_sum(five_percent: Typed) -> None:
    (told,) = five_percent.json("explain", "dividends", "ACME", "--on", "2020-05-20")

    (explained,) = told["years"]
    assert (explained["lines"], explained["total"]) == ([], None)
    assert explained["reason"] == "what is decided for the year is settled in shares only"


def test_notice_and_tie_out_say_that_it_is_in_shares(five_percent: Typed) -> None:
    assert "in shares" in five_percent.ok("notice", *STOCK)

    result = five_percent(
        *("tie-out", "ACME", "--on", "2020-05-20", "--per-share", "0.50"),
        *("--dividend", "stock-dividend"),
    )
    assert "stock-dividend is settled in shares only" in result.output


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("", "per_share is missing: only a dividend in shares has none"),
        ("--settled-in CHOICE", "a dividend settled in CHOICE needs per_share"),
        ("--settled-in SHARES --per-share 1", "a dividend settled in SHARES has no per_share"),
        ("--per-share 1 --percent 5", "percent needs settled_in: CHOICE or SHARES"),
        ("--per-share 1 --settled-in CASH --percent 5", "settled in CASH has no percent"),
        ("--settled-in SHARES --new 1", "a ratio needs both new and old"),
        ("--settled-in SHARES --new 1 --old 20 --percent 5", "or as percent, not both"),
        ("--settled-in SHARES --election-until 2020-05-20", "leaves no choice"),
    ],
)
def test_terms_that_cannot_stand_together_are_refused(acme: Typed, terms: str, said: str) -> None:
    refused = acme(
        *("dividend", "resolve", *STOCK, "--on", "2020-05-01", "--term", "SPECIAL"),
        *("--fiscal-year-end", "2020-12-31", *terms.split()),
    )

    assert refused.exit_code != 0
    assert said in refused.stderr


def test_a_choice_between_ratio_and_cash_is_judged_by_the_ratio(acme: Typed) -> None:
    # One share for each twenty held.
    acme.ok(
        *("dividend", "resolve", *STOCK, "--on", "2020-05-01", "--term", "Q1"),
        *("--fiscal-year-end", "2020-12-31", "--per-share", "0.50", "--record-date", "2020-05-15"),
        *("--settled-in", "CHOICE", "--new", "1", "--old", "20"),
    )

    receipt = acme(
        *("dividend", "elect", *STOCK, "--on", "2020-06-01", "--shares", "11000"),
        *("--elected-by", "200000", "--cash-amount", "380000"),
    )

    # 200,000 / 20; (960,000 - 200,000) x 0.50 is 380,000.
    assert "11,000 shares of stock-dividend are issued; 200,000 x 1 / 20 makes 10,000" in (
        receipt.stderr
    )
    assert receipt.stderr.count("election-value") == 1
