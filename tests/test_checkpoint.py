"""Checkpoints, the keys that sign them, and the receipts that agree with them."""

from __future__ import annotations

import json
import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import BadInput
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.keys import Signer, Verifier
from ledger.proof.note import Note, Signature
from ledger.store.ledger import Ledger
from tests.attacker import commits_of, hand_on, tree_hash
from tests.conftest import Typed, prepared, record_lines
from tests.stores import at
from tests.test_tampering import ENTRIES, registered

NOTHING = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
"""The SHA-256 of nothing, base64: the root over no rows."""
TIME = "2024-03-31T09:00:00.000000Z"


@pytest.fixture
@prepared
def filled(path: Path) -> Typed:
    """A ledger of seventeen rows of two issuers."""
    with Ledger.create(at(path)) as ledger:
        for lines in ENTRIES:
            record_lines(ledger, *lines)
    return Typed(path)


# --- signed notes: what is published -------------------------------------------------------------
# The example of Go's golang.org/x/mod/sumdb/note, and that of the C2SP specification itself.

GO_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZ"
    "b6KE6RyyBwJnAM=\n"
)
C2SP_PUBLIC = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_TEXT = "This is an example message.\n"
C2SP_SIGNATURE = (
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
)


def noted(text: str, name: str, signature: str) -> Note:
    """A note of any text, whose signature is all that is looked at."""
    data = b64decode(signature)
    return Note(text, (Signature(name, data[:4], data[4:]),), some_checkpoint())


def some_checkpoint(**fields: Any) -> Checkpoint:
    about = {"origin": "example.com/capital", "size": 156, "root": b"r" * 32, "time": TIME}
    return Checkpoint(**{**about, "issuers": 2, "issuers_root": b"i" * 32, **fields})


def test_the_published_example_is_signed_byte_for_byte() -> None:
    signer = Signer.parse(GO_PRIVATE)

    assert signer.text == GO_PRIVATE
    assert signer.verifier.text == GO_PUBLIC
    assert signer.signed(GO_TEXT) == f"{GO_TEXT}\n{GO_SIGNATURE}"


@pytest.mark.parametrize(
    ("public", "text", "signature"),
    [
        (GO_PUBLIC, GO_TEXT, GO_SIGNATURE.split()[2]),
        (C2SP_PUBLIC, C2SP_TEXT, C2SP_SIGNATURE),
    ],
    ids=["Go", "C2SP"],
)
def test_the_published_signatures_hold_and_those_of_other_texts_do_not(
    public: str, text: str, signature: str
) -> None:
    verifier = Verifier.parse(public)
    name = public.split("+", maxsplit=1)[0]

    assert verifier.text == public
    assert verifier.verifies(noted(text, name, signature))
    assert not verifier.verifies(noted(text + "\n", name, signature))
    assert not verifier.verifies(noted(text.replace(" ", "  ", 1), name, signature))
    assert not verifier.verifies(noted(text, "somebody", signature))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        GO_PRIVATE,
        GO_PUBLIC.replace("c74f20a3", "c74f20a4"),
        GO_PUBLIC.replace("c74f20a3", "C74F20A3"),
        GO_PUBLIC.replace("PeterNeumann", "PeterNeuman"),
        GO_PUBLIC.replace("PeterNeumann", "Peter Neumann"),
        GO_PUBLIC.replace("+ARpc", "+AhpC"),
        GO_PUBLIC[:-4],
        f"{GO_PUBLIC}=",
        f"{GO_PUBLIC}\n{GO_PUBLIC}",
        GO_PUBLIC.replace("/", "_"),
        GO_PUBLIC.replace("10TW", "10TX"),
    ],
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="key"):
        Verifier.parse(text)


@pytest.mark.parametrize(
    "text", ["", GO_PUBLIC, GO_PRIVATE[:-4], GO_PRIVATE.replace("c74f20a3", "00000000")]
)
def test_what_is_no_private_key_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadInput, match="private key") as refused:
        Signer.parse(text)

    assert "AYEKFALVFGyNhPJEMzD1QIDr" not in str(refused.value)


