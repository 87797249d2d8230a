"""Whole numbers with exact sums: nothing is clamped, ballots only move."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


def round_to_total(rng: Generator, values: Floats, total: int) -> Counts:
    """Round each value up or down so that the whole adds up to a total.

    One random start decides all roundings (systematic sampling), so the expectation
    of every rounded value is the value itself.

    Args:
        rng: source of the random start.
        values: numbers >= 0 whose sum is the total but for float noise.
        total: sum to reach.

    Returns:
        Whole numbers, each the floor or the ceiling of its value (float noise apart).

    Source: Madow (1949), doi:10.1214/aoms/1177730046.
    """
    edges = np.floor(np.cumsum(values) + rng.random()).astype(np.int64)
    edges[-1] = total
    return np.diff(edges, prepend=np.int64(0))


def fit_margins(
    seed: Floats, rows: Counts, columns: Counts, *, tolerance: float = 1e-9, rounds: int = 200
) -> Floats:
    """Scale a table until its rows and columns have the wanted sums.

    Args:
        seed: expected counts (rows x columns), > 0 wherever a ballot may stand.
        rows: wanted sum of each row [voters].
        columns: wanted sum of each column [voters]; both add up to the same.
        tolerance: largest relative error of a column at which fitting stops.
        rounds: most rounds of fitting.

    Returns:
        The fitted table; rows are exact but for float noise, columns within tolerance.

    Source: Deming and Stephan (1940), doi:10.1214/aoms/1177731829.
    """
    table = seed.copy()
    for _ in range(rounds):
        sums = table.sum(axis=0)
        table *= np.divide(columns, sums, out=np.zeros_like(sums), where=sums > 0)
        table *= (rows / table.sum(axis=1))[:, None]
        if np.all(np.abs(table.sum(axis=0) - columns) <= tolerance * np.maximum(columns, 1)):
            break
    return table


def move_to_totals(rng: Generator, table: Counts, totals: Counts) -> Counts:
    """Move randomly chosen ballots between columns until the columns add up.

    A ballot moves within its row, so row sums stay. Ballots are chosen with equal
    chance out of all ballots of the column that has too many.

    Args:
        rng: source of the choice.
        table: counts (rows x columns), >= 0.
        totals: wanted column sums, >= 0; they add up to the sum of the table.

    Returns:
        A new table with exactly these column sums, nowhere negative.
    """
    table = table.copy()
    surplus = table.sum(axis=0) - totals
    for giver in np.flatnonzero(surplus > 0):
        for taker in np.flatnonzero(surplus < 0):
            count = min(surplus[giver], -surplus[taker])
            if count:
                moved = rng.multivariate_hypergeometric(table[:, giver], count)
                table[:, giver] -= moved
                table[:, taker] += moved
                surplus[giver] -= count
                surplus[taker] += count
    return table
