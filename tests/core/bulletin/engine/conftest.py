"""A small election as entries, and a site of it."""

from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest

from haq.bulletin import Built, build
from haq.entries import (
    AreaEntry,
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
from haq.law import profile_digest

KEY = "village"
LAW = "kz-majilis-2021"
CHOICES = ("alpha", "beta")
LINES = ("ballots_in_boxes", "ballots_invalid", "ballots_wrong_form")


def figures(alpha: int, beta: int, invalid: int = 2) -> dict[str, int]:
    """Make a sheet that adds up."""
    found = alpha + beta + invalid
    return dict(zip((*LINES, *CHOICES), (found, invalid, 0, alpha, beta), strict=True))


def election(**changes: object) -> ElectionEntry:
    """Make the election's entry."""
    columns: dict[str, str | int] = {key: key for key in (*LINES, *CHOICES)}
    sha256 = "0" * 64

    def source(key: str, kind: str, level: str = "station", **more: object) -> SourceFile:
        contest = None if kind in ("stations", "areas") else "lists"
        values = {"key": key, "kind": kind, "level": level, "contest": contest, "file": f"{key}.csv"}
        return SourceFile.model_validate(values | {"sha256": sha256, "columns": columns} | more)

    values: dict[str, object] = {
        "election": KEY,
        "title": Names(kk="Ауыл", ru="Село", en="Village"),
        "date": "2021-01-10",
        "law": LAW,
        "law_sha256": profile_digest(LAW),
        "contests": (
            ContestRules(
                key="lists",
                law="lists",
                seats=10,
                choices=tuple(ChoiceName(key=c, kind="list", name=Names(en=c.title())) for c in CHOICES),
            ),
        ),
        "organisations": (
            OrganisationTies(key="citizens", name=Names(en="Citizens")),
            OrganisationTies(key="students", name=Names(en="Students")),
        ),
        "sources": (
            source("stations", "stations"),
            source("official", "official"),
            source("citizens", "copies", organisation="citizens"),
            source("students", "copies", organisation="students"),
            source("districts", "official", "district"),
        ),
    }
    return ElectionEntry.model_validate(values | changes)


def station(key: str, district: str = "KZ-1/1", **more: object) -> StationEntry:
    """Make a station's entry."""
    areas = {"region": "KZ-1", "district": district}
    values = {"election": KEY, "station": key, "areas": areas, "address": f"Абай көшесі, {key}"}
    return StationEntry.model_validate(values | more)


def official(unit: str, lines: object, *, level: str = "station", **more: object) -> OfficialEntry:
    """Make an official result."""
    source = "official" if level == "station" else "districts"
    values = {"election": KEY, "contest": "lists", "level": level, "unit": unit, "version": 1}
    return OfficialEntry.model_validate(values | {"source": source, "row": 2, "lines": lines} | more)


def copy(unit: str, lines: object, by: str = "citizens", **more: object) -> tuple[CopyEntry, ReadingEntry]:
    """Make a copy and its reading."""
    values = {"election": KEY, "contest": "lists", "level": "station", "unit": unit, "organisation": by}
    made = CopyEntry.model_validate(values | {"source": by, "row": 2, "grade": "B"} | more)
    return made, reading(made, lines)


def reading(of: CopyEntry, lines: object, reader: str = "file") -> ReadingEntry:
    """Make a reading of a copy."""
    key = digest(encode(of))
    return ReadingEntry.model_validate({"election": KEY, "copy_entry": key, "reader": reader, "lines": lines})


def finding(unit: str, copied: int, declared: int, **more: object) -> FindingEntry:
    """Make a finding about alpha's votes."""
    values: dict[str, object] = {
        "election": KEY,
        "finding": "official-differs",
        "severity": "error",
        "contest": "lists",
        "level": "station",
        "unit": unit,
        "sources": ("citizens", "official"),
        "rows": (2, 2),
        "lines": {"alpha": (copied, declared)},
    }
    return FindingEntry.model_validate(values | more)


def village() -> list[Entry]:
    """Make six stations in two districts: one that differs, one without a copy, one without a result."""
    made: list[Entry] = [election()]
    made += [AreaEntry(election=KEY, level="region", area="KZ-1", names=Names(kk="Облыс", en="Region"))]
    for number in (1, 2):
        areas = {"region": "KZ-1"}
        made += [
            AreaEntry(
                election=KEY, level="district", area=f"KZ-1/{number}", areas=areas, names=Names(ru="Район")
            )
        ]
    for number in range(1, 7):
        unit = f"{number:04}"
        made.append(station(unit, f"KZ-1/{1 + number % 2}"))
        if number != 6:
            made.append(official(unit, figures(100 + 10 * (number == 1), 50), row=number + 1))
        if number not in (5, 6):
            made += copy(unit, figures(100, 50), row=number + 1)
        if number in (1, 2):
            made += copy(unit, figures(100, 50), "students", row=number + 1)
    made.append(finding("0001", 100, 110))
    made.append(official("KZ-1/2", figures(310, 150, 6), level="district"))
    made.append(
        TotalEntry(
            election=KEY,
            contest="lists",
            level="station",
            source="official",
            stations=5,
            of=6,
            sums={"alpha": 510, "beta": 250},
        )
    )
    return made


def write(entries: Iterable[Entry | bytes], folder: Path) -> Path:
    """Write entries as a check does."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [entry if isinstance(entry, bytes) else encode(entry) for entry in entries]
    (folder / "entries.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    return folder


def files_of(site: Path) -> dict[str, bytes]:
    """Read every file of a site."""
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file()}


Site = Callable[..., tuple[Path, Built]]


@pytest.fixture(autouse=True)
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pictures out, which take longer to draw than all pages together."""
    monkeypatch.setattr("haq.bulletin.overview.pictures_of", lambda *_: iter(()))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Build a site of entries, in one language and one process."""

    def make(entries: Iterable[Entry | bytes], name: str = "site", **options: object) -> tuple[Path, Built]:
        source = write(entries, tmp_path / f"{name}-entries")
        values: dict[str, object] = {"languages": ["en"], "processes": 1} | options
        out = tmp_path / name
        return out, build(source, out, **values)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def v() -> SimpleNamespace:
    """Give the functions of this file that make entries."""
    functions = (election, station, official, copy, reading, finding, figures, village, write, files_of)
    functions = (*functions, digest, encode)
    return SimpleNamespace(**{function.__name__: function for function in functions})
