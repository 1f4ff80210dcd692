"""A series of counts says, point by point, what `capital shares` says of every day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given

from ledger.counts.basis import Basis
from ledger.errors import BadInput
from ledger.history.knowledge import EVERYTHING
from ledger.store.ledger import Ledger
from projections.question import Question
from projections.repurchases.programs import repurchases
from projections.repurchases.progress import program_progress
from projections.shares.counts import ShareCounts
from projections.shares.positions import share_counts
from projections.shares.series import CountPoint, CountsOf, series_asked, share_series
from tests.conftest import book, record_lines
from tests.strategies import FIRST_DAY, ISSUER, LAST_DAY, Told, days_asked, histories
from tests.test_properties import empty_ledger, record_what_can_be

UNKNOWN = CountsOf(None, None, None, None)
EVERY_DAY = [FIRST_DAY + timedelta(days=n) for n in range(-2, (LAST_DAY - FIRST_DAY).days + 6)]

Line = dict[str, Any]


def fact(action: str, event: str, on: str, **fields: Any) -> Line:
    line = {"issuer": "ACME", "action": action, "event": event, "on": on, **fields}
    return line if action == "issuer" else {"class": "common", **line}


REGISTERED = fact(
    "issuer", "IssuerRegistered", "2020-01-01", code="ACME", name="Acme", currency="JPY"
) | {"profile": "none"}
OPENED = fact("class-common", "OpeningPositionStated", "2020-03-31", issued=1000, treasury=100)
SPLIT = fact("split-1", "SplitResolved", "2020-04-01", kind="SPLIT", new=2, old=1) | {
    "effective_on": "2020-05-01"
}
EFFECTED = fact("split-1", "SplitEffected", "2020-05-01")
PROGRAM = fact("buy-1", "RepurchaseAuthorized", "2020-04-01", max_shares=400) | {
    "max_amount": {"amount": "1000", "currency": "JPY"}
}


def bought(on: str, shares: int, amount: str | None = None, **more: Any) -> Line:
    line = fact("buy-1", "SharesRepurchased", on, shares=shares, **more)
    return line if amount is None else {**line, "amount": {"amount": amount, "currency": "JPY"}}


def points(ledger: Ledger, on: str, **asked: Any) -> list[CountPoint]:
    question = Question(date.fromisoformat(on), **asked)
    return share_series(book(ledger).history.as_of(EVERYTHING), "common", question).points


def last_before(series: Sequence[CountPoint], day: date) -> CountPoint | None:
    return next((point for point in reversed(series) if point.on <= day), None)


def counts_of(point: CountPoint | None, *, restated: bool) -> CountsOf:
    if point is None:
        return UNKNOWN
    return point.restated if restated else point.counts


def side_by_side(answer: ShareCounts) -> CountsOf:
    return CountsOf(answer.authorized, answer.issued, answer.treasury, answer.outstanding)


# --- counts --------------------------------------------------------------------------------------


@given(told=histories(), told_in=days_asked)
def test_the_last_point_before_a_day_is_what_the_query_answers_for_it(
    told: Told, told_in: date
) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history = book(ledger, ISSUER).history.as_of(EVERYTHING)
        for basis in Basis:
            question = Question(EVERY_DAY[-1], EVERYTHING, basis, told_in)
            for series in series_asked(history, None, question):
                for day in EVERY_DAY:
                    there = question._replace(on=day)
                    plain = share_counts(
                        history, series.share_class, there._replace(share_basis=None)
                    )
                    restated = share_counts(history, series.share_class, there)
                    point = last_before(series.points, day)
                    assert side_by_side(plain) == counts_of(point, restated=False)
                    assert side_by_side(restated) == counts_of(point, restated=True)
                    assert point is None or point.reason == plain.reason


def test_a_split_is_a_point_that_says_new_for_old(ledger: Ledger) -> None:
    record_lines(ledger, REGISTERED, OPENED, SPLIT, EFFECTED)

    opening, split = points(ledger, "2020-12-31")

    assert (opening.new_shares, split.new_shares) == ((), ("2:1",))
    assert (opening.counts.issued, split.counts.issued) == (1000, 2000)
    assert (opening.restated.issued, split.restated.issued) == (2000, 2000)


def test_a_gratis_allotment_is_drawn_as_the_shares_one_share_became(ledger: Ledger) -> None:
    allotted = SPLIT | {"kind": "GRATIS_ALLOTMENT", "new": 1, "old": 2}
    record_lines(ledger, REGISTERED, OPENED, allotted, EFFECTED)

    assert points(ledger, "2020-12-31")[-1].new_shares == ("3:2",)


def test_several_events_of_a_day_are_one_point_with_the_counts_of_its_close(
    ledger: Ledger,
) -> None:
    record_lines(
        ledger, REGISTERED, OPENED, PROGRAM, bought("2020-04-02", 10), bought("2020-04-02", 20)
    )

    last = points(ledger, "2020-12-31")[-1]

    assert (last.on, last.counts.treasury) == (date(2020, 4, 2), 130)
    assert [where.event for where in last.origins] == ["SharesRepurchased"] * 2


def test_nothing_after_the_day_asked_about_is_in_the_series(ledger: Ledger) -> None:
    record_lines(ledger, REGISTERED, OPENED, SPLIT, EFFECTED)

    assert [point.on for point in points(ledger, "2020-04-30")] == [date(2020, 3, 31)]


def test_a_gap_is_a_point_with_its_reason(ledger: Ledger) -> None:
    gap = fact("class-common", "PositionAdjusted", "2020-06-01", issued_change=0)
    record_lines(ledger, REGISTERED, OPENED, gap | {"treasury_change": None, "reason": "lost"})

    last = points(ledger, "2020-12-31")[-1]

    assert last.counts == CountsOf(None, 1000, None, None)
    assert last.reason is not None
    assert "moved by an unknown number on 2020-06-01" in last.reason


def test_a_picture_of_all_classes_at_once_is_refused(ledger: Ledger) -> None:
    record_lines(ledger, REGISTERED, OPENED)

    with pytest.raises(BadInput, match="takes one class"):
        share_series(book(ledger).history.as_of(EVERYTHING), "all", Question(date(2020, 12, 31)))


# --- programs ------------------------------------------------------------------------------------


@given(told=histories(), on=days_asked)
def test_the_last_point_of_a_program_is_what_the_query_answers(told: Told, on: date) -> None:
    with empty_ledger() as ledger:
        record_what_can_be(ledger, told)
        history, question = book(ledger, ISSUER).history.as_of(EVERYTHING), Question(on)
        for answer in repurchases(history, question):
            way = program_progress(history, question, answer)
            if way:
                last = way[-1]
                assert (last.shares, last.amount) == (answer.shares, answer.amount)


def test_progress_adds_up_purchase_by_purchase_against_both_caps(ledger: Ledger) -> None:
    purchases = [bought("2020-04-02", 100, "250"), bought("2020-04-03", 60, "150")]
    record_lines(ledger, REGISTERED, OPENED, PROGRAM, *purchases)
    history, question = book(ledger).history.as_of(EVERYTHING), Question(date(2020, 12, 31))
    (program,) = repurchases(history, question)

    first, second = program_progress(history, question, program)

    assert (first.shares_percent, first.amount_percent) == ("25.00", "25.00")
    assert (second.shares, second.shares_percent, second.amount_percent) == (160, "40.00", "40.00")


def test_progress_before_a_split_is_told_in_the_shares_asked_for(ledger: Ledger) -> None:
    record_lines(
        ledger, REGISTERED, OPENED, SPLIT, EFFECTED, PROGRAM, bought("2020-04-02", 100, "250")
    )
    history, question = book(ledger).history.as_of(EVERYTHING), Question(date(2020, 12, 31))
    (program,) = repurchases(history, question)

    (point,) = program_progress(history, question, program)

    assert (point.shares, point.shares_percent) == (200, "25.00")


def test_an_amount_not_captured_makes_the_amount_unknown_from_there_on(ledger: Ledger) -> None:
    purchases = [bought("2020-04-02", 100, "250"), bought("2020-04-03", 60)]
    record_lines(ledger, REGISTERED, OPENED, PROGRAM, *purchases)
    history, question = book(ledger).history.as_of(EVERYTHING), Question(date(2020, 12, 31))
    (program,) = repurchases(history, question)

    first, second = program_progress(history, question, program)

    assert (first.amount_percent, second.amount_percent) == ("25.00", None)
    assert second.shares == 160
