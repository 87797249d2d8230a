"""Writing a log: entries in order, and never two different logs under one name.

The order of steps is what makes it safe to stop at any instant:

1. One writer at a time holds the state.
2. Bundles and tiles are written whole and synced. No checkpoint names them yet, so a later writer may
   replace what a dead one left.
3. The signed checkpoint is committed to the state.
4. The checkpoint in the state is shown.

A writer that died between 3 and 4 has signed and not shown; the next one shows it. So what is shown is never
ahead of the state, unless the state was brought back from a backup: then what was shown stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from haq.errors import LogError
from haq.tlog.checkpoints import CHECKPOINT, Checkpoint
from haq.tlog.durable import clear_scratch, drop_partial, make_durably, write_durably
from haq.tlog.keys import ED25519, SigningKey
from haq.tlog.merkle import EMPTY_ROOT, leaf_hash, root_at, root_of, verify_consistency
from haq.tlog.notes import Note, Signature, sign_text, verify_note
from haq.tlog.reader import Reader, read_checkpoint
from haq.tlog.sources import Folder, Missing, read_hashes
from haq.tlog.state import Held, SqliteState, State
from haq.tlog.tiles import ENTRIES, LARGEST_ENTRY, WIDTH, Tile, TileHashes, pack

#: Folder of what is not published, below that of the log.
PRIVATE: Final = ".haq-log"
#: Folder in which others may write what they put beside the log; no writer clears it.
SCRATCH: Final = f"{PRIVATE}/scratch"
#: Entries and bytes under one new checkpoint at most, so that memory stays bounded.
BATCH: Final = 64 * WIDTH
BATCH_BYTES: Final = 2**26


class NotShown(LogError):
    """Entries are in the log for good, and the checkpoint that holds them could not be published yet.

    Whoever appends them again has them twice. ``Writer.show`` publishes it once there is room.

    Attributes:
        places: of the entries.
    """

    def __init__(self, message: str, places: range) -> None:
        super().__init__(message)
        self.places = places


@dataclass(frozen=True)
class _Turn:
    """The log while one writer holds it: its state, and its newest checkpoint."""

    held: Held
    note: Note
    reader: Reader

    @property
    def checkpoint(self) -> Checkpoint:
        return self.reader.checkpoint


class Writer:
    """Appends to a log in a folder. Several may work at once; they take turns."""

    def __init__(self, root: Path, key: SigningKey, state: State | None = None) -> None:
        """Take a log and its key.

        Args:
            root: folder of the log.
            key: of the log; its name is the log's origin.
            state: where the newest checkpoint is kept; a file of SQLite in the folder if not given.

        Raises:
            LogError: the key is that of a witness.
        """
        if key.public.kind != ED25519:
            raise LogError(f"{key.public.name} is the key of a witness; a log needs a key of its own")
        self.root, self.key = root, key
        self.state = state or SqliteState(root / PRIVATE / "state.sqlite3")
        # Of its own: who holds the state removes whatever lies here.
        self._scratch = root / PRIVATE / "writing"

    def create(self) -> None:
        """Begin a log without entries.

        Raises:
            LogError: there is one already.
            OSError: the disk is full. Calling again is safe.
        """
        if (self.root / CHECKPOINT).exists() or (self.root / "tile").exists():
            raise LogError(
                f"{self.root}: there is a log already; append to it, or begin another in a new folder"
            )
        make_durably(self._scratch)
        (self.root / SCRATCH).mkdir(exist_ok=True)
        (self.root / PRIVATE).chmod(0o700)
        with self.state.hold() as held:
            if held.checkpoint() is None:
                held.swap(-1, 0, bytes(self._sign(0, EMPTY_ROOT)))
        self.show()

    def append(
        self, entries: Iterable[bytes], appended: Callable[[range], None] = lambda _: None
    ) -> list[range]:
        """Append entries. At return they are on the disk, and a published checkpoint holds them.

        Args:
            entries: of at most 65,535 bytes each.
            appended: told the places of each batch as soon as they stand, and so what is in the log if a
                later batch fails.

        Returns:
            Their places, in order: one range a batch, because others may append between two batches.

        Raises:
            NotShown: the batch was appended, and its checkpoint could not be published.
            LogError: an entry is too long, the log is damaged, or its key is another. Nothing of the
                batch was appended.
            OSError: the disk is full. Nothing of the batch was appended.
        """
        places = []
        for batch in _batches(entries):
            places.append(self._append(batch))
            appended(places[-1])
        return places

    def add_signatures(self, size: int, signatures: Sequence[Signature]) -> bytes:
        """Put signatures of witnesses under the checkpoint of a size, and show it.

        Args:
            size: entries of the log that they signed.
            signatures: that somebody checked.

        Returns:
            The note as it is shown. Where the log grew meanwhile it is a longer one, without them.

        Raises:
            LogError: they are too many, or would stand in the place of the log's own.
        """
        with self._turn() as turn:
            if turn.checkpoint.size == size:
                note = bytes(turn.note.signed(*signatures))
                if self._read(turn.held, note) is None:
                    raise LogError("these signatures would take the place of that of the log")
                turn.held.swap(size, size, note)
        return self.show()

    def open(self) -> Checkpoint:
        """Give the newest checkpoint, and publish it, see ``show``."""
        return Checkpoint.read(Note.read(self.show()).text)

    def show(self) -> bytes:
        """Publish the newest checkpoint where a dead writer left it unshown, and give it."""
        with self._turn() as turn:
            data = bytes(turn.note)
            if self._published() != data:
                write_durably(self.root, self._scratch, {CHECKPOINT: data})
            return data

    # Within a turn

    @contextmanager
    def _turn(self) -> Iterator[_Turn]:
        if not self._scratch.is_dir():
            raise LogError(f"{self.root}: there is no log here; begin one with: haq log init")
        with self.state.hold() as held:
            clear_scratch(self._scratch)
            yield self._newest(held)

    def _newest(self, held: Held) -> _Turn:
        """Take the newest checkpoint, and refuse to go on where anything contradicts it."""
        stored, shown = held.checkpoint(), self._shown(held)
        if stored is None:
            raise LogError(
                f"{self.root}: nothing is known of what was signed last; bring the state back from a "
                "backup (an older one will do), or begin a log in a new folder"
            )
        turn = self._read(held, stored)
        if turn is None:
            raise LogError(f"{self.root}: this is not the log of the key {self.key.public.name!r}")
        if shown is not None and shown.checkpoint != turn.checkpoint:
            older, newer = sorted((shown, turn), key=lambda t: t.checkpoint.size)
            newer.reader.check_root()
            self._check_growth(older.checkpoint, newer.reader)
            if newer is shown:
                # The state came from an older backup. What was signed and shown stands.
                held.swap(older.checkpoint.size, newer.checkpoint.size, newer.reader.note)
                turn = newer
        turn.reader.check_root()
        return turn

    def _read(self, held: Held, data: bytes) -> _Turn | None:
        note = Note.read(data)
        if not verify_note(note, [self.key.public]):
            return None
        turn = _Turn(held, note, Reader(Folder(self.root), data))
        return turn if turn.checkpoint.origin == self.key.public.name else None

    def _published(self) -> bytes | None:
        try:
            return read_checkpoint(Folder(self.root))
        except Missing:
            return None

    def _shown(self, held: Held) -> _Turn | None:
        """Read what was shown. It is written whole or not at all: a damaged one is no work of a writer."""
        data = self._published()
        try:
            turn = None if data is None else self._read(held, data)
            if data is not None and turn is None:
                raise LogError(f"it is not signed by {self.key.public.name}")
        except LogError as error:
            raise LogError(
                f"{self.root / CHECKPOINT}: damaged: {error}. Nothing was written. Compare the log with a "
                "mirror; if none is ahead of it, remove this file, and it is published again"
            ) from error
        return turn

    def _check_growth(self, old: Checkpoint, newer: Reader) -> None:
        new = newer.checkpoint
        try:
            proof = newer.grown_from(old.size)
            verify_consistency(old.size, new.size, old.root, new.root, proof, from_empty=True)
        except LogError as error:
            raise LogError(
                f"{self.root}: the checkpoint that was shown and the one that this writer signed last (of "
                f"{old.size} and {new.size} entries) do not continue each other: {error}. Nothing was "
                "written. Compare with a mirror before anything else"
            ) from error

    def _append(self, batch: Sequence[bytes]) -> range:
        with self._turn() as turn:
            size = turn.checkpoint.size
            places = range(size, size + len(batch))
            files, root = grow(turn.reader, batch)
            write_durably(self.root, self._scratch, files)
            turn.held.swap(size, places.stop, bytes(self._sign(places.stop, root)))
        try:
            self.show()
        except (OSError, LogError) as error:
            raise NotShown(
                f"entries {size} to {places.stop - 1} are in the log, but its checkpoint could not be "
                f"published: {error}. Do not append them again; publish it with: haq log checkpoint",
                places,
            ) from error
        drop_partial(self.root, size, places.stop)
        return places

    def _sign(self, size: int, root: bytes) -> Note:
        text = bytes(Checkpoint(self.key.public.name, size, root))
        return Note(text, (sign_text(text, self.key),))


def _batches(entries: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    held = 0
    for entry in entries:
        if len(entry) > LARGEST_ENTRY:
            raise LogError(
                f"an entry of {len(entry)} bytes; {LARGEST_ENTRY} is the most. Put what is long into a file, "
                "and its SHA-256 into the entry"
            )
        batch.append(entry)
        held += len(entry)
        if len(batch) == BATCH or held >= BATCH_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def grow(reader: Reader | None, batch: Sequence[bytes]) -> tuple[Mapping[str, bytes], bytes]:
    """Work out the files of a log that grows.

    Args:
        reader: the log before, whose root was checked; None for a log without entries.
        batch: entries to append.

    Returns:
        Name -> bytes of every bundle and tile that is new, and the new root.

    Raises:
        LogError: the last bundle is not what the tree holds.
    """
    size = reader.checkpoint.size if reader else 0
    end = size + len(batch)
    files: dict[str, bytes] = {}
    first, width = divmod(size, WIDTH)
    edge = reader.bundle(first) if reader and width else []
    if reader and edge and [leaf_hash(entry) for entry in edge] != reader.hashes.tile(0, first):
        path = Tile(ENTRIES, first, width).path
        raise LogError(f"{reader.source}: {path} is not what the tree holds: it was changed")
    entries = [*edge, *batch]
    for at in range(0, len(entries), WIDTH):
        chunk = entries[at : at + WIDTH]
        files[Tile(ENTRIES, first + at // WIDTH, len(chunk)).path] = pack(chunk)
    tiles: dict[Tile, list[bytes]] = {}
    level, count, added = 0, size, [leaf_hash(entry) for entry in batch]
    while added:
        index, width = divmod(count, WIDTH)
        row = [*(reader.hashes.tile(level, index) if reader and width else ()), *added]
        added = []
        for at in range(0, len(row), WIDTH):
            chunk = row[at : at + WIDTH]
            tiles[Tile(level, index + at // WIDTH, len(chunk))] = chunk
            if len(chunk) == WIDTH:
                added.append(root_of(chunk))
        count, level = count // WIDTH, level + 1
    files |= {tile.path: b"".join(hashes) for tile, hashes in tiles.items()}

    def read(tile: Tile) -> list[bytes]:
        held = tiles.get(tile)
        # Nothing is asked for that is neither new nor of the log before.
        return read_hashes(reader.source, tile) if held is None and reader else held or []

    hashes = TileHashes(read, end)
    return files, root_at(end, hashes)
