"""How answers look: aligned tables for people, JSON and CSV for programs, errors in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple, TypeVar

import click

from commands.terminal.screen import data
from commands.terminal.tables import aligned
from ledger.errors import indented, inline

_Command = TypeVar("_Command", bound=Callable[..., Any])

UNKNOWN = "unknown"

_JSON_NAMES = {"share_class": "class", "from_": "from", "name_": "name"}
_BESIDE = frozenset({"asked", "origin"})
"""Parts whose own parts stand beside the rest: the question, and what a line comes from."""


def as_json(value: Any) -> Any:
    """An answer as JSON has it: snake_case keys, dates ISO, unknown null, the question inside."""
    if (names := _names_of(value)) is not None:
        answer: dict[str, Any] = {}
        for name in names:
            part = as_json(getattr(value, name))
            if name in _BESIDE:
                answer |= part
            else:
                answer[_JSON_NAMES.get(name, name)] = part
        return answer
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: as_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(part) for part in value]
    if hasattr(value, "stated"):  # a value of the ledger's, whose module is slow to import
        return {name: as_json(getattr(value, name)) for name in type(value).model_fields}
    return value


def _names_of(value: Any) -> Iterable[str] | None:
    """The fields of an answer; None of what is none."""
    kind = type(value)  # a dataclass, or a named tuple
    names: Iterable[str] | None = getattr(kind, "__dataclass_fields__", None)
    return getattr(kind, "_fields", None) if names is None else names


class Cell(Enum):
    """How a column's values read: for people, and where programs need more than one column."""

    TEXT = "text"
    NUMBER = "number"
    FIGURE = "figure"
    """Decimal text: thousands separated for people."""
    MONEY = "money"
    """An amount with its currency: two columns for programs."""


class Column(NamedTuple):
    """A column of an answer: its name for programs, its title for people, how to get it."""

    name: str
    title: str
    get: Callable[[Any], Any]
    cell: Cell = Cell.TEXT
    absent: str = ""
    """What people read where the value is null."""


class Sum(NamedTuple):
    """A row of a table that sums up others: it fills the columns it names."""

    cells: dict[str, Any]


def count(name: str, title: str, get: Callable[[Any], Any]) -> Column:
    """Shares: null reads "unknown", never 0."""
    return Column(name, title, get, Cell.NUMBER, UNKNOWN)


def number(name: str, title: str, get: Callable[[Any], Any]) -> Column:
    """A number that may not apply, such as an entry or days left."""
    return Column(name, title, get, Cell.NUMBER)


def decimal(name: str, title: str, get: Callable[[Any], Any], absent: str = "") -> Column:
    """Decimal text, as it travels."""
    return Column(name, title, get, Cell.FIGURE, absent)


def amount(name: str, title: str, get: Callable[[Any], Any], absent: str = "") -> Column:
    """Money."""
    return Column(name, title, get, Cell.MONEY, absent)


def show(answer: Any, form: str, columns: Sequence[Column], rows: Iterable[Any]) -> None:
    """Print an answer in the form asked for; the table and the CSV are of `rows`."""
    if form == "json":
        show_json(answer)
    elif form == "csv":
        data(csv_text(columns, rows))
    else:
        click.echo(table(columns, rows))


def show_json(answer: Any) -> None:
    """Print an answer for a program."""
    import json  # noqa: PLC0415 - not every answer is for a program

    click.echo(json.dumps(as_json(answer), ensure_ascii=False, indent=2))


_RAW = "commands.terminal.output.raw"