# --- the text of a checkpoint --------------------------------------------------------------------

hashes = st.binary(min_size=32, max_size=32)
names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)
instants = st.datetimes().map(lambda at: at.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0"))


@given(
    origin=names,
    size=st.integers(1, 10**18 - 1),
    root=hashes,
    time=instants,
    issuers=st.integers(0, 10**18 - 1),
    issuers_root=hashes,
)
def test_a_checkpoint_is_read_back_as_it_was_written(**fields: Any) -> None:
    written = some_checkpoint(**fields)

    assert Checkpoint.parse(written.text) == written
    assert Note.parse(written.text).checkpoint == written


def test_the_text_of_a_checkpoint_is_what_the_page_says() -> None:
    root, issuers_root = (b64encode(letter * 32).decode() for letter in (b"r", b"i"))

    assert some_checkpoint().text == (
        f"example.com/capital\n156\n{root}\ntime {TIME}\nissuers 2 {issuers_root}\n"
    )


SOUND = some_checkpoint().text
ROOT = b64encode(b"r" * 32).decode()

MALFORMED: dict[str, Callable[[str], str]] = {
    "nothing": lambda _: "",
    "a line feed": lambda _: "\n",
    "a word": lambda _: "checkpoint",
    "no last line feed": lambda text: text[:-1],
    "a line too many": lambda text: text + "more\n",
    "a line too few": lambda text: text.rsplit("\n", 2)[0] + "\n",
    "an empty origin": lambda text: text.replace("example.com/capital", ""),
    "lines of another system": lambda text: text.replace("\n", "\r\n"),
    "a size with zeros": lambda text: text.replace("156", "0156"),
    "a size with a sign": lambda text: text.replace("156", "+156"),
    "a size with a separator": lambda text: text.replace("156", "1,56"),
    "a size of other digits": lambda text: text.replace("156", "١٥٦"),
    "a size below zero": lambda text: text.replace("156", "-1"),
    "a size past every ledger": lambda text: text.replace("156", "9" * 19),
    "a size of no rows with a root": lambda text: text.replace("156", "0"),
    "a root that is no base64": lambda text: text.replace(ROOT, "?" * 44),
    "a root that is not canonical": lambda text: text.replace(ROOT, ROOT[:-2] + "J="),
    "a root too short": lambda text: text.replace(ROOT, ROOT[4:]),
    "no root": lambda text: text.replace(ROOT, ""),
    "no time": lambda text: text.replace(f"time {TIME}", "time"),
    "a time of another place": lambda text: text.replace("000Z", "000+09:00"),
    "a time that never was": lambda text: text.replace("03-31", "02-31"),
    "issuers that are no number": lambda text: text.replace("issuers 2", "issuers two"),
    "issuers without their root": lambda text: text.rsplit(" ", 1)[0] + "\n",
    "a signature line that is none": lambda text: f"{text}\nsigned by me\n",
    "a signature of one hyphen": lambda text: f"{text}\n- me AAAAAAAA\n",
    "a signature that is no base64": lambda text: f"{text}\n— me ???\n",
    "a signature of nothing but a key": lambda text: f"{text}\n— me AAAAAA==\n",
    "a signature cut off": lambda text: f"{text}\n— me AAAAAAAA",
    "a blank line more": lambda text: f"{text}\n\n— me AAAAAAAA\n",
    "only a signature": lambda _: "\n— me AAAAAAAA\n",
}


@pytest.mark.parametrize("what", MALFORMED)
def test_what_is_no_checkpoint_is_refused_with_the_name_of_its_file(
    capital: Typed, tmp_path: Path, what: str
) -> None:
    (tmp_path / "march").write_bytes(MALFORMED[what](SOUND).encode())
    (tmp_path / "sound").write_text(some_checkpoint().text)

    said = [
        capital.refused("audit", "verify", "--checkpoint", tmp_path / "march", code=2),
        capital.refused("audit", "consistency", tmp_path / "march", tmp_path / "sound", code=2),
        capital.refused("audit", "consistency", tmp_path / "sound", tmp_path / "march", code=2),
        capital.refused("audit", "prove", "ACME", 1, "--checkpoint", tmp_path / "march", code=2),
    ]

    for each in said:
        assert f"{tmp_path / 'march'}: not a checkpoint" in each


def test_a_note_without_a_signature_below_its_blank_line_is_refused() -> None:
    with pytest.raises(BadInput):
        Note.parse(f"{SOUND}\n")


@pytest.mark.parametrize("time", ["2024-3-31T9:0:0.0Z", "2024-03-31T09:00:00.5Z"])
def test_a_time_that_is_not_canonical_is_refused(time: str) -> None:
    with pytest.raises(BadInput):
        Note.parse(SOUND.replace(TIME, time))


@pytest.mark.parametrize("data", [b"\xff\xfe", bytes(range(256))])
def test_bytes_that_are_no_text_are_no_checkpoint(
    capital: Typed, tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "march").write_bytes(data)

    said = capital.refused("audit", "verify", "--checkpoint", tmp_path / "march", code=2)

    assert f"{tmp_path / 'march'} is not text" in said


@pytest.mark.parametrize("what", ["a folder", "nothing"])
def test_a_checkpoint_that_is_no_file_is_refused(capital: Typed, tmp_path: Path, what: str) -> None:
    place = tmp_path / "march"
    if what == "a folder":
        place.mkdir()

    assert str(place) in capital.refused("audit", "verify", "--checkpoint", place, code=2)


# --- making one ----------------------------------------------------------------------------------


def lines_of(text: str) -> list[str]:
    return text.split("\n")


@pytest.mark.sqlite_file
def test_a_checkpoint_says_what_the_ledger_holds(filled: Typed) -> None:
    with hand_on(filled.path, hidden=True) as connection:
        commits = commits_of(connection)
    salts = {"ACME": (commits[-1].salt, 6), "BOLT": (commits[3].salt, 2)}
    leaves = sorted(
        sha256(b"\x00" + f"{salt.hex()}\n{issuer}\n{last}".encode()).digest()
        for issuer, (salt, last) in salts.items()
    )

    origin, size, root, time, issuers, end = lines_of(filled.ok("audit", "checkpoint"))

    assert (origin, size, end) == ("capital-ledger", "17", "")
    assert b64decode(root) == commits[-1].root
    assert time.startswith("time 20")
    assert issuers == f"issuers 2 {b64encode(tree_hash(leaves)).decode()}"


def test_a_checkpoint_of_an_empty_ledger_holds_for_its_no_rows(
    capital: Typed, tmp_path: Path
) -> None:
    text = capital.ok("audit", "checkpoint")
    capital.ok("audit", "checkpoint", "-o", tmp_path / "empty")

    said = capital.ok("audit", "verify", "--checkpoint", tmp_path / "empty")

    assert lines_of(text)[1:3] == ["0", NOTHING]
    assert lines_of(text)[4] == f"issuers 0 {NOTHING}"
    assert "verified: 0 rows in 0 commits, 0 entries of 0 issuers" in said
    assert "valid for its 0 rows" in said


def test_every_ledger_extends_the_checkpoint_of_an_empty_one(
    capital: Typed, tmp_path: Path
) -> None:
    capital.ok("audit", "checkpoint", "-o", tmp_path / "empty")
    capital.ok("issuer", "register", "ACME", "--name", "A", "--currency", "JPY", "--profile", "jp")
    capital.ok("audit", "checkpoint", "-o", tmp_path / "later")

    capital.ok("audit", "verify", "--checkpoint", tmp_path / "empty")
    proof = json.loads(capital.ok("audit", "consistency", tmp_path / "empty", tmp_path / "later"))

    assert proof["hashes"] == []


@pytest.mark.parametrize("origin", ["example.com/capital", "資本 台帳", "a+b"])
def test_the_origin_may_be_any_name(filled: Typed, tmp_path: Path, origin: str) -> None:
    filled.ok("audit", "checkpoint", "--origin", origin, "-o", tmp_path / "march")

    assert lines_of((tmp_path / "march").read_text("utf-8"))[0] == origin
    assert "valid for" in filled.ok("audit", "verify", "--checkpoint", tmp_path / "march")


@pytest.mark.parametrize("origin", ["", " ", "a\nb", "\x1b[31m", "\udcff"])
def test_an_origin_that_no_line_can_bear_is_refused(filled: Typed, origin: str) -> None:
    assert "--origin" in filled.refused("audit", "checkpoint", "--origin", origin, code=2)


def test_a_checkpoint_is_never_written_over_another(filled: Typed, tmp_path: Path) -> None:
    filled.ok("audit", "checkpoint", "-o", tmp_path / "march")
    before = (tmp_path / "march").read_bytes()

    said = filled.refused("audit", "checkpoint", "-o", tmp_path / "march", code=2)

    assert f"{tmp_path / 'march'} already exists" in said
    assert (tmp_path / "march").read_bytes() == before


# --- keys ----------------------------------------------------------------------------------------


def key_of(capital: Typed, place: Path, name: str = "example.com/capital") -> str:
    """A new pair of keys, by its public half."""
    return capital.ok("audit", "keygen", name, "-o", place).splitlines()[-1]


def test_a_private_key_may_be_read_by_its_owner_alone(capital: Typed, tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        public = key_of(capital, tmp_path / "capital.key")
    finally:
        os.umask(mask)

    private = tmp_path / "capital.key"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert (tmp_path / "capital.key.pub").read_text() == f"{public}\n"
    assert Signer.parse(private.read_text()).verifier == Verifier.parse(public)
    assert "PRIVATE" not in public


def test_no_two_keys_are_the_same(capital: Typed, tmp_path: Path) -> None:
    assert len({key_of(capital, tmp_path / str(number)) for number in range(5)}) == 5


@pytest.mark.parametrize("which", ["capital.key", "capital.key.pub"])
def test_a_key_is_never_written_over_another_file(
    capital: Typed, tmp_path: Path, which: str
) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / which).write_text("mine")

    said = capital.refused("audit", "keygen", "me", "-o", folder / "capital.key", code=2)

    assert f"{folder / which} already exists" in said
    assert [(file.name, file.read_text()) for file in folder.iterdir()] == [(which, "mine")]


@pytest.mark.parametrize("name", ["", " ", "a b", "a+b", "a\tb", "a\u3000b", "a\nb"])
def test_a_name_that_no_note_can_bear_names_no_key(
    capital: Typed, tmp_path: Path, name: str
) -> None:
    said = capital.refused("audit", "keygen", name, "-o", tmp_path / "capital.key", code=2)

    assert "is not a valid key name" in said
    assert not (tmp_path / "capital.key").exists()


@pytest.mark.parametrize("name", ["a\udcff", "a\x1b[31m", "a\x07"])
def test_a_name_that_cannot_be_shown_names_no_key(
    capital: Typed, tmp_path: Path, name: str
) -> None:
    capital.refused("audit", "keygen", name, "-o", tmp_path / "capital.key", code=2)


# --- signed checkpoints --------------------------------------------------------------------------


@pytest.fixture
def signed(filled: Typed, tmp_path: Path) -> Typed:
    """A ledger with `march`, a checkpoint that `capital.key` signed."""
    key_of(filled, tmp_path / "capital.key")
    filled.ok("audit", "checkpoint", "--sign", tmp_path / "capital.key", "-o", tmp_path / "march")
    return filled


def verify(capital: Typed, place: Path, key: object, *, code: int) -> str:
    result = capital("audit", "verify", "--checkpoint", place, "--key", key)
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output


def test_a_signed_checkpoint_holds_by_its_key_as_a_file_or_as_text(
    signed: Typed, tmp_path: Path
) -> None:
    public = tmp_path / "capital.key.pub"

    for key in (public, public.read_text().strip(), public.read_text()):
        said = verify(signed, tmp_path / "march", key, code=0)
        assert "signed by example.com/capital" in said
    assert (tmp_path / "march").read_text().startswith("example.com/capital\n17\n")


def test_a_signature_that_was_not_checked_is_noted(signed: Typed, tmp_path: Path) -> None:
    result = signed("audit", "verify", "--checkpoint", tmp_path / "march")

    assert result.exit_code == 0
    assert "signatures were not checked" in result.stderr
    assert "signed by" not in result.stdout


def test_another_key_of_the_same_name_did_not_sign_it(signed: Typed, tmp_path: Path) -> None:
    key_of(signed, tmp_path / "other.key")

    said = verify(signed, tmp_path / "march", tmp_path / "other.key.pub", code=1)

    assert "signature does not hold" in said
    assert "no valid signature of example.com/capital" in said


def test_a_checkpoint_that_nobody_signed_is_refused_by_a_key(signed: Typed, tmp_path: Path) -> None:
    signed.ok("audit", "checkpoint", "-o", tmp_path / "unsigned")

    said = verify(signed, tmp_path / "unsigned", tmp_path / "capital.key.pub", code=1)

    assert "signature does not hold" in said


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("example.com/capital\n17", "example.org/capital\n17"),
        ("time 2", "time 1"),
        ("issuers 2", "issuers 3"),
        ("— example.com/capital ", "— example.org/capital "),
    ],
)
def test_a_signature_of_an_altered_text_does_not_hold(
    signed: Typed, tmp_path: Path, before: str, after: str
) -> None:
    text = (tmp_path / "march").read_text("utf-8")
    assert before in text
    (tmp_path / "april").write_text(text.replace(before, after, 1), "utf-8")

    said = verify(signed, tmp_path / "april", tmp_path / "capital.key.pub", code=1)

    assert "signature does not hold" in said


