"""A full disk while entries are added: the message says what is in the log, and that is so."""

import errno
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from haq.tlog import durable, writer
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder

Haq = Callable[..., Result]
Full = Callable[[Callable[[Path], bool]], AbstractContextManager[None]]
NOTHING = "Nothing was added to the log; once there is room, it is safe to run the same command again"


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Full:
    """Let the disk have no room, while a block runs, for files of which a function says so."""
    write = durable._write

    @contextmanager
    def fill(hit: Callable[[Path], bool]) -> Any:
        def fail(path: Path, *others: Any) -> None:
            if hit(path):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            write(path, *others)

        with monkeypatch.context() as patch:
            patch.setattr(durable, "_write", fail)
            yield

    return fill


def entries(log: Path) -> list[bytes]:
    return [data for _, data in Reader(Folder(log)).entries()]


def said(result: Result) -> str:
    assert result.output.count("\n") == 1 and "output cannot be written" not in result.output
    return result.output


def is_tile(path: Path) -> bool:
    return "tile" in path.parts


@pytest.fixture
def empty(haq: Haq, tmp_path: Path) -> tuple[str, ...]:
    """The words of a command that appends to a log without entries."""
    haq("log", "init", tmp_path / "log", "--name", "example.org/log", "--key", tmp_path / "key")
    return ("log", "append", f"{tmp_path / 'log'}", f"{tmp_path / 'found'}", "--key", f"{tmp_path / 'key'}")


@pytest.mark.parametrize("hit", [is_tile, lambda path: path.parent.name == "files"], ids=["tiles", "files"])
def test_nothing_was_added(
    haq: Haq, source: Path, empty: tuple[str, ...], tmp_path: Path, full: Full, hit: Callable[[Path], bool]
) -> None:
    with full(hit):
        text = said(haq(*empty, code=2))
    assert NOTHING in text and "No space left on device" in text
    assert entries(tmp_path / "log") == []
    haq(*empty)
    assert entries(tmp_path / "log") == (source / "entries.jsonl").read_bytes().splitlines()


def test_nothing_was_added_where_the_state_has_no_room(
    haq: Haq, source: Path, empty: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
            if sql.startswith("UPDATE"):
                raise sqlite3.OperationalError("database or disk is full")
            return super().execute(sql, *args)

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda *a, **named: connect(*a, **named, factory=Connection))
        text = said(haq(*empty, code=2))
    assert NOTHING in text and "disk is full" in text
    assert entries(tmp_path / "log") == []
    haq(*empty)
    assert len(entries(tmp_path / "log")) == 300


def test_the_batches_before_are_in_the_log(
    haq: Haq,
    source: Path,
    empty: tuple[str, ...],
    tmp_path: Path,
    full: Full,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer, "BATCH", 100)
    with full(lambda path: is_tile(path) and len(entries(tmp_path / "log")) == 200):
        text = said(haq(*empty, code=2))
    assert "entries 0 to 199 are in the log; run the same command again: it adds only what is not" in text
    assert len(entries(tmp_path / "log")) == 200
    assert json.loads(haq(*empty, "--json").stdout)["appended"] == 100
    assert entries(tmp_path / "log") == (source / "entries.jsonl").read_bytes().splitlines()


def test_a_batch_that_is_not_shown_is_in_the_log(
    haq: Haq,
    source: Path,
    empty: tuple[str, ...],
    tmp_path: Path,
    full: Full,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer, "BATCH", 200)
    with full(lambda path: path.name == "checkpoint"):
        text = said(haq(*empty, code=2))
    assert "entries 0 to 199 are in the log, but the newest checkpoint could not be published" in text
    assert "Run the same command again once there is room" in text
    assert json.loads(haq(*empty, "--json").stdout)["appended"] == 100
    assert entries(tmp_path / "log") == (source / "entries.jsonl").read_bytes().splitlines()


def test_what_follows_an_append_is_told_apart_from_it(
    haq: Haq, source: Path, empty: tuple[str, ...], tmp_path: Path, full: Full
) -> None:
    """Why a file is not there is noted when the entries are in the log already."""
    (source / "files" / ("0" * 64)).with_suffix(".bin").write_bytes(b"of no kind that can be looked into")
    with full(lambda path: path.name == "held-back.json"):
        text = said(haq(*empty, code=2))
    assert "entries 0 to 299 are in the log; run the same command again" in text
    assert json.loads(haq(*empty, "--json").stdout)["appended"] == 0


@pytest.mark.parametrize(
    "command",
    [
        ("retract", "3", "--reason", "x"),
        ("commit", "{}/found/entries.jsonl", "--about", "x", "--secret", "{}/salt"),
    ],
    ids=lambda command: command[0],
)
def test_other_commands_say_it_too(
    haq: Haq, village: Path, tmp_path: Path, full: Full, command: tuple[str, ...]
) -> None:
    name, *rest = (one.format(tmp_path) for one in command)
    arguments = ("log", name, village, *rest, "--key", tmp_path / "key")
    before = len(entries(village))
    with full(is_tile):
        assert NOTHING in said(haq(*arguments, code=2))
    assert len(entries(village)) == before
    haq(*arguments)
    assert len(entries(village)) == before + 1


def test_a_retraction_that_is_not_shown_is_not_said_twice(
    haq: Haq, village: Path, tmp_path: Path, full: Full
) -> None:
    arguments = ("log", "retract", village, 3, "--reason", "x", "--key", tmp_path / "key")
    with full(lambda path: path.name == "checkpoint"):
        text = said(haq(*arguments, code=2))
    assert "Do not append them again; publish it with: haq log checkpoint" in text
    before = len(entries(village))
    haq("log", "checkpoint", village, "--key", tmp_path / "key")
    assert len(entries(village)) == before + 1


def test_half_a_salt_does_not_stand_in_the_way(
    haq: Haq, village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, salt = tmp_path / "found" / "entries.jsonl", tmp_path / "salt"
    arguments = ("log", "commit", village, data, "--about", "x", "--secret", salt, "--key", tmp_path / "key")

    def fail(handle: int) -> None:
        if salt.exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        assert NOTHING in said(haq(*arguments, code=2))
    assert not salt.exists()
    haq(*arguments)
