"""A split, consolidation or gratis allotment: what becomes of shares, caps, dividends and trades.

Counts without a word of where they come from are made up; products stand beside them.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Typed, prepared

SPLIT = ("ACME", "split-2012-10-01")


def company(capital: Typed, profile: str = "jp") -> Typed:
    capital.ok(
        *"issuer register ACME --name Acme --currency JPY --fiscal-year-end 03-31".split(),
        *("--profile", profile),
    )
    return capital


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    return company(capital)


@pytest.fixture
@prepared
def iij(acme: Typed) -> Typed:
    """206,478 issued, as in the notice of 2008; seven of them held, 377,600 authorized."""
    opened(acme, 206_478, 7, "--authorized", "377600", on="2012-03-01")
    return acme


def opened(capital: Typed, issued: int, treasury: int, *more: str, on: str) -> str:
    return capital.ok(
        *("class", "open", "ACME", "common", "--on", on),
        *("--issued", issued, "--treasury", treasury, *more),
    )


def resolve(capital: Typed, *more: str, on: str = "2012-09-06", ratio: str = "200:1") -> str:
    new, _, old = ratio.partition(":")
    return capital.ok(
        *("split", "resolve", *SPLIT, "--on", on, "--effective-on", "2012-10-01"),
        *("--new", new, "--old", old, *(("--kind", "SPLIT") if "--kind" not in more else ())),
        *more,
    )


def effect(capital: Typed, *more: str) -> str:
    return capital.ok("split", "effect", *SPLIT, "--on", "2012-10-01", *more)


def split(capital: Typed, ratio: str, *more: str) -> None:
    """Resolved on 2012-09-06, in effect on 2012-10-01."""
    resolve(capital, *more, ratio=ratio)
    effect(capital)


def counts(capital: Typed, on: str, *more: str) -> tuple[Any, Any, Any]:
    answer = capital.json("shares", "ACME", "--class", "common", "--on", on, *more)
    return answer["issued"], answer["treasury"], answer["outstanding"]


def authorized(capital: Typed, on: str) -> Any:
    return capital.json("shares", "ACME", "--class", "common", "--on", on)["authorized"]


def state(capital: Typed, on: str) -> Any:
    return capital.json("action", *SPLIT, "--on", on)["state"]


def found(capital: Typed, rule: str, on: str) -> list[dict[str, Any]]:
    return [f for f in capital.json("check", "ACME", "--on", on) if f["rule"] == rule]


# --- what moves, and when ------------------------------------------------------------------------


def test_a_split_announced_moves_nothing_before_its_day(iij: Typed) -> None:
    resolve(iij, "--authorized-after", "75520000")
    effect(iij)

    # Record date and day before the effect alike: 206,478 as before.
    for on in ("2012-09-06", "2012-09-30"):
        assert counts(iij, on) == (206_478, 7, 206_471)
        assert authorized(iij, on) == 377_600
    # 206,478 x 200 = 41,295,600; 7 x 200 = 1,400
    assert counts(iij, "2012-10-01") == (41_295_600, 1_400, 41_294_200)
    assert authorized(iij, "2012-10-01") == 75_520_000


def test_a_split_announced_and_never_recorded_as_effected_moves_nothing_and_is_overdue(
    iij: Typed,
) -> None:
    resolve(iij, "--authorized-after", "75520000")

    assert counts(iij, "2012-10-02") == (206_478, 7, 206_471)
    assert authorized(iij, "2012-10-02") == 377_600
    assert found(iij, "effect-overdue", "2012-10-01") == []  # its day is not over
    (overdue,) = found(iij, "effect-overdue", "2012-10-02")
    assert overdue["finding"] == "overdue"
    assert "split-2012-10-01" in overdue["message"]
    assert "2012-10-01" in overdue["message"]

    effect(iij)
    assert found(iij, "effect-overdue", "2012-10-02") == []


def test_splits_of_200_2_and_2_make_800_of_one_share_exactly(acme: Typed) -> None:
    opened(acme, 206_478, 7, on="2012-03-01")
    acme.ok(
        *"dividend resolve ACME dividend-2012-03-31 --on 2012-05-15 --term YEAR_END".split(),
        *"--fiscal-year-end 2012-03-31 --record-date 2012-03-31 --per-share 1000".split(),
    )
    for day, new in (("2012-10-01", 200), ("2021-01-01", 2), ("2022-10-01", 2)):
        acme.ok(
            *("split", "resolve", "ACME", f"split-{day}", "--on", "2012-09-06", "--kind", "SPLIT"),
            *("--new", new, "--old", 1, "--effective-on", day),
        )
        acme.ok("split", "effect", "ACME", f"split-{day}", "--on", day)

    # x 200, x 400, x 800: treasury 7 -> 1,400 -> 2,800 -> 5,600
    assert counts(acme, "2012-10-01") == (41_295_600, 1_400, 41_294_200)
    assert counts(acme, "2021-01-01") == (82_591_200, 2_800, 82_588_400)
    assert counts(acme, "2022-10-01") == (165_182_400, 5_600, 165_176_800)
    # The same shares told in those of the other day, there and back.
    early, late = "2012-09-30", "2022-10-01"
    assert counts(acme, early, "--share-basis", late) == (165_182_400, 5_600, 165_176_800)
    assert counts(acme, late, "--share-basis", early) == (206_478, 7, 206_471)
    (year,) = acme.json("dividends", "ACME", "--on", late)
    assert year["declared"] == {"per_share": "1000", "mixed_basis": False}
    assert year["restated"]["per_share"] == "1.25"  # 1,000 / 800
    (year,) = acme.json("dividends", "ACME", "--on", "2021-01-01")
    assert year["restated"]["per_share"] == "2.5"  # 1,000 / 400


def test_a_purchase_on_the_day_of_a_split_is_in_new_shares(acme: Typed) -> None:
    opened(acme, 1_000, 10, on="2012-09-01")
    acme.ok(*"acquisition acquire ACME odd --on 2012-10-01 --shares 3 --cause ODD_LOT".split())
    split(acme, "2:1")

    assert counts(acme, "2012-10-01") == (2_000, 23, 1_977)  # 10 x 2 + 3


def test_an_opening_on_the_day_of_a_split_is_in_new_shares(acme: Typed) -> None:
    opened(acme, 2_000, 20, on="2012-10-01")
    split(acme, "2:1")

    assert counts(acme, "2012-10-01") == (2_000, 20, 1_980)
    assert counts(acme, "2012-09-30") == (None, None, None)


def test_a_class_with_only_issued_known_scales_that_alone(acme: Typed) -> None:
    acme.ok(*"class open ACME common --on 2012-03-01 --issued 206478".split())
    split(acme, "200:1")

    assert counts(acme, "2012-10-01") == (41_295_600, None, None)


def test_what_treasury_shares_cost_is_the_same_after_a_split(acme: Typed) -> None:
    opened(acme, 1_000, 10, "--treasury-cost", "5000", on="2012-09-01")
    split(acme, "200:1")

    answer = acme.json("treasury", "ACME", "--class", "common", "--on", "2012-10-01")
    assert (answer["shares"], answer["cost"]["amount"]) == (2_000, "5000")
    assert answer["average_cost"] == "2.5"  # 5,000 / 2,000


# --- consolidation -------------------------------------------------------------------------------

# One share for a thousand: 1,234,567 make 1,234 and a fraction, 8,765 make 8 and a fraction.
CONSOLIDATION = ("--kind", "CONSOLIDATION", "--approval", "NONE")


@pytest.mark.parametrize(
    ("stated", "after"),
    [
        ((), (1_234, 8, 1_226)),
        (("--issued-after", "1235", "--treasury-after", "9"), (1_235, 9, 1_226)),
        (("--issued-after", "1233"), (1_233, 8, 1_225)),
        (("--treasury-after", "9"), (1_234, 9, 1_225)),
    ],
)
def test_a_consolidation_floors_each_count_unless_the_issuer_states_it(
    acme: Typed, stated: tuple[str, ...], after: tuple[int, int, int]
) -> None:
    opened(acme, 1_234_567, 8_765, on="2012-03-01")
    resolve(acme, *CONSOLIDATION, ratio="1:1000")
    effect(acme, *stated)

    assert counts(acme, "2012-09-30") == (1_234_567, 8_765, 1_225_802)
    assert counts(acme, "2012-10-01") == after


def test_outstanding_is_issued_less_treasury_in_the_shares_of_any_day(acme: Typed) -> None:
    opened(acme, 1_234_567, 8_765, on="2012-03-01")
    split(acme, "1:1000", *CONSOLIDATION)

    # 1,234 less 8, though 1,225,802 / 1,000 alone would be floored to 1,225.
    assert counts(acme, "2012-09-30", "--share-basis", "2012-10-01") == (1_234, 8, 1_226)


def test_a_dividend_before_a_consolidation_is_restated_upward(acme: Typed) -> None:
    acme.ok(
        *"dividend resolve ACME dividend-2012-09-30 --on 2012-11-05 --term INTERIM".split(),
        *"--fiscal-year-end 2013-03-31 --record-date 2012-09-30 --per-share 0.5".split(),
    )
    split(acme, "1:10", *CONSOLIDATION)

    (year,) = acme.json("dividends", "ACME", "--on", "2012-12-01")
    assert year["declared"]["per_share"] == "0.5"
    assert year["year_end_basis"]["per_share"] == "5"  # 0.5 x 10
    assert year["restated"]["per_share"] == "5"


def test_a_restated_figure_that_does_not_end_is_rounded_to_ten_places_and_says_so(
    acme: Typed,
) -> None:
    acme.ok(
        *"dividend resolve ACME dividend-2012-09-30 --on 2012-11-05 --term INTERIM".split(),
        *"--fiscal-year-end 2013-03-31 --record-date 2012-09-30 --per-share 20".split(),
    )
    split(acme, "3:1")

    (year,) = acme.json("dividends", "ACME", "--on", "2012-12-01")
    assert year["restated"]["per_share"] == "6.6666666667"  # 20 / 3, half-up
    assert set(year["rounded"]) == {"year_end_basis", "restated"}


@pytest.mark.parametrize(
    ("decided_by", "warned"),
    [
        (("--approval", "EGM"), False),
        (("--meeting-body", "AGM"), False),
        (("--meeting-body", "BOARD"), True),
        ((), True),
    ],
)
def test_a_consolidation_takes_a_general_meeting_in_japan(
    acme: Typed, decided_by: tuple[str, ...], warned: object
) -> None:
    resolve(acme, "--kind", "CONSOLIDATION", *decided_by, ratio="1:10")

    # Companies Act (Japan) art. 180.
    assert bool(found(acme, "special-resolution", "2012-10-01")) is warned


# --- gratis allotment ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "after"),
    [
        # Companies Act (Japan) art. 186(2): 895 / 10 = 89 more for the holders, none for treasury.
        ("jp", (1_089, 105, 984)),
        # Treasury takes part: 1,000 x 11/10 = 1,100; 105 x 11/10 = 115.5, floored.
        ("uk", (1_100, 115, 985)),
    ],
)
def test_whether_treasury_takes_part_in_a_gratis_allotment_is_the_profiles_to_say(
    capital: Typed, profile: str, after: tuple[int, int, int]
) -> None:
    company(capital, profile)
    opened(capital, 1_000, 105, on="2012-03-01")
    split(capital, "1:10", "--kind", "GRATIS_ALLOTMENT")

    assert counts(capital, "2012-09-30") == (1_000, 105, 895)
    assert counts(capital, "2012-10-01") == after


def allotted(acme: Typed, reference: str, ratio: str, *more: object, on: str) -> None:
    """Resolved on 2020-01-10 and in effect on a day."""
    new, _, old = ratio.partition(":")
    acme.ok(
        *("split", "resolve", "ACME", reference, "--on", "2020-01-10", "--effective-on", on),
        *("--kind", "GRATIS_ALLOTMENT", "--new", new, "--old", old, *more),
    )
    acme.ok("split", "effect", "ACME", reference, "--on", on)


AT_MARCH_END = ("--record-date", "2020-03-31")


@pytest.mark.parametrize("second_on", ["2020-04-01", "2020-05-01"])
def test_two_allotments_of_one_record_date_are_counted_on_one_base(
    acme: Typed, second_on: str
) -> None:
    opened(acme, 1_000, 0, on="2019-12-31")
    allotted(acme, "bonus-1", "8:10", *AT_MARCH_END, on="2020-04-01")
    allotted(acme, "bonus-2", "12:10", *AT_MARCH_END, on=second_on)

    assert counts(acme, "2020-05-01")[0] == 1_000 + 800 + 1_200


def test_shares_issued_after_the_record_date_take_no_part_in_the_second_allotment(
    acme: Typed,
) -> None:
    opened(acme, 1_000, 0, on="2019-12-31")
    allotted(acme, "bonus-1", "8:10", *AT_MARCH_END, on="2020-04-01")
    acme.ok(*"issue issue ACME issue-1 --on 2020-04-15 --shares 100".split())
    allotted(acme, "bonus-2", "12:10", *AT_MARCH_END, on="2020-05-01")

    assert counts(acme, "2020-05-01")[0] == 1_000 + 800 + 100 + 1_200


def test_allotments_of_different_record_dates_compound(acme: Typed) -> None:
    opened(acme, 1_000, 0, on="2019-12-31")
    allotted(acme, "bonus-1", "8:10", *AT_MARCH_END, on="2020-04-01")
    allotted(acme, "bonus-2", "12:10", "--record-date", "2020-04-30", on="2020-05-01")

    assert counts(acme, "2020-05-01")[0] == 3_960


def test_a_figure_from_before_two_allotments_of_one_record_date_is_restated_by_a_third(
    acme: Typed,
) -> None:
    opened(acme, 1_000, 0, on="2019-12-31")
    acme.ok(
        *"dividend resolve ACME dividend-2019 --on 2020-02-01 --term YEAR_END".split(),
        *"--fiscal-year-end 2019-12-31 --record-date 2019-12-31 --per-share 30".split(),
    )
    allotted(acme, "bonus-1", "8:10", *AT_MARCH_END, on="2020-04-01")
    allotted(acme, "bonus-2", "12:10", *AT_MARCH_END, on="2020-05-01")

    years = acme.json("dividends", "ACME", "--on", "2020-06-01", "--share-basis", "2020-06-01")

    assert years[0]["restated"]["per_share"] == "10"


def test_two_splits_of_one_day_without_record_dates_are_refused_until_it_is_said_which_is_meant(
    acme: Typed,
) -> None:
    opened(acme, 1_000, 0, on="2019-12-31")
    allotted(acme, "bonus-1", "8:10", on="2020-04-01")
    acme.ok(
        *"split resolve ACME bonus-2 --on 2020-01-10 --effective-on 2020-04-01".split(),
        *"--kind GRATIS_ALLOTMENT --new 12 --old 10".split(),
    )
    second = "split effect ACME bonus-2 --on 2020-04-01".split()

    said = acme.refused(*second)

    assert "one-record-date" in said
    assert "bonus-1 takes effect on the same day" in said
    assert "no record date of bonus-1 and bonus-2 is recorded" in said
    acme.ok(*second, "--acknowledge", "one-record-date", "--reason", "one follows the other")
    assert counts(acme, "2020-04-01")[0] == 3_960


@pytest.mark.parametrize("profile", ["jp", "uk"])
def test_a_gratis_allotment_restates_what_was_paid_on_a_share(capital: Typed, profile: str) -> None:
    company(capital, profile)
    capital.ok(
        *"dividend resolve ACME dividend-2012-09-30 --on 2012-11-05 --term INTERIM".split(),
        *"--fiscal-year-end 2013-03-31 --record-date 2012-09-30 --per-share 11".split(),
    )
    split(capital, "1:10", "--kind", "GRATIS_ALLOTMENT")

    (year,) = capital.json("dividends", "ACME", "--on", "2012-12-01")
    assert year["restated"]["per_share"] == "10"  # 11 / ((10 + 1) / 10)


def test_a_gratis_allotment_on_unknown_outstanding_leaves_issued_unknown(acme: Typed) -> None:
    acme.ok(*"class open ACME common --on 2012-03-01 --issued 1000".split())
    split(acme, "1:10", "--kind", "GRATIS_ALLOTMENT")

    # Only holders outside the treasury are allotted, and nobody knows how many those are.
    assert counts(acme, "2012-09-30") == (1_000, None, None)
    assert counts(acme, "2012-10-01") == (None, None, None)


def test_a_gratis_allotment_on_unknown_outstanding_gives_issued_as_stated(acme: Typed) -> None:
    acme.ok(*"class open ACME common --on 2012-03-01 --issued 1000".split())
    resolve(acme, "--kind", "GRATIS_ALLOTMENT", ratio="1:10")
    effect(acme, "--issued-after", "1089")

    assert counts(acme, "2012-10-01") == (1_089, None, None)


def test_a_gratis_allotment_keeps_the_identity_in_the_shares_of_any_day(acme: Typed) -> None:
    opened(acme, 1_000, 105, on="2012-03-01")
    split(acme, "1:10", "--kind", "GRATIS_ALLOTMENT")

    for on, basis in (("2012-09-30", "2012-10-01"), ("2012-10-01", "2012-09-30")):
        issued, treasury, outstanding = counts(acme, on, "--share-basis", basis)
        assert issued - treasury == outstanding


def test_a_gratis_allotment_stated_by_the_issuer_is_as_stated(acme: Typed) -> None:
    opened(acme, 1_000, 105, on="2012-03-01")
    resolve(acme, "--kind", "GRATIS_ALLOTMENT", ratio="1:10")
    effect(acme, "--issued-after", "1090")  # a fraction was rounded up

    assert counts(acme, "2012-10-01") == (1_090, 105, 985)


# --- the articles --------------------------------------------------------------------------------


def test_a_split_beyond_the_articles_is_refused_with_both_figures(iij: Typed) -> None:
    resolve(iij)

    said = iij.refused("split", "effect", *SPLIT, "--on", "2012-10-01")

    assert "within-authorized" in said
    assert "41,295,600 issued on 2012-10-01 would exceed 377,600 authorized" in said
    assert counts(iij, "2012-10-01") == (206_478, 7, 206_471)


@pytest.mark.parametrize(
    ("room", "enough"), [("41295599", False), ("41295600", True), ("75520000", True)]
)
def test_a_split_brings_its_own_room_in_the_articles(iij: Typed, room: str, enough: object) -> None:
    resolve(iij, "--authorized-after", room)

    result = iij("split", "effect", *SPLIT, "--on", "2012-10-01")

    assert (result.exit_code == 0) is enough
    assert ("within-authorized" in result.stderr) is not enough


def test_articles_amended_on_the_day_make_room_for_the_split(iij: Typed) -> None:
    resolve(iij)
    iij.ok(*"class authorize ACME common --on 2012-10-01 --authorized 75520000".split())

    effect(iij)

    assert counts(iij, "2012-10-01")[0] == 41_295_600
    assert authorized(iij, "2012-10-01") == 75_520_000


# --- lifecycle -----------------------------------------------------------------------------------


def test_a_split_goes_from_resolved_to_effected(iij: Typed) -> None:
    resolve(iij, "--authorized-after", "75520000")
    effect(iij)

    assert state(iij, "2012-09-30") == "resolved"
    assert state(iij, "2012-10-01") == "effected"


def test_resolution_and_effect_may_fall_on_one_day(acme: Typed) -> None:
    opened(acme, 1_000, 10, on="2012-03-01")
    resolve(acme, on="2012-10-01")
    effect(acme)

    assert counts(acme, "2012-10-01") == (200_000, 2_000, 198_000)


def test_a_split_that_needs_approval_does_not_take_effect_without_it(acme: Typed) -> None:
    opened(acme, 1_000, 10, on="2012-03-01")
    resolve(acme, "--approval", "EGM")

    said = acme.refused("split", "effect", *SPLIT, "--on", "2012-10-01")
    assert "approval-needed" in said
    assert "2012-10-01" in said
    assert state(acme, "2012-09-19") == "awaiting approval"

    acme.ok("split", "approve", *SPLIT, "--on", "2012-09-20")
    effect(acme)
    assert state(acme, "2012-09-20") == "approved"
    assert counts(acme, "2012-10-01") == (200_000, 2_000, 198_000)


def test_a_withdrawn_split_takes_no_effect(acme: Typed) -> None:
    opened(acme, 1_000, 10, on="2012-03-01")
    resolve(acme)
    acme.ok("split", "withdraw", *SPLIT, "--on", "2012-09-20", "--reason", "the market fell")

    said = acme.refused("split", "effect", *SPLIT, "--on", "2012-10-01")

    assert "order-of-events" in said
    assert "withdrawn on 2012-09-20" in said
    assert state(acme, "2012-10-02") == "withdrawn"
    assert counts(acme, "2012-10-02") == (1_000, 10, 990)
    assert found(acme, "effect-overdue", "2012-10-02") == []


def test_a_split_takes_effect_once(acme: Typed) -> None:
    split(acme, "2:1")

    said = acme.refused("split", "effect", *SPLIT, "--on", "2012-10-02")

    assert "order-of-events" in said
    assert "2012-10-01" in said


def test_a_split_takes_no_effect_without_a_resolution_or_before_it(acme: Typed) -> None:
    said = acme.refused("split", "effect", *SPLIT, "--on", "2012-10-01")
    assert "order-of-events" in said
    assert "no resolution" in said

    resolve(acme)
    said = acme.refused("split", "effect", *SPLIT, "--on", "2012-09-05")
    assert "order-of-events" in said
    assert "2012-09-06" in said


@pytest.mark.parametrize("ratio", [("0", "1"), ("1", "0"), ("-2", "1"), ("1.5", "1")])
def test_a_ratio_is_of_whole_shares(acme: Typed, ratio: tuple[str, str]) -> None:
    new, old = ratio
    said = acme.refused(
        *("split", "resolve", *SPLIT, "--on", "2012-09-06", "--kind", "SPLIT"),
        *("--effective-on", "2012-10-01", "--new", new, "--old", old),
        code=2,
    )

    assert "Error: " in said


def test_a_split_that_took_effect_cannot_lose_its_resolution(acme: Typed) -> None:
    split(acme, "2:1")

    said = acme.refused(
        *("reverse", *SPLIT, "1", "--on", "2012-10-05", "--reason", "recorded twice")
    )

    assert "order-of-events" in said


def test_a_split_that_later_cancellations_rest_on_cannot_be_taken_back(acme: Typed) -> None:
    opened(acme, 1_000, 10, on="2012-03-01")
    split(acme, "200:1")
    acme.ok(*"cancellation cancel ACME c --on 2012-11-01 --shares 2000".split())

    said = acme.refused(
        *("reverse", *SPLIT, "2", "--on", "2012-12-01", "--reason", "it was put off")
    )

    assert "counts-not-negative" in said
    assert "on 2012-11-01" in said
    assert "-1,990" in said  # 10 - 2,000
    assert counts(acme, "2012-11-01") == (198_000, 0, 198_000)


def test_a_split_learnt_of_late_scales_what_was_bought_before_it_and_not_after(
    acme: Typed,
) -> None:
    opened(acme, 1_000, 10, on="2012-03-01")
    acme.ok(*"acquisition acquire ACME a --on 2012-09-28 --shares 5 --cause ODD_LOT".split())
    acme.ok(*"acquisition acquire ACME b --on 2012-10-02 --shares 7 --cause ODD_LOT".split())
    assert counts(acme, "2012-10-02") == (1_000, 22, 978)

    split(acme, "2:1")

    assert counts(acme, "2012-10-02") == (2_000, 37, 1_963)  # (10 + 5) x 2 + 7
    assert counts(acme, "2012-10-02", "--known-at", "4") == (1_000, 22, 978)


def test_a_backdated_purchase_before_a_split_may_be_cancelled_in_new_shares(acme: Typed) -> None:
    opened(acme, 1_000, 0, on="2012-03-01")
    split(acme, "200:1")
    acme.ok(*"acquisition acquire ACME a --on 2012-09-28 --shares 10 --cause ODD_LOT".split())
    cancel = "cancellation cancel ACME c --on 2012-10-02 --shares"

    assert "treasury would be -1" in acme.refused(*cancel.split(), "2001")  # 10 x 200 - 2,001
    acme.ok(*cancel.split(), "2000")


def test_the_actual_record_date_of_a_split_is_not_after_the_nominal_one(acme: Typed) -> None:
    # 2012-09-30 was a Sunday: the last business day before it was the 28th.
    words = (
        *("split", "resolve", *SPLIT, "--on", "2012-09-06", "--kind", "SPLIT", "--new", 200),
        *"--old 1 --effective-on 2012-10-01 --record-date 2012-09-30".split(),
        "--actual-record-date",
    )

    said = acme.refused(*words, "2012-10-01")

    assert "date-order" in said
    acme.ok(*words, "2012-09-28")


# --- dividends -----------------------------------------------------------------------------------


@pytest.fixture
@prepared
def fiscal_2022(acme: Typed) -> Typed:
    """IIJ's fiscal year 2022: 29.25 on the old share, 14.63 on the new one (domain, section 6)."""
    opened(acme, 1_100, 100, on="2022-04-01")
    acme.ok(
        *"split resolve ACME split-2022-10-01 --on 2022-08-05 --kind SPLIT --new 2".split(),
        *"--old 1 --effective-on 2022-10-01 --record-date 2022-09-30".split(),
    )
    acme.ok(*"split effect ACME split-2022-10-01 --on 2022-10-01".split())
    acme.ok(
        *"dividend resolve ACME dividend-2022-09-30 --on 2022-11-08 --term INTERIM".split(),
        *"--fiscal-year-end 2023-03-31 --per-share 29.25 --record-date 2022-09-30".split(),
        *"--payable-on 2022-12-05".split(),
    )
    acme.ok(
        *"dividend resolve ACME dividend-2023-03-31 --on 2023-05-25 --term YEAR_END".split(),
        *"--fiscal-year-end 2023-03-31 --per-share 14.63 --record-date 2023-03-31".split(),
        *"--payable-on 2023-06-29".split(),
    )
    return acme


