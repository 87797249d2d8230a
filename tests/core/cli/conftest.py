"""Logs, witnesses and a small election that the tests of the commands share."""

import functools
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from haq.cli import app
from haq.entries import CopyEntry, RetractionEntry, decode, digest, encode, withdrawn
from haq.tlog.keys import COSIGNATURE, SigningKey, VerifierKey
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.witness import Witness
from haq.tlog.witness_server import WitnessServer

Haq = Callable[..., Result]


@pytest.fixture
def haq() -> Haq:
    """Run a command; what it raises is raised."""

    def run(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(app, [str(a) for a in arguments], env={"LC_ALL": "C.UTF-8"})
        assert result.exit_code == code, result.output
        return result

    return run


def copy_line(unit: str, *files: str) -> bytes:
    """Write the line of a copy of a station."""
    entry = CopyEntry(
        election="e",
        contest="c",
        level="station",
        unit=unit,
        organisation="o",
        source="s",
        row=1,
        files=files,
    )
    return encode(entry) + b"\n"


@pytest.fixture
def a_copy() -> Callable[..., bytes]:
    """Write the line of a copy: its station, then SHA-256 of its files."""
    return copy_line


@pytest.fixture
def source(tmp_path: Path, picture: Callable[..., bytes]) -> Path:
    """Entries of which one names a photograph that is there, and one a photograph that is not."""
    photograph = picture()
    sha256 = hashlib.sha256(photograph).hexdigest()
    folder = tmp_path / "found"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / f"{sha256}.png").write_bytes(photograph)
    files = {7: (sha256,), 8: ("0" * 64,)}
    lines = [copy_line(str(n), *files.get(n, ())) for n in range(300)]
    (folder / "entries.jsonl").write_bytes(b"".join(lines))
    return folder


@pytest.fixture
def log(haq: Haq, source: Path, tmp_path: Path) -> Path:
    """A log with entries; its key lies beside it."""
    folder = tmp_path / "log"
    haq("log", "init", folder, "--name", "example.org/log")
    haq("log", "append", folder, source, "--key", f"{folder}.key")
    return folder


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Callable[[Path], list[WitnessServer]]]:
    """Let three witnesses on loopback watch a log; its policy then names them and asks for two of them."""
    servers: list[WitnessServer] = []

    def watch(log: Path) -> list[WitnessServer]:
        line = (log / "policy").read_text(encoding="utf-8").splitlines()[0]
        key = VerifierKey.read(line.removeprefix("log "))
        lines = [line]
        for n in range(3):
            own = SigningKey(f"w{n}.example", COSIGNATURE, bytes([n + 1]) * 32)
            witness = Witness(own, [key], tmp_path / f"w{n}.sqlite3", lambda: int(time.time()))
            server = WitnessServer(witness, "127.0.0.1", 0)
            Thread(target=server.serve_forever, daemon=True).start()
            servers.append(server)
            lines.append(f"witness w{n} {own.public} {server.url}")
        text = "\n".join([*lines, "group two 2 w0 w1 w2", "quorum two", ""])
        (log / "policy").write_text(text, encoding="utf-8")
        return servers

    yield watch
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def witnesses(log: Path, watched: Callable[[Path], list[WitnessServer]]) -> list[WitnessServer]:
    """Three witnesses of the log."""
    return watched(log)


@pytest.fixture
def serving() -> Callable[[Path], AbstractContextManager[str]]:
    """Serve a folder on loopback while a block runs; gives the address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    @contextmanager
    def serve(folder: Path) -> Iterator[str]:
        handler = functools.partial(Quiet, directory=str(folder))
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_address[1]}"
            finally:
                server.shutdown()
                thread.join()

    return serve


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk in this process: no test cuts the power."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask servers on loopback themselves."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


ELECTION = """
format = 1
key = "village"
title = { en = "Village" }
date = 2021-01-10
law = "kz-majilis-2021"
[contests.lists.choices]
a = { name = { kk = "Әліппе", ru = "Азбука", en = "Alphabet" } }
b = { name = { en = "Bee" } }
[organisations.o]
name = { en = "Observers" }
ties = []
[sources.declared]
kind = "official"
file = "declared.csv"
[sources.declared.columns]
station = "s"
a = "a"
b = "b"
[sources.seen]
kind = "copies"
organisation = "o"
file = "seen.csv"
[sources.seen.columns]
station = "s"
a = "a"
b = "b"
photo = "photo"
"""


@pytest.fixture
def election(tmp_path: Path, picture: Callable[..., bytes]) -> Path:
    """An election of three stations; the copies of two of them, one with a photograph."""
    folder = tmp_path / "village"
    folder.mkdir()
    (folder / "election.toml").write_text(ELECTION, "utf-8")
    (folder / "declared.csv").write_text("s,a,b\n1,30,5\n2,7,8\n3,1,2\n", "utf-8")
    (folder / "seen.csv").write_text("s,a,b,photo\n1,20,5,one.png\n2,7,8,\n", "utf-8")
    (folder / "one.png").write_bytes(picture())
    return folder


@pytest.fixture
def village(haq: Haq, election: Path, tmp_path: Path) -> Path:
    """A log of that election; what it was appended from lies in ``found``."""
    folder = tmp_path / "public"
    haq("log", "init", folder, "--name", "example.org/village", "--key", tmp_path / "key")
    haq("check", election, "--out", tmp_path / "found")
    haq("log", "append", folder, tmp_path / "found", "--key", tmp_path / "key")
    return folder


@pytest.fixture
def command(haq: Haq, village: Path, tmp_path: Path) -> Callable[..., Any]:
    """Run a command on the log of the village, and give its JSON, or what it said where it refused."""

    def run(name: str, *arguments: object, code: int = 0) -> Any:
        result = haq("log", name, village, *arguments, "--key", tmp_path / "key", "--json", code=code)
        return json.loads(result.stdout) if code == 0 else result.output

    return run


def entries(log: Path) -> list[bytes]:
    return [data for _, data in Reader(Folder(log)).entries()]


def trees(log: Path, kind: str) -> list[dict[str, Any]]:
    return [tree for data in entries(log) if (tree := json.loads(data))["kind"] == kind]


def standing(log: Path) -> set[bytes]:
    """Entries that are not withdrawn, without those about other entries."""
    lines = entries(log)
    found = {digest(line): e for line in lines if isinstance(e := decode(line), RetractionEntry)}
    taken_back = withdrawn({key: entry.retracts for key, entry in found.items()})
    return {line for line in lines if digest(line) not in taken_back and digest(line) not in found}
