"""What a check found, as values: the command line, the application and entries read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from haq.check.election import Election
from haq.check.sources import Source
from haq.protocols import Changes, Check, Comparison, RollUp, SameUnits, Totals
from haq.seats import Allocation


@dataclass(frozen=True)
class SourceChecks:
    """The checks of one source.

    Attributes:
        source: id of the source.
        checks: the checks that apply to it.
        flags: (protocols × checks) Boolean in the source's row order; null is unknown.
        flagged: code -> protocols flagged.
        unknown: code -> protocols on which a needed figure is missing.
    """

    source: str
    checks: tuple[Check, ...]
    flags: pl.DataFrame
    flagged: Mapping[str, int]
    unknown: Mapping[str, int]


@dataclass(frozen=True)
class Pair:
    """Copies of one source against another source of the same level.

    Attributes:
        copies: id of the source with the copies.
        declared: id of the source that they are compared with.
        comparison: line by line.
        same: both sums on the same units.
    """

    copies: str
    declared: str
    comparison: Comparison
    same: SameUnits

    @property
    def differences(self) -> dict[str, int]:
        """Key -> declared minus copied, each unit counted once and only where its copies agree."""
        return {k: self.same.declared[k] - self.same.copies[k] for k in self.comparison.lines}


@dataclass(frozen=True)
class Version:
    """An earlier version of the official result against the latest one.

    Attributes:
        pair: the earlier figures in the place of copies, the latest as declared.
        changes: units that changed, disappeared or appeared.
    """

    pair: Pair
    changes: Changes


@dataclass(frozen=True)
class Roll:
    """A roll-up, and ids of the source below and of the summary."""

    roll: RollUp
    child: str
    parent: str


@dataclass(frozen=True)
class ContestReport:
    """What the check of one contest found.

    Attributes:
        key: key of the contest.
        stations: stations of the lists, or known from any source where there is no list.
        declared: id of the source that stands for the official result at stations; empty
            where there is none.
        stands_in: no official result was given, so the second source of copies stands in.
        official: stations with an official result, in whichever version; 0 where there is none.
        left_out: those of them that the latest version leaves out, so that an earlier one speaks for them.
        unlisted: source -> its stations that no list of stations has; they are none of ``stations``.
        not_declared: known stations for which nothing was declared.
        copies: source -> its copies against what was declared at the same level.
        together: all copies at stations, where they agree with each other, against what was
            declared; absent where there is nothing to compare.
        together_seats: seats on the copies and on the declared figures of those same
            stations, where the contest has seats.
        versions: earlier official source -> itself against the latest version.
        between: copies of one source against those of another.
        contradictions: source -> its copies that contradict another copy of the same unit.
        checks: source -> its checks.
        rolls: sums of each level against the summary sheets above.
        totals: source of each level -> its totals.
        seats: the allocation, where the contest has one.
        seats_note: why there is no allocation, or what it rests on.
        notes: what could not be looked at, and why.
    """

    key: str
    stations: int
    declared: str
    stands_in: bool
    official: int
    left_out: int
    unlisted: Mapping[str, int]
    not_declared: tuple[str, ...]
    copies: Mapping[str, Pair]
    together: Pair | None
    together_seats: tuple[Mapping[str, int], Mapping[str, int]] | None
    versions: Mapping[str, Version]
    between: tuple[Pair, ...]
    contradictions: Mapping[str, pl.DataFrame]
    checks: Mapping[str, SourceChecks]
    rolls: tuple[Roll, ...]
    totals: Mapping[str, Totals]
    seats: Allocation | None
    seats_note: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What the check of an election found.

    Attributes:
        election: the election that was checked.
        sources: id -> the source as it was read.
        contests: key -> the contest's report.
        notes: what the reader must know before believing the figures.
    """

    election: Election
    sources: Mapping[str, Source]
    contests: Mapping[str, ContestReport]
    notes: tuple[str, ...] = field(default=())
