"""How many findings there are, and on how many sheets, for every district."""

from __future__ import annotations

import json

import polars as pl

from haq.bulletin.assemble.frames import Frames
from haq.bulletin.setting import Setting

#: What a sheet is named by.
SHEET = ("contest", "level", "unit", "sources", "rows")
#: What is counted of the findings of a kind. No sheet lies in two districts, so counts of districts add up.
TALLIES = ("count", "sheets", "rows", "careful")


def tally_districts(frames: Frames, setting: Setting) -> pl.DataFrame:
    """Count the findings of stations by district, contest and kind.

    Args:
        frames: the tables of all units, or of some.
        setting: the election.

    Returns:
        ``area:<level>`` …, ``contest``, ``code`` and what ``tally`` counts.
    """
    return tally(with_codes(at_stations(frames, setting), setting), setting)


def at_stations(frames: Frames, setting: Setting) -> pl.DataFrame:
    """Give the findings of stations with the areas that they lie in."""
    areas = [f"area:{level}" for level in setting.above]
    findings = frames.findings.filter(pl.col("level") == setting.base)
    stations = frames.stations.select("unit", *areas)
    # A join looks at all stations, however few the findings are.
    stations = stations.filter(pl.col("unit").is_in(findings["unit"].unique().implode()))
    return findings.join(stations, on="unit", how="left", maintain_order="left")


def with_codes(frame: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """Add ``code`` (of the kind), ``size`` and ``is_careful`` to findings."""
    return frame.with_columns(
        _codes(frame, setting).alias("code"),
        pl.col("largest").abs().alias("size"),
        (pl.col("care") != "").alias("is_careful"),
    )


def _codes(frame: pl.DataFrame, setting: Setting) -> pl.Expr:
    """Tell broken sums apart by the sheet that they are on, and warnings from both."""
    names = {"copies": "arithmetic:copies", "official": "arithmetic:declared"}
    known = {}
    for text in frame.filter(pl.col("kind") == "arithmetic")["sources"].unique():
        source = setting.sources.get(next(iter(json.loads(text)), ""))
        known[text] = names.get(source.kind if source else "", "arithmetic")
    split = pl.col("sources").replace_strict(known, default="arithmetic", return_dtype=pl.String)
    return (
        pl.when(pl.col("kind") != "arithmetic")
        .then(pl.col("kind"))
        .when(pl.col("severity") == "warning")
        .then(pl.lit("arithmetic:warning"))
        .otherwise(split)
    )


def is_difference(setting: Setting) -> pl.Expr:
    """Build the condition under which a finding names a difference from what was declared."""
    # Where something was declared, two copies against each other are no difference from it.
    beside = pl.col("contest").is_in(list(setting.context.stands_in))
    return (
        (pl.col("severity") == "error")
        & pl.col("largest").is_not_null()
        & ((pl.col("kind") != "copies-disagree") | beside)
    )


def tally(frame: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """Count findings by the areas that they lie in, contest and kind.

    Args:
        frame: findings with ``area:<level>`` …, as ``with_codes`` gives them.
        setting: the election.

    Returns:
        ``area:<level>`` …, ``contest``, ``code``, ``count`` (findings), ``sheets`` (broken rules by sheet,
        others by protocol, without figures of no sheet), ``rows`` (of a list with a row a sheet),
        ``careful`` (differences that do not stand by themselves).
    """
    areas = [f"area:{level}" for level in setting.above]
    firm = ~pl.col("care").str.starts_with("no-figures")
    sheets, protocols = pl.struct(SHEET), pl.struct(SHEET[:3])
    return frame.group_by(*areas, "contest", "code").agg(
        pl.len().cast(pl.Int64).alias("count"),
        pl.when(pl.col("kind").first() == "arithmetic")
        .then(sheets.filter(firm).n_unique())
        .otherwise(protocols.filter(firm).n_unique())
        .cast(pl.Int64)
        .alias("sheets"),
        pl.struct("is_careful", *SHEET).n_unique().cast(pl.Int64).alias("rows"),
        (is_difference(setting) & pl.col("is_careful")).sum().cast(pl.Int64).alias("careful"),
    )
