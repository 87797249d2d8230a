"""Published totals held against the protocols among the entries: a cut file must not pass unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from haq.bulletin.assemble.frames import Frames
from haq.bulletin.assemble.upper import Upper
from haq.bulletin.model import Problem
from haq.bulletin.setting import Setting
from haq.entries import TotalEntry
from haq.protocols import exact_sum

#: Kinds of entries that hold the figures of sheets.
_SHEETS = ("official", "copy")


def differing_totals(
    frames: Frames, setting: Setting, totals: Iterable[tuple[TotalEntry, str]]
) -> Iterator[Problem]:
    """Add the official results up again and compare them with their totals.

    Args:
        frames: the tables of all units.
        setting: the election.
        totals: with the digests of their entries.

    Yields:
        ``total-differs`` for each total whose sums are not those of its source. Sources of which a unit has
        several rows are left out: ``haq check`` and the site name these themselves.
    """
    for total, key in totals:
        lines = _differing_lines(frames, setting, total)
        if lines:
            named = ", ".join(lines[:5])
            yield Problem("total-differs", key, values={"lines": f"{total.source}: {named}"})


def resting_totals(frames: Frames, setting: Setting, upper: Upper) -> Mapping[str, bool | None]:
    """Find the totals that rest on withdrawn figures, or may.

    Args:
        frames: the tables of all units.
        setting: the election.
        upper: areas and totals.

    Returns:
        Digests of the totals of whose source a sheet was withdrawn: whether the sums are others than those of
        the sheets that stand, else the total was made after the withdrawal; None where nobody can tell, as of
        copies.
    """
    rows = frames.withdrawn.filter(pl.col("kind").is_in(list(_SHEETS))).select("contest", "source")
    gone = {(setting.base, contest, source) for contest, source in rows.unique().iter_rows()}
    gone |= {
        (level, one.contest, one.source)
        for (level, _), unit in upper.units.items()
        for one in unit.withdrawn
        if one.kind in _SHEETS
    }
    found: dict[str, bool | None] = {}
    for total, key in upper.totals:
        if (total.level, total.contest, total.source) in gone:
            lines = _differing_lines(frames, setting, total)
            found[key] = None if lines is None else bool(lines)
    return found


def _differing_lines(frames: Frames, setting: Setting, total: TotalEntry) -> list[str] | None:
    """Name the lines of a total that its source does not add up to; None where nobody here can tell."""
    source = setting.sources.get(total.source)
    if source is None or source.kind != "official" or source.level != total.level:
        return None
    sheets = frames.sheets.get(total.source)
    if sheets is None:
        sheets = pl.DataFrame(schema={"unit": pl.String})
    if sheets["unit"].n_unique() != sheets.height:
        return None
    columns = [f"={line}" for line in total.sums if f"={line}" in sheets.columns]
    found = sheets.select(exact_sum(pl.col(c)).alias(c) for c in columns).row(0) if columns else ()
    sums = dict(zip(columns, found, strict=True))
    return sorted(line for line, held in total.sums.items() if (sums.get(f"={line}") or 0) != held)
