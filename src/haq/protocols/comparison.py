"""Comparison of copies with what was declared, line by line, with the sign kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from haq.protocols.expressions import any_of, exact_sum
from haq.protocols.versions import SOURCE

#: Ending of the columns of a comparison that hold declared minus copied figures.
DIFFERENCE = ":difference"


@dataclass(frozen=True)
class Comparison:
    """Declared figures against the copies of one source, on the units that both have.

    A line counts as different only where both sides hold a number: a line that a copy
    leaves empty is missing, not different.

    Attributes:
        frame: a row a matched copy: ``unit``, ``row`` (of the copy), ``row:declared``
            where the declared frame has rows, and for each line ``<line>`` (copy),
            ``<line>:declared`` and ``<line>:difference`` (declared minus copy).
        unmatched: copies of units for which nothing was declared: ``unit`` and ``row``.
        lines: keys compared, choices last.
        rows: copies in the source.
        matched: copies whose unit was declared.
        differ_choices: copies that differ on a choice.
        differ_votes: copies that differ on a choice, on blank or on invalid ballots.
        differ_lines: copies that differ on any line or choice.
        differ_leading: copies that differ on one of the two leading choices.
        differ: key -> copies that differ on it.
        sums: key -> declared minus copied, summed over copies that have both.
        missing: key -> matched copies in which either side lacks the figure.
    """

    frame: pl.DataFrame
    unmatched: pl.DataFrame
    lines: tuple[str, ...]
    rows: int
    matched: int
    differ_choices: int
    differ_votes: int
    differ_lines: int
    differ_leading: int
    differ: Mapping[str, int]
    sums: Mapping[str, int]
    missing: Mapping[str, int]

    def differing(self) -> pl.DataFrame:
        """Give the rows of ``frame`` that differ on any line."""
        return self.frame.filter(_differs(self.lines))


def compare(
    declared: pl.DataFrame,
    copies: pl.DataFrame,
    *,
    lines: Sequence[str],
    choices: Sequence[str],
    spoiled: Sequence[str] = (),
) -> Comparison:
    """Compare every copy with the declared figures of its unit.

    Args:
        declared: (units × lines) Int64 with a unique ``unit``; with ``:source`` where its rows come from
            several versions.
        copies: (copies × lines) Int64 with ``unit`` and ``row``; several copies of one
            unit are each compared.
        lines: keys that both frames hold, in the order of the sheet, without choices.
        choices: keys of the choices that both frames hold, in ballot order.
        spoiled: those of ``lines`` that count blank or invalid ballots.

    Returns:
        The comparison; its counts say how many copies differ, its sums by how much.
    """
    keys = (*lines, *choices)
    declared_names = {c: f"{c}:declared" for c in ("row", SOURCE, *keys) if c in declared.columns}
    right = declared.select("unit", *declared_names).rename(declared_names)
    joined = copies.select("unit", "row", *keys).join(
        right, on="unit", how="inner", validate="m:1", maintain_order="left"
    )
    joined = joined.with_columns(
        (pl.col(f"{k}:declared") - pl.col(k)).alias(f"{k}{DIFFERENCE}") for k in keys
    )
    unmatched = copies.select("unit", "row")
    if joined.height == copies.height:  # each copy meets one declared unit at the most
        unmatched = unmatched.clear()
    else:
        unmatched = unmatched.join(declared.select("unit"), on="unit", how="anti", maintain_order="left")

    leading = sorted(choices, key=lambda c: -int(declared.select(exact_sum(c)).item()))[:2]
    groups = {
        "differ_choices": choices,
        "differ_votes": (*choices, *spoiled),
        "differ_lines": keys,
        "differ_leading": leading,
    }
    figures = joined.select(
        *(_differs(group).sum().alias(name) for name, group in groups.items()),
        *((pl.col(f"{k}{DIFFERENCE}") != 0).sum().alias(f"{k}:differ") for k in keys),
        *(exact_sum(f"{k}{DIFFERENCE}").alias(f"{k}:sum") for k in keys),
        *(pl.col(f"{k}{DIFFERENCE}").null_count().alias(f"{k}:missing") for k in keys),
    ).row(0, named=True)
    return Comparison(
        frame=joined,
        unmatched=unmatched,
        lines=keys,
        rows=copies.height,
        matched=joined.height,
        **{name: int(figures[name]) for name in groups},
        differ={k: int(figures[f"{k}:differ"]) for k in keys},
        sums={k: int(figures[f"{k}:sum"]) for k in keys},
        missing={k: int(figures[f"{k}:missing"]) for k in keys},
    )


def compare_lines(declared: Mapping[str, int | None], copy: Mapping[str, int | None]) -> dict[str, int]:
    """Compare one copy with one declared protocol.

    Args:
        declared: key -> declared number, ``None`` where missing.
        copy: key -> copied number, ``None`` where missing.

    Returns:
        Key -> declared minus copied, for the keys on which both hold a number.
    """
    pairs = ((key, declared.get(key), number) for key, number in copy.items())
    return {key: ours - theirs for key, ours, theirs in pairs if ours is not None and theirs is not None}


def _differs(keys: Sequence[str]) -> pl.Expr:
    return any_of([(pl.col(f"{k}{DIFFERENCE}") != 0).fill_null(False) for k in keys])
