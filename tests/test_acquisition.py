"""Shares taken in outside any program: odd lots, fractions, dissenters."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Typed, prepared

ODD_LOTS = ("acquisition", "acquire", "ACME", "odd-lots-2020")


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """1,000,000 issued, 20,000 of them in treasury at JPY 30,000,000."""
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(
        *"class open ACME common --on 2020-03-31 --issued 1000000 --treasury 20000".split(),
        *"--authorized 4000000 --treasury-cost 30000000".split(),
    )
    return capital


def test_odd_lots_come_into_treasury_at_what_they_cost(acme: Typed) -> None:
    acme.ok(*ODD_LOTS, *"--on 2020-09-30 --shares 37 --amount 56000 --cause ODD_LOT".split())

    treasury = acme.json("treasury", "ACME", "--class", "common", "--on", "2020-09-30")
    assert treasury["shares"] == 20_037
    assert treasury["cost"] == {"amount": "30056000", "currency": "JPY"}


def test_shares_taken_in_to_be_retired_are_no_longer_issued(acme: Typed) -> None:
    acme.ok(
        *(*ODD_LOTS, "--on", "2020-09-30", "--shares", "37", "--cause", "DISSENTER"),
        *("--destination", "RETIRED"),
    )

    counts = acme.json("shares", "ACME", "--class", "common", "--on", "2020-09-30")
    assert (counts["issued"], counts["treasury"], counts["outstanding"]) == (
        999_963,
        20_000,
        979_963,
    )


def test_what_is_taken_in_outside_a_program_consumes_no_cap(acme: Typed) -> None:
    acme.ok(
        *"repurchase authorize ACME program --on 2020-08-05 --max-shares 10".split(),
        *"--max-amount 1000 --from 2020-08-06 --until 2021-01-29".split(),
    )

    acme.ok(*ODD_LOTS, *"--on 2020-09-30 --shares 37 --amount 56000 --cause ODD_LOT".split())

    program = acme.json("repurchases", "ACME", "program", "--on", "2020-12-31")
    assert (program["shares"], program["shares_left"]) == (0, 10)


def test_a_total_of_a_period_moves_the_counts_on_its_last_day(acme: Typed) -> None:
    acme.ok(*ODD_LOTS, *"--on 2020-09-30 --from 2020-04-01 --shares 37 --cause ODD_LOT".split())

    held = [
        acme.json("shares", "ACME", "--class", "common", "--on", on)["treasury"]
        for on in ("2020-04-01", "2020-09-29", "2020-09-30")
    ]
    assert held == [20_000, 20_000, 20_037]


def test_an_acquisition_opens_its_action_by_itself(acme: Typed) -> None:
    acme.ok(*ODD_LOTS, *"--on 2020-09-30 --shares 37 --cause ODD_LOT".split())
    acme.ok(*ODD_LOTS, *"--on 2020-12-31 --shares 3 --cause ODD_LOT".split())

    action = acme.json("action", "ACME", "odd-lots-2020", "--on", "2020-12-31")
    assert (action["kind"], action["state"]) == ("acquisition", "acquired")
    assert [event["fields"]["shares"] for event in action["events"]] == [37, 3]


@pytest.mark.parametrize(
    ("stated", "complaint"),
    [
        ("--shares 0 --cause ODD_LOT", "0"),
        ("--shares 37", "--cause"),
        ("--shares 37 --cause GIFT", "GIFT"),
        ("--shares 37 --cause ODD_LOT --from 2020-10-01", "2020-10-01"),
        ("--shares 37 --cause ODD_LOT --settled-on 2020-09-29", "2020-09-29"),
    ],
)
def test_an_acquisition_takes_in_shares_for_a_cause_on_days_in_order(
    acme: Typed, stated: str, complaint: str
) -> None:
    said = acme.refused(*ODD_LOTS, "--on", "2020-09-30", *stated.split(), code=2)

    assert complaint in said


def test_more_shares_to_be_retired_than_are_outstanding_are_refused(acme: Typed) -> None:
    said = acme.refused(
        *(*ODD_LOTS, "--on", "2020-09-30", "--shares", "980001", "--cause", "OTHER"),
        *("--destination", "RETIRED"),
    )

    # 1,000,000 - 980,001 = 19,999 issued, of which 20,000 would be in treasury.
    assert "counts-not-negative" in said
    assert "treasury would be 20,000 of 19,999 issued on 2020-09-30" in said


def test_odd_lots_state_every_price_that_a_return_prints(acme: Typed) -> None:
    acme.ok(
        *ODD_LOTS,
        *"--on 2020-09-30 --from 2020-09-01 --shares 37 --amount 56000 --cause ODD_LOT".split(),
        *"--average-price 1513.51 --highest-price 1520 --lowest-price 1500".split(),
        *"--fees 120 --venue OTC --settled-on 2020-10-02".split(),
    )

    assert (
        acme.json("treasury", "ACME", "--class", "common", "--on", "2020-10-01")["shares"] == 20_000
    )
    assert (
        acme.json("treasury", "ACME", "--class", "common", "--on", "2020-10-02")["cost"]["amount"]
        == "30056000"
    )


@pytest.mark.parametrize(
    "words",
    [
        "acquisition acquire ACME a --cause ODD_LOT",
        "disposal dispose ACME d",
        "issue issue ACME i",
        "cancellation cancel ACME c",
    ],
)
def test_of_every_execution_the_amount_is_its_price_times_its_shares(
    acme: Typed, words: str
) -> None:
    execution = [*words.split(), *"--on 2020-09-30 --shares 10 --price 100 --amount".split()]

    said = acme.refused(*execution, "999")

    assert "price-times-shares" in said
    assert "10 shares at JPY 100 are JPY 1,000, not JPY 999" in said
    acme.ok(*execution, "1000", *"--average-price 100 --venue TSE --fees 5".split())


# MVB Financial Corp. redeemed all 8,500 shares of its Series A preferred stock on 2017-01-05,
# for USD 8,508,500 with what was accrued: USD 1,000 a share (Form S-3 of 2021-12-08).
REDEMPTION: list[dict[str, object]] = [
    {
        "issuer": "MVB",
        "class": "preferred",
        "action": "redemption-2017",
        "event": "SharesAcquired",
        "on": "2017-01-05",
        "shares": 8500,
        "price": {"amount": "1000", "currency": "USD"},
        "amount": {"amount": "8500000", "currency": "USD"},
        "cause": "REDEMPTION",
        "destination": "RETIRED",
    },
    {
        "issuer": "MVB",
        "class": "preferred",
        "action": "class-preferred",
        "event": "ShareClassClosed",
        "on": "2017-01-05",
    },
]


@pytest.fixture
def mvb(capital: Typed) -> Typed:
    """8,500 preferred issued, and some common stock."""
    capital.ok(*"issuer register MVB --name MVB --currency USD --profile us".split())
    for share_class, issued in (("preferred", 8_500), ("common", 8_000_000)):
        capital.ok(
            *("class", "open", "MVB", share_class, "--on", "2014-12-31", "--issued", issued),
            *("--treasury", 0, "--authorized", 2 * issued),
        )
    return capital


@pytest.mark.parametrize("lines", [REDEMPTION, REDEMPTION[::-1]], ids=["in order", "closed first"])
def test_a_class_is_redeemed_to_the_last_share_and_closed_in_one_entry(
    mvb: Typed, lines: list[dict[str, object]]
) -> None:
    mvb.ok("import", "-", stdin="\n".join(map(json.dumps, lines)))

    counts = mvb.json("shares", "MVB", "--class", "preferred", "--on", "2017-01-05")
    assert (counts["issued"], counts["treasury"], counts["outstanding"]) == (0, 0, 0)
    everything = mvb.json("shares", "MVB", "--class", "all", "--on", "2017-01-05")
    assert everything["issued"] == 8_000_000
    assert mvb.json("action", "MVB", "class-preferred", "--on", "2017-01-05")["state"] == "closed"
    events = mvb.json("action", "MVB", "redemption-2017", "--on", "2017-01-05")["events"]
    closed = mvb.json("action", "MVB", "class-preferred", "--on", "2017-01-05")["events"][-1]
    assert {event["entry"] for event in events} == {closed["entry"]}
    assert mvb.json("check", "MVB", "--on", "2017-01-06") == []


def test_one_share_more_than_the_class_has_is_not_redeemed(mvb: Typed) -> None:
    said = mvb.refused(
        *"acquisition acquire MVB redemption-2017 --class preferred --on 2017-01-05".split(),
        *"--shares 8501 --cause REDEMPTION --destination RETIRED".split(),
    )

    assert "counts-not-negative" in said


def test_a_class_redeemed_into_treasury_is_cancelled_before_it_is_closed(mvb: Typed) -> None:
    into_treasury = {**REDEMPTION[0], "destination": "TREASURY"}
    cancelled = {
        "issuer": "MVB",
        "class": "preferred",
        "action": "cancellation-2017",
        "event": "TreasurySharesCancelled",
        "on": "2017-01-05",
        "shares": 8500,
    }

    lines = [into_treasury, cancelled, REDEMPTION[1]]
    mvb.ok("import", "-", stdin="\n".join(map(json.dumps, lines)))

    counts = mvb.json("shares", "MVB", "--class", "preferred", "--on", "2017-01-05")
    assert (counts["issued"], counts["treasury"]) == (0, 0)
    cost = mvb.json("treasury", "MVB", "--class", "preferred", "--on", "2017-01-05")["cost"]
    assert cost["amount"] == "0.00"
