"""Tiles: the hashes of the tree in files of up to 256, and bundles: its entries likewise.

Source: c2sp.org/tlog-tiles.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from haq.errors import LogError
from haq.tlog.merkle import HASH_SIZE, level_above

#: Levels of the tree in one tile, and hashes in a full one.
HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
#: The level whose files hold entries instead of hashes.
ENTRIES: Final = -1
#: Bytes of an entry at most.
LARGEST_ENTRY: Final = 65_535
#: Tiles kept in memory for the proofs to come.
_KEPT: Final = 64
_PATH = re.compile(
    r"tile/(entries|[1-5]?[0-9]|6[0-3])/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """A file of the tree.

    Attributes:
        level: 0 to 63, or ``ENTRIES``.
        index: which one of its level, from 0.
        width: how many hashes or entries it holds, 1 to 256.
    """

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Name of the file, below the address of the log."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        rest, last = divmod(self.index, 1000)
        number = f"{last:03}"
        while rest:
            rest, group = divmod(rest, 1000)
            number = f"x{group:03}/{number}"
        return f"tile/{level}/{number}{'' if self.width == WIDTH else f'.p/{self.width}'}"

    @property
    def full(self) -> Self:
        """The same tile when it is full."""
        return type(self)(self.level, self.index)


def tile_at(path: str) -> Tile:
    """Read the name of a tile or bundle.

    Raises:
        LogError: no such name.
    """
    match = _PATH.fullmatch(path)
    if match is None:
        raise LogError(f"{path[:80]!r} names no tile of a log")
    level, number, width = match.groups()
    tile = Tile(
        ENTRIES if level == "entries" else int(level),
        int(number.replace("x", "").replace("/", "")),
        int(width or WIDTH),
    )
    if tile.path != path or tile.width > WIDTH:
        raise LogError(f"{path[:80]!r} names no tile of a log")
    return tile


def tiles_of(size: int, *, since: int = 0) -> Iterator[Tile]:
    """List the tiles of a tree, leaves first.

    Args:
        size: leaves of the tree.
        since: leave out the full tiles that a tree of this size already had.

    Yields:
        Tiles; none is empty.
    """
    level, count, had = 0, size, since
    while count:
        for index in range(had // WIDTH, count // WIDTH):
            yield Tile(level, index)
        if count % WIDTH:
            yield Tile(level, count // WIDTH, count % WIDTH)
        level, count, had = level + 1, count // WIDTH, had // WIDTH


def bundles_of(size: int, *, since: int = 0) -> Iterator[Tile]:
    """List the bundles of a log, see ``tiles_of``."""
    for tile in tiles_of(size, since=since):
        if tile.level:
            return
        yield Tile(ENTRIES, tile.index, tile.width)


def hashes_of(tile: Tile, data: bytes) -> list[bytes]:
    """Take a tile apart.

    Raises:
        LogError: it has not the length that its width asks for.
    """
    if len(data) != tile.width * HASH_SIZE:
        raise LogError(
            f"{tile.path}: {len(data)} bytes instead of {tile.width * HASH_SIZE}; the file is damaged"
        )
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def pack(entries: Sequence[bytes]) -> bytes:
    """Write entries as a bundle: the length of each in two bytes, and the entry.

    Raises:
        LogError: an entry is too long.
    """
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > LARGEST_ENTRY:
            raise LogError(
                f"an entry of {len(entry)} bytes; {LARGEST_ENTRY} is the most. "
                "Put what is long into a file, and its SHA-256 into the entry"
            )
        parts += (struct.pack(">H", len(entry)), entry)
    return b"".join(parts)


class WrongCount(LogError):
    """A bundle holds another number of entries than it should.

    Attributes:
        entries: that it holds.
    """

    def __init__(self, tile: Tile, entries: list[bytes]) -> None:
        super().__init__(f"{tile.path}: {len(entries)} entries instead of {tile.width}; the file is damaged")
        self.entries = entries


def unpack(tile: Tile, data: bytes) -> list[bytes]:
    """Take a bundle apart.

    Raises:
        WrongCount: it holds another number of entries.
        LogError: it is cut or too long.
    """
    entries, at, end = [], 0, len(data)
    while at < end:
        begin = at + 2
        at = begin + int.from_bytes(data[at:begin], "big")
        if begin > end or at > end:
            raise LogError(f"{tile.path}: the last entry is cut; the file is damaged")
        entries.append(data[begin:at])
    if len(entries) != tile.width:
        raise WrongCount(tile, entries)
    return entries


class TileHashes:
    """Hashes of complete subtrees, computed from tiles; a ``haq.tlog.merkle.ReadSubtree``.

    Nothing read is trusted: who calls compares the root with a signed one.
    """

    def __init__(self, read: Callable[[Tile], list[bytes]], size: int) -> None:
        """Look at a tree.

        Args:
            read: gives the hashes of a tile, as many as it is wide.
            size: leaves of the tree.
        """
        self._read, self.size = read, size
        self._rows = lru_cache(_KEPT)(self._compute)

    def __call__(self, height: int, index: int) -> bytes:
        """Give the root of the leaves ``[index << height, (index + 1) << height)``."""
        if (index + 1) << height > self.size:
            raise LogError(f"there is no such subtree in a log of {self.size} entries")
        level, inner = divmod(height, HEIGHT)
        tile, place = divmod(index << inner, WIDTH)
        return self._rows(level, tile)[inner][place >> inner]

    def tile(self, level: int, index: int) -> list[bytes]:
        """Give the hashes of a tile, as far as the tree reaches."""
        return self._rows(level, index)[0]

    def _compute(self, level: int, index: int) -> list[list[bytes]]:
        """Give the hashes of a tile and those of complete subtrees above them within it."""
        width = min(WIDTH, (self.size >> (HEIGHT * level)) - index * WIDTH)
        rows = [self._read(Tile(level, index, width))]
        while len(rows[-1]) > 1:
            rows.append(level_above(rows[-1]))
        return rows
