"""Printed figures held against the ledger, and the mistakes that explain what differs.

Figures of IIJ are those of its notice of 2018-05-24 and of its case; all of ACME is made up.
"""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import BadInput
from ledger.values.numbers import Rounding
from projections.tie_out import Figure, printed_figure
from tests.conftest import Typed, prepared

LINES = Path(__file__).parent.parent / "docs" / "cases" / "iij" / "lines.jsonl"


def tied(capital: Typed, *words: str, code: int) -> dict[str, Any]:
    result = capital("tie-out", *words, "--format", "json")
    assert result.exit_code == code, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def explained(capital: Typed, *words: str) -> list[str]:
    """The mistakes offered for one figure that differs."""
    (figure,) = tied(capital, *words, code=1)["figures"]
    assert figure["verdict"] == "differs"
    return [explanation["mistake"] for explanation in figure["explanations"]]


# --- the notice of 2018-05-24 ---------------------------------------------------------------------


@pytest.fixture
@prepared
def iij(capital: Typed) -> Typed:
    capital.ok("import", LINES)
    return capital


NOTICE = ("IIJ", "--on", "2018-05-24", "--per-share", "13.50", "--total", "JPY 608 million")


def test_the_figures_of_the_notice_agree(iij: Typed) -> None:
    answer = tied(iij, *NOTICE, code=0)

    assert answer["agrees"] is True
    assert [(f["figure"], f["verdict"], f["action"]) for f in answer["figures"]] == [
        ("per-share", "agrees", "dividend-2018-03-31"),
        ("total", "agrees", "dividend-2018-03-31"),
    ]


def test_the_total_of_the_notice_implies_a_band_of_outstanding(iij: Typed) -> None:
    (band,) = tied(iij, *NOTICE, code=0)["implied"]

    # 607,500,000 / 13.50 and just below 608,500,000 / 13.50 (domain document, section 5)
    assert (band["low"], band["high"]) == (45_000_000, 45_074_074)
    assert (band["outstanding"], band["holds"]) == (None, None)
    # of 46,713,800 issued
    assert (band["treasury_low"], band["treasury_high"]) == (1_639_726, 1_713_800)


def test_a_total_on_issued_shares_is_explained_by_treasury(iij: Typed) -> None:
    # 13.50 x 46,713,800 = 630,636,300: the wrong answer of the domain document
    words = ("IIJ", "--on", "2018-05-24", "--total", "JPY 631 million")

    assert explained(iij, *words) == ["treasury-not-deducted"]


def test_issued_printed_as_outstanding_is_named_even_where_outstanding_is_unknown(
    iij: Typed,
) -> None:
    words = ("IIJ", "--on", "2018-05-24", "--outstanding", "46713800")
    (figure,) = tied(iij, *words, code=0)["figures"]

    assert (figure["verdict"], figure["ledger"]) == ("unknown", None)
    assert [e["mistake"] for e in figure["explanations"]] == ["treasury-not-deducted"]


def test_a_split_of_the_next_january_is_not_in_a_dividend_of_november(iij: Typed) -> None:
    # Resolved on 2020-11-09 at 20.50; 2 for 1 on 2021-01-01 makes it 10.25
    words = ("IIJ", "--on", "2020-11-09", "--per-share", "10.25")

    assert explained(iij, *words) == ["split-applied-early"]


def test_a_dividend_after_the_split_is_not_in_old_shares(iij: Typed) -> None:
    words = ("IIJ", "--on", "2023-05-25", "--per-share", "29.26")

    # 14.63 x 2; and FY2022 in the shares of its end, 29.255, prints as 29.26 too
    assert explained(iij, *words) == ["split-applied-late", "whole-fiscal-year"]


def test_more_than_was_issued_holds_in_no_band(iij: Typed) -> None:
    answer = tied(
        *(iij, "IIJ", "--on", "2020-11-09", "--per-share", "10.25"),
        *("--total", "JPY 925 million"),
        code=1,
    )

    (band,) = answer["implied"]
    # 924,500,000 / 10.25 = 90,195,121.9...; 46,734,600 were issued
    assert (band["low"], band["issued"], band["holds"]) == (90_195_122, 46_713_800, False)
    assert band["treasury_low"] is None


