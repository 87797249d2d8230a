"""Evaluates what a law profile writes about lines, on one protocol or on a frame of many.

The two paths are written apart on purpose: tests hold them against each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from operator import add, or_

import polars as pl

from haq.law import CHOICES, Linear, Relation


def terms_of(expression: Linear, choices: Sequence[str]) -> list[tuple[str, int]]:
    """List the columns of an expression with their factors, ``choices`` spelled out.

    Without choices that term stays as it is: no sheet has such a line, so nothing is ever
    computed from a sum of no votes.
    """
    return [
        (name, factor)
        for key, factor in expression.terms
        for name in (choices if key == CHOICES and choices else (key,))
    ]


def columns_of(expression: Linear, choices: Sequence[str]) -> tuple[str, ...]:
    """List the columns that an expression needs, with ``choices`` spelled out.

    Args:
        expression: a linear expression over line keys.
        choices: keys of the choices on the ballot paper, in ballot order.

    Returns:
        Column names, each once, in order of appearance.
    """
    return tuple(dict.fromkeys(name for name, _ in terms_of(expression, choices)))


def is_known(expression: Linear, columns: Collection[str], choices: Sequence[str]) -> bool:
    """Tell whether every column that an expression needs is there."""
    return all(name in columns for name in columns_of(expression, choices))


def value_of(expression: Linear, lines: Mapping[str, int | None], choices: Sequence[str]) -> int | None:
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
    for name, factor in terms_of(expression, choices):
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
        Expression of whole numbers; null where a needed number is missing (``+`` keeps nulls,
        unlike ``sum_horizontal``, which would read a missing number as zero). Figures up to
        10**12 never overflow it.
    """
    parts = [_times(factor, pl.col(name)) for name, factor in terms_of(expression, choices)]
    if expression.constant or not parts:
        parts.append(pl.lit(expression.constant, dtype=pl.Int64))
    return reduce(add, parts)


def _times(factor: int, figure: pl.Expr) -> pl.Expr:
    if factor in (1, -1):
        return figure if factor == 1 else -figure
    # A law profile may write a factor of 12 digits; 64 bits would wrap around without a word.
    return figure.cast(pl.Int128) * factor


def is_broken(relation: Relation, lines: Mapping[str, int | None], choices: Sequence[str]) -> bool | None:
    """Tell whether one protocol breaks a control relation (``None``: unknown)."""
    left, right = value_of(relation.left, lines, choices), value_of(relation.right, lines, choices)
    if left is None or right is None:
        return None
    excess = {"==": abs(left - right), "<=": left - right, ">=": right - left}[relation.op]
    return excess > relation.tolerance


def breaks(relation: Relation, choices: Sequence[str]) -> pl.Expr:
    """Build the Polars expression that tells which rows break a control relation."""
    left, right = polars_of(relation.left, choices), polars_of(relation.right, choices)
    if relation.op == "==":
        return (left - right).abs() > relation.tolerance
    return (left - right if relation.op == "<=" else right - left) > relation.tolerance


def any_of(parts: Sequence[pl.Expr]) -> pl.Expr:
    """Join conditions by three-valued *or* (Polars' ``|`` keeps unknowns)."""
    return reduce(or_, parts) if parts else pl.lit(False)


def exact_sum(column: str | pl.Expr) -> pl.Expr:
    """Build the expression for a sum that does not wrap around, however large its figures are.

    A thousand figures of 2^53 - 1, the largest that an entry can hold, are more than 64 bits.

    Args:
        column: Int64 column, or an expression that gives one.

    Returns:
        The sum as Int128; 0 for no figure.
    """
    return (pl.col(column) if isinstance(column, str) else column).cast(pl.Int128).sum()
