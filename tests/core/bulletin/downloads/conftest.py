"""Entries laid out as tables by a plain loop, and what the downloads make of them."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from haq.bulletin.downloads import Last, write_downloads
from haq.bulletin.model import Context, Download, Tables
from haq.bulletin.slugs import slug_of
from haq.check import Report, check_election, load_election
from haq.check.publication import entries_of
from haq.check.staging import sources_in
from haq.entries import (
    AreaEntry,
    CopyEntry,
    ElectionEntry,
    Entry,
    FindingEntry,
    OfficialEntry,
    ReadingEntry,
    ReplyEntry,
    StationEntry,
    TotalEntry,
    digest,
    encode,
)
from haq.law import Profile

LANGUAGES = ("kk", "ru", "en")


def tables_of(entries: Iterable[Entry], profile: Profile) -> tuple[Tables, Context]:
    """Lay entries out as the model says."""
    entries = list(entries)
    election = next(e for e in entries if isinstance(e, ElectionEntry))
    above = [level.key for level in profile.levels[1:]]
    named = [f"{what}_{language}" for what in ("name", "address") for language in LANGUAGES]
    stations: list[dict[str, Any]] = []
    areas: dict[str, dict[str, dict[str, Any]]] = {level: {} for level in above}
    sheets: dict[str, list[dict[str, Any]]] = {
        s.key: [] for s in election.sources if s.kind in ("official", "copies")
    }
    gaps, findings, totals, replies = [], [], [], []
    copies: dict[str, CopyEntry] = {}
    for entry in entries:
        if isinstance(entry, StationEntry):
            row: dict[str, Any] = {"unit": entry.station, "slug": slug_of(entry.station), **entry.areas}
            row |= {"name": entry.name, "address": entry.address, "registered": entry.registered}
            for what, names in (("name", entry.names), ("address", entry.addresses)):
                row |= {f"{what}_{code}": getattr(names, code, None) for code in LANGUAGES}
            stations.append(row)
            for number, level in enumerate(above):
                if level in entry.areas:
                    known = areas[level].setdefault(entry.areas[level], {"unit": entry.areas[level]})
                    known |= {a: entry.areas[a] for a in above[number + 1 :] if a in entry.areas}
        elif isinstance(entry, AreaEntry):
            known = areas[entry.level].setdefault(entry.area, {"unit": entry.area})
            known |= {**entry.areas, **{f"name_{code}": getattr(entry.names, code) for code in LANGUAGES}}
        elif isinstance(entry, OfficialEntry):
            if entry.level in areas:
                areas[entry.level].setdefault(entry.unit, {"unit": entry.unit})
            sheets[entry.source].append(
                {"unit": entry.unit, "row": entry.row, "entry": digest(encode(entry))} | _numbers(entry.lines)
            )
            gaps += _gaps(entry.source, entry.row, entry.lines)
        elif isinstance(entry, CopyEntry):
            copies[digest(encode(entry))] = entry
        elif isinstance(entry, ReadingEntry):
            copy = copies[entry.copy_entry]
            sheets[copy.source].append(
                {"unit": copy.unit, "row": copy.row, "grade": copy.grade, "entry": entry.copy_entry}
                | _numbers(entry.lines)
            )
            gaps += _gaps(copy.source, copy.row, entry.lines)
        elif isinstance(entry, FindingEntry):
            findings.append(
                {"entry": digest(encode(entry)), "contest": entry.contest, "kind": entry.finding}
                | {"check": entry.check, "severity": entry.severity, "level": entry.level, "unit": entry.unit}
                | {name: json.dumps(getattr(entry, name)) for name in ("sources", "rows", "lines")}
                | {"grade": entry.grade, "waits": entry.waits}
            )
        elif isinstance(entry, TotalEntry):
            totals += [
                {
                    "contest": entry.contest,
                    "level": entry.level,
                    "source": entry.source,
                    "line": line,
                    "sum": total,
                }
                | {"stations": entry.stations, "of": entry.of, "missing": entry.missing.get(line, 0)}
                for line, total in entry.sums.items()
            ]
        elif isinstance(entry, ReplyEntry):
            replies.append(
                {"contest": entry.contest, "level": entry.level, "unit": entry.unit, "text": entry.text}
                | {"date": entry.date.isoformat() if entry.date else None, "language": entry.language}
            )
    texts = ("name", "address", *named)
    return (
        Tables(
            stations=_frame(stations, "unit", "slug", *above, *texts, numbers=("registered",)).sort("unit"),
            areas={
                level: _frame(
                    list(rows.values()), "unit", *above[number + 1 :], *(f"name_{code}" for code in LANGUAGES)
                ).sort("unit")
                for number, (level, rows) in enumerate(areas.items())
            },
            sources={key: _sheet(rows) for key, rows in sheets.items()},
            gaps=_frame(gaps, "source", "line", "state", numbers=("row",)),
            findings=_frame(
                findings,
                *(
                    "entry",
                    "contest",
                    "kind",
                    "check",
                    "severity",
                    "level",
                    "unit",
                    "sources",
                    "rows",
                    "lines",
                ),
                "grade",
            ).with_columns(pl.Series("waits", [f["waits"] for f in findings], dtype=pl.Boolean)),
            differences=_frame(
                [],
                *("contest", "level", "unit", "source", "line"),
                numbers=("row", "copy", "declared", "difference"),
            ),
            totals=_frame(
                totals, "contest", "level", "source", "line", numbers=("sum", "stations", "of", "missing")
            ),
            replies=_frame(replies, "contest", "level", "unit", "date", "language", "text"),
        ),
        Context(
            election=election,
            profile=profile,
            digest=digest(encode(election)),
            stands_in={},
            languages=("kk", "ru", "en"),
            synthetic=bool(election.synthetic),
        ),
    )


def _numbers(lines: dict[str, Any]) -> dict[str, int | None]:
    return {f"={line}": figure if isinstance(figure, int) else None for line, figure in lines.items()}


def _gaps(source: str, row: int, lines: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for line, figure in lines.items():
        if figure == "unreadable":
            yield {"source": source, "row": row, "line": line, "state": figure}


def _sheet(rows: list[dict[str, Any]]) -> pl.DataFrame:
    lines = dict.fromkeys(name for row in rows for name in row if name[0] == "=")
    frame = _frame(rows, "unit", "grade", "entry", *(), numbers=("row", *lines))
    frame = frame.select("unit", "row", "grade", "entry", *lines).sort("row")
    return frame.rename({line: line[1:] for line in lines})


def _frame(rows: list[dict[str, Any]], *texts: str, numbers: Iterable[str] = ()) -> pl.DataFrame:
    return pl.DataFrame(
        {name: pl.Series(name, [row.get(name) for row in rows], dtype=pl.String) for name in texts}
        | {name: pl.Series(name, [row.get(name) for row in rows], dtype=pl.Int64) for name in numbers}
    )


class Site(dict[str, bytes]):
    """The files that were written, and what was said of them."""

    def __init__(self, tables: Tables, context: Context, **options: Any) -> None:
        super().__init__()
        options = {"law": None, "entries": (0, "0" * 64)} | options
        self.downloads: tuple[Download, ...] = write_downloads(tables, context, write=self._put, **options)

    def _put(self, path: str, data: bytes, sha256: bytes, changed: bool) -> None:
        assert hashlib.sha256(data).digest() == sha256
        self[path] = data

    def last(self, tables: Tables, units: Set[str], *, there: bool = True) -> Last:
        """Give what a later build knows of it."""
        return Last(
            self.downloads, tables, units, lambda download: there, lambda download: self.get(download.path)
        )

    def report(self, name: str) -> dict[str, Any]:
        """Read a report of the standard format."""
        loaded: dict[str, Any] = json.loads(self[f"data/nist/{name}.json"])
        return loaded


@dataclass(frozen=True)
class Published:
    """An election that was checked and laid out."""

    report: Report
    tables: Tables
    context: Context

    @classmethod
    def of(cls, folder: Path, data: Path | None = None) -> "Published":
        """Check an election and lay its entries out."""
        election = load_election(folder)
        with sources_in(election, data) as files:
            report = check_election(election, files)
            return cls(report, *tables_of(entries_of(report), election.profile))

    def site(self, **options: Any) -> Site:
        """Write its downloads."""
        return Site(self.tables, self.context, **options)


@pytest.fixture(scope="session")
def kazakhstan(project: Path) -> Published:
    """The synthetic Kazakh election."""
    return Published.of(project / "examples" / "kazakhstan-2021")


@pytest.fixture(scope="session")
def moscow(project: Path, shared_data: Path) -> Published:
    """Moscow 2011."""
    return Published.of(project / "examples" / "moscow-2011", shared_data / "moscow_2011")


HEAD = """
format = 1
key = "village"
title = { kk = "Ауыл", en = "Village" }
date = 2023-03-19
law = "kz-majilis-2023"

