"""Texts and station keys: composed, trimmed, and looked at for zeros that were lost."""

from __future__ import annotations

import re
from collections import Counter

import polars as pl

from haq.tables.cells import SPREADSHEET_ERROR
from haq.tables.mapping import Part, Source

# Everything outside these blocks might change under NFC; inside them nothing does.
_MAY_CHANGE = (
    r"[^\u0000-\u02FF\u0400-\u0482\u048A-\u052F\u2002-\u20CF\u2100-\u2125\u2127-\u2129\u212C-\u2328]"
)
_POINTED = re.compile(r"\d+\.\d+\Z", re.ASCII)
# Inside a name: white space that is not one plain space, and characters that nobody sees.
_FOLDABLE = r"[^\S ]|\s\s|\p{Cf}"
_TOTALS = {
    *("итого", "всего", "итог", "общий итог", "сумма"),
    *("барлығы", "барлыгы", "жиыны", "жиынтығы", "жалпы"),
    *("total", "totals", "grand total", "sum"),
    *("suma", "totales", "total general", "razem", "ogółem", "toplam", "genel toplam"),
}
# "Total for the district": the word alone could begin the name of a place.
_TOTALS_OF = re.compile(
    r"(итого|всего|итог) (по|за|на|в) |(total|totals) (for|of|de|del) "
    r"|(барлығы|жиыны) .* бойынша|.* бойынша (барлығы|жиыны)$"
)


def as_text(cells: pl.Series, *, name: bool = False) -> pl.Series:
    """Return cells as text: NFC, without outer white space; a number that is whole as an integer.

    Args:
        cells: one column.
        name: whether they name something (keys and areas): then every run of white space
            becomes one space, and invisible characters go.
    """
    if cells.dtype.is_decimal():
        return cells.cast(pl.String).str.replace(r"\.0+$", "")
    if cells.dtype.is_float():
        cells = cells.fill_nan(None)
        whole = ((cells == cells.floor()) & (cells.abs() < 2**53)).fill_null(False)
        integers = cells.zip_with(whole, pl.Series([None], dtype=cells.dtype)).cast(pl.Int64).cast(pl.String)
        return integers.zip_with(whole, cells.cast(pl.String))
    if cells.dtype == pl.Boolean:
        return cells.replace_strict({True: "true", False: "false"}, return_dtype=pl.String)
    if cells.dtype != pl.String:
        return cells.cast(pl.String)
    # Names of areas repeat: whether anything must change is told from the distinct ones.
    distinct = cells.unique()
    text = cells
    if name and distinct.str.contains(_FOLDABLE).any():
        text = text.str.replace_all(r"\p{Cf}+", "").str.replace_all(r"\s+", " ").str.strip_chars()
    elif trimmed(distinct):
        text = text.str.strip_chars()
    return text.str.normalize("NFC") if distinct.str.contains(_MAY_CHANGE).any() else text


def _padded(text: pl.Series, pad: int) -> pl.Series:
    digits = text.str.contains(r"^[0-9]+$").fill_null(False)
    return text.str.zfill(pad).zip_with(digits, text)


def compose(source: Source, texts: dict[int, pl.Series], height: int) -> pl.Series:
    """Put the parts of a text together.

    Args:
        source: literal texts and columns, in order.
        texts: position of a column -> its cells, by :func:`as_text`.
        height: number of rows.

    Returns:
        text; null where a part that must not be empty is empty, or all of it is, or a
        part has more digits than its width while nothing parts it from its neighbour.
    """
    if len(source.parts) == 1 and isinstance(source.parts[0], Part):
        only = source.parts[0]
        text = texts[only.column]
        text = _padded(text, only.pad) if only.pad else text
        return _null_if(text, (text == "").fill_null(True))
    frame = pl.DataFrame({f"c{column}": text for column, text in texts.items()}, height=height)
    pieces: list[pl.Expr] = []
    empty: list[pl.Expr] = []
    for part in source.parts:
        if isinstance(part, str):
            pieces.append(pl.lit(part))
            continue
        piece = pl.col(f"c{part.column}")
        if part.pad:
            digits = piece.str.contains(r"^[0-9]+$")
            piece = pl.when(digits).then(piece.str.zfill(part.pad)).otherwise(piece)
        if part.optional:
            piece = piece.fill_null("")
        else:
            empty.append(pl.col(f"c{part.column}").fill_null("") == "")
        if part.fixed:
            empty.append(~pl.col(f"c{part.column}").str.contains(fitting(part)))
        pieces.append(piece)
    if not empty:  # every part may be empty, but not all of them at once
        empty = [
            pl.all_horizontal(*(pl.col(f"c{part.column}").fill_null("") == "" for part in source.columns))
        ]
    composed = frame.select(
        pl.concat_str(pieces).str.strip_chars().alias("text"), pl.any_horizontal(*empty).alias("empty")
    )
    return _null_if(composed["text"], composed["empty"])


def fitting(part: Part) -> str:
    """Return the pattern of cells that fill a part of fixed width and no more."""
    return rf"^[0-9]{{1,{part.pad}}}$"


