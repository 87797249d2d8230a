"""Reading a log from an address, and asking witnesses."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from haq.errors import LogError
from haq.tlog.sources import BLOCK, Missing, Refused

#: Seconds to wait for an answer.
PATIENCE: Final = 30
#: Bytes a second; who sends more slowly for long only keeps others waiting.
_SLOWEST: Final = 1_000
#: Bytes of the body of an answer that refuses.
_REASON: Final = 2_000
_AGENT: Final = "haq (tlog-tiles)"


def _opener() -> urllib.request.OpenerDirector:
    """Open http and https and nothing else; an answer that points elsewhere is an error."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


def check_address(url: str) -> str:
    """Give back an address without a slash at its end.

    Raises:
        LogError: it is not http or https, or carries a name, a password, a query or a fragment.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        _ = parts.port
    except ValueError:
        parts = urllib.parse.urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise LogError(f"{url!r} is no address of a log; give one that begins with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise LogError("an address with a password in it would end up in logs; give one without")
    return url.rstrip("/")


def ask(url: str, most: int, body: bytes | None = None) -> tuple[int, bytes]:
    """Send a request, and follow no redirection.

    Args:
        url: http or https.
        most: bytes that the answer may have, packed or unpacked.
        body: to send with POST; GET without one.

    Returns:
        Status and body of the answer; of one that refuses, the beginning of the body.

    Raises:
        LogError: nobody answers, or the answer is too long or cut.
    """
    with _saying_why(url):
        try:
            with _open(url, body) as answer:
                return int(answer.status), b"".join(_blocks(answer, most, url))
        except urllib.error.HTTPError as error:
            # What a server says of its failure may be long: only its beginning is of use.
            with error:
                return error.code, error.read(_REASON)


def _open(url: str, body: bytes | None = None) -> http.client.HTTPResponse:
    request = urllib.request.Request(  # noqa: S310 (check_address lets only http and https through)
        url, data=body, headers={"User-Agent": _AGENT, "Accept-Encoding": "gzip, identity"}
    )
    if body is not None:
        request.add_header("Content-Type", "text/plain; charset=utf-8")
    answer: http.client.HTTPResponse = _opener().open(request, timeout=PATIENCE)
    return answer


@contextmanager
def _saying_why(url: str) -> Iterator[None]:
    try:
        yield
    # A header or an address that nobody can parse is a ValueError.
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise LogError(f"{url}: no answer ({reason}); try again later, or another mirror") from error


def _blocks(answer: http.client.HTTPResponse, most: int, url: str) -> Iterator[bytes]:
    """Give the body of an answer piece by piece, unpacked; no more than it may have."""
    packed = answer.headers.get("Content-Encoding", "").lower() == "gzip"
    unpacker = zlib.decompressobj(wbits=31) if packed else None
    size = 0
    for part in _parts(answer, most, url):
        rest = part
        while rest and not (unpacker and unpacker.eof):
            block, rest = rest, b""
            if unpacker:
                try:
                    block = unpacker.decompress(block, BLOCK)
                except zlib.error:
                    raise LogError(f"{url}: the answer is damaged; try again") from None
                rest = unpacker.unconsumed_tail
            size += len(block)
            if size > most:
                raise _too_long(url, most)
            yield block
    if unpacker and not unpacker.eof:
        raise LogError(f"{url}: the answer was cut; try again")


def _parts(answer: http.client.HTTPResponse, most: int, url: str) -> Iterator[bytes]:
    """Give the body of an answer as it comes."""
    # What does not shrink, like hashes, is a little longer when it is packed.
    room, begun, size = most + most // 1000 + 100, time.monotonic(), 0
    while part := answer.read1(min(BLOCK, room + 1 - size)):
        size += len(part)
        if size > room:
            raise _too_long(url, most)
        if time.monotonic() - begun > PATIENCE + size / _SLOWEST:
            raise LogError(f"{url}: the answer comes too slowly; try again later, or another mirror")
        yield part
    # What the answer said it would hold, and did not.
    if answer.length:
        raise LogError(f"{url}: the answer was cut; try again")


def _too_long(url: str, most: int) -> LogError:
    return LogError(f"{url}: longer than the {most} bytes that it may have")


class Address:
    """A log at an address."""

    def __init__(self, url: str) -> None:
        """Read from an address, with or without a slash at its end."""
        self.url = check_address(url)

    def __str__(self) -> str:
        """Name the address."""
        return self.url

    def get(self, path: str, most: int) -> bytes:
        """Read a file, see ``haq.tlog.sources.Source``."""
        return b"".join(self.blocks(path, most))

    def blocks(self, path: str, most: int) -> Iterator[bytes]:
        """Read a file piece by piece, see ``haq.tlog.sources.Source``."""
        url = f"{self.url}/{urllib.parse.quote(path)}"
        with _saying_why(url):
            try:
                with _open(url) as answer:
                    status = int(answer.status)
                    if status == HTTPStatus.OK:
                        yield from _blocks(answer, most, url)
            except urllib.error.HTTPError as error:
                with error:
                    status = error.code
        if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            raise Missing(f"{url}: not there")
        if status != HTTPStatus.OK:
            raise Refused(f"{url}: answered {status}; try again later, or another mirror")
