"""How a file is laid out: its kind, encoding, separator, header and title lines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from haq.errors import TableError
from haq.tables.encoding import decode, recognise
from haq.tables.files import Content, Kind

SEPARATORS = ",;\t|"
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_HINT = re.compile(r"sep=(.)\r?\n?\Z", re.IGNORECASE)
_NUMBER = re.compile(r"[+\-−]?\d[\d \u00a0\u2009\u202f'.,]*%?\Z")
_YEAR = re.compile(r"(19|20)\d\d\Z")
# A header may hold one odd number, and a first row of data one odd word, among so many cells.
_DOMINANT = 8
_SAMPLE_RECORDS = 500
_SAMPLE_LINES = 2_000
_TITLE_LINES = 20
# Share of the rows of the sample that must have the same number of cells.
_CONSISTENT = 0.8


@dataclass(frozen=True)
class Layout:
    """How a table lies in its file.

    Attributes:
        kind: what the bytes are, whatever the name of the file says.
        encoding: codec of a CSV file.
        separator: character between the cells of a CSV file.
        quote: character around cells of a CSV file, None when quotes are ordinary.
        header: whether the first row after ``skip_rows`` names the columns.
        sheet: name of the sheet of an XLSX file.
        skip_rows: rows above the header [>= 0], titles for example.
    """

    kind: Kind
    encoding: str | None = None
    separator: str | None = None
    quote: str | None = '"'
    header: bool = True
    sheet: str | None = None
    skip_rows: int = 0


def looks_like_number(text: str) -> bool:
    """Return whether a cell is a number in some notation."""
    return bool(_NUMBER.match(text.strip()))


def check_overrides(file: str, overrides: dict[str, Any]) -> None:
    """Refuse settings of a layout that make no sense.

    Raises:
        TableError: an unknown setting, or a value of the wrong type.
    """
    allowed = {field.name for field in fields(Layout)} - {"kind"}
    for name, value in overrides.items():
        if name not in allowed:
            raise TableError(f"{file}: unknown setting {name!r}; known are {', '.join(sorted(allowed))}")
        if name == "header":
            right = isinstance(value, bool)
        elif name == "skip_rows":
            right = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        elif name in {"separator", "quote"}:
            one = isinstance(value, str) and len(value) == 1 and value not in "\r\n \0"
            right = one or (name == "quote" and value is None)
        else:
            right = isinstance(value, str) and bool(value)
        if not right:
            raise TableError(f"{file}: the setting {name} = {value!r} cannot be used; see the page on tables")


def split(lines: Sequence[str], separator: str, quote: str | None) -> list[list[str]]:
    """Split lines leniently into cells; for looking at a file, not for reading it."""
    return cut(lines, separator, quote, spaced_quotes(lines, separator, quote))[0]


def spaced_quotes(lines: Sequence[str], separator: str, quote: str | None) -> bool:
    """Tell whether quotes stand behind a space after the separator, as in ``1, "a, b"``.

    They do if, read so, every quote is closed and the rows are at least as even as before.
    """
    if not quote:
        return False
    spaced = re.compile(f"{re.escape(separator)} +{re.escape(quote)}")
    if not any(map(spaced.search, lines)):
        return False
    records, whole = cut(lines, separator, quote, True, strict=True)
    return whole and _evenness(records) >= _evenness(cut(lines, separator, quote, False)[0])


def _evenness(records: Sequence[Sequence[str]]) -> float:
    """Return the share of the rows that have the commonest number of cells."""
    widths = Counter(len(record) for record in records if filled(record))
    return max(widths.values()) / widths.total() if widths else 0.0


def cut(
    lines: Sequence[str], separator: str, quote: str | None, spaced: bool, *, strict: bool = False
) -> tuple[list[list[str]], bool]:
    """Return the first records of some lines, and whether no quote among them is broken."""
    quoting: Any = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    records: list[list[str]] = []
    reader = csv.reader(
        lines, delimiter=separator, quotechar=quote, quoting=quoting, skipinitialspace=spaced, strict=strict
    )
    try:
        for record in reader:
            records.append(record)
            if len(records) >= _SAMPLE_RECORDS:
                break
    except csv.Error:
        # What came before it is sample enough. Only the end of the sample may cut a cell.
        return records, reader.line_num == len(lines) == _SAMPLE_LINES
    return records, True


def filled(record: Sequence[object]) -> int:
    """Return how many cells of a record are not blank."""
    return sum(1 for cell in record if cell is not None and str(cell).strip())


@dataclass(frozen=True)
class _Shape:
    separator: str
    width: int
    share: float


def _shape(lines: Sequence[str], separator: str, quote: str | None) -> _Shape:
    records = [record for record in split(lines, separator, quote) if filled(record)]
    widths = Counter(len(record) for record in records)
    if not widths:
        return _Shape(separator, 1, 0.0)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return _Shape(separator, width, count / len(records))


def sniff_separator(file: str, lines: Sequence[str], quote: str | None) -> str:
    """Tell the separator by which one cuts all rows into the same number of cells.

    Raises:
        TableError: two separators fit equally well, or none does although some occur.
    """
    shapes = [_shape(lines, separator, quote) for separator in SEPARATORS]
    fitting = [shape for shape in shapes if shape.width > 1 and shape.share >= _CONSISTENT]
    if not fitting:
        cutting = [shape for shape in shapes if shape.width > 1]
        if cutting:
            best = max(cutting, key=lambda shape: shape.share)
            raise TableError(
                f"{file}: cannot tell the separator: the best, {_NAMES[best.separator]}, gives {best.width} "
                f'cells in only {best.share:.0%} of the rows; name it (separator = ";", for example)'
            )
        return ","
    best = max(fitting, key=lambda shape: (round(shape.share, 2), shape.width))
    # A comma is also a decimal mark and stands inside addresses: another separator that
    # cuts every row alike, the header too, is the real one.
    rivals = [shape for shape in fitting if shape is not best and shape.share >= best.share - 0.02]
    for rival in rivals:
        if best.separator == "," and rival.separator != ",":
            best = rival
        elif "," not in (best.separator, rival.separator) and rival.width > 2 and best.width > 2:
            raise TableError(
                f"{file}: the separator could be {_NAMES[best.separator]} or {_NAMES[rival.separator]}; "
                'name it (separator = ";", for example)'
            )
    return best.separator


def has_header(file: str, records: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first record names the columns.

    It does not when it holds numbers where the records below it hold numbers. Years are
    numbers that name columns.

    Raises:
        TableError: some columns of numbers begin with a name and others with a number.
    """
    if len(records) < 2:
        return not records or 2 * sum(map(looks_like_number, records[0])) <= filled(records[0])
    first, body = records[0], [record for record in records[1:] if filled(record)]
    names = numbers = 0
    for position, cell in enumerate(first):
        below = [record[position] for record in body if position < len(record) and record[position].strip()]
        if not cell.strip() or not below:
            continue
        if sum(map(looks_like_number, below)) >= 0.8 * len(below):
            if looks_like_number(cell):
                numbers += 1
            else:
                names += 1
    years = [cell for cell in first if looks_like_number(cell)]
    if len(set(years)) == len(years) > 1 and all(map(_YEAR.match, years)):
        return True
    if _DOMINANT * min(names, numbers) > max(names, numbers):
        raise TableError(
            f"{file}: the first row may be a header or data ({names} names and {numbers} numbers over "
            "columns of numbers); say which it is (header = true or false)"
        )
    return numbers <= names


