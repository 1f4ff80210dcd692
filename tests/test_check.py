"""`capital check`: what disagrees, what is missing, acknowledged, unexplained or overdue."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Typed, prepared


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """1,000 issued, 100 of them in treasury, 4,000 authorized."""
    capital.ok(
        *"issuer register ACME --name Acme --currency JPY --fiscal-year-end 03-31".split(),
        *("--profile", "jp"),
    )
    capital.ok(
        *"class open ACME common --on 2020-03-31 --issued 1000 --treasury 100".split(),
        *("--authorized", "4000"),
    )
    return capital


def checked(capital: Typed, on: str = "2020-12-31") -> tuple[int, list[dict[str, Any]]]:
    result = capital("check", "ACME", "--on", on, "--format", "json")
    assert result.exit_code in (0, 1), result.output
    return result.exit_code, json.loads(result.stdout)


def found(capital: Typed, on: str = "2020-12-31") -> list[tuple[str, str]]:
    return [(f["finding"], f["rule"]) for f in checked(capital, on)[1]]


def test_a_record_in_order_has_no_findings(acme: Typed) -> None:
    assert checked(acme) == (0, [])


# --- published counts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reported",
    [
        "--issued 1000",
        "--treasury 100",
        "--outstanding 900",
        "--issued 1000 --treasury 100 --outstanding 900",
        "--issued 1000 --unit 1000",
        "--treasury 0 --unit 1000 --rounding DOWN",
        "--outstanding 1000 --unit 1000",  # 900 rounds half-up to a thousand
    ],
)
def test_a_published_count_that_agrees_is_no_finding(acme: Typed, reported: str) -> None:
    acme.ok(*"class report ACME common --on 2020-06-30".split(), *reported.split())

    assert checked(acme) == (0, [])


@pytest.mark.parametrize(
    ("reported", "expected", "held", "difference"),
    [
        ("--issued 1001", "1001", "1000", "-1"),
        ("--treasury 99", "99", "100", "1"),
        ("--outstanding 0 --unit 1000 --rounding HALF_UP", "0", "900", "900"),
    ],
)
def test_a_published_count_that_disagrees_fails_with_both_figures(
    acme: Typed, reported: str, expected: str, held: str, difference: str
) -> None:
    acme.ok(*"class report ACME common --on 2020-06-30".split(), *reported.split())

    code, (finding,) = checked(acme)

    assert code == 1
    assert (finding["finding"], finding["rule"]) == ("assertion failed", "reported-position")
    assert (finding["expected"], finding["found"]) == (expected, held)
    assert finding["difference"] == difference
    assert finding["on"] == "2020-06-30"
    assert finding["around"] == ["OpeningPositionStated of class-common on 2020-03-31 (entry 2)"]


def test_a_disagreement_may_be_acknowledged_and_stays_listed(acme: Typed) -> None:
    acme.ok(
        *"class report ACME common --on 2020-06-30 --issued 1001".split(),
        *("--acknowledge", "reported-position", "--reason", "misprint"),
    )

    code, (finding,) = checked(acme)

    assert (code, finding["finding"], finding["reason"]) == (0, "acknowledged", "misprint")


def test_a_published_count_of_what_is_unknown_is_not_judged(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*"class report ACME common --on 2020-06-30 --issued 1000".split())

    code, (finding,) = checked(capital)

    assert (code, finding["finding"], finding["rule"]) == (0, "unjudged", "reported-position")


def test_a_published_count_is_compared_on_settlement_basis(acme: Typed) -> None:
    acme.ok(
        *"acquisition acquire ACME odd-lots --on 2020-06-29 --settled-on 2020-07-01".split(),
        *("--shares", "5", "--cause", "ODD_LOT"),
    )
    acme.ok(*"class report ACME common --on 2020-06-30 --treasury 100".split())

    assert checked(acme) == (0, [])


def test_a_count_published_for_all_classes_is_compared_with_their_sum(acme: Typed) -> None:
    acme.ok(*"class open ACME b --on 2020-03-31 --issued 10 --treasury 0 --authorized 40".split())
    acme.ok(*"class report ACME all --on 2020-06-30 --issued 1010 --outstanding 910".split())
    assert checked(acme) == (0, [])

    acme.ok(*"class report ACME all --on 2020-07-31 --issued 1000".split())
    code, (finding,) = checked(acme)
    assert (code, finding["expected"], finding["found"]) == (1, "1000", "1010")


def test_a_backdated_event_can_make_a_published_count_disagree(acme: Typed) -> None:
    acme.ok(*"class report ACME common --on 2020-06-30 --treasury 100".split())

    acme.ok(*"acquisition acquire ACME odd-lots --on 2020-05-01 --shares 5 --cause ODD_LOT".split())

    assert checked(acme)[0] == 1
    assert checked(acme, "2020-06-29") == (0, [])  # asked for a day before the report


# --- published progress and totals ---------------------------------------------------------------


@pytest.fixture
@prepared
def program(acme: Typed) -> Typed:
    acme.ok(
        *"repurchase authorize ACME program --on 2020-04-01 --max-shares 500".split(),
        *"--max-amount 1000000 --until 2020-12-31".split(),
    )
    acme.ok(*"repurchase purchase ACME program --on 2020-05-01 --shares 30 --amount 21499".split())
    return acme


@pytest.mark.parametrize(
    ("reported", "agrees"),
    [
        ("--shares 30", True),
        ("--shares 31", False),
        ("--amount 21499", True),
        ("--amount 21500", False),
        ("--amount 21000 --unit 1000", True),
        ("--amount 22000 --unit 1000", False),
        ("--shares 30 --amount 21000 --unit 1000 --rounding DOWN", True),
    ],
)
def test_published_progress_is_compared_within_its_rounding(
    program: Typed, reported: str, agrees: object
) -> None:
    program.ok(*"repurchase report ACME program --on 2020-05-31".split(), *reported.split())

    code, findings = checked(program)

    assert (code == 0) is agrees
    assert [f["rule"] for f in findings] == ([] if agrees else ["reported-progress"])


def test_progress_is_compared_as_of_its_own_day(program: Typed) -> None:
    program.ok(*"repurchase report ACME program --on 2020-04-30 --shares 0".split())

    assert checked(program) == (0, [])


@pytest.mark.parametrize(
    ("reported", "agrees"),
    [
        ("--per-share 12.50", True),
        ("--per-share 12.5 --basis DECLARED", True),
        ("--per-share 12.51", False),
        ("--per-share 13 --rounding HALF_UP", True),  # printed to the yen
        ("--per-share 12 --rounding DOWN --basis YEAR_END", True),
        ("--amount 11250", True),  # 12.50 x 900
        ("--amount 11251", False),
        ("--amount 11000 --unit 1000", True),
    ],
)
def test_a_published_year_of_dividends_is_compared_within_its_rounding(
    acme: Typed, reported: str, agrees: object
) -> None:
    acme.ok(
        *"dividend resolve ACME d --on 2020-05-20 --term YEAR_END --per-share 12.50".split(),
        *"--fiscal-year-end 2020-03-31 --record-date 2020-03-31 --payable-on 2020-06-26".split(),
    )
    acme.ok(*"dividend pay ACME d --on 2020-06-26".split())
    acme.ok(
        *"class report-dividends ACME common --on 2020-06-30 --fiscal-year-end".split(),
        *("2020-03-31", *reported.split()),
    )

    code, findings = checked(acme)

    assert (code == 0) is agrees
    assert [f["rule"] for f in findings] == ([] if agrees else ["reported-total"])


# --- what is not judged --------------------------------------------------------------------------


def test_a_purchase_without_amount_leaves_the_cap_on_money_unjudged(program: Typed) -> None:
    program.ok(*"repurchase purchase ACME program --on 2020-06-01 --shares 5".split())

    assert ("unjudged", "repurchase-caps") in found(program)
    assert checked(program)[0] == 0


def test_unknown_authorized_shares_are_listed_as_unjudged(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*"class open ACME common --on 2020-03-31 --issued 1000 --treasury 0".split())

    assert found(capital) == [("unjudged", "within-authorized")]


def test_a_stated_total_without_a_base_says_what_it_implies(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(
        *"dividend resolve ACME d --on 2018-05-24 --term YEAR_END --per-share 13.50".split(),
        *"--fiscal-year-end 2018-03-31 --record-date 2018-03-31 --payable-on 2018-06-29".split(),
        *("--stated-total", "JPY 608 million"),
    )
    capital.ok(*"dividend pay ACME d --on 2018-06-29".split())

    _, (finding,) = checked(capital)

    assert (finding["finding"], finding["rule"]) == ("unjudged", "stated-total")
    assert "45,000,000 to 45,074,074 outstanding" in finding["message"]


# --- what is unexplained, overdue, acknowledged --------------------------------------------------


def test_every_adjustment_is_listed_with_its_reason(acme: Typed) -> None:
    acme.ok(
        *"class adjust ACME common --on 2020-06-01 --issued-change 200".split(),
        *("--treasury-change", "unknown", "--reason", "the report shows more"),
    )

    code, (finding,) = checked(acme)

    assert (code, finding["finding"]) == (0, "adjustment")
    assert finding["reason"] == "the report shows more"
    assert "+200" in finding["message"]
    assert "unknown" in finding["message"]


@pytest.fixture
@prepared
def awaiting(acme: Typed) -> Typed:
    acme.ok(
        *"dividend resolve ACME d --on 2020-05-20 --term YEAR_END --per-share 12.50".split(),
        *"--fiscal-year-end 2020-03-31 --record-date 2020-03-31 --payable-on 2020-06-26".split(),
        *("--approval", "AGM"),
    )
    return acme


@pytest.mark.parametrize(("on", "overdue"), [("2020-06-26", False), ("2020-06-27", True)])
def test_a_payment_is_overdue_from_the_day_after_it_was_payable(
    awaiting: Typed, on: str, overdue: object
) -> None:
    awaiting.ok(*"dividend approve ACME d --on 2020-06-25".split())

    assert (found(awaiting, on) == [("overdue", "payment-overdue")]) is overdue
    assert checked(awaiting, on)[0] == 0


def test_a_payment_is_overdue_even_where_its_approval_is_still_awaited(awaiting: Typed) -> None:
    assert ("overdue", "payment-overdue") in found(awaiting, "2020-06-27")


def test_a_payment_made_later_was_overdue_until_then(awaiting: Typed) -> None:
    awaiting.ok(*"dividend approve ACME d --on 2020-06-25".split())
    awaiting.ok(*"dividend pay ACME d --on 2020-07-10".split())

    assert found(awaiting, "2020-07-09") == [("overdue", "payment-overdue")]
    assert found(awaiting, "2020-07-10") == []


@pytest.mark.parametrize("end", ["withdraw", "reject"])
def test_a_dividend_that_has_ended_is_not_overdue(awaiting: Typed, end: str) -> None:
    more = ("--reason", "cash is kept") if end == "withdraw" else ()
    awaiting.ok(*f"dividend {end} ACME d --on 2020-06-25".split(), *more)

    assert found(awaiting) == []


def test_an_acknowledged_breach_is_listed_with_who_recorded_it(program: Typed) -> None:
    program.ok(
        *"repurchase purchase ACME program --on 2020-06-01 --shares 471 --amount 1".split(),
        *("--acknowledge", "repurchase-caps", "--reason", "a broker's slip", "--by", "treasurer"),
    )

    code, (finding,) = checked(program)

    assert (code, finding["finding"], finding["rule"]) == (0, "acknowledged", "repurchase-caps")
    assert (finding["reason"], finding["by"], finding["entry"]) == (
        "a broker's slip",
        "treasurer",
        5,
    )


def test_a_check_asked_for_earlier_knowledge_does_not_see_what_came_later(acme: Typed) -> None:
    acme.ok(*"class report ACME common --on 2020-06-30 --issued 1001".split())

    assert acme("check", "ACME", "--on", "2020-12-31").exit_code == 1
    assert acme("check", "ACME", "--on", "2020-12-31", "--known-at", "2").exit_code == 0


def test_all_issuers_are_checked_where_none_is_named(acme: Typed) -> None:
    acme.ok(*"issuer register BETA --name Beta --currency USD --profile none".split())
    acme.ok(*"class open BETA common --on 2020-03-31 --issued 5".split())
    acme.ok(*"class report BETA common --on 2020-06-30 --issued 6".split())

    result = acme("check", "--on", "2020-12-31")

    assert result.exit_code == 1
    assert "BETA" in result.stdout
    assert acme("check", "ACME", "--on", "2020-12-31").exit_code == 0