def test_a_signature_of_another_checkpoint_does_not_hold(signed: Typed, tmp_path: Path) -> None:
    signed.ok("audit", "checkpoint", "-o", tmp_path / "april")
    signature = (tmp_path / "march").read_text("utf-8").split("\n\n")[1]
    (tmp_path / "mixed").write_text(
        f"{(tmp_path / 'april').read_text('utf-8')}\n{signature}", "utf-8"
    )

    verify(signed, tmp_path / "mixed", tmp_path / "capital.key.pub", code=1)


def test_of_several_signatures_each_holds_by_its_own_key(signed: Typed, tmp_path: Path) -> None:
    key_of(signed, tmp_path / "auditor.key", "auditor.example.com")
    text = (tmp_path / "march").read_text("utf-8")
    second = Signer.parse((tmp_path / "auditor.key").read_text()).signed(
        text.split("\n\n")[0] + "\n"
    )
    (tmp_path / "both").write_text(text + second.split("\n\n")[1], "utf-8")

    for key, name in (
        ("capital.key", "example.com/capital"),
        ("auditor.key", "auditor.example.com"),
    ):
        said = verify(signed, tmp_path / "both", tmp_path / f"{key}.pub", code=0)
        assert f"signed by {name}" in said
    verify(signed, tmp_path / "march", tmp_path / "auditor.key.pub", code=1)


