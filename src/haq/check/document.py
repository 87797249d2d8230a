"""The report as one JSON document: the figures, each with what it is out of."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl

from haq.check.report import ContestReport, Pair, Report, Roll
from haq.protocols import DIFFERENCE
from haq.seats import Allocation


def document(report: Report, *, verbose: bool = False, public: bool = False) -> dict[str, Any]:
    """Write a report as plain values that JSON can carry.

    Args:
        report: what the check found.
        verbose: add what differs at every station and area, the units behind every check, and
            every row and cell that was refused, skipped or repeated.
        public: leave out what may name people: whole refused rows, folders, names of photographs' files,
            titles.

    Returns:
        ``election``, ``law``, ``contests``, ``rows`` (by file) and ``notes``; see
        ``docs/methods/check.md`` for every key.
    """
    config = report.election.config
    unsaid = _private(report) if public else set()
    return {
        "election": config.key,
        "law": {"profile": report.election.profile.key, "confirmed": report.election.profile.confirmed},
        "contests": {
            key: _contest(report, contest, verbose=verbose) for key, contest in report.contests.items()
        },
        "rows": _rows(report, verbose=verbose, public=public),
        "notes": [_said(report, note, public=public) for note in report.notes if note not in unsaid],
    }


def _private(report: Report) -> set[str]:
    """List the notes that are not for publication."""
    return {f"{s.name}: {note}" for s in report.sources.values() for note in s.private_notes}


def _said(report: Report, note: str, *, public: bool) -> str:
    """Give a note; in public without the folders in which files lie."""
    if public:
        # A path may be the end of another one.
        for source in sorted(report.sources.values(), key=lambda s: len(s.name), reverse=True):
            note = note.replace(source.name, source.public_name)
    return note


def _rows(report: Report, *, verbose: bool, public: bool) -> dict[str, dict[str, Any]]:
    files = {key: s.public_name if public else s.name for key, s in report.sources.items()}
    names = Counter(files.values())
    result: dict[str, dict[str, Any]] = {}
    for source in report.sources.values():
        file = files[source.key]
        name = file if names[file] == 1 else f"{file}#{source.key}"
        rows = source.table.rows
        result[name] = {
            "read": rows.read,
            "accepted": rows.accepted,
            "refused": rows.refused,
            "skipped": rows.skipped,
            "refused_cells": source.unreadable.height,
            "empty_cells": source.empty_cells,
        }
        if verbose:
            table = source.table
            result[name] |= {
                "refused_row_list": table.refused_rows.drop("raw" if public else []).to_dicts(),
                "refused_cell_list": source.unreadable.to_dicts(),
                "skipped_row_list": table.skipped.to_dicts(),
                "duplicate_row_list": table.duplicates.to_dicts(),
            }
    return result


def _contest(report: Report, contest: ContestReport, *, verbose: bool) -> dict[str, Any]:
    versions = {key: version.pair for key, version in contest.versions.items()}
    pairs = {**contest.copies, **versions}
    flagged: Counter[str] = Counter()
    current = [checks for key, checks in contest.checks.items() if key not in versions]
    for checks in current:
        flagged.update(checks.flagged)
    totals = contest.totals.get(contest.declared)
    choices = report.election.config.contests[contest.key].choices
    return {
        "stations": contest.stations,
        "official": contest.official,
        "left_out": contest.left_out,
        "unlisted": dict(contest.unlisted),
        "declared": {"source": contest.declared, "stands_in": contest.stands_in},
        "not_declared": len(contest.not_declared),
        **({"not_declared_stations": list(contest.not_declared)} if verbose else {}),
        "copies": {
            key: _pair(report, pair)
            | {"contradict": contest.contradictions[key].height if key in contest.contradictions else 0}
            for key, pair in contest.copies.items()
        },
        "together": None if contest.together is None else _together(contest, contest.together),
        "versions": {
            key: _pair(report, version.pair)
            | {
                "changed": version.changes.frame.height,
                "dropped": version.changes.dropped.height,
                "added": version.changes.added.height,
            }
            for key, version in contest.versions.items()
        },
        "between": {f"{p.copies}|{p.declared}": _pair(report, p) for p in contest.between},
        "differences": {key: _differences(pair, choices, verbose=verbose) for key, pair in pairs.items()},
        "checks": dict(flagged),
        "protocols": sum(checks.flags.height for checks in current),
        "checks_by_source": {
            key: {
                code: {
                    "flagged": checks.flagged[code],
                    "unknown": checks.unknown[code],
                    "of": checks.flags.height,
                    **({"units": _flagged(report, key, code)} if verbose else {}),
                }
                for code in checks.flagged
            }
            for key, checks in contest.checks.items()
        },
        "sums": [_roll(roll, verbose=verbose) for roll in contest.rolls],
        "totals": None
        if totals is None
        else {
            "source": contest.declared,
            "stations": totals.units,
            "of": totals.of,
            "choices": {k: v for k, v in totals.sums.items() if k in choices},
            "lines": {k: v for k, v in totals.sums.items() if k not in choices},
            "missing": {k: v for k, v in totals.missing.items() if v},
        },
        "totals_by_source": {
            key: {"stations": t.units, "of": t.of, "sums": dict(t.sums)} for key, t in contest.totals.items()
        },
        "seats": None if contest.seats is None else dict(contest.seats.seats),
        "seats_working": None if contest.seats is None else _working(contest.seats),
        "seats_note": contest.seats_note,
    }


def _flagged(report: Report, source: str, code: str) -> list[str]:
    """List the units that a check flags, in the order of the file."""
    flags = report.contests[report.sources[source].contest].checks[source].flags[code]
    units: list[str] = report.sources[source].frame["unit"].filter(flags.fill_null(False)).to_list()
    return units


def _together(contest: ContestReport, pair: Pair) -> dict[str, Any]:
    seats = contest.together_seats
    return _figures(pair) | {
        "seats": None if seats is None else {"copies": dict(seats[0]), "declared": dict(seats[1])}
    }


def _pair(report: Report, pair: Pair) -> dict[str, Any]:
    return {"level": report.sources[pair.copies].level} | _figures(pair)


def _figures(pair: Pair) -> dict[str, Any]:
    comparison, same = pair.comparison, pair.same
    return {
        "against": pair.declared,
        "rows": comparison.rows,
        "matched": comparison.matched,
        "not_declared": comparison.unmatched.height,
        "differ_choices": comparison.differ_choices,
        "differ_votes": comparison.differ_votes,
        "differ_lines": comparison.differ_lines,
        "differ_leading": comparison.differ_leading,
        "differ": {k: n for k, n in comparison.differ.items() if n},
        "missing": {k: n for k, n in comparison.missing.items() if n},
        "same_stations": {
            "stations": same.units,
            "whole": same.whole,
            "of": same.of,
            "pairs": dict(same.pairs),
            "copies": dict(same.copies),
            "declared": dict(same.declared),
        },
    }


def _differences(pair: Pair, choices: Any, *, verbose: bool) -> dict[str, Any]:
    comparison = pair.comparison
    sums: dict[str, Any] = {k: n for k, n in pair.differences.items() if k in choices}
    if verbose:
        sums["by_station"] = by_unit(comparison.differing(), comparison.lines)
    return sums


def by_unit(differing: pl.DataFrame, lines: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """List the lines that differ at each unit, declared minus copy.

    Where one source holds several copies of a unit, they are told apart as ``unit#row``.
    """
    repeated = differing.filter(pl.col("unit").is_duplicated())["row"].to_list()
    return {
        (f"{row['unit']}#{row['row']}" if row["row"] in repeated else row["unit"]): {
            k: row[f"{k}{DIFFERENCE}"] for k in lines if row[f"{k}{DIFFERENCE}"]
        }
        for row in differing.iter_rows(named=True)
    }


def _roll(summed: Roll, *, verbose: bool) -> dict[str, Any]:
    roll = summed.roll
    result: dict[str, Any] = {
        "level": roll.level,
        "below": roll.below,
        "sources": [summed.child, summed.parent],
        "areas": roll.areas,
        "broken": roll.broken,
        "unknown": roll.unknown,
        "orphans": roll.orphans,
        "childless": len(roll.childless),
    }
    if verbose:
        result["by_area"] = by_area(roll.frame)
        result["childless_areas"] = list(roll.childless)
    return result


def by_area(broken: pl.DataFrame) -> dict[str, dict[str, int]]:
    """List the lines of each area whose sum is broken, declared minus sum."""
    areas: dict[str, dict[str, int]] = {}
    for unit, line, difference in broken.select("unit", "line", "difference").rows():
        areas.setdefault(unit, {})[line] = difference
    return areas


def _working(allocation: Allocation) -> dict[str, Any]:
    """Show how the votes became seats; fractions are rounded here, and exact inside."""
    last = allocation.last_seat
    return {
        "base": allocation.base,
        "base_of": allocation.base_of.value,
        "threshold": None if allocation.threshold is None else str(allocation.threshold),
        "votes_needed": allocation.votes_needed,
        "margins": dict(allocation.margins),
        "passed": list(allocation.passed),
        "admitted": list(allocation.admitted),
        "quota": None if allocation.quota is None else float(allocation.quota),
        "quotas": {k: float(q) for k, q in allocation.quotas.items()},
        "remainders": {k: float(r) for k, r in allocation.remainders.items()},
        "last_seat": None if last is None else {"choice": last.choice, "votes": float(last.votes)},
        "next": allocation.next_in_line,
        "unconfirmed": list(allocation.unconfirmed),
    }
