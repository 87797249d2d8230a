"""What was declared in a contest, unit by unit and added up: the figures that the format carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from haq.bulletin.model import Context, Tables
from haq.bulletin.setting import Setting
from haq.entries import ContestRules
from haq.law import Contest, Quantity
from haq.protocols import columns_of, exact_sum, last_of_each, polars_of

#: What the names of columns that count missing figures begin with.
_EMPTY = "empty:"
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
        frame: ``unit``, ``choice:<key>``, ``quantity:<name>`` (Int128, because it may be a sum of many
            lines), ``whole`` (every choice was declared); one row a unit. A unit that was declared twice is
            left out: haq does not choose.
        beyond: ``unit`` of those that were declared and that no list of the level holds, each once.
        known: how many units of the level are known, these included.
    """

    rules: ContestRules
    law: Contest | None
    level: str
    choices: tuple[str, ...]
    frame: pl.DataFrame
    beyond: pl.DataFrame
    known: int

    @property
    def complete(self) -> bool:
        """Whether every known unit of the whole country has a whole result."""
        reported = int(self.frame["whole"].sum())
        return bool(self.level) and self.rules.covers == "whole" and 0 < self.known == reported


def declared_in(tables: Tables, context: Context, rules: ContestRules) -> Declared:
    """Find what was declared in a contest: of each unit the last version that has it, as on the pages.

    The units are those of the lowest level that has an official result. Copies never stand in here: a
    report of results carries results.
    """
    law = context.profile.contests.get(rules.law)
    order = [level.key for level in context.profile.levels]
    setting = Setting(context, {}, {})
    held = {level: _versions(setting.versions(rules.key, level), tables) for level in order}
    level = next((level for level in order if held[level]), "")
    if not level:
        columns = {f"quantity:{name}": pl.Int128 for name in QUANTITIES}
        empty = pl.DataFrame(schema={"unit": pl.String, **columns, "whole": pl.Boolean})
        return Declared(rules, law, "", (), empty, empty.select("unit"), tables.stations.height)
    source = last_of_each(held[level])
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
    once = source
    if source["unit"].n_unique() < source.height:
        once = source.filter(~pl.col("unit").is_duplicated())
    frame = once.select(
        "unit",
        *(pl.col(c).alias(f"choice:{c}") for c in choices),
        *quantities,
        pl.all_horizontal(pl.lit(whole), *(pl.col(c).is_not_null() for c in choices)).alias("whole"),
    )
    units = tables.stations if level == order[0] else tables.areas.get(level, pl.DataFrame({"unit": []}))
    listed = units.select(pl.col("unit").cast(pl.String))
    beyond = source.select("unit").join(listed, on="unit", how="anti").unique()
    return Declared(rules, law, level, choices, frame, beyond, listed["unit"].n_unique() + beyond.height)


def _versions(known: Mapping[str, int], tables: Tables) -> list[pl.DataFrame]:
    """Give the tables of an official result, the sources of one version in one, the earliest first."""
    return [
        pl.concat(parts, how="diagonal")
        for _, keys in groupby(known, key=known.__getitem__)
        if (parts := [tables.sources[key] for key in keys if key in tables.sources])
    ]


def sums_of(one: Declared, frame: pl.DataFrame, levels: Sequence[str]) -> pl.DataFrame:
    """Add a contest up over the units that lie in the very same areas: what ``added_up`` adds up further.

    Args:
        one: the contest.
        frame: its frame with a column for each level.
        levels: keys of the levels above its units.

    Returns:
        A row for each combination of areas: the levels, each choice and quantity (Int128; 0 for no figure),
        ``empty:<column>`` for the units that lack it, ``reported`` (units with a whole result), ``declared``.
    """
    figures = [c for c in frame.columns if c.startswith(("choice:", "quantity:"))]
    aggregates = [
        *(exact_sum(c).alias(c) for c in figures),
        *(pl.col(c).null_count().cast(pl.Int64).alias(f"{_EMPTY}{c}") for c in figures),
        pl.col("whole").sum().cast(pl.Int64).alias("reported"),
        pl.len().cast(pl.Int64).alias("declared"),
    ]
    if not levels:
        return frame.select(aggregates)
    return frame.group_by(levels, maintain_order=True).agg(aggregates)


def added_up(sums: pl.DataFrame, by: str = "") -> pl.DataFrame:
    """Add a contest up by area.

    Args:
        sums: as ``sums_of`` gives them.
        by: level of the areas; rows that are in none are left out. Absent: the whole election.

    Returns:
        A frame like ``Declared.frame`` with the area (empty: the whole election) in ``unit``, ``reported``
        in place of ``whole``, and ``declared``. A sum of votes is over the units that hold the figure; any
        other sum is null unless every unit that was declared holds it.
    """
    choices = [c for c in sums.columns if c.startswith("choice:")]
    quantities = [c for c in sums.columns if c.startswith("quantity:")]
    held = {
        **{c: pl.col(f"{_EMPTY}{c}").sum() < pl.col("declared").sum() for c in choices},
        **{c: pl.col(f"{_EMPTY}{c}").sum() == 0 for c in quantities},
    }
    aggregates = [
        *(pl.when(there).then(pl.col(c).sum()).alias(c) for c, there in held.items()),
        pl.col("reported", "declared").sum(),
    ]
    if not by:
        return sums.select(pl.lit("").alias("unit"), *aggregates).filter(pl.col("declared") > 0)
    return sums.filter(pl.col(by).is_not_null()).group_by(by).agg(aggregates).rename({by: "unit"})