def year_2022(capital: Typed, on: str, *more: str) -> dict[str, Any]:
    (answer,) = capital.json("dividends", "ACME", "--fiscal-year", "FY2022", "--on", on, *more)
    assert isinstance(answer, dict)
    return answer


def test_a_year_with_a_split_inside_answers_three_named_figures(fiscal_2022: Typed) -> None:
    year = year_2022(fiscal_2022, "2023-05-25")

    assert year["declared"] == {"per_share": "43.88", "mixed_basis": True}  # 29.25 + 14.63
    assert year["year_end_basis"]["per_share"] == "29.255"  # 14.625 + 14.63
    assert year["restated"] == {"per_share": "29.255", "share_basis": "2023-05-25"}
    assert year["rounded"] == []
    interim, year_end = year["dividends"]
    assert (interim["per_share"], interim["restated"]) == ("29.25", "14.625")
    assert (year_end["per_share"], year_end["restated"]) == ("14.63", "14.63")


def test_a_record_date_the_day_before_a_split_pays_on_old_shares(fiscal_2022: Typed) -> None:
    interim, year_end = year_2022(fiscal_2022, "2023-05-25")["dividends"]

    # 1,000 outstanding before the split, 2,000 after it.
    assert interim["total"]["amount"] == "29250"  # 29.25 x 1,000
    assert year_end["total"]["amount"] == "29260"  # 14.63 x 2,000


