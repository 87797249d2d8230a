"""Sums of stations over areas: every figure of a home or an area page, for all areas at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from haq.bulletin.assemble.frames import Frames, lines_of
from haq.bulletin.model import ChoiceSums
from haq.bulletin.setting import Setting
from haq.entries import SourceFile
from haq.protocols import one_per_unit

#: (level, key) of an area; the whole election has the highest level and no key.
Place = tuple[str, str]
#: Kinds of findings that are only warnings.
WARNINGS = ("arithmetic:warning", "not-declared")
_COUNTS = ("stations", "official", "copied", "compared", "whole", "differ_choices", "differ_lines")


@dataclass(frozen=True)
class ContestSums:
    """One contest over all areas.

    Attributes:
        choices, lines: keys, in the order of the form; unknown ones after the lines.
        places: area -> counts and sums by the names of the columns.
        largest: area -> line and size of the largest difference of its stations.
    """

    choices: tuple[str, ...]
    lines: tuple[str, ...]
    places: Mapping[Place, Mapping[str, Any]]
    largest: Mapping[Place, tuple[str, int]]

    def counts(self, place: Place) -> dict[str, int]:
        """Count the stations of an area by what is known of them."""
        row = self.places.get(place, {})
        return {name: int(row.get(name) or 0) for name in _COUNTS}

    def sums(self, place: Place, key: str) -> ChoiceSums:
        """Give the sums of a line or choice in an area."""
        row = self.places.get(place, {})
        return ChoiceSums(
            key, *(int(row.get(f"{part}{key}") or 0) for part in ("c:", "d:", "n:", "o:", "m:"))
        )


def sum_contest(frames: Frames, setting: Setting, contest: str) -> ContestSums:
    """Add a contest up over every area and the whole election.

    Args:
        frames: the tables of all units.
        setting: the election.
        contest: key of the contest.

    Returns:
        The sums; copies of one station count where they agree, as in ``haq check``.
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
    theirs = _declared(frames, declared) if declared else pl.DataFrame(schema={"unit": pl.String})
    layout = setting.layout(contest, base)
    held = [*lines_of(ours), *(k for k in lines_of(theirs) if f"={k}" not in ours.columns)]
    choices = tuple(k for k in layout.choices if k in held)
    lines = (*(k for k in layout.lines if k in held), *sorted(set(held) - layout.known))
    keys = (*lines, *choices)
    frame = _stations(frames, setting, contest)
    frame = frame.join(ours.rename({f"={k}": f"copy={k}" for k in lines_of(ours)}), on="unit", how="left")
    frame = frame.join(theirs.rename({f"={k}": f"decl={k}" for k in lines_of(theirs)}), on="unit", how="left")
    missing = [f"{side}={k}" for k in keys for side in ("copy", "decl") if f"{side}={k}" not in frame.columns]
    frame = frame.with_columns(pl.lit(None, dtype=pl.Int64).alias(name) for name in missing)
    shared = [c for c in choices if f"copy={c}" not in missing and f"decl={c}" not in missing]
    frame = frame.with_columns(
        _whole(shared).alias("whole"),
        # A copy that another copy contradicts has no agreed figure, so nothing differs on it.
        _differ(shared).alias("differ_choices"),
        _differ([k for k in keys if f"copy={k}" not in missing and f"decl={k}" not in missing]).alias(
            "differ_lines"
        ),
    )
    aggregates = [
        *(pl.col(name).sum().alias(name) for name in _COUNTS),
        *(
            expression
            for k in keys
            for expression in (
                pl.col(f"copy={k}").filter(pl.col(f"decl={k}").is_not_null()).sum().alias(f"c:{k}"),
                pl.col(f"decl={k}").filter(pl.col(f"copy={k}").is_not_null()).sum().alias(f"d:{k}"),
                (pl.col(f"copy={k}").is_not_null() & pl.col(f"decl={k}").is_not_null()).sum().alias(f"n:{k}"),
                pl.col(f"decl={k}").sum().alias(f"o:{k}"),
                pl.col(f"decl={k}").is_not_null().sum().alias(f"m:{k}"),
            )
        ),
    ]
    places: dict[Place, Mapping[str, Any]] = {(setting.top, ""): frame.select(aggregates).row(0, named=True)}
    ranked = frame.filter(pl.col("largest").is_not_null()).sort(
        pl.col("largest").abs(), "unit", descending=[True, False]
    )
    largest: dict[Place, tuple[str, int]] = {}
    if ranked.height:
        largest[setting.top, ""] = ranked.select("largest_line", "largest").row(0)
    for level in setting.above:
        area = f"area:{level}"
        for row in (
            frame.filter(pl.col(area).is_not_null()).group_by(area).agg(aggregates).iter_rows(named=True)
        ):
            places[level, row[area]] = row
        first = ranked.filter(pl.col(area).is_not_null()).unique(area, keep="first", maintain_order=True)
        for key, line, size in first.select(area, "largest_line", "largest").iter_rows():
            largest[level, key] = (line, size)
    return ContestSums(choices, lines, places, largest)


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


