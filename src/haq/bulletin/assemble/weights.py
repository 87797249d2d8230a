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


def differences_of(frame: pl.DataFrame, setting: Setting, choices: Sequence[str]) -> pl.DataFrame:
    """List the differences of stations, choice by choice.

    Args:
        frame: a row a station: ``unit``, ``area:<level>`` …, ``copy=<choice>`` and ``decl=<choice>`` [votes,
            null where there is no figure or the copies disagree].
        setting: the election.
        choices: keys of the choices that both sides have.

    Returns:
        ``area:<level>`` …, ``unit``, ``choice``, ``difference`` (declared minus copies, not 0) [votes].
    """
    areas = [f"area:{level}" for level in setting.above]
    schema = {**dict.fromkeys((*areas, "unit", "choice"), pl.String), "difference": pl.Int64}
    parts = [
        frame.select(
            *areas,
            "unit",
            pl.lit(choice).alias("choice"),
            (pl.col(f"decl={choice}") - pl.col(f"copy={choice}")).alias("difference"),
        ).filter(pl.col("difference") != 0)
        for choice in choices
    ]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def heaviest(
    differences: pl.DataFrame, setting: Setting, choices: Sequence[str]
) -> Mapping[Place, tuple[Heaviest, ...]]:
    """Find, for every area, the choices of which one station makes more than half of all differences.

    Args:
        differences: as ``differences_of`` lists them.
        setting: the election.
        choices: keys of the choices, in ballot order.

    Returns:
        Area -> choices where at least two stations differ and the largest single difference is more than
        half of the sum of all differences without their signs. Areas without any are left out.
    """
    found: dict[Place, list[Heaviest]] = {}
    difference = pl.col("difference")
    size = difference.abs()
    aggregates = (
        exact_sum(difference).alias("total"),
        exact_sum(size).alias("all"),
        pl.len().alias("differ"),
        pl.col("unit").first(),
        difference.first().alias("alone"),
    )
    order = {choice: place for place, choice in enumerate(choices)}
    sorted_by_size = differences.sort(size, "unit", descending=[True, False])
    for level, area in ((setting.top, ""), *((level, f"area:{level}") for level in setting.above)):
        where = pl.col(area) if area else pl.lit("")
        keyed = sorted_by_size.with_columns(where.alias("area")).filter(pl.col("area").is_not_null())
        groups = keyed.group_by("area", "choice", maintain_order=True).agg(*aggregates)
        heavy = groups.filter((pl.col("differ") > 1) & (pl.col("alone").abs() * 2 > pl.col("all")))
        rows = sorted(heavy.iter_rows(), key=lambda row: order[row[1]])
        for key, choice, total, _, count, unit, alone in rows:
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
