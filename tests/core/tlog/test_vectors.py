"""Other people's vectors: tessera's log, RFC 6962 proofs, keys and notes of the specifications."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from haq.errors import LogError
from haq.tlog.audit import audit
from haq.tlog.checkpoints import Checkpoint
from haq.tlog.keys import COSIGNATURE, SigningKey, VerifierKey
from haq.tlog.merkle import leaf_hash, root_of, verify_consistency, verify_inclusion
from haq.tlog.notes import Note, verify_note
from haq.tlog.policies import Policy
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.tiles import ENTRIES, Tile, bundles_of, tile_at, tiles_of
from haq.tlog.verify import check_proof
from haq.tlog.writer import Writer


@pytest.fixture(scope="module")
def constants(shared_vectors: Path) -> dict[str, Any]:
    """The constants of the vectors."""
    return json.loads((shared_vectors / "constants.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def tessera(constants: dict[str, Any]) -> dict[str, Any]:
    """Keys and entries of tessera's test log."""
    return constants["tessera_testlog"]


def files(root: Path) -> dict[str, bytes]:
    """Give what a log publishes."""
    paths = [path for path in root.rglob("*") if path.is_file()]
    names = {str(path.relative_to(root)): path.read_bytes() for path in paths}
    return {name: data for name, data in names.items() if name.startswith("tile/")}


def test_our_writer_writes_the_log_of_tessera(
    shared_vectors: Path, tessera: dict[str, Any], tmp_path: Path
) -> None:
    theirs, key = shared_vectors / "tessera-testlog", SigningKey.read(tessera["skey_PUBLIC_TEST_ONLY"])
    assert key.secret() == tessera["skey_PUBLIC_TEST_ONLY"]
    writer = Writer(tmp_path / "log", key)
    writer.create()
    for size in range(16):
        if size:
            assert writer.append([tessera["leaves"][size - 1].encode()]) == [range(size - 1, size)]
        assert (writer.root / "checkpoint").read_bytes() == (theirs / f"checkpoint.{size}").read_bytes()
    assert (writer.root / "checkpoint").read_bytes() == (theirs / "checkpoint").read_bytes()
    assert files(writer.root) == files(theirs)
    assert len(files(theirs)) == 30


def test_tessera_s_log_is_read_at_all_sizes(shared_vectors: Path, tessera: dict[str, Any]) -> None:
    policy = Policy.read(f"log {tessera['vkey']}\nquorum none\n".encode())
    folder = shared_vectors / "tessera-testlog"
    for size in range(16):
        reader = Reader(Folder(folder), (folder / f"checkpoint.{size}").read_bytes())
        assert reader.checkpoint.size == size
        assert list(audit(reader)) == []
        assert [entry.decode() for _, entry in reader.entries()] == tessera["leaves"][:size]
        for place in range(size):
            proof = reader.prove(place)
            assert check_proof(proof, tessera["leaves"][place].encode(), policy).checkpoint.size == size
            with pytest.raises(LogError, match="does not lead"):
                check_proof(proof, b"another", policy)


def hashes(proof: Sequence[str] | None) -> list[bytes]:
    """Read the hashes of a probe."""
    return [base64.b64decode(one or "") for one in proof or []]


def probes(folder: Path, name: str) -> list[dict[str, Any]]:
    """Read the probes of one kind."""
    found = json.loads((folder / "merkle-probes" / f"{name}.json").read_text("utf-8"))
    assert (len(found), sum(probe["wantErr"] for probe in found)) == (98, 92)
    return found


def refused(probe: dict[str, Any], name: str) -> bool:
    """Tell whether haq refuses a probe."""
    proof = hashes(probe["proof"])
    try:
        if name == "inclusion":
            leaf, root = hashes([probe["leafHash"], probe["root"]])
            verify_inclusion(leaf, probe["leafIdx"], probe["treeSize"], proof, root)
        else:
            old, new = hashes([probe["root1"], probe["root2"]])
            verify_consistency(probe["size1"], probe["size2"], old, new, proof)
    except LogError:
        return True
    return False


@pytest.mark.parametrize("name", ["inclusion", "consistency"])
def test_probes(shared_vectors: Path, name: str) -> None:
    wrong = [p["_file"] for p in probes(shared_vectors, name) if refused(p, name) != p["wantErr"]]
    assert wrong == []


def test_roots_by_size(constants: dict[str, Any]) -> None:
    leaves = [leaf_hash(bytes.fromhex(one)) for one in constants["rfc6962_leaf_inputs_hex"]]
    roots = [root_of(leaves[:size]).hex() for size in range(9)]
    assert roots == constants["rfc6962_root_hex_by_size"]


def test_the_note_of_the_specification(constants: dict[str, Any]) -> None:
    example = constants["signed_note_spec_example"]
    key, data = VerifierKey.read(example["vkey"]), example["note"].encode()
    assert verify_note(Note.read(data), [key]) == {key: None}
    assert bytes(Note.read(data)) == data
    with pytest.raises(LogError, match="forged"):
        verify_note(Note.read(data.replace(b"example message", b"example massage")), [key])


def test_verifier_keys(constants: dict[str, Any]) -> None:
    vkeys = [
        constants["sumdb_vkey"],
        constants["skylight_witness_vkey"],
        constants["tessera_testlog"]["vkey"],
    ]
    for text in vkeys:
        key = VerifierKey.read(text)
        assert str(key) == text
        assert (key.kind == COSIGNATURE) is ("witness" in key.name)
        with pytest.raises(LogError, match="do not fit"):
            VerifierKey.read(text.replace(key.name, f"x{key.name}"))


def test_tile_widths_and_paths(constants: dict[str, Any]) -> None:
    widths = {
        f"level{level}": {
            "full": sum(t.width == 256 for t in tiles_of(70_000) if t.level == level),
            "partial": next((t.width for t in tiles_of(70_000) if t.level == level and t.width < 256), 0),
        }
        for level in range(3)
    }
    assert widths == constants["tile_widths_for_size_70000"]
    assert len(list(bundles_of(70_000))) == 274
    for number, path in constants["tile_path_examples"].items():
        for level, folder in ((0, "0"), (ENTRIES, "entries"), (63, "63")):
            for width, end in ((256, ""), (1, ".p/1"), (255, ".p/255")):
                tile = Tile(level, int(number), width)
                assert tile.path == f"tile/{folder}/{path}{end}"
                assert tile_at(tile.path) == tile


def test_a_checkpoint_has_one_spelling() -> None:
    root = base64.b64encode(root_of([])).decode()
    for number in ("00", "-1", "+1", "1 ", "1\u0663", "", str(2**63)):
        with pytest.raises(LogError):
            Checkpoint.read(f"log\n{number}\n{root}\n".encode())
