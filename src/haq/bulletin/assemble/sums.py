"""Sums of stations over areas: every figure of a home or an area page, for all areas at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import polars as pl

from haq.bulletin.assemble.frames import Frames, lines_of
from haq.bulletin.assemble.weights import Heaviest, differences_of, firm_places, heaviest
from haq.bulletin.model import ChoiceSums
from haq.bulletin.setting import Setting
from haq.entries import SourceFile
from haq.protocols import exact_sum, last_of_each, one_per_unit

#: (level, key) of an area; the whole election has the highest level and no key.
Place = tuple[str, str]
_COUNTS = (
    "stations", "official", "copied", "unlisted_official", "unlisted_copied", "earlier", "twice",
    "compared", "whole", "differ_choices", "differ_lines",
)  # fmt: skip


@dataclass(frozen=True)
class ContestSums:
    """One contest over all areas.

    Attributes:
        choices, lines: keys, in the order of the form; unknown ones after the lines.
        districts: sums of districts, see ``add_districts_up``.
        top: key of the level of the whole election.
        counted: area -> how many stations, in the order of ``_COUNTS``.
        largest: area -> line and size of the largest difference of its stations, a firm one if there is any.
        careful: areas in which not even that one is firm.
        weights: area -> choices whose difference comes mostly from one station.
    """

    choices: tuple[str, ...]
    lines: tuple[str, ...]
    districts: pl.DataFrame
    top: str
    counted: Mapping[Place, Sequence[int]]
    largest: Mapping[Place, tuple[str, int]]
    careful: frozenset[Place]
    weights: Mapping[Place, tuple[Heaviest, ...]]
    _added: dict[Place, Mapping[str, int]] = field(default_factory=dict)

    def counts(self, place: Place) -> dict[str, int]:
        """Count the stations of an area by what is known of them."""
        return dict(zip(_COUNTS, self.counted.get(place, [0] * len(_COUNTS)), strict=True))

    def prepare(self, levels: Iterable[str]) -> None:
        """Add all areas up at once, which is quicker where every area is looked at."""
        names = [name for name in self.districts.columns if name[1:2] == ":"]
        if not names:
            return  # no sheet has come yet
        for place, row in _by_place(self.districts, names, self.top, levels):
            self._added[place] = dict(zip(names, row, strict=True))

    def _of(self, place: Place, name: str) -> int:
        if place not in self._added:
            inside = self.districts
            if place != (self.top, ""):
                inside = inside.filter(pl.col(f"area:{place[0]}") == place[1])
            columns = {c.name: c for c in inside.iter_columns() if c.name[1:2] == ":"}
            self._added[place] = {n: int(c.all() if n[0] == "w" else c.sum()) for n, c in columns.items()}
        return int(self._added[place].get(name) or 0)

    def sums(self, place: Place, key: str) -> ChoiceSums:
        """Give the sums of a line or choice in an area."""
        copies, declared, stations, official, held = (
            self._of(place, f"{part}{key}") for part in ("c:", "d:", "n:", "o:", "m:")
        )
        complete = bool(self._of(place, f"w:{key}") and self.counts(place)["stations"])
        return ChoiceSums(key, copies, declared, stations, official, held, complete)


def add_districts_up(frames: Frames, setting: Setting, contest: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add a contest up over the stations in the very same areas.

    Args:
        frames: the tables of all units, or of some.
        setting: the election.
        contest: key of the contest.

    Returns:
        Sums: a row a district, ``area:<level>`` …, the counts, and for each line and choice ``o:`` (sum of
        what was declared), ``m:`` (stations that have it), ``w:`` (whether all have) and, where there are
        copies of it, ``c:``, ``d:``, ``n:`` (sums of copies and declared, and stations, with both); or only
        ``h:``, where it was not declared. And differences, see ``differences_of``.
    """
    areas = [f"area:{level}" for level in setting.above]
    frame, keys = _side_by_side(frames, setting, contest)
    both = [k for k in keys if f"copy={k}" in frame.columns and f"decl={k}" in frame.columns]
    shared = [k for k in setting.layout(contest, setting.base).choices if k in both]
    frame = frame.with_columns(
        _whole(shared).alias("whole"),
        # A copy that another copy contradicts has no agreed figure, so nothing differs on it.
        _differ(shared).alias("differ_choices"),
        _differ(both).alias("differ_lines"),
    )
    aggregates = [pl.col(name).sum().alias(name) for name in _COUNTS]
    aggregates += [part for k in keys for part in _added_up(k, frame.columns)]
    small = frame.group_by(areas).agg(aggregates) if areas else frame.select(aggregates)
    return small, differences_of(frame, setting, shared)


