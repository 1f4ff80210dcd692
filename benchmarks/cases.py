"""Ledgers to ask: a workload imported into a ledger, into raw tables and into journals."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from benchmarks.company import ASKED_ON
from benchmarks.measure import ROOT, Command, WrongAnswer, run
from benchmarks.peers import PEERS, Peer, journals
from benchmarks.tally import Counts
from benchmarks.workload import Workload, write, write_program, write_solo

PYTHON = sys.executable
CAPITAL = (str(Path(PYTHON).with_name("capital")), "--ledger")
DAY = ASKED_ON[-1]
KEYS = count(1)
COLUMNS = slice(4, 7)  # of `capital shares`: issued, treasury, outstanding

PASS = Command("python -c pass", (PYTHON, "-c", "pass"))
BARE_QUERY = Command("import click, sqlite3", (PYTHON, "-c", "import click, sqlite3"))
RECORDING_IMPORTS = "import click, pydantic, eventsourcing.application, eventsourcing.sqlite"
BARE_RECORDING = Command("import click, pydantic, eventsourcing", (PYTHON, "-c", RECORDING_IMPORTS))


@dataclass
class Case:
    """One workload, and the stores that hold it."""

    made: Workload
    folder: Path
    name: str

    @property
    def ledger(self) -> Path:
        return self.folder / f"{self.name}.db"

    @property
    def raw(self) -> Path:
        return self.folder / f"{self.name}.raw.db"

    def journal(self, peer: Peer) -> Path:
        return self.folder / f"{self.name}.{peer.suffix}"

    @property
    def events(self) -> int:
        return self.made.events

    def importing(self, ledger: Path | None = None) -> Command:
        """`capital import` of the first file into a new ledger."""
        path = ledger or self.ledger
        argv = (*CAPITAL, str(path), "import", "--by", "Bench", str(self.made.lines))
        return Command("capital import", argv, lambda: new_ledger(path))

    def importing_for_commits(self, ledger: Path, rows: str) -> Command:
        """The same without the index, with or without commit rows."""
        module = (PYTHON, "-m", "benchmarks.children.without_commits", rows)
        argv = (*module, "--ledger", str(ledger), "import", "--by", "Bench", str(self.made.lines))
        return Command(f"{rows} commit rows", argv, lambda: new_ledger(ledger))

    def loading_raw(self) -> Command:
        """The same lines into raw tables."""
        module = (PYTHON, "-m", "benchmarks.children.load_raw")
        argv = (*module, str(self.made.lines), str(self.raw))
        return Command("raw sqlite3", argv, lambda: forget(self.raw))

    def check_all(self, *, late: bool) -> None:
        """Hold every count of every issuer against the generator's; after both files, or one."""
        known = self.made.answers if late else self.made.answers | self.made.first_known
        for day in ASKED_ON:
            run(self.asking_all(day, {i: c for (i, d), c in known.items() if d == day}))

    def import_late(self) -> None:
        """The second file: from here on BUSY has a state of earlier knowledge."""
        run(
            Command(
                "capital import",
                (*CAPITAL, str(self.ledger), "import", "--by", "Bench", str(self.made.late)),
            )
        )

    def asking(self, issuer: str, *, known_first: bool = False) -> Command:
        """`capital shares ISSUER --on DAY`, as a user types it."""
        known = self.made.first_known if known_first else self.made.answers
        argv = [*CAPITAL, str(self.ledger), "shares", issuer, "--on", str(DAY)]
        argv += ["--known-at", "1"] if known_first else []
        name = "capital shares --known-at" if known_first else "capital shares"
        return Command(name, argv, check=_answers({issuer: known[issuer, DAY]}))

    def asking_all(self, day: date = DAY, counts: dict[str, Counts] | None = None) -> Command:
        """`capital shares --all --on DAY`."""
        wanted = counts or {i: c for (i, d), c in self.made.answers.items() if d == day}
        argv = (*CAPITAL, str(self.ledger), "shares", "--all", "--on", str(day))
        return Command("capital shares --all", argv, check=_answers(wanted))

    def asking_raw(self, issuer: str) -> Command:
        """The same from the raw tables by a bare script."""
        known = self.made.answers | self.made.first_known  # raw holds the first file alone
        counts = known[issuer, DAY]
        script = str(ROOT / "benchmarks" / "children" / "ask_raw.py")
        argv = (PYTHON, script, str(self.raw), issuer, str(DAY))
        wanted = f"{counts.issued} {counts.treasury} {counts.outstanding}"
        return Command("raw sqlite3 query", argv, check=_says(wanted))

    def recording(self, *words: str) -> Command:
        """One recording command, each time as an event of its own."""
        argv = (*CAPITAL, str(self.ledger), *words, "--by", "Bench")
        return Command(
            "capital " + " ".join(words[:2]),
            argv,
            check=_says("entry "),
            fresh=lambda: ("--key", f"bench-{next(KEYS)}"),
        )

    def auditing(self, *what: str, says: str = "") -> Command:
        """`capital audit …` over the whole ledger."""
        argv = (*CAPITAL, str(self.ledger), "audit", *what)
        return Command(f"capital audit {' '.join(what)}", argv, check=_says(says))

    def replaying_bare(self) -> Command:
        """The bound of a replay."""
        argv = (PYTHON, "-m", "benchmarks.children.bare_replay", str(self.ledger))

        def check(text: str) -> None:
            if int(text) <= self.events:  # the register's entries are rows too
                raise WrongAnswer(f"{text.strip()} rows were read, of {self.events:,} events")

        return Command("bare replay loop", argv, check=check)

    def forget(self) -> None:
        """Remove everything of this case."""
        forget(self.ledger)
        forget(self.raw)
        for peer in PEERS:
            self.journal(peer).unlink(missing_ok=True)
        self.made.lines.unlink(missing_ok=True)
        self.made.late.unlink(missing_ok=True)


