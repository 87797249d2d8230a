"""The pictures of a check: counted against declared, turnout and share, broken relations."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from haq import charts
from haq.charts import Language, Picture
from haq.check.report import ContestReport, Pair, Report
from haq.check.sources import Source
from haq.law import Quantity
from haq.protocols import DIFFERENCE, is_known, polars_of

#: Stations named in the picture of the largest differences.
LARGEST = 10


def pictures_of(report: Report, language: Language) -> Iterator[tuple[str, Picture]]:
    """Draw what a check found.

    Args:
        report: what the check found.
        language: language of the words in the pictures.

    Yields:
        File name without ending, and the picture.
    """
    for contest in report.contests.values():
        for key, pair in contest.copies.items():
            yield f"{contest.key}-{key}-declared", _declared(report, contest, pair, language)
            yield f"{contest.key}-{key}-largest", _largest(report, contest, pair, language)
        if contest.declared:
            source = report.sources[contest.declared]
            picture = _turnout(report, contest, source, language)
            if picture is not None:
                yield f"{contest.key}-{contest.declared}-turnout", picture
        for key in contest.checks:
            yield f"{contest.key}-{key}-relations", _relations(report, contest, key, language)


def _name(report: Report, contest: ContestReport, key: str, language: str) -> str:
    return report.election.config.contests[contest.key].choices[key].name.best(language)


def _choices(report: Report, pair: Pair) -> list[str]:
    return [k for k in pair.comparison.lines if k in report.sources[pair.copies].choices]


def _declared(report: Report, contest: ContestReport, pair: Pair, language: Language) -> Picture:
    same = pair.same
    return charts.counted_against_declared(
        [
            charts.ChoiceTotals(k, _name(report, contest, k, language), same.copies[k], same.declared[k])
            for k in _choices(report, pair)
        ],
        same.units,
        same.of,
        language,
    )


def _largest(report: Report, contest: ContestReport, pair: Pair, language: Language) -> Picture:
    frame, choices = pair.comparison.frame, _choices(report, pair)
    long = pl.concat(
        frame.select(
            "unit",
            pl.lit(k).alias("line"),
            pl.col(k).alias("copy"),
            pl.col(f"{k}:declared").alias("declared"),
            pl.col(f"{k}{DIFFERENCE}").alias("difference"),
        ).filter(pl.col("difference") != 0)
        for k in choices
    )
    return charts.largest_differences(
        [
            charts.StationDifference(unit, _name(report, contest, line, language), copy, declared)
            for unit, line, copy, declared in long.select("unit", "line", "copy", "declared").rows()
        ],
        pair.same.units,
        language,
        shown=LARGEST,
    )


def _turnout(report: Report, contest: ContestReport, source: Source, language: Language) -> Picture | None:
    quantities = report.election.profile.form(source.level).quantities
    choices = list(report.election.config.contests[contest.key].choices)
    columns = source.frame.columns
    needed: tuple[Quantity, ...] = ("registered", "turnout")
    if not all(n in quantities and is_known(quantities[n], columns, choices) for n in needed):
        return None
    if set(choices) - set(columns):
        return None
    totals = contest.totals[source.key].sums
    leader = max(choices, key=lambda k: totals[k])
    frame = source.frame.select(
        polars_of(quantities["registered"], choices).alias("registered"),
        polars_of(quantities["turnout"], choices).alias("turnout"),
        pl.col(leader).alias("votes"),
        pl.sum_horizontal(*choices, ignore_nulls=False).alias("valid"),
    )
    return charts.turnout_share(
        frame,
        registered="registered",
        took_part="turnout",
        votes="votes",
        valid="valid",
        leader=_name(report, contest, leader, language),
        language=language,
    )


def _relations(report: Report, contest: ContestReport, key: str, language: Language) -> Picture:
    checks, of = contest.checks[key], contest.checks[key].flags.height
    return charts.relations(
        [
            charts.RelationCount(
                check.code,
                getattr(check.relation.name, language),
                checks.flagged[check.code],
                of - checks.unknown[check.code],
                of,
            )
            for check in checks.checks
            if check.relation is not None
        ],
        language,
    )
