"""Honest proofs verify and damaged ones do not; what is written is read; nothing breaks a reader."""

import base64
import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from haq.errors import LogError
from haq.tlog.checkpoints import Checkpoint
from haq.tlog.keys import COSIGNATURE, ED25519, SigningKey, VerifierKey
from haq.tlog.merkle import (
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from haq.tlog.notes import Note, sign_text, verify_note
from haq.tlog.policies import Policy
from haq.tlog.proofs import Proof
from haq.tlog.tiles import ENTRIES, Tile, TileHashes, pack, tile_at, tiles_of, unpack
from haq.tlog.witness import Witness, signatures_in

SHARE = 1.0 if os.environ.get("HAQ_PROVE") == "1" else 0.01
HASH = st.binary(min_size=32, max_size=32)
NAME = st.text(
    st.characters(codec="utf-8", exclude_characters="+", exclude_categories=["C", "Z"]),
    min_size=1,
    max_size=255,
)
LEAVES = [leaf_hash(b"%d" % place) for place in range(3000)]


def cases(count: int) -> settings:
    """Return the settings for a count of cases in `make prove`."""
    return settings(max_examples=max(30, int(count * SHARE)), suppress_health_check=list(HealthCheck))


def subtree(height: int, index: int) -> bytes:
    """Give the root of a complete subtree the slow way."""
    return root_of(LEAVES[index << height : (index + 1) << height])


@st.composite
def damages(draw: st.DrawFn, proof: list[bytes]) -> list[bytes]:
    """Flip one bit of a hash, drop, add, double or swap hashes."""
    at = draw(st.integers(0, max(0, len(proof) - 1)))
    kind = draw(st.sampled_from(["flip", "drop", "add", "longer", "shorter", "swap"] if proof else ["add"]))
    changed = list(proof)
    if kind == "flip":
        bit = draw(st.integers(0, 255))
        changed[at] = bytes(b ^ (1 << bit % 8 if i == bit // 8 else 0) for i, b in enumerate(proof[at]))
    elif kind == "drop":
        del changed[at]
    elif kind == "add":
        changed.insert(at + draw(st.integers(0, 1)), draw(HASH))
    elif kind == "longer":
        changed[at] += b"\x00"
    elif kind == "shorter":
        changed[at] = changed[at][:-1]
    else:
        other = draw(st.integers(0, len(proof) - 1))
        changed[at], changed[other] = changed[other], changed[at]
    assume(changed != proof)
    return changed


@pytest.mark.prove
@cases(3000)
@given(st.data())
def test_inclusion(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 3000))
    place = data.draw(st.integers(0, size - 1))
    root, proof = root_of(LEAVES[:size]), prove_inclusion(place, size, subtree)
    verify_inclusion(LEAVES[place], place, size, proof, root)
    with pytest.raises(LogError):
        verify_inclusion(LEAVES[place], place, size, data.draw(damages(proof)), root)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != place)) if size > 1 else size
    for leaf, index, of in ((LEAVES[place], other, size), (LEAVES[other], place, size)):
        with pytest.raises(LogError):
            verify_inclusion(leaf, index, of, proof, root)
    with pytest.raises(LogError):
        verify_inclusion(LEAVES[place], place, size, proof, bytes(32))


@pytest.mark.prove
@cases(3000)
@given(st.data())
def test_consistency(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 3000))
    old = data.draw(st.integers(1, new - 1))
    roots, proof = (root_of(LEAVES[:old]), root_of(LEAVES[:new])), prove_consistency(old, new, subtree)
    verify_consistency(old, new, *roots, proof)
    with pytest.raises(LogError):
        verify_consistency(old, new, *roots, data.draw(damages(proof)))
    with pytest.raises(LogError):
        verify_consistency(old, new, root_of([*LEAVES[: old - 1], bytes(32)]), roots[1], proof)
    with pytest.raises(LogError):
        verify_consistency(old, new, roots[0], root_of([bytes(32), *LEAVES[1:new]]), proof)
    with pytest.raises(LogError):
        verify_consistency(new, old, roots[1], roots[0], proof)
    with pytest.raises(LogError):
        verify_consistency(0, new, root_of([]), roots[1], [])
    verify_consistency(0, new, root_of([]), roots[1], [], from_empty=True)


