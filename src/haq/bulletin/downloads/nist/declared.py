"""What was declared in a contest, unit by unit and added up: the figures that the format carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from haq.bulletin.model import Context, Tables
from haq.entries import ContestRules
from haq.law import Contest, Quantity
from haq.protocols import columns_of, polars_of

#: Quantities of a protocol form that the format has a place for.
QUANTITIES: tuple[Quantity, ...] = ("registered", "turnout", "found", "invalid", "blank")


@dataclass(frozen=True)
class Declared:
    """One contest as it was declared at the lowest level that has an official result.

    Attributes:
        rules: the contest in the election.
        law: the contest in the law profile; None where the profile has no such contest.
        level: that level; empty where nothing official was published.
        choices: keys of the choices that the source holds, in ballot order.
        frame: ``unit``, ``choice:<key>`` and ``quantity:<name>`` (Int128, so that no sum of the largest
            figures of entries wraps around), ``whole`` (every choice was declared); one row a unit. A unit
            that was declared twice is left out: haq does not choose.
        known: how many units of the level are known.
    """

    rules: ContestRules
    law: Contest | None
    level: str
    choices: tuple[str, ...]
    frame: pl.DataFrame
    known: int

    @property
    def complete(self) -> bool:
        """Whether every known unit of the whole country has a whole result."""
        reported = int(self.frame["whole"].sum())
        return bool(self.level) and self.rules.covers == "whole" and 0 < self.known == reported


def declared_in(tables: Tables, context: Context, rules: ContestRules) -> Declared:
    """Find what was declared in a contest: the latest version at the lowest level that has one.

    Copies never stand in here: a report of results carries results.
    """
    law = context.profile.contests.get(rules.law)
    order = [level.key for level in context.profile.levels]
    official = [
        s
        for s in context.election.sources
        if s.kind == "official"
        and s.contest in (rules.key, None)
        and s.level in order
        and s.key in tables.sources
    ]
    if not official:
        columns = {f"quantity:{name}": pl.Int128 for name in QUANTITIES}
        empty = pl.DataFrame(schema={"unit": pl.String, **columns, "whole": pl.Boolean})
        return Declared(rules, law, "", (), empty, tables.stations.height)
    level = min((s.level for s in official), key=order.index)
    latest = max((s for s in official if s.level == level), key=lambda s: s.version)
    source = tables.sources[latest.key]
    ballot = tuple(choice.key for choice in rules.choices)
    choices = tuple(c for c in ballot if c in source.columns)
    form = context.profile.form(level)
    quantities = [
        polars_of(form.quantities[name], ballot).cast(pl.Int128).alias(f"quantity:{name}")
        if name in form.quantities and set(columns_of(form.quantities[name], ballot)) <= set(source.columns)
        else pl.lit(None, dtype=pl.Int128).alias(f"quantity:{name}")
        for name in QUANTITIES
    ]
    whole = len(choices) == len(ballot)
    frame = source.filter(~pl.col("unit").is_duplicated()).select(
        "unit",
        *(pl.col(c).cast(pl.Int128).alias(f"choice:{c}") for c in choices),
        *quantities,
        pl.all_horizontal(pl.lit(whole), *(pl.col(c).is_not_null() for c in choices)).alias("whole"),
    )
    units = tables.stations if level == order[0] else tables.areas.get(level, pl.DataFrame({"unit": []}))
    known = pl.concat([units["unit"].cast(pl.String), source["unit"]]).n_unique()
    return Declared(rules, law, level, choices, frame, known)


def added_up(declared: Sequence[Declared], frames: Sequence[pl.DataFrame], by: str) -> list[pl.DataFrame]:
    """Add up each contest by area.

    Args:
        declared: the contests.
        frames: their frames with a column ``by``.
        by: column with the key of the area; rows without one are left out.

    Returns:
        For each contest a frame like ``Declared.frame`` with the area in ``unit`` and ``reported``, the
        units with a whole result, in place of ``whole``. A sum of votes is over the units that hold the
        figure; any other sum is null unless every unit with a whole result holds it.
    """
    result = []
    for one, frame in zip(declared, frames, strict=True):
        choices = [f"choice:{c}" for c in one.choices]
        quantities = [c for c in frame.columns if c.startswith("quantity:")]
        result.append(
            frame.filter(pl.col(by).is_not_null())
            .group_by(by, maintain_order=True)
            .agg(
                *(pl.when(pl.col(c).is_not_null().any()).then(pl.col(c).sum()).alias(c) for c in choices),
                *(pl.when(pl.col(c).is_not_null().all()).then(pl.col(c).sum()).alias(c) for c in quantities),
                pl.col("whole").sum().cast(pl.Int64).alias("reported"),
                pl.len().cast(pl.Int64).alias("declared"),
            )
            .rename({by: "unit"})
        )
    return result
