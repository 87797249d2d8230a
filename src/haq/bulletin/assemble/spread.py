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


def bases_of(
    frames: Frames, setting: Setting, parents: Mapping[Place, Mapping[str, str]]
) -> Mapping[tuple[str, Place], Bases]:
    """Count protocols and sheets.

    Args:
        frames: the tables.
        setting: the election.
        parents: area -> level -> key of the areas above it, itself included.

    Returns:
        (contest, area) -> its counts.
    """
    found: dict[tuple[str, Place], Bases] = {}
    areas = [f"area:{level}" for level in setting.above]
    placed = frames.summaries.join(frames.stations.select("unit", *areas), on="unit", how="left")
    compared = (pl.col("official") & pl.col("copied")).sum().alias("compared")
    counts = (
        *(pl.col(name).sum() for name in ("copies", "versions", "copied", "official")),
        compared,
    )
    names = [field.name for field in fields(Bases)][1:-1]
    known: dict[Place, int] = {}
    # First over the stations in the very same areas: a row for each district is left, not for each station.
    stations = frames.stations.group_by(areas).len() if areas else frames.stations.clear()
    for level, area in zip(setting.above, areas, strict=True):
        here = stations.group_by(area).agg(pl.col("len").sum())
        known |= {(level, key): n for key, n in here.iter_rows() if key}
    placed = placed.group_by("contest", *areas).agg(counts)
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
