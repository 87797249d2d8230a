"""A look at a file before its columns are mapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from haq.tables.files import within_memory
from haq.tables.keys import as_text
from haq.tables.layout import Layout
from haq.tables.proposal import Proposal, propose
from haq.tables.sheet import Cells, Sheet
from haq.tables.source import open_sheet

_SAMPLE = 200


@dataclass(frozen=True)
class Preview:
    """What a file looks like.

    Attributes:
        layout: how it is laid out.
        headers: header of each column; ``column 1`` … in a file without a header.
        sample: the first rows, as text.
        rows: rows below the header, whatever will become of them.
        proposal: which column is probably which field.
        notes: what a person should know.
    """

    layout: Layout
    headers: tuple[str, ...]
    sample: tuple[Cells, ...]
    rows: int
    proposal: Proposal
    notes: tuple[str, ...]


def preview(path: Path, rows: int = 20, **overrides: Any) -> Preview:
    """Look at a file: its layout, headers, first rows, and a proposal for the mapping.

    Args:
        path: CSV, XLSX or Parquet; CSV and XLSX also packed with gzip.
        rows: rows to show [>= 0].
        overrides: what is already known of the layout, as in :func:`haq.tables.detect`.

    Returns:
        the preview.

    Raises:
        TableError: the file is no table, or its layout is uncertain.
    """
    path = Path(path)
    with within_memory(path.name):
        sheet = open_sheet(path, None, overrides)
        sample = sheet.head(max(rows, _SAMPLE))
        proposal = _propose(sheet, sample)
    return Preview(
        sheet.layout,
        sheet.headers,
        tuple(sample[:rows]),
        sheet.rows_read,
        proposal,
        (*sheet.notes, *proposal.notes),
    )


def _propose(sheet: Sheet, sample: Sequence[Cells]) -> Proposal:
    """Propose a mapping, asking the whole file and not only the sample."""

    def texts(positions: Sequence[int]) -> pl.DataFrame:
        cells = sheet.columns(positions).drop("row")
        return cells.select(as_text(column, name=True) for column in cells.iter_columns())

    def shared(positions: Sequence[int]) -> int:
        keys = texts(positions)
        return 0 if keys.n_unique() == keys.height else int(keys.is_duplicated().sum())

    def gaps(position: int) -> bool:
        return bool(texts([position]).to_series().fill_null("").eq("").any())

    return propose(sheet.headers, sample, named=sheet.layout.header, shared=shared, gaps=gaps)
