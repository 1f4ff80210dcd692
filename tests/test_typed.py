"""What people type is accepted if it can be read in one way only; else both readings are named.

Lines of files stay strict.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.lines.typed import day_typed, decimal_typed, figure_typed, whole_typed
from tests.conftest import Typed

EVE = date(2020, 12, 31)


@pytest.fixture
def acme(capital: Typed) -> Typed:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    return capital


@pytest.mark.parametrize(
    "text",
    [
        "2020-12-31",
        "2020/12/31",
        "2020.12.31",
        "31 Dec 2020",
        "31 December 2020",
        "31-Dec-2020",
        "Dec 31, 2020",
        "December 31 2020",
        "31/12/2020",
        "12/31/2020",
        "31.12.2020",
        "2020年12月31日",
    ],
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert day_typed(text) == EVE


@pytest.mark.parametrize("text", ["31 Foo 2020", "20201231", "31/12/20", "2020-12-31T00:00", ""])
def test_what_is_not_a_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date; write it as 2018-05-24"):
        day_typed(text)


@pytest.mark.parametrize("text", ["2019-02-29", "2019/02/29", "30 Feb 2020", "31/11/2020"])
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date in the calendar"):
        day_typed(text)


@given(st.dates(date(1600, 1, 1), date(2999, 12, 31)), st.sampled_from("/.-"))
def test_a_day_with_its_year_last_is_read_unless_day_and_month_can_be_swapped(
    day: date, mark: str
) -> None:
    text = f"{day.day:02}{mark}{day.month:02}{mark}{day.year:04}"
    if day.day > 12 or day.day == day.month:
        assert day_typed(text) == day
        return
    swapped = day.replace(month=day.day, day=day.month)
    with pytest.raises(ValueError, match="can be read as") as problem:
        day_typed(text)
    assert day.isoformat() in str(problem.value)
    assert swapped.isoformat() in str(problem.value)


@given(st.integers(0, 10**15), st.sampled_from([",", " ", "\u00a0", "\u202f"]))
def test_a_count_is_read_with_and_without_separators(count: int, mark: str) -> None:
    assert whole_typed(str(count)) == count
    assert whole_typed(f"{count:,}".replace(",", mark)) == count


@pytest.mark.parametrize("text", ["1,00", "1,0000", ",100", "1,000 000", "1e6", "12.5", "-1", ""])
def test_a_count_with_separators_in_other_places_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a whole number"):
        whole_typed(text)


def test_a_count_with_one_point_is_refused_with_both_readings() -> None:
    with pytest.raises(ValueError, match="can be read as 1000 or 1;"):
        whole_typed("1.000")


@pytest.mark.parametrize(
    ("text", "digits"),
    [("13.50", "13.50"), ("1,234.50", "1234.50"), ("1 234.5", "1234.5"), ("1,000,000", "1000000")],
)
def test_a_decimal_is_read_with_every_digit_that_was_typed(text: str, digits: str) -> None:
    assert decimal_typed(text) == digits


def test_one_comma_alone_may_separate_thousands_or_decimals() -> None:
    with pytest.raises(ValueError, match=r"can be read as 1234 or 1\.234;"):
        decimal_typed("1,234")


@pytest.mark.parametrize(
    ("text", "digits", "first"),
    [
        ("$0.25", "0.25", "USD"),
        ("US$ 1,000,000", "1000000", "USD"),
        ("¥13.50", "13.50", "JPY"),
        ("56,000円", "56000", "JPY"),
        ("¥56,000", "56000", "JPY"),
        ("USD 400000000", "400000000", "USD"),
        ("400000000 USD", "400000000", "USD"),
        ("£0.0755", "0.0755", "GBP"),
    ],
)
def test_a_figure_is_read_with_its_currency(text: str, digits: str, first: str) -> None:
    typed = figure_typed(text)

    assert (typed.digits, typed.currencies[0]) == (digits, first)


def test_a_symbol_is_of_the_issuers_currency_if_it_can_be(acme: Typed) -> None:
    acme.ok(
        *("acquisition", "acquire", "ACME", "odd", "--on", "31 Dec 2020", "--cause", "ODD_LOT"),
        *("--shares", "1,000", "--amount", "¥1,513,510"),
    )

    line = json.loads(acme.ok("export", "ACME").splitlines()[-1])
    assert line["amount"] == {"amount": "1513510", "currency": "JPY"}
    assert (line["shares"], line["on"]) == (1000, "2020-12-31")


def test_a_symbol_of_several_currencies_but_not_the_issuers_is_refused(acme: Typed) -> None:
    said = acme.refused(
        *"acquisition acquire ACME odd --on 2020-12-31 --cause ODD_LOT --shares 1".split(),
        *("--amount", "$5.00"),
        code=2,
    )

    assert "the symbol of 5.00 can be of USD, CAD" in said
    assert '"USD 5.00"' in said


def test_a_dividend_per_share_is_typed_with_the_symbol_of_its_currency(acme: Typed) -> None:
    dividend = (
        *"dividend resolve ACME dividend-2020 --on 2021-02-01 --term YEAR_END".split(),
        *("--fiscal-year-end", "Dec 31, 2020", "--per-share", "$0.25"),
    )

    assert "--per-share 0.25 is typed in USD" in acme.refused(*dividend, code=2)
    acme.ok(*dividend, "--currency", "USD")
    assert acme.json("dividends", "ACME")[0]["declared"]["per_share"] == "0.25"


def test_an_issuer_is_asked_about_in_any_case(acme: Typed) -> None:
    acme.ok(*"class open acme common --on 2020-03-31 --issued 1,000,000 --treasury 0".split())

    asked = acme.json("shares", "Acme", "--class", "common", "--on", "2020/3/31")
    assert (asked["issuer"], asked["issued"]) == ("ACME", 1_000_000)
    assert "ACME" in acme.ok("check", "acme")


def test_lines_of_files_stay_strict(acme: Typed, tmp_path: Path) -> None:
    line = {
        "issuer": "ACME",
        "class": "common",
        "action": "odd",
        "event": "SharesAcquired",
        "on": "2020-12-31",
        "shares": 1000,
        "cause": "ODD_LOT",
    }
    file = tmp_path / "lines.jsonl"
    for wrong in ({"on": "2020/12/31"}, {"shares": "1,000"}, {"issuer": "acme"}):
        file.write_text(json.dumps(line | wrong), encoding="utf-8")
        acme("import", file)

    assert "odd" not in acme.ok("actions", "ACME")
