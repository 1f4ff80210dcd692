"""The days that matter: from the ledger and the issuer's law, each with where it is from.

Days of the IIJ dividend are those of its notice of 2018-05-24; all of ACME is made up.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from ledger.events.terms import ProfileName
from ledger.rules.deadlines import MONTHLY_REPORTS, RECORD_DATE_LIMITS, RETURNS_OF_PURCHASES
from tests.conftest import Typed

DIVIDEND = "dividend-2018-03-31"
ALL = ("--from", "1900-01-01")


def register(capital: Typed, profile: str, currency: str = "JPY") -> None:
    capital.ok(
        *("issuer", "register", "ACME", "--name", "Acme, Inc.; Tokyo", "--currency", currency),
        *("--profile", profile),
    )


def resolve(capital: Typed, *more: str) -> None:
    """The dividend of the notice."""
    capital.ok(
        *("dividend", "resolve", "ACME", DIVIDEND, "--class", "common", "--on", "2018-05-24"),
        *("--term", "YEAR_END", "--fiscal-year-end", "2018-03-31", "--per-share", "13.50"),
        *("--record-date", "2018-03-31", "--payable-on", "2018-06-29", "--approval", "AGM"),
        *("--meeting-expected", "2018-06-28", *more),
    )


def authorize(capital: Typed, *more: str) -> None:
    capital.ok(
        *("repurchase", "authorize", "ACME", "p", "--class", "common", "--on", "2008-10-28"),
        *("--from", "2008-11-14", "--until", "2009-01-30", *more),
    )


def days(capital: Typed, on: str, *more: str) -> list[tuple[str, str, str]]:
    lines = capital.json("calendar", "ACME", "--on", on, *more)
    return [(line["day"], line["what"], line["state"]) for line in lines]


# --- dividends -----------------------------------------------------------------------------------


def test_a_dividend_has_its_record_date_meeting_payment_and_last_day(capital: Typed) -> None:
    register(capital, "jp")
    resolve(capital)

    assert days(capital, "2018-05-24", *ALL) == [
        ("2018-03-31", "record date", "passed"),
        ("2018-06-28", "AGM to approve it", "ahead"),
        ("2018-06-29", "payment", "ahead"),
        # Companies Act art. 124(2), counted by Civil Code arts. 140 and 143
        ("2018-06-30", "last day to pay, by the record date", "ahead"),
    ]


def test_a_day_is_done_once_the_ledger_holds_what_was_to_be_done(capital: Typed) -> None:
    register(capital, "jp")
    resolve(capital)
    capital.ok("dividend", "approve", "ACME", DIVIDEND, "--on", "2018-06-28")
    capital.ok("dividend", "pay", "ACME", DIVIDEND, "--on", "2018-06-29")

    lines = capital.json("calendar", "ACME", "--on", "2018-07-01", *ALL)

    done = [(line["what"], line["done_on"], line["done_entry"]) for line in lines]
    assert done == [
        ("record date", None, None),
        ("AGM to approve it", "2018-06-28", 3),
        ("payment", "2018-06-29", 4),
        ("last day to pay, by the record date", "2018-06-29", 4),
    ]
    assert days(capital, "2018-06-28", *ALL)[1:3] == [
        ("2018-06-28", "AGM to approve it", "done"),
        ("2018-06-29", "payment", "ahead"),
    ]


def test_what_is_not_done_in_time_is_overdue_and_shown_first(capital: Typed) -> None:
    register(capital, "jp")
    resolve(capital)

    assert days(capital, "2018-06-28") == [
        ("2018-06-28", "AGM to approve it", "today"),
        ("2018-06-29", "payment", "ahead"),
        ("2018-06-30", "last day to pay, by the record date", "ahead"),
    ]
    assert days(capital, "2018-06-30") == [
        ("2018-06-28", "AGM to approve it", "overdue"),
        ("2018-06-29", "payment", "overdue"),
        ("2018-06-30", "last day to pay, by the record date", "today"),
    ]


def test_what_a_rejected_dividend_had_ahead_is_called_off(capital: Typed) -> None:
    register(capital, "jp")
    resolve(capital)
    capital.ok("dividend", "reject", "ACME", DIVIDEND, "--on", "2018-06-28")

    assert days(capital, "2018-06-28", *ALL) == [
        ("2018-03-31", "record date", "passed"),
        ("2018-06-28", "AGM to approve it", "done"),
        ("2018-06-29", "payment", "called off"),
        ("2018-06-30", "last day to pay, by the record date", "called off"),
    ]


def test_an_amended_day_is_the_amendment_s(capital: Typed) -> None:
    register(capital, "jp")
    resolve(capital)
    capital.ok(
        *("dividend", "amend", "ACME", DIVIDEND, "--on", "2018-06-01"),
        *("--payable-on", "2018-06-27"),
    )

    lines = capital.json("calendar", "ACME", "--on", "2018-06-01")

    told = {line["what"]: (line["day"], line["stated_by"], line["stated_entry"]) for line in lines}
    assert told["payment"] == ("2018-06-27", "DividendAmended", 3)
    assert told["AGM to approve it"] == ("2018-06-28", "DividendResolved", 2)


def test_a_dividend_of_nothing_has_no_last_day_to_pay(capital: Typed) -> None:
    register(capital, "jp")
    capital.ok(
        *("dividend", "resolve", "ACME", DIVIDEND, "--class", "common", "--on", "2018-03-01"),
        *("--term", "YEAR_END", "--fiscal-year-end", "2018-03-31", "--per-share", "0"),
        *("--record-date", "2018-03-31"),
    )

    assert days(capital, "2018-03-01") == [("2018-03-31", "record date", "ahead")]


def test_the_us_leave_sixty_days_and_the_profile_none_no_limit(capital: Typed) -> None:
    assert RECORD_DATE_LIMITS[ProfileName.US].last_day(date(2024, 1, 1)) == date(2024, 3, 1)
    register(capital, "none")
    resolve(capital)

    assert [what for _, what, _ in days(capital, "2018-05-24")] == ["AGM to approve it", "payment"]


# --- repurchase programs -------------------------------------------------------------------------


def test_a_program_is_reported_each_month_from_its_resolution_to_its_end(capital: Typed) -> None:
    register(capital, "jp")
    authorize(capital)

    assert days(capital, "2008-11-20", *ALL) == [
        ("2008-11-14", "first day of purchases", "passed"),
        ("2008-11-15", "status report of 2008-10", "not recorded"),
        ("2008-12-15", "status report of 2008-11", "ahead"),
        ("2009-01-15", "status report of 2008-12", "ahead"),
        ("2009-01-30", "last day of purchases", "ahead"),
        ("2009-02-15", "status report of 2009-01", "ahead"),
    ]


def test_a_recorded_progress_report_is_the_report_of_its_month(capital: Typed) -> None:
    register(capital, "jp")
    authorize(capital)
    capital.ok(
        *("repurchase", "report", "ACME", "p", "--on", "2008-11-30", "--shares", "0"),
        *("--disclosed-at", "2008-12-05"),
    )

    reports = [line for line in days(capital, "2008-12-20", *ALL) if "report" in line[1]]

    assert [state for _, _, state in reports] == ["not recorded", "done", "ahead", "ahead"]


def test_a_program_completed_early_is_reported_until_then(capital: Typed) -> None:
    register(capital, "jp")
    authorize(capital)
    capital.ok(*"repurchase complete ACME p --on 2008-12-04".split())

    lines = days(capital, "2008-12-04")

    assert lines == [
        ("2008-12-15", "status report of 2008-11", "ahead"),
        ("2009-01-15", "status report of 2008-12", "ahead"),
        ("2009-01-30", "last day of purchases", "done"),
    ]


def test_a_program_without_an_end_is_reported_until_the_month_asked_about(capital: Typed) -> None:
    register(capital, "jp")
    capital.ok(*"repurchase authorize ACME p --class common --on 2023-05-18".split())

    assert days(capital, "2023-07-03") == [
        ("2023-07-15", "status report of 2023-06", "ahead"),
        ("2023-08-15", "status report of 2023-07", "ahead"),
    ]


def test_the_uk_return_is_due_28_days_from_the_month_s_first_delivery(capital: Typed) -> None:
    register(capital, "uk", "GBP")
    authorize(capital, "--max-shares", "1000")
    for day, settled in (("2008-11-17", "2008-11-19"), ("2008-11-24", "2008-11-26")):
        capital.ok(
            *("repurchase", "purchase", "ACME", "p", "--on", day, "--settled-on", settled),
            *("--shares", "10"),
        )

    lines = days(capital, "2008-11-26")

    # Companies Act 2006 s. 707(1): the day of delivery is the first of the 28
    assert ("2008-12-16", "return of shares delivered in 2008-11", "ahead") in lines
    assert RETURNS_OF_PURCHASES[ProfileName.UK].last_day(date(2008, 11, 1)) == date(2008, 11, 28)
    assert not any("status report" in what for _, what, _ in lines)


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_a_status_report_is_due_on_the_15th_of_the_next_month(day: date) -> None:
    due = MONTHLY_REPORTS[ProfileName.JP].due(day)

    assert due.day == 15
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == 1


# --- plans ---------------------------------------------------------------------------------------


def test_a_split_has_its_record_date_and_its_day_of_effect(capital: Typed) -> None:
    register(capital, "jp")
    capital.ok(
        *"split resolve ACME s --class common --on 2022-08-05 --kind SPLIT --new 2 --old 1".split(),
        *"--record-date 2022-09-30 --effective-on 2022-10-01".split(),
    )

    assert days(capital, "2022-08-05") == [
        ("2022-09-30", "record date", "ahead"),
        ("2022-10-01", "effect", "ahead"),
    ]
    assert days(capital, "2022-10-02") == [("2022-10-01", "effect", "overdue")]
    capital.ok(*"split effect ACME s --on 2022-10-01".split())
    assert days(capital, "2022-10-02", *ALL) == [
        ("2022-09-30", "record date", "passed"),
        ("2022-10-01", "effect", "done"),
    ]


def test_a_withdrawn_cancellation_takes_no_effect(capital: Typed) -> None:
    register(capital, "jp")
    capital.ok(
        *"cancellation resolve ACME c --class common --on 2022-08-05 --shares 10".split(),
        *"--effective-on 2022-10-01".split(),
    )
    capital.ok(*"cancellation withdraw ACME c --on 2022-09-01".split())

    assert days(capital, "2022-10-02", *ALL) == [("2022-10-01", "effect", "called off")]


# --- the question --------------------------------------------------------------------------------


def test_days_are_shown_from_and_until(capital: Typed) -> None:
    register(capital, "jp")
    resolve(capital)

    shown = days(capital, "2018-05-24", "--from", "2018-06-28", "--until", "2018-06-29")

    assert [day for day, _, _ in shown] == ["2018-06-28", "2018-06-29"]
    assert days(capital, "2018-05-24", "--class", "common") == days(capital, "2018-05-24")


def test_an_end_before_the_beginning_is_refused(capital: Typed) -> None:
    register(capital, "jp")

    said = capital.refused(*"calendar ACME --from 2018-06-29 --until 2018-06-28".split(), code=2)

    assert "--until 2018-06-28 is before --from 2018-06-29" in said


def test_a_day_is_told_as_it_was_known(capital: Typed) -> None:
    register(capital, "jp")
    resolve(capital)
    capital.ok("dividend", "approve", "ACME", DIVIDEND, "--on", "2018-06-28")

    assert days(capital, "2018-06-29", "--known-at", "2")[0][2] == "overdue"
    assert days(capital, "2018-06-29")[0] == ("2018-06-29", "payment", "today")


def test_nothing_ahead_is_said_in_words(capital: Typed) -> None:
    register(capital, "jp")

    result = capital("calendar", "ACME", "--on", "2018-05-24")

    assert result.exit_code == 0
    assert "no dates from 2018-05-24; for earlier dates use --from DATE" in result.stderr


# --- the file ------------------------------------------------------------------------------------


def events_of(path: Path) -> list[dict[str, Any]]:
    calendar = Calendar.from_ical(path.read_bytes())
    return [
        {name.lower(): component[name] for name in component}
        for component in calendar.walk("VEVENT")
    ]


@pytest.fixture
def ics(capital: Typed, tmp_path: Path) -> Path:
    register(capital, "jp")
    resolve(
        *(capital, "--source-title", "Notice of dividend; 配当, " + "剰余金" * 30),
        *("--source-uri", "https://example.com/notice"),
    )
    path = tmp_path / "acme.ics"
    said = capital.ok("calendar", "ACME", "--on", "2018-05-24", "--ics", path)
    assert said == f"wrote 3 days to {path}\n"
    return path


def test_the_file_holds_an_all_day_event_for_each_day(ics: Path) -> None:
    events = events_of(ics)

    assert [event["dtstart"].dt for event in events] == [
        date(2018, 6, 28),
        date(2018, 6, 29),
        date(2018, 6, 30),
    ]
    assert events[1]["summary"] == f"ACME: payment, {DIVIDEND}"
    assert "From DividendResolved, entry 2." in events[1]["description"]
    assert "Notice of dividend; 配当, 剰余金" in events[1]["description"]
    assert "https://example.com/notice" in events[1]["description"]


def test_the_file_keeps_to_the_format(ics: Path) -> None:
    data = ics.read_bytes()

    # RFC 5545, section 3.1: lines end with CRLF and are folded at 75 octets
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()  # no character is cut in two
    assert len({event["uid"] for event in events_of(ics)}) == 3


def test_the_file_is_the_same_again(ics: Path, capital: Typed) -> None:
    before = ics.read_bytes()

    capital.ok("calendar", "ACME", "--on", "2018-05-24", "--ics", ics)

    assert ics.read_bytes() == before


def test_a_day_that_moved_keeps_its_uid_and_counts_up(ics: Path, capital: Typed) -> None:
    before = {event["uid"]: event for event in events_of(ics)}
    capital.ok(
        *("dividend", "amend", "ACME", DIVIDEND, "--on", "2018-06-01"),
        *("--payable-on", "2018-06-27"),
    )
    capital.ok("calendar", "ACME", "--on", "2018-06-01", "--ics", ics)

    (moved,) = [event for event in events_of(ics) if event["dtstart"].dt == date(2018, 6, 27)]

    assert before[moved["uid"]]["dtstart"].dt == date(2018, 6, 29)
    assert moved["sequence"] > before[moved["uid"]]["sequence"]


def test_a_day_that_is_called_off_is_cancelled_in_the_file(ics: Path, capital: Typed) -> None:
    capital.ok("dividend", "reject", "ACME", DIVIDEND, "--on", "2018-06-28")
    capital.ok("calendar", "ACME", "--on", "2018-06-28", "--ics", ics)

    states = {str(event["summary"]).split(",")[0]: event["status"] for event in events_of(ics)}

    assert states == {
        "ACME: AGM to approve it": "CONFIRMED",
        "ACME: payment": "CANCELLED",
        "ACME: last day to pay": "CANCELLED",
    }


def test_a_file_that_is_no_calendar_is_left_as_it_is(capital: Typed, tmp_path: Path) -> None:
    register(capital, "jp")
    path = tmp_path / "minutes.txt"
    path.write_text("the minutes of the board")

    said = capital.refused("calendar", "ACME", "--ics", path, code=2)

    assert "exists and is not a calendar file; it was not changed" in said
    assert path.read_text() == "the minutes of the board"


def test_a_file_that_cannot_be_written_is_named(capital: Typed, tmp_path: Path) -> None:
    register(capital, "jp")

    said = capital.refused("calendar", "ACME", "--ics", tmp_path / "no" / "x.ics", code=2)

    assert f"{os.sep}no{os.sep}x.ics: No such file or directory" in said
