"""The bulletin: station pages a second, a whole country, one changed station, the same bytes twice."""

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from registry import Row, bench

from haq.bulletin import build
from haq.bulletin.job import Job
from haq.bulletin.reader import sort_lines
from haq.bulletin.setting import Setting
from haq.bulletin.slugs import area_slug, slug_of
from haq.bulletin.work import work_all
from haq.entries import (
    ChoiceName,
    ContestRules,
    CopyEntry,
    ElectionEntry,
    Entry,
    Names,
    OfficialEntry,
    OrganisationTies,
    ReadingEntry,
    SourceFile,
    StationEntry,
    digest,
    encode,
)
from haq.law import profile_digest

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("HAQ_SHARED_DATA", ROOT.parent / "shared" / "data"))
LAW, KEY = "ru-duma-2021", "bench"
STATIONS, LANGUAGES, PROCESSES, CHANGES = 5000, ("kk", "ru", "en"), 2, 3
CHOICES = tuple(f"list_{number}" for number in range(1, 15))


def election(lines: Sequence[str]) -> ElectionEntry:
    """Make an election with an official result and two organisations' copies."""
    columns: dict[str, str | int] = {key: key for key in lines}

    def source(key: str, kind: str) -> SourceFile:
        organisation = key if kind == "copies" else None
        values = {"key": key, "kind": kind, "level": "station", "contest": "lists", "file": f"{key}.csv"}
        values |= {"sha256": "0" * 64, "columns": columns, "organisation": organisation}
        return SourceFile.model_validate(values)

    return ElectionEntry.model_validate(
        {
            "election": KEY,
            "title": Names(en="Benchmark"),
            "date": "2021-09-19",
            "law": LAW,
            "law_sha256": profile_digest(LAW),
            "contests": (
                ContestRules(
                    key="lists",
                    law="lists",
                    choices=tuple(ChoiceName(key=c, kind="list", name=Names(en=c)) for c in CHOICES),
                ),
            ),
            "organisations": tuple(OrganisationTies(key=k, name=Names(en=k)) for k in ("one", "two")),
            "sources": (source("official", "official"), source("one", "copies"), source("two", "copies")),
        }
    )


def sheet(number: int) -> dict[str, int]:
    """Make an honest sheet of 26 lines: every control relation holds."""
    votes = {choice: 40 + (number * 7 + place * 13) % 90 for place, choice in enumerate(CHOICES)}
    valid, invalid, mobile = sum(votes.values()), 9, 20
    found = valid + invalid
    return {
        "registered": found + 400,
        "received": found + 300,
        "issued_early": 0,
        "issued_inside": found - mobile,
        "issued_outside": mobile,
        "cancelled": 300,
        "in_mobile_boxes": mobile,
        "in_fixed_boxes": found - mobile,
        "invalid": invalid,
        "valid": valid,
        "lost": 0,
        "unaccounted": 0,
        **votes,
    }


def country(stations: int) -> Iterator[Entry]:
    """Make stations with an official result and two copies each, some of which differ."""
    yield election(tuple(sheet(0)))
    for number in range(stations):
        unit, row = f"{number:05}", number + 2
        areas = {"region": f"{number // 1000}", "territory": f"{number // 1000}/{number // 50}"}
        yield StationEntry(election=KEY, station=unit, areas=areas, address=f"улица Ленина, {number}")
        figures = sheet(number)
        common = {"election": KEY, "contest": "lists", "level": "station", "unit": unit, "row": row}
        yield OfficialEntry.model_validate(common | {"version": 1, "source": "official", "lines": figures})
        for by in ("one", "two"):
            copy = CopyEntry.model_validate(common | {"organisation": by, "source": by, "grade": "B"})
            moved = 30 * (number % 9 == 0)
            read = figures | {"list_1": figures["list_1"] - moved, "list_2": figures["list_2"] + moved}
            yield copy
            key = digest(encode(copy))
            yield ReadingEntry.model_validate(
                {"election": KEY, "copy_entry": key, "reader": "file", "lines": read}
            )


def write_bare(pages: Mapping[str, bytes], out: Path) -> float:
    """Write the same bytes under the same names, and nothing else; return the time [s]."""
    for folder in {path.rpartition("/")[0] for path in pages}:
        (out / folder).mkdir(parents=True, exist_ok=True)
    begun = time.perf_counter()
    for path, data in pages.items():
        (out / path).write_bytes(data)
    return time.perf_counter() - begun


