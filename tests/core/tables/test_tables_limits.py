"""Files made to fill the memory or to abort the engine: refused in words, in time."""

import gzip
import io
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from haq.errors import TableError
from haq.tables import Field, Mapping, detect, files, parquet_reader, preview, read, source

KEY = Field("station", "key")
VOTES = Field("votes", "count")
SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{}</sheetData></worksheet>"
)
FIRST = '<row r="1"><c r="A1"><v>1</v></c></row>'
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>uik</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>votes</t></is></c></row>'
)
MANY = "<c><v>1</v></c>" * 16_384


def workbook(path: Path, rows: str, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """Write a spreadsheet whose only sheet holds these rows, in a part of this name."""
    plain = io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet("A")
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name).replace(b"worksheets/sheet1.xml", part.removeprefix("xl/").encode())
            if name == "xl/worksheets/sheet1.xml":
                new.writestr(part, SHEET.format(rows))
            else:
                new.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "rows",
    [
        FIRST + "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        FIRST + '<row r="1048576"><c r = "XFD1048576"><v>1</v></c></row>',
        FIRST + f'<row r="1048576"><c r{" " * 400}=\n"XFD1048576"><v>1</v></c></row>',
        FIRST + '<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
        FIRST + '<row r="90485760"><c r="ZZZZ90485760"><v>1</v></c></row>',
        FIRST + '<row r="9000"><c r="XFD9000"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        f'<row r="1">{MANY}</row><row r="1048576"><c><v>1</v></c></row>',
        f"<row>{MANY}</row>" + "<row/>" * 5_000,
    ],
    ids=["single", "spaces", "far", "small", "beyond", "disorder", "nameless", "counted"],
)
def test_a_sheet_that_reaches_too_far_never_gets_to_the_engine(tmp_path: Path, rows: str) -> None:
    path = workbook(tmp_path / "f.xlsx", rows)
    code = (
        "import sys; from pathlib import Path\n"
        "from haq.errors import TableError; from haq.tables import detect\n"
        "try: detect(Path(sys.argv[1]))\nexcept TableError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, "the engine aborted"
    assert "far beyond a table; delete the stray cells" in done.stdout


def test_a_sheet_is_looked_at_wherever_the_workbook_keeps_it(tmp_path: Path) -> None:
    rows = FIRST + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    for part in ("xl/elsewhere.xml", "xl/sharedStrings2.bin"):
        with pytest.raises(TableError, match="reaches to row 1048576 and column 16384"):
            detect(workbook(tmp_path / "f.xlsx", rows, part))


def test_a_long_table_and_a_text_that_looks_like_a_reference_pass(tmp_path: Path) -> None:
    text = "&lt;sheetData> r='XFD1048576'"
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>5</v></c></row>' for n in range(2, 30_000)
    )
    path = workbook(tmp_path / "f.xlsx", HEADER + rows)
    strings = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(strings, "a") as archive:
        archive.writestr("docProps/note.xml", f"<t>{text}</t>")
    path.write_bytes(strings.getvalue())
    assert read(path, Mapping({"station": "uik", "votes": "votes"}), [KEY, VOTES]).rows.accepted == 29_998


@pytest.mark.parametrize("quote", ['"', "'"])
def test_errors_of_formulas_are_unreadable_and_not_empty(tmp_path: Path, quote: str) -> None:
    errors = ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#GETTING_DATA"]
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c>'
        f'<c r="B{n}" t={quote}e{quote}><f>B1</f><v>{error}</v></c></row>'
        for n, error in enumerate(errors, 2)
    )
    rows += '<row r="20"><c r="A20"><v>20</v></c></row><row r="21"><c r="A21" t="e"><v>#REF!</v></c></row>'
    path = workbook(tmp_path / "f.xlsx", HEADER + rows)
    table = read(path, Mapping({"station": "uik", "votes": "votes"}), [KEY, VOTES])
    found = table.refused_cells.select("row", "value").rows()
    assert found == [*enumerate(errors, 2), (20, None)]
    assert table.refused_cells["reason"].str.contains("an error of the spreadsheet").sum() == len(errors)
    assert table.refused_rows["row"].to_list() == [21]


def test_a_packed_bomb_is_refused_before_the_memory_is_used_up(tmp_path: Path) -> None:
    path = tmp_path / "f.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        for _ in range(700):
            stream.write(bytes(1 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TableError, match=r"f\.csv\.gz: unpacks to more than 512 MiB; split it"):
        detect(path)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 800 * 1024, "in KiB: the bytes are held twice"


def test_a_plain_file_beyond_two_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    with path.open("wb") as stream:
        stream.write(b"uik,votes\n1,2\n")
        stream.truncate((2 << 30) + 1)  # sparse: it takes no room
    with pytest.raises(TableError, match=r"f\.csv: 2048 MiB, more than the 2048 MiB that haq reads"):
        detect(path)


def test_what_is_no_ordinary_file_is_refused() -> None:
    with pytest.raises(TableError, match="no ordinary file"):
        detect(Path("/dev/zero"))


def test_no_memory_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> object:
        raise MemoryError

    path = tmp_path / "f.csv"
    path.write_text("uik,votes\n1,2\n", "utf-8")
    monkeypatch.setattr(source, "read_csv", exhausted)
    monkeypatch.setattr(source, "csv_layout", exhausted)
    for use in (detect, preview, lambda file: read(file, Mapping({"station": "uik"}), [KEY])):
        with pytest.raises(TableError, match=r"f\.csv: the file is too large for the memory"):
            use(path)


def test_a_parquet_file_of_too_many_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f.parquet"
    pl.DataFrame({"uik": ["1", "2", "3"]}).write_parquet(path)
    monkeypatch.setattr(parquet_reader, "_LARGEST", 2)
    with pytest.raises(TableError, match="3 rows, more than 2; split the file"):
        detect(path)


def test_the_limits_are_those_of_the_page_on_tables() -> None:
    assert (files.UNPACKED_LIMIT, files.PLAIN_LIMIT) == (512 << 20, 2 << 30)