def test_a_year_is_told_in_the_shares_asked_for(fiscal_2022: Typed) -> None:
    year = year_2022(fiscal_2022, "2023-05-25", "--share-basis", "2022-09-30")

    assert year["restated"] == {"per_share": "58.51", "share_basis": "2022-09-30"}  # 29.25 + 29.26
    assert year["year_end_basis"]["per_share"] == "29.255"


def test_before_the_year_end_is_decided_nothing_is_mixed_but_the_day_of_the_shares_counts(
    fiscal_2022: Typed,
) -> None:
    year = year_2022(fiscal_2022, "2022-11-30")

    assert year["declared"]["per_share"] == "29.25"
    assert year["declared"]["mixed_basis"] is False  # one dividend is of one kind of share
    assert year["year_end_basis"]["per_share"] == "14.625"


@pytest.mark.parametrize(
    ("basis", "per_share", "holds"),
    [
        ((), "43.88", True),
        ((), "29.26", True),  # 29.255, half-up
        ((), "29.27", False),
        (("--basis", "DECLARED"), "43.88", True),
        (("--basis", "DECLARED"), "29.255", False),
        (("--basis", "YEAR_END"), "29.255", True),
        (("--basis", "YEAR_END"), "43.88", False),
        (("--basis", "RESTATED"), "29.255", True),
        (("--term", "INTERIM", "--basis", "DECLARED"), "29.25", True),
        (("--term", "INTERIM", "--basis", "DECLARED"), "43.88", False),
        (("--term", "YEAR_END"), "14.63", True),
        (("--term", "ANNUAL"), "43.88", True),
    ],
)
def test_a_printed_year_is_held_against_the_view_it_is_printed_in(
    fiscal_2022: Typed, basis: tuple[str, ...], per_share: str, holds: object
) -> None:
    fiscal_2022.ok(
        *"class report-dividends ACME common --on 2023-06-30".split(),
        *("--fiscal-year-end", "2023-03-31", "--per-share", per_share, *basis),
    )

    result = fiscal_2022("check", "ACME", "--on", "2023-06-30")

    assert (result.exit_code == 0) is holds
    assert ("reported-total" in result.output) is not holds


