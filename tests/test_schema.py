"""`capital schema`: what it promises of lines holds for every line this project has.

The schemas are checked by hand, by the words of JSON Schema that they use, with no library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ledger.events.kinds import EVENTS
from ledger.lines.parsing import BadLine, event_from
from ledger.lines.schema import line_schema, lines_schema
from tests.conftest import Typed

TESTS = Path(__file__).parent
DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
# What is said of a schema and does not judge; the formats are judged below.
SAID = {"$schema", "$defs", "title", "description", "default", "discriminator"}


def problems(  # noqa: C901, PLR0912 - one case for each word
    value: Any, schema: dict[str, Any], root: dict[str, Any], at: str
) -> Iterator[str]:
    """Where a value does not keep to its schema; fails on a word of JSON Schema not known here."""
    for word, due in schema.items():
        match word:
            case "$ref":
                yield from problems(value, root["$defs"][due.removeprefix("#/$defs/")], root, at)
            case "anyOf" | "oneOf":
                each = [list(problems(value, choice, root, at)) for choice in due]
                if not any(not found for found in each):
                    yield f"{at}: no choice of {word}: {each}"
            case "type":
                if type(value) not in TYPES[due]:
                    yield f"{at}: {value!r} is no {due}"
            case "const":
                if value != due:
                    yield f"{at}: {value!r} is not {due!r}"
            case "enum":
                if value not in due:
                    yield f"{at}: {value!r} is not one of {due}"
            case "required" | "properties" | "additionalProperties":
                if isinstance(value, dict):
                    yield from problems_of_object(word, value, schema, root, at)
            case "items":
                for number, item in enumerate(value if isinstance(value, list) else ()):
                    yield from problems(item, due, root, f"{at}[{number}]")
            case _:
                yield from problems_of_figure(word, due, value, at)


def problems_of_object(
    word: str, value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str
) -> Iterator[str]:
    known = schema.get("properties", {})
    if word == "required":
        yield from (f"{at}: {name} is missing" for name in schema[word] if name not in value)
    elif word == "additionalProperties":
        assert schema[word] is False
        yield from (f"{at}: {name} is unknown" for name in value if name not in known)
    else:
        for name in value.keys() & known.keys():
            yield from problems(value[name], known[name], root, f"{at}.{name}")


def problems_of_figure(word: str, due: Any, value: Any, at: str) -> Iterator[str]:
    text = value if isinstance(value, str) else None
    number = value if type(value) is int else None
    length = len(value) if isinstance(value, str | list) else None
    match word:
        case "pattern":
            holds = text is None or re.search(due, text) is not None
        case "format":
            shape = {
                "date": r"\d{4}-\d\d-\d\d",
                "date-time": r"\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)",
            }
            holds = text is None or re.fullmatch(shape[due], text) is not None
        case "minLength" | "minItems":
            holds = length is None or length >= due
        case "maxLength" | "maxItems":
            holds = length is None or length <= due
        case "minimum":
            holds = number is None or number >= due
        case "maximum":
            holds = number is None or number <= due
        case "exclusiveMinimum":
            holds = number is None or number > due
        case _:
            assert word in SAID, f"{at}: {word} is a word of JSON Schema that is not checked here"
            holds = True
    if not holds:
        yield f"{at}: {value!r} does not keep to {word} {due!r}"


@cache
def schema_of(name: str) -> dict[str, Any]:
    return line_schema(name)


def problems_of_line(line: dict[str, Any]) -> list[str]:
    schema = schema_of(line["event"])
    return list(problems(line, schema, schema, "line"))


def lines_in(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def golden() -> list[dict[str, Any]]:
    """The stored events as the lines they came from."""
    rows = lines_in(TESTS / "golden" / "events.jsonl")
    return [
        {"event": row["topic"], **{k: v for k, v in row["state"].items() if k != "version"}}
        for row in rows
        if row["topic"] != "Entry"
    ]


LINES = {
    "golden": golden(),
    "every event": lines_in(TESTS / "golden" / "lines.jsonl"),
    "IIJ": lines_in(TESTS.parent / "docs" / "cases" / "iij" / "lines.jsonl"),
}


@pytest.mark.parametrize("source", LINES)
def test_every_line_there_is_keeps_to_the_schema_of_its_event(source: str) -> None:
    lines = LINES[source]

    assert len(lines) >= 27
    assert [found for line in lines for found in problems_of_line(line)] == []


def test_every_export_keeps_to_its_schema(capital: Typed) -> None:
    lines = "".join(json.dumps(line) + "\n" for line in LINES["IIJ"])
    capital.ok("import", "-", stdin=lines)

    exported = [json.loads(line) for line in capital.ok("export").splitlines()]

    assert len(exported) == len(LINES["IIJ"])
    assert [found for line in exported for found in problems_of_line(line)] == []


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_has_a_schema_that_names_it(capital: Typed, name: str) -> None:
    schema = json.loads(capital.ok("schema", name))

    assert schema == line_schema(name)
    assert schema["$schema"] == DIALECT
    assert schema["properties"]["event"] == {"const": name}
    assert {"event", "issuer", "action"} <= set(schema["required"])
    assert "version" not in schema["properties"]
    assert schema["additionalProperties"] is False
    assert schema["description"]


def test_the_schema_of_all_lines_is_one_of_every_event(capital: Typed) -> None:
    schema = json.loads(capital.ok("schema"))

    assert schema == lines_schema()
    assert schema["oneOf"] == [{"$ref": f"#/$defs/{name}"} for name in sorted(EVENTS)]
    for source in LINES.values():
        for line in source[:10]:
            assert not list(problems(line, schema, schema, "line"))


def test_every_reference_of_a_schema_is_defined() -> None:
    for schema in (*map(schema_of, EVENTS), lines_schema()):
        named = re.findall(r'"\$ref": "#/\$defs/([^"]+)"', json.dumps(schema))
        assert set(named) <= schema.get("$defs", {}).keys()


PURCHASE: dict[str, Any] = {
    "issuer": "ACME",
    "class": "common",
    "action": "repurchase-2020-08-05",
    "event": "SharesRepurchased",
    "on": "2020-08-07",
    "shares": 1200,
    "amount": {"amount": "1812000", "currency": "JPY"},
}

WRONG: dict[str, dict[str, Any]] = {
    "an unknown field": {"share": 5},
    "a version": {"version": 3},
    "shares as text": {"shares": "1200"},
    "shares with a fraction": {"shares": 12.5},
    "shares as true": {"shares": True},
    "fewer than no shares": {"shares": -1},
    "money as a number": {"amount": 12.5},
    "money with separators": {"amount": {"amount": "1,000", "currency": "JPY"}},
    "money in powers": {"amount": {"amount": "1e5", "currency": "JPY"}},
    "money below zero": {"amount": {"amount": "-1", "currency": "JPY"}},
    "no currency": {"amount": {"amount": "1"}},
    "more in money": {"amount": {"amount": "1", "currency": "JPY", "tax": "0"}},
    "a day written otherwise": {"on": "2020/08/07"},
    "an empty issuer": {"issuer": ""},
    "an empty key": {"key": ""},
    "a long key": {"key": "k" * 201},
    "a destination nobody knows": {"destination": "DRAWER"},
    "another event": {"event": "SharesAcquired"},
}


@pytest.mark.parametrize("what", WRONG)
def test_what_a_schema_refuses_the_import_refuses_too(what: str) -> None:
    line = {**PURCHASE, **WRONG[what]}
    schema = schema_of("SharesRepurchased")

    assert not list(problems(PURCHASE, schema, schema, "line"))
    assert list(problems(line, schema, schema, "line"))
    with pytest.raises(BadLine):
        event_from(line)


@pytest.mark.parametrize(
    "name",
    [
        "issuer",
        pytest.param("class"),
        "action",
        "event",
        "on",
        "shares",
    ],
)
def test_what_a_schema_requires_the_import_requires_too(name: str) -> None:
    line = {field: value for field, value in PURCHASE.items() if field != name}
    schema = schema_of("SharesRepurchased")

    assert f"line: {name} is missing" in list(problems(line, schema, schema, "line"))
    with pytest.raises(BadLine):
        event_from(line)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("DividendResolve", "DividendResolved"),
        ("SharesRepurchase", "SharesRepurchased"),
        ("SplitEfected", "SplitEffected"),
    ],
)
def test_an_unknown_event_is_told_what_it_may_have_meant(
    capital: Typed, typed: str, meant: str
) -> None:
    said = capital.refused("schema", typed)

    assert f"there is no event '{typed}'" in said
    assert f"did you mean {meant}" in said


@pytest.mark.parametrize("typed", ["", "xyz", "Entry", "subprocess:Popen"])
def test_what_is_like_no_event_is_told_where_they_are(capital: Typed, typed: str) -> None:
    assert f"there is no event '{typed}'" in capital.refused("schema", typed)
