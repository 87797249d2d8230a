"""An area, up to the whole election, in figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from haq.bulletin.model.base import AreaRef, Problem, Redacted, Withdrawn
from haq.bulletin.model.sheets import AreaRow, FindingRow, StationContest, StationRow


@dataclass(frozen=True)
class ChoiceSums:
    """Votes of one choice in an area.

    Attributes:
        copies: by the copies, on the stations where copies agree and a figure was declared.
        declared: declared on those same stations.
        stations: how many stations those are.
        official: declared on all stations that declared a figure.
        official_stations: how many those are.
        complete: whether every station that N counts is one of them.
    """

    key: str
    copies: int
    declared: int
    stations: int
    official: int
    official_stations: int
    complete: bool = False


@dataclass(frozen=True)
class SeatsView:
    """Seats of a contest on four bases; None where seats cannot be computed.

    Attributes:
        copies, declared: on the stations that have copies: by the copies, and as declared.
        official: on the sum of all declared station protocols, from the published total.
        sheet: on the sheet of the commission of the whole election.
        seats: how many there are.
        unconfirmed: what the published seats rest on.
        resting: whether that total rests on withdrawn figures.
        note: code of the reason why there are none: ``part``, ``no-rule``, ``no-number``, ``missing``.
    """

    copies: Mapping[str, int] | None
    declared: Mapping[str, int] | None
    official: Mapping[str, int] | None
    seats: int | None
    unconfirmed: tuple[str, ...]
    note: str
    sheet: Mapping[str, int] | None = None
    resting: bool = False


@dataclass(frozen=True)
class Weight:
    """A choice whose difference in an area comes mostly from one station.

    Attributes:
        choice: its key.
        total: declared minus copies, over the stations of the area [votes].
        station: the station that weighs most.
        alone: its difference [votes].
        differ: how many stations differ on the choice.
    """

    choice: str
    total: int
    station: StationRow
    alone: int
    differ: int


@dataclass(frozen=True)
class AreaContest:
    """One contest in an area, or in the whole election.

    Attributes:
        stations: N: stations of the list, or where there is none, those with an official result or a copy.
        official: those of them with an official result.
        copied: those of them with a copy.
        taken_off: stations that are not in N because their entry in the list was withdrawn.
        resting: published totals that rest on withdrawn figures; for the whole election only.
        unlisted_official, unlisted_copied: stations beside the list with an official result, with a copy.
        earlier: stations for which an earlier version of the official result speaks, because the latest
            leaves them out.
        twice: stations of which one version of the official result gives two different figures.
        compared: stations with an official result and a copy, listed or not.
        whole: those of them in which copies agree on every choice and every choice was declared.
        differ_choices, differ_lines: compared stations in which a copy differs on a choice, on any line.
        choices: in ballot order.
        lines: line -> the same sums as for a choice.
        summary: the area's own sheets, compared with ``sums``; None where there is none.
        sums: line or choice -> sum of the level below, for the summary.
        below: level whose sums those are.
        findings: kind (``arithmetic:warning`` for warnings) -> how many, in the area and below.
        seats: for the whole election only.
        spread: kind -> on how many protocols or sheets, of how many.
        careful: kind -> how many of its findings name a difference that is to be read with care.
        weights: choices whose difference comes mostly from one station.
    """

    key: str
    stations: int
    official: int
    copied: int
    compared: int
    whole: int
    differ_choices: int
    differ_lines: int
    choices: tuple[ChoiceSums, ...]
    lines: Mapping[str, ChoiceSums]
    summary: StationContest | None
    sums: Mapping[str, int]
    below: str
    findings: Mapping[str, int]
    seats: SeatsView | None
    unlisted_official: int = 0
    unlisted_copied: int = 0
    earlier: int = 0
    twice: int = 0
    spread: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    careful: Mapping[str, int] = field(default_factory=dict)
    weights: tuple[Weight, ...] = ()
    taken_off: int = 0
    resting: int = 0


@dataclass(frozen=True)
class Withdrawals:
    """How much was withdrawn in an area.

    Attributes:
        entries: of stations.
        stations: how many stations those are.
        above: entries of areas, or of none.
    """

    entries: int = 0
    stations: int = 0
    above: int = 0


@dataclass(frozen=True)
class WithdrawnView:
    """Everything that was withdrawn or removed from a site, by name.

    Attributes:
        count: how many entries.
        stations: stations with what was withdrawn of each, in the order of keys.
        areas: areas likewise.
        others: entries of no station and no area.
        redacted: files that were removed.
    """

    count: Withdrawals
    stations: tuple[tuple[StationRow, tuple[Withdrawn, ...]], ...] = ()
    areas: tuple[tuple[AreaRef, tuple[Withdrawn, ...]], ...] = ()
    others: tuple[Withdrawn, ...] = ()
    redacted: tuple[Redacted, ...] = ()


@dataclass(frozen=True)
class AreaView:
    """Everything that the page of an area shows; the whole election is the area without a key.

    Attributes:
        parents: from the largest to the smallest, without the whole election.
        contests: one for each contest.
        children: the areas directly below, those with the largest differences first.
        stations: the stations of this page of the list, largest differences first.
        page, pages: which page of the list of stations this is, from 1; further pages are
            ``area/<slug>-<page>.html``.
        all_stations: how many stations the list has.
        largest: findings with the largest differences in the area, at most ten; those of votes come first.
        shapes: (child ref, GeoJSON geometry) where outlines are known.
        problems: with entries of this area.
        entries: (kind, digest) of the entries of the area itself.
        replies: how many replies of commissions there are in the whole election.
        withdrawn: entries of the area itself that were retracted.
        gone: how many entries were retracted in the area and below.
    """

    ref: AreaRef
    parents: tuple[AreaRef, ...]
    contests: tuple[AreaContest, ...]
    children: tuple[AreaRow, ...]
    stations: tuple[StationRow, ...]
    page: int
    pages: int
    all_stations: int
    largest: tuple[FindingRow, ...]
    shapes: tuple[tuple[AreaRef, Mapping[str, object]], ...]
    problems: tuple[Problem, ...]
    entries: tuple[tuple[str, str], ...]
    replies: int = 0
    withdrawn: tuple[Withdrawn, ...] = ()
    gone: Withdrawals = field(default_factory=Withdrawals)