@pytest.mark.parametrize("kind", ["public", "folder", "nothing", "text"])
def test_what_is_no_private_key_signs_nothing(signed: Typed, tmp_path: Path, kind: str) -> None:
    (tmp_path / "text").write_text("my key")
    (tmp_path / "folder").mkdir()
    place = tmp_path / ("capital.key.pub" if kind == "public" else kind)

    result = signed("audit", "checkpoint", "--sign", place, "-o", tmp_path / "april")

    assert result.exit_code == 2
    assert not (tmp_path / "april").exists()


@pytest.mark.parametrize(
    "key",
    [
        "capital.key.pub",
        "",
        "\0",
        GO_PRIVATE,
        "k" * 5000,
    ],
)
def test_what_is_no_public_key_verifies_nothing(signed: Typed, tmp_path: Path, key: str) -> None:
    verify(signed, tmp_path / "march", key, code=2)


# --- one checkpoint extends another --------------------------------------------------------------


@pytest.fixture
def two(signed: Typed, tmp_path: Path) -> Typed:
    """A ledger with an `april` two rows after `march`."""
    signed.ok("class", "authorize", "ACME", "common", "--authorized", 4000, "--on", "2020-08-01")
    signed.ok("audit", "checkpoint", "--sign", tmp_path / "capital.key", "-o", tmp_path / "april")
    return signed


