"""Stations as lists and the search show them, back from the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import polars as pl

from haq.bulletin.assemble.frames import Frames
from haq.bulletin.assemble.rows import names_in
from haq.bulletin.model import Place, StationRow
from haq.bulletin.setting import Setting


class StationRows:
    """Rows of stations in lists, each made once."""

    def __init__(self, frames: Frames, setting: Setting) -> None:
        """Take the tables of all units."""
        self._frames, self._setting = frames, setting
        self._rows: dict[str, StationRow] = {}

    def __call__(self, units: Sequence[str]) -> Iterator[StationRow]:
        """Give the rows of stations, in the order in which they are asked for."""
        self.prepare(units)
        yield from (self._rows[unit] for unit in units)

    def prepare(self, units: Sequence[str]) -> None:
        """Make many rows at once, which is quicker than one list after the other."""
        wanted = [unit for unit in dict.fromkeys(units) if unit not in self._rows]
        if wanted:
            self._rows.update(self._make(wanted))

    def _make(self, units: Sequence[str]) -> Iterator[tuple[str, StationRow]]:
        stations, summaries = self._frames.stations, self._frames.summaries
        if len(units) < stations.height:
            asked = pl.Series(units, dtype=pl.String).implode()
            stations = stations.filter(pl.col("unit").is_in(asked))
            summaries = summaries.filter(pl.col("unit").is_in(asked))
        gone: dict[str, list[tuple[str, str]]] = {}
        sheets = self._frames.withdrawn.filter(pl.col("kind").is_in(["official", "copy"]))
        for unit, kind, contest in sheets.select("unit", "kind", "contest").iter_rows():
            gone.setdefault(unit, []).append((kind, contest))
        order = {contest: place for place, contest in enumerate(self._setting.contests)}
        best: dict[str, tuple[Any, ...]] = {}
        findings: dict[str, int] = {}
        for row in summaries.select(
            "unit",
            "contest",
            "state",
            "largest_line",
            "largest",
            "copies",
            "grade",
            "findings",
            "care",
            "speaks",
            "left_out_of",
        ).iter_rows():
            unit, other = row[0], best.get(row[0])
            findings[unit] = findings.get(unit, 0) + row[7]
            rank = (not row[4] or row[8], -abs(row[4] or 0), order[row[1]])
            if other is None or rank < (not other[4] or other[8], -abs(other[4] or 0), order[other[1]]):
                best[unit] = row
        for station in stations.iter_rows(named=True):
            unit = station["unit"]
            main = best.get(unit, (unit, "", "no-copy", None, None, 0, "", 0, False, None, None))
            lost, counts = _withdrawn_at(gone.get(unit, ()), main[1], main[2])
            yield (
                unit,
                StationRow(
                    unit=unit,
                    slug=station["slug"],
                    short=station["short"],
                    names=names_in(station, "name"),
                    addresses=names_in(station, "address"),
                    name=station["name"] or "",
                    address=station["address"] or "",
                    state=main[2],
                    contest=main[1],
                    largest=(main[3], main[4]) if main[3] is not None else None,
                    copies=main[5],
                    grade=main[6],
                    findings=findings.get(unit, 0),
                    care=main[8],
                    versions=(main[9], main[10]) if main[10] is not None else None,
                    lost=lost,
                    withdrawn=counts,
                ),
            )


def _withdrawn_at(
    sheets: Sequence[tuple[str, str]], contest: str, state: str
) -> tuple[Literal["", "official", "copy"], tuple[int, int]]:
    """Say which sheet the state of a station lacks because it was withdrawn, and how many were.

    Args:
        sheets: (kind, contest) of those that were withdrawn.
        contest: that the state is about; empty where no sheet of any stands.
        state: of the station.
    """
    kinds = [kind for kind, _ in sheets]
    here = {kind for kind, of in sheets if of == contest or not contest}
    lost: Literal["", "official", "copy"] = ""
    if "official" in here and (state == "not-declared" or not contest):
        lost = "official"
    elif "copy" in here and (state == "no-copy" or not contest):
        lost = "copy"
    return lost, (kinds.count("official"), kinds.count("copy"))


def search_places(frames: Frames, setting: Setting) -> Iterator[Place]:
    """Give every station as the search knows it, in the order of keys."""
    levels = setting.above
    for row in frames.stations.iter_rows(named=True):
        keys = {level: row[f"area:{level}"] for level in levels if row[f"area:{level}"]}
        yield Place(
            unit=row["unit"],
            slug=row["slug"],
            short=row["short"],
            names=names_in(row, "name"),
            addresses=names_in(row, "address"),
            name=row["name"] or "",
            address=row["address"] or "",
            areas=setting.areas(keys),
        )
