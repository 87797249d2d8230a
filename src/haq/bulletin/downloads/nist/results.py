"""The files of the reports, and which of them are not as they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial

import polars as pl

from haq.bulletin.downloads.last import Last
from haq.bulletin.downloads.nist.moving import ROOT, Moved, moved, summary_pieces
from haq.bulletin.downloads.nist.report import Reports
from haq.bulletin.downloads.splicing import Hashed, hashed
from haq.bulletin.model import Context, Tables

_FOLDER = "data/nist"
_SUMMARY = f"{_FOLDER}/{ROOT}.json"
#: So many reports of some ten megabytes are made at once, while the other downloads are written.
_AHEAD = 2


@dataclass(frozen=True)
class Result:
    """A file of a report.

    Attributes:
        fresh: whether it may be another one than it was.
        make: makes it.
    """

    fresh: bool
    make: Callable[[], Hashed]


def results_of(tables: Tables, context: Context, last: Last | None = None) -> Mapping[str, Result]:
    """Make the report of the whole election, and prepare those of stations.

    Args:
        tables: everything that the entries hold.
        context: the election.
        last: the last build, if there was one.

    Returns:
        Path in the site -> report, that of the whole election first.
    """
    return (last and _moved(tables, context, last)) or _all(tables, context, last)


def _all(tables: Tables, context: Context, last: Last | None) -> Mapping[str, Result]:
    reports = Reports(tables, context)
    summary = hashed(reports.summary())
    fresh = set(reports.parts)
    if last is not None:
        fresh = set(reports.changed(Reports(last.tables, context), last.units))
    return {_SUMMARY: Result(True, partial(_give, summary))} | {
        f"{_FOLDER}/{part}.json": Result(part in fresh, _maker(lambda: reports, part))
        for part in reports.parts
    }


def _maker(reports: Callable[[], Reports], part: str) -> Callable[[], Hashed]:
    return lambda: hashed(reports().part(part))


def _moved(tables: Tables, context: Context, last: Last) -> Mapping[str, Result] | None:
    """Write only the figures that changed, where nothing else did."""
    moves = moved(last, tables, context)
    if moves is None:
        return None
    summary = last.spliced(_SUMMARY, lambda held: summary_pieces(held, moves, context))
    if summary is None:
        return None
    whole = cache(lambda: Reports(tables, context))
    found = {_SUMMARY: Result(bool(moves.sums), partial(_give, summary))}
    for path in last.by_path:
        part = path.removeprefix(f"{_FOLDER}/").removesuffix(".json")
        if path.startswith(f"{_FOLDER}/") and path != _SUMMARY:
            key = moves.parts.get(part)
            reports = cache(partial(_inside, tables, context, moves, key)) if key else whole
            make = _maker(reports, part)
            if key is not None and len(moves.parts) <= _AHEAD:
                make = partial(_give, make())
            found[path] = Result(key is not None, make)
    return found


def _give(made: Hashed) -> Hashed:
    return made


def _inside(tables: Tables, context: Context, moves: Moved, key: str) -> Reports:
    """Give the reports of one area alone."""
    stations = tables.stations.filter(pl.col(moves.scope.split or "") == key)
    areas = {
        level: frame.filter(pl.col("unit").is_in(stations[level].drop_nulls().unique().implode()))
        for level, frame in tables.areas.items()
        if level in stations.columns
    }
    sources = {
        name: frame.filter(pl.col("unit").is_in(stations["unit"].implode()))
        for name, frame in tables.sources.items()
    }
    inside = replace(tables, stations=stations, areas=areas, sources=sources)
    return Reports(inside, context, moves.scope)
