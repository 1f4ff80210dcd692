"""The two notices the ledger started from, recorded and asked for again, figure by figure.

Sources: "IIJ Announces the Distribution of Retained Earnings" (2018-05-24) and IIJ's notice of
repurchase (GlobeNewswire, 2008-10-28). Every expected figure below is printed in one of them,
unless a comment says otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Typed, prepared

THE_DIVIDEND = ("IIJ", "dividend-2018-03-31")
THE_PROGRAM = ("IIJ", "repurchase-2008-10-28")


@pytest.fixture
@prepared
def iij(capital: Typed) -> Typed:
    capital.ok(
        *"issuer register IIJ --currency JPY --fiscal-year-end 03-31 --profile jp".split(),
        *("--name", "Internet Initiative Japan Inc."),
    )
    return capital


@pytest.fixture
@prepared
def notice_2018(iij: Typed) -> Typed:
    """What the notice of 2018-05-24 says, and nothing else: no share count is in it."""
    # The notice says of both interim dividends only that they were paid; record and payment days
    # of FY2016's are from the notice of 2016-11-04, those of FY2017's stand for "by then".
    for year, resolved, record, paid in (
        ("2017-03-31", "2016-11-04", "2016-09-30", "2016-12-06"),
        ("2018-03-31", "2017-11-08", "2017-09-30", "2017-12-05"),
    ):
        dividend = ("IIJ", f"dividend-{record}")
        iij.ok(
            *("dividend", "resolve", *dividend, "--on", resolved, "--term", "INTERIM"),
            *("--fiscal-year-end", year, "--per-share", "13.50", "--record-date", record),
            *("--payable-on", paid, "--fund", "RETAINED_EARNINGS"),
        )
        iij.ok("dividend", "pay", *dividend, "--on", paid)
    year_end_2017 = ("IIJ", "dividend-2017-03-31")
    iij.ok(
        *("dividend", "resolve", *year_end_2017, "--on", "2017-05-26", "--term", "YEAR_END"),
        *("--fiscal-year-end", "2017-03-31", "--per-share", "13.50"),
        *("--record-date", "2017-03-31", "--payable-on", "2017-06-29", "--approval", "AGM"),
        *("--fund", "RETAINED_EARNINGS", "--stated-total", "JPY 608 million"),
    )
    iij.ok("dividend", "approve", *year_end_2017, "--on", "2017-06-28")
    iij.ok("dividend", "pay", *year_end_2017, "--on", "2017-06-29")
    iij.ok(
        *("dividend", "forecast", *THE_DIVIDEND, "--on", "2018-05-15", "--term", "YEAR_END"),
        *("--fiscal-year-end", "2018-03-31", "--per-share", "13.50"),
    )
    iij.ok(
        *("dividend", "resolve", *THE_DIVIDEND, "--on", "2018-05-24", "--term", "YEAR_END"),
        *("--fiscal-year-end", "2018-03-31", "--per-share", "13.50"),
        *("--record-date", "2018-03-31", "--payable-on", "2018-06-29"),
        *("--approval", "AGM", "--meeting-expected", "2018-06-28"),
        *("--fund", "RETAINED_EARNINGS", "--stated-total", "JPY 608 million"),
    )
    return iij


@pytest.fixture
@prepared
def paid_in_2018(notice_2018: Typed) -> Typed:
    notice_2018.ok("dividend", "approve", *THE_DIVIDEND, "--on", "2018-06-28")
    notice_2018.ok("dividend", "pay", *THE_DIVIDEND, "--on", "2018-06-29")
    return notice_2018


@pytest.fixture
@prepared
def notice_2008(iij: Typed) -> Typed:
    """What the notice of 2008-10-28 says."""
    iij.ok(
        *("class", "register", "IIJ", "common", "--on", "2005-12-02", "--name", "Common stock"),
    )
    iij.ok(
        *("class", "open", "IIJ", "common", "--on", "2008-10-27"),
        *("--outstanding", "206478", "--treasury", "0"),
    )
    iij.ok(
        *("class", "set-depositary-ratio", "IIJ", "common", "--on", "2008-10-28"),
        *("--depositary-shares", "400", "--shares", "1"),
    )
    iij.ok(
        *("repurchase", "authorize", *THE_PROGRAM, "--on", "2008-10-28"),
        *("--max-shares", "4000", "--max-amount", "400000000", "--stated-percent", "1.94"),
        *("--from", "2008-11-14", "--until", "2009-01-30"),
        *("--method", "MARKET", "--legal-basis", "JP-CA-165-3"),
    )
    return iij


def cells(text: str) -> list[list[str]]:
    """The cells of printed tables: whatever two blanks or more keep apart."""
    rows = (line.split("  ") for line in text.splitlines())
    return [[cell.strip() for cell in row if cell.strip()] for row in rows]


# --- 2018-05-24 ----------------------------------------------------------------------------------


def test_the_notice_of_2018_prints_both_of_its_tables_again(notice_2018: Typed) -> None:
    printed = cells(notice_2018.ok("notice", *THE_DIVIDEND, "--on", "2018-05-24"))

    assert [
        "FY2017 year-end dividend",
        "Latest forecast (2018-05-15)",
        "FY2016 year-end dividend",
    ] in printed
    assert ["Record date", "2018-03-31", "2018-03-31", "2017-03-31"] in printed
    assert ["Dividend per share", "JPY 13.50", "JPY 13.50", "JPY 13.50"] in printed
    assert ["Total dividend amount", "JPY 608 million", "-", "JPY 608 million"] in printed
    assert ["Effective date", "2018-06-29", "-", "2017-06-29"] in printed
    assert ["Dividend resource", "Retained earnings", "-", "Retained earnings"] in printed
    assert ["Year ended 2018-03-31", "JPY 13.50 (paid)", "JPY 13.50", "JPY 27.00"] in printed
    assert [
        "Year ended 2017-03-31",
        "JPY 13.50 (paid)",
        "JPY 13.50 (paid)",
        "JPY 27.00",
    ] in printed


def test_without_a_day_the_notice_is_that_of_its_own_resolution(notice_2018: Typed) -> None:
    asked = notice_2018.ok("notice", *THE_DIVIDEND, "--on", "2018-05-24")

    assert notice_2018.ok("notice", *THE_DIVIDEND) == asked


def test_on_the_day_of_the_notice_the_dividend_awaits_its_approval(notice_2018: Typed) -> None:
    notice = notice_2018.json("notice", *THE_DIVIDEND, "--on", "2018-05-24")

    assert notice["dividend"]["state"] == "awaiting approval"
    assert (notice["approval"], notice["meeting_expected"]) == ("AGM", "2018-06-28")
    assert notice["dividend"]["per_share"] == "13.50"
    assert notice["dividend"]["record_date"] == "2018-03-31"
    assert notice["dividend"]["payable_on"] == "2018-06-29"
    assert notice["dividend"]["stated_total"] == {
        "amount": "608000000",
        "currency": "JPY",
        "unit": "1000000",
        "rounding": "HALF_UP",
    }
    assert notice["dividend"]["total"] is None  # the notice states no share count
    assert (notice["forecast"]["released_on"], notice["forecast"]["per_share"]) == (
        "2018-05-15",
        "13.50",
    )
    assert notice["prior"]["per_share"] == "13.50"
    assert notice["prior"]["payable_on"] == "2017-06-29"
    assert notice["prior"]["stated_total"]["amount"] == "608000000"


def test_on_the_day_of_the_notice_both_years_carry_27_yen(notice_2018: Typed) -> None:
    fy2016, fy2017 = notice_2018.json("dividends", "IIJ", "--on", "2018-05-24")

    assert (fy2017["fiscal_year"], fy2017["declared"]["per_share"]) == ("FY2017", "27.00")
    assert [(d["term"], d["state"]) for d in fy2017["dividends"]] == [
        ("INTERIM", "paid"),
        ("YEAR_END", "awaiting approval"),
    ]
    assert (fy2017["approved_per_share"], fy2017["paid_per_share"]) == ("13.50", "13.50")
    assert (fy2016["fiscal_year"], fy2016["declared"]["per_share"]) == ("FY2016", "27.00")
    assert [d["state"] for d in fy2016["dividends"]] == ["paid", "paid"]
    assert fy2016["paid_per_share"] == "27.00"


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2018-05-14", None),
        ("2018-05-15", "forecast"),
        ("2018-05-23", "forecast"),
        ("2018-05-24", "awaiting approval"),
        ("2018-06-27", "awaiting approval"),
        ("2018-06-28", "approved"),
        ("2018-06-29", "paid"),
    ],
)
def test_the_dividend_of_2018_passes_through_its_states_day_by_day(
    paid_in_2018: Typed, on: str, state: str | None
) -> None:
    year = paid_in_2018.json("dividends", "IIJ", "--fiscal-year", "FY2017", "--on", on)[0]

    assert [d["state"] for d in year["dividends"] if d["term"] == "YEAR_END"] == (
        [] if state is None else [state]
    )


def test_once_paid_the_notice_of_the_approval_day_still_says_approved(paid_in_2018: Typed) -> None:
    on_28 = paid_in_2018.json("notice", *THE_DIVIDEND, "--on", "2018-06-28")
    on_29 = paid_in_2018.json("notice", *THE_DIVIDEND, "--on", "2018-06-29")

    assert (on_28["dividend"]["state"], on_29["dividend"]["state"]) == ("approved", "paid")
    assert [row["year_end_paid"] for row in on_28["annual"]] == [False, True]
    assert [row["year_end_paid"] for row in on_29["annual"]] == [True, True]


def test_once_paid_the_notice_of_its_own_day_reads_as_it_did(notice_2018: Typed) -> None:
    before = notice_2018.ok("notice", *THE_DIVIDEND)
    notice_2018.ok("dividend", "approve", *THE_DIVIDEND, "--on", "2018-06-28")
    notice_2018.ok("dividend", "pay", *THE_DIVIDEND, "--on", "2018-06-29")

    assert notice_2018.ok("notice", *THE_DIVIDEND) == before


def test_a_notice_asked_for_earlier_knowledge_outlives_the_reversal_of_its_dividend(
    iij: Typed,
) -> None:
    iij.ok(
        *("dividend", "resolve", *THE_DIVIDEND, "--on", "2018-05-24", "--term", "YEAR_END"),
        *("--fiscal-year-end", "2018-03-31", "--per-share", "13.50"),
    )
    before = iij.json("notice", *THE_DIVIDEND, "--known-at", "2")
    iij.ok("reverse", *THE_DIVIDEND, "1", "--reason", "the board met a day later")
    after_the_reversal = iij("notice", *THE_DIVIDEND, "--known-at", "2", "--format", "json")
    iij.ok(
        *("dividend", "resolve", *THE_DIVIDEND, "--on", "2018-05-25", "--term", "YEAR_END"),
        *("--fiscal-year-end", "2018-03-31", "--per-share", "13.50"),
    )

    assert after_the_reversal.exit_code == 0, after_the_reversal.stderr
    assert iij.json("notice", *THE_DIVIDEND, "--known-at", "2") == before


# --- 2008-10-28 ----------------------------------------------------------------------------------


def test_the_notice_of_2008_prints_its_outline_again(notice_2008: Typed) -> None:
    printed = cells(notice_2008.ok("notice", *THE_PROGRAM))

    assert ["Type of shares", "Common stock"] in printed
    assert [
        "Total number of shares",
        "up to 4,000 (equivalent to 1.94 % of outstanding)",
    ] in printed
    assert ["Total amount", "up to JPY 400,000,000"] in printed
    assert ["Period", "2008-11-14 to 2009-01-30"] in printed
    assert ["Depositary shares", "400 for 1 share"] in printed
    assert ["Reference: position on 2008-10-27"] in printed
    assert ["Outstanding, excluding treasury", "206,478"] in printed
    assert ["Treasury", "0"] in printed


def test_the_notice_of_2008_comes_back_as_figures(notice_2008: Typed) -> None:
    notice = notice_2008.json("notice", *THE_PROGRAM, "--on", "2008-10-28")

    assert notice["state"] == "authorized"  # purchases begin on 2008-11-14
    assert notice["max_shares"] == 4000
    assert notice["percent_of_outstanding"] == "1.94"  # 4,000 / 206,478 = 1.937... %
    assert notice["max_amount"] == {"amount": "400000000", "currency": "JPY"}
    assert (notice["from"], notice["until"]) == ("2008-11-14", "2009-01-30")
    assert notice["position_on"] == "2008-10-27"
    assert (notice["outstanding"], notice["treasury"]) == (206_478, 0)
    assert (notice["depositary_shares"], notice["depositary_shares_for"]) == (400, 1)


def test_the_position_of_2008_comes_back_three_counts_side_by_side(notice_2008: Typed) -> None:
    counts = notice_2008.json("shares", "IIJ", "--class", "common", "--on", "2008-10-27")

    assert (counts["issued"], counts["treasury"], counts["outstanding"]) == (206_478, 0, 206_478)
    assert counts["authorized"] is None  # the notice does not say


@pytest.mark.parametrize(
    ("on", "state", "days_left"),
    [
        ("2008-10-28", "authorized", 94),  # 3 of October, 30 + 31 + 30 to 30 January
        ("2008-11-13", "authorized", 78),
        ("2008-11-14", "open", 77),
        ("2009-01-30", "open", 0),
        ("2009-01-31", "expired", None),
    ],
)
def test_the_program_of_2008_opens_and_expires_with_its_window(
    notice_2008: Typed, on: str, state: str, days_left: int | None
) -> None:
    program: dict[str, Any] = notice_2008.json("repurchases", *THE_PROGRAM, "--on", on)

    assert (program["state"], program["days_left"]) == (state, days_left)
    # No purchase is recorded: 0 of 4,000, and all of both caps is left.
    assert (program["shares"], program["shares_left"], program["shares_percent"]) == (
        0,
        4000,
        "0.00",
    )
    assert program["amount_left"] == {"amount": "400000000", "currency": "JPY"}


def test_a_stated_percentage_that_does_not_multiply_out_is_pointed_out(iij: Typed) -> None:
    iij.ok(*"class open IIJ common --on 2008-10-27 --issued 206478 --treasury 0".split())
    iij.ok(
        *("repurchase", "authorize", *THE_PROGRAM, "--on", "2008-10-28"),
        *("--max-shares", "4000", "--stated-percent", "1.95"),
    )

    result = iij("notice", *THE_PROGRAM)

    assert result.exit_code == 0
    assert "the notice prints 1.95 %, but the ledger computes 1.94" in result.stderr


def test_without_an_opening_the_outline_stands_and_its_position_is_unknown(iij: Typed) -> None:
    iij.ok(
        *("repurchase", "authorize", *THE_PROGRAM, "--on", "2008-10-28"),
        *("--max-shares", "4000", "--stated-percent", "1.94"),
    )

    notice = iij.json("notice", *THE_PROGRAM)

    assert (notice["issued"], notice["treasury"], notice["outstanding"]) == (None, None, None)
    assert (notice["percent_of_outstanding"], notice["stated_percent"]) == (None, "1.94")
    assert notice["reason"] == "no opening position is recorded"
