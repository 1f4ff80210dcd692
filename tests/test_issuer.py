"""The issuer itself: registered once, with its currency, fiscal year and profile."""

from __future__ import annotations

import pytest

from tests.conftest import Typed


def register(capital: Typed, *more: str, profile: str = "jp") -> str:
    return capital.ok(
        *"issuer register ACME --name Acme --currency JPY --profile".split(), profile, *more
    )


def resolve(capital: Typed, year_end: str, reference: str = "dividend") -> None:
    capital.ok(
        *("dividend", "resolve", "ACME", reference, "--on", "2018-05-24", "--term", "YEAR_END"),
        *("--fiscal-year-end", year_end, "--per-share", "1"),
    )


def test_registering_an_issuer_is_entry_1_of_its_register(capital: Typed) -> None:
    assert "entry 1: ACME issuer: IssuerRegistered" in register(capital)


def test_each_issuer_counts_its_own_entries(capital: Typed) -> None:
    register(capital)

    said = capital.ok(*"issuer register BETA --name Beta --currency USD --profile us".split())

    assert "entry 1: BETA issuer: IssuerRegistered" in said


@pytest.mark.parametrize(
    ("profile", "label", "year"),
    [
        # The year ended 2018-03-31: named for its beginning under jp, for its end elsewhere ...
        ("jp", None, "FY2017"),
        ("us", None, "FY2018"),
        ("uk", None, "FY2018"),
        ("none", None, "FY2018"),
        # ... unless the issuer says otherwise: Toyota's 20-F calls it fiscal 2018.
        ("jp", "end", "FY2018"),
        ("us", "begin", "FY2017"),
    ],
)
def test_a_fiscal_year_is_named_as_the_issuer_names_it(
    capital: Typed, profile: str, label: str | None, year: str
) -> None:
    named = () if label is None else ("--fiscal-year-label", label)
    register(capital, "--fiscal-year-end", "03-31", *named, profile=profile)
    resolve(capital, "2018-03-31")

    (answer,) = capital.json("dividends", "ACME", "--fiscal-year", year, "--on", "2018-06-30")

    assert (answer["fiscal_year"], answer["fiscal_year_end"]) == (year, "2018-03-31")
    assert answer["declared"]["per_share"] == "1"


def test_a_calendar_year_begins_and_ends_in_one_year(capital: Typed) -> None:
    register(capital, "--fiscal-year-end", "12-31")
    resolve(capital, "2017-12-31")

    (answer,) = capital.json("dividends", "ACME", "--on", "2018-06-30")

    assert answer["fiscal_year"] == "FY2017"


def test_no_date_is_held_against_the_nominal_year_end(capital: Typed) -> None:
    # 52- and 53-week years end on another day each year.
    register(capital, "--fiscal-year-end", "12-31")
    resolve(capital, "2017-12-30")

    (answer,) = capital.json("dividends", "ACME", "--fiscal-year", "FY2017", "--on", "2018-06-30")

    assert answer["fiscal_year_end"] == "2017-12-30"


def test_a_year_of_which_nothing_is_recorded_is_unknown_and_not_zero(capital: Typed) -> None:
    register(capital, "--fiscal-year-end", "03-31")
    capital.ok(*"class open ACME common --on 2018-03-31 --issued 10".split())

    (year,) = capital.json("dividends", "ACME", "--fiscal-year", "FY2030", "--on", "2031-06-30")

    assert (year["fiscal_year"], year["fiscal_year_end"]) == ("FY2030", "2031-03-31")
    assert year["dividends"] == []
    assert year["declared"]["per_share"] is None
    assert year["restated"]["per_share"] is None
    assert (year["approved_per_share"], year["paid_per_share"]) == (None, None)
    assert (year["total"], year["total_is"]) == (None, None)


def test_the_fiscal_year_end_may_move(capital: Typed) -> None:
    register(capital, "--fiscal-year-end", "03-31")
    capital.ok(*"class open ACME common --on 2018-03-31 --issued 10".split())
    capital.ok(
        *"issuer change-fiscal-year-end ACME --on 2024-06-27 --fiscal-year-end 12-31".split()
    )

    ends = [
        capital.json("dividends", "ACME", "--fiscal-year", year, "--on", "2026-01-01")[0][
            "fiscal_year_end"
        ]
        for year in ("FY2023", "FY2024")
    ]

    # The year begun in April 2023 ended in March; the nine months after it end in December.
    assert ends == ["2024-03-31", "2024-12-31"]


def test_earlier_events_are_not_refused_for_a_later_registration(capital: Typed) -> None:
    register(capital, "--on", "2020-01-01")

    capital.ok(*"class open ACME common --on 2008-10-27 --issued 206478 --treasury 0".split())

    answer = capital.json("shares", "ACME", "--class", "common", "--on", "2008-10-27")
    assert answer["outstanding"] == 206_478


def test_an_issuer_is_registered_once(capital: Typed) -> None:
    register(capital)

    said = capital.refused(*"issuer register ACME --name Other --currency JPY --profile jp".split())

    assert "order-of-events: ACME is registered already, by entry 1" in said


def test_a_registration_in_error_is_corrected_as_its_refusal_says(capital: Typed) -> None:
    register(capital)
    again = "issuer register ACME --name Acme --currency USD --profile us".split()
    refusal = capital.refused(*again)
    assert "reverse it first: capital reverse ACME issuer 1" in refusal

    capital.ok("reverse", "ACME", "issuer", "1", "--reason", "wrong currency")
    capital.ok(*again)

    capital.ok(
        *"class open ACME common --on 2020-01-01 --issued 9 --treasury 1".split(),
        "--treasury-cost",
        "5",
    )
    treasury = capital.json("treasury", "ACME", "--class", "common", "--on", "2020-01-01")
    assert treasury["cost"] == {"amount": "5.00", "currency": "USD"}


