"""Files of the site: written only where they differ, replaced whole, and never outside of their folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from haq.errors import InputError

#: Says that a folder is a site of haq's, and from what it was built.
MARKER = ".haq-site.json"
#: What a site has at its top. Whatever else lies there, such as ``.git``, is its owner's and stays.
OWN = frozenset({MARKER, ".haq-state", "index.html", "kk", "ru", "en", "assets", "data", "files"})
#: Folder of what the next build needs to know of this one.
STATE = ".haq-state"


class Writer:
    """Writes the files of one site.

    Attributes:
        out: folder of the site.
        written, unchanged, removed: how many files.
        paths: what was written or found unchanged.
    """

    def __init__(self, out: Path, *, fresh: bool = False) -> None:
        """Write into a folder.

        Args:
            out: folder of the site.
            fresh: whether there is nothing yet, so that no reader is disturbed and nothing compared.
        """
        self.out, self.fresh = out, fresh
        self.written = self.unchanged = self.removed = 0
        self.paths: list[str] = []
        self._root = f"{out}{os.sep}"
        self._folders: set[str] = set()

    def __call__(self, path: str, data: bytes, *, changed: bool = False) -> None:
        """Write a file, unless it holds these bytes already.

        Args:
            path: relative to the site, with ``/``.
            data: its bytes.
            changed: whether they are known to differ from what lies there.

        Raises:
            InputError: the path leads out of the site, or the disk refuses.
        """
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            self._make(path, folder)
        self.paths.append(path)
        target = self._root + path
        try:
            if not self.fresh:
                if not changed and _same(target, data):
                    self.unchanged += 1
                    return
                # What a reader sees is the old file or the new one, never a half.
                part = f"{target}.part"
                _write(part, data)
                os.replace(part, target)  # noqa: PTH105 (a Path for each of 100,000 files is slow)
            else:
                _write(target, data)
        except OSError as error:
            raise InputError(f"{target}: cannot be written: {error.strerror}") from error
        self.written += 1

    def _make(self, path: str, folder: str) -> None:
        if path.startswith("/") or ".." in path.split("/") or "\\" in path or "\0" in path:
            raise InputError(f"{path!r} would lie outside of the site")
        try:
            (self.out / folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{self.out / folder}: cannot be made: {error.strerror}") from error
        self._folders.add(folder)

    def join(self, other: Writer) -> None:
        """Take over what another writer of the same site did."""
        self.written += other.written
        self.unchanged += other.unchanged
        self.removed += other.removed
        self.paths += other.paths

    def remove(self, path: str) -> None:
        """Remove a file that is no longer part of the site."""
        try:
            (self.out / path).unlink()
        except FileNotFoundError:
            return
        except OSError as error:
            raise InputError(f"{self.out / path}: cannot be removed: {error.strerror}") from error
        self.removed += 1

    def keep_only(self, paths: Iterable[str], folder: str = "") -> None:
        """Remove every file of a folder of the site that is not named.

        Args:
            paths: files to keep, relative to the site.
            folder: the folder to look into, with everything below; empty for the whole site.
        """
        kept = set(paths)
        for found in sorted(files_below(self.out, folder)):
            if found not in kept and found.partition("/")[0] in OWN:
                self.remove(found)
        for place, _, _ in os.walk(self.out / folder, topdown=False):
            top = Path(place).relative_to(self.out).parts[:1]
            if top and top[0] in OWN and not any(Path(place).iterdir()):
                Path(place).rmdir()


def files_below(out: Path, folder: str = "") -> Iterable[str]:
    """Name the files below a folder of the site, relative to the site and with ``/``."""
    for place, _, names in os.walk(out / folder):
        inside = Path(place).relative_to(out).as_posix()
        yield from (name if inside == "." else f"{inside}/{name}" for name in names)


# A Path for each of 100,000 files would be slow.
def _same(target: str, data: bytes) -> bool:
    try:
        if os.stat(target).st_size != len(data):  # noqa: PTH116
            return False
        with open(target, "rb", buffering=0) as stream:  # noqa: PTH123
            return stream.read(len(data) + 1) == data
    except FileNotFoundError:
        return False


def _write(target: str, data: bytes) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o644)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)


def claim(out: Path) -> dict[str, Any]:
    """Make sure that a folder is empty or a site of haq's.

    Args:
        out: folder of the site; made if it is not there.

    Returns:
        What the last build noted in its marker; empty where there is none that can be read.

    Raises:
        InputError: the folder holds somebody else's files, or is none.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        names = sorted(path.name for path in out.iterdir())
    except OSError as error:
        raise InputError(f"{out}: cannot be used as the folder of a site: {error.strerror}") from error
    if not names:
        return {}
    for name in names:
        if name in OWN and (out / name).is_symlink():
            raise InputError(f"{out / name}: is a link to another place; a site has only files of its own")
    marker = out / MARKER
    if not marker.is_file():
        raise InputError(
            f"{out}: holds files that are no site of haq's ({names[0]}, …); give an empty or a new folder"
        )
    try:
        notes = json.loads(marker.read_bytes())
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def mark(out: Path, notes: dict[str, Any]) -> None:
    """Note in the marker how far the site has come."""
    writer = Writer(out)
    writer(MARKER, json.dumps(notes, sort_keys=True, indent=1).encode() + b"\n")
