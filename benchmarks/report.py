"""What was measured, in ratios: a table to read and JSON to keep.

An absolute time is never shown but in the row of its ratio: it belongs to the machine of the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from benchmarks.measure import Pair

MEGABYTE = 10**6


@dataclass(frozen=True, slots=True)
class Goal:
    """What a ratio should be; None where it is only told."""

    at_most: float | None = None
    at_least: float | None = None
    stretch: float | None = None
    """What would be better still; only told."""

    def met(self, figure: float) -> bool | None:
        """Whether it holds; None where nothing was asked."""
        if self.at_most is None and self.at_least is None:
            return None
        below = self.at_most is None or figure <= self.at_most
        return below and (self.at_least is None or figure >= self.at_least)

    def __str__(self) -> str:
        most = "" if self.at_most is None else f"<= {self.at_most:g}"
        told = most if self.at_least is None else f">= {self.at_least:g}"
        return told if self.stretch is None else f"{told} ({self.stretch:g})"


TOLD = Goal()


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its goal; where it is a ratio of two series, with their seconds."""

    what: str
    events: int
    figure: float
    unit: str
    goal: str
    met: bool | None
    of: str = ""
    median: float | None = None
    seconds: float | None = None
    seconds_of: float | None = None
    peak_mb: float | None = None
    peak_mb_of: float | None = None
    runs: int = 0


def ratio(what: str, events: int, pair: Pair, goal: Goal = TOLD) -> Row:
    """The ratio of a pair: best over best, with the ratio of the medians."""
    return Row(
        what,
        events,
        pair.ratio,
        "times",
        str(goal),
        goal.met(pair.ratio),
        pair.other.command.name,
        pair.middle_ratio,
        pair.one.best,
        pair.other.best,
        pair.one.peak / MEGABYTE,
        pair.other.peak / MEGABYTE,
        len(pair.one.runs),
    )


def figure(what: str, events: int, value: float, unit: str, goal: Goal = TOLD) -> Row:
    """A figure that is no ratio of times: memory, an exponent."""
    return Row(what, events, value, unit, str(goal), goal.met(value))


HEAD = ("what", "events", "figure", "median", "of", "goal", "met", "s", "s of", "MB", "MB of", "n")


def table(rows: Iterable[Row]) -> str:
    """The rows in columns."""
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    said = {True: "yes", False: "NO", None: ""}
    unit = "x" if row.unit == "times" else f" {row.unit}"
    return (
        row.what,
        f"{row.events:,}",
        f"{row.figure:.2f}{unit}",
        _number(row.median, ".2f", "x"),
        row.of,
        row.goal,
        said[row.met],
        _number(row.seconds, ".3f"),
        _number(row.seconds_of, ".3f"),
        _number(row.peak_mb, ".0f"),
        _number(row.peak_mb_of, ".0f"),
        str(row.runs or ""),
    )


def _number(value: float | None, form: str, unit: str = "") -> str:
    return "" if value is None else f"{value:{form}}{unit}"


def as_json(rows: Sequence[Row], notes: Sequence[str]) -> dict[str, object]:
    """The same for a program."""
    return {
        "measured": "processor time (user + system) of cold processes, best of n interleaved runs",
        "rows": [asdict(row) for row in rows],
        "notes": list(notes),
    }
