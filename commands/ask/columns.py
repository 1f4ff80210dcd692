"""Columns that are named and titled as the part of the answer they show."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from commands.terminal.output import Column

IN_SHARES = "in shares"
"""In place of a figure in cash: the dividend is settled in shares only."""


def plain(parts: str, make: Callable[..., Column] = Column) -> list[Column]:
    """A column for each part; `asked.on` is the part `on` of a part, shown as `on`."""
    columns = []
    for part in parts.split():
        # As in JSON: `share_class` is shown as class, `from_` as from.
        name = part.rpartition(".")[2].removeprefix("share_").rstrip("_")
        columns.append(make(name, name.replace("_", " "), attrgetter(part)))
    return columns
