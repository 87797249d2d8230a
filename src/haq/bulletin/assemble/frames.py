"""The rows of all units as tables, in an order that does not depend on who wrote them first."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from haq.bulletin.assemble.harvest import Harvest
from haq.bulletin.setting import Setting
from haq.entries import SourceFile

LANGUAGES = ("kk", "ru", "en")
#: Columns of a table of sheets before its figures.
SHEET = ("unit", "row", "grade", "entry")
#: Beyond so many rows that come or go a table is sorted again.
_FEW = 200
_TEXT, _NUMBER, _FLAG = pl.String(), pl.Int64(), pl.Boolean()
Schema = Mapping[str, pl.DataType]

_GAPS: Schema = {
    "level": _TEXT,
    "unit": _TEXT,
    "source": _TEXT,
    "row": _NUMBER,
    "line": _TEXT,
    "state": _TEXT,
}
_FINDINGS: Schema = {
    "entry": _TEXT,
    "contest": _TEXT,
    "kind": _TEXT,
    "check": _TEXT,
    "severity": _TEXT,
    "level": _TEXT,
    "unit": _TEXT,
    "sources": _TEXT,
    "rows": _TEXT,
    "lines": _TEXT,
    "grade": _TEXT,
    "waits": _FLAG,
    "largest_line": _TEXT,
    "largest": _NUMBER,
    "care": _TEXT,
}
_DIFFERENCES: Schema = {
    "contest": _TEXT,
    "level": _TEXT,
    "unit": _TEXT,
    "source": _TEXT,
    "row": _NUMBER,
    "line": _TEXT,
    "copy": _NUMBER,
    "declared": _NUMBER,
    "difference": _NUMBER,
}
_REPLIES: Schema = {
    "contest": _TEXT,
    "level": _TEXT,
    "unit": _TEXT,
    "date": _TEXT,
    "language": _TEXT,
    "text": _TEXT,
}
_SUMMARIES: Schema = {
    "unit": _TEXT,
    "contest": _TEXT,
    "state": _TEXT,
    "largest_line": _TEXT,
    "largest": _NUMBER,
    "copies": _NUMBER,
    "grade": _TEXT,
    "findings": _NUMBER,
    "official": _FLAG,
    "copied": _FLAG,
    "differ_choices": _FLAG,
    "care": _FLAG,
    "versions": _NUMBER,
    "speaks": _NUMBER,
    "left_out_of": _NUMBER,
}
_FILES: Schema = {"level": _TEXT, "unit": _TEXT, "sha256": _TEXT}
_PROBLEMS: Schema = {"level": _TEXT, "code": _TEXT, "where": _TEXT, "unit": _TEXT, "values": _TEXT}


@dataclass(frozen=True)
class Frames:
    """Everything that the reduction needs of the units: also the state that an incremental build keeps.

    Attributes:
        stations: ``unit``, ``slug``, ``short``, ``unlisted`` (keys of contests, JSON), ``area:<level>`` …,
            names, addresses.
        sheets: source -> ``unit``, ``row``, ``grade``, ``entry``, ``=<line>`` ….
        gaps, findings, differences, replies, summaries, problems, files: see the schemas of this module.
        withdrawn: entries of stations that were retracted, with the areas (``area:<level>`` …); ``off``: of a
            station entry, contests (JSON) from whose list the station is gone with it.
    """

    stations: pl.DataFrame
    sheets: Mapping[str, pl.DataFrame]
    gaps: pl.DataFrame
    findings: pl.DataFrame
    differences: pl.DataFrame
    replies: pl.DataFrame
    summaries: pl.DataFrame
    problems: pl.DataFrame
    files: pl.DataFrame
    withdrawn: pl.DataFrame


def station_schema(setting: Setting) -> Schema:
    """Name the columns of the table of stations."""
    return {
        "unit": _TEXT,
        "slug": _TEXT,
        "short": _TEXT,
        "unlisted": _TEXT,
        **{f"area:{level}": _TEXT for level in setting.above},
        "name": _TEXT,
        "address": _TEXT,
        **{f"{what}_{language}": _TEXT for what in ("name", "address") for language in LANGUAGES},
        "registered": _NUMBER,
    }


def withdrawn_schema(setting: Setting) -> Schema:
    """Name the columns of the table of entries that were withdrawn."""
    named = (
        *("unit", "kind", "entry", "by", "reason", "language", "replaced_by"),
        *("contest", "source", "off"),
    )
    return {**dict.fromkeys(named, _TEXT), **{f"area:{level}": _TEXT for level in setting.above}}


def frames_of(harvest: Harvest, setting: Setting) -> Frames:
    """Turn rows into tables, sorted.

    Args:
        harvest: rows of all units.
        setting: the election.

    Returns:
        The tables; the same for the same rows in any order.
    """
    return Frames(
        stations=_frame(harvest.stations, station_schema(setting), "unit"),
        sheets={
            key: _sheets(harvest.sheets[key], setting, source)
            for key, source in setting.sources.items()
            if key in harvest.sheets
        },
        gaps=_frame(harvest.gaps, _GAPS),
        findings=_frame(harvest.findings, _FINDINGS, "entry"),
        differences=_frame(harvest.differences, _DIFFERENCES),
        replies=_frame(harvest.replies, _REPLIES),
        summaries=_frame(harvest.summaries, _SUMMARIES, "unit", "contest"),
        problems=_frame(harvest.problems, _PROBLEMS),
        files=_frame(harvest.files, _FILES),
        withdrawn=_frame(harvest.withdrawn, withdrawn_schema(setting), "unit", "entry"),
    )


def _frame(rows: Iterable[Any], schema: Schema, *keys: str) -> pl.DataFrame:
    frame = pl.DataFrame(list(rows), schema=dict(schema), orient="row")
    return frame.sort(*(keys or schema))


def _sheets(rows: list[Any], setting: Setting, source: SourceFile) -> pl.DataFrame:
    """Lay the sheets of a source out, a column for each of its lines."""
    ordered = _ordered({key: None for row in rows for key in row[4]}, setting, source)
    columns: dict[str, Any] = {
        name: pl.Series(name, [row[place] for row in rows], dtype=_NUMBER if name == "row" else _TEXT)
        for place, name in enumerate(SHEET)
    }
    for key in ordered:
        figures = [row[4].get(key) for row in rows]
        numbers = [n if type(n) is int else None for n in figures]
        columns[f"={key}"] = pl.Series(f"={key}", numbers, dtype=_NUMBER)
    return pl.DataFrame(list(columns.values())).sort("row", "unit", "entry")


def _ordered(held: Collection[str], setting: Setting, source: SourceFile) -> list[str]:
    """Order lines as the form does, choices after them, unknown ones last.

    A line that the source has a column for stands there whether any sheet holds it or not.
    """
    contest = source.contest or setting.contests[0]
    known: tuple[str, ...] = ()
    if contest in setting.contests and source.level in setting.levels:
        layout = setting.layout(contest, source.level)
        known = (*layout.lines, *layout.choices)
    return [*(k for k in known if k in held or k in source.columns), *sorted(set(held) - set(known))]


def lines_of(sheets: pl.DataFrame) -> tuple[str, ...]:
    """Name the lines and choices that a table of sheets holds."""
    return tuple(name[1:] for name in sheets.columns if name[0] == "=")


class Doubt(Exception):
    """The tables cannot be brought up to date with certainty: everything is made again."""


def exchange(old: Frames, new: Frames, units: Collection[str], setting: Setting) -> Frames:
    """Put the rows of some stations, and those of all areas, in the place of what the tables held of them.

    Args:
        old: the tables as they were.
        new: the rows of those stations and of all areas.
        units: the stations that were read again; what new lacks of them is gone.
        setting: the election.

    Returns:
        The tables as a whole build makes them; those in which nothing changes are the old ones.

    Raises:
        Doubt: a line may have lost the last sheet that has it, or an entry was withdrawn in an area in which
            its station no longer is.
    """
    asked = pl.Series(list(units), dtype=pl.String).implode()
    here = pl.col("unit").is_in(asked)
    again = here | (pl.col("level") != setting.base)
    sheets = {}
    for key, source in setting.sources.items():
        before, after = old.sheets.get(key), new.sheets.get(key)
        if before is None or after is None:
            held = before if after is None else after
            if held is not None and before is not None:
                held = before.filter(~here) if source.level == setting.base else before.clear()
            if held is not None and held.height:
                sheets[key] = before if before is not None and held.height == before.height else held
            continue
        gone = here if source.level == setting.base else pl.lit(True)
        sheets[key] = _exchanged_sheets(before, after, gone, setting, key)
    for key, frame in sheets.items():
        source, before = setting.sources[key], old.sheets.get(key)
        gone = here if source.level == setting.base else pl.lit(True)
        if before is None or before.filter(gone).is_empty():
            continue  # no sheet went, and no line with it
        after = new.sheets.get(key)
        there = {*_ordered((), setting, source), *(lines_of(after) if after is not None else ())}
        beyond = [line for line in lines_of(frame) if line not in there]
        if any(frame[f"={line}"].null_count() == frame.height for line in beyond):
            raise Doubt
    for level in setting.above:
        column = f"area:{level}"
        told, known = (
            {key for frame in frames for key in frame.filter(here)[column].drop_nulls()}
            for frames in ((old.withdrawn, new.withdrawn), (old.stations, new.stations))
        )
        if not told <= known:
            raise Doubt
    return Frames(
        stations=_exchanged(old.stations, new.stations, here, "unit"),
        sheets=sheets,
        gaps=_exchanged(old.gaps, new.gaps, again),
        findings=_exchanged(old.findings, new.findings, again, "entry"),
        differences=_exchanged(old.differences, new.differences, again),
        replies=_exchanged(old.replies, new.replies, again),
        summaries=_exchanged(old.summaries, new.summaries, here, "unit", "contest"),
        problems=_exchanged(old.problems, new.problems, again),
        files=_exchanged(old.files, new.files, again),
        withdrawn=_exchanged(old.withdrawn, new.withdrawn, here, "unit", "entry"),
    )


def _exchanged(old: pl.DataFrame, new: pl.DataFrame, gone: pl.Expr, *keys: str) -> pl.DataFrame:
    before = old.filter(gone)
    order = list(keys or old.columns)
    if before.height == new.height and before.sort(order).equals(new.sort(order)):
        return old
    return _sorted_in(old, gone, new, order)


def _sorted_in(old: pl.DataFrame, gone: pl.Expr, new: pl.DataFrame, order: Sequence[str]) -> pl.DataFrame:
    """Put rows in the place of others in a sorted table, without sorting all of it where they are few."""
    # A condition that holds of every row is one value, and has to be one a row here.
    places = old.select(gone & (pl.int_range(pl.len()) >= 0)).to_series().arg_true()
    if places.len() + new.height > _FEW:
        return pl.concat([old.filter(~gone), new]).sort(order)
    keys, rows = [old[name] for name in order], new.sort(order)

    def key_at(place: int) -> list[tuple[Any, ...]]:
        return [_key(column[place]) for column in keys]

    wanted = [list(map(_key, row)) for row in rows.select(order).iter_rows()]
    # (row of the old table, whether a row goes in before it, and which); else the row itself goes.
    marks = [(bisect_left(range(old.height), key, key=key_at), True, n) for n, key in enumerate(wanted)]
    marks += [(place, False, 0) for place in places]
    pieces, end = [], 0
    for place, comes, number in sorted(marks, key=lambda mark: (mark[0], not mark[1])):
        pieces.append(old.slice(end, place - end))
        if comes:
            pieces.append(rows.slice(number, 1))
        end = place if comes else place + 1
    # In one piece, and known to be sorted: whoever sorts it again has nothing to do.
    return pl.concat([*pieces, old.slice(end)], rechunk=True).with_columns(pl.col(order[0]).set_sorted())


def _key(value: object) -> tuple[Any, ...]:
    """Compare as Polars sorts: what is not there first."""
    return () if value is None else (value,)


def _exchanged_sheets(
    old: pl.DataFrame, new: pl.DataFrame, gone: pl.Expr, setting: Setting, source: str
) -> pl.DataFrame:
    before = old.filter(gone)
    wide = pl.concat([new, old.clear()], how="diagonal").select(
        *old.columns, *(c for c in new.columns if c not in old.columns)
    )
    if wide.columns == old.columns and before.equals(wide.sort("row", "unit", "entry")):
        return old
    if wide.columns == old.columns:
        return _sorted_in(old, gone, wide, ("row", "unit", "entry"))
    joined = pl.concat([old.filter(~gone), new], how="diagonal")
    order = _ordered(lines_of(joined), setting, setting.sources[source])
    return joined.select(*SHEET, *(f"={key}" for key in order)).sort("row", "unit", "entry")
