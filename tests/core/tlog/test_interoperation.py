"""A log that haq wrote, read by an implementation that nobody of us wrote."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey

from haq.tlog.audit import audit
from haq.tlog.merkle import leaf_hash, root_of
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.writer import Writer

PROVE = os.environ.get("HAQ_PROVE") == "1"


def theirs(root: Path, vkey: str) -> TilesReader:
    """Open a log with the other implementation, which also checks the signature."""
    reader = TilesReader(LocalBackend(root))
    checkpoint = reader.get_checkpoint()
    checkpoint.verify(Vkey.from_string(vkey))
    assert checkpoint.root_hash == reader.calculate_root_hash()
    return reader


def steps(last: int) -> Iterator[int]:
    """Give sizes up to the last: all in `make prove`, else the first and those around full tiles."""
    for size in range(1, last + 1):
        if PROVE or size < 20 or size % 256 in (0, 1, 2, 255) or size == last:
            yield size


@pytest.mark.prove
def test_roots_and_proofs_at_every_size(
    log: Callable[..., Writer], entries: Callable[..., list[bytes]]
) -> None:
    writer, done, roots = log("log"), 0, {0: root_of([])}
    leaves = [leaf_hash(entry) for entry in entries(1000)]
    for size in steps(1000):
        writer.append(entries(done, size))
        done = size
        ours, other = Reader(Folder(writer.root)), theirs(writer.root, str(writer.key.public))
        roots[size] = ours.checkpoint.root
        assert ours.checkpoint.root == other.calculate_root_hash() == root_of(leaves[:size])
        for place in range(size) if PROVE and size % 37 == 0 else {0, size // 3, size - 1}:
            proof = other.get_inclusion_proof(place, size)
            assert list(ours.prove(place).hashes) == proof.node_hashes
            proof.check(leaves[place], ours.checkpoint.root)
            assert ours.entry(place) == other.get_entry(place) == entries(place, place + 1)[0]
        for old in [old for old in roots if old % 7 == size % 7 or old == size]:
            if 0 < old < size:
                growth = other.get_consistency_proof(old, size)
                assert ours.grown_from(old) == growth.node_hashes
                growth.check(roots[old], roots[size])


@pytest.mark.prove
def test_a_log_of_70000(log: Callable[..., Writer], entries: Callable[..., list[bytes]]) -> None:
    writer = log("log", entries(65_000))
    writer.append(entries(65_000, 70_000))
    ours, other = Reader(Folder(writer.root)), theirs(writer.root, str(writer.key.public))
    assert ours.checkpoint.root == other.calculate_root_hash()
    leaves = [leaf_hash(entry) for entry in entries(70_000)]
    assert ours.checkpoint.root == root_of(leaves)
    for place in range(0, 70_000, 1 if PROVE else 977):
        proof = other.get_inclusion_proof(place, 70_000)
        assert list(ours.prove(place).hashes) == proof.node_hashes
        if place % 977 == 0:
            proof.check(leaves[place], ours.checkpoint.root)
    for old in (1, 255, 256, 257, 65_000, 65_535, 65_536, 65_537, 69_999):
        proof_of_growth = other.get_consistency_proof(old, 70_000)
        assert ours.grown_from(old) == proof_of_growth.node_hashes
        proof_of_growth.check(root_of(leaves[:old]), ours.checkpoint.root)
    assert list(audit(ours)) == []
