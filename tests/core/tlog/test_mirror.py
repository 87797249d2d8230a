"""Mirrors grow with the log, keep what proves a lie, and take nothing that does not lead to the root."""

import base64
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from haq.errors import LogError
from haq.tlog.audit import audit
from haq.tlog.checkpoints import Checkpoint
from haq.tlog.durable import write_durably
from haq.tlog.files import Files, file_path
from haq.tlog.keys import SigningKey
from haq.tlog.merkle import leaf_hash, root_of, verify_consistency
from haq.tlog.mirror import Fork, RolledBack, mirror
from haq.tlog.notes import Note
from haq.tlog.policies import Policy
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder, Missing
from haq.tlog.tiles import pack
from haq.tlog.verify import check_checkpoint
from haq.tlog.writer import Writer

PUBLISHED = ("checkpoint", "tile", "files")


def published(root: Path) -> dict[str, bytes]:
    """Give what lies in a log or a mirror for everybody."""
    paths = [path for top in PUBLISHED for path in [root / top, *(root / top).rglob("*")] if path.is_file()]
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def test_it_grows_with_the_log(
    log: Callable[..., Writer], entries: Callable[..., list[bytes]], policy: Policy, tmp_path: Path
) -> None:
    writer, root, done = log("log"), tmp_path / "mirror", 0
    for size in (0, 0, 1, 200, 256, 257, 600, 1024):
        writer.append(entries(done, size))
        found = mirror(Folder(writer.root), root, policy)
        assert (found.signed.checkpoint.size, found.before) == (size, done)
        reader = Reader(Folder(root))
        assert list(audit(reader)) == []
        assert [entry for _, entry in reader.entries()] == entries(size)
        done = size
    assert published(root) == published(writer.root)


def test_a_mirror_of_a_mirror_over_many_tiles(
    log: Callable[..., Writer], entries: Callable[..., list[bytes]], policy: Policy, tmp_path: Path
) -> None:
    """More than one tile of the second level, begun at an edge that is neither full nor empty."""
    writer = log("log", entries(300))
    first, second = tmp_path / "first", tmp_path / "second"
    mirror(Folder(writer.root), first, policy)
    mirror(Folder(first), second, policy)
    writer.append(entries(300, 65_536 + 700))
    told: list[tuple[str, int, int]] = []
    mirror(Folder(writer.root), first, policy, progress=lambda *args: told.append(args))
    mirror(Folder(first), second, policy)
    assert published(second) == published(first)
    # The publisher has a partial tile more, from between two of its batches.
    assert published(first).items() <= published(writer.root).items()
    assert list(audit(Reader(Folder(second)))) == []
    assert told[-1] == ("entries", 66_236, 66_236)


@pytest.fixture
def held(log: Callable[..., Writer], policy: Policy, tmp_path: Path) -> Callable[..., Path]:
    """Mirror a log of some entries and check that what follows leaves the mirror as it is."""

    def make(entries: Iterable[bytes]) -> Path:
        writer = log("honest", list(entries))
        mirror(Folder(writer.root), tmp_path / "mirror", policy)
        return tmp_path / "mirror"

    return make


@pytest.mark.parametrize("size", [250, 256, 700, 1000])
def test_a_split_view(
    size: int,
    held: Callable[..., Path],
    log: Callable[..., Writer],
    entries: Callable[..., list[bytes]],
    policy: Policy,
) -> None:
    """Two different logs under one key: both checkpoints and a proof are kept, for anybody to check."""
    root = held(entries(700))
    before = published(root)
    other = log("other", [b"another first entry", *entries(1, size)])
    with pytest.raises(Fork, match="two different logs") as error:
        mirror(Folder(other.root), root, policy)
    assert not isinstance(error.value, RolledBack)
    assert published(root) == before
    notes = {path.read_bytes() for path in error.value.kept[:2]}
    assert notes == {before["checkpoint"], Reader(Folder(other.root)).note}
    old, new = (check_checkpoint(path.read_bytes(), policy).checkpoint for path in error.value.kept[:2])
    if size == 700:
        assert (old.size, len(error.value.kept)) == (new.size, 2)
        assert old.root != new.root
    else:
        first, second, *lines = error.value.kept[2].read_text("ascii").splitlines()
        begun = base64.b64decode(second.removeprefix("root "))
        assert first == f"old {old.size}"
        verify_consistency(old.size, new.size, begun, new.root, [base64.b64decode(line) for line in lines])
        assert begun != old.root
    # Seen again, it is kept once.
    with pytest.raises(Fork):
        mirror(Folder(other.root), root, policy)
    assert {path.name for path in error.value.kept} < {path.name for path in (root / ".haq-mirror").iterdir()}
    assert mirror(Folder(Path(other.root).parent / "honest"), root, policy).before == 700


