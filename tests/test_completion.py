"""The Tab key offers commands, options, and what the ledger that the typed line names holds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from commands.main import cli
from conftest import ROOT
from tests.conftest import Typed
from tests.stores import STORE
from tests.terminal import Terminal

CASE = ROOT / "docs" / "cases" / "iij" / "lines.jsonl"
SHELLS = ["bash", "zsh", "fish"]


@pytest.fixture(scope="module")
def iij(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    typed = Typed(tmp_path_factory.mktemp("iij") / "capital.db")
    typed.ok("init")
    typed.ok("import", CASE)
    return typed


def offered(line: str, **env: str | None) -> list[str]:
    """What bash is told to offer at the end of a line, as its script asks for it."""
    words = line.split(" ")
    asked = {
        "_CAPITAL_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        "CAPITAL_LEDGER": None,
        **env,
    }
    result = CliRunner(env=asked).invoke(cli, prog_name="capital")
    assert result.exception is None or isinstance(result.exception, SystemExit), line
    assert result.exit_code == 0
    assert result.stderr == ""
    return [told.removeprefix("plain,") for told in result.stdout.splitlines() if told]


def of(typed: Typed, line: str) -> list[str]:
    return offered(line, CAPITAL_LEDGER=str(STORE.at(typed.path)))


# --- what is offered -----------------------------------------------------------------------------


def test_commands_and_their_options_are_offered() -> None:
    assert offered("capital div") == ["dividend", "dividends"]
    assert offered("capital dividend a") == ["amend", "approve"]
    assert offered("capital audit c") == ["checkpoint", "consistency"]
    assert offered("capital shares --known") == ["--known-at", "--known-by"]


def test_words_of_filings_are_offered_in_capitals_however_they_are_begun() -> None:
    assert offered("capital dividend resolve IIJ d --term y") == ["YEAR_END"]
    assert offered("capital split resolve IIJ s --kind S") == ["SPLIT"]


@pytest.mark.parametrize(
    "line",
    [
        *("capital shares ", "capital dividend approve I", "capital class open ", "capital check "),
        *("capital export ", "capital reverse ", "capital audit bundle ", "capital report page "),
        "capital tie-out --on 2020-01-01 I",
    ],
)
def test_issuers_of_the_ledger_are_offered(iij: Typed, line: str) -> None:
    assert of(iij, line) == ["IIJ"]


def test_actions_of_the_issuer_that_is_typed_are_offered(iij: Typed) -> None:
    assert of(iij, "capital action IIJ dividend-2018") == [
        "dividend-2018-03-31",
        "dividend-2018-09-30",
    ]
    assert "class-common" in of(iij, "capital reverse IIJ ")
    assert "issuer" in of(iij, "capital audit replay IIJ --action ")


def test_a_command_about_one_kind_of_action_offers_no_other(iij: Typed) -> None:
    programs = ["repurchase-2008-10-28", "repurchase-2023-05-18"]

    assert of(iij, "capital repurchase complete IIJ ") == programs
    assert of(iij, "capital repurchases IIJ ") == programs
    assert of(iij, "capital explain repurchase IIJ ") == programs
    assert of(iij, "capital report repurchase-month IIJ ") == programs
    assert of(iij, "capital tie-out IIJ --program ") == programs
    assert of(iij, "capital notice IIJ repurchase-2008") == programs[:1]
    assert of(iij, "capital notice IIJ split") == []
    assert all(
        reference.startswith("dividend-")
        for line in ("capital dividend pay IIJ ", "capital tie-out IIJ --dividend ")
        for reference in of(iij, line)
    )


def test_share_classes_are_offered(iij: Typed) -> None:
    assert of(iij, "capital shares IIJ --class ") == ["common"]
    assert of(iij, "capital class report IIJ c") == ["common"]


def test_the_only_issuer_need_not_be_typed(iij: Typed) -> None:
    assert of(iij, "capital shares --class ") == ["common"]


def test_a_reference_is_found_however_its_accents_are_typed(capital: Typed) -> None:
    capital.ok(*"issuer register ACMÉ --name Acme --currency JPY --profile none".split())

    decomposed = unicodedata.normalize("NFD", "ACMÉ")
    assert decomposed != "ACMÉ"
    assert of(capital, f"capital shares {decomposed}") == ["ACMÉ"]


def test_what_is_no_name_in_the_ledger_is_not_offered(iij: Typed) -> None:
    assert of(iij, "capital dividend pay IIJ dividend-2018-03-31 --by ") == []
    assert of(iij, "capital dividend pay IIJ dividend-2018-03-31 --key ") == []


# --- from which ledger ---------------------------------------------------------------------------


@pytest.mark.sqlite_file
def test_the_ledger_of_the_typed_line_is_asked(iij: Typed, capital: Typed) -> None:
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile none".split())

    assert of(iij, f"capital --ledger {capital.path} shares ") == ["ACME"]
    assert of(iij, f"capital --ledger={capital.path} shares ") == ["ACME"]


def test_the_ledger_of_the_folder_is_asked_where_none_is_named(
    iij: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(iij.path.parent)

    assert offered("capital shares ") == ["IIJ"]


def test_the_ledger_in_the_home_folder_is_found_as_it_is_typed(iij: Typed) -> None:
    home = str(iij.path.parent)

    assert offered("capital --ledger ~/capital.db shares ", HOME=home) == ["IIJ"]
    assert offered("capital --ledger $HOME/capital.db shares ", HOME=home) == ["IIJ"]


@pytest.mark.parametrize(
    "ledger",
    ["absent.db", "text.db", "folder", "postgresql://nobody@127.0.0.1:1/nothing", "''", "no://x"],
)
def test_where_no_ledger_can_be_read_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: str
) -> None:
    (tmp_path / "text.db").write_text("not a ledger", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)

    assert offered(f"capital --ledger {ledger} shares ") == []
    assert offered(f"capital --ledger {ledger} action IIJ ") == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "text.db"]


@pytest.mark.parametrize(
    "line",
    [
        "capital action NOBODY ",
        "capital dividends NOBODY --class ",
        "capital nonsense ",
        "capital nonsense more ",
        "capital dividend nonsense ",
        "capital shares --nonsense ",
        "capital shares IIJ --on nonsense --class ",
        "capital shares 'IIJ --class ",
        "capital --help ",
        "capital --version ",
        "capital --ledger ",
        "capital",
    ],
)
def test_a_line_that_is_no_command_never_ends_in_a_traceback(iij: Typed, line: str) -> None:
    assert isinstance(of(iij, line), list)


def test_the_event_sourcing_library_is_not_loaded(iij: Typed) -> None:
    code = (
        "import sys\n"
        "from commands.main import cli\n"
        "try: cli(prog_name='capital')\n"
        "except SystemExit: pass\n"
        "print({'eventsourcing'} & sys.modules.keys())"
    )
    for line in ("capital dividend approve IIJ ", "capital shares "):
        asked = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={
                **os.environ,
                "_CAPITAL_COMPLETE": "zsh_complete",
                "CAPITAL_LEDGER": str(STORE.at(iij.path)),
                "COMP_WORDS": line,
                "COMP_CWORD": str(len(line.split(" ")) - 1),
            },
            capture_output=True,
            text=True,
            check=True,
        )

        *told, loaded = asked.stdout.splitlines()
        assert {"IIJ", "dividend-2018-03-31"} & set(told)
        assert loaded == "set()"


# --- in a shell ----------------------------------------------------------------------------------


@pytest.fixture
def installed(iij: Typed, tmp_path: Path) -> dict[str, str]:
    """A home folder with `capital` on the path, and its script where each shell looks for it."""
    binary = tmp_path / "bin" / "capital"
    binary.parent.mkdir()
    words = f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m commands.main "$@"'
    binary.write_text(f"#!/bin/sh\n{words}\n", encoding="utf-8")
    binary.chmod(0o755)
    for shell in SHELLS:
        script = iij.ok("completion", shell)
        (tmp_path / f"capital.{shell}").write_text(script, encoding="utf-8")
    path = f"{binary.parent}:{os.environ['PATH']}"
    return {
        "HOME": str(tmp_path),
        "PATH": path,
        "CAPITAL_LEDGER": str(STORE.at(iij.path)),
        "PS1": "> ",
    }


START = {
    "bash": ("bash --norc --noprofile -i", "source ~/capital.bash"),
    "zsh": ("zsh -f -i", "autoload -Uz compinit && compinit -D && source ~/capital.zsh"),
    "fish": ("fish --no-config -i", "source ~/capital.fish"),
}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_what_is_typed(
    shell: str, installed: dict[str, str], tmp_path: Path
) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} on this machine")
    command, source = START[shell]
    with Terminal(*command.split(), cwd=tmp_path, env=installed, columns=200) as screen:
        screen.type(f"{source} && echo rea''dy\n")
        screen.shows("ready")
        screen.type("capital repurchases I\t")
        screen.shows("IIJ")
        screen.type("repurchase-2008\t")
        screen.shows("repurchase-2008-10-28")
        screen.type("--on 2008-11-14\n")
        screen.shows("JPY 400,000,000")
        screen.type("exit\n")
        screen.end()

    assert "Traceback" not in screen.written


@pytest.mark.sqlite_file
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_from_the_ledger_that_the_line_names(
    shell: str, installed: dict[str, str], tmp_path: Path, capital: Typed
) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} on this machine")
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile none".split())
    command, source = START[shell]
    with Terminal(*command.split(), cwd=tmp_path, env=installed, columns=200) as screen:
        screen.type(f"{source} && echo rea''dy\n")
        screen.shows("ready\r\n")
        for option in ("--ledger ", "--ledger="):
            screen.written = ""
            screen.type(f"capital {option}{capital.path} shares A\t")
            screen.shows("ACME")
            screen.type("--on 2020-01-01\n")
            screen.shows("outstanding")


@pytest.mark.sqlite_file
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_a_reference_with_a_colon(
    shell: str, installed: dict[str, str], tmp_path: Path, capital: Typed
) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} on this machine")
    capital.ok(*"issuer register ACME --name Acme --currency JPY --profile none".split())
    capital.ok(
        *"repurchase authorize ACME program:2020 --on 2020-01-06 --max-shares 77".split(),
        *"--until 2020-12-31".split(),
    )
    command, source = START[shell]
    with Terminal(*command.split(), cwd=tmp_path, env=installed, columns=200) as screen:
        screen.type(f"{source} && echo rea''dy\n")
        screen.shows("ready\r\n")
        screen.type(f"capital --ledger {capital.path} repurchases ACME program:2\t")
        screen.shows("020")
        screen.type("--on 2020-02-03\n")
        screen.shows("77")
        screen.type("exit\n")
        screen.end()


@pytest.mark.parametrize("shell", ["", "tcsh"])
def test_a_shell_that_is_not_known_is_refused_with_those_that_are(
    capital: Typed, shell: str
) -> None:
    assert "bash" in capital.refused("completion", *shell.split(), code=2)
