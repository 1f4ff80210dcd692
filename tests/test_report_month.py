"""A month of a program in the layouts that are filed: Japan, Item 703, the UK return.

The Japanese figures are those of a real report, that of August 2017 filed on 2017-09-06 (domain
document, test vector 3): caps 4,000,000 shares and JPY 4,000,000,000, period 2017-04-11 to
2018-04-11, before the month 1,671,100 shares for JPY 1,809,601,097. Issued shares, and all of the
other companies here, are made up.
"""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.conftest import Typed, prepared
from tests.test_program_month import BEFORE, MONTH, PROGRAM, execute

REPORT = ("report", "repurchase-month")


@pytest.fixture
@prepared
def program(capital: Typed) -> Typed:
    """The program as it stood before the month."""
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(
        *"class open ACME common --on 2017-07-31 --issued 100000000 --treasury 1671100".split(),
        *("--treasury-cost", BEFORE[1]),
    )
    capital.ok(
        *("repurchase", "authorize", *PROGRAM, "--on", "2017-04-11", "--max-shares", "4000000"),
        *("--max-amount", "4000000000", "--from", "2017-04-11", "--until", "2018-04-11"),
        *("--already-shares", BEFORE[0], "--already-amount", BEFORE[1]),
        *("--meeting-body", "BOARD", "--meeting-held-on", "2017-04-11"),
    )
    return capital


@pytest.fixture
@prepared
def august(program: Typed) -> Typed:
    execute(program)
    return program


def asked(capital: Typed, month: str, *more: str) -> Any:
    return capital.json(*REPORT, *PROGRAM, "--month", month, *more)


def yen(amount: dict[str, str] | None) -> int | None:
    if amount is None:
        return None
    assert amount["currency"] == "JPY"
    return int(amount["amount"])


# --- Japan: the month of the real report ----------------------------------------------------------


def test_every_line_of_the_august_report_comes_back(august: Typed) -> None:
    report = asked(august, "2017-08")

    lines = [(line["on"], line["shares"], yen(line["amount"])) for line in report["acquired"]]
    assert lines == MONTH
    assert report["resolved_on"] == "2017-04-11"
    assert report["resolved_by"] == "board"
    assert (report["from"], report["until"]) == ("2017-04-11", "2018-04-11")
    assert (report["max_shares"], yen(report["max_amount"])) == (4_000_000, 4_000_000_000)


def test_the_sums_of_the_august_report_come_back(august: Typed) -> None:
    report = asked(august, "2017-08")

    of_month, so_far = report["acquired_total"], report["cumulative"]
    assert (of_month["shares"], yen(of_month["amount"])) == (287_900, 328_049_292)
    assert (so_far["shares"], yen(so_far["amount"])) == (1_959_000, 2_137_650_389)
    # 48.975 % exactly: the report prints 48.98
    assert (report["shares_percent"], report["amount_percent"]) == ("48.98", "53.44")


def test_the_table_prints_the_august_report(august: Typed) -> None:
    printed = august.ok(*REPORT, *PROGRAM, "--month", "2017-08")
    rows = [line.split("  ") for line in printed.splitlines()]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]

    for day, shares, amount in MONTH:
        assert [day, f"{shares:,}", f"JPY {amount:,}"] in cells
    assert ["Total of the month", "287,900", "JPY 328,049,292"] in cells
    assert ["Cumulative at the end of the month", "1,959,000", "JPY 2,137,650,389"] in cells
    assert ["Progress (%)", "48.98", "53.44"] in cells
    assert ["Own shares held 保有自己株式数", "1,959,000"] in cells


def test_the_csv_has_one_line_for_each_line_of_the_report(august: Typed) -> None:
    text = august.ok(*REPORT, *PROGRAM, "--month", "2017-08", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))

    days = [(r["on"], int(r["shares"]), int(r["amount"])) for r in rows if r["item"] == "acquired"]
    assert days == MONTH
    (so_far,) = [row for row in rows if row["item"] == "cumulative"]
    assert (so_far["percent_of_shares"], so_far["percent_of_amount"]) == ("48.98", "53.44")
    assert [row["shares"] for row in rows if row["item"] == "treasury"] == ["1959000"]


