"""The laws of the ledger, over histories nobody thought of."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commands.terminal.output import as_json
from ledger.actions.repurchase import Repurchase
from ledger.counts.basis import Basis
from ledger.errors import Refused, Unknown
from ledger.events.event import Event
from ledger.history.history import History, KnownHistory
from ledger.history.knowledge import EVERYTHING, Knowledge
from ledger.lines.export import export_lines
from ledger.lines.line import line_of
from ledger.lines.parsing import event_from
from ledger.recording.importing import Import
from ledger.recording.issuer_record import Book, open_book
from ledger.recording.record import Command, Receipt, record
from ledger.recording.spill import Staging
from ledger.store.ledger import Ledger
from ledger.store.rows import decoded, row_of
from projections.actions.actions import action_detail, actions
from projections.dividends.fiscal_years import fiscal_years
from projections.explain.counts import explain_issued, explain_outstanding
from projections.explain.dividends import explain_dividends
from projections.explain.repurchase import explain_repurchases
from projections.explain.shares import explain_shares
from projections.explain.treasury import explain_treasury
from projections.question import Question
from projections.repurchases.programs import repurchases
from projections.shares.positions import classes_asked, share_counts, share_history
from projections.shares.treasury import treasury_position
from tests.stores import STORE
from tests.strategies import (
    FIRST_DAY,
    ISSUER,
    Line,
    Told,
    days_asked,
    histories,
    registration,
    single_events,
)

pytestmark = pytest.mark.usefixtures("store")

some_days = st.lists(days_asked, min_size=1, max_size=2, unique=True)


@contextmanager
def empty_ledger() -> Iterator[Ledger]:
    """A ledger of its own for one example."""
    with tempfile.TemporaryDirectory() as folder:
        with STORE.create(Path(folder) / "a.db") as ledger:
            yield ledger
        STORE.forget(Path(folder))


def record_one(ledger: Ledger, *lines: Line, dry_run: bool = False) -> Receipt:
    """Record lines as one entry."""
    events = [event_from(line) for line in lines]
    return record(ledger, Command(ISSUER, events, by="tester"), dry_run=dry_run)


def record_each(ledger: Ledger, lines: Iterable[Line]) -> list[Line]:
    """Record each line as an entry of its own; what was refused, in the order it was."""
    refused = []
    for line in lines:
        try:
            record_one(ledger, line)
        except (Refused, Unknown):
            refused.append(line)
    return refused


def record_what_can_be(ledger: Ledger, told: Told) -> list[Line]:
    """Record the history, a refused line again once others are in; what stays refused."""
    record_one(ledger, told.registration)
    left = told.lines
    while left:
        refused = record_each(ledger, left)
        if len(refused) == len(left):
            break
        left = refused
    return left


def exported(ledger: Ledger) -> list[str]:
    """Every line of the ledger, byte for byte."""
    history = open_book(ledger, ISSUER, new=True).history.as_of(EVERYTHING)
    return [json.dumps(line, ensure_ascii=False) for line in export_lines(history)]


def imported(ledger: Ledger, lines: Iterable[str]) -> list[Receipt]:
    with Staging() as staging:
        importing = Import(staging, "somebody else")
        list(importing.read([("history.jsonl", lines)]))
        judged = list(importing.judge(ledger))
        list(importing.record(ledger, dry_run=False))
    return [receipt for receipt in judged if isinstance(receipt, Receipt)]


# --- every answer at once ------------------------------------------------------------------------


def answers(history: History, on: date, knowledge: Knowledge = EVERYTHING) -> dict[str, Any]:
    """What every query says about a day, in the forms programs read."""
    known = history.as_of(knowledge)
    told: dict[str, Any] = {}
    for basis in Basis:
        question = Question(on, basis=basis)
        for code in known.classes:
            told[f"shares {code} {basis}"] = share_counts(known, code, question)
            told[f"history {code} {basis}"] = share_history(known, code, question)
            told[f"treasury {code} {basis}"] = treasury_position(known, code, question)
            told[f"explain shares {code} {basis}"] = explain_shares(known, code, question)
            told[f"explain treasury {code} {basis}"] = explain_treasury(known, code, question)
            told[f"explain issued {code} {basis}"] = explain_issued(known, code, question)
            told[f"explain out {code} {basis}"] = explain_outstanding(known, code, question)
        told[f"shares all {basis}"] = share_counts(known, "all", question)
    question = Question(on)
    for code in known.classes:
        told[f"dividends {code}"] = fiscal_years(known, code, question)
        told[f"explain dividends {code}"] = explain_dividends(known, code, question)
        told[f"classes {code}"] = classes_asked(known, code)
    told["repurchases"] = repurchases(known, question)
    told["actions"] = actions(known, question)
    told["pending"] = actions(known, question, pending=True)
    for reference, facts in known.actions.items():
        told[f"action {reference}"] = action_detail(known, reference, question)
        if facts[0].event.action_type is Repurchase:
            told[f"program {reference}"] = repurchases(known, question, reference)
            (explained,) = explain_repurchases(known, question, reference)
            told[f"explain program {reference}"] = explained
    return {name: as_json(answer) for name, answer in told.items()}


RECORDING = frozenset({"entry", "recorded_at", "by", "version", "reversed_by_entry", "reason"})
"""What tells when and how something was recorded, not what happened."""


def effective(answer: Any) -> Any:
    """An answer without a trace of the recording."""
    if isinstance(answer, dict):
        return {k: effective(part) for k, part in answer.items() if k not in RECORDING}
    if isinstance(answer, list):
        return [effective(part) for part in answer]
    return answer


def effective_answers(ledger: Ledger, on: date) -> dict[str, Any]:
    """What every query says, whoever recorded it when."""
    told = answers(Book(ledger, ISSUER).history, on)
    plain: dict[str, Any] = effective(told)
    for name, answer in plain.items():
        if name.startswith("action "):  # its events stand in the order of recording
            answer["events"].sort(key=lambda event: event["key"])
        elif name.startswith(("history ", "explain ")):
            plain[name] = _days(answer)
        elif name in ("actions", "pending", "repurchases"):
            answer.sort(key=lambda one: one["action"])
    return plain


def _days(answer: Any) -> Any:
    """Which events a day's lines are of; ties within a day go by entry."""
    lines = answer if isinstance(answer, list) else answer["lines"]
    return sorted((line["on"], line["action"], line["key"] or "") for line in lines)


