"""A village with a public log: its site, and logs that somebody forged."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from haq.bulletin import build
from haq.cli.server import open_server
from haq.entries import (
    AreaEntry,
    ChoiceName,
    CommitmentEntry,
    ContestRules,
    CopyEntry,
    ElectionEntry,
    Entry,
    FindingEntry,
    Names,
    OfficialEntry,
    OrganisationTies,
    ReadingEntry,
    RetractionEntry,
    SourceFile,
    StationEntry,
    digest,
    encode,
)
from haq.law import profile_digest
from haq.tlog.keys import COSIGNATURE, ED25519, SigningKey
from haq.tlog.notes import sign_text
from haq.tlog.reader import Reader
from haq.tlog.sources import Folder
from haq.tlog.writer import Writer

KEY = "village"
LAW = "kz-majilis-2021"
NAME = "village.example/2021"
#: Enough for two full tiles and a part of a third.
STATIONS = 140
#: A station whose copy differs from what was declared.
STATION = "0001"


def seeded(name: str, kind: int) -> SigningKey:
    """Make a key that is the same in every run."""
    return SigningKey(name, kind, hashlib.sha256(f"{name} {kind}".encode()).digest())


LOG = seeded(NAME, ED25519)
WITNESSES = [seeded(f"{name}.example", COSIGNATURE) for name in ("citizens", "students", "lawyers")]
POLICY = "\n".join(
    [
        f"log {LOG.public}",
        *(f"witness {key.public.name} {key.public}" for key in WITNESSES),
        f"group most 2 {' '.join(key.public.name for key in WITNESSES)}",
        "quorum most",
        "",
    ]
)


def figures(alpha: int, beta: int) -> dict[str, int]:
    """Make a sheet that adds up."""
    lines = ("ballots_in_boxes", "ballots_invalid", "ballots_wrong_form", "alpha", "beta")
    return dict(zip(lines, (alpha + beta + 2, 2, 0, alpha, beta), strict=True))


def election() -> ElectionEntry:
    """Make the election's entry."""

    def source(key: str, kind: str, **more: object) -> SourceFile:
        contest = None if kind == "stations" else "lists"
        values = {"key": key, "kind": kind, "level": "station", "contest": contest, "file": f"{key}.csv"}
        columns = {line: line for line in figures(0, 0)}
        return SourceFile.model_validate(values | {"sha256": "0" * 64, "columns": columns} | more)

    names = {"alpha": Names(kk="Алға", ru="Вперёд", en="Forward"), "beta": Names(kk="Береке", en="Plenty")}
    return ElectionEntry.model_validate(
        {
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
                    choices=tuple(ChoiceName(key=key, kind="list", name=name) for key, name in names.items()),
                ),
            ),
            "organisations": (OrganisationTies(key="citizens", name=Names(ru="Граждане", en="Citizens")),),
            "sources": (
                source("stations", "stations"),
                source("official", "official"),
                source("citizens", "copies", organisation="citizens"),
            ),
        }
    )


def station_entries(unit: str, alpha: int) -> list[Entry]:
    """Make what is published of a station: it, its official result, a copy and its reading."""
    common = {"election": KEY, "contest": "lists", "level": "station", "unit": unit, "row": int(unit) + 1}
    areas = {"region": "KZ-1", "district": "KZ-1/1"}
    copy = CopyEntry.model_validate(common | {"organisation": "citizens", "source": "citizens", "grade": "B"})
    return [
        StationEntry(election=KEY, station=unit, areas=areas, address=f"Абай көшесі, {int(unit)}"),
        OfficialEntry.model_validate(
            common | {"version": 1, "source": "official", "lines": figures(alpha, 50)}
        ),
        copy,
        ReadingEntry(election=KEY, copy_entry=digest(encode(copy)), reader="person", lines=figures(100, 50)),
    ]


def village(declared: int = 110) -> list[bytes]:
    """Make the entries of the village.

    Args:
        declared: votes for alpha that were declared at ``STATION``, where the copy has 100.
    """
    made: list[Entry] = [election()]
    made += [AreaEntry(election=KEY, level="region", area="KZ-1", names=Names(kk="Облыс", en="Region"))]
    made += [AreaEntry(election=KEY, level="district", area="KZ-1/1", areas={"region": "KZ-1"})]
    for number in range(1, STATIONS + 1):
        unit = f"{number:04}"
        made += station_entries(unit, declared if unit == STATION else 100)
    made.append(
        FindingEntry.model_validate(
            {"election": KEY, "finding": "official-differs", "severity": "error", "contest": "lists"}
            | {"level": "station", "unit": STATION, "sources": ("citizens", "official"), "rows": (2, 2)}
            | {"lines": {"alpha": (100, declared)}}
        )
    )
    wrong = OfficialEntry.model_validate(
        {"election": KEY, "contest": "lists", "level": "station", "unit": STATION, "version": 2, "row": 2}
        | {"source": "official", "lines": figures(90, 60)}
    )
    made.append(wrong)
    made.append(
        RetractionEntry(
            election=KEY, retracts=digest(encode(wrong)), reason="Басқа учаскенің жолы", language="kk"
        )
    )
    made.append(
        CommitmentEntry(
            election=KEY,
            commitment="7" * 64,
            about="Exit poll <answers>",
            organisation="citizens",
            opens="2021-01-11",
        )
    )
    return [encode(entry) for entry in made]


