"""The cells of a file as a reader hands them over, before any mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from haq.tables.layout import Layout

Cells = tuple[str | None, ...]


@dataclass(frozen=True)
class RefusedRow:
    """A row that cannot be used: its number, its cells as they are, and why."""

    row: int
    cells: Cells
    reason: str


class Sheet(Protocol):
    """What every reader offers; columns are named by position ``c0``, ``c1`` …"""

    @property
    def file(self) -> str:
        """Name of the file, for messages."""

    @property
    def layout(self) -> Layout:
        """How the file is laid out."""

    @property
    def headers(self) -> tuple[str, ...]:
        """Header of each column."""

    @property
    def rows_read(self) -> int:
        """Rows below the header, whatever became of them."""

    @property
    def refused(self) -> Sequence[RefusedRow]:
        """Rows of the wrong shape."""

    @property
    def skipped(self) -> Sequence[tuple[int, str]]:
        """Rows that hold no data, with the reason."""

    @property
    def notes(self) -> Sequence[str]:
        """What a person should know."""

    def columns(self, positions: Sequence[int]) -> pl.DataFrame:
        """Return ``row`` and the named columns of every row that has the right shape."""

    def raw(self, rows: Sequence[int]) -> dict[int, Cells]:
        """Return all cells of some rows, as text."""

    def head(self, count: int) -> list[Cells]:
        """Return all cells of the first rows that have the right shape, as text."""


@dataclass(frozen=True)
class TextSheet:
    """Cells that are text already: from CSV, and from XLSX as it shows them."""

    file: str
    layout: Layout
    headers: tuple[str, ...]
    frame: pl.DataFrame
    rows_read: int
    refused: Sequence[RefusedRow] = ()
    skipped: Sequence[tuple[int, str]] = ()
    notes: Sequence[str] = field(default_factory=list)

    def columns(self, positions: Sequence[int]) -> pl.DataFrame:
        """Return ``row`` and the named columns of every row that has the right shape."""
        return self.frame.select("row", *(f"c{position}" for position in positions))

    def raw(self, rows: Sequence[int]) -> dict[int, Cells]:
        """Return all cells of some rows, as text."""
        found = self.frame.filter(pl.col("row").is_in(list(rows)))
        return {row: cells for row, *rest in found.iter_rows() for cells in [tuple(rest)]}

    def head(self, count: int) -> list[Cells]:
        """Return all cells of the first rows that have the right shape, as text."""
        return self.frame.drop("row").head(count).rows()
