"""What was known when: by entry, by time of recording, by disclosure; and the order of a day."""

from __future__ import annotations

from datetime import date, timedelta, timezone
from typing import Any

import pytest

from ledger.counts.day_order import Moment
from ledger.events.kinds import EVENTS
from ledger.history.knowledge import EVERYTHING, Knowledge
from ledger.store.ledger import Ledger
from tests.conftest import Typed, book, prepared
from tests.stores import at

COMMON = ("--class", "common")


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """Entry 1 registers ACME; entry 2 opens it with 1,000 issued, 100 in treasury."""
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*"class open ACME common --on 2020-03-31 --issued 1000 --treasury 100".split())
    return capital


def acquire(capital: Typed, on: str, shares: int, *more: str) -> str:
    return capital.ok(
        *("acquisition", "acquire", "ACME", "odd-lots", "--on", on, "--shares", shares),
        *("--cause", "ODD_LOT", *more),
    )


def treasury(capital: Typed, *asked: object) -> Any:
    return capital.json("shares", "ACME", *COMMON, "--on", "2020-12-31", *asked)["treasury"]


def recorded(capital: Typed) -> list[str]:
    """When each entry was recorded."""
    walked = capital.json("audit", "replay", "ACME")["entries"]
    return [entry["recorded_at"] for entry in walked]


# --- by recording --------------------------------------------------------------------------------


def test_an_answer_can_be_asked_as_of_each_entry(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30)
    acquire(acme, "2020-05-01", 5)

    assert [treasury(acme, "--known-at", n) for n in (1, 2, 3, 4)] == [None, 100, 130, 135]
    assert treasury(acme) == 135


def test_what_is_known_keeps_its_counts_and_all_that_is_recorded(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30)
    with Ledger.open(at(acme.path)) as ledger:
        history = book(ledger).history
    counts = history.positions("common")

    everything, then = history.as_of(EVERYTHING), history.as_of(Knowledge(1))

    assert everything.positions("common") is counts
    assert not everything.is_partial
    assert then.is_partial
    assert (then.classes, then.whole.classes) == ([], ["common"])


def test_an_entry_may_be_typed_with_its_sign(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30)

    assert treasury(acme, "--known-at", "#2") == 100


def test_an_answer_repeats_its_question_and_says_the_last_entry_it_saw(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30)

    answer = acme.json("shares", "ACME", *COMMON, "--on", "2020-12-31", "--known-at", "2")

    assert {
        name: answer[name]
        for name in ("on", "known_at", "known_by", "basis", "share_basis", "entry")
    } == {
        "on": "2020-12-31",
        "known_at": 2,
        "known_by": "recorded",
        "basis": "settlement",
        "share_basis": "2020-12-31",
        "entry": 2,
    }


def test_an_answer_can_be_asked_as_of_the_instant_of_recording(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30)
    _, second, third = recorded(acme)

    assert treasury(acme, "--known-at", second) == 100
    assert treasury(acme, "--known-at", third) == 130


def test_instants_compare_whatever_zone_they_are_written_in(acme: Typed, path: Any) -> None:
    acquire(acme, "2020-06-01", 30)
    with Ledger.open(at(path)) as ledger:
        second = book(ledger).history.entries[1].recorded_at

    in_tokyo = second.astimezone(timezone(timedelta(hours=9)))
    assert treasury(acme, "--known-at", in_tokyo.isoformat()) == 100


def test_a_day_of_knowledge_is_a_day_of_recording_in_utc_to_its_end(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30)
    first, *_, last = (date.fromisoformat(at[:10]) for at in recorded(acme))

    assert treasury(acme, "--known-at", first - timedelta(days=1)) is None
    assert treasury(acme, "--known-at", last) == 130


def test_times_of_recording_only_go_forward(acme: Typed) -> None:
    for day in range(1, 6):
        acquire(acme, f"2020-06-0{day}", 1)

    times = recorded(acme)
    assert times == sorted(set(times))


def test_an_event_dated_earlier_is_not_known_earlier(acme: Typed) -> None:
    acquire(acme, "2020-04-01", 30)

    asked = ("shares", "ACME", *COMMON, "--on", "2020-04-01")
    assert acme.json(*asked)["treasury"] == 130
    assert acme.json(*asked, "--known-at", "2")["treasury"] == 100


# --- reversals -----------------------------------------------------------------------------------


