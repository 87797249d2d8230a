"""Findings: named breaches with the figures that show them. A finding is a difference, not a verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import polars as pl

from haq.protocols.checks import Check
from haq.protocols.comparison import DIFFERENCE, Comparison
from haq.protocols.rollup import RollUp
from haq.protocols.versions import LATER, SOURCE, Changes

#: A difference of so many votes on one choice is large: it waits for a second source
#: where it rests on a single copy without a signature or a second photograph.
LARGE_DIFFERENCE = 10
#: Provenance grades that do not stand alone: one photograph, typed, or nobody knows.
WEAK_GRADES = ("C", "D", "")


class Kind(StrEnum):
    """What a finding says."""

    ARITHMETIC = "arithmetic"
    OFFICIAL_DIFFERS = "official-differs"
    OFFICIAL_CHANGED = "official-changed"
    COPIES_DISAGREE = "copies-disagree"
    SUM_DIFFERS = "sum-differs"
    NOT_DECLARED = "not-declared"


@dataclass(frozen=True)
class Finding:
    """One breach, with its evidence.

    Attributes:
        kind: what is said.
        contest: key of the contest.
        level: key of the commission's level.
        unit: key of the station or area.
        sources: ids of the sources that stand against each other, the declared one last.
        rows: row of each source's file, where it has one.
        lines: line or choice key -> the figure in each of ``sources``.
        check: code of the check, for ``arithmetic``.
        severity: error or warning.
        grade: provenance grade of the copy, where known.
        waits: a large difference on a single weak copy: it waits for a second source.
    """

    kind: Kind
    contest: str
    level: str
    unit: str
    sources: tuple[str, ...]
    rows: tuple[int | None, ...] = ()
    lines: Mapping[str, tuple[int | None, ...]] = field(default_factory=dict)
    check: str = ""
    severity: str = "error"
    grade: str = ""
    waits: bool = False


def arithmetic(
    frame: pl.DataFrame,
    flags: pl.DataFrame,
    checks: Sequence[Check],
    *,
    contest: str,
    level: str,
    source: str,
) -> Iterator[Finding]:
    """Name every flagged check of every protocol of a source.

    Args:
        frame: (protocols × lines) with ``unit`` and ``row``.
        flags: (protocols × checks) Boolean, in the same row order.
        checks: the checks, as ``checks_of`` gives them.
        contest: key of the contest.
        level: key of the level.
        source: id of the source.

    Yields:
        A finding for each flagged check, with the figures of the lines involved.
    """
    for check in checks:
        flagged = frame.filter(flags[check.code].fill_null(False))
        for row in flagged.select("unit", "row", *check.lines).iter_rows(named=True):
            yield Finding(
                Kind.ARITHMETIC,
                contest,
                level,
                row["unit"],
                (source,),
                (row["row"],),
                {line: (row[line],) for line in check.lines},
                check=check.code,
                severity=check.severity,
            )


def differences(
    comparison: Comparison,
    kind: Kind,
    *,
    contest: str,
    level: str,
    sources: tuple[str, str],
    choices: Sequence[str],
    grades: Mapping[int, str] | None = None,
    seconded: Collection[str] = (),
) -> Iterator[Finding]:
    """Name every unit on which two sources differ.

    Args:
        comparison: the first source (copies) against the second (declared).
        kind: ``official-differs``, ``official-changed`` or ``copies-disagree``.
        contest: key of the contest.
        level: key of the level.
        sources: ids of the copies' source and of the declared one.
        choices: keys of the choices, on which a difference can be large.
        grades: row of the copy -> provenance grade.
        seconded: units of which another organisation has a copy as well; best a set.

    Yields:
        A finding a differing copy, with the lines that differ; it names the version that speaks for the unit.
    """
    lines = comparison.lines
    for row in comparison.differing().iter_rows(named=True):
        differing = [k for k in lines if row[f"{k}{DIFFERENCE}"]]
        grade = (grades or {}).get(row["row"], "")
        alone = row["unit"] not in seconded
        large = any(k in choices and abs(row[f"{k}{DIFFERENCE}"]) >= LARGE_DIFFERENCE for k in differing)
        yield Finding(
            kind,
            contest,
            level,
            row["unit"],
            (sources[0], row.get(f"{SOURCE}:declared") or sources[1]),
            (row["row"], row.get("row:declared")),
            {k: (row[k], row[f"{k}:declared"]) for k in differing},
            grade=grade,
            waits=kind is Kind.OFFICIAL_DIFFERS and alone and large and grade in WEAK_GRADES,
        )


def changed(changes: Changes, *, contest: str, level: str, sources: tuple[str, str]) -> Iterator[Finding]:
    """Name every unit whose declared figures changed, or that disappeared or appeared.

    Args:
        changes: the earlier version against the later one.
        contest: key of the contest.
        level: key of the level.
        sources: ids of the earlier and of the later source.

    Yields:
        A finding a unit; one without lines where a version lacks the unit altogether.
    """
    kind = Kind.OFFICIAL_CHANGED
    for row in changes.frame.iter_rows(named=True):
        yield Finding(
            kind,
            contest,
            level,
            row["unit"],
            (sources[0], row.get(f"{SOURCE}{LATER}") or sources[1]),
            (row["row"], row[f"row{LATER}"]),
            _pairs(row, changes.lines),
        )
    for unit, number in changes.dropped.select("unit", "row").rows():
        yield Finding(kind, contest, level, unit, sources, (number, None))
    for row in changes.added.iter_rows(named=True):
        places = (sources[0], row.get(SOURCE) or sources[1])
        yield Finding(kind, contest, level, row["unit"], places, (None, row["row"]))


def contradicted(
    copies: pl.DataFrame, *, contest: str, level: str, source: str, lines: Sequence[str]
) -> Iterator[Finding]:
    """Name the copies of one source that contradict each other, as ``contradictions`` gives them."""
    for row in copies.iter_rows(named=True):
        rows = (row["row"], row[f"row{LATER}"])
        both = _pairs(row, lines)
        known = {line: pair for line, pair in both.items() if None not in pair}
        yield Finding(Kind.COPIES_DISAGREE, contest, level, row["unit"], (source, source), rows, known)


def _pairs(row: Mapping[str, Any], lines: Sequence[str]) -> dict[str, tuple[int | None, int | None]]:
    return {k: (row[k], row[f"{k}{LATER}"]) for k in lines if row[k] != row[f"{k}{LATER}"]}


def not_declared(
    units: Iterable[tuple[str, int | None]], *, contest: str, level: str, sources: tuple[str, str]
) -> Iterator[Finding]:
    """Name every unit for which nothing was declared.

    Args:
        units: key of the unit, and the row of the source that knows of it.
        contest: key of the contest.
        level: key of the level.
        sources: ids of the source that knows of the units, and of the declared one.

    Yields:
        A finding a unit.
    """
    for unit, row in units:
        yield Finding(Kind.NOT_DECLARED, contest, level, unit, sources, (row, None), severity="warning")


def broken_sums(roll: RollUp, *, contest: str, sources: tuple[str, str]) -> Iterator[Finding]:
    """Name every area whose summary is not the sum of the sheets below it.

    Args:
        roll: a roll-up.
        contest: key of the contest.
        sources: ids of the source below and of the summary.

    Yields:
        A finding an area, with the sum and the declared figure of each broken line.
    """
    for (unit,), rows in roll.frame.group_by("unit", maintain_order=True):
        yield Finding(
            Kind.SUM_DIFFERS,
            contest,
            roll.level,
            str(unit),
            sources,
            lines={
                line: (total, declared)
                for line, total, declared in rows.select("line", "sum", "declared").rows()
            },
        )
