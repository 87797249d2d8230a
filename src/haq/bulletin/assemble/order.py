"""The order in which stations stand in the list of an area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from haq.bulletin.assemble.frames import Frames
from haq.bulletin.slugs import natural

#: What a station is sorted by.
Rank = tuple[int, int, int, tuple[tuple[int, str], ...], str]


def largest_first(frames: Frames, where: pl.Expr) -> list[str]:
    """Put stations in order: those with the largest differences first.

    Args:
        frames: the tables of all units.
        where: condition of stations.

    Returns:
        The stations.
    """
    return [rank[-1] for rank, _ in sorted(ranks(frames, where))]


def ranks(
    frames: Frames, where: pl.Expr, columns: Sequence[str] = ()
) -> Iterator[tuple[Rank, tuple[str | None, ...]]]:
    """Say what stations are sorted by.

    Args:
        frames: the tables of all units.
        where: condition of stations.
        columns: of the table of stations, to be handed on.

    Yields:
        Rank of a station, which ends with its key, and its columns.
    """
    ranked = _ranked(frames, where).select("care", "size", "findings", "unit", *columns)
    for care, size, findings, unit, *keys in ranked.iter_rows():
        yield (care, -size, -findings, natural(unit), unit), tuple(keys)


def _ranked(frames: Frames, where: pl.Expr) -> pl.DataFrame:
    """Say of some stations what the order of a list depends on."""
    stations = frames.stations.filter(where)
    summaries = frames.summaries
    if stations.height < frames.stations.height:
        summaries = summaries.filter(pl.col("unit").is_in(stations["unit"].implode()))
    # A firm difference in any contest speaks for the station; one to be read with care stands after all
    # firm ones, and before the stations on which nothing differs.
    ranks = summaries.group_by("unit").agg(
        (pl.col("largest").abs() * (~pl.col("care"))).max().alias("firm"),
        pl.col("largest").abs().max().alias("size"),
        pl.col("findings").sum(),
    )
    ranks = ranks.with_columns(
        pl.when(pl.col("firm") > 0).then(0).when(pl.col("size") > 0).then(1).otherwise(2).alias("care"),
        pl.when(pl.col("firm") > 0).then("firm").otherwise("size").alias("size"),
    )
    return stations.join(ranks, on="unit", how="left", maintain_order="left").with_columns(
        pl.col("size", "findings").fill_null(0), pl.col("care").fill_null(2)
    )
