"""Rows that name no station: totals, and rows whose key is empty, an error, or does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from haq.tables.cells import SPREADSHEET_ERROR
from haq.tables.keys import fitting, is_totals
from haq.tables.layout import looks_like_number
from haq.tables.mapping import Part
from haq.tables.sheet import Cells, RefusedRow, Sheet

TOTALS = "a row of totals, not a station"
_NAMED = 8


class Keyless:
    """Sorts out the rows without a key.

    Attributes:
        parts: the columns of the key: part of the mapping, header, cells as text.
        totals: rows in which a column of the key holds a word such as *Total*.
        refused: rows without a key.
        skipped: rows of totals.
    """

    def __init__(self, sheet: Sheet, rows: pl.Series) -> None:
        """Prepare for the rows of a sheet that have the right shape."""
        self.parts: list[tuple[Part, str, pl.Series]] = []
        self.totals: set[int] = set()
        self.refused: list[RefusedRow] = []
        self.skipped: list[tuple[int, str]] = []
        self._sheet = sheet
        self._rows = rows
        self._unnamed: list[int] = []

    def sort(self, key: pl.Series) -> pl.Series:
        """Refuse or skip every row without a key.

        Args:
            key: key of each row, null for none.

        Returns:
            the keys, null for rows of totals too.
        """
        if self.totals:
            totals = self._rows.is_in(list(self.totals))
            key = pl.Series([None], dtype=pl.String).zip_with(totals, key)
            self.skipped += [(row, TOTALS) for row in sorted(self.totals)]
        if not key.null_count():
            return key
        missing = [row for row in self._rows.filter(key.is_null()).to_list() if row not in self.totals]
        cells = {row: self._cells(at) for row, at in self._positions(missing)}
        raw = self._sheet.raw(missing)
        for row in missing:
            if _begins_with_totals(raw[row]):
                self.skipped.append((row, TOTALS))
                self._unnamed.append(row)
            else:
                self.refused.append(RefusedRow(row, raw[row], f"no key: {self._why(cells[row])}"))
        return key

    def notes(self) -> list[str]:
        """Name the rows of totals that only their first text gave away."""
        if not self._unnamed:
            return []
        shown = ", ".join(map(str, self._unnamed[:_NAMED])) + (" …" if len(self._unnamed) > _NAMED else "")
        return [f"rows without a key that begin with a word of totals were skipped: {shown}"]

    def _positions(self, missing: list[int]) -> Iterator[tuple[int, int]]:
        return zip(missing, self._rows.is_in(missing).arg_true().to_list(), strict=True)

    def _cells(self, at: int) -> list[str]:
        return [text[at] or "" for _, _, text in self.parts]

    def _why(self, cells: list[str]) -> str:
        """Say what is wrong with the cells of a key."""
        held = [(part, header, cell) for (part, header, _), cell in zip(self.parts, cells, strict=True)]
        empty = [header for part, header, cell in held if not cell and not part.optional]
        if empty or not any(cells):
            names = empty or [header for _, header, _ in held]
            return ", ".join(dict.fromkeys(map(repr, names))) + " is empty"
        for part, header, cell in held:
            if re.match(SPREADSHEET_ERROR, cell):
                return f"{header!r} holds the error {cell} of a spreadsheet; mend its formula"
            if part.fixed and not re.match(fitting(part), cell):
                return (
                    f"{header!r} is {cell!r} and not a number of at most {part.pad} digits, with nothing "
                    "beside it in the template; put a separator between the columns"
                )
        return ", ".join(dict.fromkeys(repr(header) for _, header, _ in held)) + " give none"


def _begins_with_totals(cells: Cells) -> bool:
    texts = (cell for cell in cells if cell and cell.strip() and not looks_like_number(cell))
    return is_totals(next(texts, ""))
