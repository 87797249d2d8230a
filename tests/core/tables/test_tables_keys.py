"""Station keys: text for ever, told apart, and looked at for zeros that a spreadsheet ate."""

import time
from pathlib import Path

import polars as pl
import pytest

from haq.tables import Field, Mapping, Table, read

KEY = Field("station", "key")
VOTES = Field("votes", "count")


def table(folder: Path, text: str, *, several: bool = False) -> Table:
    """Read the columns ``uik`` and ``votes`` of a CSV file."""
    path = folder / "f.csv"
    path.write_text(text, "utf-8")
    return read(path, Mapping({"station": "uik", "votes": "votes"}), [KEY, VOTES], several=several)


def test_01_10_stays_01_10(tmp_path: Path) -> None:
    read_back = table(tmp_path, "uik,votes\n01.10,5\n01.1,6\n001.1,7\n")
    assert read_back.frame["station"].to_list() == ["01.10", "01.1", "001.1"]
    assert read_back.notes == ()


def test_a_file_whose_last_zeros_were_eaten_is_reported(tmp_path: Path) -> None:
    keys = [f"{float(f'1.{n:02}'):g}" for n in range(1, 21)]  # 1.01 … 1.1 … 1.2: the floats of 1.10, 1.20
    text = "uik,votes\n" + "".join(f"{key},{n}\n" for n, key in enumerate(keys))
    (note,) = table(tmp_path, text).notes
    assert "evidently eaten the last zero" in note
    whole = "uik,votes\n" + "".join(f"1.{n:02},{n}\n" for n in range(1, 21))
    assert table(tmp_path, whole).notes == ()


def test_two_stations_that_became_one_are_reported_and_refused(tmp_path: Path) -> None:
    read_back = table(tmp_path, "uik,votes\n1.1,5\n1.2,6\n1.1,7\n")
    assert "1.1 stands there twice" in read_back.notes[0]
    assert read_back.frame["station"].to_list() == ["1.2"]
    assert read_back.refused_rows["reason"].to_list() == [
        "the key '1.1' also stands in row 4, with other cells in 'votes'; "
        "haq does not choose: correct the file or the key",
        "the key '1.1' also stands in row 2, with other cells in 'votes'; "
        "haq does not choose: correct the file or the key",
    ]


def test_a_float_key_of_parquet_that_lost_its_zero_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    pl.DataFrame({"uik": [1.1, 1.2, 1.1, 12.0], "votes": [1, 2, 3, 4]}).write_parquet(path)
    read_back = read(path, Mapping({"station": "uik", "votes": "votes"}), [KEY, VOTES], several=True)
    assert read_back.frame["station"].to_list() == ["1.1", "1.2", "1.1", "12"]
    assert "1.1 stands there twice" in read_back.notes[0]


def test_lost_leading_zeros_are_suspected_and_restored_by_padding(tmp_path: Path) -> None:
    codes = [*range(10101001, 10101016), *range(130101001, 130101016)]
    text = "uik,votes\n" + "".join(f"{code},1\n" for code in codes)
    (note,) = table(tmp_path, text).notes
    assert "{uik:09} in the mapping" in note
    padded = read(tmp_path / "f.csv", Mapping({"station": "{uik:09}", "votes": 2}), [KEY, VOTES])
    assert padded.frame["station"][0] == "010101001"
    assert padded.notes == ()


def test_white_space_around_a_key_goes_and_is_noted_one_space_inside_it_stays(tmp_path: Path) -> None:
    read_back = table(tmp_path, "uik,votes\n 12 ,5\n1 2\u00a0,6\n13,7\n")
    assert read_back.frame["station"].to_list() == ["12", "1 2", "13"]
    assert read_back.notes == ("column 'uik': white space around 2 keys was left out",)