def test_a_reversed_event_drops_out_of_all_later_knowledge_and_of_none_before(
    acme: Typed,
) -> None:
    acquire(acme, "2020-06-01", 30)
    acme.ok("reverse", "ACME", "odd-lots", "1", "--reason", "another company's")

    assert treasury(acme, "--known-at", "3") == 130
    assert treasury(acme, "--known-at", "4") == 100
    assert treasury(acme) == 100


@pytest.mark.parametrize("on", ["2019-01-01", "2020-06-01", "2026-01-01"])
def test_a_reversal_acts_through_knowledge_alone_never_by_its_own_day(acme: Typed, on: str) -> None:
    acquire(acme, "2020-06-01", 30)
    acme.ok("reverse", "ACME", "odd-lots", "1", "--reason", "another company's", "--on", on)

    for asked in ("2020-05-31", "2020-06-01", "2020-12-31"):
        answer = acme.json("shares", "ACME", *COMMON, "--on", asked)
        assert answer["treasury"] == 100


def test_after_a_reversal_the_right_event_names_the_one_it_replaces(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30, "--key", "wrong")
    acme.ok("reverse", "ACME", "odd-lots", "1", "--reason", "a slip of the pen")
    acquire(acme, "2020-06-01", 3, "--key", "right", "--replaces", "wrong")

    events = acme.json("action", "ACME", "odd-lots")["events"]
    assert [(e["event"], e["key"], e["reversed_by_entry"]) for e in events[::2]] == [
        ("SharesAcquired", "wrong", 4),
        ("SharesAcquired", "right", None),
    ]
    assert treasury(acme) == 103


def test_a_reversed_event_may_be_recorded_again(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30)
    acme.ok("reverse", "ACME", "odd-lots", "1", "--reason", "thought to be another's")

    acquire(acme, "2020-06-01", 30)

    assert treasury(acme) == 130


def test_an_event_is_reversed_once(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30)
    acme.ok("reverse", "ACME", "odd-lots", "1", "--reason", "x", "--on", "2020-07-01")

    said = acme.refused("reverse", "ACME", "odd-lots", "1", "--reason", "y", "--on", "2020-07-02")

    assert "order-of-events" in said
    assert "is reversed already, on 2020-07-01" in said


def test_a_reversal_is_not_itself_reversed(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30)
    acme.ok("reverse", "ACME", "odd-lots", "1", "--reason", "x")

    said = acme.refused("reverse", "ACME", "odd-lots", "2", "--reason", "y")

    assert "order-of-events" in said
    assert "is itself a reversal" in said


def test_a_reversal_must_leave_a_legal_history(acme: Typed) -> None:
    # 130 in treasury are 30 fewer once the purchase is gone: -100 of 100 is possible, -130 not.
    acquire(acme, "2020-06-01", 30)
    acme.ok(
        *"class adjust ACME common --on 2020-09-01 --issued-change 0".split(),
        *("--treasury-change", "-130", "--reason", "gap"),
    )

    said = acme.refused("reverse", "ACME", "odd-lots", "1", "--reason", "x")

    assert "counts-not-negative" in said
    assert "treasury would be -30 on 2020-09-01" in said


def test_an_answer_known_before_survives_the_reversal_of_all_there_was(acme: Typed) -> None:
    asked = ("shares", "ACME", *COMMON, "--on", "2020-12-31", "--known-at", "2")
    before = acme.json(*asked)

    acme.ok("reverse", "ACME", "class-common", "1", "--reason", "another company's")

    result = acme(*asked, "--format", "json")
    assert result.exit_code == 0, result.stderr
    assert acme.json(*asked) == before


def test_a_program_known_before_survives_its_reversal(acme: Typed) -> None:
    acme.ok(*"repurchase authorize ACME program --on 2020-04-01 --max-shares 10".split())
    asked = ("repurchases", "ACME", "program", "--on", "2020-12-31", "--known-at", "3")
    before = acme.json(*asked)

    acme.ok("reverse", "ACME", "program", "1", "--reason", "another company's")

    result = acme(*asked, "--format", "json")
    assert result.exit_code == 0, result.stderr
    assert acme.json(*asked) == before


