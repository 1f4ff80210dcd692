"""Random commands on random days, each answer held against a plain model of the domain."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ledger.counts.basis import Basis
from ledger.errors import Refused, Unknown
from ledger.history.history import History, KnownHistory, today_anywhere
from ledger.history.knowledge import Knowledge
from ledger.lines.parsing import event_from
from ledger.recording.issuer_record import Book
from ledger.recording.record import Command, Receipt, RuleBroken, record
from projections.actions.actions import actions
from projections.audit.verify import verify
from projections.dividends.fiscal_years import fiscal_years
from projections.question import MoneyAnswer, Question
from projections.repurchases.programs import repurchases
from projections.shares.positions import share_counts
from projections.shares.treasury import treasury_position
from tests.model import RESOLVED, Breach, Model, kind_of
from tests.stores import STORE
from tests.strategies import (
    FIRST_DAY as MARCH_1,
)
from tests.strategies import (
    GUARDED,
    ISSUER,
    Line,
    acquisitions,
    adjustments,
    class_events,
    closings,
    days_asked,
    dividend_events,
    line,
    openings,
    plan_events,
    program_events,
    registration,
    reversal_of,
    split_events,
)

pytestmark = pytest.mark.usefixtures("store")

CLASSES = ("common", "preferred")
share_classes = st.sampled_from([CLASSES[0], CLASSES[0], CLASSES[1]])
early = st.dates(MARCH_1, MARCH_1 + timedelta(days=8))
NUMBERS = st.integers(1, 3)


class Recorded(RuleBasedStateMachine):
    """One issuer's ledger, and the same history in the model."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.ledger = STORE.create(Path(self.folder.name) / "capital.db")
        self.model = Model()
        self.waiting: list[Line] = []
        self.keys = 0

    def teardown(self) -> None:
        """Whatever was recorded, an audit finds nothing wrong with it."""
        try:
            found = verify(self.ledger, [], None, today_anywhere(datetime.now(UTC)))
            assert found.faults == []
        finally:
            self.ledger.close()
            STORE.forget(Path(self.folder.name))
            self.folder.cleanup()

    # --- commands --------------------------------------------------------------------------------

    @initialize(
        profile=st.sampled_from(["none", "jp"]),
        opened=st.lists(openings("common", early), min_size=1, max_size=1) | st.just([]),
        second=st.lists(openings("preferred", early), max_size=1),
    )
    def register(self, profile: str, opened: list[Line], second: list[Line]) -> None:
        self.record_in_both(registration(profile))
        for opening in [*opened, *second]:
            self.record_in_both(self._keyed(opening))

    @rule(line=share_classes.flatmap(openings))
    def state_an_opening_position(self, line: Line) -> None:
        self.record_in_both(self._keyed(line))

    @rule(line=share_classes.flatmap(adjustments))
    def adjust_a_position(self, line: Line) -> None:
        self.record_in_both(self._keyed(line))

    @rule(line=share_classes.flatmap(class_events))
    def record_of_a_class(self, line: Line) -> None:
        self.record_in_both(self._keyed(line))

    @rule(
        line=st.tuples(NUMBERS, share_classes).flatmap(
            lambda both: acquisitions(f"acquisition-{both[0]}", both[1])
        )
    )
    def acquire_shares(self, line: Line) -> None:
        self.record_in_both(self._keyed(line))

    @rule(
        lines=st.tuples(NUMBERS, share_classes).flatmap(
            lambda both: dividend_events(f"dividend-{both[0]}", both[1])
        )
    )
    def plan_a_dividend(self, lines: list[Line]) -> None:
        """Its events are recorded in whatever order later steps choose."""
        self._plan(lines)

    @rule(
        lines=st.tuples(NUMBERS, share_classes).flatmap(
            lambda both: program_events(f"repurchase-{both[0]}", both[1])
        )
    )
    def plan_a_program(self, lines: list[Line]) -> None:
        self._plan(lines)

    @rule(
        lines=st.tuples(NUMBERS, share_classes).flatmap(
            lambda both: split_events(f"split-{both[0]}", both[1])
        ),
        at_once=st.sampled_from([True, True, False]),
    )
    def plan_a_split(self, lines: list[Line], *, at_once: bool) -> None:
        self._plan(lines, at_once=at_once)

    @rule(
        lines=st.tuples(
            st.sampled_from(["issue", "disposal", "cancellation"]), NUMBERS, share_classes
        ).flatmap(lambda three: plan_events(three[0], f"{three[0]}-{three[1]}", three[2])),
        at_once=st.booleans(),
    )
    def plan_to_move_shares(self, lines: list[Line], *, at_once: bool) -> None:
        self._plan(lines, at_once=at_once)

    @precondition(lambda self: len(self.model.records) > 6)
    @rule(line=share_classes.flatmap(closings))
    def close_a_class(self, line: Line) -> None:
        self.record_in_both(self._keyed(line))

    def _plan(self, lines: list[Line], *, at_once: bool = False) -> None:
        """Record all of the lines; or the first, and keep the others for later, or for never."""
        keyed = [self._keyed(planned) for planned in lines]
        now = len(keyed) if at_once else 1
        self.waiting += [planned for planned in keyed[:now] if not self.record_in_both(planned)]
        self.waiting += keyed[now:]

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), acknowledged=st.booleans(), together=st.integers(1, 3))
    def go_on(self, data: st.DataObject, together: int, *, acknowledged: bool) -> None:
        """Record some of what was planned, one of them first, perhaps knowing what it breaks."""
        chosen = []
        for _ in range(min(together, len(self.waiting))):
            at = data.draw(st.integers(0, len(self.waiting) - 1))
            chosen.append(self.waiting.pop(at))
        if acknowledged:
            reasons = [{"rule": rule, "reason": "it is so"} for rule in GUARDED]
            chosen[0] = {**chosen[0], "acknowledged": reasons}
        if not self.record_in_both(*chosen):
            self.waiting += chosen

    @precondition(lambda self: len(self.model.records) > 1)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        targets = [r for r in self.model.records if "class" in r.line]
        if not targets:
            return
        target = data.draw(st.sampled_from(targets))
        line = data.draw(reversal_of(target.line, "?"))
        self.record_in_both({**line, "key": self._new_key()})

    @precondition(lambda self: len(self.model.records) > 1)
    @rule(data=st.data(), other=st.booleans())
    def say_it_again(self, data: st.DataObject, *, other: bool) -> None:
        """The same key with the same content is a hit, with other content a conflict."""
        line = data.draw(st.sampled_from(self.model.records)).line
        before = self.history
        if other:
            line = {**line, "note": "said otherwise"}
            with pytest.raises(Refused, match=r"^idempotent:"):
                self._send([line])
        else:
            receipt = self._send([line])
            assert receipt.recorded == []
            assert [fact.event.key for fact in receipt.hits] == [line["key"]]
        assert _keys(self.history) == _keys(before)

    # --- recording, in both ----------------------------------------------------------------------

    def _new_key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"

    def _keyed(self, line: Line) -> Line:
        return {**line, "key": self._new_key()}

    def _send(self, lines: Sequence[Line]) -> Receipt:
        events = [event_from(line) for line in lines]
        return record(self.ledger, Command(ISSUER, events, by="tester", repeats_are_hits=True))

    @property
    def history(self) -> History:
        return Book(self.ledger, ISSUER).history

    def record_in_both(self, *lines: Line) -> bool:
        """Record one entry in both; the ledger must refuse what the model forbids, no more."""
        before, after = self.model, self.model.with_lines(lines)
        forbidden = {breach[0] for breach in after.never_legal()}
        wrong_action = _mixed_up(after)
        unanswered = _unanswered(before, after, lines)
        try:
            self._send(lines)
        except RuleBroken as broken:
            rules = {breach.rule for breach in broken.breaches}
            counts_break = {b[0] for b in after.impossible_steps()}
            if "opening-once" in forbidden:  # what contradicts itself may count anything
                counts_break.add("counts-not-negative")
            assert rules <= forbidden | counts_break | {b[0] for b in unanswered}, (
                f"{rules} is no reason to refuse it"
            )
            return False
        except (Refused, Unknown):
            if wrong_action:
                return False
            raise
        assert not wrong_action
        assert not forbidden, f"{after.never_legal()} must be refused"
        assert not after.impossible_days(), "no date may show an impossible count"
        assert not unanswered, f"{unanswered} must be acknowledged"
        self.model = after
        return True

    # --- every answer ----------------------------------------------------------------------------

    @invariant()
    def numbers_are_gapless(self) -> None:
        if self.model.records:
            entries = self.history.entries
            assert [e.number for e in entries] == list(range(1, self.model.last_entry + 1))
            moments = [entry.recorded_at for entry in entries]
            assert sorted(set(moments)) == moments

    @precondition(lambda self: self.model.records)
    @rule(on=days_asked, earlier=st.none() | st.integers(1, 40))
    def ask(self, on: date, earlier: int | None) -> None:
        last = self.model.last_entry
        entry = None if earlier is None else 1 + earlier % last
        self.agree(on, entry)

    @invariant()
    def today_and_then_agree(self) -> None:
        """After each step: the days of the newest events, as known now and one entry before."""
        if self.model.records:
            newest = self.model.records[-1]
            for name in ("on", "settled_on", "record_date"):
                if newest.get(name):
                    self.agree(date.fromisoformat(newest.line[name]), None)
            self.agree(newest.on, max(1, self.model.last_entry - 1))

    def agree(self, on: date, entry: int | None) -> None:
        model = self.model if entry is None else self.model.known(entry)
        known = self.history.as_of(Knowledge(entry))
        assert known.classes == model.classes
        for share_class in model.classes:
            for basis in Basis:
                self._same_counts(known, model, share_class, Question(on, basis=basis))
            _same_dividends(known, model, share_class, Question(on))
        _same_programs(known, model, Question(on))
        _same_plans(known, model, Question(on))

    @staticmethod
    def _same_counts(
        known: KnownHistory, model: Model, share_class: str, question: Question
    ) -> None:
        expected = model.counts(share_class, question.on, question.basis)
        counts = share_counts(known, share_class, question)
        assert (counts.authorized, counts.issued, counts.treasury, counts.outstanding) == (
            expected.authorized,
            expected.issued,
            expected.treasury,
            expected.outstanding,
        ), f"{share_class} on {question.on}, {question.basis}"
        at_cost = treasury_position(known, share_class, question)
        assert _exact(at_cost.cost) == expected.cost_shown, (
            f"cost of {share_class} on {question.on}, {question.basis}"
        )


