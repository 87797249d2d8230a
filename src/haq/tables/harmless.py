"""Texts that a spreadsheet would run: made harmless in what is written for people."""

from __future__ import annotations

import polars as pl

#: What a spreadsheet takes for the beginning of a formula; ``-5`` is a number, ``-A1`` and ``-5+A1`` are not.
_FORMULA, _NUMBER = r"^[-=+@\t\r]", r"^-\d+(?:[.,]\d+)?$"


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before texts that a spreadsheet would run as a formula.

    Args:
        frame: any table; only its text columns are looked at.

    Returns:
        The table for a CSV file that people open in a spreadsheet; nothing else is changed.

    Source: OWASP, CSV Injection.
    """
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(_mended(frame.get_column(name)) for name in texts)


# Series, not expressions: a column may be called like a pattern of columns.
def _mended(texts: pl.Series) -> pl.Series:
    formula = texts.str.contains(_FORMULA) & ~texts.str.contains(_NUMBER)
    return ("'" + texts).zip_with(formula.fill_null(False), texts).alias(texts.name)
