"""Keys that stand in several rows: the same row again, or rows that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from haq.tables.sheet import Cells, RefusedRow, Sheet

_NAMED = 8


@dataclass
class Duplicates:
    """What was found.

    Attributes:
        found: key, row, row where the key stands first, whether all cells are the same
            as in an earlier row of the key.
        refused: the rows that cannot be used because of it.
        contradicting: rows whose key stands in other rows with other cells, so that the
            key may be the wrong one.
    """

    found: list[tuple[str, int, int, bool]] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    contradicting: int = 0

    def frame(self) -> pl.DataFrame:
        """Return the findings as key, row, first_row, same."""
        schema = {"key": pl.String, "row": pl.Int64, "first_row": pl.Int64, "same": pl.Boolean}
        return pl.DataFrame(self.found, schema=schema, orient="row")


def _listed(items: Sequence[str], count: int) -> str:
    """Name the first items of ``count``; of a thousand rows nobody reads all numbers."""
    shown = ", ".join(items[:_NAMED])
    return shown if count <= _NAMED else f"{shown} and {count - _NAMED} more"


def _differing(headers: Sequence[str], rows: Iterable[Cells]) -> str:
    """Name the columns in which not all rows are the same."""
    names = [
        repr(header or f"column {number}")
        for number, (header, cells) in enumerate(zip(headers, zip(*rows, strict=True), strict=True), 1)
        if len(set(cells)) > 1
    ]
    return _listed(names, len(names))


def _contradict(headers: Sequence[str], name: str, rows: dict[Cells, int]) -> Iterator[RefusedRow]:
    """Refuse rows of one key that differ, each naming the others; linear in their number."""
    columns = _differing(headers, rows)
    first = list(rows.values())[: _NAMED + 1]
    for cells, row in rows.items():
        others = _listed([str(other) for other in first if other != row], len(rows) - 1)
        yield RefusedRow(
            row,
            cells,
            f"the key {name!r} also stands in row {others}, with other cells in {columns}; "
            "haq does not choose: correct the file or the key",
        )


def find_duplicates(sheet: Sheet, rows: pl.Series, key: pl.Series, several: bool) -> Duplicates:
    """Find the keys that stand in several rows.

    If ``several`` rows are normal all are kept: two observers may hold equal copies.
    Otherwise a row whose cells are all the same as those of an earlier row is refused as
    that row again, and rows that differ are all refused, because haq does not choose.

    Args:
        sheet: the cells, for comparing whole rows.
        rows: row numbers.
        key: key of each row, null for none.
        several: whether several rows of a key are normal.

    Returns:
        the duplicates and the rows refused for it.
    """
    result = Duplicates()
    if key.n_unique() == len(key):
        return result
    repeated = key.is_duplicated() & key.is_not_null()
    groups: dict[str, list[int]] = {}
    for row, name in zip(rows.filter(repeated), key.filter(repeated), strict=True):
        groups.setdefault(name, []).append(row)
    raw = sheet.raw([row for group in groups.values() for row in group])
    for name, group in groups.items():
        first_with: dict[Cells, int] = {}
        for row in group:
            earlier = first_with.setdefault(raw[row], row)
            if earlier != row and not several:
                result.refused.append(RefusedRow(row, raw[row], f"the same row as row {earlier}"))
            if row != group[0]:
                result.found.append((name, row, group[0], earlier != row))
        if not several and len(first_with) > 1:
            result.contradicting += len(group)
            result.refused += _contradict(sheet.headers, name, first_with)
    return result
