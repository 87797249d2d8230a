"""The shape of ``election.toml``: its tables and the columns that a source may have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from haq.law import ChoiceKind

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
ElectionKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
Language = Literal["kk", "ru", "en"]

#: What a station or an area is called, and where it is, by language.
NAMES = ("name_kk", "name_ru", "name_en")
ADDRESSES = ("address_kk", "address_ru", "address_en")
#: Columns that a source of a kind may have beside the keys of levels, lines and choices.
DETAILS: Mapping[str, tuple[str, ...]] = {
    "stations": ("grade", "name", "address", "station_kind", *NAMES, *ADDRESSES),
    "areas": NAMES,
    "official": ("grade", "name", "address", "station_kind", *NAMES, *ADDRESSES),
    "copies": ("grade", "name", "address", "station_kind", *NAMES, *ADDRESSES, "photo"),
    "replies": ("reply", "date", "reply_language", "photo"),
}
#: Kinds of sources that hold figures of protocols.
FIGURES = frozenset({"official", "copies"})
#: Names that frames use themselves.
RESERVED = frozenset({"row", "unit", "choices", "by_station"}).union(*DETAILS.values())


class Table(BaseModel):
    """A table of ``election.toml``: only the keys that are known here."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Name(Table):
    """A name in the languages in which it is known; at least one."""

    kk: str | None = None
    ru: str | None = None
    en: str | None = None

    @model_validator(mode="after")
    def _some_language(self) -> Name:
        if not (self.kk or self.ru or self.en):
            raise ValueError("give the name in kk, ru or en")
        return self

    def best(self, language: str) -> str:
        """Give the name in ``language``, else in the next best one."""
        order = (language, "ru", "en", "kk") if language == "kk" else (language, "en", "ru", "kk")
        return next((text for code in order if (text := getattr(self, code))), "")


class ChoiceConfig(Table):
    """A line of the ballot paper."""

    name: Name
    kind: ChoiceKind = ChoiceKind.LIST


class ContestConfig(Table):
    """A contest: its rules in the law profile, and its choices in ballot order.

    Attributes:
        law: key of the contest in the law profile; absent, the same key as here.
        seats: mandates, where the profile leaves the number open.
        covers: ``part`` where the files hold only a part of the country, so that seats
            cannot be computed from them.
        choices: the ballot paper.
    """

    law: Key | None = None
    seats: Annotated[int, Field(ge=1, le=100_000)] | None = None
    covers: Literal["whole", "part"] = "whole"
    choices: Annotated[Mapping[Key, ChoiceConfig], Field(min_length=1)]


class OrganisationConfig(Table):
    """An observing organisation with its declared ties (to parties, candidates, states)."""

    name: Name
    ties: tuple[str, ...]


class LayoutConfig(Table):
    """How a file is written, where haq cannot tell by itself."""

    encoding: str | None = None
    separator: str | None = None
    header: bool | None = None
    sheet: str | None = None
    skip_rows: Annotated[int, Field(ge=0)] | None = None


class SourceConfig(Table):
    """A file with the figures of one level of one contest, and what its columns mean.

    Attributes:
        kind: ``official`` (declared by a commission), ``copies`` (of protocols, held by an
            organisation), ``stations`` (the list of stations), ``areas`` (the list of the areas
            of one level) or ``replies`` (what commissions answered).
        file: path relative to the data folder.
        shapes: for areas, path of a GeoJSON file with their outlines.
        version: 1, 2, … for what was declared first, later, …
        grade: provenance grade of all copies in the file, if they share one.
        columns: field -> column header, column number (from 1) or template.
    """

    kind: Literal["official", "copies", "stations", "areas", "replies"]
    file: Annotated[str, StringConstraints(min_length=1)]
    contest: Key | None = None
    level: Key | None = None
    organisation: Key | None = None
    version: Annotated[int, Field(ge=1)] = 1
    grade: Literal["A", "B", "C", "D"] | None = None
    columns: Annotated[Mapping[str, str | int], Field(min_length=1)]
    layout: LayoutConfig = LayoutConfig()
    shapes: Annotated[str, StringConstraints(min_length=1)] | None = None


class ElectionConfig(Table):
    """The whole of ``election.toml``."""

    format: Literal[1]
    key: ElectionKey
    title: Name
    date: date
    law: str
    synthetic: str | None = None
    contests: Annotated[Mapping[Key, ContestConfig], Field(min_length=1)]
    organisations: Mapping[Key, OrganisationConfig] = Field(default_factory=dict)
    sources: Annotated[Mapping[Key, SourceConfig], Field(min_length=1)]
