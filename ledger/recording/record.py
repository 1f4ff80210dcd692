"""Recording a command: placed in a book, judged whole, saved as one entry or not at all."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import ValidationError

from ledger.actions.issuer import IssuerRegistered
from ledger.errors import BadInput, Refused, StoreUnusable, Unknown, WriteConflict, quoted, shown
from ledger.events.entry import Covered, Entry, version_ranges
from ledger.events.event import Event, EventReversed, StoredReference
from ledger.events.kinds import EVENTS
from ledger.events.recorded import Breach, EntryLine, Fact
from ledger.history.history import History, today_anywhere
from ledger.lines.line import derived_key, with_target
from ledger.proof.commit import Commit
from ledger.recording.issuer_record import Book, open_book
from ledger.rules import RULES, Kind, judge, new_breaches
from ledger.values.fields import Key, Line, Source
from ledger.values.look_alikes import Pair, look_alike
from ledger.values.problems import problem_in_words, problem_of_text

if TYPE_CHECKING:
    from ledger.store.ledger import Ledger

ATTEMPTS = 20
LONGEST_PAUSE_SECONDS = 0.25
UNDATED = datetime.min.replace(tzinfo=UTC)


class EventRefused(Refused):
    """One event cannot be what it says it is; nothing was recorded."""

    def __init__(self, key: str, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.key = key


class RuleBroken(Refused):
    """A command would break a rule; nothing was recorded."""

    def __init__(
        self, breaches: Sequence[Breach], *, guarded: bool, cause: Event | None = None
    ) -> None:
        """`cause` is what was asked for, where what would break is another event."""
        first = breaches[0]
        more = f" (and {len(breaches) - 1} more)" if len(breaches) > 1 else ""
        remedy = first.remedy or ""
        if guarded:
            way = f"--acknowledge {first.rule} --reason TEXT"
            remedy = f"{remedy}; a fact that breaks the rule is recorded with: {way}"
        asked = "" if cause is None else f" (asked: {cause.name} of {cause.action} on {cause.on})"
        super().__init__(f"{first.rule}: {first.message}{asked}{more}", remedy or None)
        self.breaches = breaches


def checked(kind: Any, text: Any, what: str) -> None:
    """Refuse what could not be stored and read back; raises BadInput."""
    problem = problem_of_text(kind, text)
    if problem is not None:
        raise BadInput(f"{what} {_quoted(text)}: {problem}")


def _quoted(text: Any) -> str:
    return repr(text[:60]) if isinstance(text, str) else shown(text)


@dataclass(frozen=True)
class Command:
    """What somebody wants recorded for one issuer, all or nothing."""

    issuer: str
    events: Sequence[Event]
    by: str
    source: Source | None = None
    key: str | None = None
    """Names the entry: its events are K, K/2, ...; the same command again adds nothing."""
    repeats_are_hits: bool = False
    """For files: an event stored already is reported as a hit. A typed command is refused."""

    def __post_init__(self) -> None:
        """Check the words that go into the register; raises BadInput."""
        checked(Line, self.by, "--by")
        if self.source is not None:
            checked(Source, self.source, "the source")
        if self.key is not None:
            checked(Key, self.key, "--key")
            checked(Key, f"{self.key}/{len(self.events)}", "--key")


@dataclass
class Receipt:
    """What recording a command did, or would do."""

    issuer: str
    before: History
    after: History
    entry: EntryLine | None = None
    """None where every event was recorded already, or for a dry run."""
    commit: Commit | None = None
    """The transaction of the entry; of the earlier one, where all was recorded by one before."""
    recorded: list[Fact] = field(default_factory=list)
    hits: list[Fact] = field(default_factory=list)
    warnings: list[Breach] = field(default_factory=list)
    covered: list[Covered] = field(default_factory=list)


def record(
    ledger: Ledger,
    command: Command,
    *,
    dry_run: bool = False,
    book: Book | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Receipt:
    """Record a command as one entry, or find that it was recorded before.

    `book`, the issuer's as it was read a moment ago, spares reading it again for the first attempt.
    A writer that loses a race looks again, judges again and retries, within a bound. Raises
    Refused (a rule, a conflict of keys), Unknown (the issuer), StoreUnusable; then nothing of the
    command is recorded.
    """
    events = [checked_event(event, command.issuer) for event in command.events]
    command = replace(command, events=events)
    entry_key = command.key or str(uuid4())
    opens = any(isinstance(event, IssuerRegistered) for event in command.events)
    for attempt in range(ATTEMPTS):
        if book is None or attempt:
            book = open_book(ledger, command.issuer, new=opens)
        ours = next((line for line in book.history.entries if line.key == entry_key), None)
        if ours is not None and attempt and command.key is None:
            # The earlier attempt was saved and only its acknowledgment was lost.
            ledger.confirm()
            facts = [fact for fact in book.history.facts if fact.entry is ours]
            commit = ledger.commit_of(command.issuer, ours.number)
            return Receipt(command.issuer, book.history, book.history, ours, commit, facts)
        if not book.register:
            refuse(look_alike([command.issuer], ledger.issuers()), "the ledger")
        draft = Draft(book, command, entry_key, today_anywhere(clock()))
        receipt = draft.judged()
        entries = {hit.entry.number for hit in receipt.hits}
        if not receipt.recorded and len(entries) == 1:
            receipt.commit = ledger.commit_of(command.issuer, *entries)
        if dry_run:
            return receipt
        if not receipt.recorded:
            ledger.confirm()
            return receipt
        try:
            return draft.saved(receipt)
        except WriteConflict:
            pause = min(LONGEST_PAUSE_SECONDS, 0.005 * 2**attempt)
            time.sleep(pause * (0.5 + random.random() / 2))  # noqa: S311 - spreads writers out
    raise StoreUnusable(
        f"another writer recorded for {command.issuer} first, {ATTEMPTS} times in a row; nothing "
        "was recorded",
        "try again",
    )


def refuse(pair: Pair | None, holder: str) -> None:
    """Refuse a code that is shown like another of its holder; raises Refused."""
    if pair is not None:
        raise Refused(*pair.told(holder))


def checked_event(event: Event, issuer: str) -> Event:
    """The event with every field checked again, as a typed or imported one is.

    An event made in Python may have got round its checks. Raises BadInput, naming the field, its
    value and what is wrong with it.
    """
    name = type(event).__name__
    if EVENTS.get(name) is not type(event):
        raise BadInput(f"{shown(event)} is not an event; nothing was recorded")
    try:
        read = event.checked()
    except ValidationError as error:
        problem = problem_in_words(error, type(event))
        raise BadInput(f"{name}: {problem}; nothing was recorded") from None
    if read.issuer != issuer:
        raise BadInput(
            f"{read.name} of {read.action} belongs to issuer {read.issuer}, but the entry is for "
            f"{issuer}; nothing was recorded",
            "record one entry for each issuer",
        )
    return read


class Draft:
    """A command at its place in a book, before it is saved."""

    def __init__(self, book: Book, command: Command, entry_key: str, today: date) -> None:
        self.book = book
        self.command = command
        self.today = today
        number = len(book.register) + 1
        now = book.history.entries[-1].recorded_at if book.history.entries else UNDATED
        self.line = EntryLine(number, now, command.by, command.source, entry_key)
        self.hits: list[Fact] = []
        self.new: list[Fact] = []
        self.opened: dict[str, Event] = {}
        """The first new event of each action."""
        self._place()

    def _place(self) -> None:
        """Give each event its key and version; set aside those recorded before."""
        history = self.book.history
        versions = {reference: len(log) for reference, log in self.book.actions.items()}
        by_key = dict(history.by_key)
        for position, typed in enumerate(self.command.events, start=1):
            event = self._keyed(self._resolved(typed), position)
            known = by_key.get(event.key)
            if known is not None:
                if known.event.content() != event.content() or known.event.name != event.name:
                    raise _conflict(event, known)
                self.hits.append(known)
                continue
            self._same_action(event)
            versions[event.action] = versions.get(event.action, 0) + 1
            placed = event.numbered(versions[event.action], event.key)
            self.opened.setdefault(placed.action, placed)
            fact = Fact(placed, self.line, len(self.new) + 1)
            by_key[event.key] = fact
            self.new.append(fact)
        self._not_alike()

    def _not_alike(self) -> None:
        """A new action or class is not shown like another of the issuer's; raises EventRefused."""
        held = self.book.actions
        pair = look_alike([new for new in self.opened if new not in held], held)
        if pair is not None:
            raise EventRefused(self.opened[pair.code].key, *pair.told(self.book.issuer))
        classes = {f.event.share_class: f.event.key for f in reversed(self.new)}
        known = self.book.history.classes_ever
        pair = look_alike([new for new in classes if new and new not in known], known)
        if pair is not None:
            raise EventRefused(classes[pair.code], *pair.told(self.book.issuer))

    def _resolved(self, event: Event) -> Event:
        """A reversal by version, made one by key."""
        if not isinstance(event, EventReversed) or not isinstance(
            reference := event.reverses, StoredReference
        ):
            return event
        for fact in self.book.history.facts:
            if (fact.event.action, fact.event.version) == (reference.action, reference.version):
                return with_target(event, fact)
        raise Unknown(
            f"{event.issuer} {reference.action} has no event {reference.version}",
            f"see them with: capital action {quoted(event.issuer)} {quoted(reference.action)}",
        )

    def _keyed(self, event: Event, position: int) -> Event:
        if event.key:
            return event
        if self.command.key is not None:
            suffix = "" if position == 1 else f"/{position}"
            return event.replaced(key=self.command.key + suffix)
        history, ordinal = self.book.history, 1
        while (key := derived_key(event, ordinal)) in history.by_key:
            if key not in history.reversed_by and not self.command.repeats_are_hits:
                known = history.by_key[key]
                raise Refused(
                    f"idempotent: the same {event.name} of {event.action} on {event.on} is "
                    f"recorded already, by entry {known.entry.number}; nothing was recorded",
                    "if this is a second, equal event, give it a different key: --key KEY",
                )
            ordinal += 1
        return event.replaced(key=key)

    def _same_action(self, event: Event) -> None:
        """An action keeps its kind and its class; a reversal belongs to a known action."""
        first = self.book.actions.get(event.action)
        other = first[0] if first is not None else self.opened.get(event.action)
        if isinstance(event, EventReversed):
            if other is None:
                raise Unknown(
                    f"{event.issuer} has no action {event.action!r}",
                    f"see them with: capital actions {quoted(event.issuer)}",
                )
        elif other is not None and not isinstance(other, EventReversed):
            kind, kept = event.action_type.kind, other.action_type.kind
            if kind != kept:
                raise EventRefused(
                    event.key,
                    f"one-kind-one-class: {event.action} of {event.issuer} is {_a(kept)}, and "
                    f"{event.name} belongs to {_a(kind)}",
                    "give the new action a different reference",
                )
            if event.share_class != other.share_class:
                raise EventRefused(
                    event.key,
                    f"one-kind-one-class: {event.action} of {event.issuer} is of class "
                    f"{other.share_class}, not {event.share_class}",
                    "give the new action a different reference",
                )

    def judged(self) -> Receipt:
        """Judge the whole timeline with the new events in it.

        Raises RuleBroken for what the command would newly break and does not acknowledge.
        """
        before = self.book.history
        after = before.with_entry(self.line, self.new) if self.new else before
        receipt = Receipt(self.book.issuer, before, after, recorded=self.new, hits=self.hits)
        if not self.new:
            return receipt
        if not (_registered(before) or _registered(after)):
            raise Refused(
                f"{self.book.issuer} is not registered without this event",
                f"register it with: capital issuer register {quoted(self.book.issuer)} --name ... "
                "--currency ... --profile ...",
            )
        broken = judge(after, self.today)
        fresh = new_breaches(judge(before, self.today), broken) if broken else []
        reasons = {
            acknowledged.rule: acknowledged.reason
            for fact in self.new
            for acknowledged in fact.event.acknowledged
        }
        refused = [b for b in fresh if RULES[b.rule].kind is Kind.REFUSED]
        if refused:
            raise RuleBroken(refused, guarded=False, cause=self._cause(refused[0]))
        guarded = [b for b in fresh if RULES[b.rule].kind is Kind.GUARDED]
        guarded = [b for b in guarded if not self._answered_before(b, after)]
        if unanswered := [b for b in guarded if b.rule not in reasons]:
            raise RuleBroken(unanswered, guarded=True, cause=self._cause(unanswered[0]))
        receipt.covered = [
            Covered(
                rule=b.rule,
                action=b.action,
                key=b.key,
                reason=_own_reason(after, b) or reasons[b.rule],
            )
            for b in {b.identity: b for b in guarded}.values()
        ]
        receipt.warnings = [b for b in fresh if RULES[b.rule].kind is Kind.WARNING]
        return receipt

    def _answered_before(self, breach: Breach, after: History) -> bool:
        """Whether a stored event, or the entry that first caused the breach, acknowledges it."""
        if breach.key in self.book.history.by_key and _own_reason(after, breach) is not None:
            return True
        return any(
            (covered.rule, covered.action, covered.key) == breach.identity
            for entry in self.book.register
            for covered in entry.covered
        )

    def _cause(self, breach: Breach) -> Event | None:
        """The one new event, where the breach is at an event recorded before."""
        if len(self.new) == 1 and self.new[0].event.key != breach.key:
            return self.new[0].event
        return None

    def stored(self, receipt: Receipt) -> tuple[list[Event], Entry]:
        """What will be stored: the new events, and the entry that holds them."""
        values: dict[str, Any] = {
            "issuer": self.book.issuer,
            "originator_version": self.line.number,
            "key": self.line.key,
            "by": self.line.by,
            "source": self.line.source or _one_document(self.new),
            "events": version_ranges([(f.event.action, f.event.version) for f in self.new]),
            "covered": tuple(receipt.covered),
        }
        entry = Entry(**{k: v for k, v in values.items() if v is not None and v != ()})
        return [fact.event for fact in self.new], entry

    def saved(self, receipt: Receipt) -> Receipt:
        """Save the new events and their entry in one transaction.

        Raises WriteConflict where another writer was first.
        """
        receipt.commit = self.book.ledger.save(*self.stored(receipt))
        self.line = self.line._replace(recorded_at=receipt.commit.time)
        receipt.after.last_recorded(self.line)
        receipt.entry = self.line
        return receipt


