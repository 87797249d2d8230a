"""Comparison, agreement of copies, totals and roll-up, against plain Python on random sources."""

import os
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haq.protocols import DIFFERENCE, add_up, compare, compare_lines, one_per_unit, roll_up, same_units

Rows = list[dict[str, Any]]

FULL = 10_000
EXAMPLES = FULL if os.environ.get("HAQ_PROVE") else FULL // 100
# Names that a careless frame would use for its own columns.
LINES = ("sum", "children", "difference")
CHOICES = ("declared", "line")
KEYS = (*LINES, *CHOICES)

figures = st.integers(0, 3) | st.integers(-(10**12), 10**12) | st.none()
units = st.sampled_from("abcdef")
sheets = st.fixed_dictionaries({"unit": units, **dict.fromkeys(KEYS, figures)})


def frame_of(rows: Rows, *more: str) -> pl.DataFrame:
    schema = {
        "unit": pl.String,
        "row": pl.Int64,
        **dict.fromkeys(more, pl.String),
        **dict.fromkeys(KEYS, pl.Int64),
    }
    return pl.DataFrame([{"row": n, **row} for n, row in enumerate(rows, start=2)], schema=schema)


def agreed(rows: Rows) -> dict[str, dict[str, int | None]]:
    """Reduce copies by the words of the docstring: a figure on which no two copies differ."""
    result: dict[str, dict[str, int | None]] = {}
    for unit in dict.fromkeys(row["unit"] for row in rows):
        result[unit] = {}
        for key in KEYS:
            seen = {row[key] for row in rows if row["unit"] == unit} - {None}
            result[unit][key] = seen.pop() if len(seen) == 1 else None
    return result


@pytest.mark.prove
@settings(max_examples=EXAMPLES)
@given(
    official=st.lists(sheets, max_size=6, unique_by=lambda row: row["unit"]),
    copies=st.lists(sheets, max_size=8),
)
def test_a_comparison_counts_what_plain_python_counts(official: Rows, copies: Rows) -> None:
    declared = {row["unit"]: row for row in official}
    comparison = compare(
        frame_of(official), frame_of(copies), lines=LINES, choices=CHOICES, spoiled=["children"]
    )
    pairs = [(declared[copy["unit"]], copy) for copy in copies if copy["unit"] in declared]
    differences = [
        compare_lines({k: ours[k] for k in KEYS}, {k: copy[k] for k in KEYS}) for ours, copy in pairs
    ]

    assert comparison.rows == len(copies)
    assert comparison.matched == len(pairs)
    assert comparison.unmatched["row"].to_list() == [
        n for n, copy in enumerate(copies, start=2) if copy["unit"] not in declared
    ]
    for row, difference in zip(comparison.frame.iter_rows(named=True), differences, strict=True):
        assert {k: row[f"{k}{DIFFERENCE}"] for k in KEYS} == {k: difference.get(k) for k in KEYS}

    def differing(*keys: str) -> int:
        return sum(any(difference.get(key) for key in keys) for difference in differences)

    assert comparison.differ_choices == differing(*CHOICES)
    assert comparison.differ_votes == differing(*CHOICES, "children")
    assert comparison.differ_lines == differing(*KEYS) == comparison.differing().height
    assert comparison.differ == {key: differing(key) for key in KEYS}
    assert comparison.sums == {key: sum(d.get(key, 0) for d in differences) for key in KEYS}
    assert comparison.missing == {key: sum(key not in d for d in differences) for key in KEYS}


@pytest.mark.prove
@settings(max_examples=EXAMPLES)
@given(
    official=st.lists(sheets, max_size=6, unique_by=lambda row: row["unit"]),
    copies=st.lists(sheets, max_size=8),
)
def test_both_sides_are_added_up_over_the_same_units(official: Rows, copies: Rows) -> None:
    declared = {row["unit"]: row for row in official}
    both = {unit: (lines, declared[unit]) for unit, lines in agreed(copies).items() if unit in declared}
    same = same_units(
        compare(frame_of(official), frame_of(copies), lines=LINES, choices=CHOICES), choices=CHOICES, of=9
    )

    def known(key: str) -> list[tuple[int, int]]:
        return [
            (ours[key], theirs[key])
            for ours, theirs in both.values()
            if ours[key] is not None and theirs[key] is not None
        ]

    assert (same.units, same.of) == (len(both), 9)
    assert same.whole == sum(
        all(side[choice] is not None for side in sides for choice in CHOICES) for sides in both.values()
    )
    assert same.pairs == {key: len(known(key)) for key in KEYS}
    assert same.copies == {key: sum(ours for ours, _ in known(key)) for key in KEYS}
    assert same.declared == {key: sum(theirs for _, theirs in known(key)) for key in KEYS}


