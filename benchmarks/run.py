"""Every goal of the project's speed, measured in one command.

    python -m benchmarks.run                        10,000 and 100,000 events
    python -m benchmarks.run --million              1,000,000 as well: takes long, and 2 GB of disk
    python -m benchmarks.run --sizes 10000 27000    sizes of your own
    python -m benchmarks.run --only import --only ask

Processor time (user + system) of cold processes, best of several interleaved runs; see
`benchmarks.measure`. Exit code 1 where a goal is missed, 2 where an answer is wrong.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks import goals
from benchmarks.cases import Case, case_of, program_case, solo_case
from benchmarks.goals import Effort
from benchmarks.measure import Series, WrongAnswer, own_peak, run
from benchmarks.peers import missing
from benchmarks.report import MEGABYTE, Row, as_json, table
from benchmarks.workload import SMALLEST_WORKLOAD

SIZES = (10_000, 100_000)
MILLION = 1_000_000
PARTS = ("start", "import", "commits", "ask", "peers", "solo", "audit", "record")
SMALL_PROGRAM, LARGE_PROGRAM = 250, 2500


def measured(
    folder: Path, sizes: Iterable[int], parts: Iterable[str], effort: Effort
) -> Iterator[Row]:
    """Every row of the chosen parts; what records comes last, so that nothing it adds is asked."""
    wanted = set(parts)
    if "start" in wanted:
        yield from goals.starts(effort)
    cases: list[Case] = []
    imports: dict[int, Series] = {}
    for size in sorted(set(sizes)):
        cases.append(case_of(folder, size))
        yield from _filled(cases[-1], wanted, effort, imports)
        for part, goal in OF_EACH_SIZE.items():
            if part in wanted:
                yield from goal(cases[-1], effort)
    if imports:
        yield from goals.growth(imports, effort)
    if "ask" in wanted and len(cases) > 1:
        yield from goals.flatness(cases[0], cases[-1], effort)
    if "commits" in wanted:
        yield from goals.commit_row_pair(goals.biggest_for_commits(cases), effort)
    if "solo" in wanted:
        yield from goals.solo(solo_case(folder), effort)
    if "record" in wanted:
        yield from _recorded(folder, cases, effort)


OF_EACH_SIZE = {"ask": goals.asking, "peers": goals.peers, "audit": goals.auditing}


def _recorded(folder: Path, cases: list[Case], effort: Effort) -> Iterator[Row]:
    for case in cases:
        yield from goals.recording(case, effort)
    small, large = program_case(folder, SMALL_PROGRAM), program_case(folder, LARGE_PROGRAM)
    yield from goals.recording_into(small, large, effort)


def _filled(
    case: Case, wanted: set[str], effort: Effort, imports: dict[int, Series]
) -> Iterator[Row]:
    """The ledger and the raw tables of a case; measured only where that is asked for."""
    if "import" in wanted:
        rows, imports[case.events] = goals.importing(case, effort)
        yield from rows
    elif wanted & {"ask", "peers", "audit", "record"}:
        run(case.importing())
        run(case.loading_raw())
        case.import_late()
        case.check_all(late=True)


@click.command()
@click.option("--sizes", multiple=True, type=int, help="Events; repeatable.")
@click.option("--million", is_flag=True, help="1,000,000 events as well.")
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Some parts; repeatable.")
@click.option("--times", default=7, show_default=True, help="Runs of what is quick.")
@click.option(
    "--enough", default=60.0, show_default=True, help="Seconds for one command of a pair."
)
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the generated data here.")
@click.option("--json", "to", type=click.Path(path_type=Path), help="Write the figures here too.")
@click.argument("more_sizes", nargs=-1, type=int)
def main(
    sizes: tuple[int, ...],
    only: tuple[str, ...],
    times: int,
    enough: float,
    folder: Path | None,
    to: Path | None,
    more_sizes: tuple[int, ...],
    *,
    million: bool,
) -> None:
    """Measure every goal and print the ratios."""
    chosen = [*(sizes + more_sizes or SIZES), *([MILLION] if million else [])]
    if min(chosen) < SMALLEST_WORKLOAD:
        raise click.UsageError(f"the smallest workload has {SMALLEST_WORKLOAD:,} events")
    effort = Effort(times, enough)
    if absent := missing():
        effort.note(f"not installed, so not compared: {', '.join(absent)}")
    rows: list[Row] = []
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(TemporaryDirectory(prefix="capital-bench-")))
        try:
            for row in measured(place, chosen, only or PARTS, effort):
                rows.append(row)
                click.echo(f"{row.what}, {row.events:,}: {row.figure:.2f} {row.unit}", err=True)
        except WrongAnswer as problem:
            click.echo(f"wrong answer, measurement stopped: {problem}", err=True)
            sys.exit(2)
        finally:
            effort.note(
                f"no peak is shown below {own_peak() / MEGABYTE:.0f} MB: a child begins with what "
                "the process that measures it holds"
            )
            _told(rows, effort.notes, to)
    sys.exit(any(row.met is False for row in rows))


def _told(rows: list[Row], notes: list[str], to: Path | None) -> None:
    click.echo(f"\nProcessor time (user + system) of cold processes.\n\n{table(rows)}\n")
    for note in notes:
        click.echo(f"note: {note}")
    if to is not None:
        to.write_text(json.dumps(as_json(rows, notes), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
