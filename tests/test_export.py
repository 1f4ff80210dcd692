"""Export: the same facts in another ledger, as they were known, and the rows themselves."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.conftest import Typed, prepared
from tests.test_exchange import ACME, PURCHASE, bolt, jsonl

IIJ = Path(__file__).parents[1] / "docs" / "cases" / "iij" / "lines.jsonl"
DAYS = ["2005-12-31", "2008-10-28", "2012-10-01", "2018-06-30", "2021-01-01", "2024-12-31"]
MORE = {**PURCHASE, "on": "2020-08-11", "settled_on": "2020-08-14", "key": "acme-5"}


def empty(folder: Path, name: str) -> Typed:
    there = Typed(folder / name)
    there.ok("init")
    return there


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
@prepared
def history(capital: Typed) -> Typed:
    """A real history, and a program with a correction typed later: three entries of ACME."""
    capital.ok("import", IIJ)
    capital.ok("import", "-", stdin=jsonl(*ACME))
    capital.ok("import", "-", stdin=jsonl(MORE))
    capital.ok(*"reverse ACME repurchase-2020-08-05 3 --on 2020-08-20 --reason misprint".split())
    return capital


def without_entries(answer: Any) -> Any:
    """An answer without what is the ledger's own: the entry it saw and named."""
    own = {"entry", "entries", "recorded_at", "recorded_by", "by"}
    if isinstance(answer, dict):
        return {k: without_entries(v) for k, v in answer.items() if k not in own}
    if isinstance(answer, list):
        return [without_entries(part) for part in answer]
    return answer


def answers(capital: Typed) -> list[Any]:
    """What the ledger answers of any date, for every issuer."""
    asked = [
        (word, issuer, *more)
        for issuer in ("IIJ", "ACME")
        for day in DAYS
        for word, *more in (
            ("shares", "--on", day),
            ("shares", "--on", day, "--basis", "trade"),
            ("shares", "--on", day, "--known-by", "disclosed"),
            ("treasury", "--on", day),
            ("dividends", "--on", day),
            ("repurchases", "--on", day),
            ("actions", "--on", day),
            ("check", "--on", day),
        )
    ]
    return [(words, without_entries(capital.json(*words))) for words in asked]


# --- there and back ------------------------------------------------------------------------------


def test_an_export_answers_the_same_in_another_ledger_and_is_exported_the_same(
    history: Typed, tmp_path: Path
) -> None:
    there = empty(tmp_path, "there.db")

    there.ok("import", "-", stdin=history.ok("export"))

    assert there.ok("export") == history.ok("export")
    for (words, here_says), (_, there_says) in zip(answers(history), answers(there), strict=True):
        assert here_says == there_says, words


@pytest.mark.parametrize("turn", range(3))
def test_an_export_in_any_order_answers_the_same_numbers(
    history: Typed, tmp_path: Path, turn: int
) -> None:
    there = empty(tmp_path, "there.db")
    lines = history.ok("export").splitlines(keepends=True)
    mixed = sorted(lines, key=lambda text: sha256(f"{turn}{text}".encode()).digest())

    there.ok("import", "-", stdin="".join(mixed))

    assert sorted(there.ok("export").splitlines()) == sorted(history.ok("export").splitlines())
    numbers = ("shares", "treasury", "dividends", "repurchases")
    for (words, here_says), (_, there_says) in zip(answers(history), answers(there), strict=True):
        assert words[0] not in numbers or here_says == there_says, words


def test_an_export_of_every_issuer_is_that_of_each(history: Typed) -> None:
    each = [history.ok("export", issuer) for issuer in ("ACME", "IIJ")]

    assert sorted(history.ok("export").splitlines()) == sorted("".join(each).splitlines())


def test_an_export_into_the_ledger_it_came_from_adds_nothing(history: Typed) -> None:
    said = history.ok("import", "-", stdin=history.ok("export"))

    assert said.splitlines() == [
        "ACME: nothing to add, 6 already recorded",
        "IIJ: nothing to add, 153 already recorded",
    ]


# --- as it was known -----------------------------------------------------------------------------


def test_an_export_as_of_an_entry_is_what_was_exported_then(capital: Typed) -> None:
    capital.ok("import", "-", stdin=jsonl(*ACME))
    then = capital.ok("export", "ACME")
    capital.ok("import", "-", stdin=jsonl(MORE))
    later = capital.ok("export", "ACME")
    capital.ok(*"reverse ACME repurchase-2020-08-05 3 --on 2020-08-20 --reason misprint".split())

    assert capital.ok("export", "ACME", "--known-at", "1") == then
    assert capital.ok("export", "ACME", "--known-at", "#2") == later
    assert capital.ok("export", "ACME", "--known-at", "3") == capital.ok("export", "ACME")


def test_an_export_as_of_an_entry_answers_as_was_known_then(history: Typed, tmp_path: Path) -> None:
    there = empty(tmp_path, "there.db")
    there.ok("import", "-", stdin=history.ok("export", "ACME", "--known-at", "2"))

    for day in ("2020-08-10", "2020-08-13", "2020-12-31"):
        words = ("shares", "ACME", "--on", day, "--class", "common")
        here = history.json(*words, "--known-at", "2")
        assert (here["treasury"], here["issued"]) == tuple(
            there.json(*words)[name] for name in ("treasury", "issued")
        )


