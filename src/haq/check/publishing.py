"""Writes what a check can publish: entries, the rules they rest on, and every file that they name."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from haq.check.hashes import Hashes
from haq.check.publication import entries_of
from haq.check.report import Report
from haq.entries import encode
from haq.errors import InputError
from haq.law import profile_text

#: Folder of the files, each under its own hash.
FILES = "files"
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")
_CHUNK = 1 << 20


def publish(report: Report, folder: Path, *, link: bool = False) -> tuple[Path, ...]:
    """Write everything that others need to build the bulletin and to check it.

    Args:
        report: what the check found.
        folder: made where it is missing; files of the same name are replaced.
        link: share the bytes of files with their originals where the file system can (hard links),
            for a folder that will not outlive them. A copy stays what it is when the original changes.

    Returns:
        The files written: ``entries.jsonl``, ``law.toml`` and ``files/<SHA-256><ending>``: the tables as
        they came, photographs, outlines, files of replies.

    Raises:
        InputError: the folder cannot be written, or a file was changed since it was checked.
    """
    hashes = Hashes()
    try:
        (folder / FILES).mkdir(parents=True, exist_ok=True)
        with (folder / "entries.part").open("wb") as stream:
            for entry in entries_of(report, hashes):
                stream.write(encode(entry) + b"\n")
        (folder / "entries.part").replace(folder / "entries.jsonl")
        (folder / "law.toml").write_bytes(profile_text(report.election.law).encode())
        written = [folder / "entries.jsonl", folder / "law.toml"]
        originals = {digest: path for path, digest in reversed(hashes.files.items())}
        for digest, path in sorted(originals.items()):
            written.append(_place(path, digest, folder / FILES, link=link))
    except OSError as error:
        raise InputError(
            f"{error.filename or folder}: cannot be written: {error.strerror}; choose another folder"
        ) from error
    return tuple(written)


def _place(path: Path, digest: str, folder: Path, *, link: bool) -> Path:
    ending = path.suffix.lower()
    target = folder / f"{digest}{ending if _ENDING.fullmatch(ending) else ''}"
    part = target.with_name(f"{digest}.part")
    part.unlink(missing_ok=True)
    if not (link and _linked(path, part)):
        _copy(path, part, digest)
    part.replace(target)
    return target


def _linked(path: Path, part: Path) -> bool:
    try:
        os.link(path.resolve(), part)
    except OSError:  # another disk, or a file system without hard links
        return False
    return True


def _copy(path: Path, part: Path, digest: str) -> None:
    """Copy a file and make sure that the copy is what the entries name."""
    read = hashlib.sha256()
    with path.open("rb") as original, part.open("wb") as copy:
        while piece := original.read(_CHUNK):
            read.update(piece)
            copy.write(piece)
    if read.hexdigest() != digest:
        part.unlink()
        raise InputError(f"{path}: was changed while haq was checking it; run the check again")
