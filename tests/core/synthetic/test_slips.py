"""Slips of the pen look like slips of the pen."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from haq.synthetic.copies import LOOKALIKES, misread, swap

numbers = st.integers(0, 10**6)


@given(numbers, st.integers(0, 99))
def test_a_swap_keeps_the_digits_and_the_length(number: int, seed: int) -> None:
    written = swap(np.random.default_rng(seed), number)
    assert sorted(str(written)) == sorted(str(number))
    places = [i for i, (a, b) in enumerate(zip(str(number), str(written), strict=True)) if a != b]
    assert places in ([], [*places[:1], *(p + 1 for p in places[:1])])


@given(numbers, st.integers(0, 99))
def test_a_misread_figure_differs_in_one_lookalike_digit(number: int, seed: int) -> None:
    written = misread(np.random.default_rng(seed), number)
    pairs = [(a, b) for a, b in zip(str(number), str(written), strict=True) if a != b]
    assert len(pairs) == 1
    assert int(pairs[0][1]) in LOOKALIKES[int(pairs[0][0])]


def test_figures_that_cannot_be_swapped_stay() -> None:
    assert [swap(np.random.default_rng(1), number) for number in (0, 7, 55, 10)] == [0, 7, 55, 10]
    assert swap(np.random.default_rng(1), 12) == 21
