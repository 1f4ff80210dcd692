"""Every command has an example in its help, and every example does what it says.

The examples are one story: they are run in the order in which they are legal, in one folder, on
one ledger. What they need and do not record themselves stands here, made up.
"""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from conftest import Page, Step
from tests import reference
from tests.stores import STORE

NOT_RUN_HERE = {
    "capital report page IIJ -o iij.html --on 2018-06-29 --png iij.png": "needs Chromium: "
    "tests/browser runs it",
    "capital audit timestamp april.checkpoint --reply reply.tsr --authority authority.pem": "needs "
    "an authority: tests/test_timestamp.py has one",
    "capital audit timestamp april.checkpoint --url https://tsa.example.com --authority tsa.pem": ""
    "needs a network",
}
"""Examples that need what not every machine has, each with the reason."""

ACME = {"issuer": "ACME", "class": "common"}


def line(event: str, on: str, action: str = "class-common", **fields: Any) -> dict[str, Any]:
    return {**ACME, "action": action, "event": event, "on": on, **fields}


def dividend(reference: str, on: str, fiscal_year_end: str, **fields: Any) -> dict[str, Any]:
    terms = {"term": "YEAR_END", "per_share": "15", "currency": "JPY", "approval": "AGM"}
    terms |= {"fiscal_year_end": fiscal_year_end, **fields}
    return line("DividendResolved", on, f"dividend-{reference}", **terms)


def program(reference: str, **fields: Any) -> dict[str, Any]:
    return line("RepurchaseAuthorized", reference, f"repurchase-{reference}", **fields)


HISTORY: list[dict[str, Any]] = [
    {
        "issuer": "ACME",
        "action": "issuer",
        "event": "IssuerRegistered",
        "code": "ACME",
        "name": "Acme",
        "currency": "JPY",
        "fiscal_year_end": "03-31",
        "profile": "jp",
    },
    line("OpeningPositionStated", "2017-03-31", issued=90_000_000, treasury=20_000),
    line("ShareClassRegistered", "2017-03-31", name="Common stock"),
    program("2017-04-11", max_shares=4_000_000, **{"from": "2017-04-11", "until": "2018-04-10"}),
    line("SharesRepurchased", "2017-08-01", "repurchase-2017-04-11", shares=16_500),
    dividend("2019-03-31", "2019-05-20", "2019-03-31"),
    line("DividendApproved", "2019-06-25", "dividend-2019-03-31"),
    line("DividendPaid", "2019-06-26", "dividend-2019-03-31"),
    dividend("2020-03-31", "2020-05-20", "2020-03-31", payable_on="2020-06-26"),
    line("DividendApproved", "2020-06-25", "dividend-2020-03-31"),
    line("DividendPaid", "2020-06-29", "dividend-2020-03-31"),
    line("DisposalResolved", "2020-06-29", "disposal-2020-07-15", shares=5_100, method="OTHER"),
    program("2020-08-05", max_shares=50_000, **{"from": "2020-08-06", "until": "2021-01-29"}),
    line(
        *("IssueResolved", "2020-08-20", "issue-2020-10-01"),
        shares=1_000,
        kind="THIRD_PARTY",
        approval="EGM",
    ),
    dividend("2020-09-30", "2020-10-20", "2021-03-31", term="INTERIM", approval="NONE"),
    line("CancellationResolved", "2021-02-10", "cancellation-2021-03-01", shares=2_000),
    line(
        *("SplitResolved", "2021-02-10", "split-2021-04-01"),
        kind="SPLIT",
        new=2,
        old=1,
        effective_on="2021-04-01",
        approval="EGM",
    ),
    dividend("2021-03-31", "2021-05-20", "2021-03-31"),
    program("2021-08-04", max_shares=50_000, **{"from": "2021-08-05", "until": "2022-01-31"}),
    line(
        *("SplitResolved", "2021-08-10", "split-2021-10-01"),
        kind="SPLIT",
        new=2,
        old=1,
        effective_on="2021-10-01",
    ),
    line(
        *("DistributionResolved", "2021-08-10", "spin-off-2021-10-01"),
        of={"name": "Gamma K.K."},
        new=1,
        old=10,
        effective_on="2021-10-01",
    ),
    dividend(
        *("2021-09-30", "2021-11-10", "2022-03-31"),
        term="INTERIM",
        per_share="0.1365",
        currency="USD",
        approval="NONE",
    ),
    dividend(
        *("2022-03-31", "2022-05-20", "2022-03-31"),
        approval="NONE",
        settled_in="CHOICE",
        reference_price={"amount": "1500", "currency": "JPY"},
    ),
]
PREFERRED = {"issuer": "BOLT", "class": "preferred", "action": "class-preferred"}
OTHERS = [
    {**HISTORY[0], "issuer": "BOLT", "code": "BOLT", "name": "Bolt"},
    {**PREFERRED, "event": "ShareClassRegistered", "on": "2019-06-28", "name": "Preferred"},
]
FILES = {
    "history.jsonl": "\n".join(map(json.dumps, HISTORY)).encode(),
    "vendor.jsonl.gz": gzip.compress("\n".join(map(json.dumps, OTHERS)).encode()),
    "september.csv": b"traded_on,shares,amount\n2020-09-01,1300,1950000\n",
    "printed.csv": b"figure,printed\nper-share,13.50\n",
}

