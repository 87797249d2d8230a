"""Entries of a checked election: what can be published, in a fixed order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from haq.check.election import Name
from haq.check.report import ContestReport, Report
from haq.check.sources import Source, stamp_of
from haq.entries import (
    ChoiceName,
    ContestRules,
    CopyEntry,
    ElectionEntry,
    Entry,
    FindingEntry,
    Names,
    OfficialEntry,
    OrganisationTies,
    ReadingEntry,
    SourceFile,
    StationEntry,
    TotalEntry,
    digest,
    encode,
)
from haq.errors import InputError
from haq.protocols import (
    Finding,
    Kind,
    arithmetic,
    broken_sums,
    changed,
    contradicted,
    differences,
    not_declared,
)

GRADES = ("A", "B", "C", "D")


def sha256_of(path: Path) -> str:
    """Hash a file.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _unchanged(source: Source) -> str:
    """Hash the file of a source, provided that it is still the one that was read."""
    digested = sha256_of(source.path)
    if stamp_of(source.path) != source.stamp:
        raise InputError(f"{source.path}: was changed while haq was checking it; run the check again")
    return digested


def entries_of(report: Report) -> Iterator[Entry]:
    """List everything that a checked election can publish.

    Args:
        report: what the check found.

    Yields:
        The election, its stations, every official result and version, every copy with its
        reading, every finding, every total; in the order of ``election.toml`` and of the files.
    """
    yield _election(report)
    yield from _stations(report)
    for source in report.sources.values():
        if source.config.kind == "official":
            yield from _official(report, source)
        elif source.config.kind == "copies":
            yield from _copies(report, source)
    for contest in report.contests.values():
        for finding in findings_of(report, contest):
            yield _finding(report, finding)
        yield from _totals(report, contest)


def findings_of(report: Report, contest: ContestReport) -> Iterator[Finding]:
    """Name every breach of a contest: broken sums, differences, changed versions, roll-ups."""
    for key, checks in contest.checks.items():
        source = report.sources[key]
        yield from arithmetic(
            source.frame, checks.flags, checks.checks, contest=contest.key, level=source.level, source=key
        )
    for key, copies in contest.contradictions.items():
        source = report.sources[key]
        yield from contradicted(
            copies, contest=contest.key, level=source.level, source=key, lines=source.keys
        )
    for key, version in contest.versions.items():
        places = (key, version.pair.declared)
        yield from changed(
            version.changes, contest=contest.key, level=report.sources[key].level, sources=places
        )
    pairs = chain(
        ((pair, Kind.OFFICIAL_DIFFERS) for pair in contest.copies.values()),
        ((pair, Kind.COPIES_DISAGREE) for pair in contest.between),
    )
    for pair, kind in pairs:
        source, against = report.sources[pair.copies], report.sources[pair.declared]
        if kind is Kind.OFFICIAL_DIFFERS and against.config.kind == "copies":
            kind = Kind.COPIES_DISAGREE
        yield from differences(
            pair.comparison,
            kind,
            contest=contest.key,
            level=source.level,
            sources=(pair.copies, pair.declared),
            choices=source.choices,
            grades=_grades(source),
            seconded=_seconded(report, contest, source),
        )
    yield from _not_declared(report, contest)
    for summed in contest.rolls:
        yield from broken_sums(summed.roll, contest=contest.key, sources=(summed.child, summed.parent))


def _not_declared(report: Report, contest: ContestReport) -> Iterator[Finding]:
    """Name each known station without a declared result once, by the first source that knows of it."""
    waiting = set(contest.not_declared)
    knowing = [report.sources[key] for key in contest.copies]
    knowing += [s for s in report.sources.values() if s.config.kind in ("stations", "official")]
    for source in knowing:
        if source.level == report.election.base_level and source.contest in ("", contest.key):
            places = source.frame.select("unit", "row").rows()
            first = {unit: row for unit, row in reversed(places) if unit in waiting}
            waiting -= first.keys()
            yield from not_declared(
                [
                    (unit, first[unit])
                    for unit in source.frame["unit"].unique(maintain_order=True)
                    if unit in first
                ],
                contest=contest.key,
                level=source.level,
                sources=(source.key, contest.declared),
            )


def _seconded(report: Report, contest: ContestReport, source: Source) -> set[str]:
    """Name the units of a source of which another organisation has a copy too."""
    ours = source.config.organisation
    others = [report.sources[key] for key in contest.copies]
    return {
        unit
        for other in others
        if other.level == source.level and other.config.organisation != ours
        for unit in other.frame["unit"]
    }


def _grades(source: Source) -> Mapping[int, str]:
    if "grade" in source.frame.columns:
        return dict(source.frame.select("row", pl.col("grade").fill_null(source.config.grade or "")).rows())
    return dict.fromkeys(source.frame["row"].to_list(), source.config.grade or "")


def _names(name: Name) -> Names:
    return Names(kk=name.kk, ru=name.ru, en=name.en)


