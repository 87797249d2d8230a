"""Evaluates the linear expressions of a law profile, on one protocol or on a frame of many.

The two paths are written apart on purpose: tests hold them against each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from operator import add, and_, or_

import polars as pl

from haq.law import Linear

#: The term of an expression that stands for the votes of all choices together.
CHOICES = "choices"


def columns_of(expression: Linear, choices: Sequence[str]) -> tuple[str, ...]:
    """List the columns that an expression needs, with ``choices`` spelled out.

    Args:
        expression: a linear expression over line keys.
        choices: keys of the choices on the ballot paper, in ballot order.

    Returns:
        Column names, each once, in order of appearance.
    """
    names: dict[str, None] = {}
    for key, _ in expression.terms:
        names.update(dict.fromkeys(choices) if key == CHOICES else {key: None})
    return tuple(names)


def is_known(expression: Linear, columns: Collection[str], choices: Sequence[str]) -> bool:
    """Tell whether every column that an expression needs is there."""
    return all(name in columns for name in columns_of(expression, choices))


def value_of(
    expression: Linear, lines: Mapping[str, int | None], choices: Sequence[str]
) -> int | None:
    """Compute an expression on one protocol.

    Args:
        expression: a linear expression over line keys.
        lines: line or choice key -> number [ballots or people]; ``None`` where
            the cell is empty or cannot be read.
        choices: keys of the choices on the ballot paper.

    Returns:
        The exact integer, or ``None`` where a needed number is missing.
    """
    total = expression.constant
    for key, factor in expression.terms:
        for name in choices if key == CHOICES else (key,):
            number = lines.get(name)
            if number is None:
                return None
            total += factor * number
    return total


def polars_of(expression: Linear, choices: Sequence[str]) -> pl.Expr:
    """Build the Polars expression that computes ``expression`` on every row.

    Args:
        expression: a linear expression over line keys.
        choices: keys of the choices on the ballot paper.

    Returns:
        Int64 expression; null where a needed number is missing (``+`` keeps nulls,
        unlike ``sum_horizontal``, which would read a missing number as zero).
    """
    parts = [
        pl.col(name) if factor == 1 else pl.col(name) * factor
        for key, factor in expression.terms
        for name in (choices if key == CHOICES else (key,))
    ]
    if expression.constant or not parts:
        parts.append(pl.lit(expression.constant, dtype=pl.Int64))
    return reduce(add, parts)


def all_of(parts: Sequence[pl.Expr]) -> pl.Expr:
    """Join conditions by three-valued *and* (Polars' ``&`` keeps unknowns)."""
    return reduce(and_, parts) if parts else pl.lit(True)


def any_of(parts: Sequence[pl.Expr]) -> pl.Expr:
    """Join conditions by three-valued *or* (Polars' ``|`` keeps unknowns)."""
    return reduce(or_, parts) if parts else pl.lit(False)