def test_a_later_checkpoint_extends_an_earlier_one(two: Typed, tmp_path: Path) -> None:
    two.ok("audit", "consistency", tmp_path / "march", tmp_path / "april", "-o", tmp_path / "proof")

    said = two.ok("audit", "verify", tmp_path / "proof", "--key", tmp_path / "capital.key.pub")

    assert "the ledger of 19 rows at" in said
    assert "begins with that of 17 rows" in said


def test_checkpoints_in_the_wrong_order_are_told(two: Typed, tmp_path: Path) -> None:
    said = two.refused("audit", "consistency", tmp_path / "april", tmp_path / "march", code=2)

    assert "19 rows" in said
    assert "give the older checkpoint first" in said


def test_a_checkpoint_extends_itself_and_another_of_its_size(two: Typed, tmp_path: Path) -> None:
    two.ok("audit", "checkpoint", "-o", tmp_path / "again")

    for newer in ("april", "again"):
        proof = json.loads(two.ok("audit", "consistency", tmp_path / "april", tmp_path / newer))
        assert proof["hashes"] == []


@pytest.mark.parametrize("order", [("march", "other"), ("other", "april")])
def test_checkpoints_of_two_ledgers_do_not_extend_each_other(
    two: Typed, tmp_path: Path, order: tuple[str, str]
) -> None:
    with Ledger.create(at(tmp_path / "other.db")) as other:
        for lines in ENTRIES:
            record_lines(other, *lines)
    Typed(tmp_path / "other.db").ok("audit", "checkpoint", "-o", tmp_path / "other")

    said = two.refused("audit", "consistency", *(tmp_path / name for name in order))

    assert "was made from different rows" in said or "does not extend" in said


