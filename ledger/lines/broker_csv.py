"""A broker's daily executions as import lines: one purchase per row of CSV."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from ledger.errors import BadInput
from ledger.values.currencies import minor_unit_places

PROBLEMS_SHOWN = 10
COLUMNS = ("traded_on", "shares", "amount", "settled_on", "venue", "fees")
REQUIRED = ("traded_on", "shares", "amount")
_NAMES = {"on": "traded_on", "trade_date": "traded_on", "settlement_date": "settled_on"}
_DAY = re.compile(r"(\d{4})([-/])(\d{2})\2(\d{2})", re.ASCII)
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3}){1,7}(?:\.\d{1,20})?|\d{1,24}(?:\.\d{1,20})?", re.ASCII)


def execution_lines(
    name: str, texts: Iterable[str], line: dict[str, Any], currency: str
) -> Iterator[str]:
    """The import lines of a CSV file, each under the number of its own row.

    `line` has issuer, class and action. The case of headers does not matter; commas,
    semicolons or tabs separate columns. Raises BadInput naming file, row, column and value of
    everything that cannot be read.
    """
    rows = iter(texts)
    header = next(rows, None)
    if header is None or not header.strip():
        raise BadInput(f"{name}: no row to import: the file is empty")
    mark = next((mark for mark in "\t;" if mark in header), ",")
    columns = _columns(name, _cells(f"{name}:1", header, mark))
    yield ""  # the line of the header has no event
    found = False
    problems: list[BadInput] = []
    for number, text in enumerate(rows, start=2):
        if not text.strip():
            yield ""
            continue
        found = True
        try:
            row = _row(f"{name}:{number}", columns, text, mark)
            yield json.dumps({**line, **_event(f"{name}:{number}", row, currency)})
        except BadInput as problem:
            problems.append(problem)
            yield ""
    if problems:
        more = len(problems) - PROBLEMS_SHOWN
        raise BadInput(
            "\n".join(problem.message for problem in problems[:PROBLEMS_SHOWN])
            + (f"\n... and {more:,} more rows that cannot be read" if more > 0 else ""),
            problems[0].remedy,
        )
    if not found:
        raise BadInput(
            f"{name}: no row beneath the header: the file is empty", "nothing was recorded"
        )


def _row(place: str, columns: list[str | None], text: str, mark: str) -> dict[str, str]:
    """The cells of a row that are not empty, by column."""
    cells = _cells(place, text, mark)
    stray = [cell for column, cell in zip(columns, cells, strict=False) if column is None]
    if len(cells) != len(columns) or any(cell.strip() for cell in stray):
        differs = len(cells) != len(columns)
        held = f"{len(cells)} cells but" if differs else f"{stray[0]!r} under none of"
        raise BadInput(
            f"{place}: {held} {len(columns)} headers",
            'put a figure with thousands separators in quotes: "16,500"; nothing was recorded',
        )
    return {
        column: cell.strip()
        for column, cell in zip(columns, cells, strict=True)
        if column is not None and cell.strip()
    }


def _cells(place: str, text: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=mark))
    except csv.Error as problem:
        raise BadInput(f"{place}: cannot be read: {problem}", "nothing was recorded") from None


def _columns(name: str, header: list[str]) -> list[str | None]:
    columns: list[str | None] = []
    for cell in header:
        word = re.sub(r"[\s-]+", "_", cell.strip().lstrip("\ufeff").lower())
        columns.append(_NAMES.get(word, word) or None)
    unknown = [word for word in columns if word is not None and word not in COLUMNS]
    missing = [word for word in REQUIRED if word not in columns]
    twice = [word for word in COLUMNS if columns.count(word) > 1]
    if unknown or missing or twice:
        wrong = [
            *(f"no column {word}" for word in missing),
            *(f"{word} is not a column" for word in unknown),
            *(f"{word} occurs twice" for word in twice),
        ]
        raise BadInput(
            f"{name}:1: {'; '.join(wrong)}",
            f"the columns are {', '.join(REQUIRED)} and, optionally, settled_on, venue, fees",
        )
    return columns


def _event(place: str, row: dict[str, str], currency: str) -> dict[str, Any]:
    event: dict[str, Any] = {"event": "SharesRepurchased"}
    for column in REQUIRED:
        if column not in row:
            raise BadInput(f"{place}: {column} is missing", "nothing was recorded")
    event["on"] = _day(place, "traded_on", row["traded_on"])
    shares = _figure(place, "shares", row["shares"])
    if "." in row["shares"]:
        raise BadInput(f"{place}: shares: {row['shares']!r} is not a whole number")
    event["shares"] = int(shares)
    event["amount"] = _money(place, "amount", row["amount"], currency)
    if "settled_on" in row:
        event["settled_on"] = _day(place, "settled_on", row["settled_on"])
    if "venue" in row:
        event["venue"] = row["venue"]
    if "fees" in row:
        event["fees"] = _money(place, "fees", row["fees"], currency)
    return event


def _day(place: str, column: str, text: str) -> str:
    match = _DAY.fullmatch(text)
    if match is None:
        raise BadInput(
            f"{place}: {column}: {text!r} is ambiguous or not a date",
            "write dates as 2017-08-01; nothing was recorded",
        )
    year, _, month, day = match.groups()
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise BadInput(f"{place}: {column}: {text!r} is not a date in the calendar") from None


def _figure(place: str, column: str, text: str) -> str:
    if not _FIGURE.fullmatch(text):
        raise BadInput(
            f"{place}: {column}: {text!r} is not a figure",
            "write 16500, or 16,500 in quotes; a decimal point, no currency; nothing was recorded",
        )
    whole, _, fraction = text.replace(",", "").partition(".")
    # One spelling, so that a purchase is recognized however its figures are written.
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _money(place: str, column: str, text: str, currency: str) -> dict[str, str]:
    amount = _figure(place, column, text)
    places = minor_unit_places(currency)
    if len(amount.partition(".")[2]) > places:
        raise BadInput(
            f"{place}: {column}: {text!r} has more decimals than {currency}, which has {places}",
            "use a point for decimals and a comma for thousands; nothing was recorded",
        )
    return {"amount": amount, "currency": currency}
