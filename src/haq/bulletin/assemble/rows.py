"""Rows of the tables back to the values that pages show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from haq.bulletin.assemble.frames import Frames
from haq.bulletin.model import Found, Problem
from haq.bulletin.setting import NO_NAMES
from haq.bulletin.slugs import finding_id
from haq.entries import Names


def names_in(row: Mapping[str, Any], what: str) -> Names:
    """Read names or addresses in all languages (``what``: ``name`` or ``address``) from a row."""
    kk, ru, en = row[f"{what}_kk"], row[f"{what}_ru"], row[f"{what}_en"]
    return Names.model_construct(kk=kk, ru=ru, en=en) if kk or ru or en else NO_NAMES


def found_in(row: Mapping[str, Any]) -> Found:
    """Read a finding back from its row."""
    return Found(
        id=finding_id(row["entry"]) if row["severity"] == "error" else "",
        entry=row["entry"],
        kind=row["kind"],
        check=row["check"],
        severity=row["severity"],
        contest=row["contest"],
        level=row["level"],
        unit=row["unit"],
        sources=tuple(json.loads(row["sources"])),
        rows=tuple(json.loads(row["rows"])),
        lines={line: tuple(figures) for line, figures in json.loads(row["lines"]).items()},
        grade=row["grade"],
        waits=row["waits"],
        largest=None if row["largest_line"] is None else (row["largest_line"], row["largest"]),
        care=tuple(row["care"].split()),
    )


def problems_of(frames: Frames, others: Iterable[Problem]) -> tuple[Problem, ...]:
    """List all problems: of units, and of the whole.

    Args:
        frames: the tables.
        others: problems that belong to no unit.

    Returns:
        The problems by code, then by place.
    """
    found = [Problem(c, w, u, json.loads(v)) for _, c, w, u, v in frames.problems.iter_rows()]
    return tuple(sorted((*found, *others), key=lambda p: (p.code, p.unit, p.where)))