def test_a_checkpoint_past_the_end_of_the_ledger_cannot_be_proven(
    two: Typed, tmp_path: Path, filled: Typed
) -> None:
    text = (tmp_path / "april").read_text("utf-8").replace("\n19\n", "\n99\n", 1)
    (tmp_path / "may").write_text(text, "utf-8")

    said = two.refused("audit", "consistency", tmp_path / "march", tmp_path / "may")

    assert "made over 99 rows, and the ledger's commits hold 19" in said


@pytest.mark.parametrize("field", ["old", "new", "hashes"])
def test_an_altered_proof_of_extension_is_not_verified(
    two: Typed, tmp_path: Path, field: str
) -> None:
    text = two.ok("audit", "consistency", tmp_path / "march", tmp_path / "april")
    proof = json.loads(text)
    if field == "hashes":
        proof["hashes"][0] = ROOT
    else:
        lines = proof[field].split("\n")
        lines[2] = ROOT
        proof[field] = "\n".join(lines)
    (tmp_path / "proof").write_text(json.dumps(proof))

    result = two("audit", "verify", tmp_path / "proof")

    assert result.exit_code == 1
    assert "proof does not hold" in result.stdout


def malformed_proofs() -> dict[str, Any]:
    kind = {"proof": "capital inclusion proof", "issuer": "ACME", "entry": 1, "rows": []}
    return {
        "no object": [],
        "a number": 5,
        "another object": {},
        "a proof of nothing": {"proof": "capital inclusion proof"},
        "rows that are no list": {**kind, "checkpoint": SOUND, "rows": 5},
        "rows that are no rows": {**kind, "checkpoint": SOUND, "rows": [{}]},
        "a checkpoint that is none": {**kind, "checkpoint": "none"},
        "a checkpoint that is a number": {**kind, "checkpoint": 5},
        "no checkpoints": {"proof": "capital consistency proof", "old": None, "new": None},
    }


@pytest.mark.parametrize("what", malformed_proofs())
def test_what_is_no_proof_is_refused_with_the_name_of_its_file(
    capital: Typed, tmp_path: Path, what: str, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "proof").write_text(json.dumps(malformed_proofs()[what]))

    assert str(tmp_path / "proof") in capital.refused("audit", "verify", tmp_path / "proof", code=2)


