"""The mapped columns of a table and nothing else of it, as a CSV file that reads as the table does."""

from __future__ import annotations

import io
from collections.abc import Mapping

import polars as pl

from haq.tables.keys import as_text
from haq.tables.table import Table

#: Stands over a column of which nothing is given.
LEFT_OUT = "left out"
#: The last column: which rows were the same in the whole file, and which only here.
ROW = "row in haq"


def extract(table: Table, instead: Mapping[int, Mapping[int, str]] | None = None) -> bytes:
    """Write the mapped columns of a table.

    Every column and every row keeps its place, so the same mapping reads the same figures, and refuses and
    skips as many rows. Columns that nobody mapped, titles above the header, rows of the wrong shape and
    skipped rows are blank, or say that they were left out: what stands in them may name people.

    Args:
        table: the table as it was read.
        instead: position of a column [from 0] -> row -> what to write in place of its cells; nothing
            for the other rows.

    Returns:
        CSV: UTF-8, commas, LF, the same bytes for the same table. Cells are as they stand in the file; those
        of Parquet columns are written as haq reads them.
    """
    layout, cells = table.layout, table.cells
    # An extract of an extract has no second one.
    headers = table.headers[:-1] if table.headers[-1:] == (ROW,) else table.headers
    columns = [
        _column(table, position, (instead or {}).get(position)).alias(f"c{position}")
        for position in range(len(headers))
    ]
    frame = pl.DataFrame([cells["row"], *columns, _identities(table).alias("same")])
    mapped = {position for positions in table.places.values() for position in positions}
    free = [f"c{position}" for position in range(len(headers)) if position not in mapped]
    # A row of the wrong shape names no station here either, and so is refused again.
    odd = sorted(set(table.refused_rows["row"]) - set(cells["row"]))
    skipped = table.skipped["row"].to_list()
    blank = pl.DataFrame(
        {"row": [*odd, *skipped], "same": [*map(str, odd), *[None] * len(skipped)]},
        schema={"row": pl.Int64, "same": pl.String},
    ).with_columns(pl.when(pl.col("same").is_not_null()).then(pl.lit(LEFT_OUT)).alias(c) for c in free)
    frame = frame.filter(~pl.col("row").is_in(skipped))
    frame = pl.concat([frame, blank], how="diagonal").sort("row")
    stream = io.BytesIO()
    stream.write(b"\n" * layout.skip_rows)
    if layout.header:
        names = [name if at in mapped else LEFT_OUT for at, name in enumerate(headers)]
        head = pl.DataFrame(
            [[name] for name in (*names, ROW)], schema=[f"c{n}" for n in range(len(names) + 1)]
        )
        head.write_csv(stream, include_header=False)
    frame.drop("row").write_csv(stream, include_header=False)
    return stream.getvalue()


def left_out(table: Table) -> tuple[str, ...]:
    """Name the columns of which an extract gives nothing."""
    mapped = {position for positions in table.places.values() for position in positions}
    return tuple(
        header or f"column {position + 1}"
        for position, header in enumerate(table.headers)
        if position not in mapped and header not in (LEFT_OUT, ROW)
    )


def extract_layout(table: Table) -> dict[str, str | int | bool]:
    """Say how an extract is laid out, in the words of ``election.toml``."""
    return {
        "encoding": "utf-8",
        "separator": ",",
        "header": table.layout.header,
        "skip_rows": table.layout.skip_rows,
    }


def _column(table: Table, position: int, instead: Mapping[int, str] | None) -> pl.Series:
    rows = table.cells["row"]
    if instead is not None:
        return pl.Series([instead.get(row) for row in rows], dtype=pl.String)
    if f"c{position}" not in table.cells.columns:
        # A row without a key whose first text is a word of totals would be skipped and not refused.
        keyless = table.refused_rows.filter(pl.col("key").is_null())["row"]
        words = pl.Series([LEFT_OUT, None], dtype=pl.String)
        return words[:1].zip_with(rows.is_in(keyless.to_list()), words[1:])
    cells = table.cells[f"c{position}"]
    text = cells if cells.dtype == pl.String else as_text(cells)
    # CSV could tell an empty text from none by quotes, which say nothing to whoever reads it.
    return pl.Series([None], dtype=pl.String).zip_with((text == "").fill_null(True), text)


def _identities(table: Table) -> pl.Series:
    """Give each row its number; a row that repeats another in the whole file has the other's."""
    rows = table.cells["row"]
    again = table.duplicates.filter("same")
    same = dict(again.select("row", "first_row").rows())
    return rows.replace(same).cast(pl.String) if same else rows.cast(pl.String)
