"""What the units leave behind for the tables: rows, as plain lists that travel between processes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from haq.bulletin.model import Figure, Found, Problem, StationContest

Row = tuple[Any, ...]


@dataclass
class Harvest:
    """Rows of the tables, column by column in the order of ``haq.bulletin.assemble.frames``.

    Attributes:
        stations, findings, differences, gaps, replies, summaries, problems: rows of these tables.
        sheets: source -> (unit, row, grade, entry, figures) of every sheet.
        files: level, unit and hash of each evidence file in use.
        withdrawn: entries of stations that were retracted.
    """

    stations: list[Row] = field(default_factory=list)
    sheets: dict[str, list[Row]] = field(default_factory=dict)
    gaps: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    differences: list[Row] = field(default_factory=list)
    replies: list[Row] = field(default_factory=list)
    summaries: list[Row] = field(default_factory=list)
    problems: list[Row] = field(default_factory=list)
    files: list[Row] = field(default_factory=list)
    withdrawn: list[Row] = field(default_factory=list)

    def join(self, other: Harvest) -> None:
        """Add the rows of another part."""
        for part in fields(self):
            mine, theirs = getattr(self, part.name), getattr(other, part.name)
            if isinstance(mine, list):
                mine.extend(theirs)
        for source, rows in other.sheets.items():
            self.sheets.setdefault(source, []).extend(rows)

    def add_unit(self, level: str, unit: str, problems: Iterable[Problem], files: Iterable[str]) -> None:
        """Add what is wrong with the entries of a unit, and the files that it shows."""
        self.files.extend((level, unit, sha256) for sha256 in files)
        self.problems.extend(
            (level, p.code, p.where, p.unit, json.dumps(dict(p.values), sort_keys=True, ensure_ascii=False))
            for p in problems
        )

    def add_contest(self, contest: StationContest, level: str, unit: str, sources: Iterable[str]) -> None:
        """Add the sheets, differences, findings and replies of one unit in one contest.

        Args:
            contest: the sheets side by side.
            level: level of the unit.
            unit: key of the unit.
            sources: keys of the sources that the election names; other sheets stand on pages only.
        """
        figure: Figure | None
        for place, sheet in enumerate(contest.sheets):
            if sheet.source not in sources or not sheet.counts:
                continue
            self.sheets.setdefault(sheet.source, []).append(
                (unit, sheet.row, sheet.grade or None, sheet.entry, sheet.figures)
            )
            for line, figure in sheet.figures.items():
                if figure == "unreadable" or figure == "different":
                    self.gaps.append((level, unit, sheet.source, sheet.row, line, figure))
            for row in contest.rows:
                difference = row.differences[place]
                figure = row.figures[place]
                if difference:
                    assert isinstance(figure, int)  # noqa: S101 (a difference needs two numbers)
                    self.differences.append(
                        (
                            contest.key,
                            level,
                            unit,
                            sheet.source,
                            sheet.row,
                            row.key,
                            figure,
                            figure + difference,
                            difference,
                        )
                    )
        self.findings.extend(_finding(found) for found in contest.findings)
        self.replies.extend(
            (contest.key, level, unit, r.date or None, r.language or None, r.text) for r in contest.replies
        )


def _finding(found: Found) -> Row:
    return (
        found.entry,
        found.contest,
        found.kind,
        found.check,
        found.severity,
        found.level,
        found.unit,
        json.dumps(found.sources, ensure_ascii=False),
        json.dumps(found.rows),
        json.dumps(found.lines, ensure_ascii=False, sort_keys=True),
        found.grade,
        found.waits,
        found.largest[0] if found.largest else None,
        found.largest[1] if found.largest else None,
        " ".join(found.care),
    )
