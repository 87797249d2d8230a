"""Kinds of entries: one schema for each thing that can be published.

An entry is a small canonical JSON object. It names files by hash and never holds them;
nothing personal stands in it, because an append-only log cannot forget. ``election`` is
the key that all entries of one election share.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

#: SHA-256 in lower-case hexadecimal.
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Key = Annotated[str, Field(min_length=1, max_length=200)]
#: RFC 8785 keeps integers exact up to 2^53 - 1.
Count = Annotated[int, Field(ge=-(2**53) + 1, le=2**53 - 1)]
#: A number, or what stands where there is none.
Figure = Count | Literal["empty", "unreadable"]


class Strict(BaseModel):
    """A part of an entry: frozen, with no key that the schema does not name."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Names(Strict):
    """A name in the languages in which it is known."""

    kk: str | None = None
    ru: str | None = None
    en: str | None = None


class ChoiceName(Strict):
    """A line of the ballot paper."""

    key: Key
    kind: Literal["list", "candidate", "answer", "against_all"]
    name: Names


class ContestRules(Strict):
    """A contest and the choices on its ballot paper, in ballot order."""

    key: Key
    law: Key
    seats: Annotated[int, Field(ge=1)] | None = None
    choices: tuple[ChoiceName, ...]


class OrganisationTies(Strict):
    """An observing organisation with the ties that it declares."""

    key: Key
    name: Names
    ties: tuple[str, ...] = ()


class SourceFile(Strict):
    """A file that figures came from."""

    key: Key
    kind: Literal["stations", "official", "copies"]
    level: Key
    contest: Key | None = None
    organisation: Key | None = None
    version: Annotated[int, Field(ge=1)] = 1
    file: str
    sha256: Sha256


class Entry(Strict):
    """What every entry has."""

    format: Literal[1] = 1
    election: Key


class ElectionEntry(Entry):
    """One polling day under one law profile, and the files it was checked from."""

    kind: Literal["election"] = "election"
    title: Names
    date: date
    law: Key
    law_sha256: Sha256
    contests: tuple[ContestRules, ...]
    organisations: tuple[OrganisationTies, ...] = ()
    sources: tuple[SourceFile, ...]


class StationEntry(Entry):
    """A polling station: where it is, not who works there."""

    kind: Literal["station"] = "station"
    station: Key
    areas: dict[Key, str] = {}
    name: str | None = None
    address: str | None = None
    registered: Count | None = None


class OfficialEntry(Entry):
    """One version of what a commission declared for a station or an area."""

    kind: Literal["official"] = "official"
    contest: Key
    level: Key
    unit: Key
    version: Annotated[int, Field(ge=1)]
    source: Key
    row: Annotated[int, Field(ge=1)]
    lines: dict[Key, Figure]


class CopyEntry(Entry):
    """One exemplar of a protocol, as somebody received it."""

    kind: Literal["copy"] = "copy"
    contest: Key
    level: Key
    unit: Key
    organisation: Key
    source: Key
    row: Annotated[int, Field(ge=1)]
    grade: Literal["A", "B", "C", "D"] | None = None
    files: tuple[Sha256, ...] = ()


class ReadingEntry(Entry):
    """The figures of one copy as they were read. ``copy`` is the hash of the copy's entry."""

    kind: Literal["reading"] = "reading"
    copy_entry: Sha256
    reader: Literal["person", "machine", "file"]
    lines: dict[Key, Figure]


class FindingEntry(Entry):
    """A named breach with the figures that show it, in the order of ``sources``."""

    kind: Literal["finding"] = "finding"
    finding: Literal[
        "arithmetic",
        "official-differs",
        "official-changed",
        "copies-disagree",
        "sum-differs",
        "not-declared",
    ]
    check: str = ""
    severity: Literal["error", "warning"]
    contest: Key
    level: Key
    unit: Key
    sources: tuple[Key, ...]
    rows: tuple[int | None, ...] = ()
    lines: dict[Key, tuple[Count | None, ...]] = {}
    grade: str = ""
    waits: bool = False


class TotalEntry(Entry):
    """A sum with its denominators, and the seats where the law profile gives them."""

    kind: Literal["total"] = "total"
    contest: Key
    level: Key
    source: Key
    stations: Annotated[int, Field(ge=0)]
    of: Annotated[int, Field(ge=0)]
    sums: dict[Key, Count]
    missing: dict[Key, Annotated[int, Field(ge=0)]] = {}
    seats: dict[Key, Annotated[int, Field(ge=0)]] | None = None
    unconfirmed: tuple[str, ...] = ()


#: Every kind of entry, told apart by ``kind``.
AnyEntry = Annotated[
    ElectionEntry | StationEntry | OfficialEntry | CopyEntry | ReadingEntry | FindingEntry | TotalEntry,
    Field(discriminator="kind"),
]
