"""What changed between two versions of an official result, and where copies contradict each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from haq.protocols.expressions import any_of

#: Ending of the columns that hold the figures of the later version, or of another copy.
LATER = ":later"
#: Column that names the source of a row, where rows of several versions stand in one frame.
SOURCE = ":source"


def last_of_each(versions: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Take every unit from the last version that has it: a version with few units hides no earlier one.

    Args:
        versions: frames with ``unit``, the earliest version first; a unit may stand in one several times.

    Returns:
        The rows of each unit in the last frame that has the unit, with the columns of all frames.
    """
    *earlier, last = versions
    kept = [last]
    for frame in reversed(earlier):
        known = pl.concat([part.select("unit") for part in kept])
        kept.append(frame.join(known, on="unit", how="anti", maintain_order="left"))
    return pl.concat(kept, how="diagonal") if any(part.height for part in kept[1:]) else last


@dataclass(frozen=True)
class Changes:
    """What became of the units of an earlier version.

    Attributes:
        frame: a row a changed unit: ``unit``, ``row`` and each line of the earlier version,
            ``row:later`` and ``<line>:later`` of the later one.
        dropped: units that the later version lacks: ``unit`` and ``row``.
        added: units that only the later version has: ``unit`` and ``row``.
        lines: keys compared.
    """

    frame: pl.DataFrame
    dropped: pl.DataFrame
    added: pl.DataFrame
    lines: tuple[str, ...]


def changes(earlier: pl.DataFrame, later: pl.DataFrame, *, lines: Sequence[str]) -> Changes:
    """Compare two versions of what was declared.

    A figure that became empty, or an empty one that became a figure, is a change too.

    Args:
        earlier: (units × lines) Int64 with a unique ``unit`` and with ``row``.
        later: the same for the later version; with ``:source`` where its rows come from several.
        lines: keys of the lines and choices that both hold.

    Returns:
        Every unit that changed, disappeared or appeared, in the order of its file.
    """
    columns = ("row", *lines)
    named = [SOURCE] if SOURCE in later.columns else []
    right = later.select("unit", *(pl.col(c).alias(f"{c}{LATER}") for c in (*columns, *named)))
    joined = earlier.select("unit", *columns).join(
        right, on="unit", how="inner", validate="1:1", maintain_order="left"
    )
    return Changes(
        frame=joined.filter(any_of([pl.col(k).ne_missing(pl.col(f"{k}{LATER}")) for k in lines])),
        dropped=earlier.select("unit", "row").join(later, on="unit", how="anti", maintain_order="left"),
        added=later.select("unit", "row", *named).join(earlier, on="unit", how="anti", maintain_order="left"),
        lines=tuple(lines),
    )


def contradictions(copies: pl.DataFrame, *, lines: Sequence[str]) -> pl.DataFrame:
    """Find the copies of one source that contradict another copy of the same unit.

    Args:
        copies: (copies × lines) Int64 with ``unit`` and ``row``.
        lines: keys of the lines and choices.

    Returns:
        A row a copy that differs from the first copy of its unit on a line that both hold:
        ``unit``, ``row``, the lines of the first copy, and the other's with ``:later``.
    """
    columns = ("row", *lines)
    if copies["unit"].n_unique() == copies.height:
        copies = copies.clear()
    right = copies.select("unit", *(pl.col(c).alias(f"{c}{LATER}") for c in columns))
    first = copies.select("unit", *columns).unique("unit", keep="first", maintain_order=True)
    joined = first.join(right, on="unit", how="inner", maintain_order="left_right")
    differs = any_of([(pl.col(k) != pl.col(f"{k}{LATER}")).fill_null(False) for k in lines])
    return joined.filter((pl.col("row") != pl.col(f"row{LATER}")) & differs)
