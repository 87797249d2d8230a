"""Parquet files: only the mapped columns are read, and errors of the engine are contained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import polars as pl

from haq.errors import TableError
from haq.tables.layout import Layout
from haq.tables.sheet import Cells, RefusedRow

_T = TypeVar("_T")
# Repeated values take no room in the file: a small one could fill the memory.
_LARGEST = 50_000_000
_SIMPLE = (
    pl.String,
    pl.Categorical,
    pl.Enum,
    pl.Boolean,
    pl.Null,
    pl.Date,
    pl.Time,
    pl.Datetime,
    pl.Duration,
)


def _contained(path: Path, work: Callable[[], _T]) -> _T:
    try:
        return work()
    except (pl.exceptions.PolarsError, OSError, ValueError, OverflowError) as error:
        reason = " ".join(str(error).split())[:120]
    except pl.exceptions.PanicException:  # a BaseException: a damaged file must not end the program
        reason = "its structure is broken"
    raise TableError(
        f"{path.name}: the Parquet file is damaged or of an unknown kind ({reason}); fetch it again"
    )


def _plain(dtype: pl.DataType) -> bool:
    return dtype.is_numeric() or isinstance(dtype, _SIMPLE)


def _text(column: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Boolean):
        return pl.col(column).replace_strict({True: "true", False: "false"}, return_dtype=pl.String)
    return pl.col(column).cast(pl.String)


class ParquetSheet:
    """A Parquet file whose columns are read when they are asked for."""

    refused: Sequence[RefusedRow] = ()
    skipped: Sequence[tuple[int, str]] = ()
    notes: Sequence[str] = ()

    def __init__(self, path: Path) -> None:
        """Open the file and read its schema.

        Raises:
            TableError: the file is damaged.
        """
        self._path = path
        self.file = path.name
        self.layout = Layout("parquet", quote=None)
        self._scan = _contained(path, lambda: pl.scan_parquet(path, glob=False, hive_partitioning=False))
        self._schema = _contained(path, self._scan.collect_schema)
        self._names = tuple(self._schema.names())
        self.headers = self._names
        self.rows_read = _contained(path, lambda: int(self._scan.select(pl.len()).collect().item()))
        if self.rows_read > _LARGEST:
            raise TableError(f"{self.file}: {self.rows_read} rows, more than {_LARGEST}; split the file")

    def columns(self, positions: Sequence[int]) -> pl.DataFrame:
        """Return ``row`` and the named columns; the header counts as row 1, as in a spreadsheet.

        Raises:
            TableError: a column holds lists, records or bytes, or the file is damaged.
        """
        chosen = []
        for position in positions:
            name, dtype = self._names[position], self._schema[self._names[position]]
            if not _plain(dtype):
                raise TableError(
                    f"{self.file}: column {name!r} holds {dtype}, which is neither text nor a number; "
                    "map another column"
                )
            expr = pl.col(name)
            if not dtype.is_numeric() and not isinstance(dtype, pl.String | pl.Boolean):
                expr = _text(name, dtype)
            chosen.append(expr.alias(f"c{position}"))
        if not chosen:
            return self._rows().to_frame()
        frame = _contained(self._path, lambda: self._scan.select(chosen).collect())
        self._expect(frame.height, self.rows_read)
        return frame.insert_column(
            0, pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True).alias("row")
        )

    def _expect(self, found: int, promised: int) -> None:
        """Refuse a file that holds fewer or more rows than it says, so that none goes missing unseen."""
        if found != promised:
            raise TableError(
                f"{self.file}: the Parquet file is damaged ({found} rows where it promises {promised}); "
                "fetch it again"
            )

    def _rows(self) -> pl.Series:
        return pl.int_range(2, self.rows_read + 2, dtype=pl.Int64, eager=True).alias("row")

    def raw(self, rows: Sequence[int]) -> dict[int, Cells]:
        """Return all cells of some rows, as text."""
        ordered = sorted(set(rows))
        chosen = [
            _text(name, dtype) if _plain(dtype) else pl.lit(f"<{dtype}>").alias(name)
            for name, dtype in self._schema.items()
        ]
        wanted = self._scan.with_row_index("row number of haq").filter(
            pl.col("row number of haq").is_in([row - 2 for row in ordered])
        )
        frame = _contained(self._path, lambda: wanted.select(chosen).collect())
        self._expect(frame.height, len(ordered))
        return dict(zip(ordered, frame.iter_rows(), strict=True))

    def head(self, count: int) -> list[Cells]:
        """Return all cells of the first rows, as text."""
        return list(self.raw(range(2, 2 + min(count, self.rows_read))).values())