@pytest.mark.parametrize("day", ["3-31", "2018-03-31", "13-01", "02-30", "00-10", "03-00", "0331"])
def test_a_fiscal_year_ends_on_a_month_and_day(capital: Typed, day: str) -> None:
    said = capital.refused(
        *"issuer register ACME --name Acme --currency JPY --profile jp".split(),
        *("--fiscal-year-end", day),
        code=2,
    )

    assert day in said


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--isin", "JP31527500"),
        ("--isin", "jp3152750000"),
        ("--lei", "529900"),
        ("--currency", "Y"),
    ],
)
def test_codes_of_the_issuer_have_the_form_of_their_standard(
    capital: Typed, option: str, value: str
) -> None:
    words = "issuer register ACME --name Acme --currency JPY --profile jp".split()

    said = capital.refused(*words, option, value, code=2)

    assert value in said


def test_an_event_of_an_issuer_nobody_registered_is_refused(capital: Typed) -> None:
    said = capital.refused(*"class open ACME common --on 2020-03-31 --issued 10".split())

    assert "holds no issuer 'ACME'" in said
    assert "capital issuer register ACME" in said


# --- reduction of capital ------------------------------------------------------------------------

# JTB Corp. reduced its stated capital from JPY 2,304 million to 100 million: resolved by its
# general meeting on 2021-02-12, in effect on 2021-03-31. The counts here are made up.
REDUCED = "issuer reduce-capital JTB --on 2021-03-31 --amount 2204000000 --into CAPITAL_SURPLUS"


@pytest.fixture
def jtb(capital: Typed) -> Typed:
    """1,000,000 issued, 20,000 of them in treasury; JPY 10,000,000 may be distributed."""
    capital.ok(*"issuer register JTB --name JTB --currency JPY --profile jp".split())
    capital.ok(*"class open JTB common --on 2020-03-31 --issued 1000000 --treasury 20000".split())
    return capital


def test_a_reduction_of_capital_moves_no_shares(jtb: Typed) -> None:
    before = jtb.json("shares", "JTB", "--class", "common", "--on", "2021-03-30")

    jtb.ok(*REDUCED.split())

    after = jtb.json("shares", "JTB", "--class", "common", "--on", "2021-03-31")
    counts = ("issued", "treasury", "outstanding")
    assert [after[name] for name in counts] == [before[name] for name in counts]
    shown = jtb.json("action", "JTB", "issuer", "--on", "2021-03-31")["events"][-1]
    assert (shown["event"], shown["fields"]) == (
        "CapitalReduced",
        {
            "amount": {"amount": "2204000000", "currency": "JPY"},
            "into": "CAPITAL_SURPLUS",
        },
    )


def test_a_reduction_that_needs_a_meeting_of_shareholders_names_it(jtb: Typed) -> None:
    said = jtb.refused(*REDUCED.split(), "--approval", "EGM", "--meeting-body", "BOARD")

    assert "approval-needed" in said
    assert "reduction of capital on 2021-03-31 without its approval" in said
    named = "--approval EGM --meeting-body EGM --meeting-held-on 2021-02-12"
    jtb.ok(*REDUCED.split(), *named.split())


def test_a_reduction_that_the_board_may_decide_needs_no_meeting(jtb: Typed) -> None:
    jtb.ok(*REDUCED.split(), "--approval", "NONE", "--meeting-body", "BOARD")


@pytest.mark.parametrize(
    ("into", "enough"),
    [("CAPITAL_SURPLUS", True), ("RETAINED_EARNINGS", True), ("RETURNED", False)],
)
def test_capital_reduced_into_surplus_may_be_distributed_from_its_day(
    jtb: Typed, into: str, enough: object
) -> None:
    jtb.ok(
        *"issuer state-distributable JTB --on 2020-06-01 --amount 10000000".split(),
        *"--balance-sheet-date 2020-03-31".split(),
    )
    jtb.ok(*REDUCED.replace("CAPITAL_SURPLUS", into).split())
    jtb.ok(
        *"dividend resolve JTB dividend --on 2021-02-12 --term SPECIAL --per-share 30".split(),
        *"--fiscal-year-end 2021-03-31 --record-date 2021-03-01 --payable-on 2021-03-31".split(),
    )

    found = jtb.json("check", "JTB", "--on", "2021-04-01")

    # 30 x 980,000 = 29,400,000, more than the 10,000,000 stated.
    assert ("distributable-amount" not in {f["rule"] for f in found}) is enough


def test_what_exceeds_the_stated_amount_and_the_capital_reduced_is_warned_of(jtb: Typed) -> None:
    jtb.ok(
        *"issuer state-distributable JTB --on 2020-06-01 --amount 10000000".split(),
        *"--balance-sheet-date 2020-03-31".split(),
    )
    jtb.ok(*REDUCED.replace("2204000000", "5000000").split())

    said = jtb(
        *"dividend resolve JTB dividend --on 2021-04-12 --term SPECIAL --per-share 30".split(),
        *"--fiscal-year-end 2021-03-31 --record-date 2021-04-30 --payable-on 2021-05-31".split(),
    )

    assert "more than the 10,000,000 stated and 5,000,000 of capital reduced since" in said.stderr
