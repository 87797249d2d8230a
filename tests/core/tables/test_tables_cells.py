"""One cell to a count: what is accepted, and in which words everything else is refused."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haq.errors import TableError
from haq.tables.cells import EMPTY, LARGEST, Counts, parse_count, read_counts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0),
        (" 1582 ", 1582),
        ("+7", 7),
        ("-3", -3),
        ("−3", -3),
        ("007", 7),
        ("1 234", 1234),
        ("1\u00a0234\u00a0567", 1234567),
        ("12\u2009345", 12345),
        ("12\u202f345", 12345),
        ("1'234", 1234),
        ("1’234", 1234),
        ("12.0", 12),
        ("12,0", 12),
        ("١٢٣", 123),
        ("10000000000", LARGEST),
    ],
)
def test_a_number_in_many_notations_is_one_integer(text: str, count: int) -> None:
    assert parse_count(text) == count


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", EMPTY),
        ("  \u00a0", EMPTY),
        ("1.234", "ambiguous"),
        ("1,234", "ambiguous"),
        ("1,234,567", "ambiguous"),
        ("12.5", "not a whole number"),
        ("57,3%", "percentage"),
        ("12 %", "percentage"),
        ("н/д", "not a number"),
        ("-", "not a number"),
        ("—", "not a number"),
        ("пять", "not a number"),
        ("12 34", "not a number"),
        ("1 234'567", "not a number"),
        ("1.2E+05", "scientific"),
        ("10000000001", "not a count: larger than 10 000 000 000"),
        ("9" * 5000, "not a count"),
        ("²", "not a number"),
        ("1_000", "not a number"),
        ("0x1F", "not a number"),
        ("#REF!", "an error of the spreadsheet"),
        ("#DIV/0!", "an error of the spreadsheet"),
        ("#ЗНАЧ!", "an error of the spreadsheet"),
        ("nan", "not a number"),
    ],
)
def test_what_is_no_count_is_refused_in_words(text: str, reason: str) -> None:
    read = parse_count(text)
    assert isinstance(read, str)
    assert reason in read


def counts(cells: pl.Series) -> Counts:
    """Read a column whose rows are numbered from 2."""
    return read_counts("f.csv", "Votes", pl.Series("row", range(2, 2 + len(cells)), dtype=pl.Int64), cells)


@given(st.lists(st.none() | st.text(max_size=6) | st.integers(-(10**14), 10**14).map(str), max_size=12))
def test_the_column_says_what_each_cell_says_alone(cells: list[str | None]) -> None:
    column = counts(pl.Series("c", cells, dtype=pl.String))
    alone = [EMPTY if cell is None else parse_count(cell) for cell in cells]
    assert column.values.to_list() == [read if isinstance(read, int) else None for read in alone]
    assert column.refused.rows() == [
        (row, "Votes", None if read == EMPTY else cell, read)
        for row, (cell, read) in enumerate(zip(cells, alone, strict=True), 2)
        if isinstance(read, str)
    ]


def test_whole_floats_are_counts_and_others_are_not() -> None:
    column = counts(pl.Series([12.0, None, 1.5, float("nan"), float("inf"), -4.0, 1e11]))
    assert column.values.to_list() == [12, None, None, None, None, -4, None]
    reasons = [EMPTY, "not a whole number", "not a number"]
    assert column.refused["reason"].to_list()[:3] == reasons
    assert column.refused["row"].to_list() == [3, 4, 5, 6, 8]


def test_integers_of_any_width_keep_the_limit() -> None:
    column = counts(pl.Series([5, 2**63 + 1, None], dtype=pl.UInt64))
    assert column.values.to_list() == [5, None, None]
    assert column.refused["value"].to_list() == [str(2**63 + 1), None]
    assert counts(pl.Series([-(2**63)], dtype=pl.Int64)).values.to_list() == [None]


def test_decimals_that_are_whole_are_counts_whatever_their_scale() -> None:
    cells = [Decimal("5.000"), Decimal("-1.000"), Decimal("1.234"), None, Decimal("20000000000.000")]
    column = counts(pl.Series(cells, dtype=pl.Decimal(20, 3)))
    assert column.values.to_list() == [5, -1, None, None, None]
    assert column.refused.select("value", "reason").rows() == [
        ("1.234", "not a whole number"),
        (None, EMPTY),
        ("20000000000", "not a count: larger than 10 000 000 000"),
    ]


def test_yes_and_no_are_not_counts() -> None:
    with pytest.raises(TableError, match=r"f\.csv: column 'Votes' holds Boolean"):
        counts(pl.Series([True, False]))
