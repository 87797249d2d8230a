"""Writing: what is refused, backups of the state that are older, and many writers at once."""

import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from haq.errors import LogError
from haq.tlog import writer as module
from haq.tlog.audit import audit
from haq.tlog.keys import SigningKey
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.state import SqliteState
from haq.tlog.verify import check_growth
from haq.tlog.writer import Writer

STATE = ".haq-log/state.sqlite3"


def entries_in(root: Path) -> list[bytes]:
    """Give the entries of a whole log."""
    reader = Reader(Folder(root))
    assert list(audit(reader)) == []
    return [entry for _, entry in reader.entries()]


def test_an_older_backup_of_the_state_makes_no_fork(
    log: Callable[..., Writer], entries: Callable[..., list[bytes]], tmp_path: Path
) -> None:
    writer = log("log", entries(100))
    backup = Path(shutil.copy(writer.root / STATE, tmp_path / "backup"))
    for size in (180, 300):
        writer.append(entries(Reader(Folder(writer.root)).checkpoint.size, size))
        before = Reader(Folder(writer.root)).checkpoint
        for again in (lambda: writer.show(), lambda: writer.open(), lambda: writer.append([])):
            shutil.copy(backup, writer.root / STATE)
            again()
            assert Reader(Folder(writer.root)).checkpoint == before
    shutil.copy(backup, writer.root / STATE)
    assert writer.append([b"next"]) == [range(300, 301)]
    after = Reader(Folder(writer.root))
    check_growth(before, after.checkpoint, after.grown_from(300))
    assert entries_in(writer.root) == [*entries(300), b"next"]


@pytest.mark.parametrize("shown", [80, 100, 120])
def test_a_shown_checkpoint_that_contradicts_the_state_is_refused(
    shown: int, log: Callable[..., Writer], entries: Callable[..., list[bytes]]
) -> None:
    writer = log("log", entries(100))
    other = log("other", [b"another", *entries(1, shown)])
    before = (writer.root / STATE).read_bytes()
    # The folder of another log under the same key, with the state of this one.
    for name in ("tile", "checkpoint"):
        if (writer.root / name).is_dir():
            shutil.rmtree(writer.root / name)
            shutil.copytree(other.root / name, writer.root / name)
        else:
            shutil.copy(other.root / name, writer.root / name)
    for act in (lambda: writer.append([b"next"]), writer.show, writer.open):
        with pytest.raises(
            LogError, match=r"do not continue each other|is not there|do not lead to the root"
        ):
            act()
    assert (writer.root / STATE).read_bytes() == before
    assert (writer.root / "checkpoint").read_bytes() == Reader(Folder(other.root)).note


def test_a_lost_state_is_not_begun_anew(
    log: Callable[..., Writer], entries: Callable[..., list[bytes]]
) -> None:
    writer = log("log", entries(10))
    (writer.root / STATE).unlink()
    for act in (lambda: writer.append([b"next"]), writer.show):
        with pytest.raises(LogError, match="bring the state back"):
            act()
    with pytest.raises(LogError, match="there is a log already"):
        writer.create()
    (writer.root / STATE).write_bytes(b"no database" * 1000)
    with pytest.raises(LogError, match=r"state\.sqlite3: damaged"):
        writer.append([b"next"])


def test_tiles_that_are_gone_are_never_shown(
    log: Callable[..., Writer], entries: Callable[..., list[bytes]]
) -> None:
    """The state alone is left: beginning the log again does not show what is not there."""
    writer = log("log", entries(10))
    shutil.rmtree(writer.root / "tile")
    (writer.root / "checkpoint").unlink()
    with pytest.raises(LogError, match="is not there"):
        writer.create()
    assert not (writer.root / "checkpoint").exists()


def test_keys_and_folders_that_do_not_belong(
    log: Callable[..., Writer], key: SigningKey, tmp_path: Path
) -> None:
    writer = log("log", [b"one"])
    for other in (SigningKey("other.example", 1, bytes(32)), SigningKey(key.public.name, 1, bytes(32))):
        with pytest.raises(LogError, match=r"not signed by|not the log of the key|is damaged"):
            Writer(writer.root, other).append([b"two"])
    with pytest.raises(LogError, match="there is no log here"):
        Writer(tmp_path / "nothing", key).append([b"one"])
    assert not (tmp_path / "nothing").exists()
    assert entries_in(writer.root) == [b"one"]


