"""The folder of a site: whose it is, and that one build at a time works in it."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from haq.bulletin.write import LOCK, MARKER, OWN, Writer
from haq.errors import InputError

try:
    import fcntl
except ImportError:  # Windows has no such locks: there it is left to the user
    fcntl = None  # type: ignore[assignment]

_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class Claim:
    """A folder that this build may write into, until it is released.

    Attributes:
        out: folder of the site.
        notes: what the last build noted in its marker; empty where nothing has been built yet.
    """

    def __init__(self, out: Path) -> None:
        """Make sure that a folder is empty or a site of haq's, and that no other build works in it.

        Args:
            out: folder of the site; made if it is not there.

        Raises:
            InputError: the folder holds somebody else's files, is none, has a marker that cannot be
                read, or another build is at work in it.
        """
        self.out = out
        self._lock = -1
        names = _names_in(out)
        if MARKER not in names and LOCK not in names:
            _refuse_strangers(out, names)
        self._hold()
        try:
            self.notes = _read_notes(out)
        except BaseException:
            self.release()
            raise

    def _hold(self) -> None:
        path = self.out / LOCK
        try:
            self._lock = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINKS, 0o644)
            if fcntl is not None:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.release()
            raise InputError(
                f"{self.out}: another build is at work in this folder; wait until it has finished"
            ) from error
        except OSError as error:
            if self._lock >= 0 and error.errno in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
                return  # a disk that knows no locks
            self.release()
            raise InputError(f"{path}: cannot be used: {error.strerror}") from error

    def release(self) -> None:
        """Let other builds in; the file stays, for to remove it could take it from under another build."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def mark(self, notes: Mapping[str, Any]) -> None:
        """Note in the marker how far the site has come."""
        Writer(self.out)(MARKER, json.dumps(notes, sort_keys=True, indent=1).encode() + b"\n")


def peek(out: Path) -> Mapping[str, Any]:
    """Read what the last build noted, without claiming the folder; nothing where that cannot be read."""
    try:
        with open(os.open(out / MARKER, os.O_RDONLY | _NO_LINKS), "rb") as stream:  # noqa: PTH123
            notes = json.loads(stream.read())
    except (OSError, ValueError, RecursionError):
        return {}
    return notes if isinstance(notes, dict) else {}


def _names_in(out: Path) -> frozenset[str]:
    try:
        out.mkdir(parents=True, exist_ok=True)
        names = frozenset(path.name for path in out.iterdir())
    except OSError as error:
        raise InputError(f"{out}: cannot be used as the folder of a site: {error.strerror}") from error
    for name in sorted(names & OWN):
        if (out / name).is_symlink():
            raise InputError(f"{out / name}: is a link to another place; a site has only files of its own")
    return names


def _refuse_strangers(out: Path, names: Collection[str]) -> None:
    if names:
        raise InputError(
            f"{out}: holds files that are no site of haq's ({min(names)}, …); give an empty or a new folder"
        )


def _read_notes(out: Path) -> dict[str, Any]:
    """Read what the last build noted, now that nobody else writes here."""
    names = _names_in(out) - {LOCK}
    if MARKER not in names:
        _refuse_strangers(out, names)
        return {}
    try:
        with open(os.open(out / MARKER, os.O_RDONLY | _NO_LINKS), "rb") as stream:  # noqa: PTH123
            notes = json.loads(stream.read())
    except (OSError, ValueError, RecursionError):
        notes = None
    if not isinstance(notes, dict) or not notes:
        raise InputError(
            f"{out / MARKER}: cannot be read, so nobody can tell whether this folder is a site of haq's; "
            "build into a new folder, or empty this one"
        )
    return notes
