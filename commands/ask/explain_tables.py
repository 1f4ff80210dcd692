"""The tables of an explanation: its columns, its sums, its lines grouped by action."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from commands.ask.columns import plain
from commands.terminal.output import (
    UNKNOWN,
    Cell,
    Column,
    Sum,
    amount,
    count,
    document_words,
    fields_words,
    number,
    source_words,
    term_words,
)
from projections.explain.counts import count_by_action
from projections.explain.lines import RESTATED, ROUNDED
from projections.explain.treasury import treasury_by_action
from projections.origin import Origin

TOTAL = "total"


# --- columns -------------------------------------------------------------------------------------

ON, ACTION, KIND, EVENT = plain("origin.on origin.action origin.kind origin.event")
(ENTRY,) = plain("origin.entry", number)
ARTICLE = Column("legal_basis", "article", lambda r: r.origin.legal_basis)
SOURCE = Column("source", "document", lambda r: source_words(r.origin.source))
SHA256 = Column("sha256", "sha256", lambda r: r.origin.source and r.origin.source.sha256)
YEAR = Column("fiscal_year", "year", lambda r: r.fiscal_year)
PER_SHARE = (
    Column("currency", "", lambda r: r.currency),
    Column("per_share", "per share", lambda r: r.per_share, Cell.FIGURE),
)
BEFORE = (ON, ACTION, EVENT, ENTRY)
AFTER = (ARTICLE, SOURCE, SHA256)

COUNT = (
    *BEFORE,
    *plain("change balance", count),
    *plain("gap"),
    *AFTER,
)
TREASURY = (
    *BEFORE,
    count("shares_change", "shares by", lambda r: r.shares_change),
    amount("cost_change", "cost by", lambda r: r.cost_change, UNKNOWN),
    *plain("shares", count),
    amount("cost", "cost", lambda r: r.cost, UNKNOWN),
    *plain("gap"),
    amount("cost_restarts", "cost restarts at", lambda r: r.cost_restarts),
    *AFTER,
)
PURCHASES = (
    *BEFORE,
    number("traded", "as traded", lambda r: r.traded),
    *plain("shares", count),
    amount("amount", "amount", lambda r: r.amount, UNKNOWN),
    *AFTER,
)
SHARES = (
    *BEFORE,
    number("issued_change", "issued by", lambda r: r.issued_change),
    number("treasury_change", "treasury by", lambda r: r.treasury_change),
    *plain("issued treasury outstanding", count),
    *AFTER,
)
SAYS = Column("fields", "says", lambda r: fields_words(r.fields))
STATED = (
    *BEFORE,
    SAYS,
    YEAR,
    *PER_SHARE,
    *AFTER,
)
DECLARED = (
    YEAR,
    Column("term", "term", lambda r: term_words(r.term)),
    ACTION,
    *plain("state"),
    *PER_SHARE,
    ON,
    EVENT,
    ENTRY,
    *AFTER,
)


def _event(of: Origin) -> str:
    """The words for a line of the table that is not an event."""
    if of.event == RESTATED:
        return f"restated in the shares of {of.on}"
    return "rounding of fractional shares" if of.event == ROUNDED else of.event


_FOR_PEOPLE: dict[str, Callable[[Any], Any]] = {
    "event": lambda r: _event(r.origin),
    "source": lambda r: document_words(r.origin.source),
    "traded": lambda r: None if r.traded == r.shares else r.traded,
}
_SELDOM = frozenset({"gap", "cost_restarts", "traded", "legal_basis"})
"""Columns that people see only if a line fills them."""
_FOR_PROGRAMS = frozenset({"sha256"})
"""People see the beginning of the hash beside the document."""


def for_people(
    columns: Iterable[Column], lines: Sequence[Any], without: frozenset[str] = frozenset()
) -> list[Column]:
    """The columns of a table, without the empty ones that are seldom filled."""
    said = [
        column._replace(get=_FOR_PEOPLE.get(column.name, column.get))
        for column in columns
        if column.name not in _FOR_PROGRAMS | without
    ]
    return [
        column
        for column in said
        if column.name not in _SELDOM or any(column.get(line) is not None for line in lines)
    ]


def _of_group(column: Column) -> Column:
    """A column that the row of a whole action fills, but none of its lines."""
    return column._replace(get=lambda _: None, absent="")


# --- sums of shares and of their cost ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sums:
    """The columns of one kind of sum, and the columns that its rows of totals fill."""

    columns: tuple[Column, ...]
    total: Callable[[Any], dict[str, Any]]
    """The cells of the last row."""
    by_action: Callable[[Any], Any] | None = None
    subtotal: Callable[[Any], dict[str, Any]] | None = None
    """The cells of the row of an action."""
    balances: frozenset[str] = frozenset()
    """Columns that have a meaning only if the lines are in the order of time."""


def _purchases_by_action(explained: Any) -> Any:
    from projections.explain.repurchase import purchases_by_action  # noqa: PLC0415 - reads events

    return purchases_by_action(explained)


def _dividends_by_action(explained: Any) -> Any:
    from projections.explain.dividends import dividends_by_action  # noqa: PLC0415 - reads events

    return dividends_by_action(explained)


def _parts(of: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(of, name) for name in names}


_COUNT = Sums(
    COUNT,
    lambda r: {"change": r.total},
    count_by_action,
    lambda r: {"change": r.change},
    frozenset({"balance"}),
)
SUMS = {
    "shares": Sums(SHARES, lambda r: _parts(r.total, "issued", "treasury", "outstanding")),
    "dividends": Sums(STATED, lambda _: {}, _dividends_by_action),
    "outstanding": _COUNT,
    "issued": _COUNT,
    "treasury": Sums(
        TREASURY,
        lambda r: {"shares_change": r.total.shares, "cost_change": r.total.cost},
        treasury_by_action,
        lambda r: _parts(r, "shares_change", "cost_change"),
        frozenset({"shares", "cost"}),
    ),
    "repurchase": Sums(
        PURCHASES,
        lambda r: _parts(r.total, "shares", "amount"),
        _purchases_by_action,
        lambda r: _parts(r, "shares", "amount"),
    ),
}


def as_lines(sums: Sums, explained: Any) -> tuple[list[Column], list[Any]]:
    """Columns and rows: the lines in order of time, and their total."""
    rows = [*explained.lines, Sum({"event": TOTAL, **sums.total(explained)})]
    return for_people(sums.columns, explained.lines), rows


def as_tree(sums: Sums, told: Any) -> tuple[list[Column], list[Any]]:
    """Columns and rows: each action with its subtotal, its lines beneath, and the total."""
    assert sums.subtotal is not None
    rows: list[Any] = []
    for group in told.groups:
        if group.action is not None:  # without an action it is a single line that explains itself
            rows.append(Sum({**_parts(group, "action", "kind"), **sums.subtotal(group)}))
        rows += group.lines
    rows.append(Sum({"action": TOTAL, **sums.total(told)}))
    others = [column for column in sums.columns if column is not ACTION]
    columns = [_of_group(ACTION), _of_group(KIND), *others]
    lines = [line for group in told.groups for line in group.lines]
    return for_people(columns, lines, sums.balances), rows


# --- dividends by year ---------------------------------------------------------------------------


COUNTED = frozenset({"fiscal_year", "currency", "per_share"})
"""The dividend that an event counts for: people see it in the second table, programs in the row."""


def as_events(explained: Any) -> tuple[list[Column], list[Any]]:
    """Columns and rows: what each event of the dividends says."""
    return for_people(STATED, explained.lines, COUNTED), explained.lines


def as_years(explained: Any) -> tuple[list[Column], list[Any]]:
    """Columns and rows: the dividends that count, year by year, and the sum of each year."""
    rows: list[Any] = []
    for year in explained.years:
        rows += [*year.lines, Sum(_of_the_year(year))]
    lines = [line for year in explained.years for line in year.lines]
    return for_people(DECLARED, lines), rows


def as_tree_of_years(told: Any) -> tuple[list[Column], list[Any]]:
    """Columns and rows: each year's dividends, what they count, their events, and the sum."""
    rows: list[Any] = []
    lines: list[Any] = []
    for year in told.years:
        for group in year.groups:
            head = _parts(group, "action", "state", "currency", "per_share")
            year_and_term = {"fiscal_year": year.fiscal_year, "term": term_words(group.term)}
            rows += [Sum(head | year_and_term), *group.lines]
            lines += group.lines
        rows.append(Sum(_of_the_year(year)))
    heads = [_of_group(column) for column in DECLARED[: DECLARED.index(ON)]]
    return for_people([*heads, ON, EVENT, ENTRY, SAYS, *AFTER], lines), rows


def _of_the_year(year: Any) -> dict[str, Any]:
    unlike = " (mixed share bases)" if year.mixed_basis else ""
    return {
        "fiscal_year": year.fiscal_year,
        "action": TOTAL,
        "currency": year.currency,
        "per_share": None if year.total is None else f"{year.total}{unlike}",
    }


# --- for programs --------------------------------------------------------------------------------


def columns_of_csv(columns: Iterable[Column], *, program: bool, tree: bool) -> list[Column]:
    """Every column, for rows of an explanation and one of its lines.

    The rows have no total among them, so that a program can add them up.
    """
    first = [Column("class", "class", lambda row: row[0].share_class)]
    if program:  # a line may belong to the class only: a gap that may be purchases
        first.append(Column("program", "program", lambda row: row[0].answer.action))
    kind = [_of_line(KIND)] if tree else []
    return [*first, *map(_of_line, columns), *kind]


def _of_line(column: Column) -> Column:
    return column._replace(get=lambda row: column.get(row[1]))
