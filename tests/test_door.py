"""One door: what no document could say gets into the ledger by no way, and is named if it did."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from ledger.actions.dividend import DividendResolved
from ledger.errors import BadInput, LedgerError
from ledger.events.event import Acknowledgment, Event
from ledger.events.kinds import EVENTS
from ledger.recording.issuer_record import Book
from ledger.recording.record import Command, Receipt, record
from ledger.store.ledger import Ledger
from ledger.store.rows import decoded
from ledger.values.fields import Money, Source
from ledger.values.numbers import Rounding
from tests.conftest import Typed, record_lines
from tests.stores import at
from tests.test_golden import ROWS

REGISTERED: dict[str, Any] = {
    "issuer": "ACME",
    "action": "issuer",
    "event": "IssuerRegistered",
    "code": "ACME",
    "name": "ACME Corp.",
    "currency": "JPY",
    "profile": "jp",
}

DIVIDEND: dict[str, Any] = {
    "issuer": "ACME",
    "share_class": "common",
    "action": "dividend-2018",
    "on": date(2018, 5, 24),
    "term": "YEAR_END",
    "fiscal_year_end": date(2018, 3, 31),
    "per_share": Decimal("13.50"),
    "currency": "JPY",
}

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 10**40, 0.0, 1.5, float("nan"), float("inf"), 1j, b"x", ...),
    *("", " ", " x", "-x", "x y", "x\n", "\x1b[2J", "\ud800", "a" * 5000, "NaN", "1e3", "YEN"),
    *(Decimal("NaN"), Decimal("Infinity"), Decimal(-1), Decimal("1E+30"), Decimal("1E-30")),
    *(date.min, date(1599, 12, 31), date(3000, 1, 1), datetime(2020, 3, 1)),  # noqa: DTZ001
    *(Decimal("sNaN"), Decimal("1E+999999999"), Decimal("1E-999999999"), {(1, 2): 3}),
    *([], [1], {}, {"amount": "1"}, (), (None,), object(), Event, Ledger),
    *(Money.model_construct(amount=Decimal("NaN"), currency="JPY"), Rounding.DOWN),
    *(Money.model_construct(amount=Decimal(1), currency="YEN"), Source.model_construct(title="")),
)


def made(**odd: Any) -> DividendResolved:
    """A dividend whose odd fields came past the checks of its kind."""
    return DividendResolved(**DIVIDEND).replaced(**odd)


def row_count(ledger: Ledger) -> int:
    with ledger.snapshot() as moment:
        return moment.counts()[0]


def record_event(ledger: Ledger, event: Any) -> Receipt:
    return record(ledger, Command("ACME", [event], "tester", repeats_are_hits=True))


@pytest.mark.sqlite_file
@pytest.mark.parametrize("name", sorted(EVENTS))
def test_an_odd_value_in_any_field_is_refused_or_can_be_read_again(
    ledger: Ledger, name: str
) -> None:
    record_lines(ledger, REGISTERED)
    row: Any = next(row for row in ROWS if row.topic == name)
    right = decoded(row.originator_id.hex, row.originator_version, row.topic, row.state)
    assert isinstance(right, Event)
    right = right.replaced(issuer="ACME")
    refused = recorded = 0
    # What every event has is driven once, with the event that moves most.
    fields = type(right).model_fields
    own = fields.keys() - Event.model_fields.keys()
    for field in fields if name == "SharesRepurchased" or not own else own:
        for odd in ODD:
            try:
                receipt = record_event(ledger, right.replaced(**{field: odd}))
            except LedgerError:
                refused += 1
            else:
                recorded += len(receipt.recorded)

    assert refused > len(ODD) / 2
    assert row_count(ledger) == 2 + 2 * recorded, "a refusal left something behind"
    with ledger.snapshot() as moment:
        for stored in moment.rows():
            decoded(*stored[1:])  # raises where it could not be read
    assert Book(ledger, "ACME").history.facts


@pytest.mark.parametrize(
    ("field", "odd", "said"),
    [
        ("per_share", Decimal("NaN"), 'per_share: "NaN" must be plain decimal digits'),
        ("per_share", Decimal(-1), 'per_share: "-1" must be plain decimal digits'),
        ("currency", "YEN", 'currency: "YEN" is not an ISO 4217 currency code'),
        ("on", date(3000, 1, 1), 'on: "3000-01-01" must be in the years 1600 to 2999'),
        ("record_date", datetime(2018, 3, 31, tzinfo=UTC), "record_date: "),
        (
            "per_share",
            13.5,
            'per_share: 13.5 must be text in plain decimal digits, such as "12.50"',
        ),
        ("note", "\x1b[2J", "note: "),
    ],
)
def test_an_event_made_in_python_is_refused_by_field_and_value(
    ledger: Ledger, field: str, odd: Any, said: str
) -> None:
    record_lines(ledger, REGISTERED)

    with pytest.raises(BadInput) as refusal:
        record_event(ledger, made(**{field: odd}))

    assert refusal.value.message.startswith("DividendResolved: ")
    assert said in refusal.value.message
    assert refusal.value.message.endswith("nothing was recorded")
    assert ledger.last_entry("ACME") == 1


@pytest.mark.parametrize(
    "changed",
    [
        lambda event: event.__dict__.update(per_share=Decimal("NaN")),
        lambda event: event.__dict__.pop("term"),
        lambda event: event.__pydantic_fields_set__.add("note") or event.__dict__.update(note=7),
        lambda event: event.__pydantic_fields_set__.discard("currency"),
    ],
)
def test_an_event_that_was_changed_behind_its_back_is_refused(
    ledger: Ledger, changed: Callable[[Event], object]
) -> None:
    record_lines(ledger, REGISTERED)
    event = made()
    changed(event)

    with pytest.raises(BadInput, match=r"^DividendResolved: (per_share|term|note|currency): "):
        record_event(ledger, event)

    assert row_count(ledger) == 2


def test_a_kind_of_ones_own_is_no_event_of_the_ledger(ledger: Ledger) -> None:
    class SharesVanished(DividendResolved):
        """What nobody else could read."""

    with pytest.raises(BadInput, match="is not an event"):
        record_event(ledger, SharesVanished(**DIVIDEND))


@pytest.mark.parametrize(
    "odd", [{"per_share": Decimal("NaN")}, {"per_share": 1.5}, {"on": 7}, {"hue": "red"}]
)
def test_python_makes_no_event_that_a_document_could_not_state(odd: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(odd))):
        DividendResolved(**{**DIVIDEND, **odd})


def test_an_event_of_another_issuer_does_not_enter(ledger: Ledger) -> None:
    record_lines(ledger, REGISTERED)

    with pytest.raises(BadInput, match="belongs to issuer OTHER, but the entry is for ACME"):
        record_event(ledger, made(issuer="OTHER"))
    with pytest.raises(BadInput, match="is not an event"):
        record_event(ledger, {"event": "DividendResolved"})


@pytest.mark.parametrize(
    "odd", [{"by": ""}, {"by": 7}, {"source": Source.model_construct(title="\n")}, {"key": 1}]
)
def test_odd_words_do_not_get_into_the_register(ledger: Ledger, odd: dict[str, Any]) -> None:
    words = {"by": "tester", **odd}

    with pytest.raises(BadInput):
        record_lines(ledger, REGISTERED, **words)

    assert row_count(ledger) == 0


def test_what_is_saved_past_the_rules_is_read_back_first(ledger: Ledger) -> None:
    receipt = record_lines(ledger, REGISTERED)
    assert receipt.entry is not None
    book = Book(ledger, "ACME")
    entry = book.register[0].replaced(originator_version=2, key="2")
    event = made(per_share=Decimal("NaN")).numbered(1, "k")

    with pytest.raises(BadInput, match=r"event 1 of .*dividend-2018.*nothing was recorded"):
        ledger.save([event], entry)

    assert row_count(ledger) == 2


@pytest.mark.parametrize("odd", [{"on": 7}, {"per_share": "x"}, {"action": None}, {"source": "x"}])
def test_what_has_no_stored_form_is_not_saved(ledger: Ledger, odd: dict[str, Any]) -> None:
    record_lines(ledger, REGISTERED)
    entry = Book(ledger, "ACME").register[0].replaced(originator_version=2, key="2")

    with pytest.raises(BadInput, match="nothing was recorded"):
        ledger.save([made(**odd).numbered(1, "k")], entry)

    assert row_count(ledger) == 2


def test_a_part_that_came_past_its_checks_is_found_within_a_list(ledger: Ledger) -> None:
    record_lines(ledger, REGISTERED)
    odd = Acknowledgment.model_construct(rule="treasury", reason="")

    for parts in ([odd], (odd,)):
        with pytest.raises(BadInput, match=r'acknowledged\.0\.reason: "" is empty'):
            record_event(ledger, made(acknowledged=parts))


def test_a_receipt_carries_the_time_of_its_commit(ledger: Ledger) -> None:
    first = record_lines(ledger, REGISTERED)
    second = record_lines(
        ledger,
        {"issuer": "ACME", "action": "issuer", "event": "FiscalYearEndChanged"}
        | {"on": "2018-05-24", "fiscal_year_end": "03-31"},
    )

    stored = Book(ledger, "ACME").history.entries
    for receipt, line in zip((first, second), stored, strict=True):
        assert receipt.entry == line
        assert receipt.after.entries[-1] == line
        assert {fact.entry for fact in receipt.recorded} == {line}
        assert abs(line.recorded_at - datetime.now(UTC)) < timedelta(minutes=5)


# --- an older ledger, into which it got -----------------------------------------------------------


@pytest.fixture
def old(capital: Typed) -> Typed:
    """A ledger with a dividend that no document could state, as a version before could store it."""
    with Ledger.open(at(capital.path)) as ledger:
        record_lines(ledger, REGISTERED)
        record_lines(
            ledger,
            {"issuer": "ACME", "class": "common", "action": "class-common", "on": "2018-01-01"}
            | {"event": "OpeningPositionStated", "issued": 1000, "treasury": 0},
        )
        entry = Book(ledger, "ACME").register[1].replaced(originator_version=3, key="3")
        bad = made(currency="YEN").numbered(1, "bad")
        parts = entry.events[0].replaced(action="dividend-2018", first=1, last=1)
        rows = ledger.rows([], entry.replaced(events=(parts,)))
        ledger.save_rows([row_before(bad), *rows])
    return capital


def row_before(event: Event) -> Any:
    from ledger.store.rows import row_of  # noqa: PLC0415 - what a version before did unchecked

    return row_of(event)


QUESTIONS = (
    "treasury ACME",
    "shares ACME --known-at 3",
    "shares ACME --history",
    "dividends ACME",
    "repurchases ACME",
    "actions ACME",
    "action ACME dividend-2018",
    "explain dividends ACME",
    "explain outstanding ACME",
    "diff ACME --known-at 1 --known-at 3",
    "calendar ACME",
    "check ACME",
    "notice ACME dividend-2018",
    "export",
    "audit documents ACME --folder .",
    "reverse ACME dividend-2018 1 --reason wrong",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_stored_event_that_cannot_be_is_named_by_every_question(
    old: Typed, question: str
) -> None:
    said = old.refused(*question.split(), code=3)

    assert "event 1 of" in said
    assert '"ACME" "dividend-2018" (DividendResolved) cannot be read' in said
    assert 'currency: "YEN" is not an ISO 4217 currency code' in said
    assert "Traceback" not in said


def test_verification_names_it_too(old: Typed) -> None:
    result = old("audit", "verify")

    assert result.exit_code == 1
    assert '"ACME" "dividend-2018"' in result.output


@pytest.mark.sqlite_file
@pytest.mark.parametrize("odd", ["NaN", "Infinity", "-1", "", 13.5, None, True, [1]])
def test_whatever_stands_in_a_stored_figure_is_told_without_a_traceback(
    capital: Typed, odd: Any
) -> None:
    with Ledger.open(at(capital.path)) as ledger:
        record_lines(ledger, REGISTERED)
        record_event(ledger, made())
    with contextlib.closing(sqlite3.connect(capital.path)) as file, file:
        for (trigger,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            file.execute(f"DROP TRIGGER {trigger}")
        (state,) = file.execute(
            "SELECT state FROM stored_events WHERE topic = 'DividendResolved'"
        ).fetchone()
        body = json.dumps({**json.loads(state), "per_share": odd}).encode()
        file.execute("UPDATE stored_events SET state = ? WHERE topic = 'DividendResolved'", [body])

    said = capital.refused("dividends", "ACME", code=3)

    assert "per_share" in said
    assert '"dividend-2018"' in said
