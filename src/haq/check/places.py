"""Entries of areas and stations, put together from every source that knows something of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from haq.check.config import ADDRESSES, NAMES, Name
from haq.check.hashes import Hashes
from haq.check.report import Report
from haq.entries import AreaEntry, Names, StationEntry

_ORDER = {"stations": 0, "official": 1, "copies": 2}


def names_of(name: Name) -> Names:
    """Write a name of ``election.toml`` as entries do."""
    return Names(kk=name.kk, ru=name.ru, en=name.en)


def _in_languages(row: Mapping[str, Any], columns: tuple[str, ...]) -> Names | None:
    known = {column[-2:]: row[column] for column in columns if row.get(column)}
    return Names(**known) if known else None


def area_entries(report: Report, hashes: Hashes) -> Iterator[AreaEntry]:
    """Give one entry for each listed area.

    Args:
        report: what the check found.
        hashes: collects the files with outlines.

    Yields:
        The areas in the order of ``election.toml`` and of the lists.
    """
    for source in report.sources.values():
        if source.config.kind != "areas":
            continue
        above = [a for a in report.election.levels_above(source.level) if a in source.frame.columns]
        for row in source.frame.iter_rows(named=True):
            yield AreaEntry(
                election=report.election.config.key,
                level=source.level,
                area=row["unit"],
                areas={a: row[a] for a in above if row[a]},
                names=_in_languages(row, NAMES) or Names(),
                shape=hashes.of(source.shapes) if source.shapes and row["unit"] in source.shaped else None,
            )


def station_entries(report: Report) -> Iterator[StationEntry]:
    """Give one entry a station.

    The list of stations speaks first, then the official result, then copies.

    Args:
        report: what the check found.

    Yields:
        The stations in the order in which the sources name them.
    """
    base = report.election.base_level
    areas = report.election.levels_above(base)
    wanted = (*areas, "name", "address", *NAMES, *ADDRESSES, "registered")
    known: dict[str, dict[str, Any]] = {}
    at_base = [s for s in report.sources.values() if s.level == base and s.config.kind in _ORDER]
    for source in sorted(at_base, key=lambda s: _ORDER[s.config.kind]):
        columns = [c for c in wanted if c in source.frame.columns]
        for row in source.frame.select("unit", *columns).iter_rows(named=True):
            station = known.setdefault(row["unit"], {})
            for column in columns:
                if row[column] not in (None, ""):
                    station.setdefault(column, row[column])
    lists = _lists(report)
    for unit, station in known.items():
        unlisted = tuple(contest for contest, units in lists.items() if unit not in units)
        yield StationEntry(
            election=report.election.config.key,
            station=unit,
            areas={a: station[a] for a in areas if a in station},
            name=station.get("name"),
            address=station.get("address"),
            registered=station.get("registered"),
            names=_in_languages(station, NAMES),
            addresses=_in_languages(station, ADDRESSES),
            unlisted=unlisted or None,
        )


def _lists(report: Report) -> dict[str, set[str]]:
    """Give the stations of the lists of each contest that has one: those without a contest speak for all."""
    found: dict[str, set[str]] = {}
    for source in report.sources.values():
        if source.config.kind == "stations":
            for contest in [source.config.contest] if source.config.contest else report.contests:
                units = found.setdefault(contest, set())
                units.update(source.frame["unit"], source.refused_units)
    return found
