"""Hashes of the files that entries name; each file is read once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from haq.check.sources import Source, stamp_of
from haq.errors import InputError


def sha256_of(path: Path) -> str:
    """Hash a file.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


class Hashes:
    """Files by name and hash, in the order in which they were asked for.

    Attributes:
        files: path -> SHA-256 in hexadecimal.
    """

    def __init__(self) -> None:
        self.files: dict[Path, str] = {}

    def of(self, path: Path) -> str:
        """Hash a file.

        Raises:
            InputError: the file cannot be read.
        """
        if path not in self.files:
            self.files[path] = sha256_of(path)
        return self.files[path]

    def of_source(self, source: Source) -> str:
        """Hash the file of a source, provided that it is still the one that was read.

        Raises:
            InputError: the file cannot be read, or was changed since.
        """
        digested = self.of(source.path)
        if stamp_of(source.path) != source.stamp:
            raise InputError(f"{source.path}: was changed while haq was checking it; run the check again")
        return digested

    def of_row(self, source: Source, row: object) -> tuple[str, ...]:
        """Hash the photographs that a row of a source names, each once."""
        files = source.files.get(row, ()) if isinstance(row, int) else ()
        return tuple(dict.fromkeys(self.of(path) for path in files))