def _own_reason(history: History, breach: Breach) -> str | None:
    """The reason that the event itself gives for breaking the rule."""
    acknowledged = history.by_key[breach.key].event.acknowledged
    return next((a.reason for a in acknowledged if a.rule == breach.rule), None)


def _one_document(facts: Sequence[Fact]) -> Source | None:
    """The document of an entry: that of its events, where they all have the same."""
    first = facts[0].event.source
    return first if all(fact.event.source == first for fact in facts) else None


def _registered(history: History) -> bool:
    """Whether the issuer is registered; a reversed registration is followed by the right one."""
    own = history.actions.get("issuer", ())
    return any(isinstance(fact.event, IssuerRegistered) for fact in own)


def _conflict(event: Event, known: Fact) -> EventRefused:
    mine, theirs = event.content(), known.event.content()
    fields = sorted(name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name))
    shown = ", ".join(
        f"{_field(event, name)} {_text(theirs.get(name))} there, {_text(mine.get(name))} here"
        for name in fields
    )
    return EventRefused(
        event.key,
        f"idempotent: key {event.key!r} of {event.issuer} names another event, recorded by entry "
        f"{known.entry.number}: {shown or known.event.name}",
        "the same fact has the same content; a new fact needs a key of its own; to correct, "
        "reverse first",
    )


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _field(event: Event, name: str) -> str:
    return event.stored_name(name) if name in type(event).model_fields else name


def _text(value: object) -> str:
    return "absent" if value is None else str(value)
