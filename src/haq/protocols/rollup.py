"""Roll-up: what the stations of an area add up to, against its summary sheet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from haq.protocols.expressions import exact_sum

_NO_PAIRS = pl.DataFrame(
    schema={
        "unit": pl.String,
        "line": pl.String,
        "sum": pl.Int128,
        "declared": pl.Int64,
        "difference": pl.Int128,
        "children": pl.Int64,
    }
)


@dataclass(frozen=True)
class RollUp:
    """The sums of one level against the summary sheets of the level above.

    Attributes:
        level: key of the level of the summary sheets.
        below: key of the level that was added up.
        frame: a row a broken sum: ``unit`` (the area), ``line``, ``sum`` (of the sheets
            below), ``declared`` (in the summary), ``difference`` (declared minus sum; both Int128),
            ``children`` (sheets added up).
        areas: summary sheets that have sheets below them.
        broken: areas with at least one broken sum.
        unknown: pairs of area and line that could not be checked, because a sheet below
            is missing, or a sheet below or the summary lacks the figure.
        orphans: sheets below whose area has no summary sheet, or that name no area.
        childless: keys of summary sheets without any sheet below.
    """

    level: str
    below: str
    frame: pl.DataFrame
    areas: int
    broken: int
    unknown: int
    orphans: int
    childless: tuple[str, ...]


def roll_up(
    children: pl.DataFrame,
    parents: pl.DataFrame,
    *,
    level: str,
    below: str,
    lines: Sequence[str],
    incomplete: Collection[str] = (),
) -> RollUp:
    """Add the sheets of one level up and compare the sums with the level above.

    Areas add by key, never by name.

    Args:
        children: (sheets × lines) Int64 with the column ``level``, which holds the key of
            each sheet's area.
        parents: (areas × lines) Int64 with a unique ``unit``.
        level: key of the level of ``parents``; also the name of the column in ``children``.
        below: key of the level of ``children``.
        lines: keys of the lines and choices that both hold.
        incomplete: areas of which a sheet below is known to exist but is not here.

    Returns:
        Every pair of area and line whose sum is not what the summary declares. A sum with
        a missing part is *unknown*, not broken.
    """
    sums = children.group_by(pl.col(level).alias("unit"), maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias(":children"),
        # A missing part makes the sum unknown; `sum` alone would read it as zero.
        *(pl.when(pl.col(k).null_count() == 0).then(exact_sum(k)).alias(f"{k}:sum") for k in lines),
    )
    joined = parents.select("unit", *lines).join(
        sums, on="unit", how="inner", validate="1:1", maintain_order="left"
    )
    if incomplete:
        whole = ~pl.col("unit").is_in(list(incomplete))
        joined = joined.with_columns(pl.when(whole).then(pl.col(f"{k}:sum")).alias(f"{k}:sum") for k in lines)
    pieces = [
        joined.select(
            "unit",
            pl.lit(k).alias("line"),
            pl.col(f"{k}:sum").alias("sum"),
            pl.col(k).alias("declared"),
            (pl.col(k) - pl.col(f"{k}:sum")).alias("difference"),
            pl.col(":children").alias("children"),
        )
        for k in lines
    ]
    pairs = pl.concat([_NO_PAIRS, *pieces])
    frame = pairs.filter(pl.col("difference") != 0)
    return RollUp(
        level=level,
        below=below,
        frame=frame,
        areas=joined.height,
        broken=frame["unit"].n_unique(),
        unknown=pairs["difference"].null_count(),
        orphans=int(sums.join(parents, on="unit", how="anti", maintain_order="left")[":children"].sum()),
        childless=tuple(parents.join(sums, on="unit", how="anti", maintain_order="left")["unit"]),
    )
