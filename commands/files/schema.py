"""`capital schema`."""

from __future__ import annotations

import json

import click

from ledger.lines.schema import line_schema, lines_schema


@click.command()
@click.argument("event", required=False)
def schema(event: str | None) -> None:
    """Print the JSON Schema of an import line: of every event, or of one.

    A line that keeps to its schema can be read; whether it is recorded is the rules' word.

    \b
    Example:
      capital schema > lines.schema.json
      capital schema DividendResolved
    """
    answer = lines_schema() if event is None else line_schema(event)
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
