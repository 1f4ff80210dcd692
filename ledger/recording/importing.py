"""Import: files of lines, read and judged whole before anything is written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from unicodedata import normalize
from uuid import uuid4

from ledger.actions.issuer import IssuerRegistered
from ledger.errors import BadInput, LedgerError, Refused, StoreUnusable, WriteConflict
from ledger.events.event import Event
from ledger.events.recorded import Breach
from ledger.history.history import today_anywhere
from ledger.lines.line import KeyDeriver, line_order
from ledger.lines.parsing import BadLine, event_from, read_json
from ledger.proof.commit import Commit, Row
from ledger.recording.issuer_record import open_book
from ledger.recording.record import (
    Command,
    Draft,
    EventRefused,
    Receipt,
    RuleBroken,
    record,
    refuse,
)
from ledger.recording.spill import Place, Staging
from ledger.rules import no_acknowledgment_of
from ledger.store.ledger import Ledger
from ledger.values.look_alikes import Codes

PROBLEMS_SHOWN = 10
ISSUERS_SHOWN = 50


class Unreadable(NamedTuple):
    """A line that is no text."""

    text: str
    """As far as it can be shown."""
    why: str


@dataclass
class Staged:
    """One issuer's events of an import, in order of effect, and where each came from."""

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


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that cannot be read or recorded, and why."""

    place: Place
    issuer: str | None
    """None where not even that can be read."""
    message: str
    remedy: str | None = None


_ISSUER_FIRST = re.compile(r'\{"issuer":"([^"\\\x00-\x1f]+)"[,}]')
"""A line as exports write it: whose it is needs no reading of the rest."""


def _issuer_of(text: str) -> str | None:
    """Whose a line is, as far as it says so."""
    try:
        line = read_json(text)
    except BadLine:
        line = {}
    return _issuer_named(line, text)


def _is_text(code: str) -> bool:
    """Whether it can be written: JSON can spell halves of characters."""
    return not any("\ud800" <= character <= "\udfff" for character in code)


def _why_bad(text: str) -> str:
    try:
        event_from(read_json(text))
    except BadLine as problem:
        return str(problem)
    return "issuer: is missing"


def _read(staging: Staging, issuer: str) -> tuple[Staged, list[Problem]]:
    """One issuer's events, keyed and in order of effect; and which of its lines are bad."""
    staged = Staged()
    problems: list[Problem] = []
    before: Place | None = None
    for place, text in staging.lines_of(issuer):
        if before is None or place.file != before.file or place.line <= before.line:
            deriver = KeyDeriver.of_a_file()  # also of the same file, named twice
        before = place
        try:
            event = deriver.keyed(_acknowledging_rules(event_from(read_json(text))))
        except BadLine as problem:
            problems.append(Problem(place, issuer, str(problem)))
            continue
        first = staged.of_key.setdefault(event.key, event)
        if first is not event and first.content() != event.content():
            staged.clashes[event.key] = place
        staged.events.append(event)
        staged.places.setdefault(event.key, place)
    # Any order of lines gives the same entry; only events of one action, day and rank keep the
    # order they stand in, which is then the only one there is.
    staged.events.sort(key=line_order)
    return staged, problems


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


class Recorded(NamedTuple):
    """An issuer of which everything is recorded."""

    issuer: str
    commit: Commit | None
    """The commit that holds its events; None where every line was recorded before."""
    receipt: Receipt | None
    """Of an issuer that had to be judged again, because somebody recorded for it meanwhile."""


