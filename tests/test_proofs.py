"""Proofs of entries and of extension, verified as RFC 9162 says: not by ledger/proof/merkle.py."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.store.ledger import Ledger
from tests.conftest import Typed
from tests.stores import at
from tests.strategies import Told, histories
from tests.test_bundle import House, house, leaf_hash, leaf_text, recorded

pytestmark = pytest.mark.usefixtures("store")

__all__ = ["house"]  # the ledger of three issuers

Proof = dict[str, Any]


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def included(leaf: bytes, leaf_index: int, tree_size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, section 2.1.3.2, step by step."""
    if leaf_index >= tree_size:
        return False
    fn, sn, r = leaf_index, tree_size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def extends(first: int, one: bytes, second: int, other: bytes, path: list[bytes]) -> bool:
    """RFC 9162, section 2.1.4.2, step by step; no proof is due from nothing or to the same size."""
    if first in (0, second):
        return not path and (first == 0 or one == other)
    if not path or first > second:
        return False
    if first & (first - 1) == 0:
        path = [one, *path]
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return (fr, sr, sn) == (one, other, 0)


def hashes(texts: list[str]) -> list[bytes]:
    return [base64.b64decode(text, validate=True) for text in texts]


def said_by(checkpoint: str) -> tuple[int, bytes]:
    """The size and the root of a checkpoint."""
    _, size, root = checkpoint.split("\n")[:3]
    return int(size), base64.b64decode(root)


def proven(proof: Proof) -> bool:
    """Whether every row of an inclusion proof is in the ledger of its checkpoint."""
    size, root = said_by(proof["checkpoint"])
    return all(
        included(leaf_hash(leaf_text(row)), row["index"], size, hashes(row["path"]), root)
        for row in proof["rows"]
    )


def proven_extension(proof: Proof) -> bool:
    return extends(*said_by(proof["old"]), *said_by(proof["new"]), hashes(proof["hashes"]))


# --- what is proven ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issuer", "entry", "kept"),
    [("IIJ", 1, "march"), ("ACME", 1, "march"), ("ACME", 5, "april"), ("ZEPHYR", 2, "april")],
)
def test_an_entry_is_proven_to_be_in_the_ledger(
    house: House, issuer: str, entry: int, kept: str
) -> None:
    checkpoint = ("--checkpoint", house.folder / kept)

    proof = json.loads(house.capital.ok("audit", "prove", issuer, entry, *checkpoint))

    assert proven(proof)
    assert proof["checkpoint"] == (house.folder / kept).read_text("utf-8")
    *events, last = [json.loads(row["state"]) for row in proof["rows"]]
    assert (last["issuer"], last["number"]) == (issuer, entry)
    named = [
        (part["action"], version)
        for part in last["events"]
        for version in range(part["first"], part["last"] + 1)
    ]
    assert [(event["action"], event["version"]) for event in events] == named


def test_an_entry_after_the_checkpoint_is_not_proven_by_it(house: House) -> None:
    refused = house.capital("audit", "prove", "ACME", 5, "--checkpoint", house.folder / "march")

    assert refused.exit_code in (1, 2)
    assert isinstance(refused.exception, SystemExit)


def test_a_later_checkpoint_is_proven_to_extend_an_earlier_one(house: House) -> None:
    march, april = house.folder / "march", house.folder / "april"

    proof = json.loads(house.capital.ok("audit", "consistency", march, april))

    assert proven_extension(proof)
    assert proof["hashes"]
    assert (proof["old"], proof["new"]) == (march.read_text("utf-8"), april.read_text("utf-8"))


def test_an_earlier_checkpoint_does_not_extend_a_later_one(house: House) -> None:
    march, april = house.folder / "march", house.folder / "april"

    refused = house.capital("audit", "consistency", april, march)

    assert refused.exit_code in (1, 2)
    assert isinstance(refused.exception, SystemExit)


