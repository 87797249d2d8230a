"""Headers, templates and sums: found exactly, or refused with the names that come near."""

import unicodedata
from pathlib import Path

import pytest

from haq.errors import TableError
from haq.tables import Field, Mapping, read

KEY = Field("station", "key")
VOTES = Field("votes", "count")
NOTE = Field("note", "text", required=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Four rows with a two-line header, a double header and a key in parts."""
    path = tmp_path / "f.csv"
    path.write_text(
        'region,tik,uik,"Всего\n голосов",early,inside,x,x,ё\n'
        "A,1,7,10,1,2,100,200,p\n"
        "A,1,,20,3,4,101,201,q\n"
        ",1,8,30,5,,102,202,\n"
        "B,12345,9,40,7,8,103,203,s\n",
        "utf-8",
    )
    return path


def refuse(file: Path, message: str, **columns: str | int) -> None:
    """Check that a mapping is refused with this message."""
    with pytest.raises(TableError, match=message):
        read(file, Mapping(dict(columns)), [KEY, VOTES, NOTE])


def test_a_header_is_found_whatever_its_white_space_and_unicode_form(file: Path) -> None:
    mapping = Mapping({"station": "uik", "votes": "Всего голосов", "note": unicodedata.normalize("NFD", "ё")})
    table = read(file, mapping, [KEY, VOTES, NOTE])
    assert table.frame["votes"].to_list() == [10, 30, 40]
    assert table.frame["note"].to_list() == ["p", None, "s"]


def test_a_composed_key_pads_numbers_and_leaves_optional_parts_out(file: Path) -> None:
    mapping = Mapping({"station": "{region?}/{tik:03}.{uik?}", "votes": 4})
    assert read(file, mapping, [KEY, VOTES]).frame["station"].to_list() == [
        "A/001.7",
        "A/001.",
        "/001.8",
        "B/12345.9",
    ]


def test_a_row_without_key_is_refused_and_says_which_column_is_empty(file: Path) -> None:
    table = read(file, Mapping({"station": "{region} / {uik}", "votes": 4}), [KEY, VOTES])
    assert table.frame["station"].to_list() == ["A / 7", "B / 9"]
    assert table.refused_rows.select("row", "key", "reason").rows() == [
        (3, None, "no key: 'uik' is empty"),
        (4, None, "no key: 'region' is empty"),
    ]


def test_a_sum_is_empty_where_a_part_is_empty(file: Path) -> None:
    table = read(file, Mapping({"station": "#4", "votes": "early + inside"}), [KEY, VOTES])
    assert table.frame["votes"].to_list() == [3, 7, None, 15]
    assert table.refused_cells.select("row", "field", "column").rows() == [(4, "votes", "inside")]


def test_mappings_that_do_not_fit_are_refused_by_name(file: Path) -> None:
    refuse(file, r"f\.csv: the mapping lacks the required field 'votes'", station="uik")
    refuse(file, r"no column 'uki' \(field 'station'\); perhaps 'uik'", station="uki", votes=4)
    refuse(file, r"header 'x' \(field 'votes'\) stands over columns 7, 8; .* #7", station="uik", votes="x")
    refuse(file, "unknown field 'vote'; perhaps 'votes'", station="uik", votes=4, vote=5)
    refuse(file, "brace without its pair", station="{uik", votes=4)
    refuse(file, "is a count and cannot be composed", station="uik", votes="{early}{inside}")
    refuse(file, "numbered 1 to 9", station="uik", votes=0)
    refuse(file, "no column 'noon'", station="uik", votes="early + noon")


@pytest.mark.parametrize(
    "template",
    [
        "{region}{uik}",
        "{tik}{uik:03?}",
        "{tik}{uik?}",
        "{region}{tik:03}{uik}",
        "{tik}0{uik}",
        "{tik}\u200b{uik}",
    ],
)
def test_columns_with_nothing_between_them_would_merge_stations(file: Path, template: str) -> None:
    refuse(file, "put a separator between them, .* or pad all but the first", station=template, votes=4)


def test_padding_of_all_but_one_part_keeps_stations_apart(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("r,u,votes\n1,12,5\n11,2,6\n1,1002,7\n1,x,8\n", "utf-8")
    table = read(path, Mapping({"station": "{r}{u:03}", "votes": "votes"}), [KEY, VOTES])
    assert table.frame["station"].to_list() == ["1012", "11002"]
    assert table.refused_rows["row"].to_list() == [4, 5]
    assert "'u' is '1002' and not a number of at most 3 digits" in table.refused_rows["reason"][0]
    first = read(path, Mapping({"station": "{r:02}{u}", "votes": "votes"}), [KEY, VOTES])
    assert first.frame["station"].to_list() == ["0112", "112", "011002", "01x"]


def test_a_sum_beyond_the_limit_is_no_count(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("uik,a,b\n1,9999999999,9\n2,1,2\n", "utf-8")
    table = read(path, Mapping({"station": "uik", "votes": "a + b"}), [KEY, VOTES])
    assert table.frame["votes"].to_list() == [None, 3]
    assert table.refused_cells.rows() == [
        (2, "votes", "a + b", "10000000008", "not a count: larger than 10 000 000 000")
    ]


def test_a_double_header_is_used_by_its_number(file: Path) -> None:
    table = read(file, Mapping({"station": "uik", "votes": "#8"}), [KEY, VOTES])
    assert table.frame["votes"].to_list() == [200, 202, 203]


def test_a_header_with_a_plus_or_braces_is_first_of_all_a_header(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a + b,{k},a,b\n5,one,1,2\n", "utf-8")
    table = read(path, Mapping({"station": "{k}", "votes": "a + b"}), [KEY, VOTES])
    assert table.frame.rows() == [(2, "one", 5)]
