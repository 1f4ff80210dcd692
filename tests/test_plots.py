"""Pictures in the terminal: what is drawn, and that it reads without color in 80 columns."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from tests.conftest import Typed, prepared

IN_80_COLUMNS = 80
CASE = ROOT / "docs" / "cases" / "iij" / "lines.jsonl"


@pytest.fixture(scope="module")
def iij(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    typed = Typed(tmp_path_factory.mktemp("iij") / "capital.db")
    typed.ok("init")
    typed.ok("import", CASE)
    return typed


@pytest.fixture
@prepared
def acme(capital: Typed) -> Typed:
    """A company with one program, of which it bought a quarter of the shares."""
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile none".split())
    capital.ok(*"class open ACME common --on 2020-03-31 --issued 100000 --treasury 1000".split())
    capital.ok(
        *"repurchase authorize ACME buy-1 --on 2020-04-01 --max-shares 4000".split(),
        *"--max-amount 8000000 --from 2020-04-02 --until 2020-09-30".split(),
    )
    return capital


def drawn_of(text: str, mark: str) -> int:
    """How many places of a picture bear a mark."""
    return sum(line.count(mark) for line in text.splitlines() if re.search("[│┤]", line))


def rows_of(text: str) -> dict[str, str]:
    """The lines of a picture of bars, by the year they begin with."""
    return {line[:6]: line for line in text.splitlines() if line.startswith("FY")}


# --- counts --------------------------------------------------------------------------------------


def test_the_counts_are_drawn_with_their_splits(iij: Typed) -> None:
    text = iij.ok("shares", "IIJ", "--history", "--plot", "--on", "2024-05-10")

    assert drawn_of(text, "+") > 0
    assert "++ issued" in text
    assert "splits: 2005-08-31 5:1, 2012-10-01 200:1, 2021-01-01 2:1, 2022-10-01 2:1" in text


def test_a_picture_told_in_the_shares_of_a_day_has_no_step_at_a_split(acme: Typed) -> None:
    acme.ok(
        *"split resolve ACME s --on 2020-05-01 --kind SPLIT --new 2 --old 1".split(),
        *"--effective-on 2020-06-01".split(),
    )
    acme.ok(*"split effect ACME s --on 2020-06-01".split())
    ask = "shares ACME --history --plot --on 2020-12-31".split()

    level = acme.ok(*ask, "--share-basis", "2020-12-31")

    heights = {n for n, line in enumerate(level.splitlines()) if re.search("[│┤].*oo", line)}
    assert len(heights) == 1
    assert "in the shares of 2020-12-31" in level
    assert "each count in the shares of its own day" in acme.ok(*ask)


def test_a_count_that_nobody_knows_is_named_not_drawn(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile none".split())
    capital.ok(*"class open ACME common --on 2020-03-31 --issued 100000".split())

    text = capital.ok(*"shares ACME --history --plot --on 2020-12-31".split())

    assert "outstanding and treasury: unknown throughout" in text
    assert drawn_of(text, "o") == drawn_of(text, "x") == 0


def test_a_class_without_an_opening_has_nothing_to_draw(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile none".split())
    capital.ok(*"class register ACME common --on 2020-03-31 --name Common".split())

    text = capital.ok(*"shares ACME --history --plot --on 2020-12-31".split())

    assert "issued and outstanding and treasury: unknown throughout" in text


# --- dividends -----------------------------------------------------------------------------------


def test_each_year_is_a_bar_with_its_exact_sum_in_the_same_shares(iij: Typed) -> None:
    text = iij.ok("dividends", "IIJ", "--plot", "--on", "2018-05-24")

    # The notice of 2018-05-24: 13.50 paid and 13.50 decided, in the shares of 2018.
    rows = rows_of(text)
    assert rows["FY2017"].split()[1].startswith("27.00┤")
    assert rows["FY2017"].count("=") == pytest.approx(rows["FY2017"].count("#"), abs=1)
    assert "JPY per share, in the shares of 2018-05-24" in text


def test_a_longer_bar_is_a_larger_dividend(iij: Typed) -> None:
    rows = rows_of(iij.ok("dividends", "IIJ", "--plot", "--on", "2022-11-09"))

    lengths = {year: len(re.sub("[^=#]", "", row)) for year, row in rows.items()}

    # 24.00 and 11.00 as declared, in shares of which the later two are one of the earlier.
    assert lengths["FY2021"] > lengths["FY2015"] > 0


def test_a_forecast_is_drawn_apart_and_is_not_in_the_sum(iij: Typed) -> None:
    text = iij.ok("dividends", "IIJ", "--plot", "--on", "2024-05-10")

    assert ".. forecast, not in the sum" in text
    # Interim 17.18 resolved; the year-end dividend of the same amount is a forecast.
    assert "17.18┤" in rows_of(text)["FY2023"]
    assert "." in rows_of(text)["FY2023"].partition("┤")[2]


def test_no_dividend_is_said_in_words(acme: Typed) -> None:
    assert "no dividend is recorded" in acme.ok(*"dividends ACME --plot --on 2020-12-31".split())


def test_dividends_in_two_currencies_are_two_pictures(acme: Typed) -> None:
    for currency, term in (("JPY", "INTERIM"), ("USD", "YEAR_END")):
        acme.ok(
            *f"dividend resolve ACME d-{term} --on 2020-10-01 --term {term} --per-share 2".split(),
            *f"--fiscal-year-end 2020-12-31 --currency {currency}".split(),
        )

    text = acme.ok(*"dividends ACME --plot --on 2020-12-31".split())

    assert re.findall(r"common: (\w{3}) per share", text) == ["JPY", "USD"]


# --- programs ------------------------------------------------------------------------------------


def test_progress_is_drawn_against_both_caps(acme: Typed) -> None:
    buy = "repurchase purchase ACME buy-1 --on 2020-04-02 --shares 1000 --amount 3000000"
    acme.ok(*buy.split())

    text = acme.ok(*"repurchases ACME buy-1 --plot --on 2020-12-31".split())

    assert "per cent of its caps up to 2020-09-30" in text
    assert drawn_of(text, "o") > 0
    assert drawn_of(text, "x") > 0
    assert "shares: 25.00 % of the cap\namount: 37.50 % of the cap\n" in text


def test_a_program_without_a_purchase_has_nothing_to_draw(acme: Typed) -> None:
    text = acme.ok(*"repurchases ACME --plot --on 2020-12-31".split())

    assert "nothing to draw, because no purchase is recorded\nshares: 0.00 % of the cap" in text


def test_a_program_without_caps_is_drawn_in_shares(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile none".split())
    capital.ok(*"class open ACME common --on 2020-03-31 --issued 100000 --treasury 0".split())
    capital.ok(*"repurchase authorize ACME buy-1 --on 2020-04-01".split())
    capital.ok(*"repurchase purchase ACME buy-1 --on 2020-04-02 --shares 1000".split())

    text = capital.ok(*"repurchases ACME --plot --on 2020-12-31".split())

    assert "buy-1: shares up to 2020-12-31" in text
    assert "1,000┤" in text


def test_no_program_is_said_in_words(capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile none".split())

    text = capital.ok(*"repurchases ACME --plot --on 2020-12-31".split())

    assert "no repurchase program is recorded by 2020-12-31" in text


# --- reading it ----------------------------------------------------------------------------------

PICTURES = ("shares IIJ --history --plot", "dividends IIJ --plot", "repurchases IIJ --plot")


@pytest.mark.parametrize("picture", PICTURES)
def test_in_a_pipe_a_picture_is_plain_and_fits_80_columns(iij: Typed, picture: str) -> None:
    text = iij.ok(*picture.split(), "--on", "2024-05-10")

    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= IN_80_COLUMNS


def on_a_terminal(path: Path, picture: str, **env: str) -> str:
    """What `capital` writes where standard output is a terminal."""
    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "commands.main", *picture.split(), "--on", "2024-05-10"],
        env={"PATH": os.environ["PATH"], "CAPITAL_LEDGER": str(path), "COLUMNS": "80", **env},
        cwd=ROOT,
        stdout=theirs,
        check=True,
    )
    os.close(theirs)
    written = b""
    try:
        while part := os.read(ours, 65536):
            written += part
    except OSError:  # how the end of a terminal reads
        pass
    os.close(ours)
    return written.decode()


def test_on_a_terminal_the_lines_are_colored_unless_no_color_is_asked_for(iij: Typed) -> None:
    assert "\x1b[" in on_a_terminal(iij.path, PICTURES[1])
    assert "\x1b[" not in on_a_terminal(iij.path, PICTURES[1], NO_COLOR="1")


@pytest.mark.parametrize("picture", PICTURES)
def test_the_same_picture_is_drawn_every_time(iij: Typed, picture: str) -> None:
    # Python's sets change their order from run to run, and with it what is drawn over what.
    drawn = {on_a_terminal(iij.path, picture, PYTHONHASHSEED=str(seed)) for seed in range(4)}

    assert len(drawn) == 1


def test_a_plot_of_counts_needs_the_history(iij: Typed) -> None:
    assert "--history" in iij.refused("shares", "IIJ", "--plot", code=2)


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_is_not_for_programs(iij: Typed, picture: str) -> None:
    said = iij.refused(*picture.split(), "--format", "json", code=2)

    assert "--plot cannot be combined with --format" in said


@pytest.mark.parametrize("question", ["shares IIJ", "dividends IIJ", "repurchases IIJ"])
def test_a_question_without_a_plot_never_loads_the_drawing_library(
    iij: Typed, question: str
) -> None:
    run = (
        "import sys; from commands.main import cli; cli(sys.argv[1:], standalone_mode=False); "
        "assert not {'plotext', 'jinja2', 'eventsourcing'} & sys.modules.keys()"
    )

    subprocess.run(
        [sys.executable, "-c", run, "--ledger", str(iij.path), *question.split()],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
