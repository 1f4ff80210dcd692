"""Checkpoints that others vouch for: signed elsewhere, cosigned by witnesses, several required."""

from __future__ import annotations

import json
import stat
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.errors import BadInput
from ledger.proof.checkpoint import Checkpoint
from ledger.proof.keys import KeyKind, Signer, Verifier
from ledger.proof.merkle import EMPTY_ROOT, Tree, leaf_hash
from ledger.proof.note import Note
from ledger.proof.trust import Trust
from ledger.proof.witness import WitnessState
from projections.audit.proofs import CONSISTENCY, hashes_text
from tests.attacker import hand_on
from tests.conftest import Typed

ORIGIN = "example.com/capital"
TIME = "2024-03-31T09:00:00.000000Z"
LEDGER = Signer.generate(ORIGIN)
WITNESS = Signer.generate("auditor.example.com/w1", KeyKind.COSIGNATURE)
OTHER = Signer.generate("bank.example.com/w2", KeyKind.COSIGNATURE)


def tree(size: int, fork_at: int | None = None) -> Tree:
    """A ledger's tree, without a ledger; a fork has other rows from one row on."""
    forked = size if fork_at is None else fork_at
    return Tree(leaf_hash(f"{row} {row >= forked}".encode()) for row in range(size))


def point(size: int, fork_at: int | None = None, origin: str = ORIGIN, **fields: Any) -> Checkpoint:
    about = {"time": TIME, "issuers": 0, "issuers_root": EMPTY_ROOT, **fields}
    return Checkpoint(origin, size, tree(size, fork_at).root(), **about)


def note_of(checkpoint: Checkpoint, *signers: Signer) -> Note:
    note = Note.parse(checkpoint.text)
    return note.plus(*(signer.signature(note.text) for signer in signers))


