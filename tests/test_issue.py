"""An issue of shares: new ones or from treasury, within the articles, approved where it must be."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Typed, prepared

ISSUE = ("ACME", "issue-2006")


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """191,800 issued (IIJ after its split into five), 100 in treasury, 377,600 authorized."""
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(
        *"class open ACME common --on 2005-10-11 --issued 191800 --treasury 100".split(),
        *"--treasury-cost 1000 --authorized 377600".split(),
    )
    return capital


def words(verb: str, on: str, *more: object) -> list[object]:
    return ["issue", verb, *ISSUE, "--on", on, *more]


def resolve(capital: Typed, *more: object, shares: int = 12_500) -> None:
    capital.ok(
        *words("resolve", "2005-11-08", "--shares", shares, "--kind", "PUBLIC_OFFERING", *more)
    )


def counts(capital: Typed, on: str) -> tuple[Any, Any, Any]:
    answer = capital.json("shares", "ACME", "--class", "common", "--on", on)
    return answer["issued"], answer["treasury"], answer["outstanding"]


def state(capital: Typed, on: str) -> Any:
    return capital.json("action", *ISSUE, "--on", on)["state"]


def test_shares_come_into_being_on_their_day_and_not_when_resolved_or_priced(acme: Typed) -> None:
    resolve(acme, "--effective-on", "2005-12-02")
    acme.ok(
        *words("price", "2005-11-21", "--offer-price", 1000, "--paid-in-price", 950),
    )
    acme.ok(*words("issue", "2005-12-02", "--shares", 12_500))

    assert counts(acme, "2005-12-01") == (191_800, 100, 191_700)
    assert counts(acme, "2005-12-02") == (204_300, 100, 204_200)  # 191,800 + 12,500
    assert [state(acme, on) for on in ("2005-11-08", "2005-11-21", "2005-12-02")] == [
        "resolved",
        "resolved",
        "issued",
    ]


@pytest.mark.parametrize(
    ("from_treasury", "after"),
    [
        (0, (191_880, 100, 191_780)),
        (30, (191_850, 70, 191_780)),  # 80 delivered, 50 of them new
        (80, (191_800, 20, 191_780)),
    ],
)
def test_shares_from_treasury_are_not_issued_again(
    acme: Typed, from_treasury: int, after: tuple[int, int, int]
) -> None:
    acme.ok(*words("issue", "2006-03-31", "--shares", 80, "--from-treasury", from_treasury))

    assert counts(acme, "2006-03-31") == after


def test_shares_delivered_from_treasury_take_their_average_cost_with_them(acme: Typed) -> None:
    acme.ok(*words("issue", "2006-03-31", "--shares", 80, "--from-treasury", 30))

    answer = acme.json("treasury", "ACME", "--class", "common", "--on", "2006-03-31")
    assert (answer["shares"], answer["cost"]["amount"]) == (70, "700")  # 1,000 - 30 x 10


def test_no_more_is_delivered_from_treasury_than_is_delivered(acme: Typed) -> None:
    said = acme.refused(
        *words("issue", "2006-03-31", "--shares", 80, "--from-treasury", 81), code=2
    )

    assert "81" in said
    assert "80" in said


def test_no_more_is_delivered_from_treasury_than_it_holds(acme: Typed) -> None:
    said = acme.refused(*words("issue", "2006-03-31", "--shares", 200, "--from-treasury", 101))

    assert "counts-not-negative" in said
    assert "treasury would be -1" in said
    assert "2006-03-31" in said


@pytest.mark.parametrize(
    ("shares", "from_treasury", "enough"),
    [
        (185_800, 0, True),  # 191,800 + 185,800 = 377,600
        (185_801, 0, False),
        (185_801, 1, True),
    ],
)
def test_what_is_issued_stays_within_the_articles(
    acme: Typed, shares: int, from_treasury: int, enough: object
) -> None:
    result = acme(
        *words("issue", "2006-03-31", "--shares", shares, "--from-treasury", from_treasury)
    )

    assert (result.exit_code == 0) is enough
    assert ("377,601 issued on 2006-03-31 would exceed 377,600" in result.stderr) is not enough


def test_an_issue_is_paid_its_price_times_its_shares(acme: Typed) -> None:
    stated = words("issue", "2006-03-31", "--shares", 12_500, "--price", 950, "--amount")

    assert "price-times-shares" in acme.refused(*stated, 11_875_001)
    acme.ok(*stated, 11_875_000)  # 12,500 x 950


def test_an_issue_that_needs_approval_is_not_made_without_it(acme: Typed) -> None:
    resolve(acme, "--approval", "EGM")

    said = acme.refused(*words("issue", "2005-12-02", "--shares", 12_500))
    assert "approval-needed" in said
    assert "2005-12-02" in said

    acme.ok(*words("approve", "2005-11-30"))
    acme.ok(*words("issue", "2005-12-02", "--shares", 12_500))
    assert [state(acme, on) for on in ("2005-11-29", "2005-11-30", "2005-12-02")] == [
        "awaiting approval",
        "approved",
        "issued",
    ]


def test_a_price_fixed_before_the_approval_does_not_stand_for_it(acme: Typed) -> None:
    resolve(acme, "--approval", "EGM")
    acme.ok(*words("price", "2005-11-21", "--offer-price", 1000, "--paid-in-price", 950))

    said = acme.refused(*words("issue", "2005-12-02", "--shares", 12_500))

    assert "approval-needed" in said


def test_options_exercised_over_a_month_may_open_an_issue_never_resolved(acme: Typed) -> None:
    acme.ok(*words("issue", "2006-04-30", "--from", "2006-04-01", "--shares", 12))
    acme.ok(*words("issue", "2006-05-31", "--from", "2006-05-01", "--shares", 3))

    assert [counts(acme, on)[0] for on in ("2006-04-29", "2006-04-30", "2006-05-31")] == [
        191_800,
        191_812,
        191_815,
    ]


def test_what_was_not_taken_up_lapses_and_what_was_stays(acme: Typed) -> None:
    resolve(acme)
    acme.ok(*words("issue", "2005-12-02", "--shares", 12_000))
    acme.ok(*words("lapse", "2005-12-02"))

    assert counts(acme, "2005-12-02")[0] == 203_800
    assert state(acme, "2005-12-02") == "issued"


def test_nothing_is_issued_before_its_resolution_or_after_it_lapsed(acme: Typed) -> None:
    resolve(acme)
    said = acme.refused(*words("issue", "2005-11-07", "--shares", 1))
    assert "order-of-events" in said
    assert "2005-11-08" in said

    acme.ok(*words("lapse", "2005-11-25"))
    said = acme.refused(*words("issue", "2005-12-02", "--shares", 1))
    assert "order-of-events" in said
    assert "2005-11-25" in said
    assert state(acme, "2005-12-02") == "lapsed"


def test_an_issue_is_resolved_once(acme: Typed) -> None:
    resolve(acme)

    said = acme.refused(*words("resolve", "2005-11-09", "--shares", 1, "--kind", "PUBLIC_OFFERING"))

    assert "order-of-events" in said
    assert "2005-11-08" in said


def test_a_planned_issue_whose_day_passed_is_overdue(acme: Typed) -> None:
    resolve(acme, "--effective-on", "2005-12-02")

    def overdue(on: str) -> list[str]:
        found = acme.json("check", "ACME", "--on", on)
        return [f["action"] for f in found if f["rule"] == "effect-overdue"]

    assert overdue("2005-12-02") == []
    assert overdue("2005-12-03") == ["issue-2006"]
    acme.ok(*words("issue", "2005-12-02", "--shares", 12_500))
    assert overdue("2005-12-03") == []


def test_shares_issued_on_the_record_date_take_part_in_the_dividend(acme: Typed) -> None:
    acme.ok(*words("issue", "2006-03-31", "--shares", 12_500))
    acme.ok(
        *"dividend resolve ACME dividend --on 2006-05-12 --term YEAR_END --per-share 10".split(),
        *"--fiscal-year-end 2006-03-31 --record-date 2006-03-31 --payable-on 2006-06-29".split(),
    )

    (year,) = acme.json("dividends", "ACME", "--on", "2006-06-01")
    assert year["total"]["amount"] == "2042000"  # 10 x (191,700 + 12,500)


# --- a rights issue ------------------------------------------------------------------------------

# The terms are those of Rolls-Royce Holdings plc of 1 October 2020: 10 new shares for 3 at 32
# pence, record date 23 October, meeting 27 October, ex-rights 28 October, accepted until 11
# November, issued 12 November. 1.93 billion shares and the 6.44 billion offered are rounded;
# the 375,096,792 that were not accepted were placed with others.
RIGHTS = (
    "--shares 6440000000 --kind RIGHTS --new 10 --old 3 --price 0.32 --record-date 2020-10-23 "
    "--ex-date 2020-10-28 --subscription-from 2020-10-28 --subscription-until 2020-11-11 "
    "--effective-on 2020-11-12"
)
OFFER = ("RR", "rights-2020")
NOT_ACCEPTED = 375_096_792
ACCEPTED = 6_440_000_000 - NOT_ACCEPTED


@pytest.fixture
def rolls(capital: Typed) -> Typed:
    """1,930,000,000 issued."""
    capital.ok(*"issuer register RR --name Rolls --currency GBP --profile uk".split())
    capital.ok(*"class open RR common --on 2020-09-30 --issued 1930000000 --treasury 0".split())
    return capital


def offer(capital: Typed, more: str = "", terms: str = RIGHTS) -> str:
    words = ("issue", "resolve", *OFFER, "--on", "2020-10-01", *terms.split(), *more.split())
    return capital.ok(*words)


def test_a_rights_issue_is_offered_accepted_and_its_rest_placed(rolls: Typed) -> None:
    offer(rolls, "--approval EGM")
    rolls.ok("issue", "approve", *OFFER, "--on", "2020-10-27", "--meeting-body", "EGM")
    accepted = ("issue", "issue", *OFFER, "--on", "2020-11-12", "--price", "0.32")
    rolls.ok(*accepted, "--shares", ACCEPTED)
    rolls.ok(*accepted, "--shares", NOT_ACCEPTED)

    answer = rolls.json("shares", "RR", "--class", "common", "--on", "2020-11-12")

    assert answer["issued"] == 8_370_000_000
    assert rolls.json("action", *OFFER, "--on", "2020-11-12")["state"] == "issued"


def test_rights_that_nobody_takes_up_lapse_and_what_was_accepted_stays(rolls: Typed) -> None:
    offer(rolls)
    rolls.ok("issue", "issue", *OFFER, "--on", "2020-11-12", "--shares", ACCEPTED)
    rolls.ok("issue", "lapse", *OFFER, "--on", "2020-11-12")

    answer = rolls.json("shares", "RR", "--class", "common", "--on", "2020-11-12")

    assert answer["issued"] == 1_930_000_000 + ACCEPTED
    said = rolls.refused("issue", "issue", *OFFER, "--on", "2020-11-13", "--shares", 1)
    assert "lapsed on 2020-11-12" in said


def test_the_calendar_shows_the_days_of_a_rights_issue(rolls: Typed) -> None:
    offer(rolls)

    days = rolls.json("calendar", "RR", "--on", "2020-10-28", "--from", "2020-10-01")

    assert [(d["day"], d["what"], d["state"]) for d in days if d["action"] == "rights-2020"] == [
        ("2020-10-23", "record date", "passed"),
        ("2020-10-28", "ex-rights date", "today"),
        ("2020-10-28", "first day to subscribe", "today"),
        ("2020-11-11", "last day to subscribe", "ahead"),
        ("2020-11-12", "effect", "ahead"),
    ]


def test_a_rights_issue_is_marked_ex_after_its_record_date_without_a_warning(rolls: Typed) -> None:
    offer(rolls)

    found = rolls.json("check", "RR", "--on", "2020-11-11")

    assert "ex-date" not in {f["rule"] for f in found}


@pytest.mark.parametrize(
    ("wrong", "right", "complaint"),
    [
        ("--subscription-until 2020-10-27", "--subscription-until 2020-10-28", "the first"),
        ("--record-date 2020-11-13", "--record-date 2020-11-12", "record date 2020-11-13"),
    ],
)
def test_the_days_of_a_rights_issue_are_in_order(
    rolls: Typed, wrong: str, right: str, complaint: str
) -> None:
    words = ("issue", "resolve", *OFFER, "--on", "2020-10-01", *RIGHTS.split())

    said = rolls.refused(*words, *wrong.split())

    assert "date-order" in said
    assert complaint in said
    rolls.ok(*words, *right.split())


@pytest.mark.parametrize(
    ("terms", "complaint"),
    [
        ("--kind RIGHTS --new 10", "new and old are stated together"),
        ("--kind RIGHTS --old 3", "new and old are stated together"),
        ("--kind RIGHTS --new 0 --old 3", "1 or more"),
        ("--kind THIRD_PARTY --new 10 --old 3", "new and old are the terms of RIGHTS or BONUS"),
    ],
)
def test_a_ratio_has_two_sides_and_is_offered_to_holders(
    rolls: Typed, terms: str, complaint: str
) -> None:
    words = ("issue", "resolve", *OFFER, "--on", "2020-10-01", "--shares", 100)

    assert complaint in rolls.refused(*words, *terms.split(), code=2)


# --- exercises of a month ------------------------------------------------------------------------

# The 45th stock acquisition rights of the company E05301 of EDINET, from its annual report for
# 2024: resolved 2024-08-30, 129,200,000 shares, exercised from 2024-09-18; 99,700,000 left on
# 2024-12-31 and 59,012,000 on 2025-02-28. Which month took how many, what came from treasury and
# what was paid is made up; the sums are the report's.
EXERCISED = ("MDN", "rights-45")
MONTHS = (
    ("2024-09-18", "2024-09-30", 10_000_000, 0, 540_000_000),
    ("2024-10-01", "2024-10-31", 9_500_000, 500_000, 494_000_000),
    ("2024-11-01", "2024-11-30", 10_000_000, 0, 430_000_000),
    ("2025-01-01", "2025-01-31", 20_688_000, 0, 786_144_000),
    ("2025-02-01", "2025-02-28", 20_000_000, 500_000, 720_000_000),
)


@pytest.fixture
def rights(capital: Typed) -> Typed:
    """250,000,000 issued, 1,000,000 of them in treasury at JPY 80,000,000; five months."""
    capital.ok(*"issuer register MDN --name Mdn --currency JPY --profile jp".split())
    capital.ok(
        *"class open MDN common --on 2024-07-31 --issued 250000000 --treasury 1000000".split(),
        *"--treasury-cost 80000000 --authorized 800000000".split(),
    )
    capital.ok(
        *("issue", "resolve", *EXERCISED, "--on", "2024-08-30"),
        *"--shares 129200000 --kind EXERCISE --price 63.9".split(),
    )
    for first, last, shares, held, amount in MONTHS:
        capital.ok(
            *("issue", "issue", *EXERCISED, "--from", first, "--on", last),
            *("--shares", shares, "--from-treasury", held, "--amount", amount),
        )
    return capital


def test_exercises_of_a_month_count_from_its_last_day(rights: Typed) -> None:
    def issued(on: str) -> Any:
        return rights.json("shares", "MDN", "--class", "common", "--on", on)["issued"]

    assert [issued(on) for on in ("2024-10-30", "2024-10-31", "2024-12-31", "2025-02-28")] == [
        260_000_000,
        269_000_000,  # 9,500,000 delivered, 500,000 of them from treasury
        279_000_000,
        319_188_000,  # 250,000,000 + 70,188,000 exercised - 1,000,000 from treasury
    ]


def test_an_issue_tells_how_many_of_its_shares_are_issued_and_left(rights: Typed) -> None:
    def told(on: str) -> Any:
        return rights.json("action", *EXERCISED, "--on", on)["progress"]

    assert told("2024-08-30")["left"] == 129_200_000
    assert told("2024-12-31")["left"] == 99_700_000
    assert told("2025-02-28") == {
        "resolved": 129_200_000,
        "carried_out": 70_188_000,
        "lapsed": 0,
        "left": 59_012_000,
    }
    said = rights.ok("action", *EXERCISED, "--on", "2025-02-28")
    assert "shares: 70,188,000 of 129,200,000, 59,012,000 left" in said


def test_exercises_from_treasury_take_their_average_cost_along(rights: Typed) -> None:
    def treasury(on: str) -> tuple[Any, Any]:
        answer = rights.json("treasury", "MDN", "--class", "common", "--on", on)
        return answer["shares"], answer["cost"]["amount"]

    assert treasury("2024-10-31") == (500_000, "40000000")  # 80 each
    assert treasury("2025-02-28") == (0, "0")


def test_exercises_from_treasury_are_in_the_report_of_the_month(rights: Typed) -> None:
    rights.ok(
        *"repurchase authorize MDN program --on 2024-08-30 --max-shares 1000".split(),
        *"--from 2024-09-01 --until 2025-08-31".split(),
    )
    report = rights.json(
        *"report repurchase-month MDN program --month 2024-10 --form jp".split(),
    )

    (line,) = report["disposed"]
    assert (line["heading"], line["from"], line["on"], line["shares"]) == (
        "other",
        "2024-10-01",
        "2024-10-31",
        500_000,
    )


def test_what_is_left_is_told_in_the_shares_of_the_day_asked_about(rights: Typed) -> None:
    rights.ok(
        *"split resolve MDN split --on 2025-03-03 --kind SPLIT --new 2 --old 1".split(),
        *"--effective-on 2025-04-01".split(),
    )
    rights.ok(*"split effect MDN split --on 2025-04-01".split())

    told = rights.json("action", *EXERCISED, "--on", "2025-04-01")["progress"]

    assert (told["resolved"], told["left"]) == (258_400_000, 118_024_000)


def test_rights_that_run_out_leave_nothing(rights: Typed) -> None:
    rights.ok("issue", "lapse", *EXERCISED, "--on", "2025-03-31")

    told = rights.json("action", *EXERCISED, "--on", "2025-03-31")["progress"]

    assert (told["lapsed"], told["left"]) == (59_012_000, 0)


def test_a_disposal_that_lapses_in_part_leaves_the_rest(acme: Typed) -> None:
    it = ("ACME", "disposal")
    acme.ok("disposal", "resolve", *it, *"--on 2006-01-10 --shares 90 --method TRUST".split())
    acme.ok("disposal", "dispose", *it, *"--on 2006-02-10 --shares 50".split())
    acme.ok("disposal", "lapse", *it, *"--on 2006-02-10 --shares 15".split())

    told = acme.json("action", *it, "--on", "2006-02-10")["progress"]

    assert told == {"resolved": 90, "carried_out": 50, "lapsed": 15, "left": 25}


def test_what_states_no_number_of_shares_has_no_progress(acme: Typed) -> None:
    acme.ok(*words("issue", "2006-03-31", "--shares", 80))

    assert acme.json("action", *ISSUE, "--on", "2006-03-31")["progress"] is None
    assert acme.json("action", "ACME", "class-common", "--on", "2006-03-31")["progress"] is None
