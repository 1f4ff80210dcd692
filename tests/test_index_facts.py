"""The facts of the index answer every question about counts as the events do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.terminal.output import as_json
from ledger.counts.basis import ALL_CLASSES, Basis
from ledger.counts.movements import Effect
from ledger.history.columns import COLUMNS_OF
from ledger.history.facts import AnyKnown, KnownFacts
from ledger.history.knowledge import EVERYTHING, Knowledge, KnownBy
from ledger.recording.issuer_record import Book
from ledger.store.index import FACT_TABLES
from ledger.store.ledger import Ledger
from projections.explain.counts import explain_issued, explain_outstanding
from projections.explain.shares import explain_shares
from projections.explain.treasury import explain_treasury
from projections.question import Question
from projections.shares.lookup import facts_of_every_issuer, indexed_facts
from projections.shares.positions import share_counts, share_history
from projections.shares.series import share_series
from projections.shares.treasury import treasury_position
from tests.conftest import Typed
from tests.stores import STORE, at
from tests.strategies import (
    LAST_DAY,
    Line,
    Told,
    days_asked,
    histories,
    line,
    registration,
)
from tests.test_index import (
    MARCH_1,
    QUESTIONS,
    acme,
    alter,
    bought,
    empty_ledger,
    from_events,
    opened,
    record_and_index,
    record_what_can_be,
    told,
)

__all__ = ["acme"]

pytestmark = pytest.mark.usefixtures("store")


def states_of_knowledge(ledger: Ledger, issuer: str) -> Iterator[Knowledge]:
    """Everything, then each entry, each moment of recording, and each day of disclosure."""
    yield EVERYTHING
    yield Knowledge(by=KnownBy.DISCLOSED)
    history = Book(ledger, issuer).history
    for entry in history.entries:
        yield Knowledge(entry.number)
        yield Knowledge(entry.recorded_at)
    disclosed = {fact.event.disclosed for fact in history.facts}
    for moment in disclosed - {date.min}:
        yield Knowledge(moment, KnownBy.DISCLOSED)


def every_answer(known: AnyKnown, put: Question) -> Iterator[Any]:
    """What each command about counts says of each class, as JSON."""
    yield known.classes, known.whole.classes_ever
    yield share_counts(known, ALL_CLASSES, put)
    for code in known.whole.classes_ever:
        yield share_counts(known, code, put)
        yield share_history(known, code, put)
        yield treasury_position(known, code, put)
        yield explain_shares(known, code, put)
        yield explain_issued(known, code, put)
        yield explain_outstanding(known, code, put)
        yield explain_treasury(known, code, put)
        yield share_series(known, code, put)


def assert_facts_answer_alike(ledger: Ledger, issuer: str, puts: Sequence[Question]) -> None:
    """The facts of the index answer as the events do, whatever was known."""
    facts = indexed_facts(str(ledger.name), issuer)
    assert facts is not None
    history = Book(ledger, issuer).history
    for knowledge in states_of_knowledge(ledger, issuer):
        held, known = KnownFacts(facts, knowledge), history.as_of(knowledge)
        for put in puts:
            for said, due in zip(every_answer(held, put), every_answer(known, put), strict=True):
                assert as_json(said) == as_json(due)


@given(histories(), st.data())
def test_the_facts_of_the_index_answer_as_the_events_do_at_every_state_of_knowledge(
    case: Told, data: st.DataObject
) -> None:
    for stated in case.lines:
        if data.draw(st.booleans()):
            stated["disclosed_at"] = data.draw(
                st.sampled_from(["2020-03-02", "2020-03-08T23:30:00+09:00", "2020-03-20T06:00:00Z"])
            )
    put = Question(
        data.draw(days_asked),
        basis=data.draw(st.sampled_from(Basis)),
        share_basis=data.draw(st.one_of(st.none(), days_asked)),
    )
    with empty_ledger() as ledger:
        record_what_can_be(ledger, "ACME", case)

        assert_facts_answer_alike(ledger, "ACME", [put])
        (of_all,) = facts_of_every_issuer(str(ledger.name)) or []
        assert of_all.facts == getattr(indexed_facts(str(ledger.name), None), "facts", None)


def event(name: str, action: str, key: str, on: date = MARCH_1, **fields: Any) -> Line:
    """One event of the common shares, with its key."""
    return {**line(name, action, "common", on, **fields), "key": key}


def taken_back(action: str, key: str) -> Line:
    """The reversal of an event, on the day after all of them."""
    return event(
        "EventReversed", action, f"not {key}", LAST_DAY, reverses={"key": key}, reason="an error"
    )


def split(key: str, new: int, kind: str = "GRATIS_ALLOTMENT", **fields: Any) -> Line:
    fields = {"kind": kind, "new": new, "old": 1, "effective_on": "2020-03-05", **fields}
    return event("SplitResolved", "split", key, **fields)


TERMS_OF_ANOTHER_EVENT: dict[str, list[list[Line]]] = {
    "a resolution that was replaced": [
        [split("one", 2, "SPLIT")],
        [event("SplitEffected", "split", "effect", date(2020, 3, 5))],
        [taken_back("split", "effect")],
        [taken_back("split", "one"), split("two", 3, "SPLIT")],
        [event("SplitEffected", "split", "again", date(2020, 3, 5), issued_after=301)],
    ],
    "a resolution that was replaced at once": [
        [split("one", 2), event("SplitEffected", "split", "effect", date(2020, 3, 5))],
        [taken_back("split", "one"), split("two", 4)],
    ],
    "a resolution that the public learnt of late": [
        [split("one", 2, disclosed_at="2020-03-20")],
        [event("SplitEffected", "split", "effect", date(2020, 3, 5))],
    ],
    "a law that was stated wrong": [
        [split("one", 2), event("SplitEffected", "split", "effect", date(2020, 3, 5))],
        [
            {**taken_back("issuer", "registered"), "class": None},
            {**registration("jp"), "key": "registered again"},
        ],
    ],
    "a destination that was amended, and the amendment reversed": [
        [event("RepurchaseAuthorized", "program", "terms", max_shares=50)],
        [
            event("SharesRepurchased", "program", "bought", date(2020, 3, 9), shares=3),
            event(
                "SharesRepurchased",
                "program",
                "kept",
                date(2020, 3, 9),
                shares=1,
                destination="TREASURY",
            ),
        ],
        [event("RepurchaseAmended", "program", "amended", date(2020, 3, 4), destination="RETIRED")],
        [taken_back("program", "amended")],
    ],
}


@pytest.mark.parametrize("terms", TERMS_OF_ANOTHER_EVENT)
def test_what_moves_by_the_terms_of_another_event_moves_by_those_known_then(
    ledger: Ledger, terms: str
) -> None:
    record_and_index(ledger, {**registration(), "key": "registered"}, opened())
    for entry in TERMS_OF_ANOTHER_EVENT[terms]:
        record_and_index(
            ledger,
            *({name: value for name, value in stated.items() if value} for stated in entry),
        )

    history = Book(ledger, "ACME").history
    days = [date(2020, 3, 5), date(2020, 3, 12)]
    issued = {
        share_counts(history.as_of(known), "common", Question(days[-1])).issued
        for known in states_of_knowledge(ledger, "ACME")
    }
    assert len(issued) > 1, "the terms make no difference"
    assert_facts_answer_alike(ledger, "ACME", [Question(day) for day in days])


def test_facts_are_written_once_and_added_to(ledger: Ledger) -> None:
    record_and_index(ledger, registration(), opened())
    record_and_index(ledger, bought(1))
    before = STORE.rows(ledger.name, "SELECT * FROM index_facts")

    record_and_index(ledger, bought(2))

    after = STORE.rows(ledger.name, "SELECT * FROM index_facts")
    assert [row for row in after if row in before] == before
    assert len(after) == len(before) + 1


def test_every_effect_has_columns() -> None:
    assert set(COLUMNS_OF) == set(get_args(Effect))


def made_by_an_earlier_version(capital: Typed) -> None:
    """The index as a version without facts made it."""
    alter(capital.path, *(f"DROP TABLE {name}" for name in FACT_TABLES))


def test_a_ledger_whose_index_holds_no_facts_answers_from_its_events(
    acme: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by_an_earlier_version(acme)

    acme.ok("audit", "verify")
    assert indexed_facts(str(at(acme.path)), "ACME") is None
    for words in QUESTIONS.values():
        answer = told(acme("shares", "--on", "2020-03-12", *words, "--format", "json"))
        assert answer == from_events(acme, words, monkeypatch)


@pytest.mark.sqlite_file
def test_a_recording_adds_the_facts_of_its_issuer_to_an_earlier_index(acme: Typed) -> None:
    made_by_an_earlier_version(acme)

    acme.ok("class", "open", "BETA", "pref", "--on", "2020-03-03", "--issued", 4)

    acme.ok("audit", "verify")
    with Ledger.open(at(acme.path)) as ledger:
        assert_facts_answer_alike(ledger, "BETA", [Question(MARCH_1)])
        assert indexed_facts(str(at(acme.path)), "ACME") is None
        assert facts_of_every_issuer(str(at(acme.path))) is None


def test_a_rebuild_adds_the_facts_of_every_issuer_to_an_earlier_index(acme: Typed) -> None:
    made_by_an_earlier_version(acme)
    acme.ok("class", "open", "BETA", "pref", "--on", "2020-03-03", "--issued", 4)

    acme.ok("rebuild")

    acme.ok("audit", "verify")
    with Ledger.open(at(acme.path)) as ledger:
        for code in ("ACME", "BETA"):
            assert_facts_answer_alike(ledger, code, [Question(MARCH_1)])
