"""Logs, keys and policies that the tests of the log share."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from haq.tlog.keys import COSIGNATURE, ED25519, SigningKey
from haq.tlog.notes import sign_text
from haq.tlog.policies import Policy
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.writer import Writer

Handler = type[BaseHTTPRequestHandler]


def seeded(name: str, kind: int) -> SigningKey:
    """Make a key that is the same in every run."""
    return SigningKey(name, kind, hashlib.sha256(f"{name} {kind}".encode()).digest())


@pytest.fixture(scope="session")
def key() -> SigningKey:
    """The key of a log."""
    return seeded("haq.example/log", ED25519)


@pytest.fixture(scope="session")
def witness_keys() -> list[SigningKey]:
    """The keys of three witnesses."""
    return [seeded(f"witness{n}.example", COSIGNATURE) for n in range(3)]


@pytest.fixture(scope="session")
def policy(key: SigningKey) -> Policy:
    """A policy that asks for no witness."""
    return Policy.read(f"log {key.public}\nquorum none\n".encode())


@pytest.fixture(scope="session")
def policy_of_two(key: SigningKey, witness_keys: list[SigningKey]) -> Policy:
    """A policy that asks for two of three witnesses."""
    lines = [f"log {key.public}", *(f"witness w{n} {w.public}" for n, w in enumerate(witness_keys))]
    return Policy.read("\n".join([*lines, "group g 2 w0 w1 w2", "quorum g", ""]).encode())


@pytest.fixture(scope="session")
def entries() -> Callable[..., list[bytes]]:
    """Give entries of a log: ``entries(count)`` or ``entries(begin, end)``, of different lengths."""

    def make(begin: int, end: int | None = None) -> list[bytes]:
        places = range(begin) if end is None else range(begin, end)
        return [f"entry {place} ".encode() * (place % 7) for place in places]

    return make


@pytest.fixture
def log(tmp_path: Path, key: SigningKey) -> Callable[..., Writer]:
    """Begin a log in a folder and append entries: ``log("name", entries)``."""

    def make(name: str, entries: Sequence[bytes] = ()) -> Writer:
        writer = Writer(tmp_path / name, key)
        writer.create()
        writer.append(entries)
        return writer

    return make


@pytest.fixture(scope="session")
def cosign(witness_keys: list[SigningKey]) -> Callable[..., bytes]:
    """Put signatures of the first witnesses under the checkpoint of a log, without asking what they saw."""

    def sign(writer: Writer, witnesses: int) -> bytes:
        reader = Reader(Folder(writer.root))
        text = reader.note.partition(b"\n\n")[0] + b"\n"
        signatures = [sign_text(text, key, 1_700_000_000) for key in witness_keys[:witnesses]]
        return writer.add_signatures(reader.checkpoint.size, signatures)

    return sign


@pytest.fixture(scope="session")
def serving() -> Callable[[Handler], object]:
    """Serve with a handler on loopback while a block runs; gives the address."""

    @contextmanager
    def serve(handler: Handler) -> Iterator[str]:
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
