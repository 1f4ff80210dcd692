"""The Merkle tree of RFC 6962 (section 2.1) over SHA-256: edge, roots, proofs. Bytes only.

Certificate transparency logs and their verifiers use the same tree; RFC 9162, section 2.1, gives
the verification algorithms that are followed here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from operator import itemgetter

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


class BadProof(Exception):
    """The hashes do not lead to the root."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf; the prefix tells a leaf from a node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below `size`: how many leaves are in the left subtree."""
    return 1 << (size - 1).bit_length() - 1


# --- growing -------------------------------------------------------------------------------------


class Edge:
    """The right edge of a growing tree: the roots of its complete subtrees, largest first.

    All that a tree needs to grow and to give its root: at most one hash for each bit of its size.
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.hashes = list(hashes)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> Edge:
        """The edge as it was stored.

        Raises ValueError if the hashes are not as many as a tree of this size has.
        """
        if size < 0 or len(data) != HASH_BYTES * size.bit_count():
            raise ValueError(f"{len(data)} bytes are not the right edge of a tree of {size} leaves")
        return cls(size, (data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)))

    def to_bytes(self) -> bytes:
        return b"".join(self.hashes)

    def append(self, leaf: bytes) -> None:
        """Add the next leaf, by its hash."""
        hashes, size = self.hashes, self.size
        while size & 1:  # two complete subtrees of one size become one
            leaf = sha256(b"\x01" + hashes.pop() + leaf).digest()
            size >>= 1
        hashes.append(leaf)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The Merkle tree hash of all leaves so far."""
        if not self.hashes:
            return EMPTY_ROOT
        *others, root = self.hashes
        for left in reversed(others):
            root = node_hash(left, root)
        return root


# --- proving -------------------------------------------------------------------------------------