@pytest.mark.parametrize("entry", [1, 3, 6])
def test_an_entry_is_proven_to_whoever_has_the_checkpoint(
    two: Typed, tmp_path: Path, entry: int
) -> None:
    two.ok(
        *("audit", "prove", "ACME", entry, "--checkpoint", tmp_path / "march"),
        *("-o", tmp_path / "proof"),
    )

    said = two.ok("audit", "verify", tmp_path / "proof", "--key", tmp_path / "capital.key.pub")

    assert f"entry {entry} of ACME" in said
    assert "is in the ledger of 17 rows" in said


def test_an_entry_after_the_checkpoint_cannot_be_proven_by_it(two: Typed, tmp_path: Path) -> None:
    said = two.refused("audit", "prove", "ACME", 7, "--checkpoint", tmp_path / "march")

    assert "made over 17 rows, before it" in said


@pytest.mark.parametrize(
    "entry",
    [
        0,
        8,
        10**9,
        10**30,
    ],
)
def test_an_entry_that_is_not_there_cannot_be_proven(two: Typed, entry: int) -> None:
    assert "its entries are 1 to 7" in two.refused("audit", "prove", "ACME", entry)


def proof_of_entry_3(capital: Typed) -> dict[str, Any]:
    proof: dict[str, Any] = json.loads(capital.ok("audit", "prove", "ACME", 3))
    assert len(proof["rows"]) == 3
    return proof


def altered_row(proof: dict[str, Any], **fields: Any) -> dict[str, Any]:
    first, *rest = proof["rows"]
    return {**proof, "rows": [{**first, **fields}, *rest]}


OTHER_PROOFS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another state": lambda proof: altered_row(proof, state=proof["rows"][0]["state"] + " "),
    "another time": lambda proof: altered_row(proof, recorded_at=TIME),
    "another salt": lambda proof: altered_row(proof, salt="00" * 16),
    "another version": lambda proof: altered_row(proof, version=2),
    "another name": lambda proof: altered_row(proof, name="SharesIssued"),
    "another id": lambda proof: altered_row(proof, id="0" * 32),
    "another place": lambda proof: altered_row(proof, index=9),
    "a place before the first": lambda proof: altered_row(proof, index=-1),
    "a place behind the last": lambda proof: altered_row(proof, index=10**30),
    "no path": lambda proof: altered_row(proof, path=[]),
    "a longer path": lambda proof: altered_row(proof, path=[*proof["rows"][0]["path"], ROOT]),
    "no rows": lambda proof: {**proof, "rows": []},
    "no entry": lambda proof: {**proof, "rows": proof["rows"][:-1]},
    "another entry": lambda proof: {**proof, "entry": 4},
    "another issuer": lambda proof: {**proof, "issuer": "BOLT"},
}


@pytest.mark.parametrize("what", OTHER_PROOFS)
def test_an_altered_proof_of_an_entry_is_not_verified(
    filled: Typed, tmp_path: Path, what: str
) -> None:
    altered = OTHER_PROOFS[what](proof_of_entry_3(filled))
    (tmp_path / "proof").write_text(json.dumps(altered))

    result = filled("audit", "verify", tmp_path / "proof")

    assert result.exit_code == 1, result.output
    assert "proof does not hold" in result.stdout


@pytest.mark.parametrize("what", ["an event left out", "an event of another entry put in"])
def test_a_proof_of_other_than_all_rows_of_an_entry_is_not_verified(
    filled: Typed, tmp_path: Path, what: str
) -> None:
    filled.ok("audit", "checkpoint", "-o", tmp_path / "march")
    three, four = (
        json.loads(filled.ok("audit", "prove", "ACME", entry, "--checkpoint", tmp_path / "march"))
        for entry in (3, 4)
    )
    rows = three["rows"][-1:] if "left out" in what else [four["rows"][0], *three["rows"]]
    (tmp_path / "proof").write_text(json.dumps({**three, "rows": rows}))

    assert filled("audit", "verify", tmp_path / "proof").exit_code == 1


# --- receipts ------------------------------------------------------------------------------------

