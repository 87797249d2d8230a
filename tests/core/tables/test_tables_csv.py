"""CSV: layouts that are told right, and rows of which none is lost."""

import csv
import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from haq.errors import TableError
from haq.tables import Field, Mapping, Table, detect, read

STATION = Field("station", "key")
VOTES = Field("votes", "count")


def write(folder: Path, text: str | bytes, name: str = "f.csv") -> Path:
    """Write a file byte by byte as given."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def stations(folder: Path, text: str | bytes) -> Table:
    """Read the columns ``uik`` and ``votes``."""
    mapping = Mapping({"station": "uik", "votes": "votes"})
    return read(write(folder, text), mapping, [STATION, VOTES])


def account(table: Table) -> tuple[int, int, int, int]:
    """Return the rows read, accepted, refused and skipped, and check that they add up."""
    rows = table.rows
    assert rows.read == rows.accepted + rows.refused + rows.skipped
    assert (rows.accepted, rows.refused) == (table.frame.height, table.refused_rows.height)
    assert rows.skipped == table.skipped.height
    return rows.read, rows.accepted, rows.refused, rows.skipped


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_separator_line_end_and_unicode_form(
    tmp_path: Path, separator: str, end: str, encoding: str
) -> None:
    lines = ["uik,votes,название", '1,10,"Школа, № 1"', "2,20,Клуб", "3,,Дом культуры"]
    text = end.join(line.replace(",", separator).replace(f"Школа{separator}", "Школа,") for line in lines)
    table = stations(tmp_path, text.encode(encoding))
    assert table.layout.separator == separator
    assert table.frame.rows() == [(2, "1", 10), (3, "2", 20), (4, "3", None)]
    assert table.refused_cells.rows() == [(4, "votes", "votes", None, "empty: empty is not zero")]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    text = 'uik,address,votes\n1,"a\nb\nc",10\n\n2,x,20\nuik,address,votes\n3,y,30\n'
    table = stations(tmp_path, text)
    assert table.frame.rows() == [(2, "1", 10), (4, "2", 20), (6, "3", 30)]
    assert table.skipped.rows() == [(3, "a blank row"), (5, "the header again")]
    assert account(table) == (5, 3, 0, 2)


def test_a_cut_last_line_is_refused_and_kept(tmp_path: Path) -> None:
    table = stations(tmp_path, "uik,name,votes\n1,a,10\n2,b,20\n3,c,30\n4,d,40\n5,e")
    assert account(table) == (5, 4, 1, 0)
    row = table.refused_rows.row(0, named=True)
    assert (row["row"], row["reason"]) == (6, "2 cells, fewer than the 3 of the header")
    assert json.loads(row["raw"]) == ["5", "e"]


def test_empty_cells_beyond_the_header_say_nothing_but_full_ones_do(tmp_path: Path) -> None:
    table = stations(tmp_path, "uik,votes\n1,10,\n2,20,\n3,30,\n4,40,\n5,50,9\n")
    assert account(table) == (5, 4, 1, 0)
    assert "3 cells, more than the 2" in table.refused_rows["reason"][0]
    assert any("4 rows end in empty cells" in note for note in table.notes)


def test_a_stray_quote_takes_only_its_own_row(tmp_path: Path) -> None:
    text = 'uik,name,votes\n1,a,10\n2,"b,20\n3,c,30\n4,"d",40\n5,e,50\n'
    table = stations(tmp_path, text)
    assert table.frame["station"].to_list() == ["1", "3", "4", "5"]
    row = table.refused_rows.row(0, named=True)
    assert row["row"] == 3
    assert "a quote opened in row 3, column 2, swallows the 2 lines below" in row["reason"]
    assert account(table) == (5, 4, 1, 0)


def test_a_stray_quote_that_another_closes_is_noticed_too(tmp_path: Path) -> None:
    # Cut as the rules of CSV say, this is one row of three cells that hides two stations.
    text = 'uik,name,votes\n1,a,10\n2,"b,20\n3,c,30\n4,d",40\n5,e,50\n'
    table = stations(tmp_path, text)
    assert table.frame["station"].to_list() == ["1", "3", "4", "5"]
    assert table.refused_rows["row"].to_list() == [3]


def test_names_with_quotes_that_are_not_doubled_are_read_and_noted(tmp_path: Path) -> None:
    path = write(
        tmp_path, 'uik;name;votes\n1;"АО "Казахтелеком"";5\n2;"ТОО ""X""";6\n3;"a"b";c";7\n' + "4;d;8\n" * 3
    )
    mapping = Mapping({"station": "uik", "name": "name", "votes": "votes"})
    table = read(path, mapping, [STATION, Field("name", "text"), VOTES])
    assert table.frame.rows() == [
        (2, "1", 'АО "Казахтелеком"', 5),
        (3, "2", 'ТОО "X"', 6),
        (5, "4", "d", 8),
    ]
    assert table.refused_rows["row"].to_list() == [4, 6, 7]
    assert "1 rows hold quotes" in table.notes[0]


