"""Long answers on a terminal come a screen at a time; in a pipe, and where they are short, as ever.

Run on a pseudo-terminal, with the `less` of the machine.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from conftest import ROOT
from tests.conftest import Typed
from tests.stores import at
from tests.terminal import Terminal

CASE = ROOT / "docs" / "cases" / "iij" / "lines.jsonl"
PYTHON = (sys.executable, "-m", "commands.main")
COLUMNS = 150
ENV = {"PYTHONPATH": str(ROOT)}
needs_less = pytest.mark.skipif(shutil.which("less") is None, reason="no less on this machine")
ANNOUNCES = {"PAGER": "sed s/^/paged:/"}
"""A pager that shows everything at once, and that it was asked."""


@pytest.fixture(scope="module")
def iij(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    typed = Typed(tmp_path_factory.mktemp("iij") / "capital.db")
    typed.ok("init")
    typed.ok("import", CASE)
    return typed


def terminal(typed: Typed, words: str, env: dict[str, str], *, rows: int = 10) -> Terminal:
    return Terminal(
        *PYTHON, *words.split(), cwd=typed.path.parent, env=ENV | env, rows=rows, columns=COLUMNS
    )


def shown(typed: Typed, words: str, *, rows: int = 10, **env: str) -> tuple[str, int]:
    """What the whole answer looks like through a pager that announces itself; the exit code."""
    with terminal(typed, words, ANNOUNCES | env, rows=rows) as screen:
        code = screen.end()
        return screen.written.replace("\r\n", "\n"), code


@needs_less
def test_a_long_answer_stops_at_the_first_screen_until_it_is_left(iij: Typed) -> None:
    with terminal(iij, "actions IIJ", {}) as screen:
        screen.shows("split-2005-08-31")
        screen.shows("\n:")  # the prompt of less
        assert "repurchase-2023-05-18" not in screen.written
        screen.type("q")

        assert screen.end() == 0
        assert "Traceback" not in screen.written


@needs_less
def test_the_next_screen_is_one_key_away(iij: Typed) -> None:
    with terminal(iij, "actions IIJ", {}, rows=30) as screen:
        screen.shows("\n:")
        screen.type("G")
        screen.shows("repurchase-2023-05-18")
        screen.type("q")

        assert screen.end() == 0


def test_an_answer_that_fits_on_the_screen_asks_no_pager(iij: Typed) -> None:
    text, code = shown(iij, "shares IIJ --on 2008-10-27")

    assert "206,478" in text
    assert "paged:" not in text
    assert code == 0


def test_the_pager_of_the_user_is_asked(iij: Typed) -> None:
    text, _ = shown(iij, "actions IIJ")

    assert "paged:action " in text
    assert "paged:repurchase-2023-05-18" in text


def test_long_lines_count_as_the_screen_breaks_them(iij: Typed) -> None:
    words = "shares IIJ --on 2024-05-10"  # three lines, and one that is longer than the screen
    assert max(map(len, iij(*words.split()).output.splitlines())) > COLUMNS

    assert "paged:" in shown(iij, words, rows=5)[0]
    assert "paged:" not in shown(iij, words, rows=6)[0]


@pytest.mark.parametrize(
    ("words", "env"),
    [
        ("--no-pager actions IIJ", {}),
        ("actions IIJ", {"CAPITAL_NO_PAGER": "1"}),
        ("actions IIJ", {"PAGER": "cat"}),
        ("actions IIJ", {"PAGER": "", "TERM": "dumb"}),
    ],
)
def test_without_a_pager_the_answer_is_that_of_a_pipe(
    iij: Typed, words: str, env: dict[str, str]
) -> None:
    text, code = shown(iij, words, rows=10, **env)

    assert text == iij.ok(*words.split())
    assert code == 0


def test_in_a_pipe_no_pager_is_asked(iij: Typed) -> None:
    piped = subprocess.run(
        [*PYTHON, "actions", "IIJ"],
        cwd=iij.path.parent,
        env={**ENV, **ANNOUNCES},
        stdout=subprocess.PIPE,
        check=True,
    )

    assert piped.stdout.decode() == iij.ok("actions", "IIJ")


@pytest.mark.parametrize("words", ["--help", "shares --help", "dividend resolve -h", "audit -h"])
def test_help_is_shown_through_the_pager_too(iij: Typed, words: str) -> None:
    text, code = shown(iij, words)

    assert "paged:Usage: capital" in text
    assert code == 0


def test_help_without_a_pager(iij: Typed) -> None:
    text, _ = shown(iij, "--no-pager --help")

    assert text.startswith("Usage: capital")


def test_why_a_figure_is_unknown_stands_below_its_table(iij: Typed) -> None:
    text, _ = shown(iij, "shares IIJ --on 2024-05-10", rows=4)

    assert text.index("paged:issuer") < text.index("paged:common: issued moved")


def test_an_error_is_told_without_a_pager_and_with_its_exit_code(iij: Typed) -> None:
    text, code = shown(iij, "shares NOBODY", rows=2)

    assert text.startswith("Error: the ledger at capital.db holds no issuer 'NOBODY'")
    assert code == 1


@pytest.mark.sqlite_file
def test_what_a_check_finds_keeps_its_exit_code(capital: Typed) -> None:
    register = "issuer register ACME --name Acme --currency JPY --profile none"
    opened = "class open ACME common --on 2020-03-31 --issued 1000 --treasury 100"
    capital.ok(*register.split())
    capital.ok(*opened.split())
    capital.ok(*"class report ACME common --on 2020-03-31 --issued 999".split())

    text, code = shown(capital, "check ACME", rows=2)

    assert "paged:" in text
    assert code == 1


@pytest.mark.sqlite_file
def test_what_records_asks_no_pager(capital: Typed) -> None:
    with Terminal(
        *(*PYTHON, "import", str(CASE)),
        cwd=capital.path.parent,
        env={**ENV, **ANNOUNCES, "CAPITAL_BY": "tester"},
        rows=2,
    ) as screen:
        code = screen.end()

    assert "paged:" not in screen.written
    assert "IIJ entry 1" in screen.written
    assert code == 0


@needs_less
def test_colors_reach_less_and_no_other_pager(iij: Typed) -> None:
    plot = "dividends IIJ --plot --on 2018-05-24"
    with terminal(iij, plot, {}) as screen:
        screen.shows("\x1b[38;5;")
        screen.type("q")
        screen.end()

    text, _ = shown(iij, plot)
    assert "\x1b[" not in text


@needs_less
def test_no_color_reaches_less_where_none_is_wanted(iij: Typed) -> None:
    with terminal(iij, "dividends IIJ --plot --on 2018-05-24", {"NO_COLOR": "1"}) as screen:
        screen.shows("per share")
        screen.type("q")
        screen.end()

        assert "\x1b[38;5;" not in screen.written


def test_a_pager_that_is_left_before_the_end_is_no_error(iij: Typed) -> None:
    assert len(iij.ok("schema")) > 65536  # more than a pipe holds

    text, code = shown(iij, "schema", PAGER="head -n 1")

    assert text == "{\n"
    assert code == 0


@pytest.mark.parametrize("form", ["table", "json", "csv"])
@pytest.mark.parametrize("rows", [10, 100], ids=["through the pager", "without"])
def test_on_a_terminal_what_hides_is_escaped_in_every_form(
    capital: Typed, form: str, rows: int
) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile jp".split())
    for number in range(20):
        reference = f"odd-{number}-\N{VARIATION SELECTOR-16}lots"
        capital.ok(
            *f"acquisition acquire ACME {reference} --on 2020-06-01 --shares 5".split(),
            *("--cause", "OTHER"),
        )
    location = f"--ledger {at(capital.path)}"

    text, code = shown(capital, f"{location} actions ACME --format {form}", rows=rows)

    assert code == 0
    assert ("paged:" in text) is (rows == 10 or form == "json")
    assert r"odd-7-\ufe0flots" in text
    assert "\N{VARIATION SELECTOR-16}" not in text


def test_an_error_on_a_terminal_shows_nothing_that_hides(iij: Typed) -> None:
    text, code = shown(iij, "shares I\x9bI\u202eJ")

    assert code == 2
    assert "\\x9b" in text
    assert not {"\x9b", "\u202e"} & set(text)
