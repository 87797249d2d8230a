"""A table as haq reads it: fields instead of columns, and an account of every row and cell."""

from __future__ import annotations

import json
from collections import abc
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from haq.tables.cells import LARGEST, TOO_LARGE, Counts, read_counts
from haq.tables.duplicates import Duplicates, find_duplicates
from haq.tables.files import within_memory
from haq.tables.keyless import Keyless
from haq.tables.keys import as_text, compose, errors_among, look_at_keys, look_at_names, totals_among
from haq.tables.layout import Layout
from haq.tables.mapping import Field, Headers, Mapping, Source, resolve
from haq.tables.sheet import RefusedRow, Sheet
from haq.tables.source import open_sheet

_CELLS = {"row": pl.Int64, "field": pl.String, "column": pl.String, "value": pl.String, "reason": pl.String}
_to_json = json.JSONEncoder(ensure_ascii=False).encode
_ROWS = {"row": pl.Int64, "key": pl.String, "reason": pl.String, "raw": pl.String}
_SKIPPED = {"row": pl.Int64, "reason": pl.String}


@dataclass(frozen=True)
class RowCount:
    """Rows of a file below its header; ``read`` is always the sum of the others."""

    read: int
    accepted: int
    refused: int
    skipped: int


@dataclass(frozen=True)
class Table:
    """A file read under a mapping.

    Attributes:
        name: the name of the source.
        layout: how the file is laid out.
        frame: accepted rows: ``row`` (Int64, as a spreadsheet numbers it: the header is
            row 1) and a column for each mapped field, Int64 for counts, otherwise String.
        refused_frame: the refused rows whose key could be read, with the columns of
            ``frame``: rows that contradict or repeat another row of their key.
        refused_cells: row, field, column, value, reason: every null of a count, and every
            empty cell of a required text, in the accepted rows; value is null if the cell
            is empty.
        refused_rows: row, key, reason, raw (all its cells, as a JSON array).
        skipped: row, reason: blank rows, the header again, rows of totals.
        duplicates: key, row, first_row, same (whether all cells are the same).
        notes: what a person should know before using the table.
        rows: read = accepted + refused + skipped.
        headers: header of each column of the file, from left to right.
        places: mapped field -> positions of the columns that it is read from [from 0].
        cells: ``row`` and the mapped columns ``c0``, ``c1`` … as they stand in the file, of every row of
            the right shape, refused and skipped ones too.
    """

    name: str
    layout: Layout
    frame: pl.DataFrame
    refused_frame: pl.DataFrame
    refused_cells: pl.DataFrame
    refused_rows: pl.DataFrame
    skipped: pl.DataFrame
    duplicates: pl.DataFrame
    notes: tuple[str, ...]
    rows: RowCount
    headers: tuple[str, ...]
    places: abc.Mapping[str, tuple[int, ...]]
    cells: pl.DataFrame


def read(
    path: Path,
    mapping: Mapping,
    fields: Sequence[Field],
    *,
    name: str | None = None,
    layout: Layout | None = None,
    overrides: abc.Mapping[str, object] | None = None,
    several: bool = False,
) -> Table:
    """Read a file of any kind into fields, and account for every row.

    Args:
        path: CSV, XLSX or Parquet; CSV and XLSX also packed with gzip.
        mapping: which column is which field.
        fields: the fields that haq wants. Fields of type ``key`` together name a station.
        name: name of the source; by default that of the file.
        layout: how the file is laid out, if that is known; otherwise detected.
        overrides: parts of the layout that are known, as in :func:`haq.tables.detect`;
            the others are detected, or taken from ``layout``.
        several: whether several rows of one key are normal, as with copies of protocols.
            If not, every row of a key that stands twice with different cells is refused,
            because haq does not choose between them, and an exact repeat is refused too.

    Returns:
        the table.

    Raises:
        TableError: the file is no table, its layout is uncertain, or the mapping does not
            fit it.
    """
    path = Path(path)
    with within_memory(path.name):
        sheet = open_sheet(path, layout, dict(overrides or {}))
        headers = Headers(sheet.file, sheet.headers, sheet.layout.header)
        sources = resolve(mapping, fields, headers)
        return _Reading(sheet, sources, several).table(name or sheet.file)


