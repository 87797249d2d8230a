"""Files of the site: written only where they differ, replaced whole, and never outside of their folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from haq.errors import InputError

#: Says that a folder is a site of haq's, and from what it was built.
MARKER = ".haq-site.json"
#: Held by the build that is at work.
LOCK = ".haq-lock"
#: Folder of what the next build needs to know of this one.
STATE = ".haq-state"
#: Lists every file of the site but itself, with its hash.
LIST = "site.sha256"
#: The entries, where the site is built from a file; a site that is built from a log holds the log.
ENTRIES = "data/entries.jsonl"
#: Signed name of all entries, and whose signatures count, where the site is built from a log.
CHECKPOINT, POLICY = "checkpoint", "policy"
#: What a site has at its top. Whatever else lies there, such as ``.git``, is its owner's and stays.
OWN = frozenset(
    {MARKER, LOCK, STATE, LIST, CHECKPOINT, POLICY, "tile"}
    | {"index.html", "404.html", "kk", "ru", "en", "assets", "data", "files"}
)

#: Ending of a file that is being written.
_PART = ".part"
# A link that somebody laid in the way is not followed.
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


class Writer:
    """Writes the files of one site.

    Attributes:
        out: folder of the site.
        written, unchanged, removed: how many files.
        sums: path -> SHA-256 [32 bytes] of what was written or found unchanged.
        kept: paths of files that stay as they are without being looked at.
        gone: paths of files that were removed.
    """

    def __init__(self, out: Path, *, fresh: bool = False) -> None:
        """Write into a folder.

        Args:
            out: folder of the site.
            fresh: whether there is nothing yet, so that no reader is disturbed and nothing compared.
        """
        self.out, self.fresh = out, fresh
        self.written = self.unchanged = self.removed = 0
        self.sums: dict[str, bytes] = {}
        self.kept: set[str] = set()
        self.gone: set[str] = set()
        self._root = f"{out}{os.sep}"
        self._folders: set[str] = set()
        self._laid: set[str] = set()

    def lay(self, path: str, data: bytes) -> None:
        """Write a large file beside its place, where no reader sees it, for a call that is to follow."""
        self._make(path, path.rpartition("/")[0])
        try:
            _write(f"{self._root}{path}{_PART}", data)
        except OSError as error:
            raise _refused(self._root + path, error) from error
        self._laid.add(path)

    def __call__(self, path: str, data: bytes, *, changed: bool = False, sha256: bytes = b"") -> None:
        """Write a file, unless it holds these bytes already.

        Args:
            path: relative to the site, with ``/``.
            data: its bytes.
            changed: whether they are known to differ from what lies there.
            sha256: their hash, where it is known already.

        Raises:
            InputError: the path leads out of the site, or the disk refuses.
        """
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            self._make(path, folder)
        self.sums[path] = sha256 or hashlib.sha256(data).digest()
        target = self._root + path
        try:
            if not self.fresh:
                if not changed and _same(target, data):
                    self.unchanged += 1
                    return
                # What a reader sees is the old file or the new one, never a half.
                part = target + _PART
                if path not in self._laid:
                    _write(part, data)
                os.replace(part, target)  # noqa: PTH105 (a Path for each of 100,000 files is slow)
            else:
                _write(target, data)
        except OSError as error:
            raise _refused(target, error) from error
        self.written += 1

    def _make(self, path: str, folder: str) -> None:
        if path.startswith("/") or ".." in path.split("/") or "\\" in path or "\0" in path:
            raise InputError(f"{path!r} would lie outside of the site")
        try:
            (self.out / folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{self.out / folder}: cannot be made: {error.strerror}") from error
        # A link in a folder's place would lead the pages elsewhere.
        if (self.out / folder).resolve() != self.out.resolve() / folder:
            raise InputError(
                f"{self.out / folder}: a link stands in a folder's place; remove it and build again"
            )
        self._folders.add(folder)

    def join(self, other: Writer) -> None:
        """Take over what another writer of the same site did."""
        self.written += other.written
        self.unchanged += other.unchanged
        self.removed += other.removed
        self.sums |= other.sums
        self.kept |= other.kept
        self.gone |= other.gone

    @property
    def paths(self) -> set[str]:
        """Paths of everything that belongs to the site, as far as this writer knows."""
        return self.kept.union(self.sums)

    def remove(self, path: str) -> None:
        """Remove a file that is no longer part of the site."""
        self.gone.add(path)
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


def _refused(target: str, error: OSError) -> InputError:
    return InputError(f"{target}: cannot be written: {error.strerror}")


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
    handle = os.open(target, _FLAGS, 0o644)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)