@pytest.mark.parametrize(
    "key",
    [
        "UIK\u00a01",
        "UIK  1",
        "UIK\t1",
        "UIK\u20091",
        "UIK\u200b 1",
        "U\u00adIK 1",
        "\ufeffUIK 1",
        "UIK \u202a1\u202c",
    ],
)
def test_spaces_of_any_kind_and_invisible_characters_make_no_other_station(tmp_path: Path, key: str) -> None:
    path = tmp_path / "f.csv"
    path.write_text(f"region,uik,votes\nA B,UIK 1,5\n{key},{key},5\n", "utf-8")
    fields = [Field("station", "key"), Field("region", "area"), VOTES]
    mapping = Mapping({"station": "uik", "region": "region", "votes": "votes"})
    read_back = read(path, mapping, fields, several=True)
    assert read_back.frame.rows() == [(2, "UIK 1", "A B", 5), (3, "UIK 1", "UIK 1", 5)]
    assert read_back.duplicates["key"].to_list() == ["UIK 1"]
    for what in ("column 'uik': {} keys", "column 'region': {} names"):
        outer = key.strip() != key
        assert any(what.format("1") + " hold special" in note for note in read_back.notes) is not outer
    assert len(read_back.notes) == 2


def test_a_key_of_nothing_visible_is_empty(tmp_path: Path) -> None:
    assert table(tmp_path, "uik,votes\n\u200b,5\n").refused_rows["reason"][0] == "no key: 'uik' is empty"


def test_keys_that_look_alike_in_unicode_are_one_key(tmp_path: Path) -> None:
    read_back = table(tmp_path, "uik,votes\nЙ-1,5\nИ\u0306-1,6\n")
    assert read_back.rows.refused == 2


def test_the_same_row_again_is_refused_and_names_the_first(tmp_path: Path) -> None:
    read_back = table(tmp_path, "uik,votes\n1,5\n2,6\n1,5\n1,5\n")
    assert read_back.frame["row"].to_list() == [2, 3]
    assert read_back.refused_rows["reason"].to_list() == ["the same row as row 2"] * 2
    assert read_back.duplicates.rows() == [("1", 4, 2, True), ("1", 5, 2, True)]


def test_equal_copies_of_two_observers_are_both_kept(tmp_path: Path) -> None:
    read_back = table(tmp_path, "uik,votes\n1,5\n2,6\n1,5\n1,7\n", several=True)
    assert read_back.frame["row"].to_list() == [2, 3, 4, 5]
    assert read_back.refused_rows.is_empty()
    assert read_back.duplicates.rows() == [("1", 4, 2, True), ("1", 5, 2, False)]


def test_the_fields_of_rows_refused_as_duplicates_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("region,uik,votes\nA,1,5\nA,2,\nB,1,6\nA,,7\nA,3,8\nA,3,8\n", "utf-8")
    fields = [KEY, Field("region", "area"), VOTES]
    read_back = read(path, Mapping({"station": "uik", "region": "region", "votes": "votes"}), fields)
    assert read_back.refused_rows["row"].to_list() == [2, 4, 5, 7]
    assert read_back.refused_frame.rows() == [(2, "1", "A", 5), (4, "1", "B", 6), (7, "3", "A", 8)]
    assert read_back.refused_frame.schema == read_back.frame.schema


def test_a_column_that_is_no_key_is_refused_quickly_and_said_so(tmp_path: Path) -> None:
    count = 20_000
    text = "oik,votes\n" + "".join(f"7,{n}\n" for n in range(count))
    path = tmp_path / "f.csv"
    path.write_text(text, "utf-8")
    start = time.perf_counter()
    read_back = read(path, Mapping({"station": "oik", "votes": "votes"}), [KEY, VOTES])
    taken = time.perf_counter() - start
    assert read_back.rows.refused == count
    reasons = read_back.refused_rows["reason"]
    assert "stands in row 3, 4, 5, 6, 7, 8, 9, 10 and 19991 more, with other cells in 'votes'" in reasons[0]
    assert "stands in row 2, 3, 4, 5, 6, 7, 8, 9 and 19991 more" in reasons[-1]
    assert read_back.notes[-1] == (
        "20000 of 20000 rows share their key with other rows: "
        "the column 'oik' is probably not the station's key"
    )
    assert taken < 5, "about 0.2 s on two idle cores: each row is compared with every other"


