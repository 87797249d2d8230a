"""A synthetic election as files, the way organisations and commissions hand them over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import polars as pl

from haq.errors import InputError
from haq.synthetic.election import SyntheticElection
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
        summary_district, summary_region, summary_centre, and truth.json.

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
        path = folder / "truth.json"
        path.write_text(json.dumps(truth(election), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{folder}: cannot be written to ({error.strerror}); choose another folder"
        ) from None
    return (*written, path)


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