@given(st.lists(histories(most_actions=2), min_size=1, max_size=2), st.data())
def test_every_entry_of_any_history_is_proven_and_every_checkpoint_extended(
    tmp_path_factory: pytest.TempPathFactory, tellings: list[Told], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("any")
    capital = Typed(folder / "capital.db")
    old, new = folder / "old", folder / "new"
    codes = ["ACME", "ZEPHYR"][: len(tellings)]
    pairs = list(zip(codes, tellings, strict=True))
    with Ledger.create(at(capital.path)) as ledger:
        last = recorded(ledger, pairs[:1])
        capital.ok("audit", "checkpoint", "-o", old)
        if pairs[1:]:
            last |= recorded(ledger, pairs[1:])
    capital.ok("audit", "checkpoint", "-o", new)
    issuer = data.draw(st.sampled_from(codes))
    entry = data.draw(st.integers(1, last[issuer]))

    included_entry = json.loads(capital.ok("audit", "prove", issuer, entry, "--checkpoint", new))
    extension = json.loads(capital.ok("audit", "consistency", old, new))

    assert proven(included_entry)
    assert json.loads(included_entry["rows"][-1]["state"])["number"] == entry
    assert proven_extension(extension)


# --- what is refused -----------------------------------------------------------------------------


def refused(house: House, proof: Any) -> None:
    """`capital audit verify` refuses the proof, without a traceback."""
    file = house.folder / "altered.proof"
    file.write_text(json.dumps(proof), "utf-8")
    told = house.capital("audit", "verify", file, "--key", house.key)
    assert isinstance(told.exception, SystemExit), told.exc_info
    assert told.exit_code in (1, 2), told.output


def another(text: str) -> str:
    """Another hash than this one."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def row_changed(**fields: Any) -> Callable[[Proof], None]:
    return lambda proof: proof["rows"][0].update(fields)


INCLUSION: dict[str, Callable[[Proof], Any]] = {
    "another figure": lambda proof: proof["rows"][0].update(
        state=proof["rows"][0]["state"].replace('"max_shares":90', '"max_shares":91')
    ),
    "another salt": row_changed(salt="00" * 16),
    "another time": row_changed(recorded_at="2019-01-01T00:00:00.000000Z"),
    "another index": lambda proof: proof["rows"][0].update(index=proof["rows"][0]["index"] + 1),
    "an index beyond the ledger": row_changed(index=10**9),
    "an index below zero": row_changed(index=-1),
    "an index that is text": row_changed(index="1"),
    "a version that is text": row_changed(version="1"),
    "a salt that is no number": row_changed(salt="?"),
    "a path that is no list": row_changed(path=1),
    "a hash that is no text": row_changed(path=[1]),
    "a state that is no text": row_changed(state={}),
    "a state that is no JSON": row_changed(state="{"),
    "another hash": lambda proof: proof["rows"][0]["path"].append(
        another(proof["rows"][0]["path"].pop())
    ),
    "a hash too many": lambda proof: proof["rows"][0]["path"].append(another("")),
    "a hash too few": lambda proof: proof["rows"][0]["path"].pop(),
    "rows exchanged": lambda proof: proof["rows"].reverse(),
    "a row dropped": lambda proof: proof["rows"].pop(0),
    "the entry dropped": lambda proof: proof["rows"].pop(),
    "no rows": lambda proof: proof["rows"].clear(),
    "another entry": lambda proof: proof.update(entry=1),
    "another issuer": lambda proof: proof.update(issuer="ZEPHYR"),
    "an issuer that is a list": lambda proof: proof.update(issuer=["ACME"]),
    "no signature": lambda proof: proof.update(
        checkpoint=proof["checkpoint"].split("\n\n")[0] + "\n"
    ),
    "another size": lambda proof: proof.update(checkpoint=with_line(proof["checkpoint"], 1, "7")),
    "another root": lambda proof: proof.update(
        checkpoint=with_line(proof["checkpoint"], 2, another(""))
    ),
    "no checkpoint": lambda proof: proof.pop("checkpoint"),
    "a checkpoint that is a number": lambda proof: proof.update(checkpoint=1),
    "another kind": lambda proof: proof.update(proof="capital consistency proof"),
    "no kind": lambda proof: proof.pop("proof"),
}

CONSISTENCY: dict[str, Callable[[Proof], Any]] = {
    "another hash": lambda proof: proof["hashes"].append(another(proof["hashes"].pop())),
    "a hash too many": lambda proof: proof["hashes"].append(another("")),
    "a hash too few": lambda proof: proof["hashes"].pop(),
    "hashes exchanged": lambda proof: proof["hashes"].reverse(),
    "no hashes": lambda proof: proof["hashes"].clear(),
    "hashes that are no list": lambda proof: proof.update(hashes=1),
    "a hash that is no text": lambda proof: proof.update(hashes=[1]),
    "old and new exchanged": lambda proof: proof.update(old=proof["new"], new=proof["old"]),
    "another old root": lambda proof: proof.update(old=with_line(proof["old"], 2, another(""))),
    "another old size": lambda proof: proof.update(old=with_line(proof["old"], 1, "3")),
    "another new root": lambda proof: proof.update(new=with_line(proof["new"], 2, another(""))),
    "no old checkpoint": lambda proof: proof.pop("old"),
    "an unsigned old one": lambda proof: proof.update(old=proof["old"].split("\n\n")[0] + "\n"),
    "an unsigned new one": lambda proof: proof.update(new=proof["new"].split("\n\n")[0] + "\n"),
}


def with_line(checkpoint: str, number: int, text: str) -> str:
    lines = checkpoint.split("\n")
    lines[number] = text
    return "\n".join(lines)


@pytest.mark.parametrize("alteration", INCLUSION)
def test_the_proof_of_an_entry_is_refused_with(house: House, alteration: str) -> None:
    april = ("--checkpoint", house.folder / "april")
    proof = json.loads(house.capital.ok("audit", "prove", "ACME", 2, *april))
    altered = copy.deepcopy(proof)

    INCLUSION[alteration](altered)

    assert altered != proof
    refused(house, altered)


@pytest.mark.parametrize(("issuer", "entry"), [("ACME", 3), ("ZEPHYR", 2)])
def test_the_proof_of_an_entry_is_refused_with_a_row_of_another(
    house: House, issuer: str, entry: int
) -> None:
    april = ("--checkpoint", house.folder / "april")
    proof, other = (
        json.loads(house.capital.ok("audit", "prove", *which, *april))
        for which in (("ACME", 2), (issuer, entry))
    )

    proof["rows"].insert(0, other["rows"][0])

    assert proven(proof), "the row is truly in the ledger"
    refused(house, proof)


@pytest.mark.parametrize("alteration", CONSISTENCY)
def test_the_proof_of_an_extension_is_refused_with(house: House, alteration: str) -> None:
    march, april = house.folder / "march", house.folder / "april"
    proof = json.loads(house.capital.ok("audit", "consistency", march, april))
    altered = copy.deepcopy(proof)

    CONSISTENCY[alteration](altered)

    assert altered != proof
    refused(house, altered)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "1", '{"proof":1}', "[" * 100_000])
def test_what_is_no_proof_is_refused(house: House, tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.proof"
    file.write_text(text)

    told = house.capital("audit", "verify", file)

    assert isinstance(told.exception, SystemExit), told.exc_info
    assert told.exit_code in (1, 2)
