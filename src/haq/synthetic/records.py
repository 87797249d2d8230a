"""What stands beside the figures: which copies were photographed, and what commissions replied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from numpy.random import Generator

from haq.synthetic.alterations import Planted
from haq.synthetic.spec import Spec

#: Grades that one photograph of one sheet can have.
PHOTOGRAPHED = ("A", "C")


@dataclass(frozen=True)
class Photograph:
    """A picture of a copy.

    Attributes:
        organisation: whose copy.
        station: the station.
        file: its path beside the tables.
    """

    organisation: str
    station: str
    file: str


def choose_photographs(
    rng: Generator, spec: Spec, copies: Mapping[str, pl.DataFrame], planted: Sequence[Planted]
) -> tuple[Photograph, ...]:
    """Choose the copies that have a picture.

    Args:
        rng: source of the choice.
        spec: the specification.
        copies: organisation -> its copies.
        planted: the alterations of stations.

    Returns:
        Pictures of altered stations, the largest alterations first, then of others; one a station.
    """
    held: dict[str, str] = {}
    for organisation, frame in copies.items():
        for station in frame.filter(pl.col("grade").is_in(PHOTOGRAPHED))["station"]:
            held.setdefault(station, organisation)
    largest = sorted(planted, key=lambda one: (-one.size, one.key))
    altered = [one.key for one in largest if one.key in held][: spec.photographs.altered]
    keys = {one.key for one in planted}
    others = sorted(held.keys() - keys)
    count = min(spec.photographs.ordinary, len(others))
    ordinary = sorted(rng.choice(others, count, replace=False).tolist()) if count else []
    chosen = [*altered, *ordinary]
    return tuple(
        Photograph(held[station], station, f"photos/{held[station]}-{station}.png") for station in chosen
    )


def name_photographs(
    frame: pl.DataFrame, organisation: str, photographs: Sequence[Photograph]
) -> pl.DataFrame:
    """Add the column ``photo`` to the copies of an organisation, where any copy was photographed at all."""
    if not photographs:
        return frame
    files = {one.station: one.file for one in photographs if one.organisation == organisation}
    named = frame["station"].replace_strict(files, default=None, return_dtype=pl.String)
    return frame.with_columns(named.alias("photo"))


def draw_replies(
    rng: Generator,
    spec: Spec,
    copies: Mapping[str, pl.DataFrame],
    planted: Sequence[Planted],
    photographs: Sequence[Photograph],
) -> pl.DataFrame:
    """Let commissions answer about altered stations of which there is a copy, photographed ones first.

    Args:
        rng: source of who answers what.
        spec: the specification.
        copies: organisation -> its copies.
        planted: the alterations of stations.
        photographs: the pictures.

    Returns:
        station, reply, date (ISO 8601), reply_language; by station.
    """
    seen = {station for frame in copies.values() for station in frame["station"]}
    altered = {one.key for one in planted if one.key in seen}
    pictured = [one.station for one in photographs if one.station in altered]
    others = sorted(altered - set(pictured))
    order = [pictured[i] for i in rng.permutation(len(pictured))] + [
        others[i] for i in rng.permutation(len(others))
    ]
    answers = [one for one in spec.replies for _ in range(one.count)]
    rows = sorted(
        (station, one.text.replace("{station}", station), one.date.isoformat(), one.language)
        for station, one in zip(order, answers, strict=False)
    )
    columns = ("station", "reply", "date", "reply_language")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def read_copies(
    copies: Mapping[str, pl.DataFrame], photographs: Sequence[Photograph]
) -> Iterator[tuple[Photograph, Mapping[str, object]]]:
    """Give each picture with the row of the copy that it shows."""
    for organisation, frame in copies.items():
        wanted = {one.station: one for one in photographs if one.organisation == organisation}
        for row in frame.filter(pl.col("station").is_in(list(wanted))).iter_rows(named=True):
            yield wanted[row["station"]], row
