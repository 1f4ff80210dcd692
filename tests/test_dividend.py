"""A dividend from forecast to payment, or to rejection or withdrawal; and what its year carries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Typed, prepared

YEAR_END = ("ACME", "dividend-2020-03-31")
INTERIM = ("ACME", "dividend-2019-09-30")


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """980,000 outstanding from 2019-03-31 on."""
    capital.ok(
        *"issuer register ACME --name Acme --currency JPY --fiscal-year-end 03-31".split(),
        *("--profile", "jp"),
    )
    capital.ok(
        *"class open ACME common --on 2019-03-31 --issued 1000000 --treasury 20000".split(),
        *("--authorized", "4000000"),
    )
    return capital


def resolved(capital: Typed, *more: str, per_share: str = "12.50") -> str:
    return capital.ok(
        *("dividend", "resolve", *YEAR_END, "--on", "2020-05-20", "--term", "YEAR_END"),
        *("--fiscal-year-end", "2020-03-31", "--per-share", per_share),
        *("--record-date", "2020-03-31", "--payable-on", "2020-06-26", *more),
    )


@pytest.fixture
@prepared
def awaiting(acme: Typed) -> Typed:
    resolved(acme, "--approval", "AGM", "--meeting-expected", "2020-06-25")
    return acme


@pytest.fixture
@prepared
def decided(acme: Typed) -> Typed:
    resolved(acme)
    return acme


def year(capital: Typed, on: str, *more: str) -> dict[str, Any]:
    (answer,) = capital.json("dividends", "ACME", "--fiscal-year", "FY2019", "--on", on, *more)
    assert isinstance(answer, dict)
    return answer


def dividend(capital: Typed, on: str) -> dict[str, Any]:
    (answer,) = year(capital, on)["dividends"]
    assert isinstance(answer, dict)
    return answer


def interim(capital: Typed, *more: str, per_share: str = "10") -> str:
    return capital.ok(
        *("dividend", "resolve", *INTERIM, "--on", "2019-11-08", "--term", "INTERIM"),
        *("--fiscal-year-end", "2020-03-31", "--per-share", per_share),
        *("--record-date", "2019-09-30", "--payable-on", "2019-12-06", *more),
    )


# --- states --------------------------------------------------------------------------------------


def test_a_dividend_goes_from_forecast_over_its_approval_to_payment(acme: Typed) -> None:
    acme.ok(
        *("dividend", "forecast", *YEAR_END, "--on", "2020-02-10", "--term", "YEAR_END"),
        *("--fiscal-year-end", "2020-03-31", "--per-share", "12"),
    )
    resolved(acme, "--approval", "AGM", "--meeting-expected", "2020-06-25")
    acme.ok("dividend", "approve", *YEAR_END, "--on", "2020-06-25")
    acme.ok("dividend", "pay", *YEAR_END, "--on", "2020-06-26")

    days = ("2020-02-10", "2020-05-19", "2020-05-20", "2020-06-24", "2020-06-25", "2020-06-26")
    assert [dividend(acme, on)["state"] for on in days] == [
        "forecast",
        "forecast",
        "awaiting approval",
        "awaiting approval",
        "approved",
        "paid",
    ]


@pytest.mark.parametrize("approval", [(), ("--approval", "NONE")])
def test_a_dividend_that_needs_no_approval_is_resolved_and_payable(
    acme: Typed, approval: tuple[str, ...]
) -> None:
    resolved(acme, *approval)

    assert dividend(acme, "2020-05-20")["state"] == "resolved"
    assert year(acme, "2020-05-20")["approved_per_share"] == "12.50"

    acme.ok("dividend", "pay", *YEAR_END, "--on", "2020-06-26")
    assert dividend(acme, "2020-06-26")["state"] == "paid"


def test_a_meeting_can_approve_and_the_company_pay_on_one_day(awaiting: Typed) -> None:
    awaiting.ok("dividend", "approve", *YEAR_END, "--on", "2020-06-25")
    awaiting.ok("dividend", "pay", *YEAR_END, "--on", "2020-06-25")

    assert dividend(awaiting, "2020-06-25")["state"] == "paid"


def test_payment_and_approval_may_be_recorded_in_any_order_in_one_entry(awaiting: Typed) -> None:
    head = '{"issuer": "ACME", "class": "common", "action": "dividend-2020-03-31", '
    awaiting.ok(
        *("import", "-"),
        stdin=head
        + '"event": "DividendPaid", "on": "2020-06-26"}\n'
        + head
        + '"event": "DividendApproved", "on": "2020-06-25"}\n',
    )

    assert dividend(awaiting, "2020-06-25")["state"] == "approved"
    assert dividend(awaiting, "2020-06-26")["state"] == "paid"


def test_a_rejected_dividend_stays_visible_and_enters_no_sum(awaiting: Typed) -> None:
    awaiting.ok("dividend", "reject", *YEAR_END, "--on", "2020-06-25", "--meeting-body", "AGM")

    assert dividend(awaiting, "2020-06-24")["state"] == "awaiting approval"
    assert year(awaiting, "2020-06-24")["declared"]["per_share"] == "12.50"
    assert dividend(awaiting, "2020-06-25")["state"] == "rejected"
    assert dividend(awaiting, "2020-06-25")["per_share"] == "12.50"
    assert year(awaiting, "2020-06-25")["declared"]["per_share"] is None
    assert year(awaiting, "2020-06-25")["total"] is None


def test_a_withdrawn_dividend_stays_visible_and_enters_no_sum(decided: Typed) -> None:
    decided.ok("dividend", "withdraw", *YEAR_END, "--on", "2020-06-01", "--reason", "cash is kept")

    assert dividend(decided, "2020-06-01")["state"] == "withdrawn"
    assert year(decided, "2020-06-01")["declared"]["per_share"] is None
    assert year(decided, "2020-06-01")["approved_per_share"] is None


def test_a_withdrawal_says_why(decided: Typed) -> None:
    said = decided.refused("dividend", "withdraw", *YEAR_END, "--on", "2020-06-01", code=2)

    assert "--reason" in said
    assert "[]" not in said
    assert dividend(decided, "2020-06-01")["state"] == "resolved"


def test_a_forecast_may_be_withdrawn_before_any_resolution(acme: Typed) -> None:
    acme.ok(
        *("dividend", "forecast", *YEAR_END, "--on", "2020-02-10", "--term", "YEAR_END"),
        *("--fiscal-year-end", "2020-03-31", "--per-share", "12"),
    )
    acme.ok("dividend", "withdraw", *YEAR_END, "--on", "2020-04-27", "--reason", "cash is kept")

    assert dividend(acme, "2020-04-27")["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("command", "given", "complaint"),
    [
        (("approve",), "nothing", "no resolution of it"),
        (("pay",), "nothing", "no resolution of it"),
        (("amend", "--payable-on", "2020-07-01"), "nothing", "no resolution of it"),
        (("approve",), "approved", "was approved on 2020-06-25 already"),
        (("reject",), "approved", "was approved on 2020-06-25 already"),
        (("pay",), "rejected", "was rejected on 2020-06-25"),
        (("approve",), "withdrawn", "was withdrawn on 2020-06-25"),
        (("pay",), "withdrawn", "was withdrawn on 2020-06-25"),
        (("withdraw", "--reason", "cash"), "paid", "was paid on 2020-06-25"),
        (("amend", "--per-share", "13"), "paid", "was paid on 2020-06-25"),
        (("lapse", "--amount", "1"), "awaiting", "nothing was paid yet"),
    ],
)
def test_a_dividend_does_not_leave_its_path(
    acme: Typed, command: tuple[str, ...], given: str, complaint: str
) -> None:
    if given != "nothing":
        resolved(acme, *(() if given == "paid" else ("--approval", "AGM")))
    verbs = {
        "approved": ["approve"],
        "rejected": ["reject"],
        "withdrawn": ["withdraw", "--reason", "cash is kept"],
        "paid": ["pay"],
    }
    if given in verbs:
        verb, *more = verbs[given]
        acme.ok("dividend", verb, *YEAR_END, "--on", "2020-06-25", *more)

    said = acme.refused("dividend", command[0], *YEAR_END, "--on", "2020-06-26", *command[1:])

    assert "order-of-events" in said
    assert complaint in said


@pytest.mark.parametrize(
    "command",
    [
        ("approve",),
        ("pay",),
        ("reject",),
        ("amend", "--payable-on", "2020-07-01"),
        ("withdraw", "--reason", "cash is kept"),
        ("fix-currency", "--payment-currency", "USD"),
    ],
)
def test_nothing_happens_to_a_dividend_before_the_day_it_is_resolved(
    decided: Typed, command: tuple[str, ...]
) -> None:
    said = decided.refused("dividend", command[0], *YEAR_END, "--on", "2020-05-19", *command[1:])

    assert "order-of-events" in said
    assert "its resolution on 2020-05-20" in said


def test_payment_before_approval_names_the_meeting_it_awaits(awaiting: Typed) -> None:
    said = awaiting.refused("dividend", "pay", *YEAR_END, "--on", "2020-06-24")

    assert "approval-needed" in said
    assert "2020-06-24 before its approval" in said
    assert "awaits the AGM, expected on 2020-06-25" in said


def test_payment_before_approval_can_be_recorded_as_the_fact_it_is(awaiting: Typed) -> None:
    awaiting.ok(
        *("dividend", "pay", *YEAR_END, "--on", "2020-06-24"),
        *("--acknowledge", "approval-needed", "--reason", "paid by mistake"),
    )

    assert dividend(awaiting, "2020-06-24")["state"] == "paid"


def test_a_payment_is_reversed_before_its_approval(awaiting: Typed) -> None:
    awaiting.ok("dividend", "approve", *YEAR_END, "--on", "2020-06-25")
    awaiting.ok("dividend", "pay", *YEAR_END, "--on", "2020-06-26")

    said = awaiting.refused("reverse", *YEAR_END, "2", "--reason", "minutes amended")
    assert "approval-needed" in said

    awaiting.ok("reverse", *YEAR_END, "3", "--reason", "bounced")
    awaiting.ok("reverse", *YEAR_END, "2", "--reason", "minutes amended")
    assert dividend(awaiting, "2020-06-30")["state"] == "awaiting approval"


def test_an_interim_and_a_year_end_dividend_can_be_of_one_term_twice(acme: Typed) -> None:
    interim(acme)
    acme.ok(
        *"dividend resolve ACME second-interim --on 2020-01-08 --term INTERIM".split(),
        *"--fiscal-year-end 2020-03-31 --per-share 2 --record-date 2019-12-31".split(),
    )

    assert year(acme, "2020-01-08")["interim"] == "12"


# --- forecasts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        (("--per-share", "12"), ("12", None, None)),
        (("--per-share-low", "10", "--per-share-high", "12"), (None, "10", "12")),
        (("--undecided",), (None, None, None)),
    ],
)
def test_a_forecast_is_a_figure_a_range_or_undecided_and_enters_no_total(
    acme: Typed, stated: tuple[str, ...], shown: tuple[str | None, ...]
) -> None:
    acme.ok(
        *("dividend", "forecast", *YEAR_END, "--on", "2020-02-10", "--term", "ANNUAL"),
        *("--fiscal-year-end", "2020-03-31", *stated),
    )

    answer = dividend(acme, "2020-02-10")
    assert (answer["per_share"], answer["per_share_low"], answer["per_share_high"]) == shown
    assert year(acme, "2020-02-10")["declared"]["per_share"] is None
    assert year(acme, "2020-02-10")["approved_per_share"] is None


def test_the_latest_forecast_is_the_one_that_counts(acme: Typed) -> None:
    for on, figure in (("2020-02-10", "12"), ("2019-05-10", "9")):
        acme.ok(
            *("dividend", "forecast", *YEAR_END, "--on", on, "--term", "YEAR_END"),
            *("--fiscal-year-end", "2020-03-31", "--per-share", figure),
        )

    assert dividend(acme, "2020-01-31")["per_share"] == "9"
    assert dividend(acme, "2020-03-31")["per_share"] == "12"


@pytest.mark.parametrize(
    "stated",
    [
        (),
        ("--per-share", "1", "--undecided"),
        ("--per-share-low", "1"),
        ("--per-share-low", "2", "--per-share-high", "1"),
        ("--per-share", "1", "--per-share-low", "1", "--per-share-high", "2"),
    ],
)
def test_a_forecast_says_one_thing(acme: Typed, stated: tuple[str, ...]) -> None:
    said = acme.refused(
        *("dividend", "forecast", *YEAR_END, "--on", "2020-02-10", "--term", "YEAR_END"),
        *("--fiscal-year-end", "2020-03-31", *stated),
        code=2,
    )

    assert "per_share" in said


def test_only_a_forecast_is_of_a_whole_year(acme: Typed) -> None:
    said = acme.refused(
        *("dividend", "resolve", *YEAR_END, "--on", "2020-05-20", "--term", "ANNUAL"),
        *("--fiscal-year-end", "2020-03-31", "--per-share", "1"),
        code=2,
    )

    assert "ANNUAL is for forecasts only" in said


# --- money ---------------------------------------------------------------------------------------


def test_the_total_is_per_share_times_outstanding_at_the_end_of_the_record_date(
    decided: Typed,
) -> None:
    # 12.50 x (1,000,000 - 20,000)
    assert dividend(decided, "2020-05-20")["total"] == {"amount": "12250000", "currency": "JPY"}
    assert year(decided, "2020-05-20")["total_is"] == "computed"


def test_shares_bought_after_the_record_date_do_not_change_the_total(decided: Typed) -> None:
    decided.ok(
        *"acquisition acquire ACME odd-lots --on 2020-04-01 --shares 80000".split(),
        *("--cause", "OTHER"),
    )

    assert dividend(decided, "2020-05-20")["total"]["amount"] == "12250000"


def test_shares_bought_on_the_record_date_are_not_paid_on(decided: Typed) -> None:
    decided.ok(
        *"acquisition acquire ACME odd-lots --on 2020-03-31 --shares 80000".split(),
        *("--cause", "OTHER"),
    )

    # 12.50 x 900,000
    assert dividend(decided, "2020-05-20")["total"]["amount"] == "11250000"


def test_the_base_is_always_a_settled_one(decided: Typed) -> None:
    # Traded before the record date, delivered after it: the seller is still paid.
    decided.ok(
        *"acquisition acquire ACME odd-lots --on 2020-03-30 --settled-on 2020-04-01".split(),
        *"--shares 80000 --cause OTHER".split(),
    )

    assert dividend(decided, "2020-05-20")["total"]["amount"] == "12250000"


def test_a_dividend_of_a_class_without_an_opening_works_and_its_total_is_unknown(
    capital: Typed,
) -> None:
    capital.ok(
        *"issuer register ACME --name Acme --currency JPY --fiscal-year-end 03-31".split(),
        *("--profile", "jp"),
    )
    resolved(capital, "--stated-total", "JPY 12 million")

    answer = year(capital, "2020-05-20")
    assert answer["declared"]["per_share"] == "12.50"
    assert answer["dividends"][0]["total"] is None
    assert (answer["total"], answer["total_is"]) == (
        {"amount": "12000000", "currency": "JPY"},
        "stated",
    )


def test_a_dividend_of_nothing_is_a_decision(acme: Typed) -> None:
    resolved(acme, per_share="0")

    answer = year(acme, "2020-05-20")
    assert answer["declared"]["per_share"] == "0"
    assert answer["total"] == {"amount": "0", "currency": "JPY"}


def test_a_dividend_is_paid_in_parts_from_the_first_on(decided: Typed) -> None:
    decided.ok("dividend", "pay", *YEAR_END, "--on", "2020-06-26", "--amount", "12000000")
    decided.ok("dividend", "pay", *YEAR_END, "--on", "2020-07-10", "--amount", "250000")

    assert dividend(decided, "2020-06-26")["state"] == "paid"
    assert dividend(decided, "2020-06-26")["paid_on"] == "2020-06-26"
    assert dividend(decided, "2020-06-26")["paid_amount"]["amount"] == "12000000"
    assert dividend(decided, "2020-07-10")["paid_amount"]["amount"] == "12250000"


def test_a_payment_without_amount_is_in_full(decided: Typed) -> None:
    decided.ok("dividend", "pay", *YEAR_END, "--on", "2020-06-26")

    assert dividend(decided, "2020-06-26")["paid_amount"]["amount"] == "12250000"


def test_what_nobody_claimed_lapses_after_payment(decided: Typed) -> None:
    decided.ok("dividend", "pay", *YEAR_END, "--on", "2020-06-26")
    decided.ok("dividend", "lapse", *YEAR_END, "--on", "2023-06-26", "--amount", "41250")

    assert dividend(decided, "2023-06-26")["state"] == "paid"


def test_a_year_adds_up_what_is_decided_awaiting_approval_included(awaiting: Typed) -> None:
    interim(awaiting)
    awaiting.ok("dividend", "pay", *INTERIM, "--on", "2019-12-06")

    answer = year(awaiting, "2020-05-20")
    assert answer["declared"] == {"per_share": "22.50", "mixed_basis": False}
    assert answer["year_end_basis"]["per_share"] == "22.50"
    assert answer["restated"]["per_share"] == "22.50"
    assert (answer["interim"], answer["year_end"]) == ("10", "12.50")
    assert (answer["approved_per_share"], answer["paid_per_share"]) == ("10.00", "10.00")
    # (10 + 12.50) x 980,000
    assert answer["total"] == {"amount": "22050000", "currency": "JPY"}


def test_dividends_in_unlike_currencies_have_no_sum(decided: Typed) -> None:
    interim(decided, "--currency", "USD")

    answer = year(decided, "2020-05-20")
    assert answer["declared"]["per_share"] is None
    assert answer["restated"]["per_share"] is None
    assert (answer["total"], answer["currency"]) == (None, None)
    assert [d["currency"] for d in answer["dividends"]] == ["USD", "JPY"]


def test_a_year_with_a_dividend_of_unknown_total_has_no_total(decided: Typed) -> None:
    # No record date, no stated total: nobody can say what it came to.
    decided.ok(
        *"dividend resolve ACME special --on 2020-01-08 --term SPECIAL".split(),
        *"--fiscal-year-end 2020-03-31 --per-share 2".split(),
    )

    answer = year(decided, "2020-05-20")
    assert answer["declared"]["per_share"] == "14.50"
    assert (answer["total"], answer["total_is"]) == (None, None)


def test_a_year_says_which_of_its_totals_are_computed_and_which_are_stated(
    decided: Typed,
) -> None:
    decided.ok(
        *"dividend resolve ACME special --on 2020-01-08 --term SPECIAL".split(),
        *"--fiscal-year-end 2020-03-31 --per-share 2 --stated-total 1960000".split(),
    )

    answer = year(decided, "2020-05-20")
    # 12.50 x 980,000 computed, and 1,960,000 as stated
    assert answer["total"] == {"amount": "14210000", "currency": "JPY"}
    assert answer["total_is"] == "mixed"


# --- amendments and currencies -------------------------------------------------------------------


def test_an_amendment_changes_what_it_names_from_its_day_on(decided: Typed) -> None:
    decided.ok(
        *("dividend", "amend", *YEAR_END, "--on", "2020-06-10", "--per-share", "13"),
        *("--cause", "anniversary"),
    )

    before, after = dividend(decided, "2020-06-09"), dividend(decided, "2020-06-10")
    assert (before["per_share"], after["per_share"]) == ("12.50", "13")
    assert after["payable_on"] == "2020-06-26"  # not named, not changed
    assert after["total"]["amount"] == "12740000"  # 13 x 980,000


@pytest.mark.parametrize(
    ("fixed", "per_share"),
    [
        ("--per-share 15.58", "15.58"),
        ("--rate-pair USD/JPY --rate-value 114.14", "15.58011"),  # 0.1365 x 114.14
        ("--rate-pair JPY/USD --rate-value 0.0075", "18.2"),  # 0.1365 / 0.0075
        ("--per-share 15.58 --rate-pair USD/JPY --rate-value 114.14", "15.58"),
        ("", None),
    ],
)
def test_a_dividend_declared_in_one_currency_is_paid_in_another(
    acme: Typed, fixed: str, per_share: str | None
) -> None:
    resolved(acme, "--currency", "USD", "--approval", "AGM", per_share="0.1365")

    # legal before approval
    acme.ok(
        *("dividend", "fix-currency", *YEAR_END, "--on", "2020-06-01"),
        *("--payment-currency", "JPY", *fixed.split()),
    )

    answer = dividend(acme, "2020-06-01")
    assert answer["currency"] == "USD"
    assert answer["paid_in"] == {"payment_currency": "JPY", "per_share": per_share}
    assert dividend(acme, "2020-05-31")["paid_in"] is None


# --- awaiting ------------------------------------------------------------------------------------


def test_a_pending_dividend_says_what_it_awaits_and_when(awaiting: Typed) -> None:
    def pending(on: str) -> list[tuple[str, str, str, bool]]:
        return [
            (a["state"], a["awaits"], a["due"], a["overdue"])
            for a in awaiting.json("actions", "ACME", "--pending", "--on", on)
        ]

    awaiting.ok("dividend", "approve", *YEAR_END, "--on", "2020-06-25")
    awaiting.ok("dividend", "pay", *YEAR_END, "--on", "2020-06-29")

    assert pending("2020-06-24") == [
        ("awaiting approval", "approval by the AGM", "2020-06-25", False)
    ]
    assert pending("2020-06-25") == [("approved", "payment", "2020-06-26", False)]
    assert pending("2020-06-27") == [("approved", "payment", "2020-06-26", True)]
    assert pending("2020-06-29") == []


def test_a_resolution_is_not_reversed_from_under_its_amendment(decided: Typed) -> None:
    decided.ok("dividend", "amend", *YEAR_END, "--on", "2020-06-10", "--per-share", "13")

    said = decided.refused("reverse", *YEAR_END, "1", "--reason", "wrong company")

    assert "order-of-events" in said
    assert "DividendAmended of dividend-2020-03-31 on 2020-06-10" in said


@pytest.mark.parametrize("query", ["dividends", "actions", "check"])
def test_the_public_may_hear_of_an_amendment_before_the_resolution(acme: Typed, query: str) -> None:
    resolved(acme, "--disclosed-at", "2020-07-01")
    acme.ok("dividend", "amend", *YEAR_END, "--on", "2020-06-10", "--per-share", "13")

    result = acme(
        *(query, "ACME", "--on", "2020-06-15"),
        *("--known-by", "disclosed", "--known-at", "2020-06-15"),
    )

    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception


def test_an_impossible_public_view_is_no_base_of_a_total(decided: Typed) -> None:
    # 20,000 in treasury; 100 more came in, 20,100 went out; the public heard of the second first.
    decided.ok(
        *"acquisition acquire ACME odd-lots --on 2020-01-10 --shares 100 --cause OTHER".split(),
        *("--disclosed-at", "2020-12-01"),
    )
    decided.ok(
        *"class adjust ACME common --on 2020-01-20 --issued-change 0".split(),
        *("--treasury-change", "-20100", "--reason", "gap"),
    )

    (public,) = decided.json(
        *("dividends", "ACME", "--on", "2020-05-20"),
        *("--known-by", "disclosed", "--known-at", "2020-05-20"),
    )

    # Treasury would be -100, and outstanding 1,000,100 of 1,000,000 issued.
    assert public["dividends"][0]["total"] is None
    assert public["total"] is None
