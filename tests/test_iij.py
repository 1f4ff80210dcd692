"""The history of Internet Initiative Japan, recorded from docs/cases/iij/lines.jsonl.

Every expected figure is a row of docs/cases/iij/facts.csv, or arithmetic on such rows that the
case's page shows.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from ledger.store.ledger import Ledger
from tests.conftest import Typed
from tests.stores import at

CASE = ROOT / "docs" / "cases" / "iij"

Line = dict[str, Any]


def lines() -> list[Line]:
    return [json.loads(line) for line in (CASE / "lines.jsonl").read_text("utf-8").splitlines()]


def facts() -> dict[str, dict[str, str]]:
    with (CASE / "facts.csv").open(encoding="utf-8", newline="") as file:
        return {row["fact_id"]: row for row in csv.DictReader(file)}


def fact_of(line: Line) -> str:
    """IIJ-015, of the key iij-015-gap."""
    return "-".join(str(line["key"]).split("-")[:2]).upper()


@pytest.fixture(scope="module")
def iij(store: str, tmp_path_factory: pytest.TempPathFactory) -> Typed:
    """The whole history, recorded once; these tests only ask."""
    return imported(tmp_path_factory.mktemp("iij") / "capital.db", CASE / "lines.jsonl")


def imported(path: Path, file: Path) -> Typed:
    Ledger.create(at(path)).close()
    typed = Typed(path)
    typed.ok("import", file)
    return typed


def shares(iij: Typed, on: str, *more: str) -> dict[str, Any]:
    answer: dict[str, Any] = iij.json("shares", "IIJ", "--class", "common", "--on", on, *more)
    return answer


def year(iij: Typed, fiscal_year: str, on: str, *more: str) -> dict[str, Any]:
    words = ("dividends", "IIJ", "--fiscal-year", fiscal_year, "--on", on, *more)
    (answer,) = iij.json(*words)
    assert isinstance(answer, dict)
    return answer


# --- the lines -----------------------------------------------------------------------------------


def test_every_line_names_its_fact_and_cites_its_document() -> None:
    known = facts()

    for line in lines():
        source = line["source"]
        assert source["title"]
        assert source["uri"] in {row["source_url"] for row in known.values()}
        if line["event"] != "IssuerRegistered":
            assert str(line["note"]).startswith(fact_of(line))
            assert source["uri"] == known[fact_of(line)]["source_url"]


def test_every_fact_is_a_line_or_is_named_by_one_or_by_the_page() -> None:
    told = json.dumps(lines()) + (CASE / "index.md").read_text(encoding="utf-8")
    carried = {fact_of(line) for line in lines()}

    missing = [fact for fact in facts() if fact not in carried and fact not in told]

    assert missing == []


def test_no_line_says_how_many_shares_the_program_of_2008_bought() -> None:
    assert "SharesRepurchased" not in {line["event"] for line in lines()}


def test_every_named_gap_says_how_it_was_derived() -> None:
    gaps = [line for line in lines() if line["event"] == "PositionAdjusted"]

    assert [gap["issued_change"] for gap in gaps] == [
        2_178,  # 206,478 - 204,300
        0,  # the program of 2008: treasury alone
        702_200,  # 46,697,800 - 41,295,600 - 4,700,000
        3_200,  # 46,701,000 - 46,697,800
        10_400,  # 46,711,400 - 46,701,000
        0,  # a purchase before 2017-03-31: treasury alone
        2_400,  # 46,713,800 - 46,711,400
        20_800,  # 46,734,600 - 46,713,800
        65_600,  # 93,534,800 - 93,469,200
        None,  # purchase and cancellation of 2023
    ]
    assert all("sourced" in gap["reason"] for gap in gaps)


# --- recording and checking ----------------------------------------------------------------------


def test_it_is_recorded_in_one_entry_without_acknowledgments(capital: Typed) -> None:
    (said,) = capital.json("import", CASE / "lines.jsonl")

    assert said["acknowledged"] == []
    assert {warning["rule"] for warning in said["warnings"]} == {"unjudged"}


def test_check_finds_nothing_that_disagrees_and_lists_the_gaps(iij: Typed) -> None:
    findings = iij.json("check", "IIJ", "--on", "2024-05-10")

    kinds = [finding["finding"] for finding in findings]
    assert set(kinds) == {"adjustment", "overdue", "unjudged"}
    assert kinds.count("adjustment") == len(
        [line for line in lines() if line["event"] == "PositionAdjusted"]
    )


def test_the_replay_agrees_with_the_queries(iij: Typed) -> None:
    assert "every count agrees with the queries" in iij.ok("audit", "replay", "IIJ")


def test_every_stated_total_implies_a_band_of_outstanding(iij: Typed) -> None:
    """The table of docs/cases/iij/index.md: (total +- half a million) / per share, whole shares."""
    findings = iij.json("check", "IIJ", "--on", "2024-05-10")

    bands = {
        finding["action"]: finding["message"].partition("it implies ")[2]
        for finding in findings
        if finding["rule"] == "stated-total"
    }

    assert bands == {
        "dividend-2010-03-31": "202,000 to 202,799 outstanding",
        "dividend-2011-03-31": "202,334 to 202,999 outstanding",
        "dividend-2015-09-30": "45,863,637 to 45,954,545 outstanding",
        "dividend-2016-09-30": "45,888,889 to 45,962,962 outstanding",
        "dividend-2017-03-31": "45,000,000 to 45,074,074 outstanding",
        "dividend-2018-03-31": "45,000,000 to 45,074,074 outstanding",
        "dividend-2019-03-31": "45,000,000 to 45,074,074 outstanding",
        "dividend-2019-09-30": "45,074,075 to 45,148,148 outstanding",
        "dividend-2020-03-31": "45,074,075 to 45,148,148 outstanding",
        "dividend-2020-09-30": "45,097,561 to 45,146,341 outstanding",
        "dividend-2021-03-31": "90,179,488 to 90,230,769 outstanding",
        "dividend-2021-09-30": "90,282,609 to 90,326,086 outstanding",
        "dividend-2022-03-31": "90,300,000 to 90,339,999 outstanding",
        "dividend-2023-03-31": "180,690,363 to 180,758,714 outstanding",
    }


def _ratio(key: str, new: int) -> Callable[[Line], None]:
    def alter(line: Line) -> None:
        if line["key"] == key:
            line["new"] = new

    return alter


def _shares_of_2005(line: Line) -> None:
    if str(line["key"]).startswith("iij-004-") and "shares" in line:
        line["shares"] = 12_600


def _treasury_of_2008(line: Line) -> None:
    if line["key"] == "iij-017-treasury":
        line["treasury"] = 1


def _interim_of_2022(line: Line) -> None:
    if line["key"] == "iij-095-interim":
        line["per_share"] = "29.50"


@pytest.mark.parametrize(
    ("alter", "rule", "key", "expected", "found"),
    [
        (_ratio("iij-005-resolved", 6), "reported-position", "iij-004-before", "191800", "230160"),
        (_shares_of_2005, "reported-position", "iij-004-after", "204300", "204400"),
        (_treasury_of_2008, "reported-position", "iij-017", "206478", "206477"),
        (_ratio("iij-040-resolved", 100), "reported-total", "iij-042-annual", "16.25", "32.5"),
        (
            _ratio("iij-080-resolved", 3),
            "reported-position",
            "iij-080-after",
            "93469200",
            "140203800",
        ),
        (_interim_of_2022, "reported-total", "iij-095", "29.255", "29.38"),
    ],
)
def test_one_altered_figure_fails_the_check_where_it_first_disagrees(
    alter: Callable[[Line], None],
    rule: str,
    key: str,
    expected: str,
    found: str,
    tmp_path: Path,
) -> None:
    altered = lines()
    for line in altered:
        alter(line)
    assert altered != lines()
    file = tmp_path / "altered.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in altered), encoding="utf-8")
    iij = imported(tmp_path / "capital.db", file)

    result = iij("check", "IIJ", "--on", "2024-05-10", "--format", "json")

    assert result.exit_code == 1
    first = next(f for f in json.loads(result.stdout) if f["finding"] == "assertion failed")
    assert (first["rule"], first["expected"], first["found"]) == (rule, expected, found)
    assert first["key"].startswith(key)


# --- counts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "issued"),
    [
        ("2005-03-31", 38_360),  # IIJ-003
        ("2005-11-09", 191_800),  # IIJ-004
        ("2005-12-02", 204_300),  # IIJ-004
        ("2006-03-31", 204_300),  # IIJ-007
        ("2007-03-31", 204_300),  # IIJ-010
        ("2008-03-31", 206_478),  # IIJ-015
        ("2008-10-27", 206_478),  # IIJ-017: outstanding, with treasury 0
        ("2009-03-31", 206_478),  # IIJ-022
        ("2010-03-31", 206_478),  # IIJ-025
        ("2011-03-31", 206_478),  # IIJ-033
        ("2012-03-31", 206_478),  # IIJ-037
        ("2012-09-05", 206_478),  # IIJ-039
        ("2012-09-30", 206_478),  # the day before the split
        ("2012-10-01", 41_295_600),
        ("2013-03-31", 41_295_600),  # IIJ-049
        ("2014-03-31", 46_697_800),  # IIJ-054
        ("2015-03-31", 46_701_000),  # IIJ-056
        ("2016-03-31", 46_711_400),  # IIJ-059
        ("2017-03-31", 46_711_400),  # IIJ-063
        ("2018-03-31", 46_713_800),  # IIJ-067
        ("2020-11-09", 46_734_600),  # IIJ-079
        ("2020-12-31", 46_734_600),  # the day before the split
        ("2021-01-01", 93_469_200),  # IIJ-080
        ("2022-08-05", 93_534_800),  # IIJ-093
        ("2022-09-30", 93_534_800),  # the day before the split
        ("2022-10-01", 187_069_600),  # IIJ-094
        ("2023-05-18", 187_069_600),  # IIJ-098
    ],
)
def test_issued_comes_out_at_every_published_date(iij: Typed, on: str, issued: int) -> None:
    assert shares(iij, on)["issued"] == issued


@pytest.mark.parametrize(
    ("on", "authorized"),
    [
        ("2012-09-29", None),
        ("2012-09-30", 377_600),
        ("2012-10-01", 75_520_000),
        ("2021-01-01", 151_040_000),
        ("2022-10-01", 302_080_000),
    ],
)
def test_what_the_articles_allow_grows_with_each_split(
    iij: Typed, on: str, authorized: int | None
) -> None:
    assert shares(iij, on)["authorized"] == authorized


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        ("2005-03-31", "not stated by the opening position"),
        ("2007-03-31", "not stated by the opening position"),
        ("2009-01-30", "moved by an unknown number on 2009-01-30"),
        ("2009-03-31", "moved by an unknown number on 2009-01-30"),
        ("2013-03-31", "moved by an unknown number on 2009-01-30"),
        ("2018-03-31", "moved by an unknown number on 2009-01-30"),
        ("2022-10-01", "moved by an unknown number on 2009-01-30"),
    ],
)
def test_treasury_that_was_never_published_is_null_and_says_why(
    iij: Typed, on: str, reason: str
) -> None:
    answer = shares(iij, on)

    assert (answer["treasury"], answer["outstanding"]) == (None, None)
    assert reason in answer["reason"]


def test_after_the_purchase_and_cancellation_of_2023_no_count_is_known(iij: Typed) -> None:
    answer = shares(iij, "2023-05-19")

    assert (answer["issued"], answer["treasury"], answer["outstanding"]) == (None, None, None)
    assert "2023-05-19" in answer["reason"]


def test_the_splits_compose_exactly(iij: Typed) -> None:
    assert shares(iij, "2008-10-27", "--share-basis", "2022-10-01")["outstanding"] == 206_478 * 800
    assert shares(iij, "2005-03-31", "--share-basis", "2022-10-01")["issued"] == 38_360 * 4_000


# --- the two notices -----------------------------------------------------------------------------


def test_the_notice_of_2008_10_28_comes_back(iij: Typed) -> None:
    notice = iij.ok("notice", "IIJ", "repurchase-2008-10-28")

    for said in (
        "up to 4,000 (equivalent to 1.94 % of outstanding)",
        "up to JPY 400,000,000",
        "2008-11-14 to 2009-01-30",
        "400 for 1 share",
        "Reference: position on 2008-10-27",
        "Issued                           206,478",
        "Treasury                         0",
        "Outstanding, excluding treasury  206,478",
    ):
        assert said in notice


def test_how_much_the_program_of_2008_bought_is_unknown(iij: Typed) -> None:
    progress = iij.json("repurchases", "IIJ", "repurchase-2008-10-28", "--on", "2009-01-31")

    assert progress["state"] == "expired"
    assert (progress["shares"], progress["shares_percent"], progress["shares_left"]) == (
        None,
        None,
        None,
    )


def test_the_notice_of_2018_05_24_comes_back(iij: Typed) -> None:
    notice = iij.ok("notice", "IIJ", "dividend-2018-03-31", "--on", "2018-05-24")
    rows = [" ".join(row.split()) for row in notice.splitlines()]

    for said in (
        "State: awaiting approval of the AGM expected on 2018-06-28",
        "FY2017 year-end dividend Latest forecast (2018-05-15) FY2016 year-end dividend",
        "Record date 2018-03-31 2018-03-31 2017-03-31",
        "Dividend per share JPY 13.50 JPY 13.50 JPY 13.50",
        "Total dividend amount JPY 608 million - JPY 608 million",
        "Effective date 2018-06-29 - 2017-06-29",
        "Year ended 2018-03-31 JPY 13.50 (paid) JPY 13.50 JPY 27.00",
        "Year ended 2017-03-31 JPY 13.50 (paid) JPY 13.50 (paid) JPY 27.00",
    ):
        assert said in rows


@pytest.mark.parametrize(
    ("on", "states"),
    [
        ("2018-05-24", ["paid", "awaiting approval"]),
        ("2018-06-28", ["paid", "approved"]),
        ("2018-06-29", ["paid", "paid"]),
    ],
)
def test_the_state_of_the_dividends_of_2017_is_one_of_a_day(
    iij: Typed, on: str, states: list[str]
) -> None:
    dividends = year(iij, "FY2017", on)["dividends"]

    assert [dividend["state"] for dividend in dividends] == states


def test_issued_bears_no_dividend_where_outstanding_is_unknown(iij: Typed) -> None:
    """13.50 on 46,713,800 issued shares would be JPY 630.6 million; JPY 608 million is printed."""
    year_end = year(iij, "FY2017", "2018-05-24")["dividends"][1]

    assert year_end["total"] is None
    assert year_end["stated_total"]["amount"] == "608000000"


# --- annual dividends ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fiscal_year", "declared", "mixed", "at_year_end", "restated"),
    [
        ("FY2006", "1500", False, "1500", "1.875"),
        ("FY2009", "2250", False, "2250", "2.8125"),
        ("FY2010", "2750", False, "2750", "3.4375"),
        ("FY2011", "3250", False, "3250", "4.0625"),
        ("FY2015", "22.00", False, "22.00", "5.5"),
        ("FY2016", "27.00", False, "27.00", "6.75"),
        ("FY2017", "27.00", False, "27.00", "6.75"),
        ("FY2020", "40.00", True, "29.75", "14.875"),
        ("FY2021", "48.00", False, "48.00", "24"),
        ("FY2022", "43.88", True, "29.255", "29.255"),
    ],
)
def test_a_year_is_told_as_declared_at_its_end_and_restated(
    iij: Typed,
    fiscal_year: str,
    declared: str,
    mixed: bool,
    at_year_end: str,
    restated: str,
) -> None:
    answer = year(iij, fiscal_year, "2024-05-10")

    assert answer["declared"] == {"per_share": declared, "mixed_basis": mixed}
    assert answer["year_end_basis"]["per_share"] == at_year_end
    assert answer["restated"]["per_share"] == restated


def test_the_year_2011_in_the_shares_of_february_2013(iij: Typed) -> None:
    """IIJ-042 prints 16.25, after the split of 200 for 1."""
    assert year(iij, "FY2011", "2013-02-08")["restated"]["per_share"] == "16.25"


def test_forecasts_enter_no_sum(iij: Typed) -> None:
    assert year(iij, "FY2024", "2024-05-10")["declared"]["per_share"] is None


# --- the demo ------------------------------------------------------------------------------------


def test_the_demo_shows_counts_notices_dividends_gaps_and_the_replay() -> None:
    path = Path(sys.executable).parent

    shown = subprocess.run(
        ["sh", "docs/cases/iij/demo.sh"],
        cwd=ROOT,
        env={"PATH": f"{path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    for said in (
        "187,069,600",
        "State: awaiting approval of the AGM expected on 2018-06-28",
        "up to 4,000 (equivalent to 1.94 % of outstanding)",
        "43.88 (mixed share bases)",
        "dividend-2018-03-31 implies 45,000,000 to 45,074,074 outstanding",
        "2014-03-31 issued moved by +702,200",
        "every count agrees with the queries",
    ):
        assert said in shown
    assert len(shown.splitlines()) < 200
