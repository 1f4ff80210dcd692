"""What every resolution answers for, whatever its kind: its dates, its approval, a closed class."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import ClassVar

import pytest

from ledger.counts.day_order import Moment
from ledger.events.event import Approval, Event
from ledger.events.execution import GivenUp, Plan, PlannedAction
from ledger.events.kinds import EVENTS, KINDS, register
from ledger.events.recorded import EntryLine, Fact
from ledger.events.resolution import Resolution
from ledger.history.history import History
from ledger.history.knowledge import EVERYTHING
from ledger.lines.parsing import event_from
from ledger.rules import judge
from ledger.values.fields import Day
from ledger.values.model import Field
from projections.actions.calendar import deadlines
from projections.question import Question
from tests.conftest import Typed, prepared

RESOLVED = {
    "dividend": "--term YEAR_END --fiscal-year-end 2020-03-31 --per-share 1",
    "issue": "--shares 10 --kind THIRD_PARTY",
    "split": "--kind SPLIT --new 2 --old 1 --effective-on 2020-06-30",
    "disposal": "--shares 10 --method TRUST",
    "cancellation": "--shares 10",
    "distribution": "--of-name Beta --new 1 --old 4 --effective-on 2020-06-30",
}
CARRIED_OUT = {
    "dividend": "dividend pay",
    "issue": "issue issue --shares 10",
    "split": "split effect",
    "disposal": "disposal dispose --shares 10",
    "cancellation": "cancellation cancel --shares 10",
    "distribution": "distribution effect",
}


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """1,000 issued, 100 of them in treasury."""
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile us".split())
    capital.ok(*"class open ACME common --on 2020-01-31 --issued 1000 --treasury 100".split())
    return capital


def resolve(kind: str, *more: str, on: str = "2020-05-20") -> list[str]:
    return [kind, "resolve", "ACME", "it", "--on", on, *RESOLVED[kind].split(), *more]


def carry_out(kind: str, on: str) -> list[str]:
    group, verb, *more = CARRIED_OUT[kind].split()
    return [group, verb, "ACME", "it", "--on", on, *more]


def test_every_planned_kind_is_here() -> None:
    planned = {name for name, kind in KINDS.items() if issubclass(kind, PlannedAction)}

    assert planned | {"dividend"} == set(RESOLVED), "add the kind to RESOLVED"
    assert set(RESOLVED) == set(CARRIED_OUT), "add the kind to CARRIED_OUT"


@pytest.mark.parametrize("kind", ["dividend", "issue", "split", "distribution"])
def test_what_a_meeting_must_approve_is_not_carried_out_before_it(acme: Typed, kind: str) -> None:
    acme.ok(*resolve(kind, "--approval", "AGM"))

    said = acme.refused(*carry_out(kind, "2020-06-30"))

    assert "approval-needed" in said
    assert "on 2020-06-30 before its approval: resolved on 2020-05-20, it awaits the AGM" in said
    assert f"capital {kind} approve ACME it --on DATE" in said
    acme.ok(kind, "approve", "ACME", "it", "--on", "2020-06-25")
    acme.ok(*carry_out(kind, "2020-06-30"))


@pytest.mark.parametrize("kind", ["dividend", "issue", "split", "distribution"])
def test_what_no_meeting_must_approve_is_carried_out(acme: Typed, kind: str) -> None:
    acme.ok(*resolve(kind, "--approval", "NONE"))

    acme.ok(*carry_out(kind, "2020-06-30"))


def test_no_split_takes_effect_before_its_record_date(acme: Typed) -> None:
    words = resolve("split", "--record-date")

    said = acme.refused(*words, "2020-07-01")

    assert "date-order" in said
    assert "record date 2020-07-01 lies after day of effect 2020-06-30" in said
    acme.ok(*words, "2020-06-30")


@pytest.mark.parametrize("kind", sorted(RESOLVED))
def test_nothing_is_resolved_of_a_closed_class(acme: Typed, kind: str) -> None:
    acme.ok(*"class close ACME common --on 2020-04-30".split())

    said = acme.refused(*resolve(kind))

    assert "order-of-events" in said
    assert "class common was closed on 2020-04-30" in said


@pytest.mark.parametrize("kind", sorted(RESOLVED.keys() - {"dividend"}))
def test_nothing_is_carried_out_on_a_closed_class(acme: Typed, kind: str) -> None:
    acme.ok(*resolve(kind, on="2020-03-31"))
    acme.ok(*"class close ACME common --on 2020-04-30".split())

    said = acme.refused(*carry_out(kind, "2020-06-30"))

    assert "order-of-events" in said
    assert "class common was closed on 2020-04-30" in said


def test_what_is_owed_from_before_the_closing_is_resolved_and_paid(acme: Typed) -> None:
    acme.ok(*"class close ACME common --on 2020-04-30".split())

    acme.ok(*resolve("dividend", "--record-date", "2020-04-30"))
    acme.ok(*carry_out("dividend", "2020-06-26"))


def test_a_resolution_says_what_it_has_a_field_for_and_none_of_the_rest() -> None:
    issue = event_from(
        {
            "event": "IssueResolved",
            "issuer": "ACME",
            "class": "common",
            "action": "it",
            "on": "2020-05-20",
            "shares": 10,
            "effective_on": "2020-06-30",
            "kind": "RIGHTS",
        }
    )

    assert isinstance(issue, Resolution)
    assert (issue.shares, issue.planned_for) == (10, date(2020, 6, 30))
    assert (issue.record_date, issue.ex_date, issue.approval, issue.price) == (None,) * 4
    assert not hasattr(Resolution, "record_date")


# --- a kind that no rule has heard of ------------------------------------------------------------


class GiftResolved(Resolution):
    """Something is to be given to the holders of a day."""

    record_date: Day | None = Field(default=None)
    ex_date: Day | None = Field(default=None)
    effective_on: Day | None = Field(default=None)
    approval: Approval | None = Field(default=None)


class GiftApproved(Event):
    """The meeting approved it."""

    moment = Moment.APPROVAL


class GiftGiven(Event):
    """It was given."""

    moment = Moment.PAYMENT


class GiftWithdrawn(GivenUp):
    """It is not given."""


class Gift(PlannedAction):
    """A kind of these tests."""

    kind: ClassVar[str] = "gift"
    events_of_kind = (GiftResolved, GiftApproved, GiftGiven, GiftWithdrawn)
    plan = Plan(
        resolution=GiftResolved,
        execution=GiftGiven,
        end=GiftWithdrawn,
        done="given",
        ended="withdrawn",
        approved=GiftApproved,
    )


@pytest.fixture
def gift() -> Iterator[Callable[..., Fact]]:
    """Makes the facts of a gift, while that kind is known."""
    register(Gift)

    def gift(event: str, on: str, **fields: str) -> Fact:
        return fact(event, on=on, action="gift-1", key=event, **{"class": "common"}, **fields)

    yield gift
    del KINDS["gift"]
    for event in Gift.events_of_kind:
        del EVENTS[event.__name__]


ENTRY = EntryLine(1, datetime(2020, 1, 1, tzinfo=UTC), "me", None, "entry")


def fact(event: str, **fields: str) -> Fact:
    return Fact(event_from({"event": event, "issuer": "ACME", **fields}), ENTRY, 1)


def registered() -> Fact:
    named = {"code": "ACME", "name": "Acme", "currency": "JPY", "profile": "jp"}
    return fact("IssuerRegistered", action="issuer", key="registered", **named)


def test_the_rules_reach_a_kind_that_they_do_not_name(gift: Callable[..., Fact]) -> None:
    terms = {
        "record_date": "2020-06-02",
        "ex_date": "2020-06-03",
        "effective_on": "2020-06-01",
        "approval": "AGM",
    }
    facts = [
        registered(),
        gift("GiftResolved", "2020-05-01", **terms),
        gift("GiftGiven", "2020-06-01"),
    ]

    broken = {breach.rule for breach in judge(History("ACME", [], facts), date(2020, 7, 1))}

    assert broken == {"date-order", "ex-date", "approval-needed"}


def test_nothing_is_owed_from_a_closed_class_unless_the_kind_says_so(
    gift: Callable[..., Fact], monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {"class": "common", "action": "class-common", "key": "closed"}
    given = [
        registered(),
        fact("ShareClassClosed", on="2020-04-30", **named),
        gift("GiftResolved", "2020-05-01", record_date="2020-04-30"),
        gift("GiftGiven", "2020-06-01"),
    ]

    def keys() -> list[str]:
        return [b.key for b in judge(History("ACME", [], given), date(2020, 7, 1))]

    assert keys() == ["GiftResolved", "GiftGiven"]
    monkeypatch.setattr(Gift, "is_owed", True)
    assert keys() == []


def test_the_calendar_shows_the_days_of_a_kind_that_it_does_not_name(
    gift: Callable[..., Fact],
) -> None:
    terms = {"ex_date": "2020-05-28", "record_date": "2020-05-30"}
    resolved = gift("GiftResolved", "2020-05-01", effective_on="2020-06-01", **terms)
    history = History("ACME", [], [registered(), resolved])

    lines = deadlines(
        history.as_of(EVERYTHING), Question(on=date(2020, 5, 29)), first=date(2020, 1, 1)
    )

    assert [(line.day.isoformat(), line.what, line.state.value) for line in lines] == [
        ("2020-05-28", "ex-gift date", "passed"),
        ("2020-05-30", "record date", "ahead"),
        ("2020-06-01", "effect", "ahead"),
    ]
