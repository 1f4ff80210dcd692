"""Every rule by id: one attempt that breaks it, one that does not, and how a breach is met.

A row is a story in words of the command line: what is given, the attempt that breaks the rule,
the nearest attempt that does not. Figures are those of the domain document where it has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.rules import RULES, Kind
from ledger.rules.deadlines import months_after
from tests.conftest import Typed

TODAY_ANYWHERE = (datetime.now(UTC) + timedelta(hours=14)).date()
TOMORROW_ANYWHERE = TODAY_ANYWHERE + timedelta(days=1)

OPENED = "class open ACME common --on 2018-01-01 --issued 206478 --treasury 4000"
# At 13.50 a share JPY 608 million implies 45,000,000 to 45,074,074 shares outstanding.
OPENED_608 = "class open ACME common --on 2018-03-31 --issued 46713800 --treasury"
PROGRAM = (
    "repurchase authorize ACME program --on 2008-10-28 --max-shares 4000 "
    "--max-amount 400000000 --from 2008-11-14 --until 2009-01-30"
)
BUY = "repurchase purchase ACME program --on"
RESOLVED = (
    "dividend resolve ACME dividend --on 2018-05-24 --term YEAR_END "
    "--fiscal-year-end 2018-03-31 --per-share 13.50"
)
RESOLVED_A_LITTLE_LESS = RESOLVED.replace("13.50", "13.49")
RESOLVED_SPLIT = (
    "split resolve ACME split --on 2018-09-03 --kind SPLIT --new 2 --old 1 "
    "--effective-on 2018-10-01"
)
SPLIT = [
    RESOLVED_SPLIT,
    "split effect ACME split --on 2018-10-01",
]
DISTRIBUTABLE = (
    "issuer state-distributable ACME --on 2018-05-01 --balance-sheet-date 2018-03-31 --amount"
)
OPENED_OF_2008 = "class open ACME common --on 2008-10-27 --issued 206478 --treasury 0"
RESOLVED_SPLIT_OF_2008 = (
    "split resolve ACME split --on 2008-10-28 --kind SPLIT --new 2 --old 1 "
    "--effective-on 2008-12-01"
)
RESOLVED_CONSOLIDATION = (
    "split resolve ACME split --on 2018-06-01 --kind CONSOLIDATION --new 1 --old 10 "
    "--effective-on 2018-10-01"
)


@dataclass(frozen=True)
class Row:
    """One rule: what is given, what breaks it, what does not, and a word of the message."""

    rule: str
    given: Sequence[str]
    breaks: str
    holds: str
    says: Sequence[str]
    profile: str = "jp"

    def __str__(self) -> str:
        return f"{self.rule}: {self.breaks}"


def gap(on: str, issued: int, treasury: int) -> str:
    return (
        f"class adjust ACME common --on {on} --issued-change {issued} "
        f"--treasury-change {treasury} --reason gap"
    )


REFUSED = [
    # 4,001 taken out of the 4,000 there are.
    Row(
        "counts-not-negative",
        [OPENED],
        gap("2018-06-01", 0, -4001),
        gap("2018-06-01", 0, -4000),
        ["treasury would be -1", "2018-06-01", "treasury 4,000 before"],
    ),
    # A backdated gap is judged against what was recorded after it: -10 in March, -4,000 in June.
    Row(
        "counts-not-negative",
        [OPENED, gap("2018-06-01", 0, -4000)],
        gap("2018-03-01", 0, -10),
        gap("2018-03-01", 0, 10),
        ["treasury would be -10", "on 2018-06-01"],
    ),
    # 206,478 - 202,479 = 3,999 issued, 4,000 of them in treasury.
    Row(
        "counts-not-negative",
        [OPENED],
        gap("2018-06-01", -202_479, 0),
        gap("2018-06-01", -202_478, 0),
        ["treasury would be 4,000 of 3,999 issued", "2018-06-01"],
    ),
    Row(
        "order-of-events",
        [PROGRAM],
        f"{BUY} 2008-10-27 --shares 1 --acknowledge repurchase-window --reason x",
        f"{BUY} 2008-11-14 --shares 1",
        ["2008-10-27", "its authorization on 2008-10-28"],
    ),
    Row(
        "opening-once",
        [OPENED],
        "class open ACME common --on 2018-06-01 --issued 206478",
        "class open ACME common --on 2018-06-01 --authorized 377600",
        ["on 2018-06-01 the ledger holds issued 206,478"],
    ),
    Row(
        "one-kind-one-class",
        [PROGRAM],
        "dividend forecast ACME program --on 2018-05-15 --term ANNUAL "
        "--fiscal-year-end 2018-03-31 --undecided",
        "dividend forecast ACME another --on 2018-05-15 --term ANNUAL "
        "--fiscal-year-end 2018-03-31 --undecided",
        ["program of ACME is a repurchase", "DividendForecast belongs to a dividend"],
    ),
    Row(
        "one-kind-one-class",
        [OPENED, PROGRAM],
        f"{BUY} 2008-11-14 --shares 1 --class preferred",
        f"{BUY} 2008-11-14 --shares 1 --class common",
        ["is of class common, not preferred"],
    ),
    Row(
        "date-order",
        [],
        f"{RESOLVED} --record-date 2018-06-30 --payable-on 2018-06-29",
        f"{RESOLVED} --record-date 2018-06-29 --payable-on 2018-06-29",
        ["record date 2018-06-30 lies after payment date 2018-06-29"],
    ),
    # 2018-03-31 was a Saturday: the actual record date is the Friday before.
    Row(
        "date-order",
        [],
        f"{RESOLVED} --record-date 2018-03-31 --actual-record-date 2018-04-02",
        f"{RESOLVED} --record-date 2018-03-31 --actual-record-date 2018-03-30",
        ["actual record date 2018-04-02 lies after record date 2018-03-31"],
    ),
    Row(
        "distinct-record-date",
        [f"{RESOLVED} --record-date 2018-03-31"],
        "dividend amend ACME dividend --on 2018-06-01 --record-date 2018-04-30",
        "dividend amend ACME dividend --on 2018-06-01 --payable-on 2018-06-30",
        ["has the record date 2018-03-31, not 2018-04-30"],
    ),
    Row(
        "look-alike",
        [PROGRAM],
        PROGRAM.replace("ACME program", "ACME pr\N{CYRILLIC SMALL LETTER O}gram"),
        PROGRAM.replace("ACME program", "ACME program-2"),
        ["is shown like 'program' of ACME", "U+043E CYRILLIC SMALL LETTER O"],
    ),
    Row(
        "idempotent",
        [f"{PROGRAM} --key program-1"],
        f"{BUY} 2008-11-14 --shares 1 --key program-1",
        f"{BUY} 2008-11-14 --shares 1 --key program-2",
        ["'program-1'", "entry 2"],
    ),
]

GUARDED = [
    # 206,478 x 200 = 41,295,600 needs more than the 377,600 of the articles of 2008.
    Row(
        "within-authorized",
        [f"{OPENED} --authorized 377600"],
        gap("2018-06-01", 41_089_122, 0),
        gap("2018-06-01", 171_122, 0),
        ["41,295,600 issued on 2018-06-01 would exceed 377,600 authorized"],
    ),
    Row(
        "within-authorized",
        [OPENED],
        "class authorize ACME common --on 2018-06-01 --authorized 206477",
        "class authorize ACME common --on 2018-06-01 --authorized 206478",
        ["206,478 issued on 2018-06-01 would exceed 206,477 authorized"],
    ),
    Row(
        "repurchase-caps",
        [PROGRAM],
        f"{BUY} 2008-11-14 --shares 4001",
        f"{BUY} 2008-11-14 --shares 4000",
        ["4,001", "cap of 4,000 shares", "2008-11-14"],
    ),
    Row(
        "repurchase-caps",
        [PROGRAM, f"{BUY} 2008-11-14 --shares 1 --amount 399999999"],
        f"{BUY} 2008-11-17 --shares 1 --amount 2",
        f"{BUY} 2008-11-17 --shares 1 --amount 1",
        ["400,000,001", "JPY 400,000,000", "2008-11-17", "1 were left"],
    ),
    # Lowered beneath what is bought already: 100 of 99.
    Row(
        "repurchase-caps",
        [PROGRAM, f"{BUY} 2008-11-14 --shares 100 --amount 1"],
        "repurchase amend ACME program --on 2008-12-01 --max-shares 99",
        "repurchase amend ACME program --on 2008-12-01 --max-shares 100",
        ["2008-12-01", "100", "99"],
    ),
    Row(
        "repurchase-window",
        [PROGRAM],
        f"{BUY} 2008-11-13 --shares 1",
        f"{BUY} 2008-11-14 --shares 1",
        ["trade date 2008-11-13", "2008-11-14 to 2009-01-30"],
    ),
    Row(
        "repurchase-window",
        [PROGRAM],
        f"{BUY} 2009-01-31 --shares 1 --settled-on 2009-02-04",
        f"{BUY} 2009-01-30 --shares 1 --settled-on 2009-02-04",
        ["trade date 2009-01-31", "2008-11-14 to 2009-01-30"],
    ),
    # Companies Act (Japan) art. 156(1): at most one year; IIJ's of 2017 was exactly that.
    Row(
        "repurchase-period",
        [],
        "repurchase authorize ACME p --on 2017-04-11 --from 2017-04-11 --until 2018-04-12",
        "repurchase authorize ACME p --on 2017-04-11 --from 2017-04-11 --until 2018-04-11",
        ["2017-04-11 to 2018-04-12", "until 2018-04-11"],
    ),
    # Companies Act 2006 (UK) s. 701(5): at most five.
    Row(
        "repurchase-period",
        [],
        "repurchase authorize ACME p --on 2017-04-11 --from 2017-04-11 --until 2022-04-12",
        "repurchase authorize ACME p --on 2017-04-11 --from 2017-04-11 --until 2022-04-11",
        ["5 years", "until 2022-04-11"],
        profile="uk",
    ),
    # 46,713,800 - 1,639,725 = 45,074,075 outstanding, one too many.
    Row(
        "stated-total",
        [f"{OPENED_608} 1639725"],
        f'{RESOLVED} --record-date 2018-03-31 --stated-total "JPY 608 million"',
        f'{RESOLVED} --record-date 2018-03-31 --stated-total "JPY 609 million"',
        ["608,000,000", "45,000,000 to 45,074,074", "45,074,075 outstanding on 2018-03-31"],
    ),
    Row(
        "approval-needed",
        [f"{RESOLVED} --approval AGM"],
        "dividend pay ACME dividend --on 2018-06-29",
        "dividend approve ACME dividend --on 2018-06-28",
        ["2018-06-29 before its approval", "awaits the AGM"],
    ),
    # Companies Act (Japan) art. 124(2), Civil Code art. 143: three months from 31 March.
    Row(
        "record-date-window",
        [],
        f"{RESOLVED} --record-date 2018-03-31 --payable-on 2018-07-01",
        f"{RESOLVED} --record-date 2018-03-31 --payable-on 2018-06-29",
        ["2018-07-01", "2018-03-31", "the last day is 2018-06-30"],
    ),
    # Delaware GCL s. 213(c): 60 days from 31 March end on 30 May.
    Row(
        "record-date-window",
        [],
        f"{RESOLVED} --record-date 2018-03-31 --payable-on 2018-05-31",
        f"{RESOLVED} --record-date 2018-03-31 --payable-on 2018-05-30",
        ["2018-05-31", "60 days", "the last day is 2018-05-30"],
        profile="us",
    ),
    # 19,221 x 3,895 = 74,865,795
    Row(
        "price-times-shares",
        [],
        f"{BUY} 2008-11-14 --shares 19221 --price 3895 --amount 74865796",
        f"{BUY} 2008-11-14 --shares 19221 --price 3895 --amount 74865795",
        ["74,865,795, not JPY 74,865,796"],
    ),
    Row(
        "price-times-shares",
        [],
        "acquisition acquire ACME a --on 2018-06-01 --shares 2 --price 3 --amount 7 --cause OTHER",
        "acquisition acquire ACME a --on 2018-06-01 --shares 2 --price 3 --amount 6 --cause OTHER",
        ["2 shares at JPY 3 are JPY 6, not JPY 7"],
    ),
    Row(
        "no-future-facts",
        [],
        f"{BUY} {TOMORROW_ANYWHERE} --shares 1",
        f"{BUY} {TODAY_ANYWHERE - timedelta(days=1)} --shares 1",
        [f"{TOMORROW_ANYWHERE}", f"today is {TODAY_ANYWHERE}"],
    ),
    # A rate in another pair than the dividend's own currencies says nothing about it.
    Row(
        "rate-pair",
        [RESOLVED],
        "dividend fix-currency ACME dividend --on 2018-06-01 --payment-currency USD "
        "--rate-pair EUR/USD --rate-value 1.17",
        "dividend fix-currency ACME dividend --on 2018-06-01 --payment-currency USD "
        "--rate-pair USD/JPY --rate-value 108",
        ["EUR/USD", "JPY", "USD"],
    ),
    # Of different record dates, or of one, there is no doubt about the base.
    Row(
        "one-record-date",
        [
            *SPLIT,
            "split resolve ACME second --on 2018-09-03 --kind SPLIT --new 3 --old 1 "
            "--effective-on 2018-10-01",
            "split resolve ACME third --on 2018-09-03 --kind SPLIT --new 3 --old 1 "
            "--effective-on 2018-10-02",
        ],
        "split effect ACME second --on 2018-10-01",
        "split effect ACME third --on 2018-10-02",
        ["split takes effect on the same day", "no record date of split and second is recorded"],
    ),
    # A split of 1 October lies inside the quarter, not before a period that begins on it.
    Row(
        "period-straddles-split",
        SPLIT,
        "acquisition acquire ACME a --on 2018-12-31 --from 2018-09-30 --shares 1 --cause ODD_LOT",
        "acquisition acquire ACME a --on 2018-12-31 --from 2018-10-01 --shares 1 --cause ODD_LOT",
        ["2018-09-30 to 2018-12-31", "the split of 2018-10-01"],
    ),
]

WARNED = [
    Row(
        "ex-date",
        [],
        f"{RESOLVED} --record-date 2018-03-31 --payable-on 2018-06-29 --ex-date 2018-04-01",
        f"{RESOLVED} --record-date 2018-03-31 --payable-on 2018-06-29 --ex-date 2018-03-28",
        ["ex-dividend date 2018-04-01 lies after record date 2018-03-31"],
    ),
    Row(
        "unjudged",
        [],
        OPENED,
        f"{OPENED} --authorized 377600",
        ["within-authorized not judged: authorized is not captured"],
    ),
    Row(
        "unjudged",
        [PROGRAM],
        f"{BUY} 2008-11-14 --shares 1",
        f"{BUY} 2008-11-14 --shares 1 --amount 100000",
        ["repurchase-caps not judged", "not captured in JPY"],
    ),
    Row(
        "unjudged",
        [PROGRAM],
        f'{BUY} 2008-11-14 --shares 1 --amount "USD 1000"',
        f'{BUY} 2008-11-14 --shares 1 --amount "USD 1000" --amount-in-cap-currency 100000',
        ["repurchase-caps not judged", "not captured in JPY"],
    ),
    Row(
        "unjudged",
        [],
        "repurchase authorize ACME p --on 2008-10-28 --max-shares 4000",
        "repurchase authorize ACME p --on 2008-10-28 --max-shares 4000 --until 2009-01-30",
        ["repurchase-window not judged: the end of the window is not captured"],
    ),
    Row(
        "unjudged",
        ["repurchase authorize ACME program --on 2008-10-28 --until 2009-01-30"],
        f"{BUY} 2008-11-14 --shares 1",
        "repurchase amend ACME program --on 2008-11-01 --max-shares 4000",
        ["repurchase-caps not judged: no cap is captured"],
    ),
    Row(
        "unjudged",
        [],
        f'{RESOLVED} --record-date 2018-03-31 --payable-on 2018-06-29 --stated-total "JPY 8"',
        f"{RESOLVED} --record-date 2018-03-31 --payable-on 2018-06-29",
        ["stated-total not judged: outstanding at the record date is unknown"],
    ),
    Row(
        "unjudged",
        [],
        f"{RESOLVED} --record-date 2018-03-31",
        f"{RESOLVED} --record-date 2018-03-31 --payable-on 2018-06-29",
        ["record-date-window not judged: the payment date is not captured"],
    ),
    # Companies Act (Japan) art. 461: 13.50 x 202,478 outstanding = 2,733,453.
    Row(
        "distributable-amount",
        [OPENED, f"{DISTRIBUTABLE} 2733452"],
        f"{RESOLVED} --record-date 2018-03-31 --payable-on 2018-06-29",
        f"{RESOLVED_A_LITTLE_LESS} --record-date 2018-03-31 --payable-on 2018-06-29",
        ["2,733,453", "2018-06-29", "2,733,452"],
    ),
    Row(
        "distributable-amount",
        [
            f"{DISTRIBUTABLE} 1000",
            "acquisition acquire ACME a --on 2018-06-01 --shares 1 --amount 600 --cause OTHER",
        ],
        "acquisition acquire ACME b --on 2018-06-02 --shares 1 --amount 401 --cause OTHER",
        "acquisition acquire ACME b --on 2018-06-02 --shares 1 --amount 400 --cause OTHER",
        ["1,001", "2018-06-02", "1,000 stated"],
    ),
    # A cap of 4,000 old shares is silent about new ones.
    Row(
        "caps-after-split",
        [OPENED_OF_2008, PROGRAM, RESOLVED_SPLIT_OF_2008],
        "split effect ACME split --on 2008-12-01",
        "split effect ACME split --on 2009-02-01",
        ["cap of 4,000 shares", "split of 2008-12-01"],
    ),
    # Companies Act (Japan) arts. 180(2), 309(2)(iv): a special resolution.
    Row(
        "special-resolution",
        [],
        RESOLVED_CONSOLIDATION,
        f"{RESOLVED_CONSOLIDATION} --approval EGM",
        ["consolidation", "art. 180"],
    ),
    # Companies Act (Japan) arts. 160(1), 309(2)(ii).
    Row(
        "special-resolution",
        [],
        "repurchase authorize ACME p --on 2018-06-01 --method NAMED_HOLDER",
        "repurchase authorize ACME p --on 2018-06-01 --method NAMED_HOLDER --meeting-body AGM",
        ["named holder", "art. 160"],
    ),
]


def words(line: str) -> list[str]:
    """The words of a command line; quotes keep blanks together."""
    parts = line.split('"')
    return [
        word for place, part in enumerate(parts) for word in ([part] if place % 2 else part.split())
    ]


@pytest.fixture
def entries(capital: Typed) -> Any:
    return lambda: len(capital.json("audit", "replay", "ACME")["entries"])


def given(capital: Typed, row: Row, profile: str | None = None) -> None:
    capital.ok(
        *"issuer register ACME --name Acme --currency JPY --profile".split(),
        profile or row.profile,
    )
    for line in row.given:
        capital.ok(*words(line))


@pytest.mark.parametrize("row", REFUSED, ids=str)
def test_a_rule_of_kind_r_refuses_always(capital: Typed, entries: Any, row: Row) -> None:
    given(capital, row)
    before = entries()

    said = capital.refused(*words(row.breaks))

    assert RULES[row.rule].kind is Kind.REFUSED
    assert f"Error: {row.rule}: " in said
    for part in row.says:
        assert part in said
    assert "Try: " in said  # the remedy
    assert entries() == before  # nothing recorded


@pytest.mark.parametrize("row", REFUSED, ids=str)
def test_a_rule_of_kind_r_is_no_matter_of_profile(capital: Typed, row: Row) -> None:
    given(capital, row, profile="none")

    assert f"Error: {row.rule}: " in capital.refused(*words(row.breaks))


@pytest.mark.parametrize("row", [*REFUSED, *GUARDED], ids=str)
def test_what_just_keeps_a_rule_is_recorded(capital: Typed, entries: Any, row: Row) -> None:
    given(capital, row)
    before = entries()

    capital.ok(*words(row.holds))

    assert entries() == before + 1


@pytest.mark.parametrize("rule", [rule.id for rule in RULES.values() if rule.kind is Kind.REFUSED])
def test_a_rule_of_kind_r_cannot_be_acknowledged(capital: Typed, rule: str) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())

    said = capital.refused(*words(OPENED), "--acknowledge", rule, "--reason", "so be it", code=2)

    assert f"--acknowledge {rule}: cannot be acknowledged" in said


@pytest.mark.parametrize("row", GUARDED, ids=str)
def test_a_rule_of_kind_g_refuses_what_nobody_acknowledges(
    capital: Typed, entries: Any, row: Row
) -> None:
    given(capital, row)
    before = entries()

    said = capital.refused(*words(row.breaks))

    assert RULES[row.rule].kind is Kind.GUARDED
    assert f"Error: {row.rule}: " in said
    for part in row.says:
        assert part in said
    assert f"--acknowledge {row.rule} --reason TEXT" in said
    assert entries() == before


@pytest.mark.parametrize("row", GUARDED, ids=str)
def test_a_breach_of_kind_g_is_recorded_with_its_reason_and_listed(
    capital: Typed, row: Row
) -> None:
    given(capital, row)

    result = capital(*words(row.breaks), "--acknowledge", row.rule, "--reason", "it happened")

    assert result.exit_code == 0, result.stderr
    assert f"acknowledged: {row.rule} (it happened)" in result.stderr
    on = str(TOMORROW_ANYWHERE)
    found = [
        (finding["rule"], finding["reason"])
        for finding in capital.json("check", "ACME", "--on", on)
        if finding["finding"] == "acknowledged"
    ]
    assert found == [(row.rule, "it happened")]


@pytest.mark.parametrize("row", GUARDED, ids=str)
def test_profile_none_keeps_no_rule_of_kind_g(capital: Typed, row: Row) -> None:
    given(capital, row, profile="none")

    result = capital(*words(row.breaks))

    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize("row", WARNED, ids=str)
def test_a_rule_of_kind_w_is_recorded_and_reported(capital: Typed, entries: Any, row: Row) -> None:
    given(capital, row)
    before = entries()

    result = capital(*words(row.breaks))

    assert RULES[row.rule].kind is Kind.WARNING
    assert result.exit_code == 0, result.stderr
    assert entries() == before + 1
    assert f"warning: {row.rule}: " in result.stderr
    for part in row.says:
        assert part in result.stderr


@pytest.mark.parametrize("row", WARNED, ids=str)
def test_without_the_breach_there_is_no_warning(capital: Typed, row: Row) -> None:
    given(capital, row)

    result = capital(*words(row.holds))

    assert result.exit_code == 0, result.stderr
    assert row.says[0] not in result.stderr


def test_the_table_has_a_row_for_every_rule() -> None:
    tried = {row.rule for row in (*REFUSED, *GUARDED, *WARNED)}
    # Judged by `check` alone, and tried there.
    by_check = {
        "reported-position",
        "reported-progress",
        "reported-total",
        "payment-overdue",
        "effect-overdue",
    }

    # How figures are made: broken by no command, tried where dividends add up.
    by_check |= {rule.id for rule in RULES.values() if rule.kind is Kind.COMPUTED}

    assert tried | by_check >= set(RULES)


# --- profiles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "until", "allowed"),
    [
        ("jp", "2018-04-12", False),
        ("uk", "2018-04-12", True),
        ("us", "2030-04-12", True),
        ("uk", "2030-04-12", False),
    ],
)
def test_how_long_a_program_may_last_is_the_profiles_to_say(
    capital: Typed, profile: str, until: str, allowed: object
) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile".split(), profile)

    result = capital(
        *"repurchase authorize ACME p --on 2017-04-11 --from 2017-04-11 --until".split(), until
    )

    assert (result.exit_code == 0) is allowed
    assert ("repurchase-period" in result.stderr) is not allowed


@pytest.mark.parametrize(
    ("profile", "payable_on", "allowed"),
    [
        ("jp", "2018-06-30", True),
        ("us", "2018-06-30", False),
        ("uk", "2018-12-31", True),
    ],
)
def test_how_soon_after_the_record_date_is_paid_is_the_profiles_to_say(
    capital: Typed, profile: str, payable_on: str, allowed: object
) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile".split(), profile)

    result = capital(*words(f"{RESOLVED} --record-date 2018-03-31 --payable-on {payable_on}"))

    assert (result.exit_code == 0) is allowed


@pytest.mark.parametrize(
    ("record_date", "last_day"),
    [
        # Civil Code (Japan) arts. 140, 143: counted from the day after, to the day before the
        # corresponding day; where there is none, to the end of the month.
        ("2018-03-31", "2018-06-30"),
        ("2018-09-30", "2018-12-31"),
        ("2018-11-29", "2019-02-28"),
        ("2018-11-30", "2019-02-28"),
        ("2019-11-29", "2020-02-29"),
        ("2018-06-20", "2018-09-20"),
    ],
)
def test_three_calendar_months_from_a_record_date_end_on(record_date: str, last_day: str) -> None:
    day = datetime.fromisoformat(record_date).date()

    assert months_after(day, 3) == datetime.fromisoformat(last_day).date()


# --- figures of the domain document --------------------------------------------------------------


@pytest.mark.parametrize(
    ("treasury", "outstanding", "accepted"),
    [
        (1_713_801, 44_999_999, False),
        (1_713_800, 45_000_000, True),
        (1_639_726, 45_074_074, True),
        (1_639_725, 45_074_075, False),
        (0, 46_713_800, False),  # 13.50 x 46,713,800 = 630.6 million: issued is the wrong base
    ],
)
def test_608_million_at_13_50_implies_45_000_000_to_45_074_074_outstanding(
    capital: Typed, treasury: int, outstanding: int, accepted: object
) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*words(f"{OPENED_608} {treasury}"))

    result = capital(
        *words(f'{RESOLVED} --record-date 2018-03-31 --stated-total "JPY 608 million"')
    )

    assert (result.exit_code == 0) is accepted
    if not accepted:
        assert "608,000,000" in result.stderr
        assert f"{outstanding:,} outstanding on 2018-03-31" in result.stderr


@pytest.mark.parametrize(
    ("price", "shares", "amount"),
    [
        (19_221, 3_895, 74_865_795),
        (41_865, 2_894, 121_157_310),
        (35_865, 4_685, 168_027_525),
        (42_130, 2_944, 124_030_720),
    ],
)
def test_real_prices_times_real_shares_are_their_amounts(
    capital: Typed, price: int, shares: int, amount: int
) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    attempt = f"{BUY} 2018-06-01 --shares {shares} --price {price} --amount"

    assert "price-times-shares" in capital.refused(*words(f"{attempt} {amount + 1}"))
    capital.ok(*words(f"{attempt} {amount}"))


def test_an_average_price_is_not_multiplied_out(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())

    capital.ok(*words(f"{BUY} 2018-06-01 --shares 3 --average-price 3 --amount 10"))


# --- acknowledgments -----------------------------------------------------------------------------


def test_an_acknowledgment_of_one_rule_does_not_cover_another(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*words(PROGRAM))
    late_and_over = words(f"{BUY} 2009-02-02 --shares 4001")

    said = capital.refused(*late_and_over, "--acknowledge", "repurchase-caps", "--reason", "x")

    assert "repurchase-window" in said
    capital.ok(
        *late_and_over,
        *("--acknowledge", "repurchase-caps", "--reason", "over"),
        *("--acknowledge", "repurchase-window", "--reason", "late"),
    )


def test_a_breach_once_acknowledged_does_not_stop_the_commands_after_it(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*words(PROGRAM))
    over = words(f"{BUY} 2008-11-14 --shares 4001")
    capital.ok(*over, "--acknowledge", "repurchase-caps", "--reason", "a broker's slip")

    capital.ok(*words("repurchase report ACME program --on 2008-11-30 --shares 4001"))
    capital.ok(*words("repurchase complete ACME program --on 2008-12-01"))


def test_a_month_without_a_purchase_exceeds_no_cap_that_was_exceeded_before(
    capital: Typed,
) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*words(PROGRAM))
    over = words(f"{BUY} 2008-11-14 --shares 4001")
    capital.ok(*over, "--acknowledge", "repurchase-caps", "--reason", "a broker's slip")

    capital.ok(*words(f"{BUY} 2008-12-31 --shares 0"))


def test_a_command_answers_for_what_it_first_causes_at_a_later_event(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*words(PROGRAM))
    capital.ok(*words(f"{BUY} 2008-12-10 --shares 4000"))
    backdated = words(f"{BUY} 2008-11-14 --shares 1")

    assert "2008-12-10" in capital.refused(*backdated)
    capital.ok(*backdated, "--acknowledge", "repurchase-caps", "--reason", "found in the files")

    (finding,) = [
        f
        for f in capital.json("check", "ACME", "--on", "2009-01-01")
        if f["finding"] == "acknowledged"
    ]
    # The breach is on the later day; the entry that caused it, number 4, answers for it.
    assert (finding["on"], finding["reason"]) == ("2008-12-10", "found in the files")
    assert "acknowledged by entry 4" in finding["message"]


def test_an_acknowledgment_covers_its_own_event_whichever_cap_breaks(capital: Typed) -> None:
    # A breach is (rule, action, event): that the amount too is exceeded there is no new one.
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*words(PROGRAM))
    capital.ok(
        *words(f"{BUY} 2008-12-10 --shares 4001 --amount 300000000"),
        *("--acknowledge", "repurchase-caps", "--reason", "a broker's slip"),
    )

    result = capital(*words(f"{BUY} 2008-11-14 --shares 1 --amount 100000001"))

    assert result.exit_code == 0, result.stderr


def test_an_acknowledgment_given_before_the_breach_covers_its_own_event(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*words(PROGRAM))
    capital.ok(
        *words(f"{BUY} 2008-12-10 --shares 4000"),
        *("--acknowledge", "repurchase-caps", "--reason", "an earlier one may turn up"),
    )

    result = capital(*words(f"{BUY} 2008-11-14 --shares 1"))

    assert result.exit_code == 0, result.stderr


def test_an_acknowledgment_is_listed_for_ever_also_once_its_breach_is_cured(
    capital: Typed,
) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*words(PROGRAM))
    over = words(f"{BUY} 2008-11-14 --shares 4001")
    capital.ok(*over, "--acknowledge", "repurchase-caps", "--reason", "a broker's slip")

    capital.ok(*words("repurchase amend ACME program --on 2008-11-01 --max-shares 5000"))

    reasons = [f["reason"] for f in capital.json("check", "ACME", "--on", "2009-01-01")]
    assert "a broker's slip" in reasons


def test_an_acknowledgment_travels_with_its_line(capital: Typed, tmp_path: Any) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*words(PROGRAM))
    over = words(f"{BUY} 2008-11-14 --shares 4001")
    capital.ok(*over, "--acknowledge", "repurchase-caps", "--reason", "a broker's slip")
    lines = capital.ok("export", "ACME")
    copy = Typed(tmp_path / "copy.db")
    copy.ok("init")

    copy.ok("import", "-", stdin=lines)

    found = [
        (f["finding"], f["reason"])
        for f in copy.json("check", "ACME", "--on", "2009-01-01")
        if f["rule"] == "repurchase-caps" and f["finding"] != "unjudged"
    ]
    assert found == [("acknowledged", "a broker's slip")]


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (("--acknowledge", "repurchase-caps"), "0 reasons"),
        (("--acknowledge", "no-such-rule", "--reason", "x"), "no-such-rule: is no rule"),
        (
            ("--acknowledge", "repurchase-caps", "--reason", "x", "--reason", "y"),
            "1 rules are acknowledged with 2 reasons",
        ),
    ],
)
def test_an_acknowledgment_names_a_rule_and_a_reason(
    capital: Typed, entries: Any, more: tuple[str, ...], complaint: str
) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    capital.ok(*words(PROGRAM))

    said = capital.refused(*words(f"{BUY} 2008-11-14 --shares 4001"), *more, code=2)

    assert complaint in said
    assert entries() == 2