def test_an_export_as_of_a_moment_leaves_out_what_was_recorded_later(capital: Typed) -> None:
    capital.ok("import", "-", stdin=jsonl(*ACME))
    then = capital.ok("export")
    (moment,) = {row["recorded_at"] for row in lines_of(capital.ok("export", "--verbatim"))}
    time.sleep(0.002)
    capital.ok("import", "-", stdin=jsonl(MORE, *map(bolt, ACME)))

    assert capital.ok("export", "--known-at", moment) == then
    assert capital.ok("export", "--known-at", "2000-01-01") == ""
    assert capital.ok("export", "--known-at", "2999-12-31") == capital.ok("export")


def test_an_entry_is_of_one_issuer_and_none_has_entry_nought(history: Typed) -> None:
    for verbatim in ((), ("--verbatim",)):
        said = history.refused("export", "--known-at", "1", *verbatim, code=2)
        assert "each issuer numbers its own entries" in said
        assert "name the ISSUER" in said
        assert "numbered from 1" in history.refused(
            "export", "ACME", "--known-at", "0", *verbatim, code=2
        )


def said_of_an_entry_that_is_not(capital: Typed, *words: str) -> Result:
    return capital("export", "ACME", "--known-at", "4", *words)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(()),
        pytest.param(("--verbatim",)),
    ],
    ids=["lines", "rows"],
)
def test_an_entry_that_is_not_there_is_refused_before_anything_is_written(
    history: Typed, words: tuple[str, ...]
) -> None:
    result = said_of_an_entry_that_is_not(history, *words)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "the last entry of ACME is 3" in result.stderr


# --- the rows themselves -------------------------------------------------------------------------


def leaf(row: dict[str, Any]) -> bytes:
    """Six parts joined by line feeds; a leaf hash begins with 0x00 (docs/audit.md, "The leaf")."""
    parts = [row["salt"], row["recorded_at"], row["id"], str(row["version"])]
    return sha256(b"\x00" + "\n".join([*parts, row["name"], row["state"]]).encode()).digest()


def root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1: the left subtree has the largest power of two below the size."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + root(leaves[:left]) + root(leaves[left:])).digest()


def receipt_of(said: str) -> tuple[int, str]:
    """Size and root of the last receipt that a command printed."""
    words = said.strip().splitlines()[-1].replace(",", "").split()
    assert words[0] == "receipt:"
    return int(words[words.index("size") + 1]), words[words.index("root") + 1]


def test_whoever_has_every_row_can_compute_the_root_of_the_last_receipt(history: Typed) -> None:
    said = history.ok("import", "-", stdin=jsonl(*map(bolt, ACME)))

    rows = lines_of(history.ok("export", "--verbatim"))

    assert [row["index"] for row in rows] == list(range(len(rows)))
    whole = b64encode(root([leaf(row) for row in rows])).decode()
    assert (len(rows), whole) == receipt_of(said)


def test_rows_as_of_a_moment_have_the_root_of_its_receipt(capital: Typed) -> None:
    receipts = []
    for number, lines in enumerate((ACME, [MORE], [{**MORE, "on": "2020-08-12", "key": "acme-6"}])):
        receipts.append(receipt_of(capital.ok("import", "-", stdin=jsonl(*lines))))
        rows = lines_of(capital.ok("export", "--verbatim"))
        assert (len(rows), b64encode(root(list(map(leaf, rows)))).decode()) == receipts[number]

    for number, receipt in enumerate(receipts, start=1):
        then = lines_of(capital.ok("export", "ACME", "--verbatim", "--known-at", str(number)))
        assert (len(then), b64encode(root(list(map(leaf, then)))).decode()) == receipt
        (moment,) = {row["recorded_at"] for row in then if row["index"] == then[-1]["index"]}
        assert lines_of(capital.ok("export", "--verbatim", "--known-at", moment)) == then


def test_a_row_that_is_altered_gives_another_root(history: Typed) -> None:
    rows = lines_of(history.ok("export", "--verbatim"))
    whole = root(list(map(leaf, rows)))

    for field in ("salt", "recorded_at", "id", "name", "state"):
        altered = [*rows[:7], {**rows[7], field: rows[7][field] + "0"}, *rows[8:]]
        assert root(list(map(leaf, altered))) != whole


def test_an_issuer_gets_its_own_rows_only(history: Typed) -> None:
    everything = lines_of(history.ok("export", "--verbatim"))
    own = {code: lines_of(history.ok("export", code, "--verbatim")) for code in ("ACME", "IIJ")}

    for code, rows in own.items():
        assert {json.loads(row["state"])["issuer"] for row in rows} == {code}
        assert rows == [r for r in everything if json.loads(r["state"])["issuer"] == code]
    assert len(own["ACME"]) == 6 + 3  # events, and an entry each time
    assert not {row["salt"] for row in own["ACME"]} & {row["salt"] for row in own["IIJ"]}
    assert "IIJ" not in history.ok("export", "ACME", "--verbatim")


def test_rows_are_no_lines_and_import_says_so(history: Typed, tmp_path: Path) -> None:
    there = empty(tmp_path, "there.db")

    result = there("import", "-", stdin=history.ok("export", "--verbatim"))

    assert result.exit_code == 2
    assert "-:1: event: " in result.stderr
    assert there.ok("export") == ""


def test_rows_of_nobody_are_none_and_of_a_stranger_refused(capital: Typed) -> None:
    assert capital.ok("export", "--verbatim") == ""
    assert "no issuer 'NOBODY'" in capital.refused("export", "NOBODY", "--verbatim")
