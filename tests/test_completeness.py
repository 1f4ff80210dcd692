"""Every kind of action is known everywhere; a failure says what is missing and where to add it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from conftest import ROOT
from ledger.events.event import Approval, Event, EventReversed, Scope
from ledger.events.kinds import EVENTS, KINDS, CapitalAction
from ledger.events.recorded import EntryLine, Fact
from ledger.events.resolution import Resolution
from ledger.history.history import History
from ledger.lines.parsing import event_from
from ledger.rules import judge
from ledger.values.model import Unstated
from tests import reference
from tests.golden_line import GOLDEN, golden_line, unwritten

TESTS = Path(__file__).parent
OF_KINDS = sorted(set(EVENTS) - {EventReversed.__name__})
SHARED = {name for name, part in vars(Resolution).items() if isinstance(part, Unstated)}
ONLY_RESOLVED = SHARED - {"shares", "price", "amount"}
"""What only a resolution, or its amendment, states."""
ENTRY = EntryLine(1, datetime(2020, 1, 1, tzinfo=UTC), "me", None, "entry")
REGISTERED = Fact(
    event_from(
        {
            "event": "IssuerRegistered",
            "issuer": "ACME",
            "action": "issuer",
            "key": "registered",
            "code": "ACME",
            "name": "Acme",
            "currency": "JPY",
            "profile": "jp",
        }
    ),
    ENTRY,
    1,
)
TODAY = date(2020, 7, 1)


@pytest.mark.parametrize("name", OF_KINDS)
@pytest.mark.parametrize("page", ["strategies.py", "model.py"])
def test_every_event_is_in_the_strategies_and_the_reference_model(page: str, name: str) -> None:
    words = (TESTS / page).read_text("utf-8").replace('"', " ").split()

    assert name in {word.strip(",():[]") for word in words}, f"add {name} to tests/{page}"


@pytest.mark.parametrize("name", OF_KINDS)
def test_every_event_is_recorded_by_a_command(name: str) -> None:
    kind = EVENTS[name].action_type.kind
    try:
        reference.command_of(EVENTS[name])
    except LookupError:
        pytest.fail(f"no command records {name}: add it to the module of {kind!r} in commands/")


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_is_on_its_page(name: str) -> None:
    page = (ROOT / "docs" / "events.md").read_text("utf-8")

    assert f"### {name}\n" in page, f"{name} is not in docs/events.md: run: make reference"


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_field_of_every_event_has_a_golden_line(name: str) -> None:
    left = unwritten(name, GOLDEN.read_text("utf-8").splitlines())

    assert not left, f"no golden line has {sorted(left)}: run: make golden EVENT={name}"


@pytest.mark.parametrize("name", OF_KINDS)
def test_the_rules_and_the_calendar_see_what_a_resolution_states(name: str) -> None:
    event, kind = EVENTS[name], EVENTS[name].action_type
    assert issubclass(kind, CapitalAction)
    stated = ONLY_RESOLVED & event.model_fields.keys()
    if event.scope is Scope.ISSUER:
        stated -= {"approval"}  # the event names its meeting: the test below
    module = event.__module__

    if stated:
        assert issubclass(event, Resolution), f"{name} in {module}: derive it from Resolution"
        assert kind.days.__func__ is not CapitalAction.days.__func__, (  # type: ignore[attr-defined]
            f"{kind.__name__} in {module} states {sorted(stated)}: give it `days` for the calendar"
        )
        assert kind.carried_out_by, f"{kind.__name__} in {module}: name its `carried_out_by`"
    if "approval" in stated:
        assert kind.approved_by, f"{kind.__name__} in {module}: name its `approved_by`"


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in OF_KINDS
        if EVENTS[name].scope is Scope.ISSUER and "approval" in EVENTS[name].model_fields
    ],
)
def test_what_the_issuer_does_with_an_approval_names_the_meeting(name: str) -> None:
    line = json.loads(golden_line(name, []))["state"] | {"approval": Approval.AGM}
    meeting = {"body": "AGM", "held_on": "2020-05-01"}

    def broken(**more: object) -> set[str]:
        fact = Fact(EVENTS[name].of(line | more), ENTRY, 1)
        return {breach.rule for breach in judge(History("ACME", [], [REGISTERED, fact]), TODAY)}

    assert broken() == {"approval-needed"}, f"judge the approval of {name} in ledger/rules"
    assert broken(meeting=meeting) == set()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_told_of_in_the_map_of_events(kind: str) -> None:
    page = (ROOT / "docs" / "events.md").read_text("utf-8")

    assert f"## {kind.capitalize()}\n" in page, f"{kind} is not in docs/events.md: make reference"


# --- golden lines --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OF_KINDS)
def test_a_golden_line_is_written_for_any_event(name: str) -> None:
    row = json.loads(golden_line(name, []))

    assert row["topic"] == name
    required = {
        EVENTS[name].stored_name(field)
        for field, declared in EVENTS[name].model_fields.items()
        if declared.is_required()
    }
    assert required - {"key", "version"} <= row["state"].keys()
    assert row["state"]["version"] == row["originator_version"] == 1


def test_an_event_without_a_line_wants_all_of_its_fields() -> None:
    own = EVENTS["SplitResolved"].model_fields.keys() - Event.model_fields.keys()

    assert unwritten("SplitResolved", []) == own | {"SplitResolved"}
