"""Kinds of entries: one schema for each thing that can be published.

An entry is a small canonical JSON object. It names files by hash and never holds them;
nothing personal stands in it, because an append-only log cannot forget. ``election`` is
the key that all entries of one election share.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from haq.errors import InputError

#: RFC 8785 keeps integers exact up to 2^53 - 1.
LARGEST = 2**53 - 1
#: SHA-256 in lower-case hexadecimal.
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Key = Annotated[str, Field(min_length=1)]
#: A figure or a sum of figures; a text or a fraction is never turned into one.
Count = Annotated[int, Field(strict=True, ge=-LARGEST, le=LARGEST)]
#: How many there are of something.
Size = Annotated[int, Field(strict=True, ge=0, le=LARGEST)]
#: The number of a row or a version, from 1.
Ordinal = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
#: A number, or what stands where there is none.
Figure = Count | Literal["empty", "unreadable"]
#: A day; a field called ``date`` hides the type's own name.
Day = date


class Strict(BaseModel):
    """A part of an entry: frozen, with no key that the schema does not name."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def _each_once(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Refuse a key that stands twice: nobody could tell whose figures are whose."""
    keys = [part.key for part in parts]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"the key {twice[0]!r} stands twice; give each its own")
    return parts


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
    """A contest and the choices on its ballot paper, in ballot order.

    ``covers`` is ``part`` where the files hold only a part of the country; ``whole`` is not written.
    """

    key: Key
    law: Key
    seats: Ordinal | None = None
    choices: Annotated[tuple[ChoiceName, ...], AfterValidator(_each_once)]
    covers: Literal["whole", "part"] = "whole"

    @model_serializer(mode="wrap")
    def _leave_out_whole(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # Otherwise every election published before the field was there would read as changed.
        tree: dict[str, Any] = write(self)
        if self.covers == "whole":
            tree.pop("covers", None)
        return tree


class OrganisationTies(Strict):
    """An observing organisation with the ties that it declares."""

    key: Key
    name: Names
    ties: tuple[str, ...] = ()


class SourceFile(Strict):
    """A file that figures came from.

    ``sha256`` is the hash of the file itself, which may hold more than can be published; ``extract`` that
    of a CSV file with its mapped columns, every row and column in its place, which ``columns`` reads to
    the same figures.
    """

    key: Key
    kind: Literal["stations", "areas", "official", "copies", "replies"]
    level: Key
    contest: Key | None = None
    organisation: Key | None = None
    version: Ordinal = 1
    file: str
    sha256: Sha256
    extract: Sha256 | None = None
    columns: dict[Key, str | int] = {}
    layout: dict[Key, str | int | bool] = {}


class Entry(Strict):
    """What every entry has."""

    format: Literal[1] = 1
    election: Key

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_in_one_line(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            raise InputError(f"not a valid {cls.__name__}: {explain(error)}") from error


def explain(error: ValidationError) -> str:
    """Say in one line what is wrong first, and where."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the whole"
    said = first["msg"].removeprefix("Value error, ")
    return " ".join(f"{where}: {said}".split())


class ElectionEntry(Entry):
    """One polling day under one law profile, and the files it was checked from.

    ``synthetic`` is true where the figures were made up, and absent where they were not.
    """

    kind: Literal["election"] = "election"
    title: Names
    date: date
    law: Key
    law_sha256: Sha256
    contests: tuple[ContestRules, ...]
    organisations: tuple[OrganisationTies, ...] = ()
    sources: tuple[SourceFile, ...]
    synthetic: bool | None = None

    @field_validator("contests", "organisations", "sources")
    @classmethod
    def _tell_apart(cls, parts: tuple[Any, ...], info: ValidationInfo) -> tuple[Any, ...]:
        if info.field_name == "contests" and not parts:
            raise ValueError("there is none; an election has one at least")
        return _each_once(parts)


class StationEntry(Entry):
    """A polling station: where it is, not who works there. ``areas``: level -> key of the area.

    ``name`` and ``address`` are as written, in whatever language; ``names`` and ``addresses`` are those
    whose language is known. ``unlisted`` are the contests that have a list of stations on which this one is
    not: it is known from protocols only, and none of the stations that N counts.
    """

    kind: Literal["station"] = "station"
    station: Key
    areas: dict[Key, str] = {}
    name: str | None = None
    address: str | None = None
    registered: Count | None = None
    names: Names | None = None
    addresses: Names | None = None
    unlisted: tuple[Key, ...] | None = None


class AreaEntry(Entry):
    """An area above the stations. ``areas``: level above -> key of the area.

    ``shape`` is the hash of a GeoJSON FeatureCollection whose features carry the keys of areas as ``id``.
    """

    kind: Literal["area"] = "area"
    level: Key
    area: Key
    areas: dict[Key, str] = {}
    names: Names = Names()
    shape: Sha256 | None = None


class OfficialEntry(Entry):
    """One version of what a commission declared for a station or an area."""

    kind: Literal["official"] = "official"
    contest: Key
    level: Key
    unit: Key
    version: Ordinal
    source: Key
    row: Ordinal
    lines: dict[Key, Figure]


class CopyEntry(Entry):
    """One exemplar of a protocol, as somebody received it."""

    kind: Literal["copy"] = "copy"
    contest: Key
    level: Key
    unit: Key
    organisation: Key
    source: Key
    row: Ordinal
    grade: Literal["A", "B", "C", "D"] | None = None
    files: tuple[Sha256, ...] = ()


class ReadingEntry(Entry):
    """The figures of one copy as they were read. ``copy_entry`` is the digest of the copy's entry."""

    kind: Literal["reading"] = "reading"
    copy_entry: Sha256
    reader: Literal["person", "machine", "file"]
    lines: dict[Key, Figure]


class ReplyEntry(Entry):
    """What a commission answered about a station or an area: of the commission, not of a person."""

    kind: Literal["reply"] = "reply"
    contest: Key
    level: Key
    unit: Key
    text: Annotated[str, Field(min_length=1)]
    language: Literal["kk", "ru", "en"] | None = None
    date: Day | None = None
    files: tuple[Sha256, ...] = ()


class FindingEntry(Entry):
    """A named breach with the rows and figures that show it, in the order of ``sources``.

    A null stands for a figure or a row that a source does not have.
    """

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
    rows: tuple[Ordinal | None, ...] = ()
    lines: dict[Key, tuple[Count | None, ...]] = {}
    grade: str = ""
    waits: bool = False


class TotalEntry(Entry):
    """A source's sums with their denominators, and the seats where the law profile gives them.

    ``stations`` of the ``of`` known units hold every choice; ``missing`` counts, for each key, the
    units left out of its sum; ``unconfirmed`` are the rules that the seats rest on.
    """

    kind: Literal["total"] = "total"
    contest: Key
    level: Key
    source: Key
    stations: Size
    of: Size
    sums: dict[Key, Count]
    missing: dict[Key, Size] = {}
    seats: dict[Key, Size] | None = None
    unconfirmed: tuple[str, ...] = ()


#: Why something was done, in words of whoever did it; no name of a person stands in it.
Reason = Annotated[str, Field(min_length=1, max_length=1000)]


class RetractionEntry(Entry):
    """An entry is withdrawn. It stays in the log and is shown as withdrawn; no figure rests on it any more.

    ``retracts`` is the digest of that entry, of whatever kind; a retraction that is itself withdrawn has no
    effect. ``replaced_by`` is the digest of the entry that stands in its place, if one does.
    """

    kind: Literal["retraction"] = "retraction"
    retracts: Sha256
    reason: Reason
    language: Literal["kk", "ru", "en"] | None = None
    replaced_by: Sha256 | None = None


class RedactionEntry(Entry):
    """A file is erased for what it says of people: its hash stays, and whoever holds the file removes it."""

    kind: Literal["redaction"] = "redaction"
    file: Sha256
    reason: Reason
    language: Literal["kk", "ru", "en"] | None = None


class CommitmentEntry(Entry):
    """Data are promised: ``commitment`` is their salted hash, see ``haq.tlog.commitments``.

    ``about`` says what they are; ``opens`` is the day from which they may be shown.
    """

    kind: Literal["commitment"] = "commitment"
    commitment: Sha256
    about: Reason
    organisation: Key | None = None
    opens: Day | None = None


class RevealEntry(Entry):
    """Promised data are shown: ``file`` is the hash of the data, ``salt`` what the promise was salted with.

    ``commitment_entry`` is the digest of the entry that promised them.
    """

    kind: Literal["reveal"] = "reveal"
    commitment_entry: Sha256
    salt: Sha256
    file: Sha256


#: Every kind of entry, told apart by ``kind``.
AnyEntry = Annotated[
    ElectionEntry
    | StationEntry
    | AreaEntry
    | OfficialEntry
    | CopyEntry
    | ReadingEntry
    | ReplyEntry
    | FindingEntry
    | TotalEntry
    | RetractionEntry
    | RedactionEntry
    | CommitmentEntry
    | RevealEntry,
    Field(discriminator="kind"),
]
