"""Protocols side by side: the page of a station and of a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from haq.bulletin.model.base import AreaRef, EvidenceFile, Figure, Problem, Reply, Withdrawn
from haq.entries import Names

#: How the copies of a unit stand to what was declared, see ``StationContest``.
State = Literal["same", "differs", "no-copy", "not-declared", "declared-twice"]


@dataclass(frozen=True)
class Sheet:
    """One protocol as somebody has it: a version of the official result, or a copy.

    Attributes:
        kind: official or copy.
        source: key of the file that it came from, one of ``ElectionEntry.sources``.
        row: row of that file.
        organisation: whose copy; empty for an official result.
        version: 1, 2, … of the official result; 0 for a copy.
        grade: provenance grade A to D; empty where not given.
        state: of a copy's readings; ``agreed`` for an official result, ``file`` for a copy that came
            as figures in a file.
        figures: line or choice key -> figure; a key that the sheet does not have is absent.
        files: photographs and scans.
        entry: digest of the entry.
        counts: whether it is what its source holds; a sheet that is not is shown and named, and
            stands in no sum.
    """

    kind: Literal["official", "copy"]
    source: str
    row: int
    organisation: str
    version: int
    grade: str
    state: Literal["unread", "first", "different", "agreed", "file"]
    figures: Mapping[str, Figure]
    files: tuple[EvidenceFile, ...]
    entry: str
    counts: bool = True


@dataclass(frozen=True)
class Check:
    """A control relation on one sheet.

    Attributes:
        sheet: index into ``StationContest.sheets``.
        relation: key of the relation in the form.
        left, right: both sides; None where a figure is missing.
        broken: None where it cannot be computed.
    """

    sheet: int
    relation: str
    left: int | None
    right: int | None
    broken: bool | None


@dataclass(frozen=True)
class Found:
    """A finding.

    Attributes:
        id: name of its page ``finding/<id>.html``; empty for a warning, which has no page of its own
            and is shown on the page of its station.
        kind: ``official-differs`` …, see ``haq.entries.FindingEntry``.
        check: relation or check code, for ``arithmetic``.
        lines: line -> the figure of each source, None where a source has none.
        largest: choice or line with the largest difference, and the last figure minus the first.
        replies: what the commission answered about this unit.
        care: why it does not stand by itself and is never ranked among those that do, see
            ``haq.bulletin.assemble.caution``; empty for a firm finding.
    """

    id: str
    entry: str
    kind: str
    check: str
    severity: Literal["error", "warning"]
    contest: str
    level: str
    unit: str
    sources: tuple[str, ...]
    rows: tuple[int | None, ...]
    lines: Mapping[str, tuple[int | None, ...]]
    grade: str
    waits: bool
    largest: tuple[str, int] | None
    replies: tuple[Reply, ...] = ()
    care: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A line of the protocol on every sheet.

    Attributes:
        key: line or choice.
        choice: whether it is a choice.
        figures: one a sheet; None where the sheet does not have the line at all.
        differences: one a sheet: the declared figure minus this sheet's; None for the declared sheet
            itself and where either has no number.
    """

    key: str
    choice: bool
    figures: tuple[Figure | None, ...]
    differences: tuple[int | None, ...]


@dataclass(frozen=True)
class StationContest:
    """One contest at one station (or, for an area, its own summary sheets).

    Attributes:
        key: key of the contest.
        sheets: copies first, then official versions, the latest last.
        declared: index of the sheet that the others are compared with; None where nothing was declared.
            Where several count as declared, the last of them: a line on which these differ is compared with
            nothing.
        rows: in the order of the form, choices last and in ballot order, unknown keys after them.
        checks: of every sheet.
        findings: at this unit in this contest.
        replies: of the commission.
        largest: choice with the largest difference between a copy and the declared figure, and that
            difference; None where no choice differs.
        state: ``same``, ``differs`` (on any line), ``no-copy``, ``not-declared``, ``declared-twice`` (one
            version of the official result gives two different figures).
        left_out_of: the latest version of the official result, where it leaves this unit out and an earlier
            one speaks; 0 otherwise.
        against: line -> what counts as declared; a line on which that is not one number is absent.
        withdrawn: official results and copies that were retracted.
    """

    key: str
    sheets: tuple[Sheet, ...]
    declared: int | None
    rows: tuple[Row, ...]
    checks: tuple[Check, ...]
    findings: tuple[Found, ...]
    replies: tuple[Reply, ...]
    largest: tuple[str, int] | None
    state: State
    left_out_of: int = 0
    against: Mapping[str, int] = field(default_factory=dict)
    withdrawn: tuple[Withdrawn, ...] = ()


