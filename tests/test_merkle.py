"""The tree is that of RFC 6962: its published vectors, and its definitions as they are printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof.merkle import (
    BadProof,
    Edge,
    Tree,
    check_consistency,
    leaf_hash,
    root_from_complement,
    root_from_inclusion,
)

# --- what certificate transparency publishes -----------------------------------------------------
# The entries, roots and proofs of its reference tests (certificate-transparency-go and
# transparency-dev/merkle, testonly): data that every implementation of the tree is held against.

ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    bytes.fromhex(root)
    for root in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
INCLUSION: list[tuple[int, int, list[str]]] = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
"""The index of a leaf, the size of the tree, the audit path."""
CONSISTENCY: list[tuple[int, int, list[str]]] = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
"""The size of the older tree, of the newer, the proof."""
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_published(size: int) -> None:
    edge = Edge()
    for leaf in LEAVES[:size]:
        edge.append(leaf)

    assert edge.root == ROOTS[size]
    assert Tree(LEAVES).root(size) == ROOTS[size]
    assert Tree(LEAVES[:size]).root() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_the_inclusion_proofs_are_those_published(index: int, size: int, path: list[str]) -> None:
    hashes = [bytes.fromhex(text) for text in path]

    assert Tree(LEAVES).inclusion(index, size) == hashes
    assert root_from_inclusion(LEAVES[index], index, size, hashes) == ROOTS[size]


@pytest.mark.parametrize(("old", "new", "proof"), CONSISTENCY)
def test_the_consistency_proofs_are_those_published(old: int, new: int, proof: list[str]) -> None:
    hashes = [bytes.fromhex(text) for text in proof]

    assert Tree(LEAVES).consistency(old, new) == hashes
    check_consistency(old, new, ROOTS[old], ROOTS[new], hashes)


# --- the definitions of RFC 6962, section 2.1, as they are printed --------------------------------
# D is a list of leaf hashes here, not of entries: the definitions use an entry by its hash alone.


def k_of(n: int) -> int:
    """The largest power of two smaller than n: k < n <= 2k."""
    k = 1
    while not k < n <= 2 * k:
        k *= 2
    return k


def mth(d: Sequence[bytes]) -> bytes:
    """2.1: the Merkle Tree Hash of D[n]."""
    n = len(d)
    if n == 0:
        return sha256(b"").digest()
    if n == 1:
        return d[0]
    k = k_of(n)
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path_of(m: int, d: Sequence[bytes]) -> list[bytes]:
    """2.1.1: PATH(m, D[n]), the Merkle audit path for the (m+1)th input."""
    n = len(d)
    if n == 1:
        return []
    k = k_of(n)
    if m < k:
        return [*path_of(m, d[:k]), mth(d[k:])]
    return [*path_of(m - k, d[k:]), mth(d[:k])]


def proof_of(m: int, d: Sequence[bytes]) -> list[bytes]:
    """2.1.2: PROOF(m, D[n]) = SUBPROOF(m, D[n], true), for 0 < m < n."""
    return subproof(m, d, known=True)


def subproof(m: int, d: Sequence[bytes], *, known: bool) -> list[bytes]:
    """2.1.2: SUBPROOF(m, D[n], b)."""
    n = len(d)
    if m == n:
        return [] if known else [mth(d)]
    k = k_of(n)
    if m <= k:
        return [*subproof(m, d[:k], known=known), mth(d[k:])]
    return [*subproof(m - k, d[k:], known=False), mth(d[:k])]


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


sizes = st.integers(0, 70)
sizes_of_some = st.integers(1, 70)


@given(size=sizes)
def test_an_edge_and_a_tree_say_the_root_that_the_definition_says(size: int) -> None:
    leaves = leaves_of(size)
    edge = Edge()
    for leaf in leaves:
        edge.append(leaf)

    assert edge.root == Tree(leaves).root() == mth(leaves)


@given(stored=sizes, more=st.integers(0, 40))
def test_an_edge_that_was_stored_goes_on_as_if_it_had_not_been(stored: int, more: int) -> None:
    leaves = leaves_of(stored + more)
    edge = Edge()
    for leaf in leaves[:stored]:
        edge.append(leaf)

    again = Edge.from_bytes(stored, edge.to_bytes())
    for leaf in leaves[stored:]:
        again.append(leaf)

    assert again.size == stored + more
    assert again.root == mth(leaves)


@given(size=sizes, hashes=st.integers(0, 8))
def test_an_edge_of_other_than_its_size_has_is_no_edge(size: int, hashes: int) -> None:
    data = bytes(32 * hashes)
    if hashes == size.bit_count():
        assert Edge.from_bytes(size, data).to_bytes() == data
        return

    with pytest.raises(ValueError, match="not the right edge"):
        Edge.from_bytes(size, data)


@pytest.mark.parametrize(("size", "data"), [(-1, b""), (1, bytes(31)), (1, bytes(33)), (3, b"")])
def test_bytes_that_are_no_hashes_are_no_edge(size: int, data: bytes) -> None:
    with pytest.raises(ValueError, match="not the right edge"):
        Edge.from_bytes(size, data)


@given(size=sizes_of_some, data=st.data())
def test_a_tree_says_the_roots_and_paths_of_every_size_before_its_own(
    size: int, data: st.DataObject
) -> None:
    leaves = leaves_of(size)
    earlier = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, earlier - 1))
    tree = Tree(leaves)

    assert tree.root(earlier) == mth(leaves[:earlier])
    assert tree.inclusion(index, earlier) == path_of(index, leaves[:earlier])


@given(size=sizes_of_some, data=st.data())
def test_the_audit_path_of_a_leaf_leads_to_the_root(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))

    path = path_of(index, leaves)

    assert Tree(leaves).inclusion(index) == path
    assert root_from_inclusion(leaves[index], index, size, path) == mth(leaves)


@given(new=sizes_of_some, data=st.data())
def test_the_proof_that_a_tree_extends_another_is_the_one_defined(
    new: int, data: st.DataObject
) -> None:
    leaves = leaves_of(new)
    old = data.draw(st.integers(0, new))

    proof = [] if old in (0, new) else proof_of(old, leaves)

    assert Tree(leaves).consistency(old) == proof
    check_consistency(old, new, mth(leaves[:old]), mth(leaves), proof)


@given(size=sizes, data=st.data())
def test_some_leaves_and_the_hashes_of_all_the_others_lead_to_the_root(
    size: int, data: st.DataObject
) -> None:
    leaves = leaves_of(size)
    own = sorted(data.draw(st.sets(st.integers(0, max(0, size - 1)), max_size=size)))

    hashes = Tree(leaves).complement(own)

    assert root_from_complement([(i, leaves[i]) for i in own], size, hashes) == mth(leaves)


def test_the_hashes_of_the_others_are_the_fewest_there_can_be() -> None:
    leaves = leaves_of(8)

    assert Tree(leaves).complement([4, 5, 6]) == [mth(leaves[:4]), leaves[7]]
    assert Tree(leaves).complement([]) == [mth(leaves)]
    assert Tree(leaves).complement(range(8)) == []


# --- what does not lead to the root --------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """That a leaf is at this place of a tree of this size."""

    leaf: bytes
    index: int
    size: int
    path: list[bytes]


def holds(claim: Claim, root: bytes) -> bool:
    """Whether a claim is proven; nothing but BadProof may be raised of one that is not."""
    try:
        found = root_from_inclusion(claim.leaf, claim.index, claim.size, claim.path)
    except BadProof:
        return False
    return found == root


def flipped(value: bytes, place: int = 0) -> bytes:
    return value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]


@given(size=sizes_of_some, data=st.data())
def test_a_claim_altered_in_any_way_is_not_proven(size: int, data: st.DataObject) -> None:
    leaves, root = leaves_of(size), mth(leaves_of(size))
    index = data.draw(st.integers(0, size - 1))
    claim = Claim(leaves[index], index, size, path_of(index, leaves))
    assert holds(claim, root)

    altered = [
        replace(claim, leaf=flipped(claim.leaf)),
        replace(claim, path=[*claim.path, bytes(32)]),
        replace(claim, path=[bytes(32), *claim.path]),
        replace(claim, index=-1),
        replace(claim, index=size),
        replace(claim, index=2**64),
        *(replace(claim, index=other) for other in range(size) if other != index),
        *(
            replace(claim, size=other)
            for other in range(index + 1, 80)
            if len(path_of(index, [b""] * other)) != len(claim.path)
        ),
    ]
    if claim.path:
        place = data.draw(st.integers(0, len(claim.path) - 1))
        changed = [*claim.path]
        changed[place] = flipped(changed[place], data.draw(st.integers(0, 31)))
        altered += [
            replace(claim, path=changed),
            replace(claim, path=claim.path[:-1]),
            replace(claim, path=claim.path[1:]),
            replace(claim, path=[]),
        ]
    if len(claim.path) > 1:
        altered.append(replace(claim, path=claim.path[::-1]))

    assert [claim for claim in altered if holds(claim, root)] == []


@given(index=st.integers(-3, 40), size=st.integers(-3, 40), hashes=st.integers(0, 8))
def test_nonsense_is_a_bad_proof_and_nothing_worse(index: int, size: int, hashes: int) -> None:
    claim = Claim(bytes(32), index, size, [bytes(32)] * hashes)

    assert not holds(claim, mth(leaves_of(max(0, size))))


@pytest.mark.parametrize("size", [0, 1, 7, 8])
def test_the_path_of_a_leaf_of_another_size_is_too_long_or_too_short(size: int) -> None:
    leaves = leaves_of(16)

    with pytest.raises(BadProof):
        root_from_inclusion(leaves[0], 0, size, path_of(0, leaves))
    if size:
        with pytest.raises(BadProof, match="too few"):
            root_from_inclusion(leaves[0], 0, 16, path_of(0, leaves[:size]))


def extends(old: int, new: int, roots: tuple[bytes, bytes], proof: list[bytes]) -> bool:
    """Whether one tree is shown to extend another; nothing but BadProof may be raised."""
    try:
        check_consistency(old, new, *roots, proof)
    except BadProof:
        return False
    return True


@given(new=st.integers(2, 70), data=st.data())
def test_a_proof_of_extension_altered_in_any_way_proves_nothing(
    new: int, data: st.DataObject
) -> None:
    leaves = leaves_of(new)
    old = data.draw(st.integers(1, new - 1))
    roots, proof = (mth(leaves[:old]), mth(leaves)), proof_of(old, leaves)
    place = data.draw(st.integers(0, len(proof) - 1))
    changed = [*proof]
    changed[place] = flipped(changed[place], data.draw(st.integers(0, 31)))
    assert extends(old, new, roots, proof)

    altered: list[tuple[int, int, tuple[bytes, bytes], list[bytes]]] = [
        (old, new, (flipped(roots[0]), roots[1]), proof),
        (old, new, (roots[0], flipped(roots[1])), proof),
        (old, new, roots, changed),
        (old, new, roots, proof[:-1]),
        (old, new, roots, proof[1:]),
        (old, new, roots, []),
        (old, new, roots, [*proof, bytes(32)]),
        (old, new, roots, [bytes(32), *proof]),
        (new, old, roots, proof),
        (new, old, roots[::-1], proof),
        (0, new, roots, proof),
        (old, old, roots, proof),
        (-old, new, roots, proof),
        *((other, new, roots, proof) for other in range(1, new) if other != old),
    ]

    assert [claim[:2] for claim in altered if extends(*claim)] == []


@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_trees_of_one_size_agree_only_where_their_roots_do(size: int) -> None:
    root = mth(leaves_of(size))

    assert extends(size, size, (root, root), [])
    assert not extends(size, size, (root, flipped(root)), [])
    assert not extends(size, size, (root, root), [root])


def test_everything_extends_nothing_and_only_nothing_has_its_root() -> None:
    root, nothing = mth(leaves_of(5)), mth([])

    assert extends(0, 5, (nothing, root), [])
    assert extends(0, 0, (nothing, nothing), [])
    assert not extends(0, 5, (root, root), [])
    assert not extends(0, 5, (nothing, root), [root])


SomeLeaves = list[tuple[int, bytes]]

ALTERATIONS: dict[str, Callable[[SomeLeaves, list[bytes]], tuple[SomeLeaves, list[bytes]]]] = {
    "a hash too few": lambda own, hashes: (own, hashes[:-1]),
    "no hashes": lambda own, _hashes: (own, []),
    "a hash too many": lambda own, hashes: (own, [*hashes, bytes(32)]),
    "a hash changed": lambda own, hashes: (own, [flipped(hashes[0]), *hashes[1:]]),
    "the hashes in another order": lambda own, hashes: (own, hashes[::-1]),
    "a leaf changed": lambda own, hashes: ([(own[0][0], flipped(own[0][1])), *own[1:]], hashes),
    "a leaf left out": lambda own, hashes: (own[1:], hashes),
    "a leaf moved": lambda own, hashes: ([(own[0][0] + 1, own[0][1]), *own[1:]], hashes),
    "a leaf twice": lambda own, hashes: ([own[0], *own], hashes),
    "the leaves in another order": lambda own, hashes: (own[::-1], hashes),
    "a leaf before the first": lambda own, hashes: ([(-1, own[0][1]), *own], hashes),
    "a leaf behind the last": lambda own, hashes: ([*own, (13, own[0][1])], hashes),
}


@pytest.mark.parametrize("what", ALTERATIONS)
def test_altered_leaves_or_hashes_do_not_lead_to_the_root(what: str) -> None:
    leaves = leaves_of(13)
    own = [(index, leaves[index]) for index in (2, 5, 6, 11)]
    hashes = Tree(leaves).complement([index for index, _ in own])
    assert root_from_complement(own, 13, hashes) == mth(leaves)

    altered_leaves, altered_hashes = ALTERATIONS[what](own, hashes)
    assert not led(altered_leaves, 13, altered_hashes, mth(leaves))


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 12, 17, 32])
def test_the_same_leaves_are_not_in_a_tree_of_another_size(size: int) -> None:
    leaves = leaves_of(13)
    own = [(index, leaves[index]) for index in (2, 5, 6, 11)]
    hashes = Tree(leaves).complement([index for index, _ in own])

    assert not led(own, size, hashes, mth(leaves))


def led(own: SomeLeaves, size: int, hashes: list[bytes], root: bytes) -> bool:
    """Whether leaves are shown to be in a tree; nothing but BadProof may be raised."""
    try:
        return root_from_complement(own, size, hashes) == root
    except BadProof:
        return False


def test_what_lies_behind_the_last_leaf_shown_is_for_the_checkpoint_to_say() -> None:
    """A proof binds places, and no size: it comes from the checkpoint, beside its root."""
    leaves = leaves_of(13)

    hashes = Tree(leaves).complement([2])

    assert led([(2, leaves[2])], 13, hashes, mth(leaves))
    assert led([(2, leaves[2])], 14, hashes, mth(leaves))
    assert holds(Claim(leaves[2], 2, 14, path_of(2, leaves)), mth(leaves))
