"""Several classes of one issuer: apart and together, conversion, closing, trust; dry runs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Typed, prepared


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """Common: 1,000 issued, 100 in treasury. Preferred: 300 issued, none in treasury."""
    capital.ok(
        *"issuer register ACME --name Acme --currency JPY --fiscal-year-end 03-31".split(),
        *("--profile", "jp"),
    )
    capital.ok(
        *"class open ACME common --on 2020-03-31 --issued 1000 --treasury 100".split(),
        *("--authorized", "4000"),
    )
    capital.ok(
        *"class open ACME preferred --on 2020-03-31 --issued 300 --treasury 0".split(),
        *("--authorized", "500"),
    )
    return capital


def counts(capital: Typed, share_class: str, on: str, *more: str) -> tuple[Any, ...]:
    answer = capital.json("shares", "ACME", "--class", share_class, "--on", on, *more)
    return answer["authorized"], answer["issued"], answer["treasury"], answer["outstanding"]


def line(event: str, on: str, action: str, share_class: str, **fields: Any) -> dict[str, Any]:
    head = {"issuer": "ACME", "class": share_class, "action": action, "event": event, "on": on}
    return {**head, **fields}


def text(*lines: dict[str, Any]) -> str:
    return "".join(json.dumps(each) + "\n" for each in lines)


def entries(capital: Typed) -> int:
    return len(capital.json("audit", "replay", "ACME")["entries"])


# Two preferred shares become one common share: 100 of the one are taken in, 50 of the other issued.
CONVERSION = (
    line(
        *("SharesAcquired", "2021-07-01", "conversion-taken", "preferred"),
        shares=100,
        cause="CONVERSION",
        destination="RETIRED",
    ),
    line("SharesIssued", "2021-07-01", "conversion-issued", "common", shares=50),
)


# --- each class, and their sum -------------------------------------------------------------------


def test_what_happens_to_one_class_does_not_touch_another(acme: Typed) -> None:
    acme.ok(*"cancellation cancel ACME c --class common --on 2020-06-01 --shares 100".split())

    assert counts(acme, "common", "2020-06-01") == (4_000, 900, 0, 900)
    assert counts(acme, "preferred", "2020-06-01") == (500, 300, 0, 300)


def test_shares_of_all_classes_are_the_sums_of_each_count(acme: Typed) -> None:
    assert counts(acme, "all", "2020-03-31") == (4_500, 1_300, 100, 1_200)
    # One class's split is in the sum: 1,000 + 300 x 10, 100 + 0.
    acme.ok(
        *"split resolve ACME split --class preferred --on 2020-04-01 --kind SPLIT".split(),
        *"--new 10 --old 1 --effective-on 2020-07-01 --authorized-after 5000".split(),
    )
    acme.ok(*"split effect ACME split --on 2020-07-01".split())
    assert counts(acme, "all", "2020-07-01") == (9_000, 4_000, 100, 3_900)


def test_a_sum_over_classes_with_an_unknown_part_is_unknown(acme: Typed) -> None:
    acme.ok(*"class open ACME founders --on 2020-04-30 --issued 10".split())

    assert counts(acme, "all", "2020-04-30") == (None, 1_310, None, None)
    # Before its opening nothing of the third class is known.
    assert counts(acme, "all", "2020-04-29") == (None, None, None, None)


def test_without_a_class_each_is_answered(acme: Typed) -> None:
    answers = acme.json("shares", "ACME", "--on", "2020-03-31")

    assert {a["class"]: (a["issued"], a["treasury"], a["outstanding"]) for a in answers} == {
        "common": (1_000, 100, 900),
        "preferred": (300, 0, 300),
    }


def test_no_class_is_judged_by_the_treasury_of_another(acme: Typed) -> None:
    said = acme.refused(
        *"cancellation cancel ACME c --class preferred --on 2020-06-01 --shares 1".split()
    )

    assert "counts-not-negative" in said
    assert "treasury would be -1" in said


def test_each_class_has_its_own_dividend_on_its_own_base(acme: Typed) -> None:
    for share_class, per_share in (("common", "5"), ("preferred", "7.5")):
        acme.ok(
            *("dividend", "resolve", "ACME", f"dividend-{share_class}", "--class", share_class),
            *"--on 2021-05-14 --term YEAR_END --fiscal-year-end 2021-03-31".split(),
            *"--record-date 2021-03-31 --payable-on 2021-06-25 --per-share".split(),
            per_share,
        )

    years = acme.json("dividends", "ACME", "--on", "2021-06-01")
    assert {y["class"]: (y["declared"]["per_share"], y["total"]["amount"]) for y in years} == {
        "common": ("5", "4500"),  # 5 x 900
        "preferred": ("7.5", "2250"),  # 7.5 x 300
    }


@pytest.mark.parametrize(("issued", "holds"), [("1300", True), ("1299", False), ("1000", False)])
def test_a_count_printed_over_all_classes_is_held_against_their_sum(
    acme: Typed, issued: str, holds: object
) -> None:
    acme.ok("class", "report", "ACME", "all", "--on", "2020-06-30", "--issued", issued)

    result = acme("check", "ACME", "--on", "2020-06-30")

    assert (result.exit_code == 0) is holds
    assert ("reported-position" in result.output) is not holds


# --- conversion ----------------------------------------------------------------------------------


def test_a_conversion_is_one_entry_with_an_event_in_each_class(acme: Typed) -> None:
    before = entries(acme)

    acme.ok("import", "-", stdin=text(*CONVERSION))

    assert entries(acme) == before + 1
    assert counts(acme, "preferred", "2021-06-30") == (500, 300, 0, 300)
    assert counts(acme, "preferred", "2021-07-01") == (500, 200, 0, 200)
    assert counts(acme, "common", "2021-07-01") == (4_000, 1_050, 100, 950)
    assert counts(acme, "all", "2021-07-01") == (4_500, 1_250, 100, 1_150)


def test_of_a_conversion_all_is_recorded_or_nothing(acme: Typed) -> None:
    before = entries(acme)
    taken, issued = CONVERSION
    too_many = {**taken, "shares": 301}

    result = acme("import", "-", stdin=text(issued, too_many))

    assert result.exit_code == 1
    assert "counts-not-negative" in result.stderr
    assert entries(acme) == before
    assert counts(acme, "common", "2021-07-01") == (4_000, 1_000, 100, 900)


def test_one_resolution_may_carry_several_kinds_of_action(acme: Typed) -> None:
    meeting = {"body": "BOARD", "held_on": "2023-05-18"}
    before = entries(acme)
    acme.ok(
        *("import", "-"),
        stdin=text(
            line(
                *("RepurchaseAuthorized", "2023-05-18", "repurchase", "common"),
                max_shares=50,
                until="2024-03-31",
                meeting=meeting,
            ),
            line(
                *("CancellationResolved", "2023-05-18", "cancellation", "common"),
                shares=60,
                effective_on="2023-06-15",
                meeting=meeting,
            ),
            line(
                *("DisposalResolved", "2023-05-18", "disposal", "common"),
                shares=40,
                method="RESTRICTED_STOCK",
                effective_on="2023-07-14",
                meeting=meeting,
            ),
        ),
    )

    assert entries(acme) == before + 1
    states = {
        a["action"]: a["state"]
        for a in acme.json("actions", "ACME", "--on", "2023-05-18")
        if not a["action"].startswith(("class-", "issuer"))
    }
    assert states == {"repurchase": "open", "cancellation": "resolved", "disposal": "resolved"}
    assert counts(acme, "common", "2023-07-14") == (4_000, 1_000, 100, 900)


# --- closing -------------------------------------------------------------------------------------


@pytest.fixture
@prepared
def closed(acme: Typed) -> Typed:
    """All preferred shares are converted on 2021-07-01, and the class is closed that day."""
    taken, issued = CONVERSION
    acme.ok("import", "-", stdin=text({**taken, "shares": 300}, {**issued, "shares": 150}))
    acme.ok(*"class close ACME preferred --on 2021-07-01 --reason".split(), "converted into common")
    return acme


def test_a_closed_class_has_no_shares_left_and_its_past_stays(closed: Typed) -> None:
    assert counts(closed, "preferred", "2021-06-30")[1:] == (300, 0, 300)
    assert counts(closed, "preferred", "2021-07-01")[1:] == (0, 0, 0)
    assert counts(closed, "all", "2021-07-01")[1:] == (1_150, 100, 1_050)
    state = closed.json("action", "ACME", "class-preferred", "--on", "2021-07-01")["state"]
    assert state == "closed"
    before = closed.json("action", "ACME", "class-preferred", "--on", "2021-06-30")["state"]
    assert before == "open"


def test_nothing_is_issued_in_a_closed_class(closed: Typed) -> None:
    issue = "issue issue ACME issue --on 2021-07-02 --shares 1 --class".split()

    said = closed.refused(*issue, "preferred")

    assert "order-of-events" in said
    assert "class preferred was closed on 2021-07-01" in said
    closed.ok(*issue, "common")


@pytest.mark.parametrize(
    ("verb", "stated"),
    [
        ("issue resolve", "--shares 1 --kind THIRD_PARTY"),
        ("cancellation resolve", "--shares 1"),
        ("disposal resolve", "--shares 1 --method OTHER"),
        ("repurchase authorize", "--until 2022-03-31"),
        ("split resolve", "--kind SPLIT --new 2 --old 1 --effective-on 2021-10-01"),
    ],
)
def test_nothing_is_decided_about_a_class_after_its_end(
    closed: Typed, verb: str, stated: str
) -> None:
    said = closed.refused(*f"{verb} ACME late --class preferred --on 2021-07-02 {stated}".split())

    assert "order-of-events" in said
    assert "2021-07-01" in said


def test_a_closed_class_has_no_gaps_after_its_end(closed: Typed) -> None:
    said = closed.refused(
        *"class adjust ACME preferred --on 2021-07-02 --issued-change 1".split(),
        *"--treasury-change 0 --reason gap".split(),
    )

    assert "order-of-events" in said
    assert "2021-07-01" in said


@pytest.mark.parametrize(("record_date", "owed"), [("2021-06-30", True), ("2021-07-02", False)])
def test_a_dividend_is_owed_to_a_class_as_it_stood_at_the_record_date(
    closed: Typed, record_date: str, owed: object
) -> None:
    result = closed(
        *"dividend resolve ACME dividend --class preferred --on 2021-08-06 --term Q1".split(),
        *"--fiscal-year-end 2022-03-31 --per-share 2 --payable-on 2021-09-01".split(),
        *("--record-date", record_date),
    )

    assert (result.exit_code == 0) is owed
    if owed:
        closed.ok(*"dividend pay ACME dividend --on 2021-09-01".split())
        (year,) = closed.json("dividends", "ACME", "--on", "2021-09-01")
        assert year["total"]["amount"] == "600"  # 2 x 300
        assert year["dividends"][0]["state"] == "paid"
    else:
        assert "order-of-events" in result.stderr


def test_a_class_is_not_closed_before_what_is_recorded_of_it(acme: Typed) -> None:
    acme.ok(*"issue issue ACME issue --class preferred --shares 1 --on 2021-07-02".split())

    said = acme.refused(*"class close ACME preferred --on 2021-07-01 --reason x".split())

    assert "order-of-events" in said
    assert "2021-07-02" in said
    acme.ok(*"class close ACME preferred --on 2021-07-02 --reason x".split())


# --- trust ---------------------------------------------------------------------------------------


def test_shares_in_an_employee_trust_are_a_memo_and_stay_outstanding(acme: Typed) -> None:
    acme.ok(*"class state-trust ACME common --on 2020-09-30 --shares 15".split())

    assert counts(acme, "common", "2020-09-30") == (4_000, 1_000, 100, 900)
    told = acme.json("action", "ACME", "class-common", "--on", "2020-09-30")["events"]
    assert [e["fields"]["shares"] for e in told if e["event"] == "TrustHoldingStated"] == [15]


def test_shares_in_an_employee_trust_take_part_in_a_dividend(acme: Typed) -> None:
    acme.ok(*"class state-trust ACME common --on 2021-03-31 --shares 15".split())
    acme.ok(
        *"dividend resolve ACME dividend --class common --on 2021-05-14 --term YEAR_END".split(),
        *"--fiscal-year-end 2021-03-31 --record-date 2021-03-31 --per-share 5".split(),
    )

    (year,) = acme.json("dividends", "ACME", "--on", "2021-06-01")
    assert year["total"]["amount"] == "4500"  # 5 x 900, and not 5 x 885


# --- import --dry-run ----------------------------------------------------------------------------


def test_a_dry_run_shows_each_effect_and_the_position_after_it_and_records_nothing(
    acme: Typed,
) -> None:
    before = entries(acme)
    said = acme.ok(
        *("import", "-", "--dry-run"),
        stdin=text(
            *CONVERSION,
            line("TreasurySharesCancelled", "2021-08-01", "cancellation", "common", shares=60),
            line("TreasurySharesDisposed", "2021-09-01", "disposal", "common", shares=40),
            line("IssueResolved", "2021-09-02", "plan", "common", shares=9, kind="THIRD_PARTY"),
        ),
    )

    told = [each.strip() for each in said.splitlines()]
    head, *effects = told
    assert head == f"ACME dry run, would be entry {before + 1}: 5 events"

    def after(event: str) -> str:
        place = next(i for i, each in enumerate(effects) if each.endswith(event))
        return effects[place + 1]

    assert after("SharesAcquired") == "-> 2021-07-01: issued 200, treasury 0, outstanding 200"
    assert after("SharesIssued") == "-> 2021-07-01: issued 1,050, treasury 100, outstanding 950"
    assert (
        after("TreasurySharesCancelled")
        == "-> 2021-08-01: issued 990, treasury 40, outstanding 950"
    )
    assert (
        after("TreasurySharesDisposed") == "-> 2021-09-01: issued 990, treasury 0, outstanding 990"
    )
    assert not after("IssueResolved").startswith("->")  # a resolution moves nothing
    assert "ACME common on 2021-09-02: issued 990, treasury 0, outstanding 990" in effects
    assert entries(acme) == before
    assert counts(acme, "common", "2021-09-02") == (4_000, 1_000, 100, 900)


def test_a_dry_run_shows_a_passing_gap_as_it_begins_and_as_it_ends(acme: Typed) -> None:
    said = acme.ok(
        *("import", "-", "--dry-run"),
        stdin=text(
            line(
                *("PositionAdjusted", "2021-04-01", "class-common", "common"),
                issued_change=7,
                treasury_change=0,
                until="2021-06-30",
                reason="two documents differ",
            )
        ),
    )

    assert "-> 2021-04-01: issued 1,007, treasury 100, outstanding 907" in said
    assert "-> 2021-07-01: issued 1,000, treasury 100, outstanding 900" in said


def test_a_dry_run_refuses_what_the_import_would_refuse(acme: Typed) -> None:
    too_many = text(
        line("TreasurySharesCancelled", "2021-08-01", "cancellation", "common", shares=101)
    )

    tried = acme("import", "-", "--dry-run", stdin=too_many)
    done = acme("import", "-", stdin=too_many)

    assert (tried.exit_code, done.exit_code) == (1, 1)
    assert "counts-not-negative" in tried.stderr
    assert "on 2021-08-01" in tried.stderr


def test_a_dry_run_in_json_shows_the_position_after_each_event(acme: Typed) -> None:
    answer = json.loads(
        acme.ok(*("import", "-", "--dry-run", "--format", "json"), stdin=text(*CONVERSION))
    )

    (receipt,) = answer
    assert receipt["dry_run"] is True
    assert {p["class"]: (p["issued"], p["outstanding"]) for p in receipt["positions"]} == {
        "preferred": (200, 200),
        "common": (1_050, 950),
    }