def _null_if(text: pl.Series, empty: pl.Series) -> pl.Series:
    return pl.Series([None], dtype=pl.String).zip_with(empty, text) if empty.any() else text


def trimmed(cells: pl.Series) -> int:
    """Count the cells of a text column that have outer white space."""
    return int((cells.str.len_bytes() != cells.str.strip_chars().str.len_bytes()).sum())


def look_at_names(column: str, cells: pl.Series, text: pl.Series, what: str) -> list[str]:
    """Tell how many keys or names were changed so that they are compared rightly.

    Args:
        column: its header.
        cells: its cells as they are.
        text: the same by :func:`as_text`.
        what: what the cells are, in the plural.

    Returns:
        notes on outer and on inner white space and invisible characters.
    """
    if text is cells or cells.dtype != pl.String:
        return []
    notes: list[str] = []
    if cut := trimmed(cells):
        notes.append(f"column {column!r}: white space around {cut} {what} was left out")
    if folded := int(cells.str.strip_chars().str.contains(_FOLDABLE).sum()):
        notes.append(
            f"column {column!r}: {folded} {what} hold special or repeated spaces or invisible characters; "
            "each run of white space was read as one space, and what is invisible was left out"
        )
    return notes


def look_at_keys(
    column: str, cells: pl.Series, text: pl.Series, distinct: pl.Series, padded: bool
) -> list[str]:
    """Tell what a person should know about a column of station keys.

    Args:
        column: its header.
        cells: its cells as they are.
        text: the same by :func:`as_text`.
        distinct: the same, each once.
        padded: whether the mapping restores leading zeros.

    Returns:
        notes on white space, lost zeros and rows of totals.
    """
    notes = look_at_names(column, cells, text, "keys")
    if not padded:
        notes += lost_zeros(column, text, distinct)
    notes += [
        f"column {column!r}: the key {total!r} looks like a row of totals, not a station"
        for total in totals_among(distinct)
    ]
    return notes


def lost_zeros(column: str, text: pl.Series, distinct: pl.Series) -> list[str]:
    """Tell whether a spreadsheet has evidently eaten zeros of the keys in a column.

    Args:
        column: its header.
        text: its cells.
        distinct: the same, each once.

    Returns:
        a note for each kind of loss.
    """
    notes: list[str] = []
    if distinct.str.contains(r"^[0-9]+\.[0-9]+$").any():
        notes += _lost_at_the_end(column, [cell for cell in text if cell and _POINTED.match(cell)])
    if distinct.str.contains(r"^[0-9]{5,}$").any():
        notes += _lost_at_the_front(column, distinct.drop_nulls())
    return notes


def _lost_at_the_end(column: str, keys: list[str]) -> list[str]:
    one = [key for key in keys if len(key.partition(".")[2]) == 1]
    two = {key for key in keys if len(key.partition(".")[2]) == 2}
    twice = sorted(key for key, count in Counter(one).items() if count > 1)
    if twice:
        why = f"{twice[0]} stands there twice"
    elif one and len(two) >= 10 and not any(key.endswith("0") for key in two):
        why = f"{len(two)} keys have two decimals, none of them ends in 0, and others have one decimal"
    else:
        return []
    key = twice[0] if twice else one[0]
    return [
        f"column {column!r}: a spreadsheet has evidently eaten the last zero of keys ({key}0 became {key}): "
        f"{why}; get the original file, or store the column as text"
    ]


def _lost_at_the_front(column: str, keys: pl.Series) -> list[str]:
    digits = keys.filter(keys.str.contains(r"^[0-9]+$"))
    lengths = sorted(digits.str.len_bytes().unique().to_list())
    if len(digits) < 20 or len(digits) != len(keys) or len(lengths) != 2 or lengths[1] != lengths[0] + 1:
        return []
    if lengths[1] < 6 or digits.str.starts_with("0").any():
        return []
    return [
        f"column {column!r}: codes of {lengths[0]} and {lengths[1]} digits, none with a zero in front: a "
        f"spreadsheet has perhaps eaten a leading zero; {{{column}:0{lengths[1]}}} in the mapping restores it"
    ]


def totals_among(text: pl.Series) -> list[str]:
    """Return the keys that look like a row of totals and not like a station."""
    # No phrase of totals is longer, so most keys need no second look.
    short = text.filter((text.str.len_bytes() <= 80) & ~text.str.contains("[0-9]"))
    return sorted(filter(is_totals, short.to_list()))


def is_totals(text: str) -> bool:
    """Return whether a cell says that its row adds up others."""
    plain = " ".join(text.casefold().split()).strip(" :.=-")
    return plain in _TOTALS or bool(_TOTALS_OF.match(plain))


def errors_among(text: pl.Series) -> list[str]:
    """Return the keys that are errors of a spreadsheet, such as ``#REF!``."""
    marked = text.filter(text.str.starts_with("#"))
    return marked.filter(marked.str.contains(SPREADSHEET_ERROR)).to_list()
