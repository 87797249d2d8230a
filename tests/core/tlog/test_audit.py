"""Tampering, whatever is changed: the audit names the file, and the entry where it can."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from haq.errors import LogError
from haq.tlog.audit import audit
from haq.tlog.merkle import leaf_hash, root_of
from haq.tlog.policies import Policy
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.tiles import pack
from haq.tlog.verify import check_proof
from haq.tlog.writer import Writer


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, key: object, entries: Callable[..., list[bytes]]
) -> Writer:
    """A log of 700 entries that no test changes."""
    writer = Writer(tmp_path_factory.mktemp("whole") / "log", key)  # type: ignore[arg-type]
    writer.create()
    writer.append(entries(700))
    return writer


@pytest.fixture
def root(whole: Writer, tmp_path: Path) -> Path:
    """A copy of that log, to be changed."""
    return Path(shutil.copytree(whole.root, tmp_path / "copy"))


def found(root: Path) -> list[tuple[str, str, tuple[int, ...]]]:
    """Audit a log."""
    return [(damage.code, damage.path, damage.entries) for damage in audit(Reader(Folder(root)))]


def forge(entries: Callable[..., list[bytes]], places: Iterable[int], begin: int = 256) -> list[bytes]:
    """Give the entries of a bundle, some of them changed."""
    return [
        b"forged" if place in places else entry
        for place, entry in enumerate(entries(begin, begin + 256), begin)
    ]


BUNDLE, TILE, UPPER = "tile/entries/001", "tile/0/001", "tile/1/000.p/2"


def test_a_whole_log_has_no_damage(root: Path) -> None:
    told: list[tuple[int, int]] = []
    assert list(audit(Reader(Folder(root)), lambda done, size: told.append((done, size)))) == []
    assert told == [(256, 700), (512, 700), (700, 700)]


def test_a_changed_entry(root: Path, entries: Callable[..., list[bytes]], key: object) -> None:
    (root / BUNDLE).write_bytes(pack(forge(entries, {300, 301})))
    assert found(root) == [("entry-changed", BUNDLE, (300, 301))]
    reader = Reader(Folder(root))
    with pytest.raises(LogError, match="entry 300 is not what the tree holds"):
        reader.entry(300)
    assert reader.entry(302) == entries(302, 303)[0]
    policy = Policy.read(f"log {key.public}\nquorum none\n".encode())  # type: ignore[attr-defined]
    with pytest.raises(LogError, match="does not lead"):
        check_proof(reader.prove(300), b"forged", policy)


def test_a_changed_entry_with_its_tile(root: Path, entries: Callable[..., list[bytes]]) -> None:
    changed = forge(entries, {300})
    (root / BUNDLE).write_bytes(pack(changed))
    (root / TILE).write_bytes(b"".join(map(leaf_hash, changed)))
    assert found(root) == [("entry-changed", BUNDLE, ())]


def test_a_changed_entry_with_all_tiles(root: Path, entries: Callable[..., list[bytes]]) -> None:
    changed = forge(entries, {300})
    leaves = list(map(leaf_hash, changed))
    (root / BUNDLE).write_bytes(pack(changed))
    (root / TILE).write_bytes(b"".join(leaves))
    (root / UPPER).write_bytes((root / UPPER).read_bytes()[:32] + root_of(leaves))
    assert found(root) == [("root-changed", "checkpoint", ())]


def test_changed_tiles(root: Path, entries: Callable[..., list[bytes]]) -> None:
    (root / TILE).write_bytes(b"".join(map(leaf_hash, forge(entries, {300}))))
    assert found(root) == [("tile-changed", TILE, ())]
    (root / UPPER).write_bytes(bytes(64))
    assert found(root) == [("tile-changed", TILE, ()), ("tile-changed", UPPER, ())]


def test_an_entry_and_another_tile(root: Path, entries: Callable[..., list[bytes]]) -> None:
    """Neither all entries nor all tiles lead to the root; the second level does."""
    (root / BUNDLE).write_bytes(pack(forge(entries, {300})))
    (root / "tile/0/000").write_bytes(b"".join(map(leaf_hash, forge(entries, {7}, 0))))
    assert found(root) == [("tile-changed", "tile/0/000", ()), ("entry-changed", BUNDLE, (300,))]


def test_the_last_partial_bundle(root: Path, entries: Callable[..., list[bytes]]) -> None:
    last = "tile/entries/002.p/188"
    changed = [*entries(512, 699), b"forged"]
    (root / last).write_bytes(pack(changed))
    assert found(root) == [("entry-changed", last, (699,))]
    (root / last).write_bytes(pack(changed[:-1]))
    assert found(root) == [("entry-removed", last, (699,))]


@pytest.mark.parametrize("path", [BUNDLE, TILE, UPPER, "tile/entries/002.p/188", "tile/0/002.p/188"])
def test_missing_and_cut_files(root: Path, path: str) -> None:
    data = (root / path).read_bytes()
    (root / path).unlink()
    assert found(root) == [("missing", path, ())]
    for cut in (b"", data[:-1], data[:-32], data + b"\x00"):
        (root / path).write_bytes(cut)
        assert found(root) == [("damaged", path, ())]
    (root / path).unlink()
    (root / path).mkdir()
    assert found(root) == [("damaged", path, ())]
    (root / path).rmdir()
    (root / path).symlink_to("/dev/zero")
    assert found(root) == [("damaged", path, ())]


def test_a_removed_entry(root: Path, entries: Callable[..., list[bytes]]) -> None:
    (root / BUNDLE).write_bytes(pack(entries(257, 512)))
    assert found(root) == [("entry-removed", BUNDLE, (256,))]
    (root / BUNDLE).write_bytes(pack([*entries(256, 300), *entries(302, 512)]))
    assert found(root) == [("entry-removed", BUNDLE, (300, 301))]
    # Another one changed, or one too many: nobody can tell then what was taken out.
    for others in ([b"forged", *entries(258, 512)], [*entries(256, 512), b"forged"]):
        (root / BUNDLE).write_bytes(pack(others))
        assert found(root) == [("damaged", BUNDLE, ())]
    (root / BUNDLE).write_bytes(pack(entries(257, 513)))
    assert found(root)[0][:2] == ("entry-changed", BUNDLE)


def test_a_missing_bundle_does_not_hide_a_changed_tile(
    root: Path, entries: Callable[..., list[bytes]]
) -> None:
    (root / BUNDLE).unlink()
    (root / TILE).write_bytes(b"".join(map(leaf_hash, forge(entries, {300}))))
    codes = [(code, path) for code, path, _ in found(root)]
    assert ("missing", BUNDLE) in codes
    assert len(codes) == 2


@pytest.mark.parametrize("path", ["tile/0/002.p/188", UPPER, "tile/entries/002.p/188"])
@pytest.mark.parametrize("cut", [0, 1, 32])
def test_a_writer_does_not_go_on_from_a_damaged_edge(
    root: Path, path: str, cut: int, whole: Writer, entries: Callable[..., list[bytes]]
) -> None:
    data = (root / path).read_bytes()
    before = (root / "checkpoint").read_bytes()
    changes = [data[: len(data) - cut] if cut else b"", data[:-1] + bytes([data[-1] ^ 1])]
    for changed in changes:
        (root / path).write_bytes(changed)
        named = path if len(changed) != len(data) else f"{path}|do not lead to the root"
        with pytest.raises(LogError, match=named):
            Writer(root, whole.key).append([b"more"])
        assert (root / "checkpoint").read_bytes() == before
    (root / path).unlink()
    with pytest.raises(LogError, match=path):
        Writer(root, whole.key).append([b"more"])
    (root / path).write_bytes(data)
    assert Writer(root, whole.key).append([b"more"]) == [range(700, 701)]
