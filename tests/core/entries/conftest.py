"""One entry of every kind, for the tests of all of them."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

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
    RedactionEntry,
    ReplyEntry,
    RetractionEntry,
    RevealEntry,
    SourceFile,
    StationEntry,
    TotalEntry,
    encode,
)

HASH = "0123456789abcdef" * 4
LARGEST = 2**53 - 1

ENTRIES: dict[str, Entry] = {
    "election": ElectionEntry(
        election="kz-2023",
        title=Names(kk="Мәжіліс", en="Majilis"),
        date=date(2023, 3, 19),
        law="kz-majilis-2023",
        law_sha256=HASH,
        contests=(
            ContestRules(
                key="lists",
                law="lists",
                seats=69,
                choices=(
                    ChoiceName(key="a", kind="list", name=Names(ru="Список")),
                    ChoiceName(key="none", kind="against_all", name=Names(ru="Против всех")),
                ),
                covers="part",
            ),
        ),
        organisations=(OrganisationTies(key="obs", name=Names(en="Observers"), ties=("party a",)),),
        sources=(
            SourceFile(
                key="s",
                kind="official",
                level="station",
                contest="lists",
                file="a.csv",
                sha256=HASH,
                extract=HASH,
            ),
        ),
        synthetic=True,
    ),
    "station": StationEntry(
        election="kz-2023",
        station="01.10",
        areas={"district": "7", "region": "KZ-75"},
        name="№ 10",
        address="Абай к-сі, 1",
        registered=1200,
        names=Names(kk="№ 10 мектеп", en="School No. 10"),
        addresses=Names(ru="ул. Абая, 1"),
    ),
    "area": AreaEntry(
        election="kz-2023",
        level="district",
        area="7",
        areas={"region": "KZ-75"},
        names=Names(kk="Алмалы ауданы"),
        shape=HASH,
    ),
    "official": OfficialEntry(
        election="kz-2023",
        contest="lists",
        level="station",
        unit="01.10",
        version=2,
        source="s",
        row=7,
        lines={"registered": 1200, "a": -3, "b": "empty", "c": "unreadable", "d": 0},
    ),
    "copy": CopyEntry(
        election="kz-2023",
        contest="lists",
        level="station",
        unit="01.10",
        organisation="obs",
        source="copies",
        row=3,
        grade="C",
        files=(HASH,),
    ),
    "reading": ReadingEntry(election="kz-2023", copy_entry=HASH, reader="person", lines={"a": LARGEST}),
    "reply": ReplyEntry(
        election="kz-2023",
        contest="lists",
        level="station",
        unit="01.10",
        text="Хаттамада техникалық қате жіберілді.",
        language="kk",
        date=date(2023, 3, 27),
        files=(HASH,),
    ),
    "finding": FindingEntry(
        election="kz-2023",
        finding="official-differs",
        severity="error",
        contest="lists",
        level="station",
        unit="01.10",
        sources=("copies", "s"),
        rows=(3, None),
        lines={"a": (10, None), "b": (None, 4)},
        grade="C",
        waits=True,
    ),
    "total": TotalEntry(
        election="kz-2023",
        contest="lists",
        level="station",
        source="s",
        stations=9,
        of=10,
        sums={"a": 5, "b": 0},
        missing={"b": 1},
        seats={"a": 69},
        unconfirmed=("the base of the threshold",),
    ),
    "retraction": RetractionEntry(
        election="kz-2023",
        retracts=HASH,
        reason="Көшірме басқа учаскеден екен.",
        language="kk",
        replaced_by=HASH[::-1],
    ),
    "redaction": RedactionEntry(
        election="kz-2023", file=HASH, reason="A face can be seen on the photograph.", language="en"
    ),
    "commitment": CommitmentEntry(
        election="kz-2023",
        commitment=HASH,
        about="Ответы экзитпола на 12:00",
        organisation="obs",
        opens=date(2023, 3, 20),
    ),
    "reveal": RevealEntry(election="kz-2023", commitment_entry=HASH, salt=HASH[::-1], file=HASH),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for ``entry`` with an entry of every kind."""
    if "entry" in metafunc.fixturenames:
        metafunc.parametrize("entry", ENTRIES.values(), ids=ENTRIES)


@pytest.fixture(scope="session")
def entries() -> Mapping[str, Entry]:
    """Kind -> an entry of it."""
    return ENTRIES


@pytest.fixture(scope="session")
def plain() -> Callable[[Entry], dict[str, Any]]:
    """Give an entry as plain values."""

    def values(entry: Entry) -> dict[str, Any]:
        tree = json.loads(encode(entry))
        assert isinstance(tree, dict)
        return tree

    return values
