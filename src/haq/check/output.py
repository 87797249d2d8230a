"""Writes a report to a folder: entries, tables, pictures and a data package."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from haq.charts import Language
from haq.check.document import document
from haq.check.hashes import PHOTO, Choices, Hashes
from haq.check.keeping import Kept
from haq.check.pictures import pictures_of
from haq.check.publication import findings_of
from haq.check.publishing import Published, publish_into, published
from haq.check.report import Report
from haq.check.run import Progress
from haq.errors import InputError
from haq.protocols import DIFFERENCE
from haq.tables.harmless import harmless

#: Says in the data package that haq may replace what is in the folder.
MADE_BY = "haq check"
_TYPES: dict[object, str] = {pl.String: "string", pl.Int64: "integer", pl.Boolean: "boolean"}


def write_report(
    report: Report,
    out: Path,
    *,
    choices: Choices | None = None,
    language: Language = "en",
    progress: Progress | None = None,
) -> Published:
    """Write everything that a check found.

    Args:
        report: what the check found.
        out: folder; made where it is missing. Files of the same name are replaced; those that an earlier
            check wrote and this one does not are removed.
        choices: what is published beside what can do no harm.
        language: kk, ru or en, for the words in pictures.
        progress: told before each step.

    Returns:
        What was written: the files of ``publish``, ``check.json``, ``tables/*.csv`` and ``.parquet``,
        ``pictures/*.svg``, ``datapackage.json``.

    Raises:
        InputError: the folder cannot be written, or holds somebody else's files.
    """
    tell = progress or (lambda *_: None)
    hashes = Hashes(choices)
    try:
        with Kept(out, alone=True) as kept:
            tell("writing entries", 0, 4)
            publish_into(kept, report, hashes)
            kept.write("check.json", _json(document(report, verbose=True, public=True)))
            tell("writing tables", 1, 4)
            resources = []
            for name, frame in _tables(report, hashes):
                resources += [_resource(*file, frame, kept) for file in _write_table(frame, name, kept)]
            tell("drawing pictures", 2, 4)
            for name, picture in pictures_of(report, language):
                picture.save(kept.path(f"pictures/{name}.svg"))
                kept.wrote(f"pictures/{name}.svg")
            tell("describing the data package", 3, 4)
            kept.write("datapackage.json", _json(_package(report, resources)))
            tell("done", 4, 4)
    except OSError as error:
        raise InputError(
            f"{error.filename or out}: cannot be written: {error.strerror}; choose another folder with --out"
        ) from error
    return published(kept, hashes)


def _json(tree: dict[str, Any]) -> bytes:
    return (json.dumps(tree, ensure_ascii=False, indent=1) + "\n").encode()


def _write_table(frame: pl.DataFrame, name: str, kept: Kept) -> tuple[tuple[str, str], ...]:
    """Write a table in both forms; give the name and the SHA-256 of each file."""
    csv, parquet = f"tables/{name}.csv", f"tables/{name}.parquet"
    harmless(frame).write_csv(kept.path(csv))
    frame.write_parquet(kept.path(parquet))
    return (csv, kept.wrote(csv)), (parquet, kept.wrote(parquet))


def _tables(report: Report, hashes: Hashes) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give the tables with stable names: every source, and everything that was found."""
    for key, source in report.sources.items():
        frame = source.frame
        if PHOTO in frame.columns:  # the names that the files had may name people
            names = [hashes.names_of_row(source, row) or None for row in frame["row"]]
            frame = frame.with_columns(pl.Series(PHOTO, names, dtype=pl.String))
        yield f"source-{key}", frame
    yield "differences", _differences(report)
    yield "findings", _findings(report)
    yield "sums", _sums(report)
    yield "totals", _totals(report)
    for name, part in (
        ("refused-rows", "refused_rows"),
        ("refused-cells", "refused_cells"),
        ("skipped-rows", "skipped"),
        ("duplicate-rows", "duplicates"),
    ):
        # What stands in a refused row as a whole nobody mapped: it may name people.
        frames = [
            getattr(s.table, part).select(
                pl.lit(key).alias("source"), pl.lit(s.public_name).alias("file"), pl.exclude("raw")
            )
            for key, s in report.sources.items()
        ]
        yield name, pl.concat(frames, how="vertical_relaxed")


def _differences(report: Report) -> pl.DataFrame:
    """Every differing line of every pair of sources, one row a line."""
    schema = dict.fromkeys(
        ("contest", "level", "unit", "copies", "against", "line"), pl.String
    ) | dict.fromkeys(("row", "copy", "declared", "difference"), pl.Int64)
    pieces = [pl.DataFrame(schema=schema)]
    for contest in report.contests.values():
        versions = (version.pair for version in contest.versions.values())
        for pair in (*contest.copies.values(), *versions, *contest.between):
            for line in pair.comparison.lines:
                difference = f"{line}{DIFFERENCE}"
                pieces.append(
                    pair.comparison.frame.filter(pl.col(difference) != 0).select(
                        pl.lit(contest.key).alias("contest"),
                        pl.lit(report.sources[pair.copies].level).alias("level"),
                        "unit",
                        pl.lit(pair.copies).alias("copies"),
                        pl.lit(pair.declared).alias("against"),
                        pl.lit(line).alias("line"),
                        "row",
                        pl.col(line).alias("copy"),
                        pl.col(f"{line}:declared").alias("declared"),
                        pl.col(difference).alias("difference"),
                    )
                )
    return pl.concat(pieces)


def _findings(report: Report) -> pl.DataFrame:
    rows = [
        {
            "contest": f.contest,
            "kind": f.kind.value,
            "check": f.check,
            "severity": f.severity,
            "level": f.level,
            "unit": f.unit,
            "sources": " | ".join(f.sources),
            "rows": " | ".join("" if row is None else str(row) for row in f.rows),
            "lines": "; ".join(
                f"{line}: " + " | ".join("missing" if n is None else str(n) for n in figures)
                for line, figures in f.lines.items()
            ),
            "grade": f.grade,
            "waits": f.waits,
        }
        for contest in report.contests.values()
        for f in findings_of(report, contest)
    ]
    columns = ("contest", "kind", "check", "severity", "level", "unit", "sources", "rows", "lines", "grade")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String) | {"waits": pl.Boolean})


def _sums(report: Report) -> pl.DataFrame:
    schema = dict.fromkeys(("contest", "level", "below", "unit", "line"), pl.String) | {
        "sum": pl.Int128,
        "declared": pl.Int64,
        "difference": pl.Int128,
        "children": pl.Int64,
    }
    pieces = [pl.DataFrame(schema=schema)]
    for contest in report.contests.values():
        for roll in (summed.roll for summed in contest.rolls):
            pieces.append(
                roll.frame.select(
                    pl.lit(contest.key).alias("contest"),
                    pl.lit(roll.level).alias("level"),
                    pl.lit(roll.below).alias("below"),
                    *list(schema)[3:],
                )
            )
    return _narrowed(pl.concat(pieces))


def _narrowed(frame: pl.DataFrame) -> pl.DataFrame:
    """Write sums as 64-bit integers; a column that holds a longer one as text, for no reader to cut it."""
    wide = [name for name, kind in frame.schema.items() if kind == pl.Int128]
    long = [
        name
        for name in wide
        if frame[name].cast(pl.Int64, strict=False).null_count() > frame[name].null_count()
    ]
    return frame.with_columns(pl.col(name).cast(pl.String if name in long else pl.Int64) for name in wide)


def _totals(report: Report) -> pl.DataFrame:
    rows = [
        {
            "contest": contest.key,
            "source": key,
            "line": line,
            "sum": total,
            "stations": totals.units,
            "of": totals.of,
            "missing": totals.missing[line],
        }
        for contest in report.contests.values()
        for key, totals in contest.totals.items()
        for line, total in totals.sums.items()
    ]
    numbers = {"sum": pl.Int128, "stations": pl.Int64, "of": pl.Int64, "missing": pl.Int64}
    texts = dict.fromkeys(("contest", "source", "line"), pl.String)
    return _narrowed(pl.DataFrame(rows, schema={**texts, **numbers}))


def _resource(name: str, digest: str, frame: pl.DataFrame, kept: Kept) -> dict[str, Any]:
    path = kept.path(name)
    is_csv = path.suffix == ".csv"
    resource: dict[str, Any] = {
        "name": f"{path.stem.replace('_', '-')}-{path.suffix[1:]}",
        "path": name,
        "format": path.suffix[1:],
        "mediatype": "text/csv" if is_csv else "application/vnd.apache.parquet",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
    }
    if is_csv:
        resource |= {
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "schema": {
                "fields": [
                    {"name": name, "type": _TYPES.get(kind.base_type(), "string")}
                    for name, kind in harmless(frame.clear()).schema.items()
                ],
                "missingValues": [""],
            },
        }
    return resource


def _package(report: Report, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """Describe the tables as a Frictionless data package (specs.frictionlessdata.io, v1)."""
    config = report.election.config
    return {
        "name": config.key,
        "title": config.title.best("en"),
        "profile": "data-package",
        "created_by": MADE_BY,
        "description": (
            "Checked by haq: every figure with what it is out of; see check.json. In the CSV files a text "
            "that a spreadsheet would take for a formula has an apostrophe in front; the Parquet files are "
            "exact."
        ),
        "resources": resources,
    }
