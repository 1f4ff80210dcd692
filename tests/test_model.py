"""A value is declared once: it is read, written and compared by its declaration."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, ValidationError

from ledger.actions.share_class import PositionAdjusted
from ledger.events.entry import Entry
from ledger.events.event import Event, EventReversed, KeyReference, Meeting, StoredReference
from ledger.events.kinds import EVENTS
from ledger.store.rows import decoded
from ledger.values.fields import Amount, Day, Moment
from ledger.values.model import Field, Value, must_hold
from tests.conftest import from_fields
from tests.test_golden import IDS, ROWS

KINDS: dict[str, type[Value]] = {**EVENTS, "Entry": Entry}


class Size(Value):
    """How large."""

    width: Annotated[int, Field(ge=1, le=9)]
    unit: Annotated[str, AfterValidator(str.lower)] = "cm"


class Thing(Value):
    """Something with a size."""

    nullable = frozenset({"age"})

    name: str = Field(alias="called")
    size: Size
    weight: Amount | None = None
    since: Day | None = None
    parts: tuple[Size, ...] = ()
    marked: bool = False
    age: int | None = Field(default=0)

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
        {"age": None},
        {"since": "2020-03-01", "parts": [{"width": 1}, {"width": 9, "unit": "mm"}]},
        {"marked": True, "layers": 4},
    ],
)
def test_what_was_written_is_read_as_an_equal_value(more: dict[str, Any]) -> None:
    value = Painted.read(json.dumps({**TEXT, **more}))

    read = Painted.read(value.to_json())

    assert read == value == Painted.of(value.as_stored()) == value.checked()
    assert hash(read) == hash(value)
    assert read.stated == value.stated == value.checked().stated
    assert read.to_json() == value.to_json()
    assert json.loads(value.to_json()) == value.as_stored()


def test_a_value_is_written_under_its_stored_names_in_the_order_of_its_fields() -> None:
    fields: dict[str, Any] = {"layers": 2, "colour": "red", "size": Size(width=3), "name": "box"}
    value = Painted(**fields, weight=Decimal("1.50"))

    assert value.to_json() == (
        b'{"called":"box","size":{"width":3},"weight":"1.50","colour":"red","layers":2}'
    )


@pytest.mark.parametrize("text", ["0", "13.50", "0.0000001", "0.00000000000000000001", "9" * 24])
def test_a_decimal_is_written_as_it_was_stated(text: str) -> None:
    assert json.loads(from_fields(Painted, {**TEXT, "weight": text}).to_json())["weight"] == text


@pytest.mark.parametrize(
    ("stated", "written"),
    [
        ("2020-03-01T06:00:00Z", "2020-03-01T06:00:00Z"),
        ("2020-03-01 06:00:00.5+09:00", "2020-03-01T06:00:00.500000+09:00"),
    ],
)
def test_an_instant_is_written_with_its_offset_and_utc_as_z(stated: str, written: str) -> None:
    class At(Value):
        moment: Moment

    assert At.of({"moment": stated}).to_json() == f'{{"moment":"{written}"}}'.encode()
    assert At(moment=datetime(2020, 3, 1, tzinfo=UTC)).moment.tzinfo is UTC


WRONG: dict[str, dict[str, Any]] = {
    "an unknown field": {"color": "red"},
    "a field under the name of the program": {"name": "box"},
    "text for an object": {"size": "3"},
    "text for a whole number": {"size": {"width": "3"}},
    "a broken number for a whole one": {"layers": 1.5},
    "a round float for a whole number": {"layers": 1.0},
    "true for a whole number": {"layers": True},
    "a number for text": {"colour": 7},
    "a number for a flag": {"marked": 1},
    "too small": {"size": {"width": 0}},
    "too large": {"size": {"width": 10}},
    "not above its bound": {"layers": 0},
    "wrong within a list": {"parts": [{"width": 1}, {"width": 0}]},
    "one value for a list": {"parts": {"width": 1}},
    "no day": {"since": "2020-02-30"},
    "seconds since 1970 for a day": {"since": "1583020800"},
    "no number": {"weight": "much"},
    "a float for a decimal": {"weight": 1.5},
    "null where something must be": {"colour": None},
    "null that says nothing": {"layers": None},
    "null for what may be absent": {"weight": None},
    "fields that clash": {"marked": True, "weight": "1"},
    "fields of a kind of its own that clash": {"colour": "box"},
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_refused_as_text_and_as_an_object(what: str) -> None:
    text = {**TEXT, **WRONG[what]}

    with pytest.raises(ValidationError):
        Painted.read(json.dumps(text))
    with pytest.raises(ValidationError):
        Painted.of(text)


@pytest.mark.parametrize("name", sorted(TEXT))
def test_a_field_that_must_be_there_is_missed(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        from_fields(Painted, {field: value for field, value in TEXT.items() if field != name})


def test_python_states_fields_by_either_name_and_none_is_absent() -> None:
    box = Painted(called="box", size=Size(width=3), colour="red", weight=None, age=None)

    assert box.stated == {"name", "size", "colour", "age"}
    with pytest.raises(ValidationError, match="height"):
        Size(width=1, height=2)  # type: ignore[call-arg]  # what is tested
    by_name: dict[str, Any] = {"name": "box", "size": Size(width=3), "colour": "red", "age": None}
    assert Painted(**by_name) == box
    with pytest.raises(ValidationError, match="width"):
        Size()  # type: ignore[call-arg]  # what is tested


def test_a_value_made_past_its_checks_is_found_by_checking_it() -> None:
    size = Size.model_construct(width=0)

    with pytest.raises(ValidationError, match="width"):
        size.checked()
    with pytest.raises(ValidationError, match=r"parts\.1\.width"):
        Thing(called="box", size=Size(width=1)).replaced(parts=(Size(width=1), size)).checked()


# --- what a value is ------------------------------------------------------------------------------


def test_a_value_is_never_changed() -> None:
    size = Size(width=1)

    with pytest.raises(ValidationError, match="frozen"):
        size.width = 2
    with pytest.raises(ValidationError, match="frozen"):
        del size.width
    assert size == Size(width=1)


def test_a_default_stated_and_left_out_is_the_same_value() -> None:
    left_out, stated = Size(width=1), Size(width=1, unit="cm")

    assert left_out == stated
    assert hash(left_out) == hash(stated)
    assert len({left_out, stated}) == 1
    assert (left_out.stated, stated.stated) == ({"width"}, {"width", "unit"})
    assert left_out.to_json() == b'{"width":1}'


def test_values_differ_by_any_field_and_by_their_kind() -> None:
    class Extent(Value):
        width: int
        unit: str = "cm"

    assert Size(width=1) != Size(width=2)
    assert Size(width=1) != Size(width=1, unit="mm")
    others: list[Any] = [Extent(width=1), {"width": 1}]
    assert Size(width=1) not in others


def test_a_replaced_field_leaves_the_value_it_came_from() -> None:
    size = Size(width=1)

    other = size.replaced(unit="mm")

    assert other == Size(width=1, unit="mm")
    assert other.stated == {"width", "unit"}
    assert size == Size(width=1)
    assert size.stated == {"width"}


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_begins_with_what_all_events_have(name: str) -> None:
    common = list(Event.model_fields)

    assert list(EVENTS[name].model_fields)[: len(common)] == common


# --- every event ----------------------------------------------------------------------------------


def decoded_row(row: Any) -> Event | Entry:
    return decoded(row.originator_id.hex, row.originator_version, row.topic, row.state)


def test_what_is_worked_out_from_a_value_is_no_part_of_it() -> None:
    for row in ROWS:
        first, second = decoded_row(row), decoded_row(row)
        for part in (first, *vars(first).values()):
            for name in vars(type(part)):
                if not name.startswith("_"):
                    getattr(part, name)

        assert first == second
        assert hash(first) == hash(second)
        assert first.stated == second.stated
        assert first.to_json() == second.to_json() == row.state


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_no_event_is_read_without_a_field_it_needs(row: Any) -> None:
    kind, text = KINDS[row.topic], json.loads(row.state)
    for name, field in kind.model_fields.items():
        if field.is_required():
            due = kind.stored_name(name)
            with pytest.raises(ValidationError, match=due):
                kind.of({stated: value for stated, value in text.items() if stated != due})


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_no_event_is_read_with_a_value_of_another_shape(row: Any) -> None:
    kind, text = KINDS[row.topic], json.loads(row.state)
    others: tuple[Any, ...] = ({"field of tomorrow": 1}, [[]], 1.5)
    for name in text:
        for other in others:
            with pytest.raises(ValidationError):
                kind.read(json.dumps({**text, name: other}))


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

    gap = PositionAdjusted.read(json.dumps(text))

    assert "issued_change" in gap.stated
    assert json.loads(gap.to_json()) == text
    assert gap != PositionAdjusted.of({**text, "issued_change": 5})
    with pytest.raises(ValidationError, match="until"):
        PositionAdjusted.of({**text, "until": None})


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
        assert EventReversed.of({**text, "reverses": way}).reverses == due
        assert EventReversed.read(json.dumps({**text, "reverses": way})).reverses == due
    for wrong in ({}, {"key": "opened", "version": 2}, {"action": "class-common", "version": 0}):
        with pytest.raises(ValidationError):
            EventReversed.of({**text, "reverses": wrong})


def test_a_meeting_is_part_of_what_makes_events_equal() -> None:
    agm = Meeting.of({"body": "AGM", "held_on": "2020-03-01"})

    assert agm == Meeting.read('{"body":"AGM","held_on":"2020-03-01"}')
    assert agm != agm.replaced(name="第10回定時株主総会")
    assert agm.held_on == date(2020, 3, 1)