@dataclass(frozen=True)
class StationView:
    """Everything that the page of a station shows.

    Attributes:
        unit: key of the station.
        slug: its page is ``station/<slug>.html``.
        short: the key without the keys of the areas above.
        names, addresses: in the languages in which they are known.
        name, address: as written in the file, in whatever language; empty where there is none.
        registered: registered voters by the list of stations, if given.
        areas: from the largest to the smallest, without the whole election.
        listed: whether there is a station entry, and no list of stations on which this one is not.
        contests: one for each contest of the election in which this station has any entry.
        problems: with entries of this station.
        entries: (kind, digest) of every entry that the page shows, in a fixed order.
        withdrawn: entries of this station that were retracted.
    """

    unit: str
    slug: str
    short: str
    names: Names
    addresses: Names
    name: str
    address: str
    registered: int | None
    areas: tuple[AreaRef, ...]
    listed: bool
    contests: tuple[StationContest, ...]
    problems: tuple[Problem, ...]
    entries: tuple[tuple[str, str], ...]
    withdrawn: tuple[Withdrawn, ...] = ()


@dataclass(frozen=True)
class StationRow:
    """A station in the list of an area.

    Attributes:
        care: its largest difference does not stand by itself.
        versions: (version that speaks, latest version), where the latest leaves the station out.
        lost: what the state would not lack, had it not been withdrawn: ``official``, ``copy`` or nothing.
        withdrawn: how many official results and copies were withdrawn, in all contests.
    """

    unit: str
    slug: str
    short: str
    names: Names
    addresses: Names
    name: str
    address: str
    state: State
    contest: str
    largest: tuple[str, int] | None
    copies: int
    grade: str
    findings: int
    care: bool = False
    versions: tuple[int, int] | None = None
    lost: Literal["", "official", "copy"] = ""
    withdrawn: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class AreaRow:
    """An area in the list of the area above it, for one contest.

    Attributes:
        largest: largest difference at one station in it; one that stands by itself, if there is any.
        care: whether even that one does not.
        taken_off: see ``AreaContest``.
    """

    ref: AreaRef
    contest: str
    stations: int
    official: int
    copied: int
    compared: int
    differ_choices: int
    largest: tuple[str, int] | None
    findings: int
    care: bool = False
    taken_off: int = 0


@dataclass(frozen=True)
class FindingRow:
    """A finding in a list; ``others``: further rules that the same sheet breaks."""

    found: Found
    place: StationRow | AreaRef
    areas: tuple[AreaRef, ...]
    others: tuple[Found, ...] = ()


@dataclass(frozen=True)
class FindingView:
    """Everything that the page of a finding shows.

    Attributes:
        found: the finding.
        place: the station, or the area for a summary sheet.
        areas: above it, from the largest to the smallest.
        contest: the sheets and rows at that unit.
    """

    found: Found
    place: StationRow | AreaRef
    areas: tuple[AreaRef, ...]
    contest: StationContest | None


@dataclass(frozen=True)
class GoneFinding:
    """What is left of the page of a finding that was withdrawn; its figures are not among it.

    Attributes:
        entry: that was withdrawn, and by which.
        place: the station, or the area for a summary sheet.
        areas: above it, from the largest to the smallest.
    """

    entry: Withdrawn
    place: StationRow | AreaRef
    areas: tuple[AreaRef, ...]


@dataclass(frozen=True)
class FindingsView:
    """A page of the list of findings of one kind, largest first.

    Attributes:
        kind: kind of finding; a broken sum is ``arithmetic:copies`` or ``arithmetic:declared`` by the
            sheet that it is on, and ``arithmetic:warning`` where it is only a warning.
        count: how many findings.
        spread: on how many protocols or sheets, of how many.
        page, pages: further pages are ``findings/<kind>-<page>.html``.
    """

    kind: str
    contest: str
    count: int
    rows: tuple[FindingRow, ...]
    page: int
    pages: int
    spread: tuple[int, int] | None = None
