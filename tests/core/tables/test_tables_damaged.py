"""Files that are no tables: one message each, saying what to do."""

import gzip
from pathlib import Path

import pytest

from haq.errors import TableError
from haq.tables import Field, Mapping, detect, files, read


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"f\.csv: there is no such file"):
        detect(tmp_path / "f.csv")
    with pytest.raises(TableError, match="this is a folder"):
        detect(tmp_path)
    with pytest.raises(TableError, match="cannot be opened"):
        detect(tmp_path / "f\0.csv")


@pytest.mark.parametrize("data", [b"", b"\n\n", b"  \r\n ", b"\xef\xbb\xbf", b"\xff\xfe", gzip.compress(b"")])
def test_an_empty_file(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    with pytest.raises(TableError, match="the file is empty"):
        detect(path)


def test_a_header_alone_is_a_table_of_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("uik,votes", "utf-8")
    table = read(path, Mapping({"station": "uik"}), [Field("station", "key")])
    assert (table.rows.read, table.frame.columns) == (0, ["row", "station"])


@pytest.mark.parametrize("keep", [5, 12, 30])
def test_a_packed_file_cut_short(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "f.csv.gz"
    path.write_bytes(gzip.compress(b"uik,votes\n" + b"1,2\n" * 100)[:keep])
    with pytest.raises(TableError, match="damaged or cut short"):
        detect(path)


def test_a_bomb_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "UNPACKED_LIMIT", 1 << 20)
    path = tmp_path / "f.csv.gz"
    path.write_bytes(gzip.compress(bytes(2 << 20)))
    with pytest.raises(TableError, match="unpacks to more than 1 MiB"):
        detect(path)


def test_a_huge_cell_costs_its_row_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("uik,name,votes\n1,a,1\n2," + "x" * 200_000 + ",2\n3,c,3\n4,d,4\n", "utf-8")
    table = read(path, Mapping({"station": "uik"}), [Field("station", "key")])
    assert table.frame["station"].to_list() == ["1", "3", "4"]
    assert "longer than 131072 characters" in table.refused_rows["reason"][0]


def test_a_huge_cell_whose_quote_stays_open_costs_its_row_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    long = "x" * 131_071  # the line below makes it too long
    path.write_text(f'uik,name,votes\n1,a,1\n2,"{long}\n3,c,3\n4,d,4\n5,e,5\n', "utf-8")
    table = read(path, Mapping({"station": "uik"}), [Field("station", "key")])
    assert table.frame["station"].to_list() == ["1", "3", "4", "5"]
    assert "a quote opened in row 3" in table.refused_rows["reason"][0]