def _declared(frames: Frames, source: SourceFile) -> pl.DataFrame:
    """Give what was declared for each station: the latest version, or the copies that stand in for it."""
    if source.key not in frames.sheets:
        return pl.DataFrame(schema={"unit": pl.String})
    sheets = frames.sheets[source.key].drop("row", "grade", "entry")
    if source.kind == "official":
        return sheets.unique("unit", keep="last", maintain_order=True)
    return one_per_unit(sheets, [name for name in sheets.columns if name != "unit"])


def _stations(frames: Frames, setting: Setting, contest: str) -> pl.DataFrame:
    """List the stations of a contest with what is known of each, a row a station."""
    areas = [f"area:{level}" for level in setting.above]
    summaries = frames.summaries.filter(pl.col("contest") == contest).drop("contest")
    # A list of stations without a contest speaks for all of them; else only its own protocols do.
    listed = (
        any(s.kind == "stations" and s.contest in (None, contest) for s in setting.context.election.sources)
        or len(setting.contests) == 1
    )
    frame = frames.stations.select("unit", *areas).join(
        summaries, on="unit", how="left" if listed else "inner", maintain_order="left"
    )
    compared = pl.col("official") & pl.col("copied")
    return frame.with_columns(
        pl.lit(True).alias("stations"),
        *(pl.col(c).fill_null(False) for c in ("official", "copied", "differ_choices")),
        (pl.col("state") == "differs").fill_null(False).alias("differ_lines"),
        compared.fill_null(False).alias("compared"),
    )


class Findings:
    """The findings of all units with the areas that they lie in."""

    def __init__(self, frames: Frames, setting: Setting, parents: Mapping[Place, Mapping[str, str]]) -> None:
        """Place every finding.

        Args:
            frames: the tables.
            setting: the election.
            parents: area -> level -> key of the areas above it, itself included.
        """
        self.setting = setting
        areas = [f"area:{level}" for level in setting.above]
        at_base = frames.findings.filter(pl.col("level") == setting.base).join(
            frames.stations.select("unit", *areas), on="unit", how="left", maintain_order="left"
        )
        upper = frames.findings.filter(pl.col("level") != setting.base)
        rows = [parents.get((level, unit), {}) for level, unit in upper.select("level", "unit").iter_rows()]
        upper = upper.with_columns(
            pl.Series(f"area:{level}", [row.get(level) for row in rows], dtype=pl.String)
            for level in setting.above
        )
        weak = (pl.col("severity") == "warning") & (pl.col("kind") == "arithmetic")
        kind = pl.when(weak).then(pl.lit("arithmetic:warning"))
        self.frame = pl.concat([at_base, upper], how="vertical").with_columns(
            kind.otherwise(pl.col("kind")).alias("code"), pl.col("largest").abs().alias("size")
        )

    @cached_property
    def ranked(self) -> pl.DataFrame:
        """All findings, the largest first."""
        return self.frame.sort("size", "unit", "entry", descending=[True, False, False], nulls_last=True)

    @cached_property
    def _counts(self) -> Mapping[tuple[str, Place], Mapping[str, int]]:
        found: dict[tuple[str, Place], dict[str, int]] = {}
        frame = self.frame
        for contest, code, count in (
            frame.group_by("contest", "code").len().sort("contest", "code").iter_rows()
        ):
            found.setdefault((contest, (self.setting.top, "")), {})[code] = count
        for level in self.setting.above:
            area = f"area:{level}"
            groups = frame.filter(pl.col(area).is_not_null()).group_by("contest", area, "code").len()
            for contest, key, code, count in groups.sort("contest", area, "code").iter_rows():
                found.setdefault((contest, (level, key)), {})[code] = count
        return found

    def counts(self, contest: str, place: Place) -> Mapping[str, int]:
        """Count the findings of an area and everything in it, by kind."""
        return self._counts.get((contest, place), {})

    def errors(self, contest: str, place: Place) -> int:
        """Count the findings of an area that are no warnings."""
        return sum(n for code, n in self.counts(contest, place).items() if code not in WARNINGS)

    @cached_property
    def _largest(self) -> Mapping[Place, list[str]]:
        # Votes before ballots: a voter asks for votes, and a summary's ballots are always more.
        choices = [c.key for contest in self.setting.context.election.contests for c in contest.choices]
        votes = pl.col("largest_line").is_in(choices)
        ranked = self.ranked.filter((pl.col("severity") == "error") & pl.col("largest").is_not_null())
        ranked = pl.concat([ranked.filter(votes), ranked.filter(~votes)])
        found = {(self.setting.top, ""): ranked["entry"].head(10).to_list()}
        for level in self.setting.above:
            area = f"area:{level}"
            heads = ranked.filter(pl.col(area).is_not_null()).group_by(area, maintain_order=True).head(10)
            for key, entry in heads.select(area, "entry").iter_rows():
                found.setdefault((level, key), []).append(entry)
        return found

    def largest(self, place: Place) -> Sequence[str]:
        """Name the entries of the ten findings with the largest differences in an area."""
        return self._largest.get(place, [])