def test_a_reversal_dated_before_what_it_reverses_survives_export_and_import(
    acme: Typed, tmp_path: Any
) -> None:
    # Recorded with a day that is too late; the slip is noticed before that day has come.
    acquire(acme, "2020-06-10", 30)
    acme.ok("reverse", "ACME", "odd-lots", "1", "--reason", "not ours", "--on", "2020-06-02")
    lines = acme.ok("export", "ACME")
    copy = Typed(tmp_path / "copy.db")
    copy.ok("init")

    copy.ok("import", "-", stdin=lines)

    assert copy.ok("export", "ACME") == lines
    assert treasury(copy) == 100


# --- by disclosure -------------------------------------------------------------------------------


def test_the_public_knows_an_event_from_the_day_it_was_disclosed(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30, "--disclosed-at", "2020-07-05")

    def public(known_at: str) -> Any:
        return treasury(acme, "--known-by", "disclosed", "--known-at", known_at)

    assert (public("2020-07-04"), public("2020-07-05")) == (100, 130)


def test_without_a_day_of_disclosure_the_public_knew_at_once(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30)

    def public(known_at: str) -> Any:
        return treasury(acme, "--known-by", "disclosed", "--known-at", known_at)

    assert (public("2020-05-31"), public("2020-06-01")) == (100, 130)


@pytest.mark.parametrize(
    ("known_at", "held"),
    [
        # Disclosed at 15:00 in Tokyo, which is 06:00 UTC.
        ("2020-07-05T14:59:59+09:00", 100),
        ("2020-07-05T15:00:00+09:00", 130),
        ("2020-07-05T05:59:59Z", 100),
        ("2020-07-05T06:00:00Z", 130),
        ("2020-07-04", 100),
        ("2020-07-05", 130),
    ],
)
def test_a_disclosure_with_its_time_is_known_from_that_instant(
    acme: Typed, known_at: str, held: int
) -> None:
    acquire(acme, "2020-06-01", 30, "--disclosed-at", "2020-07-05T15:00:00+09:00")

    assert treasury(acme, "--known-by", "disclosed", "--known-at", known_at) == held


def test_a_disclosed_date_is_compared_as_the_day_written(acme: Typed) -> None:
    # 00:30 on 5 July in Tokyo is 4 July in UTC; the day written is the 5th.
    acquire(acme, "2020-06-01", 30, "--disclosed-at", "2020-07-05T00:30:00+09:00")

    assert treasury(acme, "--known-by", "disclosed", "--known-at", "2020-07-04") == 100
    assert treasury(acme, "--known-by", "disclosed", "--known-at", "2020-07-05") == 130


def test_when_an_event_was_disclosed_says_nothing_of_when_it_was_recorded(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30, "--disclosed-at", "2020-07-05")

    assert treasury(acme, "--known-at", "2020-07-05") is None  # nothing was recorded by then
    assert treasury(acme, "--known-at", "3") == 130


def test_an_impossible_public_view_is_unknown_with_its_reason(acme: Typed) -> None:
    # 30 came in and 120 went out; the public heard of the second first.
    acquire(acme, "2020-06-01", 30, "--disclosed-at", "2020-09-01")
    acme.ok(
        *"class adjust ACME common --on 2020-07-01 --issued-change 0".split(),
        *("--treasury-change", "-120", "--reason", "gap"),
    )

    answer = acme.json(
        *("shares", "ACME", *COMMON, "--on", "2020-12-31"),
        *("--known-by", "disclosed", "--known-at", "2020-08-01"),
    )

    assert (answer["issued"], answer["treasury"], answer["outstanding"]) == (None, None, None)
    assert answer["reason"] == ("what was disclosed by then does not add up: treasury would be -20")


def test_no_query_shows_an_impossible_count(acme: Typed) -> None:
    acquire(acme, "2020-06-01", 30, "--disclosed-at", "2020-09-01")
    acme.ok(
        *"class adjust ACME common --on 2020-07-01 --issued-change 0".split(),
        *("--treasury-change", "-120", "--reason", "gap"),
    )
    public = ("--on", "2020-12-31", "--known-by", "disclosed", "--known-at", "2020-08-01")

    for change in acme.json("shares", "ACME", "--history", *public):
        assert change["treasury"] is None or change["treasury"] >= 0
    assert acme.json("treasury", "ACME", *COMMON, *public)["shares"] is None
    for line in acme.json("explain", "treasury", "ACME", *COMMON, *public)["lines"]:
        assert line["shares"] is None or line["shares"] >= 0