def test_a_rollback(
    log: Callable[..., Writer], entries: Callable[..., list[bytes]], policy: Policy, tmp_path: Path
) -> None:
    writer, root = log("log", entries(300)), tmp_path / "mirror"
    early = tmp_path / "early"
    shutil.copytree(writer.root, early)
    writer.append(entries(300, 500))
    mirror(Folder(writer.root), root, policy)
    before = published(root)
    with pytest.raises(RolledBack, match="had 500 entries and now shows 300") as error:
        mirror(Folder(early), root, policy)
    assert published(root) == before
    assert [Checkpoint.read(Note.read(path.read_bytes()).text).size for path in error.value.kept] == [
        300,
        500,
    ]
    # Entries taken back and others put in their place.
    Writer(early, writer.key).append([b"instead"] * 10)
    with pytest.raises(Fork, match="two different logs"):
        mirror(Folder(early), root, policy)
    assert published(root) == before


class Altered:
    """A log of which some files are changed, gone, or different each time they are asked for."""

    def __init__(self, root: Path, answers: Callable[[str, int, bytes], bytes]) -> None:
        self.folder, self.answers, self.asked = Folder(root), answers, dict[str, int]()

    def __str__(self) -> str:
        return "altered"

    def get(self, path: str, most: int) -> bytes:
        self.asked[path] = self.asked.get(path, 0) + 1
        return self.answers(path, self.asked[path], self.folder.get(path, most))

    def blocks(self, path: str, most: int) -> Iterator[bytes]:
        yield self.get(path, most)


def flip(data: bytes, at: int = -1) -> bytes:
    """Change one bit."""
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def gone(path: str) -> bytes:
    """Behave as if a file were not there."""
    raise Missing(f"altered: {path} is not there")


def swapped(data: bytes) -> bytes:
    """Swap the first two hashes of a tile."""
    return data[32:64] + data[:32] + data[64:]


@pytest.mark.parametrize("begun", [0, 300])
@pytest.mark.parametrize(
    ("path", "change", "said"),
    [
        ("tile/entries/001", lambda data: flip(data, 5), "entry 256 is not what the tree holds"),
        ("tile/entries/001", lambda data: data[:-1], "tile/entries/001: the last entry is cut"),
        ("tile/entries/001", lambda data: data + b"\x00\x00", "tile/entries/001: 257 entries"),
        ("tile/entries/002.p/188", flip, "entry 699 is not what the tree holds"),
        ("tile/entries/002.p/188", lambda data: gone("tile/entries/002.p/188"), "tile/entries/002.p/188"),
        ("tile/0/001", flip, "tile/0/001 is not what the tile above it holds|prove nothing"),
        ("tile/0/001", swapped, "tile/0/001 is not what the tile above it holds|prove nothing"),
        ("tile/0/001", lambda data: data[:-32], "tile/0/001: 8160 bytes instead of 8192"),
        ("tile/0/002.p/188", flip, "lead to the root|prove nothing"),
        ("tile/1/000.p/2", flip, "lead to the root|prove nothing"),
        ("tile/1/000.p/2", lambda data: gone("tile/1/000.p/2"), "tile/1/000.p/2"),
        ("checkpoint", lambda data: data.replace(b"\n700\n", b"\n701\n"), "forged"),
        ("checkpoint", lambda data: data[:-3], "cut|base64|line of a signature"),
    ],
)
def test_changed_files_are_named_and_not_taken(
    begun: int,
    path: str,
    change: Callable[[bytes], bytes],
    said: str,
    log: Callable[..., Writer],
    entries: Callable[..., list[bytes]],
    policy: Policy,
    tmp_path: Path,
) -> None:
    writer, root = log("log", entries(begun)), tmp_path / "mirror"
    mirror(Folder(writer.root), root, policy)
    before = published(root)["checkpoint"]
    writer.append(entries(begun, 700))
    altered = Altered(writer.root, lambda name, _, data: change(data) if name == path else data)
    with pytest.raises(LogError, match=said) as error:
        mirror(altered, root, policy)
    # Damage is no contradiction: nobody is accused of what a disk or a network may have done.
    assert not isinstance(error.value, Fork)
    assert (root / "checkpoint").read_bytes() == before
    assert list(audit(Reader(Folder(root)))) == []
    assert mirror(Folder(writer.root), root, policy).signed.checkpoint.size == 700
    assert list(audit(Reader(Folder(root)))) == []


def test_a_log_that_answers_differently_the_second_time(
    log: Callable[..., Writer], policy: Policy, tmp_path: Path
) -> None:
    """Each file may be good when it is asked for again: it is fetched once, and believed below the root."""
    writer = log("log", [b"%d" % place for place in range(40_000)])
    forged_entries = [b"forged %d" % place for place in range(256)]
    forged = [leaf_hash(entry) for entry in forged_entries]

    def answers(path: str, time: int, data: bytes) -> bytes:
        match path:
            case "tile/entries/000":
                return pack(forged_entries)
            case "tile/0/000":
                return b"".join(forged)
            case "tile/1/000.p/156" if time % 2 == 0:
                return root_of(forged) + data[32:]
        return data

    with pytest.raises(LogError, match="not what the tile above it holds"):
        mirror(Altered(writer.root, answers), tmp_path / "mirror", policy)
    assert not (tmp_path / "mirror" / "checkpoint").exists()


