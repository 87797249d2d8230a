"""CSV files: every line becomes a row that is read, refused or skipped with a reason."""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from haq.errors import TableError
from haq.tables.layout import (
    Layout,
    cut,
    filled,
    looks_like_number,
    sample_of,
    spaced_quotes,
    split,
    text_lines,
)
from haq.tables.sheet import RefusedRow, TextSheet

#: Says in a note that it quotes titles: free text, which may name people.
TITLES = "rows above the header were not read as data"
_CHUNK = 50_000
_BROKEN_QUOTES_LIMIT = 1_000


@dataclass
class _Parser:
    """Cuts lines into records and notices a quote that swallows the lines below it."""

    file: str
    lines: Sequence[str]
    separator: str
    quote: str | None
    spaced: bool = False
    width: int = 0
    numeric: tuple[int, ...] = ()
    row: int = 0
    broken: int = 0
    loose: int = 0

    def learn(self, records: Sequence[Sequence[str]]) -> None:
        """Note which columns hold numbers: by them a swallowed row is recognised."""
        whole = [record for record in records if len(record) == self.width]
        self.numeric = tuple(
            position
            for position in range(self.width)
            if whole and sum(looks_like_number(record[position]) for record in whole) >= 0.8 * len(whole)
        )

    def records(self) -> Iterator[tuple[list[str], str | None]]:
        """Yield each record, and why it cannot be used if it cannot."""
        start = 0
        while start < len(self.lines):
            start = yield from self._until_broken(start)

    def _reader(self, start: int) -> Any:
        quoting: Any = csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE
        return csv.reader(
            map(self.lines.__getitem__, range(start, len(self.lines))),
            delimiter=self.separator,
            quotechar=self.quote,
            quoting=quoting,
            skipinitialspace=self.spaced,
            strict=True,
        )

    def _until_broken(self, start: int) -> Generator[tuple[list[str], str | None], None, int]:
        """Yield records up to a broken quote; return the line from which to read on."""
        reader = self._reader(start)
        before = 0
        while True:
            self.row += 1
            try:
                record = next(reader)
            except StopIteration:
                return len(self.lines)
            except csv.Error as error:
                alone = reader.line_num - before == 1 and "field larger" not in str(error)
                loose = self._loosely(start + before) if alone else None
                if loose is not None:
                    self.loose += 1
                    yield loose, None
                    return start + before + 1
                yield self._broken(start + before, start + reader.line_num, str(error))
                return start + before + 1
            after = reader.line_num
            if after - before > 1 and self._swallows(start + before, start + after, record):
                yield self._broken(start + before, start + after, "")
                return start + before + 1
            before = after
            yield record, None

    def _loosely(self, number: int) -> list[str] | None:
        """Cut a line whose quotes are not doubled, such as ``"JSC "Steppe"";5``.

        A quote closes where a separator or the end of the line follows. The reading counts
        only if it gives as many cells as the header has.
        """
        line = self.lines[number].rstrip("\r\n")
        separator = re.escape(self.separator)
        cell = re.compile(rf' *(?:"(?P<quoted>.*?)"|(?P<plain>(?!")[^{separator}]*))(?P<end>{separator}|\Z)')
        cells: list[str] = []
        position = 0
        while match := cell.match(line, position):
            cells.append(match["plain"] if match["quoted"] is None else match["quoted"])
            position = match.end()
            if not match["end"]:
                return cells if len(cells) == self.width and self.quote == '"' else None
        return None

    def _alone(self, line: str) -> list[str]:
        """Cut one line without regard to quotes, and without empty cells beyond the header."""
        cells = line.rstrip("\r\n").split(self.separator)
        while len(cells) > max(self.width, 1) and not cells[-1].strip():
            cells.pop()
        return cells

    def _fits(self, line: str) -> bool:
        """Tell whether a line has as many cells as the header, and numbers where they belong."""
        cells = [cell.strip(' "') for cell in self._alone(line)]
        if len(cells) != self.width or self.width < 2:
            return False
        return all(looks_like_number(cells[position]) or not cells[position] for position in self.numeric)

    def _swallows(self, first: int, end: int, record: Sequence[str]) -> bool:
        """Tell whether lines that one quoted cell joins are records of their own.

        How much speaks for it depends on the row that they would make. One of the wrong width
        cannot be used anyway. One whose first line is a record already needs little. Otherwise
        it could be an address of several lines with commas: then numbers must stand in every
        column of numbers, and one of those columns to the left of the quote.
        """
        opening = self._opening(first)
        # The line on which a cell of the first column ends holds the rest of its row, so it fits anyway.
        last = end if opening > 1 else end - 1
        fitting = [line for line in self.lines[first + 1 : last] if self._fits(line)]
        if not fitting or len(record) < self.width or filled(record[self.width :]):
            return bool(fitting)
        if self._fits(self.lines[first]):
            return bool(self.numeric) or self.width > 3
        if not any(position < opening - 1 for position in self.numeric):
            return False
        below = [self._alone(line) for line in fitting]
        return any(all(cells[position].strip(' "') for position in self.numeric) for cells in below)

    def _opening(self, number: int) -> int:
        """Return the column whose quote is still open at the end of a line."""
        records, _ = cut([self.lines[number]], self.separator, self.quote, self.spaced)
        return len(records[0]) if records else 1

    def _broken(self, first: int, end: int, error: str) -> tuple[list[str], str | None]:
        self.broken += 1
        if self.broken > _BROKEN_QUOTES_LIMIT:
            raise TableError(
                f"{self.file}: quotes are broken in more than {_BROKEN_QUOTES_LIMIT} rows; if quotes are "
                "ordinary characters in this file, say so (quote = none), otherwise correct them"
            )
        line = self.lines[first]
        raw = self._alone(line)
        if end - first > 1:
            return raw, (
                f"a quote opened in row {self.row}, column {self._opening(first)}, swallows the "
                f"{end - first - 1} lines below; they are read as rows of their own; close or remove it"
            )
        opening = next((n for n, cell in enumerate(raw, 1) if cell.lstrip().startswith(self.quote or "")), 1)
        if "field larger" in error:
            return raw, f"a cell is longer than {csv.field_size_limit()} characters; shorten it"
        return raw, f"a quote stands inside a quoted cell (column {opening}); double it or remove it"


