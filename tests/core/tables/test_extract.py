"""An extract holds the mapped columns and nothing else, and reads to the same figures as the whole file."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from haq import tables
from haq.tables import Field, Table

FIELDS = (Field("station", "key"), Field("name", "text", required=False), Field("votes", "count"))
SECRET = "Ivanova +7 700 000 00 00"

CSV = f"""Table of {SECRET}

tel;УИК;votes;note;name;more
1;1;10;{SECRET};School;1
;2;12 345;;"a ""quoted"" name;
on two lines";2
3;3;нрзб;{SECRET};=cmd();0
4;3;7;;;

;Итого;17;;;
tel;УИК;votes;note;name;more
{SECRET};5
6;;5;{SECRET};;
{SECRET};7;;;{"x" * 300};
{SECRET};8;4;;;5
{SECRET};8;4;;;5
1;9;4;same here;;
2;9;4;differs here;;
"""


def read(path: Path, columns: Mapping[str, str | int], **layout: Any) -> Table:
    return tables.read(path, tables.Mapping(dict(columns)), FIELDS, name="t", overrides=layout)


def again(table: Table, columns: Mapping[str, str | int], folder: Path) -> Table:
    """Read an extract as anybody who has the entry would."""
    path = folder / "extract.csv"
    path.write_bytes(tables.extract(table))
    return read(path, columns, **tables.extract_layout(table))


def same(one: Table, two: Table) -> None:
    """Hold two readings against each other: every figure, and what became of every row."""
    assert one.frame.equals(two.frame)
    assert one.rows == two.rows
    cells = ("row", "field", "value")
    assert one.refused_cells.select(cells).equals(two.refused_cells.select(cells))
    assert one.refused_rows.select("row", "key").equals(two.refused_rows.select("row", "key"))
    assert one.skipped["row"].equals(two.skipped["row"])
    assert one.refused_frame.equals(two.refused_frame)


@pytest.mark.parametrize(
    "columns",
    [
        {"station": "УИК", "votes": "votes", "name": "name"},
        {"station": 2, "votes": "votes + more"},
        {"station": "{УИК:03}/{more?}", "votes": "#3"},
    ],
)
def test_a_messy_table_reads_the_same(columns: dict[str, str | int], tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(CSV, "utf-8")
    whole = read(tmp_path / "t.csv", columns, separator=";", skip_rows=2)
    assert whole.rows.refused >= 3
    extract = again(whole, columns, tmp_path)
    same(whole, extract)
    data = tables.extract(whole)
    assert SECRET.encode() not in data and b"here" not in data
    assert set(tables.left_out(whole)) >= {"tel", "note"}
    assert tables.left_out(extract) == ()
    assert tables.extract(extract) == data == tables.extract(whole)


def test_a_table_without_a_header_keeps_the_numbers_of_its_columns(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,1,x,10\nb,2,y,20\nc,2,y,20\n", "utf-8")
    columns = {"station": 2, "votes": 4}
    whole = read(tmp_path / "t.csv", columns, header=False)
    same(whole, again(whole, columns, tmp_path))
    assert tables.left_out(whole) == ("column 1", "column 3")


def test_the_cells_of_parquet_are_written_as_they_are_read(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "station": [1.0, 2.0, 3.5, 4.0, None, 6.0],
            "votes": [1.0, None, 2.5, 1e12, 5.0, float("nan")],
            "observer": [SECRET] * 6,
        }
    )
    frame.write_parquet(tmp_path / "t.parquet")
    columns = {"station": "station", "votes": "votes"}
    whole = read(tmp_path / "t.parquet", columns)
    extract = again(whole, columns, tmp_path)
    assert whole.frame.equals(extract.frame) and whole.rows == extract.rows
    assert whole.refused_cells.select("row", "field").equals(extract.refused_cells.select("row", "field"))
    assert SECRET.encode() not in tables.extract(whole)


def test_what_stands_instead_of_a_column_is_written(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("station,votes,name\n1,5,a\n2,6,b\n", "utf-8")
    whole = read(tmp_path / "t.csv", {"station": "station", "votes": "votes", "name": "name"})
    lines = tables.extract(whole, {2: {3: "new"}}).decode().splitlines()
    assert lines == ["station,votes,name,row in haq", "1,5,,2", "2,6,new,3"]


cell = st.sampled_from(
    ["", " ", "1", "2", "12", "x", "Итого", "a,b", 'say "so"', "two\nlines", "=1+1", "нрзб"]
)


@example(rows=[("x", "", "", "Итого")])
@given(rows=st.lists(st.tuples(cell, cell, cell, cell), min_size=1, max_size=8))
def test_any_cells_read_the_same(rows: list[tuple[str, ...]], tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("any")
    stream = io.BytesIO()
    frame = pl.DataFrame(rows, schema=["hidden", "station", "votes", "name"], orient="row")
    frame.write_csv(stream)
    (folder / "t.csv").write_bytes(stream.getvalue())
    columns = {"station": "station", "votes": "votes", "name": "name"}
    whole = read(folder / "t.csv", columns, separator=",", header=True, skip_rows=0, encoding="utf-8")
    same(whole, again(whole, columns, folder))