@pytest.mark.parametrize(("issued", "holds"), [("412956", True), ("206478", False)])
def test_a_printed_count_may_be_in_the_shares_of_a_later_day(
    iij: Typed, issued: str, holds: object
) -> None:
    """A document printed after a split of 1 into 2 restates the count before it."""
    split(iij, "2:1", "--authorized-after", "755200")
    iij.ok(
        *("class", "report", "ACME", "common", "--on", "2012-09-30", "--issued", issued),
        *("--share-basis", "2012-10-01"),
    )

    result = iij("check", "ACME", "--on", "2012-12-31")

    assert ("in the shares of 2012-10-01" in result.output) is not holds
    assert ("reported-position" in result.output) is not holds


# --- trades in flight ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "in_treasury"),
    [("200:1", 3_000), ("1:10", 1)],  # 15 x 200; 15 / 10, floored
)
def test_shares_traded_before_a_split_and_settled_after_it_move_the_restated_number(
    acme: Typed, ratio: str, in_treasury: int
) -> None:
    opened(acme, 1_000, 0, on="2012-09-01")
    acme.ok(
        *"acquisition acquire ACME odd --on 2012-09-28 --shares 15 --amount 900".split(),
        *"--cause ODD_LOT --settled-on 2012-10-03".split(),
    )
    split(acme, ratio)

    def treasury(on: str, basis: str) -> Any:
        return counts(acme, on, "--basis", basis)[1]

    assert [treasury(on, "settlement") for on in ("2012-09-30", "2012-10-02")] == [0, 0]
    assert treasury("2012-10-03", "settlement") == in_treasury
    assert treasury("2012-09-28", "trade") == 15
    assert treasury("2012-10-01", "trade") == in_treasury
    answer = acme.json("treasury", "ACME", "--class", "common", "--on", "2012-10-03")
    assert answer["cost"]["amount"] == "900"


