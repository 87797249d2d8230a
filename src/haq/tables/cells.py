"""Cells to counts: what is an integer is read as one, everything else is named."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from haq.errors import TableError

EMPTY = "empty: empty is not zero"
# No country has more voters than this, and sums of many stations stay exact.
LARGEST = 10**10
TOO_LARGE = f"not a count: larger than {LARGEST:,}".replace(",", " ")
_FRACTION = "not a whole number"
# What a spreadsheet shows where a formula failed, in English and Russian.
SPREADSHEET_ERROR = r"^#(?:[A-ZА-ЯЁ]{3,12}[!?]|N/A|Н/Д|DIV/0!|ДЕЛ/0!|GETTING_DATA)$"

_SIGN = r"([+\-−]?)\s?"
_PLAIN = re.compile(rf"{_SIGN}(\d+)\Z")
_GROUPED = re.compile(rf"{_SIGN}(\d{{1,3}}(?:([ \u00a0\u2009\u202f\u2007'’])\d{{3}})(?:\3\d{{3}})*)\Z")
_TENTH = re.compile(rf"{_SIGN}(\d+)[.,]00?\Z")
_THOUSAND = re.compile(rf"{_SIGN}\d{{1,3}}(?:[.,]\d{{3}})+\Z")
_DECIMAL = re.compile(rf"{_SIGN}\d*[.,]\d+\Z")
_SCIENTIFIC = re.compile(rf"{_SIGN}\d+(?:[.,]\d+)?[eEеЕ][+\-]?\d+\Z")
_FAST = r"^[0-9]{1,10}$"
_REFUSED = {"row": pl.Int64, "column": pl.String, "value": pl.String, "reason": pl.String}


@dataclass(frozen=True)
class Counts:
    """One column read as counts.

    Attributes:
        values: Int64, null where the cell is empty or cannot be read.
        refused: row, column, value, reason of every null.
    """

    values: pl.Series
    refused: pl.DataFrame


def parse_count(text: str) -> int | str:
    """Read one cell as an integer.

    Args:
        text: the cell. Digits of any script, groups of three parted by spaces of any
            width or apostrophes, and a spreadsheet's ``12.0`` are accepted, and a sign:
            a negative number is impossible, and therefore evidence.

    Returns:
        the integer [magnitude <= 10**10], or the reason why there is none.
    """
    text = text.strip()
    if not text:
        return EMPTY
    match = _PLAIN.match(text) or _TENTH.match(text) or _GROUPED.match(text)
    if match:
        digits = "".join(char for char in match[2] if char.isdecimal()).lstrip("0٠۰०")
        number = int(digits or "0") if len(digits) <= 40 else LARGEST + 1
        if number > LARGEST:
            return TOO_LARGE
        return -number if match[1] in ("-", "−") else number
    if text.endswith(("%", "٪")):
        return "a percentage and not a count"
    if _THOUSAND.match(text):
        return "ambiguous: a point or comma may part thousands or decimals; write the digits alone"
    if _DECIMAL.match(text):
        return _FRACTION
    if _SCIENTIFIC.match(text):
        return "scientific notation, which may have lost digits; write the digits"
    if re.match(SPREADSHEET_ERROR, text):
        return "an error of the spreadsheet and not a count; mend its formula"
    return "not a number"


def _nothing_refused() -> pl.DataFrame:
    return pl.DataFrame(schema=_REFUSED)


def _refusals(rows: pl.Series, column: str, values: list[str | None], reasons: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {"row": rows, "column": [column] * len(rows), "value": values, "reason": reasons}, schema=_REFUSED
    )


def _from_integers(rows: pl.Series, column: str, cells: pl.Series) -> Counts:
    low, high = cells.min(), cells.max()
    inside = low is None or max(abs(int(str(low))), abs(int(str(high)))) <= LARGEST
    values = cells.cast(pl.Int64, strict=inside)
    if not inside:
        fits = cells.cast(pl.Int128).is_between(-LARGEST, LARGEST)
        values = values.zip_with(fits, pl.Series([None], dtype=pl.Int64))
    if not values.null_count():
        return Counts(values, _nothing_refused())
    bad = values.is_null()
    given = cells.filter(bad).cast(pl.String).to_list()
    reasons = [EMPTY if value is None else str(parse_count(value)) for value in given]
    return Counts(values, _refusals(rows.filter(bad), column, given, reasons))


def _from_floats(rows: pl.Series, column: str, cells: pl.Series) -> Counts:
    whole = (cells == cells.floor()) & cells.is_finite() & (cells.abs() <= LARGEST)
    values = cells.zip_with(whole.fill_null(False), pl.Series([None], dtype=cells.dtype)).cast(pl.Int64)
    bad = values.is_null()
    given = cells.filter(bad).to_list()
    reasons = [_float_reason(value) for value in given]
    shown = [None if value is None else repr(value) for value in given]
    return Counts(values, _refusals(rows.filter(bad), column, shown, reasons))


def _float_reason(value: float | None) -> str:
    if value is None:
        return EMPTY
    if value != value:
        return "not a number"
    if abs(value) > LARGEST:
        return TOO_LARGE
    return _FRACTION


def _from_text(rows: pl.Series, column: str, cells: pl.Series) -> Counts:
    plain = cells.str.contains(_FAST).fill_null(False)
    if plain.all():
        return Counts(cells.cast(pl.Int64), _nothing_refused())
    values = cells.zip_with(plain, pl.Series([None], dtype=pl.String)).cast(pl.Int64)
    other = cells.filter(~plain)
    read = {text: EMPTY if text is None else parse_count(text) for text in other.unique().to_list()}
    numbers = [number if isinstance(number := read[text], int) else None for text in other]
    values = values.scatter((~plain).arg_true(), pl.Series(numbers, dtype=pl.Int64))
    bad = values.is_null()
    given = cells.filter(bad).to_list()
    reasons = [str(read[text]) for text in given]
    # An empty cell has no value, however many blanks a CSV file keeps in it.
    shown = [None if reason == EMPTY else text for text, reason in zip(given, reasons, strict=True)]
    return Counts(values, _refusals(rows.filter(bad), column, shown, reasons))


def _from_decimals(rows: pl.Series, column: str, cells: pl.Series) -> Counts:
    counts = _from_text(rows, column, cells.cast(pl.String).str.replace(r"\.0+$", ""))
    # The type says that a point parts decimals: 1.234 is not ambiguous here.
    fraction = pl.col("value").str.contains(".", literal=True)
    reason = pl.when(fraction).then(pl.lit(_FRACTION)).otherwise("reason").alias("reason")
    return Counts(counts.values, counts.refused.with_columns(reason))


def read_counts(file: str, column: str, rows: pl.Series, cells: pl.Series) -> Counts:
    """Read a column as counts.

    Args:
        file: name for messages.
        column: header of the column.
        rows: row number of each cell.
        cells: text, integers or floats.

    Returns:
        the counts, and every cell that is empty or refused.

    Raises:
        TableError: the column holds dates or yes and no, so the mapping is wrong.
    """
    dtype = cells.dtype
    if dtype.is_integer():
        return _from_integers(rows, column, cells)
    if dtype.is_float():
        return _from_floats(rows, column, cells.cast(pl.Float64))
    if dtype.is_decimal():
        return _from_decimals(rows, column, cells)
    if dtype == pl.Null:
        return _from_text(rows, column, cells.cast(pl.String))
    if dtype == pl.String:
        return _from_text(rows, column, cells)
    raise TableError(f"{file}: column {column!r} holds {dtype} and not counts; map another column")
