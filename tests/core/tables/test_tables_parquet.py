"""Parquet: types as they are, only mapped columns, damage in one message."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from haq.errors import TableError
from haq.tables import Field, Mapping, detect, preview, read
from haq.tables.parquet_reader import ParquetSheet

KEY = Field("station", "key")
VOTES = Field("votes", "count")


def save(folder: Path, **columns: object) -> Path:
    """Write columns."""
    path = folder / "f.parquet"
    pl.DataFrame(columns, strict=False).write_parquet(path)
    return path


def test_types_become_counts_and_text(tmp_path: Path) -> None:
    path = save(
        tmp_path,
        uik=[1, 2, 3],
        votes=[5.0, None, 2.5],
        when=[dt.date(2023, 3, 19), None, dt.date(2023, 3, 20)],
        share=[Decimal("3"), Decimal("4"), Decimal("5")],
        nothing=[None, None, None],
    )
    columns: dict[str, str | int] = {"station": "uik", "votes": "votes", "when": "when", "n": "share", "z": 5}
    fields = [KEY, VOTES, Field("when", "text", False), Field("n", "count"), Field("z", "count")]
    table = read(path, Mapping(columns), fields)
    assert table.frame.rows() == [
        (2, "1", 5, "2023-03-19", 3, None),
        (3, "2", None, None, 4, None),
        (4, "3", None, "2023-03-20", 5, None),
    ]
    assert table.refused_cells.filter(pl.col("field") == "votes").select("row", "value").rows() == [
        (3, None),
        (4, "2.5"),
    ]
    assert table.layout == detect(path)


def test_columns_that_are_no_cells_are_refused_only_when_mapped(tmp_path: Path) -> None:
    path = save(tmp_path, uik=["1"], votes=[[1, 2]], photo=[b"\xff"], open=[True])
    assert read(path, Mapping({"station": "uik"}), [KEY]).rows.accepted == 1
    for column in ("votes", "photo", "open"):
        with pytest.raises(TableError, match=rf"f\.parquet: column '{column}' holds .*map another column"):
            read(path, Mapping({"station": "uik", "votes": column}), [KEY, VOTES])
    assert preview(path).sample == (("1", "<List(Int64)>", "<Binary>", "true"),)


def test_refused_rows_keep_all_their_cells(tmp_path: Path) -> None:
    path = save(tmp_path, uik=["1", None, "1"], votes=[5, 6, 7], note=["a", "б", None])
    table = read(path, Mapping({"station": "uik", "votes": "votes"}), [KEY, VOTES])
    assert table.frame.is_empty()
    assert table.refused_rows["raw"].to_list() == ['["1", "5", "a"]', '[null, "6", "б"]', '["1", "7", null]']


def test_keys_that_are_numbers_become_digits_and_nan_is_no_key(tmp_path: Path) -> None:
    path = save(
        tmp_path,
        uik=[1.0, float("nan"), None],
        code=pl.Series(["5.000", "6.500", "7"]).cast(pl.Decimal(9, 3)),
    )
    assert read(path, Mapping({"station": "code"}), [KEY]).frame["station"].to_list() == ["5", "6.500", "7"]
    table = read(path, Mapping({"station": "uik"}), [KEY])
    assert table.frame["station"].to_list() == ["1"]
    assert table.refused_rows["reason"].to_list() == ["no key: 'uik' is empty"] * 2


def test_an_empty_table_has_no_rows(tmp_path: Path) -> None:
    path = save(tmp_path, uik=pl.Series([], dtype=pl.String), votes=pl.Series([], dtype=pl.Int64))
    table = read(path, Mapping({"station": "uik", "votes": "votes"}), [KEY, VOTES])
    assert (table.rows.read, table.frame.height) == (0, 0)


@pytest.mark.parametrize("keep", [4, 8, 100, 0.5, 0.95])
def test_a_file_cut_short_is_refused(tmp_path: Path, keep: float) -> None:
    path = save(tmp_path, uik=[str(n) for n in range(500)])
    size = int(keep if keep >= 1 else keep * path.stat().st_size)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(TableError, match=r"f\.parquet: the Parquet file is damaged"):
        read(path, Mapping({"station": "uik"}), [KEY])


@pytest.mark.parametrize("wrong", [-1, 1])
def test_a_file_that_promises_other_rows_than_it_holds_is_refused(tmp_path: Path, wrong: int) -> None:
    path = tmp_path / "f.parquet"
    pl.DataFrame({"uik": ["1", "2"], "votes": [3, 4]}).write_parquet(path)
    sheet = ParquetSheet(path)
    sheet.rows_read += wrong
    with pytest.raises(TableError, match="damaged"):
        sheet.columns([0])
    if wrong > 0:
        with pytest.raises(TableError, match="damaged"):
            sheet.head(5)
