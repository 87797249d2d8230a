"""What the last build of a site left, so that this one makes only what is not the same."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from haq.bulletin.downloads.splicing import Hashed, Held, Piece, put_together
from haq.bulletin.model import Download, Tables


@dataclass(frozen=True)
class Last:
    """The last build of the same election's site, by the same haq.

    Attributes:
        downloads: what it wrote, as ``write_downloads`` returned it.
        tables: what that was made of. Tables that hold the same should be the very same objects.
        units: stations of which any row may differ since; all rows of the others are the same.
        there: asked before a file that would be the same is not made again: whether it still lies in the
            site as it was left, and may stay.
        read: gives the bytes of a file as it lies in the site; None where there is none. They need not be
            trusted: nothing of a file that is not as it was left gets into another one.
    """

    downloads: Sequence[Download]
    tables: Tables
    units: Set[str]
    there: Callable[[Download], bool]
    read: Callable[[Download], Held | None]

    @cached_property
    def by_path(self) -> Mapping[str, Download]:
        """The files by their paths."""
        return {download.path: download for download in self.downloads}

    def kept(self, path: str) -> Download | None:
        """Give a file that may stay."""
        known = self.by_path.get(path)
        return known if known is not None and self.there(known) else None

    def spliced(self, path: str, pieces: Callable[[Held], Sequence[Piece] | None]) -> Hashed | None:
        """Make a file of what the last one holds and of what is new.

        Args:
            path: of the file.
            pieces: given the last one, says what the new one is made of; None where it cannot.

        Returns:
            The file and its hash; None where there is no last one, or not as it was left.
        """
        known = self.by_path.get(path)
        held = self.read(known) if known is not None else None
        if known is None or held is None or len(held) != known.bytes or not known.bytes:
            return None
        try:
            parts = pieces(held)
        except (ValueError, LookupError, struct.error, NotImplementedError):
            return None  # it is not what was written, and cannot be read like that
        return put_together(held, known.sha256, parts) if parts else None


def same(one: pl.DataFrame | None, other: pl.DataFrame | None) -> bool:
    """Tell whether two tables hold the same, in the same order."""
    if one is None or other is None:
        return one is other
    return one is other or (one.schema == other.schema and one.equals(other))