def _headers(record: Sequence[str] | None, width: int) -> tuple[str, ...]:
    if record is None:
        return tuple(f"column {number}" for number in range(1, width + 1))
    return tuple(cell.strip() for cell in record)


def _frame(chunks: list[pl.DataFrame], width: int) -> pl.DataFrame:
    if chunks:
        return pl.concat(chunks, rechunk=True)
    schema: dict[str, Any] = {"row": pl.Int64} | {f"c{position}": pl.String for position in range(width)}
    return pl.DataFrame(schema=schema)


def _flush(rows: list[int], records: list[list[str]], width: int) -> pl.DataFrame:
    columns = zip(*records, strict=True) if width else ()
    return pl.DataFrame(
        [pl.Series("row", rows, dtype=pl.Int64)]
        + [pl.Series(f"c{position}", column, dtype=pl.String) for position, column in enumerate(columns)]
    )


def read_csv(file: str, text: str, layout: Layout, notes: Sequence[str] = ()) -> TextSheet:
    """Read the text of a CSV file.

    A record is one row, also when its cells hold line ends; rows are numbered as a
    spreadsheet shows them, so the header is row 1 unless titles stand above it.

    Args:
        file: name for messages.
        text: the whole file.
        layout: how it is laid out.
        notes: what is already known about it.

    Returns:
        its cells; rows with more or fewer cells than the header are refused, blank rows
        and a header that is repeated are skipped, each with its reason.

    Raises:
        TableError: quotes are broken throughout, or the header is missing.
    """
    lines = text_lines(text)
    separator = layout.separator or ","
    start = sample_of(lines)
    parser = _Parser(file, lines, separator, layout.quote, spaced_quotes(start, separator, layout.quote))
    sample = split(start, separator, layout.quote)[layout.skip_rows :]
    sample = [record for record in sample if filled(record)]
    if sample:
        widths = [len(record) for record in sample]
        parser.width = widths[0] if layout.header else max(set(widths), key=lambda w: (widths.count(w), w))
        parser.learn(sample[int(layout.header) :])
    collect = Collector(file, layout, parser.width)
    for row, (record, broken) in enumerate(parser.records(), 1):
        collect.add(row, record, broken)
    if parser.loose:
        notes = [
            *notes,
            f"{parser.loose} rows hold quotes inside quoted cells that are not doubled; look at them",
        ]
    return collect.sheet(notes)


