"""A whole election with a known truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl
from numpy.random import Generator

from haq.synthetic.alterations import Planted, apply, make_room, plant
from haq.synthetic.copies import Copies, Slip, draw_copies
from haq.synthetic.form import LINES
from haq.synthetic.geography import Geography, lay_out
from haq.synthetic.outlines import draw_outlines
from haq.synthetic.records import Photograph, choose_photographs, draw_replies, name_photographs
from haq.synthetic.rounding import Counts
from haq.synthetic.spec import Spec
from haq.synthetic.votes import draw_voters, fill_protocols, national_totals

LEVELS = ("district", "region", "centre")


@dataclass(frozen=True)
class SyntheticElection:
    """One election: what was counted, what was declared, and who has copies.

    Frames carry the lines of the protocol and the choices as Int64 columns.

    Attributes:
        spec: the specification it was made from.
        areas: area, parent, level, name_kk, name_ru, name_en.
        stations: station, region, district, kind, name_kk, name_ru, registered, and building and
            street apart by language (place_kk … address_en).
        counted: the truth at stations: station, region, district, lines, choices.
        official: the declared figures of stations, same columns.
        copies: organisation -> station, grade, lines, choices; null where the copy
            is empty or unreadable (``slips`` tells which); photo (path or null) where any
            copy was photographed.
        summaries: level -> declared summaries: district (district, region, ...),
            region (region, ...), centre (centre, ...; one row).
        alterations: all planted alterations, stations first.
        slips: all slips of the pen in copies.
        outlines: level -> GeoJSON FeatureCollection of its areas.
        photographs: the copies that have a picture.
        replies: station, reply, date, reply_language.
    """

    spec: Spec
    areas: pl.DataFrame
    stations: pl.DataFrame
    counted: pl.DataFrame
    official: pl.DataFrame
    copies: Mapping[str, pl.DataFrame]
    summaries: Mapping[str, pl.DataFrame]
    alterations: tuple[Planted, ...]
    slips: tuple[Slip, ...]
    outlines: Mapping[str, dict[str, Any]]
    photographs: tuple[Photograph, ...]
    replies: pl.DataFrame


def make(spec: Spec, rng: Generator | None = None) -> SyntheticElection:
    """Make an election from its specification.

    The same specification and generator state give the same election. Declared
    station figures add up to ``spec.national`` and ``spec.choices`` exactly; what was
    counted is what is declared minus the planted alterations, line by line.

    Args:
        spec: the specification.
        rng: source of all draws; without it, one that starts from ``spec.seed``.

    Returns:
        The election, frozen.

    Raises:
        InputError: voters do not fit into stations, or alterations into the election.
    """
    # A stream for each part: other copies do not change the votes.
    streams = (rng or np.random.default_rng(spec.seed)).spawn(7)
    places, voters_rng, lines, planting, room, copying, records = streams
    geography = lay_out(places, spec)
    keys, choices = geography.stations["station"].to_list(), spec.choice_keys

    voters = draw_voters(voters_rng, spec, geography)
    planted = _plant_at_stations(planting, spec, geography, voters)
    voters = make_room(room, spec, geography, voters, national_totals(spec), planted)
    counted = fill_protocols(lines, voters, geography)
    declared = apply(counted, keys, choices, planted)

    summaries, above = _summarise(planting, spec, geography, declared)
    organisations = zip(spec.organisations, copying.spawn(len(spec.organisations)), strict=True)
    copies = [draw_copies(stream, spec, one, geography, counted) for one, stream in organisations]
    place = geography.stations.select("station", "region", "district")
    frames = {one.organisation: _copy_frame(keys, counted, choices, one) for one in copies}
    shaping, picturing, answering = records.spawn(3)
    photographs = choose_photographs(picturing, spec, frames, planted)
    return SyntheticElection(
        spec=spec,
        areas=geography.areas,
        stations=geography.stations,
        counted=_frame(place, counted, choices),
        official=_frame(place, declared, choices),
        copies=MappingProxyType(
            {key: name_photographs(frame, key, photographs) for key, frame in frames.items()}
        ),
        summaries=MappingProxyType(summaries),
        alterations=(*planted, *above),
        slips=tuple(slip for one in copies for slip in one.slips),
        outlines=MappingProxyType(dict(draw_outlines(shaping, geography.areas))),
        photographs=photographs,
        replies=draw_replies(answering, spec, frames, planted, photographs),
    )


def _plant_at_stations(rng: Generator, spec: Spec, geography: Geography, voters: Counts) -> list[Planted]:
    votes, not_issued = voters[:, : len(spec.choices)], voters[:, -1]
    stations, regions = geography.stations["station"].to_list(), geography.stations["region"].to_list()
    return _plant_level(rng, spec, "station", votes, not_issued, stations, regions)


def _summarise(
    rng: Generator, spec: Spec, geography: Geography, declared: Counts
) -> tuple[dict[str, pl.DataFrame], list[Planted]]:
    """Add up stations, districts and regions as declared; each level may be altered."""
    districts = geography.areas.filter(pl.col("level") == "district").select(district="area", region="parent")
    regions = [region.key for region in spec.regions]
    names = {
        "district": districts,
        "region": pl.DataFrame({"region": regions}),
        "centre": pl.DataFrame({"centre": ["centre"]}),
    }
    parents = {
        "district": geography.district,
        "region": np.array([regions.index(key) for key in districts["region"]]),
        "centre": np.zeros(len(regions), dtype=np.int64),
    }
    frames: dict[str, pl.DataFrame] = {}
    planted: list[Planted] = []
    figures = declared
    for level in LEVELS:
        sums = np.zeros((names[level].height, figures.shape[1]), dtype=np.int64)
        np.add.at(sums, parents[level], figures)
        keys = names[level][level].to_list()
        within = keys if level == "centre" else names[level]["region"].to_list()
        not_issued = sums[:, LINES.index("registered")] - sums[:, LINES.index("ballots_issued")]
        here = _plant_level(rng, spec, level, sums[:, len(LINES) :], not_issued, keys, within)
        figures = apply(sums, keys, spec.choice_keys, here)
        frames[level] = _frame(names[level], figures, spec.choice_keys)
        planted += here
    return frames, planted


def _plant_level(
    rng: Generator,
    spec: Spec,
    level: str,
    votes: Counts,
    not_issued: Counts,
    keys: Sequence[str],
    regions: Sequence[str],
) -> list[Planted]:
    planted: list[Planted] = []
    for number, part in enumerate(spec.alterations):
        if part.level != level:
            continue
        altered = {one.key for one in planted}  # a sheet is altered once
        free = np.array(
            [
                key not in altered and (not part.regions or region in part.regions)
                for key, region in zip(keys, regions, strict=True)
            ]
        )
        planted += plant(
            rng,
            part,
            where=f"alterations[{number}]",
            votes=votes,
            not_issued=not_issued,
            keys=keys,
            choices=spec.choice_keys,
            free=free,
        )
    return planted


def _frame(keys: pl.DataFrame, figures: Counts, choices: Sequence[str]) -> pl.DataFrame:
    return keys.hstack(pl.DataFrame(figures, schema=dict.fromkeys((*LINES, *choices), pl.Int64)))


def _copy_frame(keys: Sequence[str], counted: Counts, choices: Sequence[str], copies: Copies) -> pl.DataFrame:
    names = (*LINES, *choices)
    row = {keys[station]: index for index, station in enumerate(copies.stations)}
    columns: list[list[int | None]] = counted[copies.stations].T.tolist()
    for slip in copies.slips:
        columns[names.index(slip.line)][row[slip.station]] = slip.written
    return pl.DataFrame(
        [
            pl.Series("station", list(row), dtype=pl.String),
            pl.Series("grade", copies.grades, dtype=pl.String),
            *(pl.Series(name, column, dtype=pl.Int64) for name, column in zip(names, columns, strict=True)),
        ]
    )
