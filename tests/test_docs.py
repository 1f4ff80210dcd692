"""The documentation is complete, current and executed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from conftest import PAGES, ROOT, Step, Unexecutable, agrees, is_page, steps_of
from ledger.counts.movements import Home, NewShares, Retire
from ledger.events.event import Event
from ledger.events.kinds import EVENTS
from ledger.rules import RULES
from ledger.store.rows import decoded
from tests import reference
from tests.test_golden import ROWS

DOCS = ROOT / "docs"
RENEW = "run: make reference"
TERMS = (Home, NewShares, Retire)
ALL_COMMANDS = [" ".join(path) for path, _ in reference.commands() if path]


def project_files() -> list[Path]:
    """Every file that is or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return [path for name in names if name and (path := ROOT / name).is_file()]


def pages() -> list[Path]:
    return [path for path in project_files() if path.suffix == ".md"]


def text_of_the_docs() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in pages())


# --- complete and current ------------------------------------------------------------------------


def test_the_reference_page_is_current() -> None:
    page = (DOCS / "reference.md").read_text(encoding="utf-8")

    assert page == reference.reference_page(), RENEW


@pytest.mark.parametrize("name", ["events.md", "rules.md"])
def test_the_tables_of_events_and_rules_are_current(name: str) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")

    assert page == reference.renewed(page), RENEW


@pytest.mark.parametrize("command", ALL_COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f" capital {command}\n" in (DOCS / "reference.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_is_documented(rule: str) -> None:
    assert f"| `{rule}` | {RULES[rule].kind.value} |" in (DOCS / "rules.md").read_text("utf-8")


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_every_event_is_documented(event: str) -> None:
    assert f"### {event}\n" in (DOCS / "events.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_that_moves_counts_says_how(name: str) -> None:
    rows: list[Any] = [row for row in ROWS if row.topic == name]
    events = [decoded(r.originator_id.hex, r.originator_version, r.topic, r.state) for r in rows]
    said = [event.movement() for event in events if isinstance(event, Event)]
    # Terms move nothing: they decide what an execution of their action moves.
    moves = [one for one in said if one is not None and not isinstance(one, TERMS)]

    assert (name in reference.EFFECTS) == bool(moves)


def test_every_page_is_on_the_map() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    others = [page.relative_to(DOCS) for page in pages() if DOCS in page.parents]

    missing = [str(page) for page in others if f"({page})" not in index and page.name != "index.md"]

    assert missing == []


def test_every_link_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages()
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert broken == []


# --- executed ------------------------------------------------------------------------------------


def test_every_page_with_a_command_is_executed() -> None:
    for page in pages():
        prompts = re.findall(r"^[ \t>]*\$ .*$", page.read_text(encoding="utf-8"), re.MULTILINE)
        if not prompts:
            continue
        assert is_page(page), f"{page.relative_to(ROOT)} has commands and is not executed"
        blocks = PAGES.parse(page).namespace["blocks"]
        assert len(prompts) == sum(len(steps) for steps in blocks)


@pytest.mark.parametrize(
    "text",
    [
        "$ capital shares IIJ\n",
        "```\n$ capital shares IIJ\n```\n",
        "```sh\n$ capital shares IIJ\n```\n",
        "> $ capital shares IIJ\n",
        "```console\nIIJ common\n```\n",
        "```console\n$ cat > lines.jsonl <<'END'\n```\n",
    ],
)
def test_a_page_whose_command_would_not_run_fails(text: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")

    with pytest.raises(Unexecutable):
        PAGES.parse(page)


def test_a_block_is_read_as_commands_and_what_they_print() -> None:
    source = "$ capital shares \\\n    IIJ\none\n\n$ cat > f <<'END'\n$ x\nEND\n$ echo $?\n0\n"

    assert steps_of(source) == [
        Step("capital shares IIJ", None, ["one"]),
        Step("cat > f", "$ x\n", []),
        Step("echo $?", None, ["0"]),
    ]


@pytest.mark.parametrize(
    ("said", "printed", "expected"),
    [
        (["issued 1,000"], "issued 1,000\n", True),
        (["issued 1,000"], "issued 1,001\n", False),
        (["issued 1,000"], "issued 1,000\ntreasury 0\n", False),
        (["recorded ... UTC by A"], "recorded 2026-01-01 10:00:00 UTC by A\n", True),
        (["recorded ... UTC by A"], "recorded 2026-01-01\n10:00:00 UTC by A\n", False),
        (["first", "...", "last"], "first\nsecond\nthird\nlast\n", True),
        (["first", "...", "last"], "first\nlast\nmore\n", False),
        ([], "", True),
        ([], "something\n", False),
    ],
)
def test_output_is_compared_exactly_but_for_the_dots(
    said: list[str], printed: str, *, expected: bool
) -> None:
    assert agrees(said, printed) is expected


# --- clean ---------------------------------------------------------------------------------------


def test_nothing_names_an_absolute_path_of_a_machine() -> None:
    roots = "work|home|root|Users|tmp|opt|mnt|private"
    pattern = re.compile(rf"(?<![\w.:/%-])/(?:{roots})/")

    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in project_files()
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1
        )
        if pattern.search(line)
    ]

    assert found == []