RECORDING = (
    "issuer class dividend repurchase acquisition split issue disposal cancellation distribution"
).split()
FIRST = ["init", "import", "issuer register"]
LAST = [
    *("audit keygen", "audit checkpoint", "audit consistency"),
    *("audit sign", "audit witness", "audit timestamp"),
    *("audit bundle", "audit prove", "audit verify"),
]


def examples_of(path: tuple[str, ...]) -> list[str]:
    """The commands under "Example:" in a help, a continued one in one line."""
    block = re.search(r"^  Example:\n((?:    .*\n)+)", reference.help_of(path) + "\n", re.MULTILINE)
    if block is None:
        return []
    joined = re.sub(r" *\\\n\s*", " ", block[1])
    return [command.strip() for command in joined.splitlines()]


EXAMPLES = {path: examples_of(path) for path, _ in reference.commands()}


def place(command: str) -> tuple[int, int, str]:
    """Where in the story: what is there first, what happened by its day, then the questions."""
    for number, words in enumerate(FIRST):
        if re.search(rf"^capital (--\S+ \S+ )?{words}\b", command):
            return 0, number, ""
    for number, words in enumerate(LAST):
        if f"capital {words}" in command:
            return 4, number, ""
    if command.split()[1] not in RECORDING:
        return 3, 0, ""
    on = re.search(r" --on (\S+)", command)
    return (1, 0, on[1]) if on else (2, 0, "")


def story() -> list[str]:
    commands = [command for examples in EXAMPLES.values() for command in examples]
    return sorted(dict.fromkeys(commands), key=place)


@pytest.fixture(scope="module")
def failed() -> dict[str, str]:
    """What each example said that did not end with exit code 0, by example."""
    page = Page()
    page.env["CAPITAL_BY"] = "A. Sato"
    folder = Path(page.folder.name)
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    (folder / "notices").mkdir()
    page.run(Step("capital --ledger other.db init"))
    failed = {}
    for command in story():
        if command in NOT_RUN_HERE:
            continue
        said = page.run(Step(on_a_server_of_ours(command)))
        if page.exit_code != 0:
            failed[command] = f"exit {page.exit_code}: {said}"
        if command == "capital import history.jsonl":
            page.run(Step("capital audit checkpoint > march.checkpoint"))
    page.close()
    return failed


@pytest.mark.parametrize("path", EXAMPLES, ids=" ".join)
def test_every_command_and_every_group_has_an_example(path: tuple[str, ...]) -> None:
    examples = examples_of(path)

    assert any(" ".join(("capital", *path)) in example for example in examples)
    assert all(example.startswith("capital ") for example in examples)


@pytest.mark.parametrize("path", EXAMPLES, ids=" ".join)
def test_every_example_runs_as_it_stands(path: tuple[str, ...], failed: dict[str, str]) -> None:
    assert [failed[example] for example in EXAMPLES[path] if example in failed] == []


def on_a_server_of_ours(command: str) -> str:
    """The command with the server of the tests for that of the example."""
    place = STORE.server.url("example_of_copy" if "copy" in command else "example_of_init")
    return re.sub(r"'postgresql://db\.example\.com/[^']*'", f"'{place}'", command)


def test_what_is_not_run_here_is_an_example() -> None:
    assert set(NOT_RUN_HERE) <= set(story())
