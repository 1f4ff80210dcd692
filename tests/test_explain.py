"""`capital explain`: the sum behind a number, down to its documents."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.counts.basis import Basis
from ledger.history.history import KnownHistory
from ledger.history.knowledge import EVERYTHING, Knowledge, KnownBy
from ledger.recording.issuer_record import Book
from projections.dividends.fiscal_years import fiscal_years
from projections.explain.counts import count_by_action, explain_issued, explain_outstanding
from projections.explain.dividends import dividends_by_action, explain_dividends
from projections.explain.lines import ByAction, Explained
from projections.explain.repurchase import explain_repurchases, purchases_by_action
from projections.explain.shares import explain_shares
from projections.explain.treasury import explain_treasury, treasury_by_action
from projections.question import MoneyAnswer, Question
from projections.repurchases.programs import repurchases
from projections.shares.positions import share_counts
from projections.shares.treasury import treasury_position
from tests.conftest import Typed, prepared
from tests.strategies import FIRST_DAY, LAST_DAY, Told, days, days_asked, histories
from tests.test_properties import empty_ledger, record_what_can_be

COMMON = ("--class", "common")
NOTICE = b"30 shares were acquired"
HASH = hashlib.sha256(NOTICE).hexdigest()


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """One class: 1,000 issued, 100 of them in treasury at 50,000 yen."""
    capital.ok(
        *"issuer register ACME --name Acme --currency JPY --fiscal-year-end 03-31".split(),
        *"--fiscal-year-label begin --profile none".split(),
    )
    capital.ok(
        *"class open ACME common --on 2020-03-31 --issued 1000 --treasury 100".split(),
        *("--treasury-cost", "50000"),
    )
    return capital


@pytest.fixture
@prepared
def iij(capital: Typed) -> Typed:
    capital.ok("import", "docs/cases/iij/lines.jsonl")
    return capital


def acquire(acme: Typed, on: str, shares: int, *more: object) -> None:
    words = f"acquisition acquire ACME acquired-{on} --on {on} --shares {shares} --cause OTHER"
    acme.ok(*words.split(), *COMMON, *more)


def adjust(acme: Typed, on: str, issued: object, treasury: object, *more: object) -> None:
    words = f"class adjust ACME common --on {on} --reason gap"
    acme.ok(*words.split(), "--issued-change", issued, "--treasury-change", treasury, *more)


def split(acme: Typed, on: str, new: int, old: int, *more: object) -> None:
    kind = "SPLIT" if new > old else "CONSOLIDATION"
    acme.ok(
        *f"split resolve ACME split-{on} --on {on} --new {new} --old {old}".split(),
        *("--kind", kind, "--effective-on", on, *COMMON),
    )
    acme.ok("split", "effect", "ACME", f"split-{on}", "--on", on, *more)


def explained(acme: Typed, what: str, *more: object) -> Any:
    return acme.json("explain", what, "ACME", *COMMON, "--on", "2020-12-31", *more)


def of(lines: Iterable[Any], *names: str) -> list[Any]:
    """These fields of every line; money as its amount."""

    def plain(value: Any) -> Any:
        return value["amount"] if isinstance(value, dict) else value

    told = [tuple(plain(line[name]) for name in names) for line in lines]
    return told if len(names) > 1 else [one for (one,) in told]


# --- counts --------------------------------------------------------------------------------------


def test_outstanding_is_its_opening_and_every_movement_since(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30)
    acme.ok(*"cancellation cancel ACME c --on 2020-07-01 --shares 80 --class common".split())
    acme.ok(*"issue issue ACME i --on 2020-08-01 --shares 50 --class common".split())

    outstanding = explained(acme, "outstanding")

    assert of(outstanding["lines"], "event", "change", "balance") == [
        ("OpeningPositionStated", 900, 900),
        ("SharesAcquired", -30, 870),
        # the cancellation moved no outstanding share
        ("SharesIssued", 50, 920),
    ]
    assert outstanding["total"] == outstanding["answer"]["outstanding"] == 920
    assert of(explained(acme, "issued")["lines"], "change") == [1000, -80, 50]


@pytest.fixture
def documented(acme: Typed, tmp_path: Path) -> Typed:
    """With an acquisition that names its document, page, hash and article."""
    notice = tmp_path / "notice.txt"
    notice.write_bytes(NOTICE)
    document = ("--source-title", "Notice", "--source-page", "3", "--source-file", notice)
    acquire(acme, "2020-06-01", 30, *document, "--legal-basis", "JP-CA-192-1", "--key", "notice")
    return acme


def test_a_line_names_its_action_entry_key_document_and_article(documented: Typed) -> None:

    line = explained(documented, "outstanding")["lines"][-1]

    assert line == {
        "on": "2020-06-01",
        "action": "acquired-2020-06-01",
        "kind": "acquisition",
        "event": "SharesAcquired",
        "key": "notice",
        "entry": 3,
        "legal_basis": "JP-CA-192-1",
        "source": {"title": "Notice", "uri": None, "sha256": HASH, "page": 3},
        "change": -30,
        "balance": 870,
        "gap": None,
    }


def test_people_read_the_beginning_of_a_hash_and_programs_all_of_it(documented: Typed) -> None:
    asked = ("explain", "outstanding", "ACME", "--on", "2020-12-31")

    words, (_, row) = documented.ok(*asked), read_csv(documented.ok(*asked, "--format", "csv"))

    assert f"Notice, p. 3, sha256 {HASH[:12]}..." in words
    assert HASH[:13] not in words
    assert (row["source"], row["sha256"]) == ("Notice, p. 3", HASH)


def test_people_see_a_column_of_articles_where_a_line_has_one(documented: Typed) -> None:
    asked = ("explain", "outstanding", "ACME", "--on")

    assert "article" not in documented.ok(*asked, "2020-05-31")
    assert "JP-CA-192-1" in documented.ok(*asked, "2020-06-01")


def test_a_passing_gap_is_two_lines(acme: Typed) -> None:
    adjust(acme, "2020-05-01", 40, 10, "--until", "2020-05-31")

    lines = explained(acme, "outstanding")["lines"]

    assert of(lines, "on", "event", "change", "balance") == [
        ("2020-03-31", "OpeningPositionStated", 900, 900),
        ("2020-05-01", "PositionAdjusted", 30, 930),
        ("2020-06-01", "PositionAdjusted", -30, 900),
    ]


def test_a_gap_of_unknown_size_leaves_a_total_that_is_null_and_says_why(acme: Typed) -> None:
    adjust(acme, "2020-05-01", 0, "unknown")
    acquire(acme, "2020-06-01", 30)

    outstanding = explained(acme, "outstanding")

    assert of(outstanding["lines"], "change", "balance", "gap") == [
        (900, 900, None),
        (None, None, "opens"),
        (-30, None, None),  # what is known goes on
    ]
    assert outstanding["total"] is None
    assert outstanding["reason"] == outstanding["answer"]["reason"]
    assert "2020-05-01 (entry 3)" in outstanding["reason"]


def test_the_reason_is_that_of_the_figure_asked_about(acme: Typed) -> None:
    adjust(acme, "2020-05-01", 0, "unknown")

    issued = explained(acme, "issued")

    assert (issued["total"], issued["reason"]) == (1000, None)
    assert issued["answer"]["reason"] is not None  # treasury is unknown, nobody asked


def test_a_count_stated_again_closes_its_gap_by_what_was_left_unexplained(acme: Typed) -> None:
    adjust(acme, "2020-05-01", 0, "unknown")
    acquire(acme, "2020-06-01", 30)
    acme.ok(*"class open ACME common --on 2020-07-01 --treasury 170".split())

    outstanding = explained(acme, "outstanding")

    assert of(outstanding["lines"], "change", "balance", "gap") == [
        (900, 900, None),
        (None, None, "opens"),
        (-30, None, None),
        (-40, 830, "closes"),  # 40 more in treasury than anything tells
    ]
    assert outstanding["total"] == 830


def test_a_passing_gap_of_unknown_size_closes_without_a_trace(acme: Typed) -> None:
    adjust(acme, "2020-05-01", "unknown", 0, "--until", "2020-05-31")

    issued = explained(acme, "issued")

    assert of(issued["lines"], "on", "change", "balance", "gap") == [
        ("2020-03-31", 1000, 1000, None),
        ("2020-05-01", None, None, "opens"),
        ("2020-06-01", 0, 1000, "closes"),
    ]
    assert issued["total"] == 1000


def test_a_consolidation_moves_a_count_by_what_is_left_after_the_fractions(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 3)
    split(acme, "2020-07-01", 1, 10)

    treasury, outstanding = explained(acme, "treasury"), explained(acme, "outstanding")

    # 103 in treasury become 10, 1,000 issued 100: 90 are outstanding, not a tenth of 897
    assert of(treasury["lines"], "shares_change") == [100, 3, -93]
    assert of(outstanding["lines"], "change") == [900, -3, -807]
    assert outstanding["total"] == 90


def test_a_split_moves_a_count_to_what_the_issuer_states(acme: Typed) -> None:
    split(acme, "2020-07-01", 2, 1, "--issued-after", 1999)

    assert of(explained(acme, "issued")["lines"], "change", "balance") == [
        (1000, 1000),
        (999, 1999),
    ]


def test_a_last_line_takes_the_sum_into_the_shares_of_another_day(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30)
    split(acme, "2020-07-01", 2, 1)
    asked = ("--on", "2020-06-30", "--share-basis", "2020-07-01")

    outstanding = explained(acme, "outstanding", *asked)

    assert of(outstanding["lines"], "on", "event", "action", "entry", "change", "balance") == [
        ("2020-03-31", "OpeningPositionStated", "class-common", 2, 900, 900),
        ("2020-06-01", "SharesAcquired", "acquired-2020-06-01", 3, -30, 870),
        ("2020-07-01", "Restated", None, None, 870, 1740),
    ]
    assert outstanding["total"] == 1740
    treasury = explained(acme, "treasury", *asked)
    assert of(treasury["lines"], "shares_change", "cost_change", "shares") == [
        (100, "50000", 100),
        (30, None, 130),
        (130, None, 260),
    ]
    assert treasury["total"]["shares"] == 260
    assert "restated in the shares of 2020-07-01" in acme.ok("explain", "issued", "ACME", *asked)
    shares = explained(acme, "shares", *asked)
    assert shares["lines"][-1]["outstanding"] == shares["answer"]["outstanding"] == 1740


def test_a_count_before_its_opening_is_a_sum_of_nothing_with_a_reason(acme: Typed) -> None:
    outstanding = explained(acme, "outstanding", "--on", "2020-03-30")

    assert (outstanding["lines"], outstanding["total"]) == ([], None)
    assert outstanding["reason"] == "the opening position is of 2020-03-31, after 2020-03-30"


def test_what_does_not_add_up_for_the_public_is_null_and_still_told(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30, "--disclosed-at", "2020-09-01")
    adjust(acme, "2020-07-01", 0, -120)

    treasury = explained(acme, "treasury", "--known-by", "disclosed", "--known-at", "2020-08-01")

    assert of(treasury["lines"], "shares_change", "shares") == [(100, 100), (-120, None)]
    assert treasury["total"] == {"shares": None, "cost": None}
    assert "treasury would be -20" in treasury["reason"]


# --- treasury at cost ----------------------------------------------------------------------------


def test_shares_and_cost_of_treasury_both_add_up(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 50, "--amount", 40_000)
    acme.ok(*"disposal dispose ACME d --on 2020-07-01 --shares 30 --class common".split())

    treasury = explained(acme, "treasury")

    # 90,000 for 150 shares: 600 each
    assert of(treasury["lines"], "shares_change", "cost_change", "cost_restarts") == [
        (100, "50000", None),
        (50, "40000", None),
        (-30, "-18000", None),
    ]
    assert treasury["total"] == {"shares": 120, "cost": {"amount": "72000", "currency": "JPY"}}


def test_a_cost_that_was_unknown_restarts_as_the_treasury_empties(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 50)  # for an amount nobody captured
    acme.ok(*"cancellation cancel ACME c --on 2020-07-01 --shares 150 --class common".split())
    acquire(acme, "2020-08-01", 10, "--amount", 9_000)

    treasury = explained(acme, "treasury")

    assert of(treasury["lines"], "shares_change", "cost_change", "cost", "cost_restarts") == [
        (100, "50000", "50000", None),
        (50, None, None, None),
        (-150, "-50000", "0", "0"),
        (10, "9000", "9000", None),
    ]
    words = acme.ok("explain", "treasury", "ACME", "--on", "2020-12-31")
    assert "cost restarts at" in words
    before = acme.ok("explain", "treasury", "ACME", "--on", "2020-06-30")
    assert "cost restarts at" not in before
    assert before.splitlines()[-1].split() == ["total", "150", "unknown"]


# --- dividends -----------------------------------------------------------------------------------


def resolve(acme: Typed, reference: str, on: str, per_share: str, *more: object) -> None:
    words = f"dividend resolve ACME {reference} --on {on} --per-share {per_share}"
    year = () if "--fiscal-year-end" in more else ("--fiscal-year-end", "2021-03-31")
    acme.ok(*words.split(), *COMMON, *year, *more)


def test_a_years_dividend_is_the_sum_of_those_that_count(acme: Typed) -> None:
    resolve(acme, "interim", "2020-09-01", "12.50", "--term", "INTERIM")
    acme.ok(*"dividend amend ACME interim --on 2020-09-10 --per-share 13.50 --cause x".split())
    acme.ok(*"dividend amend ACME interim --on 2020-09-11 --payable-on 2020-12-01".split())
    resolve(acme, "special", "2020-09-01", "100", "--term", "SPECIAL")
    acme.ok(*"dividend withdraw ACME special --on 2020-09-02 --reason x".split())
    acme.ok(
        *"dividend forecast ACME final --on 2020-09-01 --term YEAR_END --per-share 14".split(),
        *("--fiscal-year-end", "2021-03-31", *COMMON),
    )
    resolve(acme, "q1", "2020-07-01", "0.125", "--term", "Q1")

    told = explained(acme, "dividends")
    (year,) = told["years"]

    # the event that set the figure: the amendment that states one, not the one after it
    assert of(year["lines"], "action", "state", "per_share", "event", "on") == [
        ("q1", "resolved", "0.125", "DividendResolved", "2020-07-01"),
        ("interim", "resolved", "13.50", "DividendAmended", "2020-09-10"),
    ]
    assert year["total"] == told["answer"][0]["declared"]["per_share"] == "13.625"
    assert len(told["lines"]) == 7  # every event, counted or not
    assert of(
        [line for line in told["lines"] if line["per_share"] is not None],
        "fiscal_year",
        "per_share",
    ) == [("FY2020", "0.125"), ("FY2020", "13.50")]


def test_one_fiscal_year_is_told_alone(acme: Typed) -> None:
    resolve(acme, "this", "2020-06-01", "5", "--term", "INTERIM")
    last = ("--fiscal-year-end", "2020-03-31")
    resolve(acme, "last", "2020-05-01", "4", "--term", "YEAR_END", *last)

    told = explained(acme, "dividends", "--fiscal-year", "FY2019")

    assert of(told["years"], "fiscal_year", "total") == [("FY2019", "4")]
    assert of(told["lines"], "action") == ["last"]


def test_a_year_of_nothing_decided_and_one_of_unlike_currencies_have_no_sum(acme: Typed) -> None:
    (nothing,) = explained(acme, "dividends", "--fiscal-year", "FY2020")["years"]
    resolve(acme, "yen", "2020-06-01", "5", "--term", "INTERIM")
    resolve(acme, "dollars", "2020-06-01", "5", "--term", "SPECIAL", "--currency", "USD")
    (unlike,) = explained(acme, "dividends")["years"]

    assert (nothing["lines"], nothing["total"]) == ([], None)
    assert nothing["reason"] == "no dividend of the year is decided"
    assert unlike["total"] is None
    assert unlike["reason"] == "declared in JPY and USD: unlike currencies do not add up"


def test_dividends_by_action_tell_each_with_all_its_events(acme: Typed) -> None:
    resolve(acme, "this", "2020-06-01", "5", "--term", "INTERIM")
    acme.ok(*"dividend pay ACME this --on 2020-07-01".split())
    resolve(acme, "that", "2020-06-01", "7", "--term", "SPECIAL")
    acme.ok(*"dividend withdraw ACME that --on 2020-06-02 --reason x".split())

    (year,) = explained(acme, "dividends", "--tree")["years"]

    assert of(year["groups"], "action", "kind", "state", "per_share") == [
        ("this", "dividend", "paid", "5"),
        ("that", "dividend", "withdrawn", None),
    ]
    assert of(year["groups"][0]["lines"], "event") == ["DividendResolved", "DividendPaid"]
    assert year["total"] == "5"


# --- repurchases ---------------------------------------------------------------------------------


def authorize(acme: Typed, reference: str, on: str, *more: object) -> None:
    acme.ok("repurchase", "authorize", "ACME", reference, "--on", on, *COMMON, *more)


def purchase(acme: Typed, reference: str, on: str, shares: int, *more: object) -> None:
    words = f"repurchase purchase ACME {reference} --on {on} --shares {shares}"
    acme.ok(*words.split(), *more)


def program(acme: Typed, *more: object) -> Any:
    return acme.json("explain", "repurchase", "ACME", "p", "--on", "2020-12-31", *more)


def test_a_program_is_what_came_before_and_each_purchase(acme: Typed) -> None:
    before = ("--already-shares", 15, "--already-amount", 9000)
    authorize(acme, "p", "2020-05-01", "--max-amount", 100_000, *before)
    purchase(acme, "p", "2020-05-07", 10, "--amount", 7000, "--settled-on", "2020-05-12")
    purchase(acme, "p", "2020-05-29", 0)

    told = program(acme)

    assert of(told["lines"], "on", "event", "shares", "amount") == [
        ("2020-05-01", "RepurchaseAuthorized", 15, "9000"),
        ("2020-05-07", "SharesRepurchased", 10, "7000"),  # by trade date
        ("2020-05-29", "SharesRepurchased", 0, "0"),
    ]
    assert told["total"] == {"shares": 25, "amount": {"amount": "16000", "currency": "JPY"}}
    assert told["answer"]["shares"] == 25


def test_purchases_are_told_in_the_shares_of_the_answer(acme: Typed) -> None:
    authorize(acme, "p", "2020-05-01")
    purchase(acme, "p", "2020-05-07", 15, "--amount", 7000)
    purchase(acme, "p", "2020-05-08", 15, "--amount", 7000)
    split(acme, "2020-07-01", 1, 10)
    purchase(acme, "p", "2020-07-02", 2, "--amount", 9000)

    told = program(acme)

    # one and a half shares twice: each line drops its half, the answer drops none
    assert of(told["lines"], "event", "traded", "shares") == [
        ("SharesRepurchased", 15, 1),
        ("SharesRepurchased", 15, 1),
        ("SharesRepurchased", 2, 2),
        ("Rounded", None, 1),
    ]
    assert told["total"]["shares"] == told["answer"]["shares"] == 5
    words = acme.ok("explain", "repurchase", "ACME", "p", "--on", "2020-12-31")
    assert "as traded" in words
    before = acme.ok("explain", "repurchase", "ACME", "p", "--on", "2020-06-30")
    assert "as traded" not in before


def test_an_amount_that_was_not_captured_makes_the_total_null_and_is_named(acme: Typed) -> None:
    authorize(acme, "p", "2020-05-01", "--max-amount", 100_000)
    purchase(acme, "p", "2020-05-07", 10, "--amount", 7000)
    purchase(acme, "p", "2020-05-08", 10)
    purchase(acme, "p", "2020-05-11", 10, "--amount", "USD 60")

    told = program(acme)

    assert of(told["lines"], "amount") == ["7000", None, "60.00"]
    assert told["total"] == {"shares": 30, "amount": None}
    assert told["reason"] == (
        "what was paid is not captured in JPY: 2020-05-08 (entry 5), 2020-05-11 (entry 6)"
    )


def test_a_program_that_a_gap_swallowed_names_the_gap(iij: Typed) -> None:
    told = iij.json("explain", "repurchase", "IIJ", "repurchase-2008-10-28", "--on", "2009-02-28")

    assert of(told["lines"], "on", "action", "event", "shares", "amount") == [
        ("2009-01-30", "class-common", "PositionAdjusted", None, None)
    ]
    assert told["total"] == {"shares": None, "amount": None}
    assert told["reason"] == (
        "no purchase is recorded, and treasury moved by an unknown number on "
        "2009-01-30 (entry 1), inside the window"
    )


def test_a_program_not_begun_yet_is_explained_by_nothing(acme: Typed) -> None:
    authorize(acme, "p", "2020-05-01")

    told = program(acme, "--on", "2020-04-30")

    assert (told["lines"], told["total"]) == ([], {"shares": None, "amount": None})
    assert told["reason"] == "nothing of p is known by 2020-04-30"
    assert acme.json("explain", "repurchase", "ACME", "--on", "2020-04-30") == []


def test_programs_of_one_class_are_told_alone(acme: Typed) -> None:
    acme.ok(*"class open ACME preferred --on 2020-03-31 --issued 500".split())
    authorize(acme, "p", "2020-05-01")
    acme.ok(*"repurchase authorize ACME q --on 2020-05-01 --class preferred".split())

    told = acme.json("explain", "repurchase", "ACME", "--on", "2020-12-31", "--class", "preferred")

    assert [one["answer"]["action"] for one in told] == ["q"]
    assert "p belongs to class common, not to preferred" in acme.refused(
        *"explain repurchase ACME p --class preferred".split(), code=2
    )


# --- tables, by action, CSV ----------------------------------------------------------------------


@pytest.mark.parametrize("what", ["outstanding", "issued", "shares"])
def test_the_table_ends_with_the_total(iij: Typed, what: str) -> None:
    words = iij.ok("explain", what, "IIJ", "--on", "2008-10-28")

    assert words.splitlines()[-1].split()[:2] == ["total", "206,478"]


def test_the_table_of_a_program_and_of_a_year_end_with_their_totals(acme: Typed) -> None:
    authorize(acme, "p", "2020-05-01")
    purchase(acme, "p", "2020-05-07", 10, "--amount", 7000)
    resolve(acme, "d", "2020-06-01", "5.50", "--term", "INTERIM")

    program_words = acme.ok("explain", "repurchase", "ACME", "p", "--on", "2020-12-31")
    year = acme.ok("explain", "dividends", "ACME", "--on", "2020-12-31")

    assert program_words.splitlines()[-1].split() == ["total", "10", "JPY", "7,000"]
    assert year.splitlines()[-1].split() == ["FY2020", "total", "JPY", "5.50"]


def test_by_action_each_action_shows_its_part_of_the_sum(acme: Typed) -> None:
    authorize(acme, "p", "2020-05-01")
    purchase(acme, "p", "2020-05-07", 10, "--amount", 7000)
    adjust(acme, "2020-05-08", 40, 0)
    purchase(acme, "p", "2020-05-11", 20, "--amount", 13_000)

    treasury = explained(acme, "treasury", "--tree")
    outstanding = explained(acme, "outstanding", "--tree")

    assert of(outstanding["groups"], "action", "kind", "change") == [
        ("class-common", "share class", 940),
        ("p", "repurchase", -30),
    ]
    assert of(outstanding["groups"][1]["lines"], "change") == [-10, -20]
    assert "lines" not in outstanding  # each stands with its action
    assert outstanding["total"] == 910
    assert of(treasury["groups"], "shares_change", "cost_change") == [
        (100, "50000"),
        (30, "20000"),
    ]
    words = acme.ok("explain", "outstanding", "ACME", "--on", "2020-12-31", "--tree")
    assert [line.split()[:3] for line in words.splitlines()[3:]] == [
        ["class-common", "share", "class"],
        ["2020-03-31", "OpeningPositionStated", "2"],
        ["2020-05-08", "PositionAdjusted", "5"],
        ["p", "repurchase", "-30"],
        ["2020-05-07", "SharesRepurchased", "4"],
        ["2020-05-11", "SharesRepurchased", "6"],
        ["total", "910"],
    ]


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_csv_names_the_class_of_each_line_and_adds_up_by_class(acme: Typed) -> None:
    acme.ok(*"class open ACME preferred --on 2020-03-31 --issued 500 --treasury 0".split())
    acquire(acme, "2020-06-01", 30)

    rows = read_csv(acme.ok("explain", "outstanding", "ACME", "--format", "csv"))
    tree = read_csv(acme.ok("explain", "outstanding", "ACME", "--format", "csv", "--tree"))

    assert of(rows, "class", "change") == [
        ("common", "900"),
        ("common", "-30"),
        ("preferred", "500"),
    ]
    assert of(tree, "class", "kind", "change")[1] == ("common", "acquisition", "-30")


def test_the_csv_of_dividends_adds_up_by_year(acme: Typed) -> None:
    resolve(acme, "interim", "2020-09-01", "12.50", "--term", "INTERIM")
    acme.ok(*"dividend pay ACME interim --on 2020-12-01".split())

    for tree in ([], ["--tree"]):
        rows = read_csv(
            acme.ok("explain", "dividends", "ACME", *tree, *"--on 2020-12-31 --format csv".split())
        )
        assert of(rows, "event", "fiscal_year", "per_share") == [
            ("DividendResolved", "FY2020", "12.50"),
            ("DividendPaid", "FY2020", ""),
        ]


def test_the_csv_of_programs_names_each_lines_program(acme: Typed) -> None:
    authorize(acme, "p", "2020-05-01")
    purchase(acme, "p", "2020-05-07", 10, "--amount", 7000)

    rows = read_csv(acme.ok(*"explain repurchase ACME --on 2020-12-31 --format csv".split()))

    assert of(rows, "class", "program", "shares", "amount") == [("common", "p", "10", "7000")]


def test_every_class_is_explained_unless_one_is_named(acme: Typed) -> None:
    acme.ok(*"class open ACME preferred --on 2020-03-31 --issued 500".split())

    told = acme.json("explain", "issued", "ACME")

    assert of(told, "class", "total") == [("common", 1000), ("preferred", 500)]


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        ("outstanding ACME --class all", 2, "takes one class"),
        ("outstanding ACME --class gold", 1, "ACME has no class 'gold'"),
        ("outstanding ACME p", 2, "capital action ACME p"),
        ("shares ACME --tree", 2, "capital explain outstanding ACME --tree"),
        ("treasury ACME --fiscal-year FY2020", 2, "--fiscal-year applies to dividends"),
        ("dividends ACME --fiscal-year sometime", 2, "'sometime' names no fiscal year"),
        ("repurchase ACME nothing", 1, "no repurchase program 'nothing'"),
        ("repurchase ACME --class gold", 1, "ACME has no class 'gold'"),
        ("issued ACME --known-at 9", 1, "the last entry of ACME is 2"),
        ("issued NOBODY", 1, "NOBODY"),
    ],
)
def test_what_cannot_be_explained_says_why(
    acme: Typed, words: str, code: int, complaint: str
) -> None:
    assert complaint in acme.refused("explain", *words.split(), code=code)


# --- the history of IIJ --------------------------------------------------------------------------


@pytest.mark.parametrize("on", ["2005-03-31", "2008-10-28", "2016-10-28", "2022-10-01"])
def test_the_issued_shares_of_iij_add_up_from_their_documents(iij: Typed, on: str) -> None:
    (told,) = iij.json("explain", "issued", "IIJ", "--on", on)

    assert sum(of(told["lines"], "change")) == told["total"] == told["answer"]["issued"]
    assert all(line["source"]["title"] for line in told["lines"])


def test_the_dividend_of_iij_for_2022_adds_unlike_shares_and_says_so(iij: Typed) -> None:
    # domain: 29.25 before and 14.63 after a 1:2 split
    words = iij.ok("explain", "dividends", "IIJ", "--fiscal-year", "FY2022", "--on", "2023-07-01")

    assert "43.88 (mixed share bases)" in words.splitlines()[-1]


# --- the law of every explanation ----------------------------------------------------------------


AFTER_ALL = LAST_DAY + timedelta(days=6)


@st.composite
def states_of_knowledge(draw: st.DrawFn) -> list[Knowledge]:
    """Everything, what an entry knew, what the public knew."""
    entry, day = draw(st.integers(1, 20)), draw(days)
    return [EVERYTHING, Knowledge(entry), Knowledge(day, KnownBy.DISCLOSED)]


@given(histories(most_actions=8), days_asked, states_of_knowledge())
def test_the_lines_of_every_explanation_add_up_to_the_answer(
    told: Told, on: date, known: list[Knowledge]
) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, "ACME").history
        # On a day and after all of it; in its own shares, in those of before and after everything.
        for day, knowledge, basis, share_basis in itertools.product(
            (on, AFTER_ALL), known, Basis, (None, FIRST_DAY, AFTER_ALL)
        ):
            asked = Question(day, basis=basis, share_basis=share_basis)
            seen = history.as_of(knowledge)
            for code in seen.classes:
                _counts_add_up(seen, code, asked)
                _treasury_adds_up(seen, code, asked)
                _dividends_add_up(seen, code, asked)
            _programs_add_up(seen, asked)


def _counts_add_up(known: KnownHistory, code: str, asked: Question) -> None:
    answer = share_counts(known, code, asked)
    for explain, total in (
        (explain_issued, answer.issued),
        (explain_outstanding, answer.outstanding),
    ):
        counted = explain(known, code, asked)
        assert (counted.answer, counted.total) == (answer, total)
        assert (counted.reason is None) == (total is not None)
        _each_balance_is_the_sum_so_far((line.change, line.balance) for line in counted.lines)
        grouped = count_by_action(counted)
        _told_action_by_action(counted, grouped)
        for changes in (
            [line.change for line in counted.lines],
            [group.change for group in grouped.groups],
        ):
            assert total is None or total == sum(change or 0 for change in changes)
    shares = explain_shares(known, code, asked)
    assert shares.answer == answer
    if shares.lines:
        last = shares.lines[-1]
        three = (answer.issued, answer.treasury, answer.outstanding)
        assert (last.issued, last.treasury, last.outstanding) == three


def _each_balance_is_the_sum_so_far(lines: Iterable[tuple[int | None, int | None]]) -> None:
    total = 0
    for change, balance in lines:
        total += change or 0
        assert balance is None or balance == total


def _treasury_adds_up(known: KnownHistory, code: str, asked: Question) -> None:
    counted, answer = (
        explain_treasury(known, code, asked),
        treasury_position(known, code, asked),
    )
    assert counted.answer == answer
    assert (counted.total.shares, counted.total.cost) == (answer.shares, answer.cost)
    _each_balance_is_the_sum_so_far((line.shares_change, line.shares) for line in counted.lines)
    grouped = treasury_by_action(counted)
    _told_action_by_action(counted, grouped)
    for lines in (counted.lines, grouped.groups):
        if answer.shares is not None:
            assert answer.shares == sum(line.shares_change or 0 for line in lines)
        if answer.cost is not None:
            costs = [line.cost_change for line in lines]
            assert Fraction(answer.cost.amount) == _sum_in(answer.cost.currency, costs)
    for number, line in enumerate(counted.lines):
        if line.cost is not None:  # at every line, not only at the last
            costs = [before.cost_change for before in counted.lines[: number + 1]]
            assert Fraction(line.cost.amount) == _sum_in(line.cost.currency, costs)


def _sum_in(currency: str, parts: Iterable[MoneyAnswer | None]) -> Fraction:
    stated = [part for part in parts if part is not None and part.currency == currency]
    return sum((Fraction(part.amount) for part in stated), Fraction(0))


def _dividends_add_up(known: KnownHistory, code: str, asked: Question) -> None:
    for only in (None, "FY2019", "2021-03-31"):
        told = explain_dividends(known, code, asked, only)
        assert told.answer == fiscal_years(known, code, asked, only)
        for year, answer in zip(told.years, told.answer, strict=True):
            assert year.total == answer.declared.per_share
            for line in year.lines:
                stated = known.by_key[line.origin.key or ""].event
                assert format(stated.per_share, "f") == line.per_share  # type: ignore[attr-defined]  # it states one
            by_action = next(
                one
                for one in dividends_by_action(told).years
                if one.fiscal_year == year.fiscal_year
            )
            beside = [line for line in told.lines if line.fiscal_year == year.fiscal_year]
            for parts in (year.lines, by_action.groups, beside):
                per_shares = [part.per_share for part in parts if part.per_share is not None]
                if year.total is not None:
                    assert Fraction(year.total) == sum(map(Fraction, per_shares))
                elif not per_shares:
                    called_off = ("forecast", "rejected", "withdrawn")
                    decided = [d for d in answer.dividends if d.state not in called_off]
                    assert year.reason == (
                        "what is decided for the year is settled in shares only"
                        if decided
                        else "no dividend of the year is decided"
                    )


def _programs_add_up(known: KnownHistory, asked: Question) -> None:
    explained = explain_repurchases(known, asked)
    answers = repurchases(known, asked)
    assert [told.answer for told in explained] == answers
    for told in explained:
        total = told.total
        assert (total.shares, total.amount) == (told.answer.shares, told.answer.amount)
        assert (told.reason is None) == (None not in (total.shares, total.amount))
        grouped = purchases_by_action(told)
        _told_action_by_action(told, grouped)
        for lines in (told.lines, grouped.groups):
            if total.shares is not None:
                assert total.shares == sum(line.shares or 0 for line in lines)
            if total.amount is not None:
                amounts = [line.amount for line in lines]
                assert Fraction(total.amount.amount) == _sum_in(total.amount.currency, amounts)


def _told_action_by_action(
    told: Explained[Any, Any, Any], grouped: ByAction[Any, Any, Any]
) -> None:
    """Every line stands in the group of its action, once, in its order."""
    assert grouped.total == told.total
    for group in grouped.groups:
        assert group.lines == [ln for ln in told.lines if ln.origin.action == group.action]
    assert sum(len(group.lines) for group in grouped.groups) == len(told.lines)