def _election(report: Report) -> ElectionEntry:
    election, config = report.election, report.election.config
    return ElectionEntry(
        election=config.key,
        title=_names(config.title),
        date=config.date,
        law=election.profile.key,
        law_sha256=election.law_sha256,
        contests=tuple(
            ContestRules(
                key=key,
                law=contest.law or key,
                seats=contest.seats or election.rules_of(key).seats,
                choices=tuple(
                    ChoiceName(key=choice, kind=c.kind.value, name=_names(c.name))
                    for choice, c in contest.choices.items()
                ),
            )
            for key, contest in config.contests.items()
        ),
        organisations=tuple(
            OrganisationTies(key=key, name=_names(o.name), ties=o.ties)
            for key, o in config.organisations.items()
        ),
        sources=tuple(
            SourceFile(
                key=key,
                kind=source.config.kind,
                level=source.level,
                contest=source.contest or None,
                organisation=source.config.organisation,
                version=source.config.version,
                file=source.name,
                sha256=_unchanged(source),
                columns=dict(source.config.columns),
                layout=source.config.layout.model_dump(exclude_none=True),
            )
            for key, source in report.sources.items()
        ),
    )


def _stations(report: Report) -> Iterator[StationEntry]:
    """One entry a station, put together from every source that knows something of it.

    The list of stations speaks first, then the official result, then copies.
    """
    base = report.election.base_level
    order = {"stations": 0, "official": 1, "copies": 2}
    areas = report.election.levels_above(base)
    known: dict[str, dict[str, Any]] = {}
    at_base = [s for s in report.sources.values() if s.level == base]
    for source in sorted(at_base, key=lambda s: order[s.config.kind]):
        columns = [c for c in (*areas, "name", "address", "registered") if c in source.frame.columns]
        for row in source.frame.select("unit", *columns).iter_rows(named=True):
            station = known.setdefault(row["unit"], {})
            for column in columns:
                if row[column] not in (None, ""):
                    station.setdefault(column, row[column])
    for unit, station in known.items():
        yield StationEntry(
            election=report.election.config.key,
            station=unit,
            areas={a: station[a] for a in areas if a in station},
            name=station.get("name"),
            address=station.get("address"),
            registered=station.get("registered"),
        )


def _figures(source: Source) -> Iterator[tuple[dict[str, object], dict[str, int | str]]]:
    """Give each row with its figures: a number, ``empty``, or ``unreadable``."""
    unreadable = set(source.unreadable.select("row", "field").rows())
    keys = (*source.lines, *source.choices)
    for row in source.frame.iter_rows(named=True):
        yield (
            row,
            {
                k: ("unreadable" if (row["row"], k) in unreadable else "empty") if row[k] is None else row[k]
                for k in keys
            },
        )


def _official(report: Report, source: Source) -> Iterator[OfficialEntry]:
    for row, lines in _figures(source):
        yield OfficialEntry.model_validate(
            {
                "election": report.election.config.key,
                "contest": source.contest,
                "level": source.level,
                "unit": row["unit"],
                "version": source.config.version,
                "source": source.key,
                "row": row["row"],
                "lines": lines,
            }
        )


def _copies(report: Report, source: Source) -> Iterator[CopyEntry | ReadingEntry]:
    grades = _grades(source)
    election = report.election.config.key
    for row, lines in _figures(source):
        number = row["row"]
        grade = grades.get(number, "") if isinstance(number, int) else ""
        copy = CopyEntry.model_validate(
            {
                "election": election,
                "contest": source.contest,
                "level": source.level,
                "unit": row["unit"],
                "organisation": source.config.organisation,
                "source": source.key,
                "row": number,
                "grade": grade if grade in GRADES else None,
            }
        )
        yield copy
        yield ReadingEntry.model_validate(
            {"election": election, "copy_entry": digest(encode(copy)), "reader": "file", "lines": lines}
        )


def _finding(report: Report, finding: Finding) -> FindingEntry:
    return FindingEntry.model_validate(
        {
            "election": report.election.config.key,
            "finding": finding.kind.value,
            "check": finding.check,
            "severity": finding.severity,
            "contest": finding.contest,
            "level": finding.level,
            "unit": finding.unit,
            "sources": finding.sources,
            "rows": finding.rows,
            "lines": finding.lines,
            "grade": finding.grade if finding.grade in GRADES else "",
            "waits": finding.waits,
        }
    )


def _totals(report: Report, contest: ContestReport) -> Iterator[TotalEntry]:
    for key, totals in contest.totals.items():
        shown = contest.seats is not None and key == contest.declared
        yield TotalEntry(
            election=report.election.config.key,
            contest=contest.key,
            level=report.sources[key].level,
            source=key,
            stations=totals.units,
            of=totals.of,
            sums=dict(totals.sums),
            missing={k: n for k, n in totals.missing.items() if n},
            seats=dict(contest.seats.seats) if contest.seats is not None and shown else None,
            unconfirmed=contest.seats.notes if contest.seats is not None and shown else (),
        )
