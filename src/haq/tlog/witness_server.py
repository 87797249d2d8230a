"""The HTTP face of a witness."""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from haq.tlog.witness import LARGEST_REQUEST, TEXT_TYPE, Answer, Witness

#: A client that says nothing is let go [s].
_PATIENCE: Final = 30


class WitnessServer(ThreadingHTTPServer):
    """Answers ``POST /add-checkpoint`` and says who it is at ``/``."""

    daemon_threads = True

    def __init__(self, witness: Witness, host: str, port: int) -> None:
        """Take a port; 0 for any free one.

        Raises:
            OSError: it cannot be taken.
        """
        self.witness = witness
        super().__init__((host, port), _Handler)

    @property
    def url(self) -> str:
        """Address at which it answers."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet where a client hung up; a fault of haq is still shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE

    def version_string(self) -> str:
        """Name the server without its versions."""
        return "haq"

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self._send(Answer(404, b"a witness answers at /add-checkpoint\n"), close=True)
        elif not length.isascii() or not length.isdigit():
            self._send(Answer(411, b"say how long the request is\n"), close=True)
        elif int(length) > LARGEST_REQUEST:
            self._send(Answer(413, b"the request is too long\n"), close=True)
        else:
            body = self.rfile.read(int(length))
            if len(body) == int(length):
                self._send(self.server.witness.add_checkpoint(body))

    def do_GET(self) -> None:
        if self.path != "/":
            self._send(Answer(404, b"a witness answers at /add-checkpoint\n"))
            return
        self._send(Answer(200, f"{self.server.witness.key.public}\n".encode()))

    def _send(self, answer: Answer, *, close: bool = False) -> None:
        self.close_connection = self.close_connection or close
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type or TEXT_TYPE)
        self.send_header("Content-Length", str(len(answer.body)))
        if close:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Say what was answered, without the address of who asked."""
        print(f"{self.command} {self.path[:100]!r} {code}", file=sys.stderr)
