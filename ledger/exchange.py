"""Import and export: files of lines, read and judged whole before anything is written."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from unicodedata import normalize
from uuid import uuid4

from ledger.actions.issuer import IssuerRegistered
from ledger.book import open_book
from ledger.errors import BadInput, LedgerError, Refused, StoreUnusable, WriteConflict
from ledger.event import Event
from ledger.fact import Breach
from ledger.lines import KeyDeriver, line_order
from ledger.parsing import BadLine, event_from, read_json
from ledger.recording import Command, Draft, EventRefused, Receipt, RuleBroken, record
from ledger.rules import no_acknowledgment_of
from ledger.store import Ledger
from ledger.timeline import today_anywhere

PROBLEMS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Staged:
    """One issuer's events of an import, and where each came from."""

    events: list[Event] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    of_key: dict[str, Event] = field(default_factory=dict)
    """The first event of each key."""
    clashes: dict[str, Place] = field(default_factory=dict)
    """Where a key names another event than on its first line."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long import has come, for whoever shows it."""

    stage: str
    done: int
    of: int | None = None


def no_progress(_: Progress) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that cannot be read or recorded, and why."""

    place: Place
    issuer: str | None
    """None where not even that can be read."""
    message: str
    remedy: str | None = None


@dataclass
class Reading:
    """What was read of some files: each issuer's events, in order of effect, and what is bad."""

    staged: dict[str, Staged]
    problems: list[Problem]
    lines: int

    def all_good(self) -> dict[str, Staged]:
        """Every issuer's events; raises BadInput where a line is bad or there is none."""
        if self.problems:
            shown = [f"{each.place}: {each.message}" for each in self.problems]
            raise BadInput(_listed(shown), "mend the lines; nothing was recorded")
        self.some()
        return self.staged

    def good_issuers(self) -> dict[str, Staged]:
        """The events of the issuers none of whose lines is bad; raises BadInput of no lines."""
        self.some()
        bad = {problem.issuer for problem in self.problems}
        return {code: staged for code, staged in self.staged.items() if code not in bad}

    def some(self) -> None:
        """Refuse files without a line."""
        if not self.lines:
            raise BadInput("no line to import: the file is empty")


def read_files(
    files: Iterable[tuple[str, Iterable[str]]], watch: Callable[[Progress], None] = no_progress
) -> Reading:
    """The events of some files, by issuer, keyed and in order of effect."""
    staged: dict[str, Staged] = defaultdict(Staged)
    problems: list[Problem] = []
    lines = 0
    for name, texts in files:
        deriver = KeyDeriver.of_a_file()
        for number, text in enumerate(texts, start=1):
            if not text.strip():
                continue
            lines += 1
            line: dict[str, object] = {}
            try:
                line = read_json(text)
                event = deriver.keyed(_acknowledging_rules(event_from(line)))
            except BadLine as problem:
                issuer = _issuer_named(line, text)
                problems.append(Problem(Place(name, number), issuer, str(problem)))
                continue
            of_issuer = staged[event.issuer]
            first = of_issuer.of_key.setdefault(event.key, event)
            if first is not event and first.content() != event.content():
                of_issuer.clashes[event.key] = Place(name, number)
            of_issuer.events.append(event)
            of_issuer.places.setdefault(event.key, Place(name, number))
            if lines % 1000 == 0:
                watch(Progress("reading", lines))
    for of_issuer in staged.values():
        # Any order of lines gives the same entry; only events of one action, day and rank keep
        # the order they stand in, which is then the only one there is.
        of_issuer.events.sort(key=line_order)
    return Reading(dict(staged), problems, lines)


_ISSUER = re.compile(r'"issuer"\s*:\s*("(?:[^"\\]|\\.)*")')


def _issuer_named(line: dict[str, object], text: str) -> str | None:
    """Whose a bad line is, as far as it says so: all of that issuer's lines are left out."""
    code = line.get("issuer")
    if not line and (found := _ISSUER.search(text)) is not None:
        try:
            code = json.loads(found[1])
        except ValueError:
            return None
    return normalize("NFC", code) if isinstance(code, str) else None


def _acknowledging_rules(event: Event) -> Event:
    """The event, if it acknowledges only what can be; raises BadLine."""
    for acknowledged in event.acknowledged:
        problem = no_acknowledgment_of(acknowledged.rule)
        if problem is not None:
            raise BadLine("acknowledged", problem)
    return event


