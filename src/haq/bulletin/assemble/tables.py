"""Everything that the entries hold as the tables that downloads are written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from haq.bulletin.assemble.frames import LANGUAGES, SHEET, Frames, lines_of
from haq.bulletin.assemble.held import resting_totals
from haq.bulletin.assemble.tree import Tree
from haq.bulletin.assemble.upper import Upper
from haq.bulletin.model import Tables
from haq.bulletin.setting import NO_NAMES, Setting


def tables_of(
    frames: Frames, setting: Setting, upper: Upper, tree: Tree, like: tuple[Frames, Tables] | None = None
) -> Tables:
    """Lay the tables of the downloads out.

    Args:
        frames: the tables of all units.
        setting: the election.
        upper: areas and totals.
        tree: the tree of areas.
        like: the tables of all units as they were, and what ``tables_before`` made of them.

    Returns:
        The tables, each in a fixed order; what is laid out of the very table that one before was laid out
        of is that one.
    """
    areas = {level: _areas(level, setting, tree) for level in setting.above}
    return replace(
        _laid_out(frames, setting, like),
        areas=areas,
        totals=_totals(upper, resting_totals(frames, setting, upper)),
    )


def tables_before(frames: Frames, setting: Setting) -> Tables:
    """Lay the tables of units out as they were, without those of areas and totals.

    Args:
        frames: the tables of all units as they were.
        setting: the election.
    """
    return _laid_out(frames, setting, None)


def _laid_out(frames: Frames, setting: Setting, like: tuple[Frames, Tables] | None) -> Tables:
    old, made = like or (None, None)
    same = {
        name: getattr(made, name)
        for name in ("stations", "gaps", "findings", "differences", "replies")
        if made is not None and getattr(old, name) is getattr(frames, name)
    }
    sheets = {
        key: made.sources[key]
        if old is not None and made is not None and old.sheets.get(key) is table
        else _plain(table, setting, key)
        for key, table in frames.sheets.items()
    }
    levels = {f"area:{level}": level for level in setting.above}
    stations = frames.stations.drop("short")
    if stations["unlisted"].null_count() == stations.height:
        stations = stations.drop("unlisted")
    tables = Tables(
        stations=stations.rename({old: _free(new, stations.columns) for old, new in levels.items()}),
        areas={},
        sources=sheets,
        gaps=frames.gaps.drop("level", "unit"),
        findings=frames.findings.with_columns(
            pl.col("care").str.split(" ").list.contains("withdrawn").alias("withdrawn")
        ).drop("largest_line", "largest", "care"),
        differences=frames.differences,
        totals=pl.DataFrame(),
        replies=frames.replies,
    )
    return replace(tables, **same)


def _free(name: str, taken: list[str]) -> str:
    """Give a column the name of a key, lengthened until no other column has it."""
    while name in taken:
        name += "_"
    return name


def _plain(sheets: pl.DataFrame, setting: Setting, source: str) -> pl.DataFrame:
    if setting.sources[source].kind != "copies":
        sheets = sheets.drop("grade")
    lines = lines_of(sheets)
    taken = [*SHEET, *(key for key in lines if key not in SHEET)]
    names = {}
    for key in lines:
        names[f"={key}"] = _free(key, taken) if key in SHEET else key
        taken.append(names[f"={key}"])
    return sheets.rename(names)


def _areas(level: str, setting: Setting, tree: Tree) -> pl.DataFrame:
    above = setting.above[: setting.above.index(level)]
    places = sorted(place for place in tree.above if place[0] == level)
    names = [setting.names.get(place, NO_NAMES) for place in places]
    columns: Mapping[str, list[str | None]] = {
        "unit": [key for _, key in places],
        **{a: [tree.above[place].get(a) for place in places] for a in above},
        **{f"name_{language}": [getattr(n, language) for n in names] for language in LANGUAGES},
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _totals(upper: Upper, resting: Mapping[str, bool | None]) -> pl.DataFrame:
    rows = [
        (t.contest, t.level, t.source, line, amount, t.stations, t.of, t.missing.get(line, 0), rests)
        for t, key in upper.totals
        for rests in (resting.get(key, False),)
        for line, amount in t.sums.items()
    ]
    schema = {
        "contest": pl.String,
        "level": pl.String,
        "source": pl.String,
        "line": pl.String,
        "sum": pl.Int64,
        "stations": pl.Int64,
        "of": pl.Int64,
        "missing": pl.Int64,
        "withdrawn": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").sort("contest", "level", "source", "line")
