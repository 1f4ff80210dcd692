"""What reaches the terminal: nothing that hides, and no line that somebody forged."""

from __future__ import annotations

import json

import pytest

from commands.terminal.tables import aligned
from ledger.errors import escaped, inline
from tests.conftest import Typed

REGISTER = "issuer register ACME --name Acme --currency JPY --fiscal-year-end 03-31 --profile jp"
OPEN = "class open ACME common --on 2020-03-31 --issued 1000 --treasury 100 --authorized 4000"
ACQUIRE = "acquisition acquire ACME odd-lots --on 2020-06-01 --shares 5 --cause OTHER"

HIDING = [
    *map(chr, (*range(9), *range(11, 32), 127, *range(128, 160))),  # C0, DEL, C1
    *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",  # direction
    *"\xad\u034f\u115f\u1160\u180e\u200b\u200c\u200d\u2060\u2064\u3164\ufeff\uffa0",  # no width
    *"\u2028\u2029\ufff9\U000e0001\U000e0041\U000e007f",  # separators of lines, tags
]
"""Each kind of character that moves the cursor, turns the order of text round or is not seen."""

READABLE = (
    "株式会社インターネットイニシアティブ 葛\U000e0100城 Société Générale Ørsted ❤\ufe0f 🏢 ﷼"
)
"""Ordinary names, with the variant of a character and of an emoji."""


@pytest.fixture
def acme(capital: Typed) -> Typed:
    capital.ok(*REGISTER.split())
    capital.ok(*OPEN.split())
    return capital


# --- what hides ----------------------------------------------------------------------------------


@pytest.mark.parametrize("character", HIDING, ids=lambda c: f"U+{ord(c):04X}")
def test_what_hides_is_escaped_as_json_writes_it(character: str) -> None:
    shown = escaped(f"a{character}b")

    assert character not in shown
    assert json.loads(f'"{shown}"') == f"a{character}b"


def test_ordinary_text_stays_as_it_is() -> None:
    assert escaped(READABLE) == READABLE
    assert escaped("two lines\n\tand a tab") == "two lines\n\tand a tab"
    assert inline("two\nlines") == r"two\nlines"


def test_a_variant_that_a_letter_does_not_have_is_escaped() -> None:
    assert escaped("ACME\ufe0f") == r"ACME\ufe0f"


def test_no_answer_or_error_carries_what_hides(acme: Typed) -> None:
    hiding = "".join(HIDING[1:])
    for words in (
        ["shares", f"AC{hiding}ME"],
        ["shares", "ACME", "--class", f"x{hiding}"],
        ["shares", "ACME", f"y{hiding}"],
        ["shares", f"--y{hiding}"],
        [f"y{hiding}"],
        ["shares", "ACME", "--on", f"y{hiding}"],
        ["import", f"y{hiding}"],
        ["tie-out", "ACME", "--figures", f"y{hiding}"],
    ):
        result = acme(*words)
        assert result.exit_code in (1, 2)
        assert not set(HIDING) & set(result.output), words


def test_the_name_of_an_unknown_field_is_escaped_and_cut(acme: Typed) -> None:
    name = "shäres\u202e\x9b\nError: " + "x" * 5000
    line = {
        "issuer": "ACME", "class": "common", "action": "odd", "event": "SharesAcquired",
        "on": "2020-06-01", "cause": "OTHER", "shares": 5, name: 1,
    }  # fmt: skip

    result = acme("import", "-", stdin=json.dumps(line))

    assert result.exit_code == 2
    assert r"shäres\u202e\u009b\nError: xx" in result.stderr
    assert len(result.stderr) < 500
    assert result.stderr.count("\n") == 2


def test_a_message_takes_no_more_than_some_lines(acme: Typed) -> None:
    assert len(acme.refused("shares", "x" * 100_000)) < 5000
    assert (
        len(acme.refused("shares", "--class", "x" * 100_000, "--on", "y" * 100_000, code=2)) < 5000
    )


@pytest.mark.parametrize(
    "words",
    [
        ["shares", "ACME", "more\nError: forged"],
        ["import", "no\nError: forged"],
        ["--ledger", "no\nError: forged", "shares"],
        ["shares", "--no\nError: forged"],
        ["audit", "verify", "no\nError: forged"],
    ],
)
def test_no_word_typed_forges_a_line_of_an_error(acme: Typed, words: list[str]) -> None:
    result = acme(*words)

    assert result.exit_code in (1, 2, 3)
    assert "\nError: forged" not in result.stderr


FORGED = "late\nACME entry 9, recorded 2020-01-01 00:00:00 UTC by auditor"


def test_a_reason_forges_no_entry_of_a_replay(acme: Typed) -> None:
    acme.ok(*ACQUIRE.split(), "--note", FORGED)
    acme.ok("reverse", "ACME", "odd-lots", "1", "--reason", FORGED, "--on", "2020-06-02")

    for words in (
        "audit replay ACME",
        "action ACME odd-lots",
        "actions ACME",
        "check ACME",
        "diff ACME --from-entry 3 --to-entry 4",
        "export ACME",
    ):
        lines = acme(*words.split()).output.splitlines()
        assert not any(line.startswith("ACME entry 9") for line in lines), words


def test_the_reason_of_an_acknowledgment_is_indented_under_its_label(acme: Typed) -> None:
    acme.ok(
        *"repurchase authorize ACME p --on 2020-05-01 --max-shares 5".split(),
        *"--max-amount 100 --from 2020-05-02 --until 2020-08-31".split(),
    )
    words = "repurchase purchase ACME p --on 2020-06-01 --shares 6 --amount 1".split()

    told = acme(*words, "--acknowledge", "repurchase-caps", "--reason", "why\nentry 9: forged")

    assert told.exit_code == 0
    assert "(why\n  entry 9: forged)" in told.stderr
    assert r"why\nentry 9: forged" in acme("check", "ACME").stdout


def test_json_is_the_same_value_and_ordinary_text_stays_readable_in_it(acme: Typed) -> None:
    title = "Notice 株式\u3000会社 🏢 Société"
    acme.ok(*ACQUIRE.split(), "--source-title", title)

    lines = acme.ok("export", "ACME")

    assert json.loads(lines.splitlines()[-1])["source"]["title"] == title
    assert title in lines


def test_what_hides_in_json_is_escaped_and_the_value_is_the_same(acme: Typed) -> None:
    hiding = "odd\ufe0flots"  # an action's reference may hold what is seen of no letter
    acme.ok(*ACQUIRE.replace("odd-lots", hiding).split())

    for words in ("actions ACME --format json", "export ACME", "audit replay ACME --format json"):
        printed = acme.ok(*words.split())
        assert r"odd\ufe0flots" in printed
        assert hiding not in printed
    assert acme.json("actions", "ACME")[-1]["action"] == hiding


def test_columns_stay_aligned_where_a_cell_is_escaped() -> None:
    text = aligned(["a", "b"], [["x\u202ey\nz", "1"], ["株式", "2"]], [False, False])

    assert text.splitlines()[2:] == [r"x\u202ey\nz  1", "株式         2"]
