"""A file made of the last one's bytes: what is the same is taken over, and the rest is written anew."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from mmap import mmap
from typing import TypeAlias

import numpy as np
import polars as pl

#: A file of the last build, in memory or as it lies on the disk.
Held: TypeAlias = bytes | mmap
#: A part of a new file: bytes of the last one from here to there, or new bytes.
Piece: TypeAlias = range | bytes
#: A new file and its SHA-256.
Hashed: TypeAlias = "tuple[bytes, hashlib._Hash]"
#: Bytes that are looked at once: they stay in the cache of a processor.
_BLOCK = 1 << 17
_BREAK = ord("\n")


@dataclass(frozen=True)
class Window:
    """The rows in which two tables with the same columns differ.

    Attributes:
        first: how many rows are the same before.
        old, new: where the window ends in either table; all rows behind are the same.
    """

    first: int
    old: int
    new: int


def window_of(old: pl.DataFrame, new: pl.DataFrame) -> Window | None:
    """Find the rows in which two tables differ.

    Args:
        old, new: any two tables.

    Returns:
        The smallest window; None where the columns differ, or where most of the new table is inside.
    """
    if old.schema != new.schema or not old.width:
        return None
    shared = min(old.height, new.height)
    differing = _differing(old.head(shared), new.head(shared))
    head = int(differing[0]) if differing.len() else shared
    if old.height != new.height:
        differing = _differing(old.tail(shared - head), new.tail(shared - head)) + head
    behind = shared - 1 - int(differing[-1]) if differing.len() else shared - head
    window = Window(head, old.height - behind, new.height - behind)
    return window if 2 * (window.new - window.first) <= new.height else None


def _differing(old: pl.DataFrame, new: pl.DataFrame) -> pl.Series:
    """List the numbers of the rows that differ."""
    mask = pl.Series([False]).new_from_index(0, old.height)
    for one, other in zip(old.iter_columns(), new.iter_columns(), strict=True):
        mask |= one.ne_missing(other)
    return mask.arg_true().cast(pl.Int64)


def csv_pieces(
    held: Held,
    place: range,
    window: Window,
    rows: int,
    new: pl.DataFrame,
    write: Callable[[pl.DataFrame], bytes],
) -> list[Piece] | None:
    """Write a table as CSV, taking over the lines of all rows that are the same.

    Args:
        held: a file that holds the old table as ``write`` wrote it.
        place: where it does.
        window: in which the tables differ.
        rows: of the old table.
        new: the new table.
        write: writes a table as CSV; what it writes of a row depends on that row alone.

    Returns:
        Pieces of the new table; None where a text has line breaks, so that lines are no rows.
    """
    ends = _ends_of(held, place, (window.first + 1, window.old + 1))
    if ends is None or ends[2] != rows + 1:
        return None
    header = write(new.clear())
    fresh = write(new.slice(window.first, window.new - window.first))
    return [range(place.start, ends[0]), fresh[len(header) :], range(ends[1], place.stop)]


def _ends_of(held: Held, place: range, numbers: tuple[int, int]) -> tuple[int, int, int] | None:
    """Find the ends of two lines, counted from 1, and count all lines; None where one is not there."""
    data = np.frombuffer(held, np.uint8)[place.start : place.stop]
    found: list[int] = []
    lines = 0
    for start in range(0, data.size, _BLOCK):
        breaks = data[start : start + _BLOCK] == _BREAK
        count = int(np.count_nonzero(breaks))
        wanted = [number - lines for number in numbers if lines < number <= lines + count]
        if wanted:
            ends = np.flatnonzero(breaks) + 1
            found += [place.start + start + int(ends[number - 1]) for number in wanted]
        lines += count
    return (found[0], found[1], lines) if len(found) == len(numbers) else None


def put_together(held: Held, sha256: str, pieces: Sequence[Piece]) -> Hashed | None:
    """Make a file of pieces of the last one and of new bytes.

    Args:
        held: the last one.
        sha256: that it had when it was written.
        pieces: of the new one, in order.

    Returns:
        The new file and its hash; None where the last one is no longer what was written, because nothing
        of what somebody did to it may get into another file and its hash.
    """
    with memoryview(held) as view:
        first = pieces[0] if pieces else b""
        # What both begin with is hashed once.
        shared = first.stop if isinstance(first, range) and first.start == 0 else 0
        digest = hashlib.sha256(view[:shared])
        before = digest.copy()
        before.update(view[shared:])
        if before.hexdigest() != sha256:
            return None
        parts = [view[piece.start : piece.stop] if isinstance(piece, range) else piece for piece in pieces]
        for part in parts[1:] if shared else parts:
            digest.update(part)
        made = b"".join(parts)
        del parts
    return made, digest


def hashed(data: bytes) -> Hashed:
    """Hash a file that was made at once."""
    return data, hashlib.sha256(data)


def sized(pieces: Sequence[Piece]) -> int:
    """Count the bytes of pieces."""
    return sum(len(piece) for piece in pieces)


def bytes_of(held: Held, pieces: Sequence[Piece]) -> Iterator[bytes]:
    """Give the bytes of pieces, block by block."""
    for piece in pieces:
        if isinstance(piece, range):
            for start in range(piece.start, piece.stop, _BLOCK):
                yield held[start : min(start + _BLOCK, piece.stop)]
        else:
            yield piece