def test_witnesses_that_the_policy_asks_for(
    log: Callable[..., Writer],
    entries: Callable[..., list[bytes]],
    policy_of_two: Policy,
    cosign: Callable[..., bytes],
    tmp_path: Path,
) -> None:
    writer, root = log("log", entries(10)), tmp_path / "mirror"
    for signed in (0, 1):
        cosign(writer, signed)
        with pytest.raises(
            LogError, match=f"{signed} of 3 witnesses signed the checkpoint; the policy asks for 2"
        ):
            mirror(Folder(writer.root), root, policy_of_two)
    cosign(writer, 2)
    found = mirror(Folder(writer.root), root, policy_of_two).signed
    assert (found.cosigned, found.needed, found.enough) == (2, 2, True)
    note = cosign(writer, 3)
    assert mirror(Folder(writer.root), root, policy_of_two).signed.cosigned == 3
    assert (root / "checkpoint").read_bytes() == note
    # One letter of one cosignature.
    *lines, last, end = note.decode().split("\n")
    name, body = last.removeprefix("\u2014 ").split(" ")
    forged = base64.b64encode(flip(base64.b64decode(body))).decode()
    note = "\n".join([*lines, f"\u2014 {name} {forged}", end]).encode()
    altered = Altered(writer.root, lambda path, _, data: note if path == "checkpoint" else data)
    with pytest.raises(LogError, match=r"signature of witness2\.example is forged"):
        mirror(altered, root, policy_of_two)


def test_another_log_and_a_damaged_mirror(
    held: Callable[..., Path], entries: Callable[..., list[bytes]], policy: Policy, tmp_path: Path
) -> None:
    root = held(entries(10))
    stranger = Writer(tmp_path / "stranger", SigningKey("stranger.example", 1, bytes(32)))
    stranger.create()
    with pytest.raises(LogError, match=r"stranger\.example.*no key is known"):
        mirror(Folder(stranger.root), root, policy)
    both = Policy.read(f"log {stranger.key.public}\n".encode() + bytes(policy))
    with pytest.raises(LogError, match="the mirror is of another") as error:
        mirror(Folder(stranger.root), root, both)
    assert not isinstance(error.value, Fork)
    honest = tmp_path / "honest"
    (root / "checkpoint").write_bytes((root / "checkpoint").read_bytes()[:-9])
    with pytest.raises(LogError, match="what this mirror holds cannot be believed"):
        mirror(Folder(honest), root, policy)


def named(entry: bytes) -> list[str]:
    """Give the files that an entry names: 'file' and a SHA-256."""
    return [entry[5:].decode()] if entry.startswith(b"file ") else []


def redacted(entry: bytes) -> list[str]:
    """Give the files that an entry redacts."""
    return [entry[7:].decode()] if entry.startswith(b"redact ") else []


def test_files_come_with_the_entries_and_go_with_a_redaction(
    log: Callable[..., Writer], policy: Policy, tmp_path: Path
) -> None:
    writer, root, again = log("log"), tmp_path / "mirror", tmp_path / "again"
    (tmp_path / "scratch").mkdir()
    files = Files(writer.root, tmp_path / "scratch")
    photo, names, lost = (
        files.put(b"a photo"),
        files.put(b"names, salted"),
        hashlib.sha256(b"lost").hexdigest(),
    )
    writer.append([f"file {one}".encode() for one in (photo, names, lost, "../../outside")])
    for source, to in ((writer.root, root), (root, again)):
        found = mirror(Folder(source), to, policy, named, redacted)
        assert (found.files, sorted(found.missing)) == (2, sorted([lost, "../../outside"]))
        assert published(to)[file_path(names)] == b"names, salted"
    assert mirror(Folder(writer.root), root, policy, named, redacted).files == 0
    # The publisher redacts; the mirror of the mirror obeys, also where a file is still offered.
    writer.append([f"redact {names}".encode()])
    for source, to in ((writer.root, root), (root, again)):
        found = mirror(Folder(source), to, policy, named, redacted)
        assert names not in found.missing
        assert sorted(Files(to, tmp_path / "scratch").names()) == [photo]
    assert file_path(names) in published(writer.root)
    new = tmp_path / "new"
    assert mirror(Folder(writer.root), new, policy, named, redacted).files == 1
    # A file with other bytes than its name says is not taken.
    write_durably(writer.root, tmp_path / "scratch", {file_path(photo): b"another photo"})
    found = mirror(Folder(writer.root), tmp_path / "last", policy, named, redacted)
    assert "was changed" in found.missing[photo]
    with pytest.raises(LogError, match="was changed"):
        files.get(photo)
