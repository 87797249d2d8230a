"""Entries and their files into a log: only what it does not hold yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from haq.bulletin.reader import read_entries
from haq.entries import files_named
from haq.errors import InputError, LogError
from haq.tlog.files import Files
from haq.tlog.merkle import leaf_hash
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.tiles import tiles_of
from haq.tlog.writer import SCRATCH, Writer


@dataclass(frozen=True)
class Appended:
    """What came into a log.

    Attributes:
        appended: new entries.
        held: entries that the log held already.
        gone: entries of the log that the source does not have.
        files: files kept beside the log.
        missing: SHA-256 of files that new entries name and the source does not have.
        size: entries of the log now.
    """

    appended: int
    held: int
    gone: int
    files: int
    missing: tuple[str, ...]
    size: int


def append_entries(
    writer: Writer, source: Path, tell: Callable[[str, int, int], None] | None = None
) -> Appended:
    """Append to a log what a folder of entries has and the log has not.

    Equal entries count as often as they stand there. Files come first, so that no entry names a file
    that could have been kept and was not.

    Args:
        writer: of the log.
        source: folder with ``entries.jsonl`` and ``files/``, or that file.
        tell: told of what has been done.

    Raises:
        InputError: there are no entries.
        LogError: the log cannot be written.
    """
    tell = tell or (lambda *_: None)
    entries = read_entries(source)
    size = writer.open().size
    held = Counter(_leaves(writer.root, size))
    new: list[bytes] = []
    for line in entries.lines:
        leaf = leaf_hash(line)
        if held[leaf] > 0:
            held[leaf] -= 1
        else:
            new.append(line)
    files, missing = Files(writer.root, writer.root / SCRATCH), []
    wanted = list(dict.fromkeys(sha256 for line in new for sha256 in files_named(line)))
    kept = 0
    for done, sha256 in enumerate(wanted, start=1):
        path = entries.files.get(sha256)
        if files.there(sha256):
            continue
        if path is None:
            missing.append(sha256)
            continue
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror})") from error
        if files.put(data) != sha256:
            raise LogError(f"{path}: the file is not what its name says; it was changed")
        kept += 1
        tell("files", done, len(wanted))
    tell("entries", 0, len(new))
    writer.append(new)
    gone = sum(held.values())
    return Appended(len(new), size - gone, gone, kept, tuple(missing), writer.open().size)


def _leaves(root: Path, size: int) -> Iterator[bytes]:
    """Give the hash of every leaf of a log."""
    reader = Reader(Folder(root))
    for tile in tiles_of(size):
        if tile.level:
            return
        yield from reader.hashes.tile(0, tile.index)
