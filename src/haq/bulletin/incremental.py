"""What changed between two sets of entries, and which stations and areas it touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from mmap import mmap
from typing import TypeAlias

import polars as pl
import pydantic_core

from haq.bulletin.assemble.frames import Doubt, Frames
from haq.bulletin.reader import lines_of, needle_of
from haq.entries import digest

#: Entries in memory, or as they lie on the disk.
Bytes: TypeAlias = "bytes | mmap"
#: Searching for the lines of a station takes so long that beyond so many all lines are sorted instead.
FEW = 8
#: Beyond this share of the stations everything is made again, by all processes.
MANY = 0.2
#: Bytes that are compared at once.
BLOCK = 1 << 16
#: Kinds whose change touches every page.
_EVERYWHERE = frozenset({"election", "area", "redaction"})


@dataclass
class Touched:
    """What a change of entries touches.

    Attributes:
        units: stations to be made again.
        upper: keys of areas that changed lines of no station name, whatever their level.
        copies: digests of the copies among the changed lines.
    """

    units: set[str] = field(default_factory=set)
    upper: set[str] = field(default_factory=set)
    copies: set[str] = field(default_factory=set)


def changed_lines(old: Bytes, new: Bytes) -> tuple[list[bytes], list[bytes]]:
    """List the lines that only one of two sets of entries has, or has more often.

    Args:
        old: entries as they were.
        new: entries as they are.

    Returns:
        Lines that went, and lines that came; what stands unchanged at the beginning and at the end of
        both is not even split.
    """
    start = old.rfind(b"\n", 0, _same_start(old, new)) + 1
    end = _same_end(old, new, min(len(old), len(new)) - start)
    # The shared end begins in the middle of a line: only whole lines are left out.
    whole = old.find(b"\n", len(old) - end)
    end = len(old) - whole - 1 if whole >= 0 and end else 0
    before = Counter(lines_of(old[start : len(old) - end]))
    after = Counter(lines_of(new[start : len(new) - end]))
    return list((before - after).elements()), list((after - before).elements())


def _same_start(old: Bytes, new: Bytes) -> int:
    """Count bytes at the beginning that both share, to within a block."""
    place, most = 0, min(len(old), len(new))
    while place + BLOCK <= most and old[place : place + BLOCK] == new[place : place + BLOCK]:
        place += BLOCK
    return place


def _same_end(old: Bytes, new: Bytes, most: int) -> int:
    """Count bytes at the end that both share, to within a block, at most so many."""
    end, a, b = 0, len(old), len(new)
    while end + BLOCK <= most and old[a - end - BLOCK : a - end] == new[b - end - BLOCK : b - end]:
        end += BLOCK
    return end


def touched_by(
    lines: Iterable[bytes],
    base: str,
    levels: Mapping[str, str],
    frames: Frames,
    line_of: Callable[[str], bytes],
) -> Touched:
    """Tell what changed lines touch.

    Args:
        lines: lines that came or went.
        base: key of the level of stations.
        levels: source -> key of its level.
        frames: the tables as they were.
        line_of: gives the entry with a digest.

    Returns:
        Stations and areas.

    Raises:
        Doubt: the change touches everything, or nobody can tell what.
    """
    found = Touched()
    readings: list[str] = []
    waiting = list(lines)
    while waiting:
        line = waiting.pop()
        try:
            tree = pydantic_core.from_json(line)
        except ValueError:
            continue
        if type(tree) is not dict:
            continue
        kind, unit = str(tree.get("kind")), tree.get("unit", tree.get("station"))
        if kind in _EVERYWHERE:
            raise Doubt
        if kind == "retraction":
            waiting.append(line_of(str(tree.get("retracts"))))
        if kind == "reading":
            readings.append(str(tree.get("copy_entry")))
        if kind == "copy":
            found.copies.add(digest(line))
        if not isinstance(unit, str) or not unit:
            continue
        at_base = kind == "station" or tree.get("level") == base
        if at_base and needle_of(unit) not in line:
            raise Doubt
        if at_base:
            found.units.add(unit)
        else:
            found.upper.add(unit)
    for copy in readings:
        if copy in found.copies:
            continue
        source, unit = _copied_by(copy, frames)
        (found.units if levels[source] == base else found.upper).add(unit)
    return found


def _copied_by(copy: str, frames: Frames) -> tuple[str, str]:
    """Name the source and the unit of a copy.

    Raises:
        Doubt: no sheet rests on that copy, so it may be anybody's.
    """
    for source, sheets in frames.sheets.items():
        rows = sheets.filter(pl.col("entry") == copy)
        if rows.height:
            return source, str(rows["unit"][0])
    raise Doubt