class Import:
    """An import: files are read, then every issuer is judged, then the good ones are recorded.

    Each of the three is an iterator, to be gone through in this order. What is bad is in
    `problems`. One entry an issuer, all or nothing: with `skip_bad` the other issuers are recorded,
    without it judging raises BadInput naming the lines that cannot be read, else Refused (or
    Unknown) naming the line that is refused, and nothing is recorded. Only a conflict with another
    writer can stop the recording itself.
    """

    def __init__(self, staging: Staging, by: str, *, skip_bad: bool = False) -> None:
        self.problems: list[Problem] = []
        self._staging = staging
        self._by = by
        self._stop = not skip_bad
        self._good: list[str] = []
        """The issuers that were judged good ..."""
        self._done = 0
        """... and how many of them are dealt with."""
        self._recorded: list[str] = []
        self._issuers: Codes | None = None
        """The issuers there are, read once, and only for an import that registers one."""

    def read(self, files: Iterable[tuple[str, Iterable[str | Unreadable]]]) -> Iterator[Progress]:
        """Read the lines of some files; raises BadInput where there is no line at all."""
        staging = self._staging
        for name, texts in files:
            for number, text in enumerate(texts, start=1):
                place = Place(name, number)
                if isinstance(text, Unreadable):
                    issuer = _issuer_named({}, text.text)
                    self.problems.append(Problem(place, issuer, text.why))
                elif (line := text.rstrip()) and not line.isspace():
                    found = _ISSUER_FIRST.match(line)
                    issuer = _issuer_of(line) if found is None else normalize("NFC", found[1])
                    if issuer is not None and _is_text(issuer):
                        staging.add(issuer, place, line)
                    else:
                        self.problems.append(Problem(place, issuer, _why_bad(line)))
                else:
                    continue
                staging.lines += 1
                if staging.lines % 10_000 == 0:
                    yield Progress("reading", staging.lines)
        if not staging.lines:
            raise BadInput("no line to import: the file is empty")

    def judge(self, ledger: Ledger) -> Iterator[Progress | Receipt]:
        """Judge every issuer; a receipt for each that is good."""
        bad = {problem.issuer for problem in self.problems}
        refused: _RefusedAt | None = None
        issuers = self._staging.issuers()
        for done, issuer in enumerate(issuers):
            yield Progress("judging", done, len(issuers))
            staged, unreadable = _read(self._staging, issuer)
            self.problems += unreadable
            if unreadable or issuer in bad or (self._stop and (self.problems or refused)):
                continue  # a line that cannot be read is told before what a rule refuses
            try:
                command = self._command(issuer, staged)
                draft, receipt = _judged(ledger, command, staged, self._new_issuer)
            except _RefusedAt as problem:
                refused = refused or problem
                if not self._stop:
                    self.problems.append(problem.problem)
                continue
            rows = ledger.rows(*draft.stored(receipt), was_text=True) if receipt.recorded else ()
            self._staging.keep(issuer, "rows", [tuple(row) for row in rows])  # a ninth of the time
            self._good.append(issuer)
            yield receipt
        self.problems.sort(key=lambda problem: (problem.place.file, problem.place.line))
        if self._stop and self.problems:
            shown = [f"{each.place}: {each.message}" for each in self.problems]
            raise BadInput(_listed(shown), "correct the lines; nothing was recorded")
        if self._stop and refused is not None:
            self.problems.append(refused.problem)
            raise refused.error from None

    def record(self, ledger: Ledger, *, dry_run: bool) -> Iterator[Progress | Recorded]:
        """Record the issuers that were judged good, one after the other; none in a dry run."""
        for done, issuer in enumerate(self._good):
            self._done = done
            yield Progress("recording", done, len(self._good))
            rows = [] if dry_run else [Row(*row) for row in self._staging.kept(issuer, "rows")]
            commit, receipt = None, None
            if rows:
                try:
                    commit = ledger.save_rows(rows)
                except WriteConflict:  # somebody recorded for this issuer since: judge again
                    again = self._command(issuer, _read(self._staging, issuer)[0])
                    receipt = record(ledger, again)
                    commit = receipt.commit
                self._recorded.append(issuer)
            yield Recorded(issuer, commit, receipt)

    @contextmanager
    def telling_what_is_left(self) -> Iterator[None]:
        """Whatever breaks off the recording inside says which issuers are in, and which not."""
        try:
            yield
        except LedgerError as error:
            raise type(error)(*self._broken_off(error.message)) from None
        except KeyboardInterrupt:
            raise Refused(*self._broken_off("stopped")) from None

    def _new_issuer(self, ledger: Ledger, issuer: str) -> None:
        """Refuse to register what is shown like another issuer; raises Refused."""
        if self._issuers is None:
            self._issuers = Codes(ledger.issuers())
        refuse(self._issuers.add(issuer), "the ledger")

    def _command(self, issuer: str, staged: Staged) -> Command:
        return Command(issuer, staged.events, self._by, repeats_are_hits=True)

    def _broken_off(self, why: str) -> tuple[str, str]:
        """What an import that ends early says, and what to do."""
        before, left = _some(self._recorded) or "nothing", self._good[self._done :]
        after = _some([issuer for issuer in left if issuer not in self._recorded[-1:]])
        message = f"{why}\nrecorded before this: {before}; not recorded: {after}"
        return (
            message,
            "run the same command again to record the rest; recorded events are not added twice",
        )


def _listed(problems: list[str]) -> str:
    shown = problems[:PROBLEMS_SHOWN]
    if len(problems) > len(shown):
        shown.append(f"... and {len(problems) - len(shown)} more lines that cannot be read")
    return "\n".join(shown)


def _some(issuers: Sequence[str]) -> str:
    more = len(issuers) - ISSUERS_SHOWN
    shown = ", ".join(issuers[:ISSUERS_SHOWN])
    return f"{shown} and {more:,} more" if more > 0 else shown


def _judged(
    ledger: Ledger, command: Command, of_issuer: Staged, new_issuer: Callable[[Ledger, str], None]
) -> tuple[Draft, Receipt]:
    opens = any(isinstance(event, IssuerRegistered) for event in command.events)
    try:
        book = open_book(ledger, command.issuer, new=opens)
        if not book.register:
            new_issuer(ledger, command.issuer)
        draft = Draft(book, command, str(uuid4()), today_anywhere(datetime.now(UTC)))
        return draft, draft.judged()
    except RuleBroken as broken:
        raise _RefusedAt(
            command.issuer, _place_of(broken.breaches[0], of_issuer), broken, Refused
        ) from None
    except EventRefused as conflict:
        place = of_issuer.clashes.get(conflict.key) or of_issuer.places[conflict.key]
        raise _RefusedAt(command.issuer, place, conflict, Refused) from None
    except StoreUnusable:
        raise
    except LedgerError as error:
        raise _RefusedAt(
            command.issuer, next(iter(of_issuer.places.values())), error, type(error)
        ) from None


class _RefusedAt(Exception):
    """An issuer's events are refused, at a line."""

    def __init__(
        self, issuer: str, place: Place, cause: LedgerError, kind: type[LedgerError]
    ) -> None:
        super().__init__(cause.message)
        self.problem = Problem(place, issuer, cause.message, cause.remedy)
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
