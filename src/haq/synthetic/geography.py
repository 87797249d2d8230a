"""Regions, districts and stations of a synthetic election."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.random import Generator

from haq.errors import InputError
from haq.synthetic.rounding import Counts, Floats, round_to_total
from haq.synthetic.spec import Region, Spec, Text


@dataclass(frozen=True)
class Geography:
    """Where every station stands.

    Attributes:
        areas: one row an area: area, parent, level, name_kk, name_ru, name_en.
        stations: one row a station: station, region, district, kind, name_kk, name_ru (building and
            street in one text), registered, place_kk, place_ru, place_en (building), address_kk,
            address_ru, address_en (street); null where there is none.
        region: index of the region of each station.
        district: index of the district of each station, counted through the country.
        kind: index of the kind of each station.
        registered: registered voters of each station [voters].
    """

    areas: pl.DataFrame
    stations: pl.DataFrame
    region: Counts
    district: Counts
    kind: Counts
    registered: Counts


def lay_out(rng: Generator, spec: Spec) -> Geography:
    """Lay out the areas and stations of a specification.

    Args:
        rng: source of all choices.
        spec: the specification.

    Returns:
        Stations in the order of regions, districts and numbers.

    Raises:
        InputError: a region's voters do not fit into its stations' sizes.
    """
    region = np.repeat(np.arange(len(spec.regions)), [one.stations for one in spec.regions])
    kind = _kinds(rng, spec, region)
    district, numbers, district_keys = _districts(rng, spec)
    registered = np.concatenate(
        [_sizes(rng, spec, one, kind[region == index]) for index, one in enumerate(spec.regions)]
    )
    codes = [one.code for one in spec.regions]
    places, streets = _names(rng, spec, kind)
    stations = pl.DataFrame(
        {
            "station": [f"{codes[r]}-{n:04d}" for r, n in zip(region, numbers, strict=True)],
            "region": [spec.regions[r].key for r in region],
            "district": [district_keys[d] for d in district],
            "kind": [spec.kinds[k].key for k in kind],
            "name_kk": _together(places["kk"], streets["kk"]),
            "name_ru": _together(places["ru"], streets["ru"]),
            "registered": registered,
            **{f"place_{code}": pl.Series(names, dtype=pl.String) for code, names in places.items()},
            **{f"address_{code}": pl.Series(names, dtype=pl.String) for code, names in streets.items()},
        }
    )
    return Geography(_areas(spec), stations, region, district, kind, registered)


def _kinds(rng: Generator, spec: Spec, region: Counts) -> Counts:
    kind = np.zeros(len(region), dtype=np.int64)
    # Kinds that are bound to regions choose first, so that others leave them room.
    order = sorted(range(1, len(spec.kinds)), key=lambda index: not spec.kinds[index].regions)
    for index in order:
        one = spec.kinds[index]
        room = kind == 0
        if one.regions:
            room &= np.isin(region, [i for i, r in enumerate(spec.regions) if r.key in one.regions])
        free, wanted = np.flatnonzero(room), one.count(len(region))
        if wanted > len(free):
            raise InputError(f"kinds.{one.key}: {wanted} stations asked, {len(free)} are free; ask for fewer")
        kind[rng.choice(free, wanted, replace=False)] = index
    return kind


def _districts(rng: Generator, spec: Spec) -> tuple[Counts, list[int], list[str]]:
    district: list[Counts] = []
    numbers: list[int] = []
    keys: list[str] = []
    for region in spec.regions:
        count = region.district_count
        weights = rng.dirichlet(np.full(count, 4.0))
        sizes = 1 + rng.multinomial(region.stations - count, weights)
        district.append(np.repeat(np.arange(len(keys), len(keys) + count), sizes))
        keys += [f"{region.key}/{number:02d}" for number in range(1, count + 1)]
        # Numbers run through the region; closed stations leave gaps.
        gaps = rng.random(region.stations) < 0.015
        numbers += (np.arange(1, region.stations + 1) + np.cumsum(gaps)).tolist()
    return np.concatenate(district), numbers, keys


def _sizes(rng: Generator, spec: Spec, region: Region, kind: Counts) -> Counts:
    low = np.array([one.size[0] for one in spec.kinds], dtype=np.float64)[kind]
    high = np.array([one.size[1] for one in spec.kinds], dtype=np.float64)[kind]
    if not low.sum() <= region.registered <= high.sum():
        raise InputError(
            f"regions.{region.key}.registered: {region.registered} voters do not fit into its stations, "
            f"which hold {int(low.sum())} to {int(high.sum())}; change stations, registered or kinds.size"
        )
    noise = spec.dispersion.size * rng.standard_normal(len(kind))

    def sizes(level: float) -> Floats:
        # exp(40) is far below overflow, and at ±40 the sizes are at their bounds.
        filled: Floats = 1 / (1 + np.exp(-np.clip(level + noise, -40, 40)))
        return low + (high - low) * filled

    # The level of the region is found by halving, so that sizes add up without rescaling.
    under, over = -60.0, 60.0
    for _ in range(80):
        middle = (under + over) / 2
        under, over = (middle, over) if sizes(middle).sum() < region.registered else (under, middle)
    return round_to_total(rng, sizes(over), region.registered)


Texts = dict[str, list[str | None]]


def _names(rng: Generator, spec: Spec, kind: Counts) -> tuple[Texts, Texts]:
    """Draw the building and the street of each station, by language."""
    draws = rng.random((len(kind), 2)).tolist()
    numbers = rng.integers(1, 120, (len(kind), 2)).tolist()
    places: Texts = {"kk": [], "ru": [], "en": []}
    streets: Texts = {"kk": [], "ru": [], "en": []}
    for index, (place_draw, street_draw), (number, house) in zip(kind, draws, numbers, strict=True):
        one = spec.kinds[index]
        place = one.places[int(place_draw * len(one.places))]
        street = spec.streets[int(street_draw * len(spec.streets))] if one.on_street else None
        for texts, named, n in ((places, place, number), (streets, street, house)):
            for code, column in texts.items():
                text = getattr(named, code) if named is not None else None
                column.append(text.replace("{n}", str(n)) if text else None)
    return places, streets


def _together(places: list[str | None], streets: list[str | None]) -> list[str]:
    return [", ".join(filter(None, parts)) for parts in zip(places, streets, strict=True)]


def _areas(spec: Spec) -> pl.DataFrame:
    rows: list[tuple[str, str | None, str, str, str, str]] = []
    for region in spec.regions:
        rows.append((region.key, None, "region", region.name.kk, region.name.ru, region.name.en))
        for index in range(region.district_count):
            number = index + 1
            name = (
                Text(kk=f"№ {number} аумақ", ru=f"Территория № {number}", en=f"Territory {number}")
                if isinstance(region.districts, int)
                else region.districts[index]
            )
            key = f"{region.key}/{number:02d}"
            rows.append((key, region.key, "district", name.kk, name.ru, name.en))
    columns = ["area", "parent", "level", "name_kk", "name_ru", "name_en"]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
