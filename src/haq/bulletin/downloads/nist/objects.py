"""Objects of the format as JSON text: written by hand, because a country has a million of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import polars as pl

from haq.entries import Names
from haq.law import Text

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def quoted(text: str) -> str:
    """Write a text as a JSON string; half of a surrogate pair becomes a question mark."""
    return _to_json(text.encode("utf-8", "replace").decode("utf-8"))


def array(items: Iterable[str]) -> str:
    """Join JSON texts to an array."""
    pieces = [piece for item in items for piece in (",", item)]
    return "".join(["[", *pieces[1:], "]"])


def thing(kind: str, parts: Mapping[str, str | None]) -> str:
    """Write an object of the format.

    Args:
        kind: its class, without ``ElectionResults.``.
        parts: attribute -> JSON text; what is None or an empty array is left out.

    Returns:
        JSON text.
    """
    pieces = [f'{{"@type":"ElectionResults.{kind}"']
    for name, text in parts.items():
        if text is not None and text != "[]":
            pieces += (f',"{name}":', text)
    # A text may be megabytes long: it is copied once.
    return "".join([*pieces, "}"])


def spoken(names: Names | Text, otherwise: str = "") -> str | None:
    """Write a name in every language in which it is known.

    Args:
        names: the name by language.
        otherwise: what stands for it, in no known language, where there is none.

    Returns:
        JSON text of an ``InternationalizedText``; None where nothing is known.
    """
    known = {code: text for code in ("kk", "ru", "en") if (text := getattr(names, code))}
    return international(known or ({"und": otherwise} if otherwise else {}))


def international(known: Mapping[str, str]) -> str | None:
    """Write texts by language (BCP 47; ``und`` for a language that nobody stated)."""
    if not known:
        return None
    texts = (
        thing("LanguageString", {"Content": quoted(text), "Language": quoted(code)})
        for code, text in known.items()
    )
    return thing("InternationalizedText", {"Text": array(texts)})


def identifier(kind: str, value: str) -> str:
    """Write a key of the entries as an identifier of the format."""
    return thing(
        "ExternalIdentifier",
        {"OtherType": quoted(f"haq-{kind}"), "Type": quoted("other"), "Value": quoted(value)},
    )


def escaped(name: str) -> pl.Expr:
    """Build the column of JSON strings of a text column; null stays null."""
    whole = pl.struct(pl.col(name).alias("v")).struct.json_encode()
    return pl.when(pl.col(name).is_not_null()).then(whole.str.slice(5).str.strip_suffix("}"))


def counted(kind: str, parts: Mapping[str, pl.Expr], more: str, *, enough: bool = False) -> pl.Expr:
    """Build the column of small objects of counts.

    Args:
        kind: class of the objects.
        parts: attribute -> whole number; an attribute without a number is left out.
        more: JSON text of further attributes, from a comma on. The unit comes from the column ``tail``.
        enough: whether one number is enough; otherwise all are needed.

    Returns:
        Expression of JSON texts, null where there is nothing to say.
    """
    pieces = [pl.format(f',"{name}":{{}}', number) for name, number in parts.items()]
    there = [number.is_not_null() for number in parts.values()]
    text = pl.concat_str(
        pl.lit(f'{{"@type":"ElectionResults.{kind}"'),
        *(piece.fill_null("") for piece in pieces),
        pl.col("tail"),
        pl.lit(f"{more}}}"),
    )
    return pl.when(pl.any_horizontal(*there) if enough else pl.all_horizontal(*there)).then(text)


def joined(frame: pl.DataFrame, texts: Mapping[str, pl.Expr]) -> dict[str, str]:
    """Join the texts of columns, each to one, so that a report is not taken through Python unit by unit.

    Args:
        frame: units.
        texts: key -> column of JSON texts; null where there is nothing to say.

    Returns:
        Key -> the texts with commas between them.
    """
    # All columns at once: a question to the table costs more than the answer, where units are few.
    columns = [
        text.drop_nulls().str.join(",").alias(f"{number}") for number, text in enumerate(texts.values())
    ]
    return {key: text or "" for key, text in zip(texts, frame.select(columns).row(0), strict=True)}


def listed(frame: pl.DataFrame, texts: pl.Expr) -> list[str]:
    """Take the texts of a column that are there."""
    return frame.select(texts.alias("text"))["text"].drop_nulls().to_list()