@pytest.mark.parametrize(
    ("closing", "joined"), [('3"', 5), ('c"', 4), ('9"', 3)], ids=["too many", "as many", "too few"]
)
def test_a_quote_before_a_comma_swallows_no_row_either(tmp_path: Path, closing: str, joined: int) -> None:
    swallowed = "3,c,9,30".replace(closing[0], closing, 1)
    text = f'uik,address,issued,votes\n1,a,7,10\n2,"Abay 5, 1,8,20\n{swallowed}\n4,d,9,40\n5,e,9,50\n'
    assert len(next(csv.reader(text.splitlines(keepends=True)[2:]))) == joined
    table = stations(tmp_path, text)
    assert table.frame["station"].to_list() == ["1", closing if joined == 5 else "3", "4", "5"]
    assert table.refused_rows["row"].to_list() == [3]
    assert "a quote opened in row 3, column 2, swallows the 1 lines below" in table.refused_rows["reason"][0]
    assert account(table) == (5, 4, 1, 0)


@pytest.mark.parametrize(
    "text",
    [
        'uik,address,votes\n1,"Street 5, Town\n1430, Town\nProvince",10\n2,"b\nc, 7",20\n3,d,30\n',
        'uik,address,votes\nA,"Street 5\nTown, Province",10\nB,"Street 6, Town\nc, d",20\nC,d,30\n',
        '"address\nin words",uik,votes\n"Town\nProvince",1,10\nb,2,20\nc,3,30\n',
        'uik,votes\n"1\n",10\n"2\n3",20\n4,30\n',
    ],
)
def test_cells_of_several_lines_stay_one_row(tmp_path: Path, text: str) -> None:
    table = stations(tmp_path, text)
    assert table.frame["votes"].to_list() == [10, 20, 30]
    assert account(table) == (3, 3, 0, 0)


def test_a_row_of_several_lines_with_too_many_cells_names_its_quotes(tmp_path: Path) -> None:
    table = stations(tmp_path, 'uik,name,votes\n1,"a\nb",10,11\n2,c,20\n3,d,30\n4,e,40\n5,f,50\n')
    (reason,) = table.refused_rows["reason"].to_list()
    assert reason.startswith("4 cells, more than the 3 of the header; a quoted cell in column 2 joins")
    assert account(table) == (5, 4, 1, 0)


def test_quotes_behind_a_space_are_quotes(tmp_path: Path) -> None:
    text = 'uik, "address", votes\n1, "Abay 5, 7", 10\n2, "b", 20\n3, "c ""d"", e", 30\n'
    path = write(tmp_path, text)
    mapping = Mapping({"station": "uik", "address": "address", "votes": "votes"})
    table = read(path, mapping, [STATION, Field("address", "text"), VOTES])
    assert table.frame.rows() == [(2, "1", "Abay 5, 7", 10), (3, "2", "b", 20), (4, "3", 'c "d", e', 30)]


def test_a_quote_behind_a_space_that_stays_open_is_placed_right(tmp_path: Path) -> None:
    rows = "".join(f'{n}, "a, b", {n}0\n' for n in range(1, 2_500))
    table = stations(tmp_path, f'uik, "name, too", votes\n{rows}x, "c, d, 5\ny, "e", 6\n')
    assert table.rows.accepted == 2_500
    assert "a quote opened in row 2501, column 2, swallows" in table.refused_rows["reason"][0]


def test_quotes_behind_a_space_that_are_not_consistent_are_refused_with_advice(tmp_path: Path) -> None:
    rows = "".join(f'{n}, "Nika" LLC, {n}0\n' for n in range(1, 6))
    table = stations(tmp_path, f'uik,name,votes\n{rows}6, "a, b", 60\n')
    assert table.frame["votes"].to_list() == [10, 20, 30, 40, 50]
    (reason,) = table.refused_rows["reason"].to_list()
    assert "a space stands before the quote in column 2: remove the space" in reason


