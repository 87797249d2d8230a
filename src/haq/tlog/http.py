"""Reading a log from an address, and asking witnesses."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from typing import Final

from haq.errors import LogError
from haq.tlog.sources import Missing

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
    request = urllib.request.Request(  # noqa: S310 (check_address lets only http and https through)
        url, data=body, headers={"User-Agent": _AGENT, "Accept-Encoding": "gzip, identity"}
    )
    if body is not None:
        request.add_header("Content-Type", "text/plain; charset=utf-8")
    try:
        try:
            with _opener().open(request, timeout=PATIENCE) as answer:
                return int(answer.status), _read(answer, most, url)
        except urllib.error.HTTPError as error:
            # What a server says of its failure may be long: only its beginning is of use.
            with error:
                return error.code, error.read(_REASON)
    # A header or an address that nobody can parse is a ValueError.
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise LogError(f"{url}: no answer ({reason}); try again later, or another mirror") from error


def _read(answer: http.client.HTTPResponse, most: int, url: str) -> bytes:
    # What does not shrink, like hashes, is a little longer when it is packed.
    room, begun, parts, size = most + most // 1000 + 100, time.monotonic(), [], 0
    while size <= room and (part := answer.read1(room + 1 - size)):
        parts.append(part)
        size += len(part)
        if time.monotonic() - begun > PATIENCE + size / _SLOWEST:
            raise LogError(f"{url}: the answer comes too slowly; try again later, or another mirror")
    data = b"".join(parts)
    # What the answer said it would hold, and did not.
    if size <= room and answer.length:
        raise LogError(f"{url}: the answer was cut; try again")
    if answer.headers.get("Content-Encoding", "").lower() == "gzip":
        try:
            unpacked = zlib.decompressobj(wbits=31)
            data = unpacked.decompress(data, most + 1)
            if not unpacked.eof and len(data) <= most and size <= room:
                raise LogError(f"{url}: the answer was cut; try again")
        except zlib.error:
            raise LogError(f"{url}: the answer is damaged; try again") from None
    if len(data) > most or size > room:
        raise LogError(f"{url}: longer than the {most} bytes that it may have")
    return data


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
        url = f"{self.url}/{urllib.parse.quote(path)}"
        status, data = ask(url, most)
        if status in (404, 410):
            raise Missing(f"{url}: not there")
        if status != 200:
            raise LogError(f"{url}: answered {status}; try again later, or another mirror")
        return data
