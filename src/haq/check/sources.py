"""Reads the sources of an election into frames of protocols, keyed by unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import polars as pl

from haq import tables
from haq.check.election import DETAILS, Election, LayoutConfig, SourceConfig
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
    table: tables.Table
    frame: pl.DataFrame
    lines: tuple[str, ...]
    choices: tuple[str, ...]

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
    table = tables.read(
        path,
        tables.Mapping(columns=dict(config.columns)),
        fields,
        name=config.file,
        layout=_layout(path, config.layout),
        several=config.kind == "copies",
    )
    frame = table.frame
    frame = (
        frame.rename({level: "unit"}) if level in frame.columns else frame.with_columns(unit=pl.lit(level))
    )
    counts = {field.key for field in fields if field.type == "count"}
    choices = tuple(c for c in election.config.contests[contest].choices if c in counts) if contest else ()
    lines = tuple(field.key for field in fields if field.type == "count" and field.key not in choices)
    return Source(key, config, level, contest, path, table, frame, lines, choices)


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
    if not path.exists():
        raise InputError(
            f"{election.path}: sources.{key}.file: {path} is not there; "
            "give the folder that holds the files with --data"
        )
    return path


def _layout(path: Path, config: LayoutConfig) -> tables.Layout | None:
    overrides = config.model_dump(exclude_none=True)
    return tables.detect(path, **overrides) if overrides else None