def _listed(problems: list[str]) -> str:
    shown = problems[:PROBLEMS_SHOWN]
    if len(problems) > len(shown):
        shown.append(f"... and {len(problems) - len(shown)} more lines that cannot be read")
    return "\n".join(shown)


def import_lines(
    ledger: Ledger,
    staged: dict[str, Staged],
    *,
    by: str,
    dry_run: bool = False,
    bad: list[Problem] | None = None,
    skip_bad: bool = False,
    watch: Callable[[Progress], None] = no_progress,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Receipt]:
    """Judge every issuer's events, then record them: one entry an issuer, all or nothing.

    What is refused goes to `bad` too; with `skip_bad`, the other issuers are recorded. Raises
    Refused (or Unknown) naming file and line, and then nothing is recorded; only a conflict with
    another writer can stop the writing itself, and says which issuers are in.
    """
    judged: list[tuple[Command, Draft, Receipt]] = []
    for done, (issuer, of_issuer) in enumerate(sorted(staged.items())):
        watch(Progress("judging", done, len(staged)))
        command = Command(issuer, of_issuer.events, by, repeats_are_hits=True)
        try:
            judged.append((command, *_judged(ledger, command, of_issuer, clock)))
        except _RefusedAt as refused:
            if bad is not None:
                bad.append(Problem(refused.place, issuer, refused.message, refused.error.remedy))
            if not skip_bad:
                raise refused.error from None
    receipts: list[Receipt] = []
    for done, (command, draft, receipt) in enumerate(judged):
        watch(Progress("recording", done, len(judged)))
        if dry_run or not receipt.recorded:
            receipts.append(receipt)
            continue
        try:
            try:
                receipts.append(draft.saved(receipt))
            except WriteConflict:  # somebody recorded for this issuer since: judge again
                receipts.append(record(ledger, command, clock=clock))
        except LedgerError as error:
            left = [command.issuer for command, _, _ in judged[done:]]
            raise type(error)(*_broken_off(error.message, receipts, left)) from None
        except KeyboardInterrupt:
            left = [command.issuer for command, _, _ in judged[done:]]
            raise Refused(*_broken_off("stopped", receipts, left)) from None
    return receipts


def _broken_off(why: str, receipts: Sequence[Receipt], left: Sequence[str]) -> tuple[str, str]:
    """What an import that ends early says, and what to do."""
    recorded = [receipt.issuer for receipt in receipts if receipt.entry is not None]
    before, after = ", ".join(recorded) or "nothing", ", ".join(left)
    message = f"{why}\nrecorded before this: {before}; not recorded: {after}"
    return message, "the same command finishes the rest: what is recorded is a hit"


def _judged(
    ledger: Ledger, command: Command, of_issuer: Staged, clock: Callable[[], datetime]
) -> tuple[Draft, Receipt]:
    opens = any(isinstance(event, IssuerRegistered) for event in command.events)
    try:
        book = open_book(ledger, command.issuer, new=opens)
        draft = Draft(book, command, str(uuid4()), today_anywhere(clock()))
        return draft, draft.judged()
    except RuleBroken as broken:
        raise _RefusedAt(_place_of(broken.breaches[0], of_issuer), broken, Refused) from None
    except EventRefused as conflict:
        place = of_issuer.clashes.get(conflict.key) or of_issuer.places[conflict.key]
        raise _RefusedAt(place, conflict, Refused) from None
    except StoreUnusable:
        raise
    except LedgerError as error:
        raise _RefusedAt(next(iter(of_issuer.places.values())), error, type(error)) from None


class _RefusedAt(Exception):
    """An issuer's events are refused, at a line."""

    def __init__(self, place: Place, cause: LedgerError, kind: type[LedgerError]) -> None:
        super().__init__(cause.message)
        self.place = place
        self.message = cause.message
        self.error = kind(f"{place}: {cause.message}", cause.remedy)


def _place_of(breach: Breach, of_issuer: Staged) -> Place:
    """The line that breaks a rule; where an event recorded before breaks, the line nearest to it.

    Nearest is the last line of the same action up to that day, else of the issuer.
    """
    if breach.key in of_issuer.places:
        return of_issuer.places[breach.key]
    by_then = [event for event in of_issuer.events if event.on <= breach.on] or of_issuer.events
    of_action = [event for event in by_then if event.action == breach.action]
    return of_issuer.places[(of_action or by_then)[-1].key]
