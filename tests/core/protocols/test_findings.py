"""Findings of every kind, with the rows and figures that show them."""

from typing import Any, get_args

import polars as pl
import pytest

from haq.entries import FindingEntry
from haq.law import load_profile
from haq.protocols import (
    Comparison,
    Finding,
    Kind,
    arithmetic,
    broken_sums,
    checks_of,
    compare,
    differences,
    flag_frame,
    not_declared,
    roll_up,
)
from haq.protocols.findings import LARGE_DIFFERENCE

BO = load_profile("bo-general-2019").form("station")
LINES, CHOICES = ("registered", "blank", "invalid"), ("a", "b")


def protocols(*rows: tuple[Any, ...]) -> pl.DataFrame:
    names = ("unit", "row", *LINES, *CHOICES)
    schema = {name: pl.String if name == "unit" else pl.Int64 for name in names}
    return pl.DataFrame(rows, schema=schema, orient="row")


OFFICIAL = protocols(
    ("s1", 2, 100, 1, 1, 40, 30), ("s2", 3, 100, 0, 0, 50, 10), ("s3", 4, 100, 0, None, 1, 1)
)
COPIES = protocols(
    ("s1", 2, 100, 1, 1, 40, 30),
    ("s2", 3, 100, 0, 0, 40, 20),
    ("s3", 4, 100, 0, 9, 1, 2),
    ("s9", 5, 9, 0, 0, 5, 4),
)


def compared(copies: pl.DataFrame = COPIES) -> Comparison:
    return compare(OFFICIAL, copies, lines=LINES, choices=CHOICES, spoiled=["blank", "invalid"])


def found(kind: Kind, **more: Any) -> list[Finding]:
    return list(
        differences(
            compared(),
            kind,
            contest="president",
            level="station",
            sources=("copies", "official"),
            choices=CHOICES,
            **more,
        )
    )


def test_a_broken_sum_is_named_with_its_figures() -> None:
    frame = protocols(
        ("s1", 2, 50, 1, 1, 40, 30), ("s2", 3, 100, None, 1, 40, 30), ("s3", 4, 100, 1, 1, 40, 30)
    )
    flags = flag_frame(frame, form=BO, choices=CHOICES)
    checks = checks_of(BO, frame.columns, CHOICES)
    named = list(arithmetic(frame, flags, checks, contest="president", level="station", source="copies"))
    assert named[0] == Finding(
        Kind.ARITHMETIC,
        "president",
        "station",
        "s1",
        ("copies",),
        (2,),
        {"a": (40,), "b": (30,), "blank": (1,), "invalid": (1,), "registered": (50,)},
        check="found_within_registered",
        severity="error",
    )
    # Unknown is not a pass, but it is no finding either.
    assert {finding.unit for finding in named} == {"s1"}
    assert [(f.check, f.severity) for f in named] == [
        ("found_within_registered", "error"),
        ("above_registered", "error"),
        ("turnout_100", "warning"),
    ]


@pytest.mark.parametrize("kind", [Kind.OFFICIAL_DIFFERS, Kind.OFFICIAL_CHANGED, Kind.COPIES_DISAGREE])
def test_a_difference_is_named_with_both_rows_and_only_the_lines_that_differ(kind: Kind) -> None:
    second, third = found(kind)
    assert second == Finding(
        kind,
        "president",
        "station",
        "s2",
        ("copies", "official"),
        (3, 3),
        {"a": (40, 50), "b": (20, 10)},
        # Nobody knows the grade of this copy, and the difference is large.
        waits=kind is Kind.OFFICIAL_DIFFERS,
    )
    # The official sheet leaves invalid ballots empty: missing, not different.
    assert third.lines == {"b": (2, 1)}


def test_a_declared_side_without_rows_gives_none() -> None:
    comparison = compare(OFFICIAL.drop("row"), COPIES, lines=LINES, choices=CHOICES)
    named = differences(
        comparison, Kind.COPIES_DISAGREE, contest="c", level="station", sources=("x", "y"), choices=CHOICES
    )
    assert [finding.rows for finding in named] == [(3, None), (4, None)]


@pytest.mark.parametrize(
    ("kind", "grade", "more", "waits"),
    [
        (Kind.OFFICIAL_DIFFERS, "D", {}, True),
        (Kind.OFFICIAL_DIFFERS, "C", {}, True),
        (Kind.OFFICIAL_DIFFERS, "B", {}, False),
        (Kind.OFFICIAL_DIFFERS, "A", {}, False),
        (Kind.OFFICIAL_DIFFERS, "", {}, True),
        (Kind.COPIES_DISAGREE, "D", {}, False),
        (Kind.OFFICIAL_CHANGED, "D", {}, False),
        (Kind.OFFICIAL_DIFFERS, "D", {"seconded": {"s2"}}, False),
        (Kind.OFFICIAL_DIFFERS, "D", {"seconded": {"s1"}}, True),
        # Another organisation has copies, but not of this station.
        (Kind.OFFICIAL_DIFFERS, "D", {"seconded": set()}, True),
    ],
)
def test_a_large_difference_on_one_weak_copy_waits(
    kind: Kind, grade: str, more: dict[str, Any], waits: bool
) -> None:
    large, small = found(kind, grades={3: grade, 4: grade}, **more)
    assert abs(large.lines["a"][0] - large.lines["a"][1]) == LARGE_DIFFERENCE
    assert (large.grade, large.waits) == (grade, waits)
    assert (small.grade, small.waits) == (grade, False)


def test_a_large_difference_on_a_line_that_is_no_choice_does_not_wait() -> None:
    copies = protocols(("s1", 2, 200, 1, 1, 40, 30))
    (finding,) = differences(
        compared(copies),
        Kind.OFFICIAL_DIFFERS,
        contest="c",
        level="station",
        sources=("copies", "official"),
        choices=CHOICES,
        grades={2: "D"},
    )
    assert finding.lines == {"registered": (200, 100)}
    assert not finding.waits


def test_a_copy_of_a_station_that_was_never_declared_is_named() -> None:
    named = list(not_declared([("s9", 5)], contest="c", level="station", sources=("copies", "official")))
    assert named == [
        Finding(
            Kind.NOT_DECLARED, "c", "station", "s9", ("copies", "official"), (5, None), severity="warning"
        )
    ]


def test_a_summary_that_is_not_the_sum_is_named_with_all_its_broken_lines() -> None:
    children = OFFICIAL.with_columns(department=pl.Series(["d1", "d1", "d2"]))
    parents = protocols(("d1", 2, 200, 1, 1, 91, 39), ("d2", 3, 100, 0, 0, 1, 1))
    roll = roll_up(children, parents, level="department", below="station", lines=(*LINES, *CHOICES))
    assert list(broken_sums(roll, contest="c", sources=("official", "summaries"))) == [
        Finding(
            Kind.SUM_DIFFERS,
            "c",
            "department",
            "d1",
            ("official", "summaries"),
            lines={"a": (90, 91), "b": (40, 39)},
        )
    ]


def test_every_kind_of_finding_can_be_published() -> None:
    published = get_args(FindingEntry.model_fields["finding"].annotation)
    assert set(published) == {kind.value for kind in Kind}