def _mixed_up(model: Model) -> bool:
    """Whether an action would be of two kinds or classes, or begin with a reversal."""
    first: dict[str, tuple[str | None, Any]] = {}
    for recorded in model.records:
        kind = kind_of(recorded.event)
        if kind is None:
            if recorded.action not in first:
                return True
            continue
        mine = (kind, recorded.line.get("class"))
        if first.setdefault(recorded.action, mine) != mine:
            return True
    return False


def _unanswered(before: Model, after: Model, lines: Sequence[Line]) -> set[Breach]:
    """What the entry would newly break, acknowledged neither by it nor at the event itself."""
    today = today_anywhere(datetime.now(UTC))
    fresh = after.guarded(today) - before.guarded(today)
    of_entry = {a["rule"] for line in lines for a in line.get("acknowledged", ())}
    by_key = {recorded.key: recorded.line for recorded in after.records}
    return {
        breach
        for breach in fresh
        if breach[0] not in of_entry
        and breach[0] not in {a["rule"] for a in by_key[breach[2]].get("acknowledged", ())}
    }


def _keys(history: History) -> list[str]:
    return [fact.event.key for fact in history.facts]


def _exact(money: MoneyAnswer | None) -> Fraction | None:
    return None if money is None else Fraction(money.amount)


def _figure(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _same_dividends(
    known: KnownHistory, model: Model, share_class: str, question: Question
) -> None:
    expected = model.years(share_class, question.on)
    years = fiscal_years(known, share_class, question)
    assert [str(year.fiscal_year_end) for year in years] == list(expected)
    for year in years:
        mine = expected[str(year.fiscal_year_end)]
        assert {d.action: d.state for d in year.dividends} == mine.states
        assert {part.action: part.state for part in year.in_kind} == mine.in_kind
        assert _figure(year.declared.per_share) == mine.declared
        assert _figure(year.approved_per_share) == mine.approved
        assert _figure(year.paid_per_share) == mine.paid
        assert _exact(year.total) == mine.total
        assert year.total_is == mine.total_is
        assert year.declared.mixed_basis == mine.mixed
        assert _figure(year.year_end_basis.per_share) == mine.year_end_basis
        assert _figure(year.restated.per_share) == mine.restated
        terms = model.dividends(share_class, question.on)
        for answer in year.dividends:
            theirs = terms[answer.action].terms
            if theirs:
                only_in_shares = theirs.get("settled_in") == "SHARES"
                per_share = None if only_in_shares else Fraction(theirs["per_share"])
                assert _figure(answer.per_share) == per_share
                issued = sum(e.line["shares"] for e in terms[answer.action].elections)
                assert (answer.elected.shares if answer.elected else 0) == issued
                assert answer.currency == theirs["currency"]
                for name in ("record_date", "payable_on"):
                    stated = getattr(answer, name)
                    assert (stated and stated.isoformat()) == theirs.get(name)


def _same_programs(known: KnownHistory, model: Model, question: Question) -> None:
    answers = {answer.action: answer for answer in repurchases(known, question)}
    states = {
        action: state
        for action in model.actions("repurchase")
        if (state := model.program_state(action, question.on)) is not None
    }
    assert {action: answer.state for action, answer in answers.items()} == states
    for action, answer in answers.items():
        program = model.program(action, question.on)
        assert answer.max_shares == program.max_shares
        assert answer.max_shares_as_of == program.max_shares_as_of
        assert answer.until == program.until
        bought, of_cap = program.shares(question.on), program.against_the_cap
        assert answer.shares == (None if bought is None else int(bought))
        capped = program.max_shares is not None and of_cap is not None
        assert answer.shares_left == (
            int(program.max_shares - of_cap) if capped else None  # type: ignore[operator]  # capped
        )
        if program.currency is not None:
            assert _exact(answer.amount) == program.amount


def _same_plans(known: KnownHistory, model: Model, question: Question) -> None:
    states = {answer.action: answer.state for answer in actions(known, question)}
    for kind in RESOLVED:
        for action in model.actions(kind):
            expected = model.plan_state(kind, action, question.on)
            assert states.get(action) == expected, f"{action} on {question.on}"


def test_whatever_is_recorded_the_ledger_answers_as_the_model_does(store: str) -> None:
    run_state_machine_as_test(Recorded)


# --- histories that were answered wrongly once ----------------------------------------------------

OPENED = line("OpeningPositionStated", "class-common", "common", MARCH_1, issued=100, treasury=0)
OUTSTANDING = line("OpeningPositionStated", "class-common", "common", MARCH_1, outstanding=90)
AUTHORIZED = line(
    "RepurchaseAuthorized",
    "program",
    "common",
    MARCH_1,
    max_shares=10,
    max_amount={"amount": "1000", "currency": "JPY"},
    from_=MARCH_1 + timedelta(days=3),
    until=MARCH_1 + timedelta(days=9),
)
EXCESS = line(
    "SharesRepurchased",
    "program",
    "common",
    MARCH_1 + timedelta(days=4),
    shares=15,
    acknowledged=[{"rule": "repurchase-caps", "reason": "the report says so"}],
)


def amended(on: date, **fields: Any) -> Line:
    return line("RepurchaseAmended", "program", "common", on, **fields)


def yen(amount: int) -> Line:
    return {"amount": str(amount), "currency": "JPY"}


def opened(days: int, **counts: Any) -> Line:
    on = MARCH_1 + timedelta(days=days)
    return line("OpeningPositionStated", "class-common", "common", on, **counts)


def taken_in(days: int, until: int, **fields: Any) -> Line:
    on, settles = (MARCH_1 + timedelta(days=n) for n in (days, until))
    what = {"cause": "ODD_LOT", "settled_on": settles, **fields}
    return line("SharesAcquired", "odd-lots", "common", on, **what)


def adjusted(days: int, issued: int | None, treasury: int | None, **fields: Any) -> Line:
    changes = {"issued_change": issued, "treasury_change": treasury, "reason": "a gap"}
    on = MARCH_1 + timedelta(days=days)
    return line("PositionAdjusted", "class-common", "common", on, **changes, **fields)


def split(days: int, kind: str, new: int, old: int, **after: Any) -> list[Line]:
    on = MARCH_1 + timedelta(days=days)
    terms = {"kind": kind, "new": new, "old": old, "effective_on": on}
    return [
        line("SplitResolved", f"split-{days}", "common", on, **terms),
        line("SplitEffected", f"split-{days}", "common", on, **after),
    ]


def issued(days: int, shares: int, **fields: Any) -> Line:
    return line(
        "SharesIssued", "issue", "common", MARCH_1 + timedelta(days=days), shares=shares, **fields
    )


BEFORE = {"issued": 100, "treasury": 10, "treasury_cost": yen(100)}


FOUND: dict[str, tuple[str, list[Line]]] = {
    "an opening that contradicts what is known": (
        "none",
        [
            OUTSTANDING,
            line(
                "OpeningPositionStated",
                "class-common",
                "common",
                MARCH_1 + timedelta(days=4),
                issued=100,
                treasury=5,
            ),
        ],
    ),
    "a program whose purchases are lost in a gap": (
        "none",
        [
            OPENED,
            AUTHORIZED,
            line(
                "PositionAdjusted",
                "class-common",
                "common",
                MARCH_1 + timedelta(days=5),
                issued_change=0,
                treasury_change=None,
                reason="the purchases were never sourced",
            ),
        ],
    ),
    "a window that would end before it begins": (
        "none",
        [AUTHORIZED, amended(MARCH_1 + timedelta(days=1), until=MARCH_1 + timedelta(days=2))],
    ),
    "a longer window after an acknowledged excess": (
        "jp",
        [
            AUTHORIZED,
            EXCESS,
            amended(MARCH_1 + timedelta(days=6), until=MARCH_1 + timedelta(days=20)),
        ],
    ),
    "shares retired on their way while the treasury is stated": (
        "none",
        [opened(2, **BEFORE), taken_in(1, 5, shares=4, destination="RETIRED")],
    ),
    "shares paid in dollars on their way while the treasury is stated in yen": (
        "none",
        [
            opened(2, **BEFORE),
            taken_in(1, 5, shares=4, amount={"amount": "7", "currency": "USD"}),
        ],
    ),
    "no shares on their way while the treasury is stated": (
        "none",
        [
            opened(2, **BEFORE),
            line(
                "SharesRepurchased",
                "program",
                "common",
                MARCH_1 + timedelta(days=1),
                shares=0,
                settled_on=MARCH_1 + timedelta(days=5),
            ),
        ],
    ),
    "an allotment on outstanding shares lost in a gap": (
        "jp",
        [OPENED, adjusted(2, 0, None), *split(4, "GRATIS_ALLOTMENT", 1, 1)],
    ),
    "a share that settles as less than one": (
        "none",
        [
            opened(0, **BEFORE),
            taken_in(2, 6, shares=1, amount=yen(50)),
            *split(4, "CONSOLIDATION", 1, 2),
        ],
    ),
    "a gap taken back on the morning of a split": (
        "jp",
        [
            opened(0, **BEFORE),
            adjusted(2, 5, 0, until=MARCH_1 + timedelta(days=4)),
            *split(5, "SPLIT", 2, 1),
        ],
    ),
    "shares issued twice before the approval": (
        "jp",
        [
            opened(0, **BEFORE),
            line(
                "IssueResolved",
                "issue",
                "common",
                MARCH_1,
                shares=10,
                kind="RIGHTS",
                approval="AGM",
            ),
            issued(3, 4, acknowledged=[{"rule": "approval-needed", "reason": "it was so"}]),
            issued(4, 4),
        ],
    ),
    "an amendment without a resolution": (
        "none",
        [line("DividendAmended", "dividend", "common", MARCH_1, per_share="1")],
    ),
}


RARE: dict[str, tuple[str, list[Line]]] = {
    "shares on their way over two splits, stated between them": (
        "none",
        [
            taken_in(1, 9, shares=7, amount=yen(70)),
            *split(3, "SPLIT", 3, 2),
            opened(5, issued=100, treasury=9, treasury_cost=yen(33)),
            *split(7, "CONSOLIDATION", 2, 3),
        ],
    ),
    "treasury of one share that a consolidation drops": (
        "none",
        [
            opened(0, issued=100, treasury=1, treasury_cost=yen(50)),
            *split(3, "CONSOLIDATION", 1, 2),
            taken_in(4, 4, shares=2, amount=yen(7)),
        ],
    ),
    "counts as stated after a consolidation": (
        "none",
        [
            opened(0, issued=101, treasury=7),
            *split(3, "CONSOLIDATION", 1, 2, issued_after=51, treasury_after=4),
        ],
    ),
    "one count alone, scaled twice": (
        "jp",
        [opened(0, outstanding=101), *split(3, "SPLIT", 3, 2), *split(5, "CONSOLIDATION", 1, 10)],
    ),
    "a cap that a split divides": (
        "jp",
        [
            opened(0, issued=1000, treasury=7),
            {**AUTHORIZED, "on": "2020-03-01", "from": "2020-03-02"},
            line(
                "SharesRepurchased",
                "program",
                "common",
                MARCH_1 + timedelta(days=2),
                shares=5,
                amount=yen(5),
            ),
            *split(3, "SPLIT", 3, 2),
            *(
                line(
                    "SharesRepurchased",
                    "program",
                    "common",
                    MARCH_1 + timedelta(days=5 + n),
                    shares=shares,
                    amount=yen(5),
                )
                for n, shares in enumerate((6, 2))
            ),
        ],
    ),
}
"""What random histories reach too seldom."""


@pytest.mark.parametrize("what", RARE)
def test_a_rare_history_is_answered_as_the_model_does(what: str) -> None:
    _answered_alike(*RARE[what])


@pytest.mark.parametrize("what", FOUND)
def test_a_history_answered_wrongly_once_is_answered_as_the_model_does(what: str) -> None:
    _answered_alike(*FOUND[what])


def _answered_alike(profile: str, lines: list[Line]) -> None:
    machine = Recorded()
    try:
        machine.record_in_both(registration(profile))
        for number, stated in enumerate(lines):
            machine.record_in_both({**stated, "key": f"key-{number}"})
        for days in range(25):
            machine.agree(MARCH_1 + timedelta(days=days), None)
    finally:
        machine.teardown()
