"""Every write that can fail, failing: what is shown never names what is not there, and work goes on."""

import errno
import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from haq.errors import LogError
from haq.tlog.audit import audit
from haq.tlog.keys import SigningKey
from haq.tlog.mirror import mirror
from haq.tlog.policies import Policy
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.verify import check_growth
from haq.tlog.writer import NotShown, Writer

CALLS = ("write", "fsync", "replace", "mkdir", "fchmod", "open")


class Disk:
    """Counts what is asked of the disk, and lets one call fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = -1
        for name in CALLS:
            monkeypatch.setattr(os, name, self._failing(name, getattr(os, name)))
        disk, connect = self, sqlite3.connect

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
                if disk.fails():
                    raise sqlite3.OperationalError("database or disk is full")
                # What a test of failures needs is not to wait for the disk.
                return super().execute(sql.replace("EXTRA", "OFF"), *args)

        monkeypatch.setattr(
            sqlite3, "connect", lambda *args, **named: connect(*args, **named, factory=Connection)
        )

    def fails(self) -> bool:
        """Tell whether this call is the one."""
        self.left -= 1
        return self.left == -1

    def _failing(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def fail(*args: Any) -> NoReturn:
            if name == "write":
                # What still had room is written.
                call(args[0], args[1][: len(args[1]) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def counted(*args: Any, **named: Any) -> Any:
            return fail(*args) if self.fails() else call(*args, **named)

        return counted


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch, no_waiting: None) -> Disk:
    """A disk that fails when it is told to."""
    return Disk(monkeypatch)


def each(base: Path, out: Path) -> Iterator[tuple[int, Path]]:
    """Give a copy of a folder for every call that may fail."""
    for step in itertools.count():
        shutil.copytree(base, out / str(step))
        yield step, out / str(step)


def test_append(
    disk: Disk, log: Callable[..., Writer], entries: Callable[..., list[bytes]], tmp_path: Path
) -> None:
    base = log("log", entries(250))
    first, new = Reader(Folder(base.root)).checkpoint, entries(300, 320)
    outcomes = set()
    for step, root in each(base.root, tmp_path / "each"):
        writer, told = Writer(root, base.key), list[range]()
        disk.left = step
        try:
            writer.append(new, told.append)
            outcome = "appended"
        except NotShown as error:
            outcome, told = "not shown", [error.places]
        except (OSError, LogError):
            outcome = "refused"
        done = disk.left >= 0
        disk.left = -1
        outcomes.add(outcome)
        assert told == ([] if outcome == "refused" else [range(250, 270)])
        shown = Reader(Folder(root))
        assert list(audit(shown)) == []
        assert shown.checkpoint.size == (270 if outcome == "appended" else 250) or outcome == "not shown"
        place = 250 + 20 * bool(told)
        if step % 2:
            assert writer.append([b"next"]) == [range(place, place + 1)]
        else:
            Writer(root, base.key).show()
        reader = Reader(Folder(root))
        assert reader.checkpoint.size == place + step % 2
        assert list(audit(reader)) == []
        assert [entry for _, entry in reader.entries(0, place)] == [*entries(250), *(new if told else ())]
        for old in (first, shown.checkpoint):
            check_growth(old, reader.checkpoint, reader.grown_from(old.size))
        shutil.rmtree(root)
        if done:
            break
    assert outcomes == {"appended", "not shown", "refused"}
    assert step > 40


def test_create(disk: Disk, key: SigningKey, tmp_path: Path) -> None:
    for step in itertools.count():
        writer = Writer(tmp_path / str(step), key)
        disk.left = step
        try:
            writer.create()
            failed = False
        except (OSError, LogError):
            failed = True
        done = disk.left >= 0
        disk.left = -1
        if failed and not (writer.root / "checkpoint").exists():
            writer.create()
        assert writer.append([b"one"]) == [range(1)]
        assert list(audit(Reader(Folder(writer.root)))) == []
        if done:
            break
    assert step > 10


def test_mirror(
    disk: Disk,
    log: Callable[..., Writer],
    entries: Callable[..., list[bytes]],
    policy: Policy,
    tmp_path: Path,
) -> None:
    writer = log("log", entries(250))
    source = Folder(writer.root)
    mirror(source, tmp_path / "base", policy)
    before = (tmp_path / "base" / "checkpoint").read_bytes()
    writer.append(entries(250, 270))
    for step, root in each(tmp_path / "base", tmp_path / "each"):
        disk.left = step
        try:
            mirror(source, root, policy)
            failed = False
        except (OSError, LogError):
            failed = True
        done = disk.left >= 0
        disk.left = -1
        # The last steps after the checkpoint was replaced only make it last.
        assert failed or Reader(Folder(root)).checkpoint.size == 270
        assert (root / "checkpoint").read_bytes() in (before, Reader(source).note)
        assert list(audit(Reader(Folder(root)))) == []
        assert mirror(source, root, policy).signed.checkpoint.size == 270
        assert list(audit(Reader(Folder(root)))) == []
        assert not list((root / ".haq-mirror" / "writing").iterdir())
        shutil.rmtree(root)
        if done:
            break
    assert step > 30


def test_a_disk_that_takes_little_at_a_time(
    log: Callable[..., Writer], entries: Callable[..., list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system may take less than it is given, and says how much."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:100]))
    reader = Reader(Folder(log("log", entries(300)).root))
    assert list(audit(reader)) == []
    assert [entry for _, entry in reader.entries()] == entries(300)


def test_a_disk_that_is_really_full(key: SigningKey, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(small)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here; that needs Linux and its administrator")
    try:
        (small / "other").write_bytes(bytes(100_000))
        writer, size, refusals = Writer(small / "log", key), 0, 0
        writer.create()
        while refusals < 5:
            try:
                (places,) = writer.append([f"{size} ".encode() * 40 for _ in range(50)])
                size = places.stop
            except NotShown as error:
                size = error.places.stop
                refusals += 1
            except (OSError, LogError):
                refusals += 1
            reader = Reader(Folder(writer.root))
            assert list(audit(reader)) == []
        assert size > 100
        (small / "other").unlink()
        assert writer.append([b"there is room again"]) == [range(size, size + 1)]
        assert list(audit(Reader(Folder(writer.root)))) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)
