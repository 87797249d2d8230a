"""A small map of areas: GeoJSON outlines to paths on a sheet of fixed width.

No tiles and no foreign projection: an equirectangular one, true to scale on the middle parallel,
is right for a map that only has to be recognised. Drawn by the page, which knows links and colours.

Source: RFC 7946 (GeoJSON).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class MapShape:
    """An area on the map.

    Attributes:
        key: the area.
        path: SVG path data; draw with the fill rule ``evenodd``, so that holes stay open.
        x, y: where a label stands: the middle of its largest part [pixels].
        room: width of that part [pixels], for whoever decides whether a label fits.
    """

    key: str
    path: str
    x: float
    y: float
    room: float


@dataclass(frozen=True)
class Map:
    """A map.

    Attributes:
        width, height: of the sheet [pixels].
        shapes: in the order given.
        missing: keys of the areas whose outline cannot be drawn.
    """

    width: int
    height: int
    shapes: tuple[MapShape, ...]
    missing: tuple[str, ...]


def draw_map(
    outlines: Sequence[tuple[str, Mapping[str, object]]], *, width: int = 390, tolerance: float = 0.6
) -> Map | None:
    """Draw areas side by side.

    Args:
        outlines: key and GeoJSON geometry (Polygon or MultiPolygon, longitude and latitude in degrees).
        width: width of the sheet [pixels].
        tolerance: how far a simplified outline may stray [pixels].

    Returns:
        The map; None where no outline can be drawn. Areas on both sides of the 180th meridian stand together.
    """
    known: list[tuple[str, list[list[Ring]]]] = []
    missing = []
    for key, geometry in outlines:
        polygons = _polygons(geometry)
        if polygons:
            known.append((key, polygons))
        else:
            missing.append(key)
    if not known:
        return None
    rings = [polygon[0] for _, polygons in known for polygon in polygons]
    cut = _cut(rings)
    south = min(y for ring in rings for _, y in ring)
    north = max(y for ring in rings for _, y in ring)
    squeeze = max(0.05, math.cos(math.radians((south + north) / 2)))
    moved = [
        (key, [[_moved(ring, cut) for ring in polygon] for polygon in polygons]) for key, polygons in known
    ]
    xs = [x for _, polygons in moved for polygon in polygons for x, _ in polygon[0]]
    west, east = min(xs), max(xs)
    margin = 2.0
    across, up = (east - west) * squeeze, north - south
    # A map higher than wide is drawn smaller rather than longer than a telephone.
    scale = min((width - 2 * margin) / (across or 1e-9), (1.25 * width) / (up or 1e-9))
    left = (width - across * scale) / 2

    def place(point: Point) -> Point:
        return left + (point[0] - west) * squeeze * scale, margin + (north - point[1]) * scale

    shapes = tuple(
        _shape(key, [[list(map(place, ring)) for ring in polygon] for polygon in polygons], tolerance)
        for key, polygons in moved
    )
    return Map(width, math.ceil(up * scale + 2 * margin), shapes, tuple(missing))


def _polygons(geometry: Mapping[str, object]) -> list[list[Ring]]:
    """Read the rings of a geometry; nothing where it is no area or a coordinate is no number."""
    coordinates = geometry.get("coordinates")
    found: Any = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(geometry.get("type")))
    try:
        polygons = [[_ring(ring) for ring in polygon] for polygon in found or []]
    except (TypeError, ValueError, IndexError, OverflowError):
        return []
    return [polygon for polygon in polygons if polygon]


def _ring(points: Sequence[Sequence[float]]) -> Ring:
    """Read a ring and let it run on beyond the 180th meridian instead of jumping around the earth."""
    ring: Ring = []
    for point in points:
        x, y = float(point[0]), float(point[1])
        if not (math.isfinite(x) and math.isfinite(y) and abs(x) <= 540 and abs(y) <= 90):
            raise ValueError("a coordinate lies outside the earth")
        while ring and x - ring[-1][0] > 180:
            x -= 360
        while ring and x - ring[-1][0] < -180:
            x += 360
        ring.append((x, y))
    if len(ring) < 4:
        raise ValueError("a ring has fewer than four points")
    return ring


def _cut(rings: Sequence[Ring]) -> float:
    """Find the meridian that no ring crosses in the middle of the widest gap between rings."""
    spans = []
    for ring in rings:
        start = min(x for x, _ in ring)
        spans.append((start % 360, start % 360 + max(x for x, _ in ring) - start))
    spans.sort()
    best, cut, reach = -1.0, 0.0, spans[0][1]
    for start, end in [*spans[1:], (spans[0][0] + 360, 0.0)]:
        if start - reach > best:
            best, cut = start - reach, (start + reach) / 2
        reach = max(reach, end)
    return cut % 360


def _moved(ring: Ring, cut: float) -> Ring:
    """Move a ring by whole turns so that it lies east of the cut."""
    start = min(x for x, _ in ring)
    shift = cut + (start - cut) % 360 - start
    return [(x + shift, y) for x, y in ring]


def _shape(key: str, polygons: Sequence[Sequence[Ring]], tolerance: float) -> MapShape:
    largest = max((polygon[0] for polygon in polygons), key=lambda ring: abs(_area(ring)))
    parts = []
    for polygon in polygons:
        # Islands and holes below a pixel are left out; an area never loses its largest part.
        if polygon[0] is not largest and abs(_area(polygon[0])) < 1:
            continue
        for ring in polygon:
            if ring is polygon[0] or abs(_area(ring)) >= 1:
                parts.append(_path(_simplify(ring, tolerance)))
    x, y = _middle(largest)
    room = max(x for x, _ in largest) - min(x for x, _ in largest)
    return MapShape(key, "".join(parts), round(x, 1), round(y, 1), round(room, 1))


def _path(ring: Ring) -> str:
    steps: list[str] = []
    for x, y in ring:
        step = f"{x:.1f} {y:.1f}"
        if not steps or steps[-1] != step:
            steps.append(step)
    return "M" + "L".join(steps) + "Z"


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def _middle(ring: Ring) -> Point:
    area = _area(ring)
    if abs(area) < 1e-9:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    x = y = 0.0
    # Measured from one of its points: far from it the sums would lose their last digits.
    ox, oy = ring[0]
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = (ax - ox) * (by - oy) - (bx - ox) * (ay - oy)
        x += (ax + bx - 2 * ox) * cross
        y += (ay + by - 2 * oy) * cross
    return ox + x / (6 * area), oy + y / (6 * area)


def _simplify(ring: Ring, tolerance: float) -> Ring:
    """Leave out points that lie within the tolerance of the line between those kept.

    Without recursion, because outlines are long.
    Source: D. Douglas, T. Peucker (1973), doi:10.3138/FM57-6770-U75U-7727.
    """
    points = ring[:-1] if ring[0] == ring[-1] else ring
    if len(points) <= 4:
        return points
    # A closed ring is two lines: from its first point to the one farthest away, and back.
    ox, oy = points[0]
    far = max(range(len(points)), key=lambda i: (points[i][0] - ox) ** 2 + (points[i][1] - oy) ** 2)
    closed = [*points, points[0]]
    kept = {0, far, len(points)}
    stack = [(0, far), (far, len(points))]
    while stack:
        first, last = stack.pop()
        worst, index = tolerance, -1
        for i in range(first + 1, last):
            distance = _distance(closed[i], closed[first], closed[last])
            if distance > worst:
                worst, index = distance, i
        if index >= 0:
            kept.add(index)
            stack += [(first, index), (index, last)]
    found = [closed[i] for i in sorted(kept)][:-1]
    return found if len(found) >= 3 else points[:: max(1, len(points) // 4)]


def _distance(point: Point, start: Point, end: Point) -> float:
    (px, py), (ax, ay), (bx, by) = point, start, end
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    part = 0.0 if not length else max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / length))
    return math.hypot(px - ax - part * dx, py - ay - part * dy)
