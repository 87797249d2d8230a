"""A path to the cells behind it, whatever the kind of file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from haq.errors import TableError
from haq.tables.csv_reader import read_csv
from haq.tables.encoding import decode
from haq.tables.files import Content, open_table, within_memory
from haq.tables.layout import Layout, check_overrides, csv_layout
from haq.tables.parquet_reader import ParquetSheet
from haq.tables.sheet import Sheet


def detect(path: Path, **overrides: Any) -> Layout:
    """Tell how a table lies in its file.

    Args:
        path: CSV, XLSX or Parquet; CSV and XLSX also packed with gzip.
        overrides: what is already known: ``encoding``, ``separator``, ``quote``,
            ``header``, ``sheet``, ``skip_rows``.

    Returns:
        the layout.

    Raises:
        TableError: the file is not a table, or haq cannot be sure; the message says what
            to do.
    """
    path = Path(path)
    check_overrides(path.name, overrides)
    with within_memory(path.name):
        content = open_table(path)
        if content.kind == "csv":
            return csv_layout(content, overrides)[0]
        return open_sheet(path, None, overrides).layout


def open_sheet(path: Path, layout: Layout | None, overrides: dict[str, Any]) -> Sheet:
    """Open a file of any kind.

    Args:
        path: the file.
        layout: how it is laid out, when that is known.
        overrides: parts of the layout that are known; they go before ``layout``.

    Returns:
        its cells.

    Raises:
        TableError: it cannot be read as a table.
    """
    check_overrides(path.name, overrides)
    content = open_table(path)
    if layout is not None and layout.kind != content.kind:
        raise TableError(
            f"{path.name}: this is a {content.kind} file, but its layout was told as {layout.kind}; "
            "let haq detect the layout again"
        )
    if content.kind == "parquet":
        return ParquetSheet(path)
    if layout is not None:
        layout = replace(layout, **overrides)
    if content.kind == "xlsx":
        from haq.tables.xlsx_reader import read_xlsx

        return read_xlsx(content, layout, overrides)
    layout, text = _csv_text(content, layout, overrides)
    notes: list[str] = []
    if not str(layout.encoding).startswith("utf") and "encoding" not in overrides:
        notes.append(f"the encoding was recognised by the letters as {layout.encoding}; look at the names")
    return read_csv(content.file, text, layout, notes)


def _csv_text(content: Content, layout: Layout | None, overrides: dict[str, Any]) -> tuple[Layout, str]:
    if layout is None:
        return csv_layout(content, overrides)
    if layout.encoding is not None and layout.separator is not None:
        return layout, decode(content.file, content.data, layout.encoding)
    known = {"quote": layout.quote, "header": layout.header, "skip_rows": layout.skip_rows}
    told = {"encoding": layout.encoding, "separator": layout.separator}
    return csv_layout(content, known | {name: value for name, value in told.items() if value is not None})
