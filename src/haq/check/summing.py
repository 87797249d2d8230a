"""Which level is added up to which: the sums of every version of the official result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import polars as pl

from haq.check.election import Election
from haq.check.report import Roll
from haq.check.sources import Source
from haq.protocols import roll_up


def rolls_of(
    election: Election,
    sources: Mapping[str, Source],
    declared: Mapping[str, Source],
    lists: Sequence[Source],
    units: Mapping[str, pl.Series],
) -> Iterator[tuple[Roll | None, str]]:
    """Add every official level up to the next official level above it, version by version.

    Args:
        election: the election.
        sources: the sources of one contest.
        declared: level -> its official result, every unit from the last version that has it.
        lists: lists of stations and of areas, which may know the areas above.
        units: level -> keys of all its known units.

    Yields:
        A roll-up, or nothing, and a note where something could not be added up.
    """
    levels: dict[str, dict[int, Source]] = {}
    for level in election.profile.levels:
        for source in sources.values():
            if source.level == level.key and source.config.kind == "official":
                levels.setdefault(level.key, {})[source.config.version] = source
    for below, above in pairwise(levels):
        children, parents = levels[below], levels[above]
        latest = (max(children), max(parents))
        pairs = [latest, *((v, v) for v in sorted(children.keys() & parents.keys()) if (v, v) != latest)]
        knowing = [*lists, *sources.values()]
        for child, parent in pairs:
            if (child, parent) == latest:
                files = list(children.values())
                yield _roll(election, declared[below], declared[above], knowing, units[below], files)
            else:
                two = (children[child], parents[parent])
                yield _roll(election, *two, knowing, units[below], [children[child]])


def _roll(
    election: Election,
    child: Source,
    parent: Source,
    knowing: Sequence[Source],
    units: pl.Series,
    files: Sequence[Source],
) -> tuple[Roll | None, str]:
    above = parent.level
    lines = [k for k in child.keys if k in parent.keys]
    what = f"sums of {child.name} up to {parent.name} were not checked"
    if not lines:
        return None, f"{what}: the two files share no line"
    children = _with_area(election, child, parent, knowing)
    if children is None:
        return (
            None,
            f"{what}: no column of {child.name} says which {above} a {child.level} belongs to; "
            f"map it as {above}",
        )
    incomplete, lost = _incomplete(child, above, knowing, units, files)
    if lost:
        # Nobody knows to which area a refused row belongs, so no sum can be called wrong.
        incomplete = set(parent.frame["unit"])
    roll = roll_up(children, parent.frame, level=above, below=child.level, lines=lines, incomplete=incomplete)
    note = ""
    if not roll.areas and children.height:
        note = f"{what}: no key of column {above} in {child.name} is in {parent.name}; write both alike"
    elif lost:
        note = f"{lost} refused rows of {child.name} name no {above}, so its sums are unknown"
    return Roll(roll, child.key, parent.key), note


def _areas(above: str, level: str, knowing: Sequence[Source]) -> pl.DataFrame | None:
    """Map the units of a level to their areas, from the first file that knows each."""
    parts = [
        part.select("unit", above)
        for s in knowing
        if s.level == level
        for part in (s.frame, s.refused_frame)
        if above in part.columns and "unit" in part.columns
    ]
    if not parts:
        return None
    return pl.concat(parts).drop_nulls().unique("unit", keep="first", maintain_order=True)


def _with_area(
    election: Election, child: Source, parent: Source, knowing: Sequence[Source]
) -> pl.DataFrame | None:
    """Give each sheet the key of its area: its own column, another file's, or the only area there is."""
    above = parent.level
    if above in child.frame.columns:
        return child.frame
    if above == election.profile.levels[-1].key and parent.frame.height == 1:
        return child.frame.with_columns(pl.lit(parent.frame["unit"][0]).alias(above))
    areas = _areas(above, child.level, knowing)
    if areas is None:
        return None
    return child.frame.join(areas, on="unit", how="left", validate="m:1", maintain_order="left")


def _incomplete(
    child: Source, above: str, knowing: Sequence[Source], units: pl.Series, files: Sequence[Source]
) -> tuple[set[str], int]:
    """Find areas of which a known unit has no usable sheet, and count refused rows without an area.

    ``files`` are the versions that the child was put together from.
    """
    if units.len() == child.frame.height and not any(s.table.rows.refused for s in files):
        return set(), 0
    missing = units.filter(~units.is_in(child.frame["unit"].implode()))
    areas = _areas(above, child.level, knowing)
    known = {} if areas is None else dict(areas.filter(pl.col("unit").is_in(missing.implode())).rows())
    refused = [key for s in files for key in s.table.refused_rows["key"].to_list()]
    spoken = set(child.frame["unit"]) if len(files) > 1 and refused else set()
    lost = sum(key not in known and key not in spoken for key in refused)
    return {str(area) for area in known.values()}, lost