class Desk:
    """An auditor's desk: a folder with his key and his state, and no ledger."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.capital = Typed(folder / "no such ledger.db")
        self.state = folder / "auditor.state"
        for name, signer in (("capital", LEDGER), ("witness", WITNESS), ("other", OTHER)):
            (folder / f"{name}.key").write_text(signer.text)
            (folder / f"{name}.pub").write_text(signer.verifier.text)

    def file(self, name: str, text: str) -> Path:
        place = self.folder / name
        place.write_text(text, "utf-8")
        return place

    def received(self, name: str, checkpoint: Checkpoint, signer: Signer | None = LEDGER) -> Path:
        signers = [] if signer is None else [signer]
        return self.file(name, note_of(checkpoint, *signers).whole)

    def proof(self, old: int, new: int, fork_at: int | None = None) -> Path:
        data = {
            "proof": CONSISTENCY,
            "old": point(old, fork_at).text,
            "new": point(new, fork_at).text,
            "hashes": hashes_text(tree(new, fork_at).consistency(old)),
        }
        return self.file(f"{old}-{new}.proof", json.dumps(data))

    def words(self, checkpoint: Path, *more: object) -> tuple[object, ...]:
        return (
            *("audit", "witness", checkpoint, "--state", self.state),
            *("--key", self.folder / "witness.key", *more),
        )

    def cosigns(self, checkpoint: Path, *more: object) -> Note:
        return Note.parse(self.capital.ok(*self.words(checkpoint, *more)))

    def refuses(self, checkpoint: Path, *more: object, code: int = 1) -> str:
        before = self.state.read_bytes() if self.state.exists() else None
        result = self.capital(*self.words(checkpoint, *more))
        assert result.exit_code == code, result.output
        assert result.stdout == ""
        assert (self.state.read_bytes() if self.state.exists() else None) == before
        return result.stderr


@pytest.fixture
def new(tmp_path: Path) -> Desk:
    """A witness who has seen nothing yet."""
    return Desk(tmp_path)


@pytest.fixture
def desk(new: Desk) -> Desk:
    """A witness who has cosigned a checkpoint of 10 rows."""
    new.cosigns(new.received("march", point(10)), "--first", new.folder / "capital.pub")
    return new


# --- what a cosignature is -----------------------------------------------------------------------
# C2SP tlog-cosignature publishes an example without its key: what can be compared is its framing.

PUBLISHED = (
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWX"
    "EhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
)
PUBLISHED_TIME = 1679315147


def test_a_cosignature_is_framed_as_the_published_one() -> None:
    ours = WITNESS.cosignature(point(10).text, datetime.fromtimestamp(PUBLISHED_TIME, UTC))
    published = b64decode(PUBLISHED)

    assert len(ours.key_id + ours.signature) == len(published) == 4 + 8 + 64
    assert ours.signature[:8] == published[4:12]


def test_a_cosignature_verifies_by_the_specification_alone(desk: Desk) -> None:
    note = desk.cosigns(desk.folder / "march")

    line = note.whole.splitlines()[-1]
    mark, name, text = line.split(" ")
    data = b64decode(text)
    time = int.from_bytes(data[4:12], "big")
    body = note.whole.split("\n\n")[0] + "\n"
    message = f"cosignature/v1\ntime {time}\n{body}".encode()
    Ed25519PublicKey.from_public_bytes(WITNESS.verifier.public).verify(data[12:], message)
    assert (mark, name) == ("—", WITNESS.name)
    assert abs(time - datetime.now(UTC).timestamp()) < 60


def test_the_key_of_a_witness_is_of_its_own_type() -> None:
    name, key_id, key = WITNESS.verifier.text.split("+", 2)

    assert b64decode(key) == b"\x04" + WITNESS.verifier.public
    assert Verifier.parse(WITNESS.verifier.text) == WITNESS.verifier
    assert Signer.parse(WITNESS.text) == WITNESS
    assert (name, key_id) == (WITNESS.name, WITNESS.verifier.key_id.hex())


def test_a_cosignature_of_another_time_or_text_does_not_hold() -> None:
    note = Note.parse(point(10).text)
    cosigned = note.plus(WITNESS.cosignature(note.text, datetime.now(UTC)))
    (line,) = cosigned.signatures
    later = (int.from_bytes(line.signature[:8]) + 1).to_bytes(8)
    never = (2**63).to_bytes(8)

    assert WITNESS.verifier.verifies(cosigned)
    for time in (later, never):
        forged = type(line)(line.name, line.key_id, time + line.signature[8:])
        assert not WITNESS.verifier.verifies(note.plus(forged))
    assert not WITNESS.verifier.verifies(Note.parse(point(11).text).plus(line))
    short = type(line)(line.name, line.key_id, b"\0")
    assert not WITNESS.verifier.verifies(note.plus(short))


def test_a_key_that_signs_does_not_cosign_and_the_other_way_round(new: Desk) -> None:
    march = new.received("march", point(10))
    keys = new.folder / "capital.key", new.folder / "witness.key"

    said = new.capital.refused(
        *("audit", "witness", march, "--state", new.state, "--key", keys[0]),
        *("--first", new.folder / "capital.pub"),
        code=2,
    )
    assert "is not that of a witness" in said
    assert not new.state.exists()
    assert "that of a witness: it does not sign" in new.capital.refused(
        "audit", "sign", march, "--key", keys[1], code=2
    )


def test_keygen_makes_the_key_of_a_witness(new: Desk) -> None:
    public = new.capital.ok(
        *("audit", "keygen", "auditor.example.com", "--witness", "-o", new.folder / "w.key")
    ).splitlines()[-1]

    signer = Signer.parse((new.folder / "w.key").read_text())
    assert signer.kind is KeyKind.COSIGNATURE
    assert signer.verifier.text == public


# --- what a witness cosigns ----------------------------------------------------------------------


def test_the_first_checkpoint_is_cosigned_beneath_the_signature_it_has(new: Desk) -> None:
    march = new.received("march", point(10))

    note = new.cosigns(march, "--first", LEDGER.verifier.text)

    assert note.whole.startswith(march.read_text("utf-8"))
    assert WITNESS.verifier.verifies(note)
    assert LEDGER.verifier.verifies(note)
    assert stat.S_IMODE(new.state.stat().st_mode) == 0o600


def test_a_checkpoint_that_is_proven_to_extend_the_last_is_cosigned(desk: Desk) -> None:
    april = desk.received("april", point(17))

    desk.cosigns(april, "--proof", desk.proof(10, 17))
    note = desk.cosigns(desk.received("may", point(40)), "--proof", desk.proof(17, 40))

    assert WITNESS.verifier.verifies(note)


def test_the_same_checkpoint_is_cosigned_again_where_its_first_cosignature_was_lost(
    desk: Desk,
) -> None:
    assert WITNESS.verifier.verifies(desk.cosigns(desk.folder / "march"))


def test_a_ledger_that_grew_from_nothing_needs_no_proof(new: Desk) -> None:
    new.cosigns(new.received("empty", point(0)), "--first", LEDGER.verifier.text)

    new.cosigns(new.received("march", point(10)))


def test_a_witness_remembers_every_ledger_by_its_origin(desk: Desk) -> None:
    other = desk.received("bolt", point(3, origin="bolt.example.com"))

    assert "has not seen a checkpoint of bolt.example.com" in desk.refuses(other)
    desk.cosigns(other, "--first", LEDGER.verifier.text)
    desk.cosigns(desk.received("april", point(12)), "--proof", desk.proof(10, 12))

    state = WitnessState.parse(desk.state.read_text("utf-8"))
    assert {origin: seen.note.checkpoint.size for origin, seen in state.ledgers.items()} == {
        ORIGIN: 12,
        "bolt.example.com": 3,
    }


def test_the_cosigned_checkpoint_is_written_into_a_new_file_alone(desk: Desk) -> None:
    out = desk.folder / "out"
    desk.capital.ok(*desk.words(desk.folder / "march", "-o", out))
    assert WITNESS.verifier.verifies(Note.parse(out.read_text("utf-8")))

    april = desk.received("april", point(17))
    said = desk.refuses(april, "--proof", desk.proof(10, 17), "-o", out, code=2)

    assert "already exists" in said


# --- what a witness refuses ----------------------------------------------------------------------


def test_a_ledger_that_was_never_seen_is_not_cosigned_without_its_key(new: Desk) -> None:
    new.cosigns(
        new.received("bolt", point(3, origin="bolt.example.com")), "--first", LEDGER.verifier.text
    )

    assert "--first KEY" in new.refuses(new.received("march", point(10)))


def test_a_state_that_is_not_there_is_not_begun_unasked(new: Desk) -> None:
    said = new.refuses(new.received("march", point(10)), code=2)

    assert str(new.state) in said
    assert not new.state.exists()


def test_a_ledger_that_was_seen_does_not_begin_anew(desk: Desk) -> None:
    fork = desk.received("fork", point(12, fork_at=0))

    said = desk.refuses(fork, "--first", LEDGER.verifier.text)

    assert "is not the first checkpoint" in said


def test_a_replayed_older_checkpoint_is_refused(desk: Desk) -> None:
    said = desk.refuses(desk.received("february", point(9)), "--proof", desk.proof(9, 10))

    assert "is an older checkpoint: it covers 9 rows" in said


def test_a_fork_of_the_same_size_is_refused_and_told_as_evidence(desk: Desk) -> None:
    said = desk.refuses(desk.received("fork", point(10, fork_at=9)))

    assert "contradicts the checkpoint that this witness cosigned" in said
    assert "keep both checkpoints" in said


def test_the_same_rows_with_other_last_entries_are_refused(desk: Desk) -> None:
    other = point(10, issuers=1, issuers_root=leaf_hash(b"other"))

    assert "contradicts" in desk.refuses(desk.received("other", other))


@pytest.mark.parametrize("fork_at", [0, 5, 9])
def test_a_longer_fork_is_refused_with_its_own_proof(desk: Desk, fork_at: int) -> None:
    fork = desk.received("fork", point(17, fork_at))

    said = desk.refuses(fork, "--proof", desk.proof(10, 17, fork_at))

    assert "is not proven to extend the 10 rows" in said


def test_a_longer_checkpoint_without_a_proof_is_refused(desk: Desk) -> None:
    said = desk.refuses(desk.received("april", point(17)))

    assert "capital audit consistency" in said


@pytest.mark.parametrize(("old", "new_size"), [(9, 17), (10, 18), (1, 2), (10, 10)])
def test_a_proof_between_other_sizes_is_refused(desk: Desk, old: int, new_size: int) -> None:
    april = desk.received("april", point(17))

    assert "not proven" in desk.refuses(april, "--proof", desk.proof(old, new_size))


OTHER_KEYS: dict[str, Callable[[], Signer | None]] = {
    "nobody": lambda: None,
    "another key of the same name": lambda: Signer.generate(ORIGIN),
    "somebody else": lambda: Signer.generate("somebody.example.com"),
}


@pytest.mark.parametrize("who", OTHER_KEYS)
def test_what_the_key_of_the_ledger_did_not_sign_is_refused(desk: Desk, who: str) -> None:
    april = desk.received("april", point(17), OTHER_KEYS[who]())

    assert f"no valid signature of {ORIGIN}" in desk.refuses(april, "--proof", desk.proof(10, 17))


def test_a_first_checkpoint_that_its_key_did_not_sign_is_refused(new: Desk) -> None:
    march = new.received("march", point(10), None)

    assert "no valid signature" in new.refuses(march, "--first", LEDGER.verifier.text)
    assert not new.state.exists()


DAMAGED: dict[str, Callable[[str], str]] = {
    "empty": lambda _: "",
    "a word": lambda _: "state",
    "cut off": lambda text: text[: len(text) // 2],
    "another file": lambda _: '{"proof": "capital consistency proof"}',
    "a list": lambda _: "[]",
    "no ledgers": lambda _: '{"state": "capital witness state"}',
    "ledgers that are a word": lambda _: '{"state": "capital witness state", "ledgers": "x"}',
    "a ledger that is a number": lambda _: '{"state": "capital witness state", "ledgers": [5]}',
    "fewer rows": lambda text: text.replace("\\n10\\n", "\\n9\\n"),
    "another origin": lambda text: text.replace(f'"origin": "{ORIGIN}"', '"origin": "a"'),
    "another key": lambda text: text.replace(
        LEDGER.verifier.text, Signer.generate(ORIGIN).verifier.text
    ),
    "a key that is none": lambda text: text.replace(LEDGER.verifier.text, "key"),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_state_is_refused_and_never_begun_anew(desk: Desk, what: str) -> None:
    before = desk.state.read_text("utf-8")
    damaged = DAMAGED[what](before)
    assert damaged != before
    desk.state.write_text(damaged, "utf-8")

    for more in ((), ("--first", LEDGER.verifier.text)):
        said = desk.refuses(desk.folder / "march", *more, code=2)
        assert f"{desk.state}: not the state of a witness, or damaged" in said


@pytest.mark.parametrize("text", ["", "x", "[]", '{"proof": "capital inclusion proof"}'])
def test_what_is_no_proof_of_extension_is_refused_with_its_name(desk: Desk, text: str) -> None:
    april, proof = desk.received("april", point(17)), desk.file("proof", text)

    assert str(proof) in desk.refuses(april, "--proof", proof, code=2)


@pytest.mark.parametrize("text", ["", "x", "\n"])
def test_what_is_no_checkpoint_is_not_cosigned(desk: Desk, text: str) -> None:
    assert "not a checkpoint" in desk.refuses(desk.file("april", text), code=2)


def test_a_state_that_cannot_be_written_is_not_cosigned_with(new: Desk) -> None:
    march = new.received("march", point(10))
    new.state = new.folder / "no folder" / "state"

    assert "no folder" in new.refuses(march, "--first", LEDGER.verifier.text, code=2)


def test_a_state_behind_a_link_is_replaced_behind_it(desk: Desk) -> None:
    behind = desk.state.rename(desk.folder / "state of 2024")
    desk.state.symlink_to(behind)

    desk.cosigns(desk.received("april", point(17)), "--proof", desk.proof(10, 17))

    assert desk.state.is_symlink()
    state = WitnessState.parse(behind.read_text("utf-8"))
    assert state.ledgers[ORIGIN].note.checkpoint.size == 17


def _raced(folder: Path, name: str, fork_at: int | None, ready: Any, told: Any) -> None:
    desk = Desk(folder)
    words = desk.words(folder / name, "--proof", folder / f"{name}.proof")
    ready.wait()
    told.put((name, desk.capital(*words).exit_code))


def test_of_two_forks_at_one_moment_one_alone_is_cosigned(desk: Desk) -> None:
    forks = {"one": 11, "two": 12, "three": 13, "four": 14}
    for name, fork_at in forks.items():
        desk.received(name, point(20, fork_at))
        desk.proof(10, 20, fork_at).rename(desk.folder / f"{name}.proof")
    context = get_context("fork")
    ready, told = context.Barrier(len(forks)), context.Queue()
    started = [
        context.Process(target=_raced, args=(desk.folder, name, at, ready, told))
        for name, at in forks.items()
    ]
    for process in started:
        process.start()
    ended = dict(told.get(timeout=60) for _ in started)
    for process in started:
        process.join()

    assert sorted(ended.values()) == [0, 1, 1, 1]
    (winner,) = [name for name, code in ended.items() if code == 0]
    seen = WitnessState.parse(desk.state.read_text("utf-8")).ledgers[ORIGIN]
    assert seen.note.checkpoint == point(20, forks[winner])
    assert [file.name for file in desk.folder.glob(".*")] == []


# --- signing without a ledger --------------------------------------------------------------------


def test_a_checkpoint_is_signed_where_there_is_no_ledger(new: Desk) -> None:
    april = new.received("april", point(17), None)

    note = Note.parse(new.capital.ok("audit", "sign", april, "--key", new.folder / "capital.key"))

    assert note.whole == LEDGER.signed(april.read_text("utf-8"))


def test_signatures_of_others_are_kept_when_one_is_added(new: Desk) -> None:
    unknown = "— unknown.example.com/key AAAAAAAAAAAA\n"
    april = new.file("april", LEDGER.signed(point(17).text) + unknown)
    second = Signer.generate("cfo.example.com")
    new.file("cfo.key", second.text)

    text = new.capital.ok("audit", "sign", april, "--key", new.folder / "cfo.key")

    assert text.startswith(april.read_text("utf-8"))
    assert second.verifier.verifies(Note.parse(text))
    assert LEDGER.verifier.verifies(Note.parse(text))


def test_one_key_does_not_sign_one_checkpoint_twice(new: Desk) -> None:
    april = new.received("april", point(17))

    said = new.capital.refused("audit", "sign", april, "--key", new.folder / "capital.key")

    assert f"already has a signature of {ORIGIN}" in said


@pytest.mark.parametrize("text", ["", "x", "a\n1\nb\n"])
def test_what_is_no_checkpoint_is_not_signed(new: Desk, text: str) -> None:
    said = new.capital.refused(
        "audit", "sign", new.file("april", text), "--key", new.folder / "capital.key", code=2
    )

    assert "not a checkpoint" in said


# --- how many must have signed -------------------------------------------------------------------


@pytest.fixture
def kept(new: Desk) -> Desk:
    """A desk with a ledger, its checkpoint `march`, and `march.cosigned` of one witness."""
    capital = new.capital = Typed(new.folder / "capital.db")
    capital.ok("init")
    registered(capital, "ACME")
    capital.ok(
        "audit", "checkpoint", "--sign", new.folder / "capital.key", "-o", new.folder / "march"
    )
    out = new.folder / "march.cosigned"
    capital.ok(*new.words(new.folder / "march", "--first", LEDGER.verifier.text, "-o", out))
    return new


def registered(capital: Typed, code: str) -> None:
    capital.ok(
        *("issuer", "register", code, "--name", code, "--currency", "JPY"), "--profile", "jp"
    )


def verified(desk: Desk, *more: object, code: int = 0, file: str = "march.cosigned") -> str:
    result = desk.capital("audit", "verify", "--checkpoint", desk.folder / file, *more)
    assert result.exit_code == code, result.output
    return result.stdout


def keys(*signers: Signer) -> list[str]:
    return [word for signer in signers for word in ("--key", signer.verifier.text)]


def test_as_many_different_keys_as_required_are_counted_and_told(kept: Desk) -> None:
    said = verified(kept, *keys(LEDGER, WITNESS, OTHER), "--require", 2)

    assert f"signed by {ORIGIN}, {WITNESS.name} (cosigned at 20" in said
    assert f"not counted: {OTHER.name} (no signature)" in said


def test_a_key_too_few_is_a_finding_that_says_which_counted(kept: Desk) -> None:
    said = verified(kept, *keys(LEDGER, WITNESS, OTHER), "--require", 3, code=1)

    assert "signature does not hold: " in said
    assert f"2 of 3 required keys signed it: {ORIGIN}, {WITNESS.name} (cosigned at" in said
    assert f"not counted: {OTHER.name} (no signature)" in said


def test_without_a_number_every_key_must_have_signed(kept: Desk) -> None:
    verified(kept, *keys(LEDGER, WITNESS))

    assert f"no valid signature of {OTHER.name}" in verified(
        kept, *keys(LEDGER, WITNESS, OTHER), code=1
    )


def test_a_key_that_is_given_twice_counts_once(kept: Desk) -> None:
    result = kept.capital(
        *("audit", "verify", "--checkpoint", kept.folder / "march"),
        *(*keys(LEDGER, LEDGER), "--require", 2),
    )

    assert result.exit_code == 2
    assert "1 key is given" in result.stderr


def test_one_key_under_two_names_and_of_two_types_counts_once(kept: Desk) -> None:
    twin = Signer(f"{ORIGIN}/twin", LEDGER.seed)
    both = Signer(ORIGIN, LEDGER.seed, KeyKind.COSIGNATURE)
    note = Note.parse((kept.folder / "march").read_text("utf-8"))
    note = note.plus(twin.signature(note.text), both.cosignature(note.text, datetime.now(UTC)))
    kept.file("tripled", note.whole)

    said = verified(
        kept, *keys(LEDGER, twin, both, WITNESS), "--require", 2, file="tripled", code=1
    )

    assert "1 of 2 required keys signed it" in said
    assert said.count(f"the same key as {ORIGIN}, which counts once") == 2


def test_one_witness_who_cosigned_twice_counts_once(kept: Desk) -> None:
    twice = kept.cosigns(kept.folder / "march.cosigned")
    later = WITNESS.cosignature(twice.text, datetime(2030, 1, 1, tzinfo=UTC))
    kept.file("twice", twice.plus(later).whole)

    said = verified(kept, *keys(WITNESS, OTHER), "--require", 1, file="twice")
    verified(kept, *keys(WITNESS, OTHER), "--require", 2, file="twice", code=1)

    assert "cosigned at 2030-01-01T00:00:00Z" in said


def test_signatures_of_unknown_keys_are_ignored_and_told(kept: Desk) -> None:
    said = verified(kept, *keys(LEDGER))

    assert f"not counted: {WITNESS.name} (its key was not given)" in said


def test_a_forged_line_of_a_given_key_is_a_finding_however_many_others_signed(kept: Desk) -> None:
    note = Note.parse((kept.folder / "march.cosigned").read_text("utf-8"))
    line = OTHER.cosignature(point(3).text, datetime.now(UTC))
    kept.file("forged", note.plus(line).whole)

    said = verified(kept, *keys(LEDGER, WITNESS, OTHER), "--require", 2, file="forged", code=1)

    assert f"no valid signature of {OTHER.name}" in said
    verified(kept, *keys(LEDGER, WITNESS), "--require", 2, file="forged")


def test_a_cosignature_is_not_taken_for_a_signature_of_the_same_key(kept: Desk) -> None:
    signing = Signer(WITNESS.name, WITNESS.seed)

    verified(kept, *keys(signing), code=1)


@pytest.mark.parametrize("number", [0, 3, 10**9])
def test_a_number_that_no_given_keys_can_reach_is_bad_usage(kept: Desk, number: int) -> None:
    said = kept.capital.refused(
        *("audit", "verify", "--checkpoint", kept.folder / "march"),
        *(*keys(LEDGER, WITNESS), "--require", number),
        code=2,
    )

    assert f"--require {number}: 2 different keys are given" in said


@pytest.mark.parametrize("words", [("--require", 1), ("--require", 1, *keys(LEDGER))])
def test_a_number_without_keys_or_without_a_checkpoint_is_bad_usage(
    kept: Desk, words: tuple[object, ...]
) -> None:
    point = () if "--key" in words else ("--checkpoint", kept.folder / "march")

    kept.capital.refused("audit", "verify", *point, *words, code=2)


def test_programs_read_which_keys_counted_and_why_others_did_not(kept: Desk) -> None:
    words = ("--checkpoint", kept.folder / "march.cosigned", *keys(LEDGER, OTHER), "--require", 1)

    (held,) = kept.capital.json("audit", "verify", *words)["checkpoints"]

    assert [(each["name"], each["counted"], each["what"]) for each in held["signatures"]] == [
        (ORIGIN, True, "signed"),
        (OTHER.name, False, "no signature"),
        (WITNESS.name, False, "its key was not given"),
    ]
    assert held["signed_by"] == ORIGIN


def test_a_bundle_and_a_proof_take_the_same_keys(kept: Desk) -> None:
    folder, march = kept.folder, kept.folder / "march.cosigned"
    kept.capital.ok("audit", "bundle", "ACME", "--checkpoint", march, "-o", folder / "acme.zip")
    kept.capital.ok("audit", "prove", "ACME", 1, "--checkpoint", march, "-o", folder / "proof")

    for file in ("acme.zip", "proof"):
        kept.capital.ok("audit", "verify", folder / file, *keys(LEDGER, WITNESS), "--require", 2)
        kept.capital.refused("audit", "verify", folder / file, *keys(LEDGER, OTHER))


def test_a_bundle_is_vouched_for_by_a_later_cosignature_of_its_checkpoint(kept: Desk) -> None:
    folder = kept.folder
    kept.capital.ok(
        *("audit", "bundle", "ACME", "--checkpoint", folder / "march", "-o", folder / "acme.zip")
    )
    words = ("audit", "verify", folder / "acme.zip", *keys(LEDGER, WITNESS), "--require", 2)

    kept.capital.refused(*words)
    said = kept.capital.ok(*words, "--checkpoint", folder / "march.cosigned")

    assert f"its checkpoint: signed by {ORIGIN}, {WITNESS.name}" in said


def test_keys_are_told_apart_by_what_they_are_not_by_their_names() -> None:
    same = Verifier("other.example.com", LEDGER.verifier.public)

    assert Trust.of([LEDGER.verifier, same], None).required == 1
    with pytest.raises(BadInput):
        Trust.of([LEDGER.verifier, same], 2)


# --- a checkpoint that extends the last ----------------------------------------------------------


def test_a_ledger_that_extends_the_last_checkpoint_gets_the_next_under_its_origin(
    kept: Desk,
) -> None:
    registered(kept.capital, "BOLT")

    text = kept.capital.ok("audit", "checkpoint", "--extends", kept.folder / "march.cosigned")

    assert text.split("\n")[:2] == [ORIGIN, "4"]
    again = kept.file("april", text)
    assert kept.capital.ok("audit", "checkpoint", "--extends", again).split("\n")[1] == "4"


def test_every_ledger_extends_a_checkpoint_of_no_rows(kept: Desk) -> None:
    kept.file("empty", point(0).text)

    kept.capital.ok("audit", "checkpoint", "--extends", kept.folder / "empty")


@pytest.mark.parametrize(
    ("name", "changed", "reason"),
    [
        (
            "a ledger cut off",
            {"size": 99},
            "tail cut: it was made over 99 rows, but the ledger has 2",
        ),
        ("a forked ledger", {"root": leaf_hash(b"other")}, "history rewritten: the root over"),
        ("other entries", {"issuers": 7}, "entries of issuers rewritten"),
    ],
)
def test_a_ledger_that_does_not_extend_the_last_checkpoint_is_refused_by_name(
    kept: Desk, name: str, changed: dict[str, Any], reason: str
) -> None:
    note = Note.parse((kept.folder / "march").read_text("utf-8"))
    fields = {field: getattr(note.checkpoint, field) for field in Checkpoint.__slots__}
    kept.file("old", Checkpoint(**{**fields, **changed}).text)
    out = kept.folder / "april"

    said = kept.capital.refused("audit", "checkpoint", "--extends", kept.folder / "old", "-o", out)

    assert f"does not extend {kept.folder / 'old'}: {reason}" in said, name
    assert not out.exists()


def test_the_checkpoint_of_another_ledger_is_not_extended(kept: Desk) -> None:
    said = kept.capital.refused(
        *("audit", "checkpoint", "--extends", kept.folder / "march", "--origin", "bolt.example.com")
    )

    assert f"is a checkpoint of {ORIGIN}, not of bolt.example.com" in said


@pytest.mark.parametrize("text", ["", "x"])
def test_what_is_no_checkpoint_is_not_extended(kept: Desk, text: str) -> None:
    old = kept.file("old", text)

    assert str(old) in kept.capital.refused("audit", "checkpoint", "--extends", old, code=2)


# --- what is printed, signed or handed on stands on rows that were verified ----------------------


@pytest.fixture
def altered(kept: Desk) -> Desk:
    """A ledger in which one name was changed, and neither its commit nor its triggers."""
    registered(kept.capital, "BOLT")
    with hand_on(kept.capital.path, hidden=True) as connection:
        connection.execute(
            "UPDATE stored_events SET state = replace(state, 'BOLT', 'COLT') WHERE rowid = 3"
        )
    return kept


@pytest.mark.parametrize(
    "words",
    [
        ("audit", "checkpoint"),
        ("audit", "checkpoint", "--sign", "capital.key", "-o", "out"),
        ("audit", "checkpoint", "--extends", "march"),
        ("audit", "bundle", "BOLT", "-o", "out"),
        ("audit", "bundle", "ACME", "--sign", "capital.key", "-o", "out"),
        ("report", "page", "BOLT", "-o", "out"),
        ("report", "page", "ACME", "-o", "out"),
    ],
    ids=" ".join,
)
def test_an_altered_row_is_named_before_a_root_is_printed_or_signed(
    altered: Desk, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(altered.folder)

    said = altered.capital.refused(*words)

    assert "row altered: BOLT entry 1: row 3 was changed after it was recorded" in said
    assert not (altered.folder / "out").exists()


def test_a_bundle_for_an_old_checkpoint_is_refused_where_its_own_rows_were_altered(
    altered: Desk,
) -> None:
    with hand_on(altered.capital.path, hidden=True) as connection:
        connection.execute(
            "UPDATE stored_events SET state = replace(state, 'ACME', 'ACNE') WHERE rowid = 1"
        )

    said = altered.capital.refused(
        *("audit", "bundle", "ACME", "--checkpoint", altered.folder / "march"),
        *("-o", altered.folder / "out"),
    )

    assert "row altered: ACME entry 1: row 1 is not what was recorded at" in said


def test_one_issuer_can_be_bundled_for_an_old_checkpoint_though_another_was_altered(
    altered: Desk,
) -> None:
    altered.capital.ok(
        *("audit", "bundle", "ACME", "--checkpoint", altered.folder / "march"),
        *("-o", altered.folder / "out"),
    )


# --- a question that is verified before it is answered -------------------------------------------

OPENED = ("class", "open", "BOLT", "common", "--on", "2020-03-31", "--issued", 1000)


@pytest.fixture
def asked(kept: Desk) -> Typed:
    """A ledger of two issuers; of BOLT, 1,000 shares are issued, by rows 5 and 6."""
    registered(kept.capital, "BOLT")
    kept.capital.ok(*OPENED, "--treasury", 0)
    return kept.capital


def changed(capital: Typed, statement: str) -> None:
    with hand_on(capital.path, hidden=True) as connection:
        connection.execute(statement)


SHARES = ("shares", "BOLT", "--on", "2020-04-01", "--format", "csv")
ALTERED = "UPDATE stored_events SET state = replace(state, '1000', '9000') WHERE rowid = 5"
TAMPERED = {
    ALTERED: "row altered: BOLT entry 2: row 5 is not what was recorded",
    "UPDATE index_facts SET issued = 9000 WHERE issued = 1000": "answer differs from the history",
    "DELETE FROM stored_events WHERE rowid = 5": "row missing: BOLT entry 2: row 5",
    "DELETE FROM commits WHERE first_row = 5": "row without a commit: BOLT entry 2: row 6",
    "UPDATE commits SET leaves = zeroblob(64) WHERE first_row = 1": "commit altered: the leaves",
}


def test_a_question_about_sound_rows_is_answered_as_without_verifying(asked: Typed) -> None:
    for words in (SHARES, ("shares", "--all", "--on", "2020-04-01"), ("actions", "BOLT")):
        assert asked.ok("--verify", *words) == asked.ok(*words)


@pytest.mark.parametrize("statement", TAMPERED)
def test_a_question_about_altered_rows_is_refused_with_their_place(
    asked: Typed, statement: str
) -> None:
    changed(asked, statement)

    result = asked("--verify", *SHARES)

    assert result.exit_code == 1, result.output
    assert TAMPERED[statement] in result.stderr
    assert result.stdout == ""


def test_a_question_about_one_issuer_is_answered_though_another_was_altered(
    asked: Typed,
) -> None:
    changed(asked, ALTERED)

    asked.ok("--verify", "actions", "ACME")
    asked.refused("--verify", "shares", "--all", "--on", "2020-04-01")


def test_without_verifying_a_question_does_not_look_at_the_rows(asked: Typed) -> None:
    """What docs/audit.md says of ordinary questions."""
    before = asked.ok(*SHARES)
    changed(asked, ALTERED)

    assert asked.ok(*SHARES) == before


def test_an_issuer_that_is_not_there_is_told_as_without_verifying(asked: Typed) -> None:
    words = ("shares", "NONE", "--on", "2020-04-01")

    assert asked.refused("--verify", *words) == asked.refused(*words)