@pytest.mark.prove
@cases(2000)
@given(st.integers(1, 3000), st.integers(0, 11), st.integers(0, 2999))
def test_tiles_give_every_complete_subtree(size: int, height: int, index: int) -> None:
    def read(tile: Tile) -> list[bytes]:
        assert tile in set(tiles_of(size))
        row = LEAVES[:size]
        for _ in range(tile.level):
            row = [root_of(row[at : at + 256]) for at in range(0, len(row) // 256 * 256, 256)]
        return row[tile.index * 256 :][: tile.width]

    index %= max(1, size >> height)
    hashes = TileHashes(read, size)
    if (index + 1) << height <= size:
        assert hashes(height, index) == subtree(height, index)
    else:
        with pytest.raises(LogError):
            hashes(height, index)


@cases(5000)
@given(st.integers(0, 2**55), st.integers(-1, 63), st.integers(1, 256))
def test_tile_paths(index: int, level: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert tile_at(tile.path) == tile


@cases(5000)
@given(st.lists(st.binary(max_size=300), max_size=256))
def test_bundles(entries: list[bytes]) -> None:
    tile = Tile(ENTRIES, 0, len(entries))
    data = pack(entries)
    assert unpack(tile, data) == entries
    for cut in (data[:-1], data + b"\x00", data + b"\x00\x00", data[1:]):
        if cut != data:
            with pytest.raises(LogError):
                unpack(tile, cut)


@cases(5000)
@given(NAME, st.sampled_from([ED25519, COSIGNATURE]), HASH, st.integers(0, 2**63 - 1), st.binary())
def test_keys_and_signatures(name: str, kind: int, seed: bytes, time: int, extra: bytes) -> None:
    key = SigningKey(name, kind, seed)
    assert VerifierKey.read(str(key.public)) == key.public
    again = SigningKey.read(key.secret())
    assert again.public == key.public
    assert seed.hex() not in repr(key)
    text = b"a text\nof two lines\n"
    signature = key.sign(text, time)
    assert again.public.verify(text, signature) == (time if kind == COSIGNATURE else None)
    for wrong in (text + b"\n", text[:-1]):
        with pytest.raises(LogError):
            key.public.verify(wrong, signature)
    for bit in range(0, len(signature) * 8, 29):
        damaged = bytes(b ^ (1 << bit % 8 if i == bit // 8 else 0) for i, b in enumerate(signature))
        with pytest.raises(LogError):
            key.public.verify(text, damaged)
    with pytest.raises(LogError):
        key.public.verify(text, extra)


@cases(5000)
@given(
    NAME,
    st.integers(0, 2**63 - 1),
    HASH,
    st.lists(NAME, max_size=3),
    st.lists(st.binary(min_size=1), max_size=5),
)
def test_checkpoints_and_notes(
    name: str, size: int, root: bytes, more: list[str], others: list[bytes]
) -> None:
    checkpoint = Checkpoint(name, size, root if size else root_of([]), tuple(more))
    assert Checkpoint.read(bytes(checkpoint)) == checkpoint
    key = SigningKey(name, ED25519, root)
    note = Note(bytes(checkpoint), (sign_text(bytes(checkpoint), key),))
    for count, other in enumerate(others):
        stranger = SigningKey(f"stranger{count}", COSIGNATURE, (other * 32)[:32])
        note = note.signed(sign_text(note.text, stranger, 7))
    assert Note.read(bytes(note)) == note
    assert verify_note(Note.read(bytes(note)), [key.public]) == {key.public: None}
    assert note.signed(*note.signatures) == note


@cases(5000)
@given(st.integers(0, 2**63 - 1), st.lists(HASH, max_size=63), st.binary(), st.none() | st.binary(min_size=1))
def test_proof_files(index: int, hashes: list[bytes], checkpoint: bytes, extra: bytes | None) -> None:
    proof = Proof(index, tuple(hashes), checkpoint, extra)
    assert Proof.read(bytes(proof)) == proof
    with pytest.raises(LogError):
        Proof.read(bytes(Proof(index, (bytes(32),) * 64, checkpoint)))


@st.composite
def policies(draw: st.DrawFn) -> tuple[bytes, dict[str, int]]:
    """Draw a policy, and for each of its names the fewest witnesses that meet it."""
    free = [f"w{n}" for n in range(draw(st.integers(1, 6)))]
    keys = [SigningKey(f"witness.example/{name}", COSIGNATURE, leaf_hash(name.encode())) for name in free]
    lines = [f"witness {name} {key.public}" for name, key in zip(free, keys, strict=True)]
    needed = dict.fromkeys(free, 1)
    for group in range(draw(st.integers(0, 4))):
        members = draw(st.lists(st.sampled_from(free), min_size=1, unique=True)) if free else []
        if members:
            count = draw(st.integers(1, len(members)))
            lines.append(f"group группа{group} {count} {' '.join(members)}")
            needed[f"группа{group}"] = sum(sorted(needed[m] for m in members)[:count])
            free = [name for name in free if name not in members] + [f"группа{group}"]
    quorum = draw(st.sampled_from(sorted(needed)))
    return "\n".join([*lines, f"quorum {quorum}", ""]).encode(), {quorum: needed[quorum]}


@cases(5000)
@given(policies())
def test_policies(drawn: tuple[bytes, dict[str, int]]) -> None:
    data, quorum = drawn
    policy = Policy.read(data)
    assert bytes(policy) == data
    assert {policy.quorum: policy.needed} == quorum
    keys = [witness.key for witness in policy.witnesses.values()]
    meeting = [n for n in range(2 ** len(keys)) if policy.met([k for i, k in enumerate(keys) if n >> i & 1])]
    assert min(n.bit_count() for n in meeting) == policy.needed
    # More signatures never take a quorum away.
    assert all(n | 1 << i in meeting for n in meeting for i in range(len(keys)))


def test_a_long_chain_of_groups() -> None:
    key = SigningKey("witness.example", COSIGNATURE, bytes(32)).public
    chain = [f"group g{n} 1 {f'g{n - 1}' if n else 'w'}" for n in range(5000)]
    policy = Policy.read("\n".join([f"witness w {key}", *chain, "quorum g4999"]).encode())
    assert (policy.needed, policy.met([key]), policy.met([])) == (1, True, False)


WRONG_POLICIES = [
    b"",
    b"quorum w",
    b"quorum none\nquorum none",
    b"group g 1 w\nquorum g",
    b"log x\nquorum none",
    b"quorum none\x00",
    b"witness none k\nquorum none",
]


@pytest.mark.parametrize("data", WRONG_POLICIES)
def test_wrong_policies_are_refused(data: bytes) -> None:
    with pytest.raises(LogError, match="polic"):
        Policy.read(data)


@pytest.mark.parametrize("needed", ["0", "3", "-1", "01", "1.0", "\u0661", "9" * 5000, ""])
def test_a_group_needs_a_count_that_can_be(needed: str) -> None:
    keys = [SigningKey("w.example", COSIGNATURE, bytes([n]) * 32).public for n in range(2)]
    lines = [*(f"witness w{n} {key}" for n, key in enumerate(keys)), f"group g {needed} w0 w1", "quorum g"]
    with pytest.raises(LogError, match="line 3"):
        Policy.read("\n".join(lines).encode())


# Whatever the bytes: a value, or a LogError.

KEY = SigningKey("haq.example/log", ED25519, bytes(32))
WITNESS = SigningKey("witness.example", COSIGNATURE, bytes(31) + b"w")
_TEXT = bytes(Checkpoint("haq.example/log", 3, bytes(32)))
_NOTE = Note(_TEXT, (sign_text(_TEXT, KEY), sign_text(_TEXT, WITNESS, 7)))
SOUND: dict[str, tuple[Callable[[bytes], Any], bytes]] = {
    "note": (Note.read, bytes(_NOTE)),
    "checkpoint": (Checkpoint.read, _TEXT),
    "proof": (Proof.read, bytes(Proof(2, (bytes(32),) * 2, bytes(_NOTE), b"more"))),
    "policy": (
        Policy.read,
        f"log {KEY.public} https://a.example\nwitness w {WITNESS.public}\ngroup g all w\nquorum g\n".encode(),
    ),
    "tile path": (lambda data: tile_at(data.decode("latin-1")), b"tile/entries/x001/x234/067.p/255"),
    "key": (lambda data: VerifierKey.read(data.decode("utf-8", "surrogateescape")), str(KEY.public).encode()),
    "secret key": (
        lambda data: SigningKey.read(data.decode("utf-8", "surrogateescape")),
        KEY.secret().encode(),
    ),
    "bundle": (lambda data: unpack(Tile(ENTRIES, 0, 3), data), pack([b"a", b"", b"ccc"])),
    "signatures": (signatures_in, f"{sign_text(_TEXT, WITNESS, 7)}\n".encode()),
}
PIECES = [
    b"\n",
    b"\n\n",
    b" ",
    b"\t",
    b"+",
    b"\xe2\x80\x94 ",
    b"\x00",
    b"\xff",
    b"\xd9\xa3",
    b"9" * 5000,
    b"x000/" * 900,
]


@st.composite
def mutated(draw: st.DrawFn, sound: bytes) -> bytes:
    """Change a sound input in a few places."""
    data = sound
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(data)))
        end = draw(st.integers(begin, min(len(data), begin + 40)))
        middle = draw(st.binary(max_size=4) | st.sampled_from(PIECES) | st.just(data[begin:end] * 2))
        data = data[:begin] + middle + data[end:]
    return data


@pytest.mark.prove
@pytest.mark.parametrize("name", SOUND)
def test_parsers_only_ever_refuse(name: str) -> None:
    read, sound = SOUND[name]
    read(sound)

    @cases(10_000)
    @given(mutated(sound) | st.binary(max_size=200))
    def check(data: bytes) -> None:
        try:
            read(data)
        except LogError as error:
            # One line for a person, not the input over again.
            assert len(str(error)) < 600
            assert name != "secret key" or KEY.secret()[-20:] not in str(error)

    check()


@pytest.mark.prove
def test_a_witness_answers_whatever_it_is_asked(tmp_path_factory: pytest.TempPathFactory) -> None:
    state = tmp_path_factory.mktemp("witness") / "state.sqlite3"
    witness = Witness(WITNESS, [KEY.public], state, lambda: 7)
    sound = b"old 0\n\n" + bytes(_NOTE)

    @cases(10_000)
    @given(mutated(sound) | st.binary(max_size=200))
    def check(data: bytes) -> None:
        answer = witness.add_checkpoint(data)
        assert answer.status in (200, 400, 403, 404, 409, 422)
        assert answer.status != 200 or _TEXT in data

    check()


def test_readers_of_one_name_agree() -> None:
    """A name or number has one spelling: base64 with other bits, spaces or letters is refused."""
    good = base64.b64encode(bytes(32)).decode()
    for root in (good[:-2] + "B=", good.rstrip("="), good + "\n", " " + good, good.replace("A", "-", 1)):
        with pytest.raises(LogError):
            Checkpoint.read(f"log\n3\n{root}\n".encode())
    for path in (
        "tile/0/0",
        "tile/0/x000/001",
        "tile/00/000",
        "tile/64/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
    ):
        with pytest.raises(LogError):
            tile_at(path)
    with pytest.raises(LogError):
        tile_at("tile/0/000.p/999")
