"""Serves a site to this machine, with the headers that a public server should send."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from haq.errors import InputError

#: Only this machine is answered.
ADDRESS = "127.0.0.1"
#: How many ports are tried, from the one that was asked for.
TRIES = 50
#: A browser that opens a connection and says nothing is let go [s].
PATIENCE = 30
#: What a page may load: nothing from elsewhere, no inline script or style.
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: A photograph holds nothing that runs; the browser's own viewer styles itself.
VIEWER = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
VIEWED = ("image/jpeg", "image/png", "image/webp")
#: A PDF may hold script: it is saved, and not shown under the site's address.
SAVED = ("application/pdf",)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".geojson": "application/geo+json",
    ".gz": "application/gzip",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
#: Files of a public log, which have no ending.
LOG = {"checkpoint": TYPES[".txt"], "policy": TYPES[".txt"]}


class SiteServer(ThreadingHTTPServer):
    """Serves the files of one site to this machine.

    Args:
        site: the folder.
        port: the port to take; 0 for any free one.

    Raises:
        InputError: the folder is no site.
        OSError: the port cannot be taken.
    """

    daemon_threads = True
    # On Windows this option would let two servers share one port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, site: Path, port: int) -> None:
        if not (site / "index.html").is_file() or not (site / "assets" / "site.css").is_file():
            raise InputError(
                f"{site}: is no site; make one with `haq bulletin build ENTRIES --out {site}` "
                f"or `haq check ELECTION --site {site}`"
            )
        self.site = site.resolve()
        super().__init__((ADDRESS, port), _Handler)

    @property
    def url(self) -> str:
        """Address of the first page: by number, because ``localhost`` may be another address first."""
        return f"http://{ADDRESS}:{self.server_address[1]}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet where a browser hung up; a fault of haq is still shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: SiteServer
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    kind = ""

    def version_string(self) -> str:
        """Name the server without its versions."""
        return "haq"

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _refuse(self) -> None:
        # What was sent is not read, so nothing else can come over this connection.
        self.close_connection = True
        self._say(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET, HEAD"}, with_body=True)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _refuse

    def _answer(self, *, with_body: bool) -> None:
        parts = _parts(self.path)
        path = None if parts is None else _inside(self.server.site, parts)
        slash = self.path.partition("?")[0].endswith("/")
        if parts is None or path is None or (slash and not path.is_dir()):
            self._miss(with_body=with_body)
            return
        if path.is_dir():
            if not slash:
                # Links are relative, so a folder needs its slash.
                location = "/" + "".join(f"{quote(part, safe='')}/" for part in parts)
                self._say(HTTPStatus.MOVED_PERMANENTLY, {"Location": location}, with_body=with_body)
                return
            path = _inside(self.server.site, [*parts, "index.html"])
        try:
            if path is None or not path.is_file():
                raise FileNotFoundError
            stream = path.open("rb")
        except OSError:
            self._miss(with_body=with_body)
            return
        with stream:
            self.send_response(HTTPStatus.OK)
            unknown = LOG.get(path.name, "application/octet-stream")
            self.kind = TYPES.get(path.suffix.lower(), unknown)
            self.send_header("Content-Type", self.kind)
            if self.kind in SAVED:
                self.send_header("Content-Disposition", "attachment")
            self.send_header("Content-Length", str(os.fstat(stream.fileno()).st_size))
            self.end_headers()
            if with_body:
                shutil.copyfileobj(stream, self.wfile)

    def _miss(self, *, with_body: bool) -> None:
        """Answer that there is no such page, with the site's own page for that as public servers do."""
        page = _inside(self.server.site, ["404.html"])
        try:
            text = page.read_bytes() if page else None
        except OSError:
            text = None
        self._say(HTTPStatus.NOT_FOUND, {}, with_body=with_body, page=text)

    def _say(
        self, status: HTTPStatus, headers: dict[str, str], *, with_body: bool, page: bytes | None = None
    ) -> None:
        text = f"{status.value} {status.phrase}\n".encode() if page is None else page
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", TYPES[".txt" if page is None else ".html"])
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if with_body:
            self.wfile.write(text)

    def end_headers(self) -> None:
        own = {"Content-Security-Policy": VIEWER} if self.kind in VIEWED else {}
        self.kind = ""  # the next request of this connection is another file
        for name, value in (HEADERS | own).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal is for the address."""


def _parts(target: str) -> list[str] | None:
    """Split what a browser asks for into names; None where no page can be called so."""
    path = target.partition("#")[0].partition("?")[0]
    try:
        text = unquote_to_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        return None
    parts = [part for part in text.split("/") if part]
    odd = any(part.startswith(".") or set(part) & set("\\:\0") for part in parts)
    return parts if path.startswith("/") and not odd else None


def _inside(site: Path, parts: list[str]) -> Path | None:
    """Find a file or folder of the site; None where a link leads out of it."""
    try:
        path = site.joinpath(*parts).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
    return path if path.is_relative_to(site) else None


def open_server(site: Path, port: int) -> SiteServer:
    """Take a port, or the next one that is free.

    Args:
        site: the folder of the site.
        port: the first port to try; 0 for any free one.

    Returns:
        The server, not yet serving.

    Raises:
        InputError: the folder is no site, or no port can be taken.
    """
    reason = ""
    for number in [port] if port == 0 else range(port, min(port + TRIES, 65_536)):
        try:
            return SiteServer(site, number)
        except OSError as error:
            reason = error.strerror or str(error)
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                break
    raise InputError(f"no port from {port} on can be taken: {reason}; choose another with --port")