def test_markdown_keeps_each_row_one_row(august: Typed) -> None:
    text = august.ok(*REPORT, *PROGRAM, "--month", "2017-08", "--format", "markdown")

    assert "| 2017-08-24 | 22,700 | JPY 25,421,201 |\n" in text
    assert "| Progress (%) | 48.98 | 53.44 |\n" in text
    headers = [line for line in text.splitlines() if line.startswith("|  |")]
    assert headers == ["|  | shares | amount |", "|  | shares | amount |", "|  | shares |"]


class Cells(HTMLParser):
    """The text of every cell, and every tag that is open."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells and data.strip():
            self.cells[-1] += data


def test_the_html_is_a_page_that_fetches_nothing(august: Typed) -> None:
    page = Cells()
    page.feed(august.ok(*REPORT, *PROGRAM, "--month", "2017-08", "--format", "html"))

    place = page.cells.index("2017-08-24")
    assert page.cells[place : place + 3] == ["2017-08-24", "22,700", "JPY 25,421,201"]
    assert not page.attributes & {"src", "href", "onclick"}


def test_a_name_is_never_taken_for_markup(capital: Typed) -> None:
    capital.ok(
        "issuer", "register", "ACME", "--name", "A & <b>|*", "--currency", "JPY", "--profile", "jp"
    )
    capital.ok(*"repurchase authorize ACME p --class common --on 2020-01-06".split())
    month = (*REPORT, "ACME", "p", "--month", "2020-01")

    assert "A &amp; &lt;b&gt;|*" in capital.ok(*month, "--format", "html")
    assert "A & \\<b\\>\\|\\*" in capital.ok(*month, "--format", "markdown")


# --- Japan: other months --------------------------------------------------------------------------


def test_a_month_without_a_purchase_has_a_report_too(august: Typed) -> None:
    report = asked(august, "2017-09")

    assert report["acquired"] == []
    assert (report["acquired_total"]["shares"], yen(report["acquired_total"]["amount"])) == (0, 0)
    assert report["cumulative"]["shares"] == 1_959_000
    assert (report["shares_percent"], report["amount_percent"]) == ("48.98", "53.44")
    assert report["notes"] == []
    assert "None acquired in the month" in august.ok(*REPORT, *PROGRAM, "--month", "2017-09")


def test_what_was_bought_before_the_ledger_began_is_unknown_and_not_zero(august: Typed) -> None:
    report = asked(august, "2017-07")

    assert report["acquired_total"] == {"shares": None, "amount": None}
    assert "older than this ledger" in report["reason"]
    assert "None acquired" not in august.ok(*REPORT, *PROGRAM, "--month", "2017-07")


def test_a_reported_month_of_zero_shares_is_zero(program: Typed) -> None:
    program.ok("repurchase", "purchase", *PROGRAM, "--on", "2017-08-31", "--shares", "0")

    report = asked(program, "2017-08")

    assert report["acquired"] == []
    assert report["acquired_total"]["shares"] == 0


def test_a_gap_that_may_be_the_program_s_purchases_leaves_the_month_unknown(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*"class open ACME common --on 2020-01-01 --issued 1000 --treasury 0".split())
    capital.ok(
        *"repurchase authorize ACME p --on 2020-01-06 --max-shares 100 --until 2020-02-28".split()
    )
    capital.ok(
        *"class adjust ACME common --on 2020-02-28 --issued-change 0".split(),
        *("--treasury-change", "unknown", "--reason", "the report of February is missing"),
    )

    for month in ("2020-01", "2020-02"):  # the gap may be the purchases of either
        report = capital.json(*REPORT, "ACME", "p", "--month", month)
        assert report["acquired_total"]["shares"] is None
        assert report["cumulative"]["shares"] is None
        assert report["shares_percent"] is None
        assert (report["issued"], report["treasury"]) == (1_000, None)
        assert "on 2020-02-28 (entry 4)" in report["reason"]
    (us,) = capital.json(*REPORT, "ACME", "p", "--month", "2020-01", "--form", "us-703")["months"]
    assert (us["shares"], us["announced_shares"], us["shares_left"]) == (None, None, None)


def test_after_its_window_a_program_bought_nothing_and_hides_no_other(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile us".split())
    capital.ok(*"class open ACME common --on 2020-01-01 --issued 1000 --treasury 0".split())
    capital.ok(
        *"repurchase authorize ACME p --on 2020-01-06 --max-shares 100 --until 2020-02-28".split()
    )
    capital.ok(
        *"class adjust ACME common --on 2020-02-28 --issued-change 0".split(),
        *("--treasury-change", "unknown", "--reason", "the report of February is missing"),
    )
    capital.ok(*"repurchase authorize ACME q --on 2020-04-01 --max-shares 50".split())
    capital.ok(*"repurchase purchase ACME q --on 2020-04-06 --shares 7 --amount 70".split())

    later = capital.json(*REPORT, "ACME", "p", "--month", "2020-04", "--form", "jp")
    (us,) = capital.json(*REPORT, "ACME", "q", "--month", "2020-04")["months"]

    assert (later["acquired_total"]["shares"], later["cumulative"]["shares"]) == (0, None)
    assert (us["shares"], us["average_price"], us["shares_left"]) == (7, "10.00", 43)


def test_a_month_after_the_period_says_that_no_report_is_due(august: Typed) -> None:
    assert asked(august, "2018-04")["notes"] == []
    assert asked(august, "2018-05")["notes"] == [
        "The period of purchases ended on 2018-04-11: no report is due for this month"
    ]


def test_before_the_resolution_there_is_nothing_to_report(august: Typed) -> None:
    said = august.refused(*REPORT, *PROGRAM, "--month", "2017-03")

    assert "is known by 2017-03-31; it begins on 2017-04-11" in said


def test_a_report_as_known_earlier_does_not_show_what_was_recorded_later(august: Typed) -> None:
    entry = asked(august, "2017-08")["entry"]
    august.ok(
        *("repurchase", "purchase", *PROGRAM, "--on", "2017-08-28", "--shares", "100"),
        *("--amount", "111900"),
    )

    assert asked(august, "2017-08")["acquired_total"]["shares"] == 288_000
    assert asked(august, "2017-08", "--known-at", str(entry))["acquired_total"]["shares"] == 287_900


def test_holdings_are_settled_and_acquisitions_are_traded(program: Typed) -> None:
    program.ok(
        *("repurchase", "purchase", *PROGRAM, "--on", "2017-08-30", "--settled-on", "2017-09-04"),
        *("--shares", "500", "--amount", "560000"),
    )

    report = asked(program, "2017-08")

    assert report["acquired_total"]["shares"] == 500
    assert report["treasury"] == 1_671_100
    (note,) = report["notes"]
    assert note.startswith("500 shares traded by 2017-08-31 settle later")


def test_a_total_that_begins_in_the_month_before_is_named(program: Typed) -> None:
    program.ok(
        *("repurchase", "purchase", *PROGRAM, "--from", "2017-07-20", "--on", "2017-08-31"),
        *("--shares", "500", "--amount", "560000"),
    )

    report = asked(program, "2017-08")

    assert report["acquired"][0]["from"] == "2017-07-20"
    (note,) = report["notes"]
    assert "2017-07-20 to 2017-08-31 (entry 4) is counted whole on 2017-08-31" in note


def test_disposals_stand_under_the_headings_of_the_form(august: Typed) -> None:
    for reference, method, shares, more in (
        ("stock", "RESTRICTED_STOCK", "1000", ("--price", "1200")),
        ("odd", "ODD_LOT", "10", ("--amount", "11500")),
        ("merger", "MERGER", "300", ()),
    ):
        august.ok(
            *("disposal", "dispose", "ACME", reference, "--class", "common", "--on", "2017-09-05"),
            *("--shares", shares, "--method", method, *more),
        )
    august.ok(
        *("cancellation", "cancel", "ACME", "old", "--class", "common", "--on", "2017-09-11"),
        *("--shares", "957690"),
    )

    report = asked(august, "2017-09")

    told = [(d["heading"], d["shares"], yen(d["amount"])) for d in report["disposed"]]
    # Average cost 2,137,650,389 / 1,959,000 = 1,091.1946... What leaves is rounded to whole yen:
    # 1,091,195 for 1,000 shares, 10,912 for 10, 327,358 for 300. 1,957,690 shares are left at
    # 2,136,220,924, of which 957,690 take 1,045,026,238.
    assert told == [
        ("offered for subscription", 1_000, 1_200_000),
        ("cancelled", 957_690, 1_045_026_238),
        ("transferred in a merger, share exchange or company split", 300, None),
        ("other", 10, 11_500),
    ]
    assert report["disposed_total"] == {"shares": 959_000, "amount": None}
    assert (report["issued"], report["treasury"]) == (99_042_310, 1_000_000)


def test_shares_issued_from_treasury_are_disposed_of(august: Typed) -> None:
    august.ok(
        *"issue resolve ACME options --class common --on 2017-09-01 --shares 700".split(),
        *("--kind", "EXERCISE"),
    )
    august.ok(
        *"issue issue ACME options --on 2017-09-05 --shares 700 --from-treasury 700".split(),
        *("--amount", "630000"),
    )

    (line,) = asked(august, "2017-09")["disposed"]

    assert (line["heading"], line["shares"], yen(line["amount"])) == ("other", 700, 630_000)


def test_treasury_shares_given_for_a_dividend_are_disposed_of(august: Typed) -> None:
    august.ok(
        *"dividend resolve ACME scrip --class common --on 2017-08-10 --term INTERIM".split(),
        *"--fiscal-year-end 2018-03-31 --per-share 10 --settled-in CHOICE".split(),
    )
    august.ok(*"dividend elect ACME scrip --on 2017-09-05 --shares 70 --from-treasury 70".split())

    (line,) = asked(august, "2017-09")["disposed"]

    assert (line["heading"], line["shares"], line["amount"]) == ("other", 70, None)


def test_after_a_split_sums_are_in_the_shares_of_the_month_s_end(program: Typed) -> None:
    for day, shares in (("2017-08-10", "100"), ("2017-08-20", "100")):
        program.ok(
            *("repurchase", "purchase", *PROGRAM, "--on", day, "--shares", shares),
            *("--amount", "100000"),
        )
    program.ok(
        *"split resolve ACME split --class common --on 2017-08-01 --kind SPLIT --new 2".split(),
        *"--old 1 --effective-on 2017-08-15".split(),
    )
    program.ok(*"split effect ACME split --on 2017-08-15".split())

    report = asked(program, "2017-08")

    assert [line["shares"] for line in report["acquired"]] == [100, 100]
    assert report["acquired_total"]["shares"] == 300  # 100 x 2 + 100
    assert report["cumulative"]["shares"] == 3_342_500  # (1,671,100 + 100) x 2 + 100
    cap, split = report["notes"]
    assert cap.startswith("The cap on shares is in the shares of 2017-04-11")
    assert "other shares on 2017-08-15" in split
    # 1,671,250 of 4,000,000, in the shares of the cap
    assert report["shares_percent"] == "41.78"


# --- Item 703 -------------------------------------------------------------------------------------


@pytest.fixture
@prepared
def delaware(capital: Typed) -> Typed:
    """Two plans of one class, one limited in shares and dollars and one in dollars alone."""
    capital.ok(*"issuer register ACME --name Acme --currency USD --profile us".split())
    capital.ok(*"class open ACME common --on 2024-01-01 --issued 1000000 --treasury 0".split())
    capital.ok(
        *"repurchase authorize ACME old --on 2023-11-01 --max-shares 5000".split(),
        *"--max-amount 200000 --until 2024-01-31 --already-shares 1000".split(),
        *"--already-amount 40000".split(),
    )
    capital.ok(
        *"repurchase authorize ACME new --on 2024-02-01 --max-amount 500000".split(),
        *("--disclosed-at", "2024-02-02", "--until", "2025-01-31"),
    )
    for plan, day, shares, amount in (
        ("old", "2024-01-10", "1000", "41000.00"),
        ("new", "2024-02-12", "2000", "84000.00"),
        ("new", "2024-03-01", "500", "22000.00"),
    ):
        capital.ok(
            *("repurchase", "purchase", "ACME", plan, "--on", day, "--shares", shares),
            *("--amount", amount),
        )
    capital.ok(
        *"acquisition acquire ACME tax --class common --on 2024-02-20 --shares 40".split(),
        *"--amount 1700.00 --cause OTHER".split(),
    )
    return capital


QUARTER = ("--month", "2024-01", "--month", "2024-02", "--month", "2024-03")


def test_item_703_tells_each_month_and_the_quarter(delaware: Typed) -> None:
    report = delaware.json(*REPORT, "ACME", "new", *QUARTER)

    table = [
        (m["from"], m["shares"], m["average_price"], m["announced_shares"], m["shares_left"])
        for m in report["months"]
    ]
    assert table == [
        ("2024-01-01", 1_000, "41.00", 1_000, 0),  # the old plan ended with the month
        ("2024-02-01", 2_040, "42.01", 2_000, None),  # 85,700 / 2,040 = 42.0098...
        ("2024-03-01", 500, "44.00", 500, None),
    ]
    left = [m["amount_left"]["amount"] for m in report["months"]]
    assert left == ["0.00", "416000.00", "394000.00"]
    whole = report["total"]
    # 148,700 / 3,540 = 42.0056...
    assert (whole["shares"], whole["average_price"], whole["announced_shares"]) == (
        3_540,
        "42.01",
        3_500,
    )


def test_the_csv_of_item_703_tells_months_and_total_apart(delaware: Typed) -> None:
    text = delaware.ok(*REPORT, "ACME", "new", *QUARTER, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert [(row["item"], row["shares"]) for row in rows] == [
        ("month", "1000"),
        ("month", "2040"),
        ("month", "500"),
        ("total", "3540"),
    ]


def test_item_703_has_a_footnote_for_every_plan_that_ran(delaware: Typed) -> None:
    report = delaware.json(*REPORT, "ACME", "new", *QUARTER)

    old, new = report["plans"]
    assert (old["action"], old["state"], old["ended_on"]) == ("old", "expired", "2024-01-31")
    assert (new["announced_on"], new["expires_on"], new["ended_on"]) == (
        "2024-02-02",
        "2025-01-31",
        None,
    )
    assert report["notes"] == ["40 shares were purchased other than under an announced plan: other"]


def test_a_plan_that_ended_before_the_quarter_has_no_footnote(delaware: Typed) -> None:
    report = delaware.json(*REPORT, "ACME", "new", "--month", "2024-02")

    assert [plan["action"] for plan in report["plans"]] == ["new"]


def test_a_price_nobody_captured_leaves_the_average_unknown(delaware: Typed) -> None:
    delaware.ok(*"repurchase purchase ACME new --on 2024-03-04 --shares 10".split())

    report = delaware.json(*REPORT, "ACME", "new", "--month", "2024-03")

    assert report["months"][0]["shares"] == 510
    assert report["months"][0]["average_price"] is None
    assert report["months"][0]["amount_left"] is None


def test_fiscal_months_are_given_by_their_days(delaware: Typed) -> None:
    report = delaware.json(
        *(*REPORT, "ACME", "new", "--month", "2024-01-28..2024-02-24"),
        *("--month", "2024-02-25..2024-03-30"),
    )

    assert [m["shares"] for m in report["months"]] == [2_040, 500]


def test_months_that_leave_out_a_day_make_no_quarter(delaware: Typed) -> None:
    said = delaware.refused(
        *REPORT, "ACME", "new", "--month", "2024-01", "--month", "2024-03", code=2
    )

    assert "one ends on 2024-01-31, the next begins on 2024-03-01" in said


# --- United Kingdom -------------------------------------------------------------------------------


@pytest.fixture
@prepared
def london(capital: Typed) -> Typed:
    capital.ok(*"issuer register ACME --name Acme --currency GBP --profile uk".split())
    capital.ok(*"class open ACME ord --on 2024-04-30 --issued 100000 --treasury 500".split())
    capital.ok(
        *"repurchase authorize ACME p --class ord --on 2024-04-30 --max-shares 10000".split(),
        *"--until 2025-04-30 --destination RETIRED".split(),
    )
    for day, settled, more in (
        ("2024-05-01", "2024-05-03", "--highest-price 5.10 --lowest-price 4.95"),
        ("2024-05-02", "2024-05-07", "--price 5 --destination TREASURY"),
        ("2024-05-30", "2024-06-03", "--highest-price 5.30 --lowest-price 5.20"),
    ):
        capital.ok(
            *("repurchase", "purchase", "ACME", "p", "--on", day, "--settled-on", settled),
            *("--shares", "1000", "--amount", "5000", *more.split()),
        )
    return capital


def test_the_uk_return_goes_by_delivery_and_tells_treasury_and_cancelled_apart(
    london: Typed,
) -> None:
    report = london.json(*REPORT, "ACME", "p", "--month", "2024-05")

    days = [
        (d["on"], d["held_in_treasury"], d["cancelled"], d["highest_price"], d["lowest_price"])
        for d in report["delivered"]
    ]
    assert days == [
        ("2024-05-03", 0, 1_000, "5.10", "4.95"),
        ("2024-05-07", 1_000, 0, "5", "5"),
    ]
    whole = report["total"]
    assert (whole["shares"], whole["held_in_treasury"], whole["cancelled"]) == (2_000, 1_000, 1_000)
    assert whole["amount"] == {"amount": "10000.00", "currency": "GBP"}
    assert (whole["highest_price"], whole["lowest_price"]) == ("5.10", "4.95")
    assert whole["average_price"] == "5.0000"


def test_the_csv_of_the_uk_return_tells_days_and_total_apart(london: Typed) -> None:
    text = london.ok(*REPORT, "ACME", "p", "--month", "2024-05", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert [(row["item"], row["on"], row["cancelled"]) for row in rows] == [
        ("delivered", "2024-05-03", "1000"),
        ("delivered", "2024-05-07", "0"),
        ("total", "", "1000"),
    ]


def test_voting_rights_at_the_month_s_end_leave_treasury_out(london: Typed) -> None:
    report = london.json(*REPORT, "ACME", "p", "--month", "2024-05")

    # 100,000 less 1,000 cancelled; 500 and 1,000 in treasury; May 30 is delivered in June
    assert (report["issued"], report["treasury"], report["voting_rights"]) == (
        99_000,
        1_500,
        97_500,
    )


def test_an_empty_month_of_the_uk_return_is_all_zeros(london: Typed) -> None:
    report = london.json(*REPORT, "ACME", "p", "--month", "2024-07")

    assert report["delivered"] == []
    assert (report["total"]["shares"], report["total"]["highest_price"]) == (0, None)
    assert report["total"]["amount"] == {"amount": "0.00", "currency": "GBP"}


def test_a_highest_price_that_is_not_captured_is_unknown(london: Typed) -> None:
    london.ok(
        *"repurchase purchase ACME p --on 2024-05-20 --shares 1 --amount 9.00".split(),
    )

    report = london.json(*REPORT, "ACME", "p", "--month", "2024-05")

    assert (report["total"]["highest_price"], report["total"]["lowest_price"]) == (None, None)
    assert "unknown" in london.ok(*REPORT, "ACME", "p", "--month", "2024-05")


# --- the question ---------------------------------------------------------------------------------


@pytest.mark.parametrize("month", ["2017-13", "2017-8", "August", "2017-08-31..2017-08-01"])
def test_a_month_that_cannot_be_is_refused(august: Typed, month: str) -> None:
    assert month in august.refused(*REPORT, *PROGRAM, "--month", month, code=2)


def test_a_form_of_one_month_refuses_two(august: Typed) -> None:
    said = august.refused(*REPORT, *PROGRAM, "--month", "2017-08", "--month", "2017-09", code=2)

    assert "jp covers one month, but 2 are given" in said


def test_a_report_of_what_is_no_program_names_the_programs(august: Typed) -> None:
    said = august.refused(*REPORT, "ACME", "nothing", "--month", "2017-08")

    assert "has no repurchase program 'nothing'; it has: repurchase-2017-04-10" in said
