"""`capital audit replay`: the minute book walked again, and what it notices."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Typed, prepared, record_lines
from tests.stores import STORE

MONDAY = datetime(2020, 6, 1, 9, tzinfo=UTC)


def registered(code: str, currency: str = "JPY") -> dict[str, Any]:
    return {
        "issuer": code,
        "action": "issuer",
        "event": "IssuerRegistered",
        "code": code,
        "name": f"{code} K.K.",
        "currency": currency,
        "profile": "jp",
        "key": "registration",
    }


def opened(code: str, issued: int = 1000, treasury: int = 0) -> dict[str, Any]:
    return {
        "issuer": code,
        "class": "common",
        "action": "class-common",
        "event": "OpeningPositionStated",
        "on": "2020-03-31",
        "issued": issued,
        "treasury": treasury,
        "source": {"title": "Annual report", "page": 12},
        "key": "opening",
    }


def acquired(code: str, shares: int, on: str, number: int = 1) -> dict[str, Any]:
    return {
        "issuer": code,
        "class": "common",
        "action": f"odd-lots-{number}",
        "event": "SharesAcquired",
        "on": on,
        "shares": shares,
        "cause": "ODD_LOT",
        "key": f"odd-lots-{number}",
    }


@pytest.fixture
@prepared
def walked(path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Two issuers, recorded in turns, an entry a day from Monday 1 June 2020 on."""
    days = (MONDAY + timedelta(days=n) for n in range(20))
    with monkeypatch.context() as clock:
        clock.setattr("ledger.proof.clock.utc_now", days.__next__)
        with STORE.create(path) as ledger:
            record_lines(ledger, registered("ACME"), by="secretary")
            record_lines(ledger, registered("BOLT", "USD"), by="secretary")
            record_lines(ledger, opened("ACME"), by="treasurer")
            record_lines(ledger, opened("BOLT", 500, 10), by="treasurer")
            record_lines(ledger, acquired("ACME", 20, "2020-05-10"), by="treasurer")
            record_lines(ledger, acquired("ACME", 5, "2020-04-10", 2), by="treasurer")
    return Typed(path)


