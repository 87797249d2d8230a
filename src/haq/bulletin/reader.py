"""Where the entries lie, and which lines belong to which station."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pydantic_core

from haq.bulletin.decoding import LineError, read_entry
from haq.bulletin.model import Problem
from haq.entries import ElectionEntry, digest
from haq.errors import HaqError, InputError
from haq.law import Profile, load_profile, profile_digest, profile_keys

_FILE = re.compile(r"([0-9a-f]{64})(?:\.[A-Za-z0-9]{1,16})?")
_HASH = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[a-z][a-z-]{0,39}")
#: Beside the entries of a site: files that the entries name and the site does not publish, with the reason.
HELD_BACK = "held-back.json"
#: Kinds of entries that name the station they are about as ``unit`` of the lowest level.
_ABOUT_UNITS = frozenset({"official", "copy", "finding", "reply"})


@dataclass(frozen=True)
class Entries:
    """What a site is built from, wherever it came from.

    Attributes:
        data: the whole of ``entries.jsonl``.
        files: SHA-256 by its name -> evidence file.
        law: a law profile beside the entries, if there is one.
        held_back: SHA-256 -> why the site that these entries come from did not publish a file.
    """

    data: bytes
    files: Mapping[str, Path]
    law: Path | None
    held_back: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def lines(self) -> tuple[bytes, ...]:
        """Lines without their ends, empty ones left out."""
        return lines_of(self.data)

    @cached_property
    def count(self) -> int:
        """How many lines there are."""
        if b"\n\n" in self.data or self.data.startswith(b"\n"):
            return len(self.lines)
        return self.data.count(b"\n") + (self.data[-1:] not in (b"", b"\n"))


@dataclass
class Piles:
    """Lines sorted by what they are about.

    Attributes:
        upper: lines of the whole election, of areas, and those that belong nowhere.
        stations: station -> its lines.
        odd: whether some line writes its station otherwise than canonical JSON does.
    """

    upper: list[bytes] = field(default_factory=list)
    stations: dict[str, list[bytes]] = field(default_factory=dict)
    odd: bool = False


def read_entries(source: Path) -> Entries:
    """Read a folder with ``entries.jsonl``, its files and its law, or that file alone.

    Args:
        source: folder, the path of an ``entries.jsonl``, or a site that was built before, which has them
            under ``data`` and its files beside that.

    Returns:
        The lines, and where the files lie.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """
    path = source / "entries.jsonl" if source.is_dir() else source
    if source.is_dir() and not path.is_file() and (source / "data" / "entries.jsonl").is_file():
        path = source / "data" / "entries.jsonl"
    try:
        data = path.read_bytes()
    except OSError as error:
        hint = (
            "; `haq check ELECTION --out FOLDER` writes one" if isinstance(error, FileNotFoundError) else ""
        )
        raise InputError(f"{path}: cannot be read: {error.strerror}{hint}") from error
    files: dict[str, Path] = {}
    # A site can be built again from what it publishes: data/entries.jsonl and the files beside data.
    own = path.absolute().parent
    for folder in (own / "files", own.parent / "files")[: 1 + (own.name == "data")]:
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            match = _FILE.fullmatch(file.name)
            if match and file.is_file():
                files.setdefault(match[1], file)
    law = own / "law.toml"
    held_back = _held_back(own / HELD_BACK, files)
    return Entries(data, files, law if law.is_file() else None, held_back)


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


def lines_of(data: bytes) -> tuple[bytes, ...]:
    """Split entries into lines, empty ones left out."""
    return tuple(line for line in data.split(b"\n") if line)


def lines_with(data: bytes, needle: bytes) -> list[bytes]:
    """Find every line that holds some bytes.

    Args:
        data: the whole of the entries.
        needle: bytes without a line end.

    Returns:
        The lines, in their order, repeated ones as often as they stand there.
    """
    found = []
    place = data.find(needle)
    while place >= 0:
        end = data.find(b"\n", place)
        end = len(data) if end < 0 else end
        found.append(data[data.rfind(b"\n", 0, place) + 1 : end])
        place = data.find(needle, end)
    return found


def find_election(data: bytes) -> tuple[ElectionEntry, bytes, list[Problem]]:
    """Find the election's own entry.

    Args:
        data: the whole of the entries.

    Returns:
        The entry, its line, and a problem for each other election entry. Where there are several, those
        whose key most lines carry are asked, and of these the first in the file speaks: what is added later
        takes nobody's place.

    Raises:
        InputError: there is none that can be read.
    """
    found: dict[bytes, ElectionEntry] = {}
    broken = ""
    for line in lines_with(data, b'"kind":"election"'):
        if line not in found:
            try:
                entry = read_entry(line)
            except LineError as error:
                broken = broken or str(error)
                continue
            if isinstance(entry, ElectionEntry):
                found[line] = entry
    if not found:
        why = f" (the only one is damaged: {broken})" if broken else ""
        raise InputError(
            f"no entry of an election is among the entries{why}; build from a whole entries.jsonl"
        )
    if len(found) == 1:
        ((line, entry),) = found.items()
        return entry, line, []
    keys = {e.election for e in found.values()}
    weight = {key: data.count(b'"election":' + pydantic_core.to_json(key)) for key in keys}
    # ``min`` gives the first of equals, and ``found`` has the order of the file.
    first = min(found, key=lambda line: -weight[found[line].election])
    problems = [
        Problem("two-elections", digest(line), values={"election": entry.election})
        for line, entry in sorted(found.items())
        if line != first
    ]
    return found[first], first, problems


def find_profile(election: ElectionEntry, law: Path | None) -> Profile:
    """Load the law profile that an election names, provided that it is still the same.

    Args:
        election: the election's entry.
        law: a profile beside the entries, if there is one.

    Returns:
        The profile.

    Raises:
        HaqError: neither the profile of that name nor ``law`` has the stated digest.
    """
    if election.law in profile_keys() and profile_digest(election.law) == election.law_sha256:
        return load_profile(election.law)
    if law is not None and profile_digest(law) == election.law_sha256:
        return load_profile(law)
    raise HaqError(
        f"the entries rest on law profile {election.law} with digest {election.law_sha256[:16]}…, which "
        "neither haq's own profile nor a law.toml beside the entries has; put that file there, or check again"
    )


def needle_of(unit: str) -> bytes:
    """Give the bytes by which the lines of a station can be found."""
    return b":" + json.dumps(unit, ensure_ascii=False).encode("utf-8", "surrogatepass")


def sort_lines(lines: Iterable[bytes], base: str) -> Piles:
    """Sort lines by the station that they are about; a reading follows its copy.

    Nothing is checked here: a line that cannot be read goes to ``upper``.

    Args:
        lines: lines of entries.
        base: key of the level of stations.

    Returns:
        The piles, each in the order of bytes, so that the order of the file does not matter.
    """
    piles = Piles()
    upper, stations = piles.upper, piles.stations
    readings: list[tuple[str, bytes]] = []
    copies: dict[str, str] = {}
    from_json = pydantic_core.from_json
    for line in lines:
        try:
            tree = from_json(line)
        except ValueError:
            upper.append(line)
            continue
        kind = tree.get("kind") if type(tree) is dict else None
        if not isinstance(kind, str):
            upper.append(line)
            continue
        unit = None
        if kind == "station":
            unit = tree.get("station")
        elif kind == "reading":
            readings.append((str(tree.get("copy_entry")), line))
            continue
        elif kind in _ABOUT_UNITS and tree.get("level") == base:
            unit = tree.get("unit")
            if kind == "copy" and isinstance(unit, str):
                copies[digest(line)] = unit
        if isinstance(unit, str) and unit:
            stations.setdefault(unit, []).append(line)
            if needle_of(unit) not in line:
                piles.odd = True
        else:
            upper.append(line)
    for copy, line in readings:
        if copy in copies:
            stations.setdefault(copies[copy], []).append(line)
        else:
            upper.append(line)
    upper.sort()
    for pile in stations.values():
        pile.sort()
    return piles