def files_of(site: Path) -> dict[str, bytes]:
    """Read a site."""
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}


@bench("bulletin: pages of stations, 25 lines × 2 copies and more")
def stations() -> list[Row]:
    """Measure the map alone, start of the processes included."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "entries.jsonl").write_bytes(b"".join(encode(e) + b"\n" for e in country(STATIONS)))
        out = folder / "site"
        job = Job(folder, out, LANGUAGES)
        piles = sort_lines(job.entries.lines, job.base)
        setting = Setting(job.context, {}, {})
        begun = time.perf_counter()
        parts = list(work_all(piles.stations, setting, out, fresh=True, processes=PROCESSES))
        seconds = time.perf_counter() - begun
        count = sum(part.written for part in parts)
        bare = write_bare(files_of(out), folder / "bare")
    return [
        Row(f"{count} files, {PROCESSES} processes", seconds, "s"),
        Row("bare writing of the same bytes", bare, "s"),
        Row("a file (2,000 a second)", seconds / count * 1000, "ms", 0.5),
        Row("files a second", count / seconds, "/s"),
    ]


def changed(entries: bytes) -> tuple[bytes, str]:
    """Change one figure of an official result in the middle; give the entries and the station."""
    place = entries.find(b'"kind":"official"', len(entries) // 2)
    start, end = entries.rfind(b"\n", 0, place) + 1, entries.find(b"\n", place)
    tree = json.loads(entries[start:end])
    key = next(k for k, n in tree["lines"].items() if isinstance(n, int))
    tree["lines"][key] += 7
    line = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return entries[:start] + line + entries[end:], tree["unit"]


def hashes_of(site: Path) -> dict[str, str]:
    """Hash every file of a site but the marker and the state, which no visitor reads."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in site.rglob("*")
        if path.is_file() and ".haq-" not in path.as_posix()
    }


@bench("bulletin: 96,325 stations of Russia, one language")
def whole_country() -> list[Row]:
    """Build the country, change one station, build again, and compare with a site built anew."""
    if not (SHARED / "russia").is_dir():
        print(f"skipped: {SHARED / 'russia'} is not there", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        haq = str(Path(sys.executable).with_name("haq"))
        example, source = str(ROOT / "examples" / "russia-2021"), folder / "entries"
        command = [haq, "check", example, "--data", str(SHARED / "russia"), "--out", str(source)]
        subprocess.run(command, capture_output=True, check=True)
        site, again = folder / "site", folder / "again"
        begun = time.perf_counter()
        built = build(source, site, languages=["ru"], processes=PROCESSES)
        whole = time.perf_counter() - begun
        before = hashes_of(site)
        size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
        entries, unit, times = b"", "", []
        for _ in range(CHANGES):
            entries, unit = changed((source / "entries.jsonl").read_bytes())
            (source / "entries.jsonl").write_bytes(entries)
            os.sync()  # else the disk is still busy with what was written before
            begun = time.perf_counter()
            part = build(source, site, languages=["ru"], processes=PROCESSES)
            times.append(time.perf_counter() - begun)
            if part.whole:
                raise RuntimeError("one changed station led to a whole build")
        after = hashes_of(site)
        pages = {p for p in before if p.startswith("ru/") and before[p] != after.get(p)}
        areas = next(
            json.loads(line)["areas"]
            for line in entries.splitlines()
            if b'"kind":"station"' in line and json.loads(line)["station"] == unit
        )
        # Home, data, totals, the station itself, and pages of its areas; each area may have a list of pages.
        own = {"ru/index.html", "ru/data.html", "ru/totals/lists.html", f"ru/station/{slug_of(unit)}.html"}
        stems = [area_slug(level, key) for level, key in areas.items()]
        strangers = [p for p in pages - own if not any(p.startswith(f"ru/area/{stem}") for stem in stems)]
        build(source, again, languages=["ru"], processes=PROCESSES)
        anew = hashes_of(again)
        differ = sum(after.get(path) != sha256 for path, sha256 in anew.items())
    return [
        Row("whole build", whole, "s"),
        Row("files", built.written, ""),
        Row("size", size / 2**20, "MiB"),
        Row(f"one changed station, median of {CHANGES}", statistics.median(times), "s", 1.0),
        Row("pages rewritten", len(pages), ""),
        Row("of them neither of the station nor above it", len(strangers), "", 0),
        Row("files that differ from a site built anew", differ, "", 0),
        Row("files too many", len(after.keys() - anew.keys()), "", 0),
    ]
