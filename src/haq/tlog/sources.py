"""Where a log is read from: a folder, or an address."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from haq.errors import LogError
from haq.tlog.tiles import LARGEST_ENTRY, WIDTH, Tile, hashes_of, unpack

#: Bytes of a full bundle at most.
LARGEST_BUNDLE: Final = WIDTH * (LARGEST_ENTRY + 2)
#: Bytes of a full tile.
LARGEST_TILE: Final = WIDTH * 32
#: Bytes read at once, so that the memory needed does not grow with a file.
BLOCK: Final = 2**18


class Missing(LogError):
    """A file of the log is not there."""


class Refused(LogError):
    """Whoever has the log answers and gives no file; some hosts say so of files that are not there."""


class Source(Protocol):
    """Gives files of a log by their names."""

    def get(self, path: str, most: int) -> bytes:
        """Read a file.

        Args:
            path: below the address of the log, with ``/``.
            most: bytes that it may have.

        Raises:
            Missing: it is not there.
            LogError: it is longer than it may be, or cannot be read.
        """
        ...

    def blocks(self, path: str, most: int) -> Iterator[bytes]:
        """Read a file piece by piece; see ``get``, whose errors come while it is read."""
        ...


class Folder:
    """A log in a folder."""

    def __init__(self, root: Path) -> None:
        """Read from a folder; a link or a pipe in the place of a file is not read."""
        self.root = root

    def __str__(self) -> str:
        """Name the folder."""
        return str(self.root)

    def get(self, path: str, most: int) -> bytes:
        """Read a file, see ``Source``."""
        return b"".join(self.blocks(path, most))

    def blocks(self, path: str, most: int) -> Iterator[bytes]:
        """Read a file piece by piece, see ``Source``."""
        file = self.root / path
        try:
            # Neither a link nor a pipe is a file of a log.
            handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        except (FileNotFoundError, NotADirectoryError):
            raise Missing(f"{file}: not there") from None
        except OSError as error:
            raise LogError(f"{file}: cannot be read ({error.strerror})") from error
        try:
            # A folder has to be told before a stream is made of it.
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise LogError(f"{file}: no file of a log")
            size = 0
            with os.fdopen(handle, "rb", closefd=False) as stream:
                while block := stream.read(min(BLOCK, most + 1 - size)):
                    size += len(block)
                    if size > most:
                        raise LogError(
                            f"{file}: longer than the {most} bytes that it may have; the file is damaged"
                        )
                    yield block
        except OSError as error:
            raise LogError(f"{file}: cannot be read ({error.strerror})") from error
        finally:
            os.close(handle)


def read_hashes(source: Source, tile: Tile) -> list[bytes]:
    """Read the hashes of a tile; where a partial one is gone, of the full one.

    Returns:
        As many as the tile is wide, not trusted.

    Raises:
        Missing: neither is there.
        LogError: the one that is there is damaged; the message names it.
    """
    return hashes_of(*_read(source, tile, LARGEST_TILE))[: tile.width]


def read_bundle(source: Source, tile: Tile) -> list[bytes]:
    """Read the entries of a bundle; where a partial one is gone, of the full one, see ``read_hashes``."""
    return unpack(*_read(source, tile, LARGEST_BUNDLE))[: tile.width]


def _read(source: Source, tile: Tile, most: int) -> tuple[Tile, bytes]:
    try:
        return tile, source.get(tile.path, most)
    except Missing:
        if tile.width == WIDTH:
            raise
    try:
        return tile.full, source.get(tile.full.path, most)
    except Missing:
        raise Missing(f"{source}: {tile.path} is not there; the checkpoint needs it") from None