@pytest.mark.prove
@settings(max_examples=EXAMPLES)
@given(copies=st.lists(sheets, max_size=8))
def test_copies_come_to_what_they_agree_on_and_add_up(copies: Rows) -> None:
    expected = agreed(copies)
    reduced = one_per_unit(frame_of(copies), KEYS)
    assert reduced.rows(named=True) == [{"unit": unit, **lines} for unit, lines in expected.items()]

    totals = add_up(reduced, lines=LINES, choices=CHOICES, of=12)
    sheets_ = expected.values()
    assert (totals.units, totals.of) == (sum(all(s[c] is not None for c in CHOICES) for s in sheets_), 12)
    assert totals.sums == {key: sum(s[key] or 0 for s in sheets_) for key in KEYS}
    assert totals.missing == {key: sum(s[key] is None for s in sheets_) for key in KEYS}


@pytest.mark.prove
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_areas_are_added_up_as_plain_python_adds_them(data: st.DataObject) -> None:
    areas = st.sampled_from(["p", "q", "r", None])
    children = [{"district": data.draw(areas), **row} for row in data.draw(st.lists(sheets, max_size=8))]
    parents = data.draw(st.lists(sheets, max_size=3, unique_by=lambda row: row["unit"]))
    for parent, unit in zip(parents, "qrs", strict=False):
        parent["unit"] = unit
    below = {p["unit"]: [c for c in children if c["district"] == p["unit"]] for p in parents}
    for parent in parents:  # most summaries hold, as in life
        if below[parent["unit"]] and data.draw(st.booleans()):
            parent |= {k: sum(c[k] or 0 for c in below[parent["unit"]]) for k in KEYS}

    roll = roll_up(
        frame_of(children, "district"), frame_of(parents), level="district", below="station", lines=KEYS
    )

    broken, unknown = [], 0
    for key in KEYS:
        for parent in parents:
            parts = [child[key] for child in below[parent["unit"]]]
            if not parts:
                continue
            if None in parts or parent[key] is None:
                unknown += 1
            elif parent[key] != sum(parts):
                total = sum(parts)
                broken.append((parent["unit"], key, total, parent[key], parent[key] - total, len(parts)))
    assert roll.frame.rows() == broken
    assert roll.frame.columns == ["unit", "line", "sum", "declared", "difference", "children"]
    assert roll.broken == len({unit for unit, *_ in broken})
    assert roll.unknown == unknown
    assert roll.areas == sum(bool(parts) for parts in below.values())
    assert roll.childless == tuple(unit for unit, parts in below.items() if not parts)
    assert roll.orphans == sum(child["district"] not in below for child in children)


def test_a_unit_declared_twice_is_never_doubled() -> None:
    twice = frame_of([{"unit": "a"}, {"unit": "a"}])
    with pytest.raises(pl.exceptions.ComputeError):
        compare(twice, frame_of([{"unit": "a"}]), lines=LINES, choices=CHOICES)
    with pytest.raises(pl.exceptions.ComputeError):
        roll_up(
            frame_of([{"unit": "s", "district": "a"}], "district"),
            twice,
            level="district",
            below="station",
            lines=KEYS,
        )


def test_sources_without_choices_compare_and_add_up() -> None:
    turnout = frame_of([{"unit": "a", "sum": 5}, {"unit": "a", "sum": 5}, {"unit": "b"}])
    comparison = compare(frame_of([{"unit": "a", "sum": 7}]), turnout, lines=["sum"], choices=[])
    assert (comparison.differ_choices, comparison.differ_leading, comparison.differ_lines) == (0, 0, 2)
    same = same_units(comparison, choices=[], of=2)
    assert (same.units, same.whole, same.copies, same.declared) == (1, 1, {"sum": 5}, {"sum": 7})
    assert add_up(one_per_unit(turnout, ["sum"]), lines=["sum"], choices=[], of=2).units == 2


def test_the_two_leading_choices_are_those_of_the_declared_result() -> None:
    keys = ["a", "b", "c"]
    declared = pl.DataFrame({"unit": ["1", "2"], "a": [5, 1], "b": [9, None], "c": [2, 2]})
    copies = pl.DataFrame({"unit": ["1", "2"], "row": [1, 2], "a": [5, 1], "b": [9, 4], "c": [1, 3]})
    comparison = compare(declared, copies, lines=[], choices=keys)
    assert (comparison.differ_choices, comparison.differ_leading) == (2, 0)
    assert comparison.missing == {"a": 0, "b": 1, "c": 0}


def test_sums_stay_exact_where_floats_would_not() -> None:
    rows = [{"unit": str(n), **dict.fromkeys(KEYS, 10**12 - n % 2)} for n in range(20_000)]
    totals = add_up(frame_of(rows), lines=LINES, choices=CHOICES, of=20_000)
    assert set(totals.sums.values()) == {20_000 * 10**12 - 10_000}
