"""Reading from servers that lie, cut and wait: one clear error, and never more bytes than there may be."""

import functools
import gzip
import http.server
import random
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from haq.errors import LogError
from haq.tlog import http as module
from haq.tlog.audit import audit
from haq.tlog.http import Address, check_address
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder, Missing
from haq.tlog.writer import Writer


@contextmanager
def answering(*pieces: bytes) -> Iterator[Address]:
    """Answer any request with these bytes and hang up."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            for piece in pieces:
                try:
                    self.wfile.write(piece)
                    self.wfile.flush()
                except OSError:
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield Address(f"http://127.0.0.1:{server.server_address[1]}/")
        finally:
            server.shutdown()
            thread.join()


OK = b"HTTP/1.1 200 OK\r\n"
BOMB = gzip.compress(bytes(50_000_000), mtime=0)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "no answer"),
        (b"nonsense\r\n\r\n", "no answer"),
        (OK + b"Content-Length: 100\r\n\r\nshort", "cut"),
        (OK + b"Content-Length: 99999999999999999999\r\n\r\nshort", "cut"),
        (OK + b"Content-Length: 5000\r\n\r\n" + bytes(5000), "longer than the 1000 bytes"),
        (OK + b"\r\n" + bytes(5000), "longer than the 1000 bytes"),
        (OK + b"Content-Length: \xb2\r\n\r\n" + bytes(5000), "longer than the 1000 bytes"),
        (OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n" + bytes(5000), "longer than the 1000 bytes"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nsho", "no answer"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nshort", "no answer"),
        (OK + b"X: " + b"y" * 70_000 + b"\r\n\r\nshort", "no answer"),
        (OK + b"Content-Encoding: gzip\r\n\r\n" + BOMB, "longer than the 1000 bytes"),
        (
            OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(5000), mtime=0),
            "longer than the 1000 bytes",
        ),
        (OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"whole", mtime=0)[:-3], "cut"),
        (OK + b"Content-Encoding: gzip\r\n\r\nno gzip", "damaged"),
        (b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n", "answered 302"),
        (b"HTTP/1.1 301 Moved\r\nLocation: file:///etc/passwd\r\n\r\n", "answered 301"),
        (b"HTTP/1.1 308 Moved\r\nLocation: http://[bad\r\n\r\n", "308|no answer"),
        (b"HTTP/1.1 206 Partial\r\nContent-Length: 5\r\n\r\nshort", "answered 206"),
        (b"HTTP/1.1 500 Sorry\r\n\r\n" + bytes(100_000), "answered 500"),
    ],
)
def test_wrong_answers(answer: bytes, why: str) -> None:
    with answering(answer) as address, pytest.raises(LogError, match=why) as error:
        address.get("checkpoint", 1000)
    assert not isinstance(error.value, Missing)
    assert len(str(error.value)) < 500


@pytest.mark.parametrize(
    "answer",
    [
        b"Content-Length: 5\r\n\r\nwhole",
        b"\r\nwhole",
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nwho\r\n2\r\nle\r\n0\r\n\r\n",
        b"Content-Encoding: GZIP\r\n\r\n" + gzip.compress(b"whole", mtime=0),
    ],
)
def test_right_answers(answer: bytes) -> None:
    with answering(OK + answer) as address:
        assert address.get("checkpoint", 5) == b"whole"


def test_a_tile_that_does_not_shrink_comes_packed() -> None:
    tile = random.Random(1).randbytes(8192)
    packed = gzip.compress(tile, mtime=0)
    assert len(packed) > len(tile)
    with answering(OK + b"Content-Encoding: gzip\r\n\r\n" + packed) as address:
        assert address.get("tile/0/000", 8192) == tile


@pytest.mark.parametrize("status", [b"404 Not Found", b"410 Gone"])
def test_what_is_not_there_is_missing_however_long_the_page_that_says_so(status: bytes) -> None:
    page = b"HTTP/1.1 " + status + b"\r\nContent-Length: 50000\r\n\r\n" + b"<p>Lost?</p>" * 5000
    with answering(page) as address, pytest.raises(Missing):
        address.get("tile/0/000.p/5", 160)


def test_who_sends_too_slowly_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10**9, 1000))
    monkeypatch.setattr(module.time, "monotonic", lambda: next(clock))
    with answering(OK + b"\r\n", b"x" * 900) as address, pytest.raises(LogError, match="too slowly"):
        address.get("checkpoint", 1000)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "log.example",
        "ftp://log.example",
        "file:///etc/passwd",
        "https://",
        "https://name:word@log.example",
        "https://log.example/?q",
        "https://log.example/#f",
        "https://[log.example",
        "https://log.example:port/",
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(LogError):
        check_address(url)


def test_an_address_nobody_can_ask() -> None:
    for url in (
        "http://127.0.0.1:1/",
        "http://127.0.0.1:1/\u0448\u04d9",
        f"http://{'a' * 300}.example/",
        "http://a b/",
    ):
        with pytest.raises(LogError):
            Address(url).get("checkpoint", 10)


def test_a_log_is_read_from_a_plain_server(
    log: Callable[..., Writer], entries: Callable[..., list[bytes]], serving: Callable[..., Any]
) -> None:
    writer = log("log", entries(600))

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    old = Reader(Folder(writer.root))
    writer.append(entries(600, 800))
    with serving(functools.partial(Quiet, directory=str(writer.root))) as address:
        remote = Reader(Address(address))
        assert list(audit(remote)) == []
        assert [entry for _, entry in remote.entries()] == entries(800)
        assert remote.prove(555) == Reader(Folder(writer.root)).prove(555)
        # An older checkpoint is served by full tiles where its partial ones are gone.
        assert not Path(writer.root, "tile/0/002.p/88").exists() or old.checkpoint.size == 600
        assert list(audit(Reader(Address(address), old.note))) == []
