"""A look at a file before its columns are mapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from haq.tables.keys import as_text
from haq.tables.layout import Layout
from haq.tables.proposal import Proposal, propose
from haq.tables.sheet import Cells
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
    sheet = open_sheet(Path(path), None, overrides)

    def unique(positions: Sequence[int]) -> bool:
        cells = sheet.columns(positions).drop("row")
        texts = cells.select(as_text(column) for column in cells.iter_columns())
        return texts.n_unique() == texts.height > 0

    def gaps(position: int) -> bool:
        text = as_text(sheet.columns([position])[f"c{position}"])
        return bool(text.fill_null("").eq("").any())

    sample = sheet.head(max(rows, _SAMPLE))
    proposal = propose(sheet.headers, sample, named=sheet.layout.header, unique=unique, gaps=gaps)
    return Preview(
        sheet.layout, sheet.headers, tuple(sample[:rows]), sheet.rows_read, proposal, tuple(sheet.notes)
    )
