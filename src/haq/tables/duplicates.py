"""Keys that stand in several rows: the same row again, or rows that contradict each other."""

from __future__ import annotations

from collections.abc import Sequence
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
    """

    found: list[tuple[str, int, int, bool]] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)

    def frame(self) -> pl.DataFrame:
        """Return the findings as key, row, first_row, same."""
        schema = {"key": pl.String, "row": pl.Int64, "first_row": pl.Int64, "same": pl.Boolean}
        return pl.DataFrame(self.found, schema=schema, orient="row")


def _listed(items: Sequence[str]) -> str:
    shown = ", ".join(items[:_NAMED])
    return shown if len(items) <= _NAMED else f"{shown} and {len(items) - _NAMED} more"


def _differing(headers: Sequence[str], one: Cells, others: Sequence[Cells]) -> str:
    names = [
        repr(headers[position] or f"column {position + 1}")
        for position, cell in enumerate(one)
        if any(other[position] != cell for other in others)
    ]
    return _listed(names)


def find_duplicates(sheet: Sheet, rows: pl.Series, key: pl.Series, several: bool) -> Duplicates:
    """Find the keys that stand in several rows.

    A row whose cells are all the same as those of an earlier row is refused as that row
    again. Rows of one key that differ are kept if ``several`` is normal, otherwise all of
    them are refused, because haq does not choose.

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
            if earlier != row:
                result.refused.append(RefusedRow(row, raw[row], f"the same row as row {earlier}"))
            if row != group[0]:
                result.found.append((name, row, group[0], earlier != row))
        distinct = list(first_with.values())
        if several or len(distinct) < 2:
            continue
        for row in distinct:
            others = [other for other in distinct if other != row]
            columns = _differing(sheet.headers, raw[row], [raw[other] for other in others])
            result.refused.append(
                RefusedRow(
                    row,
                    raw[row],
                    f"the key {name!r} also stands in row {_listed([str(other) for other in others])}, with "
                    f"other cells in {columns}; haq does not choose: correct the file or the key",
                )
            )
    return result
