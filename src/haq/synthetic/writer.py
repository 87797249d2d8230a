"""A synthetic election as files, the way organisations and commissions hand them over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import polars as pl

from haq.errors import InputError
from haq.synthetic.election import SyntheticElection
from haq.synthetic.photographs import Sheets
from haq.synthetic.records import read_copies
from haq.synthetic.truth import truth

UNREADABLE = "нрзб"


def write(
    election: SyntheticElection, folder: str | Path, *, format: Literal["csv", "parquet"] = "csv"
) -> tuple[Path, ...]:
    """Write an election and its truth into a folder.

    Args:
        election: the election.
        folder: where to write; made if it is missing, files in it are replaced.
        format: ``csv`` (UTF-8, comma, an empty line of a copy is an empty cell and an
            unreadable one the word нрзб) or ``parquet`` (both are null).

    Returns:
        The written files: areas, stations, official, copies_<organisation>,
        summary_district, summary_region, summary_centre, areas_region, areas_district,
        replies (where there are any), the outlines areas_<level>.geojson, the pictures
        photos/*.png, and truth.json.

    Raises:
        InputError: the folder cannot be written to.
    """
    folder = Path(folder)
    tables = {
        "areas": election.areas,
        "stations": election.stations,
        "official": election.official,
        **{f"copies_{name}": frame for name, frame in election.copies.items()},
        **{f"summary_{level}": frame for level, frame in election.summaries.items()},
        **{f"areas_{level}": frame for level, frame in _areas(election)},
        **({"replies": election.replies} if election.replies.height else {}),
    }
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in tables.items():
            path = folder / f"{name}.{format}"
            if format == "parquet":
                frame.write_parquet(path)
            else:
                _with_unreadable(election, name, frame).write_csv(path)
            written.append(path)
        for level, outlines in election.outlines.items():
            path = folder / f"areas_{level}.geojson"
            path.write_text(json.dumps(outlines, ensure_ascii=False) + "\n", encoding="utf-8")
            written.append(path)
        for name, picture in _pictures(election):
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(picture)
            written.append(path)
        path = folder / "truth.json"
        path.write_text(json.dumps(truth(election), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{folder}: cannot be written to ({error.strerror}); choose another folder"
        ) from None
    return (*written, path)


def _areas(election: SyntheticElection) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give the areas of each level as a list of their own, as commissions publish them."""
    names = ["name_kk", "name_ru", "name_en"]
    for level, above in (("region", []), ("district", [pl.col("parent").alias("region")])):
        here = election.areas.filter(pl.col("level") == level)
        yield level, here.select(pl.col("area").alias(level), *above, *names)


def _pictures(election: SyntheticElection) -> Iterator[tuple[str, bytes]]:
    if not election.photographs:
        return
    stations = election.stations.rows_by_key("station", named=True, unique=True)
    sheets = Sheets(election.spec)
    unreadable: dict[tuple[str, str], set[str]] = {}
    for slip in election.slips:
        if slip.kind == "unreadable":
            unreadable.setdefault((slip.organisation, slip.station), set()).add(slip.line)
    for one, copy in read_copies(election.copies, election.photographs):
        place = stations[one.station]
        blots = unreadable.get((one.organisation, one.station), set())
        text = f"{place['name_kk']} · {place['name_ru']}"
        yield one.file, sheets.draw(one, copy, unreadable=blots, place=text)


def _with_unreadable(election: SyntheticElection, name: str, frame: pl.DataFrame) -> pl.DataFrame:
    places: dict[str, list[str]] = {}
    for slip in election.slips:
        if slip.kind == "unreadable" and name == f"copies_{slip.organisation}":
            places.setdefault(slip.line, []).append(slip.station)
    return frame.with_columns(
        pl.when(pl.col("station").is_in(stations))
        .then(pl.lit(UNREADABLE))
        .otherwise(pl.col(line).cast(pl.String))
        .alias(line)
        for line, stations in places.items()
    )
