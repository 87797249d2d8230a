"""Reading a log at one checkpoint: entries and proofs, from tiles that nobody trusts."""

from __future__ import annotations

from collections.abc import Iterator

from haq.errors import LogError
from haq.tlog.checkpoints import CHECKPOINT, Checkpoint
from haq.tlog.merkle import leaf_hash, prove_consistency, prove_inclusion, root_at
from haq.tlog.notes import LARGEST_NOTE, Note
from haq.tlog.proofs import Proof
from haq.tlog.sources import Source, read_bundle, read_hashes
from haq.tlog.tiles import ENTRIES, WIDTH, Tile, TileHashes


def read_checkpoint(source: Source) -> bytes:
    """Read the signed checkpoint of a log, which nobody has checked yet."""
    return source.get(CHECKPOINT, LARGEST_NOTE)


class Reader:
    """A log as it is at one checkpoint.

    Attributes:
        checkpoint: what is read; whose signatures count is for the caller to say.
        note: as it was published.
    """

    def __init__(self, source: Source, note: bytes | None = None) -> None:
        """Open a log.

        Args:
            source: its files.
            note: the signed checkpoint; the log's present one if not given.
        """
        self.source = source
        self.note = read_checkpoint(source) if note is None else note
        self.checkpoint = Checkpoint.read(Note.read(self.note).text)
        self.hashes = TileHashes(lambda tile: read_hashes(source, tile), self.checkpoint.size)

    def check_root(self) -> None:
        """Check that the tiles at the right edge lead to the root of the checkpoint.

        Raises:
            LogError: they do not.
        """
        if root_at(self.checkpoint.size, self.hashes) != self.checkpoint.root:
            raise LogError(
                f"{self.source}: the tiles do not lead to the root of the checkpoint: a file was changed"
            )

    def bundle(self, index: int) -> list[bytes]:
        """Give the entries of a bundle, as far as the checkpoint reaches."""
        width = min(WIDTH, self.checkpoint.size - index * WIDTH)
        return read_bundle(self.source, Tile(ENTRIES, index, width))

    def entries(self, begin: int = 0, end: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Give entries with their places, unchecked.

        Args:
            begin: the first, from 0.
            end: the one after the last; the size of the log if not given.
        """
        end = self.checkpoint.size if end is None else min(end, self.checkpoint.size)
        for bundle in range(begin // WIDTH, -(-end // WIDTH)):
            for place, entry in enumerate(self.bundle(bundle), start=bundle * WIDTH):
                if begin <= place < end:
                    yield place, entry

    def entry(self, index: int) -> bytes:
        """Give one entry, checked against its leaf.

        Raises:
            LogError: there is none, or it is not what the tree holds.
        """
        if not 0 <= index < self.checkpoint.size:
            raise LogError(
                f"there is no entry {index} in a log of {self.checkpoint.size} entries, "
                "which are counted from 0"
            )
        found = self.bundle(index // WIDTH)[index % WIDTH]
        if leaf_hash(found) != self.hashes(0, index):
            raise LogError(f"{self.source}: entry {index} is not what the tree holds: it was changed")
        return found

    def prove(self, index: int) -> Proof:
        """Prove that an entry is in the log, with the checkpoint as it was published."""
        hashes = prove_inclusion(index, self.checkpoint.size, self.hashes)
        return Proof(index, tuple(hashes), self.note)

    def grown_from(self, old: int) -> list[bytes]:
        """Prove that the log begins with that of an earlier size."""
        return prove_consistency(old, self.checkpoint.size, self.hashes)
