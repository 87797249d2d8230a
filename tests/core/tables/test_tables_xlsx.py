"""XLSX: values as text, rows by their numbers in the spreadsheet, damage in one message."""

import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from haq.errors import TableError
from haq.tables import Field, Mapping, detect, preview, read

KEY = Field("station", "key")
VOTES = Field("votes", "count")
BOTH = Mapping({"station": "uik", "votes": "votes"})


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    """Write sheets of rows; a cell that is None is left out."""
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif cell is not None:
                    sheet.write(row, column, cell)
    book.close()
    return path


TABLE: list[list[object]] = [
    ["uik", "votes"],
    ["01.10", 5],
    ["01.1", 6.0],
    [7, "1\u00a0234"],
    [None, None],
    [8.0, None],
    [9, True],
]


def test_keys_stay_text_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    table = read(workbook(tmp_path / "f.xlsx", List=TABLE), BOTH, [KEY, VOTES])
    rows = [(2, "01.10", 5), (3, "01.1", 6), (4, "7", 1234), (6, "8", None), (7, "9", None)]
    assert table.frame.rows() == rows
    assert table.skipped.rows() == [(5, "a blank row")]
    assert table.refused_cells.select("row", "value", "reason").rows() == [
        (6, None, "empty: empty is not zero"),
        (7, "TRUE", "not a number"),
    ]
    assert (table.layout.kind, table.layout.sheet) == ("xlsx", "List")


def test_a_table_below_titles_and_right_of_an_empty_column(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Hasil"],
        [],
        [None, "uik", "name", "votes"],
        [None, 1, "a", 10],
        [None, 2, "b", 20],
    ]
    table = read(workbook(tmp_path / "f.xlsx", A=rows), BOTH, [KEY, VOTES])
    assert table.frame.rows() == [(4, "1", 10), (5, "2", 20)]
    assert table.layout.skip_rows == 2


def test_dates_are_text_in_iso_form(tmp_path: Path) -> None:
    local = dt.datetime.fromisoformat("2023-03-19T18:10")
    rows: list[list[object]] = [
        ["uik", "when"],
        [1, dt.date(2023, 3, 19)],
        [2, local],
    ]
    mapping = Mapping({"station": "uik", "when": "when"})
    table = read(workbook(tmp_path / "f.xlsx", A=rows), mapping, [KEY, Field("when", "text")])
    assert table.frame["when"].to_list() == ["2023-03-19", "2023-03-19T18:10:00"]


def test_the_sheet_is_chosen_by_a_person_when_several_hold_data(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", A=TABLE, B=[["uik", "votes"], ["1", 2]], Empty=[])
    with pytest.raises(TableError, match=r"f\.xlsx: several sheets hold data \('A', 'B'\); name one"):
        detect(path)
    table = read(path, BOTH, [KEY, VOTES], layout=detect(path, sheet="B"))
    assert table.frame.rows() == [(2, "1", 2)]
    with pytest.raises(TableError, match="there is no sheet 'C'"):
        preview(path, sheet="C")


def test_bytes_tell_the_kind_whatever_the_name_says(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.csv", A=TABLE)
    assert detect(path).kind == "xlsx"
    packed = tmp_path / "g.xlsx.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read(packed, BOTH, [KEY, VOTES]).rows.accepted == 5


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.99])
def test_a_spreadsheet_cut_short_is_refused(tmp_path: Path, keep: float) -> None:
    path = workbook(tmp_path / "f.xlsx", A=TABLE)
    path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)])
    with pytest.raises(TableError, match=r"f\.xlsx: .*(damaged|cut short)"):
        detect(path)


def test_a_spreadsheet_whose_list_of_parts_is_misplaced_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", A=TABLE)
    data = bytearray(path.read_bytes())
    end = data.rindex(b"PK\x05\x06")
    data[end + 16 : end + 20] = (int.from_bytes(data[end + 16 : end + 20], "little") + 300).to_bytes(
        4, "little"
    )
    path.write_bytes(data)
    with pytest.raises(TableError, match=r"f\.xlsx: .*damaged"):
        detect(path)


def test_a_spreadsheet_with_broken_inside_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", A=TABLE)
    broken = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[: len(data) // 2] if "sheet1" in name else data)
    path.write_bytes(broken.getvalue())
    with pytest.raises(TableError, match=r"f\.xlsx: "):
        detect(path)


def test_a_stray_cell_in_the_last_corner_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("A")
    sheet.write(0, 0, "uik")
    sheet.write(1_048_575, 16_383, 1)
    book.close()
    with pytest.raises(TableError, match=r"reaches to row 1048576 and column 16384.*delete the stray cells"):
        detect(path)


def test_locked_old_and_foreign_files_say_what_to_do(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("votes.csv", "uik,votes\n1,2\n")
    for data, message in [
        (ole + "EncryptedPackage".encode("utf-16-le"), "locked by a password"),
        (ole, r"\.xls\); save it as \.xlsx"),
        (zipped.getvalue(), "an archive and not a table; unpack it"),
        (b"%PDF-1.7 ...", "this is a PDF"),
        (b"  <!DOCTYPE html><table>", "a web page"),
    ]:
        path = tmp_path / "f.xlsx"
        path.write_bytes(data)
        with pytest.raises(TableError, match=message):
            detect(path)