def sum_contest(
    frames: Frames, setting: Setting, contest: str, districts: tuple[pl.DataFrame, pl.DataFrame] | None = None
) -> ContestSums:
    """Add a contest up over every area and the whole election.

    Args:
        frames: the tables of all units.
        setting: the election.
        contest: key of the contest.
        districts: what ``add_districts_up`` gives for it, where that is known.

    Returns:
        The sums; copies of one station count where they agree, as in ``haq check``.
    """
    small, differences = districts or add_districts_up(frames, setting, contest)
    layout = setting.layout(contest, setting.base)
    held = {name[2:] for name in small.columns if name[:2] in ("w:", "h:")}
    choices = tuple(k for k in layout.choices if k in held)
    lines = (*(k for k in layout.lines if k in held), *sorted(held - layout.known))
    differing = frames.summaries.filter(pl.col("largest").is_not_null() & (pl.col("contest") == contest))
    ranked = _stations(frames, setting, contest, differing).sort(
        pl.col("care"), pl.col("largest").abs(), "unit", descending=[False, True, False]
    )
    largest: dict[Place, tuple[str, int]] = {}
    if ranked.height:
        largest[setting.top, ""] = ranked.select("largest_line", "largest").row(0)
    for level in setting.above:
        area = f"area:{level}"
        first = ranked.filter(pl.col(area).is_not_null()).unique(area, keep="first", maintain_order=True)
        for key, line, size in first.select(area, "largest_line", "largest").iter_rows():
            largest[level, key] = (line, size)
    careful = largest.keys() - firm_places(ranked, setting)
    heavy = heaviest(differences, setting, choices)
    counted = dict(_by_place(small, _COUNTS, setting.top, setting.above))
    return ContestSums(choices, lines, small, setting.top, counted, largest, frozenset(careful), heavy)


def _by_place(
    districts: pl.DataFrame, names: Sequence[str], top: str, levels: Iterable[str]
) -> Iterator[tuple[Place, Sequence[int]]]:
    """Add sums of districts up over the whole election and every area."""
    again = [pl.col(name).all() if name.startswith("w:") else pl.col(name).sum() for name in names]
    yield (top, ""), districts.select(again).row(0)
    for level in levels:
        area = f"area:{level}"
        sums = districts.filter(pl.col(area).is_not_null()).group_by(area).agg(again)
        for key, *row in sums.select(area, *names).iter_rows():
            yield (level, key), row


