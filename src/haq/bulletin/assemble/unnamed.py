"""Differences that no finding among the entries names: whoever wrote the entries left them out."""

from __future__ import annotations

import json
from collections.abc import Iterator

import polars as pl

from haq.bulletin.assemble.frames import Frames
from haq.bulletin.model import Problem
from haq.bulletin.setting import Setting

#: Units that the problem names.
_NAMED = 10
_KINDS = ("official-differs", "copies-disagree")


def unnamed_differences(frames: Frames, setting: Setting) -> Iterator[Problem]:
    """Hold the differences between copies and declared figures against the findings.

    Args:
        frames: the tables of all units.
        setting: the election.

    Yields:
        One problem, ``difference-without-finding``, with the number of stations (and of areas) of which a
        copy differs on a choice that no finding gives with both figures, or only on other lines of which no
        finding gives any, and with the keys of the first of them; nothing where every difference is named.
    """
    copies = [key for key, source in setting.sources.items() if source.kind == "copies"]
    differences = frames.differences.filter(pl.col("source").is_in(copies))
    if not differences.height:
        return
    named: set[tuple[object, ...]] = set()
    findings = frames.findings.filter(pl.col("kind").is_in(_KINDS))
    for contest, level, unit, lines in findings.select("contest", "level", "unit", "lines").iter_rows():
        for line, figures in json.loads(lines).items():
            named.add((contest, level, unit, line, *figures))
    choices = {c.key: {choice.key for choice in c.choices} for c in setting.context.election.contests}
    sheets: dict[tuple[object, ...], list[tuple[bool, bool]]] = {}
    columns = ("contest", "level", "unit", "source", "row", "line", "copy", "declared")
    for contest, level, unit, source, row, line, copied, declared in differences.select(columns).iter_rows():
        known = (contest, level, unit, line, copied, declared) in named
        votes = line in choices.get(contest, ())
        sheets.setdefault((contest, level, unit, source, row), []).append((votes, known))
    left = {sheet[1:3] for sheet, lines in sheets.items() if not _told(lines)}
    if left:
        stations = sum(level == setting.base for level, _ in left)
        counts = {"stations": stations, "areas": len(left) - stations}
        values = {name: str(count) for name, count in counts.items() if count}
        some = sorted(str(unit) for _, unit in left)
        values["units"] = ", ".join(some[:_NAMED]) + (", …" if len(some) > _NAMED else "")
        yield Problem("difference-without-finding", "", values=values)


def _told(lines: list[tuple[bool, bool]]) -> bool:
    """Tell whether findings name what differs on a copy, given (is a choice, is named) for each line."""
    votes = [known for choice, known in lines if choice]
    return all(votes) if votes else any(known for _, known in lines)
