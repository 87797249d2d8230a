"""Entries of a checked election: what can be published, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

import polars as pl

from haq.check.hashes import Hashes
from haq.check.places import area_entries, names_of, station_entries
from haq.check.report import ContestReport, Report
from haq.check.sources import Source
from haq.entries import (
    ChoiceName,
    ContestRules,
    CopyEntry,
    ElectionEntry,
    Entry,
    FindingEntry,
    OfficialEntry,
    OrganisationTies,
    ReadingEntry,
    ReplyEntry,
    SourceFile,
    TotalEntry,
    digest,
    encode,
)
from haq.entries.kinds import LARGEST
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


def entries_of(report: Report, hashes: Hashes | None = None) -> Iterator[Entry]:
    """List everything that a checked election can publish.

    Args:
        report: what the check found.
        hashes: collects every file that the entries name, with its hash.

    Yields:
        The election, its areas and stations, every official result and version, every copy with
        its reading, every reply, every finding, every total; in the order of ``election.toml``
        and of the files.

    Raises:
        InputError: a file cannot be read, or is not the one any more that was checked.
    """
    hashes = hashes if hashes is not None else Hashes()
    yield _election(report, hashes)
    yield from area_entries(report, hashes)
    yield from station_entries(report)
    for source in report.sources.values():
        if source.config.kind == "official":
            yield from _official(report, source)
        elif source.config.kind == "copies":
            yield from _copies(report, source, hashes)
        elif source.config.kind == "replies":
            yield from _replies(report, source, hashes)
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


def _election(report: Report, hashes: Hashes) -> ElectionEntry:
    election, config = report.election, report.election.config
    return ElectionEntry(
        election=config.key,
        title=names_of(config.title),
        date=config.date,
        law=election.profile.key,
        law_sha256=election.law_sha256,
        contests=tuple(
            ContestRules(
                key=key,
                law=contest.law or key,
                seats=contest.seats or election.rules_of(key).seats,
                choices=tuple(
                    ChoiceName(key=choice, kind=c.kind.value, name=names_of(c.name))
                    for choice, c in contest.choices.items()
                ),
                covers=contest.covers,
            )
            for key, contest in config.contests.items()
        ),
        organisations=tuple(
            OrganisationTies(key=key, name=names_of(o.name), ties=o.ties)
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
                file=source.public_name,
                sha256=hashes.of_source(source),
                extract=hashes.extract_of(source),
                columns=dict(source.config.columns),
                layout=source.config.layout.model_dump(exclude_none=True),
            )
            for key, source in report.sources.items()
        ),
        synthetic=True if config.synthetic else None,
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


def _copies(report: Report, source: Source, hashes: Hashes) -> Iterator[CopyEntry | ReadingEntry]:
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
                "files": hashes.of_row(source, number),
            }
        )
        yield copy
        yield ReadingEntry.model_validate(
            {"election": election, "copy_entry": digest(encode(copy)), "reader": "file", "lines": lines}
        )


def _replies(report: Report, source: Source, hashes: Hashes) -> Iterator[ReplyEntry]:
    for row in source.frame.iter_rows(named=True):
        if row["reply"]:  # an empty one is counted among the empty cells of its file
            yield ReplyEntry(
                election=report.election.config.key,
                contest=source.contest,
                level=source.level,
                unit=row["unit"],
                text=row["reply"],
                language=row.get("reply_language"),
                date=row.get("date"),
                files=hashes.of_row(source, row["row"]),
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
            "lines": {k: tuple(map(_held, figures)) for k, figures in finding.lines.items()},
            "grade": finding.grade if finding.grade in GRADES else "",
            "waits": finding.waits,
        }
    )


def _held(figure: int | None) -> int | None:
    """Give a figure as an entry can hold it: a sum beyond that is none."""
    return figure if figure is None or abs(figure) <= LARGEST else None


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
            # A sum that no entry can hold is left out; whoever has the figures can add them up.
            sums={k: n for k, n in totals.sums.items() if abs(n) <= LARGEST},
            missing={k: n for k, n in totals.missing.items() if n},
            seats=dict(contest.seats.seats) if contest.seats is not None and shown else None,
            unconfirmed=contest.seats.notes if contest.seats is not None and shown else (),
        )
