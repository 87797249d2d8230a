"""The files that entries name: which of them may be published, in which form, and under which hash."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from haq import tables
from haq.check.evidence import BETWEEN
from haq.check.sources import Source, stamp_of
from haq.entries.photographs import HEAD, Unreadable, clean, kind_of
from haq.errors import InputError

#: Folder of the published files, each under its own hash.
FILES: Final = "files"
#: Field with the names of photographs.
PHOTO: Final = "photo"
#: An ending that a published file keeps.
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True)
class Choices:
    """What somebody decided to publish beside what can do no harm.

    Attributes:
        originals: the whole files of official sources, with columns that nobody mapped.
        pdf: PDF files; haq cannot take out of them who made them and where.
    """

    originals: bool = False
    pdf: bool = False


@dataclass(frozen=True)
class PublicFile:
    """A file to be published.

    Attributes:
        path: the file that it is, or is made from.
        name: under which it is published: ``files/<SHA-256><ending>``.
        make: makes its bytes; None where they are those of ``path``.
    """

    path: Path
    name: str
    make: Callable[[], bytes] | None = None


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
    """Hashes of the files that entries name; each file is read once.

    Attributes:
        public: SHA-256 in hexadecimal -> file to be published, in the order in which they were asked for.
        left_out: source -> headers of the columns that are not published.
        cleaned: photograph -> what was taken out of its published copy.
        held_back: photograph or scan -> why it is not published.
    """

    def __init__(self, choices: Choices | None = None) -> None:
        self.choices = choices or Choices()
        self.public: dict[str, PublicFile] = {}
        self.left_out: dict[str, tuple[str, ...]] = {}
        self.cleaned: dict[Path, tuple[str, ...]] = {}
        self.held_back: dict[Path, str] = {}
        self._photographs: dict[Path, str] = {}
        self._originals: dict[Path, str] = {}
        self._extracts: dict[str, str] = {}

    @property
    def photographs(self) -> int:
        """How many photographs and scans were asked for."""
        return len(self._photographs)

    def of(self, path: Path) -> str:
        """Hash a file that is published as it is.

        Raises:
            InputError: the file cannot be read.
        """
        digest = self._original(path)
        ending = path.suffix.lower()
        self._publish(path, digest, ending if _ENDING.fullmatch(ending) else "")
        return digest

    def of_source(self, source: Source) -> str:
        """Hash the file of a source, provided that it is still the one that was read.

        It is published whole only where it is official and somebody chose so.

        Raises:
            InputError: the file cannot be read, or was changed since.
        """
        digest = self._original(source.path)
        if stamp_of(source.path) != source.stamp:
            raise InputError(f"{source.path}: was changed while haq was checking it; run the check again")
        if self.choices.originals and source.config.kind == "official":
            self.of(source.path)
        elif headers := tables.left_out(source.table):
            self.left_out[source.key] = headers
        return digest

    def extract_of(self, source: Source) -> str:
        """Hash the mapped columns of a source, which are what is published of it.

        Raises:
            InputError: a photograph that it names cannot be read.
        """
        if source.key not in self._extracts:
            data = tables.extract(source.table, self._instead(source))
            digest = hashlib.sha256(data).hexdigest()
            self._publish(source.path, digest, ".csv", lambda: data)
            self._extracts[source.key] = digest
        return self._extracts[source.key]

    def of_row(self, source: Source, row: object) -> tuple[str, ...]:
        """Hash the published photographs of those that a row of a source names, each once.

        Raises:
            InputError: a photograph cannot be read.
        """
        files = source.files.get(row, ()) if isinstance(row, int) else ()
        return tuple(dict.fromkeys(filter(None, map(self._photograph, files))))

    def names_of_row(self, source: Source, row: object) -> str:
        """Name the published photographs of a row as a cell of a table does; empty for none."""
        return BETWEEN.join(self.public[digest].name for digest in self.of_row(source, row))

    def _original(self, path: Path) -> str:
        if path not in self._originals:
            self._originals[path] = sha256_of(path)
        return self._originals[path]

    def _photograph(self, path: Path) -> str:
        """Hash what is published of a photograph or scan; empty where nothing is."""
        if path not in self._photographs:
            self._photographs[path] = self._looked_at(path)
        return self._photographs[path]

    def _looked_at(self, path: Path) -> str:
        try:
            with path.open("rb") as stream:
                kind = kind_of(stream.read(HEAD))
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error
        if kind == "pdf":
            if self.choices.pdf:
                return self.of(path)
            self.held_back[path] = "pdf"
            return ""
        try:
            found = clean(_read(path))
        except Unreadable as error:
            self.held_back[path] = str(error)
            return ""
        digest = hashlib.sha256(found.data).hexdigest()
        if found.removed:
            self.cleaned[path] = found.removed
        make = (lambda: clean(_read(path)).data) if found.removed else None
        self._publish(path, digest, f".{kind}", make)
        return digest

    def _publish(self, path: Path, digest: str, ending: str, make: Callable[[], bytes] | None = None) -> None:
        self.public.setdefault(digest, PublicFile(path, f"{FILES}/{digest}{ending}", make))

    def _instead(self, source: Source) -> dict[int, dict[int, str]]:
        """Say what stands in the columns of photographs: published names, for the old may name people."""
        own = source.table.places.get(PHOTO, ())
        others = {p for field, places in source.table.places.items() if field != PHOTO for p in places}
        if not own or others.intersection(own):
            return {}
        names = {row: name for row in source.files if (name := self.names_of_row(source, row))}
        return {position: names if len(own) == 1 else {} for position in own}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