def case_of(folder: Path, size: int) -> Case:
    """A workload of 1,000 issuers with journals for the peers; nothing imported yet."""
    with ExitStack() as stack:
        written = journals(folder, str(size), stack)
        return Case(write(folder, size, journals=written), folder, str(size))


def solo_case(folder: Path) -> Case:
    """One company alone, imported."""
    with ExitStack() as stack:
        made = write_solo(folder, journals=journals(folder, "solo", stack))
    case = Case(made, folder, "solo")
    run(case.importing())
    case.check_all(late=True)
    return case


def program_case(folder: Path, size: int) -> Case:
    """One company whose one program has so many events, imported."""
    case = Case(write_program(folder, size), folder, f"program-{size}")
    run(case.importing())
    run(case.asking("PROG"))
    return case


def new_ledger(path: Path) -> None:
    """An empty ledger in place of what was there."""
    forget(path)
    subprocess.run(  # noqa: S603 - our own command
        [*CAPITAL, str(path), "init"],
        check=True,
        capture_output=True,
        env={"PYTHONPATH": str(ROOT)},
    )


def forget(path: Path) -> None:
    """Remove a database with what lies beside it."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _says(words: str) -> Callable[[str], None]:
    def check(text: str) -> None:
        if words not in text:
            raise WrongAnswer(f"{words!r} is not in: {text[-300:]}")

    return check


def _answers(wanted: dict[str, Counts]) -> Callable[[str], None]:
    """A check of the table that `capital shares` prints."""

    def check(text: str) -> None:
        lines = [re.split(r"\s{2,}", line.strip()) for line in text.splitlines()[2:]]
        found = {
            line[0]: tuple(int(cell.replace(",", "")) for cell in line[COLUMNS]) for line in lines
        }
        right = {issuer: (*counts, counts.outstanding) for issuer, counts in wanted.items()}
        if found != right:
            wrong = [i for i in {*found, *right} if found.get(i) != right.get(i)]
            raise WrongAnswer(
                f"{len(wrong)} issuers differ, such as {wrong[0]}: {found.get(wrong[0])} is "
                f"answered, {right.get(wrong[0])} is right"
            )

    return check