# --- dividends of a company all of whose counts are known -----------------------------------------


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """1,000,000 issued, 100,000 in treasury; a year's dividends of 10 and 12.50; a split later."""
    capital.ok(
        *"issuer register ACME --name Acme --currency JPY --profile jp".split(),
        *"--fiscal-year-end 03-31".split(),
    )
    capital.ok(*"class open ACME common --on 2020-01-01 --issued 1000000 --treasury 90000".split())
    capital.ok(
        *"repurchase authorize ACME p --on 2020-02-03 --max-shares 50000".split(),
        *"--max-amount 50000000 --until 2020-12-31".split(),
    )
    for day, settled, shares, amount, fees in (
        ("2020-02-10", "2020-02-12", "10000", "5000000", "1000"),
        ("2020-03-30", "2020-04-01", "2000", "1100000", "220"),
    ):
        capital.ok(
            *("repurchase", "purchase", "ACME", "p", "--on", day, "--settled-on", settled),
            *("--shares", shares, "--amount", amount, "--fees", fees),
        )
    for reference, year, term, resolved, record, per_share in (
        ("d19", "2019-03-31", "YEAR_END", "2020-01-02", "2020-01-01", "9"),
        ("d20i", "2020-03-31", "INTERIM", "2020-02-14", "2020-01-31", "10"),
        ("d20", "2020-03-31", "YEAR_END", "2020-05-15", "2020-03-31", "12.50"),
    ):
        if reference == "d20":
            capital.ok(
                *("dividend", "forecast", "ACME", reference, "--class", "common"),
                *("--on", "2020-02-14", "--term", term, "--fiscal-year-end", year),
                *("--per-share", "11"),
            )
        capital.ok(
            *("dividend", "resolve", "ACME", reference, "--class", "common", "--on", resolved),
            *("--term", term, "--fiscal-year-end", year, "--per-share", per_share),
            *("--record-date", record, "--payable-on", "2020-06-26"),
            *(("--acknowledge", "record-date-window", "--reason", "made up")),
        )
    capital.ok(
        *"split resolve ACME s --class common --on 2020-05-15 --kind SPLIT --new 2".split(),
        *"--old 1 --effective-on 2020-07-01".split(),
    )
    capital.ok(*"split effect ACME s --on 2020-07-01".split())
    return capital


DAY = ("ACME", "--on", "2020-05-15")


def test_every_figure_of_a_complete_ledger_agrees(acme: Typed) -> None:
    answer = tied(
        *(acme, *DAY, "--per-share", "12.50", "--total", "11250000", "--issued", "1000000"),
        *("--treasury", "102000", "--outstanding", "898000", "--percent-of-issued", "10.2"),
        *("--repurchased-shares", "12000", "--repurchased-amount", "6.1 million"),
        code=0,
    )

    assert {figure["verdict"] for figure in answer["figures"]} == {"agrees"}
    # 900,000 outstanding, settled, at the end of 2020-03-31: 100,000 in treasury
    assert answer["implied"][0]["outstanding"] == 900_000
    assert answer["implied"][0]["holds"] is True


@pytest.mark.parametrize(
    ("printed", "mistake"),
    [
        ("12500000", "treasury-not-deducted"),  # 12.50 x 1,000,000
        ("11225000", "trade-instead-of-settlement"),  # 12.50 x 898,000, settled on 2020-04-01
        ("22500000", "split-applied-early"),  # 12.50 x 1,800,000
        ("9900000", "forecast-counted"),  # 11 x 900,000
        ("9100000", "another-dividend"),  # 10 x 910,000, the interim
        ("8190000", "another-fiscal-year"),  # 9 x 910,000
        ("20350000", "whole-fiscal-year"),  # 9,100,000 + 11,250,000
        ("11250", "unit"),
        ("11.2 million", "rounded-down"),
    ],
)
def test_a_wrong_total_is_explained_by_its_mistake(acme: Typed, printed: str, mistake: str) -> None:
    assert mistake in explained(acme, *DAY, "--total", printed)


