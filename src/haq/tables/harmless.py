"""Texts that a spreadsheet would run: made harmless in what is written for people."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

#: What a spreadsheet takes for the beginning of a formula; ``-5`` is a number, ``-A1`` and ``-5+A1`` are not.
_FORMULA, _NUMBER = r"^[-=+@\t\r]", r"^-\d+(?:[.,]\d+)?$"


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before texts that a spreadsheet would run as a formula, headers too.

    Args:
        frame: any table; only its text columns and its headers are looked at.

    Returns:
        The table for a CSV file that people open in a spreadsheet; nothing else is changed.

    Source: OWASP, CSV Injection.
    """
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    mended = frame.with_columns(_mended(frame.get_column(name)) for name in texts)
    return mended.rename(harmless_headers(frame.columns))


def harmless_headers(names: Sequence[str]) -> dict[str, str]:
    """Put an apostrophe before headers that a spreadsheet would run as a formula.

    Args:
        names: of the columns of one table.

    Returns:
        Name -> header, for every name; no two have the same.
    """
    headers: dict[str, str] = {}
    taken = set(names)
    for name in names:
        header = f"'{name}" if _is_formula(name) else name
        while header != name and header in taken:
            header = f"'{header}"
        taken.add(header)
        headers[name] = header
    return headers


def _is_formula(text: str) -> bool:
    return bool(re.match(_FORMULA, text)) and not re.match(_NUMBER, text)


# Series, not expressions: a column may be called like a pattern of columns.
def _mended(texts: pl.Series) -> pl.Series:
    formula = texts.str.contains(_FORMULA)
    if not formula.any():
        return texts
    formula &= ~texts.str.contains(_NUMBER)
    return ("'" + texts).zip_with(formula.fill_null(False), texts).alias(texts.name)
