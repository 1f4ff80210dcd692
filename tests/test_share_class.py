"""A share class's own affairs: its opening, its articles, what was published of it."""

from __future__ import annotations

import pytest

from tests.conftest import Typed, prepared

CLASS = ("ACME", "common")


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    return capital


@pytest.fixture
@prepared
def opened(acme: Typed) -> Typed:
    acme.ok(
        *("class", "open", *CLASS, "--on", "2020-03-31", "--issued", "1000", "--treasury", "100"),
        *("--authorized", "4000"),
    )
    return acme


def entries(capital: Typed) -> int:
    return len(capital.json("audit", "replay", "ACME")["entries"])


# --- opening -------------------------------------------------------------------------------------


def test_a_second_opening_position_is_refused_with_what_the_ledger_holds(opened: Typed) -> None:
    said = opened.refused("class", "open", *CLASS, *"--on 2020-06-30 --issued 1200".split())

    assert "opening-once" in said
    assert "on 2020-06-30 the ledger holds issued 1,000" in said
    assert "capital class report" in said  # what to do instead
    assert entries(opened) == 2


def test_an_opening_before_the_opening_is_a_second_one_too(opened: Typed) -> None:
    said = opened.refused(
        "class", "open", *CLASS, *"--on 2019-03-31 --issued 900 --treasury 0".split()
    )

    assert "opening-once" in said
    assert "2020-03-31" in said  # the first day that would break


def test_a_later_opening_must_add_up_with_what_is_known(acme: Typed) -> None:
    acme.ok("class", "open", *CLASS, *"--on 2020-03-31 --issued 1000".split())

    said = acme.refused("class", "open", *CLASS, *"--on 2020-06-30 --outstanding 1001".split())

    assert "treasury would be -1" in said or "1,001" in said


def test_a_reversed_opening_makes_room_for_the_right_one(opened: Typed) -> None:
    opened.ok("reverse", "ACME", "class-common", "1", "--reason", "figures of another class")

    opened.ok("class", "open", *CLASS, *"--on 2020-03-31 --issued 2000 --treasury 0".split())

    answer = opened.json("shares", "ACME", "--class", "common", "--on", "2020-03-31")
    assert (answer["issued"], answer["outstanding"]) == (2000, 2000)


@pytest.mark.parametrize(
    ("stated", "complaint"),
    [
        ("--treasury-cost 5", "at least one count"),
        ("--issued 10 --treasury 11", "treasury 11 is more than issued 10"),
        ("--issued 10 --outstanding 11", "outstanding 11 is more than issued 10"),
        (
            "--issued 1000 --treasury 100 --outstanding 901",
            "outstanding 901 is not issued 1,000 less treasury 100",
        ),
        ("--issued -1", "-1"),
    ],
)
def test_an_opening_that_does_not_add_up_in_itself_cannot_be_read(
    acme: Typed, stated: str, complaint: str
) -> None:
    said = acme.refused("class", "open", *CLASS, "--on", "2020-03-31", *stated.split(), code=2)

    assert complaint in said
    assert entries(acme) == 1


def test_opening_a_class_prints_its_entry_and_the_position_after_it(acme: Typed) -> None:
    said = acme.ok("class", "open", *CLASS, *"--on 2020-03-31 --issued 1000 --treasury 9".split())

    assert "entry 2: ACME class-common: OpeningPositionStated on 2020-03-31" in said
    assert "issued 1,000, treasury 9, outstanding 991" in said


# --- articles ------------------------------------------------------------------------------------


def test_authorized_shares_change_on_the_day_of_their_event(opened: Typed) -> None:
    opened.ok("class", "authorize", *CLASS, "--on", "2020-06-25", "--authorized", "8000")

    authorized = [
        opened.json("shares", "ACME", "--class", "common", "--on", on)["authorized"]
        for on in ("2020-06-24", "2020-06-25")
    ]
    assert authorized == [4000, 8000]


def test_authorized_below_what_is_issued_is_refused_with_both_figures(opened: Typed) -> None:
    said = opened.refused("class", "authorize", *CLASS, *"--on 2020-06-25 --authorized 999".split())

    assert "within-authorized" in said
    assert "1,000 issued on 2020-06-25 would exceed 999 authorized" in said
    assert "--acknowledge within-authorized --reason" in said


def test_a_class_is_registered_once(acme: Typed) -> None:
    acme.ok(*"class register ACME common --on 2005-12-02 --name Common".split())

    said = acme.refused(*"class register ACME common --on 2006-01-01 --name Shares".split())

    assert "order-of-events: class common is registered already, on 2005-12-02 by entry 2" in said