def replayed(capital: Typed, *words: object, code: int = 0) -> Any:
    result = capital("audit", "replay", *words, "--format", "json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def numbers(answer: Any) -> list[tuple[str, int]]:
    return [(entry["issuer"], entry["entry"]) for entry in answer["entries"]]


# --- a sound history -----------------------------------------------------------------------------


def test_every_issuer_is_walked_in_the_order_of_recording(walked: Typed) -> None:
    answer = replayed(walked)

    assert answer["differences"] == []
    assert numbers(answer) == [
        ("ACME", 1),
        ("BOLT", 1),
        ("ACME", 2),
        ("BOLT", 2),
        ("ACME", 3),
        ("ACME", 4),
    ]
    assert [entry["by"] for entry in answer["entries"]] == ["secretary"] * 2 + ["treasurer"] * 4


def test_an_entry_says_who_recorded_what_when_on_which_document(walked: Typed) -> None:
    said = walked.ok("audit", "replay", "ACME")

    assert "ACME entry 2, recorded 2020-06-03 09:00:00 UTC by treasurer, on Annual report" in said
    assert "2020-03-31  class-common 1: OpeningPositionStated: issued 1,000, treasury 0" in said
    assert "ACME common on 2020-03-31: issued 1,000, treasury 0, outstanding 1,000" in said
    assert "BOLT" not in said
    assert "4 entries replayed: every count agrees" in said


def test_the_position_after_an_entry_is_that_of_its_day_as_known_then(walked: Typed) -> None:
    positions = {
        entry["entry"]: [(p["on"], p["treasury"]) for p in entry["positions"]]
        for entry in replayed(walked, "ACME")["entries"]
    }

    assert positions == {
        1: [],
        2: [("2020-03-31", 0)],
        3: [("2020-05-10", 20)],
        4: [("2020-04-10", 5)],
    }


@pytest.mark.parametrize("last", [1, 2, 3, 4])
def test_to_stops_after_that_entry(walked: Typed, last: int) -> None:
    answer = replayed(walked, "ACME", "--to", last)

    assert numbers(answer) == [("ACME", n) for n in range(1, last + 1)]
    assert answer["differences"] == []


def test_until_stops_after_that_day_of_recording(walked: Typed) -> None:
    answer = replayed(walked, "--until", "2020-06-03")

    assert numbers(answer) == [("ACME", 1), ("BOLT", 1), ("ACME", 2)]
    assert answer["differences"] == []


def test_until_a_day_before_everything_walks_nothing(walked: Typed) -> None:
    answer = replayed(walked, "--until", date(2020, 5, 31))

    assert (answer["entries"], answer["differences"]) == ([], [])


def test_to_needs_an_issuer_for_each_counts_its_own(walked: Typed) -> None:
    said = walked.refused("audit", "replay", "--to", 2, code=2)

    assert "each issuer numbers its own entries" in said


def test_an_unknown_issuer_is_refused(walked: Typed) -> None:
    assert "NOBODY" in walked.refused("audit", "replay", "NOBODY")


def test_an_empty_ledger_has_nothing_to_walk(capital: Typed) -> None:
    answer = replayed(capital)

    assert (answer["entries"], answer["differences"]) == ([], [])


def test_a_reversed_event_is_walked_and_so_is_its_reversal(walked: Typed) -> None:
    walked.ok("reverse", "ACME", "odd-lots-1", 1, "--on", "2020-06-20", "--reason", "a misprint")

    answer = replayed(walked, "ACME")

    assert answer["differences"] == []
    assert [e["event"] for entry in answer["entries"] for e in entry["events"]] == [
        "IssuerRegistered",
        "OpeningPositionStated",
        "SharesAcquired",
        "SharesAcquired",
        "EventReversed",
    ]


# --- a history somebody tampered with ------------------------------------------------------------


def tamper(capital: Typed, *statements: str) -> None:
    """Change stored rows behind the ledger's back, its triggers dropped."""
    with closing(sqlite3.connect(capital.path)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, f"changes nothing: {statement}"
        connection.commit()


def stray(key: str) -> str:
    """A second acquisition of odd-lots-2, in its log but in no entry."""
    return f"""
        INSERT INTO stored_events
        SELECT originator_id, 2, topic,
               CAST(replace(replace(CAST(state AS TEXT), '"version":1', '"version":2'),
                            '"key":"odd-lots-2"', '"key":"{key}"') AS BLOB)
        FROM stored_events WHERE topic = 'SharesAcquired' ORDER BY rowid DESC LIMIT 1
    """


def altered(before: str, after: str) -> str:
    """Another figure in the body of a stored acquisition."""
    return f"""
        UPDATE stored_events
        SET state = CAST(replace(CAST(state AS TEXT), '{before}', '{after}') AS BLOB)
        WHERE topic = 'SharesAcquired' AND instr(CAST(state AS TEXT), '{before}')
    """


@pytest.mark.sqlite_file
@pytest.mark.parametrize("key", ["a stray", "odd-lots-2"])
def test_an_event_that_no_entry_names_is_a_difference(walked: Typed, key: str) -> None:
    tamper(walked, stray(key))

    said = walked("audit", "replay", "ACME")
    (difference,) = replayed(walked, code=1)["differences"]

    assert said.exit_code == 1
    assert "event 2 of odd-lots-2" in said.stdout
    assert difference["issuer"] == "ACME"
    assert difference["answered"] == "in no entry"


@pytest.mark.sqlite_file
def test_an_event_that_is_gone_is_told(walked: Typed) -> None:
    tamper(
        walked,
        "DELETE FROM stored_events WHERE rowid = "
        "(SELECT max(rowid) FROM stored_events WHERE topic = 'SharesAcquired')",
    )

    assert "odd-lots-2" in walked.refused("audit", "replay", code=3)


@pytest.mark.sqlite_file
def test_an_entry_that_is_gone_is_told(walked: Typed) -> None:
    tamper(walked, "DELETE FROM stored_events WHERE topic = 'Entry' AND originator_version = 4")

    assert "odd-lots-2" in json.dumps(replayed(walked, code=1)["differences"])


@pytest.mark.sqlite_file
def test_an_entry_that_is_gone_with_its_events_leaves_a_gap_that_is_told(walked: Typed) -> None:
    tamper(
        walked,
        "DELETE FROM stored_events WHERE topic = 'Entry' AND originator_version = 3",
        'DELETE FROM stored_events WHERE instr(CAST(state AS TEXT), \'"key":"odd-lots-1"\')',
    )

    result = walked("audit", "replay")

    assert result.exit_code in (1, 3)
    assert "3" in result.stdout + result.stderr


@pytest.mark.sqlite_file
def test_an_entry_moved_before_its_events_is_told(walked: Typed) -> None:
    tamper(
        walked,
        "UPDATE stored_events SET rowid = -1 WHERE topic = 'Entry' AND originator_version = 4",
    )

    assert walked("audit", "replay").exit_code in (1, 3)


@pytest.mark.sqlite_file
@pytest.mark.parametrize(
    ("figure", "said"), [('"20"', "must be a whole number"), ("-20", "must be more than 0")]
)
def test_a_figure_of_the_wrong_kind_is_told(walked: Typed, figure: str, said: str) -> None:
    tamper(walked, altered('"shares":20', f'"shares":{figure}'))

    assert said in walked.refused("audit", "replay", code=3)


@pytest.mark.sqlite_file
def test_a_figure_that_was_changed_since_is_told(walked: Typed) -> None:
    tamper(walked, altered('"shares":20', '"shares":21'))

    (difference,) = replayed(walked, "ACME", code=1)["differences"]

    assert (difference["entry"], difference["what"]) == (3, "row 9")
    assert difference["replayed"] == "altered since"


@pytest.mark.sqlite_file
def test_a_changed_figure_that_breaks_a_rule_is_found_by_check(walked: Typed) -> None:
    tamper(walked, altered('"shares":20', '"shares":2000'))

    result = walked("check", "ACME", "--on", "2020-12-31")

    assert result.exit_code == 1
    assert "counts-not-negative" in result.stdout


@pytest.mark.sqlite_file
def test_entries_that_changed_places_are_told(walked: Typed) -> None:
    tamper(
        walked,
        "UPDATE stored_events SET originator_version = 99 "
        "WHERE topic = 'Entry' AND originator_version = 3",
        "UPDATE stored_events SET originator_version = 3 "
        "WHERE topic = 'Entry' AND originator_version = 4",
        "UPDATE stored_events SET originator_version = 4 "
        "WHERE topic = 'Entry' AND originator_version = 99",
    )

    assert "data of a different event" in walked.refused("audit", "replay", code=3)
