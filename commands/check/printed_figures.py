"""A CSV file of figures as a document prints them, for `capital tie-out --figures`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date

from commands.files.text_files import lines_of, only_text
from ledger.errors import BadInput
from ledger.values.numbers import Rounding
from projections.tie_out import Figure, Printed, printed_figure

REQUIRED = ("figure", "printed")
COLUMNS = (*REQUIRED, "on", "class", "action", "rounding")


def figures_of(file: str, rounding: Rounding, share_class: str | None) -> Iterator[Printed]:
    """The figures of a file, one per row; `rounding` and `share_class` are for rows without one.

    Raises BadInput with the file, line, column and value.
    """
    with ExitStack() as stack:
        rows = csv.reader(only_text(file, lines_of(file, stack)), strict=True)
        try:
            header = _header(file, next(rows, []))
            for cells in rows:
                if any(cell.strip() for cell in cells):
                    place = f"{file}:{rows.line_num}"
                    yield _figure(place, _row(place, header, cells), rounding, share_class)
        except csv.Error as problem:
            raise BadInput(f"{file}:{rows.line_num}: cannot be read: {problem}") from None


def _header(file: str, cells: list[str]) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    wrong = [
        *(f"no column {name}" for name in REQUIRED if name not in header),
        *(f"{name!r} is not a column" for name in header if name not in COLUMNS),
        *(f"the column {name} occurs twice" for name in COLUMNS if header.count(name) > 1),
    ]
    if wrong:
        raise BadInput(f"{file}:1: {'; '.join(wrong)}", f"the columns are {', '.join(COLUMNS)}")
    return header


def _row(place: str, header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise BadInput(
            f"{place}: {len(cells)} cells but {len(header)} headers",
            'put a figure with thousands separators in quotes: "46,713,800"',
        )
    return {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}


def _figure(
    place: str, row: dict[str, str], rounding: Rounding, share_class: str | None
) -> Printed:
    for name in REQUIRED:
        if name not in row:
            raise BadInput(f"{place}: {name} is missing")
    try:
        figure = Figure(row["figure"].lower().replace("_", "-").replace(" ", "-"))
    except ValueError:
        raise BadInput(
            f"{place}: figure: {row['figure']!r} is not the name of a figure",
            f"the figures are {', '.join(Figure)}",
        ) from None
    try:
        rounded = Rounding(row["rounding"].upper()) if "rounding" in row else rounding
    except ValueError:
        raise BadInput(
            f"{place}: rounding: {row['rounding']!r} is not a rounding",
            f"write {' or '.join(Rounding)}",
        ) from None
    try:
        return printed_figure(
            figure,
            row["printed"],
            rounding=rounded,
            on=_day(place, row.get("on")),
            share_class=row.get("class", share_class),
            action=row.get("action"),
        )
    except BadInput as problem:
        said = problem.message if problem.message.startswith(place) else f"{place}: {problem}"
        raise BadInput(said, problem.remedy) from None


def _day(place: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        if len(text) == len("2018-05-24"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadInput(f"{place}: on: {text!r} is not a date", "write it as 2018-05-24")