RECORDINGS = {
    "issuer register": "issuer register CORE --name Core --currency JPY --profile jp",
    "class authorize": "class authorize ACME common --authorized 4000 --on 2020-08-01",
    "acquisition acquire": (
        "acquisition acquire ACME odd-lots-9 --on 2020-05-01 --cause ODD_LOT --shares 9"
    ),
    "reverse": "reverse ACME odd-lots-1 1 --on 2020-06-20 --reason misprint",
}


def receipt_in(said: str) -> tuple[str, int, int, str]:
    """Issuer, entry, size and root of the one receipt in what a command said."""
    (found,) = [line for line in said.splitlines() if line.startswith("receipt: ")]
    words = found.replace(",", "").split()
    assert found == f"receipt: {words[1]} entry {words[3]}, size {words[5]}, root {words[7]}"
    return words[1], int(words[3]), int(words[5]), words[7]


@pytest.mark.parametrize("what", RECORDINGS)
def test_every_recording_ends_with_a_receipt_that_is_a_checkpoint(filled: Typed, what: str) -> None:
    words = RECORDINGS[what].split()

    issuer, entry, size, root = receipt_in(filled.ok(*words))

    assert (issuer, entry) == (("CORE", 1) if what == "issuer register" else ("ACME", 7))
    assert lines_of(filled.ok("audit", "checkpoint"))[1:3] == [str(size), root]
    assert size == 19


@pytest.mark.sqlite_file
def test_every_entry_of_an_import_has_a_receipt_of_its_own(filled: Typed, tmp_path: Path) -> None:
    lines = filled.ok("export")
    other = Typed(tmp_path / "other.db")
    other.ok("init")

    said = other.ok("import", "-", stdin=lines)

    receipts = [receipt_in(line) for line in said.splitlines() if line.startswith("receipt: ")]
    assert [(issuer, entry) for issuer, entry, _, _ in receipts] == [("ACME", 1), ("BOLT", 1)]
    with hand_on(other.path, hidden=True) as connection:
        commits = commits_of(connection)
    assert [(size, b64decode(root)) for _, _, size, root in receipts] == [
        (commit.size, commit.root) for commit in commits
    ]


def test_a_receipt_for_programs_has_the_same_size_and_root(filled: Typed) -> None:
    answer = filled.json(*RECORDINGS["class authorize"].split())

    assert lines_of(filled.ok("audit", "checkpoint"))[1:3] == [str(answer["size"]), answer["root"]]


def test_a_keyed_command_that_is_repeated_prints_the_receipt_it_printed(filled: Typed) -> None:
    words = [*RECORDINGS["acquisition acquire"].split(), "--key", "K"]
    first = receipt_in(filled.ok(*words))
    filled.ok(*RECORDINGS["class authorize"].split())

    again = receipt_in(filled.ok(*words))

    assert again == first
    assert filled.json(*words)["root"] == first[3]


def test_a_dry_run_has_no_receipt(filled: Typed, tmp_path: Path) -> None:
    (tmp_path / "lines").write_text(json.dumps(registered("CORE", "JPY")))

    typed = filled.ok(*RECORDINGS["class authorize"].split(), "--dry-run")
    imported = filled.ok("import", tmp_path / "lines", "--dry-run")
    answer = filled.json(*RECORDINGS["class authorize"].split(), "--dry-run")

    assert "receipt" not in typed + imported
    assert (answer["size"], answer["root"]) == (None, None)
    assert lines_of(filled.ok("audit", "checkpoint"))[1] == "17"


@pytest.mark.sqlite_file
def test_a_receipt_kept_elsewhere_shows_a_history_rewritten_after_it(filled: Typed) -> None:
    """A receipt is a checkpoint without a signature: its size and root are all that is needed."""
    _, _, size, root = receipt_in(filled.ok(*RECORDINGS["class authorize"].split()))
    filled.ok(*RECORDINGS["reverse"].split())

    with hand_on(filled.path, hidden=True) as connection:
        roots = {commit.size: b64encode(commit.root).decode() for commit in commits_of(connection)}

    assert roots[size] == root