# --- words of knowledge --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("--known-at 0", "numbered from 1"),
        ("--known-at -1", "-1"),
        ("--known-at 2020-13-01", "2020-13-01"),
        ("--known-at 2020-07-05T15:00:00", "has no zone"),
        ("--known-at 2020-07-05T25:00:00Z", "date-time"),
        ("--known-at 2 --known-by disclosed", "is an entry number"),
        ("--known-by rumour", "rumour"),
    ],
)
def test_knowledge_that_cannot_be_is_bad_usage(acme: Typed, words: str, complaint: str) -> None:
    assert complaint in acme.refused("shares", "ACME", *words.split(), code=2)


def test_an_entry_that_is_yet_to_come_is_not_known(acme: Typed) -> None:
    assert "the last entry of ACME is 2" in acme.refused("shares", "ACME", "--known-at", "3")


def test_an_entry_number_is_of_one_issuer_and_not_of_all(acme: Typed) -> None:
    said = acme.refused("shares", "--all", "--known-at", "2", code=2)

    assert "is an entry number, and each issuer numbers its own" in said


@pytest.mark.parametrize(
    "query",
    [
        "shares ACME",
        "shares ACME --history",
        "treasury ACME",
        "dividends ACME",
        "repurchases ACME",
        "actions ACME",
        "action ACME class-common",
        "explain shares ACME",
        "explain treasury ACME",
        "explain dividends ACME",
        "explain outstanding ACME",
        "explain issued ACME --tree",
        "explain repurchase ACME",
        "check ACME",
    ],
)
def test_every_query_takes_every_axis_of_time(acme: Typed, query: str) -> None:
    for axis in (
        "--known-at 2",
        "--known-at 2020-12-31",
        "--known-at 2020-12-31T12:00:00Z",
        "--known-at 2020-12-31 --known-by disclosed",
        "--share-basis 2020-06-01",
    ):
        acme.ok(*query.split(), "--on", "2020-12-31", *axis.split(), "--format", "json")


# --- the order of one day ------------------------------------------------------------------------


def test_within_a_day_each_kind_of_event_has_its_place() -> None:
    # The table of the domain document, section 1, for the kinds there are.
    in_order = [
        "AuthorizedSharesChanged",
        "PositionAdjusted",
        "SharesRepurchased",
        "OpeningPositionStated",
        "PositionReported",
    ]
    moments = [EVENTS[name].moment for name in in_order]

    assert moments == sorted(set(moments))
    assert EVENTS["SharesAcquired"].moment == EVENTS["SharesRepurchased"].moment
    assert Moment.AUTHORIZED_CHANGE < Moment.SPLIT < Moment.ADJUSTMENT < Moment.ISSUE
    assert Moment.ISSUE < Moment.ACQUISITION < Moment.DISPOSAL < Moment.CANCELLATION
    assert Moment.CANCELLATION < Moment.OPENING < Moment.REPORT


def test_a_gap_is_closed_before_the_purchases_of_its_day(acme: Typed) -> None:
    # Recorded last, judged first: 100 - 100, then + 30.
    acquire(acme, "2020-06-01", 30)
    acme.ok(
        *"class adjust ACME common --on 2020-06-01 --issued-change 0".split(),
        *("--treasury-change", "-100", "--reason", "gap"),
    )
    said = acme.refused(
        *"class adjust ACME common --on 2020-06-01 --issued-change 0".split(),
        *("--treasury-change", "-1", "--reason", "gap"),
    )

    assert "treasury would be -1" in said
    changes = acme.json("shares", "ACME", "--history", "--on", "2020-06-01")
    assert [change["treasury"] for change in changes] == [100, 0, 30]


def test_the_articles_change_before_the_shares_of_the_day(acme: Typed) -> None:
    acme.ok(*"class authorize ACME common --on 2020-01-01 --authorized 1000".split())
    acme.ok(
        *"class adjust ACME common --on 2020-06-01 --issued-change 500".split(),
        *("--treasury-change", "0", "--reason", "gap"),
    )

    acme.ok(*"class authorize ACME common --on 2020-06-01 --authorized 1500".split())
    said = acme.refused(*"class authorize ACME common --on 2020-06-02 --authorized 1499".split())

    assert "1,500 issued on 2020-06-02 would exceed 1,499 authorized" in said


def test_a_published_count_is_held_against_everything_its_day_did(acme: Typed) -> None:
    acme.ok(*"class report ACME common --on 2020-06-01 --treasury 130".split())

    acquire(acme, "2020-06-01", 30)

    assert acme("check", "ACME", "--on", "2020-12-31").exit_code == 0