def test_a_purchase_settled_on_the_day_of_a_split_is_in_new_shares(acme: Typed) -> None:
    opened(acme, 1_000, 10, on="2012-09-01")
    acme.ok(
        *"acquisition acquire ACME odd --on 2012-09-28 --shares 15".split(),
        *"--cause ODD_LOT --settled-on 2012-10-01".split(),
    )
    split(acme, "2:1")

    assert counts(acme, "2012-10-01") == (2_000, 50, 1_950)  # (10 + 15) x 2


def test_an_opening_between_trade_and_settlement_counts_the_trade_on_either_basis(
    acme: Typed,
) -> None:
    acme.ok(
        *"acquisition acquire ACME odd --on 2012-09-26 --shares 100".split(),
        *"--cause ODD_LOT --settled-on 2012-10-03".split(),
    )
    opened(acme, 1_000, 5, on="2012-09-28")  # a stated position is a settled one
    split(acme, "2:1")

    assert counts(acme, "2012-09-28") == (1_000, 5, 995)
    assert counts(acme, "2012-09-28", "--basis", "trade") == (1_000, 105, 895)
    assert counts(acme, "2012-10-02") == (2_000, 10, 1_990)
    assert counts(acme, "2012-10-02", "--basis", "trade") == (2_000, 210, 1_790)
    for basis in ("settlement", "trade"):
        assert counts(acme, "2012-10-03", "--basis", basis) == (2_000, 210, 1_790)


