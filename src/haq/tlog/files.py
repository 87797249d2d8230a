"""Files beside a log: kept under their SHA-256, named by entries, never part of the log."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Final, TypeVar

from haq.errors import LogError
from haq.tlog.durable import sync_folders, write_blocks, write_durably
from haq.tlog.sources import Missing, Refused, Source

#: Folder of the files, below the address of the log.
FILES: Final = "files"
#: What may follow the SHA-256 in a name: a site keeps its files so that hosts give them their type.
ENDINGS: Final = ("", ".jpg", ".png", ".webp", ".pdf", ".geojson", ".bin")
#: Bytes of one file at most.
LARGEST_FILE: Final = 2**30
_Taken = TypeVar("_Taken")
_NAME = re.compile("[0-9a-f]{64}")


def file_path(sha256: str) -> str:
    """Name a file below the address of the log.

    Raises:
        LogError: it is no SHA-256 in hexadecimal.
    """
    if not _NAME.fullmatch(sha256):
        raise LogError(f"{sha256[:80]!r} is no SHA-256 in small hexadecimal letters")
    return f"{FILES}/{sha256}"


class Files:
    """The files beside a log in a folder."""

    def __init__(self, root: Path, scratch: Path) -> None:
        """Keep files below ``root``, whole or not at all; ``scratch`` is on the same file system."""
        self.root, self._scratch = root, scratch

    def put(self, data: bytes) -> str:
        """Keep a file; it is on the disk at return. Give its SHA-256."""
        sha256 = hashlib.sha256(data).hexdigest()
        self._scratch.mkdir(parents=True, exist_ok=True)
        write_durably(self.root, self._scratch, {file_path(sha256): data})
        return sha256

    def keep(self, sha256: str, blocks: Iterable[bytes]) -> None:
        """Keep a file as its bytes come; it is on the disk at return. Where they raise, it is not kept."""
        self._scratch.mkdir(parents=True, exist_ok=True)
        write_blocks(self.root, self._scratch, file_path(sha256), blocks)

    def there(self, sha256: str) -> bool:
        """Tell whether a file of that name is there; ``get`` tells whether it is what its name says."""
        path = self.root / file_path(sha256)
        return path.is_file() and not path.is_symlink()

    def get(self, sha256: str) -> bytes | None:
        """Give a file; None where it is not there.

        Raises:
            LogError: what is there has another hash.
        """
        path = self.root / file_path(sha256)
        if path.is_symlink() or not path.is_file():
            return None
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise LogError(f"{path}: the file was changed: its SHA-256 is no longer its name")
        return data

    def remove(self, sha256: str) -> bool:
        """Erase a file, as a redaction asks; its hash stays in the log. Tell whether it was there."""
        path, there = self.root / file_path(sha256), False
        # A mirror may have been filled by hand from a site, whose files have endings.
        for ending in ENDINGS:
            with suppress(FileNotFoundError):
                path.with_name(path.name + ending).unlink()
                there = True
        if there:
            sync_folders([path.parent])
        return there

    def names(self) -> Iterator[str]:
        """List what is there, by SHA-256."""
        folder = self.root / FILES
        yield from sorted(p.name for p in folder.glob("*") if _NAME.fullmatch(p.name))


class Served:
    """Files beside another log, which may keep them under names that end with their kind."""

    def __init__(self, source: Source) -> None:
        """Ask ``source``; what it answers is believed only where the hash is right."""
        self.source = source
        self._endings = list(ENDINGS)

    def get(self, sha256: str) -> bytes:
        """Read a file.

        Raises:
            Missing: it is not there under any name.
            LogError: it is another file, or nobody answers, or what answers refuses to give it.
        """
        return self._ask(sha256, b"".join)

    def check(self, sha256: str) -> None:
        """Read a file without holding it; see ``get``."""
        self._ask(sha256, lambda blocks: deque(blocks, maxlen=0))

    def bring(self, sha256: str, files: Files) -> None:
        """Read a file and keep it, piece by piece, so that memory does not grow with it; see ``get``.

        Raises:
            OSError: the disk is full.
        """
        self._ask(sha256, lambda blocks: files.keep(sha256, blocks))

    def _ask(self, sha256: str, take: Callable[[Iterator[bytes]], _Taken]) -> _Taken:
        """Let a file be taken under the name that it has there; what was taken is whole and right."""
        path = file_path(sha256)
        changed = False
        refused: Refused | None = None
        for ending in tuple(self._endings):
            try:
                blocks = self.source.blocks(path + ending, LARGEST_FILE)
                # Whether it is there is known before anything is begun for it.
                taken = take(_believed(sha256, next(blocks, b""), blocks))
            except Missing:
                continue
            except _OtherFile:
                # A server may answer with a page of its own where a file is not.
                changed = True
                continue
            except Refused as error:
                refused = error
                continue
            # Most files have the ending of the one before: that one is asked for first.
            self._endings.remove(ending)
            self._endings.insert(0, ending)
            return taken
        if changed:
            raise LogError(f"{self.source}: the file {sha256} was changed: its SHA-256 is no longer its name")
        raise refused or Missing(f"{self.source}: the file {sha256} is not there")


class _OtherFile(LogError):
    """What came has another hash."""


def _believed(sha256: str, first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    """Pass on a file, and end with an error where it is not what its name says."""
    found = hashlib.sha256()
    for block in chain((first,), rest):
        found.update(block)
        yield block
    if found.hexdigest() != sha256:
        raise _OtherFile(f"the SHA-256 is not {sha256}")
