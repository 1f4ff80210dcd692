"""Stored events are a promise: every line ever stored is read, and written back unchanged.

`golden/events.jsonl` holds rows of the table of stored events, at least one of every event. Lines
are added when an event or a field is; a line is never edited.
"""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.persistence import JSONTranscoder, StoredEvent

from ledger.errors import StoreUnusable
from ledger.events.entry import Entry
from ledger.events.event import Event
from ledger.events.kinds import EVENTS
from ledger.store.sqlite.application import LedgerMapper

LINES = (Path(__file__).parent / "golden" / "events.jsonl").read_text("utf-8").splitlines()


def stored(line: str) -> StoredEvent:
    """The row a line holds; its body byte for byte as it was stored, from `"state":` on."""
    head, _, state = line.partition(',"state":')
    row = json.loads(head + "}")
    return StoredEvent(
        UUID(row["originator_id"]),
        row["originator_version"],
        row["topic"],
        state.removesuffix("}").encode(),
    )


ROWS = [stored(line) for line in LINES]
IDS = [f"{place}-{row.topic}" for place, row in enumerate(ROWS, start=1)]


@pytest.fixture
def mapper() -> LedgerMapper:
    return LedgerMapper(JSONTranscoder())


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_every_event_ever_stored_is_read_and_written_back_unchanged(
    mapper: LedgerMapper, row: StoredEvent
) -> None:
    event = mapper.to_domain_event(row)

    assert type(event).__name__ == row.topic
    assert mapper.to_stored_event(event) == row


def test_every_event_there_is_has_a_golden_line() -> None:
    assert {row.topic for row in ROWS} == {*EVENTS, Entry.__name__}


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_field_of_every_event_has_a_golden_line(name: str) -> None:
    fields = {*map(EVENTS[name].stored_name, EVENTS[name].model_fields)}
    # What every event may carry is written once, with whatever event it came.
    common = {*map(Event.stored_name, Event.model_fields)}
    written = {key for row in ROWS if row.topic == name for key in json.loads(row.state)}

    assert fields - common <= written


def test_every_field_that_all_events_share_has_a_golden_line() -> None:
    common = {*map(Event.stored_name, Event.model_fields)}
    written = {key for row in ROWS for key in json.loads(row.state)}

    assert common <= written


def test_every_field_of_an_entry_has_a_golden_line() -> None:
    fields = {*map(Entry.stored_name, Entry.model_fields)}
    written = {key for row in ROWS if row.topic == "Entry" for key in json.loads(row.state)}

    assert fields <= written


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_body_under_the_name_or_id_of_another_event_is_damage(
    mapper: LedgerMapper, row: StoredEvent
) -> None:
    stranger = StoredEvent(UUID(int=1), row.originator_version, row.topic, row.state)
    later = StoredEvent(row.originator_id, row.originator_version + 1, row.topic, row.state)
    renamed = StoredEvent(row.originator_id, row.originator_version, "Renamed", row.state)

    for damaged in (stranger, later, renamed):
        with pytest.raises(StoreUnusable, match="damaged or of a newer version"):
            mapper.to_domain_event(damaged)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_body_with_a_field_nobody_knows_is_of_a_newer_version(
    mapper: LedgerMapper, row: StoredEvent
) -> None:
    newer = row.state.removesuffix(b"}") + b',"field_of_tomorrow":1}'

    with pytest.raises(StoreUnusable, match="field_of_tomorrow"):
        mapper.to_domain_event(
            StoredEvent(row.originator_id, row.originator_version, row.topic, newer)
        )