class Collector:
    """Sorts records into header, accepted, refused and skipped."""

    def __init__(self, file: str, layout: Layout, width: int) -> None:
        self.file = file
        self.layout = layout
        self.width = width
        self.header: list[str] | None = None
        self.titles: list[str] = []
        self.rows: list[int] = []
        self.records: list[list[str]] = []
        self.chunks: list[pl.DataFrame] = []
        self.refused: list[RefusedRow] = []
        self.skipped: list[tuple[int, str]] = []
        self.read = 0
        self.overhanging = 0

    def add(self, row: int, record: list[str], broken: str | None) -> None:
        """Put one record where it belongs."""
        if row <= self.layout.skip_rows:
            self.titles.append(" ".join(cell.strip() for cell in record if cell.strip()))
            return
        if self.layout.header and self.header is None:
            if broken:
                raise TableError(f"{self.file}: row {row}, the header: {broken}")
            self.header = record
            self.width = len(record)
            return
        self.read += 1
        if broken:
            self.refused.append(RefusedRow(row, tuple(record), broken))
        elif not (record and (record[0].strip() or filled(record))):
            self.skipped.append((row, "a blank row"))
        elif record == self.header:
            self.skipped.append((row, "the header again"))
        elif len(record) != self.width and not self._overhangs(record):
            more = "more" if len(record) > self.width else "fewer"
            reason = f"{len(record)} cells, {more} than the {self.width} of the {self._measure}"
            self.refused.append(RefusedRow(row, tuple(record), reason + self._advice(record)))
        else:
            self.rows.append(row)
            self.records.append(record)
            if len(self.rows) == _CHUNK:
                self._chunk()

    @property
    def _measure(self) -> str:
        return "header" if self.layout.header else "other rows"

    def _advice(self, record: Sequence[str]) -> str:
        """Say what quotes may have to do with a wrong number of cells."""
        quote = self.layout.quote
        for number, cell in enumerate(record, 1):
            if quote and cell.startswith(" ") and cell.lstrip(" ").startswith(quote):
                return f"; a space stands before the quote in column {number}: remove the space"
            if quote and ("\n" in cell or "\r" in cell):
                return f"; a quoted cell in column {number} joins several lines: look at its quotes"
        return ""

    def _overhangs(self, record: list[str]) -> bool:
        """Cut empty cells beyond the header: a separator at the end of the line says nothing."""
        if len(record) < self.width or filled(record[self.width :]):
            return False
        del record[self.width :]
        self.overhanging += 1
        return True

    def _chunk(self) -> None:
        self.chunks.append(_flush(self.rows, self.records, self.width))
        self.rows, self.records = [], []

    def sheet(self, known: Sequence[str]) -> TextSheet:
        """Return what was collected, with notes besides those that are known."""
        notes = list(known)
        if self.layout.header and self.header is None:
            raise TableError(f"{self.file}: no header after {self.layout.skip_rows} rows; lower skip_rows")
        if self.rows:
            self._chunk()
        if self.layout.skip_rows:
            shown = " / ".join(title[:60] for title in self.titles if title)
            notes.append(f"{self.layout.skip_rows} {TITLES}: {shown or 'blank'}")
        if self.overhanging:
            notes.append(
                f"{self.overhanging} rows end in empty cells beyond the header; those cells were left out"
            )
        return TextSheet(
            self.file,
            self.layout,
            _headers(self.header, self.width),
            _frame(self.chunks, self.width),
            self.read,
            tuple(self.refused),
            tuple(self.skipped),
            tuple(notes),
        )
