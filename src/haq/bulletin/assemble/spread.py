"""What findings are counted out of: protocols and sheets of every area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import polars as pl

from haq.bulletin.assemble.frames import Frames
from haq.bulletin.assemble.sums import Place
from haq.bulletin.setting import Setting


@dataclass
class Bases:
    """How many protocols and sheets an area has in a contest; a protocol is a station's or a summary.

    Attributes:
        stations: known stations.
        copies, versions: sheets that are copies, and versions of official results.
        copied, official, compared: protocols with a copy, declared, with both.
        summaries: summary sheets of areas, each once.
    """

    stations: int = 0
    copies: int = 0
    versions: int = 0
    copied: int = 0
    official: int = 0
    compared: int = 0
    summaries: int = 0

    def of(self, code: str) -> int:
        """Give what findings of a kind are counted out of."""
        known = {
            "official-differs": self.compared,
            "official-changed": self.official,
            "copies-disagree": self.copied,
            "sum-differs": self.summaries,
            "not-declared": self.stations,
            "arithmetic:copies": self.copies,
            "arithmetic:declared": self.versions,
            "arithmetic:warning": self.copies + self.versions,
        }
        return known.get(code, 0)


def count_stations(frames: Frames, setting: Setting) -> pl.DataFrame:
    """Count the known stations in the very same areas: ``area:<level>`` …, ``stations``."""
    areas = [f"area:{level}" for level in setting.above]
    if not areas:
        return frames.stations.select(pl.len().cast(pl.Int64).alias("stations"))
    return frames.stations.group_by(areas).agg(pl.len().cast(pl.Int64).alias("stations"))


def count_districts(frames: Frames, setting: Setting) -> pl.DataFrame:
    """Count sheets and protocols of stations by contest and the very same areas.

    Args:
        frames: the tables of all units, or of some.
        setting: the election.

    Returns:
        ``area:<level>`` …, ``contest`` and the fields of ``Bases`` that summaries tell.
    """
    areas = [f"area:{level}" for level in setting.above]
    placed = frames.summaries.join(frames.stations.select("unit", *areas), on="unit", how="left")
    counts = [pl.col(name).sum() for name in ("copies", "versions")]
    counts += [pl.col(name).sum().cast(pl.Int64) for name in ("copied", "official")]
    compared = (pl.col("official") & pl.col("copied")).sum().cast(pl.Int64).alias("compared")
    return placed.group_by(*areas, "contest").agg(*counts, compared)


def bases_of(
    frames: Frames,
    setting: Setting,
    parents: Mapping[Place, Mapping[str, str]],
    districts: tuple[pl.DataFrame, pl.DataFrame] | None = None,
) -> Mapping[tuple[str, Place], Bases]:
    """Count protocols and sheets.

    Args:
        frames: the tables.
        setting: the election.
        parents: area -> level -> key of the areas above it, itself included.
        districts: what ``count_stations`` and ``count_districts`` give, where that is known.

    Returns:
        (contest, area) -> its counts.
    """
    stations, placed = districts or (count_stations(frames, setting), count_districts(frames, setting))
    found: dict[tuple[str, Place], Bases] = {}
    areas = [f"area:{level}" for level in setting.above]
    names = [field.name for field in fields(Bases)][1:-1]
    known: dict[Place, int] = {}
    for level, area in zip(setting.above, areas, strict=True):
        here = stations.group_by(area).agg(pl.col("stations").sum())
        known |= {(level, key): n for key, n in here.iter_rows() if key}
    added = [pl.col(name).sum() for name in names]
    for row in placed.group_by("contest").agg(added).select("contest", *names).iter_rows():
        found[row[0], (setting.top, "")] = Bases(frames.stations.height, *row[1:])
    for level, area in zip(setting.above, areas, strict=True):
        here = placed.filter(pl.col(area).is_not_null()).group_by("contest", area).agg(added)
        for row in here.select("contest", area, *names).iter_rows():
            found[row[0], (level, row[1])] = Bases(known[level, row[1]], *row[2:])
    for contest, place, kinds in _upper(frames, setting):
        chain = parents.get(place, {}) if place[0] != setting.top else {}
        for where in ((setting.top, ""), *chain.items()):
            bases = found.setdefault((contest, where), Bases())
            bases.copies += kinds.count("copies")
            bases.versions += kinds.count("official")
            bases.copied += "copies" in kinds
            bases.official += "official" in kinds
            bases.compared += {"copies", "official"} <= set(kinds)
            bases.summaries += "official" in kinds
    return found


def _upper(frames: Frames, setting: Setting) -> Iterator[tuple[str, Place, list[str]]]:
    """List every unit above the stations with the kinds of its sheets."""
    held: dict[tuple[str, Place], list[str]] = {}
    for key, source in setting.sources.items():
        if key in frames.sheets and source.level != setting.base:
            contest = source.contest or setting.contests[0]
            for unit in frames.sheets[key]["unit"]:
                held.setdefault((contest, (source.level, unit)), []).append(source.kind)
    for (contest, place), kinds in held.items():
        yield contest, place, kinds
