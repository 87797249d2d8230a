"""Reads the sources of an election into frames of protocols, keyed by unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePath

import polars as pl

from haq import tables
from haq.check.config import DETAILS, FIGURES, SourceConfig
from haq.check.election import Election
from haq.check.evidence import attached_files, read_shapes
from haq.errors import InputError
from haq.tables.csv_reader import TITLES


@dataclass(frozen=True)
class Source:
    """A source as it was read.

    Attributes:
        key: id in ``election.toml``.
        config: what ``election.toml`` says of it.
        level: key of the level of its protocols.
        contest: key of its contest; empty for a list of stations or areas.
        path: the file.
        stamp: size and time of change of the file when it was read.
        table: what was read, refused and skipped.
        frame: accepted rows: ``unit``, ``row``, keys of the levels above, details, and
            Int64 ``lines`` and ``choices``; null where empty or unreadable.
        lines: keys of the protocol lines that the source has, in the order of the form.
        choices: keys of the choices that it has, in ballot order.
        notes: what a person should know before using it.
        private_notes: those of the notes that are not for publication: they quote names of files or
            titles of tables, which may name people.
        files: row -> photographs and scans that it names.
        shapes: file with outlines of areas, if there is one.
        shaped: keys of the areas whose outline it has.
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
    private_notes: tuple[str, ...] = ()
    files: Mapping[int, tuple[Path, ...]] = field(default_factory=dict)
    shapes: Path | None = None
    shaped: frozenset[str] = frozenset()

    @property
    def holds_figures(self) -> bool:
        """Whether it holds figures of protocols, and is no list and no reply."""
        return self.config.kind in FIGURES

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

    @property
    def public_name(self) -> str:
        """Name of the file without its folders: these may be called after people."""
        # A path that was written on Windows is one here too.
        return self.name.replace("\\", "/").rpartition("/")[2]


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
    contest = "" if config.kind in ("stations", "areas") else election.contest_of(config)
    path = _inside(data, config.file, election, key)
    fields = list(_fields(election, config, level, contest))
    stamp = stamp_of(path)
    table = tables.read(
        path,
        tables.Mapping(columns=dict(config.columns)),
        fields,
        name=config.file,
        overrides=config.layout.model_dump(exclude_none=True),
        several=config.kind in ("copies", "replies"),
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
    files: Mapping[int, tuple[Path, ...]] = {}
    missing: tuple[str, ...] = ()
    if "photo" in frame.columns:
        files, missing = attached_files(frame, data)
        notes += missing
    if config.kind == "replies":
        frame, unknown = _dated(frame)
        notes += unknown
    shapes, shaped = None, frozenset[str]()
    if config.shapes is not None:
        shapes = _inside(data, config.shapes, election, key, "shapes")
        shaped, found = read_shapes(shapes, frame["unit"])
        notes += found
    counts = {one.key for one in fields if one.type == "count"}
    choices = tuple(c for c in election.config.contests[contest].choices if c in counts) if contest else ()
    lines = tuple(one.key for one in fields if one.type == "count" and one.key not in choices)
    return Source(
        key=key,
        config=config,
        level=level,
        contest=contest,
        path=path,
        stamp=stamp,
        table=table,
        frame=frame,
        lines=lines,
        choices=choices,
        notes=tuple(notes),
        private_notes=(*missing, *(note for note in notes if TITLES in note)),
        files=files,
        shapes=shapes,
        shaped=shaped,
    )


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


def _dated(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Bring the dates and languages of replies to one form; name those that have none."""
    notes: list[str] = []
    columns: dict[str, list[str | None]] = {}
    reading = {"date": (_day, "a day such as 2021-01-25"), "reply_language": (_language, "one of kk, ru, en")}
    for column, (read, wanted) in reading.items():
        if column in frame.columns:
            columns[column] = []
            for row, value in frame.select("row", column).rows():
                known = read(value.strip()) if value else None
                columns[column].append(known)
                if value and known is None:
                    notes.append(f"row {row}: the {column} {value!r} is not {wanted}: read as not known")
    return frame.with_columns(pl.Series(name, c, dtype=pl.String) for name, c in columns.items()), notes


def _day(text: str) -> str | None:
    """Read a day written as 2021-01-25 or 25.01.2021, whatever hour follows."""
    parts = text.replace("T", " ").split(" ")[0]
    try:
        return date.fromisoformat("-".join(reversed(parts.split("."))) if "." in parts else parts).isoformat()
    except ValueError:
        return None


def _language(text: str) -> str | None:
    return text.lower() if text.lower() in ("kk", "ru", "en") else None


def _fields(election: Election, config: SourceConfig, level: str, contest: str) -> Iterator[tables.Field]:
    """List the mapped fields in a fixed order: keys, details, lines of the form, choices."""
    mapped = config.columns
    if level in mapped:
        yield tables.Field(level, "key", required=True)
    for above in election.levels_above(level):
        if above in mapped:
            yield tables.Field(above, "area", required=False)
    for detail in DETAILS[config.kind]:
        if detail in mapped:
            yield tables.Field(detail, "text", required=detail == "reply")
    counts: Sequence[str] = ["registered"] if config.kind == "stations" else []
    if config.kind in FIGURES:
        counts = [line.key for line in election.profile.form(level).lines]
        counts = [*counts, *election.config.contests[contest].choices]
    for line in counts:
        if line in mapped:
            yield tables.Field(line, "count", required=False)


def _inside(data: Path, file: str, election: Election, key: str, name: str = "file") -> Path:
    if PurePath(file).is_absolute() or ".." in PurePath(file).parts:
        raise InputError(
            f"{election.path}: sources.{key}.{name}: {file!r} leads out of the data folder; "
            "give a path inside it, and the folder with --data"
        )
    path = data / file
    if not path.is_file():
        raise InputError(
            f"{election.path}: sources.{key}.{name}: {path} is not there; "
            "give the folder that holds the files with --data"
        )
    return path
