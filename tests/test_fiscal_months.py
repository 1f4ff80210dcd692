"""The months of a fiscal quarter or year in the table of Item 703.

A 10-Q has three months and their total, a 10-K those of the last quarter. The companies are made
up; the days of the 52-week year are those of Apple's reports: its fiscal 2017 has 53 weeks and ends
on 2017-09-30, its fourth quarter has months of 5, 4 and 4 weeks, from 2017-07-02.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.reports.repurchase_month import Period, months_of_weeks
from tests.conftest import Typed

REPORT = ("report", "repurchase-month", "ACME", "plan", "--form", "us-703")
DECEMBER, MARCH = ("--fiscal-year-end", "12-31"), ("--fiscal-year-end", "03-31")


def ledger_of(capital: Typed, *terms: str, profile: str = "us") -> Typed:
    capital.ok(
        *("issuer", "register", "ACME", "--name", "Acme", "--currency", "USD"),
        *("--profile", profile, *terms),
    )
    capital.ok(*"class open ACME common --on 2015-01-01 --issued 1000000 --treasury 0".split())
    capital.ok(*"repurchase authorize ACME plan --on 2015-01-02".split())
    for day, shares in (("2017-07-20", 10), ("2017-08-21", 20), ("2017-09-29", 30)):
        capital.ok(
            *("repurchase", "purchase", "ACME", "plan", "--on", day, "--shares", shares),
            *("--amount", shares * 5),
        )
    return capital


def days_of(capital: Typed, *asked: str) -> list[tuple[str, str]]:
    return [(m["from"], m["until"]) for m in capital.json(*REPORT, *asked)["months"]]


def ends_of(capital: Typed, *asked: str) -> tuple[str, str, int]:
    """The first day, the last day and the number of months."""
    months = days_of(capital, *asked)
    return months[0][0], months[-1][1], len(months)


# --- fiscal years that end with a month -----------------------------------------------------------


def test_a_quarter_has_three_months_and_their_total(capital: Typed) -> None:
    report = ledger_of(capital, *DECEMBER).json(*REPORT, "--quarter", "2017-Q3")

    assert [(m["from"], m["until"], m["shares"]) for m in report["months"]] == [
        ("2017-07-01", "2017-07-31", 10),
        ("2017-08-01", "2017-08-31", 20),
        ("2017-09-01", "2017-09-30", 30),
    ]
    total = report["total"]
    assert (total["from"], total["until"], total["shares"]) == ("2017-07-01", "2017-09-30", 60)


def test_a_quarter_is_the_same_answer_as_its_three_months(capital: Typed) -> None:
    ledger_of(capital, *DECEMBER)

    months = [f"--month=2017-0{month}" for month in (7, 8, 9)]

    assert capital.json(*REPORT, "--quarter", "2017-Q3") == capital.json(*REPORT, *months)


@pytest.mark.parametrize("written", ["FY2017-Q3", "2017-Q3", "fy2017q3", "2017Q3"])
def test_a_quarter_may_be_written_with_or_without_fy(capital: Typed, written: str) -> None:
    found = ends_of(ledger_of(capital, *DECEMBER), "--quarter", written)

    assert found == ("2017-07-01", "2017-09-30", 3)


@pytest.mark.parametrize(
    ("label", "quarter", "first", "last"),
    [
        ("begin", "FY2017-Q2", "2017-07-01", "2017-09-30"),
        ("end", "FY2018-Q2", "2017-07-01", "2017-09-30"),
        ("begin", "FY2017-Q4", "2018-01-01", "2018-03-31"),
        ("end", "FY2017-Q4", "2017-01-01", "2017-03-31"),
    ],
)
def test_a_fiscal_year_has_the_name_that_the_issuer_gives_it(
    capital: Typed, label: str, quarter: str, first: str, last: str
) -> None:
    ledger_of(capital, *MARCH, "--fiscal-year-label", label)

    assert ends_of(capital, "--quarter", quarter) == (first, last, 3)


@pytest.mark.parametrize("written", ["FY2018", "2018"])
def test_a_year_has_twelve_months_and_their_total(capital: Typed, written: str) -> None:
    ledger_of(capital, *MARCH)

    assert ends_of(capital, "--year", written) == ("2017-04-01", "2018-03-31", 12)
    total = capital.json(*REPORT, "--year", written)["total"]
    assert (total["from"], total["until"], total["shares"]) == ("2017-04-01", "2018-03-31", 60)


@pytest.mark.parametrize("end", ["02-28", "02-29"])
def test_a_year_that_ends_with_february_ends_with_its_last_day(capital: Typed, end: str) -> None:
    ledger_of(capital, "--fiscal-year-end", end)

    assert ends_of(capital, "--quarter", "FY2016-Q4") == ("2015-12-01", "2016-02-29", 3)
    assert ends_of(capital, "--quarter", "FY2017-Q1") == ("2016-03-01", "2016-05-31", 3)


def test_the_markdown_of_a_quarter_has_a_row_a_month_and_a_total(capital: Typed) -> None:
    ledger_of(capital, *DECEMBER)

    text = capital.ok(*REPORT, "--quarter", "2017-Q3", "--format", "markdown")

    assert [line.split("|")[2].strip() for line in text.splitlines() if line[:4] == "| 20"] == [
        "10",
        "20",
        "30",
    ]
    assert "| Total | 60 | 5.00 | 60 |" in text


# --- another fiscal year end ----------------------------------------------------------------------


@pytest.fixture
def changed(capital: Typed) -> Typed:
    """From March to December in 2019: the year from 2019-04-01 has nine months."""
    ledger_of(capital, *MARCH, "--fiscal-year-label", "begin")
    capital.ok(
        *"issuer change-fiscal-year-end ACME --on 2019-06-27 --fiscal-year-end 12-31".split()
    )
    return capital


def test_a_change_of_the_fiscal_year_end_moves_the_quarters_after_it(changed: Typed) -> None:
    assert ends_of(changed, "--quarter", "FY2018-Q4") == ("2019-01-01", "2019-03-31", 3)
    assert ends_of(changed, "--quarter", "FY2019-Q1") == ("2019-04-01", "2019-06-30", 3)
    assert ends_of(changed, "--quarter", "FY2020-Q1") == ("2020-01-01", "2020-03-31", 3)


def test_the_year_of_a_change_has_the_months_up_to_its_new_end(changed: Typed) -> None:
    assert ends_of(changed, "--year", "FY2019") == ("2019-04-01", "2019-12-31", 9)


def test_a_quarter_that_a_short_year_does_not_have_is_refused(changed: Typed) -> None:
    said = changed.refused(*REPORT, "--quarter", "FY2019-Q4", code=2)

    assert "FY2019 of ACME has no quarter 4: it has 9 months, from 2019-04-01 to 2019-12-31" in said


def test_a_name_of_two_fiscal_years_is_refused_with_the_days_of_each(capital: Typed) -> None:
    ledger_of(capital, *MARCH)  # named for their end: the years to March and December 2019
    capital.ok(
        *"issuer change-fiscal-year-end ACME --on 2019-06-27 --fiscal-year-end 12-31".split()
    )

    said = capital.refused(*REPORT, "--quarter", "FY2019-Q1", code=2)

    assert "the years that end on 2019-03-31 and 2019-12-31 have the name FY2019" in said
    assert ("--quarter 2018-04-01..2018-06-30 or --quarter 2019-04-01..2019-06-30") in " ".join(
        said.split()
    )
    assert ends_of(capital, "--quarter", "2019-04-01..2019-06-30")[2] == 3


def test_a_change_that_was_not_known_yet_moves_nothing(changed: Typed) -> None:
    before = changed.json(*REPORT, "--month", "2019-05")["entry"] - 1

    found = ends_of(changed, "--year", "FY2019", "--known-at", str(before))

    assert found == ("2019-04-01", "2020-03-31", 12)


# --- years of 52 and 53 weeks ---------------------------------------------------------------------

APPLE_QUARTER = [
    ("2017-07-02", "2017-08-05"),
    ("2017-08-06", "2017-09-02"),
    ("2017-09-03", "2017-09-30"),
]


def test_a_quarter_of_weeks_is_given_by_its_days_and_the_weeks_of_its_months(
    capital: Typed,
) -> None:
    ledger_of(capital)

    assert days_of(capital, "--quarter", "2017-07-02..2017-09-30", "--weeks", "5-4-4") == (
        APPLE_QUARTER
    )


@pytest.mark.parametrize("weeks", ["4-5-5", "5-4-5", "5-5-4"])
def test_a_quarter_may_have_fourteen_weeks(capital: Typed, weeks: str) -> None:
    ledger_of(capital)

    # the first quarter of Apple's fiscal 2017
    found = ends_of(capital, "--quarter", "2016-09-25..2016-12-31", "--weeks", weeks)

    assert found == ("2016-09-25", "2016-12-31", 3)


def test_a_year_of_52_weeks_has_four_quarters_alike(capital: Typed) -> None:
    ledger_of(capital)

    months = days_of(capital, "--year", "2015-09-27..2016-09-24", "--weeks", "5-4-4")

    assert len(months) == 12
    assert months[-1] == ("2016-08-28", "2016-09-24")


def test_a_year_of_53_weeks_names_the_weeks_of_twelve_months(capital: Typed) -> None:
    ledger_of(capital)

    months = days_of(
        *(capital, "--year", "2016-09-25..2017-09-30"),
        *("--weeks", "5-5-4-5-4-4-5-4-4-5-4-4"),
    )

    assert months[2] == ("2016-12-04", "2016-12-31")
    assert months[-3:] == APPLE_QUARTER


@pytest.mark.parametrize(
    ("days", "weeks", "said"),
    [
        ("2017-07-02..2017-10-07", "4-4-5", "13 weeks, and 2017-07-02 to 2017-10-07 has 14 weeks"),
        ("2017-07-02..2017-09-29", "4-4-5", "has 12 weeks and 6 days"),
    ],
)
def test_weeks_that_do_not_fill_the_days_are_refused(
    capital: Typed, days: str, weeks: str, said: str
) -> None:
    ledger_of(capital)

    refused = capital.refused(*REPORT, "--quarter", days, "--weeks", weeks, code=2)

    assert said in refused
    assert "4-5-5, 5-4-5 or 5-5-4" in " ".join(refused.split())


def test_days_that_are_no_calendar_months_ask_for_the_weeks(capital: Typed) -> None:
    ledger_of(capital)

    said = capital.refused(*REPORT, "--quarter", "2017-07-02..2017-09-30", code=2)

    assert "2017-07-02 to 2017-09-30 are not whole calendar months" in said
    assert "--weeks 4-4-5" in said


def test_a_fiscal_year_that_ends_within_a_month_has_no_known_months(capital: Typed) -> None:
    ledger_of(capital, "--fiscal-year-end", "09-24")

    said = capital.refused(*REPORT, "--quarter", "FY2017-Q4", code=2)

    assert "--quarter FY2017-Q4 of ACME is asked for" in said
    assert "its fiscal year ends on 09-24, which is not the end of a month" in said
    assert "--quarter 2017-07-02..2017-09-30 --weeks 5-4-4" in " ".join(said.split())


def test_a_recorded_year_of_weeks_is_not_taken_for_calendar_months(capital: Typed) -> None:
    ledger_of(capital, "--fiscal-year-end", "09-30")
    capital.ok(
        *"dividend resolve ACME d --class common --on 2016-07-26 --term Q3".split(),
        *"--fiscal-year-end 2016-09-24 --per-share 0.57".split(),
    )

    said = capital.refused(*REPORT, "--year", "FY2017", code=2)

    assert "entry 7 names a fiscal year that ends on 2016-09-24" in said
    assert "--year 2016-10-02..2017-09-30 --weeks 5-4-4" in " ".join(said.split())
    assert ends_of(capital, "--year", "2016-10-02..2017-09-30", "--weeks", "5-4-4")[2] == 12


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.lists(st.integers(3, 6), min_size=1))
def test_months_of_weeks_leave_no_day_out_and_count_none_twice(
    first: date, weeks: list[int]
) -> None:
    last = first + timedelta(weeks=sum(weeks)) - timedelta(days=1)

    months = months_of_weeks(Period(first, last), weeks)

    days = [m.first + timedelta(n) for m in months for n in range((m.last - m.first).days + 1)]
    assert days == [first + timedelta(n) for n in range(7 * sum(weeks))]


# --- the question ---------------------------------------------------------------------------------


def test_without_a_fiscal_year_end_a_quarter_is_asked_for_by_its_days(capital: Typed) -> None:
    ledger_of(capital)

    said = capital.refused(*REPORT, "--quarter", "2017-Q3", code=2)

    assert "the ledger holds no fiscal year end of it" in said
    assert "--quarter 2017-07-01..2017-09-30" in said
    assert ends_of(capital, "--quarter", "2017-07-01..2017-09-30")[2] == 3


def test_a_fiscal_year_that_began_before_the_first_known_end_is_not_guessed(capital: Typed) -> None:
    ledger_of(capital)
    capital.ok(
        *"issuer change-fiscal-year-end ACME --on 2019-06-27 --fiscal-year-end 12-31".split()
    )

    said = capital.refused(*REPORT, "--year", "FY2019", code=2)

    assert "the ledger does not hold when FY2019 of ACME begins" in said
    assert ends_of(capital, "--year", "FY2020") == ("2020-01-01", "2020-12-31", 12)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no month is named"),
        (("--quarter", "2017-Q3", "--year", "2017"), "--quarter and --year are two questions"),
        (("--month", "2017-08", "--quarter", "2017-Q3"), "--month and --quarter are two questions"),
        (("--quarter", "2017-Q5"), "'2017-Q5' is not a quarter"),
        (("--year", "17"), "'17' is not a fiscal year"),
        (("--quarter", "2017-09-30..2017-07-01"), "ends before it begins"),
        (("--quarter", "2017-07-01..2017-08-31"), "has 2"),
        (("--quarter", "2017-Q3", "--weeks", "4-4-5"), "without the days"),
        (("--month", "2017-07", "--weeks", "4-4-5"), "without the days"),
        (("--quarter", "2017-07-02..2017-09-30", "--weeks", "4-4-x"), "'4-4-x'"),
        (
            ("--quarter", "2017-07-02..2017-09-30", "--weeks", "4-4-5-4-4-5-4-4-5-4-4-5"),
            "a quarter has three months, and --weeks names 12",
        ),
    ],
)
def test_what_cannot_be_asked_says_what_to_type(
    capital: Typed, words: tuple[str, ...], said: str
) -> None:
    ledger_of(capital, *DECEMBER)

    assert said in " ".join(capital.refused(*REPORT, *words, code=2).split())


@pytest.mark.parametrize("form", ["jp", "uk"])
def test_a_layout_of_one_month_refuses_a_quarter(capital: Typed, form: str) -> None:
    ledger_of(capital, *DECEMBER)

    said = capital.refused(*REPORT, "--form", form, "--quarter", "2017-Q3", code=2)

    assert f"the layout {form} covers one month, but 3 are given" in said


def test_the_answer_of_a_quarter_keeps_the_names_of_that_of_a_month(capital: Typed) -> None:
    ledger_of(capital, *DECEMBER)

    month: dict[str, Any] = capital.json(*REPORT, "--month", "2017-07")
    quarter: dict[str, Any] = capital.json(*REPORT, "--quarter", "2017-Q3")

    assert list(quarter) == list(month)
    assert list(quarter["months"][0]) == list(month["months"][0])
