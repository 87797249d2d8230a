"""The truth about a synthetic election: what checks are expected to find."""

from __future__ import annotations

from typing import Any

import polars as pl

from haq.synthetic.alterations import Planted
from haq.synthetic.election import SyntheticElection
from haq.synthetic.form import LINES


def truth(election: SyntheticElection) -> dict[str, Any]:
    """Tell the whole truth about an election as plain values for JSON.

    Args:
        election: the election.

    Returns:
        ``counts`` (how many of everything), ``alterations`` (each with the
        organisations that hold a copy, ``covered_by``, and those whose copy as
        written shows an altered line, ``shown_by``), ``slips``, and ``totals`` by line
        and choice: ``national`` and each of ``regions`` with ``counted`` (the truth),
        ``stations`` (declared by stations) and ``summary`` (declared above them).
    """
    spec = election.spec
    figures = [*LINES, *spec.choice_keys]
    rows = {name: _rows(frame) for name, frame in election.copies.items()}
    official = {row["station"]: row for row in election.official.iter_rows(named=True)}
    alterations = []
    for one in election.alterations:
        covered = [name for name in rows if one.key in rows[name]] if one.level == "station" else []
        shown = [name for name in covered if _shows(one, rows[name][one.key], official[one.key])]
        alterations.append(
            {
                "level": one.level,
                "key": one.key,
                "how": one.how,
                "gains": one.gains,
                "size": one.size,
                "changes": dict(one.changes),
                "covered_by": covered,
                "shown_by": shown,
            }
        )
    at_stations = [one for one in alterations if one["level"] == "station"]
    return {
        "election": spec.key,
        "seed": spec.seed,
        "counts": {
            "stations": election.stations.height,
            "districts": election.summaries["district"].height,
            "regions": election.summaries["region"].height,
            "copies": {name: frame.height for name, frame in election.copies.items()},
            "stations_with_a_copy": len(set().union(*rows.values())),
            "altered_stations": len(at_stations),
            "altered_stations_covered": sum(bool(one["covered_by"]) for one in at_stations),
            "altered_stations_shown": sum(bool(one["shown_by"]) for one in at_stations),
            "altered_summaries": len(alterations) - len(at_stations),
            "slips": len(election.slips),
        },
        "alterations": alterations,
        "slips": [
            {
                "source": slip.organisation,
                "station": slip.station,
                "line": slip.line,
                "kind": slip.kind,
                "true": slip.counted,
                "written": slip.written,
            }
            for slip in election.slips
        ],
        "totals": {
            "national": {
                "counted": _sums(election.counted, figures),
                "stations": _sums(election.official, figures),
                "summary": _sums(election.summaries["centre"], figures),
            },
            "regions": {
                region.key: {
                    name: _sums(frame.filter(pl.col("region") == region.key), figures)
                    for name, frame in (
                        ("counted", election.counted),
                        ("stations", election.official),
                        ("summary", election.summaries["region"]),
                    )
                }
                for region in spec.regions
            },
        },
    }


def _rows(frame: pl.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["station"]: row for row in frame.iter_rows(named=True)}


def _shows(one: Planted, copy: dict[str, Any], declared: dict[str, Any]) -> bool:
    return any(copy[line] is not None and copy[line] != declared[line] for line in one.changes)


def _sums(frame: pl.DataFrame, figures: list[str]) -> dict[str, int]:
    return {
        name: int(total) for name, total in frame.select(pl.col(figures).sum()).row(0, named=True).items()
    }
