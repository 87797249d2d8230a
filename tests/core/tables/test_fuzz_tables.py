"""Fuzzing: whatever the bytes, one clear error or a table in which every row is accounted for."""

import csv
import gzip
import io
import json
import os
import tempfile
import unicodedata
import warnings
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haq.errors import HaqError
from haq.tables import Field, Mapping, Table, preview, read

FULL = 100_000
SHARE = 1.0 if os.environ.get("HAQ_PROVE") == "1" else 0.01
FIELDS = [Field("station", "key"), Field("votes", "count"), Field("note", "text", required=False)]

pytestmark = pytest.mark.prove


def cases(part: float) -> settings:
    """Return the settings for a part of all cases."""
    return settings(max_examples=int(FULL * part * SHARE), suppress_health_check=list(HealthCheck))


def in_file(data: bytes, mapping: Mapping, fields: Sequence[Field], *, several: bool = False) -> Table:
    """Write bytes to a file and read it as a table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_bytes(data)
        return read(path, mapping, fields, several=several)


def check_account(table: Table) -> None:
    """Check that every row and every null is accounted for once."""
    rows = table.rows
    assert rows.read == rows.accepted + rows.refused + rows.skipped
    assert (rows.accepted, rows.refused, rows.skipped) == (
        table.frame.height,
        table.refused_rows.height,
        table.skipped.height,
    )
    numbers = [*table.frame["row"], *table.refused_rows["row"], *table.skipped["row"]]
    assert len(set(numbers)) == len(numbers) == rows.read
    assert table.frame["row"].is_sorted()
    for raw in table.refused_rows["raw"]:
        assert isinstance(json.loads(raw), list)
    if "votes" in table.frame.columns:
        nulls = set(table.frame.filter(pl.col("votes").is_null())["row"].to_list())
        refused = table.refused_cells.filter(pl.col("field") == "votes")["row"].to_list()
        assert nulls == set(refused)
        assert len(refused) == len(set(refused))
    if "station" in table.frame.columns:
        assert table.frame["station"].null_count() == 0


def survive(data: bytes) -> None:
    """Read bytes in every way; only errors of the family may come out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_bytes(data)
        try:
            look = preview(path)
            proposed = look.proposal.mapping(look.headers, look.layout.header)
            types = {"station": "key", "region": "area", "district": "area", "territory": "area"}
            fields = [Field(key, types.get(key, "count")) for key in proposed.columns]  # type: ignore[arg-type]
            check_account(read(path, proposed, fields, several=True))
        except HaqError as error:
            assert str(error).startswith("f.csv: ")
            assert "\n" not in str(error)
        for mapping in (
            Mapping({}),
            Mapping({"station": 1, "votes": 2}),
            Mapping({"station": 1, "votes": 1}),
        ):
            fields = [field for field in FIELDS if field.key in mapping.columns]
            try:
                check_account(read(path, mapping, fields))
            except HaqError as error:
                assert "\n" not in str(error)


TEXTY = st.lists(
    st.sampled_from(
        [*'0123456789,;\t|"\n\r .-%+', "\r\n", "a", "Ж", "é", "\u00a0", "\ufeff", '""', "1 234", "uik"]
    ),
    max_size=60,
).map("".join)


@cases(0.2)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    survive(data)


@cases(0.3)
@given(TEXTY, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251", "koi8_r", "kz1048"]))
def test_any_text_that_looks_like_a_table(text: str, encoding: str) -> None:
    survive(text.encode(encoding, "replace"))


def a_workbook() -> bytes:
    """Return a small spreadsheet."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("A")
    for row, cells in enumerate([["uik", "votes"], ["01.10", 5], ["2", None], [3, 4.5], [True, "x"]]):
        sheet.write_row(row, 0, cells)
    book.close()
    return stream.getvalue()


def a_parquet() -> bytes:
    """Return a small Parquet file."""
    stream = io.BytesIO()
    pl.DataFrame({"uik": ["1", "2", None], "votes": [5, None, -1], "x": [0.5, 1.0, None]}).write_parquet(
        stream
    )
    return stream.getvalue()


WHOLE = [a_workbook(), a_parquet(), gzip.compress(b"uik,votes\n1,2\n3,4\n")]


@cases(0.1)
@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
    st.none() | st.floats(0, 1),
)
def test_damaged_files(whole: bytes, changes: list[tuple[float, int]], cut: float | None) -> None:
    data = bytearray(whole)
    for where, value in changes:
        data[int(where * len(data))] = value
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns about names; no traceback is what counts
        survive(bytes(data if cut is None else data[: int(cut * len(data))]))


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), max_size=8)
KEYS = st.lists(
    st.text("0123456789.-/ Жé", min_size=1, max_size=6).map(lambda key: " ".join(key.split())).filter(bool),
    min_size=1,
    max_size=8,
    unique=True,
)


@cases(0.3)
@given(
    KEYS,
    st.data(),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_what_was_written_is_what_is_read(
    keys: list[str], data: st.DataObject, separator: str, end: str, encoding: str, quoting: int
) -> None:
    votes = data.draw(st.lists(st.integers(-5, 10**10), min_size=len(keys), max_size=len(keys)))
    notes = data.draw(st.lists(CELL, min_size=len(keys), max_size=len(keys)))
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["uik", "votes", "note"])
    writer.writerows(zip(keys, votes, notes, strict=True))
    mapping = Mapping({"station": "uik", "votes": "votes", "note": "note"})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_bytes(stream.getvalue().encode(encoding))
        layout = preview(path, separator=separator, header=True, skip_rows=0).layout
        table = read(path, mapping, FIELDS, layout=layout)
    check_account(table)
    assert table.frame["station"].to_list() == keys
    assert table.frame["votes"].to_list() == votes
    plain = [unicodedata.normalize("NFC", note.strip()) or None for note in notes]
    assert table.frame["note"].to_list() == plain


@cases(0.1)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "2", "01", "", " ", "3"]), st.sampled_from(["5", "6", "", "x", "1 000"])
        ),
        max_size=12,
    ),
    st.booleans(),
)
def test_duplicates_lose_no_row(rows: list[tuple[str, str]], several: bool) -> None:
    text = "uik,votes,z\n" + "".join(f"{key},{votes},z\n" for key, votes in rows)
    mapping = Mapping({"station": "uik", "votes": "votes"})
    table = in_file(text.encode(), mapping, FIELDS[:2], several=several)
    check_account(table)
    assert table.rows.read == len(rows)
    kept = table.frame["station"].to_list()
    for key in {key.strip() for key, _ in rows} - {""}:
        copies = [(raw, votes) for raw, votes in rows if raw.strip() == key]
        figures = set(copies)
        assert kept.count(key) == (len(copies) if several else int(len(figures) == 1))
    assert table.refused_frame["station"].to_list() == table.refused_rows["key"].drop_nulls().to_list()
