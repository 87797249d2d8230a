"""XLSX files: one sheet becomes rows of text, numbered as the spreadsheet numbers them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from haq.errors import TableError
from haq.tables.csv_reader import Collector
from haq.tables.files import Content
from haq.tables.layout import Layout, filled, has_header, title_rows
from haq.tables.sheet import TextSheet
from haq.tables.xlsx_guard import checked

_T = TypeVar("_T")


def _contained(file: str, work: Callable[[], _T]) -> _T:
    import python_calamine

    try:
        return work()
    except python_calamine.PasswordError:
        raise TableError(f"{file}: the spreadsheet is locked by a password; save it without one") from None
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError, KeyError, TypeError) as error:
        reason = " ".join(str(error).split())[:120]
    except BaseException as error:
        # The engine may panic on a damaged file, and its panic is not an Exception.
        if type(error).__name__ != "PanicException":
            raise
        reason = "its structure is broken"
    raise TableError(f"{file}: the spreadsheet is damaged ({reason}); open it and save it again")


def cell_text(value: Any) -> str:
    """Return a cell as the text of its value: whole floats without a point, dates in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime) and not value.time():
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _choose(
    file: str, sheets: dict[str, Callable[[], list[list[Any]]]], wanted: str | None
) -> tuple[str, Any]:
    listed = ", ".join(repr(name) for name in sheets)
    if wanted is not None:
        if wanted not in sheets:
            raise TableError(f"{file}: there is no sheet {wanted!r}; the sheets are {listed}")
        return wanted, sheets[wanted]()
    loaded = {name: load() for name, load in sheets.items()}
    full = [(name, rows) for name, rows in loaded.items() if any(map(filled, rows))]
    if not full:
        raise TableError(f"{file}: every sheet is empty; fetch the file again")
    if len(full) > 1:
        listed = ", ".join(repr(name) for name, _ in full)
        raise TableError(f"{file}: several sheets hold data ({listed}); name one (sheet = {full[0][0]!r})")
    return full[0]


def _layout(file: str, name: str, records: Sequence[Sequence[str]], overrides: dict[str, Any]) -> Layout:
    sample = list(records[:500])
    skip = overrides.get("skip_rows")
    skip = title_rows(sample) if skip is None else skip
    header = overrides.get("header")
    if header is None:
        header = has_header(file, sample[skip:])
        if not header and "skip_rows" not in overrides:
            skip = 0
    return Layout("xlsx", quote=None, header=header, sheet=name, skip_rows=skip)


def read_xlsx(content: Content, layout: Layout | None, overrides: dict[str, Any]) -> TextSheet:
    """Read one sheet of a spreadsheet.

    Args:
        content: the file.
        layout: how it is laid out, if known.
        overrides: parts of the layout that are known.

    Returns:
        its cells as text; a row keeps its number in the spreadsheet.

    Raises:
        TableError: the file is damaged or locked, or several sheets hold data and none is
            named.
    """
    import python_calamine

    file = content.file
    data = checked(file, content.data)
    book = _contained(file, lambda: python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))

    def loader(name: str) -> Callable[[], list[list[Any]]]:
        return lambda: _contained(file, lambda: book.get_sheet_by_name(name).to_python(skip_empty_area=False))

    wanted = layout.sheet if layout else overrides.get("sheet")
    name, values = _choose(file, {name: loader(name) for name in book.sheet_names}, wanted)
    records = [[cell_text(value) for value in row] for row in values]
    width = max(
        (position + 1 for row in records for position, cell in enumerate(row) if cell.strip()), default=0
    )
    records = [row[:width] + [""] * (width - len(row)) for row in records]
    if not width:
        raise TableError(f"{file}: the sheet {name!r} is empty; name another (sheet = …)")
    if layout is None:
        layout = _layout(file, name, records, overrides)
    collect = Collector(file, layout, width)
    for row, record in enumerate(records, 1):
        collect.add(row, record, None)
    return collect.sheet(())
