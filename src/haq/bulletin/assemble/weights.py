"""How much one station weighs in a difference: a sum may turn on a single copy that is nearly empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from haq.bulletin.setting import Setting
from haq.protocols import exact_sum

Place = tuple[str, str]


class Heaviest(NamedTuple):
    """A choice whose difference comes mostly from one station.

    Attributes:
        choice: its key.
        total: declared minus copies over the area [votes].
        unit: the station that weighs most.
        alone: its difference [votes].
        differ: how many stations differ on the choice.
    """

    choice: str
    total: int
    unit: str
    alone: int
    differ: int


def heaviest(
    frame: pl.DataFrame, setting: Setting, choices: Sequence[str]
) -> Mapping[Place, tuple[Heaviest, ...]]:
    """Find, for every area, the choices of which one station makes more than half of all differences.

    Args:
        frame: a row a station: ``unit``, ``area:<level>`` …, ``copy=<choice>`` and ``decl=<choice>`` [votes,
            null where there is no figure or the copies disagree].
        setting: the election.
        choices: keys of the choices that both sides have, in ballot order.

    Returns:
        Area -> choices where at least two stations differ and the largest single difference is more than
        half of the sum of all differences without their signs. Areas without any are left out.
    """
    found: dict[Place, list[Heaviest]] = {}
    levels = [(level, f"area:{level}") for level in setting.above]
    columns = [area for _, area in levels]
    difference = pl.col("difference")
    size = difference.abs()
    aggregates = (
        exact_sum(difference).alias("total"),
        exact_sum(size).alias("all"),
        pl.len().alias("differ"),
        pl.col("unit").first(),
        difference.first().alias("alone"),
    )
    for choice in choices:
        differ = (
            frame.select(
                "unit", *columns, (pl.col(f"decl={choice}") - pl.col(f"copy={choice}")).alias("difference")
            )
            .filter(difference != 0)
            .sort(size, "unit", descending=[True, False])
        )
        if differ.height < 2:
            continue
        for level, area in ((setting.top, ""), *levels):
            keyed = (
                differ.with_columns(pl.lit("").alias("area")) if not area else differ.rename({area: "area"})
            )
            groups = keyed.filter(pl.col("area").is_not_null()).group_by("area").agg(*aggregates)
            heavy = groups.filter((pl.col("differ") > 1) & (pl.col("alone").abs() * 2 > pl.col("all")))
            for key, total, _, count, unit, alone in heavy.iter_rows():
                found.setdefault((level, key), []).append(Heaviest(choice, total, unit, alone, count))
    return {place: tuple(heavy) for place, heavy in found.items()}


def firm_places(ranked: pl.DataFrame, setting: Setting) -> set[Place]:
    """Name the areas with a station whose largest difference stands by itself.

    Args:
        ranked: stations that differ: ``care`` and ``area:<level>`` ….
        setting: the election.
    """
    firm = ranked.filter(~pl.col("care"))
    found: set[Place] = {(setting.top, "")} if firm.height else set()
    for level in setting.above:
        found |= {(level, key) for key in firm[f"area:{level}"].unique() if key is not None}
    return found
