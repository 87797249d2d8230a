"""Totals with their denominators: out of how many, on which stations, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from haq.protocols.agreement import agreed
from haq.protocols.comparison import Comparison
from haq.protocols.expressions import exact_sum


@dataclass(frozen=True)
class Totals:
    """Sums over the units that a source has.

    Attributes:
        units: units that hold a figure for every choice.
        of: units that are known at all.
        sums: key -> sum over the units that hold the figure.
        missing: key -> units of the source that lack the figure; they are left out of
            the sum, and are never read as zero.
    """

    units: int
    of: int
    sums: Mapping[str, int]
    missing: Mapping[str, int]


def add_up(
    frame: pl.DataFrame,
    *,
    lines: Sequence[str],
    choices: Sequence[str],
    of: int,
    among: pl.Series | None = None,
) -> Totals:
    """Add up the figures of a source.

    Args:
        frame: (units × columns) ``unit`` and Int64 lines and choices, one row a unit.
        lines: keys of the lines, without choices.
        choices: keys of the choices.
        of: units known at all.
        among: keys of those units, where ``frame`` may hold others too: these are added up all the same, and
            are none of ``Totals.units``.

    Returns:
        The sums, with what is missing beside them.
    """
    keys = (*lines, *choices)
    figures = frame.select(
        *(exact_sum(k) for k in keys),
        *(pl.col(k).null_count().alias(f"{k}:missing") for k in keys),
    ).row(0, named=True)
    whole = frame.select("unit", *choices).drop_nulls()
    return Totals(
        units=whole.height if among is None else whole.filter(pl.col("unit").is_in(among.implode())).height,
        of=of,
        sums={k: int(figures[k]) for k in keys},
        missing={k: int(figures[f"{k}:missing"]) for k in keys},
    )


@dataclass(frozen=True)
class SameUnits:
    """What copies and declared figures give on the same units.

    Attributes:
        units: units that both sides have.
        whole: those of them in which both sides hold every choice.
        of: units known at all.
        pairs: key -> units in which both sides hold the figure: what the sums are out of.
        copies: key -> sum of the copies over those units.
        declared: key -> sum of the declared figures over the same units.
    """

    units: int
    whole: int
    of: int
    pairs: Mapping[str, int]
    copies: Mapping[str, int]
    declared: Mapping[str, int]


def same_units(comparison: Comparison, *, choices: Sequence[str], of: int) -> SameUnits:
    """Add up both sides of a comparison over the units on which both have a figure.

    Several copies of one unit count once, and only where they agree.

    Args:
        comparison: copies against declared figures.
        choices: keys of the choices.
        of: units known at all.

    Returns:
        The two sums for each key and how many units stand behind each.
    """
    frame, keys = comparison.frame, comparison.lines
    if frame["unit"].n_unique() < frame.height:
        declared = [pl.col(f"{k}:declared").first() for k in keys]
        frame = frame.group_by("unit", maintain_order=True).agg(*(agreed(k) for k in keys), *declared)

    def both(key: str) -> pl.Expr:
        return pl.col(key).is_not_null() & pl.col(f"{key}:declared").is_not_null()

    figures = frame.select(
        *(both(k).sum().alias(f"{k}:pairs") for k in keys),
        *(exact_sum(pl.col(k).filter(both(k))).alias(f"{k}:copies") for k in keys),
        *(exact_sum(pl.col(f"{k}:declared").filter(both(k))).alias(f"{k}:sum") for k in keys),
    ).row(0, named=True)
    return SameUnits(
        units=frame.height,
        whole=frame.select("unit", *choices, *(f"{c}:declared" for c in choices)).drop_nulls().height,
        of=of,
        pairs={k: int(figures[f"{k}:pairs"]) for k in keys},
        copies={k: int(figures[f"{k}:copies"]) for k in keys},
        declared={k: int(figures[f"{k}:sum"]) for k in keys},
    )