def test_several_copies_of_a_station_are_all_kept_when_that_is_normal(tmp_path: Path) -> None:
    read_back = table(tmp_path, "uik,votes\n1,5\n2,6\n1,7\n", several=True)
    assert read_back.frame["row"].to_list() == [2, 3, 4]
    assert read_back.duplicates.rows() == [("1", 4, 2, False)]


def test_of_three_rows_the_repeated_one_and_the_contradictions_are_told_apart(tmp_path: Path) -> None:
    read_back = table(tmp_path, "uik,votes\n1,5\n1,7\n1,5\n2,1\n")
    assert read_back.frame["station"].to_list() == ["2"]
    reasons = dict(read_back.refused_rows.select("row", "reason").iter_rows())
    assert reasons[4] == "the same row as row 2"
    assert "also stands in row 3" in reasons[2]
    assert "also stands in row 2" in reasons[3]


@pytest.mark.parametrize(
    "word",
    [
        "Итого",
        "ВСЕГО:",
        " Total ",
        "барлығы",
        "Жиыны",
        "Grand  total",
        "Итого по району",
        "Аудан бойынша барлығы",
    ],
)
def test_a_row_of_totals_is_skipped_and_pointed_out(tmp_path: Path, word: str) -> None:
    read_back = table(tmp_path, f"uik,votes\n1,5\n2,6\n{word},11\n{word},\n")
    assert read_back.frame["votes"].sum() == 11
    assert read_back.skipped.rows() == [(n, "a row of totals, not a station") for n in (4, 5)]
    assert (read_back.rows.read, read_back.rows.skipped, read_back.rows.refused) == (4, 2, 0)
    assert read_back.refused_cells.is_empty()
    assert any("looks like a row of totals, not a station" in note for note in read_back.notes)


def test_a_row_of_totals_without_a_key_is_told_by_its_first_text(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("n,name,region,uik,votes\n1,a,A,1,5\n2,Всего,A,,5\n3,b,Итого,,5\n4,c,B,,1\n", "utf-8")
    read_back = read(path, Mapping({"station": "{region} / {uik}", "votes": "votes"}), [KEY, VOTES])
    assert read_back.frame["station"].to_list() == ["A / 1"]
    assert read_back.skipped["row"].to_list() == [3, 4]
    assert read_back.refused_rows.select("row", "reason").rows() == [(5, "no key: 'uik' is empty")]
    assert "rows without a key that begin with a word of totals were skipped: 3" in read_back.notes


def test_a_refused_row_leaves_no_cell_behind(tmp_path: Path) -> None:
    read_back = table(tmp_path, "uik,votes\n1,\n,\n2,x\n ,y\n")
    assert read_back.refused_cells["row"].to_list() == [2, 4]
    assert read_back.skipped["row"].to_list() == [3]
    assert read_back.refused_rows["row"].to_list() == [5]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#ССЫЛКА!"])
def test_an_error_of_a_spreadsheet_names_no_station(tmp_path: Path, error: str) -> None:
    read_back = table(tmp_path, f"uik,votes\n1,5\n{error},6\n#1,7\n")
    assert read_back.frame["station"].to_list() == ["1", "#1"]
    (reason,) = read_back.refused_rows["reason"].to_list()
    assert reason == f"no key: 'uik' holds the error {error} of a spreadsheet; mend its formula"


def test_keys_of_two_fields_count_together(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("region,uik\nA,1\nB,1\nA,1\n", "utf-8")
    fields = [Field("region", "key"), Field("uik", "key")]
    read_back = read(path, Mapping({"region": "region", "uik": "uik"}), fields)
    assert read_back.frame["row"].to_list() == [2, 3]
    assert read_back.refused_rows["key"].to_list() == ["A | 1"]
