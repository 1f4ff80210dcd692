"""What changed between two states of knowledge, and by which events; and the list of rules."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Typed, prepared

DIVIDEND = ("ACME", "dividend-2018-03-31")


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """Entries 1 to 4: registered; 1,000 issued; a dividend of 10; 100 shares bought."""
    capital.ok(
        *"issuer register ACME --name Acme --currency JPY --fiscal-year-end 03-31".split(),
        *("--profile", "jp"),
    )
    capital.ok(
        *"class open ACME common --on 2018-01-31 --issued 1000 --treasury 0".split(),
        *("--authorized", "4000", "--disclosed-at", "2018-02-09"),
    )
    capital.ok(
        *("dividend", "resolve", *DIVIDEND, "--on", "2018-05-24", "--term", "YEAR_END"),
        *"--fiscal-year-end 2018-03-31 --record-date 2018-03-31 --per-share 10".split(),
        *"--payable-on 2018-06-29 --key resolved".split(),
    )
    capital.ok(
        *"acquisition acquire ACME odd-lots --on 2018-03-01 --shares 100 --amount 500".split(),
        *"--cause ODD_LOT --key bought --disclosed-at 2018-04-10".split(),
    )
    return capital


@pytest.fixture
@prepared
def corrected(acme: Typed) -> Typed:
    """Entries 5 and 6: the purchase was of 150 shares, and is replaced."""
    acme.ok(
        *"reverse ACME odd-lots 1 --on 2018-07-01 --key taken-back --reason".split(),
        "a slip of the pen",
    )
    acme.ok(
        *"acquisition acquire ACME odd-lots --on 2018-03-01 --shares 150 --amount 900".split(),
        *"--cause ODD_LOT --key bought-150 --replaces bought".split(),
    )
    return acme


def diff(capital: Typed, *more: object) -> dict[str, Any]:
    answer = capital.json("diff", "ACME", *more)
    assert isinstance(answer, dict)
    return answer


def between(capital: Typed, first: object, second: object, on: str) -> dict[str, Any]:
    return diff(capital, "--known-at", first, "--known-at", second, "--on", on)


def figures(answer: dict[str, Any]) -> dict[tuple[str, str], tuple[Any, Any]]:
    return {(f["what"], f["name"]): (f["before"], f["after"]) for f in answer["figures"]}


# --- counts and money ----------------------------------------------------------------------------


def test_a_reversal_and_its_replacement_change_counts_dividends_and_nothing_else(
    corrected: Typed,
) -> None:
    told = figures(between(corrected, 4, 6, "2018-06-01"))

    assert told == {
        ("class common", "treasury"): ("100", "150"),
        ("class common", "outstanding"): ("900", "850"),
        # 10 x 900 and 10 x 850 at the record date.
        ("dividend-2018-03-31", "total"): ("9000", "8500"),
        ("FY2017 of class common", "total"): ("9000", "8500"),
    }


def test_the_events_that_made_the_difference_are_named_with_their_entries(
    corrected: Typed,
) -> None:
    events = between(corrected, 4, 6, "2018-06-01")["events"]

    assert [
        (e["entry"], e["event"], e["action"], e["key"], e["on"], e["reverses"], e["known_to"])
        for e in events
    ] == [
        (5, "EventReversed", "odd-lots", "taken-back", "2018-07-01", "bought", "B"),
        (6, "SharesAcquired", "odd-lots", "bought-150", "2018-03-01", None, "B"),
    ]


def test_between_the_reversal_and_the_replacement_nothing_had_been_bought(
    corrected: Typed,
) -> None:
    told = figures(between(corrected, 4, 5, "2018-06-01"))

    assert told["class common", "treasury"] == ("100", "0")
    assert told["class common", "outstanding"] == ("900", "1000")
    assert told["dividend-2018-03-31", "total"] == ("9000", "10000")
    assert told["odd-lots", "state"][1] is None  # as if it had never been


def test_before_the_day_of_the_purchase_the_correction_changed_nothing(corrected: Typed) -> None:
    answer = between(corrected, 4, 6, "2018-02-28")

    assert answer["figures"] == []
    assert [e["entry"] for e in answer["events"]] == [5, 6]


def test_one_state_of_knowledge_differs_from_itself_in_nothing(corrected: Typed) -> None:
    answer = between(corrected, 5, 5, "2018-06-01")

    assert (answer["figures"], answer["events"]) == ([], [])


def test_one_state_alone_is_compared_with_everything_known(corrected: Typed) -> None:
    alone = diff(corrected, "--known-at", 4, "--on", "2018-06-01")
    both = between(corrected, 4, 6, "2018-06-01")

    assert alone["figures"] == both["figures"]
    assert alone["events"] == both["events"]


def test_the_order_of_the_two_states_is_the_askers(corrected: Typed) -> None:
    there = figures(between(corrected, 4, 6, "2018-06-01"))
    answer = between(corrected, 6, 4, "2018-06-01")

    assert figures(answer) == {key: (b, a) for key, (a, b) in there.items()}
    assert {e["known_to"] for e in answer["events"]} == {"A"}


def test_what_was_believed_before_the_correction_is_still_answered(corrected: Typed) -> None:
    def treasury(*more: str) -> Any:
        return corrected.json("shares", "ACME", "--class", "common", "--on", "2018-06-01", *more)[
            "treasury"
        ]

    assert treasury() == 150
    assert treasury("--known-at", "4") == 100
    assert treasury("--known-at", "5") == 0


# --- states --------------------------------------------------------------------------------------


def test_a_payment_taken_back_changes_the_state_and_what_was_paid(acme: Typed) -> None:
    acme.ok("dividend", "pay", *DIVIDEND, "--on", "2018-06-29", "--key", "paid")
    acme.ok(*("reverse", *DIVIDEND, "2", "--on", "2018-07-02", "--reason", "the bank sent it back"))

    told = figures(between(acme, 5, 6, "2018-06-29"))

    assert told == {
        ("dividend-2018-03-31", "state"): ("paid", "resolved"),
        ("FY2017 of class common", "paid"): ("10", None),
    }


def test_a_dividend_mended_by_reversal_and_replacement_is_shown_with_both_figures(
    acme: Typed,
) -> None:
    acme.ok(*("reverse", *DIVIDEND, "1", "--on", "2018-05-25", "--reason", "misread"))
    acme.ok(
        *("dividend", "resolve", *DIVIDEND, "--on", "2018-05-24", "--term", "YEAR_END"),
        *"--fiscal-year-end 2018-03-31 --record-date 2018-03-31 --per-share 13.50".split(),
        *"--payable-on 2018-06-28 --key mended --replaces resolved".split(),
    )

    told = figures(between(acme, 4, 6, "2018-06-01"))

    assert told["dividend-2018-03-31", "per share"] == ("10", "13.50")
    assert told["dividend-2018-03-31", "payable on"] == ("2018-06-29", "2018-06-28")
    assert told["dividend-2018-03-31", "total"] == ("9000", "12150")  # 13.50 x 900
    assert told["FY2017 of class common", "declared"] == ("10", "13.50")
    assert ("class common", "treasury") not in told
    assert ("dividend-2018-03-31", "state") not in told


def test_a_split_learnt_of_later_restates_what_was_known(acme: Typed) -> None:
    acme.ok(
        *"split resolve ACME split --on 2018-04-02 --kind SPLIT --new 2 --old 1".split(),
        *"--effective-on 2018-05-01 --authorized-after 8000".split(),
    )
    acme.ok(*"split effect ACME split --on 2018-05-01".split())

    told = figures(between(acme, 4, 6, "2018-06-01"))

    assert told["class common", "authorized"] == ("4000", "8000")
    assert told["class common", "issued"] == ("1000", "2000")
    assert told["class common", "treasury"] == ("100", "200")
    assert told["class common", "outstanding"] == ("900", "1800")
    assert told["FY2017 of class common", "restated"] == ("10", "5")
    assert told["split", "state"] == (None, "effected")
    assert ("dividend-2018-03-31", "per share") not in told  # declared on old shares
    assert ("dividend-2018-03-31", "total") not in told


def test_a_program_learnt_of_later_is_shown_with_its_progress(acme: Typed) -> None:
    acme.ok(
        *"repurchase authorize ACME program --on 2018-04-02 --max-shares 500".split(),
        *("--until", "2018-12-31"),
    )
    acme.ok(*"repurchase purchase ACME program --on 2018-04-10 --shares 20 --amount 60".split())

    told = figures(between(acme, 5, 6, "2018-06-01"))

    assert told["program", "shares"] == ("0", "20")
    assert told["class common", "treasury"] == ("100", "120")
    assert ("program", "max shares") not in told


def test_the_public_learns_on_other_days_than_the_ledger(acme: Typed) -> None:
    answer = diff(
        acme,
        *("--known-by", "disclosed", "--known-at", "2018-03-31", "--known-at", "2018-04-30"),
        *("--on", "2018-03-31"),
    )

    assert figures(answer)["class common", "treasury"] == ("0", "100")
    assert [e["key"] for e in answer["events"]] == ["bought"]


def test_the_answer_repeats_the_question(corrected: Typed) -> None:
    answer = between(corrected, 4, 6, "2018-06-01")

    assert (answer["issuer"], answer["on"]) == ("ACME", "2018-06-01")
    assert [str(at) for at in answer["known_at"]] == ["4", "6"]


def test_a_table_shows_the_figures_and_the_events(corrected: Typed) -> None:
    said = corrected.ok(*"diff ACME --known-at 4 --known-at 6 --on 2018-06-01".split())

    (row,) = [each for each in said.splitlines() if "class common" in each and "treasury" in each]
    assert row.split() == ["class", "common", "treasury", "100", "150"]
    (row,) = [each for each in said.splitlines() if "EventReversed" in each]
    assert row.split()[0] == "5"
    assert "bought" in row


# --- words that cannot be read -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ("", "--known-at"),
        ("--known-at 1 --known-at 2 --known-at 3", "two states"),
        ("--known-at 0 --known-at 1", "entries are numbered from 1"),
        ("--known-at yesterday", "yesterday"),
        ("--known-at 1 --known-at 2 --known-by disclosed", "disclosed"),
        ("--known-at 1 --on 2018-02-30", "2018-02-30"),
    ],
)
def test_what_is_no_two_states_of_knowledge_cannot_be_compared(
    corrected: Typed, more: str, complaint: str
) -> None:
    said = corrected.refused("diff", "ACME", *more.split(), code=2)

    assert complaint in said


def test_an_entry_not_made_yet_is_no_state_of_knowledge(corrected: Typed) -> None:
    said = corrected.refused(*"diff ACME --known-at 1 --known-at 7".split())

    assert "--known-at 7: the last entry of ACME is 6" in said


def test_an_issuer_nobody_registered_has_no_states_to_compare(corrected: Typed) -> None:
    assert "OTHER" in corrected.refused(*"diff OTHER --known-at 1 --known-at 2".split())


# --- capital rules -------------------------------------------------------------------------------

# Domain document, section 5: those that are judged, by kind.
BY_KIND = {
    "R": "counts-not-negative order-of-events date-order distinct-record-date idempotent",
    "G": "within-authorized repurchase-caps repurchase-window repurchase-period stated-total "
    "approval-needed record-date-window price-times-shares no-future-facts period-straddles-split",
    "W": "caps-after-split ex-date distributable-amount unjudged payment-overdue effect-overdue "
    "special-resolution",
    "A": "reported-position reported-progress reported-total",
}


@pytest.mark.parametrize("kind", BY_KIND)
def test_every_rule_of_the_domain_is_listed_with_its_kind(capital: Typed, kind: str) -> None:
    listed = {rule["id"]: rule["kind"] for rule in capital.json("rules")}

    for rule in BY_KIND[kind].split():
        assert listed.get(rule) == kind, rule


def test_the_rules_that_define_rather_than_judge_are_listed_too(capital: Typed) -> None:
    listed = {rule["id"] for rule in capital.json("rules")}

    assert {"dividend-base", "decided-only"} <= listed


def test_a_rule_is_listed_with_what_it_holds_its_article_and_its_profiles(capital: Typed) -> None:
    listed = {rule["id"]: rule for rule in capital.json("rules")}

    window = listed["record-date-window"]
    assert "124(2)" in window["basis"]
    assert "3 months" in window["holds"]
    assert window["profiles"] == ["jp", "us"]
    assert all(rule["holds"] for rule in listed.values())
    assert set(listed["repurchase-period"]["profiles"]) == {"jp", "uk"}
    assert "461" in listed["distributable-amount"]["basis"]
    assert listed["special-resolution"]["profiles"] == ["jp"]


def test_profile_none_keeps_the_identities_and_no_guard(capital: Typed) -> None:
    kinds = {rule["kind"] for rule in capital.json("rules", "--profile", "none")}

    assert "R" in kinds
    assert not kinds & {"G", "W"}


def test_the_rules_of_one_profile_are_those_that_name_it(capital: Typed) -> None:
    every = capital.json("rules")
    for profile in ("jp", "us", "uk", "none"):
        told = [rule["id"] for rule in capital.json("rules", "--profile", profile)]
        assert told == [rule["id"] for rule in every if profile in rule["profiles"]]
        assert told

    assert "record-date-window" not in [r["id"] for r in capital.json("rules", "--profile", "uk")]


def test_the_rules_need_no_ledger_and_know_no_other_profile(tmp_path: Any) -> None:
    typed = Typed(tmp_path / "absent.db")

    assert "counts-not-negative" in typed.ok("rules")
    assert "fr" in typed.refused("rules", "--profile", "fr", code=2)
