"""`capital schema`."""

from __future__ import annotations

import click

from commands.terminal.output import show_json
from ledger.lines.schema import line_schema, lines_schema


@click.command()
@click.argument("event", required=False)
def schema(event: str | None) -> None:
    """Print the JSON Schema of an import line: of every event, or of one.

    A line that conforms to its schema can be read; the rules decide whether it is recorded.

    \b
    Example:
      capital schema > lines.schema.json
      capital schema DividendResolved
    """
    show_json(lines_schema() if event is None else line_schema(event))
