"""The JSON Schema of import lines, from the same declarations that validate them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

import ledger.actions  # noqa: F401 - makes every kind known
from ledger.errors import Unknown
from ledger.events.event import Scope
from ledger.events.kinds import EVENTS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _OfLines(GenerateJsonSchema):
    """In a line, null is the same as absent; the models read no nulls."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if "default" in schema and schema["default"] is None:
            schema = schema | {"schema": core_schema.nullable_schema(schema["schema"])}
        return super().default_schema(schema)


def lines_schema() -> dict[str, Any]:
    """The schema of any line: one of the events."""
    definitions: dict[str, Any] = {}
    choices = []
    for name in sorted(EVENTS):
        schema = line_schema(name)
        definitions |= schema.pop("$defs", {})
        del schema["$schema"]
        definitions[name] = schema
        choices.append({"$ref": f"#/$defs/{name}"})
    return {
        "$schema": DIALECT,
        "title": "A line of capital actions",
        "oneOf": choices,
        "$defs": definitions,
    }


def line_schema(name: str) -> dict[str, Any]:
    """The schema of the line of one event; raises Unknown where there is no such event."""
    event_class = EVENTS.get(name)
    if event_class is None:
        near = get_close_matches(name, EVENTS, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "see docs/events.md"
        raise Unknown(f"there is no event {name!r}", hint)
    schema = event_class.model_json_schema(schema_generator=_OfLines)
    properties = schema["properties"]
    del properties["version"]  # set by the ledger
    schema["properties"] = {"event": {"const": name}, **properties}
    required = ["event", *schema.get("required", [])]
    if event_class.scope in (Scope.CLASS, Scope.ACTION):
        required.append("class")
        schema["properties"]["class"] = next(
            part for part in schema["properties"]["class"]["anyOf"] if part != {"type": "null"}
        )
    schema["required"] = required
    schema["description"] = " ".join((event_class.__doc__ or "").split())
    return {"$schema": DIALECT, **schema}
