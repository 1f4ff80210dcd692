"""The laws of reports, calendar and tie-out, over histories nobody thought of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ledger.actions.dividend import Dividend
from ledger.actions.repurchase import Repurchase
from ledger.events.kinds import Progress
from ledger.history.history import History, KnownHistory
from ledger.history.knowledge import EVERYTHING, Knowledge
from ledger.recording.issuer_record import Book
from ledger.values.numbers import grouped
from projections.actions.calendar import deadlines
from projections.question import Question
from projections.reports.repurchase_month import (
    JapaneseReport,
    Period,
    japanese_report,
    uk_report,
    us_report,
)
from projections.repurchases.programs import repurchases
from projections.shares.positions import share_counts
from projections.tie_out import Figure, Printed, Verdict, printed_figure, tie_out
from tests.strategies import (
    FIRST_DAY,
    ISSUER,
    Told,
    acquisitions,
    days_asked,
    histories,
    keyed,
    line,
    program_events,
    registration,
    split_events,
)
from tests.test_properties import empty_ledger, record_what_can_be

LONG_BEFORE = FIRST_DAY - timedelta(days=400)
LONG_AFTER = FIRST_DAY + timedelta(days=400)


@st.composite
def programs(draw: st.DrawFn) -> Told:
    """One class with a program or two, and now and then a split or another acquisition."""
    lines = [line("OpeningPositionStated", "class-common", "common", FIRST_DAY, **OPENED)]
    for number in range(draw(st.integers(1, 2))):
        lines += draw(program_events(f"repurchase-{number}", "common"))
    if draw(st.integers(0, 4)) == 0:
        lines += draw(split_events("split", "common"))
    lines += draw(st.lists(acquisitions("acquisition", "common"), max_size=1))
    return Told(registration("none"), keyed(lines))


OPENED = {"issued": 10_000, "treasury": 100}


def programs_begun(history: History, on: date) -> Iterator[str]:
    for reference, facts in history.actions.items():
        event = facts[0].event
        if event.action_type is Repurchase and event.on <= on:
            yield reference


def without_splits(history: History, action: str) -> bool:
    return not history.positions(history.ever[action].share_class or "").restatement.days


def yen(total: JapaneseReport) -> Fraction | None:
    amount = total.acquired_total.amount
    return None if amount is None else Fraction(amount.amount)


# --- a month of a program ------------------------------------------------------------------------


@given(programs())
def test_two_parts_of_a_month_add_up_to_the_month(told: Told) -> None:
    whole = Period(LONG_BEFORE, LONG_AFTER)
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, ISSUER).history.as_of(EVERYTHING)
    for action in programs_begun(history, LONG_AFTER):
        if not without_splits(history, action):
            continue
        month = japanese_report(history, action, whole)
        for cut in cuts(history, action):
            parts = (Period(LONG_BEFORE, cut), Period(cut + timedelta(days=1), LONG_AFTER))
            first, second = (japanese_report(history, action, p) for p in parts)

            sums = (first.acquired_total.shares, second.acquired_total.shares)
            if None not in (month.acquired_total.shares, *sums):
                assert month.acquired_total.shares == sum(n for n in sums if n is not None)
            assert month.acquired == [*first.acquired, *second.acquired]
            if None not in (yen(month), yen(first), yen(second)):
                assert yen(month) == (yen(first) or 0) + (yen(second) or 0)


def cuts(history: History, action: str) -> set[date]:
    """The days of the program's events, and the days before them, once it has begun."""
    days = {fact.event.on for fact in history.actions[action]}
    return {cut for day in days for cut in (day, day - timedelta(days=1)) if cut >= min(days)}


@given(programs(), days_asked)
def test_the_months_of_a_program_add_up_to_its_progress(told: Told, on: date) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, ISSUER).history.as_of(EVERYTHING)
    for action in programs_begun(history, on):
        (progress,) = repurchases(history, Question(on), action)
        report = japanese_report(history, action, Period(LONG_BEFORE, on))
        already = any(getattr(f.event, "already", None) for f in history.actions[action])

        if report.acquired_total.shares is not None and not already:
            assert report.cumulative.shares == progress.shares
            if without_splits(history, action):
                assert report.acquired_total.shares == progress.shares