def test_a_quote_that_never_closes_costs_one_row(tmp_path: Path) -> None:
    names = ['"x' if number == 5 else "x" for number in range(2000)]
    text = "uik,name,votes\n" + "".join(f"{number},{name},1\n" for number, name in enumerate(names))
    table = stations(tmp_path, text)
    assert account(table) == (2000, 1999, 1, 0)


def test_quotes_broken_throughout_are_refused_with_advice(tmp_path: Path) -> None:
    text = "uik,name,votes\n" + "".join(f'{n},"x,{n}\n' for n in range(1, 1500))
    with pytest.raises(TableError, match=r"f\.csv: quotes are broken in more than 1000 rows.*quote"):
        stations(tmp_path, text)


def test_title_lines_are_recognised_and_noted(tmp_path: Path) -> None:
    text = "Results of the vote;;\n\nuik;name;votes\n1;a;10\n2;b;20\n3;c;30\n"
    table = stations(tmp_path, text)
    assert table.layout.skip_rows == 2
    assert table.frame["row"].to_list() == [4, 5, 6]
    assert "Results of the vote" in table.notes[0]


def test_a_file_without_header_goes_by_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, "54;UIK;2402\n78;UIK;1834\n103;UIK;2437\n")
    table = read(path, Mapping({"station": 1, "votes": "3"}), [STATION, VOTES])
    assert not table.layout.header
    assert table.frame.rows() == [(1, "54", 2402), (2, "78", 1834), (3, "103", 2437)]
    with pytest.raises(TableError, match="has no header; use a column number from 1 to 3"):
        read(path, Mapping({"station": "uik"}), [STATION])
    with pytest.raises(TableError, match="the columns are numbered 1 to 3"):
        read(path, Mapping({"station": 4}), [STATION])


def test_the_separator_that_a_spreadsheet_announces_is_obeyed(tmp_path: Path) -> None:
    table = stations(tmp_path, "sep=;\nuik;votes\n1;10\n")
    assert table.frame.rows() == [(3, "1", 10)]


def test_decimal_commas_do_not_hide_the_semicolon(tmp_path: Path) -> None:
    layout = detect(write(tmp_path, "uik;turnout;votes\n1;57,3;10\n2;61,0;20\n3;44,9;30\n"))
    assert layout.separator == ";"


def test_what_cannot_be_told_is_refused_until_it_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, "a;b|c\n1;2|3\n4;5|6\n".replace("b|c", "b|c;d|e").replace("|3", "|3;1|1"))
    with pytest.raises(TableError, match="separator"):
        detect(path)
    assert detect(path, separator="|").separator == "|"


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"colour": "red"}, "unknown setting 'colour'"),
        ({"separator": ";;"}, "separator = ';;' cannot be used"),
        ({"header": "yes"}, "header = 'yes' cannot be used"),
        ({"skip_rows": -1}, "skip_rows = -1 cannot be used"),
        ({"encoding": "klingon"}, "no text encoding 'klingon'"),
        ({"encoding": "rot13"}, "no text encoding 'rot13'"),
        ({"encoding": "ascii"}, "not valid ascii in line 2"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    tmp_path: Path, overrides: dict[str, object], message: str
) -> None:
    with pytest.raises(TableError, match=message):
        detect(write(tmp_path, "uik,votes\n№1,2\n"), **overrides)


def test_a_packed_file_is_read_as_what_it_packs(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(b"uik,votes\n1,10\n"), "f.csv.gz")
    table = read(path, Mapping({"station": "uik", "votes": "votes"}), [STATION, VOTES], name="copies")
    assert (table.name, table.frame.rows()) == ("copies", [(2, "1", 10)])


def test_years_name_columns_and_a_doubtful_first_row_is_refused(tmp_path: Path) -> None:
    assert detect(write(tmp_path, "region;2004;2007\nA;1;2\nB;3;4\n")).header
    path = write(tmp_path, "uik;1;2;3\n1;10;20;30\n2;11;21;31\n")
    with pytest.raises(TableError, match=r"f\.csv: the first row may be a header or data .*header = true"):
        detect(path)
    assert detect(path, header=True).header


def test_heavy_libraries_wait_until_they_are_needed() -> None:
    heavy = ["numpy", "python_calamine", "charset_normalizer"]
    code = f"import sys, haq.tables; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_key_of_several_lines_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text('"station","votes","note"\n"a\nb","5","x"\n"c","6","y\nz"\n', "utf-8")
    table = read(path, Mapping({"station": "station", "votes": "votes"}), [STATION, VOTES])
    assert (table.rows.read, table.rows.accepted) == (2, 2)
    assert table.frame["votes"].to_list() == [5, 6]
