"""The list of all files of a site with their hashes, and whether a site is what its list says.

The format is that of ``sha256sum``: 64 hexadecimal letters, two spaces, the path; in the order of the paths.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from haq.bulletin.write import LIST
from haq.errors import InputError

#: Length of what stands before the path in a line.
_HEAD = 66
_LINE = re.compile(rb"([0-9a-f]{64})  ([^\n\\\0]+)")


def is_public(path: str) -> bool:
    """Tell whether a path of the site is meant for readers: what begins with a point is the builder's."""
    return not path.startswith(".") and path != LIST


def list_of(sums: Mapping[str, bytes]) -> bytes:
    """Write a list.

    Args:
        sums: path in the site -> SHA-256 [32 bytes].

    Returns:
        The list of those that are public.
    """
    return b"".join(_line(path, sums[path]) for path in sorted(sums) if is_public(path))


def _line(path: str, digest: bytes) -> bytes:
    return b"%s  %s\n" % (digest.hex().encode(), path.encode())


def changed_list(data: bytes, sums: Mapping[str, bytes], gone: Collection[str] = ()) -> bytes:
    """Bring a list up to date without reading all of it.

    Args:
        data: the list as it was.
        sums: path -> SHA-256 [32 bytes] of files that were written or are new.
        gone: paths that are no more.

    Returns:
        The list that ``list_of`` would write of everything.
    """
    pieces: list[bytes] = []
    done = 0
    for path in sorted({*sums, *gone}):
        if not is_public(path):
            continue
        start, end = _place_of(data, path.encode(), done)
        pieces.append(data[done:start])
        if path in sums:
            pieces.append(_line(path, sums[path]))
        done = end
    return b"".join((*pieces, data[done:]))


def _place_of(data: bytes, path: bytes, low: int) -> tuple[int, int]:
    """Find where the line of a path stands in a sorted list, or would stand: its start and its end."""
    high = len(data)
    while low < high:
        start = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = data.index(b"\n", start) + 1
        here = data[start + _HEAD : end - 1]
        if here == path:
            return start, end
        if here < path:
            low = end
        else:
            high = start
    return low, low


@dataclass(frozen=True)
class Verified:
    """Whether a site is what its list says.

    Attributes:
        files: how many the list names.
        sha256: of the list itself: two sites with the same one are the same to the last byte.
        changed: files with other bytes, and links, in the order of their paths.
        missing: files that are not there.
        extra: files that are there and that the list does not name.
    """

    files: int
    sha256: str
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is changed, missing or extra."""
        return not (self.changed or self.missing or self.extra)


def verify(
    site: Path,
    listed: Path | None = None,
    *,
    ignore: Collection[str] = (),
    progress: Callable[[str, int, int], None] | None = None,
) -> Verified:
    """Check every file of a site, or of a mirror of it, against a list of hashes.

    Args:
        site: folder of the site.
        listed: the list; the site's own ``site.sha256`` when absent. Only a list from elsewhere can tell
            of somebody who changed a file and its line in the list.
        ignore: names at the top of the folder that are not the site's, such as ``CNAME``. Names that begin
            with a point are never looked at.
        progress: told what is being done.

    Returns:
        What differs.

    Raises:
        InputError: there is no list, or it is damaged.
    """
    source = listed or site / LIST
    try:
        data = source.read_bytes()
    except OSError as error:
        raise InputError(
            f"{source}: cannot be read: {error.strerror}; give the folder of a site that haq built"
        ) from error
    known = read_list(data, source)
    tell = progress or (lambda *_: None)
    changed: list[str] = []
    missing: list[str] = []
    for number, (path, sha256) in enumerate(known.items()):
        found = _sha256_of(site, path)
        if found != sha256:
            (changed if found else missing).append(path)
        if number % 500 == 0:
            tell("checking the files", number, len(known))
    beside = {path for path in _paths_in(site) if path.partition("/")[0] not in ignore}
    extra = sorted(beside - known.keys() - {LIST})
    return Verified(
        len(known), hashlib.sha256(data).hexdigest(), tuple(changed), tuple(missing), tuple(extra)
    )


def read_list(data: bytes, source: Path) -> dict[str, str]:
    """Read a list.

    Args:
        data: the whole of it.
        source: where it lies, for messages.

    Returns:
        Path -> SHA-256.

    Raises:
        InputError: a line is no line of such a list, names a path twice, or leads out of the folder.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(data.splitlines(), start=1):
        match = _LINE.fullmatch(line)
        try:
            path = match[2].decode() if match else ""
        except UnicodeDecodeError:
            path = ""
        parts = path.split("/")
        if not match or path in found or not all(parts) or {".", ".."} & set(parts):
            raise InputError(
                f"{source}: line {number} is no hash and path of a site's file; get the list again"
            )
        found[path] = match[1].decode()
    return found


def _sha256_of(site: Path, path: str) -> str:
    """Hash a file of the site: empty where there is none, a word that is no hash where it is no file."""
    target = site / path
    try:
        if any(parent.is_symlink() for parent in _parents(site, path)):
            return "link"
        if not stat.S_ISREG(target.lstat().st_mode):
            return "no file"
        with target.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        return f"unreadable: {error.strerror}"


def _parents(site: Path, path: str) -> Iterator[Path]:
    place = site
    for part in path.split("/")[:-1]:
        place /= part
        yield place


def _paths_in(site: Path) -> Iterator[str]:
    """Name every file and link below a folder, but for what begins with a point at its top."""
    for place, folders, names in os.walk(site):
        inside = Path(place).relative_to(site)
        if inside == Path():
            folders[:] = [name for name in folders if not name.startswith(".")]
            names = [name for name in names if not name.startswith(".")]
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        yield from ((inside / name).as_posix() for name in (*names, *links))