def _join(sources: Sequence[Source], values: dict[str, pl.Series]) -> pl.Series | None:
    """Return the key of each row: the fields of type ``key`` together."""
    keys = [values[source.field.key] for source in sources if source.field.type == "key"]
    if len(keys) < 2:
        return keys[0] if keys else None
    frame = pl.DataFrame({str(number): key for number, key in enumerate(keys)})
    return frame.select(pl.concat_str(pl.all(), separator=" | ").alias("key"))["key"]


class _Reading:
    """One pass over the cells of a file."""

    def __init__(self, sheet: Sheet, sources: Sequence[Source], several: bool) -> None:
        self.sheet = sheet
        self.sources = sources
        self.several = several
        positions = sorted({part.column for source in sources for part in source.columns})
        self.cells = sheet.columns(positions)
        self.rows = self.cells["row"]
        # Taken once: as_text returns the very same column where nothing had to change.
        self._columns = {position: self.cells[f"c{position}"] for position in positions}
        self.notes = list(sheet.notes)
        self.bad_cells: list[pl.DataFrame] = []
        self.values: dict[str, pl.Series] = {}
        self.keyless = Keyless(sheet, self.rows)
        self._texts: dict[tuple[int, bool], pl.Series] = {}
        self._counts: dict[int, Counts] = {}

    def _column(self, position: int) -> pl.Series:
        return self._columns[position]

    def _header(self, position: int) -> str:
        return self.sheet.headers[position] or f"column {position + 1}"

    def _headers(self, source: Source, between: str) -> str:
        return between.join(self._header(part.column) for part in source.columns)

    def _text(self, position: int, name: bool) -> pl.Series:
        if (position, name) not in self._texts:
            self._texts[position, name] = as_text(self._column(position), name=name)
        return self._texts[position, name]

    def _read_text(self, source: Source) -> None:
        name = source.field.type != "text"
        texts = {part.column: self._text(part.column, name) for part in source.columns}
        text = compose(source, texts, self.cells.height)
        self.values[source.field.key] = text
        if source.field.type == "key":
            self._look_at_key(source, texts)
            return
        if source.field.type == "area":
            for column, cells in texts.items():
                self.notes += look_at_names(self._header(column), self._column(column), cells, "names")
        if source.field.required and text.null_count():
            rows = self.rows.filter(text.is_null())
            self._refuse_cells(source, rows, self._headers(source, " "), None, "empty")

    def _look_at_key(self, source: Source, texts: dict[int, pl.Series]) -> None:
        """Note what is odd about the columns of a key; totals and errors name no station."""
        key = self.values[source.field.key]
        for part in source.columns:
            text, header = texts[part.column], self._header(part.column)
            distinct = text.unique()
            self.notes += look_at_keys(header, self._column(part.column), text, distinct, bool(part.pad))
            if totals := totals_among(distinct):
                self.keyless.totals |= set(self.rows.filter(text.is_in(totals)).to_list())
            if errors := errors_among(distinct):
                key = pl.Series([None], dtype=pl.String).zip_with(text.is_in(errors).fill_null(False), key)
            self.keyless.parts.append((part, header, text))
        self.values[source.field.key] = key

    def _refuse_cells(
        self, source: Source, rows: pl.Series, column: str, values: pl.Series | None, reason: str
    ) -> None:
        self.bad_cells.append(
            pl.DataFrame({"row": rows, "value": values}, schema_overrides={"value": pl.String}).select(
                "row",
                pl.lit(source.field.key).alias("field"),
                pl.lit(column).alias("column"),
                "value",
                pl.lit(reason).alias("reason"),
            )
        )

    def _read_count(self, source: Source) -> None:
        total: pl.Series | None = None
        for part in source.columns:
            if part.column not in self._counts:
                self._counts[part.column] = read_counts(
                    self.sheet.file, self._header(part.column), self.rows, self._column(part.column)
                )
            counts = self._counts[part.column]
            total = counts.values if total is None else total + counts.values
            if counts.refused.height:
                field = pl.lit(source.field.key).alias("field")
                self.bad_cells.append(counts.refused.select("row", field, "column", "value", "reason"))
        if total is None:
            return
        if len(source.columns) > 1 and (large := (total.abs() > LARGEST).fill_null(False)).any():
            values = total.filter(large).cast(pl.String)
            self._refuse_cells(
                source, self.rows.filter(large), self._headers(source, " + "), values, TOO_LARGE
            )
            total = pl.Series([None], dtype=pl.Int64).zip_with(large, total)
        self.values[source.field.key] = total

    def _duplicates(self, key: pl.Series | None) -> Duplicates:
        if key is None:
            return Duplicates()
        found = find_duplicates(self.sheet, self.rows, key, self.several)
        if 2 * found.contradicting > len(key):
            columns = list(dict.fromkeys(repr(header) for _, header, _ in self.keyless.parts))
            is_wrong = (
                f"the column {columns[0]} is probably not the station's key"
                if len(columns) == 1
                else f"the columns {', '.join(columns)} together are probably not the station's key"
            )
            self.notes.append(
                f"{found.contradicting} of {len(key)} rows share their key with other rows: {is_wrong}"
            )
        return found

    def table(self, name: str) -> Table:
        """Read every field, then sort the rows into accepted, refused and skipped."""
        for source in self.sources:
            if source.field.type == "count":
                self._read_count(source)
            else:
                self._read_text(source)
        key = _join(self.sources, self.values)
        refused, skipped = list(self.sheet.refused), list(self.sheet.skipped)
        if key is not None:
            key = self.keyless.sort(key)
            refused += self.keyless.refused
            skipped += self.keyless.skipped
            self.notes += self.keyless.notes()
        duplicates = self._duplicates(key)
        refused += duplicates.refused
        frame = pl.DataFrame([self.rows, *(values.alias(field) for field, values in self.values.items())])
        again = frame.clear()
        if duplicates.refused:
            again = frame.filter(self.rows.is_in([one.row for one in duplicates.refused]))
        keys = dict[int, str | None]()
        if refused or skipped:
            out = self.rows.is_in([one.row for one in refused] + [row for row, _ in skipped])
            if key is not None:
                keys = dict(zip(self.rows.filter(out), key.filter(out), strict=True))
            frame = frame.filter(~out)
        refused.sort(key=lambda one: one.row)
        cells = pl.concat(self.bad_cells) if self.bad_cells else pl.DataFrame(schema=_CELLS)
        if cells.height and frame.height < self.rows.len():
            cells = cells.filter(pl.col("row").is_in(frame["row"].to_list()))
        return Table(
            name=name,
            layout=self.sheet.layout,
            frame=frame,
            refused_frame=again,
            refused_cells=cells.sort("row", maintain_order=True),
            refused_rows=_refused_rows(refused, keys),
            skipped=pl.DataFrame(sorted(skipped), schema=_SKIPPED, orient="row"),
            duplicates=duplicates.frame(),
            notes=tuple(self.notes),
            rows=RowCount(self.sheet.rows_read, frame.height, len(refused), len(skipped)),
            headers=tuple(self.sheet.headers),
            places={s.field.key: tuple(part.column for part in s.columns) for s in self.sources},
            cells=self.cells,
        )


def _refused_rows(refused: Sequence[RefusedRow], keys: dict[int, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "row": [one.row for one in refused],
            "key": [keys.get(one.row) for one in refused],
            "reason": [one.reason for one in refused],
            "raw": [_to_json(one.cells) for one in refused],
        },
        schema=_ROWS,
    )
