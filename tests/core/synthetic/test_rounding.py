"""Whole numbers keep their sums, and ballots only move."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from haq.synthetic.rounding import fit_margins, move_to_totals, round_to_total


@given(st.lists(st.floats(0, 5000), min_size=1, max_size=40), st.integers(0, 99))
def test_rounding_keeps_the_sum_and_moves_no_value_by_one(values: list[float], seed: int) -> None:
    array = np.array(values)
    total = round(array.sum())
    # The last value takes the rest, so that the values sum to a whole number.
    array[-1] += total - array.sum()
    if array[-1] < 0:
        return
    rounded = round_to_total(np.random.default_rng(seed), array, total)
    assert rounded.sum() == total
    assert (np.abs(rounded - array) < 1 + 1e-6).all()


def test_a_table_with_known_margins_is_fitted() -> None:
    seed = np.array([[1.0, 2.0], [3.0, 4.0]])
    fitted = fit_margins(seed, np.array([10, 10]), np.array([5, 15]))
    np.testing.assert_allclose(fitted.sum(axis=1), [10, 10])
    np.testing.assert_allclose(fitted.sum(axis=0), [5, 15])
    # Fitting keeps the odds ratio of the seed: 1 * 4 / (2 * 3).
    np.testing.assert_allclose(fitted[0, 0] * fitted[1, 1] / (fitted[0, 1] * fitted[1, 0]), 4 / 6)


@settings(max_examples=100)
@given(st.data())
def test_moved_ballots_reach_any_totals_within_their_rows(data: st.DataObject) -> None:
    cells = st.lists(st.integers(0, 30), min_size=3, max_size=3)
    table = np.array(data.draw(st.lists(cells, min_size=1, max_size=6)))
    total = int(table.sum())
    cut = sorted(data.draw(st.lists(st.integers(0, total), min_size=2, max_size=2)))
    totals = np.diff([0, *cut, total])
    moved = move_to_totals(np.random.default_rng(0), table, totals)
    assert (moved.sum(axis=0) == totals).all()
    assert (moved.sum(axis=1) == table.sum(axis=1)).all()
    assert (moved >= 0).all()
