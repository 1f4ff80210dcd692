"""How an explanation reads: its columns, the rows that sum up, its lines action by action."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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

ON = Column("on", "on", lambda r: r.origin.on)
ACTION = Column("action", "action", lambda r: r.origin.action)
KIND = Column("kind", "kind", lambda r: r.origin.kind)
EVENT = Column("event", "event", lambda r: r.origin.event)
ENTRY = number("entry", "entry", lambda r: r.origin.entry)
GAP = Column("gap", "gap", lambda r: r.gap)
ARTICLE = Column("legal_basis", "article", lambda r: r.origin.legal_basis)
SOURCE = Column("source", "document", lambda r: source_words(r.origin.source))
SHA256 = Column("sha256", "sha256", lambda r: r.origin.source and r.origin.source.sha256)
BEFORE = (ON, ACTION, EVENT, ENTRY)
AFTER = (ARTICLE, SOURCE, SHA256)

COUNT = (
    *BEFORE,
    count("change", "change", lambda r: r.change),
    count("balance", "balance", lambda r: r.balance),
    GAP,
    *AFTER,
)
TREASURY = (
    *BEFORE,
    count("shares_change", "shares by", lambda r: r.shares_change),
    amount("cost_change", "cost by", lambda r: r.cost_change, UNKNOWN),
    count("shares", "shares", lambda r: r.shares),
    amount("cost", "cost", lambda r: r.cost, UNKNOWN),
    GAP,
    amount("cost_restarts", "cost restarts at", lambda r: r.cost_restarts),
    *AFTER,
)
PURCHASES = (
    *BEFORE,
    number("traded", "as traded", lambda r: r.traded),
    count("shares", "shares", lambda r: r.shares),
    amount("amount", "amount", lambda r: r.amount, UNKNOWN),
    *AFTER,
)
SHARES = (
    *BEFORE,
    number("issued_change", "issued by", lambda r: r.issued_change),
    number("treasury_change", "treasury by", lambda r: r.treasury_change),
    count("issued", "issued", lambda r: r.issued),
    count("treasury", "treasury", lambda r: r.treasury),
    count("outstanding", "outstanding", lambda r: r.outstanding),
    *AFTER,
)
STATED = (
    *BEFORE,
    Column("fields", "says", lambda r: fields_words(r.fields)),
    Column("fiscal_year", "year", lambda r: r.fiscal_year),
    Column("currency", "", lambda r: r.currency),
    Column("per_share", "per share", lambda r: r.per_share, Cell.FIGURE),
    *AFTER,
)
DECLARED = (
    Column("fiscal_year", "year", lambda r: r.fiscal_year),
    Column("term", "term", lambda r: term_words(r.term)),
    ACTION,
    Column("state", "state", lambda r: r.state),
    Column("currency", "", lambda r: r.currency),
    Column("per_share", "per share", lambda r: r.per_share, Cell.FIGURE),
    ON,
    EVENT,
    ENTRY,
    *AFTER,
)


def _event(of: Origin) -> str:
    """What people read where a line is no event."""
    if of.event == RESTATED:
        return f"told in the shares of {of.on}"
    return "rounding of fractional shares" if of.event == ROUNDED else of.event


_FOR_PEOPLE: dict[str, Callable[[Any], Any]] = {
    "event": lambda r: _event(r.origin),
    "source": lambda r: document_words(r.origin.source),
    "traded": lambda r: None if r.traded == r.shares else r.traded,
}
_SELDOM = frozenset({"gap", "cost_restarts", "traded", "legal_basis"})
"""Columns that people see only where a line fills them."""
_FOR_PROGRAMS = frozenset({"sha256"})
"""What people read the beginning of, beside the document."""


def for_people(
    columns: Iterable[Column], lines: Sequence[Any], without: frozenset[str] = frozenset()
) -> list[Column]:
    """The columns of a table, without those that say nothing here."""
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
    """A column that the row of a whole action fills, and none of its lines."""
    return column._replace(get=lambda _: None, absent="")


# --- sums of shares and of their cost ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sums:
    """How one kind of sum reads."""

    columns: tuple[Column, ...]
    total: Callable[[Any], dict[str, Any]]
    """What the last row shows."""
    by_action: Callable[[Any], Any] | None = None
    subtotal: Callable[[Any], dict[str, Any]] | None = None
    """What the row of an action shows."""
    balances: frozenset[str] = frozenset()
    """Columns that say something only where the lines stand in the order of time."""


def _purchases_by_action(explained: Any) -> Any:
    from projections.explain.repurchase import purchases_by_action  # noqa: PLC0415 - reads events

    return purchases_by_action(explained)


_COUNT = Sums(
    COUNT,
    lambda r: {"change": r.total},
    count_by_action,
    lambda r: {"change": r.change},
    frozenset({"balance"}),
)
SUMS = {
    "shares": Sums(
        SHARES,
        lambda r: {
            "issued": r.total.issued,
            "treasury": r.total.treasury,
            "outstanding": r.total.outstanding,
        },
    ),
    "outstanding": _COUNT,
    "issued": _COUNT,
    "treasury": Sums(
        TREASURY,
        lambda r: {"shares_change": r.total.shares, "cost_change": r.total.cost},
        treasury_by_action,
        lambda r: {"shares_change": r.shares_change, "cost_change": r.cost_change},
        frozenset({"shares", "cost"}),
    ),
    "repurchase": Sums(
        PURCHASES,
        lambda r: {"shares": r.total.shares, "amount": r.total.amount},
        _purchases_by_action,
        lambda r: {"shares": r.shares, "amount": r.amount},
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
        if group.action is not None:  # else its one line says what it is
            head = {"action": group.action, "kind": group.kind, **sums.subtotal(group)}
            rows.append(Sum(head))
        rows += group.lines
    rows.append(Sum({"action": TOTAL, **sums.total(told)}))
    columns = [
        _of_group(ACTION),
        _of_group(KIND),
        *(column for column in sums.columns if column is not ACTION),
    ]
    lines = [line for group in told.groups for line in group.lines]
    return for_people(columns, lines, sums.balances), rows


# --- dividends by year ---------------------------------------------------------------------------


COUNTED = frozenset({"fiscal_year", "currency", "per_share"})
"""What an event counts for: people read it of the dividend, programs beside the event."""


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
            head = {
                "fiscal_year": year.fiscal_year,
                "term": term_words(group.term),
                "action": group.action,
                "state": group.state,
                "currency": group.currency,
                "per_share": group.per_share,
            }
            rows += [Sum(head), *group.lines]
            lines += group.lines
        rows.append(Sum(_of_the_year(year)))
    heads = [_of_group(column) for column in DECLARED[: DECLARED.index(ON)]]
    says = next(column for column in STATED if column.name == "fields")
    return for_people([*heads, ON, EVENT, ENTRY, says, *AFTER], lines), rows


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
    """Every column, of rows that are an explanation with one of its lines.

    The lines add up without any total among them: that is the answer's own.
    """
    first = [Column("class", "class", lambda row: row[0].share_class)]
    if program:  # a line may be of the class: a gap that purchases may stand behind
        first.append(Column("program", "program", lambda row: row[0].answer.action))
    kind = [_of_line(KIND)] if tree else []
    return [*first, *map(_of_line, columns), *kind]


def _of_line(column: Column) -> Column:
    return column._replace(get=lambda row: column.get(row[1]))
