"""What the stations of every district come to: brought up to date for the districts that a change touches.

A district is here what no level divides further: the stations that lie in the very same areas. What is added
up over areas is added up over districts first, and the sums of a district rest on its own stations alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace

import polars as pl

from haq.bulletin.assemble.frames import Frames
from haq.bulletin.assemble.spread import count_districts, count_stations
from haq.bulletin.assemble.sums import add_districts_up
from haq.bulletin.assemble.tallies import tally_districts
from haq.bulletin.setting import Setting

#: Beyond this share of the districts everything is added up again.
_MANY = 0.25


@dataclass(frozen=True)
class Districts:
    """Tables with a row, or some rows, for each district; all of them begin with ``area:<level>`` ….

    Attributes:
        stations: ``stations``, how many are known.
        bases: ``contest``, what findings are counted out of, see ``count_districts``.
        findings: ``contest``, ``code``, how many findings of stations, see ``tally_districts``.
        sums: contest -> its sums, see ``add_districts_up``.
        differences: contest -> differences of stations, see ``add_districts_up``.
    """

    stations: pl.DataFrame
    bases: pl.DataFrame
    findings: pl.DataFrame
    sums: Mapping[str, pl.DataFrame]
    differences: Mapping[str, pl.DataFrame]

    def tables(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Name all tables, in a fixed order."""
        yield from (("stations", self.stations), ("bases", self.bases), ("findings", self.findings))
        yield from ((f"sums:{contest}", frame) for contest, frame in self.sums.items())
        yield from ((f"differences:{contest}", frame) for contest, frame in self.differences.items())


def districts_from(tables: Mapping[str, pl.DataFrame]) -> Districts:
    """Put tables together again that ``Districts.tables`` named.

    Raises:
        KeyError: one is not there.
    """

    def by_contest(kind: str) -> Mapping[str, pl.DataFrame]:
        return {name.partition(":")[2]: t for name, t in tables.items() if name.startswith(f"{kind}:")}

    single = {name: tables[name] for name in ("stations", "bases", "findings")}
    return Districts(**single, sums=by_contest("sums"), differences=by_contest("differences"))


def districts_of(frames: Frames, setting: Setting) -> Districts:
    """Add everything up over the stations of every district.

    Args:
        frames: the tables of all units, or of some.
        setting: the election.
    """
    added = {contest: add_districts_up(frames, setting, contest) for contest in setting.contests}
    return Districts(
        _sorted(count_stations(frames, setting)),
        _sorted(count_districts(frames, setting)),
        _sorted(tally_districts(frames, setting)),
        {contest: _sorted(sums) for contest, (sums, _) in added.items()},
        {contest: _sorted(differences) for contest, (_, differences) in added.items()},
    )


def _sorted(table: pl.DataFrame) -> pl.DataFrame:
    """Sort by everything that no two rows share: areas and keys."""
    keys = [name for name, kind in table.schema.items() if kind == pl.String]
    return table.sort(keys) if keys else table


def districts_after(
    before: Districts, old: Frames, new: Frames, units: Set[str], setting: Setting
) -> Districts:
    """Add up again only over the districts of some stations.

    Args:
        before: of the old tables.
        old: the tables of all units as they were.
        new: the tables as they are.
        units: stations of which any row may differ; all rows of the others are the same.
        setting: the election.

    Returns:
        What ``districts_of`` gives for the new tables.
    """
    areas = [f"area:{level}" for level in setting.above]
    if not areas:
        return districts_of(new, setting)
    here = pl.col("unit").is_in(pl.Series(sorted(units), dtype=pl.String).implode())
    touched = pl.concat(frame.stations.filter(here).select(areas) for frame in (old, new)).unique()
    if touched.height > _MANY * before.stations.height:
        return districts_of(new, setting)
    # A quick look at the smallest areas leaves few stations to be compared in full.
    near = pl.col(areas[-1]).is_in(touched[areas[-1]].implode(), nulls_equal=True)
    stations = new.stations.filter(near).join(touched, on=areas, how="semi", nulls_equal=True)
    again = dict(districts_of(_within(new, stations), setting).tables())
    kept = dict(before.tables())
    # With another line, or the last sheet of an earlier version, tables have other columns.
    if again.keys() != kept.keys() or any(again[name].schema != t.schema for name, t in kept.items()):
        return districts_of(new, setting)
    return districts_from(
        {
            name: _sorted(pl.concat([t.join(touched, on=areas, how="anti", nulls_equal=True), again[name]]))
            for name, t in kept.items()
        }
    )


def _within(frames: Frames, stations: pl.DataFrame) -> Frames:
    """Leave only the rows of some stations."""
    here = pl.col("unit").is_in(stations["unit"].implode())
    return replace(
        frames,
        stations=stations,
        sheets={key: sheets.filter(here) for key, sheets in frames.sheets.items()},
        summaries=frames.summaries.filter(here),
        findings=frames.findings.filter(here),
    )
