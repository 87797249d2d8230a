"""What a site is built from: a log, or a file of entries."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydantic_core

from haq.bulletin.incremental import Touched
from haq.bulletin.memory import Memory
from haq.bulletin.model import Problem
from haq.bulletin.reader import Piles
from haq.bulletin.roll import Roll
from haq.bulletin.write import Writer
from haq.entries import ElectionEntry, files_redacted
from haq.tlog.verify import Signed

_FILE = re.compile(r"([0-9a-f]{64})(?:\.[A-Za-z0-9]{1,16})?")
_HASH = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[a-z][a-z-]{0,39}")
#: What the line of a redaction holds; canonical JSON has no spaces.
REDACTION = b'"kind":"redaction"'
#: Beside the entries of a site: files that the entries name and the site does not publish, with the reason.
HELD_BACK = "held-back.json"


@dataclass(frozen=True)
class Found:
    """The election that entries are of.

    Attributes:
        entry: its entry.
        line: the bytes of that entry.
        problems: with other entries of elections.
    """

    entry: ElectionEntry
    line: bytes
    problems: list[Problem]


@dataclass(frozen=True)
class Beside:
    """What lies beside entries.

    Attributes:
        files: SHA-256 by its name -> evidence file.
        law: a law profile, if there is one.
        held_back: SHA-256 -> why the site that the entries come from did not publish a file.
    """

    files: Mapping[str, Path]
    law: Path | None
    held_back: Mapping[str, str]

    def without(self, erased: Collection[str]) -> Beside:
        """Leave out files that a redaction asks to remove, even where somebody kept them."""
        if not erased:
            return self
        files = {sha256: path for sha256, path in self.files.items() if sha256 not in erased}
        return Beside(files, self.law, {**self.held_back, **dict.fromkeys(sorted(erased), "file-redacted")})


class Entries(ABC):
    """Everything that a site is built from.

    Attributes:
        beside: files, law profile, and what was held back.
        signed: the checkpoint of the log that the entries come from; None where they come from a file.
    """

    beside: Beside
    signed: Signed | None = None

    @property
    def files(self) -> Mapping[str, Path]:
        """SHA-256 by its name -> evidence file."""
        return self.beside.files

    @property
    def held_back(self) -> Mapping[str, str]:
        """SHA-256 -> why a file is not published, whoever decided that."""
        return self.beside.held_back

    @property
    def law(self) -> Path | None:
        """A law profile beside the entries, if there is one."""
        return self.beside.law

    @property
    @abstractmethod
    def lines(self) -> tuple[bytes, ...]:
        """All entries, in their order."""

    @property
    @abstractmethod
    def count(self) -> int:
        """How many there are."""

    @property
    @abstractmethod
    def name(self) -> str:
        """A name that other entries do not have."""

    @property
    def published(self) -> tuple[int, str] | None:
        """Size [bytes] and SHA-256 of the file of entries in the site; None where the site holds the log."""
        return None

    @abstractmethod
    def recall(self, notes: Mapping[str, Any], out: Path, *, full: bool) -> None:
        """Take what the last build noted in its marker, so that not everything has to be read again.

        Args:
            notes: empty where there was no build.
            out: folder of the site.
            full: whether everything is to be read again.

        Raises:
            InputError: the site shows what these entries contradict.
        """

    @abstractmethod
    def find_election(self) -> Found:
        """Find the election's own entry, see ``haq.bulletin.reader.find_election``."""

    @abstractmethod
    def changes(self, memory: Memory, out: Path) -> tuple[list[bytes], list[bytes]]:
        """Compare with what the last build was made from.

        Returns:
            Lines that went, and lines that came.

        Raises:
            Doubt: nobody can tell.
        """

    @abstractmethod
    def line_of(self, key: str) -> bytes:
        """Give the entry with a digest.

        Raises:
            Doubt: there is none, or it cannot be found quickly.
        """

    @abstractmethod
    def piles_of(
        self,
        touched: Touched,
        upper: Iterable[bytes],
        gone: Iterable[bytes],
        came: Sequence[bytes],
        base: str,
    ) -> Piles:
        """Find all lines of the touched stations, and all of no station, without sorting the others.

        Args:
            touched: what the change touches.
            upper: lines of no station, as they were.
            gone, came: lines that are no longer there, and new ones.
            base: key of the level of stations.
        """

    @abstractmethod
    def roll_of(self, piles: Piles) -> Roll | None:
        """Say which entry is about which station, for the next build; None where that is not needed."""

    @abstractmethod
    def places_of(self, lines: Iterable[bytes]) -> tuple[int, ...]:
        """Give the places in the log of lines that were read; nothing where there is no log."""

    @abstractmethod
    def numbers(self, keys: Collection[str], near: Iterable[bytes]) -> Mapping[str, int]:
        """Say where entries stand: the line in the file, from 1, or the place in the log, from 0.

        Args:
            keys: digests.
            near: lines among which most of them may be.

        Returns:
            Digest -> the first place.
        """

    @abstractmethod
    def lay(self, writer: Writer, notes: Mapping[str, Any]) -> None:
        """Write beside its place what takes long and is to be published, while the site is still as it was.

        Args:
            writer: the one with which ``publish`` is called then.
            notes: of the last build.
        """

    @abstractmethod
    def publish(self, writer: Writer, notes: Mapping[str, Any]) -> None:
        """Write the entries themselves into the site.

        Args:
            writer: writes files of the site.
            notes: of the last build; empty where everything is written.
        """

    @abstractmethod
    def noted(self, found: bytes) -> Mapping[str, Any]:
        """Say what the next build has to know, besides the state.

        Args:
            found: the line of the election's entry.
        """


def erased_in(lines: Iterable[bytes], election: str | None) -> set[str]:
    """Tell which files redactions ask to remove.

    Args:
        lines: of entries.
        election: whose redactions count, because nobody erases another election's files; None for all.

    Returns:
        SHA-256 in hexadecimal.
    """
    own = b"" if election is None else b'"election":' + pydantic_core.to_json(election)
    return {s for line in lines if REDACTION in line and own in line for s in files_redacted(line)}


def look_beside(*folders: Path) -> Beside:
    """See what lies beside entries.

    Args:
        folders: in which that may be; what is in the first comes first.
    """
    files: dict[str, Path] = {}
    held_back: dict[str, str] = {}
    for folder in folders:
        place = folder / "files"
        for file in sorted(place.iterdir()) if place.is_dir() else ():
            match = _FILE.fullmatch(file.name)
            if match and file.is_file():
                files.setdefault(match[1], file)
    for folder in reversed(folders):
        held_back |= _held_back(folder / HELD_BACK, files)
    laws = [folder / "law.toml" for folder in folders if (folder / "law.toml").is_file()]
    return Beside(files, laws[0] if laws else None, held_back)


def _held_back(path: Path, files: Mapping[str, Path]) -> dict[str, str]:
    """Read why a site did not publish some files, so that a site built from it says the same of them."""
    try:
        tree = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    pairs = tree.items() if isinstance(tree, dict) else ()
    return {
        sha256: code
        for sha256, code in pairs
        if _HASH.fullmatch(sha256) and sha256 not in files and isinstance(code, str) and _CODE.fullmatch(code)
    }
