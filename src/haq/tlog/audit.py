"""Checking a whole log: every entry, every tile, the root."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from haq.errors import LogError
from haq.tlog.checkpoints import CHECKPOINT
from haq.tlog.merkle import HASH_SIZE, fold, peaks, root_of
from haq.tlog.reader import Reader
from haq.tlog.sources import Missing, read_hashes
from haq.tlog.tiles import ENTRIES, WIDTH, Tile, WrongCount

#: Called with entries checked and entries in all.
Progress = Callable[[int, int], None]
_UNKNOWN: Final = bytes(HASH_SIZE)
Code = Literal["missing", "damaged", "entry-removed", "entry-changed", "tile-changed", "root-changed"]


@dataclass(frozen=True)
class Damage:
    """A file of a log that is not what it should be.

    Attributes:
        code: ``missing``; ``damaged``: cut, or of another length; ``entry-removed``: an entry that the tree
            holds was taken out; ``entry-changed``: an entry is not what the tree holds; ``tile-changed``: a
            tile is not what the entries give; ``root-changed``: the whole does not lead to the root of the
            checkpoint.
        path: the file.
        message: in words, with the file.
        entries: places of changed or removed entries.
    """

    code: Code
    path: str
    message: str
    entries: tuple[int, ...] = ()


@dataclass
class _Row:
    """Hashes of the whole tree: a root for every full tile, and the leaves after them."""

    full: list[bytes] = field(default_factory=list)
    rest: list[bytes] = field(default_factory=list)

    def add(self, tile: Tile, stands: list[bytes]) -> None:
        """Add what stands for a tile, see ``_standing``."""
        if tile.width == WIDTH:
            self.full += stands
        else:
            self.rest = stands

    def at(self, index: int) -> list[bytes]:
        """Give what stands for a tile."""
        return self.full[index : index + 1] or self.rest

    def root(self) -> bytes:
        return fold([*peaks(self.full), *peaks(self.rest)])


def _standing(tile: Tile, hashes: Sequence[bytes] | None) -> list[bytes]:
    """Give the root of a full tile, or the hashes of one that is not; zeros if it could not be read."""
    if not hashes:
        return [_UNKNOWN]
    return [root_of(hashes)] if tile.width == WIDTH else list(hashes)


def audit(reader: Reader, progress: Progress | None = None) -> Iterator[Damage]:
    """Compare every entry with its leaf, every tile with those below it, and all with the root.

    Args:
        reader: the log at a checkpoint whose signatures somebody checked.
        progress: told of what has been done.

    Yields:
        What is wrong; nothing where the log is whole. A bundle and a tile are in memory at a time, and 100
        bytes for each 256 entries.
    """
    size = reader.checkpoint.size
    entries, tiles = _Row(), _Row()
    differ: dict[int, tuple[int, ...]] = {}
    for index in range(-(-size // WIDTH)):
        tile = Tile(0, index, min(WIDTH, size - index * WIDTH))
        real, held, wrong = None, None, None
        try:
            real = _leaves(reader.bundle(index))
        except LogError as error:
            wrong = error
        try:
            held = read_hashes(reader.source, tile)
        except LogError as error:
            yield _damage(error, tile)
        if wrong is not None:
            yield _removed(wrong, tile, held) or _damage(wrong, Tile(ENTRIES, index, tile.width))
        # One that cannot be read was named; the other speaks for both.
        stands = _standing(tile, real or held)
        entries.add(tile, stands)
        if real and held and real != held:
            stands = _standing(tile, held)
            differ[index] = tuple(index * WIDTH + i for i in range(tile.width) if real[i] != held[i])
        tiles.add(tile, stands)
        if progress:
            progress(index * WIDTH + tile.width, size)
    above: list[Damage] = []
    second = _Row(_second(reader, len(entries.full), above), entries.rest)
    candidates = (entries, tiles, second, _Row(second.full, tiles.rest))
    true = next((row for row in candidates if row.root() == reader.checkpoint.root), None)
    yield from _lowest(true, entries, tiles, differ, size)
    yield from above
    yield from _upper(reader, (true or entries).full, {damage.path for damage in above})
    if true is None:
        yield Damage(
            "root-changed",
            CHECKPOINT,
            f"{reader.source}: the entries do not lead to the root of the checkpoint: something was changed",
        )


def _lowest(
    true: _Row | None, entries: _Row, tiles: _Row, differ: Mapping[int, tuple[int, ...]], size: int
) -> Iterator[Damage]:
    """Name bundles and lowest tiles that are not what leads to the root."""
    for index in range(-(-size // WIDTH)):
        tile = Tile(0, index, min(WIDTH, size - index * WIDTH))
        bundle = Tile(ENTRIES, index, tile.width).path
        fits = true is not None and entries.at(index) == true.at(index)
        if index in differ and fits:
            yield Damage("tile-changed", tile.path, f"{tile.path}: a tile that is not what the entries give")
        elif index in differ:
            places = differ[index]
            message = f"{bundle}: not what the tree holds: entry {_named(places)}"
            yield Damage("entry-changed", bundle, message, places)
        elif true is not None and not fits and _UNKNOWN not in entries.at(index):
            message = f"{bundle}: not what the tree holds, and {tile.path} was changed with it"
            yield Damage("entry-changed", bundle, message)


def _second(reader: Reader, count: int, damaged: list[Damage]) -> list[bytes]:
    """Read what the tiles of the second level say of ``count`` full tiles below them."""
    row: list[bytes] = []
    for index in range(-(-count // WIDTH)):
        tile = Tile(1, index, min(WIDTH, count - index * WIDTH))
        try:
            row += read_hashes(reader.source, tile)
        except LogError as error:
            damaged.append(_damage(error, tile))
            row += [_UNKNOWN] * tile.width
    return row


def _upper(reader: Reader, row: list[bytes], named: Collection[str]) -> Iterator[Damage]:
    """Name tiles of the upper levels that are not what those below give; leave out what was named."""
    level = 1
    while row:
        above = []
        for index in range(-(-len(row) // WIDTH)):
            real = row[index * WIDTH : (index + 1) * WIDTH]
            tile = Tile(level, index, len(real))
            try:
                if tile.path not in named and read_hashes(reader.source, tile) != real:
                    message = f"{tile.path}: a tile that is not what the tiles below it give"
                    yield Damage("tile-changed", tile.path, message)
            except LogError as error:
                yield _damage(error, tile)
            if len(real) == WIDTH:
                above.append(root_of(real))
        level, row = level + 1, above


def _leaves(entries: Iterable[bytes]) -> list[bytes]:
    sha256 = hashlib.sha256
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def _removed(error: LogError, tile: Tile, held: Sequence[bytes] | None) -> Damage | None:
    """Name entries that were taken out of a bundle whose others stand as they were; None if it is not so."""
    if held is None or not isinstance(error, WrongCount) or not error.entries:
        return None
    real = iter(_leaves(error.entries))
    leaf, gone = next(real, None), list[int]()
    for place, wanted in enumerate(held, start=tile.index * WIDTH):
        if leaf == wanted:
            leaf = next(real, None)
        else:
            gone.append(place)
    if leaf is not None:
        return None
    bundle = Tile(ENTRIES, tile.index, tile.width).path
    message = f"{bundle}: taken out, though the tree holds it: entry {_named(gone)}"
    return Damage("entry-removed", bundle, message, tuple(gone))


def _named(places: Sequence[int]) -> str:
    return ", ".join(map(str, places[:5])) + (", …" if len(places) > 5 else "")


def _damage(error: LogError, tile: Tile) -> Damage:
    return Damage("missing" if isinstance(error, Missing) else "damaged", tile.path, str(error))
