"""What is read without pydantic is what pydantic reads: the same values, and nothing it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ledger.values import quick
from ledger.values.fields import Code, Currency, Day, Key, Line, Prose, Reference
from ledger.values.model import Value
from ledger.values.validation import checked_text, from_json
from tests.strategies import single_events
from tests.test_golden import IDS, ROWS
from tests.test_model import KINDS

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**53, 10**15, 10**15 + 1, 10**40, 0.0, 1.0, 1.5, -0.5),
    *("", " ", "x", " x", "x ", "-x", "x y", "x\n", "\u3000", "x\u200b", "é", "e\u0301", "\ud800"),
    *("株式", "a" * 64, "a" * 65, "a" * 128, "a" * 129, "a" * 201, "a" * 501, "a" * 4001),
    *("0", "00", "1", "-1", "+1", "1.", ".5", "1.50", "1e3", "1_000", "\uff11", "9" * 25, "NaN"),
    *("2020-02-29", "2021-02-29", "1599-12-31", "1600-01-01", "2999-12-31", "3000-01-01"),
    *("20200301", "2020-3-1", "2020-03-01 ", "2020-03-01\n", "2020-03-01T10:00", "03-31", "02-30"),
    *("2020-03-01T10:00:00Z", "2020-03-01T10:00:00+09:00", "2020-03-01 10:00:00+09:00", "1"),
    *("JPY", "jpy", "XXX", "USD/JPY", "USD/USD", "BOARD", "AGM", "NONE", "common", "all", "issuer"),
    *("a" * 63 + "\n", "f" * 64, "F" * 64, "f" * 64 + "\n", "US0378331005", "US0378331005\n"),
    *([], [[]], [1], ["x"], {}, {"key": "x"}, {"key": 1}, {"action": "x", "version": 1}),
    *({"action": "x", "version": True}, {"amount": "1", "currency": "JPY"}, {"amount": "1"}),
    *({"amount": 1, "currency": "JPY"}, {"amount": 1.5, "currency": "JPY"}, {"title": "x"}),
    *({"title": "x", "page": 0}, {"title": None}, {"body": "AGM", "held_on": "2020-03-01"}),
    *([{"rule": "x", "reason": "y"}], [{"rule": "x", "reason": None}], {"pair": "USD/JPY"}),
)


def agree(kind: type[Value], text: dict[str, Any]) -> bool:
    """Whether it is read without pydantic; then pydantic must read the same."""
    try:
        read = quick.read(kind, text)
    except quick.Unusual:
        return False
    strictly = from_json(kind, json.dumps(text))
    assert read == strictly
    assert read.stated == strictly.stated
    assert read.to_json() == strictly.to_json()
    for name in read.fields:
        assert type(getattr(read, name)) is type(getattr(strictly, name)), name
    return True


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_every_stored_event_is_read_without_pydantic(row: Any) -> None:
    assert agree(KINDS[row.topic], json.loads(row.state))


@given(single_events())
def test_every_drawn_event_is_read_as_pydantic_reads_it(line: dict[str, Any]) -> None:
    body = {name: value for name, value in line.items() if name != "event"}

    agree(KINDS[line["event"]], body)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_whatever_stands_in_a_field_is_read_alike_or_left_to_pydantic(row: Any) -> None:
    kind, text = KINDS[row.topic], json.loads(row.state)
    for field in kind.fields.values():
        for odd in ODD:
            agree(kind, {**text, field.stored_name: odd})
        agree(kind, {name: part for name, part in text.items() if name != field.stored_name})
    agree(kind, {**text, "field of tomorrow": 1})


@given(st.sampled_from(ROWS), st.data())
def test_whatever_stands_deep_in_a_field_is_read_alike_or_left_to_pydantic(
    row: Any, data: st.DataObject
) -> None:
    kind, text = KINDS[row.topic], json.loads(row.state)
    parts = [text] + [part for part in text.values() if isinstance(part, dict)]
    part = data.draw(st.sampled_from(parts))
    name = data.draw(st.sampled_from([*part, "key", "amount", "title", "version"]))
    part[name] = data.draw(st.one_of(st.sampled_from(ODD), st.text(max_size=12), st.integers()))

    agree(kind, text)


@pytest.mark.parametrize("hint", [Line, Code, Reference, Key, Prose, Currency, Day])
def test_words_that_are_accepted_are_accepted_by_pydantic(hint: Any) -> None:
    for text in ODD:
        if isinstance(text, str) and quick.accepts(hint, text):
            checked_text(hint, text)
    with pytest.raises(ValidationError):
        checked_text(hint, "")
    assert not quick.accepts(hint, "")
