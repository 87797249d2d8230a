"""Files on their way into a mirror: never held as a whole, and kept only where they are what entries name."""

import hashlib
import json
import tracemalloc
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from haq.tlog import files

Haq = Callable[..., Result]
Serving = Callable[[Path], AbstractContextManager[str]]
MEGABYTE = 2**20


@pytest.fixture
def naming(haq: Haq, tmp_path: Path, a_copy: Callable[..., bytes]) -> Callable[..., Path]:
    """Make a log whose entries name files: ``naming({sha256: bytes that lie there})``."""

    def make(there: dict[str, bytes]) -> Path:
        log, found = tmp_path / "log", tmp_path / "found"
        found.mkdir()
        (found / "entries.jsonl").write_bytes(a_copy("1", *there))
        haq("log", "init", log, "--name", "example.org/log")
        haq("log", "append", log, found, "--key", f"{log}.key")
        (log / "files").mkdir(exist_ok=True)
        for sha256, data in there.items():
            (log / "files" / sha256).write_bytes(data)
        return log

    return make


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def mirrored(haq: Haq, source: object, to: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(haq("log", "mirror", source, to, "--json").stdout)
    # Nothing that is not whole stays behind.
    assert list((to / ".haq-mirror" / "writing").iterdir()) == []
    return found


@pytest.mark.parametrize("over", ["http", "folder"])
def test_memory_does_not_grow_with_a_file(
    haq: Haq, naming: Callable[..., Path], serving: Serving, tmp_path: Path, over: str
) -> None:
    data = bytes(64 * MEGABYTE)
    large, small = sha256_of(data), sha256_of(b"small")
    log = naming({large: data, small: b"small"})
    del data
    mirrored(haq, log, tmp_path / "before")  # what is imported at the first time is no matter of files
    with serving(log) as address:
        tracemalloc.start()
        try:
            found = mirrored(haq, address if over == "http" else log, tmp_path / "copy")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert (found["files"], found["missing"]) == (2, {})
    for name in (large, small):
        path = tmp_path / "copy" / "files" / name
        assert sha256_of(path.read_bytes()) == name
        assert path.stat().st_mode & 0o777 == 0o644
    assert peak < 16 * MEGABYTE


@pytest.mark.parametrize("over", ["http", "folder"])
def test_a_file_that_is_not_what_its_name_says_is_not_kept(
    haq: Haq, naming: Callable[..., Path], serving: Serving, tmp_path: Path, over: str
) -> None:
    right, wrong, cut, none = b"right", sha256_of(b"wrong"), bytes(3 * MEGABYTE), b""
    log = naming({sha256_of(right): right, wrong: b"other", sha256_of(cut): cut[:-1], sha256_of(none): none})
    with serving(log) as address:
        found = mirrored(haq, address if over == "http" else log, tmp_path / "copy")
    assert found["files"] == 2 and found["missing"].keys() == {wrong, sha256_of(cut)}
    assert all("was changed: its SHA-256 is no longer its name" in why for why in found["missing"].values())
    kept = {path.name: path.read_bytes() for path in (tmp_path / "copy" / "files").iterdir()}
    assert kept == {sha256_of(right): right, sha256_of(none): none}
    # Once the right one is there, it comes.
    (log / "files" / wrong).write_bytes(b"wrong")
    assert mirrored(haq, log, tmp_path / "copy")["files"] == 1
    assert (tmp_path / "copy" / "files" / wrong).read_bytes() == b"wrong"


@pytest.mark.parametrize("over", ["http", "folder"])
def test_a_file_that_is_too_long_is_not_kept(
    haq: Haq,
    naming: Callable[..., Path],
    serving: Serving,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    over: str,
) -> None:
    long, fit = bytes(MEGABYTE + 1), bytes(MEGABYTE)
    log = naming({sha256_of(long): long, sha256_of(fit): fit})
    monkeypatch.setattr(files, "LARGEST_FILE", MEGABYTE)
    with serving(log) as address:
        found = mirrored(haq, address if over == "http" else log, tmp_path / "copy")
    assert found["files"] == 1 and "longer than the 1048576 bytes" in found["missing"][sha256_of(long)]
    assert [path.name for path in (tmp_path / "copy" / "files").iterdir()] == [sha256_of(fit)]


def test_a_full_disk_leaves_what_the_mirror_held(
    haq: Haq, naming: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, copy = naming({sha256_of(b"a"): b"a"}), tmp_path / "copy"

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files, "write_blocks", fail)
        said = haq("log", "mirror", log, copy, code=2).output
    assert "No space left on device" in said and "holds its old state" in said
    assert "output" not in said and not (copy / "checkpoint").exists()
    assert mirrored(haq, log, copy)["files"] == 1