@pytest.mark.parametrize(
    ("printed", "mistake"),
    [
        ("11", "forecast-counted"),
        ("10", "another-dividend"),
        ("9", "another-fiscal-year"),
        ("22.50", "whole-fiscal-year"),
        ("6.25", "split-applied-early"),
        ("12", "rounded-down"),
    ],
)
def test_a_wrong_dividend_is_explained_by_its_mistake(
    acme: Typed, printed: str, mistake: str
) -> None:
    assert explained(acme, *DAY, "--per-share", printed) == [mistake]


def test_what_no_mistake_prints_is_left_unexplained(acme: Typed) -> None:
    assert explained(acme, *DAY, "--total", "11250001") == []
    said = acme("tie-out", *DAY, "--total", "11250001").output
    assert "none of the usual mistakes gives this figure" in said


@pytest.mark.parametrize("figure", [("--per-share", "12.50"), ("--total", "11.3 million")])
def test_a_right_figure_has_no_explanation(acme: Typed, figure: tuple[str, str]) -> None:
    (line,) = tied(acme, *DAY, *figure, code=0)["figures"]

    assert line["explanations"] == []


def test_a_figure_that_drops_its_digits_agrees_when_told_so(acme: Typed) -> None:
    words = (*DAY, "--total", "11.2 million")

    tied(acme, *words, code=1)
    tied(acme, *words, "--rounding", "DOWN", code=0)


def test_a_dividend_is_chosen_by_its_reference(acme: Typed) -> None:
    (figure,) = tied(acme, *DAY, "--dividend", "d20i", "--per-share", "10", code=0)["figures"]

    assert figure["action"] == "d20i"


def test_a_forecast_is_not_decided(acme: Typed) -> None:
    words = ("ACME", "--on", "2020-02-20", "--dividend", "d20", "--per-share", "11")
    (figure,) = tied(acme, *words, code=0)["figures"]

    assert figure["verdict"] == "unknown"
    assert "is forecast on 2020-02-20, not resolved" in figure["held"]
    assert [e["mistake"] for e in figure["explanations"]] == ["forecast-counted"]


def test_a_total_in_another_currency_is_not_compared(acme: Typed) -> None:
    (figure,) = tied(acme, *DAY, "--total", "USD 11250000", code=0)["figures"]

    assert (figure["verdict"], figure["held"]) == (
        "unknown",
        "printed in USD, the ledger holds JPY",
    )


# --- counts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "figure", "printed", "mistakes"),
    [
        ("2020-05-15", "outstanding", "1000000", ["treasury-not-deducted"]),
        ("2020-05-15", "issued", "898000", ["treasury-deducted"]),
        ("2020-05-15", "issued", "2000000", ["split-applied-early", "another-day"]),
        ("2020-07-01", "issued", "1000000", ["split-applied-late", "another-day"]),
        ("2020-03-31", "treasury", "102000", ["trade-instead-of-settlement", "another-day"]),
        ("2020-03-31", "treasury", "90000", ["another-day"]),
        ("2020-05-15", "percent-of-issued", "11.36 %", ["of-outstanding"]),  # 102 / 898
        ("2020-05-15", "treasury", "102", ["unit"]),
    ],
)
def test_a_wrong_count_is_explained_by_its_mistake(
    acme: Typed, on: str, figure: str, printed: str, mistakes: list[str]
) -> None:
    assert explained(acme, "ACME", "--on", on, f"--{figure}", printed) == mistakes


def test_a_trust_is_not_treasury(acme: Typed) -> None:
    acme.ok(*"class state-trust ACME common --on 2020-04-30 --shares 3000".split())

    assert explained(acme, *DAY, "--outstanding", "895000") == ["trust-deducted"]
    assert explained(acme, *DAY, "--treasury", "105000") == ["trust-deducted"]


