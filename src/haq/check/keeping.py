"""The folder that a check writes into, and the list of what haq wrote there."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from haq.check.hashes import sha256_of
from haq.errors import InputError

#: Lists every file that haq wrote, with its hash; ``sha256sum -c`` reads it.
LIST: Final = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  ((?:(?:files|tables|pictures)/)?[^./\\\0][^/\\\0]*)")


class Kept:
    """A folder being written: what haq wrote earlier and does not write again goes, all else stays.

    Every file is listed as soon as it is there, so that what an interrupted check left is known, too.
    """

    def __init__(self, folder: Path, *, alone: bool = False) -> None:
        """Make the folder where it is missing.

        Args:
            folder: the folder.
            alone: refuse a folder in which somebody else's files lie and none that haq wrote.

        Raises:
            InputError: so.
            OSError: the folder or its list cannot be read or written.
        """
        self.folder = folder
        listed = folder / LIST
        known = listed.is_file() and not listed.is_symlink()
        if alone and not known and folder.is_dir() and any(folder.iterdir()):
            raise InputError(
                f"{folder}: holds files that haq did not write; choose an empty folder with --out"
            )
        folder.mkdir(parents=True, exist_ok=True)
        lines = listed.read_text("utf-8", errors="replace").splitlines() if known else []
        self._before = {match[2] for match in map(_LINE.fullmatch, lines) if match}
        self._written: dict[str, str] = {}
        if not known:
            listed.unlink(missing_ok=True)
        self._list = listed.open("a", encoding="utf-8", newline="\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._list.close()
        if kind is None:
            self._finish()

    def path(self, name: str) -> Path:
        """Say where a file of this name belongs; its folder is made where it is missing."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        return path

    def write(self, name: str, data: bytes) -> Path:
        """Write a file whole or not at all, and list it."""
        path = self.path(name)
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        part.write_bytes(data)
        part.replace(path)
        self._note(name, hashlib.sha256(data).hexdigest())
        return path

    def wrote(self, name: str, digest: str | None = None) -> str:
        """List a file that was written; give its SHA-256."""
        found = digest or sha256_of(self.folder / name)
        self._note(name, found)
        return found

    @property
    def written(self) -> tuple[Path, ...]:
        """The files written, in the order in which they were."""
        return tuple(self.folder / name for name in self._written)

    def _note(self, name: str, digest: str) -> None:
        self._written[name] = digest
        self._list.write(f"{digest}  {name}\n")
        self._list.flush()

    def _finish(self) -> None:
        for name in sorted(self._before - self._written.keys()):
            path = self.folder / name
            if not path.parent.is_symlink() and (path.is_file() or path.is_symlink()):
                path.unlink()
        part = self.folder / f"{LIST}.part"
        part.unlink(missing_ok=True)
        lines = (f"{digest}  {name}\n" for name, digest in sorted(self._written.items()))
        part.write_bytes("".join(lines).encode())
        part.replace(self.folder / LIST)
