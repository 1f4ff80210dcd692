"""Each goal as one measurement: what is run against what, and how far it may be behind.

Every function yields rows; the first command of a pair is ours, the second what it is held against.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.cases import BARE_QUERY, BARE_RECORDING, DAY, PASS, Case, forget
from benchmarks.measure import (
    Command,
    Pair,
    Series,
    growth_exponent,
    interleaved,
    paired,
    run,
)
from benchmarks.peers import PEERS, Peer
from benchmarks.report import MEGABYTE, TOLD, Goal, Row, figure, ratio
from benchmarks.workload import ASKED, BUSY, PROGRAM

MILLION = 10**6
PEERS_FROM = 100_000  # events: where we have to be a hundred times ahead
LEDGER_CLI_FROM = 27_000
COMMITS_AT = 100_000  # events, at most: where the cost of the commit row is measured
PURCHASE = ("--on", "2026-01-05", "--shares", "100")


@dataclass
class Effort:
    """How often something is run."""

    times: int
    """Runs of what is quick."""
    enough: float
    """Seconds of processor time after which a command is not run again."""
    notes: list[str] = field(default_factory=list)
    """What could not be measured, and why."""

    def note(self, what: str) -> None:
        """Say it once."""
        if what not in self.notes:
            self.notes.append(what)

    def pair(self, one: Command, other: Command) -> Pair:
        """Two commands in turn; the first run of each is not counted."""
        return paired(one, other, times=self.times, enough=self.enough)

    def long_pair(self, one: Command, other: Command) -> Pair:
        """Two commands that take long: at least one run of each, and every run is counted."""
        return paired(one, other, times=self.times, enough=self.enough, warm=False)


def importing(case: Case, effort: Effort) -> tuple[list[Row], Series]:
    """Import with every rule, against parsing and inserting the same lines raw.

    Both read the same file and put it durably into a new SQLite file; the raw loader trusts every
    line and keeps running balances, so it answers the same questions. The answers of both are
    checked for every issuer (ours) and for two issuers (raw).
    """
    pair = effort.long_pair(case.importing(), case.loading_raw())
    case.check_all(late=False)
    run(case.asking_raw(ASKED))
    run(case.asking_raw(BUSY))
    case.import_late()
    case.check_all(late=True)
    rows = [ratio("import", case.events, pair, Goal(at_most=5, stretch=3))]
    goal = Goal(at_most=300) if case.events >= MILLION else TOLD
    rows.append(figure("import, memory", case.events, pair.one.peak / MEGABYTE, "MB", goal))
    return rows, pair.one


def growth(imports: dict[int, Series], effort: Effort) -> Iterator[Row]:
    """The slope of processor time over events, the bare imports taken off: 1 is linear.

    What it costs to start would flatter the exponent at the small end.
    """
    sizes = sorted(imports)
    if sizes[0] == sizes[-1]:
        effort.note("the growth exponent needs two sizes")
        return
    start = interleaved([BARE_RECORDING], times=effort.times)[0].best
    points = {size: imports[size].best - start for size in sizes}
    slope = growth_exponent(points)
    yield figure("import, growth exponent", sizes[-1], slope, "slope", Goal(at_most=1.05))


def commit_row_pair(case: Case, effort: Effort) -> Iterator[Row]:
    """An import with the commit row of each transaction, and the same with none.

    `benchmarks.children.without_commits` runs `capital import` both ways, the index left out;
    without, it replaces the one function that makes the row. Everything else is the same.
    """
    with_commits = case.folder / "with-commits.db"
    without = case.folder / "without-commits.db"
    pair = effort.long_pair(
        case.importing_for_commits(with_commits, "with"),
        case.importing_for_commits(without, "without"),
    )
    yield ratio("import, commit row on / off", case.events, pair, Goal(at_most=1.25))
    forget(with_commits)
    forget(without)


def asking(case: Case, effort: Effort) -> Iterator[Row]:
    """Cold questions, against the least a command of click and sqlite3 can start with."""
    pair = effort.pair(case.asking(ASKED), BARE_QUERY)
    goal = Goal(at_most=1.3)
    yield ratio("shares ISSUER --on D", case.events, pair, goal)
    every = effort.pair(case.asking_all(), BARE_QUERY)
    yield ratio("shares --all --on D", case.events, every, Goal(at_most=2))
    earlier = effort.pair(case.asking(BUSY, known_first=True), case.asking(BUSY))
    yield ratio("shares BUSY --known-at 1", case.events, earlier, Goal(at_most=2))
    raw = effort.pair(case.asking_raw(ASKED), PASS)
    yield ratio("raw sqlite3 query", case.events, raw)


def flatness(smallest: Case, largest: Case, effort: Effort) -> Iterator[Row]:
    """The same question of the largest and of the smallest ledger: no more than a tenth apart.

    The tenth is for the noise of two cold processes; nothing else may grow.
    """
    pair = effort.pair(largest.asking(ASKED), smallest.asking(ASKED))
    what = f"shares ISSUER, against {smallest.events:,} events"
    yield ratio(what, largest.events, pair, Goal(at_most=1.1))


def peers(case: Case, effort: Effort) -> Iterator[Row]:
    """How many times our processor time each peer takes for the same question."""
    for peer in PEERS:
        if peer.found():
            counts = case.made.answers[ASKED, DAY]
            question = peer.command(case.journal(peer), ASKED, DAY, counts)
            pair = effort.pair(question, case.asking(ASKED))
            yield ratio(f"{peer.name} / shares ISSUER", case.events, pair, _ahead(peer, case))


def _ahead(peer: Peer, case: Case) -> Goal:
    if peer.name in ("hledger", "beancount") and case.events >= PEERS_FROM:
        return Goal(at_least=100)
    if peer.name == "ledger-cli" and case.events >= LEDGER_CLI_FROM:
        return Goal(at_least=1)
    return TOLD


def solo(case: Case, effort: Effort) -> Iterator[Row]:
    """One company's own ledger against its own journal: the honest rival.

    The journal holds its movements alone, the ledger also its dividends and resolutions.
    """
    issuer, counts = next((i, c) for (i, d), c in case.made.answers.items() if d == DAY)
    for peer in PEERS:
        if peer.found():
            question = peer.command(case.journal(peer), issuer, DAY, counts)
            goal = Goal(at_most=1.5, stretch=1.1) if peer.name == "ledger-cli" else TOLD
            pair = effort.pair(case.asking(issuer), question)
            yield ratio(f"shares of one company / {peer.name}", case.events, pair, goal)


def recording(case: Case, effort: Effort) -> Iterator[Row]:
    """One event recorded cold, against what its imports cost; earlier answers stay as they are."""
    words = ("acquisition", "acquire", ASKED, "odd-lots-2026", *PURCHASE, "--cause", "ODD_LOT")
    pair = effort.pair(case.recording(*words), BARE_RECORDING)
    yield ratio("recording one event", case.events, pair, Goal(at_most=1.5))
    run(case.asking(ASKED))


def recording_into(small: Case, large: Case, effort: Effort) -> Iterator[Row]:
    """A purchase recorded into a program of 2,500 events and into one of 250."""
    words = ("repurchase", "purchase", *PROGRAM, *PURCHASE, "--amount", "1234.50")
    pair = effort.pair(large.recording(*words), small.recording(*words))
    what = f"recording into {large.events:,} / {small.events:,} events"
    yield ratio(what, large.events, pair, Goal(at_most=1.3))


def auditing(case: Case, effort: Effort) -> Iterator[Row]:
    """A full replay against the bare loop, and verification against the replay.

    The bare loop is to reach some 130,000 events/s and the replay 100,000: 1.3 times.
    """
    replay = case.auditing("replay", "--quiet", says="every count agrees")
    pair = effort.long_pair(replay, case.replaying_bare())
    yield ratio("audit replay", case.events, pair, Goal(at_most=1.3))
    for series in (pair.one, pair.other):
        what = f"{series.command.name}, events/s, its start included"
        yield figure(what, case.events, case.events / series.best, "/s")
    verify = effort.long_pair(case.auditing("verify"), replay)
    yield ratio("audit verify", case.events, verify, Goal(at_most=2))


def starts(effort: Effort) -> Iterator[Row]:
    """What a bare start costs: the three bounds, in runs of `python -c pass`."""
    for bare in (BARE_QUERY, BARE_RECORDING):
        yield ratio(f"bare start: {bare.name}", 0, effort.pair(bare, PASS))


def biggest_for_commits(cases: Sequence[Case]) -> Case:
    """The largest case that is not larger than the goal asks for."""
    fitting = [case for case in cases if case.events <= COMMITS_AT]
    return max(fitting or cases[:1], key=lambda case: case.events)
