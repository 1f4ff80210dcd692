"""Codes that look alike: a new one that the eye cannot tell from another is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.values.look_alikes import look_alike, skeleton
from tests.conftest import Typed, record_lines
from tests.stores import STORE

PROFILE = "--currency JPY --profile jp"
OPEN = "--on 2020-03-31 --issued 1000 --treasury 100 --authorized 4000"
ACQUIRE = "--on 2020-06-01 --shares 5 --cause OTHER"

ALIKE = ["ACME\ufe0f", "AC\u034fME", "AC\u3164ME", "\u0410CME", "ACM\u0395", "\uff21CME"]
"""Invisible characters, Cyrillic A, Greek E, an A of full width: each beside ACME."""

TOLD_APART = [
    "ACME2",
    "acme",
    "ÅCME",
    "アクメ",
    "阿克米",
    "акме",
    "Société",
    "日本電気",
    "日本電産",
]


def register(code: str) -> list[str]:
    return ["issuer", "register", code, "--name", "Acme", *PROFILE.split()]


@pytest.fixture
def acme(capital: Typed) -> Typed:
    capital.ok(*register("ACME"))
    capital.ok("class", "open", "ACME", "common", *OPEN.split())
    return capital


@pytest.mark.parametrize("code", ALIKE, ids=ascii)
def test_an_issuer_shown_like_another_is_refused(acme: Typed, code: str) -> None:
    said = acme.refused(*register(code))

    assert said.startswith("Error: look-alike: ")
    assert "is shown like 'ACME' of the ledger" in said
    assert "U+" in said
    assert "Try: use the code that is there" in said
    assert len(acme.ok("export").splitlines()) == 2


@pytest.mark.parametrize("code", ALIKE, ids=ascii)
def test_the_right_code_is_refused_where_its_look_alike_was_first(
    capital: Typed, code: str
) -> None:
    capital.ok(*register(code))

    assert "look-alike: 'ACME' is shown like" in capital.refused(*register("ACME"))


@pytest.mark.parametrize("code", TOLD_APART)
def test_names_of_every_script_that_the_eye_tells_apart_are_taken(acme: Typed, code: str) -> None:
    acme.ok(*register(code))
    acme.ok("acquisition", "acquire", "ACME", code, *ACQUIRE.split())


def test_codes_of_ascii_alone_are_not_compared(acme: Typed) -> None:
    acme.ok(*register("A1"))
    acme.ok(*register("Al"))


def test_a_code_of_which_nothing_is_seen_is_refused(capital: Typed) -> None:
    assert "a code of which nothing is seen" in capital.refused(*register("\u3164"))


@pytest.mark.parametrize("reference", ["odd-lots\ufe0f", "\u043edd-lots", "odd\u2010lots"])
def test_an_action_shown_like_another_is_refused(acme: Typed, reference: str) -> None:
    acme.ok("acquisition", "acquire", "ACME", "odd-lots", *ACQUIRE.split())

    said = acme.refused("acquisition", "acquire", "ACME", reference, *ACQUIRE.split())

    assert "look-alike: " in said
    assert "is shown like 'odd-lots' of ACME" in said


def test_a_class_shown_like_another_is_refused(acme: Typed) -> None:
    said = acme.refused("class", "open", "ACME", "c\u043emmon", *OPEN.split())
    other = acme.refused(
        "acquisition", "acquire", "ACME", "x", "--class", "c\u043emmon", *ACQUIRE.split()
    )

    assert "U+043E CYRILLIC SMALL LETTER O" in said
    assert "is shown like 'common' of ACME" in other


def line(issuer: str, action: str) -> str:
    return json.dumps(
        {
            "issuer": issuer, "class": "common", "action": action, "event": "SharesAcquired",
            "on": "2020-06-01", "cause": "OTHER", "shares": 5,
        }
    )  # fmt: skip


def test_look_alikes_of_one_file_are_refused_at_their_line(acme: Typed, tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(line("ACME", "odd") + "\n" + line("ACME", "odd\ufe0f"))

    said = acme.refused("import", file)

    assert "lines.jsonl:" in said
    assert "look-alike" in said


def test_look_alike_issuers_of_one_file_are_refused(capital: Typed, tmp_path: Path) -> None:
    lines = [
        json.dumps({"issuer": code, "action": "issuer", "event": "IssuerRegistered", "code": code,
                    "name": "Acme", "currency": "JPY", "profile": "jp"})
        for code in ("ACME", "BETA", "\u0410CME")
    ]  # fmt: skip
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(lines))

    assert "lines.jsonl:3: look-alike" in capital.refused("import", file)

    done = capital("import", file, "--skip-bad", "--report", tmp_path / "bad.jsonl")
    assert "ACME entry 1" in done.stdout
    assert "BETA entry 1" in done.stdout
    assert json.loads((tmp_path / "bad.jsonl").read_text())["line"] == 3


def test_a_ledger_that_holds_look_alikes_is_read_and_recorded_in(path: Path) -> None:
    """Those of earlier versions stay; only a new code is compared."""
    with STORE.create(path) as ledger:
        record_lines(
            ledger,
            {"issuer": "ACME", "action": "issuer", "event": "IssuerRegistered", "code": "ACME",
             "name": "Acme", "currency": "JPY", "profile": "jp"},
        )  # fmt: skip
        with pytest.MonkeyPatch.context() as earlier:
            earlier.setattr("ledger.recording.record.look_alike", lambda *_: None)
            record_lines(ledger, json.loads(line("ACME", "odd")))
            record_lines(ledger, json.loads(line("ACME", "odd\ufe0f")) | {"on": "2020-06-02"})
    capital = Typed(path)

    capital.ok("acquisition", "acquire", "ACME", "odd\ufe0f", *ACQUIRE.split())

    assert [a["action"] for a in capital.json("actions", "ACME")].count("odd\ufe0f") == 1


def test_skeletons_are_those_of_the_standard() -> None:
    # UTS #39, section 4: "paypal" with Cyrillic letters; table of confusables: m is like rn.
    assert skeleton("\u0440\u0430y\u0440\u0430l") == skeleton("paypal")
    assert skeleton("m") == "rn"
    assert look_alike(["new"], ["old", "日本"]) is None