@given(programs())
def test_every_layout_tells_the_same_purchases(told: Told) -> None:
    month = Period(LONG_BEFORE, LONG_AFTER)
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, ISSUER).history.as_of(EVERYTHING)
    for action in programs_begun(history, month.last):
        japan = japanese_report(history, action, month)
        us = us_report(history, action, [month])
        uk = uk_report(history, action, month)

        assert us.months[0] == us.total
        if us.total.shares is not None and us.total.announced_shares is not None:
            assert us.total.shares >= us.total.announced_shares
        all_plans = [
            japanese_report(history, other, month).acquired_total.shares
            for other in programs_begun(history, month.last)
        ]
        if None not in all_plans and without_splits(history, action):
            assert us.total.announced_shares == sum(n for n in all_plans if n is not None)
        if japan.acquired_total.shares is not None and uk.total.shares is not None:
            assert (uk.total.held_in_treasury or 0) + (uk.total.cancelled or 0) in (
                uk.total.shares,
                uk.total.shares - 1,  # the fraction of a share that a split leaves in each
            )
        assert [d.on for d in uk.delivered] == sorted({d.on for d in uk.delivered if d.on})


@given(histories(), days_asked)
def test_what_is_recorded_later_changes_no_report_of_what_was_known(told: Told, on: date) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, ISSUER).history.as_of(EVERYTHING)
    last = history.last_entry or 1
    for entry in range(1, last + 1):
        known = history.as_of(Knowledge(entry))
        then = History(
            ISSUER,
            [e for e in history.entries if e.number <= entry],
            [f for f in history.facts if f.entry.number <= entry],
        ).as_of(EVERYTHING)
        everything = [(item.day, item.what, item.state) for item in deadlines(then, Question(on))]
        days = deadlines(known, Question(on))
        assert [(item.day, item.what, item.state) for item in days] == everything
        for action in programs_begun(then, on):
            period = Period(LONG_BEFORE, on)
            now = japanese_report(known, action, period)
            assert now.acquired == japanese_report(then, action, period).acquired


# --- the calendar --------------------------------------------------------------------------------


@given(histories(), days_asked)
def test_a_day_is_ahead_exactly_when_it_is_not_done_and_lies_ahead(told: Told, on: date) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, ISSUER).history.as_of(EVERYTHING)
    lines = deadlines(history, Question(on), first=date.min)

    assert [item.day for item in lines] == sorted(item.day for item in lines)
    for item in lines:
        match item.state:
            case Progress.DONE:
                assert item.done_on is not None
                assert item.done_on <= on
            case Progress.AHEAD:
                assert item.day > on
            case Progress.TODAY:
                assert item.day == on
            case Progress.PASSED | Progress.OVERDUE | Progress.NOT_RECORDED:
                assert item.day < on
    shown = deadlines(history, Question(on))
    assert shown == [item for item in lines if item.day >= on or item.state is Progress.OVERDUE]


# --- the tie-out ---------------------------------------------------------------------------------


def own_figures(history: KnownHistory, on: date) -> Iterator[Printed]:
    """What the ledger itself would print."""
    for code in history.classes:
        counts = share_counts(history, code, Question(on))
        for figure in (Figure.ISSUED, Figure.TREASURY, Figure.OUTSTANDING):
            count = getattr(counts, figure.value)
            if count is not None:
                yield printed_figure(figure, f"{count:,}", share_class=code)
    for action, facts in history.actions.items():
        if facts[0].event.action_type is Dividend:
            yield printed_figure(Figure.PER_SHARE, "1", action=action)
    for action in programs_begun(history, on):
        (progress,) = repurchases(history, Question(on), action)
        if progress.shares is not None:
            text = str(progress.shares)
            yield printed_figure(Figure.REPURCHASED_SHARES, text, action=action)
        if progress.amount is not None:
            text = f"{progress.amount.currency} {grouped(Fraction(progress.amount.amount))}"
            yield printed_figure(Figure.REPURCHASED_AMOUNT, text, action=action)


@given(histories(), days_asked)
def test_the_ledger_s_own_figures_tie_out(told: Told, on: date) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = Book(ledger, ISSUER).history.as_of(EVERYTHING)
    figures = list(own_figures(history, on))

    answer = tie_out(history, Question(on), figures)

    for tied in answer.figures:
        if tied.figure is not Figure.PER_SHARE:
            assert tied.verdict is Verdict.AGREES, tied
            assert tied.explanations == []
        elif tied.ledger is not None:
            again = printed_figure(Figure.PER_SHARE, tied.ledger, action=tied.action)
            assert tie_out(history, Question(on), [again]).figures[0].verdict is Verdict.AGREES