def _side_by_side(frames: Frames, setting: Setting, contest: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Put the copies and the declared figures of every station in one row.

    Returns:
        ``_stations`` with ``copy=<key>`` and ``decl=<key>`` where any station has it, and all keys.
    """
    base = setting.base
    declared = setting.declared.get((contest, base))
    copies = [
        key
        for key, source in setting.sources.items()
        if key in frames.sheets
        and source.kind == "copies"
        and source.level == base
        and (source.contest or setting.contests[0]) == contest
        and (declared is None or key != declared.key)
    ]
    ours = _copied(frames, copies)
    theirs = _declared(frames, setting, declared) if declared else pl.DataFrame(schema={"unit": pl.String})
    frame = _stations(frames, setting, contest)
    frame = frame.join(ours.rename({f"={k}": f"copy={k}" for k in lines_of(ours)}), on="unit", how="left")
    frame = frame.join(theirs.rename({f"={k}": f"decl={k}" for k in lines_of(theirs)}), on="unit", how="left")
    return frame, tuple(dict.fromkeys((*lines_of(ours), *lines_of(theirs))))


def _added_up(key: str, held: Collection[str]) -> Iterator[pl.Expr]:
    """Build the sums of a line or choice; what no column of ``held`` has is 0 without being added up."""
    copy, declared = pl.col(f"copy={key}"), pl.col(f"decl={key}")
    if f"decl={key}" not in held:
        yield pl.lit(True).alias(f"h:{key}")
        return
    yield exact_sum(declared).alias(f"o:{key}")
    yield declared.is_not_null().sum().alias(f"m:{key}")
    yield (declared.is_not_null() | ~pl.col("stations")).all().alias(f"w:{key}")
    if f"copy={key}" in held:
        yield exact_sum(copy.filter(declared.is_not_null())).alias(f"c:{key}")
        yield exact_sum(declared.filter(copy.is_not_null())).alias(f"d:{key}")
        yield (copy.is_not_null() & declared.is_not_null()).sum().alias(f"n:{key}")


def _whole(choices: Sequence[str]) -> pl.Expr:
    if not choices:
        return pl.col("compared")
    columns = [pl.col(f"{side}={c}").is_not_null() for c in choices for side in ("copy", "decl")]
    return pl.all_horizontal(columns)


def _differ(lines: Sequence[str]) -> pl.Expr:
    """Tell whether the agreed copies and the declared figures part on any of these lines."""
    parts = [(pl.col(f"copy={k}") != pl.col(f"decl={k}")).fill_null(False) for k in lines]
    return pl.any_horizontal(parts) if parts else pl.lit(False)


def _copied(frames: Frames, copies: Sequence[str]) -> pl.DataFrame:
    """Reduce the copies of all sources to one row a station."""
    parts = [frames.sheets[key].drop("row", "grade", "entry") for key in copies]
    if not parts:
        return pl.DataFrame(schema={"unit": pl.String})
    stacked = pl.concat(parts, how="diagonal")
    return one_per_unit(stacked, [name for name in stacked.columns if name != "unit"])


def _declared(frames: Frames, setting: Setting, source: SourceFile) -> pl.DataFrame:
    """Give what was declared for each station: the last version that has it, or the copies that stand in.

    A line that one version gives twice, and differently, has no figure.
    """
    versions = {source.key: source.version}
    if source.kind == "official":
        versions = dict(setting.versions(source.contest or setting.contests[0], source.level))
    sheets = [
        pl.concat(parts, how="diagonal")
        for _, keys in groupby(versions, key=versions.__getitem__)
        if (parts := [frames.sheets[k].drop("row", "grade", "entry") for k in keys if k in frames.sheets])
    ]
    if not sheets:
        return pl.DataFrame(schema={"unit": pl.String})
    last = last_of_each(sheets)
    return one_per_unit(last, [name for name in last.columns if name != "unit"])


def _stations(
    frames: Frames, setting: Setting, contest: str, only: pl.DataFrame | None = None
) -> pl.DataFrame:
    """List the stations of a contest, or those with some summaries, with what is known of each."""
    areas = [f"area:{level}" for level in setting.above]
    stations = frames.stations.select("unit", *areas, "unlisted")
    if only is not None:
        stations = stations.filter(pl.col("unit").is_in(only["unit"].implode()))
    summaries = frames.summaries if only is None else only
    frame = stations.join(
        summaries.filter(pl.col("contest") == contest).drop("contest"),
        on="unit",
        how="left",
        maintain_order="left",
    )
    flags = ("official", "copied", "differ_choices")
    frame = frame.with_columns(pl.col(name).fill_null(False) for name in flags)
    held = pl.col("official") | (pl.col("copies") > 0).fill_null(False)
    counts, beside = held, pl.lit(False)
    if contest in setting.listed:
        # N counts the stations of the list; others are added up with them and counted apart.
        # The key as JSON writes it, with its quotes: no other key of the list holds that.
        key = json.dumps(contest, ensure_ascii=False)
        beside = pl.col("unlisted").str.contains(key, literal=True).fill_null(False)
        counts = ~beside
    return frame.filter(counts | held).with_columns(
        counts.alias("stations"),
        (pl.col("official") & beside).alias("unlisted_official"),
        (pl.col("copied") & beside).alias("unlisted_copied"),
        (pl.col("official") & ~beside).alias("official"),
        (pl.col("copied") & ~beside).alias("copied"),
        pl.col("left_out_of").is_not_null().alias("earlier"),
        (pl.col("state") == "declared-twice").fill_null(False).alias("twice"),
        (pl.col("state") == "differs").fill_null(False).alias("differ_lines"),
        (pl.col("official") & pl.col("copied")).alias("compared"),
    )
