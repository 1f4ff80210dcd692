"""A distribution in kind: another company's shares for the holders, and no cash of any dividend.

The dates and ratios of General Electric are those of its announcement of 30 November 2022: one
share of GE HealthCare for three, record date 16 December 2022, distributed 3 January 2023, traded
without from 4 January. Its quarterly dividend of USD 0.08 and the counts here are rounded.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Typed

SPIN_OFF = ("GE", "ge-healthcare")


@pytest.fixture
def ge(capital: Typed) -> Typed:
    """1,000 issued, 100 of them in treasury; a dividend of 0.08 in each of two quarters."""
    capital.ok(
        *"issuer register GE --name GE --currency USD --profile us --fiscal-year-end 12-31".split()
    )
    capital.ok(*"class open GE common --on 2022-01-31 --issued 1000 --treasury 100".split())
    for quarter, end, on in (
        ("Q4", "2022-12-31", "2022-12-09"),
        ("Q1", "2023-12-31", "2023-02-17"),
    ):
        capital.ok(
            *("dividend", "resolve", "GE", f"dividend-{on}", "--on", on, "--term", quarter),
            *("--fiscal-year-end", end, "--per-share", "0.08", "--record-date", on),
        )
    return capital


def resolve(capital: Typed, *more: str) -> str:
    return capital.ok(
        *("distribution", "resolve", *SPIN_OFF, "--on", "2022-11-30"),
        *("--of-name", "GE HealthCare Technologies Inc.", "--of-isin", "US36266G1076"),
        *"--new 1 --old 3 --record-date 2022-12-16 --ex-date 2023-01-04".split(),
        *("--effective-on", "2023-01-03", *more),
    )


def effect(capital: Typed) -> str:
    return capital.ok("distribution", "effect", *SPIN_OFF, "--on", "2023-01-03")


def years(capital: Typed, on: str = "2023-12-31", *more: str) -> dict[str, Any]:
    answer = capital.json("dividends", "GE", "--on", on, *more)
    return {year["fiscal_year"]: year for year in answer}


def test_a_spin_off_moves_no_count_of_ours(ge: Typed) -> None:
    before = ge.json("shares", "GE", "--class", "common", "--on", "2022-11-29")
    resolve(ge)
    effect(ge)

    after = ge.json("shares", "GE", "--class", "common", "--on", "2023-01-04")

    counts = ("authorized", "issued", "treasury", "outstanding")
    assert [after[name] for name in counts] == [before[name] for name in counts]


def test_it_is_a_line_of_its_own_in_the_fiscal_year_in_which_it_is_made(ge: Typed) -> None:
    resolve(ge)
    effect(ge)

    found = years(ge)

    assert found["FY2022"]["in_kind"] == []
    assert found["FY2023"]["in_kind"] == [
        {
            "action": "ge-healthcare",
            "state": "effected",
            "of": {"name": "GE HealthCare Technologies Inc.", "isin": "US36266G1076"},
            "new": 1,
            "old": 3,
            "record_date": "2022-12-16",
            "ex_date": "2023-01-04",
            "effective_on": "2023-01-03",
            "effected_on": "2023-01-03",
            "value_per_share": None,
        }
    ]


def test_it_enters_no_figure_of_the_year_whatever_it_is_worth(ge: Typed) -> None:
    before = years(ge)
    resolve(ge, "--value-per-share", "20.50")
    effect(ge)

    after = years(ge)

    assert after["FY2023"]["in_kind"][0]["value_per_share"] == {
        "amount": "20.50",
        "currency": "USD",
    }
    for year in after.values():
        del year["in_kind"]
    for year in before.values():
        assert year.pop("in_kind") == []
        del year["entry"]
    assert [{**year, "entry": 0} for year in after.values()] == [
        {**year, "entry": 0} for year in before.values()
    ]
    assert after["FY2023"]["declared"]["per_share"] == "0.08"


def test_people_read_it_below_the_years(ge: Typed) -> None:
    resolve(ge)
    effect(ge)

    said = ge.ok("dividends", "GE", "--on", "2023-12-31")

    line = said.splitlines()[-1].split()
    assert line[:4] == ["FY2023", "common", "ge-healthcare", "effected"]
    assert line[-6:] == ["1", "for", "3", "2022-12-16", "2023-01-04", "2023-01-03"]


def test_a_year_without_dividends_has_its_distribution(ge: Typed) -> None:
    for on in ("2022-12-09", "2023-02-17"):
        ge.ok("reverse", "GE", f"dividend-{on}", "1", "--on", "2023-03-01", "--reason", "a test")
    resolve(ge)
    effect(ge)

    (year,) = ge.json("dividends", "GE", "--on", "2023-12-31")
    (asked,) = ge.json("dividends", "GE", "--on", "2023-12-31", "--fiscal-year", "FY2023")

    assert (year["fiscal_year"], year["fiscal_year_end"]) == ("FY2023", "2023-12-31")
    assert (year["dividends"], year["declared"]["per_share"], year["total"]) == ([], None, None)
    assert [part["action"] for part in year["in_kind"]] == ["ge-healthcare"]
    assert asked == year


def test_before_it_is_made_it_stands_in_the_year_it_is_planned_for(ge: Typed) -> None:
    resolve(ge)

    (part,) = years(ge, "2022-12-31")["FY2023"]["in_kind"]

    assert (part["state"], part["effected_on"]) == ("resolved", None)
    assert "FY2023" not in years(ge, "2022-11-29")


def test_where_the_fiscal_year_is_unknown_it_is_shown_without_one(capital: Typed) -> None:
    capital.ok(*"issuer register GE --name GE --currency USD --profile us".split())
    resolve(capital)

    (year,) = capital.json("dividends", "GE", "--on", "2023-12-31")

    assert (year["fiscal_year"], year["fiscal_year_end"]) == ("", None)
    assert [part["action"] for part in year["in_kind"]] == ["ge-healthcare"]


@pytest.mark.parametrize(
    ("made_on", "year"),
    [
        ("2020-09-26", "2020-09-26"),  # Apple's fiscal 2020 ended on 26 September
        ("2020-09-27", "2021-09-30"),  # the first day of the next
        ("2021-09-30", "2021-09-30"),
        ("2021-10-01", "2022-09-30"),
    ],
)
def test_a_year_of_52_weeks_ends_where_its_dividends_say_so(
    capital: Typed, made_on: str, year: str
) -> None:
    capital.ok(
        *"issuer register GE --name GE --currency USD --profile us --fiscal-year-end 09-30".split()
    )
    capital.ok(
        *"dividend resolve GE q4 --on 2020-07-30 --term Q4 --per-share 0.205".split(),
        *"--fiscal-year-end 2020-09-26".split(),
    )
    capital.ok(
        *"distribution resolve GE it --on 2020-07-30 --of-name Beta --new 1 --old 3".split(),
        *("--effective-on", made_on),
    )

    answer = capital.json("dividends", "GE", "--on", "2020-12-31")

    assert [y["fiscal_year_end"] for y in answer if y["in_kind"]] == [year]


def test_a_year_that_was_cut_short_ends_on_its_new_day(ge: Typed) -> None:
    ge.ok(*"issuer change-fiscal-year-end GE --on 2023-06-01 --fiscal-year-end 06-30".split())
    resolve(ge)
    effect(ge)

    answer = ge.json("dividends", "GE", "--on", "2023-12-31")

    assert [year["fiscal_year_end"] for year in answer if year["in_kind"]] == ["2023-06-30"]


def test_it_trades_with_the_share_until_after_its_record_date_without_a_warning(ge: Typed) -> None:
    resolve(ge)
    effect(ge)

    assert [f for f in ge.json("check", "GE", "--on", "2023-12-31") if f["rule"] == "ex-date"] == []


def test_the_calendar_shows_its_days(ge: Typed) -> None:
    resolve(ge, "--approval", "EGM")

    days = ge.json("calendar", "GE", "--on", "2022-12-31", "--from", "2022-12-01")

    assert [(d["day"], d["what"], d["state"]) for d in days if d["action"] == "ge-healthcare"] == [
        ("2022-12-16", "record date", "passed"),
        ("2023-01-03", "distribution", "ahead"),
        ("2023-01-04", "ex-distribution date", "ahead"),
    ]


def test_one_that_was_withdrawn_is_still_listed_as_such(ge: Typed) -> None:
    resolve(ge)
    ge.ok("distribution", "withdraw", *SPIN_OFF, "--on", "2022-12-20", "--reason", "it is sold")

    (part,) = years(ge)["FY2023"]["in_kind"]

    assert (part["state"], part["effected_on"]) == ("withdrawn", None)
    said = ge.refused("distribution", "effect", *SPIN_OFF, "--on", "2023-01-03")
    assert "withdrawn on 2022-12-20" in said


def test_it_is_made_once_and_only_as_resolved(ge: Typed) -> None:
    words = ("distribution", "effect", *SPIN_OFF, "--on")
    assert "no resolution of ge-healthcare" in ge.refused(*words, "2023-01-03")
    resolve(ge)
    effect(ge)

    assert "took effect on 2023-01-03" in ge.refused(*words, "2023-01-04")


def test_what_passed_its_day_unrecorded_is_overdue(ge: Typed) -> None:
    resolve(ge)

    found = ge.json("check", "GE", "--on", "2023-01-04")

    assert ("effect-overdue", "ge-healthcare") in [(f["rule"], f["action"]) for f in found]


@pytest.mark.parametrize("stated", ["--new 0 --old 3", "--new 1 --old 0", "--new 1", "--old 3"])
def test_it_needs_a_ratio_of_whole_shares(ge: Typed, stated: str) -> None:
    words = ("distribution", "resolve", *SPIN_OFF, "--on", "2022-11-30", "--of-name", "Beta")

    ge.refused(*words, *stated.split(), code=2)
