"""Aligned tables for people: wide (for one, Japanese) characters take two places.

Written here, not taken from a library: the ones that know wide characters cost a question more
time than everything else it does.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.errors import inline

GAP = "  "
ROOM = 2
"""Places that a title has at least beside it, so that narrow columns stay apart."""


def aligned(titles: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    """A table with a rule beneath its titles; `right` says which columns end in line."""
    rows = [[inline(cell) for cell in row] for row in rows]
    widths = [
        max([width(title) + ROOM, *(width(row[place]) for row in rows)])
        for place, title in enumerate(titles)
    ]
    rule = ["-" * size for size in widths]
    lines = [_line(titles, widths, right), GAP.join(rule)]
    lines += [_line(row, widths, right) for row in rows]
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for cell, size, ends in zip(cells, widths, right, strict=True):
        room = " " * (size - width(cell))
        padded.append(room + cell if ends else cell + room)
    return GAP.join(padded).rstrip()


def width(text: str) -> int:
    """How many places a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth  # noqa: PLC0415 - slow to import, and rarely needed

    places = wcswidth(text)
    return len(text) if places < 0 else places
