"""Texts that a spreadsheet would run: made harmless in what is written for people."""

from __future__ import annotations

import polars as pl

#: What a spreadsheet takes for the beginning of a formula; ``-5`` is a number, ``-A1`` is not.
_FORMULA = r"^[=+@\t\r]|^-\D"


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before texts that a spreadsheet would run as a formula.

    Args:
        frame: any table; only its text columns are looked at.

    Returns:
        The table for a CSV file that people open in a spreadsheet; nothing else is changed.

    Source: OWASP, CSV Injection.
    """
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    )