def test_an_opening_after_the_split_counts_an_older_trade_in_new_shares(acme: Typed) -> None:
    acme.ok(
        *"acquisition acquire ACME odd --on 2012-09-28 --shares 100".split(),
        *"--cause ODD_LOT --settled-on 2012-10-03".split(),
    )
    opened(acme, 2_000, 10, on="2012-10-02")
    split(acme, "2:1")

    assert counts(acme, "2012-10-02", "--basis", "trade") == (2_000, 210, 1_790)
    assert counts(acme, "2012-10-03") == (2_000, 210, 1_790)


# --- programs ------------------------------------------------------------------------------------


@pytest.fixture
@prepared
def program(acme: Typed) -> Typed:
    """A cap of 4,000 old shares; 100 bought before a split into 200, 10,000 after it."""
    acme.ok(
        *"repurchase authorize ACME program --on 2012-09-03 --max-shares 4000".split(),
        *"--max-amount 400000000 --until 2013-03-31".split(),
    )
    buy(acme, "2012-09-20", 100)
    split(acme, "200:1")
    buy(acme, "2012-10-10", 10_000)
    return acme


def buy(capital: Typed, on: str, shares: int, *more: str) -> str:
    return capital.ok(
        *("repurchase", "purchase", "ACME", "program", "--on", on),
        *("--shares", shares, "--amount", 1_000, *more),
    )


