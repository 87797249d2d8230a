"""The real files: every row accounted for, as their README counts them."""

import time
from pathlib import Path

import polars as pl
import pytest

from haq.tables import Field, Mapping, detect, preview, read

pytestmark = pytest.mark.data
KEY = Field("station", "key")


@pytest.mark.parametrize(
    ("file", "encodings", "separator", "header", "rows", "key"),
    [
        ("bolivia_2019_utf8bom_comma.csv", {"utf-8-sig"}, ",", True, 199, "Número Mesa"),
        ("moscow_2011_noheader_semicolon.csv", {"utf-8"}, ";", False, 97, 1),
        ("poland_2025_utf8_semicolon.csv", {"utf-8"}, ";", True, 199, "{teryt_gmina}-{polling_station_id}"),
        ("russia_2011_utf8_comma.csv", {"utf-8"}, ",", True, 199, "{tik} {uik}"),
        ("turkey_2014_utf16le_tab_crlf.csv", {"utf-16"}, "\t", True, 199, "{ILCE_ID}.{Sandık No}"),
        ("venezuela_v2_latin1_comma.csv", {"cp1252", "iso8859_1"}, ",", True, 139, "{CENTRO:09}.{MESA:02}"),
    ],
)
def test_messy_files(
    shared_data: Path, file: str, encodings: set[str], separator: str, header: bool, rows: int, key: str | int
) -> None:
    path = shared_data / "messy_csv" / file
    layout = detect(path)
    assert layout.encoding in encodings
    assert (layout.separator, layout.header, layout.skip_rows) == (separator, header, 0)
    table = read(path, Mapping({"station": key}), [KEY])
    assert (table.rows.read, table.rows.accepted) == (rows, rows)
    assert table.frame["station"].str.contains("�").sum() == 0


def test_the_letter_that_is_not_ascii_is_read_right(shared_data: Path) -> None:
    path = shared_data / "messy_csv" / "venezuela_v2_latin1_comma.csv"
    table = read(path, Mapping({"area": "MUN"}), [Field("area", "area")])
    assert "MP. MUÑOZ" in table.frame["area"].to_list()


@pytest.mark.parametrize(
    ("file", "key", "rows"),
    [
        ("romanian-polling-stations.csv.gz", "{County} {Number}", 18_794),
        ("romania-2-polling-stations.csv.gz", "{Level1}/{Level2}/{Level3?}/{Level4?}/{Number}", 19_870),
        ("norway-polling-stations.csv.gz", "{Level1}/{Level2}/{Number}", 1_603),
        ("polling-stations-other.csv.gz", "DisplayOrder", 8_825),
    ],
)
def test_station_lists(shared_data: Path, file: str, key: str, rows: int) -> None:
    table = read(shared_data / "stations" / file, Mapping({"station": key}), [KEY])
    assert (table.rows.read, table.rows.accepted) == (rows, rows)


def test_a_key_too_short_for_the_file_costs_no_row_silently(shared_data: Path) -> None:
    path = shared_data / "stations" / "polling-stations-other.csv.gz"
    table = read(path, Mapping({"station": "{Level1}/{Level2}/{Number}"}), [KEY])
    assert table.rows.read == 8_825 == table.rows.accepted + table.rows.refused
    assert table.rows.refused > 0
    accepted = set(table.frame["station"].to_list())
    assert not accepted & set(table.refused_rows["key"].to_list())


def test_a_list_that_no_columns_tell_apart_says_how_many_rows_share_a_key(shared_data: Path) -> None:
    proposal = preview(shared_data / "stations" / "polling-stations-other.csv.gz").proposal
    assert proposal.key == "{Level1} / {Level2} / {Level3?} / {Number}"
    assert "rows share their key with another row" in proposal.key_reason


def test_russia_2021_whole_and_fast(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "russia" / "russia_2021.parquet"
    names = list(pl.read_parquet_schema(path))[5:]
    columns: dict[str, str | int] = {f"line{n}": name for n, name in enumerate(names)}
    fields = [KEY, *(Field(line, "count") for line in columns)]
    mapping = Mapping({"station": "{region} / {oik} / {tik} / {uik?}", **columns})
    read(path, mapping, fields)
    start = time.perf_counter()
    table = read(path, mapping, fields)
    taken = time.perf_counter() - start
    assert (table.rows.read, table.rows.accepted) == (96_325, 96_325)
    assert table.refused_cells.is_empty()
    total = pl.read_parquet(path, columns=names).sum().row(0)
    assert table.frame.select(list(columns)).sum().row(0) == total
    assert taken < 1.0, "about 0.08 s on two idle cores: something loops over rows"


def test_two_lines_that_a_copy_leaves_empty_are_named_and_not_zero(shared_data: Path) -> None:
    path = shared_data / "moscow_2011" / "protocol_copies_GN.parquet"
    lines: dict[str, str | int] = {f"line{number}": f"line{number}" for number in range(19, 26)}
    fields = [KEY, *(Field(line, "count") for line in lines)]
    table = read(path, Mapping({"station": "uik", **lines}), fields, several=True)
    row = table.frame.filter(pl.col("station") == "2714")["row"].item()
    empty = table.refused_cells.filter(pl.col("row") == row)
    assert empty.height == 2
    assert empty["reason"].unique().to_list() == ["empty: empty is not zero"]