# --- later knowledge -----------------------------------------------------------------------------


@given(histories(), days_asked)
def test_later_entries_never_change_what_was_known_at_an_earlier_one(told: Told, on: date) -> None:
    with empty_ledger() as ledger:
        record_one(ledger, told.registration)
        told_then: dict[int, dict[str, Any]] = {}
        refused: list[Line] = []
        for line in told.lines:
            if record_each(ledger, [line]):
                refused.append(line)
                continue
            history = Book(ledger, ISSUER).history
            number = history.last_entry
            assert number is not None
            told_then[number] = answers(history, on, Knowledge(number))
        record_each(ledger, refused)

        history = Book(ledger, ISSUER).history

        for number, answer in told_then.items():
            assert answers(history, on, Knowledge(number)) == answer


@given(histories(), days_asked)
def test_what_was_known_at_the_last_entry_is_all_that_is_known(told: Told, on: date) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, ISSUER).history
        last = history.last_entry

        known_then = answers(history, on, Knowledge(last))

        assert _without_known_at(known_then) == _without_known_at(answers(history, on))


def _without_known_at(answer: Any) -> Any:
    """The answer without the question's own state of knowledge."""
    if isinstance(answer, dict):
        return {k: _without_known_at(part) for k, part in answer.items() if k != "known_at"}
    return [_without_known_at(part) for part in answer] if isinstance(answer, list) else answer


# --- order of recording --------------------------------------------------------------------------


@given(histories(reversals=False), st.randoms(use_true_random=False), some_days)
def test_the_order_of_recording_never_matters_across_days(
    told: Told, random: Any, asked: list[date]
) -> None:
    with empty_ledger() as one, empty_ledger() as other:
        refused = record_what_can_be(one, told)
        recorded = [line for line in told.lines if line not in refused]
        shuffled = list({line["on"] for line in recorded})
        random.shuffle(shuffled)
        # Days in a random order; of each day, the lines in the order of the first recording.
        place = {key: n for n, key in enumerate(_keys_as_recorded(one))}
        again = sorted(recorded, key=lambda line: (shuffled.index(line["on"]), place[line["key"]]))

        left = record_what_can_be(other, Told(told.registration, again))

        # A line refused at first came later: then the order within its day is another one.
        assume(not left and _kept_order_of_days(one, other))
        for on in asked:
            assert effective_answers(other, on) == effective_answers(one, on)


