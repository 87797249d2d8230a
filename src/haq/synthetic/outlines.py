"""Invented outlines of areas: they tile the country, and no real place looks like them.

The country is a grid of cells whose corners are moved a little. It is halved again and again, by the
number of districts on each side, until every district has its own block of cells; a region is the
block that was halved for its districts. Neighbours share corners, so nothing overlaps and nothing is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, sqrt
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.random import Generator

#: Cells of a district, about; with so many every halving leaves room on both sides.
CELLS = 16
#: How far a corner moves at most [cells]; below 1/2, so that no two borders cross.
SHIFT = 0.3
#: Size of a cell [degrees]. The country lies in the sea, beside where latitude and longitude are 0.
CELL = 0.1


class Block(NamedTuple):
    """Cells from ``left`` and ``bottom`` up to, but without, ``right`` and ``top``."""

    left: int
    bottom: int
    right: int
    top: int


def draw_outlines(rng: Generator, areas: pl.DataFrame) -> Mapping[str, dict[str, Any]]:
    """Draw an outline for every region and district.

    Args:
        rng: source of the shapes of borders.
        areas: area, parent, level, name_kk, name_ru, name_en; districts after their region.

    Returns:
        Level -> GeoJSON FeatureCollection; each feature has the key of its area as ``id``. Districts tile
        their region, and regions the country.

    Source: RFC 7946, The GeoJSON Format.
    """
    districts: dict[str, list[str]] = {}
    for area, parent, level in areas.select("area", "parent", "level").rows():
        if level == "district":
            districts.setdefault(parent, []).append(area)
    count = sum(map(len, districts.values()))
    width = ceil(sqrt(2 * CELLS * count))
    whole = Block(0, 0, width, ceil(CELLS * count / width))
    regions = _halve(whole, list(districts), [len(inner) for inner in districts.values()])
    blocks = {
        "region": regions,
        "district": {
            key: block
            for region, inner in districts.items()
            for key, block in _halve(regions[region], inner, [1] * len(inner)).items()
        },
    }
    steps = np.stack(np.meshgrid(np.arange(whole.right + 1), np.arange(whole.top + 1), indexing="ij"), -1)
    corners = ((steps + rng.uniform(-SHIFT, SHIFT, steps.shape)) * CELL).round(4)
    names = {row["area"]: row for row in areas.iter_rows(named=True)}
    return {
        level: {
            "type": "FeatureCollection",
            "features": [
                _feature(names[key], _ring(block), corners.tolist()) for key, block in found.items()
            ],
        }
        for level, found in blocks.items()
    }


def _halve(block: Block, keys: Sequence[str], weights: Sequence[int]) -> dict[str, Block]:
    """Share a block out to keys in their order, by weight; no key gets fewer cells than its weight."""
    if len(keys) == 1:
        return {keys[0]: block}
    half = sum(weights) / 2
    ends = np.cumsum(weights)
    at = 1 + int(np.argmin(np.abs(ends[:-1] - half)))
    first, second = int(ends[at - 1]), int(ends[-1] - ends[at - 1])
    width, height = block.right - block.left, block.top - block.bottom
    if width >= height:
        cut = block.left + _cut(width, height, first, second)
        parts = block._replace(right=cut), block._replace(left=cut)
    else:
        cut = block.bottom + _cut(height, width, first, second)
        parts = block._replace(top=cut), block._replace(bottom=cut)
    return _halve(parts[0], keys[:at], weights[:at]) | _halve(parts[1], keys[at:], weights[at:])


def _cut(length: int, across: int, first: int, second: int) -> int:
    """Choose where to cut, so that both sides have at least one cell for each district."""
    wanted = round(length * first / (first + second))
    return min(max(wanted, ceil(first / across)), length - ceil(second / across))


def _ring(block: Block) -> list[tuple[int, int]]:
    """Walk round a block against the clock, corner by corner, and come back."""
    left, bottom, right, top = block
    ring = [(x, bottom) for x in range(left, right)]
    ring += [(right, y) for y in range(bottom, top)]
    ring += [(x, top) for x in range(right, left, -1)]
    ring += [(left, y) for y in range(top, bottom, -1)]
    return [*ring, ring[0]]


def _feature(area: Mapping[str, Any], ring: list[tuple[int, int]], corners: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": area["area"],
        "properties": {
            "synthetic": True,
            **{name: area[name] for name in ("name_kk", "name_ru", "name_en")},
        },
        "geometry": {"type": "Polygon", "coordinates": [[corners[x][y] for x, y in ring]]},
    }
