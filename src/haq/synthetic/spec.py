"""The specification of a synthetic election, read from TOML and checked."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from math import fsum, isclose
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError, model_validator

from haq.errors import InputError
from haq.synthetic.form import RESERVED, How

# A field called ``date`` hides the type's own name.
Day = date
# Drawing without replacement works below a thousand million ballots.
MOST = 999_999_999
Count = Annotated[StrictInt, Field(ge=0, le=MOST)]
Positive = Annotated[StrictInt, Field(ge=1, le=MOST)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, strict=True)]
Deviation = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False, strict=True)]
Shift = Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False, strict=True)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
AreaKey = Annotated[str, Field(pattern=r"^[A-Z]{2}-[0-9A-Z]{1,3}$")]


class Part(BaseModel):
    """A part of the specification: nothing unknown, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    """One text in three languages."""

    kk: str
    ru: str
    en: str


class Place(Part):
    """The name of a building or of a street; ``{n}`` stands for a small number."""

    kk: str
    ru: str
    en: str | None = None


class Region(Part):
    """A region: how many stations and voters, and how many of them are expected to come."""

    key: AreaKey
    name: Text
    stations: Annotated[Positive, Field(le=1_000_000)]
    registered: Positive
    turnout: Annotated[float, Field(ge=0.001, le=0.999, strict=True)]
    districts: Positive | tuple[Text, ...]

    @property
    def code(self) -> str:
        """Return the part of the key with which station keys begin: ``71`` of ``KZ-71``."""
        return self.key.partition("-")[2]

    @property
    def district_count(self) -> int:
        """Count the districts, named or not."""
        return self.districts if isinstance(self.districts, int) else len(self.districts)


class Choice(Part):
    """A line on the ballot paper and the votes that stations declare for it in all."""

    key: Key
    name: Text
    votes: Count


class National(Part):
    """What the declared figures of all stations must add up to exactly."""

    registered: Positive
    took_part: Positive
    invalid: Count
    wrong_form: Count = 0


class Spread(Part):
    """Standard deviations of the random effects on the logarithmic scale."""

    region: Deviation = 0.0
    district: Deviation = 0.0
    station: Deviation = 0.0


class Dispersion(Part):
    """How unlike each other areas and stations are."""

    turnout: Spread = Spread()
    shares: Spread = Spread()
    other: Spread = Spread()  # invalid, of wrong form, taken away
    size: Deviation = 0.8


class Kind(Part):
    """A kind of station: how many there are, how large, and how they vote."""

    key: Key
    share: Share | None = None
    stations: Count | None = None
    regions: tuple[AreaKey, ...] = ()
    size: tuple[Positive, Positive] = (30, 3000)
    turnout: Shift = 0.0
    shares: dict[str, Shift] = {}
    places: tuple[Place, ...] = Field(default=(Place(kk="№ {n} ғимарат", ru="Здание № {n}"),), min_length=1)
    on_street: bool = True

    def count(self, of: int) -> int:
        """Count the stations of this kind among ``of`` stations."""
        return self.stations if self.stations is not None else int((self.share or 0.0) * of + 0.5)


class Slips(Part):
    """Chance that one line of one copy is written down wrongly."""

    swap: Share = 0.0
    misread: Share = 0.0
    empty: Share = 0.0
    unreadable: Share = 0.0


class Organisation(Part):
    """An observing organisation: which share of the stations its copies cover."""

    key: Key
    name: Text
    coverage: Share
    regions: dict[str, Share] = {}
    not_kinds: tuple[str, ...] = ()
    grades: dict[Literal["A", "B", "C", "D"], Share] = {"A": 1.0}


class Alteration(Part):
    """Alterations to plant: at stations, or in summaries of a higher level."""

    level: Literal["station", "district", "region", "centre"]
    how: How
    count: Positive
    gains: str
    losers: tuple[str, ...] = Field(default=(), alias="from")
    size: tuple[Positive, Positive]
    regions: tuple[AreaKey, ...] = ()


class Photographs(Part):
    """How many copies have a picture: of altered stations, the largest first, and of others."""

    altered: Annotated[StrictInt, Field(ge=0, le=10_000)] = 0
    ordinary: Annotated[StrictInt, Field(ge=0, le=10_000)] = 0


class Answer(Part):
    """What commissions reply to a difference; ``{station}`` stands for the station's number."""

    language: Literal["kk", "ru", "en"]
    date: Day
    text: str = Field(min_length=1)
    count: Positive = 1


class Spec(Part):
    """One synthetic election: everything that ``make`` needs, the seed included."""

    key: str
    title: Text
    seed: Count
    national: National
    choices: tuple[Choice, ...] = Field(min_length=1)
    regions: tuple[Region, ...] = Field(min_length=1)
    kinds: tuple[Kind, ...] = (Kind(key="ordinary"),)
    streets: tuple[Place, ...] = Field(
        default=(Place(kk="Орталық көшесі, {n}", ru="ул. Центральная, {n}"),), min_length=1
    )
    dispersion: Dispersion = Dispersion()
    organisations: tuple[Organisation, ...] = ()
    slips: Slips = Slips()
    alterations: tuple[Alteration, ...] = ()
    photographs: Photographs = Photographs()
    replies: tuple[Answer, ...] = ()

    @property
    def choice_keys(self) -> tuple[str, ...]:
        """Return the keys of the choices in ballot order."""
        return tuple(choice.key for choice in self.choices)

    @property
    def station_count(self) -> int:
        """Count the stations of all regions."""
        return sum(region.stations for region in self.regions)

    @model_validator(mode="after")
    def _contradictions(self) -> Self:
        for reason in _contradictions(self):
            raise ValueError(reason)
        return self


