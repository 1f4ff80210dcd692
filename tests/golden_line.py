"""Writes a golden line of an event: `make golden EVENT=DividendResolved`.

The line states every field of the event that can stand beside the others. It is added at the end;
the lines before it stay as they are, for what was once stored is read for ever.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ledger.actions  # noqa: F401 - makes every kind known
from ledger.events.event import Event, Scope
from ledger.events.kinds import EVENTS
from ledger.lines.parsing import BadLine, event_from
from ledger.lines.schema import line_schema
from ledger.store.rows import row_of

GOLDEN = Path(__file__).parent / "golden" / "events.jsonl"
MONEY = {"amount": "1000", "currency": "JPY"}
SAMPLES: tuple[Any, ...] = (
    "as the notice says",
    "2020-03-31",
    "12.50",
    "03-31",
    100,
    MONEY,
    {**MONEY, "unit": "1000", "rounding": "DOWN"},
    {"shares": 100, "amount": MONEY},
    {"pair": "USD/JPY", "value": "110.25"},
    {"name": "Beta K.K.", "isin": "JP3152750000"},
    {"key": "golden-1"},
    True,
    "JPY",
    "JP3152750000",
    "529900T8BM49AURSDO55",
    "ACME",
)
"""What a field can hold; a field of a new type takes a sample of its own here."""


def golden_line(name: str, golden: list[str]) -> str:
    """A stored row of the event, with as many of its fields as can stand together."""
    rows = [json.loads(line) for line in golden]
    event = event_from(_stated(name))
    id_ = event.originator_id.hex
    version = 1 + max(
        (row["originator_version"] for row in rows if row["originator_id"] == id_), default=0
    )
    row = row_of(event.numbered(version, f"golden-{len(rows) + 1}"))
    head = {
        "originator_id": row.originator_id,
        "originator_version": row.originator_version,
        "topic": row.topic,
    }
    start = json.dumps(head, separators=(",", ":")).removesuffix("}")
    return f'{start},"state":{row.state.decode()}}}'


def unwritten(name: str, golden: list[str]) -> set[str]:
    """The event's own fields that no golden line has; all of them where it has no line."""
    own = {
        EVENTS[name].stored_name(field)
        for field in EVENTS[name].model_fields.keys() - Event.model_fields.keys()
    }
    rows = [row for line in golden if (row := json.loads(line))["topic"] == name]
    return own.difference(*(row["state"] for row in rows)) if rows else own | {name}


def _stated(name: str) -> dict[str, Any]:
    event_class = EVENTS[name]
    kind = event_class.action_type.kind
    line: dict[str, Any] = {"event": name, "issuer": "ACME", "on": "2020-05-20"}
    match event_class.scope:
        case Scope.ISSUER:
            line["action"] = "issuer"
        case Scope.CLASS:
            line |= {"class": "common", "action": "class-common"}
        case _:
            line |= {"class": "common", "action": f"{kind}-2020-03-31"}
    schema = line_schema(name)
    required = [field for field in schema["required"] if field not in line]
    tried: Counter[str] = Counter()
    samples = {field: list(_samples(schema, field)) for field in schema["properties"]}
    line |= {field: samples[field][0] for field in required}
    own = {
        event_class.stored_name(field)
        for field in event_class.model_fields.keys() - Event.model_fields.keys()
    }
    optional = [field for field in schema["properties"] if field in own - {*required}]
    while (wrong := _problem(line)) is not None:
        field = wrong.field.partition(".")[0]
        if not field:  # it wants one of several fields
            several = ({**line, f: s} for f in optional for s in samples[f])
            line = next((more for more in several if _problem(more) is None), line)
            if _problem(line) is None:
                break
        tried[field] += 1
        if field not in required or tried[field] == len(samples[field]):
            raise SystemExit(f"{name}: {wrong}; add a sample to SAMPLES in tests/golden_line.py")
        line[field] = samples[field][tried[field]]
    for field in optional:
        for sample in samples[field]:
            if field not in line and _problem({**line, field: sample}) is None:
                line[field] = sample
    return line


def _samples(schema: dict[str, Any], field: str) -> Iterator[Any]:
    """The words an enumeration has, then whatever a field can hold."""
    about = schema["properties"][field]
    for part in (about, *about.get("anyOf", ())):
        definition = part.get("$ref", "").rpartition("/")[2]
        yield from {**schema.get("$defs", {}).get(definition, {}), **part}.get("enum", ())
    yield from SAMPLES


def _problem(line: dict[str, Any]) -> BadLine | None:
    try:
        event_from(line)
    except BadLine as problem:
        return problem
    return None


def main(name: str) -> None:
    """Add the line, unless the event is unknown or every field of it has one."""
    if name not in EVENTS:
        raise SystemExit(f"there is no event {name!r}; type: make golden EVENT=DividendResolved")
    golden = GOLDEN.read_text("utf-8").splitlines()
    if not unwritten(name, golden):
        raise SystemExit(f"every field of {name} has a golden line; those lines never change")
    line = golden_line(name, golden)
    with GOLDEN.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    left = unwritten(name, [*golden, line])
    by_hand = f"write a line by hand for: {', '.join(sorted(left))}\n" if left else ""
    sys.stdout.write(f"{line}\n{by_hand}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
