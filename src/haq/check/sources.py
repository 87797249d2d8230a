"""Reads the sources of an election into frames of protocols, keyed by unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import polars as pl

from haq import tables
from haq.check.election import DETAILS, Election, SourceConfig
from haq.errors import InputError


@dataclass(frozen=True)
class Source:
    """A source as it was read.

    Attributes:
        key: id in ``election.toml``.
        config: what ``election.toml`` says of it.
        level: key of the level of its protocols.
        contest: key of its contest; empty for a list of stations.
        path: the file.
        stamp: size and time of change of the file when it was read.
        table: what was read, refused and skipped.
        frame: accepted rows: ``unit``, ``row``, keys of the levels above, details, and
            Int64 ``lines`` and ``choices``; null where empty or unreadable.
        lines: keys of the protocol lines that the source has, in the order of the form.
        choices: keys of the choices that it has, in ballot order.
    """

    key: str
    config: SourceConfig
    level: str
    contest: str
    path: Path
    stamp: tuple[int, int]
    table: tables.Table
    frame: pl.DataFrame
    lines: tuple[str, ...]
    choices: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Lines, then choices."""
        return (*self.lines, *self.choices)

    @property
    def refused_units(self) -> pl.Series:
        """Keys of units whose rows were refused: they were declared, but haq cannot use them."""
        return self.table.refused_rows["key"].drop_nulls().unique(maintain_order=True).alias("unit")

    @property
    def refused_frame(self) -> pl.DataFrame:
        """Refused rows whose fields could be read all the same, keyed by ``unit``."""
        frame = self.table.refused_frame
        return frame.rename({self.level: "unit"}) if self.level in frame.columns else frame

    @property
    def unreadable(self) -> pl.DataFrame:
        """Cells that hold something that is not a number: row, field, column, value, reason."""
        cells = self.table.refused_cells
        return cells.filter(pl.col("value").fill_null("").str.strip_chars() != "")

    @property
    def empty_cells(self) -> int:
        """How many cells of lines and choices are empty in accepted rows."""
        return self.table.refused_cells.height - self.unreadable.height

    @property
    def name(self) -> str:
        """Path of the file as ``election.toml`` gives it."""
        return self.config.file


def read_source(election: Election, key: str, data: Path) -> Source:
    """Read one source of an election.

    Args:
        election: the election.
        key: id of the source.
        data: folder that the file paths are relative to.

    Returns:
        The source, every row of its file accounted for.

    Raises:
        InputError: the file is missing, cannot be read, or lacks a column.
    """
    config = election.config.sources[key]
    level = election.level_of(config)
    contest = "" if config.kind == "stations" else election.contest_of(config)
    path = _inside(data, config.file, election, key)
    fields = list(_fields(election, config, level, contest))
    stamp = stamp_of(path)
    table = tables.read(
        path,
        tables.Mapping(columns=dict(config.columns)),
        fields,
        name=config.file,
        overrides=config.layout.model_dump(exclude_none=True),
        several=config.kind == "copies",
    )
    notes = list(table.notes)
    frame = table.frame
    if level in frame.columns:
        frame = frame.rename({level: "unit"})
    elif frame.height > 1:
        raise InputError(
            f"{election.path}: sources.{key}.columns.{level}: is missing, and {config.file} has "
            f"{frame.height} rows; which column holds the key?"
        )
    else:
        frame = frame.with_columns(unit=pl.lit(level))
    if "grade" in frame.columns:
        frame, unknown = _graded(frame)
        notes += unknown
    counts = {field.key for field in fields if field.type == "count"}
    choices = tuple(c for c in election.config.contests[contest].choices if c in counts) if contest else ()
    lines = tuple(field.key for field in fields if field.type == "count" and field.key not in choices)
    return Source(key, config, level, contest, path, stamp, table, frame, lines, choices, tuple(notes))


def stamp_of(path: Path) -> tuple[int, int]:
    """Give size [bytes] and time of change [ns] of a file, to notice that it changed meanwhile.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    return status.st_size, status.st_mtime_ns


def _graded(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Bring grades to A, B, C, D, also where they were typed in Cyrillic; name the others."""
    grade = pl.col("grade").str.strip_chars().str.to_uppercase()
    grade = grade.replace({"А": "A", "В": "B", "С": "C", "Д": "D"})
    known = pl.when(grade.is_in(["A", "B", "C", "D"])).then(grade)
    other = frame.filter(known.is_null() & (grade.fill_null("") != ""))
    counted = other.group_by("grade", maintain_order=True).agg(pl.col("row").first(), pl.len().alias("n"))
    notes = [
        f"grade {value!r} ({n} rows, first row {row}) is none of A, B, C, D: read as not known"
        for value, row, n in counted.rows()
    ]
    return frame.with_columns(known.alias("grade")), notes


def _fields(election: Election, config: SourceConfig, level: str, contest: str) -> Iterator[tables.Field]:
    """List the mapped fields in a fixed order: keys, details, lines of the form, choices."""
    mapped = config.columns
    if level in mapped:
        yield tables.Field(level, "key", required=True)
    for above in election.levels_above(level):
        if above in mapped:
            yield tables.Field(above, "area", required=False)
    for detail in DETAILS:
        if detail in mapped:
            yield tables.Field(detail, "text", required=False)
    counts: Sequence[str] = ["registered"]
    if contest:
        counts = [line.key for line in election.profile.form(level).lines]
        counts = [*counts, *election.config.contests[contest].choices]
    for line in counts:
        if line in mapped:
            yield tables.Field(line, "count", required=False)


def _inside(data: Path, file: str, election: Election, key: str) -> Path:
    if PurePath(file).is_absolute() or ".." in PurePath(file).parts:
        raise InputError(
            f"{election.path}: sources.{key}.file: {file!r} leads out of the data folder; "
            "give a path inside it, and the folder with --data"
        )
    path = data / file
    if not path.is_file():
        raise InputError(
            f"{election.path}: sources.{key}.file: {path} is not there; "
            "give the folder that holds the files with --data"
        )
    return path
