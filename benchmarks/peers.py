"""The same movements of shares as journals of hledger, ledger-cli and beancount.

Plain-text accounting is what a treasurer may keep today: one file, asked by one command. Each
movement is one transaction between three accounts of its issuer, so that holdings balance:

    Equity:Issued = -issued, Assets:Treasury = treasury, Assets:Holders = outstanding

Only what moves shares is written, so a journal holds fewer entries than the ledger holds events
(no dividends, resolutions or approvals), which favours the peer. A correction is, as in the ledger,
the wrong entry, its reversal and the right one. The question is the same: the shares of one issuer
at the end of one day; every answer is checked. A program that is not installed is left out, and
the report says so.
"""

from __future__ import annotations

import csv
import os
import shutil
from abc import ABC, abstractmethod
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar, TextIO

from benchmarks.company import OPENED_ON, Step
from benchmarks.measure import Command, WrongAnswer
from benchmarks.tally import Counts

ISSUED, TREASURY, HOLDERS = "Equity:Issued", "Assets:Treasury", "Assets:Holders"
COMMODITY = "SHARES"


class Peer(ABC):
    """One program: how a movement is written, how it is asked, how its answer reads."""

    name: ClassVar[str]
    program: ClassVar[str]
    suffix: ClassVar[str]

    @abstractmethod
    def begin(self, issuer: str) -> str:
        """What stands before the first transaction of an issuer."""

    @abstractmethod
    def title(self, day: date, what: str) -> str:
        """The first line of a transaction."""

    @abstractmethod
    def question(self, journal: Path, issuer: str, day: date) -> list[str]:
        """The arguments that ask for the shares of an issuer at the end of a day."""

    def environment(self) -> dict[str, str]:
        """What has to be set so that the question is cold."""
        return {}

    def found(self) -> str | None:
        """Where the program lies, if it is installed."""
        return shutil.which(self.program, path=os.pathsep.join(PLACES))

    def answer(self, text: str) -> dict[str, int]:
        """Shares by account, of lines of account and figure in CSV."""
        rows = [row for row in csv.reader(text.splitlines()) if len(row) > 1 and ":" in row[0]]
        return {row[0].strip(): int(row[1].split()[0]) for row in rows}

    def command(self, journal: Path, issuer: str, day: date, counts: Counts) -> Command:
        """The question, and the answer it must give."""
        program = self.found()
        assert program is not None
        wanted = {
            f"{ISSUED}:{issuer}": -counts.issued,
            f"{TREASURY}:{issuer}": counts.treasury,
            f"{HOLDERS}:{issuer}": counts.outstanding,
        }

        def check(text: str) -> None:
            if self.answer(text) != {account: n for account, n in wanted.items() if n}:
                raise WrongAnswer(f"{self.name} answers {text[:300]}, where {wanted} is right")

        return Command(
            self.name,
            [program, *self.question(journal, issuer, day)],
            check=check,
            environment=self.environment(),
        )


class Hledger(Peer):
    """hledger: `balance` up to a day, as CSV."""

    name = program = "hledger"
    suffix = "hledger"

    def begin(self, issuer: str) -> str:  # noqa: ARG002 - accounts need no opening
        return ""

    def title(self, day: date, what: str) -> str:
        return f"{day} {what}"

    def question(self, journal: Path, issuer: str, day: date) -> list[str]:
        end = day + timedelta(days=1)
        asked = ["-f", str(journal), "balance", f":{issuer}$", "-e", str(end)]
        return [*asked, "--flat", "--no-total", "-O", "csv"]


class LedgerCli(Peer):
    """ledger-cli: `balance` up to a day, formatted as CSV."""

    name, program = "ledger-cli", "ledger"
    suffix = "ledger"

    def begin(self, issuer: str) -> str:  # noqa: ARG002 - accounts need no opening
        return ""

    def title(self, day: date, what: str) -> str:
        return f"{day} {what}"

    def question(self, journal: Path, issuer: str, day: date) -> list[str]:
        end = day + timedelta(days=1)
        form = "%(account),%(quantity(scrub(display_total)))\n"
        asked = ["--args-only", "-f", str(journal), "balance", f"/:{issuer}$/", "-e", str(end)]
        return [*asked, "--flat", "--no-total", "--format", form]


class Beancount(Peer):
    """beancount: a sum by `bean-query`, the file parsed and booked anew."""

    name, program = "beancount", "bean-query"
    suffix = "beancount"

    def begin(self, issuer: str) -> str:
        accounts = (ISSUED, TREASURY, HOLDERS)
        return "".join(f"{OPENED_ON} open {account}:{issuer}\n" for account in accounts)

    def title(self, day: date, what: str) -> str:
        return f'{day} * "{what}"'

    def question(self, journal: Path, issuer: str, day: date) -> list[str]:
        words = f"SELECT account, sum(number) WHERE account ~ ':{issuer}$' AND date <= {day}"
        return ["-f", "csv", str(journal), f"{words} GROUP BY account"]

    def environment(self) -> dict[str, str]:
        return {"BEANCOUNT_DISABLE_LOAD_CACHE": "1"}


class CachedBeancount(Beancount):
    """The same from the cache that beancount keeps of a file it has read before."""

    name = "beancount, its cache"

    def environment(self) -> dict[str, str]:
        return {}


_OWN = os.environ.get("BENCH_BEANCOUNT")
PLACES = [*([f"{_OWN}/bin"] if _OWN else []), *os.get_exec_path()]
"""Where programs are looked for: beancount may live in a virtual environment of its own."""
PEERS: tuple[Peer, ...] = (Hledger(), LedgerCli(), Beancount(), CachedBeancount())


@dataclass
class Journal:
    """One peer's journal, written step by step beside the lines."""

    peer: Peer
    path: Path
    file: TextIO
    begun: str | None = None

    def take(self, step: Step) -> None:
        """Write the movement of a step, if it is one."""
        if step.move is None:
            return
        if step.line["event"] == "OpeningPositionStated":
            self.file.write(self.peer.begin(step.issuer))
        day, issued, treasury = step.move
        postings = {ISSUED: -issued, TREASURY: treasury, HOLDERS: issued - treasury}
        lines = [self.peer.title(day, step.line["event"])]
        lines += [f"  {a}:{step.issuer}  {n} {COMMODITY}" for a, n in postings.items() if n]
        self.file.write("\n".join(lines) + "\n\n")


def journals(folder: Path, name: str, stack: ExitStack) -> list[Journal]:
    """An open journal for each program that is installed; those of one form share a file."""
    folder.mkdir(parents=True, exist_ok=True)
    by_suffix = {peer.suffix: peer for peer in PEERS if peer.found()}
    paths = {suffix: folder / f"{name}.{suffix}" for suffix in by_suffix}
    return [
        Journal(peer, paths[s], stack.enter_context(paths[s].open("w", encoding="utf-8")))
        for s, peer in by_suffix.items()
    ]


def missing() -> list[str]:
    """The programs that are not installed."""
    return sorted({peer.program for peer in PEERS if not peer.found()})
