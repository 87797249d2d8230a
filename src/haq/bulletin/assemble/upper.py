"""Entries of no station: of areas, of the whole election, and those that belong nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from haq.bulletin.assemble.promises import Promised
from haq.bulletin.assemble.removed import withdrawn_of
from haq.bulletin.assemble.unit import Unit
from haq.bulletin.decoding import LineError, read_entry
from haq.bulletin.model import Problem, Redacted, Withdrawn
from haq.bulletin.setting import Setting
from haq.entries import (
    AreaEntry,
    CommitmentEntry,
    CopyEntry,
    ElectionEntry,
    Entry,
    FindingEntry,
    Names,
    OfficialEntry,
    ReadingEntry,
    RedactionEntry,
    ReplyEntry,
    RetractionEntry,
    RevealEntry,
    TotalEntry,
    digest,
    withdrawn,
)

Read = tuple[Entry, str, int]


@dataclass
class Upper:
    """What stands above the stations.

    Attributes:
        units: (level, key) -> area with its sheets, settled.
        totals: totals with their digests, in the order of the digests.
        problems: with entries that belong to no unit.
        promised: data that were promised and shown.
        withdrawn: entries of no area that were retracted.
        redacted: files that were removed, in the order of their hashes; a redaction cannot be taken back.
    """

    units: dict[tuple[str, str], Unit] = field(default_factory=dict)
    totals: list[tuple[TotalEntry, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    promised: Promised = field(default_factory=Promised)
    withdrawn: list[Withdrawn] = field(default_factory=list)
    redacted: list[Redacted] = field(default_factory=list)


def read_upper(lines: Iterable[bytes], election: ElectionEntry) -> tuple[list[Read], list[Problem]]:
    """Decode the lines of no station.

    Args:
        lines: sorted.
        election: the election that they should belong to.

    Returns:
        (entry, digest, how many more times it stands there), and what cannot be used.
    """
    found: list[Read] = []
    problems: list[Problem] = []
    for line, same in groupby(lines):
        key, repeated = digest(line), len(list(same)) - 1
        try:
            entry = read_entry(line)
        except LineError as error:
            values = {"reason": error.reason} if error.reason else {}
            problems.append(Problem(error.code, key, _unit_of(line), values))
            continue
        if isinstance(entry, ElectionEntry):
            if repeated:
                problems.append(Problem("twice", key, values={"times": str(repeated + 1)}))
            found.append((entry, key, repeated))
        elif entry.election != election.election:
            problems.append(Problem("other-election", key, values={"election": entry.election}))
        else:
            found.append((entry, key, repeated))
    return found, problems


def _unit_of(line: bytes) -> str:
    """Find the unit of a line that is no entry, as far as it can be read."""
    try:
        tree = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    unit = tree.get("unit", tree.get("station", "")) if isinstance(tree, dict) else ""
    return unit if isinstance(unit, str) else ""


def area_names(read: Sequence[Read]) -> Mapping[tuple[str, str], Names]:
    """Take the names of areas from their entries, the first where two differ."""
    names: dict[tuple[str, str], Names] = {}
    for entry, _, _ in read:
        if isinstance(entry, AreaEntry):
            names.setdefault((entry.level, entry.area), entry.names)
    return names


def redactions_in(read: Sequence[Read]) -> list[Redacted]:
    """List the files that redactions remove, also those that were retracted: a file does not come back."""
    found = [
        Redacted(entry.file, key, entry.reason, entry.language or "")
        for entry, key, _ in read
        if isinstance(entry, RedactionEntry)
    ]
    return sorted(found, key=lambda r: (r.file, r.entry))


def removed_files(read: Sequence[Read]) -> dict[str, Redacted]:
    """Give the redaction of each file that was removed, the first where there are several."""
    return {redacted.file: redacted for redacted in reversed(redactions_in(read))}


def assemble_upper(read: Sequence[Read], problems: Iterable[Problem], setting: Setting) -> Upper:
    """Sort decoded entries by the area that they are about.

    Args:
        read: what ``read_upper`` gave.
        problems: what it could not use.
        setting: the election.

    Returns:
        Areas with their sheets put together, totals, and all problems.
    """
    upper = Upper(problems=list(problems), redacted=redactions_in(read))
    readings: list[tuple[ReadingEntry, str, int]] = []
    copies: dict[str, Unit] = {}
    retractions = {key: entry for entry, key, _ in read if isinstance(entry, RetractionEntry)}
    gone = withdrawn({key: entry.retracts for key, entry in retractions.items()})
    named = {key for _, key, _ in read} | {problem.where for problem in upper.problems}
    for entry, key, repeated in read:
        by = gone.get(key)
        if by is not None:
            _withdraw(entry, key, retractions[by], by, upper, setting)
        elif isinstance(entry, RetractionEntry):
            if entry.retracts not in named:
                upper.problems.append(Problem("retracts-nothing", key, values={"entry": entry.retracts}))
        elif isinstance(entry, ElectionEntry | RedactionEntry):
            continue  # seen when the election was chosen, and when the files were looked at
        elif isinstance(entry, CommitmentEntry):
            upper.promised.commitments.append((entry, key))
        elif isinstance(entry, RevealEntry):
            upper.promised.reveals.append((entry, key))
        elif isinstance(entry, TotalEntry):
            if repeated:
                upper.problems.append(Problem("twice", key, values={"times": str(repeated + 1)}))
            for code, held, known in (
                ("unknown-contest", entry.contest, setting.contests),
                ("unknown-source", entry.source, setting.sources),
                ("unknown-level", entry.level, setting.levels),
            ):
                if held not in known:
                    what = code.removeprefix("unknown-")
                    upper.problems.append(Problem(code, key, values={what: held}))
            upper.totals.append((entry, key))
        elif isinstance(entry, ReadingEntry):
            readings.append((entry, key, repeated))
        elif isinstance(entry, AreaEntry | OfficialEntry | CopyEntry | FindingEntry | ReplyEntry):
            name = entry.area if isinstance(entry, AreaEntry) else entry.unit
            # A station is no area.
            if entry.level not in setting.levels or (entry.level == setting.base and entry.kind == "area"):
                upper.problems.append(Problem("unknown-level", key, name, {"level": entry.level}))
                continue
            unit = upper.units.setdefault((entry.level, name), Unit(setting, entry.level, name))
            unit.add(entry, key, repeated)
            if isinstance(entry, CopyEntry):
                copies[key] = unit
    for reading, key, repeated in readings:
        if reading.copy_entry in copies:
            copies[reading.copy_entry].add(reading, key, repeated)
        elif reading.copy_entry not in gone:
            upper.problems.append(Problem("reading-without-copy", key, values={"copy": reading.copy_entry}))
    upper.units = dict(sorted(upper.units.items()))
    sheets = [u.sheets for (level, _), u in upper.units.items() if level == setting.top and u.sheets]
    for digests in sheets[1:]:
        keys = " | ".join(key for level, key in upper.units if level == setting.top)
        upper.problems.append(Problem("two-summaries", digests[0], values={"keys": keys}))
    for unit in upper.units.values():
        unit.settle()
        first = unit.areas[0][0] if unit.areas else None
        for other, key in unit.areas[1:]:
            fields = [f for f in type(other).model_fields if getattr(other, f) != getattr(first, f)]
            unit.problem("two-areas", key, fields=", ".join(fields))
    return upper


def _withdraw(
    entry: Entry, key: str, retraction: RetractionEntry, by: str, upper: Upper, setting: Setting
) -> None:
    """Take note of a retracted entry at its area, else for the whole."""
    level = getattr(entry, "level", "")
    name = getattr(entry, "area", "") or getattr(entry, "unit", "")
    if name and level in setting.levels and (level != setting.base or not isinstance(entry, AreaEntry)):
        unit = upper.units.setdefault((level, name), Unit(setting, level, name))
        unit.withdraw(entry, key, retraction, by)
        unit.entries.append((retraction.kind, by))
    else:
        upper.withdrawn.append(withdrawn_of(entry, key, retraction, by))
