"""Published totals held against the protocols among the entries: a cut file must not pass unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from haq.bulletin.assemble.frames import Frames
from haq.bulletin.model import Problem
from haq.bulletin.setting import Setting
from haq.entries import TotalEntry
from haq.protocols import exact_sum


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
        source = setting.sources.get(total.source)
        if source is None or source.kind != "official" or source.level != total.level:
            continue
        sheets = frames.sheets.get(total.source)
        if sheets is None:
            sheets = pl.DataFrame(schema={"unit": pl.String})
        if sheets["unit"].n_unique() != sheets.height:
            continue
        columns = [f"={line}" for line in total.sums if f"={line}" in sheets.columns]
        found = sheets.select(exact_sum(pl.col(c)).alias(c) for c in columns).row(0) if columns else ()
        sums = dict(zip(columns, found, strict=True))
        lines = sorted(line for line, held in total.sums.items() if (sums.get(f"={line}") or 0) != held)
        if lines:
            named = ", ".join(lines[:5])
            yield Problem("total-differs", key, values={"lines": f"{total.source}: {named}"})
