"""The documentation is executed: README.md and every page under docs, block by block.

A page reads like a transcript. Its ```console blocks run in order, in a fresh folder of the page's
own, and what one block records the next one finds. In a block:

    $ capital ...                     a command, run by click in this process; a backslash at the
                                      end of the line continues it; `|` and `> FILE` work
    $ export CAPITAL_BY="..."         holds for the rest of the page
    $ cat > FILE <<'EOF'              makes a file of the lines up to EOF
    $ cat FILE                        prints one
    $ echo $?                         prints the exit code of the command before

Everything else in the block is what the page says is printed, standard output and standard error
as they come, and it is compared exactly. What cannot be the same twice (the time of recording) is
written `...`: within a line it stands for any text, alone on a line for any number of lines.

The folder holds `docs`, so that a page can name docs/cases/iij/lines.jsonl as a reader would from
the root of the project. A `$ ` line outside a ```console block fails the page: nothing that looks
like an executed command is left unexecuted. Commands of a shell go into ```sh blocks without a
prompt; they are not run. Lines of Python with `>>>` go into ```python blocks, which are.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

from commands.main import cli

ROOT = Path(__file__).parent
PROMPT = "$ "


class Unexecutable(Exception):
    """A page holds a command that would not be run as it stands."""


# --- a block: commands, each with the lines it is said to print ----------------------------------


@dataclass
class Step:
    """One command of a block."""

    command: str
    stdin: str | None = None
    """The lines of a here-document."""
    expected: list[str] = field(default_factory=list)


def steps_of(source: str) -> list[Step]:
    """The commands of a block with what each is said to print.

    Raises Unexecutable where the block begins with anything else or a here-document never ends.
    """
    steps: list[Step] = []
    lines = iter(source.splitlines())
    for line in lines:
        if not line.startswith(PROMPT):
            if not steps:
                raise Unexecutable(f"a console block begins with a command, not with {line!r}")
            steps[-1].expected.append(line)
            continue
        command = line.removeprefix(PROMPT)
        while command.endswith("\\"):
            command = command[:-1].rstrip() + " " + next(lines, "").strip()
        here = re.fullmatch(r"(?P<command>.*?) *<<'(?P<end>\w+)'", command)
        if here is None:
            steps.append(Step(command))
        else:
            steps.append(Step(here["command"], stdin=_until(here["end"], lines)))
    for step in steps:
        while step.expected and not step.expected[-1].strip():
            step.expected.pop()  # a blank line may part a block's commands
    return steps


def _until(end: str, lines: Iterator[str]) -> str:
    text: list[str] = []
    for line in lines:
        if line == end:
            return "".join(f"{part}\n" for part in text)
        text.append(line)
    raise Unexecutable(f"a here-document does not end with {end}")


# --- running -------------------------------------------------------------------------------------


@dataclass
class Page:
    """The folder of one page, and what its commands left behind."""

    folder: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)
    env: dict[str, str | None] = field(
        # The machine's own settings must not show; COLUMNS keeps the width of help texts.
        default_factory=lambda: {"CAPITAL_LEDGER": None, "CAPITAL_BY": None, "COLUMNS": "80"}
    )
    exit_code: int = 0
    blocks_run: int = 0

    def __post_init__(self) -> None:
        Path(self.folder.name, "docs").symlink_to(ROOT / "docs")

    def run(self, step: Step) -> str:
        """What the command prints."""
        with contextlib.chdir(self.folder.name):
            return self._run(step)

    def _run(self, step: Step) -> str:
        words = _words(step.command)
        if step.command == "echo $?":
            return f"{self.exit_code}\n"
        if words[0] == "export" and len(words) == 2:  # noqa: PLR2004
            name, _, value = words[1].partition("=")
            self.env[name] = value
            return ""
        target = None
        if len(words) > 2 and words[-2] == ">":  # noqa: PLR2004
            *words, _, target = words
        if words[0] == "cat":
            stdout = shown = _cat(words[1:], step.stdin)
        else:
            stdout, shown = self._pipe(words, step.stdin)
        if target is None:
            return shown
        Path(target).write_text(stdout, encoding="utf-8")
        return shown.replace(stdout, "", 1)

    def _pipe(self, words: list[str], stdin: str | None) -> tuple[str, str]:
        """Run commands one into the next: the last one's standard output, and all that shows."""
        shown = ""
        for command in _split(words, "|"):
            if not command or command[0] != "capital":
                raise Unexecutable(f"a page runs capital, not {' '.join(command)!r}")
            result = CliRunner(env=self.env).invoke(
                cli, command[1:], input=stdin, prog_name="capital"
            )
            if result.exception is not None and not isinstance(result.exception, SystemExit):
                raise result.exception
            self.exit_code = result.exit_code
            last, stdin = result, result.stdout
            shown += result.stderr
        # On a terminal the two streams of the last command come as they are written.
        return last.stdout, shown.removesuffix(last.stderr) + last.output

    def close(self) -> None:
        self.folder.cleanup()