def progress(capital: Typed, on: str, *more: str) -> dict[str, Any]:
    answer = capital.json("repurchases", "ACME", "program", "--on", on, *more)
    assert isinstance(answer, dict)
    return answer


def test_progress_is_told_in_the_shares_of_the_day_and_the_cap_in_its_own(program: Typed) -> None:
    before, after = progress(program, "2012-09-30"), progress(program, "2012-10-10")

    assert (before["shares"], before["shares_percent"], before["shares_left"]) == (
        100,
        "2.50",  # 100 / 4,000
        3_900,
    )
    assert after["shares"] == 30_000  # 100 x 200 + 10,000
    assert (after["max_shares"], after["max_shares_as_of"]) == (4_000, "2012-09-03")
    # In old shares: 100 + 10,000 / 200 = 150 of 4,000.
    assert (after["shares_percent"], after["shares_left"]) == ("3.75", 3_850)
    assert after["amount"]["amount"] == "2000"


def test_a_cap_of_old_shares_is_judged_in_old_shares(program: Typed) -> None:
    # 3,850 old shares are left: 770,000 new ones.
    said = program.refused(
        *"repurchase purchase ACME program --on 2012-10-11 --shares 770001".split()
    )
    assert "repurchase-caps" in said
    assert "4,000" in said

    buy(program, "2012-10-11", 770_000)
    assert progress(program, "2012-10-11")["shares_left"] == 0