def raw_option(command: _Command) -> _Command:
    """--raw."""

    def keep(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        ctx.meta[_RAW] = value

    return click.option(
        "--raw",
        is_flag=True,
        expose_value=False,
        callback=keep,
        help="With --format csv: leave text as it is, also where a spreadsheet would run it.",
    )(command)


def csv_text(columns: Sequence[Column], rows: Iterable[Any]) -> str:
    """Rows for programs: plain figures, money in two columns, unknown empty.

    A spreadsheet runs a cell that begins as a formula does, so a text that begins so is written
    with an apostrophe in front, unless --raw is given.
    """
    import csv  # noqa: PLC0415 - not every answer is for a program
    import io  # noqa: PLC0415 - as above

    ctx = click.get_current_context(silent=True)
    safe = _as_is if ctx is not None and ctx.meta.get(_RAW) else _no_formula
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([name for column in columns for name in _csv_names(column)])
    for row in rows:
        writer.writerow([safe(cell) for column in columns for cell in _csv_cells(column, row)])
    return text.getvalue()


_FORMULA = re.compile(r"(?:\A|(?<=[;\r]))[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""How a formula begins (OWASP, "CSV Injection"): with the signs of full width in Japan, and after
a semicolon or CR, where that begins a cell."""
_NUMBER = re.compile(r"-\d+(\.\d+)?")


def _no_formula(cell: Any) -> Any:
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell):
        return cell
    return _FORMULA.sub(r"'\g<0>", cell)


def _as_is(cell: Any) -> Any:
    return cell


def _csv_names(column: Column) -> list[str]:
    money_columns = [column.name, f"{column.name}_currency"]
    return money_columns if column.cell is Cell.MONEY else [column.name]


def _csv_cells(column: Column, row: Any) -> list[Any]:
    value = column.get(row)
    if column.cell is Cell.MONEY:
        return ["", ""] if value is None else [value.amount, value.currency]
    value = as_json(value)
    return ["" if value is None else str(value).lower() if isinstance(value, bool) else value]


def table(columns: Sequence[Column], rows: Iterable[Any]) -> str:
    """An aligned table for people."""
    return aligned(
        [column.title for column in columns],
        [[_shown(column, row) for column in columns] for row in rows],
        [column.cell is not Cell.TEXT for column in columns],
    )


def _shown(column: Column, row: Any) -> str:
    if isinstance(row, Sum) and column.name not in row.cells:
        return ""
    value = row.cells[column.name] if isinstance(row, Sum) else column.get(row)
    if value is not None and column.cell is Cell.MONEY:
        return printed(value) or column.absent
    if column.cell is Cell.FIGURE and isinstance(value, str):
        return figure(value) or column.absent
    return words(value, column.absent)


def words(value: Any, absent: str = "") -> str:
    """A value as people read it."""
    if value is None or value == "":
        return absent
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S UTC")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return words(value.value)
    return inline(str(value))


def term_words(term: str) -> str:
    """YEAR_END as people write it: year-end."""
    return term if term[0] == "Q" else term.lower().replace("_", "-")


def figure(text: str) -> str:
    """Decimal text with thousands separated; words stay words."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return text
    head, point, tail = text.partition(".")
    sign = "-" if head.startswith("-") else ""
    return f"{sign}{int(head.lstrip('-')):,}{point}{tail}"


def money(value: Any) -> str | None:
    """An amount with its currency in front: JPY 608,000,000."""
    return None if value is None else f"{value.currency} {figure(value.amount)}"


_UNIT_WORDS = {"1000": "thousand", "1000000": "million", "1000000000": "billion"}


def printed(value: Any) -> str | None:
    """A total as its document prints it, JPY 608 million; other amounts in full."""
    word = _UNIT_WORDS.get(getattr(value, "unit", ""))
    if value is None or word is None or not value.amount.isdigit():
        return money(value)
    return f"{value.currency} {int(value.amount) // int(value.unit):,} {word}"


def source_words(source: Any) -> str:
    """A document in one line: title, page, address."""
    if source is None:
        return ""
    page = f", p. {source.page}" if source.page else ""
    return f"{source.title}{page}" + (f" <{source.uri}>" if source.uri else "")


_SHORT_HASH = 12


def document_words(source: Any) -> str:
    """A document where many stand below each other: title, page, the beginning of its hash.

    The hash tells one version from another; addresses would make the table too wide to read.
    """
    if source is None:
        return ""
    page = f", p. {source.page}" if source.page else ""
    digest = f", sha256 {source.sha256[:_SHORT_HASH]}..." if source.sha256 else ""
    return f"{source.title}{page}{digest}"


def fields_words(values: dict[str, Any]) -> str:
    """An event's own fields in one line."""
    return ", ".join(f"{name.replace('_', ' ')} {_field(value)}" for name, value in values.items())


def _field(value: Any) -> str:
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return f"{value['currency']} {figure(value['amount'])}"
    if isinstance(value, dict):
        return "(" + fields_words(value) + ")"
    return inline(str(value))


def note(text: str) -> None:
    """Say something beside the answer, where programs do not read."""
    click.echo(indented(text), err=True)