# --- programs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "printed", "mistakes"),
    [
        ("repurchased-shares", "10000", ["settlement-instead-of-trade", "another-day"]),
        ("repurchased-shares", "2000", ["month-alone"]),
        ("repurchased-shares", "24000", ["split-applied-early"]),
        ("repurchased-amount", "6101220", ["fees-included"]),
        ("repurchased-amount", "JPY 1.1 million", ["month-alone"]),
    ],
)
def test_a_wrong_progress_is_explained_by_its_mistake(
    acme: Typed, figure: str, printed: str, mistakes: list[str]
) -> None:
    assert explained(acme, "ACME", "--on", "2020-03-31", f"--{figure}", printed) == mistakes


def test_progress_without_what_came_before_the_ledger_is_explained(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(
        *"repurchase authorize ACME p --class common --on 2020-02-03 --max-shares 500".split(),
        *"--already-shares 100 --already-amount 5000".split(),
    )
    capital.ok(*"repurchase purchase ACME p --on 2020-03-02 --shares 7 --amount 400".split())
    words = ("ACME", "--on", "2020-04-30")

    tied(capital, *words, "--repurchased-shares", "107", code=0)
    assert explained(capital, *words, "--repurchased-shares", "7") == ["earlier-purchases-left-out"]
    assert explained(capital, *words, "--repurchased-amount", "400") == [
        "earlier-purchases-left-out"
    ]


def test_the_open_program_is_meant_and_the_other_explains(acme: Typed) -> None:
    acme.ok(
        *"repurchase authorize ACME q --class common --on 2021-01-04 --max-shares 500".split(),
    )
    acme.ok(*"repurchase purchase ACME q --on 2021-01-05 --shares 7 --amount 4000".split())
    words = ("ACME", "--on", "2021-01-31")

    (figure,) = tied(acme, *words, "--repurchased-shares", "7", code=0)["figures"]
    assert figure["action"] == "q"
    # 12,000 before the split of 2 for 1
    assert explained(acme, *words, "--repurchased-shares", "24000") == ["another-program"]
    assert explained(acme, *words, "--repurchased-shares", "24007") == ["another-program"]


# --- what cannot be told --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "ACME --on 2019-12-31 --per-share 9",
            "the dividend of class common is not determined: by 2019-12-31, ",
        ),
        ("ACME --dividend p --per-share 9", "ACME has no dividend 'p'"),
        ("ACME --program d20 --repurchased-shares 1", "ACME has no repurchase program 'd20'"),
        (
            "ACME --on 2019-12-31 --repurchased-shares 1",
            "the program of class common is not determined: by 2019",
        ),
        ("ACME --class b --issued 1", "ACME has no class 'b'; its classes: common"),
    ],
)
def test_what_is_not_there_is_named(acme: Typed, words: str, said: str) -> None:
    assert said in acme.refused("tie-out", *words.split())


def test_a_company_of_two_classes_is_asked_which(acme: Typed) -> None:
    acme.ok(*"class open ACME b --on 2020-01-01 --issued 10 --treasury 0".split())

    assert "the class is not determined; ACME has: b, common" in acme.refused(
        *("tie-out", "ACME", "--issued", "10")
    )
    tied(acme, *DAY, "--issued", "10", "--class", "b", code=0)
    assert 'to one class, not to "all"' in acme.refused(
        *("tie-out", "ACME", "--issued", "10", "--class", "all"), code=2
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("ACME", "no printed figure is given"),
        ("ACME --issued about", "'about' is not a figure"),
        ("ACME --issued 1.000.000", "is not a figure"),
        ("ACME --issued JPY1", "has a currency, but issued is not an amount of money"),
        ("ACME --total XXQ1", "'XXQ' is not an ISO 4217 currency code"),
        ("ACME --issued 5%", "is in per cent"),
    ],
)
def test_what_is_no_figure_is_bad_usage(acme: Typed, words: str, said: str) -> None:
    assert said in acme.refused("tie-out", *words.split(), code=2)


# --- a file ---------------------------------------------------------------------------------------


