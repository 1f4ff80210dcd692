"""Money, figures, percentages and printed totals: exact, and rounded in one place."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from pydantic import ValidationError

from ledger.values.fields import Money, PrintedMoney, Rate, Source
from ledger.values.numbers import (
    Rounding,
    decimal_text,
    grouped,
    money_text,
    percent_text,
    prints_as,
    rounded_half_up,
)
from tests.conftest import from_fields


def money(amount: object, currency: str = "JPY") -> Money:
    return from_fields(Money, {"amount": amount, "currency": currency})


def printed(amount: str, unit: str, rounding: str = "HALF_UP") -> PrintedMoney:
    return PrintedMoney.read(
        f'{{"amount": "{amount}", "currency": "JPY", "unit": "{unit}", "rounding": "{rounding}"}}',
    )


# --- amounts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["0", "13.50", "0.0755", "400000000", "0.13650000000000000001"])
def test_an_amount_keeps_the_text_it_was_stated_in(text: str) -> None:
    assert money(text).to_json() == f'{{"amount":"{text}","currency":"JPY"}}'.encode()


def test_a_whole_amount_may_be_stated_as_a_json_integer() -> None:
    assert money(608_000_000) == money("608000000")


def test_an_amount_stated_as_a_json_number_with_a_fraction_is_refused() -> None:
    with pytest.raises(ValidationError, match="plain decimal digits"):
        Money.read('{"amount": 12.5, "currency": "USD"}')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1e5",
        "-1",
        "+1",
        "1,000",
        "1_000",
        ".5",
        "5.",
        " 5",
        "5 ",
        "NaN",
        "Infinity",
        "\uff11\uff12",
    ],
)
def test_only_plain_decimal_digits_are_an_amount(text: str) -> None:
    with pytest.raises(ValidationError, match="plain decimal digits"):
        money(text)


@pytest.mark.parametrize("value", [True, None, [], {}])
def test_what_is_no_number_is_no_amount(value: object) -> None:
    with pytest.raises(ValidationError, match="amount"):
        money(value)


@pytest.mark.parametrize("code", ["", "jpy", "YEN", "JP", "JPY ", "XXX", "GBX"])
def test_money_names_a_currency_of_iso_4217(code: str) -> None:
    with pytest.raises(ValidationError, match="not an ISO 4217 currency code"):
        money("1", code)


def test_money_without_a_currency_is_refused() -> None:
    with pytest.raises(ValidationError, match="currency"):
        from_fields(Money, {"amount": "1"})


def test_a_value_cannot_be_changed_once_stated() -> None:
    stated = money("13.50")

    with pytest.raises(ValidationError, match="frozen"):
        stated.amount = Decimal("13.51")


def test_a_value_takes_no_field_it_does_not_know() -> None:
    with pytest.raises(ValidationError, match="ammount"):
        from_fields(Money, {"amount": "1", "currency": "JPY", "ammount": "2"})


@pytest.mark.parametrize(
    ("currency", "text"),
    # ISO 4217, minor unit: none for the yen, two decimals for the dollar, three for the dinar.
    [("JPY", "5"), ("USD", "5.00"), ("KWD", "5.000")],
)
def test_an_amount_shows_the_decimals_of_its_minor_unit(currency: str, text: str) -> None:
    assert money_text(Fraction(5), currency) == text


def test_an_amount_finer_than_the_minor_unit_loses_no_digit() -> None:
    assert money_text(Fraction("0.0755"), "GBP") == "0.0755"


# --- figures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("48.975", 2, "48.98"),  # the half goes up; half-even would print 48.98 too ...
        ("48.965", 2, "48.97"),  # ... but 48.96 here
        ("0.5", 0, "1"),
        ("1.4999999999", 0, "1"),
        ("-0.5", 0, "-1"),  # away from zero
    ],
)
def test_the_one_rounding_is_half_up(value: str, places: int, rounded: str) -> None:
    assert rounded_half_up(Fraction(value), places) == Fraction(rounded)


@pytest.mark.parametrize(
    ("value", "text", "exact"),
    [
        (Fraction(27, 2), "13.5", True),
        (Fraction(27, 2000), "0.0135", True),
        (Fraction(1, 3), "0.3333333333", False),
        (Fraction(2, 3), "0.6666666667", False),
        (Fraction(10), "10", True),
        (Fraction(1, 2**20), "0.00000095367431640625", True),  # long, but it ends
        (Fraction(-1, 4), "-0.25", True),
    ],
)
def test_a_figure_that_ends_is_exact_and_one_that_repeats_is_cut_at_ten_places(
    value: Fraction, text: str, exact: object
) -> None:
    assert decimal_text(value) == (text, exact)


def test_a_figure_is_shown_with_at_least_the_decimals_asked_for() -> None:
    assert decimal_text(Fraction(27), 2) == ("27.00", True)


def test_people_read_thousands_apart() -> None:
    assert grouped(Fraction("121157310.5")) == "121,157,310.5"
    assert grouped(206_478) == "206,478"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (4_000, 206_478, "1.94"),  # the notice of 2008-10-28
        (1_959_000, 4_000_000, "48.98"),  # 48.975 %: the status report of August 2017
        (2_137_650_389, 4_000_000_000, "53.44"),  # the same report, by amount
        (0, 4_000, "0.00"),
        (1, 3, "33.33"),
        (4_001, 4_000, "100.03"),  # 100.025 %
    ],
)
def test_a_percentage_rounds_half_up_to_two_decimals(part: int, whole: int, text: str) -> None:
    assert percent_text(part, whole) == text


def test_of_nothing_there_is_no_percentage() -> None:
    assert percent_text(0, 0) is None


# --- printed totals ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("full", "agrees"),
    [
        (607_499_999, False),
        (607_500_000, True),
        (608_499_999, True),
        (608_500_000, False),  # prints as 609 million
    ],
)
def test_608_million_is_any_full_figure_that_rounds_half_up_to_it(
    full: int, agrees: object
) -> None:
    assert printed("608000000", "1000000").agrees_with(Fraction(full)) is agrees


@pytest.mark.parametrize(
    ("full", "agrees"),
    [(607_999_999, False), (608_000_000, True), (608_999_999, True), (609_000_000, False)],
)
def test_a_total_printed_by_dropping_digits_is_never_more_than_the_full_figure(
    full: int, agrees: object
) -> None:
    assert printed("608000000", "1000000", "DOWN").agrees_with(Fraction(full)) is agrees


def test_a_printed_total_is_a_whole_number_of_its_units() -> None:
    with pytest.raises(ValidationError, match="608,500,000 is not a whole number of units"):
        printed("608500000", "1000000")


def test_a_total_without_a_unit_is_printed_to_the_unit_of_its_currency() -> None:
    exact = PrintedMoney(amount=Decimal(100), currency="JPY")

    assert exact.agrees_with(Fraction(100))
    assert not exact.agrees_with(Fraction(101))


def test_a_printed_count_in_thousands_agrees_within_its_rounding() -> None:
    thousands = Fraction(46_711_000)

    assert prints_as(Fraction(46_711_400), thousands, Fraction(1000), Rounding.HALF_UP)
    assert not prints_as(Fraction(46_711_500), thousands, Fraction(1000), Rounding.HALF_UP)
    assert prints_as(Fraction(46_711_999), thousands, Fraction(1000), Rounding.DOWN)


# --- rates and documents -------------------------------------------------------------------------


@pytest.mark.parametrize("pair", ["USDJPY", "USD/", "/JPY", "USD/USD", "USD/YEN", "usd/jpy"])
def test_a_rate_is_of_two_currencies(pair: str) -> None:
    with pytest.raises(ValidationError, match="two ISO 4217 currencies"):
        from_fields(Rate, {"pair": pair, "value": "114.14"})


def test_a_rate_of_zero_buys_nothing_and_is_refused() -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        from_fields(Rate, {"pair": "USD/JPY", "value": "0"})


@pytest.mark.parametrize(
    "title", ["", " Notice", "Notice ", "Notice\n2018", "Notice\x1b[31m", "x" * 501]
)
def test_the_title_of_a_document_is_one_printable_line(title: str) -> None:
    with pytest.raises(ValidationError, match="title"):
        from_fields(Source, {"title": title})


def test_two_spellings_of_one_title_are_one_title() -> None:
    composed, decomposed = "Soci\u00e9t\u00e9", "Socie\u0301te\u0301"

    assert from_fields(Source, {"title": composed}) == from_fields(Source, {"title": decomposed})


@pytest.mark.parametrize("digest", ["", "abc", "G" * 64, "A" * 64, "a" * 63])
def test_the_digest_of_a_document_is_a_sha256(digest: str) -> None:
    with pytest.raises(ValidationError, match="sha256"):
        from_fields(Source, {"title": "Notice", "sha256": digest})


@pytest.mark.parametrize(
    "text", ["自己株式の取得状況　及び処分状況", "Actions\N{NO-BREAK SPACE}propres"]
)
def test_blanks_of_other_scripts_are_part_of_a_title(text: str) -> None:
    assert from_fields(Source, {"title": text}).title == text


@pytest.mark.parametrize("text", ["a\u2028b", "a\u0085b", "a\tb", "a\x00b", "\u3000a", "a\ud800b"])
def test_control_characters_separators_and_edge_blanks_are_no_part_of_a_title(text: str) -> None:
    with pytest.raises(ValidationError):
        from_fields(Source, {"title": text})
