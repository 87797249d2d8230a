"""The Merkle tree: hashes, roots, and proofs that an entry is in it or that it only grew.

Source: RFC 6962, section 2.1, with SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

from haq.errors import LogError

#: Bytes of a hash.
HASH_SIZE = 32
#: The root of a tree without entries.
EMPTY_ROOT = hashlib.sha256(b"").digest()

#: Gives the hash of the complete subtree over leaves ``[index << height, (index + 1) << height)``.
ReadSubtree = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry as a leaf of the tree."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two nodes into the node above them."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """Hash the roots of neighbouring complete subtrees, largest first, into one; none give the empty root."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def level_above(hashes: Sequence[bytes]) -> list[bytes]:
    """Hash neighbours in pairs; a last one without a neighbour is left out."""
    sha256 = hashlib.sha256
    pairs = zip(hashes[::2], hashes[1::2], strict=False)
    return [sha256(b"\x01" + left + right).digest() for left, right in pairs]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Give the root over leaf hashes.

    Args:
        leaves: hashes of 32 bytes each, in the order of the log.

    Returns:
        The root, 32 bytes.
    """
    return fold(peaks(list(leaves)))


def peaks(row: Sequence[bytes]) -> list[bytes]:
    """Give the roots of the largest complete subtrees over a row of hashes, largest first."""
    found = []
    while row:
        if len(row) & 1:
            found.append(row[-1])
        row = level_above(row)
    return found[::-1]


def cover(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Cover leaves ``[begin, end)`` with complete subtrees, largest first from the left.

    Args:
        begin: a leaf at which a subtree of at least ``end - begin`` leaves, rounded up, begins.
        end: the leaf after the last.

    Yields:
        (height, index) of each subtree.
    """
    while begin < end:
        height = (end - begin).bit_length() - 1
        yield height, begin >> height
        begin += 1 << height


def root_at(size: int, read: ReadSubtree) -> bytes:
    """Give the root of the tree of the first ``size`` leaves."""
    return fold([read(height, index) for height, index in cover(0, size)])


def _hash_of(begin: int, end: int, read: ReadSubtree) -> bytes:
    return fold([read(height, index) for height, index in cover(begin, end)])


def prove_inclusion(index: int, size: int, read: ReadSubtree) -> list[bytes]:
    """Prove that a leaf is in a tree.

    Args:
        index: of the leaf, from 0.
        size: of the tree, larger than ``index``.
        read: gives hashes of complete subtrees.

    Returns:
        The hashes from the leaf's sibling up to the root's child.

    Raises:
        LogError: the tree has no such leaf.

    Source: RFC 6962, section 2.1.1.
    """
    if not 0 <= index < size:
        raise LogError(f"there is no entry {index} in a log of {size} entries, which are counted from 0")
    proof: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            proof.append(_hash_of(middle, end, read))
            end = middle
        else:
            proof.append(_hash_of(begin, middle, read))
            begin = middle
    return proof[::-1]


def prove_consistency(old: int, new: int, read: ReadSubtree) -> list[bytes]:
    """Prove that a tree begins with the whole of an earlier one.

    Args:
        old: leaves of the earlier tree; a proof from 0, or to itself, is empty.
        new: leaves of the later tree.
        read: gives hashes of complete subtrees.

    Returns:
        The hashes of the proof.

    Raises:
        LogError: the earlier tree is larger.

    Source: RFC 6962, section 2.1.2.
    """
    if not 0 <= old <= new:
        raise LogError(f"a log of {new} entries cannot grow out of one of {old}")
    if old in (0, new):
        return []
    proof: list[bytes] = []
    begin, end, whole = 0, new, True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            proof.append(_hash_of(middle, end, read))
            end = middle
        else:
            proof.append(_hash_of(begin, middle, read))
            begin, whole = middle, False
    if not whole:
        proof.append(_hash_of(begin, end, read))
    return proof[::-1]


def _split(leaves: int) -> int:
    """Give the largest power of two below ``leaves``."""
    return 1 << ((leaves - 1).bit_length() - 1)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check a proof that a leaf is in a tree.

    Args:
        leaf: its hash.
        index: its place, from 0.
        size: leaves of the tree.
        proof: hashes from the leaf's sibling up.
        root: of the tree.

    Raises:
        LogError: it proves nothing.

    Source: RFC 9162, section 2.1.3.2.
    """
    _lengths((leaf, root, *proof))
    if not 0 <= index < size:
        raise LogError(f"the proof is for entry {index} of a log of {size} entries")
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise LogError("the proof that the entry is in the log is too long")
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    if last:
        raise LogError("the proof that the entry is in the log is too short")
    if found != root:
        raise LogError("the proof does not lead from the entry to the root of the checkpoint")


def verify_consistency(
    old: int,
    new: int,
    old_root: bytes,
    new_root: bytes,
    proof: Sequence[bytes],
    *,
    from_empty: bool = False,
) -> None:
    """Check a proof that a tree only grew.

    Args:
        old, new: leaves of the earlier and the later tree.
        old_root, new_root: their roots.
        proof: empty from 0 and between trees of one size.
        from_empty: whether a tree may be said to have grown out of none, which holds of every tree.

    Raises:
        LogError: it does not prove that the later tree begins with the earlier one.

    Source: RFC 9162, section 2.1.4.2.
    """
    if not 0 <= old <= new:
        raise LogError(f"a log of {new} entries cannot grow out of one of {old}")
    if old in (0, new):
        if proof:
            raise LogError("the proof that the log only grew should be empty")
        if old != new and not from_empty:
            raise LogError("every log begins with no entry: that proves nothing")
        if (old == 0 and old_root != EMPTY_ROOT) or (old == new and old_root != new_root):
            raise LogError(f"two different trees of {old} entries: one of the two was changed")
        return
    _lengths((old_root, new_root, *proof))
    # A complete earlier tree is a node of the later one and stands in no proof.
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps:
        raise LogError("the proof that the log only grew is empty")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise LogError("the proof that the log only grew is too long")
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step)
        place, last = place >> 1, last >> 1
    if last:
        raise LogError("the proof that the log only grew is too short")
    if before != old_root or after != new_root:
        raise LogError("the later log does not begin with the earlier one: something in it was changed")


def _lengths(hashes: Iterable[bytes]) -> None:
    if any(len(h) != HASH_SIZE for h in hashes):
        raise LogError(f"a hash must have {HASH_SIZE} bytes")