def test_a_class_without_an_opening_awaits_one(acme: Typed) -> None:
    acme.ok(*"class register ACME common --on 2005-12-02 --name Common".split())

    (pending,) = acme.json("actions", "ACME", "--pending", "--on", "2020-01-01")

    assert (pending["action"], pending["state"], pending["awaits"]) == (
        "class-common",
        "registered",
        "an opening position",
    )


@pytest.mark.parametrize(
    ("command", "stated"),
    [
        ("change-unit", "--trading-unit 100"),
        ("set-depositary-ratio", "--depositary-shares 2 --shares 1"),
        ("report", "--issued 1000"),
        ("report-dividends", "--fiscal-year-end 2020-03-31 --per-share 5"),
    ],
)
def test_what_is_only_stated_of_a_class_moves_no_count(
    opened: Typed, command: str, stated: str
) -> None:
    opened.ok("class", command, *CLASS, "--on", "2020-06-25", *stated.split())

    changes = opened.json("shares", "ACME", "--history", "--on", "2020-12-31")
    assert [change["event"] for change in changes] == ["OpeningPositionStated"]


# --- gaps ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "complaint"),
    [
        ("--issued-change 0 --treasury-change 0 --reason x", "moves issued, treasury or both"),
        ("--issued-change 5 --treasury-change 0", "--reason: is missing"),
        ("--issued-change 5 --reason x", "--treasury-change"),
        ("--issued-change 5 --treasury-change 0 --reason x --until 2020-05-31", "2020-05-31"),
        ("--issued-change some --treasury-change 0 --reason x", "some"),
    ],
)
def test_a_gap_says_what_moved_and_why(opened: Typed, stated: str, complaint: str) -> None:
    said = opened.refused("class", "adjust", *CLASS, "--on", "2020-06-01", *stated.split(), code=2)

    assert complaint in said
    assert entries(opened) == 2


def test_on_an_import_line_an_absent_change_is_not_an_unknown_one(opened: Typed) -> None:
    line = (
        '{"issuer": "ACME", "class": "common", "action": "class-common",'
        ' "event": "PositionAdjusted", "on": "2020-06-01", "issued_change": 0, "reason": "x"}'
    )

    result = opened("import", "-", stdin=line)

    assert result.exit_code == 2
    assert "-:1: treasury_change: is missing: PositionAdjusted needs it" in result.stderr


def test_on_an_import_line_a_change_of_null_is_unknown(opened: Typed) -> None:
    line = (
        '{"issuer": "ACME", "class": "common", "action": "class-common",'
        ' "event": "PositionAdjusted", "on": "2020-06-01", "issued_change": 0,'
        ' "treasury_change": null, "reason": "x"}'
    )

    opened.ok("import", "-", stdin=line)

    answer = opened.json("shares", "ACME", "--class", "common", "--on", "2020-06-01")
    assert (answer["issued"], answer["treasury"], answer["outstanding"]) == (1000, None, None)


# --- several classes -----------------------------------------------------------------------------


def test_each_class_has_its_own_counts(opened: Typed) -> None:
    opened.ok(*"class open ACME b --on 2020-03-31 --issued 10 --treasury 1".split())

    answers = opened.json("shares", "ACME", "--on", "2020-03-31")

    assert [(a["class"], a["issued"], a["outstanding"]) for a in answers] == [
        ("b", 10, 9),
        ("common", 1000, 900),
    ]


def test_a_new_class_beside_others_is_pointed_out(opened: Typed) -> None:
    result = opened(*"class open ACME comon --on 2020-03-31 --issued 10".split())

    assert result.exit_code == 0
    assert "'comon' is a new class of ACME, in addition to common" in result.stderr


def test_the_sum_over_classes_is_no_class_of_its_own(opened: Typed) -> None:
    said = opened.refused(*"class open ACME all --on 2020-03-31 --issued 10".split(), code=2)

    assert 'class "all" has no OpeningPositionStated of its own' in said


def test_a_second_opening_is_named_before_what_would_follow_from_it(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*"class open ACME common --on 2020-03-31 --issued 1000 --treasury 100".split())

    # 5 issued would leave 100 in treasury of 5: that follows, it is not what was asked wrongly.
    said = capital.refused(*"class open ACME common --on 2020-04-30 --issued 5".split())

    assert said.startswith("Error: opening-once: ")
    assert "on 2020-04-30 the ledger holds issued 1,000" in said
