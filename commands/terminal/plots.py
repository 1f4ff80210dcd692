"""Pictures for a terminal: counts, dividends and programs drawn with characters.

Each picture says in words what its marks are, so that it reads without color, in a pipe and in
80 columns. Numbers become places on a grid here and nowhere else; figures shown are the exact ones.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import pairwise
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from commands.terminal.output import figure
from commands.terminal.screen import drawn
from ledger.errors import BadInput
from projections.dividends.annual import GROUPS, bar_of

if TYPE_CHECKING:
    from projections.dividends.fiscal_years import FiscalYear
    from projections.question import Question
    from projections.repurchases.programs import RepurchaseAnswer
    from projections.repurchases.progress import ProgressPoint
    from projections.shares.series import ShareSeries

NARROWEST, WIDEST, IN_A_PIPE = 60, 120, 80
ROWS = 18
LINES = 5
"""Counts written beside the picture, 0 apart."""

Points = Sequence[tuple[date, Any]]
"""Values, each holding from its day until the next; None where unknown."""
Ticks = Callable[[float], tuple[list[float], list[str]]]
"""The places beside a picture that bear a label, up to its highest value."""
Line = tuple[str, str, str, Points]
"""What is drawn as one line: its name, its mark, its color, its values."""


def only_for_people(form: str) -> None:
    """Refuse a picture for a program; raises BadInput."""
    if form != "table":
        raise BadInput(f"--plot cannot be combined with --format {form}", "leave one of them out")


def plot_shares(series: ShareSeries, issuer: str, put: Question) -> None:
    """Draw the counts of a class over time; splits as lines from top to bottom."""
    day = put.share_basis
    told = "each count in the shares of its own day" if day is None else f"in the shares of {day}"
    click.echo(f"{issuer} {series.share_class}: shares up to {put.on}, {told}")
    lines: list[Line] = []
    for name, mark, color in (
        ("issued", "+", "gray"),
        ("outstanding", "o", "blue"),
        ("treasury", "x", "orange"),
    ):
        counts = [
            (point.on, getattr(point.counts if day is None else point.restated, name))
            for point in series.points
        ]
        lines.append((name, mark, color, counts))
    splits = [(point.on, ratio) for point in series.points for ratio in point.new_shares]
    _draw_steps(lines, put.on, marks=[split for split, _ in splits])
    if splits:
        click.echo("splits: " + ", ".join(f"{split} {ratio}" for split, ratio in splits))


def plot_progress(
    program: RepurchaseAnswer, points: Sequence[ProgressPoint], issuer: str, on: date
) -> None:
    """Draw how far a program got, in per cent of both caps."""
    last = on if program.until is None else min(on, program.until)
    capped = any(point.shares_percent or point.amount_percent for point in points)
    told = "per cent of its caps" if capped else "shares"
    click.echo(f"{issuer} {program.action}: {told} up to {last}, by trade date")
    if capped:
        lines: list[Line] = [
            ("shares", "o", "blue", [(p.on, _number(p.shares_percent)) for p in points]),
            ("amount", "x", "orange", [(p.on, _number(p.amount_percent)) for p in points]),
        ]
        _draw_steps(lines, last, _percent_ticks)
    elif points:
        _draw_steps([("shares", "o", "blue", [(p.on, p.shares) for p in points])], last)
    else:
        click.echo("nothing to draw, because no purchase is recorded")
    for name, percent in (("shares", program.shares_percent), ("amount", program.amount_percent)):
        if percent is not None:
            click.echo(f"{name}: {percent} % of the cap")


def plot_dividends(years: Sequence[FiscalYear], issuer: str, share_class: str) -> None:
    """Draw the years of a class as bars of their dividends, all in the same shares."""
    bars = [(year, bar) for year in years if (bar := bar_of(year))]
    currencies = sorted({dividend.currency for _, bar in bars for _, dividend in bar})
    if not bars:
        click.echo(f"{issuer} {share_class}: nothing to draw, because no dividend is recorded")
    for currency in currencies:
        told = years[0].restated.share_basis
        click.echo(f"{issuer} {share_class}: {currency} per share, in the shares of {told}")
        _draw_bars(
            [
                (year, [(group, d.restated) for group, d in bar if d.currency == currency])
                for year, bar in bars
            ]
        )


# --- drawing -------------------------------------------------------------------------------------


def _draw_steps(
    lines: Sequence[Line],
    end: date,
    ticks: Ticks | None = None,
    marks: Iterable[date] = (),
) -> None:
    shown = [line for line in lines if any(value is not None for _, value in line[3])]
    unknown = [name for name, _, _, points in lines if all(value is None for _, value in points)]
    if shown:
        plot = _empty(ROWS)
        for _, mark, color, points in shown:
            for run in _runs(points, end):
                xs, ys = zip(*run, strict=True)
                plot.plot(xs, ys, marker=mark, color=color)
        for day in marks:
            plot.vline(day.toordinal(), "gray")
        top = max(value for *_, points in shown for _, value in points if value is not None)
        places, labels = (ticks or _count_ticks)(top)
        plot.ylim(0, max(top, places[-1]) or 1)
        plot.yticks(places, labels)
        first = min(points[0][0] for *_, points in shown)
        plot.xlim(first.toordinal(), max(end.toordinal(), first.toordinal() + 1))
        plot.xticks(*_day_ticks(first, end))
        _show(plot)
        click.echo("   ".join(f"{mark * 2} {name}" for name, mark, _, _ in shown))
    if unknown:
        click.echo(f"{' and '.join(unknown)}: unknown throughout")


def _runs(points: Points, end: date) -> list[list[tuple[int, Any]]]:
    """The steps as points to join: a level until its day, then the next; cut where unknown."""
    runs: list[list[tuple[int, Any]]] = []
    run: list[tuple[int, Any]] = []
    for (day, value), (until, _) in pairwise([*points, (max(end, points[-1][0]), None)]):
        if value is not None:
            run += [(day.toordinal(), value), (until.toordinal(), value)]
        elif run:
            runs.append(run)
            run = []
    return [*runs, run] if run else runs


def _draw_bars(bars: Sequence[tuple[FiscalYear, list[tuple[str, str | None]]]]) -> None:
    """One line a year: its label, its sum, its parts each with a mark of its own."""
    groups = [g for g in GROUPS if any(group == g for _, parts in bars for group, _ in parts)]
    marks = dict(zip(GROUPS, "=#*.", strict=True))
    colors = dict(zip(GROUPS, ("cyan", "blue", "orange", "gray"), strict=True))
    labels = [
        f"{year.fiscal_year} {figure(year.restated.per_share or '-'):>12}" for year, _ in bars
    ]
    values = [
        [sum(_number(text) or 0 for g, text in parts if g == group) for _, parts in reversed(bars)]
        for group in groups
    ]
    plot = _empty(len(bars) + 2)
    places = range(1, len(bars) + 1)
    plot.stacked_bar(
        places,
        values,
        orientation="horizontal",
        width=0.01,
        marker=[marks[group] for group in groups],
        color=[colors[group] for group in groups],
    )
    plot.ylim(0.5, len(bars) + 0.5)
    plot.yticks(places, labels[::-1])
    plot.xlim(0, max(map(sum, zip(*values, strict=True))) or 1)
    plot.xticks([])
    _show(plot)
    words = {"forecast": "forecast, not in the sum"}
    click.echo("   ".join(f"{marks[group] * 2} {words.get(group, group)}" for group in groups))


def _empty(rows: int) -> Any:
    """The drawing library with an empty sheet."""
    import plotext  # type: ignore[import-untyped]  # noqa: PLC0415 - slow, and only for --plot

    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plotsize(_width(), rows)
    plotext.theme("clear")
    return plotext


def _width() -> int:
    """Of a picture, in columns."""
    width = get_terminal_size((IN_A_PIPE, 0)).columns if sys.stdout.isatty() else IN_A_PIPE
    return min(max(width, NARROWEST), WIDEST)


def _show(plot: Any) -> None:
    picture = plot.build()
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        picture = plot.uncolorize(picture)
    drawn("".join(f"{line.rstrip()}\n" for line in picture.splitlines()))


def _number(text: str | None) -> float | None:
    """Where a figure lies on the grid."""
    return None if text is None else float(text)


def _count_ticks(top: float) -> tuple[list[float], list[str]]:
    """A few round counts from 0 up to the highest drawn."""
    power = 10 ** max(len(str(int(top))) - 2, 0)
    step = next(step * power for step in (1, 2, 5, 10, 20) if step * power * LINES >= top)
    places = range(0, int(top) + 1, step)
    return list(places), [f"{place:,}" for place in places]


def _percent_ticks(top: float) -> tuple[list[float], list[str]]:
    places = range(0, max(100, int(top)) + 1, 25)
    return list(places), [f"{place} %" for place in places]


def _day_ticks(first: date, last: date) -> tuple[list[int], list[str]]:
    """Some days from the first to the last, far enough apart.

    The library sets labels in no fixed order and moves one that comes near another: with room
    for two between them, the same picture is drawn every time.
    """
    begin, end = first.toordinal(), max(last, first).toordinal()
    parts = max(2, (_width() - 14) // (2 * len("2018-03-31") + 2))
    places = sorted({begin + (end - begin) * part // parts for part in range(parts + 1)})
    return places, [date.fromordinal(place).isoformat() for place in places]