def test_a_file_of_printed_figures_is_held_each_on_its_own_day(acme: Typed, tmp_path: Path) -> None:
    file = tmp_path / "printed.csv"
    file.write_text(
        "figure,printed,on,action,rounding\n"
        'issued,"1,000,000",2020-05-15,,\n'
        "issued,2000000,2020-07-01,,\n"
        "per-share,10,2020-05-15,d20i,\n"
        "total,11.2 million,2020-05-15,,DOWN\n"
        "\n"
        "Percent of issued,10.2 %,,,\n"
    )

    answer = tied(acme, *DAY, "--figures", str(file), code=0)

    assert [(f["figure"], f["on"], f["verdict"]) for f in answer["figures"]] == [
        ("issued", "2020-05-15", "agrees"),
        ("issued", "2020-07-01", "agrees"),
        ("per-share", "2020-05-15", "agrees"),
        ("total", "2020-05-15", "agrees"),
        ("percent-of-issued", "2020-05-15", "agrees"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1: no column figure; no column printed"),
        ("figure,printed,day\n", ":1: 'day' is not a column"),
        ("figure,printed\nissued,1,000\n", ":2: 3 cells but 2 headers"),
        ("figure,printed\nissue,1\n", ":2: figure: 'issue' is not the name of a figure"),
        ("figure,printed\nissued,\n", ":2: printed is missing"),
        ("figure,printed\nissued,many\n", ":2: issued: 'many' is not a figure"),
        ("figure,printed,on\nissued,1,15.5.2020\n", ":2: on: '15.5.2020' is not a date"),
        ("figure,printed,on\nissued,1,2020-02-30\n", ":2: on: '2020-02-30' is not a date"),
        ("figure,printed,rounding\nissued,1,UP\n", ":2: rounding: 'UP' is not a rounding"),
        ('figure,printed\nissued,"1\n', ":2: cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_by_line(
    acme: Typed, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "printed.csv"
    file.write_text(text)

    assert f"printed.csv{said}" in acme.refused("tie-out", *DAY, "--figures", file, code=2)


def test_the_csv_has_a_row_for_each_figure(acme: Typed) -> None:
    result = acme("tie-out", *DAY, "--issued", "2000000", "--format", "csv")

    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert (row["figure"], row["on"], row["verdict"]) == ("issued", "2020-05-15", "differs")
    assert (row["printed"], row["from"], row["below"]) == ("2000000", "1999999.5", "2000000.5")
    assert (row["ledger"], row["difference"]) == ("1000000", "-1000000")
    assert row["explanations"] == "split-applied-early; another-day"


# --- printed figures ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("JPY 608 million", "607500000", "608500000"),
        ("1.2 billion", "1150000000", "1250000000"),
        ("13.50", "13.495", "13.505"),
        ("46,713,800", "46713799.5", "46713800.5"),
    ],
)
def test_a_printed_figure_stands_for_what_rounds_to_it(text: str, low: str, high: str) -> None:
    assert printed_figure(Figure.TOTAL, text).interval == (Fraction(low), Fraction(high))


@given(st.integers(0, 10**15), st.sampled_from([1, 10**3, 10**6, 10**9]), st.sampled_from(Rounding))
def test_a_figure_agrees_with_what_it_was_rounded_from(
    full: int, unit: int, rounding: Rounding
) -> None:
    half = unit // 2 if rounding is Rounding.HALF_UP else 0
    digits = (full + half) // unit
    words = {1: "", 10**3: " thousand", 10**6: " million", 10**9: " billion"}

    printed = printed_figure(Figure.TOTAL, f"{digits}{words[unit]}", rounding=rounding)

    assert printed.agrees_with(Fraction(full))
    assert not printed.agrees_with(Fraction(full + unit))


@given(st.text())
def test_any_text_is_a_figure_or_bad_input(text: str) -> None:
    try:
        printed = printed_figure(Figure.TOTAL, text)
    except BadInput:
        return
    low, high = printed.interval
    assert low <= printed.value < high
