"""Maps: areas in their places, holes open, the 180th meridian no border."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haq.charts.map import Map, draw_map


def square(x: float, y: float, size: float = 1) -> list[list[float]]:
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def box(path: str) -> tuple[float, float, float, float]:
    points = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def drawn(outlines: list[tuple[str, dict[str, Any]]], **options: Any) -> Map:
    found = draw_map(outlines, **options)
    assert found is not None
    return found


def test_two_squares_stand_side_by_side_with_the_north_above() -> None:
    result = drawn([("west", polygon(square(0, 0))), ("north", polygon(square(1, 1)))], width=204)
    west, north = (box(shape.path) for shape in result.shapes)
    assert west[2] == pytest.approx(north[0])
    assert west[1] == pytest.approx(north[3])
    # 2 degrees by 2 degrees at the equator: as high as wide.
    assert result.width == 204
    assert result.height == pytest.approx(204, abs=1)
    assert result.shapes[0].x == pytest.approx((west[0] + west[2]) / 2, abs=0.1)


def test_degrees_of_longitude_are_short_in_the_north() -> None:
    result = drawn([("a", polygon(square(70, 59.5)))], width=204)
    left, top, right, bottom = box(result.shapes[0].path)
    assert (right - left) / (bottom - top) == pytest.approx(math.cos(math.radians(60)), rel=0.01)


def test_a_hole_stays_open_and_a_tiny_one_is_left_out() -> None:
    result = drawn([("a", polygon(square(0, 0, 10), square(4, 4, 2), square(8, 8, 0.001)))], width=204)
    assert result.shapes[0].path.count("M") == 2


def test_a_small_area_is_never_left_out() -> None:
    result = drawn([("large", polygon(square(0, 0, 50))), ("dot", polygon(square(60, 0, 0.0001)))])
    assert [shape.key for shape in result.shapes] == ["large", "dot"]
    assert all(shape.path for shape in result.shapes)


@pytest.mark.parametrize(
    "east",
    [
        {"type": "MultiPolygon", "coordinates": [[square(170, 60, 10)], [square(-180, 60, 10)]]},
        polygon([[170, 60], [-170, 60], [-170, 70], [170, 70], [170, 60]]),
    ],
    ids=["cut at the meridian", "across the meridian"],
)
def test_areas_on_both_sides_of_the_180th_meridian_stand_together(east: dict[str, Any]) -> None:
    result = drawn(
        [("west", polygon([[150, 60], [170, 60], [170, 70], [150, 70], [150, 60]])), ("east", east)],
        width=404,
    )
    west, other = (box(shape.path) for shape in result.shapes)
    assert west[2] == pytest.approx(other[0], abs=0.2)
    assert other[2] == pytest.approx(402, abs=0.2)
    assert other[2] - other[0] == pytest.approx(west[2] - west[0], abs=0.5)


def test_what_is_no_outline_is_named() -> None:
    bad: list[tuple[str, Any]] = [
        ("point", {"type": "Point", "coordinates": [1, 2]}),
        ("words", {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}),
        ("short", polygon([[0, 0], [1, 1], [0, 0]])),
        ("nowhere", polygon(square(math.nan, 0))),
        ("beyond", polygon(square(0, 95))),
        ("empty", {"type": "MultiPolygon", "coordinates": []}),
        ("none", {"type": "Polygon"}),
    ]
    result = drawn([("good", polygon(square(0, 0))), *bad])
    assert [shape.key for shape in result.shapes] == ["good"]
    assert result.missing == tuple(key for key, _ in bad)
    assert draw_map(bad) is None
    assert draw_map([]) is None


def circle(x: float, y: float, radius: float, points: int) -> list[list[float]]:
    steps = [2 * math.pi * i / points for i in range(points)]
    ring = [[x + radius * math.cos(a), y + radius * math.sin(a)] for a in steps]
    return [*ring, ring[0]]


def test_an_outline_is_simplified_to_about_a_pixel() -> None:
    result = drawn([("a", polygon(circle(0, 0, 5, 5000)))], width=204)
    path = result.shapes[0].path
    assert 12 < path.count("L") < 80
    corners = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]
    ring = [*corners, corners[0]]
    for (ax, ay), (bx, by) in pairwise(ring):
        middle = math.hypot((ax + bx) / 2 - 102, (ay + by) / 2 - 102)
        assert 100 - 0.8 <= middle <= 100.1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-80, 70), st.floats(0.01, 9), st.integers(3, 60)),
        min_size=1,
        max_size=6,
    ),
    st.integers(100, 800),
)
def test_everything_lies_on_the_sheet(areas: list[tuple[float, float, float, int]], width: int) -> None:
    outlines = [(str(n), polygon(circle(x, y, r, p))) for n, (x, y, r, p) in enumerate(areas)]
    result = drawn(outlines, width=width)
    assert len(result.shapes) == len(areas)
    assert result == drawn(outlines, width=width)
    for shape in result.shapes:
        left, top, right, bottom = box(shape.path)
        assert left >= 0
        assert top >= 0
        assert right <= width
        assert bottom <= result.height
        assert left - 1 <= shape.x <= right + 1
