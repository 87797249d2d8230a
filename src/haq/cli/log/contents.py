"""What a log holds about its own entries: which are withdrawn, which files are erased, what is promised."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from haq.entries import (
    CommitmentEntry,
    ElectionEntry,
    Entry,
    RedactionEntry,
    RetractionEntry,
    RevealEntry,
    decode,
    digest,
    files_named,
)
from haq.errors import InputError, LogError
from haq.tlog.merkle import leaf_hash
from haq.tlog.reader import Reader
from haq.tlog.tiles import WIDTH

#: Kinds of entries that a log has of itself: no check of an election makes them.
OWN = (CommitmentEntry, RedactionEntry, RetractionEntry, RevealEntry)
_NAMES = [kind.model_fields["kind"].default for kind in OWN]
#: Canonical JSON has no spaces, and a quotation mark within a text stands behind a backslash.
_OWN = re.compile(f'"kind":"(?:{"|".join(_NAMES)})"'.encode())
_TAKEN = re.compile(f'"kind":"(?:{"|".join(_NAMES)}|election)"'.encode())
_Kind = TypeVar("_Kind", bound=Entry)


def speaks_of_others(data: bytes) -> bool:
    """Tell whether an entry can be of the kinds of ``OWN``."""
    return _OWN.search(data) is not None


def tree_of(data: bytes) -> dict[str, Any]:
    """Read an entry as plain values, valid or not; nothing where it is no JSON object."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return tree if isinstance(tree, dict) else {}


@dataclass
class Contents:
    """What a log holds about its own entries. What is no valid entry says nothing.

    Attributes:
        own: digest -> entry of the kinds of ``OWN``.
        places: digest -> where that entry stands first.
        elections: keys of the elections that have an entry, in the order of the log.
        described: digest of each entry of an election itself -> key of the election.
        named: (election, file) of each redaction whose file an entry of the same election names.
        found: entries that were looked for: place and bytes, in the order of the log.
    """

    own: dict[str, Entry] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    elections: dict[str, None] = field(default_factory=dict)
    described: dict[str, str] = field(default_factory=dict)
    named: set[tuple[str, str]] = field(default_factory=set)
    found: list[tuple[int, bytes]] = field(default_factory=list)

    def of(self, kind: type[_Kind]) -> dict[str, _Kind]:
        """Give the entries of a kind of ``OWN``, by their digests."""
        return {key: entry for key, entry in self.own.items() if isinstance(entry, kind)}

    def retractions(self, election: str) -> dict[str, str]:
        """Give the retractions of an election: digest -> digest of what it withdraws."""
        found = self.of(RetractionEntry).items()
        return {key: entry.retracts for key, entry in found if entry.election == election}

    @property
    def erased(self) -> dict[str, str]:
        """SHA-256 of each file that has to go -> digest of the first entry that says so.

        A redaction has effect only on what its own election names, see ``look_for_named``.
        """
        found: dict[str, str] = {}
        for key, entry in self.of(RedactionEntry).items():
            if (entry.election, entry.file) in self.named:
                found.setdefault(entry.file, key)
        return found

    def look_for_named(self, lines: Iterable[bytes]) -> None:
        """Find which redacted files are named by an entry of the same election; quick where none is redacted.

        Args:
            lines: every entry.
        """
        wanted = {(e.election, e.file) for e in self.of(RedactionEntry).values()} - self.named
        if not wanted:
            return
        files = {file for _, file in wanted}
        for data in lines:
            names = files.intersection(files_named(data))
            if names:
                election = tree_of(data).get("election")
                self.named.update(wanted & {(election, file) for file in names})

    def take(self, data: bytes, place: int = -1) -> None:
        """Note an entry that says something of others, or of an election; all others are left alone."""
        if _TAKEN.search(data) is None:
            return
        try:
            entry = decode(data)
        except InputError:
            return
        if isinstance(entry, ElectionEntry):
            self.elections.setdefault(entry.election)
            self.described.setdefault(digest(data), entry.election)
        elif isinstance(entry, OWN):
            self.own.setdefault(digest(data), entry)
            self.places.setdefault(digest(data), place)


def read_contents(
    reader: Reader,
    *,
    keys: Collection[str] = (),
    files: Collection[str] = (),
) -> Contents:
    """Read a log once; remember what it says of its own entries, and what was looked for.

    Args:
        reader: the log.
        keys: digests of entries to find.
        files: SHA-256 of files; the entries that name them are to be found.

    Raises:
        LogError: an entry is not what the tree holds.
    """
    needles = [sha256.encode() for sha256 in files]
    contents = Contents()
    for place, data in reader.entries():
        if (keys and digest(data) in keys) or (
            any(needle in data for needle in needles) and any(name in files for name in files_named(data))
        ):
            contents.found.append((place, check(reader, place, data)))
        if _TAKEN.search(data) is not None:
            contents.take(check(reader, place, data), place)
    contents.look_for_named(data for _, data in reader.entries())
    return contents


def check(reader: Reader, place: int, data: bytes) -> bytes:
    """Give back an entry.

    Raises:
        LogError: it is not what the tree holds.
    """
    if leaf_hash(data) != reader.hashes(0, place):
        raise LogError(
            f"{reader.source}: entry {place} is not what the tree holds: it was changed; "
            "see what else was: haq log verify"
        )
    return data


def entries_at(reader: Reader, places: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """Give the entries of some places, in the order of the log.

    Args:
        reader: the log.
        places: in rising order.

    Raises:
        LogError: an entry is not what the tree holds.
    """
    held, bundle = -1, list[bytes]()
    for place in places:
        if place // WIDTH != held:
            held = place // WIDTH
            bundle = reader.bundle(held)
        yield place, check(reader, place, bundle[place % WIDTH])