def cosign(folder: Path, key: SigningKey = LOG) -> None:
    """Put signatures of witnesses under the checkpoint of a log, without asking what they saw."""
    reader = Reader(Folder(folder))
    text = reader.note.partition(b"\n\n")[0] + b"\n"
    signatures = [sign_text(text, one, 1_767_225_600 + 60 * n) for n, one in enumerate(WITNESSES)]
    Writer(folder, key).add_signatures(reader.checkpoint.size, signatures)


def keep_log(folder: Path, entries: Sequence[bytes], key: SigningKey = LOG) -> Path:
    """Begin a log in a folder, append, and let witnesses sign."""
    writer = Writer(folder, key)
    writer.create()
    writer.append(entries)
    (folder / "policy").write_text(POLICY.replace(str(LOG.public), str(key.public)), "utf-8")
    cosign(folder, key)
    return folder


@dataclass
class Site:
    """A site that is served while a test changes what lies in it."""

    folder: Path
    address: str

    def page(self, language: str = "en") -> str:
        """Give the address of the page of the station that differs."""
        return f"{self.address}{language}/station/{STATION}.html"

    def replace(self, other: Path) -> None:
        """Exchange everything that is served, as a new upload does."""
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(other, self.folder, dirs_exist_ok=True)


def publish_more(folder: Path) -> Path:
    """Publish one more station in the log of a folder, and bring the site beside it up to date."""
    Writer(folder / "log", LOG).append([encode(one) for one in station_entries("0999", 100)])
    cosign(folder / "log")
    build(folder / "log", folder / "site", processes=1)
    return folder / "site"


def press(page: Page) -> str:
    """Press the button, wait until the check is over, and give what it says."""
    button = page.locator("[data-check-button]")
    button.click()
    expect(page.locator("[data-check-said] .verdict")).to_be_visible()
    expect(button).not_to_have_attribute("aria-disabled", "true")
    return " ".join(page.get_by_role("status").inner_text().split())


@pytest.fixture(scope="session")
def v() -> SimpleNamespace:
    """Give the functions and keys of this file."""
    functions = (publish_more, press)
    return SimpleNamespace(
        **{function.__name__: function for function in functions},
        LOG=LOG,
        WITNESSES=WITNESSES,
        POLICY=POLICY,
        NAME=NAME,
        STATION=STATION,
    )


@pytest.fixture(scope="session")
def log_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of the village."""
    return keep_log(tmp_path_factory.mktemp("log") / "log", village())


@pytest.fixture(scope="session")
def built(log_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the village, built from its log in three languages."""
    out = tmp_path_factory.mktemp("built") / "site"
    build(log_folder, out, processes=1)
    return out


@pytest.fixture(scope="session")
def grown(log_folder: Path, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same site after one more station was published."""
    folder = tmp_path_factory.mktemp("grown")
    shutil.copytree(log_folder, folder / "log")
    shutil.copytree(built, folder / "site")
    return publish_more(folder)


@pytest.fixture(scope="session")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that was built from a log of the same name and key, in which the declared figure is another."""
    folder = tmp_path_factory.mktemp("forked")
    build(keep_log(folder / "log", village(declared=100)), folder / "site", processes=1)
    return folder / "site"


@pytest.fixture(scope="session")
def exchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of the same village, built from a log of another name."""
    folder = tmp_path_factory.mktemp("exchanged")
    log = keep_log(folder / "log", village(declared=100), seeded("village.example/new", ED25519))
    build(log, folder / "site", processes=1)
    return folder / "site"


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a site as `haq bulletin serve` does, without a process of its own; gives the address."""
    with open_server(folder, 0) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Iterator[Site]:
    """A copy of the site of the village, served."""
    folder = tmp_path / "site"
    shutil.copytree(built, folder)
    with serve(folder) as address:
        yield Site(folder, address)
