"""The order in which stations stand in the list of an area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter

import polars as pl

from haq.bulletin.assemble.frames import Frames
from haq.bulletin.slugs import natural


def largest_first(
    frames: Frames, where: pl.Expr, columns: Sequence[str] = ()
) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    """Put stations in order: those with the largest differences first.

    Args:
        frames: the tables of all units.
        where: condition of stations.
        columns: of the table of stations, to be handed on.

    Yields:
        Station, and its columns.
    """
    ranked = _ranked(frames, where).select("care", "unit", "size", "findings", *columns)
    rows = [
        ((care, -size, -findings, natural(unit), unit), unit, tuple(keys))
        for care, unit, size, findings, *keys in ranked.iter_rows()
    ]
    rows.sort(key=itemgetter(0))
    yield from ((unit, keys) for _, unit, keys in rows)


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
