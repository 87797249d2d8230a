"""Which entry is the election's, and which lines belong to which station."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pydantic_core

from haq.bulletin.decoding import LineError, read_entry
from haq.bulletin.model import Problem
from haq.bulletin.withdrawing import RETRACTION, retractions_in
from haq.entries import ElectionEntry, digest, withdrawn
from haq.errors import HaqError, InputError
from haq.law import Profile, load_profile, profile_digest, profile_keys

#: What the line of an election's entry holds; canonical JSON has no spaces.
ELECTION = b'"kind":"election"'
#: Kinds of entries that name the station they are about as ``unit`` of the lowest level.
_ABOUT_UNITS = frozenset({"official", "copy", "finding", "reply"})


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
        The entry, its line, and a problem for each other election entry. Where there are several that were
        not withdrawn, those whose key most lines carry are asked, and of these the first in the file speaks:
        what is added later takes nobody's place.

    Raises:
        InputError: there is none that can be read.
    """
    return choose_election(
        lines_with(data, ELECTION),
        lambda: lines_with(data, RETRACTION),
        lambda key: data.count(b'"election":' + pydantic_core.to_json(key)),
    )


def choose_election(
    candidates: Iterable[bytes],
    retractions: Callable[[], Iterable[bytes]],
    weigh: Callable[[str], int],
) -> tuple[ElectionEntry, bytes, list[Problem]]:
    """Find the election's own entry among lines that may be one, see ``find_election``.

    Args:
        candidates: in the order of the entries.
        retractions: gives the lines that may be retractions; asked where there are several elections.
        weigh: tells how many lines carry the key of an election.
    """
    found: dict[bytes, ElectionEntry] = {}
    broken = ""
    for line in candidates:
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
            f"no entry of an election is among the entries{why}; build from a whole entries.jsonl or a log"
        )
    if len(found) == 1:
        ((line, entry),) = found.items()
        return entry, line, []
    lines = list(retractions())
    taken_back: set[str] = set()
    for key in sorted({entry.election for entry in found.values()}):
        taken_back |= withdrawn({k: e.retracts for k, e in retractions_in(lines, key).items()}).keys()
    # Where every one was withdrawn, there still is no other to go by.
    stand = {line: e for line, e in found.items() if digest(line) not in taken_back} or found
    weight = {key: weigh(key) for key in {e.election for e in stand.values()}}
    # ``min`` gives the first of equals, and ``stand`` has the order of the file.
    first = min(stand, key=lambda line: -weight[stand[line].election])
    problems = [
        Problem("two-elections", digest(line), values={"election": entry.election})
        for line, entry in sorted(stand.items())
        if line != first
    ]
    return stand[first], first, problems


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
    """Sort lines by the station that they are about.

    A reading follows its copy, and a retraction what it withdraws. Nothing is checked here: a line that
    cannot be read goes to ``upper``.

    Args:
        lines: lines of entries.
        base: key of the level of stations.

    Returns:
        The piles, each in the order of bytes, so that the order of the file does not matter.
    """
    piles = Piles()
    upper, stations = piles.upper, piles.stations
    readings: list[tuple[str, bytes]] = []
    retractions: list[tuple[str, bytes]] = []
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
        elif kind == "retraction":
            retractions.append((str(tree.get("retracts")), line))
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
    if retractions:
        _follow(retractions, piles)
    upper.sort()
    for pile in stations.values():
        pile.sort()
    return piles


def _follow(retractions: list[tuple[str, bytes]], piles: Piles) -> None:
    """Put each retraction with the entry that it withdraws; one that withdraws another follows it."""
    homes = {digest(line): unit for unit, pile in piles.stations.items() for line in pile}
    targets = {digest(line): target for target, line in retractions}
    for target, line in retractions:
        passed = set()
        while target in targets and target not in passed:
            passed.add(target)
            target = targets[target]
        unit = homes.get(target)
        (piles.upper if unit is None else piles.stations[unit]).append(line)
