"""A table as haq reads it: fields instead of columns, and an account of every row and cell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from haq.tables.cells import Counts, read_counts
from haq.tables.duplicates import Duplicates, find_duplicates
from haq.tables.keys import as_text, compose, look_at_keys
from haq.tables.layout import Layout
from haq.tables.mapping import Field, Headers, Mapping, Source, resolve
from haq.tables.sheet import RefusedRow, Sheet
from haq.tables.source import open_sheet

_CELLS = {"row": pl.Int64, "field": pl.String, "column": pl.String, "value": pl.String, "reason": pl.String}
_ROWS = {"row": pl.Int64, "key": pl.String, "reason": pl.String, "raw": pl.String}


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
        refused_cells: row, field, column, value, reason: every null of a count, and every
            empty cell of a required text, in the accepted rows.
        refused_rows: row, key, reason, raw (all its cells, as a JSON array).
        skipped: row, reason: blank rows, the header again.
        duplicates: key, row, first_row, same (whether all cells are the same).
        notes: what a person should know before using the table.
        rows: read = accepted + refused + skipped.
    """

    name: str
    layout: Layout
    frame: pl.DataFrame
    refused_cells: pl.DataFrame
    refused_rows: pl.DataFrame
    skipped: pl.DataFrame
    duplicates: pl.DataFrame
    notes: tuple[str, ...]
    rows: RowCount


def read(
    path: Path,
    mapping: Mapping,
    fields: Sequence[Field],
    *,
    name: str | None = None,
    layout: Layout | None = None,
    several: bool = False,
) -> Table:
    """Read a file of any kind into fields, and account for every row.

    Args:
        path: CSV, XLSX or Parquet; CSV and XLSX also packed with gzip.
        mapping: which column is which field.
        fields: the fields that haq wants. Fields of type ``key`` together name a station.
        name: name of the source; by default that of the file.
        layout: how the file is laid out, if that is known; otherwise detected.
        several: whether several rows of one key are normal, as with copies of protocols.
            If not, every row of a key that stands twice with different cells is refused,
            because haq does not choose between them.

    Returns:
        the table.

    Raises:
        TableError: the file is no table, its layout is uncertain, or the mapping does not
            fit it.
    """
    sheet = open_sheet(Path(path), layout, {})
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
        self.notes = list(sheet.notes)
        self.refused: list[RefusedRow] = list(sheet.refused)
        self.bad_cells: list[pl.DataFrame] = []
        self.values: dict[str, pl.Series] = {}
        self._texts: dict[int, pl.Series] = {}
        self._counts: dict[int, Counts] = {}

    def _column(self, position: int) -> pl.Series:
        return self.cells[f"c{position}"]

    def _header(self, position: int) -> str:
        return self.sheet.headers[position] or f"column {position + 1}"

    def _text(self, position: int) -> pl.Series:
        if position not in self._texts:
            self._texts[position] = as_text(self._column(position))
        return self._texts[position]

    def _read_text(self, source: Source) -> None:
        texts = {part.column: self._text(part.column) for part in source.columns}
        text = compose(source, texts, self.cells.height)
        self.values[source.field.key] = text
        if source.field.type == "key":
            for part in source.columns:
                column, cells = self._header(part.column), self._column(part.column)
                self.notes += look_at_keys(column, cells, texts[part.column], bool(part.pad))
        elif source.field.required and text.null_count():
            rows = self.rows.filter(text.is_null())
            column = " ".join(self._header(part.column) for part in source.columns)
            self._refuse_cells(source.field.key, rows.to_frame(), column)

    def _refuse_cells(self, field: str, rows: pl.DataFrame, column: str) -> None:
        self.bad_cells.append(
            rows.select(
                "row",
                pl.lit(field).alias("field"),
                pl.lit(column).alias("column"),
                pl.lit(None, pl.String).alias("value"),
                pl.lit("empty").alias("reason"),
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
        if total is not None:
            self.values[source.field.key] = total

    def _refuse_keyless(self, key: pl.Series) -> None:
        if not key.null_count():
            return
        parts = [part for source in self.sources if source.field.type == "key" for part in source.columns]
        missing = self.cells.filter(key.is_null())["row"].to_list()
        empty = {
            part.column: set(self.rows.filter((self._text(part.column) == "").fill_null(True)).to_list())
            for part in parts
        }
        raw = self.sheet.raw(missing)
        for row in missing:
            must = [part for part in parts if row in empty[part.column] and not part.optional] or parts
            names = ", ".join(dict.fromkeys(repr(self._header(part.column)) for part in must))
            self.refused.append(RefusedRow(row, raw[row], f"no key: {names} is empty"))

    def _duplicates(self, key: pl.Series | None) -> Duplicates:
        if key is None:
            return Duplicates()
        return find_duplicates(self.sheet, self.rows, key, self.several)

    def table(self, name: str) -> Table:
        """Read every field, then sort the rows into accepted and refused."""
        for source in self.sources:
            if source.field.type == "count":
                self._read_count(source)
            else:
                self._read_text(source)
        key = _join(self.sources, self.values)
        if key is not None:
            self._refuse_keyless(key)
        duplicates = self._duplicates(key)
        self.refused += duplicates.refused
        frame = pl.DataFrame([self.rows, *(values.alias(field) for field, values in self.values.items())])
        keys = dict[int, str | None]()
        if self.refused:
            numbers = [refused.row for refused in self.refused]
            out = self.rows.is_in(numbers)
            if key is not None:
                keys = dict(zip(self.rows.filter(out), key.filter(out), strict=True))
            frame = frame.filter(~out)
        return self._account(name, frame, keys, duplicates)

    def _account(
        self, name: str, frame: pl.DataFrame, keys: dict[int, str | None], duplicates: Duplicates
    ) -> Table:
        refused = sorted(self.refused, key=lambda refused: refused.row)
        cells = pl.concat(self.bad_cells) if self.bad_cells else pl.DataFrame(schema=_CELLS)
        if refused and cells.height:
            cells = cells.filter(~pl.col("row").is_in([one.row for one in refused]))
        skipped = self.sheet.skipped
        return Table(
            name=name,
            layout=self.sheet.layout,
            frame=frame,
            refused_cells=cells.sort("row", maintain_order=True),
            refused_rows=pl.DataFrame(
                {
                    "row": [one.row for one in refused],
                    "key": [keys.get(one.row) for one in refused],
                    "reason": [one.reason for one in refused],
                    "raw": [json.dumps(one.cells, ensure_ascii=False) for one in refused],
                },
                schema=_ROWS,
            ),
            skipped=pl.DataFrame(
                {"row": [row for row, _ in skipped], "reason": [reason for _, reason in skipped]},
                schema={"row": pl.Int64, "reason": pl.String},
            ),
            duplicates=duplicates.frame(),
            notes=tuple(self.notes),
            rows=RowCount(self.sheet.rows_read, frame.height, len(refused), len(skipped)),
        )