def test_batches(log: Callable[..., Writer], monkeypatch: pytest.MonkeyPatch) -> None:
    """Long streams and long entries are cut into batches; what precedes one that is too long stands."""
    monkeypatch.setattr(module, "BATCH", 300)
    monkeypatch.setattr(module, "BATCH_BYTES", 200_000)
    writer, told = log("log"), list[range]()
    few = [b"%d" % n for n in range(700)]
    assert writer.append(iter(few), told.append) == [range(300), range(300, 600), range(600, 700)] == told
    long = [bytes([n]) * 65_535 for n in range(5)]
    assert writer.append(long) == [range(700, 704), range(704, 705)]
    told.clear()
    with pytest.raises(LogError, match="65536 bytes; 65535 is the most"):
        writer.append([*long[:4], b"a", bytes(65_536)], told.append)
    assert told == [range(705, 709)]
    assert writer.append([]) == []
    assert entries_in(writer.root) == [*few, *long, *long[:4]]


def test_threads(log: Callable[..., Writer], key: SigningKey) -> None:
    root = log("log").root

    def work(name: int) -> list[tuple[range, list[bytes]]]:
        batches = [[b"%d %d %d" % (name, turn, n) for n in range(7 * name + turn)] for turn in range(1, 16)]
        return [(Writer(root, key).append(batch)[0], batch) for batch in batches]

    with ThreadPoolExecutor(3) as pool:
        done = [one for some in pool.map(work, range(1, 4)) for one in some]
    held = entries_in(root)
    assert sum(len(batch) for _, batch in done) == len(held)
    for places, batch in done:
        assert held[places.start : places.stop] == batch


def test_swap_takes_what_it_expects_and_nothing_else(tmp_path: Path) -> None:
    state = SqliteState(tmp_path / "state")
    with state.hold() as held:
        held.swap(-1, 0, b"first")
    for old in (-1, 1):
        with pytest.raises(LogError, match="quicker"), state.hold() as held:
            held.swap(old, 2, b"second")
    with pytest.raises(ZeroDivisionError), state.hold() as held:
        held.swap(0, 3, b"undone")
        1 / 0  # noqa: B018 (anything that fails)
    with state.hold() as held:
        assert held.checkpoint() == b"first"


def test_who_waits_too_long_is_told(log: Callable[..., Writer], monkeypatch: pytest.MonkeyPatch) -> None:
    writer = log("log")
    monkeypatch.setattr("haq.tlog.state._PATIENCE", 0)
    other = sqlite3.connect(writer.root / STATE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LogError, match="locked; see whether another writer is at work"):
        writer.append([b"one"])
    other.close()
    assert writer.append([b"one"]) == [range(1)]


def test_what_is_left_of_dead_writers_is_removed(log: Callable[..., Writer]) -> None:
    writer = log("log")
    (writer.root / ".haq-log" / "writing" / "tmpdead").write_bytes(b"half a tile")
    beside = writer.root / ".haq-log" / "scratch" / "somebody-s"
    beside.write_bytes(b"half a photo")
    writer.append([b"one"])
    assert not list((writer.root / ".haq-log" / "writing").iterdir())
    assert beside.exists()
    assert (writer.root / ".haq-log").stat().st_mode & 0o777 == 0o700


def test_partial_tiles_go_when_the_full_one_is_there(
    log: Callable[..., Writer], entries: Callable[..., list[bytes]]
) -> None:
    writer = log("log", entries(200))
    older = Reader(Folder(writer.root))
    writer.append(entries(200, 255))
    writer.append(entries(255, 520))
    names = {str(p.relative_to(writer.root)) for p in (writer.root / "tile").rglob("*") if p.is_file()}
    assert names == {
        *(f"tile/{kind}/{n:03}" for kind in ("0", "entries") for n in (0, 1)),
        "tile/0/002.p/8",
        "tile/entries/002.p/8",
        "tile/1/000.p/2",
    }
    # Who still holds an older checkpoint reads the full ones.
    assert list(audit(Reader(Folder(writer.root), older.note))) == []
    assert older.entry(199) == entries(199, 200)[0]