def _keys_as_recorded(ledger: Ledger) -> list[str]:
    return [fact.event.key for fact in Book(ledger, ISSUER).history.facts]


def _kept_order_of_days(one: Ledger, other: Ledger) -> bool:
    """Whether both recorded each day's events in the same order."""

    def by_day(ledger: Ledger) -> dict[date, list[str]]:
        days: dict[date, list[str]] = {}
        for fact in Book(ledger, ISSUER).history.facts:
            days.setdefault(fact.event.on, []).append(fact.event.key)
        return days

    mine, theirs = by_day(one), by_day(other)
    return all(theirs[on] == keys for on, keys in mine.items())


# --- storage, export and import ------------------------------------------------------------------


def stored_rows(ledger: Ledger) -> list[Any]:
    with ledger.snapshot() as moment:
        return list(moment.rows())


@given(single_events())
def test_an_event_survives_its_storage(line: Line) -> None:
    event = event_from(line).numbered(1, line["key"])
    stored = row_of(event)

    read = decoded(event.originator_id.hex, 1, stored.topic, stored.state)

    assert isinstance(read, Event)

    assert read == event
    assert line_of(read) == line_of(event_from(line))
    assert event_from(line_of(read)) == event_from(line)


@given(histories(), some_days)
def test_an_export_imported_elsewhere_gives_the_same_answers_and_the_same_export(
    told: Told, asked: list[date]
) -> None:
    with empty_ledger() as here, empty_ledger() as there:
        record_what_can_be(here, told)
        lines = exported(here)

        imported(there, lines)

        assert exported(there) == lines
        for on in asked:
            assert effective_answers(there, on) == effective_answers(here, on)


@given(histories(), st.randoms(use_true_random=False), some_days)
def test_lines_come_in_any_order(told: Told, random: Any, asked: list[date]) -> None:
    with empty_ledger() as here, empty_ledger() as there:
        record_what_can_be(here, told)
        lines = exported(here)
        # Events of one action, day and rank keep their order; all others are shuffled.
        shuffled = _shuffled_between_days(lines, random)

        imported(there, shuffled)

        for on in asked:
            assert effective_answers(there, on) == effective_answers(here, on)


def _shuffled_between_days(lines: list[str], random: Any) -> list[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    for text in lines:
        line = json.loads(text)
        groups.setdefault((line.get("on", ""), line["action"]), []).append(text)
    turns = [group for group, texts in groups.items() for _ in texts]
    random.shuffle(turns)
    left = {group: iter(texts) for group, texts in groups.items()}
    return [next(left[group]) for group in turns]


@given(histories(), st.randoms(use_true_random=False))
def test_a_repeated_import_adds_nothing(told: Told, random: Any) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        lines = exported(ledger)
        entries = Book(ledger, ISSUER).history.last_entry
        random.shuffle(lines)

        (receipt,) = imported(ledger, lines)

        assert receipt.recorded == []
        assert len(receipt.hits) == len(lines)
        assert Book(ledger, ISSUER).history.last_entry == entries
        assert sorted(exported(ledger)) == sorted(lines)


@given(histories(), st.integers(1, 30))
def test_an_interrupted_import_is_finished_by_the_same_lines(told: Told, cut: int) -> None:
    with empty_ledger() as here, empty_ledger() as there:
        record_what_can_be(here, told)
        lines = exported(here)
        some = [text for text in lines if json.loads(text)["event"] == "IssuerRegistered"]
        imported(there, some)
        part = lines[:cut]
        assume(part)
        try:
            imported(there, part)
        except (Refused, Unknown):  # this part alone is not legal: nothing of it was recorded
            assert exported(there) == some

        imported(there, lines)

        assert sorted(exported(there)) == sorted(lines)


# --- numbers that explain themselves -------------------------------------------------------------


@given(histories(), days_asked)
def test_counts_side_by_side_change_by_what_their_lines_say(told: Told, on: date) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, ISSUER).history.as_of(EVERYTHING)
        for code in history.classes:
            for basis in Basis:
                question = Question(on, basis=basis)
                explained = explain_shares(history, code, question)
                assert explained.answer == share_counts(history, code, question)
                for name in ("issued", "treasury", "outstanding"):
                    _adds_up(explained.lines, f"{name}_change", name)
                    if explained.lines:
                        assert getattr(explained.lines[-1], name) == getattr(explained.answer, name)
                    else:
                        assert getattr(explained.answer, name) is None