def _words(command: str) -> list[str]:
    lexer = shlex.shlex(command, posix=True, punctuation_chars="|>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)


def _split(words: list[str], at: str) -> Iterator[list[str]]:
    part: list[str] = []
    for word in words:
        if word == at:
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _cat(names: list[str], stdin: str | None) -> str:
    if stdin is not None:
        return stdin
    return "".join(Path(name).read_text(encoding="utf-8") for name in names)


# --- comparing -----------------------------------------------------------------------------------


def agrees(expected: list[str], printed: str) -> bool:
    """Whether what was printed is what the page says, `...` standing for what varies."""
    pattern = ""
    for line in expected:
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            # Blanks at the end of a line are not to be seen, and editors take them away.
            text = ".*?".join(re.escape(part) for part in line.rstrip().split("..."))
            pattern += rf"{text}[ ]*\n"
    return re.fullmatch(pattern, printed.rstrip("\n") + "\n" if printed.strip() else "") is not None


# --- Sybil ---------------------------------------------------------------------------------------


class ConsoleParser(CodeBlockParser):
    """Finds the ```console blocks of a page, and refuses a page with commands outside of them."""

    language = "console"

    def __call__(self, document: Document) -> Iterable[Region]:
        regions = list(super().__call__(document))
        document.namespace["blocks"] = [steps_of(str(region.parsed)) for region in regions]
        inside = [(region.start, region.end) for region in regions]
        for match in re.finditer(r"^[ \t>]*\$ .*$", document.text, re.MULTILINE):
            if not any(start <= match.start() < end for start, end in inside):
                where = document.line_column(match.start())
                raise Unexecutable(
                    f"{document.path}, {where}: {match[0].strip()!r} is not in a console block"
                )
        for number, region in enumerate(regions):
            region.parsed = number
        return regions

    def evaluate(self, example: Example) -> str | None:
        """Run one block; where it is run alone, the blocks before it first."""
        page: Page = example.namespace["page"]
        blocks: list[list[Step]] = example.namespace["blocks"]
        for steps in blocks[page.blocks_run : example.parsed]:
            for step in steps:
                page.run(step)
        page.blocks_run = example.parsed + 1
        for step in blocks[example.parsed]:
            printed = page.run(step)
            if not agrees(step.expected, printed):
                said = "\n".join(step.expected)
                return f"$ {step.command}\n--- the page says\n{said}\n--- it prints\n{printed}"
        return None


def _open_page(namespace: dict[str, Any]) -> None:
    namespace["page"] = page = Page()
    namespace["home"] = Path.cwd()
    os.chdir(page.folder.name)  # lines of Python find what the commands made


def _close_page(namespace: dict[str, Any]) -> None:
    os.chdir(namespace.pop("home"))
    namespace.pop("page").close()


def is_page(path: Path) -> bool:
    """Whether this file is one of the pages that are executed."""
    return path == ROOT / "README.md" or (path.suffix == ".md" and ROOT / "docs" in path.parents)


class Pages(Sybil):
    """README.md and every page under docs, however deep."""

    def should_parse(self, path: Path) -> bool:
        return is_page(path)


PAGES = Pages(
    parsers=[ConsoleParser(), PythonCodeBlockParser()],
    pattern="*.md",
    setup=_open_page,
    teardown=_close_page,
    encoding="utf-8",
)

pytest_collect_file = PAGES.pytest()
