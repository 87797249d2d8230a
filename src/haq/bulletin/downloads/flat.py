"""The tables of the bulletin as CSV for people and as Parquet for machines."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from haq.bulletin.model import Tables
from haq.tables.harmless import harmless

#: What stands in a cell of a CSV file where there is no number but the sheet is not empty there.
GAPS = ("unreadable", "different")
_PLAIN = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True)
class Flat:
    """A table that can be downloaded.

    Attributes:
        name: of its files, without ending: small Latin letters, digits, ``_`` and ``-``.
        what: code of what it is, see ``Download.what``.
        frame: exact.
        key: source or level that it is of; empty otherwise.
    """

    name: str
    what: str
    frame: pl.DataFrame
    key: str = ""


def stem_of(key: str) -> str:
    """Name a file after a source or a level, whatever characters a stranger's key has."""
    if _PLAIN.fullmatch(key):
        return key
    return f"x-{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def flats_of(tables: Tables) -> Iterator[Flat]:
    """List the tables in a fixed order.

    Args:
        tables: everything that the entries hold.

    Yields:
        Stations, areas by level, every source, gaps, findings, differences, totals, replies.
    """
    yield Flat("stations", "stations", tables.stations)
    for level, frame in tables.areas.items():
        yield Flat(f"areas-{stem_of(level)}", "areas", frame, level)
    for key, frame in tables.sources.items():
        yield Flat(f"source-{stem_of(key)}", "source", frame, key)
    yield Flat("gaps", "gaps", tables.gaps)
    yield Flat("findings", "findings", tables.findings)
    yield Flat("differences", "differences", tables.differences)
    yield Flat("totals", "totals", tables.totals)
    yield Flat("replies", "replies", tables.replies)


def with_gaps(frame: pl.DataFrame, gaps: pl.DataFrame, words: dict[str, str] | None = None) -> pl.DataFrame:
    """Say in words where a figure is not a number and yet not empty.

    Args:
        frame: (rows × columns) ``row`` and the figures of one source.
        gaps: ``row``, ``line``, ``state`` of that source.
        words: state -> what to write; absent, the state itself.

    Returns:
        The frame; a column with gaps is text. An empty cell stays null.
    """
    figures = [name for name, kind in frame.schema.items() if kind == pl.Int64 and name != "row"]
    lines = [line for line in gaps["line"].unique().sort().to_list() if line in figures]
    for line in lines:
        here = gaps.filter(pl.col("line") == line).select("row", "state").unique("row", keep="first")
        state = pl.col("state").replace(words) if words else pl.col("state")
        marks = here.select("row", state.alias(":gap"))
        frame = frame.join(marks, on="row", how="left", maintain_order="left")
        # By position in the frame: a line may be called like a pattern of columns.
        cells = frame.get_column(line).cast(pl.String).fill_null(frame.get_column(":gap"))
        frame = frame.with_columns(cells.alias(line)).drop(":gap")
    return frame


def csv_of(frame: pl.DataFrame) -> bytes:
    """Write a table as CSV: UTF-8, commas, LF; a text that is a formula gets an apostrophe."""
    return exact_csv_of(harmless(frame))


def exact_csv_of(frame: pl.DataFrame) -> bytes:
    """Write a table as CSV for programs: every text as it is."""
    stream = io.BytesIO()
    frame.write_csv(stream)
    return stream.getvalue()


def parquet_of(frame: pl.DataFrame) -> bytes:
    """Write a table as Parquet: exact, always in the same way."""
    stream = io.BytesIO()
    # How a frame came about shows in its chunks, and chunks would show in the file.
    frame.rechunk().write_parquet(
        stream, compression="zstd", compression_level=1, statistics=True, row_group_size=1 << 17
    )
    return stream.getvalue()
