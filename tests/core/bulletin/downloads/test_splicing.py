"""Files made of the last one's bytes are those that would be made at once."""

import hashlib
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haq.bulletin.downloads.archive import files_in, zip_of, zip_pieces
from haq.bulletin.downloads.flat import csv_of
from haq.bulletin.downloads.splicing import Window, csv_pieces, put_together, window_of

CELLS = st.sampled_from(["", "a", "=b", 'c"', "d,e", "Ә", None])
ROWS = st.lists(st.tuples(CELLS, st.one_of(st.none(), st.integers(-9, 9))), max_size=12)


def table(rows: list[Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"text": pl.String, "=n": pl.Int64}, orient="row")


@given(ROWS, ROWS, ROWS, ROWS)
def test_a_window_is_all_that_differs(
    head: list[Any], old: list[Any], new: list[Any], tail: list[Any]
) -> None:
    one, other = table([*head, *old, *tail]), table([*head, *new, *tail])
    window = window_of(one, other)
    if window is None:
        return  # most of it differs: tested below
    assert window.first <= min(window.old, window.new)
    assert one.head(window.first).equals(other.head(window.first))
    assert one.slice(window.old).equals(other.slice(window.new))
    kept = one.height - window.old + window.first
    assert kept >= min(len(head) + len(tail), one.height, other.height)
    held = b"before" + csv_of(one) + b"after"
    place = range(6, len(held) - 5)
    pieces = csv_pieces(held, place, window, one.height, other, csv_of)
    assert pieces is not None
    made = put_together(held, hashlib.sha256(held).hexdigest(), [range(6), *pieces, b"after"])
    assert made is not None and made[0] == b"before" + csv_of(other) + b"after"
    assert made[1].digest() == hashlib.sha256(made[0]).digest()


def test_no_window_where_columns_or_most_rows_differ() -> None:
    one = table([("a", 1), ("b", 2), ("c", 3)])
    assert window_of(one, one.rename({"text": "other"})) is None
    assert window_of(one, one.with_columns(pl.col("=n") + 1)) is None
    assert window_of(one, one) == Window(3, 3, 3)
    assert window_of(one, table([("a", 1), ("c", 3)])) == Window(1, 2, 1)


def test_a_text_with_a_line_break_is_no_row_of_its_own() -> None:
    one, other = table([("a\nb", 1), ("c", 2), ("d", 3)]), table([("a\nb", 1), ("c", 2), ("d", 4)])
    window, held = window_of(one, other), csv_of(one)
    assert window is not None
    assert csv_pieces(held, range(len(held)), window, one.height, other, csv_of) is None


def test_nothing_is_taken_of_a_file_that_is_not_what_was_written() -> None:
    assert put_together(b"abd", hashlib.sha256(b"abc").hexdigest(), [range(2), b"x"]) is None


NAMES = st.sampled_from(["a", "b", "stations.csv", "source-official.csv"])


@given(
    st.dictionaries(NAMES, st.binary(max_size=9), min_size=1), st.dictionaries(NAMES, st.binary(max_size=9))
)
def test_an_archive_with_changed_files_is_as_if_packed_at_once(
    files: dict[str, bytes], more: dict[str, bytes]
) -> None:
    more = {name: data for name, data in more.items() if name in files}
    held = zip_of(files, folder="f")
    places = files_in(held)
    assert {name: held[p.start : p.stop] for name, p in places.items()} == {
        f"f/{n}": d for n, d in files.items()
    }
    # The file as it is now begins with two bytes of the old one.
    changed = {
        f"f/{n}": [range(places[f"f/{n}"].start, places[f"f/{n}"].start + min(2, len(files[n]))), data]
        for n, data in more.items()
    }
    pieces = zip_pieces(held, changed)
    assert pieces is not None
    made = put_together(held, hashlib.sha256(held).hexdigest(), pieces)
    assert made is not None
    assert made[0] == zip_of(files | {n: files[n][:2] + data for n, data in more.items()}, folder="f")


@pytest.mark.parametrize("held", [b"", b"PK", b"nothing at all" * 9])
def test_what_is_no_archive_is_not_taken_for_one(held: bytes) -> None:
    assert files_in(held) == {} and zip_pieces(held, {}) is None