[contests.lists]
seats = 3

[contests.lists.choices]
alpha = { name = { kk = "Альфа", en = "Alpha" } }
beta = { name = { en = "=Beta" } }
nobody = { name = { kk = "Бәріне қарсымын", ru = "Против всех" }, kind = "against_all" }

[contests.districts]
covers = "part"

[contests.districts.choices]
gamma = { name = { en = "Gamma" }, kind = "candidate" }

[organisations.watch]
name = { en = "The \\"watch\\"" }
ties = ["a party"]
"""
FILES = {
    "stations": (
        "kind = 'stations'",
        "station,district,region,name,name_kk,registered",
        ["1,A,R,School,,100", "2,A,R,=cmd(),Мектеп,100", "3,B,R,,Үй,90", "4,,,,,", '"5, ""x""",B,R,,,50'],
    ),
    "areas": ("kind = 'areas'\nlevel = 'district'", "district,region,name_kk", ["A,R,Ақ", "B,R,", "C,S,Бос"]),
    "first": (
        "kind = 'official'\ncontest = 'lists'",
        "station,registered,ballots_in_boxes,ballots_invalid,alpha,beta,nobody",
        ["1,100,60,5,30,20,5", "2,100,50,0,30,20,0", "3,90,10,0,10,0,0"],
    ),
    "second": (
        "kind = 'official'\ncontest = 'lists'\nversion = 2",
        "station,registered,ballots_in_boxes,ballots_invalid,alpha,beta,nobody",
        ["1,100,60,5,35,15,5", "", "2,100,50,0,нрзб,20,0", '"5, ""x""",50,-3,,1,1,1'],
    ),
    "districts": (
        "kind = 'official'\ncontest = 'lists'\nlevel = 'district'",
        "district,region,alpha,beta,nobody",
        ["A,R,60,35,5", "B,R,1,1,1"],
    ),
    "watch": (
        "kind = 'copies'\ncontest = 'lists'\norganisation = 'watch'",
        "station,grade,alpha,beta",
        ["1,A,30,20", "1,,31,20", "2,C,30,", "4,B,7,7"],
    ),
    "one": ("kind = 'official'\ncontest = 'districts'", "station,gamma", ["1,12"]),
    "replies": (
        "kind = 'replies'\ncontest = 'lists'",
        "station,reply,date,reply_language",
        ['1,"A slip, corrected",2023-03-20,en', "1,+7 is wrong,,"],
    ),
}


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """An election with everything in it that is awkward."""
    folder = tmp_path_factory.mktemp("village")
    parts = [HEAD]
    for key, (options, header, rows) in FILES.items():
        (folder / f"{key}.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
        columns = "\n".join(f"{column} = '{column}'" for column in header.split(","))
        parts.append(f"[sources.{key}]\nfile = '{key}.csv'\n{options}\n[sources.{key}.columns]\n{columns}\n")
    (folder / "election.toml").write_text("\n".join(parts), "utf-8")
    return Published.of(folder)
