"""A process of its own that paints share cards: the library that does holds up every other thread.

This file is also what that process runs, so nothing of haq is imported here, and it is ready at once.
"""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path
from threading import Timer
from typing import IO

#: Before everything that is sent stands how many bytes it has.
_LENGTH = struct.Struct("<I")
#: A drawing takes some hundredths of a second [s].
_PATIENCE = 60.0
_PNG = b"\x89PNG\r\n\x1a\n"


class Painter:
    """Turns drawings into PNG, one after the other."""

    def __init__(self, *, beside: bool = True) -> None:
        """Get ready; the process is started by the first drawing.

        Args:
            beside: whether to use a process of its own; it is not worth it with a single core.
        """
        self._beside = beside
        self._process: subprocess.Popen[bytes] | None = None

    def png(self, svg: str) -> bytes:
        """Turn a drawing into PNG; without a process, or where it fails, the work is done here."""
        if self._beside:
            try:
                return self._asked(svg.encode())
            except (OSError, EOFError):
                self._beside = False
        return png_of(svg)

    def _asked(self, svg: bytes) -> bytes:
        if self._process is None:
            command = [sys.executable, "-I", str(Path(__file__))]
            self._process = subprocess.Popen(  # noqa: S603 (this very file)
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise OSError("no pipes")
        # One that hangs is ended, and the work done here: no build waits for ever.
        watch = Timer(_PATIENCE, process.kill)
        watch.start()
        try:
            _put(process.stdin, svg)
            data = _take(process.stdout)
        finally:
            watch.cancel()
        if not data.startswith(_PNG):
            raise EOFError("no image")
        return data

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            try:
                self._process.communicate(timeout=10)  # it ends as soon as nothing more can come
            except (OSError, ValueError, subprocess.TimeoutExpired):
                self._process.kill()
                self._process.wait()
            self._process = None


def png_of(svg: str) -> bytes:
    """Turn a drawing into PNG; the same drawing gives the same bytes."""
    import vl_convert  # slow to load

    return bytes(vl_convert.svg_to_png(svg))


def _put(stream: IO[bytes], data: bytes) -> None:
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def _take(stream: IO[bytes]) -> bytes:
    head = stream.read(_LENGTH.size)
    if len(head) == _LENGTH.size:
        data = stream.read(*_LENGTH.unpack(head))
        if len(data) == _LENGTH.unpack(head)[0]:
            return data
    raise EOFError


def _serve() -> None:
    """Answer every drawing with its image until there are no more."""
    while True:
        try:
            svg = _take(sys.stdin.buffer)
        except EOFError:
            return
        _put(sys.stdout.buffer, png_of(svg.decode()))


if __name__ == "__main__":
    _serve()