def _contradictions(spec: Spec) -> Iterable[str]:
    national, stations = spec.national, spec.station_count
    choices, regions = set(spec.choice_keys), {region.key for region in spec.regions}
    kinds = {kind.key for kind in spec.kinds}
    yield from _repeated("choices", spec.choice_keys)
    yield from _repeated("regions", [region.key for region in spec.regions])
    yield from _repeated("regions (part after the dash)", [region.code for region in spec.regions])
    yield from _repeated("kinds", [kind.key for kind in spec.kinds])
    yield from _repeated("organisations", [one.key for one in spec.organisations])
    if taken := choices & RESERVED:
        yield f"choices: {', '.join(sorted(taken))} is the name of a line of the protocol; rename it"

    registered = sum(region.registered for region in spec.regions)
    if registered != national.registered:
        yield f"regions: registered adds up to {registered}, national.registered is {national.registered}"
    found = sum(choice.votes for choice in spec.choices) + national.invalid + national.wrong_form
    if found > national.took_part:
        yield f"national.took_part: {national.took_part} took part, but votes and bad ballots are {found}"
    if national.took_part > national.registered:
        yield f"national.took_part: {national.took_part} is more than the {national.registered} registered"
    for region in spec.regions:
        if not 1 <= region.district_count <= region.stations:
            yield f"regions.{region.key}.districts: needs from 1 to {region.stations} (its stations)"

    if spec.kinds[0].share is not None or spec.kinds[0].stations is not None:
        yield f"kinds.{spec.kinds[0].key}: the first kind is what remains; give it no share and no stations"
    for kind in spec.kinds[1:]:
        if (kind.share is None) == (kind.stations is None):
            yield f"kinds.{kind.key}: give either share or stations"
    if sum(kind.count(stations) for kind in spec.kinds[1:]) > stations:
        yield f"kinds: more stations than the {stations} there are"
    for kind in spec.kinds:
        yield from _unknown(f"kinds.{kind.key}.regions", kind.regions, regions)
        yield from _unknown(f"kinds.{kind.key}.shares", kind.shares, choices)
        if kind.size[0] > kind.size[1]:
            yield f"kinds.{kind.key}.size: {kind.size[0]} is above {kind.size[1]}"

    if fsum((spec.slips.swap, spec.slips.misread, spec.slips.empty, spec.slips.unreadable)) > 1:
        yield "slips: the chances add up to more than 1"
    for one in spec.organisations:
        yield from _unknown(f"organisations.{one.key}.regions", one.regions, regions)
        yield from _unknown(f"organisations.{one.key}.not_kinds", one.not_kinds, kinds)
        if not isclose(fsum(one.grades.values()), 1, abs_tol=1e-9):
            yield f"organisations.{one.key}.grades: the shares add up to {fsum(one.grades.values()):g}, not 1"
    for number, alteration in enumerate(spec.alterations):
        where = f"alterations[{number}]"
        yield from _unknown(f"{where}.gains", [alteration.gains], choices)
        yield from _unknown(f"{where}.from", alteration.losers, choices - {alteration.gains})
        yield from _unknown(f"{where}.regions", alteration.regions, regions)
        if alteration.size[0] > alteration.size[1]:
            yield f"{where}.size: {alteration.size[0]} is above {alteration.size[1]}"
        if alteration.losers and alteration.how != "moved":
            yield f"{where}.from: only votes that are moved come from somebody"
        if alteration.how == "moved" and len(choices) < 2:
            yield f"{where}.how: votes cannot be moved where there is one choice only"


def _repeated(where: str, keys: Iterable[str]) -> Iterable[str]:
    if repeated := [key for key, times in Counter(keys).items() if times > 1]:
        yield f"{where}: {', '.join(repeated)} stands there more than once"


def _unknown(where: str, keys: Iterable[str], known: set[str]) -> Iterable[str]:
    if unknown := [key for key in keys if key not in known]:
        yield f"{where}: {', '.join(unknown)} cannot stand here; known are {', '.join(sorted(known))}"


def parse_spec(data: Mapping[str, Any], where: str = "specification") -> Spec:
    """Check a specification that has already been read.

    Args:
        data: the tables of the TOML file.
        where: file name for messages.

    Returns:
        The frozen specification.

    Raises:
        InputError: an unknown key, a wrong value or a contradiction, with its dotted key.
    """
    try:
        return Spec.model_validate(data)
    except ValidationError as error:
        first, more = error.errors()[0], error.error_count() - 1
        key = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        tail = f" (and {more} more)" if more else ""
        raise InputError(f"{where}: {f'{key}: ' if key else ''}{reason}{tail}") from None


def load_spec(path: str | Path) -> Spec:
    """Read the specification of a synthetic election from a TOML file.

    Args:
        path: the file.

    Returns:
        The frozen specification.

    Raises:
        InputError: no such file, not TOML, or a wrong value, with its dotted key.
    """
    path = Path(path)
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{path}: is not TOML in UTF-8: {error}") from None
    return parse_spec(data, str(path))