def _adds_up(lines: Any, change: str, after: str) -> None:
    """Each line changes the last known count by what it says."""
    before: int | None = None
    for line in lines:
        by, now = getattr(line, change), getattr(line, after)
        if by is None:
            assert before is None or now is None
        else:
            assert before is not None
            assert before + by == now
        before = now


@given(histories(), days_asked)
def test_the_cost_of_treasury_is_what_went_in_less_what_went_out(told: Told, on: date) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, ISSUER).history.as_of(EVERYTHING)
        for code in history.classes:
            lines = explain_treasury(history, code, Question(on)).lines
            for before, line in pairwise(lines):
                if before.cost is None or line.cost is None or line.cost_change is None:
                    continue
                if before.cost.currency == line.cost.currency:
                    held = Fraction(before.cost.amount) + Fraction(line.cost_change.amount)
                    assert held == Fraction(line.cost.amount)


@given(histories())
def test_no_date_ever_shows_a_count_no_company_can_hold(told: Told) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, ISSUER).history
        numbers = [entry.number for entry in history.entries]
        for number in numbers:
            known = history.as_of(Knowledge(number))
            for code in known.classes:
                for basis in Basis:
                    for position in known.positions(code, basis):
                        _can_be(known, code, Question(position.step.day, basis=basis))


def _can_be(history: KnownHistory, share_class: str, question: Question) -> None:
    counts = share_counts(history, share_class, question)
    known = [c for c in (counts.issued, counts.treasury, counts.outstanding) if c is not None]
    assert all(count >= 0 for count in known)
    if len(known) == 3:
        assert counts.issued is not None
        assert counts.treasury is not None
        assert counts.outstanding == counts.issued - counts.treasury
    assert len(known) != 2, "two known counts determine the third"


@given(histories(), days_asked)
def test_counts_before_an_opening_are_unknown_and_never_zero(told: Told, on: date) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, ISSUER).history.as_of(EVERYTHING)
        for code in history.classes:
            opened = any(
                fact.event.name == "OpeningPositionStated"
                and fact.event.share_class == code
                and fact.event.on <= on
                for fact in history.effective
            )
            counts = share_counts(history, code, Question(on))
            if not opened:
                assert (counts.issued, counts.treasury, counts.outstanding) == (None, None, None)
                assert counts.reason is not None


# --- refusals ------------------------------------------------------------------------------------


@given(histories())
def test_a_refused_command_changes_nothing(told: Told) -> None:
    with empty_ledger() as ledger:
        left = record_what_can_be(ledger, told)
        before, rows = exported(ledger), stored_rows(ledger)
        nonsense = {**registration(), "key": "a second registration"}

        assert record_each(ledger, [nonsense]) == [nonsense]
        assert record_each(ledger, left) == left

        assert exported(ledger) == before
        assert stored_rows(ledger) == rows


@given(histories())
def test_one_refused_line_takes_its_whole_entry_with_it(told: Told) -> None:
    with empty_ledger() as ledger:
        record_one(ledger, told.registration)
        wrong = {**registration(), "key": "a second registration"}
        before = exported(ledger)

        texts = [json.dumps(line) for line in [*told.lines, wrong]]
        try:
            imported(ledger, texts)
        except (Refused, Unknown):
            refused = True
        else:
            refused = False

        assert refused
        assert exported(ledger) == before


@given(histories())
def test_a_dry_run_says_what_would_be_and_records_nothing(told: Told) -> None:
    with empty_ledger() as ledger:
        record_one(ledger, told.registration)
        for line in told.lines:
            before, rows = exported(ledger), stored_rows(ledger)
            try:
                receipt = record_one(ledger, line, dry_run=True)
            except (Refused, Unknown):
                assert record_each(ledger, [line]) == [line]
                continue
            assert receipt.entry is None
            assert exported(ledger) == before
            assert stored_rows(ledger) == rows

            done = record_one(ledger, line)

            assert [f.event for f in done.recorded] == [f.event for f in receipt.recorded]
            after = open_book(ledger, ISSUER).history.as_of(EVERYTHING)
            would = receipt.after.as_of(EVERYTHING)
            for code in after.classes:
                would_be = share_counts(would, code, Question(FIRST_DAY))
                assert effective(as_json(would_be)) == effective(
                    as_json(share_counts(after, code, Question(FIRST_DAY)))
                )
