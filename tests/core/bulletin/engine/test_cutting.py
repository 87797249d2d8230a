"""Pages of a list end where its rows say, so that one more row moves few others."""

from __future__ import annotations

import hashlib

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from haq.bulletin.assemble.cutting import page_ends


def pages_of(rows: list[str], length: int) -> list[tuple[str, ...]]:
    digests = pl.Series([hashlib.sha256(row.encode()).hexdigest() for row in rows], dtype=pl.String)
    ends = page_ends(digests, length)
    return [tuple(rows[start:end]) for start, end in zip((0, *ends), ends, strict=False)]


@given(st.integers(0, 700), st.integers(1, 60), st.integers(0, 10**6))
def test_every_row_stands_on_one_page_of_a_fitting_length(count: int, length: int, seed: int) -> None:
    rows = [f"{seed} {number}" for number in range(count)]
    pages = pages_of(rows, length)
    assert [row for page in pages for row in page] == rows
    assert all(len(page) <= 2 * length for page in pages)
    assert all(len(page) >= length // 2 for page in pages[:-1])
    assert all(pages)


def test_pages_have_about_the_length_that_was_asked_for() -> None:
    pages = pages_of([str(number) for number in range(50_000)], 100)
    assert 450 < len(pages) < 600


def test_one_more_row_moves_few_pages() -> None:
    rows = [str(number) for number in range(20_000)]
    before = pages_of(rows, 100)
    fresh = []
    for number in range(100):
        more = rows.copy()
        more.insert(number * 199, f"new {number}")
        fresh.append(len(set(pages_of(more, 100)) - set(before)))
    assert max(fresh) < 12 and sum(fresh) / len(fresh) < 3


def test_an_empty_list_has_no_page() -> None:
    assert pages_of([], 100) == []
