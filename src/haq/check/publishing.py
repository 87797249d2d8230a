"""Writes what a check can publish: entries, the rules they rest on, and the files that they name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from haq.check.again import election_toml
from haq.check.hashes import Choices, Hashes, PublicFile
from haq.check.keeping import Kept
from haq.check.publication import entries_of
from haq.check.report import Report
from haq.entries import encode
from haq.errors import InputError
from haq.law import profile_text

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Published:
    """What was published, and what was not.

    Attributes:
        written: the files written.
        left_out: source -> headers of its columns that are not published.
        photographs: how many photographs and scans the tables name.
        cleaned: photograph -> what was taken out of its published copy.
        held_back: photograph or scan -> why it is not published; ``pdf`` for a PDF file.
    """

    written: tuple[Path, ...]
    left_out: Mapping[str, tuple[str, ...]]
    photographs: int
    cleaned: Mapping[Path, tuple[str, ...]]
    held_back: Mapping[Path, str]

    def document(self) -> dict[str, Any]:
        """Write it as plain values that JSON can carry."""
        return {
            "left_out": {key: list(headers) for key, headers in self.left_out.items()},
            "photographs": self.photographs,
            "cleaned": {str(path): list(removed) for path, removed in self.cleaned.items()},
            "held_back": {str(path): why for path, why in self.held_back.items()},
        }


def publish(report: Report, folder: Path, *, choices: Choices | None = None, link: bool = False) -> Published:
    """Write everything that others need to build the bulletin and to check it.

    Args:
        report: what the check found.
        folder: made where it is missing; files of the same name are replaced, and those that an earlier
            check wrote and this one does not are removed.
        choices: what is published beside what can do no harm.
        link: share the bytes of files with their originals where the file system can (hard links),
            for a folder that will not outlive them. A copy stays what it is when the original changes.

    Returns:
        What was written: ``entries.jsonl``, ``law.toml``, ``election.toml``, ``SHA256SUMS`` and
        ``files/<SHA-256><ending>``: the mapped columns of the tables, photographs without what cameras
        write into them, outlines.

    Raises:
        InputError: the folder cannot be written, or a file was changed since it was checked.
    """
    hashes = Hashes(choices)
    try:
        with Kept(folder) as kept:
            publish_into(kept, report, hashes, link=link)
    except OSError as error:
        raise InputError(
            f"{error.filename or folder}: cannot be written: {error.strerror}; choose another folder"
        ) from error
    return published(kept, hashes)


def publish_into(kept: Kept, report: Report, hashes: Hashes, *, link: bool = False) -> None:
    """Write everything that others need into a folder that is being written; see ``publish``.

    Raises:
        InputError: a file was changed since it was checked.
        OSError: the folder cannot be written.
    """
    entries = kept.path("entries.jsonl")
    part = entries.with_name("entries.jsonl.part")
    part.unlink(missing_ok=True)
    with part.open("wb") as stream:
        for entry in entries_of(report, hashes):
            stream.write(encode(entry) + b"\n")
    part.replace(entries)
    kept.wrote("entries.jsonl")
    kept.write("law.toml", profile_text(report.election.law).encode())
    kept.write("election.toml", election_toml(report, hashes).encode())
    for digest, file in sorted(hashes.public.items()):
        _place(file, digest, kept.path(file.name), link=link)
        kept.wrote(file.name, digest)


def published(kept: Kept, hashes: Hashes) -> Published:
    """Say what was published, and what was not."""
    return Published(kept.written, hashes.left_out, hashes.photographs, hashes.cleaned, hashes.held_back)


def _place(file: PublicFile, digest: str, target: Path, *, link: bool) -> None:
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    if file.make is not None:
        data = file.make()
        if hashlib.sha256(data).hexdigest() != digest:
            raise InputError(_changed(file.path))
        part.write_bytes(data)
    elif not (link and _linked(file.path, part)):
        _copy(file.path, part, digest)
    part.replace(target)


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
        raise InputError(_changed(path))


def _changed(path: Path) -> str:
    return f"{path}: was changed while haq was checking it; run the check again"