class Tree:
    """A whole tree in memory, for making proofs: 64 bytes a leaf."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        """Build the tree over the hashes of its leaves."""
        level = b"".join(leaves)
        self.size = len(level) // HASH_BYTES
        self._levels = [level]  # complete subtrees only, by height
        while len(level) > HASH_BYTES:
            pair = 2 * HASH_BYTES
            level = b"".join(
                sha256(b"\x01" + level[at : at + pair]).digest()
                for at in range(0, len(level) - pair + 1, pair)
            )
            self._levels.append(level)

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves, by default all."""
        size = self.size if size is None else size
        return self.subtree(0, size) if size else EMPTY_ROOT

    def subtree(self, first: int, end: int) -> bytes:
        """The hash over the leaves from `first` up to, not including, `end`."""
        count = end - first
        if count & (count - 1) == 0:  # complete, and at its place in its level
            at = HASH_BYTES * (first // count)
            return self._levels[count.bit_length() - 1][at : at + HASH_BYTES]
        middle = first + _split(count)
        return node_hash(self.subtree(first, middle), self.subtree(middle, end))

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The audit path of one leaf (RFC 6962, 2.1.1), nearest sibling first."""
        path: list[bytes] = []
        first, end = 0, self.size if size is None else size
        while end - first > 1:
            middle = first + _split(end - first)
            if index < middle:
                path.append(self.subtree(middle, end))
                end = middle
            else:
                path.append(self.subtree(first, middle))
                first = middle
        return path[::-1]

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof that the first `old` leaves are a prefix of the first `new` (RFC 6962, 2.1.2).

        Empty where one of the trees is empty or both are the same.
        """
        proof: list[bytes] = []
        first, end = 0, self.size if new is None else new
        if old in (0, end):
            return proof
        known = True  # whether the verifier can compute the subtree that is left from the old root
        while old < end:
            middle = first + _split(end - first)
            if old <= middle:
                proof.append(self.subtree(middle, end))
                end = middle
            else:
                proof.append(self.subtree(first, middle))
                first, known = middle, False
        if not known:
            proof.append(self.subtree(first, end))
        return proof[::-1]

    def complement(self, indices: Sequence[int], size: int | None = None) -> list[bytes]:
        """The hashes that, with the leaves at `indices` (ascending), give the root.

        From left to right, the largest subtrees that hold none of these leaves: one short proof
        for the many rows of one issuer.
        """
        return list(self._complement(indices, 0, self.size if size is None else size))

    def _complement(self, indices: Sequence[int], first: int, end: int) -> Iterator[bytes]:
        if not indices:
            if end > first:
                yield self.subtree(first, end)
        elif end - first > len(indices):  # else every leaf is given
            middle = first + _split(end - first)
            cut = bisect_left(indices, middle)
            yield from self._complement(indices[:cut], first, middle)
            yield from self._complement(indices[cut:], middle, end)


# --- verifying -----------------------------------------------------------------------------------


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a leaf and its audit path lead to (RFC 9162, 2.1.3.2).

    Raises BadProof if the path is not as long as it must be for this place and size.
    """
    if not 0 <= index < size:
        raise BadProof(f"leaf {index} is not in a tree of {size}")
    found = leaf
    for sibling, is_left in _climbing(index, size - 1, path):
        found = node_hash(sibling, found) if is_left else node_hash(found, sibling)
    return found


def _climbing(node: int, last: int, siblings: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The siblings on the way from a node to the root, each with whether it is on the left.

    `last` is the last node at the height of `node`. Raises BadProof if there are too few or
    too many of them.
    """
    for sibling in siblings:
        if last == 0:
            raise BadProof(f"{len(siblings)} hashes are too many")
        is_left = node & 1 == 1 or node == last
        yield sibling, is_left
        while is_left and node and not node & 1:
            node, last = node >> 1, last >> 1
        node, last = node >> 1, last >> 1
    if last:
        raise BadProof(f"{len(siblings)} hashes are too few")


def check_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the tree of `old` leaves is a prefix of that of `new` (RFC 9162, 2.1.4.2).

    Raises BadProof if it is not shown.
    """
    if not 0 <= old <= new:
        raise BadProof(f"a tree of {new} cannot extend one of {old}")
    if old in (0, new):
        if proof or (old == new and old_root != new_root) or (old == 0 and old_root != EMPTY_ROOT):
            raise BadProof(f"the trees of {old} and {new} do not agree")
        return
    hashes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    if not hashes:
        raise BadProof("the proof is empty")
    first_root = second_root = hashes[0]
    for sibling, is_left in _climbing(node, last, hashes[1:]):
        if is_left:
            first_root = node_hash(sibling, first_root)
            second_root = node_hash(sibling, second_root)
        else:
            second_root = node_hash(second_root, sibling)
    if first_root != old_root or second_root != new_root:
        raise BadProof(f"the tree of {old} leaves is not the beginning of the tree of {new}")


def root_from_complement(
    leaves: Sequence[tuple[int, bytes]], size: int, hashes: Sequence[bytes]
) -> bytes:
    """The root that some leaves (index and hash, ascending) and `Tree.complement` lead to.

    Raises BadProof if there are too few or too many hashes.
    """
    rest = iter(hashes)

    def subtree(first: int, end: int, own: Sequence[tuple[int, bytes]]) -> bytes:
        if not own:
            found = next(rest, None)
            if found is None:
                raise BadProof(f"{len(hashes)} hashes are too few for a tree of {size}")
            return found
        if end - first == 1:
            return own[0][1]
        middle = first + _split(end - first)
        cut = bisect_left(own, middle, key=itemgetter(0))
        left = subtree(first, middle, own[:cut])
        return node_hash(left, subtree(middle, end, own[cut:]))

    indices = [index for index, _ in leaves]
    if sorted(set(indices)) != indices or (indices and not 0 <= indices[0] <= indices[-1] < size):
        raise BadProof("the leaves are not in order, or not in the tree")
    found = subtree(0, size, leaves) if size else EMPTY_ROOT
    if next(rest, None) is not None:
        raise BadProof(f"{len(hashes)} hashes are too many for a tree of {size}")
    return found