def test_a_cap_restated_for_a_split_is_one_of_new_shares(program: Typed) -> None:
    assert len(found(program, "caps-after-split", "2012-10-31")) == 1

    program.ok(
        *"repurchase amend ACME program --on 2012-10-01 --max-shares 800000".split(),
        *("--cause", "the split"),
    )

    answer = progress(program, "2012-10-10")
    assert (answer["max_shares"], answer["max_shares_as_of"]) == (800_000, "2012-10-01")
    assert (answer["shares"], answer["shares_left"]) == (30_000, 770_000)
    assert answer["shares_percent"] == "3.75"
    assert found(program, "caps-after-split", "2012-10-31") == []


def test_a_printed_progress_is_in_the_shares_of_its_day(program: Typed) -> None:
    program.ok(*"repurchase report ACME program --on 2012-09-30 --shares 100".split())
    program.ok(*"repurchase report ACME program --on 2012-10-31 --shares 30000".split())

    assert program("check", "ACME", "--on", "2012-10-31").exit_code == 0

    program.ok(*"repurchase report ACME program --on 2012-11-30 --shares 10100".split())
    assert program("check", "ACME", "--on", "2012-11-30").exit_code == 1


def test_a_program_that_ended_before_a_split_expects_no_other_cap(acme: Typed) -> None:
    acme.ok(
        *"repurchase authorize ACME program --on 2012-09-03 --max-shares 4000".split(),
        *"--until 2012-09-30".split(),
    )
    split(acme, "200:1")

    assert found(acme, "caps-after-split", "2012-10-31") == []


def test_a_period_total_that_contains_a_split_is_cut_in_two(program: Typed) -> None:
    words = "repurchase purchase ACME program --on 2012-10-01 --from 2012-09-30 --shares 200"
    said = program.refused(*words.split())
    assert "period-straddles-split" in said
    assert "2012-10-01" in said

    buy(program, "2012-09-30", 1, "--from", "2012-09-28")
    buy(program, "2012-10-09", 200, "--from", "2012-10-01")
    assert progress(program, "2012-10-10")["shares"] == 30_400  # 30,000 + 1 x 200 + 200


def test_an_acknowledged_period_total_is_in_the_shares_of_its_last_day(program: Typed) -> None:
    buy(
        program,
        "2012-10-05",
        200,
        *("--from", "2012-09-25", "--acknowledge", "period-straddles-split"),
        *("--reason", "printed as one figure"),
    )

    assert progress(program, "2012-10-10")["shares"] == 30_200
