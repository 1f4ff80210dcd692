"""Values are declared once: written, read back, and validated against the same declaration."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import ValidationError

from ledger.actions.share_class import PositionAdjusted
from ledger.events.entry import Entry
from ledger.events.event import Event, EventReversed, KeyReference, Meeting, StoredReference
from ledger.events.kinds import EVENTS
from ledger.store.rows import decoded
from ledger.values import quick
from ledger.values.fields import Amount, Day
from ledger.values.model import After, Field, Value, must_hold
from ledger.values.validation import from_json
from tests.conftest import from_fields
from tests.test_golden import IDS, ROWS

KINDS: dict[str, type[Value]] = {**EVENTS, "Entry": Entry}


def _lower(text: str) -> str:
    if text == "refused":
        raise ValueError("must be something else")
    return text.lower()


class Size(Value):
    """How large."""

    width: Annotated[int, Field(ge=1, le=9)]
    unit: Annotated[str, After(_lower)] = "cm"


class Thing(Value):
    """Something with a size."""

    nullable = frozenset({"weight"})

    name: str = Field(alias="called")
    size: Size
    weight: Amount | None = None
    since: Day | None = None
    parts: tuple[Size, ...] = ()
    marked: bool = False

    @must_hold
    def _not_heavy_and_marked(self) -> None:
        if self.marked and self.weight is not None:
            raise ValueError("is marked and has a weight")


class Painted(Thing):
    """A thing of a colour."""

    colour: str
    layers: int = Field(default=1, gt=0)

    @must_hold
    def _has_a_colour(self) -> None:
        if self.colour == self.name:
            raise ValueError("is called by its colour")


TEXT: dict[str, Any] = {"called": "box", "size": {"width": 3}, "colour": "red"}


# --- writing and reading --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"weight": "1.50"},
        {"weight": None},
        {"since": "2020-03-01", "parts": [{"width": 1}, {"width": 9, "unit": "mm"}]},
        {"marked": True, "layers": 4},
    ],
)
def test_what_was_written_is_read_as_an_equal_value(more: dict[str, Any]) -> None:
    value = from_json(Painted, json.dumps({**TEXT, **more}))

    read = quick.read(Painted, json.loads(value.to_json()))

    assert read == value
    assert hash(read) == hash(value)
    assert read.stated == value.stated
    assert read.to_json() == value.to_json()
    assert from_json(Painted, value.to_json()) == value


def test_a_value_is_written_under_its_stored_names_in_the_order_of_its_fields() -> None:
    fields: dict[str, Any] = {"layers": 2, "colour": "red", "size": Size(width=3), "name": "box"}
    value = Painted(**fields, weight=Decimal("1.50"))

    assert value.to_json() == (
        '{"called":"box","size":{"width":3},"weight":"1.50","colour":"red","layers":2}'
    )


def test_an_instant_is_written_with_its_offset_and_utc_as_z() -> None:
    class At(Value):
        moment: datetime

    assert At(moment=datetime(2020, 3, 1, 6, tzinfo=UTC)).to_json() == (
        '{"moment":"2020-03-01T06:00:00Z"}'
    )


WRONG: dict[str, dict[str, Any]] = {
    "an unknown field": {"color": "red"},
    "a field under the name of the program": {"name": "box"},
    "text for an object": {"size": "3"},
    "text for a whole number": {"size": {"width": "3"}},
    "a broken number for a whole one": {"layers": 1.5},
    "true for a whole number": {"layers": True},
    "a number for text": {"colour": 7},
    "a number for a flag": {"marked": 1},
    "too small": {"size": {"width": 0}},
    "too large": {"size": {"width": 10}},
    "not above its bound": {"layers": 0},
    "wrong within a list": {"parts": [{"width": 1}, {"width": 0}]},
    "one value for a list": {"parts": {"width": 1}},
    "no day": {"since": "2020-02-30"},
    "no number": {"weight": "much"},
    "null where something must be": {"colour": None},
    "null that says nothing": {"layers": None},
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_refused_by_whoever_reads_it(what: str) -> None:
    text = {**TEXT, **WRONG[what]}

    with pytest.raises(quick.Unusual):
        quick.read(Painted, text)
    with pytest.raises(ValidationError):
        from_json(Painted, json.dumps(text))


@pytest.mark.parametrize("name", sorted(TEXT))
def test_a_field_that_must_be_there_is_missed(name: str) -> None:
    text = {field: value for field, value in TEXT.items() if field != name}

    with pytest.raises(quick.Unusual):
        quick.read(Painted, text)
    with pytest.raises(ValidationError, match=name):
        from_fields(Painted, text)


def test_a_value_of_ours_takes_its_own_fields_and_all_it_needs() -> None:
    with pytest.raises(TypeError, match="unknown"):
        Size(width=1, height=2)  # type: ignore[call-arg]  # what is tested
    with pytest.raises(TypeError, match="missing"):
        Size()  # type: ignore[call-arg]  # what is tested


def test_checks_run_on_all_text_from_outside_or_stored() -> None:
    for clash in ({"marked": True, "weight": "1"}, {"colour": "box"}):
        text = {**TEXT, **clash}
        with pytest.raises(ValidationError, match=r"is marked and has a weight|called by its"):
            from_json(Painted, json.dumps(text))
        with pytest.raises(quick.Unusual):
            quick.read(Painted, text)


def test_the_checks_of_a_kind_come_before_its_own_and_run_once() -> None:
    assert Painted.checks == ("_not_heavy_and_marked", "_has_a_colour")


def test_text_is_normalized_by_both_readers() -> None:
    assert from_json(Size, '{"width":1,"unit":"CM"}').unit == "cm"
    assert quick.read(Size, {"width": 1, "unit": "CM"}).unit == "cm"
    with pytest.raises(ValidationError, match="must be something else"):
        from_json(Size, '{"width":1,"unit":"refused"}')


# --- what a value is ------------------------------------------------------------------------------


def test_a_value_is_never_changed() -> None:
    size = Size(width=1)

    with pytest.raises(AttributeError, match="frozen"):
        size.width = 2  # type: ignore[misc]  # what is tested
    with pytest.raises(AttributeError, match="frozen"):
        size.height = 2
    with pytest.raises(AttributeError, match="frozen"):
        del size.width
    assert size == Size(width=1)


def test_a_default_stated_and_left_out_is_the_same_value() -> None:
    left_out, stated = Size(width=1), Size(width=1, unit="cm")

    assert left_out == stated
    assert hash(left_out) == hash(stated)
    assert len({left_out, stated}) == 1
    assert (left_out.stated, stated.stated) == ({"width"}, {"width", "unit"})
    assert left_out.to_json() == '{"width":1}'


def test_values_differ_by_any_field_and_by_their_kind() -> None:
    class Extent(Value):
        width: int
        unit: str = "cm"

    assert Size(width=1) != Size(width=2)
    assert Size(width=1) != Size(width=1, unit="mm")
    assert Size(width=1) != Extent(width=1)
    assert Size(width=1) != {"width": 1}


def test_a_replaced_field_leaves_the_value_it_came_from() -> None:
    size = Size(width=1)

    other = size.replaced(unit="mm")

    assert other == Size(width=1, unit="mm")
    assert other.stated == {"width", "unit"}
    assert size == Size(width=1)


def test_inherited_fields_come_first_and_a_kind_never_adds_to_another() -> None:
    own = ["name", "size", "weight", "since", "parts", "marked"]

    assert list(Painted.fields) == [*own, "colour", "layers"]
    assert list(Thing.fields) == own
    assert [Painted.fields[n].stored_name for n in ("name", "colour")] == ["called", "colour"]
    assert [n for n, field in Painted.fields.items() if field.is_required] == [
        "name",
        "size",
        "colour",
    ]


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_begins_with_what_all_events_have(name: str) -> None:
    common = list(Event.fields)

    assert list(EVENTS[name].fields)[: len(common)] == common


def test_what_is_worked_out_from_a_value_is_no_part_of_it() -> None:
    first, second = (decoded_row(ROWS[0]) for _ in range(2))

    for name in dir(first):
        if not name.startswith("__"):
            getattr(first, name)

    assert first == second
    assert hash(first) == hash(second)
    assert first.stated == second.stated
    assert first.to_json() == second.to_json()


# --- every event ----------------------------------------------------------------------------------


def decoded_row(row: Any) -> Event | Entry:
    return decoded(row.originator_id.hex, row.originator_version, row.topic, row.state)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_both_readers_read_an_equal_value_of_every_event(row: Any) -> None:
    quickly = quick.read(KINDS[row.topic], json.loads(row.state))
    strictly = from_json(KINDS[row.topic], row.state)

    assert quickly == strictly == decoded_row(row)
    assert hash(quickly) == hash(strictly)
    assert quickly.stated == strictly.stated
    assert quickly.to_json().encode() == strictly.to_json().encode() == row.state
    for name in quickly.fields:
        assert type(getattr(quickly, name)) is type(getattr(strictly, name)), name


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_neither_reader_takes_an_event_without_a_field_it_needs(row: Any) -> None:
    kind, text = KINDS[row.topic], json.loads(row.state)
    for field in kind.fields.values():
        if not field.is_required:
            continue
        short = {name: value for name, value in text.items() if name != field.stored_name}
        with pytest.raises(quick.Unusual):
            quick.read(kind, short)
        with pytest.raises(ValidationError):
            from_json(kind, json.dumps(short))


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_neither_reader_takes_a_value_of_another_shape(row: Any) -> None:
    kind, text = KINDS[row.topic], json.loads(row.state)
    for name in text:
        others: tuple[Any, ...] = ({"field of tomorrow": 1}, [[]], 1.5)
        for other in others:
            odd = {**text, name: other}
            with pytest.raises(quick.Unusual):
                quick.read(kind, odd)
            with pytest.raises(ValidationError):
                from_json(kind, json.dumps(odd))


def test_null_says_something_in_some_fields_and_nothing_elsewhere() -> None:
    text = {
        "issuer": "ACME",
        "class": "common",
        "action": "class-common",
        "on": "2020-03-01",
        "issued_change": None,
        "treasury_change": 0,
        "reason": "a gap",
    }

    gap = from_json(PositionAdjusted, json.dumps(text))

    assert gap == quick.read(PositionAdjusted, text)
    assert "issued_change" in gap.stated
    assert json.loads(gap.to_json()) == text
    assert gap != quick.read(PositionAdjusted, {**text, "issued_change": 5})


def test_a_reversal_names_an_event_by_its_key_or_by_its_place() -> None:
    text: dict[str, Any] = {"issuer": "ACME", "class": "common", "action": "class-common"}
    text |= {"on": "2020-03-01", "reason": "recorded in error"}
    ways: list[tuple[dict[str, Any], Value]] = [
        ({"key": "opened"}, KeyReference(key="opened")),
        (
            {"action": "class-common", "version": 2},
            StoredReference(action="class-common", version=2),
        ),
    ]

    for way, due in ways:
        line = {**text, "reverses": way}
        assert quick.read(EventReversed, line).reverses == due
        assert from_json(EventReversed, json.dumps(line)).reverses == due
    for wrong in ({}, {"key": "opened", "version": 2}, {"action": "class-common", "version": 0}):
        line = {**text, "reverses": wrong}
        with pytest.raises(quick.Unusual):
            quick.read(EventReversed, line)
        with pytest.raises(ValidationError):
            from_json(EventReversed, json.dumps(line))


def test_a_meeting_is_part_of_what_makes_events_equal() -> None:
    agm = quick.read(Meeting, {"body": "AGM", "held_on": "2020-03-01"})

    assert agm == from_json(Meeting, '{"body":"AGM","held_on":"2020-03-01"}')
    assert agm != agm.replaced(name="第10回定時株主総会")