def title_rows(records: Sequence[Sequence[str]]) -> int:
    """Count the records above the header: titles and blank lines.

    A title fills a cell or two; the header is the first record that is as wide as the table.
    """
    # Counted by the last cell that is not blank: separators at the end of every line do not
    # make the table wider than its header.
    reaches = Counter(reach for record in records if (reach := _reach(record)))
    if not reaches:
        return 0
    width = max(reaches.items(), key=lambda item: (item[1], item[0]))[0]
    few = max(1, width // 4) if width > 2 else 0
    for position, record in enumerate(records[:_TITLE_LINES]):
        if filled(record) > few and (len(record) >= width or width < 2):
            return position
    return 0


def _reach(record: Sequence[str]) -> int:
    """Return the number of the last cell that is not blank."""
    return max((number for number, cell in enumerate(record, 1) if cell.strip()), default=0)


def text_lines(text: str) -> list[str]:
    """Split a text at line ends of any kind, keeping them, and at nothing else."""
    return io.StringIO(text, newline="").readlines()


def sample_of(lines: Sequence[str]) -> list[str]:
    """Return the lines by which a layout is told: the first two thousand."""
    return list(lines[:_SAMPLE_LINES])


def csv_layout(content: Content, overrides: dict[str, Any]) -> tuple[Layout, str]:
    """Tell the layout of a CSV file.

    Returns:
        the layout, and the text of the file.

    Raises:
        TableError: the encoding or the separator is not certain.
    """
    file = content.file
    encoding = overrides.get("encoding") or recognise(file, content.data)
    text = decode(file, content.data, encoding)
    if not text.strip():
        raise TableError(f"{file}: the file is empty; fetch it again")
    lines = sample_of(text_lines(text[:4_000_000]))
    quote = overrides.get("quote", '"')
    hint = _HINT.match(lines[0])
    skip = overrides.get("skip_rows")
    start = int(bool(hint)) if skip is None else skip
    separator = overrides.get("separator")
    if separator is None:
        separator = hint[1] if hint else sniff_separator(file, lines[start:], quote)
    records = split(lines, separator, quote)
    if skip is None:
        skip = start + title_rows(records[start:])
    header = overrides.get("header")
    if header is None:
        header = has_header(file, records[skip:])
        if not header and "skip_rows" not in overrides:
            skip = start  # without a header nothing marks where titles end, so every row is a row
    return Layout("csv", encoding, separator, quote, header, None, skip), text
