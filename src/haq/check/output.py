"""Writes a report to a folder: entries, tables, pictures and a data package."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from haq.charts import Language
from haq.check.document import document
from haq.check.pictures import pictures_of
from haq.check.publication import findings_of
from haq.check.publishing import FILES, publish
from haq.check.report import Report
from haq.check.run import Progress
from haq.errors import InputError
from haq.protocols import DIFFERENCE
from haq.tables.harmless import harmless

#: Says in the data package that haq may replace what is in the folder.
MADE_BY = "haq check"
_TYPES: dict[object, str] = {pl.String: "string", pl.Int64: "integer", pl.Boolean: "boolean"}


def write_report(
    report: Report, out: Path, *, language: Language = "en", progress: Progress | None = None
) -> tuple[Path, ...]:
    """Write everything that a check found.

    Args:
        report: what the check found.
        out: folder; made where it is missing, files of the same name are replaced.
        language: kk, ru or en, for the words in pictures.
        progress: told before each step.

    Returns:
        The files written: those of ``publish``, ``check.json``, ``tables/*.csv`` and
        ``.parquet``, ``pictures/*.svg``, ``datapackage.json``.

    Raises:
        InputError: the folder cannot be written.
    """
    tell = progress or (lambda *_: None)
    try:
        _make_room(out)
        for folder in (out, out / "tables", out / "pictures"):
            folder.mkdir(parents=True, exist_ok=True)
        tell("writing entries", 0, 4)
        written = [*publish(report, out), out / "check.json"]
        text = json.dumps(document(report, verbose=True), ensure_ascii=False, indent=1)
        (out / "check.json").write_text(text + "\n", encoding="utf-8")
        tell("writing tables", 1, 4)
        resources = []
        for name, frame in _tables(report):
            for path in _write_table(frame, out / "tables" / name):
                written.append(path)
                resources.append(_resource(path, frame, out))
        tell("drawing pictures", 2, 4)
        for name, picture in pictures_of(report, language):
            path = out / "pictures" / f"{name}.svg"
            picture.save(path)
            written.append(path)
        tell("describing the data package", 3, 4)
        package = _package(report, resources)
        (out / "datapackage.json").write_text(
            json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        written.append(out / "datapackage.json")
        tell("done", 4, 4)
    except OSError as error:
        raise InputError(
            f"{error.filename or out}: cannot be written: {error.strerror}; choose another folder with --out"
        ) from error
    return tuple(written)


def _make_room(out: Path) -> None:
    """Remove what an earlier check wrote; refuse a folder with somebody else's files."""
    package = out / "datapackage.json"
    if not out.is_dir() or not any(out.iterdir()):
        return
    try:
        made = json.loads(package.read_bytes()).get("created_by") == MADE_BY
    except (OSError, ValueError, AttributeError):
        made = False
    if not made:
        raise InputError(f"{out}: holds files that haq did not write; choose an empty folder with --out")
    for path in (package, out / "check.json", out / "entries.jsonl", out / "law.toml"):
        path.unlink(missing_ok=True)
    for path in (*(out / "tables").glob("*.csv"), *(out / "tables").glob("*.parquet")):
        path.unlink()
    for path in (out / "pictures").glob("*.svg"):
        path.unlink()
    for path in (out / FILES).glob("*"):
        if re.fullmatch(r"[0-9a-f]{64}(\.[a-z0-9]{1,8})?", path.name):
            path.unlink()


def _write_table(frame: pl.DataFrame, stem: Path) -> tuple[Path, Path]:
    csv, parquet = stem.with_suffix(".csv"), stem.with_suffix(".parquet")
    harmless(frame).write_csv(csv)
    frame.write_parquet(parquet)
    return csv, parquet


def _tables(report: Report) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give the tables with stable names: every source, and everything that was found."""
    for key, source in report.sources.items():
        yield f"source-{key}", source.frame
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
        frames = [
            getattr(s.table, part).select(pl.lit(key).alias("source"), pl.lit(s.name).alias("file"), pl.all())
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
    schema = dict.fromkeys(("contest", "level", "below", "unit", "line"), pl.String) | dict.fromkeys(
        ("sum", "declared", "difference", "children"), pl.Int64
    )
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
    return pl.concat(pieces)


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
    numbers = dict.fromkeys(("sum", "stations", "of", "missing"), pl.Int64)
    return pl.DataFrame(rows, schema={**dict.fromkeys(("contest", "source", "line"), pl.String), **numbers})


def _resource(path: Path, frame: pl.DataFrame, out: Path) -> dict[str, Any]:
    data = path.read_bytes()
    is_csv = path.suffix == ".csv"
    resource: dict[str, Any] = {
        "name": f"{path.stem.replace('_', '-')}-{path.suffix[1:]}",
        "path": path.relative_to(out).as_posix(),
        "format": path.suffix[1:],
        "mediatype": "text/csv" if is_csv else "application/vnd.apache.parquet",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
    }
    if is_csv:
        resource |= {
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "schema": {
                "fields": [
                    {"name": name, "type": _TYPES.get(kind.base_type(), "string")}
                    for name, kind in frame.schema.items()
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
